//! What partners use: counted in memory as it happens, held against the quotas of their contracts, and written down every second. The
//! counts of a day are those of all programs on one database, a second late; the counts of a minute are those of this program.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::contract::{Contract, Quota};
use super::terms::Rule;
use crate::db::write::{begin, commit};
use crate::db::{ContractUsage, Database, contract};
use crate::error::{Error, Result};

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 86_400_000;

/// One limit of a quota, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name.
    pub name: &'static str,
    /// How much in all.
    pub quota: i64,
    /// Of which length the windows are.
    pub window_secs: i64,
    /// How much is left in this one.
    pub left: i64,
    /// When it ends.
    pub reset_secs: i64,
}

/// How the limits of a contract stand after a request.
pub type Allowance = Vec<Limit>;

/// Requests and cost in a window of time.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    number: i64,
    requests: i64,
    cost: i64,
}

impl Window {
    /// The window of `length` at `now`: this one, or an empty one.
    fn at(&mut self, now: i64, length: i64) -> &mut Self {
        let number = now.div_euclid(length);
        if self.number != number {
            *self = Self { number, ..Self::default() };
        }
        self
    }
}

#[derive(Clone, Debug, Default)]
struct Tally {
    minute: Window,
    day: Window,
}

#[derive(Debug, Default)]
struct Counts {
    tallies: HashMap<i64, Tally>,
    /// By contract and day: what is not written down yet.
    waiting: HashMap<(i64, i64), ContractUsage>,
}

impl Counts {
    fn waiting(&mut self, contract: i64, now: i64) -> &mut ContractUsage {
        let day = now.div_euclid(DAY_MILLIS);
        let usage = self.waiting.entry((contract, day)).or_insert_with(|| empty(contract, day));
        usage.last_at = usage.last_at.max(now);
        usage
    }
}

fn empty(contract_id: i64, day: i64) -> ContractUsage {
    ContractUsage { contract_id, day, requests: 0, refused: 0, cost: 0, embeds: 0, items: 0, bytes: 0, last_at: 0 }
}

/// Counts of all contracts.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Counts>);

impl Meter {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request of `cost` under `contract` at `now` (milliseconds since 1970), unless its quota is used up.
    pub fn admit(&self, contract: &Contract, cost: i64, now: i64) -> Result<Allowance> {
        let (id, quota) = (contract.row.id, contract.quota);
        let mut counts = self.counts();
        let tally = counts.tallies.entry(id).or_default();
        let (minute, day) = (*tally.minute.at(now, MINUTE_MILLIS), *tally.day.at(now, DAY_MILLIS));
        let limits = limits(quota, (minute, day), cost, now);
        // Of all that are used up, the one that lasts longest says when to come again.
        let spent = limits.iter().filter(|(limit, wanted)| limit.left < *wanted).max_by_key(|(limit, _)| limit.reset_secs);
        if let Some((limit, wanted)) = spent {
            let refusal = used_up(limit, *wanted);
            counts.waiting(id, now).refused += 1;
            return Err(refusal);
        }
        for window in [&mut tally.minute, &mut tally.day] {
            window.requests += 1;
            window.cost += cost;
        }
        let usage = counts.waiting(id, now);
        usage.requests += 1;
        usage.cost += cost;
        Ok(limits.into_iter().map(|(limit, wanted)| Limit { left: limit.left - wanted, ..limit }).collect())
    }

    /// Takes `cost` off what a request was counted for: its answer had been made, and nothing of it has changed. How the limits stand then.
    pub fn give_back(&self, contract: &Contract, cost: i64, now: i64) -> Allowance {
        let mut counts = self.counts();
        let tally = counts.tallies.entry(contract.row.id).or_default();
        for window in [tally.minute.at(now, MINUTE_MILLIS), tally.day.at(now, DAY_MILLIS)] {
            window.cost = window.cost.saturating_sub(cost).max(0);
        }
        counts.waiting(contract.row.id, now).cost -= cost;
        drop(counts);
        self.allowance(contract, now)
    }

    /// How the limits of `contract` stand at `now` (milliseconds since 1970).
    pub fn allowance(&self, contract: &Contract, now: i64) -> Allowance {
        let mut counts = self.counts();
        let tally = counts.tallies.entry(contract.row.id).or_default();
        let windows = (*tally.minute.at(now, MINUTE_MILLIS), *tally.day.at(now, DAY_MILLIS));
        limits(contract.quota, windows, 0, now).into_iter().map(|(limit, _)| limit).collect()
    }

    /// Counts what an answer held.
    pub fn answer(&self, contract: i64, items: usize, bytes: usize, now: i64) {
        let mut counts = self.counts();
        let usage = counts.waiting(contract, now);
        usage.items += i64::try_from(items).unwrap_or(i64::MAX);
        usage.bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
    }

    /// Counts an embed that somebody's browser has asked for. It takes nothing of a quota: anybody can ask for it, as often as they like.
    pub fn show(&self, contract: i64, now: i64) {
        self.counts().waiting(contract, now).embeds += 1;
    }

    /// Counts a refusal.
    pub fn refuse(&self, contract: i64, now: i64) {
        self.counts().waiting(contract, now).refused += 1;
    }

    /// Writes down what has been counted, and takes over what other programs have, on the day of `now` (milliseconds since 1970).
    pub async fn settle(&self, db: &Database, now: i64) -> Result<()> {
        let mut taken: Vec<ContractUsage> = self.counts().waiting.drain().map(|(_, usage)| usage).collect();
        if !taken.is_empty() {
            taken.sort_unstable_by_key(|usage| (usage.contract_id, usage.day));
            let written = async {
                let on = begin(db).await?;
                contract::add_usage(&on, &taken).await?;
                commit(db, on).await
            };
            if let Err(error) = written.await {
                self.put_back(taken);
                return Err(error);
            }
        }
        let today = now.div_euclid(DAY_MILLIS);
        let known = db.reader().all(contract::usage_on(today)).await?;
        let mut counts = self.counts();
        for usage in known {
            let waiting = counts.waiting.get(&(usage.contract_id, today)).cloned();
            let waiting = waiting.unwrap_or_else(|| empty(usage.contract_id, today));
            let day = &mut counts.tallies.entry(usage.contract_id).or_default().day;
            *day = Window { number: today, requests: usage.requests + waiting.requests, cost: usage.cost + waiting.cost };
        }
        Ok(())
    }

    fn put_back(&self, taken: Vec<ContractUsage>) {
        let mut counts = self.counts();
        for usage in taken {
            let place = counts.waiting.entry((usage.contract_id, usage.day));
            let place = place.or_insert_with(|| empty(usage.contract_id, usage.day));
            place.requests += usage.requests;
            place.refused += usage.refused;
            place.cost += usage.cost;
            place.embeds += usage.embeds;
            place.items += usage.items;
            place.bytes += usage.bytes;
            place.last_at = place.last_at.max(usage.last_at);
        }
    }
}

/// Each limit of `quota` with what a request of `cost` wants of it.
fn limits(quota: Quota, (minute, day): (Window, Window), cost: i64, now: i64) -> Vec<(Limit, i64)> {
    let limits = [
        ("requests-minute", quota.requests_per_minute, MINUTE_MILLIS, minute.requests, 1),
        ("requests-day", quota.requests_per_day, DAY_MILLIS, day.requests, 1),
        ("cost-minute", quota.cost_per_minute, MINUTE_MILLIS, minute.cost, cost),
        ("cost-day", quota.cost_per_day, DAY_MILLIS, day.cost, cost),
    ];
    let limits = limits.into_iter().filter_map(|(name, quota, length, used, wanted)| {
        let reset_secs = (length - now.rem_euclid(length) + 999) / 1_000;
        let limit = Limit { name, quota: quota?, window_secs: length / 1_000, left: quota? - used, reset_secs };
        Some((limit, wanted))
    });
    limits.collect()
}

fn used_up(limit: &Limit, wanted: i64) -> Error {
    let Limit { name, quota, reset_secs, .. } = limit;
    let message = if wanted > *quota {
        format!("this costs {wanted}, and the contract grants {quota} ({name}): ask for less at once")
    } else {
        format!("the contract's quota of {quota} ({name}) is used up; try again in {reset_secs} s")
    };
    let retry_after_secs = u32::try_from(*reset_secs).unwrap_or(u32::MAX);
    Error::RateLimited { rule: Some(Rule::Quota.word()), message, retry_after_secs }
}
