//! What a few letters may become, and what a query without hits may have meant. Every word that is shown stands in something that readers
//! may see: words of what was withdrawn a moment ago are gone with it.

use std::sync::Arc;

use super::list::size;
use crate::db::Article;
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::loader::{CardById, With};
use crate::search::{Cutter, Entry, Filter, Grain, Index, Origin, Query, Wanted};
use crate::text::{fold, is_ideograph};

/// Longer texts are not the beginning of anything.
const LONGEST: usize = 40;

/// Of the places so many, in a hundred, are kept for titles.
const TITLES: usize = 40;

/// So many corrections are offered at most.
const CORRECTIONS: usize = 3;

/// So many words of a query are mended at most.
const MENDED: usize = 3;

/// A completion.
pub enum Suggestion {
    /// A word or a query, and how many articles have it.
    Word(Entry, u64),
    /// An article whose title has it.
    Title(Arc<Article>),
}

/// A look into the index at one instant.
struct Look {
    index: Arc<Index>,
    now: i64,
}

impl Look {
    fn found(&self, query: &Query, most: usize) -> Result<crate::search::Found> {
        let wanted = Wanted { collapse: true, ..Wanted::best(most, self.now) };
        self.index.search(query, &Filter::default(), &wanted)
    }

    /// Words that `prefix` may become, with the number of articles that have them.
    fn words(&self, prefix: &str, most: usize) -> Result<Vec<(Entry, u64)>> {
        let vocabulary = self.index.vocabulary();
        let mut words = Vec::new();
        for entry in vocabulary.starting_with(prefix, most * 3) {
            let is_query = entry.origin == Origin::Query;
            let found = self.found(&if is_query { Query::parse(&entry.text) } else { Query::phrase(&entry.text) }, 1)?;
            if found.total > 0 && !found.is_relaxed {
                words.push((entry.clone(), found.total));
            }
            if words.len() == most {
                break;
            }
        }
        Ok(words)
    }

    /// Articles that have `text` as it stands; those with it in their title are first.
    fn articles(&self, text: &str, most: usize) -> Result<Vec<i64>> {
        let query = Query::phrase(text);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.found(&query, most)?.hits.iter().map(crate::search::Hit::article).collect())
    }

    /// What `text` may have meant: each finds something.
    fn corrections(&self, text: &str) -> Result<Vec<String>> {
        let cutter = self.index.cutter();
        let vocabulary = self.index.vocabulary();
        let pieces: Vec<String> = Query::parse(text).texts().collect();
        let whole = pieces.join(" ");
        // Each word is compared with every one that is known.
        if whole.chars().count() > LONGEST {
            return Ok(Vec::new());
        }
        let mut patience = MENDED;
        let mut offers: Vec<String> = vocabulary.like(&whole, CORRECTIONS).into_iter().map(|entry| entry.text.clone()).collect();
        let mut mended = Vec::new();
        for piece in &pieces {
            let mut new = String::new();
            for unit in units(&cutter, piece) {
                let is_known = patience == 0 || unit.chars().count() < 2 || self.found(&Query::phrase(&unit), 1)?.total > 0;
                patience -= usize::from(!is_known);
                let like = if is_known { None } else { vocabulary.like(&unit, 1).first().map(|entry| entry.text.clone()) };
                new += &like.unwrap_or(unit);
            }
            mended.push(new);
        }
        offers.push(mended.join(" "));
        let mut kept: Vec<String> = Vec::new();
        for offer in offers {
            let found = self.found(&Query::parse(&offer), 1)?;
            if fold(&offer).text() != whole && found.total > 0 && !found.is_relaxed && !kept.contains(&offer) {
                kept.push(offer);
            }
        }
        kept.truncate(CORRECTIONS);
        Ok(kept)
    }
}

/// The words of `piece` with what stands between them; single ideographs side by side are one, since a word that is misspelt is cut to pieces.
fn units(cutter: &Cutter, piece: &str) -> Vec<String> {
    let chars: Vec<char> = piece.chars().collect();
    let mut units: Vec<(usize, usize, bool)> = Vec::new();
    for word in cutter.words(&chars, Grain::Coarse) {
        let is_single = word.to - word.from == 1 && is_ideograph(chars[word.from]);
        match units.last_mut() {
            Some(last) if is_single && last.2 && last.1 == word.from => last.1 = word.to,
            _ => units.push((word.from, word.to, is_single)),
        }
    }
    let mut parts = Vec::new();
    let mut at = 0;
    for (from, to, _) in units {
        if from > at {
            parts.push(chars[at..from].iter().collect());
        }
        parts.push(chars[from..to].iter().collect());
        at = to;
    }
    parts.push(chars[at..].iter().collect());
    parts
}

/// What `prefix` may become: words, the likeliest first, then titles.
pub async fn suggest(operation: &Operation, prefix: &str, first: i32) -> Result<Vec<Suggestion>> {
    operation.terms.require_everything()?;
    let most = usize::try_from(size("first", first)?).unwrap_or(0);
    if prefix.chars().count() > LONGEST {
        return Err(Error::invalid("prefix", format!("has more than {LONGEST} characters: search for it")));
    }
    let look = Look { index: Arc::clone(operation.search()), now: operation.now() };
    let typed = prefix.to_owned();
    let work = move |_: &Index| {
        let words = look.words(&typed, most)?;
        let mut needle = fold(&typed).text();
        let mut titles = look.articles(&needle, most)?;
        // What is spelt stands in no title: the word does that it spells.
        if let (true, Some((word, _))) = (titles.is_empty(), words.first()) {
            needle = fold(&word.text).text();
            titles = look.articles(&needle, most)?;
        }
        Ok::<_, Error>((words, titles, needle))
    };
    let (mut words, titles, needle) = Arc::clone(operation.search()).run(work).await?;
    let cards = operation.loaders.load_all(titles.into_iter().map(|id| CardById::new(id, With::default()))).await?;
    let has_it = |card: &Arc<Article>| fold(&card.title).text().contains(&needle);
    let titles: Vec<Arc<Article>> = cards.into_iter().flatten().filter(has_it).collect();
    let room = (most * TITLES / 100).max(most.saturating_sub(words.len())).min(titles.len());
    words.truncate(most - room);
    let words = words.into_iter().map(|(entry, count)| Suggestion::Word(entry, count));
    Ok(words.chain(titles.into_iter().take(room).map(Suggestion::Title)).collect())
}

/// What `query` may have meant.
pub async fn corrections(operation: &Operation, query: String) -> Result<Vec<String>> {
    let look = Look { index: Arc::clone(operation.search()), now: operation.now() };
    Arc::clone(operation.search()).run(move |_| look.corrections(&query)).await
}
