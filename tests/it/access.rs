//! Who may do what: signing in and out, roles, keys, and that no secret is kept.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidings::auth::{Actor, FIELDS, Need, Permission, Role};
use tidings::clock::Clock;
use tidings::editorial::{AccountDraft, KeyDraft, Office};

use crate::app::{NOW, TestApp, TestDatabase};
use crate::import::program;
use crate::records::{article, portal};

/// The password that everybody chooses here.
pub const PASSWORD: &str = "correct horse battery";

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken refreshToken \
    accessTokenExpiresAt } account { login role hasOneTimePassword } userErrors { code field message } } }";

const REFRESH: &str = "mutation($token: String!) { refreshSession(input: {refreshToken: $token}) { tokens { accessToken refreshToken } \
    userErrors { field message } } }";

async fn app() -> TestApp {
    TestApp::with(&portal([])).await
}

/// The office, working for this test.
async fn office(app: &TestApp) -> Office {
    let clock = Clock::fixed(NOW.parse().expect("an instant"));
    Office::new(&app.database.open().await, Actor::Machine("test"), clock)
}

/// Makes an account and returns its password, which works once.
async fn make(app: &TestApp, login: &str, role: Role) -> String {
    let draft = AccountDraft { login: login.into(), name: format!("{login} 王敏"), role };
    office(app).await.create_account(draft).await.expect("an account").1.reveal()
}

async fn sign_in(app: &TestApp, login: &str, password: &str, new: Option<&str>) -> Value {
    app.ask(SIGN_IN, json!({ "input": { "login": login, "password": password, "newPassword": new } })).await
}

/// Makes an account, signs in, and returns its tokens: access, refresh.
pub async fn staff(app: &TestApp, login: &str, role: Role) -> (String, String) {
    let password = make(app, login, role).await;
    let answer = sign_in(app, login, &password, Some(PASSWORD)).await;
    let tokens = &answer["data"]["signIn"]["tokens"];
    let text = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    (text("accessToken"), text("refreshToken"))
}

/// Asks with a token.
pub async fn ask_as(app: &TestApp, token: &str, query: &str, variables: Value) -> Value {
    let header = format!("Bearer {token}");
    app.post(&json!({ "query": query, "variables": variables }), &[("authorization", &header)]).await.json()
}

async fn role_of(app: &TestApp, token: &str) -> Value {
    ask_as(app, token, "{ me { role } }", json!({})).await["data"]["me"]["role"].clone()
}

pub fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_one_time_password_is_replaced_at_the_first_sign_in() {
    let app = app().await;
    let password = make(&app, "wangmin", Role::Editor).await;
    let answer = sign_in(&app, "wangmin", &password, None).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "newPassword", "{answer}");
    assert!(answer["data"]["signIn"]["tokens"].is_null());
    let answer = sign_in(&app, "wangmin", &password, Some("short")).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "newPassword", "{answer}");
    let answer = sign_in(&app, "wangmin", &password, Some(&password)).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "newPassword", "the same is no new one: {answer}");
    let answer = sign_in(&app, " WangMin ", &password, Some(PASSWORD)).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"], json!([]), "{answer}");
    let token = answer["data"]["signIn"]["tokens"]["accessToken"].as_str().expect("a token").to_owned();
    assert_eq!(role_of(&app, &token).await, "EDITOR");
    let answer = sign_in(&app, "wangmin", &password, None).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "password", "it worked once: {answer}");
    let answer = sign_in(&app, "wangmin", PASSWORD, None).await;
    assert_eq!(answer["data"]["signIn"]["account"]["hasOneTimePassword"], false, "{answer}");
}

#[tokio::test]
async fn attempts_that_fail_are_slowed_down_however_many_come_at_once() {
    let app = app().await;
    let password = make(&app, "wangmin", Role::Editor).await;
    let attempts = (0..12).map(|_| sign_in(&app, "wangmin", "a wrong password", None));
    let answers = futures_util::future::join_all(attempts).await;
    let (slowed, wrong): (Vec<&Value>, Vec<&Value>) = answers.iter().partition(|a| code(a) == "RATE_LIMITED");
    assert_eq!(wrong.len(), 6, "five are free, the sixth starts the wait: {answers:?}");
    assert!(wrong.iter().all(|a| a["data"]["signIn"]["userErrors"][0]["field"] == "password"), "{wrong:?}");
    assert_eq!(slowed[0]["errors"][0]["extensions"]["retryAfterSecs"], 1);
    let answer = sign_in(&app, "wangmin", &password, Some(PASSWORD)).await;
    assert_eq!(code(&answer), "RATE_LIMITED", "nor is the right one looked at: {answer}");
    app.set_time("2026-03-01T00:00:01Z");
    let answer = sign_in(&app, "wangmin", "a wrong password", None).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "password", "{answer}");
    let answer = sign_in(&app, "wangmin", &password, Some(PASSWORD)).await;
    assert_eq!(answer["errors"][0]["extensions"]["retryAfterSecs"], 2, "twice as long: {answer}");
    app.set_time("2026-03-01T00:00:03Z");
    let answer = sign_in(&app, "wangmin", &password, Some(PASSWORD)).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"], json!([]), "{answer}");
    let answer = sign_in(&app, "wangmin", "a wrong password", None).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "password", "forgiven: {answer}");
}

#[tokio::test]
async fn an_address_is_slowed_down_whatever_logins_it_tries() {
    let app = app().await;
    for number in 0..21 {
        let answer = sign_in(&app, &format!("nobody{number}"), "a wrong password", None).await;
        assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "password", "{number}: {answer}");
    }
    let answer = sign_in(&app, "somebody", "a wrong password", None).await;
    assert_eq!(code(&answer), "RATE_LIMITED", "{answer}");
}

#[tokio::test]
async fn sessions_go_on_by_their_refresh_token_and_end() {
    let app = app().await;
    let (access, refresh) = staff(&app, "wangmin", Role::Contributor).await;
    assert_eq!(role_of(&app, &access).await, "CONTRIBUTOR");
    app.set_time("2026-03-01T00:15:00Z");
    let answer = ask_as(&app, &access, "{ me { role } }", json!({})).await;
    assert_eq!(code(&answer), "UNAUTHENTICATED", "a quarter of an hour later: {answer}");
    let answer = app.ask(REFRESH, json!({ "token": refresh })).await;
    let tokens = &answer["data"]["refreshSession"]["tokens"];
    let (second, next) = (tokens["accessToken"].as_str().expect("a token"), tokens["refreshToken"].as_str().expect("a token"));
    assert_eq!(role_of(&app, second).await, "CONTRIBUTOR");
    let answer = ask_as(&app, next, "{ me { role } }", json!({})).await;
    assert_eq!(code(&answer), "UNAUTHENTICATED", "a refresh token opens nothing: {answer}");
    let answer = app.ask(REFRESH, json!({ "token": next })).await;
    let tokens = &answer["data"]["refreshSession"]["tokens"];
    let (third, last) = (tokens["accessToken"].as_str().expect("a token"), tokens["refreshToken"].as_str().expect("a token"));
    assert_eq!(role_of(&app, third).await, "CONTRIBUTOR");
    let answer = app.ask(REFRESH, json!({ "token": refresh })).await;
    assert_eq!(answer["data"]["refreshSession"]["userErrors"][0]["field"], "refreshToken", "{answer}");
    for token in [second, third] {
        let answer = ask_as(&app, token, "{ me { role } }", json!({})).await;
        assert_eq!(code(&answer), "UNAUTHENTICATED", "who uses a spent one ends the session: {answer}");
    }
    for token in [next, last, "tidr_", "nonsense"] {
        let answer = app.ask(REFRESH, json!({ "token": token })).await;
        assert!(answer["data"]["refreshSession"]["tokens"].is_null(), "{answer}");
    }
}

#[tokio::test]
async fn a_refresh_token_works_once_however_many_use_it_at_once() {
    let app = app().await;
    let (_, refresh) = staff(&app, "wangmin", Role::Reader).await;
    let uses = (0..8).map(|_| app.ask(REFRESH, json!({ "token": refresh })));
    let answers = futures_util::future::join_all(uses).await;
    let worked = answers.iter().filter(|a| a["data"]["refreshSession"]["tokens"].is_object()).count();
    assert_eq!(worked, 1, "{answers:?}");
}

#[tokio::test]
async fn signing_out_a_closed_account_and_a_new_password_end_sessions() {
    let app = app().await;
    let (operator, _) = staff(&app, "operator", Role::Operator).await;
    let (access, _) = staff(&app, "wangmin", Role::Editor).await;
    let second = sign_in(&app, "wangmin", PASSWORD, None).await;
    let second = second["data"]["signIn"]["tokens"]["accessToken"].as_str().expect("a token").to_owned();
    let change = "mutation($p: String!, $n: String!) { changePassword(input: {password: $p, newPassword: $n}) { done userErrors { field } } }";
    let answer = ask_as(&app, &access, change, json!({ "p": "something else", "n": "another good password" })).await;
    assert_eq!(answer["data"]["changePassword"]["userErrors"][0]["field"], "password", "{answer}");
    let answer = ask_as(&app, &access, change, json!({ "p": PASSWORD, "n": "another good password" })).await;
    assert_eq!(answer["data"]["changePassword"]["done"], true, "{answer}");
    assert_eq!(role_of(&app, &access).await, "EDITOR", "one's own session goes on");
    assert_eq!(code(&ask_as(&app, &second, "{ me { role } }", json!({})).await), "UNAUTHENTICATED");
    let answer = ask_as(&app, &access, "mutation { signOut { done } }", json!({})).await;
    assert_eq!(answer["data"]["signOut"]["done"], true, "{answer}");
    assert_eq!(code(&ask_as(&app, &access, "{ me { role } }", json!({})).await), "UNAUTHENTICATED");
    let third = sign_in(&app, "wangmin", "another good password", None).await;
    let third = third["data"]["signIn"]["tokens"]["accessToken"].as_str().expect("a token").to_owned();
    let accounts = ask_as(&app, &operator, "{ accounts { id login } }", json!({})).await;
    let id =
        accounts["data"]["accounts"].as_array().expect("a list").iter().find(|a| a["login"] == "wangmin").expect("her")["id"]
            .clone();
    let close = "mutation($id: ID!) { disableAccount(input: {id: $id}) { account { disabledAt } userErrors { message } } }";
    let answer = ask_as(&app, &operator, close, json!({ "id": id })).await;
    assert!(answer["data"]["disableAccount"]["account"]["disabledAt"].is_string(), "{answer}");
    assert_eq!(code(&ask_as(&app, &third, "{ me { role } }", json!({})).await), "UNAUTHENTICATED");
    let answer = sign_in(&app, "wangmin", "another good password", None).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"][0]["field"], "password", "closed: {answer}");
}

/// A sign-in hashes for a while, and the account may change meanwhile: it must not come through with what was right before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_under_way_does_not_outlive_a_change_of_its_account() {
    let app = app().await;
    make(&app, "operator", Role::Operator).await;
    let office = office(&app).await;
    for round in 0..6_u64 {
        let login = format!("wangmin{round}");
        staff(&app, &login, Role::Chief).await;
        let accounts = office.accounts().await.expect("accounts");
        let id = accounts.iter().find(|a| a.login == login).expect("her account").id;
        let closing = async {
            tokio::time::sleep(std::time::Duration::from_millis(round * 7)).await;
            office.disable_account(id).await.expect("closed");
            office.enable_account(id).await.expect("open again");
            office.reset_password(id).await.expect("another password")
        };
        let (answer, _) = tokio::join!(sign_in(&app, &login, PASSWORD, None), closing);
        if let Some(token) = answer["data"]["signIn"]["tokens"]["accessToken"].as_str() {
            let answer = ask_as(&app, token, "{ me { role } }", json!({})).await;
            assert_eq!(code(&answer), "UNAUTHENTICATED", "round {round}: {answer}");
        }
    }
}

#[tokio::test]
async fn somebody_can_always_manage_accounts() {
    let app = app().await;
    make(&app, "one", Role::Operator).await;
    make(&app, "two", Role::Operator).await;
    let (one, two) = (office(&app).await, office(&app).await);
    let accounts = one.accounts().await.expect("accounts");
    let (first, second) = tokio::join!(one.disable_account(accounts[0].id), two.disable_account(accounts[1].id));
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
    let message = first.and(second).expect_err("one of them").to_string();
    assert!(message.contains("last account"), "{message}");
}

#[tokio::test]
async fn logins_and_names_have_their_form() {
    let app = app().await;
    let office = office(&app).await;
    let make = async |login: &str, name: &str| {
        let draft = AccountDraft { login: login.into(), name: name.into(), role: Role::Reader };
        office.create_account(draft).await.map(|(account, _)| account.login).map_err(|e| e.to_string())
    };
    assert_eq!(make("  Li.Lei@portal ", "李雷").await, Ok("li.lei@portal".into()));
    assert_eq!(make("李雷", "李雷").await, Ok("李雷".into()));
    for (login, name, field) in [
        ("li.lei@PORTAL", "again", "login"),
        ("", "x", "login"),
        ("a b", "x", "login"),
        ("a\0b", "x", "login"),
        (&"x".repeat(65), "x", "login"),
        ("ok", " ", "name"),
        ("ok", "a\u{7}b", "name"),
        ("ok", "\u{200b}", "name"),
        ("ok", "\u{202e}gnp", "name"),
    ] {
        let error = make(login, name).await.expect_err(login);
        assert!(error.starts_with(field), "{login:?} {name:?}: {error}");
    }
}

/// A value of the type that introspection describes, as small as it may be.
fn sample(kind: &Value, types: &Value) -> Value {
    match kind["kind"].as_str() {
        Some("NON_NULL") => sample(&kind["ofType"], types),
        Some("LIST") => json!([sample(&kind["ofType"], types)]),
        Some("INPUT_OBJECT") => {
            let found = types.as_array().expect("types").iter().find(|t| t["name"] == kind["name"]).expect("a type");
            let required = found["inputFields"].as_array().expect("fields").iter().filter(|f| f["type"]["kind"] == "NON_NULL");
            required
                .map(|f| (f["name"].as_str().expect("a name").to_owned(), sample(&f["type"], types)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Some("ENUM") => {
            let found = types.as_array().expect("types").iter().find(|t| t["name"] == kind["name"]).expect("a type");
            found["enumValues"][0]["name"].clone()
        }
        _ => match kind["name"].as_str() {
            Some("Int" | "Float") => json!(1),
            Some("Boolean") => json!(true),
            Some("DateTime") => json!("2026-04-01T00:00:00Z"),
            _ => json!("x"),
        },
    }
}

fn type_text(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_text(&kind["ofType"])),
        Some("LIST") => format!("[{}]", type_text(&kind["ofType"])),
        _ => kind["name"].as_str().expect("a name").to_owned(),
    }
}

/// A document that asks for `field` of `root` with as little as it needs, and its variables.
fn smallest(root: &str, field: &Value, types: &Value) -> (String, Value) {
    let required: Vec<&Value> = field["args"]
        .as_array()
        .expect("arguments")
        .iter()
        .filter(|a| a["type"]["kind"] == "NON_NULL" && a["defaultValue"].is_null())
        .collect();
    let name = |a: &Value| a["name"].as_str().expect("a name").to_owned();
    let variables: serde_json::Map<String, Value> = required.iter().map(|a| (name(a), sample(&a["type"], types))).collect();
    let declared: Vec<String> = required.iter().map(|a| format!("${}: {}", name(a), type_text(&a["type"]))).collect();
    let passed: Vec<String> = required.iter().map(|a| format!("{0}: ${0}", name(a))).collect();
    let (declared, passed) = if required.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("({})", declared.join(", ")), format!("({})", passed.join(", ")))
    };
    let operation = if root == "Mutation" { "mutation" } else { "query" };
    let selection = if is_leaf(&field["type"]) { "" } else { " { __typename }" };
    (format!("{operation}{declared} {{ {}{passed}{selection} }}", name(field)), variables.into())
}

/// Whether nothing can be selected below a type.
fn is_leaf(kind: &Value) -> bool {
    if kind["ofType"].is_object() { is_leaf(&kind["ofType"]) } else { kind["kind"] == "SCALAR" || kind["kind"] == "ENUM" }
}

const TYPES: &str = "{ __schema { types { name kind enumValues { name } inputFields { name type { kind name ofType { kind name ofType { \
    kind name ofType { kind name } } } } } fields { name type { kind name ofType { kind name ofType { kind name ofType { kind } } } } args { name defaultValue type { kind name ofType { kind name ofType { kind name \
    ofType { kind name } } } } } } } } }";

/// Each field of the schema that is not for all, for each role: what the table says is what happens. A mutation that is
/// added to the schema is in this test by itself, and fails until the table knows it.
#[tokio::test]
async fn no_role_can_do_what_the_table_does_not_say() {
    let app = app().await;
    let schema = app.query(TYPES).await;
    let types = &schema["__schema"]["types"];
    let mut fields = Vec::new();
    let mut unseen: BTreeSet<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    // Of other types: those must be there, and are asked for where they hang.
    unseen.retain(|name| {
        let (parent, field) = name.split_once('.').expect("a type and a field");
        let found = types.as_array().expect("types").iter().find(|t| t["name"] == parent).expect("a type of the schema");
        let is_there = found["fields"].as_array().expect("fields").iter().any(|f| f["name"] == field);
        !is_there || ["Query", "Mutation"].contains(&parent)
    });
    for root in ["Query", "Mutation"] {
        let found = types.as_array().expect("types").iter().find(|t| t["name"] == root).expect("a root");
        for field in found["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            let need = Need::of(root, name);
            assert!(need.is_some() || root == "Query", "the table does not say who may {name}");
            unseen.remove(format!("{root}.{name}").as_str());
            if let Some(need) = need {
                fields.push((name.to_owned(), need, smallest(root, field, types)));
            }
        }
    }
    assert!(unseen.is_empty(), "the table names fields that the schema does not have: {unseen:?}");
    // The session must last till the end.
    fields.sort_by_key(|(name, ..)| name == "signOut");
    for (name, need, (document, variables)) in &fields {
        let answer = app.ask(document, variables.clone()).await;
        let expected = if *need == Need::Nothing { "" } else { "UNAUTHENTICATED" };
        assert_eq!(code(&answer), expected, "anyone {name}: {answer}");
    }
    for role in Role::ALL {
        let (token, _) = staff(&app, role.word(), role).await;
        for (name, need, (document, variables)) in &fields {
            let answer = ask_as(&app, &token, document, variables.clone()).await;
            let may = match need {
                Need::May(permission) => permission.is_granted_to(role),
                Need::Nothing | Need::SignedIn => true,
            };
            // What the sample says is another question.
            let found = Some(code(&answer)).filter(|code| *code != "BAD_USER_INPUT").unwrap_or_default();
            assert_eq!(found, if may { "" } else { "FORBIDDEN" }, "{role:?} {name}: {answer}");
        }
    }
}

/// The table of the documentation is the table of the code.
#[test]
fn the_documented_table_is_the_one_in_force() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/roles.md")).expect("docs/roles.md");
    for permission in Permission::ALL {
        let marks: Vec<&str> = Role::ALL.iter().map(|role| if permission.is_granted_to(*role) { "✓" } else { "" }).collect();
        let line = docs.lines().find(|line| line.starts_with(&format!("| `{}` |", permission.word())));
        let line = line.unwrap_or_else(|| panic!("docs/roles.md does not name {}", permission.word()));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(cells[3..8], marks[..], "{line}");
    }
}

#[tokio::test]
async fn keys_open_what_their_scopes_say_until_they_are_revoked() {
    let app = app().await;
    let (operator, _) = staff(&app, "operator", Role::Operator).await;
    let make = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id hint scopes } userErrors { field } } }";
    let input = json!({ "name": "审计", "scopes": ["READ_AUDIT"], "expiresAt": "2026-03-02T00:00:00Z" });
    let made = ask_as(&app, &operator, make, json!({ "input": input })).await["data"]["createApiKey"].clone();
    let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    assert_eq!(made["apiKey"]["scopes"], json!(["READ_AUDIT"]));
    assert!(secret.starts_with(made["apiKey"]["hint"].as_str().expect("a hint")) && secret.len() > 40);
    let me = ask_as(&app, &secret, "{ me { name role permissions } }", json!({})).await;
    assert_eq!(me["data"]["me"], json!({ "name": "审计", "role": null, "permissions": ["READ_AUDIT"] }));
    assert_eq!(code(&ask_as(&app, &secret, "{ auditLog { nodes { action } } }", json!({})).await), "");
    assert_eq!(code(&ask_as(&app, &secret, "{ accounts { login } }", json!({})).await), "FORBIDDEN");
    assert_eq!(code(&ask_as(&app, &secret, "mutation { signOut { done } }", json!({})).await), "FORBIDDEN");
    for (input, field) in [
        (json!({ "name": "x", "scopes": [] }), "scopes"),
        (json!({ "name": " ", "scopes": ["READ_AUDIT"] }), "name"),
        (json!({ "name": "x", "scopes": ["READ_AUDIT"], "expiresAt": NOW }), "expiresAt"),
    ] {
        let answer = ask_as(&app, &operator, make, json!({ "input": input })).await;
        assert_eq!(answer["data"]["createApiKey"]["userErrors"][0]["field"], field, "{answer}");
    }
    app.set_time("2026-03-02T00:00:00Z");
    assert_eq!(code(&ask_as(&app, &secret, "{ me { name } }", json!({})).await), "UNAUTHENTICATED", "expired");
    app.set_time(NOW);
    let revoke = "mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { revokedAt } userErrors { message } } }";
    let answer = ask_as(&app, &operator, revoke, json!({ "id": made["apiKey"]["id"] })).await;
    assert!(answer["data"]["revokeApiKey"]["apiKey"]["revokedAt"].is_string(), "{answer}");
    assert_eq!(code(&ask_as(&app, &secret, "{ me { name } }", json!({})).await), "UNAUTHENTICATED", "revoked");
}

#[tokio::test]
async fn tokens_that_open_nothing_are_refused_and_other_schemes_ignored() {
    let app = app().await;
    let body = json!({ "query": "{ me { name } }" });
    for value in ["Bearer nonsense", "bearer tida_AAAA", "Bearer tidk_AAAA", "Bearer "] {
        let answer = app.post(&body, &[("authorization", value)]).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "UNAUTHENTICATED"), "{value}");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer error="invalid_token""#), "{value}");
    }
    let answer = app.post(&body, &[("authorization", "Basic dXNlcjpwYXNz")]).await;
    assert_eq!((answer.status, answer.json()["data"]["me"].clone()), (200, Value::Null));
}

#[tokio::test]
async fn the_journal_tells_who_did_what_and_no_secret_is_kept() {
    let app = app().await;
    let (operator, refresh) = staff(&app, "operator", Role::Operator).await;
    let create = "mutation { createAccount(input: {login: \"wangmin\", name: \"王敏\", role: EDITOR}) { account { id } oneTimePassword } }";
    let made = ask_as(&app, &operator, create, json!({})).await["data"]["createAccount"].clone();
    let (id, one_time) = (made["account"]["id"].clone(), made["oneTimePassword"].as_str().expect("a password").to_owned());
    let update =
        "mutation($id: ID!) { updateAccount(input: {id: $id, role: CHIEF}) { account { role } userErrors { message } } }";
    assert_eq!(ask_as(&app, &operator, update, json!({ "id": id })).await["data"]["updateAccount"]["account"]["role"], "CHIEF");
    let log = "query($thing: ID, $actor: ID, $first: Int!, $after: String) { auditLog(filter: {thing: $thing, actor: $actor}, first: $first, after: $after) \
        { nodes { action actor actorId thing details } edges { cursor } pageInfo { hasNextPage endCursor } } }";
    let page = ask_as(&app, &operator, log, json!({ "thing": id, "first": 1 })).await["data"]["auditLog"].clone();
    assert_eq!(page["nodes"][0]["action"], "account.changed", "{page}");
    assert_eq!(page["nodes"][0]["details"], json!({ "name": null, "role": "chief" }));
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let after = page["pageInfo"]["endCursor"].clone();
    let next = ask_as(&app, &operator, log, json!({ "thing": id, "first": 1, "after": after })).await["data"]["auditLog"].clone();
    assert_eq!(next["nodes"][0]["action"], "account.created");
    assert_eq!(next["pageInfo"]["hasNextPage"], false);
    let by = next["nodes"][0]["actorId"].clone();
    let own = ask_as(&app, &operator, log, json!({ "actor": by, "first": 10 })).await["data"]["auditLog"].clone();
    let actions: Vec<&str> = own["nodes"].as_array().expect("nodes").iter().filter_map(|n| n["action"].as_str()).collect();
    assert_eq!(actions, ["account.changed", "account.created", "account.passwordChanged", "session.started"], "newest first");
    let foreign = ask_as(&app, &operator, log, json!({ "thing": id, "first": 1, "after": own["pageInfo"]["endCursor"] })).await;
    assert_eq!(foreign["errors"][0]["extensions"]["field"], "after", "a cursor of another list: {foreign}");
    for secret in [operator, refresh, one_time, PASSWORD.to_owned()] {
        for (table, columns) in [
            ("account", "login || name || password"),
            ("session", "access || refresh || family"),
            ("journal", "action || actor || coalesce(payload, '')"),
            ("attempt", "subject"),
        ] {
            let sql = format!("SELECT count(*) FROM {table} WHERE {columns} LIKE '%{secret}%'");
            assert_eq!(app.database.numbers(&sql).await, [0], "{table}");
        }
    }
}

#[tokio::test]
async fn a_proxy_may_say_where_a_client_is() {
    let app = TestApp::configured(&portal([]), |config| config.server.client_address_header = "x-forwarded-for".into()).await;
    let input = json!({ "query": SIGN_IN, "variables": { "input": { "login": "nobody", "password": "x" } } });
    for value in ["10.0.0.1, 192.0.2.7", "192.0.2.8", "no address"] {
        app.post(&input, &[("x-forwarded-for", value)]).await;
    }
    let count = "SELECT count(*) FROM attempt WHERE subject IN ('address:192.0.2.7', 'address:192.0.2.8', 'address:127.0.0.1')";
    assert_eq!(app.database.numbers(count).await, [3]);
}

#[tokio::test]
async fn the_commands_keep_accounts_and_keys() {
    let database = TestDatabase::new().await;
    let say = |arguments: &[&str]| {
        let done = program(&database).args(arguments).output().expect("the program runs");
        (done.status.code(), String::from_utf8(done.stdout).expect("UTF-8"), String::from_utf8(done.stderr).expect("UTF-8"))
    };
    let (status, out, error) = say(&["user", "add", "WangMin", "--name", "王敏", "--role", "editor"]);
    assert_eq!(status, Some(0), "{error}");
    let password = out.trim().rsplit(' ').next().expect("a password").to_owned();
    assert_eq!(say(&["user", "role", "wangmin", "chief"]).1, "wangmin\tchief\t王敏\thas a password that works once\n");
    let (status, _, error) = say(&["user", "reset", "nobody"]);
    assert_eq!(status, Some(1));
    assert!(error.contains("no account \"nobody\""), "{error}");
    let (status, out, error) = say(&["key", "create", "审计", "--scope", "audit:read"]);
    assert_eq!(status, Some(0), "{error}");
    let key = out.trim().rsplit(' ').next().expect("a key").to_owned();
    database.fill(&portal([])).await;
    let app = TestApp::on(database).await;
    let answer = sign_in(&app, "wangmin", &password, Some(PASSWORD)).await;
    assert_eq!(answer["data"]["signIn"]["account"]["role"], "CHIEF", "{answer}");
    assert_eq!(ask_as(&app, &key, "{ me { name } }", json!({})).await["data"]["me"]["name"], "审计");
}

#[tokio::test]
async fn those_who_may_see_what_is_not_published() {
    let records =
        portal([article("shown"), article("draft").set("status", "draft"), article("later").published("2026-04-01T00:00:00Z")]);
    let app = TestApp::with(&records).await;
    let (token, _) = staff(&app, "reader", Role::Reader).await;
    let office = office(&app).await;
    let key = KeyDraft { name: "x".into(), scopes: vec![Permission::ReadAudit], expires_at: None };
    let other = office.create_key(key).await.expect("a key").secret.reveal();
    let ask = "query($slug: String!) { article(by: {slug: $slug}) { id state title channel { articles { totalCount nodes { slug state } } } } }";
    for (slug, state) in [("shown", "PUBLISHED"), ("draft", "DRAFT"), ("later", "SCHEDULED")] {
        let answer = ask_as(&app, &token, ask, json!({ "slug": slug })).await;
        let article = &answer["data"]["article"];
        assert_eq!(article["state"], state, "{answer}");
        let list = json!({ "totalCount": 1, "nodes": [{ "slug": "shown", "state": "PUBLISHED" }] });
        assert_eq!(article["channel"]["articles"], list, "lists are those of readers: {answer}");
        let node = ask_as(&app, &token, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": article["id"] })).await;
        assert_eq!(node["data"]["node"]["id"], article["id"]);
        let for_key = ask_as(&app, &other, ask, json!({ "slug": slug })).await;
        let for_anyone = app.ask(ask, json!({ "slug": slug })).await;
        for answer in [for_key, for_anyone] {
            assert_eq!(answer["data"]["article"].is_object(), slug == "shown", "{answer}");
        }
    }
}
