//! Manuscripts, their revisions, and what readers are told of corrections.

use sea_orm::{DbBackend, FromQueryResult, QueryResult};
use serde::Serialize;

use super::query::{Param, Query, Row, Texts, any};
use super::write::{self, Transaction};
use crate::error::Result;
use entity::article::Model as Article;
use entity::correction::Model as Correction;
use entity::manuscript::Model as Manuscript;
use entity::revision::Model as Revision;

const MANUSCRIPT: &str = "m.article_id, m.state, m.is_live, m.version, m.head, m.live, m.title, m.channel_id, m.created_by, m.changed_by, \
    m.changed_at, m.publish_at, m.unpublish_at, m.note, m.correction, m.is_significant, m.held, m.was_live";

fn manuscript(row: &Row<'_>) -> Result<Manuscript> {
    Ok(Manuscript {
        article_id: row.int(0)?,
        state: row.text(1)?,
        is_live: row.flag(2)?,
        version: row.int(3)?,
        head: row.int(4)?,
        live: row.int(5)?,
        title: row.text(6)?,
        channel_id: row.int(7)?,
        created_by: row.text(8)?,
        changed_by: row.text(9)?,
        changed_at: row.int(10)?,
        publish_at: row.opt_int(11)?,
        unpublish_at: row.opt_int(12)?,
        note: row.opt_text(13)?,
        correction: row.opt_text(14)?,
        is_significant: row.flag(15)?,
        held: row.opt_text(16)?,
        was_live: row.flag(17)?,
    })
}

/// The manuscripts of the articles `ids`, in any order.
pub fn manuscripts_by_id(ids: Vec<i64>) -> Query<Manuscript> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {MANUSCRIPT} FROM manuscript m WHERE {}", any(b, "m.article_id", 1)));
    Query::new(sql, vec![Param::Ints(ids)], manuscript)
}

/// Which manuscripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManuscriptFilter {
    /// In one of these states; empty: in any.
    pub states: Vec<String>,
    /// Begun by this actor.
    pub created_by: Option<String>,
    /// In one of these channels; empty: in any.
    pub channels: Vec<i64>,
    /// With this in their title, in any case of letters as far as the database knows them.
    pub title: Option<String>,
    /// Whether sensitive words hold them up.
    pub is_held: bool,
}

/// The first `limit` manuscripts of `filter` changed before (`changed_at`, `article`), the last changed first.
pub fn manuscripts_before(filter: ManuscriptFilter, before: (i64, i64), limit: i64) -> Query<Manuscript> {
    static SQL: Texts<[bool; 5]> = Texts::new();
    let mut params = vec![Param::Int(before.0), Param::Int(before.1), Param::Int(limit)];
    let has = [
        !filter.states.is_empty(),
        filter.created_by.is_some(),
        !filter.channels.is_empty(),
        filter.title.is_some(),
        filter.is_held,
    ];
    let sql = SQL.of(has, |b| {
        let mut next = 3..;
        let mut number = || next.next().unwrap_or_default() + 1;
        let conditions: [(bool, &dyn Fn(usize) -> String); 5] = [
            (has[0], &|n| any(b, "m.state", n)),
            (has[1], &|n| format!("m.created_by = ${n}")),
            (has[2], &|n| any(b, "m.channel_id", n)),
            // SQLite knows capitals of ASCII alone: there what is exactly so is found beside what is so in small letters.
            (has[3], &|n| format!("(lower(m.title) LIKE lower(${n}) ESCAPE '!' OR m.title LIKE ${n} ESCAPE '!')")),
            // Last: it takes no parameter.
            (has[4], &|_| "m.held IS NOT NULL".into()),
        ];
        let asked = conditions.iter().filter(|(is_asked, _)| *is_asked);
        let conditions: Vec<String> = asked.map(|(_, write)| write(number())).chain(["true".into()]).collect();
        let conditions = conditions.join(" AND ");
        format!(
            "SELECT {MANUSCRIPT} FROM manuscript m WHERE (m.changed_at < $1 OR (m.changed_at = $1 AND m.article_id < $2)) AND {conditions} \
             ORDER BY m.changed_at DESC, m.article_id DESC LIMIT $3"
        )
    });
    if has[0] {
        params.push(Param::texts(filter.states));
    }
    params.extend(filter.created_by.map(Param::Text));
    if has[2] {
        params.push(Param::Ints(filter.channels));
    }
    params.extend(filter.title.map(|title| Param::Text(pattern(&title))));
    Query::new(sql, params, manuscript)
}

/// The pattern of `LIKE` for texts that contain `part`.
fn pattern(part: &str) -> String {
    let part = part.replace('\0', "");
    format!("%{}%", part.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// How many manuscripts are in each state but the published and the archived ones, which are many, as (state, count).
pub fn manuscript_counts() -> Query<(String, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT m.state, count(*) FROM manuscript m WHERE m.state IN ('draft', 'in_review', 'rejected', 'approved', 'scheduled', \
         'withdrawn') GROUP BY m.state"
            .into()
    });
    Query::new(sql, Vec::new(), |row| Ok((row.text(0)?, row.int(1)?)))
}

/// How many changes are due at `now` and not made yet, and since when the first is.
pub fn overdue(now: i64) -> Query<(i64, Option<i64>)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT count(*), min(d.at) FROM (SELECT publish_at AS at FROM manuscript WHERE publish_at <= $1 \
         UNION ALL SELECT unpublish_at FROM manuscript WHERE unpublish_at <= $1 AND is_live) d"
            .into()
    });
    Query::new(sql, vec![Param::Int(now)], |row| Ok((row.int(0)?, row.opt_int(1)?)))
}

/// When something is due next, at `now` or before it too; nothing if nothing is.
pub fn next_due() -> Query<Option<i64>> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT min(d.at) FROM (SELECT min(publish_at) AS at FROM manuscript WHERE publish_at IS NOT NULL \
         UNION ALL SELECT min(unpublish_at) FROM manuscript WHERE unpublish_at IS NOT NULL AND is_live) d"
            .into()
    });
    Query::new(sql, Vec::new(), |row| row.opt_int(0))
}

/// The articles that have something due at `now`, the first `limit` by time.
pub fn due(now: i64, limit: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        let side = |column, more| format!("SELECT article_id, {column} AS at FROM manuscript WHERE {column} <= $1{more}");
        let (publish, unpublish) = (side("publish_at", ""), side("unpublish_at", " AND is_live"));
        format!(
            "SELECT d.article_id FROM ({publish} UNION ALL {unpublish}) d GROUP BY d.article_id ORDER BY min(d.at), d.article_id LIMIT $2"
        )
    });
    Query::new(sql, vec![Param::Int(now), Param::Int(limit)], |row| row.int(0))
}

const REVISION: &str = "v.article_id, v.number, v.at, v.actor, v.origin, v.content";

fn revision(row: &Row<'_>) -> Result<Revision> {
    Ok(Revision {
        article_id: row.int(0)?,
        number: row.int(1)?,
        at: row.int(2)?,
        actor: row.text(3)?,
        origin: row.text(4)?,
        content: row.text(5)?,
    })
}

/// The revisions of these (article, number), in any order.
pub fn revisions(keys: &[(i64, i64)]) -> Query<Revision> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let keys = super::query::keys(b, 1, &["article_id", "number"]);
        format!("SELECT {REVISION} FROM {keys} JOIN revision v ON v.article_id = k.article_id AND v.number = k.number")
    });
    let columns = vec![keys.iter().map(|k| k.0).collect(), keys.iter().map(|k| k.1).collect()];
    Query::new(sql, vec![Param::Keys(columns)], revision)
}

/// The last `limit` revisions before `number` of each of `articles`, in any order.
pub fn revisions_before(articles: Vec<i64>, number: i64, limit: i64) -> Query<Revision> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let place = "row_number() OVER (PARTITION BY r.article_id ORDER BY r.number DESC)";
        let newest =
            format!("SELECT r.*, {place} AS place FROM revision r WHERE r.number < $1 AND {}", any(b, "r.article_id", 3));
        format!("SELECT {REVISION} FROM ({newest}) v WHERE v.place <= $2")
    });
    Query::new(sql, vec![Param::Int(number), Param::Int(limit), Param::Ints(articles)], revision)
}

/// What readers were told of corrections of `articles`, in any order.
pub fn corrections(articles: Vec<i64>) -> Query<Correction> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT c.article_id, c.at, c.note FROM correction c WHERE {}", any(b, "c.article_id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| {
        Ok(Correction { article_id: row.int(0)?, at: row.int(1)?, note: row.text(2)? })
    })
}

/// Whether a lock is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until whoever has it is done.
    Patiently,
    /// What others have is left to them.
    Skip,
}

/// The articles `ids` with their manuscripts, by id. Until the end of the transaction nobody else changes either.
pub async fn lock(on: &Transaction, ids: &[i64], wait: Wait) -> Result<Vec<(Article, Manuscript)>> {
    // SQLite has one writer at a time. PostgreSQL's lock lets others insert rows that name the article; both rows are locked,
    // because one that is not comes as it was before the wait.
    let hold = match (on.backend(), wait) {
        (DbBackend::Postgres, Wait::Patiently) => " FOR NO KEY UPDATE",
        (DbBackend::Postgres, Wait::Skip) => " FOR NO KEY UPDATE SKIP LOCKED",
        _ => "",
    };
    let columns = [write::prefixed::<Article>("a"), write::prefixed::<Manuscript>("m")].concat().join(", ");
    let among = write::among(on.backend(), "a.id", "bigint");
    let join = "article a JOIN manuscript m ON m.article_id = a.id";
    let sql = format!("SELECT {columns} FROM {join} WHERE {among} ORDER BY a.id{hold}");
    let read = |row: &QueryResult| Ok((Article::from_query_result(row, "a_")?, Manuscript::from_query_result(row, "m_")?));
    write::select(on, write::with_json(on, sql, ids)?, read).await
}

/// What contents refer to: ids, and the names of tags.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Wanted {
    /// Names.
    pub tags: Vec<String>,
    /// Ids.
    pub topics: Vec<i64>,
    /// Ids.
    pub sources: Vec<i64>,
    /// Ids.
    pub authors: Vec<i64>,
    /// Ids.
    pub media: Vec<i64>,
    /// Ids.
    pub articles: Vec<i64>,
}

/// A record that is there.
#[derive(Clone, Debug)]
pub struct Present {
    /// Its table.
    pub kind: String,
    /// Its id.
    pub id: i64,
    /// The channel right above a channel.
    pub parent: Option<i64>,
    /// The name of a tag.
    pub name: Option<String>,
}

/// Those of `wanted` that are there, and every channel.
pub async fn present(on: &Transaction, wanted: &Wanted) -> Result<Vec<Present>> {
    let among = |table: &str, column: &str, list: &str| {
        let name = if table == "tag" { "name" } else { "NULL" };
        let values = match on.backend() {
            DbBackend::Sqlite => format!("SELECT value FROM json_each($1, '$.{list}')"),
            _ if column == "name" => format!("SELECT json_array_elements_text($1::text::json -> '{list}')"),
            _ => format!("SELECT json_array_elements_text($1::text::json -> '{list}')::bigint"),
        };
        format!(" UNION ALL SELECT '{table}', id, NULL, {name} FROM {table} WHERE {column} IN ({values})")
    };
    let null = if on.backend() == DbBackend::Postgres { "NULL::text" } else { "NULL" };
    let mut sql = format!("SELECT 'channel' AS kind, id, parent_id, {null} AS name FROM channel");
    sql += &among("tag", "name", "tags");
    sql += &among("topic", "id", "topics");
    sql += &among("source", "id", "sources");
    sql += &among("author", "id", "authors");
    sql += &among("media", "id", "media");
    sql += &among("article", "id", "articles");
    write::select(on, write::with_json(on, sql, wanted)?, |row| {
        Ok(Present {
            kind: row.try_get_by_index(0)?,
            id: row.try_get_by_index(1)?,
            parent: row.try_get_by_index(2)?,
            name: row.try_get_by_index(3)?,
        })
    })
    .await
}
