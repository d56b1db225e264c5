//! Tells those who follow the journal that something may have been committed. Ringing too often costs a look; who
//! misses a ring looks again soon, so nothing depends on it but the delay.

use std::sync::Arc;

use tokio::sync::watch;

/// One for each open database; clones ring together.
#[derive(Clone, Debug)]
pub struct Bell(Arc<watch::Sender<u64>>);

impl Bell {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    pub(super) fn ring(&self) {
        self.0.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Changes with every ring from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
