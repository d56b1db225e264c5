//! Every setting with its default, which is right for a single machine. The table in the README describes each.

use serde::{Deserialize, Serialize};

/// All settings.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The HTTP server.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// The API's limits.
    pub graphql: Graphql,
    /// Logs.
    pub log: Log,
    /// The journal of all changes.
    pub journal: Journal,
    /// What only operators may see.
    pub operator: Operator,
    /// What counts as a view.
    pub views: Views,
    /// The search index.
    pub search: Search,
    /// Who signs in people besides this program.
    pub identity: Identity,
    /// What leaves the portal: feeds, embeds, pages of articles.
    pub syndication: Syndication,
}

/// The HTTP server.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port.
    pub listen: String,
    /// Connections at once; more wait.
    pub max_connections: usize,
    /// Longest request body.
    pub max_body_bytes: usize,
    /// How long a request's head may take, and how long a connection may idle.
    pub head_timeout_secs: u64,
    /// How long a request's body may take.
    pub body_timeout_secs: u64,
    /// How long an operation may run.
    pub operation_timeout_secs: u64,
    /// How long running requests may take to finish when the server stops.
    pub shutdown_timeout_secs: u64,
    /// Origins whose pages may call the API from a browser; `*` for any.
    pub cors_origins: Vec<String>,
    /// Header in which a proxy in front says where a client is, such as `x-forwarded-for`; empty without a proxy.
    pub client_address_header: String,
    /// The server's own address as others reach it, such as `https://api.portal.example`; empty: as each request names it.
    pub public_url: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8000".into(),
            max_connections: 10_000,
            max_body_bytes: 1 << 20,
            head_timeout_secs: 30,
            body_timeout_secs: 20,
            operation_timeout_secs: 15,
            shutdown_timeout_secs: 20,
            cors_origins: vec!["*".into()],
            client_address_header: String::new(),
            public_url: String::new(),
        }
    }
}

/// The database.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Schema in PostgreSQL; empty for the server's default.
    pub schema: String,
    /// Reader connections or threads; 0 for as many as the machine has processors, at most 8.
    pub pool: usize,
    /// How long one read may take.
    pub statement_timeout_secs: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite://tidings.db".into(), schema: String::new(), pool: 0, statement_timeout_secs: 5 }
    }
}

/// The API's limits. Wide enough for a home page of a dozen blocks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Graphql {
    /// Whether clients may ask for the schema in queries; the playground needs it.
    pub introspection: bool,
    /// Longest document.
    pub max_document_bytes: usize,
    /// Most tokens in a document.
    pub max_tokens: usize,
    /// Most levels of fields.
    pub max_depth: u64,
    /// Most fields, fragments expanded.
    pub max_fields: u64,
    /// Most aliases, fragments expanded.
    pub max_aliases: u64,
    /// Most directives, fragments expanded.
    pub max_directives: u64,
    /// Highest estimated cost: about the number of fields in the answer.
    pub max_cost: u64,
    /// Status of an answer that has data and errors, for clients that accept `application/graphql-response+json`: 294 or 200.
    pub partial_status: u16,
}

impl Default for Graphql {
    fn default() -> Self {
        Self {
            introspection: true,
            max_document_bytes: 128 << 10,
            max_tokens: 15_000,
            max_depth: 16,
            max_fields: 2_000,
            max_aliases: 100,
            max_directives: 100,
            max_cost: 20_000,
            partial_status: 294,
        }
    }
}

/// Logs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// What is logged, as in `tracing`'s filters: `info`, `warn`, `tidings=debug` …
    pub filter: String,
    /// `text` or `json`.
    pub format: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".into(), format: "text".into() }
    }
}

/// The journal of all changes.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Journal {
    /// How many days an entry is kept; 0: for ever.
    pub keep_days: u32,
}

/// The search index.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// Where the index lies, on a disk of this machine; empty: beside the SQLite file, or `tidings.search` in the working directory.
    pub directory: String,
}

/// What only operators may see.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// Who sends `Authorization: Bearer` with this sees statement counts on request; empty: nobody.
    pub token: String,
}

/// Who signs in people besides this program: an identity provider whose tokens (JWT) are taken.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// Who makes the tokens, as their `iss` says; empty: nobody.
    pub issuer: String,
    /// For whom they must be, as their `aud` says.
    pub audience: String,
    /// The provider's public keys (a JSON Web Key Set): an `https://` address or a file.
    pub jwks: String,
    /// The claim that says what somebody may do; dots step into objects.
    pub role_claim: String,
    /// What its words mean here, `word=role` each; empty: they are roles themselves.
    pub roles: Vec<String>,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            audience: String::new(),
            jwks: String::new(),
            role_claim: "tidings_role".into(),
            roles: Vec::new(),
        }
    }
}

/// What counts as a view. A newsroom's own address and a mobile network's are one network each.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Views {
    /// Views a minute of one network that count, and twice as many at once.
    pub network_per_minute: u16,
    /// Views a minute of one article from one network that count, and twice as many at once.
    pub article_per_minute: u16,
}

impl Default for Views {
    fn default() -> Self {
        Self { network_per_minute: 300, article_per_minute: 12 }
    }
}

/// What leaves the portal: feeds, embeds, pages of articles.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Syndication {
    /// How much of articles the API gives those without a key: `none`, `headline`, `summary` or `full`.
    pub public_api: String,
    /// How much of them feeds and embeds give those without a key.
    pub public_feeds: String,
    /// Origins whose pages may show embeds without a contract; `*` for any.
    pub embed_origins: Vec<String>,
    /// Whether this program shows articles at their addresses; not where the portal has a front end of its own.
    pub article_pages: bool,
    /// Host in the ids of feeds' items; empty: that of the portal's address. What it was before the portal moved, so that readers know what
    /// they have, and what is withdrawn.
    pub id_host: String,
}

impl Default for Syndication {
    fn default() -> Self {
        Self {
            public_api: "full".into(),
            public_feeds: "summary".into(),
            embed_origins: vec!["*".into()],
            article_pages: true,
            id_host: String::new(),
        }
    }
}
