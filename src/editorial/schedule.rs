//! What happens at its time: publications and their ends. Readers need none of it, because what they see is decided when
//! they ask; here the state follows, and the journal learns of it. Invariants: each thing happens once, however many programs
//! look; what cannot happen says so and holds nothing else up.

use serde_json::json;

use super::live;
use super::manuscript::{Work, drop_draft};
use super::state::State;
use crate::db::manuscript::{self as paper, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{Database, Manuscript, rows, takedown};
use crate::error::{Error, Result};
use crate::journal::{self, Entry};

/// Who the journal says it was.
const ACTOR: &str = "schedule";

/// How many articles change in one transaction.
const BATCH: i64 = 1_000;

/// What has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Publications.
    pub published: usize,
    /// Ends of publications.
    pub unpublished: usize,
    /// Publications that could not be: the article is approved again, with a note.
    pub failed: usize,
    /// Articles that were due and are being changed by somebody else.
    pub left: usize,
}

/// Lets happen what is due for the article of `work`.
pub(super) async fn settle(work: &mut Work) -> Result<()> {
    if !is_due(&work.paper, work.now) {
        return Ok(());
    }
    let locked = vec![(work.row.clone(), work.paper.clone())];
    let (mut settled, entries) = settle_all(&work.on, locked, work.now).await?;
    if let Some((row, paper)) = settled.pop() {
        (work.row, work.paper) = (row, paper);
    }
    work.entries.extend(entries);
    Ok(())
}

/// Whether it is to be published by `now`.
fn begins(paper: &Manuscript, now: i64) -> bool {
    paper.publish_at.is_some_and(|at| at <= now)
}

/// Whether readers are to see it no more by `now`.
fn ends(paper: &Manuscript, now: i64) -> bool {
    paper.is_live && paper.unpublish_at.is_some_and(|at| at <= now)
}

fn is_due(paper: &Manuscript, now: i64) -> bool {
    begins(paper, now) || ends(paper, now)
}

/// Lets happen what is due at `now` for locked articles. The manuscripts are written, the journal is not.
async fn settle_all(
    on: &Transaction,
    locked: Vec<(rows::Article, Manuscript)>,
    now: i64,
) -> Result<(Vec<(rows::Article, Manuscript)>, Vec<Entry>)> {
    // What readers see already is replaced by its next version, and what names tags for the first time brings them; the rest has
    // been in its rows since it got its time.
    let is_replaced = |p: &Manuscript| begins(p, now) && (p.is_live || p.live != p.head);
    let (replaced, mut settled): (Vec<_>, Vec<_>) = locked.into_iter().partition(|(_, p)| is_replaced(p));
    let mut entries = Vec::new();
    for (_, paper) in settled.iter_mut().filter(|(_, p)| begins(p, now)) {
        entries.push(entry("published", paper, now, &live::payload(paper)));
        (paper.live, paper.publish_at) = (paper.head, None);
        (paper.correction, paper.is_significant) = (None, false);
        (paper.state, paper.is_live, paper.was_live) = (State::Published.word().into(), true, true);
    }
    if !replaced.is_empty() {
        entries.extend(replaced.iter().map(|(_, paper)| entry("published", paper, now, &live::payload(paper))));
        let (done, tags) = live::publish(on, replaced, ACTOR, now).await?;
        entries.extend(tags);
        settled.extend(done.into_iter().map(|(row, mut paper)| {
            (paper.state, paper.is_live, paper.was_live) = (State::Published.word().into(), true, true);
            (row, paper)
        }));
    }
    let mut ended = Vec::new();
    for (row, paper) in settled.iter_mut().filter(|(_, p)| ends(p, now)) {
        entries.push(entry("unpublished", paper, now, &json!({})));
        drop_draft(row, paper);
        paper.unpublish_at = None;
        (paper.state, paper.is_live) = (State::Archived.word().into(), false);
        (row.status, row.expires_at) = (State::Archived.word().into(), i64::MAX);
        ended.push(row.clone());
    }
    write::update(on, &ended).await?;
    let gone: Vec<i64> = ended.iter().map(|row| row.id).collect();
    takedown::bury(on, &gone, now).await?;
    write::delete(on, "listing", "article_id", &gone).await?;
    for (_, paper) in &mut settled {
        paper.version += 1;
        (paper.changed_by, paper.changed_at) = (ACTOR.into(), now);
    }
    let papers: Vec<Manuscript> = settled.iter().map(|(_, paper)| paper.clone()).collect();
    write::replace(on, &["article_id"], &papers).await?;
    Ok((settled, entries))
}

fn entry(action: &str, paper: &Manuscript, now: i64, payload: &serde_json::Value) -> Entry {
    Entry {
        at: now,
        actor: ACTOR.into(),
        action: format!("article.{action}"),
        entity: "article".into(),
        entity_id: paper.article_id,
        revision: paper.head,
        payload: Some(payload.to_string()),
    }
}

/// Lets happen what is due at `now` (milliseconds since 1970), a batch of it; nothing is left when all counts are zero.
pub async fn settle_due(db: &Database, now: i64) -> Result<Settled> {
    let ids = db.reader().all(paper::due(now, BATCH)).await?;
    let mut settled = Settled::default();
    let mut parts = vec![ids];
    while let Some(ids) = parts.pop().filter(|ids| !ids.is_empty()) {
        match settle_part(db, &ids, now).await {
            Ok(part) => settled = settled + part,
            // One that cannot be published shall not keep the others waiting.
            Err(Error::Invalid { .. } | Error::Conflict(_)) if ids.len() > 1 => {
                let (first, second) = ids.split_at(ids.len() / 2);
                parts.extend([second.to_vec(), first.to_vec()]);
            }
            Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
                give_up(db, ids[0], now, &error).await?;
                settled.failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(settled)
}

async fn settle_part(db: &Database, ids: &[i64], now: i64) -> Result<Settled> {
    let on = write::begin(db).await?;
    let mut locked = paper::lock(&on, ids, Wait::Skip).await?;
    let left = ids.len() - locked.len();
    // Another program may have been here since we looked.
    locked.retain(|(_, paper)| is_due(paper, now));
    let (_, entries) = settle_all(&on, locked, now).await?;
    let count = |action: &str| entries.iter().filter(|e| e.action == action).count();
    let settled = Settled { published: count("article.published"), unpublished: count("article.unpublished"), failed: 0, left };
    journal::append(&on, &entries).await?;
    write::commit(db, on).await?;
    Ok(settled)
}

/// Makes an article that cannot be published at its time an approved one again, with a note that says why.
async fn give_up(db: &Database, id: i64, now: i64, error: &Error) -> Result<()> {
    let on = write::begin(db).await?;
    for (mut row, mut paper) in paper::lock(&on, &[id], Wait::Patiently).await? {
        tracing::error!(article.id = id, error = %error, "Article {id} could not be published at its time: {error}");
        let payload = json!({ "reason": error.to_string() });
        journal::append(&on, &[entry("publishFailed", &paper, now, &payload)]).await?;
        paper.note = Some(format!("could not be published at its time: {error}"));
        (paper.state, paper.publish_at) = (State::Approved.word().into(), None);
        paper.version += 1;
        if !paper.is_live {
            paper.unpublish_at = None;
            live::hide(&on, &mut row, State::Approved, now).await?;
        }
        write::replace(&on, &["article_id"], &[paper]).await?;
    }
    write::commit(db, on).await
}

impl std::ops::Add for Settled {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            published: self.published + other.published,
            unpublished: self.unpublished + other.unpublished,
            failed: self.failed + other.failed,
            left: self.left + other.left,
        }
    }
}
