//! Who asks, and when: every read of articles carries both, so that a draft cannot leak by a forgotten condition.

/// Whose eyes an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Anyone: published, not before its time, not expired.
    Public,
    /// Staff: any state. Only look-ups by id; lists are cut from published articles.
    Staff,
}

/// An audience at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Visibility {
    /// Whose eyes.
    pub audience: Audience,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl Visibility {
    /// What staff may see at `now` (milliseconds since 1970).
    pub fn staff(now: i64) -> Self {
        Self { audience: Audience::Staff, now }
    }

    /// What anyone may see at `now` (milliseconds since 1970).
    pub fn public(now: i64) -> Self {
        Self { audience: Audience::Public, now }
    }

    /// The SQL condition on the article row `alias`, with `now` as parameter `$1`. Both audiences use the parameter.
    pub(super) fn condition(audience: Audience, alias: &str) -> String {
        match audience {
            Audience::Public => {
                format!("{alias}.status = 'published' AND {alias}.published_at <= $1 AND {alias}.expires_at > $1")
            }
            Audience::Staff => "CAST($1 AS bigint) IS NOT NULL".into(),
        }
    }
}
