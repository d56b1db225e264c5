//! Articles as the search index knows them.

use std::collections::{BTreeSet, HashMap};

use crate::db::{self, Database};
use crate::error::Result;
use crate::search::Document;
use crate::text::{plain_text, text_key};

/// What documents are made of.
pub struct Sources {
    articles: Vec<db::Searchable>,
    bodies: HashMap<i64, Vec<db::BodyPage>>,
    lists: HashMap<i64, Vec<i64>>,
    tags: HashMap<i64, String>,
}

/// Reads those of `ids` that are published.
pub async fn documents(db: &Database, ids: Vec<i64>) -> Result<Sources> {
    let reader = db.reader();
    let articles = reader.all(db::searchables(ids)).await?;
    let ids: Vec<i64> = articles.iter().map(|article| article.id).collect();
    let mut bodies: HashMap<i64, Vec<db::BodyPage>> = HashMap::new();
    for (article, page) in reader.all(db::bodies(ids.clone())).await? {
        bodies.entry(article).or_default().push(page);
    }
    for pages in bodies.values_mut() {
        pages.sort_unstable_by_key(|page| page.number);
    }
    let mut lists: HashMap<i64, Vec<i64>> = HashMap::new();
    for (article, list) in reader.all(db::lists_of(ids)).await? {
        lists.entry(article).or_default().push(list);
    }
    let tags: BTreeSet<i64> = articles.iter().flat_map(|article| article.tags.iter().copied()).collect();
    let tags = reader.all(db::tags_by_id(tags.into_iter().collect())).await?;
    let tags = tags.into_iter().map(|tag| (tag.id, tag.name.clone())).collect();
    Ok(Sources { articles, bodies, lists, tags })
}

impl Sources {
    /// How many articles there are.
    pub fn count(&self) -> usize {
        self.articles.len()
    }

    /// The documents. Reads texts out of HTML, which takes its time.
    pub fn read(&self) -> Vec<Document> {
        self.articles.iter().map(|article| self.document(article)).collect()
    }

    /// The key of the text of `article`, as it is taken when that is written.
    pub fn text_key(&self, article: i64) -> i64 {
        let pages = self.bodies.get(&article).into_iter().flatten();
        text_key(&pages.map(|page| plain_text(&page.html)).collect::<Vec<String>>().join("\n"))
    }

    fn document(&self, article: &db::Searchable) -> Document {
        let pages = self.bodies.get(&article.id).into_iter().flatten();
        let body: Vec<String> = pages.flat_map(|page| page.title.clone().into_iter().chain([plain_text(&page.html)])).collect();
        let tags = article.tags.iter().filter_map(|tag| self.tags.get(tag)).cloned();
        let lead = article.subtitle.iter().chain(&article.summary).cloned().chain(tags);
        Document {
            id: article.id,
            title: article.title.clone(),
            lead: lead.collect(),
            body: body.join("\n"),
            published_at: article.published_at,
            expires_at: article.expires_at,
            lists: self.lists.get(&article.id).cloned().unwrap_or_default(),
            has_cover: article.has_cover,
            cluster: article.text_key,
        }
    }
}
