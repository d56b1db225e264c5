//! Those whom an identity provider signs in: one of this test's own, with keys that it changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use tidings::auth::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::access::{ask_as, code, staff};
use crate::app::{NOW, TestApp, millis};
use crate::records::portal;

const ISSUER: &str = "https://login.example/realms/news";
const ME: &str = "{ me { name role } }";

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key by its name, and what signs with it.
struct Signer(&'static str, EcdsaKeyPair);

impl Signer {
    fn new(name: &'static str) -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        Self(name, EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).expect("a key"))
    }

    fn public(&self) -> Value {
        let point = self.1.public_key().as_ref();
        json!({ "kty": "EC", "crv": "P-256", "kid": self.0, "x": base64(&point[1..33]), "y": base64(&point[33..]) })
    }

    /// A token about `subject`, called `name`, with `role`.
    fn token(&self, subject: &str, name: &str, role: &str) -> String {
        let now = millis(NOW) / 1_000;
        self.sign(&json!({ "iss": ISSUER, "aud": ["news"], "sub": subject, "exp": now + 300, "name": name,
            "groups": { "news": [role] } }))
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": self.0 });
        let text = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
        let signature = self.1.sign(&SystemRandom::new(), text.as_bytes()).expect("a signature");
        format!("{text}.{}", base64(signature))
    }
}

/// A provider that gives its keys to whoever asks, and counts.
struct Provider {
    address: String,
    keys: Arc<std::sync::Mutex<Option<Vec<Value>>>>,
    asked: Arc<AtomicUsize>,
    hangs: Arc<AtomicBool>,
}

impl Provider {
    /// With these keys; without any it answers 500.
    async fn start(keys: Option<Vec<Value>>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/keys", listener.local_addr().expect("an address"));
        let (keys, asked) = (Arc::new(std::sync::Mutex::new(keys)), Arc::new(AtomicUsize::new(0)));
        let hangs = Arc::new(AtomicBool::new(false));
        let (own, count, stuck) = (Arc::clone(&keys), Arc::clone(&asked), Arc::clone(&hangs));
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = [0; 4_096];
                let _ = client.read(&mut head).await;
                count.fetch_add(1, Ordering::Relaxed);
                if stuck.load(Ordering::Relaxed) {
                    tokio::spawn(async move {
                        let _client = client;
                        std::future::pending::<()>().await;
                    });
                    continue;
                }
                let set = own.lock().expect("no panic").as_ref().map(|keys| json!({ "keys": keys }).to_string());
                let (status, body) = set.map_or(("500 Oops", String::new()), |body| ("200 OK", body));
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
                let _ = client.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, keys, asked, hangs }
    }

    fn change_keys(&self, keys: Option<Vec<Value>>) {
        *self.keys.lock().expect("no panic") = keys;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    async fn app(&self) -> TestApp {
        TestApp::configured(&portal([]), |config| {
            let identity = &mut config.identity;
            (identity.issuer, identity.audience, identity.jwks) = (ISSUER.into(), "news".into(), self.address.clone());
            (identity.role_claim, identity.roles) = ("groups.news".into(), vec!["desk=editor".into(), "pen=contributor".into()]);
        })
        .await
    }
}

#[tokio::test]
async fn whom_the_provider_signs_in_works_here_under_their_name() {
    let signer = Signer::new("1");
    let provider = Provider::start(Some(vec![signer.public()])).await;
    let app = provider.app().await;
    assert_eq!(provider.asked(), 0, "nobody has come yet");
    let token = signer.token("00u1", "王敏", "pen");
    // Eight requests at once make one account.
    let first = futures_util::future::join_all((0..8).map(|_| ask_as(&app, &token, ME, json!({})))).await;
    for answer in first {
        assert_eq!(answer["data"]["me"], json!({ "name": "王敏", "role": "CONTRIBUTOR" }), "{answer}");
    }
    assert_eq!(provider.asked(), 1, "the keys are kept");

    let (operator, _) = staff(&app, "boss", Role::Operator).await;
    let accounts = "{ accounts { id name login role identityProvider hasOneTimePassword } }";
    let all = ask_as(&app, &operator, accounts, json!({})).await;
    let theirs: Vec<&Value> =
        all["data"]["accounts"].as_array().expect("a list").iter().filter(|a| a["name"] == "王敏").collect();
    assert_eq!(theirs.len(), 1, "{all}");
    assert_eq!(theirs[0]["identityProvider"], ISSUER);
    assert_eq!(theirs[0]["hasOneTimePassword"], false);
    let id = theirs[0]["id"].as_str().expect("an id").to_owned();

    // They write; the history and the journal say who.
    let create = "mutation($channel: ID!) { createArticle(input: {content: {title: \"氢能\", channel: $channel}}) { manuscript { \
        revisions { by } } userErrors { field message } } }";
    let channel = app.id("channel", "news").await;
    let made = ask_as(&app, &token, create, json!({ "channel": channel })).await;
    assert_eq!(made["data"]["createArticle"]["manuscript"]["revisions"][0]["by"], "王敏", "{made}");
    let log = "query($id: ID!) { auditLog(filter: {actor: $id}) { nodes { action } } }";
    let log = ask_as(&app, &operator, log, json!({ "id": id })).await;
    let actions: Vec<&str> =
        log["data"]["auditLog"]["nodes"].as_array().expect("a list").iter().filter_map(|n| n["action"].as_str()).collect();
    assert_eq!(actions, ["article.drafted", "account.created"], "{log}");

    // What the provider says next holds at once.
    let token = signer.token("00u1", "王敏 博士", "desk");
    let answer = ask_as(&app, &token, ME, json!({})).await;
    assert_eq!(answer["data"]["me"], json!({ "name": "王敏 博士", "role": "EDITOR" }), "{answer}");

    // It is kept there: here it is only closed.
    for (mutation, field) in [
        (
            "mutation($id: ID!) { updateAccount(input: {id: $id, role: OPERATOR}) { userErrors { field message } } }",
            "updateAccount",
        ),
        ("mutation($id: ID!) { resetPassword(input: {id: $id}) { userErrors { field message } } }", "resetPassword"),
    ] {
        let answer = ask_as(&app, &operator, mutation, json!({ "id": id })).await;
        let message = answer["data"][field]["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(ISSUER), "{answer}");
    }
    assert_eq!(code(&ask_as(&app, &token, "mutation { signOut { done } }", json!({})).await), "FORBIDDEN");
    let close = "mutation($id: ID!) { disableAccount(input: {id: $id}) { account { disabledAt } userErrors { message } } }";
    let closed = ask_as(&app, &operator, close, json!({ "id": id })).await;
    assert!(closed["data"]["disableAccount"]["account"]["disabledAt"].is_string(), "{closed}");
    let shut = ask_as(&app, &token, ME, json!({})).await;
    assert_eq!(code(&shut), "UNAUTHENTICATED", "{shut}");
    // Neither does a new name open the door.
    let shut = ask_as(&app, &signer.token("00u1", "李雷", "desk"), ME, json!({})).await;
    assert_eq!(code(&shut), "UNAUTHENTICATED", "{shut}");
}

#[tokio::test]
async fn who_has_no_role_or_no_good_token_is_refused() {
    let (signer, stranger) = (Signer::new("1"), Signer::new("1"));
    let provider = Provider::start(Some(vec![signer.public()])).await;
    let app = provider.app().await;
    let refused = ask_as(&app, &signer.token("00u2", "guest", "visitor"), ME, json!({})).await;
    assert_eq!(code(&refused), "FORBIDDEN", "{refused}");
    for token in [
        stranger.token("00u2", "guest", "desk"),
        signer
            .sign(&json!({ "iss": ISSUER, "aud": "others", "sub": "1", "exp": 9_999_999_999_u64, "groups": { "news": "desk" } })),
        signer.sign(&json!({ "iss": ISSUER, "aud": "news", "sub": "1", "exp": 1, "groups": { "news": "desk" } })),
        "eyJhbGciOiJub25lIn0.e30.".into(),
    ] {
        assert_eq!(code(&ask_as(&app, &token, ME, json!({})).await), "UNAUTHENTICATED", "{token}");
    }
    // Those who sign in here do so as before, and without a provider nobody's token is taken.
    staff(&app, "editor", Role::Editor).await;
    let plain = TestApp::with(&portal([])).await;
    assert_eq!(code(&ask_as(&plain, &signer.token("00u1", "王敏", "desk"), ME, json!({})).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn new_keys_are_found_and_nobody_can_make_the_program_ask_without_end() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let provider = Provider::start(None).await;
    let app = provider.app().await;
    let ask = async |signer: &Signer| ask_as(&app, &signer.token("00u1", "王敏", "desk"), ME, json!({})).await;
    assert_eq!(code(&ask(&old).await), "SERVICE_UNAVAILABLE", "the provider is away");
    provider.change_keys(Some(vec![old.public()]));
    let until_known = async |signer: &Signer| {
        let begin = Instant::now();
        while ask(signer).await["data"]["me"]["role"] != "EDITOR" {
            assert!(begin.elapsed() < Duration::from_secs(60), "its keys are never taken");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    until_known(&old).await;
    provider.change_keys(Some(vec![new.public()]));
    until_known(&new).await;
    let asked = provider.asked();
    assert!((3..=5).contains(&asked), "hundreds of requests, and the provider was asked {asked} times");
    let gone = ask(&old).await;
    assert_eq!(code(&gone), "UNAUTHENTICATED", "a key that was taken back: {gone}");
    // An outage of the provider does not end what is known.
    provider.change_keys(None);
    assert_eq!(ask(&new).await["data"]["me"]["role"], "EDITOR");
}

#[tokio::test]
async fn a_provider_that_hangs_is_waited_for_once() {
    let (known, unknown) = (Signer::new("known"), Signer::new("unknown"));
    let provider = Provider::start(Some(vec![known.public()])).await;
    let app = provider.app().await;
    provider.hangs.store(true, Ordering::Relaxed);
    let ask = async |signer: &Signer| ask_as(&app, &signer.token("00u1", "王敏", "desk"), ME, json!({})).await;
    let answers = futures_util::future::join_all((0..8).map(|_| ask(&known))).await;
    assert!(answers.iter().all(|answer| code(answer) == "SERVICE_UNAVAILABLE"), "{answers:?}");
    assert_eq!(provider.asked(), 1, "all of them waited for the same answer");
    provider.hangs.store(false, Ordering::Relaxed);
    while ask(&known).await["data"]["me"]["role"] != "EDITOR" {}
    // A set without keys is a word too: it ends the old ones.
    provider.change_keys(Some(Vec::new()));
    let begin = Instant::now();
    while code(&ask(&unknown).await) == "UNAUTHENTICATED" && code(&ask(&known).await) != "UNAUTHENTICATED" {
        assert!(begin.elapsed() < Duration::from_secs(60), "keys that were taken back are believed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn names_are_those_that_can_be_seen_and_a_closed_door_stays_quiet() {
    let signer = Signer::new("1");
    let provider = Provider::start(Some(vec![signer.public()])).await;
    let app = provider.app().await;
    let name = async |subject: &str, name: Value| {
        let exp = millis(NOW) / 1_000 + 300;
        let claims =
            json!({ "iss": ISSUER, "aud": "news", "sub": subject, "exp": exp, "name": name, "groups": { "news": "desk" } });
        ask_as(&app, &signer.sign(&claims), ME, json!({})).await["data"]["me"]["name"].clone()
    };
    assert_eq!(name("\u{202e}evil", Value::Null).await, "evil");
    assert_eq!(name("\u{200b}", Value::Null).await, "?");
    assert_eq!(name("00u3", json!("王\u{202e}敏")).await, "00u3");
    assert_eq!(name("00u4", json!("王敏")).await, "王敏");
    assert_eq!(name("00u4", Value::Null).await, "王敏", "a token without a name does not take it away");
    let entries = "SELECT count(*) FROM journal WHERE entity = 'account'";
    app.database.execute("UPDATE account SET disabled_at = 1").await;
    let before = app.database.numbers(entries).await;
    for role in ["desk", "pen"] {
        assert_eq!(code(&ask_as(&app, &signer.token("00u4", "李雷", role), ME, json!({})).await), "UNAUTHENTICATED");
    }
    assert_eq!(app.database.numbers(entries).await, before);
}

#[tokio::test]
async fn keys_may_be_in_a_file() {
    let signer = Signer::new("1");
    let folder = crate::app::Folder::new();
    let path = folder.file("keys.json");
    std::fs::write(&path, json!({ "keys": [signer.public()] }).to_string()).expect("a file");
    let app = TestApp::configured(&portal([]), |config| {
        let identity = &mut config.identity;
        (identity.issuer, identity.audience) = (ISSUER.into(), "news".into());
        (identity.jwks, identity.role_claim) = (path.display().to_string(), "role".into());
    })
    .await;
    let exp = millis(NOW) / 1_000 + 300;
    let token = signer.sign(&json!({ "iss": ISSUER, "aud": "news", "sub": "00u1", "exp": exp, "role": "chief" }));
    let answer = ask_as(&app, &token, ME, json!({})).await;
    assert_eq!(answer["data"]["me"], json!({ "name": "00u1", "role": "CHIEF" }), "{answer}");
}
