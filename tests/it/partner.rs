//! Contracts: what they grant can be had on every surface, and nothing else on any.

use serde_json::{Value, json};
use tidings::auth::Role;

use crate::access::{ask_as, code, staff};
use crate::app::{TestApp, texts};
use crate::client::{Answer, percent, send};
use crate::records::{Record, article, channel, everywhere, media, placement, portal, source, tag, topic};
use crate::withdrawal::{MARK, SCHEMA, Walk, unlimited};

/// Stand in one place each, and nowhere else.
const BODY: &str = "正文里的暗号";
const SUMMARY: &str = "提要里的暗号";
const FILE: &str = "attachment-mark.pdf";
const COVER: &str = "cover-mark.jpg";
const LATE: &str = "刚刚发布的标题";
const WITHHELD: &str = "来源不许转发的标题";
const MINE: &str = "合作站可用的标题";

/// The portal of `withdrawal` (what its walk asks for) with articles inside and outside of contracts; [`MARK`] is outside.
fn records() -> Vec<Record> {
    let full = |record: Record| {
        record
            .set("summary", SUMMARY)
            .set("body", format!("<p>{BODY}，园区首座加氢站向社会开放。</p>"))
            .set(
                "attachments",
                json!([{ "name": "附件", "url": format!("/files/{FILE}"), "mimeType": "application/pdf", "sizeBytes": 7 }]),
            )
            .set("gallery", json!([{ "media": "m", "caption": "图" }]))
    };
    portal([
        channel("mine").set("name", "合作频道"),
        channel("below").parent("mine"),
        source("s").set("syndication", "full"),
        source("theirs").set("syndication", "full"),
        source("closed").set("syndication", "none"),
        tag("合作"),
        topic("t"),
        media("m").set("url", format!("/media/{COVER}")),
        full(everywhere("newer")).channel("below").set("title", MINE).published("2026-02-25T00:00:00Z").views(900),
        full(everywhere("gone")).set("title", MARK).published("2026-02-20T00:00:00Z").views(1_000),
        full(everywhere("older")).published("2026-02-10T00:00:00Z").views(100).set("title", "园区旧闻").tags(&["氢能", "合作"]),
        full(article("late")).channel("mine").set("title", LATE).published("2026-02-28T23:30:00Z").views(5_000),
        full(article("withheld"))
            .channel("mine")
            .set("title", WITHHELD)
            .set("source", "closed")
            .published("2026-02-26T00:00:00Z"),
        full(article("theirs")).set("source", "theirs").set("title", "别家来源的稿件").published("2026-02-24T00:00:00Z"),
        placement("headline", &["gone", "newer", "late", "withheld"]),
    ])
}

/// A partner with a key.
struct Partner {
    contract: Value,
    key: String,
}

async fn chief(app: &TestApp) -> String {
    staff(app, "chief", Role::Chief).await.0
}

/// Makes a contract of `input` and a key for it.
async fn partner(app: &TestApp, chief: &str, input: Value) -> Partner {
    let create = "mutation($input: CreateContractInput!) { createContract(input: $input) { contract { id embedKey } userErrors { field message } } }";
    let answer = ask_as(app, chief, create, json!({ "input": input })).await;
    let contract = answer["data"]["createContract"]["contract"].clone();
    assert!(contract.is_object(), "{answer}");
    let create =
        "mutation($input: CreateContractKeyInput!) { createContractKey(input: $input) { secret userErrors { message } } }";
    let key = ask_as(app, chief, create, json!({ "input": { "contract": contract["id"], "name": "网站" } })).await;
    let key = key["data"]["createContractKey"]["secret"].as_str().unwrap_or_else(|| panic!("{key}")).to_owned();
    Partner { contract, key }
}

impl Partner {
    fn id(&self) -> &str {
        self.contract["id"].as_str().expect("an id")
    }

    fn embed_key(&self) -> &str {
        self.contract["embedKey"].as_str().expect("a key")
    }

    async fn get(&self, app: &TestApp, path: &str) -> Answer {
        send(app.address, "GET", path, &[("authorization", &format!("Bearer {}", self.key))], b"").await
    }

    async fn ask(&self, app: &TestApp, query: &str) -> Value {
        ask_as(app, &self.key, query, json!({})).await
    }
}

/// Every feed, and every embed of `partner`.
fn addresses(partner: &Partner, ids: &[String]) -> (Vec<String>, Vec<String>) {
    let lists = [
        "site",
        "channel/news",
        "channel/mine",
        "channel/below",
        "tag/%E6%B0%A2%E8%83%BD",
        "tag/%E5%90%88%E4%BD%9C",
        "topic/t",
        "source/s",
        "source/theirs",
        "source/closed",
        "ranking",
        "channel/mine/ranking",
        "placement/headline",
    ];
    let words = [MARK, LATE, WITHHELD, MINE, BODY, SUMMARY, "园区"];
    let mut feeds = Vec::new();
    for format in ["rss", "atom", "json"] {
        feeds.extend(lists.iter().map(|list| format!("/feed/{list}.{format}?limit=100")));
        feeds.extend(["hour", "all"].iter().map(|window| format!("/feed/ranking.{format}?window={window}")));
        feeds.extend(words.iter().map(|word| format!("/feed/search.{format}?q={}", percent(word))));
    }
    let key = partner.embed_key();
    let mut embeds: Vec<String> = lists
        .iter()
        .filter(|list| !list.contains("ranking"))
        .map(|list| format!("/embed/list?of={list}&contract={key}"))
        .collect();
    embeds.push(format!("/embed/ranking?of=site&contract={key}"));
    embeds.extend(ids.iter().map(|id| format!("/embed/card?article={id}&contract={key}")));
    (feeds, embeds)
}

/// Everything that `partner` gets on any surface, by surface.
async fn everything(app: &TestApp, partner: &Partner, schema: &Value, ids: &[String]) -> Vec<(String, String)> {
    let names = [
        ("slug", "gone"),
        ("slug", "newer"),
        ("slug", "late"),
        ("slug", "withheld"),
        ("legacyId", "legacy-gone"),
        ("url", "/old/gone.html"),
    ];
    let mut got = Vec::new();
    // What is refused takes what stands beside it along: once with all, once without what may be refused.
    let refused: [&[&str]; 3] = [
        &[],
        &["body", "gallery", "attachments", "snippet"],
        &["body", "gallery", "attachments", "snippet", "summary", "subtitle", "cover", "corrections"],
    ];
    for without in refused {
        for (surface, document) in Walk::new(schema).without(without).documents(&names, ids) {
            let answer = partner.ask(app, &document).await;
            got.push((format!("{surface} without {without:?}"), answer.to_string()));
        }
    }
    for word in [MARK, LATE, WITHHELD, BODY, SUMMARY] {
        let query = format!(
            "{{ search(query: \"{word}\") {{ totalCount didYouMean nodes {{ id title }} facets {{ channels {{ count }} years {{ year count }} }} }} }}"
        );
        let answer = partner.ask(app, &query).await;
        got.push((format!("search {word}"), answer.to_string()));
        let suggest = format!("{{ suggest(prefix: \"{}\") {{ __typename }} }}", word.chars().take(3).collect::<String>());
        got.push((format!("suggest {word}"), partner.ask(app, &suggest).await.to_string()));
    }
    let (feeds, embeds) = addresses(partner, ids);
    for path in feeds.into_iter().chain(embeds) {
        let answer = partner.get(app, &path).await;
        got.push((path, String::from_utf8_lossy(&answer.body).into_owned()));
    }
    got
}

/// Contract × surface: made from the schema and the lists of feeds and embeds, for contracts of every kind of scope and of every reach.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_outside_a_contract_can_be_had_anywhere() {
    let app = TestApp::configured(&records(), |config| {
        unlimited(config);
        config.syndication.public_feeds = "full".into();
    })
    .await;
    app.related().await;
    let chief = chief(&app).await;
    let schema = app.query(SCHEMA).await;
    let mut ids = Vec::new();
    for slug in ["newer", "gone", "late", "withheld", "theirs"] {
        ids.push(app.id("article", slug).await);
    }
    let media = crate::workflow::tidings_id(b'M', app.database.numbers("SELECT id FROM media").await[0]);
    ids.push(media);
    let (mine, source, tag) =
        (app.id("channel", "mine").await, app.id("source", "s").await, app.query("{ tag(by: {name: \"合作\"}) { id } }").await);
    let tag = tag["tag"]["id"].clone();
    for fields in ["HEADLINE", "SUMMARY", "FULL"] {
        for (scope, sees_mine) in [
            (json!({ "channels": [mine] }), true),
            (json!({ "tags": [tag] }), false),
            (json!({ "sources": [source] }), true),
            (json!({ "channels": [mine], "tags": [tag] }), true),
            (json!({}), true),
        ] {
            let mut input = json!({ "name": format!("{fields} {scope}"), "fields": fields, "delaySecs": 3_600 });
            input.as_object_mut().expect("an object").extend(scope.as_object().expect("an object").clone());
            let partner = partner(&app, &chief, input).await;
            let got = everything(&app, &partner, &schema, &ids).await;
            let is_scoped = scope != json!({});
            let grants_source = scope.get("sources").is_some();
            let mut seen = 0;
            for (surface, text) in &got {
                let may_repeat = surface.contains("search") || surface.contains("suggest");
                // What was asked for is said again in errors and titles of feeds.
                let has = |mark: &str| {
                    text.contains(mark) && !(may_repeat && (surface.contains(mark) || surface.contains(&percent(mark))))
                };
                if is_scoped && !grants_source {
                    assert!(!has(MARK), "{fields} {scope}: {surface} shows what is outside: {text}");
                }
                assert!(!has(LATE), "{fields} {scope}: {surface} shows what is too new: {text}");
                assert!(!has(WITHHELD), "{fields} {scope}: {surface} shows what its source does not let pass on: {text}");
                let is_embed = surface.starts_with("/embed");
                if fields != "FULL" || is_embed {
                    assert!(!has(BODY) && !has(FILE), "{fields} {scope}: {surface} shows a text: {text}");
                }
                if fields == "HEADLINE" {
                    assert!(!has(SUMMARY) && !has(COVER), "{fields} {scope}: {surface} shows a summary: {text}");
                }
                seen += usize::from(text.contains(MINE) || text.contains("园区旧闻"));
            }
            assert!(seen > 10, "{fields} {scope}: what is granted is seen on {seen} surfaces alone");
            let shows_mine = got.iter().any(|(surface, text)| surface.starts_with("/feed/site") && text.contains(MINE));
            assert_eq!(shows_mine, sees_mine, "{fields} {scope}");
            // By words that stand in texts alone nothing is found without them.
            let by_body = got.iter().find(|(surface, _)| *surface == format!("search {BODY}")).expect("it was asked");
            let finds = by_body.1.contains("\"totalCount\":0");
            assert_eq!(finds, fields != "FULL", "{fields} {scope}: {}", by_body.1);
        }
    }
}

#[tokio::test]
async fn a_refusal_names_its_rule() {
    let app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let (mine, theirs) = (app.id("channel", "mine").await, app.id("source", "theirs").await);
    let input = json!({ "name": "示例合作站", "fields": "SUMMARY", "channels": [mine], "quota": { "requestsPerMinute": 3 } });
    let partner = partner(&app, &chief, input).await;
    let answer = partner.ask(&app, "{ article(by: {slug: \"newer\"}) { title body { html } } }").await;
    assert_eq!(code(&answer), "CONTRACT_REFUSED", "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["rule"], "FIELDS");
    assert_eq!(answer["data"]["article"]["title"], MINE, "the rest is there");
    let answer = partner.get(&app, "/feed/site.json?fields=full").await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "CONTRACT_REFUSED"));
    assert_eq!(answer.json()["errors"][0]["extensions"]["rule"], "FIELDS");
    let answer = partner.get(&app, "/feed/channel/news.json").await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["extensions"]["rule"]), (403, &json!("SCOPE")));
    // The third was the last of this minute.
    let answer = partner.get(&app, "/feed/site.json").await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "RATE_LIMITED"), "{}", answer.text());
    assert_eq!(answer.json()["errors"][0]["extensions"]["rule"], "QUOTA");
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(answer.header("ratelimit"), Some("\"requests-minute\";r=0;t=60"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"requests-minute\";q=3;w=60"));
    let header = format!("Bearer {}", partner.key);
    let answer = app.post(&json!({ "query": "{ site { name } }" }), &[("authorization", &header)]).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "RATE_LIMITED"));
    app.set_time("2026-03-01T00:01:00Z");
    let answer = partner.get(&app, "/feed/site.json").await;
    assert_eq!((answer.status, answer.header("ratelimit")), (200, Some("\"requests-minute\";r=2;t=60")), "{}", answer.text());
    // A contract about a source says nothing about another, by whichever way it is asked.
    let other = json!({ "name": "另一家", "sources": [theirs] });
    let other = self::partner(&app, &chief, other).await;
    let answer = other.get(&app, "/feed/source/s.rss").await;
    assert_eq!(answer.json()["errors"][0]["extensions"]["rule"], "SCOPE");
    let answer = other.ask(&app, "{ article(by: {slug: \"newer\"}) { title } suggest(prefix: \"合\") { __typename } }").await;
    assert_eq!(answer["errors"][0]["extensions"]["rule"], "SCOPE", "{answer}");
    let unknown = send(app.address, "GET", "/feed/site.rss?key=tidk_none", &[], b"").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (401, "UNAUTHENTICATED"));
    assert!(unknown.header("www-authenticate").is_some());
}

/// Nobody waits for a second: with its end, by hand or by its date, all is cut off, from what was kept too.
#[tokio::test]
async fn a_contract_that_ends_cuts_everything_off() {
    let app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let mine = app.id("channel", "mine").await;
    let ends = json!({ "name": "示例合作站", "channels": [mine], "endsAt": "2026-03-01T00:10:00Z", "embedOrigins": ["https://partner.example"] });
    let partner = partner(&app, &chief, ends.clone()).await;
    let paths = [
        format!("/feed/site.rss?key={}", partner.key),
        format!("/feed/channel/mine.json?key={}", partner.key),
        format!("/embed/list?of=site&contract={}", partner.embed_key()),
        format!("/embed/card?article={}&contract={}", app.id("article", "newer").await, partner.embed_key()),
    ];
    let tags: Vec<String> = {
        let mut tags = Vec::new();
        for path in &paths {
            let answer = app.get(path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            tags.push(answer.header("etag").expect("a tag").to_owned());
        }
        tags
    };
    let header = format!("Bearer {}", partner.key);
    let asked = json!({ "query": "{ articles { nodes { title } } }" });
    assert_eq!(
        texts(&app.post(&asked, &[("authorization", &header)]).await.json()["data"]["articles"]["nodes"], "title").len(),
        2
    );
    app.set_time("2026-03-01T00:10:00Z");
    for (path, tag) in paths.iter().zip(&tags) {
        // Who has it already does not go on having it.
        let answer = send(app.address, "GET", path, &[("if-none-match", tag)], b"").await;
        assert_eq!(answer.status, 403, "{path}");
        let text = answer.text();
        assert!(!text.contains(MINE), "{path}: {text}");
        if path.starts_with("/feed") {
            assert_eq!(answer.json()["errors"][0]["extensions"]["rule"], "END");
        } else {
            assert_eq!(answer.header("tidings-refused"), Some("END"));
        }
    }
    let answer = app.post(&asked, &[("authorization", &header)]).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "CONTRACT_REFUSED"), "{}", answer.text());
    app.set_time("2026-03-01T00:00:00Z");
    assert_eq!(app.get(&paths[0]).await.status, 200);
    let end = "mutation($id: ID!) { endContract(input: {id: $id}) { contract { isActive endsAt } userErrors { message } } }";
    let answer = ask_as(&app, &chief, end, json!({ "id": partner.id() })).await;
    assert_eq!(
        answer["data"]["endContract"]["contract"],
        json!({ "isActive": false, "endsAt": "2026-03-01T08:00:00+08:00" }),
        "{answer}"
    );
    for path in &paths {
        assert_eq!(app.get(path).await.status, 403, "{path}");
    }
    // A key that is revoked opens nothing from the answer on.
    let other = self::partner(&app, &chief, json!({ "name": "另一家" })).await;
    let path = format!("/feed/site.rss?key={}", other.key);
    assert_eq!(app.get(&path).await.status, 200);
    let keys =
        ask_as(&app, &chief, "query($id: ID!) { contract(id: $id) { keys { id revokedAt } } }", json!({ "id": other.id() }))
            .await;
    let key = keys["data"]["contract"]["keys"][0]["id"].clone();
    let revoke = "mutation($id: ID!) { revokeContractKey(input: {id: $id}) { apiKey { revokedAt } userErrors { message } } }";
    let answer = ask_as(&app, &chief, revoke, json!({ "id": key })).await;
    assert!(answer["data"]["revokeContractKey"]["apiKey"]["revokedAt"].is_string(), "{answer}");
    assert_eq!(app.get(&path).await.status, 401);
}

/// On one database other programs follow within a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_program_hears_of_an_end_within_a_second() {
    let app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let partner = partner(&app, &chief, json!({ "name": "示例合作站" })).await;
    let (other, _, stop) = app.another().await;
    let path = format!("/feed/site.rss?key={}", partner.key);
    assert_eq!(send(other, "GET", &path, &[], b"").await.status, 200);
    let end = "mutation($id: ID!) { endContract(input: {id: $id}) { contract { isActive } } }";
    ask_as(&app, &chief, end, json!({ "id": partner.id() })).await;
    let ended = std::time::Instant::now();
    while send(other, "GET", &path, &[], b"").await.status != 403 {
        assert!(ended.elapsed() < std::time::Duration::from_secs(30), "it was never heard of");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    println!("another program heard of it after {} ms", ended.elapsed().as_millis());
    drop(stop);
}

#[tokio::test]
async fn what_is_used_is_counted_for_staff_and_partner() {
    let mut app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let partner =
        partner(&app, &chief, json!({ "name": "示例合作站", "fields": "FULL", "quota": { "requestsPerDay": 6 } })).await;
    let feed = partner.get(&app, "/feed/site.json?limit=2").await;
    assert_eq!(feed.status, 200);
    let tag = feed.header("etag").expect("a tag");
    let header = format!("Bearer {}", partner.key);
    let again =
        send(app.address, "GET", "/feed/site.json?limit=2", &[("authorization", &header), ("if-none-match", tag)], b"").await;
    assert_eq!(again.status, 304);
    partner.get(&app, "/feed/site.json?fields=nonsense").await;
    partner.ask(&app, "{ articles(first: 3) { nodes { title } } }").await;
    let usage = "{ myContract { name isActive usage { date requests refused items cost bytes lastSeenAt } keys { name } } }";
    let mine = partner.ask(&app, usage).await;
    assert_eq!(mine["data"]["myContract"]["name"], "示例合作站", "{mine}");
    assert!(partner.ask(&app, "{ myContract { note } }").await["errors"][0]["extensions"]["code"] == "FORBIDDEN");
    assert_eq!(code(&partner.ask(&app, "{ contracts { name } }").await), "FORBIDDEN");
    let over = partner.get(&app, "/feed/site.json").await;
    assert_eq!(over.status, 429, "the sixth request was the last: {}", over.text());
    // A restart does not give a day back.
    app.restart().await;
    assert_eq!(partner.get(&app, "/feed/site.json").await.status, 429);
    let staff = "query($id: ID!) { contract(id: $id) { note usage(days: 1) { date requests refused items bytes lastSeenAt } } }";
    let mut found = json!({});
    for _ in 0..100 {
        let answer = ask_as(&app, &chief, staff, json!({ "id": partner.id() })).await;
        found = answer["data"]["contract"]["usage"][0].clone();
        if found["refused"] == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!((&found["date"], &found["requests"], &found["refused"]), (&json!("2026-03-01"), &json!(6), &json!(2)), "{found}");
    assert!(found["items"].as_i64() >= Some(5) && found["bytes"].as_i64() > Some(500), "{found}");
}

#[tokio::test]
async fn contracts_are_checked_and_changed() {
    let app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let create = "mutation($input: CreateContractInput!) { createContract(input: $input) { contract { id } userErrors { field message } } }";
    for (input, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "a", "fields": "NONE" }), "fields"),
        (json!({ "name": "a", "delaySecs": -1 }), "delaySecs"),
        (json!({ "name": "a", "quota": { "requestsPerDay": 0 } }), "quota.requestsPerDay"),
        (json!({ "name": "a", "embedOrigins": ["partner.example"] }), "embedOrigins[0]"),
        (json!({ "name": "a", "embedOrigins": ["https://a.example; script-src *"] }), "embedOrigins[0]"),
        (json!({ "name": "a", "channels": ["QQE"] }), "channels[0]"),
        (json!({ "name": "a", "channels": [crate::workflow::tidings_id(b'C', 999)] }), "channels"),
        (json!({ "name": "a", "startsAt": "2026-03-02T00:00:00Z", "endsAt": "2026-03-01T00:00:00Z" }), "endsAt"),
    ] {
        let answer = ask_as(&app, &chief, create, json!({ "input": input })).await;
        assert_eq!(answer["data"]["createContract"]["userErrors"][0]["field"], field, "{input}: {answer}");
    }
    let (mine, theirs) = (app.id("channel", "mine").await, app.id("source", "theirs").await);
    let input = json!({ "name": "示例合作站", "channels": [mine], "startsAt": "2026-03-01T01:00:00Z", "attribution": "转自{site}：{url}" });
    let partner = partner(&app, &chief, input).await;
    let early = partner.get(&app, "/feed/site.json").await;
    assert_eq!((early.status, &early.json()["errors"][0]["extensions"]["rule"]), (403, &json!("START")));
    let update = "mutation($input: UpdateContractInput!) { updateContract(input: $input) { contract { fields sources { slug } channels { slug } startsAt } userErrors { field } } }";
    let change = json!({ "id": partner.id(), "fields": "FULL", "sources": [theirs], "startsAt": null });
    let answer = ask_as(&app, &chief, update, json!({ "input": change })).await;
    let expected =
        json!({ "fields": "FULL", "sources": [{ "slug": "theirs" }], "channels": [{ "slug": "mine" }], "startsAt": null });
    assert_eq!(answer["data"]["updateContract"]["contract"], expected, "{answer}");
    let feed = partner.get(&app, "/feed/site.json").await;
    let items = feed.json()["items"].clone();
    assert_eq!(texts(&items, "title"), [LATE, MINE, "别家来源的稿件"], "at once, and with what the portal adds: {}", feed.text());
    assert!(
        items[1]["content_html"]
            .as_str()
            .is_some_and(|html| html.contains(BODY) && html.contains("转自海岬科技资讯：https://portal.example/a/")),
        "{items}"
    );
    // To take away all that it is about would make it a contract about everything.
    let empty = json!({ "id": partner.id(), "channels": [], "sources": [] });
    let answer = ask_as(&app, &chief, update, json!({ "input": empty })).await;
    assert_eq!(answer["data"]["updateContract"]["userErrors"][0]["field"], "channels", "{answer}");
    let editor = staff(&app, "editor", Role::Editor).await.0;
    assert_eq!(code(&ask_as(&app, &editor, create, json!({ "input": { "name": "a" } })).await), "FORBIDDEN");
}

/// What those without a key get is the portal's decision, and partners and staff are not bound by it.
#[tokio::test]
async fn a_portal_can_close_what_needs_no_key() {
    let app = TestApp::configured(&records(), |config| {
        config.syndication.public_api = "none".into();
        config.syndication.public_feeds = "none".into();
    })
    .await;
    let refused = app.ask("{ articles { nodes { title } } }", json!({})).await;
    assert_eq!(
        (code(&refused), &refused["errors"][0]["extensions"]["rule"]),
        ("CONTRACT_REFUSED", &json!("PUBLIC")),
        "{refused}"
    );
    for path in ["/feed/site.rss", "/embed/list?of=site"] {
        assert_eq!(app.get(path).await.status, 403, "{path}");
    }
    let chief = chief(&app).await;
    let answer = ask_as(&app, &chief, "{ articles { nodes { body { html } } } }", json!({})).await;
    assert_eq!(answer["data"]["articles"]["nodes"].as_array().map(Vec::len), Some(6), "{answer}");
    let partner = partner(&app, &chief, json!({ "name": "示例合作站", "fields": "HEADLINE" })).await;
    assert_eq!(partner.get(&app, "/feed/site.rss").await.status, 200);
}

/// What a source lets through counts for what is looked into as well: neither what is found nor its order, nor words in common, tell what
/// stands in a text that may not be had.
#[tokio::test]
async fn nothing_tells_what_stands_in_a_text_that_may_not_be_had() {
    let text = |record: Record| {
        let body = format!("<p>{BODY}，备用电源最怕盐雾。</p>");
        record.set("title", "园区首座加氢站开放").set("summary", SUMMARY).set("body", body)
    };
    let app = TestApp::configured(
        &portal([
            source("brief").set("syndication", "summary"),
            source("terse").set("syndication", "headline"),
            source("open").set("syndication", "full"),
            text(article("brief")).set("source", "brief").published("2026-02-20T00:00:00Z"),
            article("whale").set("title", "园区首座加氢站开放").set("body", "<p>鲸歌。</p>").published("2026-02-01T00:00:00Z"),
            text(article("terse")).set("source", "terse").published("2026-02-21T00:00:00Z"),
            text(article("open")).set("source", "open").published("2026-02-22T00:00:00Z"),
        ]),
        |config| config.syndication.public_feeds = "full".into(),
    )
    .await;
    app.heard().await;
    let chief = chief(&app).await;
    let full = partner(&app, &chief, json!({ "name": "全文", "fields": "FULL" })).await;
    let brief = partner(&app, &chief, json!({ "name": "标题", "fields": "HEADLINE" })).await;
    let found = async |partner: &Partner, query: &str| {
        let query = format!("{{ search(query: {}) {{ totalCount nodes {{ slug }} }} }}", json!(query));
        let answer = partner.ask(&app, &query).await;
        let mut slugs = texts(&answer["data"]["search"]["nodes"], "slug");
        slugs.sort();
        assert_eq!(answer["data"]["search"]["totalCount"], slugs.len(), "{answer}");
        slugs
    };
    for query in [format!("\"{BODY}\""), "备用电源最怕盐雾".into(), "\"怕\"".into()] {
        assert_eq!(found(&full, &query).await, ["open"], "{query}");
        assert!(found(&brief, &query).await.is_empty(), "{query}");
        let feed = app.get(&format!("/feed/search.json?q={}", percent(&query))).await.json();
        assert_eq!(feed["items"].as_array().map(Vec::len), Some(1), "{feed}");
    }
    assert_eq!(found(&full, &format!("\"{SUMMARY}\"")).await, ["brief", "open"]);
    // A word that stands in the text alone moves nothing.
    let order = async |query: &str| {
        let query = format!("{{ search(query: {}, first: 4) {{ edges {{ node {{ slug }} }} }} }}", json!(query));
        let answer = brief.ask(&app, &query).await;
        let slugs: Vec<Value> =
            answer["data"]["search"]["edges"].as_array().into_iter().flatten().map(|e| e["node"]["slug"].clone()).collect();
        assert_eq!(slugs.len(), 4, "{answer}");
        slugs
    };
    assert_eq!(order("园区 首座 加氢站 鲸歌").await, order("园区 首座 加氢站 犀鸟").await);
    let answer = full.ask(&app, "{ suggest(prefix: \"备\") { __typename } }").await;
    assert_eq!(answer["errors"][0]["extensions"]["rule"], "SCOPE", "{answer}");
    let words = |answer: &Value| answer["data"]["articles"]["nodes"].to_string().matches("\"terms\":[\"").count();
    let query = "{ articles { nodes { related { terms } } } }";
    assert_eq!(words(&brief.ask(&app, query).await), 0);
}

/// Articles by their ids cost what a page of as many does.
#[tokio::test]
async fn articles_by_id_cost_what_they_are() {
    let app = TestApp::with(&records()).await;
    let cost = async |query: &str| {
        let answer = app.post(&json!({ "query": query, "extensions": { "cost": true } }), &[]).await.json();
        answer["extensions"]["cost"]["cost"].as_i64().unwrap_or_else(|| panic!("{answer}"))
    };
    let id = app.id("article", "newer").await;
    let of =
        |count: usize| format!("{{ nodes(ids: {}) {{ ... on Article {{ title body {{ html }} }} }} }}", json!(vec![&id; count]));
    let (one, fifty) = (cost(&of(1)).await, cost(&of(50)).await);
    assert!(fifty >= one * 40, "{one} {fifty}");
}

/// Fields that are said to be empty are; a contract that could not be made like that any more can be ended.
#[tokio::test]
async fn null_takes_away_and_an_end_asks_for_nothing() {
    let app = TestApp::with(&records()).await;
    let chief = chief(&app).await;
    let (mine, theirs) = (app.id("channel", "mine").await, app.id("source", "theirs").await);
    let input = json!({ "name": "示例合作站", "channels": [mine], "sources": [theirs], "delaySecs": 60, "note": "内部", "contact": "a@b.example",
        "embedOrigins": ["https://partner.example"], "quota": { "requestsPerMinute": 3 }, "attribution": "转自{site}" });
    let partner = partner(&app, &chief, input).await;
    let update = "mutation($input: UpdateContractInput!) { updateContract(input: $input) { contract { note contact attribution delaySecs \
        embedOrigins sources { slug } channels { slug } quota { requestsPerMinute } } userErrors { field message } } }";
    let nothing = json!({ "id": partner.id(), "sources": null, "delaySecs": null, "note": null, "contact": null, "embedOrigins": null,
        "quota": null, "attribution": null, "fields": null, "name": null });
    let answer = ask_as(&app, &chief, update, json!({ "input": nothing })).await;
    let expected = json!({ "note": null, "contact": null, "attribution": null, "delaySecs": 0, "embedOrigins": [], "sources": [],
        "channels": [{ "slug": "mine" }], "quota": { "requestsPerMinute": null } });
    assert_eq!(answer["data"]["updateContract"]["contract"], expected, "{answer}");
    // The program itself may have written since.
    let journal = ask_as(&app, &chief, "{ auditLog(first: 50) { nodes { action details } } }", json!({})).await;
    let nodes = journal["data"]["auditLog"]["nodes"].as_array().expect("a list");
    let changed = nodes.iter().find(|node| node["action"] == "contract.changed").unwrap_or_else(|| panic!("{journal}"));
    let told = changed.to_string();
    assert!(told.contains("delaySecs") && !told.contains("a@b.example"), "{told}");
    let wrong = json!({ "id": partner.id(), "attribution": "转自{name}" });
    let answer = ask_as(&app, &chief, update, json!({ "input": wrong })).await;
    assert_eq!(answer["data"]["updateContract"]["userErrors"][0]["field"], "attribution", "{answer}");
    app.database.execute("UPDATE contract SET attribution = '转自{name}', name = ''").await;
    let end = "mutation($input: EndContractInput!) { endContract(input: $input) { contract { isActive } userErrors { field } } }";
    let answer = ask_as(&app, &chief, end, json!({ "input": { "id": partner.id() } })).await;
    assert_eq!(answer["data"]["endContract"]["contract"]["isActive"], false, "{answer}");
    // A partner may not read what is noted of it, and reads the rest.
    let other = self::partner(&app, &chief, json!({ "name": "另一家", "note": "内部" })).await;
    let answer = other.ask(&app, "{ myContract { name note } }").await;
    assert_eq!(
        (&answer["data"]["myContract"], code(&answer)),
        (&json!({ "name": "另一家", "note": null }), "FORBIDDEN"),
        "{answer}"
    );
}

/// A block under a contract with a delay shows what has come, and one of a slot what its times say, though nobody changes anything.
#[tokio::test]
async fn embeds_follow_the_clock() {
    let app = TestApp::with(&portal([
        article("first").published("2026-02-28T00:00:00Z"),
        article("late").set("title", LATE).published("2026-02-28T23:59:00Z"),
        placement("headline", &[])
            .set("items", json!([{ "article": "late", "endsAt": "2026-03-01T00:00:30Z" }, { "article": "first" }])),
    ]))
    .await;
    let chief = chief(&app).await;
    let partner = partner(&app, &chief, json!({ "name": "示例合作站", "delaySecs": 120 })).await;
    let list = format!("/embed/list?of=site&contract={}", partner.embed_key());
    let has = async |path: &str| app.get(path).await.text().contains(LATE);
    assert!(!has(&list).await && has("/embed/list?of=placement/headline").await);
    app.set_time("2026-03-01T00:00:30Z");
    assert!(!has(&list).await && !has("/embed/list?of=placement/headline").await);
    app.set_time("2026-03-01T00:01:00Z");
    assert!(has(&list).await);
}

/// Schema and nothing else: whoever looks at it does not get data beside it.
#[tokio::test]
async fn looking_at_the_schema_opens_nothing() {
    let app = TestApp::configured(&records(), |config| config.syndication.public_api = "none".into()).await;
    let schema = app.ask("{ __typename ...S } fragment S on Query { __schema { queryType { name } } }", json!({})).await;
    assert_eq!(schema["data"]["__schema"]["queryType"]["name"], "Query", "{schema}");
    for query in [
        "{ __schema { queryType { name } } site { name } }",
        "{ site { name } __schema @skip(if: true) { queryType { name } } }",
        "{ ...S ... { __typename } } fragment S on Query { __type(name: \"Query\") { name } channels { name } }",
    ] {
        let answer = app.ask(query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["rule"], "PUBLIC", "{query}: {answer}");
    }
}
