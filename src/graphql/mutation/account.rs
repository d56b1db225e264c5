//! Accounts of those who work here.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::auth::Password;
use crate::db;
use crate::editorial::{AccountChange, AccountDraft};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::{Account, Role};

/// The part of the mutations that is about accounts.
#[derive(Default)]
pub struct Accounts;

/// An account to be made. 新账号
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// What they will sign in with: letters, digits, dots, hyphens, underscores, @. 登录名
    login: String,
    /// What others will see. 姓名
    name: String,
    /// What they are. 角色
    role: Role,
}

/// What shall change of an account.
#[derive(InputObject)]
pub struct UpdateAccountInput {
    /// Which.
    id: ID,
    /// What others will see. 姓名
    name: Option<String>,
    /// What they will be. 角色
    role: Option<Role>,
}

/// An account.
#[derive(InputObject)]
pub struct AccountInput {
    /// Which.
    id: ID,
}

/// An account that has been changed.
#[derive(SimpleObject)]
pub struct AccountPayload {
    /// As it is now; none if it was not changed.
    account: Option<Account>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// An account with a new password.
#[derive(SimpleObject)]
pub struct AccountPasswordPayload {
    /// As it is now; none if it was not changed.
    account: Option<Account>,
    /// A password that works once, to be handed over. Shown now and never again. 一次性密码
    one_time_password: Option<String>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl AccountPayload {
    fn new(result: Result<db::Account>) -> Result<Self> {
        let (account, user_errors) = outcome(result)?;
        Ok(Self { account: account.map(Account), user_errors })
    }
}

impl AccountPasswordPayload {
    fn new(result: Result<(db::Account, Password)>) -> Result<Self> {
        let (made, user_errors) = outcome(result)?;
        let (account, password) = made.unzip();
        Ok(Self { account: account.map(Account), one_time_password: password.map(Password::reveal), user_errors })
    }
}

#[Object]
impl Accounts {
    /// Makes an account, with a password that works once. 新建账号
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account to make.")] input: CreateAccountInput,
    ) -> Result<AccountPasswordPayload> {
        let CreateAccountInput { login, name, role } = input;
        let draft = AccountDraft { login, name, role: role.into() };
        AccountPasswordPayload::new(Operation::change(context).create_account(draft).await)
    }

    /// Changes an account's name or role; its sessions go on with it. 修改账号
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account, and what shall change.")] input: UpdateAccountInput,
    ) -> Result<AccountPayload> {
        let change = AccountChange { name: input.name, role: input.role.map(Into::into) };
        let changed = async { Operation::change(context).update_account(account(&input.id)?, change).await };
        AccountPayload::new(changed.await)
    }

    /// Gives an account a password that works once, and ends its sessions. 重置密码
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn reset_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account.")] input: AccountInput,
    ) -> Result<AccountPasswordPayload> {
        let reset = async { Operation::change(context).reset_password(account(&input.id)?).await };
        AccountPasswordPayload::new(reset.await)
    }

    /// Closes an account: its sessions end at once, what it wrote stays. 停用账号
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn disable_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account.")] input: AccountInput,
    ) -> Result<AccountPayload> {
        let closed = async { Operation::change(context).disable_account(account(&input.id)?).await };
        AccountPayload::new(closed.await)
    }

    /// Opens an account again. 启用账号
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn enable_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account.")] input: AccountInput,
    ) -> Result<AccountPayload> {
        let opened = async { Operation::change(context).enable_account(account(&input.id)?).await };
        AccountPayload::new(opened.await)
    }
}

fn account(id: &ID) -> Result<i64> {
    number("id", id, Kind::Account)
}
