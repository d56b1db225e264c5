//! Who asks.

use super::policy::{Need, Permission, Role};
use crate::error::{Error, Result};

/// Who asks. Found once at the door, carried through everything that happens for the request.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Actor {
    /// Nobody in particular: a reader of the portal.
    #[default]
    Anyone,
    /// Somebody who has signed in.
    Staff {
        /// Their account.
        account: i64,
        /// Their session; none for those whom an identity provider signs in.
        session: Option<i64>,
        /// What others see.
        name: String,
        /// What they are.
        role: Role,
    },
    /// A program with a key.
    Key {
        /// The key.
        id: i64,
        /// What it is for.
        name: String,
        /// What it may do.
        scopes: Vec<Permission>,
    },
    /// A partner with a key: may read what its contract grants.
    Partner {
        /// The key.
        key: i64,
        /// The contract.
        contract: i64,
        /// Whose it is.
        name: String,
    },
    /// A part of this program, such as `import`; may do everything.
    Machine(&'static str),
    /// Who holds the operator's token of the configuration: may see what operations cost.
    Monitor,
}

impl Actor {
    /// Whether they may.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Anyone | Self::Partner { .. } => false,
            Self::Staff { role, .. } => permission.is_granted_to(*role),
            Self::Key { scopes, .. } => scopes.contains(&permission),
            Self::Machine(_) => true,
            Self::Monitor => permission == Permission::SeeCosts,
        }
    }

    /// Everything they may do.
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL.into_iter().filter(|permission| self.may(*permission)).collect()
    }

    /// Fails unless they may: who is known is forbidden, who is not is asked to sign in.
    pub fn check(&self, need: Need) -> Result<()> {
        match need {
            Need::Nothing => Ok(()),
            Need::SignedIn if matches!(self, Self::Staff { .. }) => Ok(()),
            Need::May(permission) if self.may(permission) => Ok(()),
            _ if *self == Self::Anyone => Err(Error::Unauthenticated("sign in first".into())),
            Need::SignedIn => Err(Error::Forbidden("this is for people who have signed in".into())),
            Need::May(permission) => Err(Error::Forbidden(format!("this needs the permission {}", permission.word()))),
        }
    }

    /// As the journal writes it: `account:7`, `key:3`, `import`.
    pub fn word(&self) -> String {
        match self {
            Self::Anyone => "anyone".into(),
            Self::Staff { account, .. } => format!("account:{account}"),
            Self::Key { id, .. } | Self::Partner { key: id, .. } => format!("key:{id}"),
            Self::Machine(name) => (*name).into(),
            Self::Monitor => "monitor".into(),
        }
    }
}
