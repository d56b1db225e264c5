//! Articles in widgets.

use std::sync::Arc;

use super::item::{attribution, delay, due, local, slot_changes};
use super::selection::{Wanted, select};
use super::subject::{Subject, What};
use crate::db::{Article, Extras, Parts, Scope};
use crate::error::{Error, Result};
use crate::feed::{Card, CardList, Words};
use crate::graphql::context::Operation;
use crate::graphql::relation::article::find;
use crate::loader::{ArticleBy, ExtrasOf};
use crate::partner::Fields;

/// What a widget shows, and what that depends on.
pub struct Widget {
    /// What it shows.
    pub list: CardList,
    /// What must be shown.
    pub attribution: Option<String>,
    /// Articles that it shows.
    pub shown: Vec<i64>,
    /// The list whose change may change it.
    pub scope: Option<Scope>,
    /// Not good from this instant on (milliseconds since 1970), though nothing changes.
    pub until: i64,
}

impl Widget {
    /// The list or ranking that is asked for. `link` makes the address that a click leads to; `heading` stands above, if something is said.
    pub async fn list(
        operation: &Operation,
        subject: &Subject,
        wanted: &Wanted,
        heading: Option<String>,
        words: &Words,
        link: impl Fn(i64) -> String,
    ) -> Result<Self> {
        subject.check(operation)?;
        let selection = select(operation, subject, wanted).await?;
        let is_ranking = matches!(subject.what, What::Ranking(_));
        let heading = heading.unwrap_or_else(|| {
            let what = if is_ranking { words.ranking } else { words.newest };
            subject
                .name
                .as_ref()
                .map_or_else(|| what.to_owned(), |name| if is_ranking { format!("{name} · {what}") } else { name.clone() })
        });
        let shown: Vec<i64> = selection.articles.iter().map(|(_, article)| article.id).collect();
        // What a contract shows later comes without a word of the journal.
        let coming = if delay(operation) > 0 {
            let wanted = Extras { contents: false, tags: false };
            let extras = ExtrasOf { articles: Vec::new(), wanted, scope: subject.depends(), since: i64::MAX };
            due(operation, operation.loaders.load(extras).await?.as_ref())
        } else {
            i64::MAX
        };
        let cards =
            selection.articles.iter().map(|(rank, article)| (*rank, self::card(operation, article, link(article.id), None)));
        Ok(Self {
            list: CardList { is_ranking, heading, cards: cards.collect() },
            attribution: contract_line(operation),
            shown,
            scope: Some(subject.depends()),
            until: selection.ends().min(slot_changes(operation, subject, operation.now())).min(coming),
        })
    }
}

/// What a contract wants to be shown once for a whole widget: its line, as long as it names no article.
fn contract_line(operation: &Operation) -> Option<String> {
    let line = operation.terms.contract()?.row.attribution.clone()?;
    let names_article = ["{title}", "{url}", "{source}"].iter().any(|name| line.contains(name));
    (!names_article).then(|| crate::feed::placeholders(&line, "", "", &operation.catalog().site.name, ""))
}

/// The card of article `id`: the widget, and the article. Pictures come from `pictures` (origins) alone.
pub async fn one(operation: &Operation, id: i64, link: String, pictures: &[String]) -> Result<(Card, Widget, Arc<Article>)> {
    let parts = Parts { details: true, cover: true, body: false };
    let found = find(operation, ArticleBy::Id(id), parts).await?;
    let article = found.ok_or_else(|| Error::NotFound { what: "the article".into() })?;
    let card = self::card(operation, &article, link, Some(pictures));
    let widget = Widget {
        list: CardList { is_ranking: false, heading: article.title.clone(), cards: Vec::new() },
        attribution: attribution(operation, &article),
        shown: vec![id],
        scope: None,
        until: article.details.as_ref().map_or(i64::MAX, |details| details.expires_at),
    };
    Ok((card, widget, article))
}

/// An article as a widget shows it; with summary and cover where `pictures` says whose pictures may be shown.
fn card(operation: &Operation, article: &Article, url: String, pictures: Option<&[String]>) -> Card {
    let catalog = operation.catalog();
    let source = article.source_id.and_then(|id| catalog.sources.find(id));
    let fields = operation.terms.fields_of(source.map(Arc::as_ref));
    let is_card = pictures.is_some() && fields >= Fields::Summary;
    let cover = article
        .cover
        .as_ref()
        .filter(|_| is_card)
        .map(|media| (catalog.absolute(&media.url), media.alt.clone().unwrap_or_default(), media.width, media.height));
    // Nothing is asked for from elsewhere.
    let is_own = |url: &str| {
        pictures.unwrap_or_default().iter().any(|origin| url.strip_prefix(origin).is_some_and(|r| r.starts_with('/')))
    };
    let language = article.details.as_ref().map(|details| details.language.clone());
    Card {
        url,
        title: article.title.clone(),
        summary: Some(article.summary.clone()).filter(|summary| is_card && !summary.is_empty()),
        // The line that its source wants, where it wants one.
        source: source.map(|source| source.attribution.clone().unwrap_or_else(|| source.name.clone())),
        published: local(catalog, article.published_at),
        cover: cover.filter(|(url, ..)| is_own(url)),
        language: language.filter(|language| *language != catalog.site.language),
    }
}
