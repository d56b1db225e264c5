//! Related items: the editor's pins first, then shared tags, then the newest of the channel; never itself, no repeats.

use serde_json::{Value, json};

use tidings::auth::Actor;
use tidings::clock::Clock;
use tidings::editorial::Office;

use crate::app::{NOW, TestApp};
use crate::records::{Record, article, channel, ndjson, portal};

/// Articles of one day, one a minute.
fn at(name: &str, minute: usize) -> Record {
    article(name).published(&format!("2026-02-01T08:{minute:02}:00Z"))
}

/// The related items of an article as (slug, reason).
async fn related(app: &TestApp, slug: &str, first: usize) -> Vec<(String, String)> {
    app.related().await;
    let query = format!("{{ article(by: {{slug: \"{slug}\"}}) {{ related(first: {first}) {{ reason article {{ slug }} }} }} }}");
    let data = app.query(&query).await;
    let items = data["article"]["related"].as_array().expect("a list");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(&item["article"]["slug"]), text(&item["reason"]))).collect()
}

fn pairs(items: &[(&str, &str)]) -> Vec<(String, String)> {
    items.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[tokio::test]
async fn pins_then_shared_tags_then_the_channel() {
    let app = TestApp::with(&portal([
        channel("other"),
        at("one-tag", 1).tags(&["氢能"]).channel("other"),
        at("two-tags", 2).tags(&["氢能", "政策"]).channel("other"),
        at("one-tag-newer", 3).tags(&["政策"]).channel("other"),
        at("same-channel", 4),
        at("same-channel-newer", 5),
        at("unrelated", 6).channel("other"),
        at("pinned", 7).channel("other"),
        at("pinned-too", 8).tags(&["氢能"]).channel("other"),
        at("main", 9).tags(&["氢能", "政策"]).related(&["pinned-too", "pinned", "main"]),
    ]))
    .await;
    let expected = [
        ("pinned-too", "EDITOR"),
        ("pinned", "EDITOR"),
        ("two-tags", "SHARED_TAGS"),
        ("one-tag-newer", "SHARED_TAGS"),
        ("one-tag", "SHARED_TAGS"),
        ("same-channel-newer", "SAME_CHANNEL"),
        ("same-channel", "SAME_CHANNEL"),
    ];
    assert_eq!(related(&app, "main", 20).await, pairs(&expected));
    for first in 1..=7 {
        assert_eq!(related(&app, "main", first).await, pairs(&expected[..first]));
    }
}

#[tokio::test]
async fn articles_of_one_file_are_related_both_ways() {
    let records: Vec<Record> = (0..12).map(|i| at(&format!("a{i:02}"), i).tags(&["海上风电"])).collect();
    let app = TestApp::with(&portal(records)).await;
    for i in 0..12 {
        let slug = format!("a{i:02}");
        let items = related(&app, &slug, 20).await;
        assert_eq!(items.len(), 11, "{slug}: all others");
        assert!(items.iter().all(|(other, _)| *other != slug), "{slug}: never itself");
        let shared = items.iter().filter(|(_, reason)| reason == "SHARED_TAGS").count();
        assert!(shared >= 4, "{slug}: {items:?}");
    }
}

#[tokio::test]
async fn pins_may_name_what_comes_later() {
    let records = portal([at("first", 1).related(&["later", "never", "second"]), at("second", 2), at("later", 3)]);
    let app = TestApp::with(&[]).await;
    let (summary, problems) = app.database.import(ndjson(&records)).await;
    assert_eq!((summary.created, summary.refused), (5, 0));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].reason.contains("never") && problems[0].field.as_deref() == Some("related"), "{problems:?}");
    assert_eq!(problems[0].external_id.as_deref(), Some("first"));
    assert_eq!(related(&app, "first", 9).await, pairs(&[("later", "EDITOR"), ("second", "EDITOR")]));
    // The missing one comes, and the same file again.
    let again: Vec<Record> = records.into_iter().chain([at("never", 4)]).collect();
    let summary = app.database.fill(&again).await;
    assert_eq!(summary.created, 1);
    assert_eq!(related(&app, "first", 9).await, pairs(&[("later", "EDITOR"), ("never", "EDITOR"), ("second", "EDITOR")]));
    let last = app.database.fill(&again).await;
    assert_eq!((last.created, last.updated, last.unchanged), (0, 0, 6), "now everything is as the file says");
}

#[tokio::test]
async fn many_articles_at_once_cost_one_statement() {
    let app = TestApp::with(&crate::portal::whole(60)).await;
    app.related().await;
    let query = "{ articles(first: 50) { nodes { slug related(first: 8) { reason article { slug } } } } }";
    let (statements, data) = app.statements(query, json!({})).await;
    assert_eq!(statements, 2);
    for node in data["articles"]["nodes"].as_array().expect("a list") {
        let slug = node["slug"].as_str().unwrap_or_default();
        let alone = related(&app, slug, 8).await;
        let together: Vec<(String, String)> = node["related"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|i| {
                (
                    i["article"]["slug"].as_str().unwrap_or_default().to_owned(),
                    i["reason"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        assert_eq!(together, alone, "{slug}");
    }
}

#[tokio::test]
async fn the_size_must_be_sensible() {
    let app = TestApp::with(&portal([article("a")])).await;
    for first in [0, 101, -1] {
        let answer =
            app.ask(&format!("{{ article(by: {{slug: \"a\"}}) {{ related(first: {first}) {{ reason }} }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], "first", "{answer}");
        assert_eq!(answer["data"], json!({ "article": null }), "`related` is non-null");
    }
}

/// Articles of four stories, three of each, without tags; the last of each in the other script.
fn stories() -> Vec<Record> {
    let text = |name: &str, minute: usize, title: &str, body: &str| at(name, minute).set("title", title).set("bodyText", body);
    vec![
        channel("other"),
        text("bus-a", 1, "氢燃料公交首批上路", "氢燃料公交今天从总站出发，加氢站就建在停车场旁边。驾驶员说起步平稳。"),
        text("wind-a", 2, "深远海风机完成吊装", "单机容量创下纪录的风机在深远海完成吊装，叶片长度超过百米。"),
        text("rice-a", 3, "盐碱地水稻测产", "专家组在盐碱地为水稻测产，耐盐品种的亩产比去年多两成。"),
        text("chip-a", 4, "光刻胶生产线投产", "国产光刻胶生产线投产，芯片企业已经开始验证。"),
        text("bus-b", 5, "加氢站与公交一同规划", "规划把加氢站和氢燃料公交的线路放在一张图上，两年建成。"),
        text("wind-b", 6, "风机叶片运往码头", "百米长的风机叶片夜里运往码头，等待深远海吊装的天气窗口。"),
        text("rice-b", 7, "耐盐水稻育成新种", "科研人员育成耐盐水稻新种，准备在盐碱地试种。"),
        text("chip-b", 8, "芯片企业验证光刻胶", "芯片企业完成光刻胶的验证，生产线年底扩产。"),
        text("bus-c", 9, "氫燃料公交駛入園區", "氫燃料公交駛入園區，加氫站同步開放。").channel("other"),
        text("wind-c", 10, "深遠海風機併網", "深遠海風機併網發電，葉片由本地工廠製造。").channel("other"),
        text("rice-c", 11, "鹽鹼地水稻豐收", "鹽鹼地的耐鹽水稻豐收，畝產穩定。").channel("other"),
        text("chip-c", 12, "光刻膠擴產", "光刻膠生產線擴產，晶片企業簽下訂單。").channel("other"),
    ]
}

/// The related items of an article whose words or tags are shared, as (slug, terms).
async fn by_terms(app: &TestApp, slug: &str) -> Vec<(String, Vec<String>)> {
    app.related().await;
    let query = format!("{{ article(by: {{slug: \"{slug}\"}}) {{ related(first: 20) {{ reason terms article {{ slug }} }} }} }}");
    let data = app.query(&query).await;
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let items = data["article"]["related"].as_array().expect("a list").iter().filter(|item| item["reason"] == "SHARED_TERMS");
    let item = |item: &Value| {
        let terms: Vec<String> = item["terms"].as_array().expect("a list").iter().map(text).collect();
        assert!(!terms.is_empty() && terms.len() <= 5, "{item}");
        (text(&item["article"]["slug"]), terms)
    };
    items.map(item).collect()
}

fn names(items: &[(String, Vec<String>)]) -> Vec<&str> {
    let mut names: Vec<&str> = items.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_shares_telling_words_is_related_in_either_script() {
    let app = TestApp::with(&portal(stories())).await;
    for story in ["bus", "wind", "rice", "chip"] {
        for (one, others) in [("a", ["b", "c"]), ("b", ["a", "c"]), ("c", ["a", "b"])] {
            let found = by_terms(&app, &format!("{story}-{one}")).await;
            let expected = others.map(|other| format!("{story}-{other}"));
            assert_eq!(names(&found[..2]), expected, "{story}-{one}: {found:?}");
        }
    }
    let found = by_terms(&app, "bus-c").await;
    let terms: Vec<&String> = found.iter().flat_map(|(_, terms)| terms).collect();
    assert!(terms.iter().any(|term| term.contains('氫')), "words are told as the article writes them: {terms:?}");
}

#[tokio::test]
async fn old_articles_learn_of_new_ones() {
    let app = TestApp::with(&portal(stories())).await;
    assert_eq!(names(&by_terms(&app, "rice-a").await), ["rice-b", "rice-c"]);
    let before = app.database.numbers("SELECT count(*) FROM journal WHERE action = 'article.related'").await[0];
    let new = article("rice-d").set("title", "耐盐水稻走向盐碱地").set("bodyText", "盐碱地里的耐盐水稻开始收割，亩产再创新高。");
    app.database.fill(&[new]).await;
    assert_eq!(names(&by_terms(&app, "rice-d").await), ["rice-a", "rice-b", "rice-c"]);
    for old in ["rice-a", "rice-b", "rice-c"] {
        let found = by_terms(&app, old).await;
        assert!(names(&found).contains(&"rice-d"), "{old}: {found:?}");
    }
    assert_eq!(names(&by_terms(&app, "chip-a").await), ["chip-b", "chip-c"], "others do not");
    let told = app.database.numbers("SELECT count(*) FROM journal WHERE action = 'article.related'").await[0] - before;
    assert_eq!(told, 4, "each that shows something else now is told of in the journal, once");
}

#[tokio::test]
async fn old_articles_learn_of_every_part_of_a_large_import() {
    let app = TestApp::with(&portal(stories())).await;
    app.related().await;
    let one = |name: &str, minute: usize| {
        at(name, minute)
            .set("title", format!("耐盐水稻走向盐碱地：{name}"))
            .set("bodyText", format!("盐碱地里的耐盐水稻测产，亩产{minute}。"))
    };
    let filler =
        |number: usize| at(&format!("day-{number}"), 40).set("title", format!("第{number}天的天气")).set("bodyText", "多云。");
    let mut records = vec![one("rice-first", 41)];
    records.extend((0..130).map(filler));
    records.push(one("rice-last", 42));
    app.database.fill(&records).await;
    let found = by_terms(&app, "rice-a").await;
    assert!(names(&found).contains(&"rice-first") && names(&found).contains(&"rice-last"), "{found:?}");
}

#[tokio::test]
async fn of_one_text_one_is_shown() {
    let same = |name: &str, minute: usize| {
        at(name, minute).set("title", format!("耐盐水稻测产：{name}")).set(
            "bodyText",
            "盐碱地里的耐盐水稻开始测产，亩产再创新高，专家组认为品种已经成熟，可以在沿海各县推广种植，明年面积要翻一番。",
        )
    };
    let mut records = stories();
    let everyday = ["天气转凉", "地铁延时", "菜价平稳", "图书展销", "马拉松开跑", "博物馆夜场", "古桥修缮", "夜市开张"];
    records.extend((30..).zip(everyday).map(|(minute, title)| at(&format!("day-{minute}"), minute).set("title", title)));
    records.extend([same("copy-1", 20), same("copy-2", 21), same("copy-3", 22)]);
    let app = TestApp::with(&portal(records)).await;
    let copies = |found: &[(String, Vec<String>)]| found.iter().filter(|(name, _)| name.starts_with("copy")).count();
    assert_eq!(copies(&by_terms(&app, "rice-a").await), 1);
    let found = by_terms(&app, "copy-2").await;
    assert_eq!((copies(&found), names(&found).contains(&"rice-a")), (0, true), "its own text is no other item: {found:?}");
    // One more comes: whoever has one has one still.
    app.database.fill(&[same("copy-4", 23)]).await;
    assert_eq!(copies(&by_terms(&app, "rice-a").await), 1);
    assert_eq!(copies(&by_terms(&app, "copy-4").await), 0);
}

#[tokio::test]
async fn what_editors_block_is_not_shown() {
    let mut records = stories();
    records.push(
        at("rice-d", 30)
            .set("title", "盐碱地水稻收割")
            .set("bodyText", "耐盐水稻收割在即。")
            .set("unrelated", json!(["rice-a", "rice-e"])),
    );
    records.push(at("rice-e", 31).set("title", "水稻").set("bodyText", "一段别的文字。"));
    let app = TestApp::with(&portal(records)).await;
    assert_eq!(names(&by_terms(&app, "rice-d").await), ["rice-b", "rice-c"]);
    let all = related(&app, "rice-d", 40).await;
    assert!(all.iter().all(|(name, _)| !["rice-a", "rice-d", "rice-e"].contains(&name.as_str())), "nor as the newest: {all:?}");
    assert!(names(&by_terms(&app, "rice-a").await).contains(&"rice-d"), "the other way round it is");
    // An export brings it back.
    let export = app.database.export().await;
    assert!(export.contains("\"unrelated\":[\"rice-a\",\"rice-e\"]"), "{export}");
    // What comes is measured by the same rule.
    app.database.fill(&[at("rice-e", 31).set("title", "盐碱地水稻收割").set("bodyText", "耐盐水稻收割在即，亩产多两成。")]).await;
    assert!(names(&by_terms(&app, "rice-e").await).contains(&"rice-d"));
    assert_eq!(names(&by_terms(&app, "rice-d").await), ["rice-b", "rice-c"]);
}

#[tokio::test]
async fn everything_can_be_found_anew() {
    let app = TestApp::with(&portal(stories())).await;
    app.related().await;
    let rows = "SELECT article_id * 100 + related_id FROM related ORDER BY article_id, position";
    let expected = app.database.numbers(rows).await;
    assert!(expected.len() >= 24, "{expected:?}");
    app.database.execute("DELETE FROM related").await;
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    assert!(office.rebuild_search_index().await.expect("it is begun"));
    app.related().await;
    assert_eq!(app.database.numbers(rows).await, expected);
    let nothing = "SELECT count(*) FROM related WHERE article_id = related_id";
    assert_eq!(app.database.numbers(nothing).await, [0]);
}
