//! Fills the ranking table anew for the site and each channel with its subtree. Derived: deleting it loses nothing.

use std::collections::HashMap;

use crate::db::write;
use crate::db::{self, Database, Scope, Window, rows};
use crate::error::Result;
use crate::journal::{self, Entry};

/// How many places a ranking has; a page shows some ten, and blocks that do not repeat each other need spare ones.
const PLACES: i64 = 100;

/// Computes every ranking as of `now` (milliseconds since 1970) and replaces those that have changed.
/// Returns whether any has.
pub async fn refresh(db: &Database, now: i64) -> Result<bool> {
    let channels = db::load_catalog(db).await?.channels;
    let scopes = std::iter::once(Scope::Site).chain(channels.iter().map(|c| Scope::Channel(c.id)));
    let mut has_changed = false;
    for scope in scopes {
        let stored = write::rows_of::<rows::Ranking>(db, "scope", &[scope.code()], "time_window, rank").await?;
        let fresh = places(db, scope, now).await?;
        let same = stored.len() == fresh.len()
            && stored
                .iter()
                .zip(&fresh)
                .all(|(s, f)| (s.time_window, s.rank, s.article_id, s.views) == (f.time_window, f.rank, f.article_id, f.views));
        if same {
            continue;
        }
        let before: HashMap<(i64, i64), i64> = stored.iter().map(|s| ((s.time_window, s.article_id), s.rank)).collect();
        let mut fresh = fresh;
        for place in &mut fresh {
            place.previous_rank = before.get(&(place.time_window, place.article_id)).copied();
        }
        let on = write::begin(db).await?;
        write::delete(&on, "ranking", "scope", &[scope.code()]).await?;
        write::insert(&on, &fresh).await?;
        journal::append(&on, &[changed(scope, now)]).await?;
        write::commit(db, on).await?;
        has_changed = true;
    }
    Ok(has_changed)
}

/// What the journal says of a ranking: its channel, 0 for the site's.
fn changed(scope: Scope, now: i64) -> Entry {
    let channel = if let Scope::Channel(id) = scope { id } else { 0 };
    Entry {
        at: now,
        actor: "system".into(),
        action: "ranking.changed".into(),
        entity: "ranking".into(),
        entity_id: channel,
        revision: 0,
        payload: None,
    }
}

async fn places(db: &Database, scope: Scope, now: i64) -> Result<Vec<rows::Ranking>> {
    let mut places = Vec::new();
    for window in Window::EVERY {
        let after = window.length_ms().map_or(i64::MIN, |length| now - length);
        let found = match window {
            Window::All => write::most_viewed_ever(db, scope, now, PLACES).await?,
            _ => write::most_viewed(db, scope, after, now, PLACES).await?,
        };
        places.extend((1..).zip(found).map(|(rank, (article_id, views))| rows::Ranking {
            scope: scope.code(),
            time_window: window.code(),
            rank,
            article_id,
            views,
            previous_rank: None,
        }));
    }
    Ok(places)
}
