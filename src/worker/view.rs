//! Sums up the views that come, and keeps the rankings.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::error::Result;
use crate::loader::Catalogs;
use crate::ranking::{self, Intake, Keeper, Totals};

/// How often; what came before is in the rankings after it.
const PERIOD: Duration = Duration::from_millis(500);

/// Transactions of views before the rankings have their turn.
const MOST_FOLDS: usize = 8;

/// After how many rounds what nobody needs any more is forgotten.
const FORGETTING: u32 = 600;

/// After how many rounds what other programs have left undone is looked for.
const LOOKING: u32 = 7_200;

/// Works for ever.
pub async fn watch(db: Database, clock: Clock, (catalog, intake): (Catalogs, Arc<Intake>), mut keeper: Keeper) {
    let mut totals = Totals::default();
    let mut round = 0_u32;
    let mut is_failing = false;
    loop {
        tokio::time::sleep(PERIOD).await;
        let result = match intake.follow().await {
            Ok(()) => work(&db, &clock, &catalog, (&mut keeper, &mut totals), round).await,
            failed => failed,
        };
        if let Err(error) = &result
            && !is_failing
        {
            tracing::warn!(error = %error, "Views could not be summed up: {error}");
        }
        is_failing = result.is_err();
        round = round.wrapping_add(1);
    }
}

async fn work(
    db: &Database,
    clock: &Clock,
    catalog: &Catalogs,
    (keeper, totals): (&mut Keeper, &mut Totals),
    round: u32,
) -> Result<()> {
    for _ in 0..MOST_FOLDS {
        let folded = ranking::fold(db, clock.now().timestamp_millis()).await?;
        totals.add(folded.articles);
        if !folded.has_more {
            break;
        }
    }
    let now = clock.now().timestamp_millis();
    keeper.refresh(now).await?;
    totals.write(db).await?;
    if round % LOOKING == 1 {
        totals.look(db).await?;
    }
    if round % FORGETTING == 1 {
        ranking::forget(db, catalog.current().zone, now).await?;
    }
    Ok(())
}
