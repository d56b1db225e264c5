//! Taking an article away for good, at once, from every surface; and bringing it back.

use serde_json::json;

use super::article::listings;
use super::office::Office;
use super::save::Desk;
use crate::auth::{Need, Permission};
use crate::db::write::{self, Transaction};
use crate::db::{Withdrawal, rows, withdrawal};
use crate::error::{Error, Result};
use crate::journal;
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
}

fn text(field: &str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > longest || text.contains('\0') {
        return Err(Error::invalid(field, format!("must be 1 to {longest} characters")));
    }
    Ok(text.to_owned())
}

impl Office {
    fn check_withdrawal(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::Withdraw))
    }

    /// Takes a published article away. From the commit on no surface shows it, and what knows its addresses says that it
    /// was withdrawn. An import does not bring it back.
    pub async fn withdraw(&self, request: WithdrawalRequest) -> Result<Withdrawal> {
        self.check_withdrawal()?;
        let notice = request.notice.as_deref().map(clean_text).filter(|notice| !notice.is_empty());
        let withdrawal = Withdrawal {
            article_id: request.article,
            at: self.now(),
            actor: self.actor.word(),
            // Cleaned as an import cleans them.
            reason: text("reason", &clean_line(&request.reason), LONGEST.0)?,
            notice: notice.map(|notice| text("notice", &notice, LONGEST.1)).transpose()?,
        };
        let on = write::begin(&self.db).await?;
        if !withdrawal::withdraw(&on, &withdrawal).await? {
            return Err(refusal(&on, request.article, "published").await?);
        }
        let payload = json!({ "reason": withdrawal.reason, "notice": withdrawal.notice });
        journal::append(&on, &[self.entry("withdrawn", "article", request.article, &payload)]).await?;
        write::commit(&self.db, on).await?;
        Ok(withdrawal)
    }

    /// Brings a withdrawn article back to every list that it stood in.
    pub async fn restore(&self, article: i64, reason: &str) -> Result<()> {
        self.check_withdrawal()?;
        let reason = text("reason", reason, LONGEST.0)?;
        let desk = Desk::open(&self.db, &self.actor.word()).await?;
        let on = write::begin(&self.db).await?;
        if !withdrawal::restore(&on, article).await? {
            return Err(refusal(&on, article, "withdrawn").await?);
        }
        let found: Vec<rows::Article> = write::rows_in(&on, "id", &[article]).await?;
        let listed: Vec<rows::Listing> = {
            let above = |channel| desk.ancestors("channel", Some(channel));
            found.iter().flat_map(|row| listings(above, row)).collect()
        };
        write::insert(&on, &listed).await?;
        journal::append(&on, &[self.entry("restored", "article", article, &json!({ "reason": reason }))]).await?;
        write::commit(&self.db, on).await
    }
}

/// Why an article that is not `wanted` cannot be changed so.
async fn refusal(on: &Transaction, article: i64, wanted: &str) -> Result<Error> {
    let Some((_, state)) = withdrawal::lock(on, &[article]).await?.pop() else {
        return Ok(Error::NotFound { what: "the article".into() });
    };
    if state == wanted {
        return Ok(Error::Conflict("no reader has seen the article yet; make it a draft instead".into()));
    }
    Ok(Error::Conflict(format!("the article is {state}, not {wanted}")))
}
