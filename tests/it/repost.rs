//! Reposts: articles that are one text, more or less, are known as one, whoever came first.

use serde_json::{Value, json};
use tidings::auth::{Actor, Role};
use tidings::clock::Clock;
use tidings::editorial::{Office, WithdrawalRequest};

use crate::app::{NOW, TestApp};
use crate::crash::Dice;
use crate::records::{Record, article, portal};
use crate::workflow::Desk;

const SENTENCES: [&str; 10] = [
    "盐碱地里的耐盐水稻今天上午开始测产，五个地块同时开镰。",
    "专家组认为这个品种已经成熟，可以在沿海各县推广种植。",
    "种子公司的负责人说，订单已经排到了后年春天。",
    "农户王师傅去年试种了三十亩，今年打算再租二十亩。",
    "当地气象站提醒，下周有一次降温，收割要抓紧。",
    "田间的传感器每十分钟记录一次盐分和水位的变化。",
    "研究团队用四年时间从三百份材料里选出了这个品种。",
    "县里的粮站已经腾出两座仓库，准备单独收储。",
    "合作社为社员买了保险，每亩的保费由财政补贴一半。",
    "明年的种植面积预计要翻一番，农机站正在培训机手。",
];

const OTHER: [&str; 10] = [
    "深远海的风机昨天夜里完成吊装，单机容量创下纪录。",
    "叶片长度超过百米，从码头运到海上用了十一个小时。",
    "施工船在等待了六天之后才遇到合适的天气窗口。",
    "电缆敷设将在下个月开始，登陆点选在老码头以东。",
    "渔民代表参加了说明会，关心的是航道和补偿的标准。",
    "业主单位表示，全部机组要在年底之前并网发电。",
    "海上升压站的基础已经完工，正在安装上部的组块。",
    "运维基地招收了四十名技工，先到岸上的训练场实习。",
    "监测浮标会记录海浪和鸟类活动，数据向社会公开。",
    "这是本省第三个深远海项目，前两个已经投产两年。",
];

fn text(sentences: &[&str]) -> String {
    sentences.concat()
}

fn at(name: &str, minute: usize, body: &str) -> Record {
    article(name).published(&format!("2026-02-01T08:{minute:02}:00Z")).set("title", format!("稿件{name}")).set("bodyText", body)
}

/// The reposts of one text, in every way in which texts are taken over, and another text.
fn copies() -> Vec<Record> {
    let whole = text(&SENTENCES);
    let mut changed = SENTENCES;
    changed[2] = "记者从会上了解到另一个说法，价格还没有谈好。";
    changed[6] = "实验室的主任没有接受采访，只说一切按照计划进行。";
    changed[8] = "有人担心雨水太多，也有人说今年的虫害比往年少。";
    vec![
        at("original", 1, &whole),
        at("head-cut", 2, &text(&SENTENCES[3..])),
        at("tail-cut", 3, &text(&SENTENCES[..6])),
        at(
            "disclaimer",
            4,
            &format!("本报讯（通讯员李某）{whole}免责声明：本文转自网络，如有侵权请联系本站，接到投诉立即删除。"),
        ),
        at("changed", 5, &text(&changed)),
        at(
            "script",
            6,
            "鹽鹼地裡的耐鹽水稻今天上午開始測產，五個地塊同時開鐮。專家組認為這個品種已經成熟，可以在沿海各縣推廣種植。\
             種子公司的負責人說，訂單已經排到了後年春天。農戶王師傅去年試種了三十畝，今年打算再租二十畝。\
             當地氣象站提醒，下週有一次降溫，收割要抓緊。田間的傳感器每十分鐘記錄一次鹽分和水位的變化。",
        ),
        at("elsewhere", 7, &text(&OTHER)),
        at(
            "same-topic",
            8,
            "耐盐水稻在盐碱地里长势良好，今年的测产还没有开始。记者走访了两个县，农户们说最担心的是台风，其次才是价格。",
        ),
    ]
}

/// What an article says of its cluster: its original, and its reposts by slug.
async fn cluster(app: &TestApp, slug: &str) -> (Option<String>, Vec<String>) {
    app.related().await;
    let query = format!(
        "{{ article(by: {{slug: \"{slug}\"}}) {{ duplicateOf {{ slug }} reposts(first: 50) {{ likeness article {{ slug }} }} }} }}"
    );
    let data = app.query(&query).await;
    let reposts = data["article"]["reposts"].as_array().expect("a list");
    for repost in reposts {
        let likeness = repost["likeness"].as_f64().expect("a number");
        assert!((0.6..=1.0).contains(&likeness), "{slug}: {repost}");
    }
    let slug_of = |value: &Value| value["slug"].as_str().map(str::to_owned);
    let mut slugs: Vec<String> = reposts.iter().filter_map(|repost| slug_of(&repost["article"])).collect();
    slugs.sort_unstable();
    (slug_of(&data["article"]["duplicateOf"]), slugs)
}

/// Nor to two articles with one text.
async fn nothing_is_related_to_its_own_text(app: &TestApp) {
    app.related().await;
    let found = "FROM related x JOIN article a ON a.id = x.article_id JOIN article b ON b.id = x.related_id \
                 WHERE b.text_key <> 0 AND x.reason NOT IN ('editor', 'blocked')";
    assert_eq!(app.database.numbers(&format!("SELECT count(*) {found} AND a.text_key = b.text_key")).await, [0]);
    let twice = format!("SELECT x.article_id {found} GROUP BY x.article_id, b.text_key HAVING count(*) > 1");
    assert_eq!(app.database.numbers(&twice).await, Vec::<i64>::new());
}

const REPOSTS: [&str; 5] = ["changed", "disclaimer", "head-cut", "script", "tail-cut"];

fn office(db: &tidings::db::Database) -> Office {
    Office::new(db, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")))
}

#[tokio::test]
async fn what_is_cut_added_to_changed_or_converted_is_a_repost() {
    let app = TestApp::with(&portal(copies())).await;
    assert_eq!(cluster(&app, "original").await, (None, REPOSTS.map(str::to_owned).to_vec()));
    for repost in REPOSTS {
        assert_eq!(cluster(&app, repost).await.0.as_deref(), Some("original"), "{repost}");
    }
    for alone in ["elsewhere", "same-topic"] {
        assert_eq!(cluster(&app, alone).await, (None, Vec::new()), "{alone}");
    }
    // Lists show all, and those that ask for it one of each.
    assert_eq!(app.slugs("articles(first: 50)").await.len(), 8);
    let folded = app.slugs("articles(first: 50, filter: {collapse: true})").await;
    assert_eq!(folded, ["same-topic", "elsewhere", "original"]);
    let paged =
        app.query("{ articles(first: 2, filter: {collapse: true}) { totalCount pageInfo { hasNextPage endCursor } } }").await;
    assert_eq!((&paged["articles"]["totalCount"], &paged["articles"]["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    let after = paged["articles"]["pageInfo"]["endCursor"].as_str().expect("a cursor");
    assert_eq!(app.slugs(&format!("articles(first: 2, after: \"{after}\", filter: {{collapse: true}})")).await, ["original"]);
    // A span of time in which the original does not stand shows the first that does.
    let late = app.slugs("articles(filter: {collapse: true, publishedFrom: \"2026-02-01T08:04:30Z\"})").await;
    assert_eq!(late, ["same-topic", "elsewhere", "changed"]);
    // Search and rankings know them as one too, as soon as the index has heard of it.
    let newest = app.database.numbers("SELECT max(seq) FROM journal").await[0];
    app.search.reached(newest).await;
    let data = app.query("{ search(query: \"耐盐水稻\", collapse: true) { totalCount } }").await;
    assert_eq!(data["search"]["totalCount"], json!(2));
    nothing_is_related_to_its_own_text(&app).await;
    // Nothing of it is told again when everything is found anew.
    let told = "SELECT count(*) FROM journal WHERE action = 'article.clustered'";
    let before = app.database.numbers(told).await;
    office(&app.database.open().await).rebuild_search_index().await.expect("it is begun");
    app.related().await;
    assert_eq!(app.database.numbers(told).await, before);
}

#[tokio::test]
async fn clusters_follow_what_comes_and_changes() {
    let app = TestApp::with(&portal(copies())).await;
    app.related().await;
    // An older one comes late: it is the original.
    app.database.fill(&[article("first").published("2026-01-01T00:00:00Z").set("bodyText", text(&SENTENCES))]).await;
    let all = ["changed", "disclaimer", "head-cut", "original", "script", "tail-cut"].map(str::to_owned).to_vec();
    assert_eq!(cluster(&app, "first").await, (None, all));
    assert_eq!(cluster(&app, "original").await.0.as_deref(), Some("first"));
    // A repost becomes a text of its own, and the repost of another.
    app.database.fill(&[at("tail-cut", 3, &text(&OTHER[1..]))]).await;
    assert_eq!(cluster(&app, "tail-cut").await, (None, vec!["elsewhere".to_owned()]), "it was published before");
    assert!(!cluster(&app, "first").await.1.contains(&"tail-cut".to_owned()));
    // Who is first is told by the time of publication, whenever that was corrected.
    app.database.fill(&[at("original", 59, &text(&SENTENCES))]).await;
    assert_eq!(cluster(&app, "original").await.1, Vec::<String>::new());
    app.database.fill(&[at("original", 1, &text(&SENTENCES))]).await;
    // The original becomes another text: the next is it.
    app.database.fill(&[article("first").published("2026-01-01T00:00:00Z").set("bodyText", "一段很短的话。")]).await;
    assert_eq!(cluster(&app, "first").await, (None, Vec::new()));
    assert_eq!(
        cluster(&app, "original").await,
        (None, ["changed", "disclaimer", "head-cut", "script"].map(str::to_owned).to_vec())
    );
    // The other cluster of two loses one: nobody is in it.
    app.database.fill(&[at("tail-cut", 3, "又是一段很短的话。")]).await;
    assert_eq!(cluster(&app, "elsewhere").await, (None, Vec::new()));
    let rows = "SELECT count(*) FROM repost WHERE head_id NOT IN (SELECT article_id FROM repost) \
                OR head_id IN (SELECT head_id FROM repost GROUP BY head_id HAVING count(*) < 2)";
    assert_eq!(app.database.numbers(rows).await, [0], "a cluster has its head and another at least");
    let keys = "SELECT count(*) FROM repost r JOIN article a ON a.id = r.article_id WHERE a.text_key <> r.cluster";
    assert_eq!(app.database.numbers(keys).await, [0]);
    let times = "SELECT count(*) FROM journal WHERE action = 'article.clustered' AND at < 1700000000000";
    assert_eq!(app.database.numbers(times).await, [0], "each has the time at which it was found");
    let strangers = "SELECT count(*) FROM article a WHERE a.text_key <> 0 AND a.id NOT IN (SELECT article_id FROM repost) \
                     AND a.text_key IN (SELECT cluster FROM repost)";
    assert_eq!(app.database.numbers(strangers).await, [0]);
    nothing_is_related_to_its_own_text(&app).await;
    // What is withdrawn is nobody's original, and the list shows the next.
    let id = app.database.numbers("SELECT id FROM article WHERE slug = 'original'").await[0];
    let request = WithdrawalRequest { article: id, reason: "版权投诉".into(), notice: None, takedown: None };
    office(&app.database.open().await).withdraw(request).await.expect("it is withdrawn");
    let next = ["changed", "disclaimer", "script"].map(str::to_owned).to_vec();
    assert_eq!(cluster(&app, "head-cut").await, (None, next), "the next is the original");
    let folded = app.slugs("articles(first: 50, filter: {collapse: true})").await;
    assert!(folded.contains(&"head-cut".to_owned()) && !folded.contains(&"script".to_owned()), "{folded:?}");
}

#[tokio::test]
async fn who_writes_is_told_what_has_the_same_text() {
    let app = TestApp::with(&portal(copies())).await;
    app.related().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let body = format!("<p>{}</p><p>这一段是本站记者补充的，别处没有。</p>", text(&SENTENCES[..9]));
    let draft = desk.create(json!({ "title": "水稻测产", "body": body })).await;
    let query = "query($id: ID!) { manuscript(id: $id) { duplicates { likeness onlyHere onlyThere article { slug } } } }";
    let found = desk.data(query, json!({ "id": draft["id"] })).await["manuscript"]["duplicates"].clone();
    let find = |slug: &str| found.as_array().and_then(|all| all.iter().find(|one| one["article"]["slug"] == slug)).cloned();
    let original = find("original").expect("it is there");
    assert_eq!(original["onlyHere"], json!(["这一段是本站记者补充的，别处没有。"]));
    assert_eq!(original["onlyThere"], json!([SENTENCES[9]]));
    assert!(original["likeness"].as_f64().is_some_and(|likeness| likeness > 0.85), "{original}");
    assert!(find("elsewhere").is_none() && find("same-topic").is_none() && find("disclaimer").is_some(), "{found}");
    // Readers learn of nothing before it is published.
    assert_eq!(cluster(&app, "original").await.1.len(), REPOSTS.len());
    for step in ["submitArticle", "approveArticle", "publishArticle"] {
        desk.step(step, json!({ "id": draft["id"] })).await;
    }
    assert_eq!(cluster(&app, "original").await.1.len(), REPOSTS.len() + 1);
    let own = desk.data(query, json!({ "id": draft["id"] })).await["manuscript"]["duplicates"].clone();
    assert_eq!(own, found, "and not itself");
    let short = desk.create(json!({ "title": "短讯", "body": "<p>太短。</p>" })).await;
    assert_eq!(desk.data(query, json!({ "id": short["id"] })).await["manuscript"]["duplicates"], json!([]));
}

/// Texts that have nothing in common.
fn stories() -> Vec<String> {
    let words = ["耐盐水稻", "深远海风机", "氢能公交", "光刻胶", "古桥修缮", "候鸟迁徙"];
    let story = |word: &&str| -> String {
        let sentence =
            |number: usize| format!("{word}的第{number}条消息说的是{}，{word}以外的人并不知道。", number * number * 7_919);
        (1..9).map(sentence).collect()
    };
    words.iter().map(story).collect()
}

#[tokio::test]
async fn whatever_changes_together_each_text_is_one_cluster() {
    let stories = stories();
    let app = TestApp::with(&portal([])).await;
    let mut dice = Dice(3);
    let mut says = [usize::MAX; 60];
    for round in 0..7 {
        let mut records = Vec::new();
        for (number, says) in says.iter_mut().enumerate() {
            if round == 0 || dice.below(3) == 0 {
                *says = usize::try_from(dice.below(stories.len() as u64)).expect("few");
                records.push(at(&format!("a{number:02}"), number, &stories[*says]));
            }
        }
        app.database.fill(&records).await;
        app.related().await;
        let mut clusters: Vec<Option<String>> = Vec::new();
        for number in 0..60 {
            clusters.push(cluster(&app, &format!("a{number:02}")).await.0);
        }
        for (number, original) in clusters.iter().enumerate() {
            let first = says.iter().position(|other| *other == says[number]).expect("itself");
            let expected = (first != number).then(|| format!("a{first:02}"));
            assert_eq!(*original, expected, "round {round}: a{number:02} says {}", says[number]);
        }
        let folded = app.slugs("articles(first: 100, filter: {collapse: true})").await;
        let texts: std::collections::BTreeSet<usize> = says.iter().copied().collect();
        assert_eq!(folded.len(), texts.len(), "round {round}: {folded:?}");
        nothing_is_related_to_its_own_text(&app).await;
    }
}

#[tokio::test]
async fn more_copies_than_are_compared_are_one_cluster() {
    let story = &stories()[0];
    let many =
        |from: usize, to: usize| (from..to).map(|number| at(&format!("copy-{number}"), number % 60, story)).collect::<Vec<_>>();
    let app = TestApp::with(&portal(many(0, 40))).await;
    app.related().await;
    app.database.fill(&many(40, 90)).await;
    app.related().await;
    let heads = "SELECT count(DISTINCT head_id) FROM repost";
    assert_eq!(
        (app.database.numbers(heads).await, app.database.numbers("SELECT count(*) FROM repost").await),
        (vec![1], vec![90])
    );
    assert_eq!(app.slugs("articles(filter: {collapse: true})").await.len(), 1);
}
