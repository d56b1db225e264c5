//! The way of an article, as one table: which step leads from where to where. Nothing here looks at who takes a step
//! (`auth::policy`) or writes it down (`manuscript`).

use State::{Approved, Archived, Draft, InReview, Published, Rejected, Scheduled, Withdrawn};

/// Where an article is on its way. What readers see is another question: a published article stays live while its next
/// draft goes the same way again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Being written.
    Draft,
    /// Handed in.
    InReview,
    /// Sent back, with a note.
    Rejected,
    /// Fit to be published.
    Approved,
    /// Will be published at its time.
    Scheduled,
    /// As readers see it.
    Published,
    /// Taken away for good.
    Withdrawn,
    /// Put away: taken off without a notice, or never published.
    Archived,
}

impl State {
    /// All, in the order of the way.
    pub const ALL: [Self; 8] = [Draft, InReview, Rejected, Approved, Scheduled, Published, Withdrawn, Archived];

    /// As the database writes it.
    pub fn word(self) -> &'static str {
        match self {
            Draft => "draft",
            InReview => "in_review",
            Rejected => "rejected",
            Approved => "approved",
            Scheduled => "scheduled",
            Published => "published",
            Withdrawn => "withdrawn",
            Archived => "archived",
        }
    }

    /// The state of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident $field:literal: $($from:ident)* [$live:ident] => $to:expr, [$after:ident];)*) => {
        /// A step on the way.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Step { $($(#[$doc])* $name,)* }

        impl Step {
            /// All, in the order of the table.
            pub const ALL: [Self; [$($field),*].len()] = [$(Self::$name),*];

            /// The mutation that takes it.
            pub fn field(self) -> &'static str {
                match self { $(Self::$name => $field,)* }
            }

            fn row(self) -> (&'static [State], Visible, To, After) {
                match self { $(Self::$name => (&[$($from),*], Visible::$live, $to, After::$after),)* }
            }
        }
    };
}

/// Whether readers must see the article for a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visible {
    Must,
    MustNot,
    May,
}

/// Where a step leads.
#[derive(Clone, Copy)]
enum To {
    /// There.
    State(State),
    /// Nowhere else.
    Same,
    /// To a draft, but for what is in review: that stays there.
    Reworked,
}

/// Whether readers see the article after a step.
#[derive(Clone, Copy)]
enum After {
    Shown,
    Hidden,
    AsBefore,
}

// The table. Whoever changes it changes `docs/workflow.md`, which a test compares.
steps! {
    /// Write on.
    Update "updateArticle": Draft InReview Rejected Approved Published [May] => To::Reworked, [AsBefore];
    /// Hand in.
    Submit "submitArticle": Draft Rejected [May] => To::State(InReview), [AsBefore];
    /// Take back what was handed in.
    Recall "recallArticle": InReview [May] => To::State(Draft), [AsBefore];
    /// Find fit to be published.
    Approve "approveArticle": InReview [May] => To::State(Approved), [AsBefore];
    /// Send back, with a note.
    Reject "rejectArticle": InReview Approved [May] => To::State(Rejected), [AsBefore];
    /// Give it a time.
    Schedule "scheduleArticle": Approved Scheduled [May] => To::State(Scheduled), [AsBefore];
    /// Take its time away.
    Unschedule "unscheduleArticle": Scheduled [May] => To::State(Approved), [AsBefore];
    /// Show it to readers.
    Publish "publishArticle": Approved Scheduled [May] => To::State(Published), [Shown];
    /// Drop the next draft of what readers see.
    Discard "discardArticleDraft": Draft InReview Rejected Approved [Must] => To::State(Published), [AsBefore];
    /// Say when readers will see it no more.
    Limit "limitArticle": Draft InReview Rejected Approved Scheduled Published [Must] => To::Same, [AsBefore];
    /// Take it off without a notice.
    Unpublish "unpublishArticle": Draft InReview Rejected Approved Scheduled Published [Must] => To::State(Archived), [Hidden];
    /// Take it away for good, with a notice.
    Withdraw "withdrawArticle": Draft InReview Rejected Approved Scheduled Published [Must] => To::State(Withdrawn), [Hidden];
    /// Bring it back.
    Restore "restoreArticle": Withdrawn [MustNot] => To::State(Published), [Shown];
    /// Put away what readers do not see.
    Archive "archiveArticle": Draft Rejected Approved [MustNot] => To::State(Archived), [AsBefore];
    /// Take out again what was put away.
    Reopen "reopenArticle": Archived [MustNot] => To::State(Draft), [AsBefore];
}

impl Step {
    /// Where it leads from `state`, and whether readers see the article then; nothing where it cannot be taken.
    pub fn from(self, state: State, is_live: bool) -> Option<(State, bool)> {
        let (from, live, to, after) = self.row();
        if !from.contains(&state) || live == (if is_live { Visible::MustNot } else { Visible::Must }) {
            return None;
        }
        let to = match to {
            To::Same => state,
            To::Reworked if state == InReview => InReview,
            To::Reworked => Draft,
            To::State(state) => state,
        };
        let is_live = match after {
            After::Shown => true,
            After::Hidden => false,
            After::AsBefore => is_live,
        };
        Some((to, is_live))
    }

    /// The steps that can be taken from `state`.
    pub fn all_from(state: State, is_live: bool) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |step| step.from(state, is_live).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of step and state, for what is not live and for what is: where it leads, and `!` where readers see it then.
    /// Written by hand from the product's words, not from the table above.
    const EXPECTED: &str = "
        step       draft     in_review rejected  approved  scheduled published withdrawn archived
        Update     draft     in_review draft     draft     -         -         -         -
        Submit     in_review -         in_review -         -         -         -         -
        Recall     -         draft     -         -         -         -         -         -
        Approve    -         approved  -         -         -         -         -         -
        Reject     -         rejected  -         rejected  -         -         -         -
        Schedule   -         -         -         scheduled scheduled -         -         -
        Unschedule -         -         -         -         approved  -         -         -
        Publish    -         -         -         published! published! -       -         -
        Discard    -         -         -         -         -         -         -         -
        Limit      -         -         -         -         -         -         -         -
        Unpublish  -         -         -         -         -         -         -         -
        Withdraw   -         -         -         -         -         -         -         -
        Restore    -         -         -         -         -         -         published! -
        Archive    archived  -         archived  archived  -         -         -         -
        Reopen     -         -         -         -         -         -         -         draft
        live
        Update     draft!    in_review! draft!   draft!    -         draft!    -         -
        Submit     in_review! -        in_review! -        -         -         -         -
        Recall     -         draft!    -         -         -         -         -         -
        Approve    -         approved! -         -         -         -         -         -
        Reject     -         rejected! -         rejected! -         -         -         -
        Schedule   -         -         -         scheduled! scheduled! -       -         -
        Unschedule -         -         -         -         approved! -         -         -
        Publish    -         -         -         published! published! -       -         -
        Discard    published! published! published! published! -     -         -         -
        Limit      draft!    in_review! rejected! approved! scheduled! published! -     -
        Unpublish  archived  archived  archived  archived  archived  archived  -         -
        Withdraw   withdrawn withdrawn withdrawn withdrawn withdrawn withdrawn -         -
        Restore    -         -         -         -         -         -         -         -
        Archive    -         -         -         -         -         -         -         -
        Reopen     -         -         -         -         -         -         -         -";

    /// States that an article cannot be in while readers see it, or while they do not.
    fn can_be(state: State, is_live: bool) -> bool {
        match state {
            Published => is_live,
            Withdrawn | Archived => !is_live,
            _ => true,
        }
    }

    #[test]
    fn every_pair_leads_where_it_should() {
        let (_, tables) = EXPECTED.split_once("archived\n").expect("a head");
        let mut pairs = 0;
        for (is_live, table) in [false, true].into_iter().zip(tables.split("live\n")) {
            let lines: Vec<&str> = table.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
            assert_eq!(lines.len(), Step::ALL.len());
            for (step, line) in Step::ALL.into_iter().zip(lines) {
                let mut words = line.split_whitespace();
                assert_eq!(words.next(), Some(format!("{step:?}").as_str()));
                for (state, expected) in State::ALL.into_iter().zip(words) {
                    if !can_be(state, is_live) {
                        continue;
                    }
                    let found = step.from(state, is_live);
                    let found = found.map_or("-".into(), |(to, live)| format!("{}{}", to.word(), if live { "!" } else { "" }));
                    assert_eq!(found, expected, "{step:?} from {state:?}, live: {is_live}");
                    assert!(step.from(state, is_live).is_none_or(|(to, live)| can_be(to, live)), "{step:?} from {state:?}");
                    pairs += 1;
                }
            }
        }
        assert_eq!(pairs, Step::ALL.len() * 13);
    }

    #[test]
    fn every_state_is_reached_and_left() {
        for state in State::ALL {
            let from = |(other, live)| Step::ALL.iter().any(|s| s.from(other, live).is_some_and(|(to, _)| to == state));
            let others =
                State::ALL.into_iter().flat_map(|s| [(s, false), (s, true)]).filter(|(s, l)| *s != state && can_be(*s, *l));
            assert!(others.clone().any(from), "{state:?} is not reached");
            let leaves = [false, true].into_iter().filter(|live| can_be(state, *live));
            assert!(
                leaves
                    .flat_map(|live| Step::all_from(state, live).map(move |s| s.from(state, live)))
                    .any(|to| to.is_some_and(|(t, _)| t != state)),
                "{state:?} is not left"
            );
            assert_eq!(State::from_word(state.word()), Some(state));
        }
    }
}
