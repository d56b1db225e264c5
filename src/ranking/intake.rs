//! Takes views in. They are gathered for a few milliseconds and committed together; whoever sent one is answered after the commit,
//! so that what was answered survives the process. What does not count is counted apart, with its reason.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::{Notify, watch};

use super::batch::{ANY_ARTICLE, Batch, Exclusion, View};
use super::burst::Bursts;
use super::fold::{AHEAD_SECS, HOUR_MILLIS, KEPT_MILLIS};
use super::robot::is_robot;
use super::seen::Seen;
use super::visitor::{Origin, Salt, key};
use crate::clock::Clock;
use crate::db::{Database, view, write};
use crate::error::{Error, Result};

/// How long views are gathered before a commit.
const GATHERING: Duration = Duration::from_millis(4);

/// Views of the last half hour that are remembered, of 8 bytes each: more than two thousand readers a second.
const REMEMBERED: usize = 4 << 20;

/// Networks, and networks with an article, whose share is watched.
const WATCHED: usize = 1 << 16;

/// How long to leave a database alone that does not take them.
const PAUSE: Duration = Duration::from_secs(1);

/// Views that may wait for a commit; more are turned away.
const MOST_WAITING: usize = 100_000;

/// Batches that are read at once when a program starts.
const READ_AT_ONCE: i64 = 500;

/// A view that an app sends late may be this old.
const OLDEST_MILLIS: i64 = DAY_MILLIS;

/// Clocks may be ahead by this much.
const AHEAD_MILLIS: i64 = AHEAD_SECS * 1_000;

/// Milliseconds of a day.
pub(super) const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// How much one network may send before the rest does not count.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    /// Views a minute of one network.
    pub network_per_minute: u16,
    /// Views a minute of one article from one network.
    pub article_per_minute: u16,
}

/// Where a request with views comes from.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Address and agent.
    pub origin: Origin<'a>,
    /// Whether a browser says that it fetches ahead.
    pub is_prefetch: bool,
    /// Whether it is an app, whose agent is a library's name and says nothing.
    pub is_app: bool,
}

/// What became of a commit: unknown yet, done or not.
type Done = Option<Result<()>>;

struct Gathering {
    seen: Seen,
    networks: Bursts,
    articles: Bursts,
    views: Vec<View>,
    excluded: HashMap<(i64, Exclusion), u32>,
    /// Batches that could not be kept, with their numbers.
    late: Vec<(i64, Batch)>,
    done: watch::Sender<Done>,
}

/// See the module.
pub struct Intake {
    db: Database,
    clock: Clock,
    /// Tells this program's batches from those of others.
    writer: i64,
    /// How many it has made.
    batches: AtomicI64,
    /// The last of each other program that is known.
    others: tokio::sync::Mutex<HashMap<i64, i64>>,
    salt: ArcSwapOption<Salt>,
    gathering: Mutex<Gathering>,
    wake: Notify,
}

impl Intake {
    /// An intake into `db`, which remembers who has read what in the last half hour.
    pub async fn open(db: &Database, clock: Clock, shares: Shares) -> Result<Arc<Self>> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(Error::internal)?;
        let now = clock.now().timestamp_millis();
        let mut seen = Seen::with_capacity(REMEMBERED);
        // Some at a time: a flood may have left many.
        let mut place = (now - KEPT_MILLIS, 0, 0);
        let mut others: HashMap<i64, i64> = HashMap::new();
        loop {
            let kept = view::batches_after(db, place, READ_AT_ONCE).await?;
            let Some((last, _)) = kept.last() else { break };
            place = *last;
            for ((_, writer, number), bytes) in &kept {
                let last = others.entry(*writer).or_insert(*number);
                *last = (*last).max(*number);
                for view in Batch::unpack(bytes).unwrap_or_default().views {
                    seen.remember(view.key, view.at);
                }
            }
        }
        let burst = |per_minute: u16| Bursts::new(WATCHED, per_minute.saturating_mul(2), per_minute);
        let gathering = Gathering {
            seen,
            networks: burst(shares.network_per_minute),
            articles: burst(shares.article_per_minute),
            views: Vec::new(),
            excluded: HashMap::new(),
            late: Vec::new(),
            done: watch::Sender::new(None),
        };
        Ok(Arc::new(Self {
            db: db.clone(),
            clock,
            // Positive, as ids are.
            writer: i64::from_le_bytes(random) & i64::MAX,
            batches: AtomicI64::new(0),
            others: tokio::sync::Mutex::new(others),
            salt: ArcSwapOption::empty(),
            gathering: Mutex::new(gathering),
            wake: Notify::new(),
        }))
    }

    /// Learns what other programs have taken, so that who has read something there does not count here again.
    pub async fn follow(&self) -> Result<()> {
        let reader = self.db.reader();
        let mut others = self.others.lock().await;
        let mut next = -1;
        // By their numbers, not by the time: clocks differ, and commits take theirs.
        while let Some(writer) = reader.all(view::next_writer(next)).await?.first().copied() {
            next = writer;
            if writer == self.writer {
                continue;
            }
            let last = others.entry(writer).or_insert(-1);
            loop {
                let batches = reader.all(view::batches_of(writer, *last, READ_AT_ONCE)).await?;
                let Some((number, _)) = batches.last() else { break };
                *last = *number;
                let views = batches.iter().flat_map(|(_, bytes)| Batch::unpack(bytes).unwrap_or_default().views);
                let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
                for view in views {
                    gathering.seen.remember(view.key, view.at);
                }
            }
        }
        Ok(())
    }

    /// Whether `at` (milliseconds since 1970), when something was read, is neither too old nor of the future.
    pub fn is_timely(&self, at: i64) -> bool {
        let now = self.clock.now().timestamp_millis();
        (now - OLDEST_MILLIS..=now + AHEAD_MILLIS).contains(&at)
    }

    /// Takes views of `articles` now. Returns once they are kept, whether they count or not.
    pub async fn record_now(&self, articles: &[i64], sender: Sender<'_>) -> Result<()> {
        let now = self.clock.now().timestamp_millis();
        let views: Vec<(i64, i64)> = articles.iter().map(|article| (*article, now)).collect();
        self.record(&views, sender).await
    }

    /// Takes `views`, each an article and an instant in milliseconds since 1970. Returns once they are kept, whether they count or
    /// not. Those at times that cannot be are nobody's views.
    pub async fn record(&self, views: &[(i64, i64)], sender: Sender<'_>) -> Result<()> {
        let now = self.clock.now().timestamp_millis();
        let salt = self.salt(now).await?;
        let who = salt.visitor(sender.origin);
        let stranger = match sender {
            Sender { is_prefetch: true, .. } => Some(Exclusion::Prefetch),
            Sender { is_app: true, origin, .. } if !origin.agent.trim().is_empty() => None,
            _ if is_robot(sender.origin.agent) => Some(Exclusion::Robot),
            _ => None,
        };
        let mut done = {
            let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
            if gathering.waiting() + views.len() > MOST_WAITING {
                return Err(Error::Unavailable("more views come than can be kept; try again".into()));
            }
            for (article, at) in views.iter().filter(|(_, at)| self.is_timely(*at)) {
                gathering.add(*article, (seconds(*at), seconds(now)), (who.id, who.network), stranger);
            }
            gathering.done.subscribe()
        };
        self.wake.notify_one();
        let result = done.wait_for(Option::is_some).await.map_err(Error::internal)?;
        result.clone().unwrap_or_else(|| Err(Error::internal("a commit without a result")))
    }

    /// The key of today. A new day's is made by whoever comes first, and ends the one before.
    async fn salt(&self, now: i64) -> Result<Arc<Salt>> {
        let day = now.div_euclid(DAY_MILLIS);
        if let Some(salt) = self.salt.load_full().filter(|salt| salt.day == day) {
            return Ok(salt);
        }
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(Error::internal)?;
        let on = write::begin(&self.db).await?;
        let key = view::salt(&on, day, &STANDARD.encode(random)).await?;
        write::commit(&self.db, on).await?;
        let salt = Arc::new(Salt { day, key: STANDARD.decode(key).map_err(Error::internal)? });
        self.salt.store(Some(Arc::clone(&salt)));
        Ok(salt)
    }

    /// Commits what comes, for ever.
    pub async fn work(self: Arc<Self>) {
        loop {
            self.wake.notified().await;
            tokio::time::sleep(GATHERING).await;
            if !self.flush().await {
                tokio::time::sleep(PAUSE).await;
                self.wake.notify_one();
            }
        }
    }

    /// Commits what has come, and answers those who sent it. False if that failed: then it is tried again with the next.
    pub async fn flush(&self) -> bool {
        let (batches, done) = {
            let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
            let done = std::mem::replace(&mut gathering.done, watch::Sender::new(None));
            (gathering.take(|| self.batches.fetch_add(1, Ordering::Relaxed)), done)
        };
        let result = self.keep(&batches).await;
        if let Err(error) = &result {
            tracing::warn!(error = %error, "Views could not be kept: {error}");
            // Who sends one again meanwhile repeats it, and is answered when it is kept with these. A batch keeps its number: whether the
            // database has it after all is then seen.
            self.gathering.lock().unwrap_or_else(PoisonError::into_inner).late = batches;
        }
        let is_done = result.is_ok();
        let away = |_| Error::Unavailable("views cannot be kept at the moment; try again".into());
        done.send_replace(Some(result.map_err(away)));
        is_done
    }

    async fn keep(&self, batches: &[(i64, Batch)]) -> Result<()> {
        if batches.is_empty() {
            return Ok(());
        }
        let now = self.clock.now().timestamp_millis();
        let on = write::begin(&self.db).await?;
        for (number, batch) in batches {
            view::keep(&on, (self.writer, *number), now, batch.pack()).await?;
        }
        write::commit(&self.db, on).await
    }
}

impl Gathering {
    /// How many views wait for a commit.
    fn waiting(&self) -> usize {
        let late = self.late.iter().map(|(_, batch)| batch.views.len() + batch.excluded.len());
        self.views.len() + self.excluded.len() + late.sum::<usize>()
    }

    /// What waits, as batches with their numbers.
    fn take(&mut self, number: impl FnOnce() -> i64) -> Vec<(i64, Batch)> {
        let mut batches = std::mem::take(&mut self.late);
        let excluded = std::mem::take(&mut self.excluded).into_iter();
        let excluded = excluded.map(|((article, reason), number)| (article, reason, number)).collect();
        let batch = Batch { views: std::mem::take(&mut self.views), excluded };
        if batch != Batch::default() {
            batches.push((number(), batch));
        }
        batches
    }

    /// A view of `article` at `at`, which came at `now`, by `who` in `network`.
    fn add(&mut self, article: i64, (at, now): (u32, u32), (who, network): (u64, u64), stranger: Option<Exclusion>) {
        let (key, share) = (key(who, article), key(network, article));
        if !self.networks.has(network, now) {
            // One number, whatever it is of: a flood shall not fill the disk.
            *self.excluded.entry((ANY_ARTICLE, Exclusion::Burst)).or_default() += 1;
            return;
        }
        let reason = stranger.or_else(|| {
            if self.seen.knows(key, at) {
                Some(Exclusion::Repeat)
            } else if !self.articles.has(share, now) {
                Some(Exclusion::Burst)
            } else {
                None
            }
        });
        // What does not count takes of the share too: it is kept by its article.
        self.networks.take(network, now);
        if let Some(reason) = reason {
            *self.excluded.entry((article, reason)).or_default() += 1;
            return;
        }
        self.articles.take(share, now);
        self.seen.remember(key, at);
        self.views.push(View { article, at, key });
    }
}

/// Milliseconds since 1970 in seconds.
fn seconds(millis: i64) -> u32 {
    u32::try_from(millis.div_euclid(1_000)).unwrap_or(0)
}
