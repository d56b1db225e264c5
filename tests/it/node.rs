//! Anything by its id.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::records::{article, author, media, page, portal, source, topic};

async fn app() -> TestApp {
    TestApp::with(&portal([
        source("s"),
        author("u"),
        media("m"),
        topic("t"),
        page("p"),
        article("a")
            .tags(&["氢能"])
            .set("source", "s")
            .set("authors", json!(["u"]))
            .set("cover", "m")
            .set("topics", json!(["t"])),
        article("draft").set("status", "draft"),
    ]))
    .await
}

/// The id of a thing of every kind, with the kind's name.
async fn ids(app: &TestApp) -> Vec<(&'static str, String)> {
    let data = app
        .query("{ site { id pages { id } } article(by: {slug: \"a\"}) { id channel { id } tags { id } source { id } authors { id } cover { id } topics { id } } }")
        .await;
    let a = &data["article"];
    let text = |v: &Value| v.as_str().expect("an id").to_owned();
    vec![
        ("Article", text(&a["id"])),
        ("Channel", text(&a["channel"]["id"])),
        ("Tag", text(&a["tags"][0]["id"])),
        ("Source", text(&a["source"]["id"])),
        ("Author", text(&a["authors"][0]["id"])),
        ("Media", text(&a["cover"]["id"])),
        ("Topic", text(&a["topics"][0]["id"])),
        ("Page", text(&data["site"]["pages"][0]["id"])),
        ("Site", text(&data["site"]["id"])),
    ]
}

#[tokio::test]
async fn a_thing_of_every_kind_is_found() {
    let app = app().await;
    let ids = ids(&app).await;
    for (kind, id) in &ids {
        let data = app.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(data["node"], json!({ "__typename": kind, "id": id }));
    }
    let all: Vec<&String> = ids.iter().map(|(_, id)| id).collect();
    let (statements, data) =
        app.statements("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": all })).await;
    let expected: Vec<Value> = ids.iter().map(|(kind, id)| json!({ "__typename": kind, "id": id })).collect();
    assert_eq!(data["nodes"], json!(expected));
    assert!(statements <= 2, "article and picture; {statements}");
    let mut seen: Vec<&String> = all.clone();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all.len(), "ids tell kinds apart");
}

#[tokio::test]
async fn what_does_not_exist_is_null() {
    let app = app().await;
    let ids = ids(&app).await;
    let article = &ids[0].1;
    let unknown = [
        "QQ__",
        "QSc",
        "Qyc",
        "VCc",
        "Uyc",
        "VSc",
        "TSc",
        "Tyc",
        "UCc",
        "Wic",
        "",
        "nonsense",
        "氢能",
        "QQE=",
        "QQAB",
        &article.to_lowercase(),
        " ",
        "1",
        "-1",
    ];
    for id in unknown {
        let data = app.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(data["node"], Value::Null, "{id:?}");
    }
    let asked = json!([article, "nonsense", ids[1].1, "QSc", article]);
    let data = app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": asked })).await;
    assert_eq!(
        data["nodes"],
        json!([{ "id": article }, null, { "id": ids[1].1 }, null, { "id": article }]),
        "in the order asked"
    );
    let none = app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [] })).await;
    assert_eq!(none["nodes"], json!([]));
}

#[tokio::test]
async fn at_most_a_hundred_are_asked_for_at_once() {
    let app = app().await;
    for (count, is_fine) in [(100, true), (101, false)] {
        let asked: Vec<&str> = vec!["QQE"; count];
        let answer = app.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": asked })).await;
        assert_eq!(answer.get("errors").is_none(), is_fine, "{count}");
        if !is_fine {
            assert_eq!(answer["errors"][0]["extensions"]["field"], "ids");
        }
    }
}

#[tokio::test]
async fn an_id_may_come_as_a_number_and_finds_nothing() {
    let app = app().await;
    assert_eq!(app.query("{ node(id: 1) { id } }").await, json!({ "node": null }));
}

#[tokio::test]
async fn ids_survive_a_change_of_everything_else() {
    let mut app = app().await;
    let before = ids(&app).await;
    let changed = article("a")
        .set("title", "首批加氢站向社会开放")
        .set("slug", "renamed")
        .tags(&["氢能"])
        .set("source", "s")
        .set("authors", json!(["u"]));
    app.import(&[changed.set("cover", "m").set("topics", json!(["t"]))]).await;
    let data = app.query("{ article(by: {slug: \"renamed\"}) { id title } }").await;
    assert_eq!(data["article"], json!({ "id": before[0].1, "title": "首批加氢站向社会开放" }));
}
