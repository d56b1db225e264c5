//! Search: every document that has what is asked for, in whichever script; the most telling first; what the database hides is hidden;
//! an index that is lost, foreign or behind is made good.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tidings::auth::Actor;
use tidings::clock::Clock;
use tidings::editorial::{Office, WithdrawalRequest};
use tidings::text::{fold, plain_text};

use crate::app::{NOW, TestApp, texts};
use crate::crash::Dice;
use crate::records::{Record, article, channel, portal, source, tag};

/// The demo's articles: titles and texts.
const DEMO: &str = include_str!("../../src/cli/demo/portal.ndjson");

/// The demo's articles as records, each of a day of its own, and what each consists of.
fn corpus() -> (Vec<Record>, Vec<(String, [String; 2])>) {
    let (mut records, mut truth) = (Vec::new(), Vec::new());
    for (number, line) in DEMO.lines().filter(|line| line.contains("\"kind\":\"article\"")).enumerate() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let slug = format!("demo-{number:03}");
        let published = format!("202{}-{:02}-{:02}T08:00:00Z", number % 6, number % 12 + 1, number % 28 + 1);
        let body = line["body"].as_str().unwrap_or_default();
        let title = line["title"].as_str().unwrap_or_default();
        records.push(article(&slug).set("title", title).set("body", body).published(&published));
        truth.push((slug, [fold(title).text(), fold(&plain_text(body)).text()]));
    }
    assert!(truth.len() > 100, "the demo has {} articles", truth.len());
    (records, truth)
}

/// Waits until the index has everything that was committed.
async fn indexed(app: &TestApp) {
    app.heard().await;
    // What has come meanwhile is on its way.
    wait(|| app.search.is_current()).await;
}

async fn portal_of(records: Vec<Record>) -> TestApp {
    let app = TestApp::with(&portal(records)).await;
    indexed(&app).await;
    app
}

/// All slugs that a search finds, page by page, and what it says of their number.
async fn all(app: &TestApp, query: &str, more: &str) -> (Vec<String>, i64) {
    let document = format!(
        "query($q: String!, $after: String) {{ search(query: $q, first: 100, after: $after{more}) \
         {{ totalCount isExact matched nodes {{ slug }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut found, mut after, mut total) = (Vec::new(), Value::Null, None);
    let mut patience = 2_000;
    loop {
        let data = app.data(&document, json!({ "q": query, "after": after })).await;
        let page = &data["search"];
        // The scheduler may be at work.
        if page["isExact"] == false && patience > 0 {
            patience -= 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        assert_eq!(page["isExact"], true, "{query}");
        assert_eq!(*total.get_or_insert(page["totalCount"].clone()), page["totalCount"], "{query}");
        found.extend(texts(&page["nodes"], "slug"));
        if page["pageInfo"]["hasNextPage"] == false {
            return (found, total.and_then(|total| total.as_i64()).unwrap_or(-1));
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn first(app: &TestApp, query: &str) -> Vec<String> {
    let data = app.data("query($q: String!) { search(query: $q) { nodes { slug } } }", json!({ "q": query })).await;
    texts(&data["search"]["nodes"], "slug")
}

#[tokio::test]
async fn every_part_of_a_text_finds_every_document_that_has_it() {
    let (records, truth) = corpus();
    let app = portal_of(records).await;
    let mut dice = Dice(20_261_123);
    let mut below = |limit: usize| usize::try_from(dice.below(limit as u64)).expect("a small number");
    let mut tried = 0;
    while tried < 200 {
        let text = &truth[below(truth.len())].1[below(2)];
        let chars: Vec<char> = text.chars().collect();
        if chars.len() < 5 {
            continue;
        }
        let (from, length) = (below(chars.len() - 4), 1 + below(4));
        let part: String = chars[from..from + length].iter().collect();
        // White space parts words, and a quotation mark or a minus at the front may mean something.
        if part.contains([' ', '"', '“', '「']) || part.starts_with('-') {
            continue;
        }
        tried += 1;
        let expected: BTreeSet<&String> =
            truth.iter().filter(|(_, texts)| texts.iter().any(|text| text.contains(&part))).map(|(slug, _)| slug).collect();
        let (found, total) = all(&app, &part, "").await;
        assert_eq!(found.iter().collect::<BTreeSet<_>>(), expected, "{part:?}");
        assert_eq!((found.len(), total), (expected.len(), i64::try_from(expected.len()).expect("few")), "{part:?}: each once");
    }
}

#[tokio::test]
async fn either_script_width_and_case_finds_the_other() {
    let app = portal_of(vec![
        article("simplified").set("title", "烟台经济技术开发区发布氢能产业规划"),
        article("traditional").set("title", "煙臺經濟技術開發區發佈氫能產業規劃解讀"),
        article("latin").set("title", "按 GB/T 7714 著录，５Ｇ 与 C919 的数据"),
        article("mixed").set("title", "国产大飞机c919首航"),
    ])
    .await;
    for query in ["氢能产业", "氫能產業", "烟台经济技术开发区", "煙臺經濟技術開發區", "發佈"] {
        assert_eq!(all(&app, query, "").await.1, 2, "{query}");
    }
    for query in ["gb/t 7714", "ＧＢ／Ｔ", "\"gb/t 7714\"", "5g", "５Ｇ"] {
        assert_eq!(first(&app, query).await, ["latin"], "{query}");
    }
    assert_eq!(all(&app, "Ｃ９１９", "").await.1, 2);
    assert_eq!(all(&app, "c9", "").await.1, 2, "a part of a word of letters");
}

#[tokio::test]
async fn titles_and_phrases_lead_and_exclusions_hold() {
    let often = "海上风电项目很多，海上风电很重要。".repeat(30);
    let app = portal_of(vec![
        article("often").set("title", "行业观察").set("bodyText", often.as_str()).published("2026-02-27T00:00:00Z"),
        article("title").set("title", "海上风电的一年").set("bodyText", "没有别的。").published("2024-01-01T00:00:00Z"),
        article("apart").set("title", "海上作业与风电安装").set("bodyText", "海上和风电。").published("2026-02-27T00:00:00Z"),
        article("tagged").set("title", "要闻").set("bodyText", "无。").tags(&["海上风电"]).published("2024-01-01T00:00:00Z"),
    ])
    .await;
    assert_eq!(first(&app, "海上风电").await, ["title", "tagged", "often"]);
    assert_eq!(first(&app, "海上 风电").await[0], "title", "the words together say more than apart");
    assert_eq!(first(&app, "海上 风电").await.len(), 4);
    assert_eq!(first(&app, "\"海上风电\" -一年").await, ["tagged", "often"]);
    assert_eq!(first(&app, "海上 风电 -\"海上风电\"").await, ["apart"]);
    let (newest, _) = all(&app, "海上", ", orderBy: NEWEST").await;
    assert_eq!(newest.len(), 4);
    assert!(newest[..2].contains(&"often".to_owned()) && newest[..2].contains(&"apart".to_owned()), "{newest:?}");
}

#[tokio::test]
async fn where_nothing_has_all_words_most_will_do() {
    let app = portal_of(vec![article("a").set("title", "烟台氢能产业政策发布"), article("b").set("title", "烟台天气")]).await;
    let ask = "query($q: String!) { search(query: $q) { matched nodes { slug } } }";
    let data = app.data(ask, json!({ "q": "烟台氢能产业补贴怎么申请" })).await;
    assert_eq!(data["search"], json!({ "matched": "MOST", "nodes": [{ "slug": "a" }] }));
    let data = app.data(ask, json!({ "q": "烟台 氢能" })).await;
    assert_eq!(data["search"], json!({ "matched": "ALL", "nodes": [{ "slug": "a" }] }));
    let data = app.data(ask, json!({ "q": "月球 基地" })).await;
    assert_eq!(data["search"], json!({ "matched": "ALL", "nodes": [] }));
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let app = portal_of(vec![article("a").set("title", "a AND (b OR title:c)* ~2 \\ \"quoted")]).await;
    for query in ["AND", "(b", "title:c", "*", "\\", "~2", "\"quoted", "or title:c)*", "a AND (b OR title:c)* ~2 \\ \"quoted"] {
        assert_eq!(first(&app, query).await, ["a"], "{query}");
    }
    for query in ["^", "a\u{0}b", "\u{200d}x", "-", "--", "''; DROP TABLE article", "[* TO *]", "\"\"", "((((((", "😀👨‍👩‍👧"]
    {
        drop(first(&app, query).await);
    }
    for (query, says) in
        [("", "nothing to look for"), ("\u{200b} \t", "nothing to look for"), (&*"长".repeat(1_001), "1000 are the most")]
    {
        let answer = app.ask("query($q: String!) { search(query: $q) { totalCount } }", json!({ "q": query })).await;
        let error = &answer["errors"][0];
        assert_eq!((&error["extensions"]["code"], &error["extensions"]["field"]), (&json!("BAD_USER_INPUT"), &json!("query")));
        assert!(error["message"].as_str().is_some_and(|text| text.contains(says)), "{error}");
    }
    assert!(first(&app, &"长".repeat(1_000)).await.is_empty());
    let answer = app.ask("{ search(query: \"a\", after: \"x\") { totalCount } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["field"], "after");
}

#[tokio::test]
async fn filters_and_facets_agree() {
    let record = |name: &str, home: &str, year: u32, tag: &str| {
        article(name).set("title", format!("氢能{name}")).channel(home).tags(&[tag]).published(&format!("{year}-06-01T00:00:00Z"))
    };
    let app = portal_of(vec![
        channel("energy"),
        channel("hydrogen").parent("energy"),
        source("gazette"),
        record("a", "energy", 2024, "政策"),
        record("b", "hydrogen", 2024, "政策").set("source", "gazette"),
        record("c", "hydrogen", 2025, "示范"),
        article("d").set("title", "别的").channel("energy"),
        // In the portal's time zone this is the first of January.
        record("e", "news", 2025, "示范").published("2025-12-31T18:00:00Z"),
    ])
    .await;
    let ask = "{ search(query: \"氢能\") { totalCount facets { channels { count channel { slug } } sources { count source { slug } } \
         tags { count tag { name } } years { year count } } } }";
    let found = app.query(ask).await["search"].clone();
    assert_eq!(
        found,
        json!({ "totalCount": 4, "facets": {
            "channels": [
                { "count": 3, "channel": { "slug": "energy" } },
                { "count": 2, "channel": { "slug": "hydrogen" } },
                { "count": 1, "channel": { "slug": "news" } },
            ],
            "sources": [{ "count": 1, "source": { "slug": "gazette" } }],
            "tags": [{ "count": 2, "tag": { "name": "政策" } }, { "count": 2, "tag": { "name": "示范" } }],
            "years": [{ "year": 2026, "count": 1 }, { "year": 2025, "count": 1 }, { "year": 2024, "count": 2 }],
        } })
    );
    let energy = app.id("channel", "energy").await;
    let gazette = app.id("source", "gazette").await;
    assert_eq!(all(&app, "氢能", &format!(", filter: {{ channel: \"{energy}\" }}")).await.1, 3);
    assert_eq!(all(&app, "氢能", &format!(", filter: {{ channel: \"{energy}\", includeSubchannels: false }}")).await.0, ["a"]);
    assert_eq!(all(&app, "氢能", &format!(", filter: {{ source: \"{gazette}\" }}")).await.0, ["b"]);
    assert_eq!(all(&app, "氢能", ", filter: { publishedFrom: \"2025-01-01T00:00:00Z\" }, orderBy: NEWEST").await.0, ["e", "c"]);
    assert_eq!(all(&app, "氢能", ", filter: { hasCover: true }").await.1, 0);
}

#[tokio::test]
async fn snippets_show_what_was_asked_for_and_nothing_runs() {
    let filler = "这里说的是别的事情。".repeat(20);
    let body = format!("{filler}👍氫能<b>&「烟台」\"的项目。{filler}");
    let app = portal_of(vec![article("a").set("title", "😀烟台<script>").set("bodyText", body.as_str())]).await;
    let ask = "query($q: String!) { search(query: $q) { edges { titleHighlights { start end } snippet(length: 40) { text html highlights { start end } } } } }";
    let edge = app.data(ask, json!({ "q": "烟台 氢能" })).await["search"]["edges"][0].clone();
    assert_eq!(edge["titleHighlights"], json!([{ "start": 2, "end": 4 }]), "counted in UTF-16, where an emoji is two");
    let text = edge["snippet"]["text"].as_str().expect("a text").to_owned();
    let units: Vec<u16> = text.encode_utf16().collect();
    let marked = |mark: &Value| {
        let at = |name: &str| usize::try_from(mark[name].as_u64().expect("a number")).expect("small");
        String::from_utf16(&units[at("start")..at("end")]).expect("whole characters")
    };
    let marks: Vec<String> = edge["snippet"]["highlights"].as_array().expect("a list").iter().map(marked).collect();
    assert_eq!(marks, ["氫能", "烟台"], "{text}");
    let html = edge["snippet"]["html"].as_str().expect("HTML");
    assert!(html.contains("<mark>氫能</mark>&lt;b&gt;&amp;「<mark>烟台</mark>」"), "{html}");
    assert_eq!(html.matches('<').count(), 4, "{html}");
}

#[tokio::test]
async fn pages_fit_together_while_articles_come() {
    let number = |from: usize, to: usize| -> Vec<Record> {
        (from..to)
            .map(|i| article(&format!("n{i:03}")).set("title", format!("氢能第{i}号")).published("2026-02-01T00:00:00Z"))
            .collect()
    };
    let app = portal_of(number(0, 60)).await;
    let ask = "query($after: String) { search(query: \"氢能\", first: 7, after: $after) { nodes { slug } pageInfo { hasNextPage endCursor hasPreviousPage } } }";
    let (mut seen, mut after, mut pages) = (Vec::new(), Value::Null, 0);
    loop {
        let page = app.data(ask, json!({ "after": after })).await["search"].clone();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], pages > 0);
        seen.extend(texts(&page["nodes"], "slug"));
        pages += 1;
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
        // Others come and change meanwhile, in front and behind: no place moves.
        app.database.fill(&number(60 + pages * 3, 63 + pages * 3)).await;
        app.set_time(&format!("2026-03-01T00:{pages:02}:00Z"));
        indexed(&app).await;
    }
    let first_ones: Vec<&String> = seen.iter().filter(|slug| slug.as_str() < "n060").collect();
    assert_eq!(first_ones.iter().collect::<BTreeSet<_>>().len(), 60, "none is left out");
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "none comes twice");
}

#[tokio::test]
async fn what_is_hidden_is_not_found_and_what_is_new_is() {
    let app = portal_of(vec![
        article("stays").set("title", "氢能一"),
        article("goes").set("title", "氢能二"),
        article("later").set("title", "氢能三").published("2026-06-01T00:00:00Z"),
        article("ends").set("title", "氢能四").set("expiresAt", "2026-03-02T00:00:00Z"),
    ])
    .await;
    assert_eq!(all(&app, "氢能", "").await.1, 3);
    let id = app.database.numbers("SELECT id FROM article WHERE slug = 'goes'").await[0];
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    let request = WithdrawalRequest { article: id, reason: "版权投诉".into(), notice: None, takedown: None };
    office.withdraw(request).await.expect("it is withdrawn");
    // At once, whatever the index has heard.
    assert!(!first(&app, "氢能").await.contains(&"goes".to_owned()));
    indexed(&app).await;
    assert_eq!(all(&app, "氢能", "").await.1, 2);
    app.set_time("2026-07-01T00:00:00Z");
    let (found, total) = all(&app, "氢能", ", orderBy: NEWEST").await;
    assert_eq!((found.as_slice(), total), (&["later".to_owned(), "stays".to_owned()][..], 2), "time alone shows and hides");
    app.database.fill(&[article("new").set("title", "氢能五").published("2026-06-30T00:00:00Z")]).await;
    indexed(&app).await;
    assert_eq!(all(&app, "氢能", "").await.1, 3);
}

#[tokio::test]
async fn an_index_goes_on_where_it_was_and_a_lost_one_is_built_again() {
    let mut app = portal_of(vec![article("one").set("title", "氢能一")]).await;
    let folder = app.database.folder().join("search");
    let index = |app: &TestApp| std::fs::read_dir(app.database.folder().join("search/0")).expect("a folder").flatten().count();
    assert_eq!(index(&app), 2, "the index and its lock");
    app.stopped().await;
    app.database.fill(&[article("two").set("title", "氢能二")]).await;
    app.restart().await;
    indexed(&app).await;
    assert_eq!(all(&app, "氢能", "").await.1, 2, "what came meanwhile is in it");
    // Lost while nobody runs, and half of it lost.
    for lost in ["search", "search/0/1/meta.json"] {
        app.stopped().await;
        let path = app.database.folder().join(lost);
        if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) }.expect("it was there");
        app.restart().await;
        indexed(&app).await;
        assert_eq!(all(&app, "氢能", "").await.1, 2, "without {lost}");
    }
    // Damaged without a change of size.
    app.stopped().await;
    let files = std::fs::read_dir(folder.join("0")).expect("a folder").flatten().filter(|entry| entry.path().is_dir());
    let files = files.flat_map(|entry| std::fs::read_dir(entry.path()).expect("a folder").flatten());
    for file in files.filter(|file| file.path().extension().is_some_and(|kind| kind == "idx")) {
        let mut bytes = std::fs::read(file.path()).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] = !bytes[middle];
        std::fs::write(file.path(), bytes).expect("it is written");
    }
    app.restart().await;
    indexed(&app).await;
    assert_eq!(all(&app, "氢能", "").await.1, 2);
    // Lost while the program runs: it answers, and builds a new one when it has to write.
    std::fs::remove_dir_all(folder.join("0")).expect("it was there");
    assert_eq!(all(&app, "氢能", "").await.1, 2);
    app.database.fill(&[article("three").set("title", "氢能三")]).await;
    indexed(&app).await;
    assert_eq!(all(&app, "氢能", "").await.1, 3);
    assert!(app.search.is_whole());
}

#[tokio::test]
async fn a_portal_has_words_of_its_own_and_can_have_everything_indexed_anew() {
    let app =
        portal_of(vec![article("own").set("title", "蓝鲸氢舟落户烟台"), article("other").set("title", "白云氢舟落户青岛")]).await;
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    let before = app.search.cutter().version();
    for words in [vec![], vec!["字".to_owned()], vec!["两 词".to_owned()], vec!["长".repeat(21)]] {
        office.add_search_words(words).await.expect_err("no words");
    }
    let all = office.add_search_words(vec!["蓝鲸氢舟".into(), "氢舟".into(), "氢舟".into()]).await.expect("they are added");
    assert_eq!(all, ["氢舟", "蓝鲸氢舟"]);
    wait(|| app.search.cutter().version() != before).await;
    assert_eq!(first(&app, "蓝鲸氢舟").await, ["own"]);
    assert_eq!(all_of(&app, "氢舟").await, 2);
    office.remove_search_words(vec!["没有".into()]).await.expect_err("it is not in the list");
    assert_eq!(office.remove_search_words(vec!["氢舟".into(), "蓝鲸氢舟".into()]).await.expect("they go"), Vec::<String>::new());
    wait(|| app.search.cutter().version() == before).await;
    // By the command, while the program runs.
    let name = |app: &TestApp| {
        let folder = std::fs::read_dir(app.database.folder().join("search/0")).expect("a folder").flatten();
        folder.filter_map(|entry| entry.file_name().to_str()?.parse::<u64>().ok()).max()
    };
    let number = name(&app);
    let mut command = crate::import::program(&app.database);
    for _ in 0..5 {
        // Faster than they are done, while articles change: each is heard, none gets in the way of another.
        let done = command.arg("reindex").output().expect("it runs");
        assert!(done.status.success(), "{done:?}");
        command = crate::import::program(&app.database);
        app.database
            .fill(&[article("other").set("title", "白云氢舟落户青岛").set("summary", format!("{:?}", std::time::Instant::now()))])
            .await;
        assert_eq!(all_of(&app, "氢舟").await, 2);
    }
    wait(|| name(&app) > number && app.search.is_current()).await;
    app.database.fill(&[article("more").set("title", "氢舟三号")]).await;
    indexed(&app).await;
    assert_eq!(all_of(&app, "氢舟").await, 3);
    // Another rebuild may have been asked for: it takes over when it is done.
    let expected = json!({ "status": "ok", "documents": 3, "behind": 0 });
    let mut ready = Value::Null;
    for _ in 0..1_000 {
        ready = app.get("/ready").await.json()["search"].take();
        if ready == expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(ready, expected);
}

/// Waits until something is so.
pub async fn wait(mut is_so: impl FnMut() -> bool) {
    for _ in 0..3_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not become so");
}

async fn all_of(app: &TestApp, query: &str) -> i64 {
    all(app, query, "").await.1
}

#[tokio::test]
async fn articles_are_found_by_the_names_that_their_tags_have_now() {
    let app = portal_of(vec![
        tag("t").set("name", "旧名称"),
        channel("a"),
        channel("b"),
        article("one").channel("a").tags(&["旧名称"]),
    ])
    .await;
    assert_eq!(first(&app, "旧名称").await, ["one"]);
    let b = app.id("channel", "b").await;
    app.database.fill(&[tag("t").set("name", "新名称"), channel("a").parent("b")]).await;
    indexed(&app).await;
    assert_eq!(first(&app, "新名称").await, ["one"]);
    assert!(first(&app, "旧名称").await.is_empty());
    assert_eq!(all(&app, "新名称", &format!(", filter: {{ channel: \"{b}\" }}")).await.1, 1, "its channel has moved");
}

#[tokio::test]
async fn without_a_directory_the_index_is_kept_in_memory() {
    let app = TestApp::configured(&portal([article("one").set("title", "氢能一")]), |config| {
        config.search.directory = "/dev/null/search".into();
    })
    .await;
    indexed(&app).await;
    assert_eq!(all_of(&app, "氢能").await, 1);
    app.database.fill(&[article("two").set("title", "氢能二")]).await;
    indexed(&app).await;
    assert_eq!(all_of(&app, "氢能").await, 2);
}

#[tokio::test]
async fn programs_on_one_database_have_indexes_of_their_own() {
    let app = portal_of(vec![article("one").set("title", "氢能一")]).await;
    let (address, _, stop) = app.another().await;
    let ask = json!({ "query": "{ search(query: \"氢能\") { totalCount isExact } }" });
    let mut answer = Value::Null;
    for _ in 0..200 {
        answer =
            crate::client::send(address, "POST", "/graphql", &[("content-type", "application/json")], ask.to_string().as_bytes())
                .await
                .json();
        assert!(answer.get("errors").is_none(), "a search never fails while the index is built: {answer}");
        if answer["data"]["search"]["isExact"] == true {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(answer["data"]["search"], json!({ "totalCount": 1, "isExact": true }));
    assert!(app.database.folder().join("search/1").is_dir());
    drop(stop.send(()));
}

#[tokio::test]
async fn a_page_of_hits_costs_as_many_statements_as_it_has_parts() {
    let (records, _) = corpus();
    let app = portal_of(records).await;
    for first in [1, 50] {
        let ask = |more: &str| {
            format!("{{ search(query: \"的\", first: {first}) {{ totalCount edges {{ node {{ title }} {more} }} }} }}")
        };
        assert_eq!(app.statements(&ask(""), json!({})).await.0, 1, "{first} hits");
        assert_eq!(app.statements(&ask("snippet { text }"), json!({})).await.0, 2, "{first} hits with passages");
    }
}

/// What completes `prefix`, as (text, kind).
async fn suggestions(app: &TestApp, prefix: &str) -> Vec<(String, String)> {
    let data =
        app.data("query($p: String!) { suggest(prefix: $p) { text kind count article { slug } } }", json!({ "p": prefix })).await;
    let list = data["suggest"].as_array().expect("a list");
    for item in list {
        assert_eq!(item["kind"] == "TITLE", item["article"].is_object(), "{item}");
        assert_eq!(item["kind"] == "TITLE", item["count"].is_null(), "{item}");
    }
    texts(&data["suggest"], "text").into_iter().zip(texts(&data["suggest"], "kind")).collect()
}

fn pair(text: &str, kind: &str) -> (String, String) {
    (text.to_owned(), kind.to_owned())
}

#[tokio::test]
async fn a_few_letters_become_words_tags_sources_and_titles() {
    let app = portal_of(vec![
        source("bureau").set("name", "烟台日报"),
        article("one").set("title", "烟台氢能产业园开园").tags(&["燃料电池"]).set("source", "bureau"),
        article("two").set("title", "烟台港绿色航运").tags(&["燃料电池"]),
        article("gone").set("title", "烟花秀即将上演"),
        article("later").set("title", "烟尘治理方案").published("2026-06-01T00:00:00Z"),
    ])
    .await;
    wait(|| app.search.vocabulary().starting_with("烟台", 9).len() > 1).await;
    for prefix in ["烟", "煙", "yan", "YAN", "yantai", "yan tai", "yt"] {
        let found = suggestions(&app, prefix).await;
        assert!(found.contains(&pair("烟台", "WORD")), "{prefix}: {found:?}");
        assert!(found.contains(&pair("烟台氢能产业园开园", "TITLE")), "{prefix}: {found:?}");
    }
    assert!(suggestions(&app, "ytrb").await.is_empty(), "no article names its source in its text");
    assert_eq!(suggestions(&app, "rldc").await, [pair("燃料电池", "TAG")]);
    assert!(
        !suggestions(&app, "烟尘").await.iter().any(|(text, _)| text.contains("烟尘")),
        "what is not published yet is not suggested"
    );
    assert!(suggestions(&app, "烟花").await.contains(&pair("烟花秀即将上演", "TITLE")));
    let id = app.database.numbers("SELECT id FROM article WHERE slug = 'gone'").await[0];
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    office
        .withdraw(WithdrawalRequest { article: id, reason: "版权投诉".into(), notice: None, takedown: None })
        .await
        .expect("it goes");
    indexed(&app).await;
    assert!(suggestions(&app, "烟花").await.is_empty(), "no word of it is left");
    assert!(!suggestions(&app, "y").await.iter().any(|(text, _)| text.contains("烟花")));
    for prefix in ["", " ", "\u{0}", "(", "zzzz"] {
        assert!(suggestions(&app, prefix).await.is_empty(), "{prefix:?}");
    }
    let answer = app.ask("query($p: String!) { suggest(prefix: $p) { text } }", json!({ "p": "长".repeat(41) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["field"], "prefix");
}

#[tokio::test]
async fn what_was_misspelt_is_offered_as_it_was_meant() {
    let app = portal_of(vec![
        article("one").set("title", "烟台氢能产业园开园"),
        article("two").set("title", "Hydrogen 燃料电池大巴上路"),
    ])
    .await;
    wait(|| !app.search.vocabulary().starting_with("烟台", 1).is_empty()).await;
    let ask = "query($q: String!) { search(query: $q) { totalCount didYouMean } }";
    for (query, meant) in
        [("qingneng", "氢能"), ("请能", "氢能"), ("烟台 请能", "烟台 氢能"), ("hydrogem", "hydrogen"), ("燃料电齿", "燃料电池")]
    {
        let found = app.data(ask, json!({ "q": query })).await["search"].clone();
        assert_eq!(found["didYouMean"][0], meant, "{query}: {found}");
        assert!(all_of(&app, meant).await > 0, "{meant}");
    }
    for query in ["氢能", "月球基地"] {
        assert_eq!(app.data(ask, json!({ "q": query })).await["search"]["didYouMean"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn staff_see_what_is_searched_for_and_not_by_whom() {
    let app = TestApp::configured(&portal([article("one").set("title", "烟台氢能")]), |config| {
        config.server.client_address_header = "x-forwarded-for".into();
    })
    .await;
    indexed(&app).await;
    let ask = |query: &'static str, client: String| {
        let body = json!({ "query": "query($q: String!) { search(query: $q) { totalCount } }", "variables": { "q": query } });
        let app = &app;
        async move { app.post(&body, &[("x-forwarded-for", &client)]).await.json() }
    };
    for visitor in 0..6 {
        for _ in 0..3 {
            ask("氫能", format!("10.1.1.{visitor}")).await;
            ask("月球基地", format!("10.1.1.{}", visitor % 3)).await;
            ask("张三的电话", "10.1.1.1".into()).await;
            let filtered = "{ search(query: \"烟台\", filter: { publishedTo: \"1980-01-01T00:00:00Z\" }) { totalCount } }";
            app.query(filtered).await;
        }
    }
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    let mut report = (Vec::new(), Vec::new());
    for _ in 0..1_200 {
        report = office.search_report(30, 50).await.expect("a report");
        // What is counted comes in parts.
        if report.0.iter().any(|asked| asked.searches == 6) && !report.1.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let lines = |asked: &[tidings::db::Asked]| -> Vec<(String, i64, i64)> {
        asked.iter().map(|a| (a.query.clone(), a.searches, a.found)).collect()
    };
    assert_eq!(lines(&report.0), [("氢能".to_owned(), 6, 1)], "each visitor once a day");
    assert_eq!(lines(&report.1), [("月球基地".to_owned(), 3, 0)], "and nothing that one alone has typed");
    let columns = match app.database.backend {
        tidings::db::Backend::Sqlite => "SELECT count(*) FROM pragma_table_info('search_query')",
        tidings::db::Backend::Postgres => {
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'search_query' AND table_schema = current_schema()"
        }
    };
    assert_eq!(app.database.numbers(columns).await, [4], "day, query, two numbers: no visitor");
    let answer = app.ask("{ searchReport { top { query } } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
