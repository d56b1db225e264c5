//! The journal as those see it who answer for the portal.

use async_graphql::{Context, ID, InputObject, Json, Object, SimpleObject};

use crate::db::{self, JournalEntry, Trail};
use crate::error::{Error, Result};
use crate::graphql::connection::PageInfo;
use crate::graphql::context::Operation;
use crate::graphql::cursor::Cursor;
use crate::graphql::id::{Kind, decode, encode};
use crate::graphql::relation::list::size;
use crate::graphql::scalar::DateTime;

/// Which entries of the journal. All conditions hold together. 筛选条件
#[derive(Debug, Default, InputObject)]
pub struct AuditFilter {
    /// About this thing. 对象
    thing: Option<ID>,
    /// By this account or key. 操作者
    actor: Option<ID>,
}

/// A page of the journal. 审计日志的一页
#[derive(SimpleObject)]
pub struct AuditConnection {
    /// The entries with their cursors.
    edges: Vec<AuditEdge>,
    /// The entries.
    nodes: Vec<AuditEntry>,
    /// Where the page lies in the journal. 分页信息
    page_info: PageInfo,
}

/// An entry of the journal in a page.
#[derive(SimpleObject)]
pub struct AuditEdge {
    /// The entry's place, for `after`. 游标
    cursor: String,
    /// The entry.
    node: AuditEntry,
}

/// A change of something. 变更记录
#[derive(Clone)]
pub struct AuditEntry(JournalEntry);

/// Kinds as the journal writes them.
const ENTITIES: &[(&str, Kind)] = &[
    ("article", Kind::Article),
    ("channel", Kind::Channel),
    ("tag", Kind::Tag),
    ("source", Kind::Source),
    ("author", Kind::Author),
    ("media", Kind::Media),
    ("topic", Kind::Topic),
    ("page", Kind::Page),
    ("site", Kind::Site),
    ("account", Kind::Account),
    ("key", Kind::ApiKey),
];

/// A change of something. 变更记录
#[Object]
impl AuditEntry {
    /// Its number: later changes have higher ones. 序号
    async fn sequence(&self) -> i64 {
        self.0.seq
    }

    /// When. 时间
    async fn at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.at)
    }

    /// Who: a part of the program, such as `import`, or `account` and `key` with a number. 操作者
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// The account or key behind it; none for parts of the program.
    async fn actor_id(&self) -> Option<ID> {
        let (kind, number) = self.0.actor.split_once(':')?;
        let kind = if kind == "account" { Kind::Account } else { Kind::ApiKey };
        Some(ID(encode(kind, number.parse().ok()?)))
    }

    /// What happened, such as `article.published`. 操作
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// The thing that it happened to; none for things without an id of their own. 对象
    async fn thing(&self) -> Option<ID> {
        let kind = ENTITIES.iter().find(|(entity, _)| *entity == self.0.entity)?.1;
        Some(ID(encode(kind, self.0.entity_id)))
    }

    /// What the entry says beside. 详情
    async fn details(&self) -> Option<Json<serde_json::Value>> {
        self.0.payload.as_deref().and_then(|text| serde_json::from_str(text).ok()).map(Json)
    }
}

impl AuditFilter {
    fn trail(&self) -> Result<Trail> {
        let none = |field: &str| Error::invalid(field, "is no id of this portal; ids come from the field `id`");
        let thing = self.thing.as_ref().map(|id| {
            let (kind, number) = decode(id).ok_or_else(|| none("filter.thing"))?;
            let entity = ENTITIES.iter().find(|(_, k)| *k == kind).ok_or_else(|| none("filter.thing"))?.0;
            Ok::<_, Error>((entity.to_owned(), number))
        });
        let actor = self.actor.as_ref().map(|id| match decode(id) {
            Some((Kind::Account, number)) => Ok(format!("account:{number}")),
            Some((Kind::ApiKey, number)) => Ok(format!("key:{number}")),
            _ => Err(Error::invalid("filter.actor", "must be the id of an account or a key")),
        });
        Ok(Trail { thing: thing.transpose()?, actor: actor.transpose()? })
    }
}

impl AuditConnection {
    /// The page after `after`, newest first.
    pub async fn load(operation: &Operation, filter: AuditFilter, first: i32, after: Option<String>) -> Result<Self> {
        let (size, trail) = (size("first", first)?, filter.trail()?);
        let cursor = Cursor::of(&format!("audit {trail:?}"));
        let from = after.as_ref().map(|text| cursor.decode("after", text)).transpose()?;
        let before = from.map_or(i64::MAX, |(seq, _)| seq);
        // Nothing is cached here, and nothing hangs on an entry: no loader.
        let mut entries = operation.db.reader().all(db::journal_before(before, size + 1, trail)).await?;
        let has_next_page = i64::try_from(entries.len()).is_ok_and(|count| count > size);
        entries.truncate(usize::try_from(size).unwrap_or(0));
        let cursor_of = |entry: &JournalEntry| cursor.encode((entry.seq, 0));
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: from.is_some(),
            start_cursor: entries.first().map(cursor_of),
            end_cursor: entries.last().map(cursor_of),
        };
        let edge = |entry: &JournalEntry| AuditEdge { cursor: cursor_of(entry), node: AuditEntry(entry.clone()) };
        let edges = entries.iter().map(edge).collect();
        Ok(Self { edges, nodes: entries.into_iter().map(AuditEntry).collect(), page_info })
    }
}
