//! Articles: the row, the body, the lists it stands in, what editors say of its related items, and old addresses, all in the
//! transaction of its batch. Invariant: `listing` holds exactly the published articles, with the same times and counts as `article`.

use std::collections::HashMap;

use super::content::{Content, Kept};
use super::draft::{ArticleDraft, Draft};
use super::live;
use super::manuscript::revision;
use super::relate::Choice;
use super::save::{Desk, Planned};
use super::state::State;
use crate::db::write::{self, Transaction};
use crate::db::{self, Manuscript, Scope, rows, takedown, view, withdrawal};
use crate::error::Result;
use crate::journal::{self, Entry};
use crate::text::{count_words, excerpt, plain_text, text_key};

/// How many articles are read or written at once where a whole table is gone through.
const CHUNK: usize = 1_000;

/// An article that its own batch could not finish: what it pins or blocks may come further down the file. Its row has the
/// fingerprint 0 until [`finish`], so that a series that breaks off is mended by running it again.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The fingerprint that it gets in the end.
    pub(super) hash: i64,
    article: String,
    pinned: Vec<String>,
    blocked: Vec<String>,
}

impl Unfinished {
    /// What it says of articles that `found` gives the ids of.
    fn choice(&self, found: &HashMap<String, i64>) -> Choice {
        let ids = |names: &[String]| names.iter().filter_map(|name| found.get(name).copied()).collect();
        Choice { pins: ids(&self.pinned), blocks: ids(&self.blocked) }
    }

    /// Those that `found` does not have.
    fn missing<'a>(&'a self, found: &'a HashMap<String, i64>) -> impl Iterator<Item = &'a String> {
        self.names().filter(|name| !found.contains_key(*name))
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.pinned.iter().chain(&self.blocked)
    }
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
    let shown = |id: &i64| rows.listings.iter().any(|row| row.article_id == *id);
    takedown::bury(on, &changed.iter().copied().filter(|id| !shown(id)).collect::<Vec<i64>>(), now).await?;
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

/// The ids of pinned and blocked articles, those of this very batch among them.
async fn find_pinned(on: &Transaction, plan: &[Planned<'_>]) -> Result<HashMap<String, i64>> {
    let mut names: Vec<String> = Vec::new();
    let mut found: HashMap<String, i64> = HashMap::new();
    for p in plan {
        found.insert(p.incoming.draft.external_id().to_owned(), p.id);
        if let Draft::Article(draft) = &p.incoming.draft {
            names.extend(draft.related.iter().chain(&draft.unrelated).cloned());
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
    let tags = ids("tag", &draft.tags);
    let named = Unfinished {
        hash: p.incoming.hash,
        article: draft.external_id.clone(),
        pinned: draft.related.clone(),
        blocked: draft.unrelated.clone(),
    };
    let is_finished = named.missing(pinned).next().is_none();
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
    // What else is related is found by the search index, once the article is in it.
    rows.related.extend(named.choice(pinned).rows(p.id, &[]));
    if !is_finished {
        rows.unfinished.push((p.id, named));
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

/// Finishes articles now that everything is there that they pin and block. Returns what never came, each with who named it;
/// whoever names it stays unfinished.
pub(super) async fn finish(desk: &mut Desk, now: i64) -> Result<Vec<(String, String)>> {
    let unfinished: Vec<(i64, Unfinished)> = std::mem::take(&mut desk.unfinished).into_iter().collect();
    let database = desk.database().clone();
    let mut missing = Vec::new();
    for chunk in unfinished.chunks(CHUNK) {
        let on = write::begin(&database).await?;
        let names: Vec<String> = chunk.iter().flat_map(|(_, article)| article.names().cloned()).collect();
        let found: HashMap<String, i64> =
            write::find(&on, "article", "external_id", &names).await?.into_iter().map(|k| (k.name, k.id)).collect();
        let finished: Vec<(i64, i64)> = chunk
            .iter()
            .filter(|(_, article)| article.missing(&found).next().is_none())
            .map(|(id, article)| (*id, article.hash))
            .collect();
        let ids: Vec<i64> = chunk.iter().map(|(id, _)| *id).collect();
        let related: Vec<rows::Related> = chunk.iter().flat_map(|(id, article)| article.choice(&found).rows(*id, &[])).collect();
        write::delete(&on, "related", "article_id", &ids).await?;
        write::insert(&on, &related).await?;
        write::set_hashes(&on, "article", &finished).await?;
        let entry = |(id, a): &(i64, Unfinished)| desk.entry(now, "article.related", "article", (*id, a.hash));
        journal::append(&on, &chunk.iter().map(entry).collect::<Vec<Entry>>()).await?;
        write::commit(&database, on).await?;
        for (_, article) in chunk {
            missing.extend(article.missing(&found).map(|name| (name.clone(), article.article.clone())));
        }
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
