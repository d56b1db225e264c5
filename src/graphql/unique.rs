//! Blocks of one operation that do not repeat what an earlier one shows. A block takes a ticket when its resolver
//! starts, which is in the order of the document; it asks for as many spare items as the earlier blocks can take away,
//! waits until those have chosen, and chooses among the rest.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Context;
use tokio::sync::watch;

/// A block that belongs to a group.
#[derive(Clone, Debug)]
pub struct Block {
    group: String,
    /// Where it stands in the answer: a field that the document names twice under one key is one block.
    path: String,
}

impl Block {
    /// The block whose resolver `context` is, if it names a group.
    pub fn at(context: &Context<'_>, group: Option<String>) -> Option<Self> {
        let path = context.path_node.as_ref().map(ToString::to_string).unwrap_or_default();
        group.map(|group| Self { group, path })
    }
}

/// How many items a block has chosen: none until it has.
type Choice = Option<Arc<Vec<i64>>>;

struct Ticket {
    path: String,
    wants: usize,
    choice: watch::Receiver<Choice>,
}

/// The groups of one operation, by name.
#[derive(Default)]
pub struct Groups(Mutex<HashMap<String, Vec<Arc<Ticket>>>>);

/// A block's place in its group.
pub struct Turn {
    earlier: Vec<Arc<Ticket>>,
    role: Role,
}

enum Role {
    /// Chooses.
    First(watch::Sender<Choice>),
    /// Is a block that the document has named before, and shows what that one has chosen.
    Again(Arc<Ticket>),
}

impl Groups {
    /// Takes the next place in the group of `block`, which shows at most `wants` items; nothing without a group.
    pub fn join(&self, block: Option<&Block>, wants: usize) -> Option<Turn> {
        let block = block?;
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tickets = groups.entry(block.group.clone()).or_default();
        if let Some(place) = tickets.iter().position(|t| t.path == block.path) {
            return Some(Turn { earlier: tickets[..place].to_vec(), role: Role::Again(Arc::clone(&tickets[place])) });
        }
        let (own, choice) = watch::channel(None);
        let earlier = tickets.clone();
        tickets.push(Arc::new(Ticket { path: block.path.clone(), wants, choice }));
        Some(Turn { earlier, role: Role::First(own) })
    }
}

impl Ticket {
    /// What the block shows; nothing if it failed.
    async fn chosen(&self) -> Vec<i64> {
        let mut choice = self.choice.clone();
        choice.wait_for(Option::is_some).await.ok().and_then(|ids| ids.as_ref().map(|ids| ids.to_vec())).unwrap_or_default()
    }
}

impl Turn {
    /// How many items earlier blocks may take away.
    pub fn spare(&self) -> usize {
        self.earlier.iter().map(|t| t.wants).sum()
    }

    /// What earlier blocks show.
    async fn taken(&self) -> HashSet<i64> {
        let mut taken = HashSet::new();
        for ticket in &self.earlier {
            taken.extend(ticket.chosen().await);
        }
        taken
    }
}

/// How many more rows a block must ask for.
pub fn spare(turn: Option<&Turn>) -> i64 {
    turn.map_or(0, |t| i64::try_from(t.spare()).unwrap_or(i64::MAX))
}

/// The first `most` of `items` that no earlier block of the group shows. A block that is content with them says so with
/// [`settle`]; one that is not may look at other items first.
pub async fn free<T>(turn: Option<&Turn>, items: Vec<T>, most: usize, id_of: impl Fn(&T) -> i64) -> Vec<T> {
    match turn.map(|turn| (turn, &turn.role)) {
        None => items.into_iter().take(most).collect(),
        Some((turn, Role::First(_))) => {
            let taken = turn.taken().await;
            items.into_iter().filter(|item| !taken.contains(&id_of(item))).take(most).collect()
        }
        Some((_, Role::Again(ticket))) => {
            let chosen: HashSet<i64> = ticket.chosen().await.into_iter().collect();
            items.into_iter().filter(|item| chosen.contains(&id_of(item))).collect()
        }
    }
}

/// Tells the later blocks of the group what this one shows.
pub fn settle<T>(turn: Option<Turn>, shown: &[T], id_of: impl Fn(&T) -> i64) {
    if let Some(Turn { role: Role::First(own), .. }) = turn {
        own.send_replace(Some(Arc::new(shown.iter().map(id_of).collect())));
    }
}

/// [`free`] and [`settle`]: the block shows what it gets.
pub async fn pick<T>(turn: Option<Turn>, items: Vec<T>, most: usize, id_of: impl Fn(&T) -> i64) -> Vec<T> {
    let picked = free(turn.as_ref(), items, most, &id_of).await;
    settle(turn, &picked, id_of);
    picked
}
