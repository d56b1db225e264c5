//! Articles by an old address.

use std::sync::{Arc, LazyLock};

use super::article::{Article, COLUMN_COUNT, COLUMNS, decode};
use super::query::{Param, Query, Sql, any};
use super::visibility::{Audience, Visibility};

static BY_ADDRESS: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!(
            "SELECT {COLUMNS}, r.address FROM redirect r JOIN article a ON a.id = r.article_id WHERE {} AND {}",
            any(b, "r.address", 2),
            Visibility::condition(Audience::Public, "a")
        )
    })
});

/// The visible articles that once stood at `addresses` (normalised by `text::address`), each with its address.
pub fn articles_by_address(addresses: Vec<String>, seen: Visibility) -> Query<(String, Arc<Article>)> {
    Query::new(&BY_ADDRESS, vec![Param::Int(seen.now), Param::Texts(addresses)], |row| {
        Ok((row.text(COLUMN_COUNT)?, decode(row)?))
    })
}
