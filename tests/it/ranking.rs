//! Click rankings: what is in each window and order, what moves, and what stands in for an empty one.

use serde_json::{Value, json};

use crate::app::{TestApp, texts};
use crate::records::{Record, article, channel, portal, tag};
use crate::truth::{self, Size};

const ENTRIES: &str = "window isFallback channel { slug } entries { rank previousRank isNew views article { slug } }";

/// Articles that were read at different times before the tests' instant, 2026-03-01T00:00:00Z; the first two came with views.
fn articles() -> Vec<Record> {
    portal([
        channel("below").parent("news"),
        channel("empty").parent("below"),
        channel("lonely"),
        tag("氢能"),
        article("minutes").published("2026-02-01T00:00:00Z").views(10),
        article("hours").published("2026-02-02T00:00:00Z").views(20).channel("below"),
        article("days").published("2026-02-03T00:00:00Z").tags(&["氢能"]),
        article("weeks").published("2026-02-04T00:00:00Z").channel("below"),
        article("years").published("2020-02-10T00:00:00Z").views(50),
        article("tied").published("2020-02-09T00:00:00Z").views(50),
        article("future").published("2026-03-02T00:00:00Z").views(9_999),
        article("draft").set("status", "draft").views(9_999),
    ])
}

/// As [`articles`], after they were read.
async fn app() -> TestApp {
    let app = TestApp::with(&articles()).await;
    app.read(&[
        ("minutes", "2026-02-28T23:30:00Z", 3),
        ("hours", "2026-02-28T20:00:00Z", 4),
        ("days", "2026-02-25T00:00:00Z", 5),
        ("weeks", "2026-02-10T00:00:00Z", 6),
        ("future", "2026-02-28T23:30:00Z", 7),
        ("draft", "2026-02-28T23:30:00Z", 7),
    ])
    .await;
    app
}

fn slugs(ranking: &Value) -> Vec<String> {
    texts(&ranking["entries"], "article.slug")
}

#[tokio::test]
async fn each_window_ranks_what_was_read_in_it() {
    let mut app = app().await;
    for is_restarted in [false, true] {
        if is_restarted {
            app.restart().await;
            app.settled().await;
        }
        for (window, expected) in [
            ("HOUR", &[("minutes", 3)][..]),
            ("DAY", &[("hours", 4), ("minutes", 3)]),
            ("WEEK", &[("days", 5), ("hours", 4), ("minutes", 3)]),
            ("MONTH", &[("weeks", 6), ("days", 5), ("hours", 4), ("minutes", 3)]),
            ("ALL", &[("tied", 50), ("years", 50), ("hours", 24), ("minutes", 13), ("weeks", 6), ("days", 5)]),
        ] {
            let data = app.query(&format!("{{ ranking(window: {window}, first: 50) {{ {ENTRIES} }} }}")).await;
            let ranking = &data["ranking"];
            let shown: Vec<(String, i64)> = slugs(ranking)
                .into_iter()
                .zip(ranking["entries"].as_array().expect("a list").iter().map(|e| e["views"].as_i64().expect("a number")))
                .collect();
            let expected: Vec<(String, i64)> = expected.iter().map(|(slug, views)| ((*slug).to_owned(), *views)).collect();
            assert_eq!(shown, expected, "{window}, after a restart: {is_restarted}");
            let about = (&ranking["window"], &ranking["isFallback"], &ranking["channel"]);
            assert_eq!(about, (&json!(window), &json!(false), &Value::Null));
            let ranks: Vec<i64> =
                ranking["entries"].as_array().expect("a list").iter().filter_map(|e| e["rank"].as_i64()).collect();
            assert_eq!(ranks, (1..=i64::try_from(ranks.len()).unwrap_or(0)).collect::<Vec<_>>());
        }
        let query = "{ article(by: {slug: \"hours\"}) { viewCount hour: viewCount(window: HOUR) day: viewCount(window: DAY)
            week: viewCount(window: WEEK) month: viewCount(window: MONTH) } }";
        let counts = json!({ "viewCount": 24, "hour": 0, "day": 4, "week": 4, "month": 4 });
        assert_eq!(app.query(query).await["article"], counts);
        let order = app.slugs("articles(orderBy: MOST_READ)").await;
        assert_eq!(order[..4], ["tied", "years", "hours", "minutes"], "lists follow");
    }
}

#[tokio::test]
async fn a_channel_ranks_its_subtree_and_falls_back() {
    let app = app().await;
    let ask = |slug: &str, window: &str| {
        format!("{{ channel(by: {{slug: \"{slug}\"}}) {{ ranking(window: {window}) {{ {ENTRIES} }} }} }}")
    };
    for (slug, window, shown, from, found) in [
        ("news", "DAY", "DAY", json!({ "slug": "news" }), vec!["hours", "minutes"]),
        ("below", "DAY", "DAY", json!({ "slug": "below" }), vec!["hours"]),
        ("below", "HOUR", "DAY", json!({ "slug": "below" }), vec!["hours"]),
        ("empty", "WEEK", "WEEK", json!({ "slug": "below" }), vec!["hours"]),
        ("lonely", "HOUR", "HOUR", Value::Null, vec!["minutes"]),
    ] {
        let data = app.query(&ask(slug, window)).await;
        let ranking = &data["channel"]["ranking"];
        assert_eq!(slugs(ranking), found, "{slug} {window}");
        assert_eq!((&ranking["window"], &ranking["channel"]), (&json!(shown), &from), "{slug} {window}");
        let is_fallback = shown != window || ranking["channel"] != json!({ "slug": slug });
        assert_eq!(ranking["isFallback"], json!(is_fallback), "{slug} {window}");
        let id = app.id("channel", slug).await;
        for scope in [format!("channel: \"{id}\""), format!("scope: {{ channel: \"{id}\" }}")] {
            let root = app.query(&format!("{{ ranking({scope}, window: {window}) {{ {ENTRIES} }} }}")).await;
            assert_eq!(root["ranking"], *ranking, "{slug} {window}");
        }
    }
    let tag = "{ tag(by: {slug: \"氢能\"}) { ranking(window: HOUR) { window isFallback entries { article { slug } } } } }";
    let days = json!({ "window": "WEEK", "isFallback": true, "entries": [{ "article": { "slug": "days" } }] });
    assert_eq!(app.query(tag).await["tag"]["ranking"], days);
}

#[tokio::test]
async fn windows_slide_and_what_leaves_them_is_gone() {
    let app = app().await;
    for (now, window, expected) in [
        ("2026-03-01T00:29:59Z", "HOUR", &["minutes"][..]),
        ("2026-03-01T00:30:00Z", "DAY", &["hours", "minutes"]),
        ("2026-03-01T19:59:00Z", "DAY", &["hours", "minutes"]),
        ("2026-03-01T20:00:00Z", "DAY", &["minutes"]),
        ("2026-03-03T23:59:00Z", "WEEK", &["days", "hours", "minutes"]),
        ("2026-03-04T00:00:00Z", "WEEK", &["hours", "minutes"]),
        ("2026-03-11T23:59:00Z", "MONTH", &["weeks", "days", "hours", "minutes"]),
        ("2026-03-12T00:00:00Z", "MONTH", &["days", "hours", "minutes"]),
    ] {
        app.set_time(now);
        app.settled().await;
        let data = app.query(&format!("{{ ranking(window: {window}, first: 50) {{ {ENTRIES} }} }}")).await;
        assert_eq!(
            (slugs(&data["ranking"]), &data["ranking"]["window"]),
            (expected.iter().map(|s| (*s).to_owned()).collect(), &json!(window)),
            "{now}"
        );
        if window == "DAY" && now.contains("00:30") {
            let hour = app.query(&format!("{{ ranking(window: HOUR) {{ {ENTRIES} }} }}")).await;
            assert_eq!(hour["ranking"]["window"], "DAY", "nothing is left of the hour");
        }
    }
    // A clock that jumps back: what was there is there again.
    app.set_time("2026-03-01T00:00:00Z");
    app.settled().await;
    let data = app.query(&format!("{{ ranking(window: HOUR) {{ {ENTRIES} }} }}")).await;
    assert_eq!((slugs(&data["ranking"]), &data["ranking"]["window"]), (vec!["minutes".to_owned()], &json!("HOUR")));
}

#[tokio::test]
async fn trending_fades_and_fresh_weighs_the_age() {
    let app = TestApp::with(&portal([
        article("old").published("2026-02-01T00:00:00Z"),
        article("new").published("2026-02-27T00:00:00Z"),
        article("quiet").published("2026-02-27T00:00:00Z"),
    ]))
    .await;
    app.read(&[
        ("old", "2026-02-28T00:00:00Z", 40),
        ("new", "2026-02-28T18:00:00Z", 4),
        ("new", "2026-02-28T23:59:00Z", 1),
        ("quiet", "2026-02-28T12:00:00Z", 5),
    ])
    .await;
    let query = "{ trending { by window entries { views score article { slug } } } fresh: ranking(by: FRESH) { by entries { score article { slug } } }
        views: ranking(window: DAY) { entries { article { slug } } } article(by: {slug: \"old\"}) { rank(by: TRENDING) day: rank(window: DAY) fresh: rank(by: FRESH) } }";
    let data = app.query(query).await;
    assert_eq!(
        (&data["trending"]["by"], slugs(&data["trending"])),
        (&json!("TRENDING"), vec!["new".into(), "old".into(), "quiet".into()])
    );
    // Half after six hours: 4 / 2 and almost 1; 40 / 16; 5 / 4.
    let scores = [4.0 / 2.0 + (-1.0_f64 / 360.0).exp2(), 40.0 / 16.0, 5.0 / 4.0];
    for (entry, expected) in data["trending"]["entries"].as_array().expect("a list").iter().zip(scores) {
        let score = entry["score"].as_f64().expect("a number");
        assert!((score / expected - 1.0).abs() < 1e-9, "{score} {expected}");
    }
    // 40 views, 28 days old; 5 views, 2 days old: half of their worth is lost each two days.
    assert_eq!(
        (&data["fresh"]["by"], slugs(&data["fresh"])),
        (&json!("FRESH"), vec!["quiet".into(), "new".into(), "old".into()])
    );
    let score = data["fresh"]["entries"][0]["score"].as_f64().expect("a number");
    assert!((score - 2.5).abs() < 1e-9, "{score}");
    assert_eq!(slugs(&data["views"]), ["quiet", "new"]);
    assert_eq!(data["article"], json!({ "rank": 2, "day": null, "fresh": 3 }));
    // Time alone changes no order, and rewrites nothing.
    app.set_time("2026-03-02T00:00:00Z");
    app.settled().await;
    let later = app.query(query).await;
    assert_eq!(slugs(&later["trending"]), slugs(&data["trending"]));
    let (before, after) = (data["trending"]["entries"][0]["score"].as_f64(), later["trending"]["entries"][0]["score"].as_f64());
    assert!((before.expect("a number") / after.expect("a number") - 16.0).abs() < 1e-6);
}

#[tokio::test]
async fn a_list_with_known_heat_comes_out_in_its_order() {
    let names: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
    let heat = |number: usize| (number * 37) % 60 + 1;
    let app = TestApp::with(&portal(names.iter().map(|name| article(name)))).await;
    let reads: Vec<(&str, &str, usize)> =
        names.iter().enumerate().map(|(number, name)| (name.as_str(), "2026-02-28T23:59:00Z", heat(number))).collect();
    // In any order, and not at once.
    for some in reads.chunks(17).rev() {
        app.read(some).await;
    }
    let mut expected: Vec<usize> = (0..60).collect();
    expected.sort_by_key(|number| std::cmp::Reverse(heat(*number)));
    let expected: Vec<String> = expected.into_iter().map(|number| format!("n{number}")).collect();
    for by in ["by: VIEWS, window: HOUR", "by: VIEWS, window: MONTH", "by: VIEWS, window: ALL", "by: TRENDING"] {
        let data = app.query(&format!("{{ ranking({by}, first: 60) {{ {ENTRIES} }} }}")).await;
        assert_eq!(slugs(&data["ranking"]), expected, "{by}");
    }
}

#[tokio::test]
async fn an_empty_window_shows_the_next_longer_one() {
    let app = TestApp::with(&portal([
        channel("below").parent("news"),
        channel("empty").parent("news"),
        article("days"),
        article("weeks").channel("below"),
        article("years").views(500).channel("below"),
    ]))
    .await;
    app.read(&[("days", "2026-02-27T00:00:00Z", 3), ("weeks", "2026-02-09T00:00:00Z", 9)]).await;
    let data = app
        .query(&format!(
            "{{ ranking {{ {ENTRIES} }} hour: ranking(window: HOUR) {{ {ENTRIES} }} below: channel(by: {{slug: \"below\"}}) {{ ranking {{ {ENTRIES} }} }}
               empty: channel(by: {{slug: \"empty\"}}) {{ ranking {{ {ENTRIES} }} }} }}"
        ))
        .await;
    for (ranking, window, is_fallback, from, shown) in [
        (&data["ranking"], "WEEK", false, Value::Null, "days"),
        (&data["hour"], "WEEK", true, Value::Null, "days"),
        (&data["below"]["ranking"], "MONTH", true, json!({ "slug": "below" }), "weeks"),
        (&data["empty"]["ranking"], "WEEK", true, json!({ "slug": "news" }), "days"),
    ] {
        let about = (&ranking["window"], &ranking["isFallback"], &ranking["channel"]);
        assert_eq!(about, (&json!(window), &json!(is_fallback), &from), "{ranking}");
        assert_eq!(slugs(ranking), [shown], "{ranking}");
    }
    // Nothing was ever trending there: what was read most ever stands in.
    let quiet = TestApp::with(&articles()).await;
    let data = quiet.query("{ trending(first: 2) { by window isFallback entries { views article { slug } } } }").await;
    assert_eq!((&data["trending"]["by"], &data["trending"]["isFallback"]), (&json!("VIEWS"), &json!(true)));
    assert_eq!((slugs(&data["trending"]), &data["trending"]["window"]), (vec!["tied".into(), "years".into()], &json!("ALL")));
}

#[tokio::test]
async fn an_article_knows_its_rank() {
    let app = app().await;
    let below = app.id("channel", "below").await;
    let query = format!(
        "query($slug: String!) {{ article(by: {{slug: $slug}}) {{ rank hour: rank(window: HOUR) all: rank(window: ALL)
            below: rank(window: ALL, channel: \"{below}\") same: rank(window: ALL, scope: {{ channel: \"{below}\" }}) }} }}"
    );
    for (slug, expected) in [
        ("minutes", json!({ "rank": 3, "hour": 1, "all": 4, "below": null, "same": null })),
        ("weeks", json!({ "rank": null, "hour": null, "all": 5, "below": 2, "same": 2 })),
        ("hours", json!({ "rank": 2, "hour": null, "all": 3, "below": 1, "same": 1 })),
    ] {
        assert_eq!(app.data(&query, json!({ "slug": slug })).await["article"], expected, "{slug}");
    }
}

#[tokio::test]
async fn what_readers_do_not_see_is_in_no_ranking() {
    let mut records = articles();
    records.push(article("ending").set("expiresAt", "2026-03-01T12:00:00Z"));
    let mut app = TestApp::with(&records).await;
    app.read(&[
        ("ending", "2026-02-28T23:00:00Z", 9),
        ("hours", "2026-02-28T22:00:00Z", 4),
        ("minutes", "2026-02-28T23:30:00Z", 3),
    ])
    .await;
    let query =
        format!("{{ ranking(window: DAY, first: 2) {{ {ENTRIES} }} all: ranking(window: ALL, first: 50) {{ {ENTRIES} }} }}");
    let before = app.query(&query).await;
    assert_eq!(slugs(&before["ranking"]), ["ending", "hours"]);
    app.set_time("2026-03-01T12:00:00Z");
    let after = app.query(&query).await;
    assert_eq!(slugs(&after["ranking"]), ["hours", "minutes"], "still as many as asked for");
    assert!(!slugs(&after["all"]).contains(&"ending".to_owned()));
    // One that is taken away leaves the lists, and comes back with its views.
    for (change, shown) in [("draft", vec!["minutes"]), ("published", vec!["hours", "minutes"])] {
        app.import(&[article("hours").set("status", change).channel("below").views(20)]).await;
        app.settled().await;
        let data = app.query(&query).await;
        assert_eq!(slugs(&data["ranking"]), shown);
    }
    let data = app.query("{ article(by: {slug: \"hours\"}) { viewCount } }").await;
    assert_eq!(data["article"]["viewCount"], 24, "an import says what came before, not what was read here");
}

#[tokio::test]
async fn movement_is_measured_from_step_to_step() {
    let mut app = TestApp::with(&portal([article("a"), article("b"), article("c")])).await;
    app.read(&[("a", "2026-02-28T23:59:00Z", 3), ("b", "2026-02-28T23:59:00Z", 2)]).await;
    let query = "{ ranking(window: HOUR) { entries { rank previousRank isNew article { slug } } } }";
    let moves = |data: &Value| -> Vec<(String, Option<i64>, bool)> {
        let entries = data["ranking"]["entries"].as_array().expect("a list").clone();
        let of =
            |e: &Value| (e["article"]["slug"].as_str().unwrap_or("").to_owned(), e["previousRank"].as_i64(), e["isNew"] == true);
        entries.iter().map(of).collect()
    };
    assert_eq!(
        moves(&app.query(query).await),
        [("a".into(), Some(1), false), ("b".into(), Some(2), false)],
        "what is shown first has not moved"
    );
    app.read(&[("b", "2026-02-28T23:59:30Z", 2)]).await;
    assert_eq!(moves(&app.query(query).await), [("b".into(), Some(2), false), ("a".into(), Some(1), false)]);
    // The next step begins: movement is measured from here, also after a restart.
    app.set_time("2026-03-01T00:10:00Z");
    app.settled().await;
    assert_eq!(moves(&app.query(query).await), [("b".into(), Some(1), false), ("a".into(), Some(2), false)]);
    app.read(&[("c", "2026-03-01T00:09:00Z", 9)]).await;
    let expected = [("c".to_owned(), None, true), ("b".into(), Some(1), false), ("a".into(), Some(2), false)];
    assert_eq!(moves(&app.query(query).await), expected);
    app.restart().await;
    app.settled().await;
    assert_eq!(moves(&app.query(query).await), expected);
}

#[tokio::test]
async fn a_moved_channel_takes_its_articles_into_other_rankings() {
    let app = app().await;
    let ask = "{ channel(by: {slug: \"lonely\"}) { ranking(window: DAY) { isFallback entries { article { slug } } } } }";
    assert_eq!(app.query(ask).await["channel"]["ranking"]["isFallback"], true);
    app.database.fill(&[channel("below").parent("lonely")]).await;
    // The catalog follows too.
    for _ in 0..200 {
        app.settled().await;
        if app.query(ask).await["channel"]["ranking"]["isFallback"] == false {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let ranking = app.query(ask).await["channel"]["ranking"].clone();
    assert_eq!((&ranking["isFallback"], slugs(&ranking)), (&json!(false), vec!["hours".to_owned()]));
    let news = app.query("{ channel(by: {slug: \"news\"}) { ranking(window: DAY) { entries { article { slug } } } } }").await;
    assert_eq!(slugs(&news["channel"]["ranking"]), ["minutes"]);
}

#[tokio::test]
async fn reposts_can_be_folded() {
    let text =
        "科学家在实验室里发现了一种新的材料，它在室温下就能导电，而且价格便宜。研究成果发表在本周的期刊上，引起了广泛关注。";
    let app = TestApp::with(&portal([
        article("first").set("body", format!("<p>{text}</p>")),
        article("repost").set("body", format!("<div><p>{}</p></div>", text.replace('，', ", "))),
        article("edited").set("body", format!("<p>{}</p>", text.replace("便宜", "昂贵"))),
        article("other").set(
            "body",
            "<p>深远海的风机昨天夜里完成吊装，叶片长度超过百米，从码头运到海上用了十一个小时，全部机组年底并网发电。</p>",
        ),
        article("short").set("body", "<p>快讯。</p>"),
        article("shorter").set("body", "<p>快讯。</p>"),
    ]))
    .await;
    let at = "2026-02-28T23:59:00Z";
    app.related().await;
    app.read(&[("first", at, 3), ("repost", at, 5), ("edited", at, 4), ("other", at, 2), ("short", at, 1), ("shorter", at, 1)])
        .await;
    let query = "{ ranking(window: DAY) { entries { rank article { slug } } } folded: ranking(window: DAY, collapse: true) { entries { rank article { slug } } } }";
    let data = app.query(query).await;
    assert_eq!(slugs(&data["ranking"])[..4], ["repost", "edited", "first", "other"]);
    assert_eq!(slugs(&data["folded"])[..2], ["repost", "other"]);
    assert_eq!(data["folded"]["entries"][1]["rank"], 4, "the number of what is folded is missing");
    assert_eq!(slugs(&data["folded"]).len(), 4, "what says little is nobody's repost");
}

#[tokio::test]
async fn an_articles_history_is_told_by_hour_and_by_day() {
    let app = app().await;
    app.read(&[("days", "2026-02-28T23:30:00Z", 2)]).await;
    let query = "{ article(by: {slug: \"days\"}) { hours: viewHistory(last: 3) { at views } days: viewHistory(unit: DAY, last: 5) { at views } }
        ranking(window: HOUR) { entries { history(last: 2) { views } article { slug } } } }";
    let data = app.query(query).await;
    let hours = json!([
        { "at": "2026-03-01T06:00:00+08:00", "views": 0 }, { "at": "2026-03-01T07:00:00+08:00", "views": 2 }, { "at": "2026-03-01T08:00:00+08:00", "views": 0 },
    ]);
    assert_eq!(data["article"]["hours"], hours);
    let days: Vec<i64> = data["article"]["days"].as_array().expect("a list").iter().filter_map(|d| d["views"].as_i64()).collect();
    assert_eq!(days, [5, 0, 0, 0, 2]);
    assert_eq!(data["article"]["days"][4]["at"], "2026-03-01T00:00:00+08:00");
    assert_eq!(data["ranking"]["entries"][0]["history"], json!([{ "views": 3 }, { "views": 0 }]));
    // Hours become days, and nothing else changes.
    let all = app.query("{ article(by: {slug: \"days\"}) { viewHistory(unit: DAY, last: 400) { at views } viewCount } }").await;
    app.set_time("2026-04-20T00:00:00Z");
    let minutes: Vec<String> = (0..110).map(|n| format!("2026-04-19T{}:{:02}:00Z", 22 + n / 60, n % 60)).collect();
    let reads: Vec<(&str, &str, usize)> = minutes.iter().map(|at| ("minutes", at.as_str(), 1)).collect();
    app.read(&reads).await;
    let db = app.database.open().await;
    tidings::ranking::forget(&db, chrono_tz::Tz::Asia__Shanghai, app.now()).await.expect("it forgets");
    tidings::ranking::forget(&db, chrono_tz::Tz::Asia__Shanghai, app.now()).await.expect("it forgets nothing twice");
    db.close().await;
    assert_eq!(app.database.numbers("SELECT count(*) FROM view_hour").await, [2], "those of the last two hours");
    assert_eq!(app.database.numbers("SELECT count(*) FROM view_minute WHERE minute < 29000000").await, [0]);
    app.set_time("2026-03-01T00:00:00Z");
    let later = app.query("{ article(by: {slug: \"days\"}) { viewHistory(unit: DAY, last: 400) { at views } viewCount } }").await;
    assert_eq!(later, all);
    for (arguments, most) in [("last: 0", 744), ("last: 745", 744), ("unit: DAY, last: 401", 400)] {
        let answer = app
            .ask(&format!("{{ article(by: {{slug: \"days\"}}) {{ viewHistory({arguments}) {{ views }} }} }}"), json!({}))
            .await;
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|m| m.contains(&most.to_string())), "{answer}");
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_for_a_while_does_no_lasting_harm() {
    let mut app = app().await;
    let query = format!(
        "{{ hour: ranking(window: HOUR) {{ {ENTRIES} }} day: ranking(window: DAY) {{ {ENTRIES} }} month: ranking(window: MONTH) {{ {ENTRIES} }}
            trending {{ entries {{ article {{ slug }} }} }} article(by: {{slug: \"days\"}}) {{ viewHistory(unit: DAY, last: 31) {{ views }} }} }}"
    );
    let before = app.query(&query).await;
    app.set_time("2026-05-01T00:00:00Z");
    app.settled().await;
    let db = app.database.open().await;
    tidings::ranking::forget(&db, chrono_tz::Tz::UTC, app.now()).await.expect("it forgets nothing");
    db.close().await;
    // Somebody reads meanwhile, and is of that time for nobody.
    app.read(&[("weeks", "2026-04-30T23:59:00Z", 1)]).await;
    app.set_time("2026-03-01T00:00:00Z");
    for _ in 0..2 {
        app.settled().await;
        let after = app.query(&query).await;
        for window in ["hour", "day", "month"] {
            let shown = |data: &Value| (slugs(&data[window]), data[window]["window"].clone());
            assert_eq!(shown(&after), shown(&before), "{window}");
        }
        assert_eq!(after["article"], before["article"]);
        app.restart().await;
    }
    // What is read at the right time afterwards counts as such.
    app.read(&[("hours", "2026-02-28T23:59:30Z", 9)]).await;
    assert_eq!(slugs(&app.query(&query).await["trending"])[0], "hours");
    app.restart().await;
    app.settled().await;
    assert_eq!(slugs(&app.query(&query).await["trending"])[0], "hours");
}

#[tokio::test]
async fn what_is_put_off_makes_room_for_others() {
    let names: Vec<String> = (0..130).map(|number| format!("n{number}")).collect();
    let mut app = TestApp::with(&portal(names.iter().map(|name| article(name)))).await;
    let reads: Vec<(&str, &str, usize)> =
        names.iter().enumerate().map(|(number, name)| (name.as_str(), "2026-02-28T23:59:00Z", 130 - number)).collect();
    app.read(&reads).await;
    let later: Vec<Record> = names[..100].iter().map(|name| article(name).published("2027-01-01T00:00:00Z")).collect();
    app.import(&later).await;
    app.settled().await;
    let data = app.query(&format!("{{ ranking(window: HOUR, first: 50) {{ {ENTRIES} }} }}")).await;
    assert_eq!((slugs(&data["ranking"]), &data["ranking"]["window"]), (names[100..].to_vec(), &json!("HOUR")));
}

#[tokio::test]
async fn views_that_were_counted_elsewhere_count_in_a_running_program() {
    let app = app().await;
    let weeks = app.id_of("weeks").await;
    let query = "{ ranking(by: FRESH, first: 1) { entries { views article { slug viewCount } } } all: ranking(window: ALL, first: 1) { entries { views article { slug } } } }";
    app.database.fill(&[article("weeks").published("2026-02-04T00:00:00Z").channel("below").set("viewsCounted", 100_000)]).await;
    app.settled().await;
    let data = app.query(query).await;
    assert_eq!(data["ranking"]["entries"][0]["article"], json!({ "slug": "weeks", "viewCount": 100_000 }));
    assert_eq!(data["all"]["entries"][0], json!({ "views": 100_000, "article": { "slug": "weeks" } }));
    app.read(&[("weeks", "2026-02-28T23:59:00Z", 2)]).await;
    let count =
        app.query(&format!("{{ article(by: {{id: \"{weeks}\"}}) {{ viewCount month: viewCount(window: MONTH) }} }}")).await;
    assert_eq!(count["article"], json!({ "viewCount": 100_002, "month": 8 }));
}

#[tokio::test]
async fn many_rankings_cost_as_many_statements_as_one() {
    let app = app().await;
    let many = "{ a: ranking(window: HOUR, first: 3) { entries { rank article { title } } } b: ranking(window: DAY, first: 3) { entries { article { title } } }
        trending(first: 3) { entries { article { title } } } channels { ranking(window: MONTH, first: 3) { entries { rank views article { title viewCount rank } } }
        children { ranking(window: WEEK, first: 2) { entries { article { title } } } } } }";
    let (statements, _) = app.statements(many, json!({})).await;
    assert!(statements <= 3, "cards, lists of all time, and what is behind them: {statements}");
    let one = "{ ranking(window: HOUR, first: 3) { entries { rank previousRank views score article { title viewCount(window: DAY) rank } } } }";
    assert_eq!(app.statements(one, json!({})).await.0, 1, "the articles");
    let all = "{ ranking(window: ALL, first: 3) { entries { rank views article { title } } } }";
    assert_eq!(app.statements(all, json!({})).await.0, 2, "the list and the articles that were read lately");
}

#[tokio::test]
async fn every_ranking_is_what_counting_every_view_says() {
    let database = crate::app::TestDatabase::new().await;
    let db = database.open().await;
    let size = Size { articles: 6_000, tags: 120, views: 40_000 };
    truth::fill(&db, size).await;
    let (times, ..) = truth::run(&db, size).await;
    assert!(times.compared > 500, "{times:?}");
    db.close().await;
}

#[tokio::test]
async fn views_survive_an_export() {
    let app = app().await;
    let exported = app.database.export().await;
    let copy = crate::app::TestDatabase::new().await;
    let (_, problems) = copy.import(exported.clone()).await;
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(copy.export().await, exported);
    let copy = TestApp::on(copy).await;
    let query = "{ ranking(window: ALL, first: 50) { entries { rank views article { slug viewCount } } } }";
    assert_eq!(copy.query(query).await, app.query(query).await);
    // Its own export changes nothing.
    let (summary, _) = app.database.import(exported).await;
    assert_eq!(summary.refused, 0);
    app.settled().await;
    assert_eq!(copy.query(query).await, app.query(query).await);
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::with(&articles()).await;
    for (arguments, field) in [
        ("first: 0", "first"),
        ("first: 101", "first"),
        ("channel: \"nonsense\"", "channel"),
        ("channel: \"QQE\"", "channel"),
        ("scope: { topic: \"QQE\" }", "scope.topic"),
        ("scope: { tag: \"x\" }", "scope.tag"),
        ("scope: { channel: \"QwE\" }, channel: \"QwE\"", "channel"),
    ] {
        let answer = app.ask(&format!("{{ ranking({arguments}) {{ window }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{answer}");
        assert_eq!(answer["data"], serde_json::json!({ "ranking": null }));
    }
}
