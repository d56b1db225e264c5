//! Taking an article away for good, at once, from every surface; and bringing it back.

use serde_json::json;

use super::live;
use super::manuscript::Seen;
use super::office::Office;
use super::state::Step;
use crate::auth::{Need, Permission};
use crate::db::takedown::{Places, places};
use crate::db::{Manuscript, Withdrawal, write};
use crate::error::{Error, Result};
use crate::text::{clean_line, clean_text};

/// Most characters of a reason, and of what readers are told.
const LONGEST: (usize, usize) = (2_000, 500);

/// An article that shall be taken away.
#[derive(Clone, Debug)]
pub struct WithdrawalRequest {
    /// Which.
    pub article: i64,
    /// Why, for those who work here.
    pub reason: String,
    /// What readers are told beside that it was withdrawn.
    pub notice: Option<String>,
    /// The complaint that it answers, which is upheld with it.
    pub takedown: Option<i64>,
}

fn text(field: &str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > longest || text.contains('\0') {
        return Err(Error::invalid(field, format!("must be 1 to {longest} characters")));
    }
    Ok(text.to_owned())
}

impl Office {
    /// Takes a published article away. From the commit on no surface shows it, and what knows its addresses says that it
    /// was withdrawn. An import does not bring it back. Its next draft, if it had one, stays among its revisions.
    pub async fn withdraw(&self, request: WithdrawalRequest) -> Result<Manuscript> {
        let notice = request.notice.as_deref().map(clean_text).filter(|notice| !notice.is_empty());
        // Cleaned as an import cleans them.
        let reason = text("reason", &clean_line(&request.reason), LONGEST.0)?;
        let notice = notice.map(|notice| text("notice", &notice, LONGEST.1)).transpose()?;
        let (mut work, next) = self.take(Seen { article: request.article, version: None }, Step::Withdraw).await?;
        let withdrawal = Withdrawal { article_id: request.article, at: work.now, actor: self.actor.word(), reason, notice };
        // Where it stands until now: what a report can be compared with.
        let places = Places { rankings: self.rankings_of(work.row.id), ..places(&work.on, work.row.id).await? };
        work.drop_draft();
        live::hide(&work.on, &mut work.row, next.0, work.now).await?;
        write::insert(&work.on, std::slice::from_ref(&withdrawal)).await?;
        let payload = json!({ "reason": withdrawal.reason, "notice": withdrawal.notice, "places": places });
        if let Some(case) = request.takedown {
            self.actor.check(Need::May(Permission::ManageTakedowns))?;
            let of = Some(request.article);
            self.close(&work.on, ("takedown", case), of, true, Some(withdrawal.reason.clone())).await?;
        }
        self.done(work, "withdrawn", next, payload).await
    }

    /// Brings a withdrawn article back to every list that it stood in.
    pub async fn restore(&self, article: i64, reason: &str) -> Result<Manuscript> {
        let reason = text("reason", reason, LONGEST.0)?;
        let (mut work, next) = self.take(Seen { article, version: None }, Step::Restore).await?;
        write::delete(&work.on, "withdrawal", "article_id", &[article]).await?;
        // With the end that it had; what is over is taken off at once.
        work.row.expires_at = work.paper.unpublish_at.unwrap_or(i64::MAX);
        if work.paper.live == 0 {
            work.paper.live = work.paper.head;
        }
        live::show(&work.on, &mut work.row).await?;
        self.done(work, "restored", next, json!({ "reason": reason })).await
    }
}
