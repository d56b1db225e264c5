//! Sums up views that have come: by article and hour, by article, and what does not count by its reason. Each batch once, in the
//! transaction that marks it, however many programs are at it. What is of no article that readers see is counted nowhere. What was
//! counted is kept by minute and second too, in numbered parts: by these every program follows it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::batch::{ANY_ARTICLE, Batch};
use super::part::{Reads, pack_reads};
use super::weight::Weight;
use crate::db::rows::{ViewExcluded, ViewHour, ViewTotal};
use crate::db::{Database, view, write};
use crate::error::Result;

/// Batches of one transaction: other writers wait that long.
const MOST: i64 = 250;

/// Milliseconds of an hour.
pub(super) const HOUR_MILLIS: i64 = 3_600_000;

/// Seconds of an hour.
const HOUR_SECS: i64 = 3_600;

/// Clocks may be ahead by this much, in seconds.
pub(super) const AHEAD_SECS: i64 = 60;

/// Batches that are summed up are kept this long: a program that starts learns from them who has read what.
pub(super) const KEPT_MILLIS: i64 = HOUR_MILLIS;

/// What came of it.
#[derive(Debug, Default)]
pub struct Folded {
    /// Articles that were counted.
    pub articles: Vec<i64>,
    /// Whether more may wait.
    pub has_more: bool,
}

/// Sums up some of what has come until `now` (milliseconds since 1970).
pub async fn fold(db: &Database, now: i64) -> Result<Folded> {
    if db.reader().all(view::waiting()).await?.is_empty() {
        return Ok(Folded::default());
    }
    let on = write::begin(db).await?;
    let number = view::next_part(&on).await?;
    let packed = view::take(&on, MOST).await?;
    if packed.is_empty() {
        return Ok(Folded::default());
    }
    let unpack = |bytes: &Vec<u8>| {
        // One that is damaged must not stop all that come after it.
        Batch::unpack(bytes).inspect_err(|error| tracing::error!(error = %error, "A batch of views is lost: {error}")).ok()
    };
    let batches: Vec<Batch> = packed.iter().filter_map(unpack).collect();
    // What came while a clock was ahead was read now at the latest.
    let latest = now.div_euclid(1_000) + AHEAD_SECS;
    let named = batches.iter().flat_map(|b| b.views.iter().map(|v| v.article).chain(b.excluded.iter().map(|e| e.0)));
    let named: HashSet<i64> = named.collect();
    let named: Vec<i64> = named.into_iter().collect();
    let seen: HashSet<i64> = view::seen_articles(&on, &named, now).await?.into_iter().collect();
    let mut reads = BTreeMap::new();
    let mut excluded = BTreeMap::new();
    for batch in &batches {
        for view in batch.views.iter().filter(|view| seen.contains(&view.article)) {
            *reads.entry((view.article, i64::from(view.at).min(latest))).or_insert(0) += 1;
        }
        for (article, reason, count) in
            batch.excluded.iter().filter(|(article, ..)| *article == ANY_ARTICLE || seen.contains(article))
        {
            *excluded.entry((now.div_euclid(HOUR_MILLIS), i64::from(reason.code()), *article)).or_insert(0) += i64::from(*count);
        }
    }
    let excluded: Vec<_> = excluded
        .into_iter()
        .map(|((hour, reason, article_id), views)| ViewExcluded { hour, reason, article_id, views })
        .collect();
    let reads: Vec<Reads> = reads.into_iter().map(|((article, at), count)| Reads { article, at, count }).collect();
    let mut articles: Vec<i64> = reads.iter().map(|read| read.article).collect();
    articles.dedup();
    let (hours, totals) = sums(&reads, &view::totals(&on, &articles).await?, latest);
    view::add(&on, &hours, &totals, &excluded).await?;
    let mut minutes: BTreeMap<i64, Vec<Reads>> = BTreeMap::new();
    for read in reads {
        minutes.entry(read.at.div_euclid(60)).or_default().push(read);
    }
    view::keep_part(&on, number, minutes.into_iter().map(|(minute, reads)| (minute, pack_reads(&reads))).collect()).await?;
    write::commit(db, on).await?;
    Ok(Folded { articles, has_more: true })
}

/// What `reads`, which are in order, add to hours and totals. Weights are those after it, of `known` before, as of `latest` (seconds
/// since 1970) if they are of later.
fn sums(reads: &[Reads], known: &[ViewTotal], latest: i64) -> (Vec<ViewHour>, Vec<ViewTotal>) {
    let weight = |total: &ViewTotal| Weight { value: total.weight, at: total.weighed_at }.no_later(latest);
    let known: HashMap<i64, Weight> = known.iter().map(|total| (total.article_id, weight(total))).collect();
    let mut hours = BTreeMap::new();
    let mut totals: BTreeMap<i64, (i64, Weight)> = BTreeMap::new();
    for read in reads {
        let count = i64::from(read.count);
        *hours.entry((read.at.div_euclid(HOUR_SECS), read.article)).or_insert(0) += count;
        let before = || (0, known.get(&read.article).copied().unwrap_or_default());
        let (views, weight) = totals.entry(read.article).or_insert_with(before);
        *views += count;
        *weight = weight.with(count, read.at);
    }
    let hours = hours.into_iter().map(|((hour, article_id), views)| ViewHour { hour, article_id, views });
    let total = |(article_id, (views, weight)): (i64, (i64, Weight))| ViewTotal {
        article_id,
        views,
        weight: weight.value,
        weighed_at: weight.at,
    };
    (hours.collect(), totals.into_iter().map(total).collect())
}
