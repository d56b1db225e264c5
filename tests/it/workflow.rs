//! The way of an article from draft to archive, as those go it who work here.

use serde_json::{Value, json};
use tidings::auth::Role;
use tidings::editorial::{State, Step};

use crate::access::{PASSWORD, ask_as, code, staff};
use crate::app::{NOW, TestApp};
use crate::records::{article, channel, media, portal, source, topic};

/// What a step answers.
const ANSWER: &str = "{ manuscript { id state isLive version title head live publishAt unpublishAt note heldBy { field start length word } \
    steps } userErrors { code field message conflict { changedBy changedAt version } word { field start length word } } }";

/// Somebody who works at a portal.
pub struct Desk<'a> {
    pub app: &'a TestApp,
    pub token: String,
    login: String,
}

impl<'a> Desk<'a> {
    pub async fn of(app: &'a TestApp, login: &str, role: Role) -> Self {
        Self { app, token: staff(app, login, role).await.0, login: login.into() }
    }

    /// Signs in again: time has passed.
    pub async fn again(&mut self) {
        let query = "mutation($i: SignInInput!) { signIn(input: $i) { tokens { accessToken } } }";
        let answer = self.app.ask(query, json!({ "i": { "login": self.login, "password": PASSWORD } })).await;
        self.token = text(&answer["data"]["signIn"]["tokens"]["accessToken"]);
    }

    /// The whole answer to an operation.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        ask_as(self.app, &self.token, query, variables).await
    }

    /// The data of an operation that must succeed.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// Runs the mutation `name`; the whole answer of its field.
    pub async fn run(&self, name: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let simple = ["submit", "recall", "approve", "unschedule", "discard", "unpublish", "archive", "reopen"];
        let kind = if simple.iter().any(|s| name.starts_with(s)) { "ArticleStepInput" } else { &kind };
        let answer = match name {
            "withdrawArticle" => "{ withdrawal { notice } userErrors { code message } }",
            "restoreArticle" => "{ articleId userErrors { code message } }",
            _ => ANSWER,
        };
        let query = format!("mutation($input: {kind}!) {{ {name}(input: $input) {answer} }}");
        let answer = self.ask(&query, json!({ "input": input })).await;
        assert!(answer["data"][name].is_object(), "{query}\n{input}\n{answer:#}");
        answer["data"][name].clone()
    }

    /// As [`Self::run`]; the manuscript, which must be there.
    pub async fn step(&self, name: &str, input: Value) -> Value {
        let answer = self.run(name, input.clone()).await;
        assert_eq!(answer["userErrors"], json!([]), "{name} {input}");
        answer["manuscript"].clone()
    }

    /// Begins an article in the channel `news`.
    pub async fn create(&self, content: Value) -> Value {
        let mut content = content;
        content["channel"] = json!(self.app.id("channel", "news").await);
        self.step("createArticle", json!({ "content": content })).await
    }

    /// An article with `title` that is approved.
    pub async fn approved(&self, title: &str) -> String {
        let id = text(&self.create(json!({ "title": title, "body": "<p>氢能园区投运。</p>" })).await["id"]);
        self.step("submitArticle", json!({ "id": id })).await;
        self.step("approveArticle", json!({ "id": id })).await;
        id
    }

    /// An article with `title` that readers see.
    pub async fn published(&self, title: &str) -> String {
        let id = self.approved(title).await;
        self.step("publishArticle", json!({ "id": id })).await;
        id
    }

    pub async fn manuscript(&self, id: &str) -> Value {
        let query = "query($id: ID!) { manuscript(id: $id) { id state isLive version title head live publishAt unpublishAt note steps } }";
        self.data(query, json!({ "id": id })).await["manuscript"].clone()
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

/// The title of article `id` as readers see it; null where they do not.
async fn shown(app: &TestApp, id: &str) -> Value {
    app.data("query($id: ID!) { article(by: {id: $id}) { title } }", json!({ "id": id })).await["article"]["title"].clone()
}

async fn listed(app: &TestApp) -> Vec<String> {
    let data = app.query("{ articles(first: 100) { nodes { title } } }").await;
    data["articles"]["nodes"].as_array().expect("a list").iter().map(|a| text(&a["title"])).collect()
}

async fn app() -> TestApp {
    TestApp::with(&portal([])).await
}

#[tokio::test]
async fn an_article_goes_its_way_and_its_next_version_beside_it() {
    let app = app().await;
    let (author, mut editor) = (Desk::of(&app, "liwei", Role::Contributor).await, Desk::of(&app, "wangmin", Role::Editor).await);
    let draft = author
        .create(json!({ "title": "氢能园区投运", "body": "<p>第一稿。</p><script>x</script>", "tags": ["氢能", "园区"] }))
        .await;
    assert_eq!((&draft["state"], &draft["version"], &draft["head"]), (&json!("DRAFT"), &json!(1), &json!(1)));
    assert_eq!(draft["steps"], json!(["UPDATE", "SUBMIT", "ARCHIVE"]));
    let id = text(&draft["id"]);
    assert!(shown(&app, &id).await.is_null(), "readers do not see a draft");
    let seen = author.data("query($id: ID!) { article(by: {id: $id}) { title state body { html } } }", json!({ "id": id })).await;
    assert_eq!(seen["article"], json!({ "title": "氢能园区投运", "state": "DRAFT", "body": { "html": "<p>第一稿。</p>" } }));
    let update = json!({ "id": id, "version": 1, "content": { "title": "氢能园区今日投运", "summary": null } });
    let draft = author.step("updateArticle", update).await;
    assert_eq!((&draft["title"], &draft["version"], &draft["head"]), (&json!("氢能园区今日投运"), &json!(2), &json!(2)));
    author.step("submitArticle", json!({ "id": id, "version": 2 })).await;
    let answer = editor.run("rejectArticle", json!({ "id": id, "note": " " })).await;
    assert_eq!(answer["userErrors"][0]["field"], "note", "{answer}");
    let back = editor.step("rejectArticle", json!({ "id": id, "note": "请补充数据来源" })).await;
    assert_eq!((&back["state"], &back["note"]), (&json!("REJECTED"), &json!("请补充数据来源")));
    author.step("submitArticle", json!({ "id": id })).await;
    editor.step("approveArticle", json!({ "id": id })).await;
    assert!(shown(&app, &id).await.is_null());
    let out = editor.step("publishArticle", json!({ "id": id })).await;
    assert_eq!((&out["state"], &out["isLive"], &out["live"]), (&json!("PUBLISHED"), &json!(true), &json!(2)));
    assert_eq!(shown(&app, &id).await, "氢能园区今日投运");
    assert_eq!(listed(&app).await, ["氢能园区今日投运"]);
    let tagged = app.query("{ tag(by: {name: \"氢能\"}) { articles { totalCount } } }").await;
    assert_eq!(tagged["tag"]["articles"]["totalCount"], 1, "its tags came into being with it: {tagged}");

    app.set_time("2026-03-02T00:00:00Z");
    editor.again().await;
    let next =
        json!({ "id": id, "version": out["version"], "content": { "title": "氢能园区昨日投运", "body": "<p>第二版。</p>" } });
    let next = editor.step("updateArticle", next).await;
    assert_eq!((&next["state"], &next["isLive"], &next["title"]), (&json!("DRAFT"), &json!(true), &json!("氢能园区昨日投运")));
    assert_eq!(shown(&app, &id).await, "氢能园区今日投运", "readers see what was published");
    editor.step("submitArticle", json!({ "id": id })).await;
    editor.step("approveArticle", json!({ "id": id })).await;
    assert_eq!(shown(&app, &id).await, "氢能园区今日投运");
    let correction = json!({ "id": id, "correction": "更正投运日期", "significant": true });
    editor.step("publishArticle", correction).await;
    let fields = "{ title publishedAt modifiedAt significantlyUpdatedAt corrections { at note } body { text } }";
    let seen = app.data(&format!("query($id: ID!) {{ article(by: {{id: $id}}) {fields} }}"), json!({ "id": id })).await;
    let expected = json!({
        "title": "氢能园区昨日投运", "publishedAt": "2026-03-01T08:00:00+08:00", "modifiedAt": "2026-03-02T08:00:00+08:00",
        "significantlyUpdatedAt": "2026-03-02T08:00:00+08:00", "body": { "text": "第二版。" },
        "corrections": [{ "at": "2026-03-02T08:00:00+08:00", "note": "更正投运日期" }],
    });
    assert_eq!(seen["article"], expected);
    let actions = "SELECT count(*) FROM journal WHERE action = 'article.published' AND actor LIKE 'account:%'";
    assert_eq!(app.database.numbers(actions).await, [2]);
}

/// The table of the documentation is the table of the code.
#[test]
fn the_documented_steps_are_those_of_the_code() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/workflow.md")).expect("docs/workflow.md");
    for step in Step::ALL {
        let line = docs.lines().find(|line| line.starts_with(&format!("| `{}` |", step.field())));
        let line = line.unwrap_or_else(|| panic!("docs/workflow.md does not name {}", step.field()));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let from = State::ALL.into_iter().filter(|s| [true, false].into_iter().any(|live| step.from(*s, live).is_some()));
        assert_eq!(cells[3], from.clone().map(State::word).collect::<Vec<_>>().join(", "), "{line}");
        let goes = |live| from.clone().any(|state| step.from(state, live).is_some());
        let live = match (goes(true), goes(false)) {
            (true, true) => "-",
            (true, false) => "yes",
            _ => "no",
        };
        assert_eq!(cells[4], live, "{line}");
        let to = from.clone().find_map(|state| step.from(state, true).or(step.from(state, false))).expect("a state").0;
        let is_same = step == Step::Limit;
        assert!(cells[5].starts_with(if is_same { "as before" } else { to.word() }), "{line}");
        assert!(
            is_same || docs.contains(&format!(" --> {}: {}", to.word(), step.field())) || goes(true) && !goes(false),
            "{line}"
        );
    }
}

/// How to bring an article into a state: the steps to take from the beginning.
fn way(state: State, is_live: bool) -> Vec<(&'static str, Value)> {
    let (submit, approve) = (("submitArticle", json!({})), ("approveArticle", json!({})));
    let schedule = ("scheduleArticle", json!({ "publishAt": "2026-03-05T00:00:00Z" }));
    let mut way = Vec::new();
    if is_live || matches!(state, State::Withdrawn | State::Published) {
        way.extend([submit.clone(), approve.clone(), ("publishArticle", json!({}))]);
    }
    if is_live && state != State::Published {
        way.push(("updateArticle", json!({ "content": { "title": "下一版" } })));
    }
    match state {
        State::Draft | State::Published => {}
        State::InReview => way.push(submit),
        State::Rejected => way.extend([submit, ("rejectArticle", json!({ "note": "再改" }))]),
        State::Approved => way.extend([submit, approve]),
        State::Scheduled => way.extend([submit, approve, schedule]),
        State::Withdrawn => way.push(("withdrawArticle", json!({ "reason": "版权投诉" }))),
        State::Archived => way.push(("archiveArticle", json!({}))),
    }
    way
}

/// What a step needs beside the article.
fn input(step: Step, id: &str, version: &Value) -> Value {
    let mut input = json!({ "id": id });
    if !matches!(step, Step::Withdraw | Step::Restore) {
        input["version"] = version.clone();
    }
    let more = match step {
        Step::Update => json!({ "content": { "title": "又一版" } }),
        Step::Reject => json!({ "note": "再改" }),
        Step::Schedule => json!({ "publishAt": "2026-03-06T00:00:00Z" }),
        Step::Limit => json!({ "unpublishAt": "2026-04-06T00:00:00Z" }),
        Step::Withdraw | Step::Restore => json!({ "reason": "版权投诉" }),
        _ => json!({}),
    };
    more.as_object().expect("an object").iter().for_each(|(field, value)| input[field] = value.clone());
    input
}

async fn bring(desk: &Desk<'_>, state: State, is_live: bool) -> Value {
    let mut id = desk.create(json!({ "title": "初稿" })).await;
    for (step, mut more) in way(state, is_live) {
        more["id"] = id["id"].clone();
        if step == "updateArticle" {
            more["version"] = desk.manuscript(&text(&id["id"])).await["version"].clone();
        }
        let answer = desk.run(step, more).await;
        assert_eq!(answer["userErrors"], json!([]), "{step} to {state:?}");
        id = json!({ "id": id["id"] });
    }
    let paper = desk.manuscript(&text(&id["id"])).await;
    assert_eq!((&paper["state"], &paper["isLive"]), (&json!(state.word().to_uppercase()), &json!(is_live)));
    paper
}

/// Every step in every state: it goes where the table says, or is refused and changes nothing. The table itself is tested
/// beside it, against a list written by hand.
#[tokio::test]
async fn every_pair_of_state_and_step_does_what_the_table_says() {
    let app = app().await;
    let mut desk = Desk::of(&app, "chief", Role::Chief).await;
    let mut pairs = 0;
    for state in State::ALL {
        let lives: &[bool] = match state {
            State::Published => &[true],
            State::Withdrawn | State::Archived => &[false],
            _ => &[false, true],
        };
        for is_live in lives.iter().copied() {
            let mut paper = bring(&desk, state, is_live).await;
            for step in Step::ALL {
                let id = text(&paper["id"]);
                let answer = desk.run(step.field(), input(step, &id, &paper["version"])).await;
                let after = desk.manuscript(&id).await;
                if let Some((to, live)) = step.from(state, is_live) {
                    assert_eq!(answer["userErrors"], json!([]), "{step:?} from {state:?}, live: {is_live}");
                    let expected = (json!(to.word().to_uppercase()), json!(live));
                    assert_eq!((after["state"].clone(), after["isLive"].clone()), expected, "{step:?} from {state:?}");
                    assert_eq!(!shown(&app, &id).await.is_null(), live, "{step:?} from {state:?}: readers see it or not");
                    paper = bring(&desk, state, is_live).await;
                } else {
                    assert_eq!(answer["userErrors"][0]["code"], "CONFLICT", "{step:?} from {state:?}, live: {is_live}: {answer}");
                    assert_eq!(after, paper, "{step:?} from {state:?} changes nothing");
                }
                pairs += 1;
            }
        }
        desk = Desk::of(&app, &format!("chief-{}", state.word().replace('_', "-")), Role::Chief).await;
    }
    assert_eq!(pairs, 13 * Step::ALL.len());
}

#[tokio::test]
async fn the_second_of_two_editors_learns_who_was_faster() {
    let app = app().await;
    let (one, two) = (Desk::of(&app, "liwei", Role::Editor).await, Desk::of(&app, "wangmin", Role::Editor).await);
    let id = text(&one.create(json!({ "title": "初稿" })).await["id"]);
    app.set_time("2026-03-01T00:09:30Z");
    one.step("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "甲稿" } })).await;
    let answer = two.run("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "乙稿" } })).await;
    let error = &answer["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("STALE"), &json!("version")), "{answer}");
    let conflict = json!({ "changedBy": "liwei 王敏", "changedAt": "2026-03-01T08:09:30+08:00", "version": 2 });
    assert_eq!(error["conflict"], conflict);
    assert!(answer["manuscript"].is_null());
    assert_eq!(two.manuscript(&id).await["title"], "甲稿");
    let updates = (0..8).map(|i| {
        let content = json!({ "title": format!("第{i}稿") });
        two.run("updateArticle", json!({ "id": id, "version": 2, "content": content }))
    });
    let answers = futures_util::future::join_all(updates).await;
    let done = answers.iter().filter(|a| a["manuscript"].is_object()).count();
    let stale = answers.iter().filter(|a| a["userErrors"][0]["code"] == "STALE").count();
    assert_eq!((done, stale), (1, 7), "{answers:?}");
}

#[tokio::test]
async fn contributors_work_on_their_own_articles_alone() {
    let app = app().await;
    let (one, two) = (Desk::of(&app, "liwei", Role::Contributor).await, Desk::of(&app, "zhaolei", Role::Contributor).await);
    let editor = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&one.create(json!({ "title": "初稿" })).await["id"]);
    let update = "mutation($id: ID!) { updateArticle(input: {id: $id, version: 1, content: {title: \"别人的稿\"}}) { userErrors { code } } }";
    let answer = two.ask(update, json!({ "id": id })).await;
    assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
    assert_eq!(two.manuscript(&id).await["steps"], json!([]), "nor are they offered anything");
    editor.step("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "编辑改过" } })).await;
    one.step("submitArticle", json!({ "id": id })).await;
    let answer = one.run("updateArticle", json!({ "id": id, "version": 3, "content": { "title": "偷改" } })).await;
    assert_eq!(answer["userErrors"][0]["code"], "CONFLICT", "what is in review stays as it was handed in: {answer}");
    assert_eq!(one.manuscript(&id).await["steps"], json!(["RECALL"]));
    editor.step("updateArticle", json!({ "id": id, "version": 3, "content": { "title": "审稿时改" } })).await;
    assert_eq!(editor.manuscript(&id).await["state"], "IN_REVIEW", "a reviewer mends what is in review");
    for (step, more) in [("approveArticle", ""), ("publishArticle", ""), ("withdrawArticle", ", reason: \"x\"")] {
        let query = format!("mutation($id: ID!) {{ {step}(input: {{id: $id{more}}}) {{ userErrors {{ code }} }} }}");
        assert_eq!(code(&one.ask(&query, json!({ "id": id })).await), "FORBIDDEN", "{step}");
    }
    let mine = one.data("{ manuscripts(filter: {mine: true}) { nodes { title } } }", json!({})).await;
    assert_eq!(mine["manuscripts"]["nodes"], json!([{ "title": "审稿时改" }]));
    let mine = two.data("{ manuscripts(filter: {mine: true}) { nodes { title } } }", json!({})).await;
    assert_eq!(mine["manuscripts"]["nodes"], json!([]));
}

#[tokio::test]
async fn what_is_scheduled_comes_and_goes_at_its_second() {
    let app = app().await;
    let mut desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = desk.approved("定时稿").await;
    let answer = desk.run("scheduleArticle", json!({ "id": id, "publishAt": NOW })).await;
    assert_eq!(answer["userErrors"][0]["field"], "publishAt", "{answer}");
    let times = json!({ "id": id, "publishAt": "2026-03-01T10:00:00+08:00", "unpublishAt": "2026-03-01T12:00:00+08:00" });
    let paper = desk.step("scheduleArticle", times).await;
    assert_eq!((&paper["state"], &paper["publishAt"]), (&json!("SCHEDULED"), &json!("2026-03-01T10:00:00+08:00")));
    app.set_time("2026-03-01T01:59:59.999Z");
    assert!(shown(&app, &id).await.is_null());
    desk.again().await;
    let state = desk.data("query($id: ID!) { article(by: {id: $id}) { state } }", json!({ "id": id })).await;
    assert_eq!(state["article"]["state"], "SCHEDULED");
    app.set_time("2026-03-01T02:00:00Z");
    assert_eq!(shown(&app, &id).await, "定时稿", "at its second, whatever the scheduler does");
    assert_eq!(listed(&app).await, ["定时稿"]);
    settled(&app).await;
    let paper = desk.manuscript(&id).await;
    assert_eq!((&paper["state"], &paper["isLive"], &paper["publishAt"]), (&json!("PUBLISHED"), &json!(true), &Value::Null));
    app.set_time("2026-03-01T03:59:59.999Z");
    assert_eq!(shown(&app, &id).await, "定时稿");
    app.set_time("2026-03-01T04:00:00Z");
    assert!(shown(&app, &id).await.is_null());
    settled(&app).await;
    desk.again().await;
    let paper = desk.manuscript(&id).await;
    assert_eq!((&paper["state"], &paper["isLive"], &paper["unpublishAt"]), (&json!("ARCHIVED"), &json!(false), &Value::Null));
    let of = |action: &str| format!("SELECT count(*) FROM journal WHERE action = 'article.{action}' AND actor = 'schedule'");
    assert_eq!(app.database.numbers(&of("published")).await, [1]);
    assert_eq!(app.database.numbers(&of("unpublished")).await, [1]);
    desk.step("reopenArticle", json!({ "id": id })).await;
    assert!(shown(&app, &id).await.is_null());
}

/// Waits until nothing is due any more.
async fn settled(app: &TestApp) {
    for _ in 0..400 {
        let ready = app.get("/ready").await.json();
        if ready["schedule"]["overdue"] == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("something stays overdue");
}

#[tokio::test]
async fn the_next_version_of_a_live_article_comes_at_its_time() {
    let app = app().await;
    let mut desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = desk.published("第一版").await;
    let version = desk.manuscript(&id).await["version"].clone();
    let content = json!({ "title": "第二版", "body": "<p>新的正文。</p>", "tags": ["氢能"] });
    desk.step("updateArticle", json!({ "id": id, "version": version, "content": content })).await;
    desk.step("submitArticle", json!({ "id": id })).await;
    desk.step("approveArticle", json!({ "id": id })).await;
    let times = json!({ "id": id, "publishAt": "2026-03-02T00:00:00Z", "correction": "数字有误", "significant": true });
    desk.step("scheduleArticle", times).await;
    let other = desk.approved("取消的定时").await;
    desk.step("scheduleArticle", json!({ "id": other, "publishAt": "2026-03-02T00:00:00Z" })).await;
    desk.step("unscheduleArticle", json!({ "id": other })).await;
    app.set_time("2026-03-02T00:00:01Z");
    settled(&app).await;
    desk.again().await;
    assert_eq!(shown(&app, &id).await, "第二版");
    assert!(shown(&app, &other).await.is_null());
    assert_eq!(desk.manuscript(&other).await["state"], "APPROVED");
    let query = "query($id: ID!) { article(by: {id: $id}) { body { text } tags { name } corrections { note } publishedAt } }";
    let seen = app.data(query, json!({ "id": id })).await;
    let expected = json!({
        "body": { "text": "新的正文。" }, "tags": [{ "name": "氢能" }], "corrections": [{ "note": "数字有误" }],
        "publishedAt": "2026-03-01T08:00:00+08:00",
    });
    assert_eq!(seen["article"], expected);
}

#[tokio::test]
async fn an_embargo_holds() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&desk.create(json!({ "title": "禁发稿", "embargoUntil": "2026-03-03T00:00:00Z" })).await["id"]);
    desk.step("submitArticle", json!({ "id": id })).await;
    desk.step("approveArticle", json!({ "id": id })).await;
    for (step, input) in
        [("publishArticle", json!({ "id": id })), ("scheduleArticle", json!({ "id": id, "publishAt": "2026-03-02T23:59:59Z" }))]
    {
        let answer = desk.run(step, input).await;
        assert!(text(&answer["userErrors"][0]["message"]).contains("embargo until 2026-03-03T00:00:00"), "{answer}");
    }
    assert_eq!(desk.manuscript(&id).await["state"], "APPROVED");
    desk.step("scheduleArticle", json!({ "id": id, "publishAt": "2026-03-03T00:00:00Z" })).await;
    app.set_time("2026-03-03T00:00:00Z");
    assert_eq!(shown(&app, &id).await, "禁发稿");
}

/// However many programs look, each publication is made once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_programs_publish_nothing_twice() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let mut ids = Vec::new();
    for i in 0..60 {
        let id = desk.approved(&format!("定时稿{i}")).await;
        desk.step("scheduleArticle", json!({ "id": id, "publishAt": "2026-03-01T06:00:00Z" })).await;
        ids.push(id);
    }
    let db = app.database.open().await;
    let due = tidings::clock::instant(crate::app::millis("2026-03-01T06:00:00Z")).timestamp_millis();
    let strike = || async { tidings::editorial::settle_due(&db, due).await.expect("a strike").published };
    let (a, b, c, d) = tokio::join!(strike(), strike(), strike(), strike());
    let rest = strike().await;
    assert_eq!(a + b + c + d + rest, 60);
    let journal = "SELECT count(*) FROM journal WHERE action = 'article.published' AND actor = 'schedule'";
    assert_eq!(app.database.numbers(journal).await, [60]);
    app.set_time("2026-03-01T06:00:00Z");
    assert_eq!(listed(&app).await.len(), 60);
    db.close().await;
}

#[tokio::test]
async fn content_that_leads_nowhere_is_not_taken() {
    let app = TestApp::with(&portal([topic("t"), media("m"), source("s"), channel("park")])).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let news = app.id("channel", "news").await;
    let good = desk.create(json!({ "title": "好稿" })).await;
    let nothing = |kind: u8| {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([kind, 0x7f, 0xff])
    };
    let wrong = [
        (json!({ "channel": nothing(b'C') }), "content.channel"),
        (json!({ "channel": app.id("topic", "t").await }), "content.channel"),
        (json!({ "channels": [news, nothing(b'C')] }), "content.channels[0]"),
        (json!({ "topics": [nothing(b'O')] }), "content.topics[0]"),
        (json!({ "authors": [nothing(b'U')] }), "content.authors[0]"),
        (json!({ "source": nothing(b'S') }), "content.source"),
        (json!({ "cover": nothing(b'M') }), "content.cover"),
        (json!({ "gallery": [{ "media": nothing(b'M') }] }), "content.gallery[0].media"),
        (json!({ "related": [good["id"], nothing(b'A')] }), "content.related[1]"),
        (json!({ "sourceUrl": "javascript:alert(1)" }), "content.sourceUrl"),
        (json!({ "slug": "12" }), "content.slug"),
        (json!({ "title": " " }), "content.title"),
        (json!({ "title": null }), "content.title"),
        (json!({ "language": "中文" }), "content.language"),
        (json!({ "body": "<p>x</p>", "bodyText": "x" }), "content.body"),
    ];
    for (more, field) in wrong {
        let mut content = json!({ "title": "坏稿", "channel": news });
        more.as_object().expect("an object").iter().for_each(|(name, value)| content[name] = value.clone());
        let answer = desk.run("createArticle", json!({ "content": content })).await;
        assert_eq!(answer["userErrors"][0]["field"], field, "{more}: {answer}");
        assert!(answer["manuscript"].is_null());
        if !more["title"].is_null() || more.get("title").is_none() {
            let answer = desk.run("updateArticle", json!({ "id": good["id"], "version": 1, "content": more })).await;
            assert_eq!(answer["userErrors"][0]["field"], field, "{more}: {answer}");
        }
    }
    assert_eq!(app.database.numbers("SELECT count(*) FROM manuscript").await, [1]);
    assert_eq!(app.database.numbers("SELECT count(*) FROM revision").await, [1]);
    let answer = desk.run("createArticle", json!({ "content": { "title": "甲", "channel": news, "slug": "hydrogen" } })).await;
    assert_eq!(answer["userErrors"], json!([]));
    let answer = desk.run("createArticle", json!({ "content": { "title": "乙", "channel": news, "slug": "hydrogen" } })).await;
    assert_eq!(answer["userErrors"][0]["field"], "content.slug", "{answer}");
}

#[tokio::test]
async fn revisions_are_kept_compared_and_restored() {
    let app = TestApp::with(&portal([article("imported").tags(&["氢能"]).set("body", "<p>原文。</p>")])).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&app.query("{ article(by: {slug: \"imported\"}) { id } }").await["article"]["id"]);
    let paper = desk.manuscript(&id).await;
    assert_eq!((&paper["state"], &paper["head"], &paper["isLive"]), (&json!("PUBLISHED"), &json!(0), &json!(true)));
    let content =
        "query($id: ID!) { manuscript(id: $id) { createdBy content { title slug tags pages { html } channel { slug } } } }";
    let before = desk.data(content, json!({ "id": id })).await;
    assert_eq!(before["manuscript"]["createdBy"], "import");
    assert_eq!(before["manuscript"]["content"]["pages"], json!([{ "html": "<p>原文。</p>" }]));
    let change = json!({ "title": "改过的标题", "tags": ["氢能", "示范"], "body": "<p>改过。</p>" });
    let next = desk.step("updateArticle", json!({ "id": id, "version": 1, "content": change })).await;
    assert_eq!((&next["head"], &next["live"], &next["state"]), (&json!(2), &json!(1), &json!("DRAFT")));
    let history = "query($id: ID!) { manuscript(id: $id) { revisions { number origin by content { title } preview { title url } } \
        diff(from: 1, to: 2) { field before after } } }";
    let seen = desk.data(history, json!({ "id": id })).await["manuscript"].clone();
    let numbers: Vec<&Value> = seen["revisions"].as_array().expect("a list").iter().map(|r| &r["number"]).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(seen["revisions"][1]["origin"], "IMPORT");
    assert_eq!(seen["revisions"][0]["by"], "wangmin 王敏");
    assert_eq!(seen["revisions"][0]["preview"]["title"], "改过的标题");
    let fields: Vec<&Value> = seen["diff"].as_array().expect("a list").iter().map(|c| &c["field"]).collect();
    assert_eq!(fields, ["title", "tags", "pages[0].html"]);
    assert_eq!(seen["diff"][1], json!({ "field": "tags", "before": "氢能", "after": "氢能\n示范" }));
    assert_eq!(shown(&app, &id).await, before["manuscript"]["content"]["title"], "readers see the old one");
    desk.step("restoreRevision", json!({ "id": id, "version": 2, "number": 1 })).await;
    let again = desk.data(content, json!({ "id": id })).await;
    assert_eq!(again["manuscript"]["content"], before["manuscript"]["content"]);
    let answer = desk.run("restoreRevision", json!({ "id": id, "version": 3, "number": 9 })).await;
    assert_eq!(answer["userErrors"][0]["field"], "number", "{answer}");
    let same = desk
        .step(
            "updateArticle",
            json!({ "id": id, "version": 3, "content": { "title": before["manuscript"]["content"]["title"] } }),
        )
        .await;
    assert_eq!((&same["version"], &same["head"]), (&json!(3), &json!(3)), "nothing has changed, so nothing is written");
    let answer = desk.run("updateArticle", json!({ "id": id, "version": 3, "content": { "slug": "elsewhere" } })).await;
    assert_eq!(answer["userErrors"][0]["field"], "content.slug", "readers have links to it: {answer}");
}

#[tokio::test]
async fn a_preview_shows_one_revision_for_a_time() {
    let app = TestApp::with(&portal([media("m"), article("old").set("status", "draft")])).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let cover = tidings_id(b'M', app.database.numbers("SELECT id FROM media").await[0]);
    let content =
        json!({ "title": "初稿", "body": "<p>一</p>", "gallery": [{ "media": cover, "caption": "图说" }], "cover": cover });
    let id = text(&desk.create(content).await["id"]);
    let make = "mutation($i: CreatePreviewInput!) { createPreview(input: $i) { token expiresAt userErrors { field } } }";
    let made = desk.data(make, json!({ "i": { "id": id, "hours": 2 } })).await["createPreview"].clone();
    assert_eq!(made["expiresAt"], "2026-03-01T10:00:00+08:00");
    let look = "query($t: String!) { article(by: {preview: $t}) { title state body { html } cover { id } gallery { caption } channel { slug } } }";
    let shown = async |token: &Value| app.ask(look, json!({ "t": token })).await;
    let first = shown(&made["token"]).await["data"]["article"].clone();
    let expected = json!({ "title": "初稿", "state": "DRAFT", "body": { "html": "<p>一</p>" }, "cover": { "id": cover },
        "gallery": [{ "caption": "图说" }], "channel": { "slug": "news" } });
    assert_eq!(first, expected, "by anyone who has the token");
    let answer = app.post(&json!({ "query": look, "variables": { "t": made["token"] } }), &[]).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"), "and nobody on the way keeps it");
    desk.step("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "二稿" } })).await;
    assert_eq!(shown(&made["token"]).await["data"]["article"]["title"], "初稿", "the revision that it was made for");
    for hours in [0, 169] {
        let answer = desk.data(make, json!({ "i": { "id": id, "hours": hours } })).await;
        assert_eq!(answer["createPreview"]["userErrors"][0]["field"], "hours", "{answer}");
    }
    let answer = desk.data(make, json!({ "i": { "id": id, "revision": 9 } })).await;
    assert_eq!(answer["createPreview"]["userErrors"][0]["field"], "revision", "{answer}");
    let imported = tidings_id(b'A', app.database.numbers("SELECT id FROM article WHERE slug = 'old'").await[0]);
    let old = desk.data(make, json!({ "i": { "id": imported } })).await["createPreview"]["token"].clone();
    assert_eq!(shown(&old).await["data"]["article"]["state"], "DRAFT");
    let mut wrong = text(&made["token"]);
    wrong.replace_range(10..11, if &wrong[10..11] == "A" { "B" } else { "A" });
    let answer = shown(&json!(wrong)).await;
    assert_eq!(
        (code(&answer), &answer["errors"][0]["extensions"]["field"]),
        ("BAD_USER_INPUT", &json!("by.preview")),
        "{answer}"
    );
    for step in ["submitArticle", "approveArticle", "publishArticle"] {
        desk.step(step, json!({ "id": id })).await;
    }
    desk.run("withdrawArticle", json!({ "id": id, "reason": "版权投诉" })).await;
    assert!(shown(&made["token"]).await["data"]["article"].is_null(), "what was withdrawn is shown to nobody");
    let again = desk.data(make, json!({ "i": { "id": id } })).await["createPreview"].clone();
    assert_eq!((&again["token"], again["userErrors"].as_array().map(Vec::len)), (&Value::Null, Some(1)), "{again}");
    app.set_time("2026-03-01T02:00:00Z");
    assert_eq!(code(&shown(&made["token"]).await), "BAD_USER_INPUT", "two hours later");
}

/// What an import brings is one revision more; the draft that follows stays, and so does what editors did to an equal line.
#[tokio::test]
async fn imports_and_editors_do_not_lose_each_others_work() {
    let mut app = TestApp::with(&portal([article("a").set("body", "<p>原文。</p>")])).await;
    let id = text(&app.query("{ article(by: {slug: \"a\"}) { id } }").await["article"]["id"]);
    {
        let desk = Desk::of(&app, "wangmin", Role::Editor).await;
        desk.step("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "编辑的草稿" } })).await;
    }
    app.import(&[article("a").set("body", "<p>原文。</p>")]).await;
    assert_ne!(shown(&app, &id).await, "编辑的草稿");
    app.import(&[article("a").set("title", "导入的新标题").set("body", "<p>新文。</p>")]).await;
    assert_eq!(shown(&app, &id).await, "导入的新标题");
    let desk = Desk::of(&app, "zhaolei", Role::Editor).await;
    let paper = desk.manuscript(&id).await;
    assert_eq!((&paper["state"], &paper["title"], &paper["head"]), (&json!("DRAFT"), &json!("编辑的草稿"), &json!(2)));
    assert_eq!(paper["live"], 3, "what has come is the third revision");
    let diff = "query($id: ID!) { manuscript(id: $id) { diff(from: 1, to: 3) { field after } } }";
    let diff = desk.data(diff, json!({ "id": id })).await;
    assert_eq!(diff["manuscript"]["diff"].as_array().map(Vec::len), Some(2), "{diff}");
    desk.step("submitArticle", json!({ "id": id })).await;
    desk.step("approveArticle", json!({ "id": id })).await;
    desk.step("publishArticle", json!({ "id": id })).await;
    assert_eq!(shown(&app, &id).await, "编辑的草稿");
    app.import(&[article("a").set("title", "导入的新标题").set("body", "<p>新文。</p>")]).await;
    assert_eq!(shown(&app, &id).await, "编辑的草稿", "an equal line is no news");
}

#[tokio::test]
async fn words_are_replaced_hold_up_or_stand_in_the_way() {
    let app = app().await;
    let (chief, editor) = (Desk::of(&app, "chief", Role::Chief).await, Desk::of(&app, "wangmin", Role::Editor).await);
    let put = "mutation($input: PutSensitiveWordInput!) { putSensitiveWord(input: $input) { sensitiveWord { word } userErrors { field } } }";
    for (word, action, replacement) in
        [("绝密", "REFUSE", None), ("最先进", "REPLACE", Some("较先进")), ("ABC公司", "HOLD", None)]
    {
        let input = json!({ "word": word, "action": action, "replacement": replacement, "note": "见编辑规范" });
        let answer = chief.data(put, json!({ "input": input })).await;
        assert_eq!(answer["putSensitiveWord"]["userErrors"], json!([]), "{answer}");
    }
    assert_eq!(code(&editor.ask("{ sensitiveWords { word } }", json!({})).await), "FORBIDDEN");
    let content = json!({ "title": "国内最先进的园区", "body": "<p>一份<b>绝</b>密文件</p>", "subtitle": "abc公司供稿" });
    let id = text(&editor.create(content).await["id"]);
    let answer = editor.run("submitArticle", json!({ "id": id })).await;
    let error = &answer["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("SENSITIVE_WORD"), &json!("pages[0].html")), "{answer}");
    assert_eq!(error["word"], json!({ "field": "pages[0].html", "start": 2, "length": 2, "word": "绝密" }));
    assert_eq!(editor.manuscript(&id).await["state"], "DRAFT");
    let hidden = json!({ "body": "<p>一份文件<a href='/x' title='绝密'>x</a></p>" });
    editor.step("updateArticle", json!({ "id": id, "version": 1, "content": hidden })).await;
    let answer = editor.run("submitArticle", json!({ "id": id })).await;
    assert_eq!(answer["userErrors"][0]["field"], "pages[0].html@title", "readers see it too: {answer}");
    editor.step("updateArticle", json!({ "id": id, "version": 2, "content": { "body": "<p>一份文件</p>" } })).await;
    let paper = editor.step("submitArticle", json!({ "id": id })).await;
    assert_eq!((&paper["title"], &paper["head"]), (&json!("国内较先进的园区"), &json!(4)), "replaced, as a revision of its own");
    assert_eq!(paper["heldBy"], json!([{ "field": "subtitle", "start": 0, "length": 5, "word": "ABC公司" }]));
    assert_eq!(paper["steps"], json!(["UPDATE", "RECALL", "REJECT"]), "an editor may not clear it");
    let approve = "mutation($id: ID!) { approveArticle(input: {id: $id}) { manuscript { state } } }";
    assert_eq!(code(&editor.ask(approve, json!({ "id": id })).await), "FORBIDDEN");
    let held = editor.data("{ manuscripts(filter: {held: true}) { nodes { id } } }", json!({})).await;
    assert_eq!(held["manuscripts"]["nodes"], json!([{ "id": id }]));
    chief.step("approveArticle", json!({ "id": id })).await;
    editor.step("publishArticle", json!({ "id": id })).await;
    assert_eq!(shown(&app, &id).await, "国内较先进的园区");
    let remove = "mutation { removeSensitiveWord(input: {word: \"绝密\"}) { userErrors { field } } }";
    assert_eq!(chief.data(remove, json!({})).await["removeSensitiveWord"]["userErrors"], json!([]));
    assert_eq!(chief.data("{ sensitiveWords { word } }", json!({})).await["sensitiveWords"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn publishing_costs_few_statements_however_many_articles_there_are() {
    let many = |count: usize| (0..count).map(|i| article(&format!("old{i}")).tags(&["氢能", "园区"]));
    let mut costs = Vec::new();
    for count in [3, 300] {
        let nouns = [topic("t"), media("m"), source("s")];
        let app = TestApp::with(&portal(nouns.into_iter().chain(many(count)))).await;
        let desk = Desk::of(&app, "operator", Role::Operator).await;
        let (cover, topic) = (app.database.numbers("SELECT id FROM media").await[0], app.id("topic", "t").await);
        let cover = tidings_id(b'M', cover);
        let content = json!({
            "title": "新稿", "pages": [{ "html": "<p>一</p>" }, { "html": "<p>二</p>" }], "tags": ["氢能", "新标签"], "cover": cover,
            "topics": [topic], "gallery": [{ "media": cover }], "attachments": [{ "name": "附件", "url": "/a.pdf" }],
        });
        let id = text(&desk.create(content).await["id"]);
        let mut cost = Vec::new();
        for round in 0..2 {
            if round > 0 {
                let version = desk.manuscript(&id).await["version"].clone();
                let content = json!({ "title": "再版", "body": "<p>三</p>", "tags": ["氢能"], "attachments": [] });
                desk.step("updateArticle", json!({ "id": id, "version": version, "content": content })).await;
            }
            desk.step("submitArticle", json!({ "id": id })).await;
            desk.step("approveArticle", json!({ "id": id })).await;
            let publish =
                "mutation($id: ID!) { publishArticle(input: {id: $id, correction: \"更正\"}) { manuscript { state } } }";
            let body = json!({ "query": publish, "variables": { "id": id }, "extensions": { "statements": true } });
            let answer = app.post(&body, &[("authorization", &format!("Bearer {}", desk.token))]).await.json();
            assert_eq!(answer["data"]["publishArticle"]["manuscript"]["state"], "PUBLISHED", "{answer}");
            let spent = &answer["extensions"]["statements"];
            cost.push(spent["statements"].as_u64().expect("reads") + spent["writes"].as_u64().expect("writes"));
        }
        costs.push(cost);
    }
    assert_eq!(costs[0], costs[1], "they do not grow with the number of articles");
    assert_eq!(costs[0], [13, 14], "with their transaction: the first time, and the next version");
}

/// A public id.
pub fn tidings_id(kind: u8, number: i64) -> String {
    use base64::Engine;
    let bytes: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([vec![kind], bytes].concat())
}

#[tokio::test]
async fn what_is_published_has_related_items_at_once() {
    let old = article("old").tags(&["氢能"]);
    let app = TestApp::with(&portal([old, article("pinned"), article("other")])).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let pinned = app.query("{ article(by: {slug: \"pinned\"}) { id } }").await["article"]["id"].clone();
    let draft = desk.create(json!({ "title": "新稿", "tags": ["氢能"], "related": [pinned] })).await;
    for step in ["submitArticle", "approveArticle", "publishArticle"] {
        desk.step(step, json!({ "id": draft["id"] })).await;
    }
    app.related().await;
    let query = "query($id: ID!) { article(by: {id: $id}) { related(first: 2) { reason article { slug } } } }";
    let seen = app.data(query, json!({ "id": draft["id"] })).await;
    let expected = json!([
        { "reason": "EDITOR", "article": { "slug": "pinned" } },
        { "reason": "SHARED_TAGS", "article": { "slug": "old" } },
    ]);
    assert_eq!(seen["article"]["related"], expected);
}

/// Articles that imports brought, withdrew and that came back are worked on like any other.
#[tokio::test]
async fn what_an_import_withdrew_is_restored_and_edited() {
    let withdrawal = json!({ "at": NOW, "actor": "import", "reason": "投诉" });
    let app = TestApp::with(&portal([article("a").set("body", "<p>原文。</p>")])).await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&app.query("{ article(by: {slug: \"a\"}) { id } }").await["article"]["id"]);
    desk.step("updateArticle", json!({ "id": id, "version": 1, "content": { "title": "二稿" } })).await;
    for step in ["submitArticle", "approveArticle", "publishArticle"] {
        desk.step(step, json!({ "id": id })).await;
    }
    let gone = article("a").set("body", "<p>导入的。</p>").set("status", "withdrawn").set("withdrawal", withdrawal);
    app.database.fill(&[gone]).await;
    desk.run("restoreArticle", json!({ "id": id, "reason": "撤销" })).await;
    for (round, body) in [(1, "<p>新的正文。</p>"), (2, "<p>更新的正文。</p>")] {
        let version = desk.manuscript(&id).await["version"].clone();
        desk.step(
            "updateArticle",
            json!({ "id": id, "version": version, "content": { "title": "弃稿", "body": "<p>弃。</p>" } }),
        )
        .await;
        desk.step("discardArticleDraft", json!({ "id": id })).await;
        let version = desk.manuscript(&id).await["version"].clone();
        desk.step("updateArticle", json!({ "id": id, "version": version, "content": { "body": body } })).await;
        for step in ["submitArticle", "approveArticle", "publishArticle"] {
            desk.step(step, json!({ "id": id })).await;
        }
        let seen = app.data("query($id: ID!) { article(by: {id: $id}) { body { html } } }", json!({ "id": id })).await;
        assert_eq!(seen["article"]["body"]["html"], body, "round {round}");
    }
}

#[tokio::test]
async fn times_that_contradict_each_other_are_refused_and_moved_ones_hold() {
    let app = app().await;
    let mut desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let moved = desk.approved("改期").await;
    let at = |hour: u32| format!("2026-03-01T{hour:02}:00:00Z");
    desk.step("scheduleArticle", json!({ "id": moved, "publishAt": at(2), "unpublishAt": at(4) })).await;
    desk.step("scheduleArticle", json!({ "id": moved, "publishAt": at(6) })).await;
    let live = desk.published("在线").await;
    let version = desk.manuscript(&live).await["version"].clone();
    desk.step("updateArticle", json!({ "id": live, "version": version, "content": { "title": "在线二版" } })).await;
    for step in ["submitArticle", "approveArticle"] {
        desk.step(step, json!({ "id": live })).await;
    }
    let refused = async |name: &str, input: Value, field: &str| {
        let answer = desk.run(name, input).await;
        assert_eq!(answer["userErrors"][0]["field"], field, "{answer}");
    };
    refused("scheduleArticle", json!({ "id": live, "publishAt": at(3), "unpublishAt": at(5) }), "unpublishAt").await;
    desk.step("limitArticle", json!({ "id": live, "unpublishAt": at(3) })).await;
    refused("scheduleArticle", json!({ "id": live, "publishAt": at(4) }), "publishAt").await;
    desk.step("scheduleArticle", json!({ "id": live, "publishAt": at(2) })).await;
    refused("limitArticle", json!({ "id": live, "unpublishAt": at(1) }), "unpublishAt").await;
    refused("limitArticle", json!({ "id": live, "unpublishAt": "9999-12-31T23:59:59Z" }), "unpublishAt").await;
    desk.step("unscheduleArticle", json!({ "id": live })).await;
    desk.step("rejectArticle", json!({ "id": live, "note": "再改" })).await;
    app.set_time(&at(3));
    settled(&app).await;
    desk.again().await;
    let paper = desk.manuscript(&live).await;
    let expected = (json!("ARCHIVED"), json!("在线"), Value::Null);
    assert_eq!(
        (paper["state"].clone(), paper["title"].clone(), paper["note"].clone()),
        expected,
        "its draft is put away with it"
    );
    app.set_time(&at(6));
    settled(&app).await;
    assert_eq!(shown(&app, &moved).await, "改期", "its old end went with its old beginning");
}

/// A limit outlives a withdrawal, and a draft from before an import does not take an address back.
#[tokio::test]
async fn ends_and_addresses_stay_what_they_are() {
    let app = TestApp::with(&portal([article("z1")])).await;
    let mut desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = desk.published("有期").await;
    desk.step("limitArticle", json!({ "id": id, "unpublishAt": "2026-03-01T05:00:00Z" })).await;
    desk.run("withdrawArticle", json!({ "id": id, "reason": "投诉" })).await;
    app.set_time("2026-03-01T06:00:00Z");
    settled(&app).await;
    desk.again().await;
    assert_eq!(desk.manuscript(&id).await["state"], "WITHDRAWN");
    desk.run("restoreArticle", json!({ "id": id, "reason": "撤销" })).await;
    assert!(shown(&app, &id).await.is_null(), "its time is over");
    let old = text(&app.query("{ article(by: {slug: \"z1\"}) { id } }").await["article"]["id"]);
    desk.step("updateArticle", json!({ "id": old, "version": 1, "content": { "title": "改" } })).await;
    for step in ["submitArticle", "approveArticle"] {
        desk.step(step, json!({ "id": old })).await;
    }
    let mut renamed = article("z1").set("slug", "z1new");
    renamed = renamed.set("title", "导入改名");
    app.database.fill(&[renamed]).await;
    desk.step("publishArticle", json!({ "id": old })).await;
    assert_eq!(app.query("{ article(by: {slug: \"z1new\"}) { title } }").await["article"]["title"], "改");
    let imported = article("desk:3").set("slug", "odd");
    app.database.fill(&[imported]).await;
    desk.create(json!({ "title": "仍可新建" })).await;
}

#[tokio::test]
async fn a_slug_stays_from_the_first_reader_on_and_not_before() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let again = async |id: &str, content: Value| {
        let paper = desk.manuscript(id).await;
        desk.run("updateArticle", json!({ "id": id, "version": paper["version"], "content": content })).await
    };
    let times = async |id: &str| {
        for step in ["submitArticle", "approveArticle"] {
            desk.step(step, json!({ "id": id })).await;
        }
        desk.step("scheduleArticle", json!({ "id": id, "publishAt": "2026-03-01T02:00:00Z" })).await;
        desk.step("unscheduleArticle", json!({ "id": id })).await;
    };
    // Scheduled and taken back: no reader has seen it.
    let id = text(&desk.create(json!({ "title": "未发布", "slug": "early" })).await["id"]);
    times(&id).await;
    assert_eq!(desk.manuscript(&id).await["live"], 0);
    assert_eq!(again(&id, json!({ "slug": "later" })).await["userErrors"], json!([]));
    // Published, taken off, scheduled with a new tag and taken back: readers have seen it.
    let id = desk.published("发布过").await;
    for step in ["unpublishArticle", "reopenArticle"] {
        desk.step(step, json!({ "id": id })).await;
    }
    assert_eq!(again(&id, json!({ "tags": ["新标签"] })).await["userErrors"], json!([]));
    times(&id).await;
    let answer = again(&id, json!({ "slug": "elsewhere" })).await;
    assert_eq!(answer["userErrors"][0]["field"], "content.slug", "{answer}");
}

#[tokio::test]
async fn tags_of_what_is_scheduled_come_with_it() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&desk.create(json!({ "title": "定时", "tags": ["机密项目"], "slug": "secret" })).await["id"]);
    for step in ["submitArticle", "approveArticle"] {
        desk.step(step, json!({ "id": id })).await;
    }
    desk.step("scheduleArticle", json!({ "id": id, "publishAt": "2026-03-01T02:00:00Z" })).await;
    let tag = async || app.query("{ tag(by: {name: \"机密项目\"}) { articles { nodes { slug } } } }").await["tag"].clone();
    assert!(tag().await.is_null(), "nobody hears of it before");
    app.set_time("2026-03-01T02:00:00Z");
    assert_eq!(shown(&app, &id).await, "定时");
    settled(&app).await;
    for _ in 0..1_000 {
        if !tag().await.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(tag().await["articles"]["nodes"], json!([{ "slug": "secret" }]));
    let at = app.data("query($id: ID!) { article(by: {id: $id}) { publishedAt } }", json!({ "id": id })).await;
    assert_eq!(at["article"]["publishedAt"], "2026-03-01T10:00:00+08:00");
}

/// What a key may write it need not be able to read.
#[tokio::test]
async fn a_key_reads_no_more_than_its_scopes_say() {
    let app = app().await;
    let desk = Desk::of(&app, "operator", Role::Operator).await;
    let id = desk.published("在线").await;
    let make = "mutation { createApiKey(input: {name: \"发布\", scopes: [PUBLISH_ARTICLES]}) { secret } }";
    let key = text(&desk.data(make, json!({})).await["createApiKey"]["secret"]);
    let limit = |below: &str| {
        format!(
            "mutation($id: ID!) {{ limitArticle(input: {{id: $id, unpublishAt: \"2026-04-01T00:00:00Z\"}}) {{ manuscript {{ {below} }} }} }}"
        )
    };
    for below in ["content { title }", "preview { title }", "revisions { number }", "diff(from: 1, to: 1) { field }"] {
        let answer = ask_as(&app, &key, &limit(below), json!({ "id": id })).await;
        assert_eq!(code(&answer), "FORBIDDEN", "{below}: {answer}");
    }
    let answer = ask_as(&app, &key, &limit("state steps"), json!({ "id": id })).await;
    assert_eq!(answer["data"]["limitArticle"]["manuscript"]["steps"], json!(["LIMIT", "UNPUBLISH"]), "{answer}");
}

/// However many manuscripts are listed, what hangs on them takes the same number of statements.
#[tokio::test]
async fn lists_of_manuscripts_cost_the_same_for_any_number() {
    let app = app().await;
    let desk = Desk::of(&app, "operator", Role::Operator).await;
    for i in 0..12 {
        let id = desk.create(json!({ "title": format!("第{i}稿"), "tags": ["氢能"], "body": "<p>一</p>" })).await["id"].clone();
        desk.step("updateArticle", json!({ "id": id, "version": 1, "content": { "subtitle": "改" } })).await;
    }
    let query = "query($n: Int!) { manuscripts(first: $n) { nodes { title changedBy content { tags } preview { title tags { name } } \
        revisions(first: 1) { number by } article { title body { text } } } } }";
    let mut counts = Vec::new();
    for n in [2, 12] {
        let body = json!({ "query": query, "variables": { "n": n }, "extensions": { "statements": true } });
        let answer = app.post(&body, &[("authorization", &format!("Bearer {}", desk.token))]).await.json();
        let nodes = answer["data"]["manuscripts"]["nodes"].as_array().expect("a list");
        assert!(nodes.len() == n && nodes.iter().all(|m| m["revisions"][0]["number"] == 2), "{answer}");
        counts.push(answer["extensions"]["statements"].clone());
    }
    assert_eq!(counts[0], counts[1]);
}
