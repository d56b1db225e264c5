//! Blocks of one operation that do not repeat what an earlier one shows. A block takes a ticket when its resolver
//! starts, which is in the order of the document; it asks for as many spare items as the earlier blocks can take away,
//! waits until those have chosen, and chooses among the rest.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// How many items a block has chosen: none until it has.
type Choice = Option<Arc<Vec<i64>>>;

struct Ticket {
    wants: usize,
    choice: watch::Receiver<Choice>,
}

/// The groups of one operation, by name.
#[derive(Default)]
pub struct Groups(Mutex<HashMap<String, Vec<Arc<Ticket>>>>);

/// A block's place in its group.
pub struct Turn {
    earlier: Vec<Arc<Ticket>>,
    own: watch::Sender<Choice>,
}

impl Groups {
    /// Takes the next place in `group` for a block that shows at most `wants` items; nothing without a group.
    pub fn join(&self, group: Option<&str>, wants: usize) -> Option<Turn> {
        let (own, choice) = watch::channel(None);
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tickets = groups.entry(group?.to_owned()).or_default();
        let earlier = tickets.clone();
        tickets.push(Arc::new(Ticket { wants, choice }));
        Some(Turn { earlier, own })
    }
}

impl Turn {
    /// How many items earlier blocks may take away.
    pub fn spare(&self) -> usize {
        self.earlier.iter().map(|t| t.wants).sum()
    }

    /// What earlier blocks show. A block that failed shows nothing.
    pub async fn taken(&self) -> HashSet<i64> {
        let mut taken = HashSet::new();
        for ticket in &self.earlier {
            let mut choice = ticket.choice.clone();
            if let Ok(chosen) = choice.wait_for(Option::is_some).await {
                taken.extend(chosen.iter().flat_map(|ids| ids.iter().copied()));
            }
        }
        taken
    }

    /// Tells later blocks what this one shows.
    pub fn choose(self, ids: Vec<i64>) {
        self.own.send_replace(Some(Arc::new(ids)));
    }
}

/// How many more rows a block must ask for.
pub fn spare(turn: Option<&Turn>) -> i64 {
    turn.map_or(0, |t| i64::try_from(t.spare()).unwrap_or(i64::MAX))
}

/// The first `most` of `items` that no earlier block of the group shows.
pub async fn pick<T>(turn: Option<Turn>, items: Vec<T>, most: usize, id_of: impl Fn(&T) -> i64) -> Vec<T> {
    let Some(turn) = turn else {
        return items.into_iter().take(most).collect();
    };
    let taken = turn.taken().await;
    let picked: Vec<T> = items.into_iter().filter(|item| !taken.contains(&id_of(item))).take(most).collect();
    turn.choose(picked.iter().map(id_of).collect());
    picked
}
