//! Working on articles: every step of the way that `state` draws, each one transaction with its revision and its journal
//! entry. Invariants: what is due by now has happened before anything else does; while readers do not see an article, its rows
//! hold its newest revision, so that who may see drafts finds it under all its names.

use serde_json::json;

use super::check::{self, text};
use super::content::{Content, Kept, Known, wanted};
use super::live::{self, Launch};
use super::office::Office;
use super::state::{State, Step};
use super::words;
use crate::auth::{Actor, Need, Permission};
use crate::db::manuscript::{self as paper, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{self, Manuscript, Revision, rows, staff};
use crate::error::{Error, Result};
use crate::journal::{self, Entry};
use crate::text::clean_line;

/// Most characters of a note on why an article is sent back, and of what readers are told of a correction.
const LONGEST: (usize, usize) = (2_000, 500);

/// Which article, and the version of it that whoever changes it has seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Which.
    pub article: i64,
    /// The version; none: whatever it is.
    pub version: Option<i64>,
}

/// How a new version goes out.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// What readers are told of it.
    pub correction: Option<String>,
    /// Whether it is a change that readers should notice.
    pub is_significant: bool,
    /// When they shall see it no more (milliseconds since 1970).
    pub unpublish_at: Option<i64>,
}

/// An article that somebody is changing: locked until the end of the transaction.
pub(super) struct Work {
    pub on: Transaction,
    pub row: rows::Article,
    pub paper: Manuscript,
    pub entries: Vec<Entry>,
    pub now: i64,
}

impl Work {
    pub(super) fn state(&self) -> Result<State> {
        State::from_word(&self.paper.state)
            .ok_or_else(|| Error::internal(format!("{:?} is no state of a manuscript", self.paper.state)))
    }

    /// What the newest revision says; an article that has none yet gets its first one from its rows.
    pub(super) async fn head(&mut self) -> Result<Content> {
        let id = self.row.id;
        if self.paper.head > 0 {
            let found = write::revisions_in(&self.on, &[(id, self.paper.head)]).await?;
            return content(found.first().ok_or_else(|| Error::internal("a head without its revision"))?);
        }
        let tags: Vec<i64> = serde_json::from_str(&self.row.tag_ids).unwrap_or_default();
        let tags: Vec<db::Tag> = write::rows_in(&self.on, "id", &tags).await?;
        let kept = Kept {
            article: self.row.clone(),
            bodies: write::rows_in(&self.on, "article_id", &[id]).await?,
            images: write::rows_in(&self.on, "article_id", &[id]).await?,
            files: write::rows_in(&self.on, "article_id", &[id]).await?,
            related: write::rows_in(&self.on, "article_id", &[id]).await?,
            tags: tags.into_iter().map(|tag| (tag.id, tag.name)).collect(),
        };
        let content = Content::from(kept);
        let (at, actor) = (self.row.modified_at, self.paper.created_by.clone());
        let number = self.keep(at, actor, "import", &content).await?;
        // Whatever has gone a step without being written on here has been shown: drafts are written on first.
        if self.paper.is_live || self.paper.publish_at.is_some() || self.paper.version > 1 {
            self.paper.live = number;
        }
        Ok(content)
    }

    /// Keeps what was written at `at` by `actor` as the newest revision, and returns its number.
    async fn keep(&mut self, at: i64, actor: String, origin: &str, content: &Content) -> Result<i64> {
        let id = self.row.id;
        let last = write::last_revisions(&self.on, &[id]).await?;
        let number = last.first().map_or(0, |(_, number)| *number) + 1;
        write::insert(&self.on, &[revision(id, number, at, actor, origin, content)?]).await?;
        self.paper.head = number;
        Ok(number)
    }

    /// Keeps `content`, which `actor` writes now, as the newest revision.
    async fn revise(&mut self, content: &Content, actor: String, origin: &str) -> Result<()> {
        self.keep(self.now, actor, origin, content).await?;
        self.paper.title.clone_from(&content.title);
        self.paper.channel_id = content.channel;
        Ok(())
    }

    /// Takes back everything of the next draft: the head is what readers see.
    pub(super) fn drop_draft(&mut self) {
        drop_draft(&self.row, &mut self.paper);
    }

    /// What the content of an article that readers do not see looks like in its rows.
    async fn mirror(&mut self, content: &Content, known: &Known) -> Result<()> {
        content.put(&mut self.row, known);
        self.row.modified_at = self.now;
        write::update(&self.on, std::slice::from_ref(&self.row)).await?;
        live::put_parts(&self.on, self.row.id, content, None).await
    }
}

/// See [`Work::drop_draft`].
pub(super) fn drop_draft(row: &rows::Article, paper: &mut Manuscript) {
    paper.publish_at = None;
    (paper.note, paper.correction, paper.held) = (None, None, None);
    paper.is_significant = false;
    if paper.head != paper.live {
        paper.head = paper.live;
        paper.title.clone_from(&row.title);
        paper.channel_id = row.channel_id;
    }
}

pub(super) fn revision(
    article_id: i64,
    number: i64,
    at: i64,
    actor: String,
    origin: &str,
    content: &Content,
) -> Result<Revision> {
    let content = serde_json::to_string(content).map_err(Error::internal)?;
    Ok(Revision { article_id, number, at, actor, origin: origin.into(), content })
}

/// What a revision says.
pub fn content(revision: &Revision) -> Result<Content> {
    serde_json::from_str(&revision.content).map_err(Error::internal)
}

/// Why `step` cannot be taken now.
fn refusal(step: Step, state: State, is_live: bool) -> Error {
    let name = |state: State| state.word().replace('_', " ");
    let live = if is_live && state != State::Published { ", with a version that readers see" } else { "" };
    let possible: Vec<&str> = Step::all_from(state, is_live).map(Step::field).collect();
    let message = format!("{} does not go from here: the article is {}{live}", step.field(), name(state));
    Error::Conflict(format!("{message}; what does: {}", possible.join(", ")))
}

impl Office {
    /// Locks an article for `step`, once everything that is due has happened.
    pub(super) async fn take(&self, seen: Seen, step: Step) -> Result<(Work, (State, bool))> {
        self.actor.check(Need::of("Mutation", step.field()).ok_or_else(|| Error::internal("a step without a policy"))?)?;
        let on = self.begin().await?;
        let none = || Error::NotFound { what: "the article".into() };
        let (row, paper) = paper::lock(&on, &[seen.article], Wait::Patiently).await?.pop().ok_or_else(none)?;
        let mut work = Work { on, row, paper, entries: Vec::new(), now: self.now() };
        super::schedule::settle(&mut work).await?;
        self.check_own(&work.paper, step)?;
        if seen.version.is_some_and(|version| version != work.paper.version) {
            let by = self.name_of(&work.paper.changed_by).await?;
            return Err(Error::Stale { by, at: work.paper.changed_at, version: work.paper.version });
        }
        let (state, is_live) = (work.state()?, work.paper.is_live);
        let next = step.from(state, is_live).ok_or_else(|| refusal(step, state, is_live))?;
        Ok((work, next))
    }

    /// Refuses somebody else's article to those who may only write their own.
    fn check_own(&self, paper: &Manuscript, step: Step) -> Result<()> {
        if is_anyones(&self.actor, step) || paper.created_by == self.actor.word() {
            return Ok(());
        }
        Err(Error::Forbidden("this is somebody else's article; that needs the permission articles:edit".into()))
    }

    /// Who stands behind an actor's word in the journal.
    async fn name_of(&self, word: &str) -> Result<String> {
        let Some(id) = word.strip_prefix("account:").and_then(|id| id.parse().ok()) else { return Ok(word.to_owned()) };
        let found = self.db.reader().all(staff::accounts_by_id(vec![id])).await?.into_iter().next();
        Ok(found.map_or_else(|| word.to_owned(), |account| account.name))
    }

    /// Writes down that `step` was taken, and commits.
    pub(super) async fn done(
        &self,
        mut work: Work,
        step: &str,
        next: (State, bool),
        payload: serde_json::Value,
    ) -> Result<Manuscript> {
        let paper = &mut work.paper;
        (paper.state, paper.is_live) = (next.0.word().into(), next.1);
        paper.was_live |= paper.is_live;
        paper.version += 1;
        paper.changed_by = self.actor.word();
        paper.changed_at = work.now;
        write::replace(&work.on, &["article_id"], std::slice::from_ref(paper)).await?;
        let entry = self.entry(step, "article", paper.article_id, &payload);
        work.entries.push(Entry { revision: paper.head, ..entry });
        journal::append(&work.on, &work.entries).await?;
        self.commit(work.on, work.paper).await
    }

    /// Begins an article.
    pub async fn create_article(&self, mut content: Content) -> Result<Manuscript> {
        self.actor.check(Need::May(Permission::WriteArticles))?;
        content.normalise()?;
        let on = self.begin().await?;
        let known = Known::new(paper::present(&on, &wanted([&content])).await?);
        content.check(&known)?;
        let id = write::reserve_ids(&on, "article", 1).await?;
        check_slug(&on, &content, id).await?;
        let now = self.now();
        let mut row = live::blank(id, self.fresh_name()?, now);
        row.slug = id.to_string();
        content.put(&mut row, &known);
        write::insert(&on, std::slice::from_ref(&row)).await?;
        let paper = live::manuscript(&row, self.actor.word(), now);
        let mut work = Work { on, row, paper, entries: Vec::new(), now };
        live::put_parts(&work.on, id, &content, Some(&Content::default())).await?;
        work.paper.version = 0;
        work.revise(&content, self.actor.word(), "edit").await?;
        let payload = json!({ "title": content.title });
        self.done(work, "drafted", (State::Draft, false), payload).await
    }

    /// Writes on: `change` changes what the newest revision says.
    pub async fn update_article(&self, seen: Seen, change: impl FnOnce(&mut Content) -> Result<()> + Send) -> Result<Manuscript> {
        self.rewrite(seen, "edit", async |content: &mut Content, _: &Work| change(content)).await
    }

    /// Makes revision `number` the newest again.
    pub async fn restore_revision(&self, seen: Seen, number: i64) -> Result<Manuscript> {
        let take = async |content: &mut Content, work: &Work| {
            let found = write::revisions_in(&work.on, &[(work.row.id, number)]).await?;
            let found = found.first().ok_or_else(|| Error::invalid("number", "is no revision of this article"))?;
            *content = self::content(found)?;
            Ok(())
        };
        self.rewrite(seen, "restore", take).await
    }

    async fn rewrite(
        &self,
        seen: Seen,
        origin: &str,
        change: impl AsyncFnOnce(&mut Content, &Work) -> Result<()>,
    ) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Update).await?;
        if next.0 == State::InReview && !self.actor.may(Permission::ReviewArticles) {
            return Err(Error::Conflict("the article is in review; recall it first (recallArticle)".into()));
        }
        let before = work.head().await?;
        let mut content = before.clone();
        change(&mut content, &work).await?;
        if work.paper.was_live {
            // Readers have links to it.
            if content.slug.is_some() && content.slug != before.slug && content.slug.as_ref() != Some(&work.row.slug) {
                return Err(Error::invalid("slug", "stays as it is once the article has been published"));
            }
            content.slug.clone_from(&before.slug);
        }
        content.normalise()?;
        if content == before {
            // Nothing has changed, and nothing is written.
            return Ok(work.paper);
        }
        let known = Known::new(paper::present(&work.on, &wanted([&content])).await?);
        content.check(&known)?;
        // Nobody hands in what a reviewer writes.
        let held = if next.0 == State::InReview { words::check(&work.on, &mut content).await? } else { Vec::new() };
        work.revise(&content, self.actor.word(), origin).await?;
        work.paper.note = None;
        work.paper.held = (!held.is_empty()).then(|| json!(held).to_string());
        if !work.paper.is_live {
            check_slug(&work.on, &content, work.row.id).await?;
            work.row.status = next.0.word().into();
            work.mirror(&content, &known).await?;
        }
        let payload = json!({ "title": content.title });
        self.done(work, "drafted", next, payload).await
    }

    /// Hands an article in. Words to look out for are replaced, hold it up, or stand in the way of it.
    pub async fn submit_article(&self, seen: Seen) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Submit).await?;
        let before = work.head().await?;
        let mut content = before.clone();
        let held = words::check(&work.on, &mut content).await?;
        if content != before {
            let known = Known::new(paper::present(&work.on, &wanted([&content])).await?);
            work.revise(&content, self.actor.word(), "replace").await?;
            if !work.paper.is_live {
                work.mirror(&content, &known).await?;
            }
        }
        work.paper.held = (!held.is_empty()).then(|| json!(held).to_string());
        self.turn(work, "submitted", next, json!({ "held": held.len() })).await
    }

    /// Takes back what was handed in.
    pub async fn recall_article(&self, seen: Seen) -> Result<Manuscript> {
        let (work, next) = self.take(seen, Step::Recall).await?;
        self.turn(work, "recalled", next, json!({})).await
    }

    /// Finds an article fit to be published.
    pub async fn approve_article(&self, seen: Seen) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Approve).await?;
        if work.paper.held.is_some() {
            self.actor.check(Need::May(Permission::ClearArticles))?;
        }
        work.paper.held = None;
        self.turn(work, "approved", next, json!({})).await
    }

    /// Sends an article back.
    pub async fn reject_article(&self, seen: Seen, note: &str) -> Result<Manuscript> {
        let note = text("note", note, LONGEST.0)?;
        let (mut work, next) = self.take(seen, Step::Reject).await?;
        work.paper.note = Some(note.clone());
        self.turn(work, "rejected", next, json!({ "note": note })).await
    }

    /// A step that changes nothing but the state.
    async fn turn(&self, mut work: Work, action: &str, next: (State, bool), payload: serde_json::Value) -> Result<Manuscript> {
        if !matches!(next.0, State::Rejected) {
            work.paper.note = None;
        }
        if !work.paper.is_live {
            work.row.status = next.0.word().into();
            write::update(&work.on, std::slice::from_ref(&work.row)).await?;
        }
        self.done(work, action, next, payload).await
    }

    /// Gives an approved article its time. What readers see already has an end of its own (see [`Self::limit_article`]).
    pub async fn schedule_article(&self, seen: Seen, at: i64, release: Release) -> Result<Manuscript> {
        let at = calendar("publishAt", at)?;
        let release = release.check(at)?;
        let (mut work, next) = self.take(seen, Step::Schedule).await?;
        if at <= work.now {
            return Err(Error::invalid("publishAt", "is over; publish the article instead (publishArticle)"));
        }
        let content = check_embargo(&mut work, at, "publishAt").await?;
        work.paper.publish_at = Some(at);
        work.paper.correction = release.correction;
        work.paper.is_significant = release.is_significant;
        if work.paper.is_live {
            if release.unpublish_at.is_some() {
                return Err(Error::invalid("unpublishAt", "readers see the article already: say when that ends by limitArticle"));
            }
            if work.paper.unpublish_at.is_some_and(|end| end <= at) {
                return Err(Error::invalid(
                    "publishAt",
                    "readers will see the article no more then; change that first (limitArticle)",
                ));
            }
        } else {
            work.paper.unpublish_at = release.unpublish_at;
            // In its lists at once, and seen by nobody before its time: no clock of ours has to strike for readers.
            let launch = Launch {
                row: work.row,
                content,
                before: None,
                published_at: Some(at),
                modified_at: at,
                unpublish_at: work.paper.unpublish_at,
                makes_tags: false,
            };
            let (rows, is_whole, _) = live::launch(&work.on, vec![launch], &self.actor.word(), work.now).await?;
            work.row = rows.into_iter().next().ok_or_else(|| Error::internal("a launch without a row"))?;
            // Tags that nobody has seen yet come with it and not before: then its rows are not all of it.
            work.paper.live = if is_whole { work.paper.head } else { 0 };
        }
        self.done(work, "scheduled", next, json!({ "publishAt": at, "unpublishAt": release.unpublish_at })).await
    }

    /// Takes the time of a scheduled article away.
    pub async fn unschedule_article(&self, seen: Seen) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Unschedule).await?;
        work.paper.publish_at = None;
        (work.paper.correction, work.paper.is_significant) = (None, false);
        if !work.paper.is_live {
            work.paper.unpublish_at = None;
            live::hide(&work.on, &mut work.row, next.0, work.now).await?;
        }
        self.done(work, "unscheduled", next, json!({})).await
    }

    /// Shows an approved article to readers, from the commit on.
    pub async fn publish_article(&self, seen: Seen, release: Release) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Publish).await?;
        let release = release.check(work.now)?;
        work.paper.correction = release.correction;
        work.paper.is_significant = release.is_significant;
        if release.unpublish_at.is_some() {
            work.paper.unpublish_at = release.unpublish_at;
        }
        let payload = live::payload(&work.paper);
        let locked = vec![(work.row, work.paper)];
        let (mut out, entries) = live::publish(&work.on, locked, &self.actor.word(), work.now).await?;
        let (row, paper) = out.pop().ok_or_else(|| Error::internal("a publication without a row"))?;
        work.entries.extend(entries);
        self.done(Work { row, paper, ..work }, "published", next, payload).await
    }

    /// Drops the next draft of a published article; its revisions stay.
    pub async fn discard_draft(&self, seen: Seen) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Discard).await?;
        work.drop_draft();
        self.done(work, "discarded", next, json!({})).await
    }

    /// Says when readers will see an article no more; none: for as long as it stays.
    pub async fn limit_article(&self, seen: Seen, at: Option<i64>) -> Result<Manuscript> {
        let at = at.map(|at| calendar("unpublishAt", at)).transpose()?;
        let (mut work, next) = self.take(seen, Step::Limit).await?;
        if at.is_some_and(|at| at <= work.now) {
            return Err(Error::invalid("unpublishAt", "is over; take the article off instead (unpublishArticle)"));
        }
        if at.zip(work.paper.publish_at).is_some_and(|(end, next)| end <= next) {
            return Err(Error::invalid("unpublishAt", "must come after the publication of the next version"));
        }
        work.paper.unpublish_at = at;
        live::limit(&work.on, &mut work.row, at).await?;
        self.done(work, "limited", next, json!({ "unpublishAt": at })).await
    }

    /// Takes an article off without a notice, and puts it away.
    pub async fn unpublish_article(&self, seen: Seen) -> Result<Manuscript> {
        let (mut work, next) = self.take(seen, Step::Unpublish).await?;
        work.drop_draft();
        work.paper.unpublish_at = None;
        live::hide(&work.on, &mut work.row, next.0, work.now).await?;
        self.done(work, "unpublished", next, json!({})).await
    }

    /// Puts away what readers do not see.
    pub async fn archive_article(&self, seen: Seen) -> Result<Manuscript> {
        let (work, next) = self.take(seen, Step::Archive).await?;
        self.turn(work, "archived", next, json!({})).await
    }

    /// Takes out again what was put away.
    pub async fn reopen_article(&self, seen: Seen) -> Result<Manuscript> {
        let (work, next) = self.take(seen, Step::Reopen).await?;
        self.turn(work, "reopened", next, json!({})).await
    }
}

impl Release {
    /// Cleans what readers are told, and refuses an end before `begin`.
    fn check(mut self, begin: i64) -> Result<Self> {
        self.correction = self.correction.map(|note| clean_line(&note)).filter(|note| !note.is_empty());
        self.correction = self.correction.map(|note| text("correction", &note, LONGEST.1)).transpose()?;
        self.unpublish_at = self.unpublish_at.map(|at| calendar("unpublishAt", at)).transpose()?;
        if self.unpublish_at.is_some_and(|at| at <= begin) {
            return Err(Error::invalid("unpublishAt", "must come after the publication"));
        }
        Ok(self)
    }
}

/// An instant (milliseconds since 1970) that calendars and imports agree on.
pub(super) fn calendar(field: &str, at: i64) -> Result<i64> {
    let mut instant = crate::clock::instant(at);
    check::instant(field, &mut instant)?;
    Ok(instant.timestamp_millis())
}

/// Refuses to show an article at `at` if that is too early. Returns what its newest revision says, if it has one.
async fn check_embargo(work: &mut Work, at: i64, field: &str) -> Result<Option<Content>> {
    if work.paper.head == 0 {
        return Ok(None);
    }
    let content = work.head().await?;
    content.check_embargo(field, at)?;
    Ok(Some(content))
}

/// Refuses a slug that another article has.
async fn check_slug(on: &Transaction, content: &Content, id: i64) -> Result<()> {
    let Some(slug) = &content.slug else { return Ok(()) };
    let taken = write::find(on, "article", "slug", std::slice::from_ref(slug)).await?;
    if taken.iter().any(|other| other.id != id) {
        return Err(Error::invalid("slug", format!("{slug:?} belongs to another article; choose another")));
    }
    Ok(())
}

/// Whether it does not matter to `actor` for `step` who began an article: writing is for one's own unless one may edit.
fn is_anyones(actor: &Actor, step: Step) -> bool {
    let is_writing = Need::of("Mutation", step.field()) == Some(Need::May(Permission::WriteArticles));
    !is_writing || actor.may(Permission::EditArticles)
}

/// Whether `actor` may take `step` with an article, as far as that is not a question of its state.
pub fn may_take(actor: &Actor, step: Step, paper: &Manuscript) -> bool {
    let need = Need::of("Mutation", step.field());
    let is_in_review = paper.state == State::InReview.word();
    let is_approved = [State::Approved.word(), State::Scheduled.word()].contains(&paper.state.as_str());
    let more = match step {
        Step::Approve if paper.held.is_some() => Some(Permission::ClearArticles),
        Step::Update if is_in_review => Some(Permission::ReviewArticles),
        // What somebody has found fit is not thrown away by those who may not find it so.
        Step::Discard if is_approved => Some(Permission::ReviewArticles),
        _ => None,
    };
    let is_own = is_anyones(actor, step) || paper.created_by == actor.word();
    is_own && need.is_some_and(|need| actor.check(need).is_ok()) && more.is_none_or(|more| actor.may(more))
}
