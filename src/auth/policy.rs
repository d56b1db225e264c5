//! What each role may do, in one table; and what each guarded field of the API needs, in another.

use Role::{Chief, Contributor, Editor, Operator, Reader};

/// What somebody who works for the portal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Looks at what is not published yet.
    Reader,
    /// Writes, and hands in for review.
    Contributor,
    /// Reviews and publishes.
    Editor,
    /// Answers for the portal.
    Chief,
    /// Keeps it running.
    Operator,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Self; 5] = [Reader, Contributor, Editor, Chief, Operator];

    /// As the database and the command line write it.
    pub fn word(self) -> &'static str {
        match self {
            Reader => "reader",
            Contributor => "contributor",
            Editor => "editor",
            Chief => "chief",
            Operator => "operator",
        }
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident $word:literal: $($role:ident)*;)*) => {
        /// Something that not everybody may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// All, in the order of the table.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// As scopes of keys and messages write it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$($role),*],)* }
            }
        }
    };
}

// The table. Whoever changes it changes `docs/roles.md`, which a test compares.
permissions! {
    /// See drafts, what waits for review, what is withdrawn.
    ReadDrafts "articles:read": Reader Contributor Editor Chief Operator;
    /// Begin articles; write on, hand in and take back one's own.
    WriteArticles "articles:write": Contributor Editor Chief Operator;
    /// The same with everybody's.
    EditArticles "articles:edit": Editor Chief Operator;
    /// Find articles fit to be published, or send them back.
    ReviewArticles "articles:review": Editor Chief Operator;
    /// Find those fit to be published that sensitive words hold up.
    ClearArticles "articles:clear": Chief Operator;
    /// Publish articles, give them their times, take them off.
    PublishArticles "articles:publish": Editor Chief Operator;
    /// Take articles away for good, and bring them back.
    Withdraw "articles:withdraw": Editor Chief Operator;
    /// See complaints and decide them.
    ManageTakedowns "takedowns:manage": Editor Chief Operator;
    /// Make and change tags, topics, sources, authors and pictures.
    ManageNouns "nouns:manage": Editor Chief Operator;
    /// Fill the slots of pages.
    ManagePlacements "placements:manage": Editor Chief Operator;
    /// Change channels, navigation, footer pages and the portal's settings.
    ManageSite "site:manage": Chief Operator;
    /// Keep the list of words to look out for.
    ManageWords "words:manage": Chief Operator;
    /// Keep the portal's own words for search, and have the index built anew.
    ManageSearch "search:manage": Chief Operator;
    /// See how much is read, and what does not count.
    ReadStats "stats:read": Reader Contributor Editor Chief Operator;
    /// See the journal of all changes.
    ReadAudit "audit:read": Chief Operator;
    /// Make, change and close accounts.
    ManageAccounts "accounts:manage": Operator;
    /// Make and revoke keys of programs.
    ManageKeys "keys:manage": Operator;
    /// Make, change and end contracts of partners, and make their keys.
    ManageContracts "contracts:manage": Chief Operator;
    /// See how many SQL statements an operation costs.
    SeeCosts "costs:read": Operator;
}

impl Permission {
    /// Whether the table gives it to `role`.
    pub fn is_granted_to(self, role: Role) -> bool {
        self.roles().contains(&role)
    }

    /// The permission of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.word() == word)
    }
}

/// What a field needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anyone may.
    Nothing,
    /// An account of one's own.
    SignedIn,
    /// A permission.
    May(Permission),
}

/// Every mutation, and every other field that is not for all, with what it needs. A mutation that is not here is refused.
pub const FIELDS: &[(&str, Need)] = &[
    ("Query.accounts", Need::May(Permission::ManageAccounts)),
    ("Query.apiKeys", Need::May(Permission::ManageKeys)),
    ("Query.auditLog", Need::May(Permission::ReadAudit)),
    ("Mutation.signIn", Need::Nothing),
    ("Mutation.refreshSession", Need::Nothing),
    ("Mutation.signOut", Need::SignedIn),
    ("Mutation.changePassword", Need::SignedIn),
    ("Mutation.createAccount", Need::May(Permission::ManageAccounts)),
    ("Mutation.updateAccount", Need::May(Permission::ManageAccounts)),
    ("Mutation.resetPassword", Need::May(Permission::ManageAccounts)),
    ("Mutation.disableAccount", Need::May(Permission::ManageAccounts)),
    ("Mutation.enableAccount", Need::May(Permission::ManageAccounts)),
    ("Query.manuscript", Need::May(Permission::ReadDrafts)),
    ("Manuscript.content", Need::May(Permission::ReadDrafts)),
    ("Manuscript.preview", Need::May(Permission::ReadDrafts)),
    ("Manuscript.revisions", Need::May(Permission::ReadDrafts)),
    ("Manuscript.diff", Need::May(Permission::ReadDrafts)),
    ("Manuscript.duplicates", Need::May(Permission::ReadDrafts)),
    ("Query.manuscripts", Need::May(Permission::ReadDrafts)),
    ("Query.manuscriptCounts", Need::May(Permission::ReadDrafts)),
    ("Mutation.createArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.updateArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.submitArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.recallArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.approveArticle", Need::May(Permission::ReviewArticles)),
    ("Mutation.rejectArticle", Need::May(Permission::ReviewArticles)),
    ("Mutation.scheduleArticle", Need::May(Permission::PublishArticles)),
    ("Mutation.unscheduleArticle", Need::May(Permission::PublishArticles)),
    ("Mutation.publishArticle", Need::May(Permission::PublishArticles)),
    ("Mutation.discardArticleDraft", Need::May(Permission::WriteArticles)),
    ("Mutation.limitArticle", Need::May(Permission::PublishArticles)),
    ("Mutation.unpublishArticle", Need::May(Permission::PublishArticles)),
    ("Mutation.archiveArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.reopenArticle", Need::May(Permission::WriteArticles)),
    ("Mutation.createPreview", Need::May(Permission::ReadDrafts)),
    ("Mutation.restoreRevision", Need::May(Permission::WriteArticles)),
    ("Mutation.createChannel", Need::May(Permission::ManageSite)),
    ("Mutation.createTag", Need::May(Permission::ManageNouns)),
    ("Mutation.createTopic", Need::May(Permission::ManageNouns)),
    ("Mutation.createSource", Need::May(Permission::ManageNouns)),
    ("Mutation.createAuthor", Need::May(Permission::ManageNouns)),
    ("Mutation.createMedia", Need::May(Permission::ManageNouns)),
    ("Mutation.createPage", Need::May(Permission::ManageSite)),
    ("Mutation.createNavigationItem", Need::May(Permission::ManageSite)),
    ("Mutation.updateChannel", Need::May(Permission::ManageSite)),
    ("Mutation.updateTag", Need::May(Permission::ManageNouns)),
    ("Mutation.updateTopic", Need::May(Permission::ManageNouns)),
    ("Mutation.updateSource", Need::May(Permission::ManageNouns)),
    ("Mutation.updateAuthor", Need::May(Permission::ManageNouns)),
    ("Mutation.updateMedia", Need::May(Permission::ManageNouns)),
    ("Mutation.updatePage", Need::May(Permission::ManageSite)),
    ("Mutation.updateNavigationItem", Need::May(Permission::ManageSite)),
    ("Mutation.updateSite", Need::May(Permission::ManageSite)),
    ("Mutation.deletePage", Need::May(Permission::ManageSite)),
    ("Mutation.deleteNavigationItem", Need::May(Permission::ManageSite)),
    ("Mutation.setPlacement", Need::May(Permission::ManagePlacements)),
    ("Query.placementSlots", Need::May(Permission::ManagePlacements)),
    ("Query.viewStats", Need::May(Permission::ReadStats)),
    ("Mutation.recordViews", Need::Nothing),
    ("Query.takedowns", Need::May(Permission::ManageTakedowns)),
    ("Query.withdrawalReport", Need::May(Permission::Withdraw)),
    ("Mutation.requestTakedown", Need::Nothing),
    ("Mutation.closeTakedown", Need::May(Permission::ManageTakedowns)),
    ("Query.sensitiveWords", Need::May(Permission::ManageWords)),
    ("Mutation.putSensitiveWord", Need::May(Permission::ManageWords)),
    ("Mutation.removeSensitiveWord", Need::May(Permission::ManageWords)),
    ("Query.searchReport", Need::May(Permission::ReadStats)),
    ("Query.searchWords", Need::May(Permission::ManageSearch)),
    ("Mutation.addSearchWords", Need::May(Permission::ManageSearch)),
    ("Mutation.removeSearchWords", Need::May(Permission::ManageSearch)),
    ("Mutation.rebuildSearchIndex", Need::May(Permission::ManageSearch)),
    ("Mutation.withdrawArticle", Need::May(Permission::Withdraw)),
    ("Mutation.restoreArticle", Need::May(Permission::Withdraw)),
    ("Contract.note", Need::May(Permission::ManageContracts)),
    ("Query.contract", Need::May(Permission::ManageContracts)),
    ("Query.contracts", Need::May(Permission::ManageContracts)),
    ("Mutation.createContract", Need::May(Permission::ManageContracts)),
    ("Mutation.updateContract", Need::May(Permission::ManageContracts)),
    ("Mutation.endContract", Need::May(Permission::ManageContracts)),
    ("Mutation.createContractKey", Need::May(Permission::ManageContracts)),
    ("Mutation.revokeContractKey", Need::May(Permission::ManageContracts)),
    ("Mutation.createApiKey", Need::May(Permission::ManageKeys)),
    ("Mutation.revokeApiKey", Need::May(Permission::ManageKeys)),
];

impl Need {
    /// What field `name` of type `parent` needs; nothing if the table does not know it.
    pub fn of(parent: &str, name: &str) -> Option<Self> {
        FIELDS.iter().find(|(field, _)| field.split_once('.') == Some((parent, name))).map(|(_, need)| *need)
    }
}
