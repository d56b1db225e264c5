//! The portal's own words for search: names of companies, parks and products that no general dictionary has. Every program hears of a
//! change by the journal and cuts its texts anew.

use serde_json::json;

use super::Office;
use super::check::line;
use crate::auth::{Need, Permission};
use crate::db::{self, SearchWord, write};
use crate::error::{Error, Result};
use crate::journal;

/// The longest word, in characters.
const LONGEST: usize = 20;

/// Words of one change.
const MOST: usize = 1_000;

/// Words in all: with each change the dictionary is put together anew.
const MOST_IN_ALL: usize = 20_000;

impl Office {
    fn check_search(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::ManageSearch))
    }

    /// Adds `words`; those that are there stay. Returns all, in order.
    pub async fn add_search_words(&self, mut words: Vec<String>) -> Result<Vec<String>> {
        self.check_search()?;
        check(&mut words)?;
        let on = self.begin().await?;
        // First: whoever changes the list waits here, and finds what the others have made of it.
        let next = write::reserve_ids(&on, "search_word", i64::try_from(words.len()).unwrap_or(0)).await?;
        let known: Vec<SearchWord> = write::all_in(&on).await?;
        words.retain(|word| !known.iter().any(|row| row.word == *word));
        if known.len() + words.len() > MOST_IN_ALL {
            return Err(Error::invalid("words", format!("are too many: the list takes {MOST_IN_ALL}, and has {}", known.len())));
        }
        let row = |(id, word): (i64, &String)| SearchWord { id, word: word.clone(), added_at: self.now() };
        let rows: Vec<SearchWord> = (next..).zip(&words).map(row).collect();
        write::insert(&on, &rows).await?;
        if !rows.is_empty() {
            let entry = self.entry("added", "search_word", next, &json!({ "words": words }));
            journal::append(&on, &[entry]).await?;
        }
        let all = known.into_iter().map(|row| row.word).chain(words).collect();
        self.commit(on, sorted(all)).await
    }

    /// Takes `words` out of the list. Returns what is left, in order.
    pub async fn remove_search_words(&self, mut words: Vec<String>) -> Result<Vec<String>> {
        self.check_search()?;
        check(&mut words)?;
        let on = self.begin().await?;
        write::reserve_ids(&on, "search_word", 0).await?;
        let known: Vec<SearchWord> = write::all_in(&on).await?;
        let (gone, left): (Vec<SearchWord>, Vec<SearchWord>) = known.into_iter().partition(|row| words.contains(&row.word));
        if let Some(word) = words.iter().find(|word| !gone.iter().any(|row| row.word == **word)) {
            return Err(Error::invalid("words", format!("has `{word}`, which is not in the list")));
        }
        let ids: Vec<i64> = gone.iter().map(|row| row.id).collect();
        write::delete(&on, "search_word", "id", &ids).await?;
        let entry = self.entry("removed", "search_word", ids.first().copied().unwrap_or(0), &json!({ "words": words }));
        journal::append(&on, &[entry]).await?;
        self.commit(on, sorted(left.into_iter().map(|row| row.word).collect())).await
    }

    /// The list, in order.
    pub async fn search_words(&self) -> Result<Vec<String>> {
        self.check_search()?;
        let words = self.db.reader().all(db::search_words()).await?;
        Ok(sorted(words.into_iter().map(|row| row.word).collect()))
    }

    /// Has every program build its search index anew.
    pub async fn rebuild_search_index(&self) -> Result<bool> {
        self.check_search()?;
        let on = self.begin().await?;
        journal::append(&on, &[self.entry("rebuild", "search", 0, &json!({}))]).await?;
        self.commit(on, true).await
    }
}

/// Databases sort texts in orders of their own.
fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words
}

fn check(words: &mut Vec<String>) -> Result<()> {
    if words.is_empty() || words.len() > MOST {
        return Err(Error::invalid("words", format!("must be 1 to {MOST} at a time")));
    }
    for (number, word) in words.iter_mut().enumerate() {
        let field = format!("words[{number}]");
        line(&field, word, LONGEST)?;
        if word.chars().count() < 2 || word.contains(char::is_whitespace) {
            return Err(Error::invalid(field, "must be one word of at least two characters"));
        }
    }
    words.sort_unstable();
    words.dedup();
    Ok(())
}
