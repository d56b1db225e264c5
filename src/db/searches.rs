//! What is searched for.

use super::query::{Param, Query, Texts};
use super::write::{Transaction, execute, insert_or};
use crate::error::Result;
use entity::search_query::Model as SearchQuery;

/// A query over some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Folded.
    pub query: String,
    /// How many visitors, each once a day.
    pub searches: i64,
    /// How many articles were found at most.
    pub found: i64,
}

/// Adds to the days' counts.
pub async fn note(on: &Transaction, rows: &[SearchQuery]) -> Result<()> {
    let more =
        "ON CONFLICT (day, query) DO UPDATE SET searches = search_query.searches + excluded.searches, found = excluded.found";
    insert_or(on, rows, more).await
}

/// Forgets the days before `day` (since 1970).
pub async fn forget(on: &Transaction, day: i64) -> Result<()> {
    execute(on, "DELETE FROM search_query WHERE day < $1", vec![day.into()]).await.map(drop)
}

/// Queries from day `first` on (since 1970) for which at least `fewest` have searched on one day, the most at most `most`; those that
/// found something or those that did not.
pub fn asked(first: i64, fewest: i64, most: i64, has_found: bool) -> Query<Asked> {
    static SQL: Texts<bool> = Texts::new();
    let sql = SQL.of(has_found, |_| {
        let found = if has_found { "> 0" } else { "= 0" };
        format!(
            "SELECT q.query, CAST(sum(q.searches) AS bigint), max(q.found) FROM search_query q WHERE q.day >= $1 GROUP BY q.query \
             HAVING max(q.searches) >= $2 AND max(q.found) {found} ORDER BY 2 DESC, q.query LIMIT $3"
        )
    });
    let params = [first, fewest, most].map(Param::Int).to_vec();
    Query::new(sql, params, |row| Ok(Asked { query: row.text(0)?, searches: row.int(1)?, found: row.int(2)? }))
}
