//! The demo's readers, all invented: what they have read in the last month, and what they go on reading, so that rankings move while
//! one watches.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::{self, Database, ListKey, Scope, Visibility, view, write};
use crate::error::Result;
use crate::ranking::{Batch, Exclusion, Intake, Origin, Sender, View, fold};

/// How far back they have read, in hours.
const HOURS: i64 = 30 * 24;

/// The last of them, each of which is summed up on its own.
const SINGLE_HOURS: i64 = 48;

/// Milliseconds of an hour.
const HOUR_MILLIS: i64 = 3_600_000;

/// How many views there were at most in an article's first hour.
const FIRST_HOUR: f64 = 300.0;

/// After how many hours an article is read half as much.
const HALF_HOURS: f64 = 18.0;

/// How much is read at each hour of the portal's day, out of ten.
const RHYTHM: [u8; 24] = [2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 9, 8, 9, 8, 8, 7, 7, 8, 8, 9, 10, 9, 6, 4];

/// Time between two readers.
const PACE: Duration = Duration::from_millis(500);

/// After how many readers another article is talked about.
const TALK: u64 = 60;

/// Browsers, and one that is none.
const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
];

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    /// Below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }

    /// Whether, once in `times`.
    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// Articles that can be read, each with when it was published (milliseconds since 1970), in an order that nothing else has.
async fn articles(db: &Database, now: i64) -> Result<Vec<(i64, i64)>> {
    let newest = db::lists(&[ListKey::newest(Scope::Site, 500, now)], &Visibility::public(now));
    let rows = db.reader().all(newest).await?;
    let mut articles: Vec<(i64, i64)> = rows.into_iter().map(|(_, article)| (article.id, article.published_at)).collect();
    articles.sort_by_key(|(id, _)| id.wrapping_mul(7_919) % 1_009);
    Ok(articles)
}

/// Lets them have read, hour by hour: what does not count belongs to the hour in which it came.
pub async fn past(db: &Database, clock: &Clock) -> Result<()> {
    let now = clock.now().timestamp_millis();
    let articles = articles(db, now).await?;
    let mut dice = Dice(11);
    let mut batch = Batch::default();
    for ago in (1..=HOURS).rev() {
        let from = now - ago * HOUR_MILLIS;
        // The portal's day begins eight hours before that of Greenwich.
        let rhythm = RHYTHM[usize::try_from((from / HOUR_MILLIS + 8) % 24).unwrap_or(0)];
        for (place, (article, published)) in (1_u32..).zip(&articles).filter(|(_, (_, published))| *published <= from) {
            #[expect(clippy::cast_precision_loss, reason = "hours of a month")]
            let age = ((from - published) / HOUR_MILLIS) as f64;
            let mean = FIRST_HOUR * f64::from(rhythm) / 10.0 / f64::from(place).sqrt() * (-age / HALF_HOURS).exp2();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
            let count = mean as u64 + u64::from(dice.below(1_000) < (mean.fract() * 1_000.0) as u64);
            for _ in 0..count {
                let at = from / 1_000 + i64::try_from(dice.below(3_600)).unwrap_or(0);
                batch.views.push(View { article: *article, at: u32::try_from(at).unwrap_or(0), key: dice.below(u64::MAX) });
            }
            if count > 0 && dice.once_in(6) {
                let reason = Exclusion::ALL[usize::try_from(dice.below(4)).unwrap_or(0)];
                batch.excluded.push((*article, reason, u32::try_from(1 + dice.below(9)).unwrap_or(1)));
            }
        }
        if ago <= SINGLE_HOURS {
            let on = write::begin(db).await?;
            view::keep(&on, (0, ago), from, std::mem::take(&mut batch).pack()).await?;
            write::commit(db, on).await?;
            fold(db, from).await?;
        } else {
            batch.excluded.clear();
        }
    }
    Ok(())
}

/// Lets them read, for ever.
pub async fn live(db: Database, clock: Clock, intake: Arc<Intake>) {
    let mut dice = Dice(clock.now().timestamp_millis().unsigned_abs());
    let mut talked_about = 0;
    for reader in 0_u64.. {
        tokio::time::sleep(PACE).await;
        // What has been published meanwhile is read too.
        let Ok(articles) = articles(&db, clock.now().timestamp_millis()).await else { continue };
        let count = articles.len() as u64;
        if reader % TALK == 0 {
            talked_about = dice.below(count);
        }
        // Half of them read what is talked about; others what comes to hand, some places more than others.
        let place = if dice.once_in(2) { talked_about } else { dice.below(count).min(dice.below(count)) };
        let Some((article, _)) = usize::try_from(place).ok().and_then(|place| articles.get(place)) else { continue };
        // Addresses of RFC 2544, which nobody has.
        let address = format!("198.18.{}.{}", dice.below(256), dice.below(256));
        // One of seventeen is no browser.
        let agent = AGENTS[usize::try_from(dice.below(17)).map_or(0, |number| if number == 16 { 4 } else { number % 4 })];
        let sender = Sender { origin: Origin { address: &address, agent }, is_prefetch: dice.once_in(40), is_app: false };
        let views = if dice.once_in(25) { 2 } else { 1 };
        for _ in 0..views {
            if let Err(error) = intake.record_now(&[*article], sender).await {
                tracing::warn!(error = %error, "An invented view could not be kept: {error}");
            }
        }
    }
}
