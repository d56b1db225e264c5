//! Who asks, and when: every read of articles carries both, so that a draft, or what a contract does not grant, cannot leak by a
//! forgotten condition.

use std::sync::Arc;

use serde::Serialize;

use super::query::{Backend, Param};

/// Whose eyes an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Anyone: published, not before its time, not expired.
    Public,
    /// Staff: any state. Only look-ups by id; lists are cut from published articles.
    Staff,
    /// A partner: what anyone may see, of it what the contract grants.
    Partner {
        /// Only what stands in some lists.
        is_scoped: bool,
        /// But for what stands in others.
        has_exceptions: bool,
    },
}

/// What of the published articles somebody may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What stands in one of these lists (numbers of [`super::Scope`]); empty: everything.
    pub lists: Vec<i64>,
    /// But not what stands in one of these.
    pub except: Vec<i64>,
    /// So many milliseconds after publication.
    pub delay_millis: i64,
}

impl Grant {
    /// Whether it grants all that anyone may see.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// An audience at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Whose eyes.
    pub audience: Audience,
    /// Milliseconds since 1970.
    pub now: i64,
    grant: Option<Arc<Grant>>,
}

/// As parameter `$1` carries it for partners.
#[derive(Serialize)]
struct Packed<'a> {
    now: i64,
    until: i64,
    lists: &'a [i64],
    except: &'a [i64],
}

impl Visibility {
    /// What staff may see at `now` (milliseconds since 1970).
    pub fn staff(now: i64) -> Self {
        Self { audience: Audience::Staff, now, grant: None }
    }

    /// What anyone may see at `now` (milliseconds since 1970).
    pub fn public(now: i64) -> Self {
        Self { audience: Audience::Public, now, grant: None }
    }

    /// What `grant` lets somebody see at `now` (milliseconds since 1970).
    pub fn granted(grant: Grant, now: i64) -> Self {
        if grant.is_everything() {
            return Self::public(now);
        }
        let audience = Audience::Partner { is_scoped: !grant.lists.is_empty(), has_exceptions: !grant.except.is_empty() };
        Self { audience, now, grant: Some(Arc::new(grant)) }
    }

    /// What is granted, if it is not all.
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_deref()
    }

    /// What was published after this instant is not to be seen yet.
    pub fn until(&self) -> i64 {
        self.now - self.grant().map_or(0, |grant| grant.delay_millis)
    }

    /// Parameter `$1` of every statement with one of the conditions below.
    pub(super) fn param(&self) -> Param {
        let Some(grant) = self.grant() else { return Param::Int(self.now) };
        let packed = Packed { now: self.now, until: self.until(), lists: &grant.lists, except: &grant.except };
        Param::Text(serde_json::to_string(&packed).unwrap_or_default())
    }

    /// Whose eyes a list is for: staff see in it what anyone does.
    pub(super) fn of_readers(&self) -> Audience {
        if self.audience == Audience::Staff { Audience::Public } else { self.audience }
    }

    /// The SQL condition on the article row `alias`, with parameter `$1`. All audiences use the parameter.
    pub(super) fn condition(b: Backend, audience: Audience, alias: &str) -> String {
        let now = now(b, audience);
        match audience {
            Audience::Staff => "CAST($1 AS bigint) IS NOT NULL".into(),
            Audience::Public | Audience::Partner { .. } => {
                let granted = granted(b, audience, alias, "id");
                format!("{alias}.status = 'published' AND {alias}.published_at <= {now} AND {alias}.expires_at > {now}{granted}")
            }
        }
    }

    /// The SQL condition on the row `alias` of `listing`, with parameter `$1`, but for its upper end: lists are read from there on.
    pub(super) fn listed(b: Backend, audience: Audience, alias: &str) -> String {
        format!("{alias}.expires_at > {}{}", now(b, audience), granted(b, audience, alias, "article_id"))
    }
}

/// The instant in parameter `$1`.
pub(super) fn now(b: Backend, audience: Audience) -> &'static str {
    match (audience, b) {
        (Audience::Partner { .. }, Backend::Sqlite) => "($1 ->> 'now')",
        (Audience::Partner { .. }, Backend::Postgres) => "($1::text::json ->> 'now')::bigint",
        (Audience::Public | Audience::Staff, _) => "$1",
    }
}

/// What was published after the instant that parameter `$1` has here is not to be seen yet.
pub(super) fn until(b: Backend, audience: Audience) -> &'static str {
    match (audience, b) {
        (Audience::Partner { .. }, Backend::Sqlite) => "($1 ->> 'until')",
        (Audience::Partner { .. }, Backend::Postgres) => "($1::text::json ->> 'until')::bigint",
        (Audience::Public | Audience::Staff, _) => "$1",
    }
}

/// What a contract adds to a condition on a row with `published_at` and the article's number in `id`. `+ 0` keeps a bound of time from
/// being taken for the way in.
pub(super) fn granted(b: Backend, audience: Audience, alias: &str, id: &str) -> String {
    granted_by(b, audience, alias, id, "listing")
}

/// The same for a row of `tombstone`: what has left the lists of a contract. Whose source lets nothing be passed on by now may have
/// been passed on before, and is told of too.
pub(super) fn granted_of_gone(b: Backend, audience: Audience, alias: &str) -> String {
    let audience = match audience {
        Audience::Partner { is_scoped, .. } => Audience::Partner { is_scoped, has_exceptions: false },
        other => other,
    };
    granted_by(b, audience, alias, "article_id", "tombstone")
}

fn granted_by(b: Backend, audience: Audience, alias: &str, id: &str, table: &str) -> String {
    let Audience::Partner { is_scoped, has_exceptions } = audience else { return String::new() };
    let stands_in = |lists: &str| {
        let among = match b {
            Backend::Sqlite => format!("IN (SELECT value FROM json_each($1 -> '{lists}'))"),
            Backend::Postgres => {
                format!("= ANY(ARRAY(SELECT json_array_elements_text($1::text::json -> '{lists}')::bigint))")
            }
        };
        format!(
            "EXISTS (SELECT 1 FROM {table} g WHERE g.scope {among} AND g.published_at = {alias}.published_at \
             AND g.article_id = {alias}.{id})"
        )
    };
    let mut text = format!(" AND {alias}.published_at + 0 <= {}", until(b, audience));
    if is_scoped {
        text = format!("{text} AND {}", stands_in("lists"));
    }
    if has_exceptions {
        text = format!("{text} AND NOT {}", stands_in("except"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_of_everything_is_what_anyone_sees() {
        assert_eq!(Visibility::granted(Grant::default(), 7), Visibility::public(7));
        let seen = Visibility::granted(Grant { delay_millis: 5, ..Grant::default() }, 7);
        assert_eq!((seen.until(), seen.audience), (2, Audience::Partner { is_scoped: false, has_exceptions: false }));
        assert!(matches!(seen.param(), Param::Text(text) if text == r#"{"now":7,"until":2,"lists":[],"except":[]}"#));
    }
}
