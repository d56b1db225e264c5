//! The channel tree; a park is a kind of channel.

use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{TestApp, texts};
use crate::records::{Record, article, channel, ndjson, portal};

fn tree() -> Vec<Record> {
    portal([
        channel("parks").set("name", "园区").set("position", 1),
        channel("qingyu")
            .set("name", "青屿园区")
            .set("type", "park")
            .parent("parks")
            .set("position", 2)
            .set("description", "海上风电与氢能。"),
        channel("linjia").set("name", "临岬开发区").set("type", "park").parent("parks").set("position", 1),
        channel("labs").set("name", "实验室").parent("qingyu"),
        article("in-labs").channel("labs"),
        article("in-qingyu").channel("qingyu"),
        article("in-both").channel("linjia").set("channels", json!(["labs", "qingyu", "labs"])),
    ])
}

#[tokio::test]
async fn the_tree_is_told_from_any_side() {
    let app = TestApp::with(&tree()).await;
    let data = app
        .query(
            "{ channels { slug children { slug kind children { slug } } } parks: channels(kind: PARK) { slug }
               channel(by: {slug: \"labs\"}) { name kind description url parent { slug parent { slug parent { slug } } } path { slug } children { slug } }
               qingyu: channel(by: {slug: \"qingyu\"}) { kind description } none: channel(by: {slug: \"nothing\"}) { slug } }",
        )
        .await;
    assert_eq!(
        data["channels"],
        json!([{ "slug": "news", "children": [] }, { "slug": "parks", "children": [
            { "slug": "linjia", "kind": "PARK", "children": [] }, { "slug": "qingyu", "kind": "PARK", "children": [{ "slug": "labs" }] }] }])
    );
    assert_eq!(texts(&data["parks"], "slug"), ["linjia", "qingyu"]);
    assert_eq!(
        data["channel"],
        json!({ "name": "实验室", "kind": "CHANNEL", "description": null, "url": "https://portal.example/c/labs",
            "parent": { "slug": "qingyu", "parent": { "slug": "parks", "parent": null } },
            "path": [{ "slug": "parks" }, { "slug": "qingyu" }, { "slug": "labs" }], "children": [] })
    );
    assert_eq!(data["qingyu"], json!({ "kind": "PARK", "description": "海上风电与氢能。" }));
    assert_eq!(data["none"], Value::Null);
}

#[tokio::test]
async fn channels_come_in_the_order_asked() {
    let app = TestApp::with(&tree()).await;
    let (labs, news, parks) =
        (app.id("channel", "labs").await, app.id("channel", "news").await, app.id("channel", "parks").await);
    let data = app.data("query($ids: [ID!]) { channels(ids: $ids) { slug } }", json!({ "ids": [labs, "Qyc", news, labs] })).await;
    assert_eq!(texts(&data["channels"], "slug"), ["labs", "news", "labs"], "unknown ones are left out");
    let data = app.data("query($id: ID) { channels(parent: $id) { slug } }", json!({ "id": parks })).await;
    assert_eq!(texts(&data["channels"], "slug"), ["linjia", "qingyu"]);
    for (arguments, field) in [
        (format!("ids: [\"{news}\"], parent: \"{parks}\""), "parent"),
        ("ids: [\"nonsense\"]".to_owned(), "ids"),
        ("parent: \"QQE\"".to_owned(), "parent"),
    ] {
        let answer = app.ask(&format!("{{ channels({arguments}) {{ slug }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{answer}");
    }
}

async fn lists(app: &TestApp, slug: &str) -> (Vec<String>, Vec<String>) {
    let query = format!(
        "{{ channel(by: {{slug: \"{slug}\"}}) {{ whole: articles {{ nodes {{ slug }} }} own: articles(includeSubchannels: false) {{ nodes {{ slug }} }} }} }}"
    );
    let data = app.query(&query).await;
    let sorted = |list: &Value| {
        let mut slugs = texts(&list["nodes"], "slug");
        slugs.sort();
        slugs
    };
    (sorted(&data["channel"]["whole"]), sorted(&data["channel"]["own"]))
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

#[tokio::test]
async fn lists_hold_the_subtree_each_article_once() {
    let app = TestApp::with(&tree()).await;
    assert_eq!(lists(&app, "parks").await, (names(&["in-both", "in-labs", "in-qingyu"]), names(&[])));
    assert_eq!(lists(&app, "qingyu").await, (names(&["in-both", "in-labs", "in-qingyu"]), names(&["in-both", "in-qingyu"])));
    assert_eq!(lists(&app, "labs").await, (names(&["in-both", "in-labs"]), names(&["in-both", "in-labs"])));
    assert_eq!(lists(&app, "linjia").await, (names(&["in-both"]), names(&["in-both"])));
}

#[tokio::test]
async fn a_channel_that_moves_takes_its_articles_along() {
    let mut app = TestApp::with(&tree()).await;
    app.import(&[channel("labs").set("name", "实验室").parent("news")]).await;
    assert_eq!(lists(&app, "news").await, (names(&["in-both", "in-labs"]), names(&[])));
    assert_eq!(lists(&app, "qingyu").await, (names(&["in-both", "in-qingyu"]), names(&["in-both", "in-qingyu"])));
    assert_eq!(lists(&app, "parks").await, (names(&["in-both", "in-qingyu"]), names(&[])));
    let data = app.query("{ article(by: {slug: \"in-labs\"}) { breadcrumbs { slug } } }").await;
    assert_eq!(texts(&data["article"]["breadcrumbs"], "slug"), ["news", "labs"]);
    app.import(&[channel("labs").set("name", "实验室")]).await;
    assert_eq!(lists(&app, "news").await, (names(&[]), names(&[])), "a root of its own");
}

#[tokio::test]
async fn a_running_program_follows_a_move() {
    let app = TestApp::with(&tree()).await;
    app.database.fill(&[channel("labs").set("name", "搬家的实验室").parent("news")]).await;
    let query = "{ article(by: {slug: \"in-labs\"}) { breadcrumbs { name } } }";
    let moved = json!([{ "name": "园区新闻" }, { "name": "搬家的实验室" }]);
    for _ in 0..100 {
        if app.query(query).await["article"]["breadcrumbs"] == moved {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(app.query(query).await["article"]["breadcrumbs"], moved);
    assert_eq!(lists(&app, "news").await, (names(&["in-both", "in-labs"]), names(&[])));
    assert_eq!(lists(&app, "parks").await, (names(&["in-both", "in-qingyu"]), names(&[])));
}

#[tokio::test]
async fn a_tree_that_bites_its_tail_is_refused() {
    let app = TestApp::with(&tree()).await;
    for record in [channel("parks").parent("labs"), channel("labs").parent("labs")] {
        let (summary, problems) = app.database.import(ndjson(&[record.set("name", "园区"), channel("fine")])).await;
        assert_eq!(summary.refused, 1, "{problems:?}");
        assert!(problems.len() == 1 && problems[0].field.as_deref() == Some("parent"), "{problems:?}");
    }
    assert_eq!(lists(&app, "parks").await.0.len(), 3);
}
