//! What a list is about, packed into one number: `listing` carries it as its first key column.

/// A list of articles. Channels have two: with everything below them, and without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Every article of the portal.
    Site,
    /// A channel with its subtree.
    Channel(i64),
    /// A channel without its subtree.
    ChannelOnly(i64),
    /// A tag.
    Tag(i64),
    /// A topic.
    Topic(i64),
    /// A source.
    Source(i64),
    /// An author.
    Author(i64),
}

impl Scope {
    /// The number in the database: id × 8 + kind. Ids stay below 2^60.
    pub fn code(self) -> i64 {
        match self {
            Self::Site => 0,
            Self::Channel(id) => id * 8 + 1,
            Self::ChannelOnly(id) => id * 8 + 2,
            Self::Tag(id) => id * 8 + 3,
            Self::Topic(id) => id * 8 + 4,
            Self::Source(id) => id * 8 + 5,
            Self::Author(id) => id * 8 + 6,
        }
    }

    /// The list of that number; none if there is none of it.
    pub fn from_code(code: i64) -> Option<Self> {
        let id = code / 8;
        match code % 8 {
            0 if id == 0 => Some(Self::Site),
            1 => Some(Self::Channel(id)),
            2 => Some(Self::ChannelOnly(id)),
            3 => Some(Self::Tag(id)),
            4 => Some(Self::Topic(id)),
            5 => Some(Self::Source(id)),
            6 => Some(Self::Author(id)),
            _ => None,
        }
    }

    /// The id of what it is about; 0 for the site.
    pub fn id(self) -> i64 {
        self.code() / 8
    }

    /// Whether both are about things of one kind.
    pub fn is_like(self, other: Self) -> bool {
        self.code() % 8 == other.code() % 8
    }

    /// Whether lists with the number `code` have a ranking: the site, channels with their subtree, tags, topics, sources.
    pub fn is_ranked(code: i64) -> bool {
        matches!(code % 8, 0 | 1 | 3..=5)
    }

    /// How few articles such a list has, as a rule: the list to drive a filter of several is the one with the most.
    pub fn selectivity(self) -> u8 {
        match self {
            Self::Site => 0,
            Self::Channel(_) => 1,
            Self::ChannelOnly(_) => 2,
            Self::Source(_) => 3,
            Self::Author(_) => 4,
            Self::Tag(_) => 5,
            Self::Topic(_) => 6,
        }
    }
}
