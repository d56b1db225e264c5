//! Goes through the documents that match, once: counts them, keeps the best, counts their lists and years.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnValues};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::document::column;

/// In which order hits come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The most telling first.
    Relevance,
    /// The newest first.
    Newest,
}

/// A hit's place in the order: greater is earlier. By relevance (score in thousandths, published at, article), by
/// time (0, published at, article).
pub type Place = (i64, i64, i64);

/// What a search is to bring.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// In which order.
    pub order: Order,
    /// How many hits at most.
    pub limit: usize,
    /// Only hits behind this place.
    pub after: Option<Place>,
    /// The instant of the search (milliseconds since 1970): what is published later or has expired is not seen, and age is
    /// measured from here.
    pub now: i64,
    /// Published at or after.
    pub from: i64,
    /// Published at or before.
    pub to: i64,
    /// Of documents with one text the best alone.
    pub collapse: bool,
    /// The instants at which years begin in the portal's time zone, from some year on; nothing if lists and years need not be counted.
    pub years: Option<Arc<[i64]>>,
}

impl Wanted {
    /// The `limit` most telling hits at `now`, and nothing else.
    pub fn best(limit: usize, now: i64) -> Self {
        Self { order: Order::Relevance, limit, after: None, now, from: i64::MIN, to: i64::MAX, collapse: false, years: None }
    }
}

/// How many hits stand in each list, and in each year by its place in [`Wanted::years`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// By list.
    pub lists: HashMap<i64, u64, Quick>,
    /// By year.
    pub years: HashMap<usize, u64, Quick>,
}

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Its place.
    pub place: Place,
}

impl Hit {
    /// The article.
    pub fn article(&self) -> i64 {
        self.place.2
    }
}

/// What a search has brought.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The best, best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
    /// Where they stand.
    pub facets: Facets,
    /// No document has all words: these have most.
    pub is_relaxed: bool,
}

/// A hash for numbers that nobody chooses to collide: one multiplication (Fibonacci hashing, Knuth, vol. 3, 6.4).
#[derive(Clone, Copy, Debug, Default)]
pub struct Multiply(u64);

/// Builds [`Multiply`].
pub type Quick = BuildHasherDefault<Multiply>;

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

/// How much newer documents count more: at most a quarter, half of that after thirty days.
const FRESHNESS: f64 = 0.25;
const FRESHNESS_HALF_LIFE_DAYS: f64 = 30.0;

/// How much what is `age_millis` old counts, where what is very old counts 1.
pub fn freshness(age_millis: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of three hundred thousand years are exact")]
    let days = age_millis.max(0) as f64 / 86_400_000.0;
    1.0 + FRESHNESS * (-days / FRESHNESS_HALF_LIFE_DAYS).exp2()
}

#[expect(clippy::cast_possible_truncation, reason = "scores are some hundreds")]
fn thousandths(score: f64) -> i64 {
    (score * 1_000.0).round() as i64
}

/// Goes through one segment.
pub struct Walk {
    wanted: Wanted,
    id: Arc<dyn ColumnValues<i64>>,
    published_at: Arc<dyn ColumnValues<i64>>,
    expires_at: Arc<dyn ColumnValues<i64>>,
    cluster: Option<Arc<dyn ColumnValues<i64>>>,
    lists: Column<i64>,
    best: BinaryHeap<Reverse<Hit>>,
    clusters: HashMap<i64, Place, Quick>,
    total: u64,
    facets: Facets,
}

impl Collector for Wanted {
    type Fruit = Found;
    type Child = Walk;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Walk> {
        let columns = segment.fast_fields();
        let numbers = |name: &str| columns.column_first_or_default::<i64>(name);
        Ok(Walk {
            wanted: self.clone(),
            id: numbers(column::ID)?,
            published_at: numbers(column::PUBLISHED_AT)?,
            expires_at: numbers(column::EXPIRES_AT)?,
            cluster: self.collapse.then(|| numbers(column::CLUSTER)).transpose()?,
            lists: columns.i64(column::LISTS)?,
            best: BinaryHeap::new(),
            clusters: HashMap::default(),
            total: 0,
            facets: Facets::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, walks: Vec<(Found, Vec<(i64, Place)>)>) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let mut clusters: HashMap<i64, Place, Quick> = HashMap::default();
        for (walk, places) in walks {
            found.hits.extend(walk.hits);
            found.total += walk.total;
            for (list, count) in walk.facets.lists {
                *found.facets.lists.entry(list).or_default() += count;
            }
            for (year, count) in walk.facets.years {
                *found.facets.years.entry(year).or_default() += count;
            }
            for (cluster, place) in places {
                let best = clusters.entry(cluster).or_insert(place);
                *best = place.max(*best);
            }
        }
        found.total += clusters.len() as u64;
        let behind = |place: &Place| self.after.is_none_or(|after| *place < after);
        found.hits.extend(clusters.into_values().filter(behind).map(|place| Hit { place }));
        found.hits.sort_unstable_by_key(|hit| Reverse(*hit));
        found.hits.truncate(self.limit);
        Ok(found)
    }
}

impl SegmentCollector for Walk {
    /// What was found, and the best of each cluster, which other segments may know better.
    type Fruit = (Found, Vec<(i64, Place)>);

    fn collect(&mut self, doc: DocId, score: Score) {
        let published_at = self.published_at.get_val(doc);
        let wanted = &self.wanted;
        let is_hidden = published_at > wanted.to.min(wanted.now) || published_at < wanted.from;
        if is_hidden || self.expires_at.get_val(doc) <= wanted.now {
            return;
        }
        if let Some(years) = &wanted.years {
            for list in self.lists.values_for_doc(doc) {
                *self.facets.lists.entry(list).or_default() += 1;
            }
            let year = years.partition_point(|start| *start <= published_at);
            *self.facets.years.entry(year).or_default() += 1;
        }
        let score = match wanted.order {
            Order::Relevance => thousandths(f64::from(score) * freshness(wanted.now - published_at)),
            Order::Newest => 0,
        };
        let place = (score, published_at, self.id.get_val(doc));
        let cluster = self.cluster.as_ref().map_or(0, |column| column.get_val(doc));
        if cluster != 0 {
            let best = self.clusters.entry(cluster).or_insert(place);
            *best = place.max(*best);
            return;
        }
        self.total += 1;
        if wanted.after.is_some_and(|after| place >= after) {
            return;
        }
        if self.best.len() < wanted.limit {
            self.best.push(Reverse(Hit { place }));
        } else if let Some(mut worst) = self.best.peek_mut()
            && worst.0.place < place
        {
            *worst = Reverse(Hit { place });
        }
    }

    fn harvest(self) -> Self::Fruit {
        let hits = self.best.into_iter().map(|hit| hit.0).collect();
        let found = Found { hits, total: self.total, facets: self.facets, is_relaxed: false };
        (found, self.clusters.into_iter().collect())
    }
}
