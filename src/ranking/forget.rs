//! Forgetting what nobody needs any more. Minutes are kept as long as windows move by them, hours as long as windows and charts need
//! them; then they become days, and days are kept for a year and a month.

use chrono::{DateTime, Datelike, TimeZone};
use chrono_tz::Tz;

use super::fold::KEPT_MILLIS;
use super::intake::DAY_MILLIS;
use crate::db::{Database, view, write};
use crate::error::Result;

/// Minutes that are kept: the day's window, and two hours for those who come late.
const MINUTES: i64 = 26 * 60;

/// Hours that are kept: the month's window, and three days.
pub(super) const HOURS: i64 = 33 * 24;

/// Parts of minutes that must be as late or later before it is believed to be so late.
const WITNESSES: i64 = 100;

/// Days that are kept.
pub(super) const DAYS: i64 = 400;

/// Forgets what is old at `now` (milliseconds since 1970): batches, the keys of other days, minutes, hours that become days of `zone`.
pub async fn forget(db: &Database, zone: Tz, now: i64) -> Result<()> {
    let on = write::begin(db).await?;
    view::forget(&on, now - KEPT_MILLIS).await?;
    view::forget_salts(&on, now.div_euclid(DAY_MILLIS)).await?;
    // A clock that is ahead for a moment must not take what is counted: how late it is, a hundred minutes with views bear out.
    let Some(latest) = view::latest_minute(&on, WITNESSES).await? else { return write::commit(db, on).await };
    let minute = now.div_euclid(60_000).min(latest);
    view::forget_minutes(&on, minute - MINUTES).await?;
    view::forget_days(&on, day_of(zone, minute.div_euclid(60)) - DAYS).await?;
    write::commit(db, on).await?;
    while turn_day(db, zone, minute.div_euclid(60) - HOURS).await? {}
    Ok(())
}

/// The day of `zone` in which hour number `hour` begins, in days since 1970.
pub(super) fn day_of(zone: Tz, hour: i64) -> i64 {
    let begin = DateTime::from_timestamp(hour * 3_600, 0).unwrap_or_default();
    i64::from(zone.from_utc_datetime(&begin.naive_utc()).num_days_from_ce()) - EPOCH
}

/// Days from the beginning of the calendar to 1970.
pub(super) const EPOCH: i64 = 719_163;

/// Makes the hours of the oldest day, if all of them are from before hour `first`, into one row for each article. Whether it has.
async fn turn_day(db: &Database, zone: Tz, first: i64) -> Result<bool> {
    let on = write::begin(db).await?;
    let Some(oldest) = view::oldest_hour(&on).await?.filter(|oldest| *oldest < first) else { return Ok(false) };
    let day = day_of(zone, oldest);
    let Some(end) = (oldest + 1..=first).find(|hour| day_of(zone, *hour) != day) else { return Ok(false) };
    view::turn_day(&on, day, end).await?;
    write::commit(db, on).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone() {
        assert_eq!(day_of(Tz::UTC, 0), 0);
        assert_eq!(day_of(Tz::UTC, 23), 0);
        assert_eq!(day_of(Tz::Asia__Shanghai, 15), 0);
        assert_eq!(day_of(Tz::Asia__Shanghai, 16), 1);
        assert_eq!(day_of(Tz::America__New_York, 4), -1);
    }
}
