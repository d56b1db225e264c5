//! Views that apps report.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::scalar::DateTime;
use crate::ranking::{Origin, Sender};

/// Most views of one request.
const MOST: usize = 500;

/// The part of the mutations that is about views.
#[derive(Default)]
pub struct Views;

/// Somebody has read an article. 阅读记录
#[derive(InputObject)]
pub struct ViewInput {
    /// What. 文章
    article: ID,
    /// When, at most a day ago; none: now. 阅读时间
    at: Option<DateTime>,
}

/// What was read, also while there was no network. 上报阅读
#[derive(InputObject)]
pub struct RecordViewsInput {
    /// 1 to 500 views.
    views: Vec<ViewInput>,
}

/// What became of reported views.
#[derive(SimpleObject)]
pub struct RecordViewsPayload {
    /// How many were taken. Whether they count is decided later: a visitor counts once per article in 30 minutes.
    recorded: i32,
    /// Those that were not taken, each with its place: they are too old, of the future, or of no article's id.
    user_errors: Vec<UserError>,
}

#[Object]
impl Views {
    /// Reports what was read. The answer comes when it is kept; those that cannot be taken do not hinder the others. 上报阅读
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn record_views(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was read, and when.")] input: RecordViewsInput,
    ) -> Result<RecordViewsPayload> {
        let operation = Operation::of(context);
        if input.views.is_empty() || input.views.len() > MOST {
            let (_, user_errors) = outcome::<()>(Err(Error::invalid("views", format!("must be 1 to {MOST}"))))?;
            return Ok(RecordViewsPayload { recorded: 0, user_errors });
        }
        let now = operation.clock.now().timestamp_millis();
        let (mut taken, mut user_errors) = (Vec::with_capacity(input.views.len()), Vec::new());
        for (place, view) in input.views.iter().enumerate() {
            let at = view.at.as_ref().map_or(now, |at| at.0.timestamp_millis());
            let read = number(&format!("views[{place}].article"), &view.article, Kind::Article).and_then(|article| {
                let message = "must lie within the last 24 hours";
                let is_timely = operation.intake().is_timely(at);
                is_timely.then_some((article, at)).ok_or_else(|| Error::invalid(format!("views[{place}].at"), message))
            });
            let (view, mut errors) = outcome(read)?;
            taken.extend(view);
            user_errors.append(&mut errors);
        }
        let caller = &operation.caller;
        let origin = Origin { address: &caller.address, agent: &caller.agent };
        operation.intake().record(&taken, Sender { origin, is_prefetch: false, is_app: true }).await?;
        Ok(RecordViewsPayload { recorded: i32::try_from(taken.len()).unwrap_or(i32::MAX), user_errors })
    }
}
