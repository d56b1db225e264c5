//! Views: what counts, what does not and why, and what is nobody's view.

use serde_json::{Value, json};
use tidings::auth::Role;
use tidings::db::Scope;
use tidings::ranking::By;

use crate::access::{ask_as, code, staff};
use crate::app::TestApp;
use crate::client::{Answer, send};
use crate::records::{article, portal};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
const SAFARI: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1";

async fn app() -> TestApp {
    let records = portal([
        article("a"),
        article("b"),
        article("draft").set("status", "draft"),
        article("future").published("2026-03-02T00:00:00Z"),
    ]);
    TestApp::configured(&records, |config| config.server.client_address_header = "x-forwarded-for".into()).await
}

async fn beacon(app: &TestApp, target: &str, client: &str, agent: &str) -> Answer {
    send(app.address, "POST", target, &[("x-forwarded-for", client), ("user-agent", agent)], b"").await
}

async fn number(app: &TestApp, slug: &str) -> i64 {
    app.database.numbers(&format!("SELECT id FROM article WHERE slug = '{slug}'")).await[0]
}

/// How often each article was read: the views of `a`, `b` and anything else.
async fn counts(app: &TestApp) -> [i64; 3] {
    app.settled().await;
    let (a, b) = (number(app, "a").await, number(app, "b").await);
    let sum = |condition: String| format!("SELECT CAST(coalesce(sum(views), 0) AS bigint) FROM view_total WHERE {condition}");
    let mut found = [0; 3];
    for (place, condition) in [format!("article_id = {a}"), format!("article_id = {b}"), format!("article_id NOT IN ({a}, {b})")]
        .into_iter()
        .enumerate()
    {
        found[place] = app.database.numbers(&sum(condition)).await[0];
    }
    found
}

async fn excluded(app: &TestApp) -> Value {
    app.settled().await;
    let (token, _) = staff(app, &format!("reader{}", rand()), Role::Reader).await;
    let answer = ask_as(app, &token, "{ viewStats(hours: 1) { excluded { reason views } } }", json!({})).await;
    let all = answer["data"]["viewStats"]["excluded"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    all.into_iter()
        .map(|e| (e["reason"].as_str().expect("a word").to_owned(), e["views"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A number that no other call gets.
fn rand() -> u64 {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[tokio::test]
async fn a_reader_counts_once_in_half_an_hour_and_others_do_not_count() {
    let app = app().await;
    let (a, b) = (app.id_of("a").await, app.id_of("b").await);
    let post = format!("/v/{a}");
    let first = beacon(&app, &post, "192.0.2.1", FIREFOX).await;
    assert_eq!((first.status, first.header("cache-control")), (204, Some("no-store")));
    beacon(&app, &post, "192.0.2.1", FIREFOX).await;
    beacon(&app, &post, "192.0.2.1", SAFARI).await;
    beacon(&app, &post, "198.51.100.1", FIREFOX).await;
    beacon(&app, &format!("/v/{b}"), "192.0.2.1", FIREFOX).await;
    beacon(&app, &post, "192.0.2.9", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)").await;
    beacon(&app, &post, "192.0.2.9", "").await;
    let ahead = [("x-forwarded-for", "192.0.2.9"), ("user-agent", FIREFOX), ("sec-purpose", "prefetch;prerender")];
    assert_eq!(send(app.address, "POST", &post, &ahead, b"").await.status, 204);
    assert_eq!(counts(&app).await, [3, 1, 0]);
    assert_eq!(excluded(&app).await, json!({ "REPEAT": 1, "ROBOT": 2, "PREFETCH": 1 }));

    app.set_time("2026-03-01T00:29:59Z");
    beacon(&app, &post, "192.0.2.1", FIREFOX).await;
    assert_eq!(counts(&app).await, [3, 1, 0], "not yet");
    app.set_time("2026-03-01T00:30:00Z");
    beacon(&app, &post, "192.0.2.1", FIREFOX).await;
    assert_eq!(counts(&app).await, [4, 1, 0]);
    // Nothing leads from what is kept to an address, and the key of the day before is gone.
    app.set_time("2026-03-02T12:00:00Z");
    beacon(&app, &post, "192.0.2.1", FIREFOX).await;
    let keys = "SELECT count(*) FROM secret WHERE name LIKE 'views:%'";
    assert_eq!(app.database.numbers(keys).await, [1]);
    app.settled().await;
    let db = app.database.open().await;
    tidings::ranking::forget(&db, chrono_tz::Tz::UTC, app.now() + 24 * 3_600_000).await.expect("it forgets");
    db.close().await;
    assert_eq!(app.database.numbers(keys).await, [0], "and nobody need come for that");
    assert_eq!(app.database.numbers("SELECT count(*) FROM view_batch WHERE is_folded").await, [0]);
}

#[tokio::test]
async fn pictures_count_and_what_is_no_article_is_nobodys_view() {
    let mut app = app().await;
    let a = app.id_of("a").await;
    let headers = [("x-forwarded-for", "192.0.2.1"), ("user-agent", FIREFOX)];
    let picture = send(app.address, "GET", &format!("/v/{a}.gif"), &headers, b"").await;
    assert_eq!(
        (picture.status, picture.header("content-type"), picture.header("cache-control")),
        (200, Some("image/gif"), Some("no-store"))
    );
    assert_eq!((&picture.body[..6], picture.body.len()), (&b"GIF89a"[..], 43));
    assert_eq!(counts(&app).await, [1, 0, 0]);
    let (draft, future) = (app.id_of("draft").await, app.id_of("future").await);
    let (b, channel) = (app.id_of("b").await, app.id("channel", "news").await);
    app.import(&[article("b").set("status", "draft")]).await;
    for id in [&draft, &future, &b, &channel, "QQ", "x", "", "A".repeat(4_000).as_str()] {
        assert_eq!(beacon(&app, &format!("/v/{id}"), "192.0.2.1", FIREFOX).await.status, 204, "quietly: {id}");
    }
    assert_eq!(counts(&app).await, [1, 0, 0]);
    assert_eq!(excluded(&app).await, json!({}), "not even as what does not count");
    for (method, target, status, allow) in [
        ("GET", format!("/v/{a}"), 405, "POST, OPTIONS"),
        ("POST", format!("/v/{a}.gif"), 405, "GET, HEAD, OPTIONS"),
        ("HEAD", format!("/v/{a}.gif"), 200, ""),
    ] {
        let answer = send(app.address, method, &target, &[("user-agent", SAFARI)], b"").await;
        assert_eq!((answer.status, answer.header("allow").unwrap_or_default()), (status, allow), "{method} {target}");
    }
    assert_eq!(counts(&app).await, [1, 0, 0], "who only asks whether it is there reads nothing");
    let ask = [("origin", "https://partner.example"), ("access-control-request-method", "POST")];
    let answer = send(app.address, "OPTIONS", &format!("/v/{a}"), &ask, b"").await;
    let allowed = |name: &str| answer.header(name).map(str::to_owned);
    assert_eq!(answer.status, 204);
    assert_eq!(allowed("access-control-allow-origin").as_deref(), Some("https://partner.example"));
    assert_eq!(allowed("access-control-allow-credentials").as_deref(), Some("true"));
}

#[tokio::test]
async fn a_flood_from_one_network_moves_little() {
    let app = app().await;
    let (a, b) = (app.id_of("a").await, app.id_of("b").await);
    for visitor in 0..300 {
        let client = format!("192.0.2.{}", visitor % 250);
        beacon(&app, &format!("/v/{a}"), &client, &format!("{FIREFOX} {visitor}")).await;
    }
    beacon(&app, &format!("/v/{b}"), "192.0.2.1", FIREFOX).await;
    beacon(&app, &format!("/v/{a}"), "198.51.100.1", FIREFOX).await;
    assert_eq!(counts(&app).await, [25, 1, 0], "24 of its share, and one of another network");
    assert_eq!(excluded(&app).await, json!({ "BURST": 276 }));
    // Beyond the share of the network nothing is kept of what it was of: ids that do not exist fill no disk.
    for n in 0..400 {
        let id = crate::workflow::tidings_id(b'A', 1_000_000 + n);
        beacon(&app, &format!("/v/{id}"), "192.0.2.1", FIREFOX).await;
    }
    assert_eq!(counts(&app).await, [25, 1, 0]);
    let all = excluded(&app).await["BURST"].as_i64();
    assert!(all.is_some_and(|all| (276 + 90..276 + 110).contains(&all)), "what is beyond six hundred is one number: {all:?}");
}

const RECORD: &str = "mutation($views: [ViewInput!]!) { recordViews(input: {views: $views}) { recorded userErrors { field } } }";

#[tokio::test]
async fn an_app_reports_what_was_read_without_network() {
    let app = app().await;
    let (a, b) = (app.id_of("a").await, app.id_of("b").await);
    let record = async |views: Value| {
        let headers = [("x-forwarded-for", "192.0.2.1"), ("user-agent", "okhttp/4.12.0")];
        app.post(&json!({ "query": RECORD, "variables": { "views": views } }), &headers).await.json()["data"]["recordViews"]
            .clone()
    };
    let views = json!([
        { "article": a, "at": "2026-02-28T20:00:00Z" },
        { "article": a, "at": "2026-02-28T20:29:00Z" },
        { "article": a, "at": "2026-02-28T20:30:00Z" },
        { "article": b },
        { "article": a, "at": "2026-02-27T23:59:59Z" },
        { "article": a, "at": "2026-03-01T00:01:01Z" },
        { "article": "nonsense" },
        { "article": b, "at": "2026-03-01T00:00:59Z" },
    ]);
    let refused = json!([{ "field": "views[4].at" }, { "field": "views[5].at" }, { "field": "views[6].article" }]);
    assert_eq!(record(views.clone()).await, json!({ "recorded": 5, "userErrors": refused }));
    assert_eq!(counts(&app).await, [2, 1, 0]);
    assert_eq!(record(views).await["recorded"], 5, "sent again, because the answer was lost");
    assert_eq!(counts(&app).await, [2, 1, 0], "and counted once");
    let day: Vec<Value> = (0..11).map(|n| json!({ "article": b, "at": format!("2026-02-28T{:02}:10:00Z", 8 + n) })).collect();
    for _ in 0..3 {
        record(json!(day)).await;
    }
    assert_eq!(counts(&app).await, [2, 12, 0], "a day of one reader, sent three times");
    let of_a = number(&app, "a").await;
    let hours = app.database.numbers(&format!("SELECT hour FROM view_hour WHERE article_id = {of_a} ORDER BY hour")).await;
    let hour = crate::app::millis("2026-02-28T20:00:00Z") / 3_600_000;
    assert_eq!(hours, [hour], "in the hour when it was read");
    let many: Vec<Value> = (0..501).map(|_| json!({ "article": a })).collect();
    for wrong in [json!([]), json!(many)] {
        assert_eq!(record(wrong).await, json!({ "recorded": 0, "userErrors": [{ "field": "views" }] }));
    }
}

#[tokio::test]
async fn only_those_who_may_see_how_much_is_read() {
    let app = app().await;
    let query = "{ viewStats(hours: 3) { views hours { at views } } }";
    assert_eq!(code(&app.ask(query, json!({})).await), "UNAUTHENTICATED");
    let a = app.id_of("a").await;
    beacon(&app, &format!("/v/{a}"), "192.0.2.1", FIREFOX).await;
    app.settled().await;
    let (token, _) = staff(&app, "reader", Role::Reader).await;
    let answer = ask_as(&app, &token, query, json!({})).await;
    let hours = json!([{ "at": "2026-03-01T06:00:00+08:00", "views": 0 }, { "at": "2026-03-01T07:00:00+08:00", "views": 0 },
        { "at": "2026-03-01T08:00:00+08:00", "views": 1 }]);
    assert_eq!(answer["data"]["viewStats"], json!({ "views": 1, "hours": hours }), "{answer}");
    for hours in [0, 745] {
        let answer = ask_as(&app, &token, &format!("{{ viewStats(hours: {hours}) {{ views }} }}"), json!({})).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
    }
}

#[tokio::test]
async fn what_could_not_be_kept_is_kept_later_and_counted_once() {
    let app = app().await;
    let post = format!("/v/{}", app.id_of("a").await);
    app.database.execute("ALTER TABLE view_batch RENAME TO elsewhere").await;
    for _ in 0..2 {
        let answer = beacon(&app, &post, "192.0.2.1", FIREFOX).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "SERVICE_UNAVAILABLE"));
    }
    app.database.execute("ALTER TABLE elsewhere RENAME TO view_batch").await;
    assert_eq!(beacon(&app, &post, "192.0.2.1", FIREFOX).await.status, 204, "sent again, as the answer said");
    assert_eq!(counts(&app).await, [1, 0, 0]);
    assert_eq!(excluded(&app).await, json!({ "REPEAT": 2 }));
}

#[tokio::test]
async fn programs_on_one_database_count_once_and_show_the_same() {
    let app = app().await;
    let (other, charts, stop) = app.another().await;
    let ids = [app.id_of("a").await, app.id_of("b").await];
    for reader in 0..40_usize {
        let client = format!("192.0.{}.{}", reader % 7, reader);
        let headers = [("x-forwarded-for", client.as_str()), ("user-agent", FIREFOX)];
        let address = if reader % 2 == 0 { app.address } else { other };
        let target = format!("/v/{}", ids[usize::from(reader % 4 == 3)]);
        assert_eq!(send(address, "POST", &target, &headers, b"").await.status, 204);
    }
    assert_eq!(counts(&app).await, [30, 10, 0]);
    // Who has read something by one of them has read it for the other.
    // That is in both when both have gone through another minute.
    for minute in ["2026-03-01T00:01:00Z", "2026-03-01T00:02:00Z"] {
        app.set_time(minute);
        let is_there = || [&charts, &app.charts].iter().all(|charts| charts.state().minute == app.now() / 60_000);
        crate::search::wait(is_there).await;
    }
    for (reader, address) in [(0, other), (1, app.address)] {
        let client = format!("192.0.{reader}.{reader}");
        let headers = [("x-forwarded-for", client.as_str()), ("user-agent", FIREFOX)];
        assert_eq!(send(address, "POST", &format!("/v/{}", ids[0]), &headers, b"").await.status, 204);
    }
    assert_eq!(counts(&app).await, [30, 10, 0]);
    assert_eq!(excluded(&app).await, json!({ "REPEAT": 2 }));
    for _ in 0..500 {
        if charts.state() == app.charts.state() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    for by in By::EVERY {
        let (own, others) = (app.charts.chart(Scope::Site, by), charts.chart(Scope::Site, by));
        let (own, others) = (own.expect("a ranking"), others.expect("a ranking"));
        assert_eq!((&own.places, own.places.len()), (&others.places, 2), "{by:?}");
    }
    let _ = stop.send(());
}
