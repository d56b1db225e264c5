//! Writes that carry a key are done once, however often they are sent: what comes of one is written down in its own
//! transaction, and given again to whoever sends it again.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::office::Office;
use crate::db::write::{self, Transaction};
use crate::db::{self, staff};
use crate::error::{Error, Result};

/// The key of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Who sends it: keys of others are other keys.
    pub actor: String,
    /// As it was sent.
    pub key: String,
    /// The field of the operation: each has a write of its own.
    pub path: String,
    /// Fingerprint of the operation with its variables.
    pub request: i64,
}

impl Office {
    /// The office, working for a write with this key.
    #[must_use]
    pub fn with_receipt(mut self, receipt: Option<Receipt>) -> Self {
        self.receipt = receipt;
        self
    }

    /// Does `work` unless a write with the same key has been done: then gives what came of that.
    pub async fn once<T: DeserializeOwned>(&self, work: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        if let Some(done) = self.done_before().await? {
            return serde_json::from_str(&done).map_err(Error::internal);
        }
        let result = work().await;
        match (&result, &self.receipt) {
            // The same may have been sent twice at once, and the other was faster.
            (Err(_), Some(_)) => match self.done_before().await? {
                Some(done) => serde_json::from_str(&done).map_err(Error::internal),
                None => result,
            },
            _ => result,
        }
    }

    /// As [`Self::once`], for what is shown once and kept nowhere.
    pub(super) async fn once_shown<T>(&self, work: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        let over = || Error::Conflict("this was done already with the same idempotency key; its secret was shown then".into());
        if self.done_before().await?.is_some() {
            return Err(over());
        }
        let result = work().await;
        if result.is_err() && self.done_before().await?.is_some() { Err(over()) } else { result }
    }

    /// What came of a write with the same key, as JSON.
    pub(super) async fn done_before(&self) -> Result<Option<String>> {
        let Some(receipt) = &self.receipt else { return Ok(None) };
        let query = staff::receipts(receipt.actor.clone(), receipt.key.clone(), receipt.path.clone());
        let Some((request, result)) = self.db.reader().all(query).await?.into_iter().next() else { return Ok(None) };
        if request != receipt.request {
            return Err(Error::invalid("idempotencyKey", "was sent with another request; take a new key for each"));
        }
        Ok(Some(result))
    }

    /// Writes down what comes of a write that carries a key, in its transaction.
    pub(super) async fn receive<T: Serialize>(&self, on: &Transaction, result: &T) -> Result<()> {
        let Some(Receipt { actor, key, path, request }) = self.receipt.clone() else { return Ok(()) };
        let result = Some(serde_json::to_string(result).map_err(Error::internal)?);
        write::insert(on, &[db::rows::Receipt { actor, key, path, request, result, at: self.now() }]).await
    }
}
