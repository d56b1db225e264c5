//! The journal: whoever follows it sees every entry once, in the order of commits, however many write at once.

use std::time::Duration;

use tidings::db::write;
use tidings::journal::{self, Entry, Tail};

use crate::app::TestDatabase;
use crate::portal;
use crate::records::{channel, ndjson};

const WRITERS: i64 = 8;
const CHANGES: i64 = 40;

fn entry(writer: i64, number: i64) -> Entry {
    Entry {
        at: 0,
        actor: format!("writer-{writer}"),
        action: "test.changed".into(),
        entity: "test".into(),
        entity_id: number,
        revision: 0,
        payload: Some("{}".into()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_follower_sees_every_entry_once_in_the_order_of_commits() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    // Woken by every commit, followers look while others are about to commit.
    let listening = tokio::spawn(db.clone().listen());
    let mut tails: Vec<Tail> = (0..3).map(|_| Tail::after(&db, 0)).collect();
    let writers = (0..WRITERS).map(|writer| {
        let opening = database.open();
        async move {
            let db = opening.await;
            for number in 0..CHANGES {
                let on = write::begin(&db).await.expect("a transaction");
                let entries: Vec<Entry> = (0..1 + number % 3).map(|_| entry(writer, number)).collect();
                journal::append(&on, &entries).await.expect("an entry");
                // Between the number and the commit is where a careless reader steps over an entry.
                tokio::time::sleep(Duration::from_millis((writer * 5 + number * 3).unsigned_abs() % 4)).await;
                if number % 7 == 3 {
                    drop(on);
                } else {
                    write::commit(&db, on).await.expect("a commit");
                }
            }
            db.close().await;
        }
    });
    let writing = futures_util::future::join_all(writers);
    let kept: i64 = (0..CHANGES).filter(|n| n % 7 != 3).map(|n| 1 + n % 3).sum();
    let all = usize::try_from(WRITERS * kept).expect("a few hundred");
    let following = futures_util::future::join_all(tails.iter_mut().map(async |tail| {
        let mut seen = Vec::new();
        while seen.len() < all {
            seen.extend(tail.next().await.into_iter().map(|e| (e.seq, e.actor, e.entity_id)));
        }
        seen
    }));
    let (_, seen) = tokio::time::timeout(Duration::from_mins(2), async { tokio::join!(writing, following) })
        .await
        .expect("every entry comes");
    let stored = database.numbers("SELECT seq FROM journal ORDER BY seq").await;
    assert_eq!(stored.len(), all);
    for seen in seen {
        assert_eq!(seen.iter().map(|(seq, _, _)| *seq).collect::<Vec<_>>(), stored);
        for writer in 0..WRITERS {
            let own: Vec<i64> =
                seen.iter().filter(|(_, actor, _)| *actor == format!("writer-{writer}")).map(|(_, _, n)| *n).collect();
            assert!(own.is_sorted(), "a writer's changes come in the order it made them");
        }
    }
    listening.abort();
    db.close().await;
}

#[tokio::test]
async fn a_follower_begins_where_it_is_told() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    for number in 0..3 {
        let on = write::begin(&db).await.expect("a transaction");
        journal::append(&on, &[entry(1, number)]).await.expect("an entry");
        write::commit(&db, on).await.expect("a commit");
    }
    let mut tail = Tail::after(&db, 0);
    let first = tail.next().await;
    assert_eq!(first.iter().map(|e| e.entity_id).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(first[0].payload.as_deref(), Some("{}"));
    let mut tail = Tail::after(&db, first[1].seq);
    assert_eq!(tail.next().await.iter().map(|e| e.entity_id).collect::<Vec<_>>(), [2]);
    assert_eq!(tail.seen(), first[2].seq);
    db.close().await;
}

/// On PostgreSQL by its notifications; on SQLite within the program.
#[tokio::test]
async fn the_bell_rings_for_a_commit() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    let listening = tokio::spawn(db.clone().listen());
    let mut heard = db.bell().listen();
    let other = match db.backend() {
        tidings::db::Backend::Postgres => {
            // Listening has begun once it has rung by itself.
            heard.changed().await.expect("a ring");
            database.open().await
        }
        tidings::db::Backend::Sqlite => db.clone(),
    };
    heard.mark_unchanged();
    let on = write::begin(&other).await.expect("a transaction");
    journal::append(&on, &[entry(1, 1)]).await.expect("an entry");
    // Other portals of the database write meanwhile: they ring no bell here.
    let neighbour = TestDatabase::new().await;
    let (_, problems) = neighbour.import(ndjson(&portal::whole(3))).await;
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!heard.has_changed().expect("a bell"), "nothing is said before the commit");
    write::commit(&other, on).await.expect("a commit");
    tokio::time::timeout(Duration::from_secs(20), heard.changed()).await.expect("in time").expect("a ring");
    listening.abort();
    drop(other);
    db.close().await;
}

#[tokio::test]
async fn a_channel_whose_articles_have_come_into_other_lists_is_in_the_journal() {
    let database = TestDatabase::new().await;
    database.fill(&portal::whole(20)).await;
    let entries = "SELECT entity_id FROM journal WHERE action = 'channel.relisted'";
    assert_eq!(database.numbers(entries).await, Vec::<i64>::new());
    database.fill(&[channel("lone")]).await;
    database.fill(&[channel("news").parent("lone")]).await;
    let moved = database.numbers("SELECT id FROM channel WHERE slug = 'news'").await;
    assert_eq!(database.numbers(entries).await, moved);
}

/// What is old goes, but nothing that a reader has still to do, and never the newest.
#[tokio::test]
async fn old_entries_go_when_every_reader_has_done_them() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    for number in 1..=10 {
        let on = write::begin(&db).await.expect("a transaction");
        journal::append(&on, &[journal::Entry { at: number * 100, ..entry(1, number) }]).await.expect("an entry");
        write::commit(&db, on).await.expect("a commit");
    }
    let left = "SELECT count(*) FROM journal";
    assert_eq!(journal::prune(&db, 10_000).await.expect("a look"), 0, "a reader may come that has done nothing");
    let place = journal::cursor(&db, "probe").await.expect("a place");
    database.execute("UPDATE cursor SET seq = seq - 4").await;
    assert_eq!(journal::prune(&db, 301).await.expect("a look"), 3, "older than that");
    assert_eq!(journal::prune(&db, 10_000).await.expect("a look"), 3, "what the reader has done");
    assert_eq!(database.numbers(left).await, [4]);
    let on = write::begin(&db).await.expect("a transaction");
    assert!(journal::advance(&on, "probe", place - 4, place).await.expect("a place"));
    assert!(!journal::advance(&on, "probe", place - 4, place).await.expect("a place"), "somebody was there before");
    write::commit(&db, on).await.expect("a commit");
    assert_eq!(journal::prune(&db, 10_000).await.expect("a look"), 3);
    assert_eq!(database.numbers(left).await, [1], "the newest stays, so that numbers go on");
    let on = write::begin(&db).await.expect("a transaction");
    journal::append(&on, &[entry(1, 11)]).await.expect("an entry");
    write::commit(&db, on).await.expect("a commit");
    assert_eq!(database.numbers("SELECT max(seq) FROM journal").await, [place + 1]);
    db.close().await;
}
