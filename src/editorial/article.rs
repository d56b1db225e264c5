//! Articles: the row, the body, the lists it stands in, its related items and old addresses, all in the transaction of
//! its batch. Invariant: `listing` holds exactly the published articles, with the same times and counts as `article`.

use std::collections::{HashMap, HashSet};

use super::content::{Content, Kept};
use super::draft::{ArticleDraft, Draft};
use super::live;
use super::manuscript::{content, revision};
use super::save::{Desk, Planned};
use super::state::State;
use crate::db::manuscript::{self, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{self, Database, Manuscript, Reason, Scope, rows, view, withdrawal};
use crate::error::Result;
use crate::journal::{self, Entry};
use crate::related::Recents;
use crate::text::{count_words, excerpt, plain_text, text_key};

/// How many related items are kept for an article; pages show some eight, the rest is for those that become invisible.
const RELATED_KEPT: usize = 16;

/// With fewer, an article that came early in a series is looked at again at its end, when its tags have more.
const RELATED_ENOUGH: usize = 8;

/// How many articles are read or written at once where a whole table is gone through.
const CHUNK: usize = 1_000;

/// An article that its own batch could not finish: what it pins may come further down the file, or its tags may get more
/// articles. Its row has the fingerprint 0 until [`finish`], so that a series that breaks off is mended by running it again.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The fingerprint that it gets in the end.
    pub(super) hash: i64,
    article: String,
    wanted: Vec<String>,
    misses_pins: bool,
    tags: Vec<i64>,
}

/// Whose an old address is, by the external id of its row (see [`redirect_name`]): kind and external id.
pub(super) fn address_owner(external_id: &str) -> (&'static str, &str) {
    let own = external_id.strip_prefix("article:").and_then(|rest| rest.split_once('\n'));
    own.map_or(("redirect", external_id), |(article, _)| ("article", article))
}

/// The external id of an article's own old address: no draft can have one with a line break.
fn redirect_name(article: &str, address: &str) -> String {
    format!("article:{article}\n{address}")
}

/// Everything that one batch writes.
#[derive(Default)]
struct Rows {
    articles: Vec<rows::Article>,
    bodies: Vec<rows::ArticleBody>,
    images: Vec<rows::GalleryImage>,
    files: Vec<rows::Attachment>,
    listings: Vec<rows::Listing>,
    related: Vec<rows::Related>,
    redirects: Vec<(String, String, i64)>,
    withdrawals: Vec<db::Withdrawal>,
    totals: Vec<rows::ViewTotal>,
    unfinished: Vec<(i64, Unfinished)>,
}

/// Writes a plan of articles. Returns those that are not finished, by id.
pub(super) async fn write(desk: &mut Desk, on: &Transaction, plan: &[Planned<'_>], now: i64) -> Result<Vec<(i64, Unfinished)>> {
    let tags =
        plan.iter().filter_map(|p| if let Draft::Article(d) = &p.incoming.draft { Some(d) } else { None }).flat_map(|d| &d.tags);
    let tags: HashSet<i64> = tags.filter_map(|name| desk.id_of("tag", name)).collect();
    let database = desk.database().clone();
    desk.recents.learn(&database, tags).await?;
    let pinned = find_pinned(on, plan).await?;
    let changed: Vec<i64> = plan.iter().filter(|p| !p.is_new).map(|p| p.id).collect();
    let mut counted: HashMap<i64, i64> =
        view::totals(on, &changed).await?.into_iter().map(|total| (total.article_id, total.views)).collect();
    let mut rows = Rows::default();
    for p in plan {
        if let Draft::Article(draft) = &p.incoming.draft {
            let counted = counted.remove(&p.id).unwrap_or(0).max(draft.views_counted);
            add(desk, &mut rows, p, draft, (&pinned, counted));
        }
    }
    for table in ["article_body", "gallery_image", "attachment", "listing", "related", "withdrawal"] {
        write::delete(on, table, "article_id", &changed).await?;
    }
    write::delete_own_redirects(on, &changed).await?;
    write::upsert(on, &rows.articles).await?;
    write::insert(on, &rows.bodies).await?;
    write::insert(on, &rows.images).await?;
    write::insert(on, &rows.files).await?;
    write::insert(on, &rows.listings).await?;
    write::insert(on, &rows.related).await?;
    write::insert(on, &rows.withdrawals).await?;
    // In the order in which views are summed up, so that the two do not wait for each other.
    rows.totals.sort_unstable_by_key(|total| total.article_id);
    view::restore(on, &rows.totals).await?;
    write_manuscripts(desk, on, &rows, &changed, now).await?;
    insert_redirects(on, rows.redirects).await?;
    Ok(rows.unfinished)
}

/// New articles get their manuscripts. Those of articles that are worked on here keep the draft that follows what readers see;
/// what has come is one more revision.
async fn write_manuscripts(desk: &Desk, on: &Transaction, rows: &Rows, changed: &[i64], now: i64) -> Result<()> {
    let old: Vec<Manuscript> = write::rows_in(on, "article_id", changed).await?;
    let revised: Vec<i64> = old.iter().filter(|m| m.head > 0).map(|m| m.article_id).collect();
    let last: HashMap<i64, i64> = write::last_revisions(on, &revised).await?.into_iter().collect();
    let old: HashMap<i64, Manuscript> = old.into_iter().map(|m| (m.article_id, m)).collect();
    let (mut papers, mut revisions) = (Vec::with_capacity(rows.articles.len()), Vec::new());
    for article in &rows.articles {
        let mut paper = live::manuscript(article, desk.actor().to_owned(), now);
        if let Some(old) = old.get(&article.id) {
            let number = last.get(&article.id).map_or(0, |last| last + 1);
            if number > 0 {
                let content = Content::from(kept(desk, rows, article));
                revisions.push(revision(article.id, number, now, desk.actor().to_owned(), "import", &content)?);
            }
            paper = merge(paper, old, number, now);
        }
        papers.push(paper);
    }
    write::insert(on, &revisions).await?;
    write::replace(on, &["article_id"], &papers).await
}

/// What is left of the manuscript `old` when an import has brought `new`, as revision `number`.
fn merge(new: Manuscript, old: &Manuscript, number: i64, now: i64) -> Manuscript {
    let (version, created_by, changed_at) = (old.version + 1, old.created_by.clone(), now);
    let was_live = old.was_live || new.was_live;
    let has_draft = old.is_live && new.is_live && old.state != State::Published.word();
    if has_draft {
        let unpublish_at = new.unpublish_at;
        return Manuscript {
            live: number,
            version,
            changed_by: new.changed_by,
            changed_at,
            unpublish_at,
            was_live,
            ..old.clone()
        };
    }
    // A line that says that an article was withdrawn says that readers saw it.
    let has_been_shown = new.is_live || new.state == State::Withdrawn.word();
    Manuscript { head: number, live: if has_been_shown { number } else { 0 }, version, created_by, changed_at, was_live, ..new }
}

/// The rows of `article` among those of its batch.
fn kept(desk: &Desk, rows: &Rows, article: &rows::Article) -> Kept {
    let id = article.id;
    let tags = ids_of(&article.tag_ids).into_iter().filter_map(|id| Some((id, desk.tag_name(id)?)));
    Kept {
        bodies: rows.bodies.iter().filter(|b| b.article_id == id).cloned().collect(),
        images: rows.images.iter().filter(|i| i.article_id == id).cloned().collect(),
        files: rows.files.iter().filter(|f| f.article_id == id).cloned().collect(),
        related: rows.related.iter().filter(|r| r.article_id == id).cloned().collect(),
        tags: tags.collect(),
        article: article.clone(),
    }
}

async fn insert_redirects(on: &Transaction, redirects: Vec<(String, String, i64)>) -> Result<()> {
    if redirects.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(redirects.len()).unwrap_or(i64::MAX);
    let first = write::reserve_ids(on, "redirect", count).await?;
    let rows: Vec<rows::Redirect> = (first..)
        .zip(redirects)
        .map(|(id, (owner, address, article_id))| rows::Redirect {
            id,
            external_id: redirect_name(&owner, &address),
            address,
            article_id,
            import_hash: 0,
        })
        .collect();
    write::insert(on, &rows).await
}

/// The ids of pinned articles, those of this very batch among them.
async fn find_pinned(on: &Transaction, plan: &[Planned<'_>]) -> Result<HashMap<String, i64>> {
    let mut names: Vec<String> = Vec::new();
    let mut found: HashMap<String, i64> = HashMap::new();
    for p in plan {
        found.insert(p.incoming.draft.external_id().to_owned(), p.id);
        if let Draft::Article(draft) = &p.incoming.draft {
            names.extend(draft.related.iter().cloned());
        }
    }
    found.extend(write::find(on, "article", "external_id", &names).await?.into_iter().map(|k| (k.name, k.id)));
    Ok(found)
}

fn add(desk: &mut Desk, rows: &mut Rows, p: &Planned<'_>, draft: &ArticleDraft, (pinned, counted): (&HashMap<String, i64>, i64)) {
    let id_of = |kind, name: &String| desk.id_of(kind, name);
    let ids = |kind, names: &[String]| names.iter().filter_map(|n| desk.id_of(kind, n)).collect::<Vec<i64>>();
    let Some(channel_id) = id_of("channel", &draft.channel) else { return };
    let mut channels = vec![channel_id];
    channels.extend(ids("channel", &draft.channels));
    let text: Vec<String> = draft.pages.iter().map(|page| plain_text(&page.html)).collect();
    let text = text.join("\n");
    let pins: Vec<i64> = draft.related.iter().filter_map(|name| pinned.get(name).copied()).collect();
    let tags = ids("tag", &draft.tags);
    let found = desk.recents.related(p.id, &tags, RELATED_KEPT);
    let misses_pins = pins.len() < draft.related.len();
    // One that an earlier series left unfinished has the rest of that file behind it already: its related items are looked
    // for at the end, as they would have been then.
    let is_finished = !misses_pins && (tags.is_empty() || (found.len() >= RELATED_ENOUGH && !p.was_incomplete));
    let article = rows::Article {
        id: p.id,
        external_id: draft.external_id.clone(),
        legacy_id: draft.legacy_id.clone(),
        slug: draft.slug.clone().unwrap_or_else(|| p.id.to_string()),
        title: draft.title.clone(),
        subtitle: draft.subtitle.clone(),
        summary: draft.summary.clone().unwrap_or_else(|| excerpt(&text)),
        summary_is_excerpt: draft.summary.is_none(),
        language: draft.language.clone().unwrap_or_default(),
        status: draft.status.clone().unwrap_or_default(),
        published_at: draft.published_at.timestamp_millis(),
        modified_at: draft.modified_at.unwrap_or(draft.published_at).timestamp_millis(),
        significant_at: draft.significantly_updated_at.map(|t| t.timestamp_millis()),
        expires_at: draft.expires_at.map_or(i64::MAX, |t| t.timestamp_millis()),
        channel_id,
        channel_ids: list(&channels),
        tag_ids: list(&tags),
        topic_ids: list(&ids("topic", &draft.topics)),
        author_ids: list(&ids("author", &draft.authors)),
        source_id: draft.source.as_ref().and_then(|n| id_of("source", n)),
        source_url: draft.source_url.clone(),
        canonical_url: draft.canonical_url.clone(),
        cover_id: draft.cover.as_ref().and_then(|n| id_of("media", n)),
        view_count: draft.view_count + counted,
        imported_views: draft.view_count,
        text_key: text_key(&text),
        word_count: count_words(&text),
        page_count: i64::try_from(draft.pages.len()).unwrap_or(i64::MAX),
        import_hash: if is_finished { p.incoming.hash } else { 0 },
    };
    rows.listings.extend(listings(|channel| desk.ancestors("channel", Some(channel)), &article));
    rows.bodies.extend((1..).zip(&draft.pages).map(|(page, body)| rows::ArticleBody {
        article_id: p.id,
        page,
        title: body.title.clone(),
        html: body.html.clone(),
    }));
    rows.images.extend((0..).zip(&draft.gallery).filter_map(|(position, image)| {
        let media_id = desk.id_of("media", &image.media)?;
        Some(rows::GalleryImage { article_id: p.id, position, media_id, caption: image.caption.clone() })
    }));
    rows.files.extend((0..).zip(&draft.attachments).map(|(position, file)| rows::Attachment {
        article_id: p.id,
        position,
        name: file.name.clone(),
        url: file.url.clone(),
        mime_type: file.mime_type.clone(),
        size_bytes: file.size_bytes,
    }));
    rows.withdrawals.extend(draft.withdrawal.iter().map(|w| db::Withdrawal {
        article_id: p.id,
        at: w.at.timestamp_millis(),
        actor: w.actor.clone(),
        reason: w.reason.clone(),
        notice: w.notice.clone(),
    }));
    rows.totals.extend((draft.views_counted > 0).then_some(rows::ViewTotal {
        article_id: p.id,
        views: draft.views_counted,
        weight: 0.0,
        weighed_at: 0,
    }));
    rows.redirects.extend(draft.old_urls.iter().map(|url| (draft.external_id.clone(), url.clone(), p.id)));
    rows.related.extend(related_rows(p.id, &pins, &found));
    if article.status == "published" {
        desk.recents.add(p.id, article.published_at, &tags);
    }
    if !is_finished {
        let (article, wanted) = (draft.external_id.clone(), draft.related.clone());
        rows.unfinished.push((p.id, Unfinished { hash: p.incoming.hash, article, wanted, misses_pins, tags }));
    }
    rows.articles.push(article);
}

/// A list of ids as the row keeps it.
fn list(ids: &[i64]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}

fn ids_of(list: &str) -> Vec<i64> {
    serde_json::from_str(list).unwrap_or_default()
}

/// The rows that put `article` into its lists: none unless it is published. `above` gives a channel with everything above it.
pub(super) fn listings(above: impl Fn(i64) -> Vec<i64>, article: &rows::Article) -> Vec<rows::Listing> {
    if article.status != "published" {
        return Vec::new();
    }
    let mut scopes = vec![Scope::Site];
    for channel in ids_of(&article.channel_ids) {
        scopes.push(Scope::ChannelOnly(channel));
        scopes.extend(above(channel).into_iter().map(Scope::Channel));
    }
    scopes.extend(ids_of(&article.tag_ids).into_iter().map(Scope::Tag));
    scopes.extend(ids_of(&article.topic_ids).into_iter().map(Scope::Topic));
    scopes.extend(ids_of(&article.author_ids).into_iter().map(Scope::Author));
    scopes.extend(article.source_id.map(Scope::Source));
    scopes.sort_unstable();
    scopes.dedup();
    let row = |scope: Scope| rows::Listing {
        scope: scope.code(),
        published_at: article.published_at,
        article_id: article.id,
        expires_at: article.expires_at,
        view_count: article.view_count,
        has_cover: article.cover_id.is_some(),
    };
    scopes.into_iter().map(row).collect()
}

/// Pins first, then what was found, without repeats.
fn related_rows(article_id: i64, pins: &[i64], found: &[i64]) -> Vec<rows::Related> {
    let mut seen = HashSet::from([article_id]);
    let pins = pins.iter().map(|id| (*id, Reason::Editor));
    let found = found.iter().map(|id| (*id, Reason::SharedTags));
    let items = pins.chain(found).filter(|(id, _)| seen.insert(*id)).take(RELATED_KEPT.max(50));
    (0..)
        .zip(items)
        .map(|(position, (related_id, reason))| rows::Related {
            article_id,
            position,
            related_id,
            reason: reason.word().to_owned(),
        })
        .collect()
}

/// Finds the related items of published `articles` anew, as the work of the journal's reader `reader` on the entries from
/// behind `from` up to `to`. False if somebody else has done it.
pub async fn relate(db: &Database, articles: &[i64], (reader, from, to): (&str, i64, i64)) -> Result<bool> {
    let on = write::begin(db).await?;
    if !journal::advance(&on, reader, from, to).await? {
        return Ok(false);
    }
    let mut articles = articles.to_vec();
    articles.sort_unstable();
    articles.dedup();
    let (mut recents, mut entries) = (Recents::default(), Vec::new());
    for chunk in articles.chunks(CHUNK) {
        let locked = manuscript::lock(&on, chunk, Wait::Patiently).await?;
        recents.learn(db, locked.iter().flat_map(|(row, _)| ids_of(&row.tag_ids)).collect()).await?;
        let old: Vec<rows::Related> = write::rows_in(&on, "article_id", chunk).await?;
        let live: Vec<(i64, i64)> = locked.iter().filter(|(_, p)| p.live > 0).map(|(_, p)| (p.article_id, p.live)).collect();
        let live = write::revisions_in(&on, &live).await?;
        let mut related = Vec::new();
        for (row, _) in &locked {
            let revision = live.iter().find(|r| r.article_id == row.id).map(content).transpose()?;
            let kept =
                || old.iter().filter(|r| r.article_id == row.id && r.reason == Reason::Editor.word()).map(|r| r.related_id);
            let pins = revision.map_or_else(|| kept().collect(), |content| content.related);
            related.extend(related_rows(row.id, &pins, &recents.related(row.id, &ids_of(&row.tag_ids), RELATED_KEPT)));
        }
        let entry = |(row, paper): &(rows::Article, Manuscript)| Entry {
            at: paper.changed_at,
            actor: "system".into(),
            action: "article.related".into(),
            entity: "article".into(),
            entity_id: row.id,
            revision: paper.live,
            payload: None,
        };
        write::delete(&on, "related", "article_id", chunk).await?;
        write::insert(&on, &related).await?;
        entries.extend(locked.iter().map(entry));
    }
    // Last: who waits for the journal must hold nothing that others need for it.
    journal::append(&on, &entries).await?;
    write::commit(db, on).await?;
    Ok(true)
}

/// Finishes articles now that everything is there: their pins, and related items by tags that have more articles now.
/// Returns pinned articles that never came, each with who named it; whoever names them stays unfinished.
pub(super) async fn finish(desk: &mut Desk, now: i64) -> Result<Vec<(String, String)>> {
    let unfinished: Vec<(i64, Unfinished)> = std::mem::take(&mut desk.unfinished).into_iter().collect();
    let database = desk.database().clone();
    let mut missing = Vec::new();
    for chunk in unfinished.chunks(CHUNK) {
        desk.recents.learn(&database, chunk.iter().flat_map(|(_, a)| a.tags.iter().copied()).collect()).await?;
        let on = write::begin(&database).await?;
        let names: Vec<String> = chunk.iter().flat_map(|(_, a)| a.wanted.iter().cloned()).collect();
        let found: HashMap<String, i64> =
            write::find(&on, "article", "external_id", &names).await?.into_iter().map(|k| (k.name, k.id)).collect();
        let mut related = Vec::new();
        let mut finished = Vec::new();
        for (id, article) in chunk {
            let pins: Vec<i64> = article.wanted.iter().filter_map(|name| found.get(name).copied()).collect();
            related.extend(related_rows(*id, &pins, &desk.recents.related(*id, &article.tags, RELATED_KEPT)));
            if pins.len() == article.wanted.len() {
                finished.push((*id, article.hash));
            }
            let unknown = article.wanted.iter().filter(|name| !found.contains_key(*name));
            missing.extend(unknown.map(|name| (name.clone(), article.article.clone())));
        }
        let ids: Vec<i64> = chunk.iter().map(|(id, _)| *id).collect();
        write::delete(&on, "related", "article_id", &ids).await?;
        write::insert(&on, &related).await?;
        write::set_hashes(&on, "article", &finished).await?;
        let entry = |(id, a): &(i64, Unfinished)| desk.entry(now, "article.related", "article", (*id, a.hash));
        let entries: Vec<Entry> = chunk.iter().filter(|(_, a)| a.misses_pins).map(entry).collect();
        journal::append(&on, &entries).await?;
        write::commit(&database, on).await?;
    }
    Ok(missing)
}

/// Puts the articles of channels that have moved into the right lists.
pub(super) async fn relist(desk: &mut Desk, now: i64) -> Result<()> {
    let moved = std::mem::take(&mut desk.moved);
    if moved.is_empty() {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let page = write::page_by_id::<rows::Article>(desk.database(), after, CHUNK as u64).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        let is_moved = |a: &&rows::Article| {
            ids_of(&a.channel_ids)
                .into_iter()
                .any(|c| desk.ancestors("channel", Some(c)).iter().any(|above| moved.contains_key(above)))
        };
        let ids: Vec<i64> = page.iter().filter(is_moved).map(|a| a.id).collect();
        let on = write::begin(desk.database()).await?;
        // As they are now: one that was read above may have been withdrawn since, or restored.
        withdrawal::lock(&on, &ids).await?;
        let touched: Vec<rows::Article> = write::rows_in(&on, "id", &ids).await?;
        let listings: Vec<rows::Listing> = {
            let above = |channel| desk.ancestors("channel", Some(channel));
            touched.iter().flat_map(|a| listings(above, a)).collect()
        };
        write::delete(&on, "listing", "article_id", &ids).await?;
        write::insert(&on, &listings).await?;
        write::commit(desk.database(), on).await?;
    }
    let hashes: Vec<(i64, i64)> = moved.into_iter().collect();
    let on = write::begin(desk.database()).await?;
    write::set_hashes(&on, "channel", &hashes).await?;
    let entries: Vec<Entry> = hashes.iter().map(|channel| desk.entry(now, journal::RELISTED, "channel", *channel)).collect();
    journal::append(&on, &entries).await?;
    write::commit(desk.database(), on).await
}
