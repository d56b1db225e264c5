//! Those who work here, and what they may do.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use crate::auth::{self, Actor};
use crate::db;
use crate::editorial::{self, Tokens};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::DateTime;

/// What somebody who works here is. 角色
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "auth::Role")]
pub enum Role {
    /// Looks at what is not published yet. 审读
    Reader,
    /// Writes, and hands in for review. 撰稿人
    Contributor,
    /// Reviews and publishes. 编辑
    Editor,
    /// Answers for the portal. 主编
    Chief,
    /// Keeps it running. 运维
    Operator,
}

/// Something that not everybody may do. 权限
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "auth::Permission")]
pub enum Permission {
    /// See drafts, what waits for review, what is withdrawn.
    ReadDrafts,
    /// Begin articles; write on, hand in and take back one's own.
    WriteArticles,
    /// The same with everybody's.
    EditArticles,
    /// Find articles fit to be published, or send them back.
    ReviewArticles,
    /// Find those fit to be published that sensitive words hold up.
    ClearArticles,
    /// Publish articles, give them their times, take them off.
    PublishArticles,
    /// Take articles away for good, and bring them back.
    Withdraw,
    /// See complaints and decide them.
    ManageTakedowns,
    /// Make and change tags, topics, sources, authors and pictures.
    ManageNouns,
    /// Fill the slots of pages.
    ManagePlacements,
    /// Change channels, navigation, footer pages and the portal's settings.
    ManageSite,
    /// Keep the list of words to look out for.
    ManageWords,
    /// Keep the portal's own words for search, and have the index built anew.
    ManageSearch,
    /// See how much is read, and what does not count.
    ReadStats,
    /// See the journal of all changes.
    ReadAudit,
    /// Make, change and close accounts.
    ManageAccounts,
    /// Make and revoke keys of programs.
    ManageKeys,
    /// Make, change and end contracts of partners, and make their keys.
    ManageContracts,
    /// See how many SQL statements an operation costs.
    SeeCosts,
}

/// An account of somebody who works here. 员工账号
pub struct Account(pub db::Account);

/// An account of somebody who works here. 员工账号
#[Object]
impl Account {
    /// Opaque, stable id.
    async fn id(&self) -> ID {
        ID(encode(Kind::Account, self.0.id))
    }

    /// What they sign in with. 登录名
    async fn login(&self) -> &str {
        &self.0.login
    }

    /// Who signs them in, if that is not this portal: the issuer of an identity provider. 身份提供方
    async fn identity_provider(&self) -> Option<&str> {
        editorial::provider_of(&self.0)
    }

    /// What others see. 姓名
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they are. 角色
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn role(&self) -> Result<Role> {
        let role = auth::Role::from_word(&self.0.role);
        role.map(Role::from).ok_or_else(|| Error::internal(format!("{:?} is no role", self.0.role)))
    }

    /// Whether the password works once and must be replaced at the next sign-in. 一次性密码
    async fn has_one_time_password(&self) -> bool {
        self.0.password_is_one_time
    }

    /// When it was made. 创建时间
    async fn created_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.created_at)
    }

    /// Since when it is closed; none while it is open. 停用时间
    async fn disabled_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.disabled_at.map(|at| Operation::of(context).time(at))
    }
}

/// Who asks. 当前身份
#[derive(SimpleObject)]
pub struct Me {
    /// The id of their account or key; none for parts of the program.
    id: Option<ID>,
    /// Their name, or what their key is for. 名称
    name: String,
    /// What they are; none for a key. 角色
    role: Option<Role>,
    /// What they may do. 权限
    permissions: Vec<Permission>,
}

impl Me {
    /// `actor`, if it is known.
    pub fn of(actor: &Actor) -> Option<Self> {
        let (name, role) = match actor {
            Actor::Anyone => return None,
            Actor::Staff { name, role, .. } => (name.clone(), Some((*role).into())),
            Actor::Key { name, .. } | Actor::Partner { name, .. } => (name.clone(), None),
            Actor::Machine(name) => ((*name).to_owned(), None),
            Actor::Monitor => ("monitor".to_owned(), None),
        };
        let id = match actor {
            Actor::Staff { account, .. } => Some(ID(encode(Kind::Account, *account))),
            Actor::Key { id, .. } | Actor::Partner { key: id, .. } => Some(ID(encode(Kind::ApiKey, *id))),
            _ => None,
        };
        Some(Self { id, name, role, permissions: actor.permissions().into_iter().map(Permission::from).collect() })
    }
}

/// The tokens of a session, shown once. 会话令牌
#[derive(SimpleObject)]
pub struct SessionTokens {
    /// Goes into the header `Authorization: Bearer …` of requests.
    access_token: String,
    /// Until when that works.
    access_token_expires_at: DateTime,
    /// Gets the next tokens by `refreshSession`, once.
    refresh_token: String,
    /// Until when that works.
    refresh_token_expires_at: DateTime,
}

impl SessionTokens {
    /// To be handed over.
    pub fn new(operation: &Operation, tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access.reveal(),
            access_token_expires_at: operation.time(tokens.access_expires_at),
            refresh_token: tokens.refresh.reveal(),
            refresh_token_expires_at: operation.time(tokens.refresh_expires_at),
        }
    }
}
