//! Writes down what is searched for, forgets what is old, and keeps the words that complete a few letters.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::{self, Database, write};
use crate::editorial::Searches;
use crate::error::{Error, Result};
use crate::loader::Catalogs;
use crate::search::{Entry, Index, Origin};

/// How often searches are written down: what a killed process forgets.
const PERIOD: Duration = Duration::from_secs(2);

/// How often words are gathered anew, in periods: a minute.
const GATHER: u32 = 30;

/// How long queries are kept, in days.
const KEPT_DAYS: i64 = 90;

/// Over how many days what many search for is suggested.
const POPULAR_DAYS: i64 = 30;

/// Fewer visitors than these do not make a query popular: nobody else shall read what one has typed.
const POPULAR: i64 = 5;

/// Words of titles, and queries, that are suggested.
const MOST_WORDS: usize = 50_000;
const MOST_QUERIES: i64 = 1_000;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Writes and gathers, for ever.
pub async fn watch(db: Database, clock: Clock, catalog: Catalogs, index: Arc<Index>, searches: Arc<Searches>) {
    let mut round = 0;
    let mut gathered = None;
    loop {
        if let Err(error) = searches.flush(&db).await {
            tracing::warn!(error = %error, "What is searched for could not be written down: {error}");
        }
        // At once when the index is whole, and then every minute.
        let is_whole = index.is_whole();
        if round % GATHER == 0 || gathered != Some(is_whole) {
            let today = clock.now().timestamp_millis().div_euclid(DAY);
            match gather(&db, &catalog, &index, today).await {
                Ok(()) => gathered = Some(is_whole),
                Err(error) => tracing::warn!(error = %error, "Words to suggest could not be gathered: {error}"),
            }
        }
        round += 1;
        tokio::time::sleep(PERIOD).await;
    }
}

async fn gather(db: &Database, catalog: &Catalogs, index: &Arc<Index>, today: i64) -> Result<()> {
    let on = write::begin(db).await?;
    db::forget_searches(&on, today - KEPT_DAYS).await?;
    write::commit(db, on).await?;
    let queries = db.reader().all(db::asked(today - POPULAR_DAYS, POPULAR, MOST_QUERIES, true)).await?;
    let catalog = catalog.current();
    let index = Arc::clone(index);
    let work = move || {
        let words = index.title_words(MOST_WORDS)?;
        let known: HashMap<&str, u64> = words.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        let weight = |name: &str| known.get(name).copied().unwrap_or(1);
        let mut entries: Vec<Entry> = words.iter().map(|(word, count)| Entry::new(word, Origin::Word, *count)).collect();
        let tags = catalog.tags.iter().flat_map(|tags| tags.all().iter().map(|tag| tag.name.clone()));
        entries.extend(tags.map(|name| Entry::new(&name, Origin::Tag, weight(&name))));
        let sources = catalog.sources.all().iter().map(|source| &source.name);
        entries.extend(sources.map(|name| Entry::new(name, Origin::Source, weight(name))));
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        entries.extend(queries.iter().map(|asked| Entry::new(&asked.query, Origin::Query, count(asked.searches))));
        index.suggest_from(entries);
        Ok(())
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
