//! The identity provider beside this program: its public keys, fetched when they are needed and kept.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::auth::{Identity, KeySet, Refused, Trust};
use crate::config;
use crate::error::{Error, Result};

/// Keys are fetched anew in the background after this long: those that the provider takes back end then.
const FRESH: Duration = Duration::from_mins(10);

/// Keys that cannot be fetched anew are believed this long.
const USABLE: Duration = Duration::from_hours(24);

/// At least this long lies between the end of a fetch and the next: tokens with invented keys cannot make this program ask more often.
const BETWEEN: Duration = Duration::from_secs(5);

/// How long a fetch may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most bytes of a set of keys.
const LONGEST: u64 = 1 << 20;

/// Keys, and when they came.
struct Fetched {
    keys: KeySet,
    at: Instant,
}

/// An identity provider whose tokens are taken.
pub struct Provider {
    trust: Trust,
    jwks: String,
    fetched: ArcSwapOption<Fetched>,
    /// When the last fetch ended, whether keys came or not. Whoever holds it fetches.
    asked: Mutex<Option<Instant>>,
}

impl Provider {
    /// By the settings; nothing if they name none. Keys in a file are read now, so that a wrong one is seen at the start.
    pub fn open(settings: &config::Identity) -> Result<Option<Arc<Self>>> {
        let Some(trust) = Trust::new(settings)? else { return Ok(None) };
        let fetched = if is_address(&settings.jwks) { None } else { Some(Arc::new(fetch(&settings.jwks)?)) };
        if fetched.as_ref().is_some_and(|fetched| fetched.keys.count() == 0) {
            return Err(none_useful(&settings.jwks));
        }
        let asked = Mutex::new(fetched.as_ref().map(|f| f.at));
        Ok(Some(Arc::new(Self { trust, jwks: settings.jwks.clone(), fetched: ArcSwapOption::new(fetched), asked })))
    }

    /// How many keys the provider has now.
    pub async fn count_keys(&self) -> Result<usize> {
        let jwks = self.jwks.clone();
        let fetched = tokio::task::spawn_blocking(move || fetch(&jwks)).await.map_err(Error::internal)??;
        match fetched.keys.count() {
            0 => Err(none_useful(&self.jwks)),
            count => Ok(count),
        }
    }

    /// Who `token` is about, at `now` (milliseconds since 1970).
    pub async fn identify(self: &Arc<Self>, token: &str, now: i64) -> Result<Identity> {
        let fetched = self.keys().await?;
        match self.trust.identify(token, &fetched.keys, now) {
            Ok(identity) => return Ok(identity),
            Err(Refused::Bad(error)) => return Err(error),
            Err(Refused::UnknownKey) => {}
        }
        // The provider may have changed its keys.
        self.renew().await;
        let newer = self.keys().await?;
        self.trust.identify(token, &newer.keys, now).map_err(|refused| match refused {
            Refused::Bad(error) => error,
            Refused::UnknownKey => Error::Unauthenticated("no key of the identity provider has signed this token".into()),
        })
    }

    async fn keys(self: &Arc<Self>) -> Result<Arc<Fetched>> {
        let is_usable = |fetched: &Arc<Fetched>| fetched.at.elapsed() < USABLE;
        if let Some(fetched) = self.fetched.load_full().filter(is_usable) {
            // One at a time: who finds another at it leaves it to that one.
            if fetched.at.elapsed() > FRESH && self.asked.try_lock().is_ok_and(|asked| may_ask(*asked)) {
                let own = Arc::clone(self);
                tokio::spawn(async move { own.renew().await });
            }
            return Ok(fetched);
        }
        self.renew().await;
        let away = || Error::Unavailable("the identity provider's keys cannot be had at the moment; try again".into());
        self.fetched.load_full().filter(is_usable).ok_or_else(away)
    }

    /// Fetches the keys. One fetch serves all who wait for it, whatever comes of it: nobody waits for two. What cannot be had
    /// leaves the old ones.
    async fn renew(&self) {
        let mut asked = self.asked.lock().await;
        if !may_ask(*asked) {
            return;
        }
        let jwks = self.jwks.clone();
        match tokio::task::spawn_blocking(move || fetch(&jwks)).await.map_err(Error::internal).flatten() {
            Ok(fetched) => self.fetched.store(Some(Arc::new(fetched))),
            Err(error) => tracing::warn!(error = %error, "The identity provider's keys could not be fetched: {error}"),
        }
        *asked = Some(Instant::now());
    }
}

fn may_ask(asked: Option<Instant>) -> bool {
    asked.is_none_or(|at| at.elapsed() >= BETWEEN)
}

fn none_useful(jwks: &str) -> Error {
    Error::invalid("identity.jwks", format!("{jwks} holds no key of RSA, P-256, P-384 or Ed25519 that signs"))
}

fn is_address(jwks: &str) -> bool {
    jwks.starts_with("https://") || jwks.starts_with("http://")
}

fn fetch(jwks: &str) -> Result<Fetched> {
    let at = Instant::now();
    let text =
        if is_address(jwks) { download(jwks).map_err(|e| e.to_string()) } else { std::fs::read(jwks).map_err(|e| e.to_string()) };
    let text = text.map_err(|why| Error::invalid("identity.jwks", format!("{jwks} cannot be read: {why}")))?;
    Ok(Fetched { keys: KeySet::parse(&text)?, at })
}

fn download(address: &str) -> Result<Vec<u8>, ureq::Error> {
    let settings = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        // Whom an address of https leads elsewhere stays there; the settings allow http for this machine alone.
        .https_only(address.starts_with("https://"))
        .proxy(None)
        .user_agent(concat!("tidings/", env!("CARGO_PKG_VERSION")));
    let agent = settings.build().new_agent();
    let mut answer = agent.get(address).header("accept", "application/jwk-set+json, application/json").call()?;
    answer.body_mut().with_config().limit(LONGEST).read_to_vec()
}
