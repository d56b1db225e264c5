//! The program is killed in the middle of writing, again and again: what it has answered is there, whole, with its entry in the
//! journal, and nothing is there by halves.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tidings::auth::{Actor, Permission};
use tidings::clock::Clock;
use tidings::editorial::{KeyDraft, Office};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::{TestDatabase, backend};
use crate::import::program;
use crate::records::{article, portal};

const ROUNDS: u64 = 20;
const WRITERS: u64 = 6;

/// Something that was answered: the article, and what the journal calls the change.
type Acknowledged = (String, &'static str);

/// A running program of its own.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it, and waits for its first good answer. Returns how long that took.
    pub async fn start(database: &TestDatabase) -> (Self, Duration) {
        let started = Instant::now();
        let mut child = program(database)
            .env("TIDINGS_SERVER_CLIENT_ADDRESS_HEADER", "x-forwarded-for")
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let address = address_said_by(&mut child);
        let server = Self { child, address };
        for _ in 0..2_000 {
            if server.ask("k", &json!({ "query": "{ site { name } }" })).await.is_some_and(|answer| answer["data"].is_object()) {
                return (server, started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the program does not answer");
    }

    /// The answer to an operation; nothing if the program goes away meanwhile.
    pub async fn ask(&self, key: &str, body: &Value) -> Option<Value> {
        ask(self.address, key, body).await
    }

    /// Kills it as the system would: it hears nothing of it.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

/// A test that fails leaves no program behind.
impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where `child`, whose output is piped, says that it answers.
pub fn address_said_by(child: &mut Child) -> SocketAddr {
    let lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    let said = lines.map(|line| line.expect("text")).find_map(|line| Some(line.split_once("answers at http://")?.1.to_owned()));
    said.expect("it says where it answers").trim().parse().expect("an address")
}

async fn ask(address: SocketAddr, key: &str, body: &Value) -> Option<Value> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let body = body.to_string();
    let token = if key.starts_with("tid") { format!("authorization: Bearer {key}\r\n") } else { String::new() };
    let head = format!("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n{token}");
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// Numbers that look random, the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Takes at most `most` articles from their beginning to their end, until the program goes away. Returns what was answered.
async fn write(
    address: SocketAddr,
    (key, channel): (String, String),
    (number, most): (u64, u64),
    stop: Arc<AtomicBool>,
) -> Vec<Acknowledged> {
    let mut done = Vec::new();
    for count in 1..=most {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let content = format!(
            "title: \"第{number}人第{count}稿\", channel: \"{channel}\", body: \"<p>{}</p>\", tags: [\"氢能{}\"]",
            usize::try_from(number + count).map_or(STORIES[0], |turn| STORIES[turn % STORIES.len()]),
            count % 7
        );
        let create = format!("mutation {{ createArticle(input: {{content: {{{content}}}}}) {{ manuscript {{ id }} }} }}");
        let Some(answer) = ask(address, &key, &json!({ "query": create })).await else { return done };
        let Some(id) = answer["data"]["createArticle"]["manuscript"]["id"].as_str().map(str::to_owned) else {
            panic!("{answer}")
        };
        done.push((id.clone(), "article.drafted"));
        let steps = [
            ("submitArticle", "", "article.submitted"),
            ("approveArticle", "", "article.approved"),
            ("publishArticle", "", "article.published"),
            ("withdrawArticle", ", reason: \"版权投诉\"", "article.withdrawn"),
        ];
        // Every second article stays published.
        for (step, more, action) in steps.into_iter().take(if count % 2 == 0 { 3 } else { 4 }) {
            let query = format!("mutation {{ {step}(input: {{id: \"{id}\"{more}}}) {{ userErrors {{ code message }} }} }}");
            let Some(answer) = ask(address, &key, &json!({ "query": query })).await else { return done };
            assert_eq!(answer["data"][step]["userErrors"], json!([]), "{answer}");
            done.push((id.clone(), action));
        }
    }
    done
}

/// What articles say: each of these stands in many.
const STORIES: [&str; 3] = [
    "盐碱地里的耐盐水稻今天上午开始测产，五个地块同时开镰。专家组认为这个品种已经成熟，可以在沿海各县推广种植。",
    "深远海的风机昨天夜里完成吊装，单机容量创下纪录。叶片长度超过百米，从码头运到海上用了十一个小时。",
    "氢燃料公交首批二十辆今天上路，加氢站就建在总站的停车场旁边。驾驶员说起步平稳，乘客说车里很安静。",
];

/// What would show that a write was torn apart: each must find nothing.
const TORN: &[(&str, &str)] = &[
    (
        "each version of a manuscript has its entry, and each entry its version",
        "SELECT count(*) FROM manuscript m WHERE m.version <> (SELECT count(*) FROM journal j WHERE j.entity = 'article' \
         AND j.entity_id = m.article_id AND j.action NOT IN ('article.related', 'article.clustered'))",
    ),
    (
        "each article has a manuscript and a revision",
        "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM manuscript m JOIN revision v ON v.article_id = m.article_id \
         AND v.number = m.head WHERE m.article_id = a.id)",
    ),
    (
        "what is published is in the list of the site, and nothing else is",
        "SELECT count(*) FROM article a WHERE (a.status = 'published') <> EXISTS (SELECT 1 FROM listing l WHERE l.article_id = a.id AND l.scope = 0)",
    ),
    (
        "what is withdrawn says why, and nothing else does",
        "SELECT count(*) FROM article a WHERE (a.status = 'withdrawn') <> EXISTS (SELECT 1 FROM withdrawal w WHERE w.article_id = a.id)",
    ),
    (
        "a manuscript says what its article says",
        "SELECT count(*) FROM article a JOIN manuscript m ON m.article_id = a.id WHERE a.status <> m.state",
    ),
    (
        "a cluster has its head and another",
        "SELECT count(*) FROM repost r WHERE NOT EXISTS (SELECT 1 FROM repost o WHERE o.article_id = r.head_id AND \
         o.head_id = o.article_id) OR NOT EXISTS (SELECT 1 FROM repost o WHERE o.head_id = r.head_id AND o.article_id <> r.article_id)",
    ),
    (
        "the articles of a cluster have its key",
        "SELECT count(*) FROM repost r JOIN article a ON a.id = r.article_id WHERE a.text_key <> r.cluster",
    ),
    ("nothing is related to itself", "SELECT count(*) FROM related WHERE article_id = related_id"),
    (
        "each article has a body",
        "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM article_body b WHERE b.article_id = a.id)",
    ),
];

/// A key that may do that, by the machine's clock.
pub async fn make_key(database: &TestDatabase, scopes: Vec<Permission>) -> String {
    let db = database.open().await;
    let office = Office::new(&db, Actor::Machine("test"), Clock::default());
    let draft = KeyDraft { name: "写入者".into(), scopes, expires_at: None };
    let key = office.create_key(draft).await.expect("a key").secret.reveal();
    db.close().await;
    key
}

fn number(id: &str) -> i64 {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(id).expect("an id");
    bytes[1..].iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Everything that is published is found, and nothing else; nothing fails until the index knows all.
async fn the_index_agrees(database: &TestDatabase, server: &Server, round: u64) {
    let published = database.numbers("SELECT count(*) FROM article WHERE status = 'published' AND title LIKE '%人第%'").await[0];
    let query = json!({ "query": "{ search(query: \"人第\") { totalCount isExact } }" });
    let mut found = Value::Null;
    for _ in 0..6_000 {
        let answer = server.ask("k", &query).await.expect("it answers");
        assert!(answer.get("errors").is_none(), "round {round}: {answer}");
        found = answer["data"]["search"].clone();
        if found["isExact"] == true && found["totalCount"] == published {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(found, json!({ "totalCount": published, "isExact": true }), "round {round}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_however_often_the_program_is_killed() {
    let database = TestDatabase::new().await;
    database.fill(&portal([])).await;
    let scopes = vec![Permission::WriteArticles, Permission::ReviewArticles, Permission::PublishArticles, Permission::Withdraw];
    let key = make_key(&database, scopes).await;
    let mut dice = Dice(20_261_123);
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    let mut starts = Vec::new();
    // After the last round each writer writes two articles to their end, so that each text is published twice, however slow the machine is.
    for round in 0..=ROUNDS {
        let is_last = round == ROUNDS;
        let most = if is_last { 2 } else { u64::MAX };
        let (server, took) = Server::start(&database).await;
        starts.push(took);
        the_index_agrees(&database, &server, round).await;
        let query = json!({ "query": "{ channel(by: {slug: \"news\"}) { id } }" });
        let channel =
            server.ask(&key, &query).await.expect("an answer")["data"]["channel"]["id"].as_str().expect("an id").to_owned();
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let what = (key.clone(), channel.clone());
                tokio::spawn(write(server.address, what, (n, most), Arc::clone(&stop)))
            })
            .collect();
        if !is_last {
            tokio::time::sleep(Duration::from_millis(30 + dice.below(300))).await;
            server.kill();
            stop.store(true, Ordering::Relaxed);
        }
        for writer in writers {
            acknowledged.extend(writer.await.expect("a writer"));
        }
        for (what, sql) in TORN {
            assert_eq!(database.numbers(sql).await, [0], "round {round}: {what}");
        }
    }
    assert!(acknowledged.len() > 60, "it must have written: {}", acknowledged.len());
    for (id, action) in &acknowledged {
        let sql = format!(
            "SELECT count(*) FROM journal WHERE entity = 'article' AND entity_id = {} AND action = '{action}'",
            number(id)
        );
        assert_eq!(database.numbers(&sql).await, [1], "{action} of {id} was answered");
    }
    // What was published shortly before a kill is found after the next start: which articles are one text.
    let (server, _) = Server::start(&database).await;
    the_index_agrees(&database, &server, ROUNDS + 1).await;
    database.related().await;
    let alone = "SELECT count(*) FROM article a WHERE a.status = 'published' AND a.title LIKE '%人第%' AND NOT EXISTS \
                 (SELECT 1 FROM repost r WHERE r.article_id = a.id)";
    assert_eq!(database.numbers(alone).await, [0]);
    let clusters =
        "SELECT count(DISTINCT r.cluster) FROM repost r JOIN article a ON a.id = r.article_id WHERE a.status = 'published'";
    assert_eq!(database.numbers(clusters).await, [3], "one for each text");
    server.kill();
    if backend() == tidings::db::Backend::Sqlite {
        let check: String = database.sqlite().query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(check, "ok");
    }
    starts.sort();
    let (median, longest) = (starts[starts.len() / 2], starts[starts.len() - 1]);
    println!("{} writes were answered; starts took {median:?} (median) to {longest:?}", acknowledged.len());
}

/// Sends one view of article `id` by a visitor of their own; whether it was answered.
async fn view(address: SocketAddr, id: &str, visitor: u32) -> bool {
    let sent = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let [a, b, c, _] = visitor.to_be_bytes();
        let client = format!("{}.{}.{b}.{c}", 11 + a, visitor % 200);
        let head = format!(
            "POST /v/{id} HTTP/1.1\r\nhost: x\r\nuser-agent: Mozilla/5.0 Firefox/{visitor}.0\r\nx-forwarded-for: {client}\r\n"
        );
        stream.write_all(format!("{head}connection: close\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        answer.starts_with("HTTP/1.1 204").then_some(())
    };
    sent.await.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_was_answered_is_counted_once_whatever_happens() {
    const SENDERS: u32 = 6;
    let database = TestDatabase::new().await;
    database.fill(&portal([article("a"), article("b")])).await;
    let (mut server, _) = Server::start(&database).await;
    let mut ids = Vec::new();
    for slug in ["a", "b"] {
        let query = format!("{{ article(by: {{slug: \"{slug}\"}}) {{ id }} }}");
        let answer = server.ask("k", &json!({ "query": query })).await.expect("it answers");
        ids.push(answer["data"]["article"]["id"].as_str().expect("an id").to_owned());
    }
    let mut dice = Dice(5);
    // Each visitor reads both articles once; those who got no answer ask again after the start, and then everybody does.
    let mut visitors: Vec<u32> = Vec::new();
    let mut unanswered: Vec<(u32, usize)> = Vec::new();
    for round in 0..ROUNDS_OF_VIEWS {
        let (address, stop) = (server.address, Arc::new(AtomicBool::new(false)));
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (ids, stop) = (ids.clone(), Arc::clone(&stop));
                tokio::spawn(async move {
                    let (mut seen, mut lost, mut count) = (Vec::new(), Vec::new(), 0);
                    while !stop.load(Ordering::Relaxed) {
                        let visitor = (round * SENDERS + sender) * 1_000 + count;
                        count += 1;
                        seen.push(visitor);
                        for (place, id) in ids.iter().enumerate() {
                            if !view(address, id, visitor).await {
                                lost.push((visitor, place));
                            }
                        }
                    }
                    (seen, lost)
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(150 + dice.below(400))).await;
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            let (seen, lost) = sender.await.expect("it does not panic");
            visitors.extend(seen);
            unanswered.extend(lost);
        }
        server = Server::start(&database).await.0;
        for (visitor, place) in std::mem::take(&mut unanswered) {
            assert!(view(server.address, &ids[place], visitor).await, "it is there again");
        }
    }
    assert!(visitors.len() > 50, "{} visitors in all", visitors.len());
    for visitor in &visitors {
        for id in &ids {
            assert!(view(server.address, id, *visitor).await);
        }
    }
    let expected = i64::try_from(visitors.len()).expect("few");
    let folded = "SELECT count(*) FROM view_batch WHERE NOT is_folded";
    for _ in 0..500 {
        if database.numbers(folded).await == [0] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let totals = "SELECT views FROM view_total ORDER BY article_id";
    assert_eq!(database.numbers(totals).await, [expected, expected], "each visitor once, whoever asked how often");
    let hours = "SELECT CAST(sum(views) AS bigint) FROM view_hour";
    assert_eq!(database.numbers(hours).await, [2 * expected]);
    // And so say the rankings, as they were kept up to date and as they are after one more start.
    for round in 0..2 {
        let query = json!({ "query": "{ ranking(window: DAY) { entries { views article { slug viewCount } } } }" });
        let mut found = serde_json::Value::Null;
        for _ in 0..500 {
            found = server.ask("k", &query).await.expect("it answers")["data"]["ranking"]["entries"].take();
            if found[1]["views"] == expected {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let entry = |slug: &str| json!({ "views": expected, "article": { "slug": slug, "viewCount": expected } });
        assert_eq!(found, json!([entry("b"), entry("a")]), "round {round}");
        server.kill();
        server = Server::start(&database).await.0;
    }
    server.kill();
}

/// How often the program is killed while views come.
const ROUNDS_OF_VIEWS: u32 = 10;
