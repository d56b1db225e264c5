//! Articles come and go in random order, by several editors at once, whose requests break off anywhere: what is withdrawn is on no
//! surface from the commit on.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use serde_json::json;
use tidings::auth::Actor;
use tidings::clock::Clock;
use tidings::db::{Backend, Database};
use tidings::editorial::{Content, Office, Release, Seen, State, Step, WithdrawalRequest};

use crate::app::{NOW, TestApp, millis};
use crate::records::{everywhere, media, placement, portal, source, topic};
use crate::withdrawal::{SCHEMA, Walk, unlimited};

/// How often an article is taken or brought back.
const STEPS: usize = 1_000;

/// Articles, each worked on by one editor.
const ARTICLES: usize = 4;

/// Numbers that look random, the same in every run.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

/// Drops `work` after it has come back `turns` times without being done: as a request does whose connection is gone.
async fn broken_off<F: Future>(work: F, turns: usize) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut left = turns;
    std::future::poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

fn title(article: usize) -> String {
    format!("第{article}篇的标题")
}

/// Takes one step of those that can be taken; whether it was answered, and which it was.
async fn step(office: &Office, article: i64, number: usize, state: (State, bool), dice: &mut Dice) -> (Step, bool) {
    let possible: Vec<Step> = Step::all_from(state.0, state.1).filter(|s| !matches!(s, Step::Limit | Step::Schedule)).collect();
    // What the test is about comes more often.
    let leaving = possible.iter().copied().find(|s| matches!(s, Step::Withdraw | Step::Restore));
    let step = leaving.filter(|_| dice.below(4) != 0).unwrap_or_else(|| possible[dice.below(possible.len())]);
    let seen = Seen { article, version: None };
    let release = Release::default();
    let version = dice.below(1_000_000_000);
    let change = move |content: &mut Content| {
        content.title = format!("{} {version}", title(number));
        Ok(())
    };
    let request = WithdrawalRequest { article, reason: "版权投诉".into(), notice: None, takedown: None };
    let work = async {
        match step {
            Step::Update => office.update_article(seen, change).await,
            Step::Submit => office.submit_article(seen).await,
            Step::Recall => office.recall_article(seen).await,
            Step::Approve => office.approve_article(seen).await,
            Step::Reject => office.reject_article(seen, "再改").await,
            Step::Unschedule => office.unschedule_article(seen).await,
            Step::Publish => office.publish_article(seen, release).await,
            Step::Discard => office.discard_draft(seen).await,
            Step::Unpublish => office.unpublish_article(seen).await,
            Step::Withdraw => office.withdraw(request).await,
            Step::Restore => office.restore(article, "投诉已撤回").await,
            Step::Archive => office.archive_article(seen).await,
            Step::Reopen => office.reopen_article(seen).await,
            Step::Limit | Step::Schedule => unreachable!("left out above"),
        }
    };
    // One in three breaks off.
    let turns = if dice.below(3) == 0 { dice.below(40) } else { usize::MAX };
    let done = broken_off(work, turns).await;
    if let Some(Err(error)) = &done {
        panic!("{step:?} of article {number} in {state:?}: {error}");
    }
    (step, done.is_some())
}

async fn state_of(db: &Database, article: i64) -> (State, bool) {
    let found = db.reader().all(tidings::db::manuscript::manuscripts_by_id(vec![article])).await.expect("a manuscript");
    (State::from_word(&found[0].state).expect("a state"), found[0].is_live)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_withdrawn_is_shown_whatever_happens_in_which_order() {
    let nouns = [source("s"), topic("t"), media("m")];
    let names: Vec<String> = (0..ARTICLES).map(|i| format!("n{i}")).collect();
    let articles = (0..ARTICLES).map(|i| everywhere(&names[i]).set("title", title(i)).related(&["n0", "n1", "n2", "n3"]));
    let slots = [placement("headline", &["n0", "n1", "n2", "n3"])];
    let app = TestApp::configured(&portal(nouns.into_iter().chain(articles).chain(slots)), unlimited).await;
    let db = app.database.open().await;
    let schema = app.query(SCHEMA).await;
    let walk = Walk::new(&schema);
    let mut ids = Vec::new();
    for name in &names {
        ids.push(app.database.numbers(&format!("SELECT id FROM article WHERE slug = '{name}'")).await[0]);
    }
    let clock = || Clock::fixed(NOW.parse().expect("an instant"));
    let offices: Vec<Office> = (0..ARTICLES).map(|_| Office::new(&db, Actor::Machine("test"), clock())).collect();
    let work = (0..ARTICLES).map(|number| {
        let (app, db, office, walk, id, names) = (&app, &db, &offices[number], &walk, ids[number], &names);
        async move {
            let mut dice = Dice(millis(NOW).unsigned_abs() + number as u64 * 7_919);
            let public = crate::workflow::tidings_id(b'A', id);
            let (slug, legacy, old) =
                (&names[number], format!("legacy-{}", names[number]), format!("/old/{}.html", names[number]));
            let ways = [("slug", slug.as_str()), ("legacyId", &legacy), ("url", &old), ("id", &public)];
            let surfaces = walk.documents(&ways, std::slice::from_ref(&public));
            let (mut withdrawals, mut broken) = (0, 0);
            for _ in 0..STEPS / ARTICLES {
                let before = state_of(db, id).await;
                let (taken, is_answered) = step(office, id, number, before, &mut dice).await;
                if !is_answered {
                    broken += 1;
                    // A commit may be under way whose caller is gone: what comes after it in the same queue, or waits for its lock, comes after it.
                    match app.database.backend {
                        Backend::Sqlite => tidings::editorial::sweep(db, 0).await.expect("a write"),
                        Backend::Postgres => {
                            let lock = format!("SELECT 1 FROM manuscript WHERE article_id = {id} FOR UPDATE");
                            app.database.execute(&lock).await;
                        }
                    }
                }
                let after = state_of(db, id).await;
                if is_answered {
                    assert_eq!(Some(after), taken.from(before.0, before.1), "{taken:?} was answered");
                } else {
                    assert!(
                        after == before || Some(after) == taken.from(before.0, before.1),
                        "{taken:?} is there by halves: {after:?}"
                    );
                }
                if after.0 == State::Withdrawn {
                    withdrawals += 1;
                    for _ in 0..3 {
                        let (surface, document) = &surfaces[dice.below(surfaces.len())];
                        let answer = app.ask(document, json!({})).await;
                        assert!(answer.get("errors").is_none(), "{surface}: {}", answer["errors"]);
                        assert!(!answer.to_string().contains(&title(number)), "{surface} shows article {number}");
                    }
                    for address in tidings::http::addresses().map(str::to_owned).chain([old.clone()]) {
                        if address != "/graphql" && dice.below(4) == 0 {
                            // What another program does is known within a second.
                            if address == "/" {
                                app.copies().await;
                            }
                            let answer = app.get(&address).await;
                            assert!(!String::from_utf8_lossy(&answer.body).contains(&title(number)), "{address}");
                            assert!(address != old || answer.status == 410, "{address}: {}", answer.status);
                        }
                    }
                }
            }
            (withdrawals, broken)
        }
    });
    let done = futures_util::future::join_all(work).await;
    let (withdrawals, broken) = done.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(withdrawals > STEPS / 20 && broken > STEPS / 50, "{withdrawals} times withdrawn, {broken} broken off");
    println!("{STEPS} steps, {withdrawals} times looked for what was withdrawn, {broken} broken off");
    db.close().await;
}
