//! Which articles are one text, and which are about the same: those that share telling words, rare tags and topics, the more and the newer the better. Where
//! nothing of that is found, reading fills up with the newest of the channel (`graphql/relation/related.rs`), which is always fresh.

mod copies;

pub use copies::{same, suspects};

use std::collections::HashSet;

use crate::db::{Reason, Scope};
use crate::error::Result;
use crate::search::{Alike, Document, Index, TellingList, freshness};

/// How many are kept of an article: pages show some eight, the rest is for those that become invisible.
pub const KEPT: usize = 16;

/// How many shared words are told.
const TERMS: usize = 5;

/// What shares less than this part of an article's telling words, and no tag and no topic, is not about the same.
const LEAST: f64 = 0.02;

/// How much a list tells that few stand in, where all words together tell 1. Texts that are clearly about the same share 0.1 of their
/// words and more: a tag that somebody has set by hand counts as much. A channel tips the scales between equals.
const TAG: f32 = 0.15;
const TOPIC: f32 = 0.2;
const CHANNEL: f32 = 0.01;

/// An article that is related to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The article.
    pub article: i64,
    /// Equal for articles with one text; 0 for no other.
    pub cluster: i64,
    /// Why.
    pub reason: Reason,
    /// How much they have in common, about 0 to 1.
    pub score: f64,
    /// The words that both have, the most telling first.
    pub terms: Vec<String>,
}

/// What is related to `document`, the most related first, of what readers see at `now` (milliseconds since 1970); [`choose`] from it. Takes the
/// processor for milliseconds.
pub fn find(index: &Index, document: &Document, now: i64) -> Result<Vec<Relation>> {
    let telling = |list: &i64| Some((*list, weight(Scope::from_code(*list)?)?));
    let lists: Vec<TellingList> = document.lists.iter().filter_map(telling).collect();
    let alike = index.alike(document, &lists, now)?;
    let mut found: Vec<(i64, Relation)> =
        alike.into_iter().filter_map(|alike| Some((alike.published_at, judge(alike, now)?))).collect();
    found.sort_unstable_by(|(a_at, a), (b_at, b)| {
        b.score.total_cmp(&a.score).then_with(|| (b_at, b.article).cmp(&(a_at, a.article)))
    });
    Ok(found.into_iter().map(|(_, relation)| relation).collect())
}

/// The best of `relations`, at most [`KEPT`], for an article of cluster `own`: of one text one, and not its own; by `clusters`, which
/// gives the cluster of an article as the database has it.
pub fn choose(own: i64, relations: Vec<Relation>, clusters: impl Fn(i64) -> i64) -> Vec<Relation> {
    let mut texts = HashSet::from([own]);
    texts.remove(&0);
    let now = |relation: Relation| Relation { cluster: clusters(relation.article), ..relation };
    let chosen = relations.into_iter().map(now).filter(|relation| relation.cluster == 0 || texts.insert(relation.cluster));
    chosen.take(KEPT).collect()
}

fn weight(scope: Scope) -> Option<f32> {
    match scope {
        Scope::Tag(_) => Some(TAG),
        Scope::Topic(_) => Some(TOPIC),
        Scope::ChannelOnly(_) => Some(CHANNEL),
        _ => None,
    }
}

/// What relates an article to `alike`; none if it is too little.
fn judge(alike: Alike, now: i64) -> Option<Relation> {
    let shares = |is_meant: fn(&Scope) -> bool| {
        alike.lists.iter().filter_map(|(list, _)| Scope::from_code(*list)).any(|scope| is_meant(&scope))
    };
    // What people have said goes before what was counted.
    let reason = if shares(|scope| matches!(scope, Scope::Topic(_))) {
        Reason::SameTopic
    } else if shares(|scope| matches!(scope, Scope::Tag(_))) {
        Reason::SharedTags
    } else if alike.likeness >= LEAST {
        Reason::SharedTerms
    } else {
        return None;
    };
    let all = alike.likeness + alike.lists.iter().map(|(_, weight)| weight).sum::<f64>();
    let terms = alike.words.into_iter().take(TERMS).collect();
    let score = all * freshness(now - alike.published_at);
    Some(Relation { article: alike.article, cluster: alike.cluster, reason, score, terms })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(likeness: f64, lists: &[(Scope, f64)], age_days: i64) -> Alike {
        Alike {
            article: 1,
            published_at: -age_days * 86_400_000,
            cluster: 0,
            likeness,
            words: ["氢能", "园区", "公交", "补贴", "加氢站", "车队"].map(str::to_owned).to_vec(),
            lists: lists.iter().map(|(scope, weight)| (scope.code(), *weight)).collect(),
        }
    }

    fn reason(likeness: f64, lists: &[(Scope, f64)]) -> Option<Reason> {
        judge(alike(likeness, lists, 0), 0).map(|relation| relation.reason)
    }

    #[test]
    fn the_reason_is_what_people_have_said_or_else_the_words() {
        let (tag, topic, channel) = ((Scope::Tag(1), 0.1), (Scope::Topic(1), 0.15), (Scope::ChannelOnly(1), 0.01));
        assert_eq!(reason(0.3, &[tag, topic, channel]), Some(Reason::SameTopic));
        assert_eq!(reason(0.0, &[tag, channel]), Some(Reason::SharedTags));
        assert_eq!(reason(0.02, &[channel]), Some(Reason::SharedTerms));
        assert_eq!(reason(0.019, &[channel]), None, "a channel alone is no reason");
    }

    #[test]
    fn of_one_text_one_is_chosen() {
        let relation = |article| Relation { article, cluster: 0, reason: Reason::SharedTerms, score: 0.5, terms: Vec::new() };
        let chosen = |own| -> Vec<i64> {
            let clusters = |article| [0, 7, 8, 8].get(usize::try_from(article).unwrap_or(9)).copied().unwrap_or(0);
            choose(own, (1..=6).map(relation).collect(), clusters).iter().map(|relation| relation.article).collect()
        };
        assert_eq!(chosen(7), [2, 4, 5, 6]);
        assert_eq!(chosen(0), [1, 2, 4, 5, 6]);
        assert_eq!(choose(0, (1..90).map(relation).collect(), |_| 0).len(), KEPT);
    }

    #[test]
    fn more_in_common_wins_over_a_little_newer() {
        let score = |likeness, age| judge(alike(likeness, &[], age), 0).map(|relation| relation.score);
        assert!(score(0.2, 0) > score(0.2, 30) && score(0.2, 30) > score(0.2, 3_000));
        assert!(score(0.3, 3_000) > score(0.2, 0));
        assert_eq!(judge(alike(0.2, &[], 0), 0).map(|relation| relation.terms.len()), Some(TERMS));
    }
}
