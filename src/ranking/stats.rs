//! How much is read, hour by hour.

use super::batch::Exclusion;
use super::fold::HOUR_MILLIS;
use crate::db::{Database, view};
use crate::error::Result;

/// The views of an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourStats {
    /// When it begins, in milliseconds since 1970.
    pub at: i64,
    /// How many count.
    pub views: i64,
    /// How many do not, by reason.
    pub excluded: Vec<(Exclusion, i64)>,
}

/// The last `count` hours up to that of `now` (milliseconds since 1970), oldest first. Two statements.
pub async fn stats(db: &Database, count: i64, now: i64) -> Result<Vec<HourStats>> {
    let last = now.div_euclid(HOUR_MILLIS);
    let first = last - count + 1;
    let mut hours: Vec<HourStats> =
        (first..=last).map(|hour| HourStats { at: hour * HOUR_MILLIS, views: 0, excluded: Vec::new() }).collect();
    let place = |hour: i64| usize::try_from(hour - first).unwrap_or(usize::MAX);
    for (hour, views) in db.reader().all(view::hours(first)).await? {
        if let Some(found) = hours.get_mut(place(hour)) {
            found.views = views;
        }
    }
    for (hour, reason, views) in db.reader().all(view::excluded(first)).await? {
        let reason = u8::try_from(reason).ok().and_then(Exclusion::from_code);
        if let Some((found, reason)) = hours.get_mut(place(hour)).zip(reason) {
            found.excluded.push((reason, views));
        }
    }
    Ok(hours)
}
