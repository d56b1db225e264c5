//! Where settings come from: defaults, then a file, then the environment, then flags. The only place that reads the
//! environment. Unknown keys are refused wherever they stand.

use std::ffi::OsString;
use std::path::Path;

use toml::{Table, Value};

use super::section::{Config, Identity};
use crate::error::{Error, Result};
use crate::text::percent_decode;

/// Variables begin with this: `TIDINGS_SERVER_LISTEN` is `server.listen`.
const PREFIX: &str = "TIDINGS_";

/// Variables of ours that are no settings: this one is for the build (`build.rs`), and may still be there afterwards.
const NO_SETTINGS: [&str; 1] = ["TIDINGS_WEB_DIST"];

/// Settings, and where each came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// (section.key, where it was set), for those that are not defaults.
    pub origins: Vec<(String, String)>,
}

/// Loads settings from `file`, the environment and `flags` (section.key, value).
pub fn load(file: Option<&Path>, flags: &[(&str, String)]) -> Result<Loaded> {
    merge(file, &ours(std::env::vars_os())?, flags)
}

/// The variables that are settings. Those of other programs may be anything, and are not looked at; ours are text.
fn ours(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Vec<(String, String)>> {
    let is_ours = |name: &OsString| {
        name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) && !NO_SETTINGS.iter().any(|other| name == other)
    };
    let ours = variables.filter(|(name, _)| is_ours(name));
    ours.map(|(name, value)| {
        let shown = name.to_string_lossy().into_owned();
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => Ok((name, value)),
            _ => Err(Error::invalid(shown, "this variable of the environment is not UTF-8")),
        }
    })
    .collect()
}

fn merge(file: Option<&Path>, environment: &[(String, String)], flags: &[(&str, String)]) -> Result<Loaded> {
    let defaults = table(&Config::default())?;
    let mut settings = Table::new();
    let mut origins = Vec::new();
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|e| Error::invalid(path.display().to_string(), e.to_string()))?;
        settings =
            text.parse().map_err(|e: toml::de::Error| Error::invalid(path.display().to_string(), e.message().to_owned()))?;
        // By itself first, so that what is wrong in it is said of it.
        read(settings.clone(), &path.display().to_string())?;
        for (section, keys) in &settings {
            let keys = keys.as_table().into_iter().flat_map(Table::keys);
            origins.extend(keys.map(|key| (format!("{section}.{key}"), path.display().to_string())));
        }
    }
    for (name, value) in environment {
        let key = key_of(&defaults, name)
            .ok_or_else(|| Error::invalid(name, "no setting has this name; `tidings doctor` lists them"))?;
        set(&defaults, &mut settings, &key, value)?;
        origins.push((key, format!("environment {name}")));
    }
    for (key, value) in flags {
        set(&defaults, &mut settings, key, value)?;
        origins.push(((*key).to_owned(), "flag".into()));
    }
    let config = read(settings, "configuration")?;
    check(&config)?;
    Ok(Loaded { config, origins })
}

/// The settings of a table that `origin` has brought.
fn read(settings: Table, origin: &str) -> Result<Config> {
    serde_path_to_error::deserialize(Value::Table(settings)).map_err(|error| {
        let key = error.path().to_string();
        // People write whole numbers, not the types of a language.
        let numbers = ["usize", "u64", "u32", "u16"].iter().map(|kind| format!("expected {kind}"));
        let message = error.inner().message().trim().to_owned();
        let message = numbers.fold(message, |message, kind| message.replace(&kind, "expected a whole number, 0 or more"));
        let place = if key.is_empty() || key == "." { origin.to_owned() } else { format!("{origin}: {key}") };
        Error::invalid(place, message)
    })
}

fn table(config: &Config) -> Result<Table> {
    Table::try_from(config).map_err(Error::internal)
}

/// `section.key` behind a variable's name.
fn key_of(defaults: &Table, name: &str) -> Option<String> {
    let wanted = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let sections = defaults.iter().filter_map(|(section, keys)| Some((section, keys.as_table()?)));
    let mut names =
        sections.flat_map(|(section, keys)| keys.keys().map(move |key| (format!("{section}_{key}"), format!("{section}.{key}"))));
    names.find(|(variable, _)| *variable == wanted).map(|(_, key)| key)
}

/// Sets a key from text, read as what its default is: text, number, yes or no, or a list with commas.
fn set(defaults: &Table, settings: &mut Table, key: &str, text: &str) -> Result<()> {
    let (section, name) = key.split_once('.').ok_or_else(|| Error::internal(format!("{key} has no section")))?;
    let default = defaults.get(section).and_then(|s| s.get(name)).ok_or_else(|| Error::internal(format!("no setting {key}")))?;
    let wrong = |what: &str| Error::invalid(key, format!("{text:?} is no {what}"));
    let value = match default {
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| wrong("whole number"))?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| wrong("`true` or `false`"))?),
        Value::Array(_) => Value::Array(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Value::from).collect()),
        _ => Value::from(text),
    };
    let section = settings.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new()));
    let section = section.as_table_mut().ok_or_else(|| Error::invalid(key, "its section is no table"))?;
    section.insert(name.to_owned(), value);
    Ok(())
}

fn check(config: &Config) -> Result<()> {
    if config.server.listen.parse::<std::net::SocketAddr>().is_err() {
        return Err(Error::invalid(
            "server.listen",
            format!("{:?} is no address with port, such as 127.0.0.1:8000", config.server.listen),
        ));
    }
    if !matches!(config.log.format.as_str(), "text" | "json") {
        return Err(Error::invalid("log.format", "must be `text` or `json`"));
    }
    if !matches!(config.graphql.partial_status, 200 | 294) {
        return Err(Error::invalid("graphql.partial_status", "must be 200 or 294"));
    }
    check_filter(&config.log.filter)?;
    config.server.cors_origins.iter().try_for_each(|origin| check_origin("server.cors_origins", origin))?;
    let is_embeds = |origin: &&String| *origin == "*" || crate::text::origin(origin).as_deref() == Some(origin);
    if let Some(wrong) = config.syndication.embed_origins.iter().find(|origin| !is_embeds(origin)) {
        let message = format!("{wrong:?} is no origin; write it in lower case as https://www.portal.example, or `*` for any");
        return Err(Error::invalid("syndication.embed_origins", message));
    }
    let syndication = &config.syndication;
    for (key, word) in
        [("syndication.public_api", &syndication.public_api), ("syndication.public_feeds", &syndication.public_feeds)]
    {
        if !matches!(word.as_str(), "none" | "headline" | "summary" | "full") {
            return Err(Error::invalid(key, "must be `none`, `headline`, `summary` or `full`"));
        }
    }
    let host = syndication.id_host.as_str();
    if !host.is_empty() && crate::text::host(&format!("https://{host}")).as_deref() != Some(host) {
        let message = "must be a host as it stands in ids, between `tag:` and the comma, such as www.portal.example";
        return Err(Error::invalid("syndication.id_host", message));
    }
    let own = config.server.public_url.trim_end_matches('/');
    if !own.is_empty() && crate::text::origin(own).as_deref() != Some(own) {
        return Err(Error::invalid("server.public_url", "must be an origin, such as https://api.portal.example"));
    }
    check_identity(&config.identity)?;
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let positive = [
        ("graphql.max_tokens", config.graphql.max_tokens),
        ("views.network_per_minute", usize::from(config.views.network_per_minute)),
        ("views.article_per_minute", usize::from(config.views.article_per_minute)),
        ("graphql.max_depth", count(config.graphql.max_depth)),
        ("graphql.max_fields", count(config.graphql.max_fields)),
        ("graphql.max_cost", count(config.graphql.max_cost)),
        ("server.max_connections", config.server.max_connections),
        ("server.max_body_bytes", config.server.max_body_bytes),
        ("graphql.max_document_bytes", config.graphql.max_document_bytes),
        ("server.head_timeout_secs", usize::try_from(config.server.head_timeout_secs).unwrap_or(usize::MAX)),
        ("server.body_timeout_secs", usize::try_from(config.server.body_timeout_secs).unwrap_or(usize::MAX)),
        ("server.operation_timeout_secs", usize::try_from(config.server.operation_timeout_secs).unwrap_or(usize::MAX)),
        ("database.statement_timeout_secs", usize::try_from(config.database.statement_timeout_secs).unwrap_or(usize::MAX)),
    ];
    let zero = positive.into_iter().find(|(_, value)| *value == 0);
    zero.map_or(Ok(()), |(key, _)| Err(Error::invalid(key, "must be more than 0")))
}

/// Refuses a filter of logs that would silently log nothing: each part is a level, a target, or `target=level`.
fn check_filter(filter: &str) -> Result<()> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |text: &str| LEVELS.iter().any(|level| text.eq_ignore_ascii_case(level));
    let is_target = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-:.".contains(c));
    let wrong = |part: &str| match part.split_once('=') {
        // A filter by spans or fields: the library reads it, and refuses what it cannot.
        _ if part.contains('[') => false,
        Some((target, level)) => !is_target(target) || !is_level(level),
        None => !is_level(part) && !is_target(part),
    };
    match filter.split(',').map(str::trim).find(|part| !part.is_empty() && wrong(part)) {
        Some(part) => {
            Err(Error::invalid("log.filter", format!("{part:?} is no level and no `target=level`, such as `tidings=debug`")))
        }
        None => Ok(()),
    }
}

/// Refuses an origin that no browser sends (RFC 6454 §6.1): scheme, host and port, and nothing behind.
fn check_origin(key: &str, origin: &str) -> Result<()> {
    let is_host = |host: &str| !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c));
    let is_scheme = |scheme: &str| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_origin = origin.split_once("://").is_some_and(|(scheme, host)| is_scheme(scheme) && is_host(host));
    if is_origin || matches!(origin, "*" | "null") {
        return Ok(());
    }
    let message = format!("{origin:?} is no origin; write it as https://www.portal.example, without a slash at the end, or `*`");
    Err(Error::invalid(key, message))
}

/// Refuses half a provider, and keys that anybody on the way could replace.
fn check_identity(identity: &Identity) -> Result<()> {
    let named = [
        ("identity.issuer", &identity.issuer),
        ("identity.audience", &identity.audience),
        ("identity.jwks", &identity.jwks),
        ("identity.role_claim", &identity.role_claim),
    ];
    let is_used = named.iter().take(3).any(|(_, value)| !value.is_empty());
    if let Some((key, _)) = named.into_iter().find(|(_, value)| is_used && value.trim().is_empty()) {
        return Err(Error::invalid(key, "is needed too: an identity provider has an issuer, an audience and keys"));
    }
    if identity.issuer.contains(char::is_whitespace) {
        return Err(Error::invalid("identity.issuer", "has blanks in it, which no issuer has"));
    }
    let host = identity.jwks.strip_prefix("http://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_here = |host: &str| matches!(host.split(':').next(), Some("127.0.0.1" | "localhost")) && !host.contains('@');
    if host.is_some_and(|host| !is_here(host)) {
        return Err(Error::invalid(
            "identity.jwks",
            "must be an https:// address or a file: keys that come unprotected prove nothing",
        ));
    }
    Ok(())
}

/// Every setting in force with its origin, secrets hidden: `section.key = value  # origin`.
pub fn report(loaded: &Loaded) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for (section, keys) in table(&loaded.config)? {
        for (key, value) in keys.as_table().into_iter().flatten() {
            let name = format!("{section}.{key}");
            let shown = match value.as_str() {
                Some(secret) if name == "operator.token" && !secret.is_empty() => "\"***\"".into(),
                Some(url) if name == "database.url" => format!("{:?}", without_secrets(url)),
                _ => value.to_string(),
            };
            let origin = loaded.origins.iter().rev().find(|(k, _)| *k == name).map_or("default", |(_, origin)| origin);
            lines.push(format!("{name} = {shown}  # {origin}"));
        }
    }
    Ok(lines)
}

/// Parameters of an address that are secrets or may hold them (a key may stand there itself, not only its file's name).
const SECRET_PARAMETERS: [&str; 3] = ["password", "sslkey", "sslpassword"];

/// A database's address with `***` for each secret: the password before the host, and secret parameters.
fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // A password may hold `?`, `/` and `@` as they are, though it should not: the host begins behind the last `@`, unless
    // that one is a parameter's.
    let before = rest.split_once('?').map_or(rest, |(before, _)| before);
    let end = before.rfind('@').or_else(|| rest.rfind('@'));
    let (login, rest) = end.map_or(("", rest), |at| rest.split_at(at));
    let login = login.split_once(':').map_or_else(|| login.to_owned(), |(user, _)| format!("{user}:***"));
    let (address, parameters) = rest.split_at(rest.find('?').map_or(0, |at| at + 1));
    let parameters: Vec<String> = parameters.split('&').map(without_secret).collect();
    format!("{scheme}://{login}{address}{}", parameters.join("&"))
}

/// A parameter, its value hidden if its name, once decoded, is that of a secret.
fn without_secret(parameter: &str) -> String {
    let (name, _) = parameter.split_once('=').unwrap_or((parameter, ""));
    let decoded = percent_decode(name, |_| true);
    let is_secret = SECRET_PARAMETERS.iter().any(|secret| decoded.trim_ascii().eq_ignore_ascii_case(secret.as_bytes()));
    if is_secret { format!("{name}=***") } else { parameter.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_by(environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Loaded> {
        let environment: Vec<(String, String)> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let flags: Vec<(&str, String)> = flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        merge(None, &environment, &flags)
    }

    #[test]
    fn flags_win_over_the_environment() {
        let loaded = set_by(
            &[("TIDINGS_SERVER_LISTEN", "127.0.0.1:1"), ("TIDINGS_DATABASE_POOL", "3")],
            &[("server.listen", "127.0.0.1:2")],
        );
        let config = loaded.expect("both are right").config;
        assert_eq!(config.server.listen, "127.0.0.1:2");
        assert_eq!(config.database.pool, 3);
    }

    #[test]
    fn unknown_and_wrong_settings_are_refused() {
        assert!(set_by(&[("TIDINGS_SERVER_LISTN", "x")], &[]).is_err());
        assert!(set_by(&[("TIDINGS_DATABASE_POOL", "many")], &[]).is_err());
        assert!(set_by(&[("TIDINGS_SERVER_LISTEN", "nowhere")], &[]).is_err());
        assert!(set_by(&[("TIDINGS_LOG_FORMAT", "xml")], &[]).is_err());
    }

    #[test]
    fn what_leaves_the_portal_is_set_to_what_there_is() {
        for (name, right, wrong) in [
            ("PUBLIC_API", "headline", "all"),
            ("PUBLIC_FEEDS", "none", ""),
            ("EMBED_ORIGINS", "https://a.example,*", "https://a.example/"),
            ("ID_HOST", "www.portal.example", "www.portal.example:8443"),
            ("ID_HOST", "", "https://www.portal.example"),
            ("ID_HOST", "xn--fiq228c.example", "门户.example"),
            ("ID_HOST", "[::1]", "WWW.portal.example"),
            ("ID_HOST", "old_portal.example", "a/b"),
        ] {
            let name = format!("TIDINGS_SYNDICATION_{name}");
            assert!(set_by(&[(&name, right)], &[]).is_ok(), "{name}={right}");
            assert!(set_by(&[(&name, wrong)], &[]).is_err(), "{name}={wrong}");
        }
    }

    #[test]
    fn a_provider_is_whole_and_its_keys_come_protected() {
        let (issuer, audience) = (("TIDINGS_IDENTITY_ISSUER", "https://login.example"), ("TIDINGS_IDENTITY_AUDIENCE", "news"));
        for (jwks, is_right) in [
            ("https://login.example/keys", true),
            ("/etc/tidings/keys.json", true),
            ("http://127.0.0.1:8080/keys", true),
            ("http://login.example/keys", false),
            ("http://127.0.0.1.login.example/keys", false),
            ("http://localhost@login.example/keys", false),
            ("http://localhost:1@login.example/keys", false),
            ("", false),
        ] {
            assert_eq!(set_by(&[issuer, audience, ("TIDINGS_IDENTITY_JWKS", jwks)], &[]).is_ok(), is_right, "{jwks}");
        }
        assert!(set_by(&[issuer, ("TIDINGS_IDENTITY_JWKS", "keys.json")], &[]).is_err());
        assert!(set_by(&[audience], &[]).is_err());
    }

    #[test]
    fn secrets_are_hidden() {
        let loaded =
            set_by(&[("TIDINGS_OPERATOR_TOKEN", "geheim"), ("TIDINGS_DATABASE_URL", "postgres://me:geheim@host/db")], &[]);
        let text = report(&loaded.expect("right")).expect("printable").join("\n");
        assert!(!text.contains("geheim"), "{text}");
        assert!(text.contains("postgres://me:***@host/db"));
    }

    #[test]
    fn secrets_of_an_address_are_hidden_wherever_they_stand() {
        for (url, shown) in [
            ("postgres://host/x?user=me&password=geheim", "postgres://host/x?user=me&password=***"),
            ("postgres:///x?host=/tmp&Password=geheim&user=me", "postgres:///x?host=/tmp&Password=***&user=me"),
            ("postgres://host/x?pass%77ord=geheim", "postgres://host/x?pass%77ord=***"),
            (
                "postgres://me:geheim@host/x?sslpassword=geheim&sslkey=geheim",
                "postgres://me:***@host/x?sslpassword=***&sslkey=***",
            ),
            ("postgres://me:a@geheim@host:5432/x", "postgres://me:***@host:5432/x"),
            ("postgres://me:a?geheim@host/x", "postgres://me:***@host/x"),
            ("postgres://me@host/x?sslmode=require", "postgres://me@host/x?sslmode=require"),
            ("sqlite://a:b?mode=rwc", "sqlite://a:b?mode=rwc"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
        // Rather too little than too much is shown.
        assert!(!without_secrets("postgres://host:5432/x?user=me@y&password=geheim").contains("geheim"));
        assert!(!without_secrets("postgres://me:geheim@host/x?password=a@geheim").contains("geheim"));
    }
}
