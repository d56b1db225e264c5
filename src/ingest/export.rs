//! Exports everything in the import format, in an order in which references resolve. What comes out goes in again as
//! itself, with the same ids.

use std::collections::HashMap;
use std::io::Write;

use serde::Serialize;

use crate::clock::instant;
use crate::db::write::{Loaded, page_by_id, rows_of};
use crate::db::{self, Database, rows};
use crate::editorial::record::{self, Names};
use crate::editorial::{
    ArticleDraft, AttachmentDraft, BodyPageDraft, Choice, Draft, GalleryDraft, PlacementDraft, PlacementItemDraft, RedirectDraft,
    State, WithdrawalDraft,
};
use crate::error::{Error, Result};

/// Rows read at once.
const CHUNK: u64 = 500;

struct Exporter<'a, W> {
    db: &'a Database,
    out: W,
    lines: u64,
}

/// Writes every record of `db` to `out`; returns how many.
pub async fn export(db: &Database, out: impl Write) -> Result<u64> {
    let mut exporter = Exporter { db, out, lines: 0 };
    exporter.run().await?;
    exporter.out.flush().map_err(Error::internal)?;
    Ok(exporter.lines)
}

impl<W: Write> Exporter<'_, W> {
    fn put(&mut self, draft: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.out, draft).map_err(Error::internal)?;
        self.out.write_all(b"\n").map_err(Error::internal)?;
        self.lines += 1;
        Ok(())
    }

    /// All rows of a small table.
    async fn all<M: Loaded>(&self, id: impl Fn(&M) -> i64) -> Result<Vec<M>> {
        let mut found = Vec::new();
        loop {
            let after = found.last().map_or(0, &id);
            let page = page_by_id::<M>(self.db, after, CHUNK).await?;
            if page.is_empty() {
                return Ok(found);
            }
            found.extend(page);
        }
    }

    async fn run(&mut self) -> Result<()> {
        for s in self.all(|s: &db::Site| s.id).await? {
            self.put(&record::site(s))?;
        }
        let mut sources = Names::new();
        for s in self.all(|s: &db::Source| s.id).await? {
            sources.insert(s.id, s.external_id.clone());
            self.put(&record::source(s))?;
        }
        let mut authors = Names::new();
        for a in self.all(|a: &db::Author| a.id).await? {
            authors.insert(a.id, a.external_id.clone());
            self.put(&record::author(a))?;
        }
        let mut media = Names::new();
        for m in self.all(|m: &db::Media| m.id).await? {
            media.insert(m.id, m.external_id.clone());
            self.put(&record::picture(m))?;
        }
        let mut tags = Names::new();
        for t in self.all(|t: &db::Tag| t.id).await? {
            tags.insert(t.id, t.name.clone());
            self.put(&record::tag(t))?;
        }
        let mut topics = Names::new();
        for t in self.all(|t: &db::Topic| t.id).await? {
            topics.insert(t.id, t.external_id.clone());
            self.put(&record::topic(t, &media))?;
        }
        let mut pages = Names::new();
        for p in self.all(|p: &db::Page| p.id).await? {
            pages.insert(p.id, p.external_id.clone());
            self.put(&record::page(p))?;
        }
        let rows = self.all(|c: &db::Channel| c.id).await?;
        let channels: Names = rows.iter().map(|c| (c.id, c.external_id.clone())).collect();
        for c in parents_first(rows, |c| c.id, |c| c.parent_id) {
            self.put(&record::channel(c, &channels))?;
        }
        let rows = self.all(|n: &db::Navigation| n.id).await?;
        let entries: Names = rows.iter().map(|n| (n.id, n.external_id.clone())).collect();
        for n in parents_first(rows, |n| n.id, |n| n.parent_id) {
            self.put(&record::navigation(n, &entries, &channels, &topics, &pages))?;
        }
        self.articles(&channels, &tags, &topics, &authors, &sources, &media).await?;
        self.placements(&channels).await?;
        self.redirects().await
    }

    async fn articles(
        &mut self,
        channels: &Names,
        tags: &Names,
        topics: &Names,
        authors: &Names,
        sources: &Names,
        media: &Names,
    ) -> Result<()> {
        let mut after = 0;
        loop {
            let page = page_by_id::<rows::Article>(self.db, after, CHUNK).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            let ids: Vec<i64> = page.iter().map(|a| a.id).collect();
            let mut bodies =
                group(rows_of::<rows::ArticleBody>(self.db, "article_id", &ids, "article_id, page").await?, |b| b.article_id);
            let mut images =
                group(rows_of::<rows::GalleryImage>(self.db, "article_id", &ids, "article_id, position").await?, |g| {
                    g.article_id
                });
            let mut files =
                group(rows_of::<rows::Attachment>(self.db, "article_id", &ids, "article_id, position").await?, |f| f.article_id);
            let mut old = group(rows_of::<rows::Redirect>(self.db, "article_id", &ids, "id").await?, |r| r.article_id);
            let totals = rows_of::<rows::ViewTotal>(self.db, "article_id", &ids, "article_id").await?;
            let counted: HashMap<i64, i64> = totals.into_iter().map(|total| (total.article_id, total.views)).collect();
            let mut withdrawn =
                group(rows_of::<db::Withdrawal>(self.db, "article_id", &ids, "article_id").await?, |w| w.article_id);
            let related = rows_of::<rows::Related>(self.db, "article_id", &ids, "article_id, position").await?;
            let is_said =
                |r: &rows::Related| [db::Reason::Editor, db::Reason::Blocked].iter().any(|reason| reason.word() == r.reason);
            let said: Vec<rows::Related> = related.into_iter().filter(is_said).collect();
            let others: Vec<i64> = said.iter().map(|r| r.related_id).collect();
            let names: Names = self.article_names(&others).await?;
            let mut said = group(said, |r| r.article_id);
            for a in page {
                let many = |list: &str, names: &Names| {
                    let ids: Vec<i64> = serde_json::from_str(list).unwrap_or_default();
                    ids.iter().filter_map(|id| names.get(id).cloned()).collect::<Vec<String>>()
                };
                let pages = bodies.remove(&a.id).unwrap_or_default();
                let is_plain = pages.len() == 1 && pages[0].title.is_none();
                let choice = Choice::of(&said.remove(&a.id).unwrap_or_default());
                let names_of = |ids: &[i64]| ids.iter().filter_map(|id| names.get(id).cloned()).collect();
                let draft = ArticleDraft {
                    id: Some(a.id),
                    legacy_id: a.legacy_id,
                    slug: Some(a.slug).filter(|s| *s != a.id.to_string()),
                    title: a.title,
                    subtitle: a.subtitle,
                    summary: Some(a.summary).filter(|_| !a.summary_is_excerpt),
                    body: is_plain.then(|| pages[0].html.clone()),
                    pages: if is_plain {
                        Vec::new()
                    } else {
                        pages.into_iter().map(|p| BodyPageDraft { title: p.title, html: p.html }).collect()
                    },
                    language: Some(a.language),
                    status: Some(status(a.status)),
                    withdrawal: withdrawn.remove(&a.id).unwrap_or_default().pop().map(withdrawal),
                    published_at: instant(a.published_at),
                    modified_at: Some(instant(a.modified_at)),
                    significantly_updated_at: a.significant_at.map(instant),
                    expires_at: Some(a.expires_at).filter(|t| *t != i64::MAX).map(instant),
                    channel: channels.get(&a.channel_id).cloned().unwrap_or_default(),
                    channels: many(&a.channel_ids, channels).into_iter().skip(1).collect(),
                    tags: many(&a.tag_ids, tags),
                    topics: many(&a.topic_ids, topics),
                    authors: many(&a.author_ids, authors),
                    source: a.source_id.and_then(|id| sources.get(&id).cloned()),
                    source_url: a.source_url,
                    canonical_url: a.canonical_url,
                    cover: a.cover_id.and_then(|id| media.get(&id).cloned()),
                    gallery: images.remove(&a.id).unwrap_or_default().into_iter().map(|g| gallery(g, media)).collect(),
                    attachments: files.remove(&a.id).unwrap_or_default().into_iter().map(attachment).collect(),
                    view_count: a.imported_views,
                    views_counted: counted.get(&a.id).copied().unwrap_or(0),
                    related: names_of(&choice.pins),
                    unrelated: names_of(&choice.blocks),
                    old_urls: own_addresses(old.remove(&a.id).unwrap_or_default()),
                    external_id: a.external_id,
                    ..ArticleDraft::default()
                };
                self.put(&Draft::Article(draft.into()))?;
            }
        }
    }

    async fn article_names(&self, ids: &[i64]) -> Result<Names> {
        let found = rows_of::<rows::Article>(self.db, "id", ids, "id").await?;
        Ok(found.into_iter().map(|a| (a.id, a.external_id)).collect())
    }

    async fn placements(&mut self, channels: &Names) -> Result<()> {
        for p in self.all(|p: &db::Placement| p.id).await? {
            let items = rows_of::<db::PlacementItem>(self.db, "placement_id", &[p.id], "position").await?;
            let ids: Vec<i64> = items.iter().map(|i| i.article_id).collect();
            let names = self.article_names(&ids).await?;
            let item = |i: db::PlacementItem| PlacementItemDraft {
                article: names.get(&i.article_id).cloned().unwrap_or_default(),
                label: i.label,
                starts_at: i.starts_at.map(instant),
                ends_at: i.ends_at.map(instant),
            };
            let draft = PlacementDraft {
                id: Some(p.id),
                external_id: p.external_id,
                slot: p.slot,
                channel: p.channel_id.and_then(|id| channels.get(&id).cloned()),
                items: items.into_iter().map(item).collect(),
                ..PlacementDraft::default()
            };
            self.put(&Draft::Placement(draft.into()))?;
        }
        Ok(())
    }

    async fn redirects(&mut self) -> Result<()> {
        let mut after = 0;
        loop {
            let page = page_by_id::<rows::Redirect>(self.db, after, CHUNK).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            let ids: Vec<i64> = page.iter().map(|r| r.article_id).collect();
            let names = self.article_names(&ids).await?;
            for r in page.into_iter().filter(|r| !r.external_id.contains('\n')) {
                let article = names.get(&r.article_id).cloned().unwrap_or_default();
                // No id: it is nobody's name, and the old addresses of articles take theirs from the same row of numbers.
                let draft = RedirectDraft { external_id: r.external_id, url: r.address, article, ..RedirectDraft::default() };
                self.put(&Draft::Redirect(draft.into()))?;
            }
        }
    }
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// Rows of a tree, each after its parent, otherwise by id.
fn parents_first<T>(rows: Vec<T>, id: impl Fn(&T) -> i64, parent: impl Fn(&T) -> Option<i64>) -> Vec<T> {
    let mut waiting = rows;
    let mut done: Vec<T> = Vec::with_capacity(waiting.len());
    let mut known = std::collections::HashSet::new();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut rest = Vec::new();
        for row in waiting {
            if parent(&row).is_none_or(|p| known.contains(&p)) {
                known.insert(id(&row));
                done.push(row);
            } else {
                rest.push(row);
            }
        }
        waiting = rest;
        if waiting.len() == before {
            // A circle, which no writer makes: better out of order than not at all.
            done.append(&mut waiting);
        }
    }
    done
}

fn own_addresses(redirects: Vec<rows::Redirect>) -> Vec<String> {
    redirects.into_iter().filter(|r| r.external_id.contains('\n')).map(|r| r.address).collect()
}

/// A line knows nothing of where a draft is on its way.
fn status(word: String) -> String {
    match State::from_word(&word) {
        Some(State::InReview | State::Rejected | State::Approved) => State::Draft.word().into(),
        _ => word,
    }
}

fn gallery(g: rows::GalleryImage, media: &Names) -> GalleryDraft {
    GalleryDraft { media: media.get(&g.media_id).cloned().unwrap_or_default(), caption: g.caption }
}

fn withdrawal(w: db::Withdrawal) -> WithdrawalDraft {
    WithdrawalDraft { at: instant(w.at), actor: w.actor, reason: w.reason, notice: w.notice }
}

fn attachment(f: rows::Attachment) -> AttachmentDraft {
    AttachmentDraft { name: f.name, url: f.url, mime_type: f.mime_type, size_bytes: f.size_bytes }
}
