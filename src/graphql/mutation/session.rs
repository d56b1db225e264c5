//! Signing in and out.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::auth::Password;
use crate::editorial::{self, Credentials, SignedIn};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::types::{Account, SessionTokens};

/// The part of the mutations that is about sessions.
#[derive(Default)]
pub struct Sessions;

/// What somebody types to sign in. 登录
#[derive(InputObject)]
pub struct SignInInput {
    /// In any case of letters. 登录名
    login: String,
    /// Their password. 密码
    password: String,
    /// The password that shall follow one that works once: at least 12 characters. 新密码
    new_password: Option<String>,
}

/// A session that shall go on.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token that came last.
    refresh_token: String,
}

/// A password that shall be another. 修改密码
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The present one. 现密码
    password: String,
    /// The new one: at least 12 characters. 新密码
    new_password: String,
}

/// A session that has begun or goes on.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// Its tokens; none if it did not come to that.
    tokens: Option<SessionTokens>,
    /// Whose it is.
    account: Option<Account>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// What a change without a result says.
#[derive(SimpleObject)]
pub struct DonePayload {
    /// Whether it was done.
    done: bool,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    fn new(operation: &Operation, result: Result<SignedIn>) -> Result<Self> {
        let (signed_in, user_errors) = outcome(result)?;
        let (tokens, account) = signed_in.map(|s| (SessionTokens::new(operation, s.tokens), Account(s.account))).unzip();
        Ok(Self { tokens, account, user_errors })
    }
}

impl DonePayload {
    pub(super) fn new(result: Result<()>) -> Result<Self> {
        let (done, user_errors) = outcome(result)?;
        Ok(Self { done: done.is_some(), user_errors })
    }
}

#[Object]
impl Sessions {
    /// Signs in. Attempts that fail are slowed down, by login and by address: then the error says when to try again. 登录
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Login and password.")] input: SignInInput,
    ) -> Result<SessionPayload> {
        let operation = Operation::of(context);
        let SignInInput { login, password, new_password } = input;
        let credentials = Credentials { login, password: Password::typed(password), new_password };
        let now = operation.clock.now().timestamp_millis();
        let signed_in = editorial::sign_in(&operation.db, credentials, &operation.caller.address, now).await;
        SessionPayload::new(operation, signed_in)
    }

    /// Gets the next tokens of a session. A refresh token works once: one that is used again ends its session. 续期
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn refresh_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: RefreshSessionInput,
    ) -> Result<SessionPayload> {
        let operation = Operation::of(context);
        let now = operation.clock.now().timestamp_millis();
        SessionPayload::new(operation, editorial::refresh(&operation.db, &input.refresh_token, now).await)
    }

    /// Ends the session that asks. 退出登录
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn sign_out(&self, context: &Context<'_>) -> Result<DonePayload> {
        let operation = Operation::of(context);
        let now = operation.clock.now().timestamp_millis();
        DonePayload::new(editorial::sign_out(&operation.db, &operation.caller.actor, now).await)
    }

    /// Changes one's own password. One's other sessions end. 修改密码
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn change_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The present and the new password.")] input: ChangePasswordInput,
    ) -> Result<DonePayload> {
        let operation = Operation::of(context);
        let now = operation.clock.now().timestamp_millis();
        let present = Password::typed(input.password);
        let actor = &operation.caller.actor;
        DonePayload::new(editorial::change_password(&operation.db, actor, present, input.new_password, now).await)
    }
}
