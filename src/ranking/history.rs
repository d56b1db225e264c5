//! How often an article was read, hour by hour or day by day.

use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;

use super::fold::HOUR_MILLIS;
use super::forget::{DAYS, EPOCH, HOURS, day_of};

/// The length of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// An hour.
    Hour,
    /// A day in the portal's time zone.
    Day,
}

impl Unit {
    /// How many are known at most.
    pub fn most(self) -> i64 {
        match self {
            Self::Hour => HOURS - 48,
            Self::Day => DAYS,
        }
    }

    /// What the last `count` need, up to that of `now` (milliseconds since 1970): hours from which on, and days from which on; no days
    /// where steps are hours.
    pub fn reach(self, count: i64, zone: Tz, now: i64) -> (i64, Option<i64>) {
        let hour = now.div_euclid(HOUR_MILLIS);
        match self {
            Self::Hour => (hour - count + 1, None),
            Self::Day => {
                let first = day_of(zone, hour) - count + 1;
                // One more: a day may begin within an hour.
                ((hour - (count + 1) * 24).max(hour - HOURS - 48), Some(first))
            }
        }
    }
}

/// Views by step: hours or days since 1970, and how many.
type Steps = [(i64, i64)];

/// The last `count` steps up to that of `now` (milliseconds since 1970), oldest first, each with when it begins, out of (hour, views)
/// and (day, views).
pub fn history(unit: Unit, count: i64, (hours, days): (&Steps, &Steps), zone: Tz, now: i64) -> Vec<(i64, i64)> {
    let hour = now.div_euclid(HOUR_MILLIS);
    let last = if unit == Unit::Hour { hour } else { day_of(zone, hour) };
    let first = last - count + 1;
    let step_of = |hour: i64| if unit == Unit::Hour { hour } else { day_of(zone, hour) };
    let begin = |step: i64| if unit == Unit::Hour { step * HOUR_MILLIS } else { midnight(zone, step) };
    let mut steps: Vec<(i64, i64)> = (first..=last).map(|step| (begin(step), 0)).collect();
    let days = days.iter().filter(|_| unit == Unit::Day).copied();
    for (step, views) in hours.iter().map(|(hour, views)| (step_of(*hour), *views)).chain(days) {
        if let Some((_, sum)) = usize::try_from(step - first).ok().and_then(|place| steps.get_mut(place)) {
            *sum += views;
        }
    }
    steps
}

/// When day number `day` of `zone` begins, in milliseconds since 1970. A midnight that a change of clocks leaves out is that of UTC.
fn midnight(zone: Tz, day: i64) -> i64 {
    let date = i32::try_from(day + EPOCH).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default();
    let midnight = date.and_hms_opt(0, 0, 0).unwrap_or_default();
    zone.from_local_datetime(&midnight).earliest().map_or(midnight.and_utc().timestamp_millis(), |at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_are_added_up() {
        let zone = Tz::Asia__Shanghai;
        // 2026-03-01T00:30 in Shanghai.
        let now = 1_772_296_200_000;
        let hour = now / HOUR_MILLIS;
        let hours = [(hour, 5), (hour - 1, 3), (hour - 24, 2), (hour - 25, 1)];
        let by_hour = history(Unit::Hour, 3, (&hours, &[]), zone, now);
        assert_eq!(by_hour, [((hour - 2) * HOUR_MILLIS, 0), ((hour - 1) * HOUR_MILLIS, 3), (hour * HOUR_MILLIS, 5)]);
        let today = day_of(zone, hour);
        let days = history(Unit::Day, 4, (&hours, &[(today - 3, 70), (today - 2, 7)]), zone, now);
        assert_eq!(days.iter().map(|(_, views)| *views).collect::<Vec<_>>(), [70, 8, 5, 5]);
        assert_eq!(days[3].0, hour * HOUR_MILLIS, "midnight in Shanghai");
        assert_eq!(Unit::Hour.reach(4, zone, now), (hour - 3, None));
        assert_eq!(Unit::Day.reach(100, zone, now).1, Some(today - 99));
    }
}
