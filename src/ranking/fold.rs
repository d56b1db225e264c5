//! Sums up views that have come: by article and hour, by article, and what does not count by its reason. Each batch once, in the
//! transaction that marks it, however many programs are at it. What is of no article that readers see is counted nowhere.

use std::collections::{BTreeMap, HashSet};

use super::batch::{ANY_ARTICLE, Batch};
use super::intake::DAY_MILLIS;
use crate::db::rows::{ViewExcluded, ViewHour, ViewTotal};
use crate::db::{Database, view, write};
use crate::error::Result;

/// Batches of one transaction: other writers wait that long.
const MOST: i64 = 250;

/// Milliseconds of an hour.
pub(super) const HOUR_MILLIS: i64 = 3_600_000;

/// Seconds of an hour.
const HOUR_SECS: u32 = 3_600;

/// Batches that are summed up are kept this long: a program that starts learns from them who has read what.
pub(super) const KEPT_MILLIS: i64 = HOUR_MILLIS;

/// Sums up some of what has come until `now` (milliseconds since 1970). Returns whether there may be more.
pub async fn fold(db: &Database, now: i64) -> Result<bool> {
    let on = write::begin(db).await?;
    let packed = view::take(&on, MOST).await?;
    if packed.is_empty() {
        return Ok(false);
    }
    let batches = packed.iter().map(|bytes| Batch::unpack(bytes)).collect::<Result<Vec<_>>>()?;
    let named = batches.iter().flat_map(|b| b.views.iter().map(|v| v.article).chain(b.excluded.iter().map(|e| e.0)));
    let named: HashSet<i64> = named.collect();
    let named: Vec<i64> = named.into_iter().collect();
    let seen: HashSet<i64> = view::seen_articles(&on, &named, now).await?.into_iter().collect();
    let (mut hours, mut totals, mut excluded) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for batch in &batches {
        for view in batch.views.iter().filter(|view| seen.contains(&view.article)) {
            *hours.entry((i64::from(view.at / HOUR_SECS), view.article)).or_insert(0) += 1;
            *totals.entry(view.article).or_insert(0) += 1;
        }
        for (article, reason, number) in
            batch.excluded.iter().filter(|(article, ..)| *article == ANY_ARTICLE || seen.contains(article))
        {
            *excluded.entry((now.div_euclid(HOUR_MILLIS), i64::from(reason.code()), *article)).or_insert(0) += i64::from(*number);
        }
    }
    let hours: Vec<_> = hours.into_iter().map(|((hour, article_id), views)| ViewHour { hour, article_id, views }).collect();
    let totals: Vec<_> = totals.into_iter().map(|(article_id, views)| ViewTotal { article_id, views }).collect();
    let excluded: Vec<_> = excluded
        .into_iter()
        .map(|((hour, reason, article_id), views)| ViewExcluded { hour, reason, article_id, views })
        .collect();
    view::add(&on, &hours, &totals, &excluded).await?;
    write::commit(db, on).await?;
    Ok(true)
}

/// Forgets what nobody needs any more at `now` (milliseconds since 1970): old batches, and the keys of other days.
pub async fn forget(db: &Database, now: i64) -> Result<()> {
    let on = write::begin(db).await?;
    view::forget(&on, now - KEPT_MILLIS).await?;
    view::forget_salts(&on, now.div_euclid(DAY_MILLIS)).await?;
    write::commit(db, on).await
}
