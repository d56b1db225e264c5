//! What readers see: articles go out, are replaced by their next version and taken off, any number in one go, with a number of
//! statements that depends on what changes and not on how many there are.
//! Invariant: `listing` holds exactly what the rows of published articles say.

use std::collections::HashSet;

use serde_json::json;

use super::article::listings;
use super::content::{Content, Known, wanted};
use super::manuscript::content;
use super::noun;
use super::state::State;
use crate::db::manuscript::present;
use crate::db::write::{self, Stored, Transaction};
use crate::db::{Correction, Manuscript, rows, takedown};
use crate::error::Result;
use crate::journal::Entry;

/// An article that goes out.
pub(super) struct Launch {
    pub row: rows::Article,
    /// What it will say; none: what its rows say.
    pub content: Option<Content>,
    /// What its rows say of body, gallery and files; none: the same already.
    pub before: Option<Content>,
    /// When it appears; none: it did long ago.
    pub published_at: Option<i64>,
    pub modified_at: i64,
    pub unpublish_at: Option<i64>,
    /// Whether tags that it names for the first time come into being with it.
    pub makes_tags: bool,
}

/// The row of an article that has nothing but a number and a name yet.
pub(super) fn blank(id: i64, external_id: String, now: i64) -> rows::Article {
    rows::Article {
        id,
        external_id,
        legacy_id: None,
        slug: String::new(),
        title: String::new(),
        subtitle: None,
        summary: String::new(),
        summary_is_excerpt: true,
        language: String::new(),
        status: State::Draft.word().into(),
        published_at: now,
        modified_at: now,
        significant_at: None,
        expires_at: i64::MAX,
        channel_id: 0,
        channel_ids: "[]".into(),
        tag_ids: "[]".into(),
        topic_ids: "[]".into(),
        author_ids: "[]".into(),
        source_id: None,
        source_url: None,
        canonical_url: None,
        cover_id: None,
        view_count: 0,
        imported_views: 0,
        text_key: 0,
        word_count: 0,
        page_count: 0,
        import_hash: 1,
    }
}

/// The manuscript of an article that comes with nothing but its `row`, by `actor`.
pub(super) fn manuscript(row: &rows::Article, actor: String, now: i64) -> Manuscript {
    let is_published = row.status == State::Published.word();
    let is_future = is_published && row.published_at > now;
    Manuscript {
        article_id: row.id,
        state: if is_future { State::Scheduled.word().into() } else { row.status.clone() },
        is_live: is_published && !is_future,
        version: 1,
        head: 0,
        live: 0,
        title: row.title.clone(),
        channel_id: row.channel_id,
        created_by: actor.clone(),
        changed_by: actor,
        changed_at: row.modified_at,
        publish_at: is_future.then_some(row.published_at),
        unpublish_at: (is_published && row.expires_at < i64::MAX).then_some(row.expires_at),
        note: None,
        correction: None,
        is_significant: false,
        held: None,
        was_live: (is_published && !is_future) || row.status == State::Withdrawn.word(),
    }
}

/// What the journal says of a publication.
pub(super) fn payload(paper: &Manuscript) -> serde_json::Value {
    json!({ "title": paper.title, "correction": paper.correction, "isSignificant": paper.is_significant })
}

/// Puts articles into their rows and lists. Returns the rows in the order given, whether they have all of their tags, and what
/// the journal says of new ones.
pub(super) async fn launch(
    on: &Transaction,
    launches: Vec<Launch>,
    actor: &str,
    now: i64,
) -> Result<(Vec<rows::Article>, bool, Vec<Entry>)> {
    let contents = || launches.iter().filter_map(|l| l.content.as_ref());
    let mut known = Known::new(present(on, &wanted(contents())).await?);
    let making = launches.iter().filter(|l| l.makes_tags).filter_map(|l| l.content.as_ref());
    let entries = create_tags(on, making, &mut known, actor, now).await?;
    let is_whole = contents().flat_map(|c| &c.tags).all(|name| known.tag(name).is_some());
    let (mut gone, mut listed, mut out) = (Vec::new(), Vec::new(), Vec::with_capacity(launches.len()));
    for launch in &launches {
        let mut row = launch.row.clone();
        let old = listings(|channel| known.above(channel), &row);
        if let Some(content) = &launch.content {
            content.check(&known)?;
            content.put(&mut row, &known);
            if launch.published_at.is_none() {
                // Readers have links to it, whatever the draft was begun from.
                row.slug.clone_from(&launch.row.slug);
            }
        }
        row.status = State::Published.word().into();
        row.published_at = launch.published_at.unwrap_or(row.published_at);
        row.modified_at = launch.modified_at;
        row.expires_at = launch.unpublish_at.unwrap_or(i64::MAX);
        let new = listings(|channel| known.above(channel), &row);
        if old != new {
            gone.extend((!old.is_empty()).then_some(row.id));
            listed.extend(new);
        }
        out.push(row);
    }
    write::update(on, &out).await?;
    let changed: Vec<(i64, &Content, &Content)> =
        launches.iter().filter_map(|l| Some((l.row.id, l.content.as_ref()?, l.before.as_ref()?))).collect();
    replace_parts(on, &changed).await?;
    write::delete(on, "listing", "article_id", &gone).await?;
    write::insert(on, &listed).await?;
    Ok((out, is_whole, entries))
}

/// Makes the tags that `contents` name for the first time.
async fn create_tags(
    on: &Transaction,
    contents: impl Iterator<Item = &Content>,
    known: &mut Known,
    actor: &str,
    now: i64,
) -> Result<Vec<Entry>> {
    let mut seen = HashSet::new();
    let new: Vec<String> =
        contents.flat_map(|c| &c.tags).filter(|name| known.tag(name).is_none() && seen.insert(*name)).cloned().collect();
    let mut entries = Vec::with_capacity(new.len());
    for (tag, is_new) in noun::create_tags(on, &new).await? {
        entries.extend(is_new.then(|| Entry {
            at: now,
            actor: actor.into(),
            action: "tag.created".into(),
            entity: "tag".into(),
            entity_id: tag.id,
            revision: tag.import_hash,
            payload: None,
        }));
        known.add_tag(tag.name, tag.id);
    }
    Ok(entries)
}

/// Publishes the newest revisions of locked articles at `now`. Rows and manuscripts come back as they are to be, but for the
/// manuscript's state, which is not written yet; with what the journal says of new tags.
pub(super) async fn publish(
    on: &Transaction,
    locked: Vec<(rows::Article, Manuscript)>,
    actor: &str,
    now: i64,
) -> Result<(Vec<(rows::Article, Manuscript)>, Vec<Entry>)> {
    let numbers = |p: &Manuscript| [p.head, if p.is_live { p.live } else { 0 }];
    let keys = locked.iter().flat_map(|(_, p)| numbers(p).map(|number| (p.article_id, number)));
    let keys: HashSet<(i64, i64)> = keys.filter(|(_, number)| *number > 0).collect();
    let found = write::revisions_in(on, &keys.into_iter().collect::<Vec<_>>()).await?;
    let find = |article, number| found.iter().find(|r| (r.article_id, r.number) == (article, number)).map(content).transpose();
    let (mut launches, mut papers, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for (mut row, mut paper) in locked {
        let head = find(row.id, paper.head)?;
        head.as_ref().map_or(Ok(()), |content| content.check_embargo("id", now))?;
        let before = if paper.is_live { find(row.id, paper.live)? } else { None };
        if paper.is_live {
            row.significant_at = if paper.is_significant { Some(now) } else { row.significant_at };
            notes.extend(paper.correction.take().map(|note| Correction { article_id: row.id, at: now, note }));
        }
        // What comes late says when it was due.
        let due = paper.publish_at.filter(|at| *at <= now).unwrap_or(now);
        let published_at = if paper.is_live { None } else { Some(due) };
        let unpublish_at = paper.unpublish_at;
        launches.push(Launch { row, content: head, before, published_at, modified_at: due, unpublish_at, makes_tags: true });
        (paper.live, paper.publish_at) = (paper.head, None);
        (paper.correction, paper.is_significant, paper.note) = (None, false, None);
        papers.push(paper);
    }
    let (rows, _, entries) = launch(on, launches, actor, now).await?;
    write::replace(on, &["article_id", "at"], &notes).await?;
    Ok((rows.into_iter().zip(papers).collect(), entries))
}

/// Writes body, gallery and files of an article that has none yet, or that must have these alone.
pub(super) async fn put_parts(on: &Transaction, id: i64, content: &Content, before: Option<&Content>) -> Result<()> {
    if let Some(before) = before {
        return replace_parts(on, &[(id, content, before)]).await;
    }
    for table in ["article_body", "gallery_image", "attachment"] {
        write::delete(on, table, "article_id", &[id]).await?;
    }
    replace_parts(on, &[(id, content, &Content::default())]).await
}

/// Replaces what differs between the contents (article, new, old).
async fn replace_parts(on: &Transaction, changed: &[(i64, &Content, &Content)]) -> Result<()> {
    replace(on, "page", changed, Content::bodies).await?;
    replace(on, "position", changed, Content::images).await?;
    replace(on, "position", changed, Content::files).await
}

/// Replaces those rows of one table that differ; an article that has fewer than before loses all of its first.
async fn replace<R: Stored + PartialEq>(
    on: &Transaction,
    place: &'static str,
    changed: &[(i64, &Content, &Content)],
    rows: fn(&Content, i64) -> Vec<R>,
) -> Result<()> {
    let (mut shrunk, mut new) = (Vec::new(), Vec::new());
    for (id, now, before) in changed {
        let (now, before) = (rows(now, *id), rows(before, *id));
        if now != before {
            shrunk.extend((now.len() < before.len()).then_some(*id));
            new.extend(now);
        }
    }
    write::delete(on, R::table(), "article_id", &shrunk).await?;
    write::replace(on, &["article_id", place], &new).await
}

/// Takes an article out of every list; from the commit on it is seen by those alone who may see what is not published.
pub(super) async fn hide(on: &Transaction, row: &mut rows::Article, state: State, now: i64) -> Result<()> {
    takedown::bury(on, &[row.id], now).await?;
    row.status = state.word().into();
    row.expires_at = i64::MAX;
    write::update(on, std::slice::from_ref(row)).await?;
    // Lists are cut from this table alone; every other surface looks at the article's state.
    write::delete(on, "listing", "article_id", &[row.id]).await
}

/// Lets readers see an article until `at`; none: for as long as it stays.
pub(super) async fn limit(on: &Transaction, row: &mut rows::Article, at: Option<i64>) -> Result<()> {
    row.expires_at = at.unwrap_or(i64::MAX);
    write::update(on, std::slice::from_ref(row)).await?;
    write::limit_listings(on, row.id, row.expires_at).await
}

/// Puts an article back into the lists that its row says.
pub(super) async fn show(on: &Transaction, row: &mut rows::Article) -> Result<()> {
    row.status = State::Published.word().into();
    write::update(on, std::slice::from_ref(row)).await?;
    // The tree as it is in this transaction: a channel that moves meanwhile waits for nobody.
    let known = Known::new(present(on, &wanted([])).await?);
    write::delete(on, "listing", "article_id", &[row.id]).await?;
    write::insert(on, &listings(|channel| known.above(channel), row)).await
}
