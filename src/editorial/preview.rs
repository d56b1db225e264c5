//! Showing a revision to somebody without an account, for a time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::office::Office;
use super::state::State;
use crate::auth::{Need, Permission, Preview};
use crate::db::manuscript::{self as paper, Wait};
use crate::db::write;
use crate::db::{Database, staff};
use crate::error::{Error, Result};
use crate::journal;

/// Longest time that a token works, in hours: a week.
const LONGEST_HOURS: i64 = 168;

/// The name of the secret that signs.
const SECRET: &str = "preview";

impl Office {
    /// A token that shows revision `number` of an article, or its newest one, for `hours`; and until when (milliseconds since
    /// 1970).
    pub async fn create_preview(&self, article: i64, number: Option<i64>, hours: i64) -> Result<(String, i64)> {
        self.once_shown(async || self.sign_preview(article, number, hours).await).await
    }

    async fn sign_preview(&self, article: i64, number: Option<i64>, hours: i64) -> Result<(String, i64)> {
        self.actor.check(Need::May(Permission::ReadDrafts))?;
        if !(1..=LONGEST_HOURS).contains(&hours) {
            return Err(Error::invalid("hours", format!("must be between 1 and {LONGEST_HOURS}")));
        }
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(Error::internal)?;
        let on = self.begin().await?;
        let none = || Error::NotFound { what: "the article".into() };
        let (_, paper) = paper::lock(&on, &[article], Wait::Patiently).await?.pop().ok_or_else(none)?;
        if paper.state == State::Withdrawn.word() {
            return Err(Error::Conflict("the article was withdrawn, and nobody is shown what was withdrawn".into()));
        }
        let revision = number.unwrap_or(paper.head);
        if (revision != 0 || paper.head != 0) && write::revisions_in(&on, &[(article, revision)]).await?.is_empty() {
            return Err(Error::invalid("revision", "is no revision of this article"));
        }
        let secret = write::secret(&on, SECRET, &STANDARD.encode(random)).await?;
        let expires_at = self.now() + hours * 3_600_000;
        let payload = json!({ "revision": revision, "expiresAt": expires_at });
        journal::append(&on, &[self.entry("previewed", "article", article, &payload)]).await?;
        let secret = STANDARD.decode(secret).map_err(Error::internal)?;
        let token = Preview { article, revision, expires_at }.sign(&secret);
        self.commit(on, ()).await?;
        Ok((token, expires_at))
    }
}

/// What the token of a preview opens at `now` (milliseconds since 1970).
pub async fn preview_of(db: &Database, token: &str, now: i64) -> Result<Preview> {
    let bad = || Error::invalid("by.preview", "is no preview of this portal, or is over; ask for a new one");
    let secret = db.reader().all(staff::secrets(SECRET)).await?.into_iter().next().ok_or_else(bad)?;
    let secret = STANDARD.decode(secret).map_err(Error::internal)?;
    Preview::read(token, &secret, now).ok_or_else(bad)
}
