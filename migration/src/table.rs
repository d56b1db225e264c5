//! How migrations write down tables: one line of text for columns, the same for both databases.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A column of a kind: `int`, `text`, `bool`, `real` or `blob`; a `?` behind it makes it nullable.
pub fn column(backend: DbBackend, name: &str, kind: &str) -> ColumnDef {
    let (kind, nullable) = kind.strip_suffix('?').map_or((kind, false), |k| (k, true));
    let mut def = ColumnDef::new(Alias::new(name));
    match kind {
        // SQLite's integers have 64 bits, and only a key of exactly this name is the rowid itself.
        "int" if backend == DbBackend::Sqlite => def.integer(),
        "int" => def.big_integer(),
        "text" => def.text(),
        "bool" => def.boolean(),
        "real" => def.double(),
        "blob" => def.blob(),
        other => unreachable!("no column kind {other}"),
    };
    if !nullable {
        def.not_null();
    }
    def
}

/// A table: name, primary key, columns as `name kind`, foreign keys as `column table`.
pub struct Plan {
    table: &'static str,
    key: &'static [&'static str],
    columns: &'static str,
    foreign: &'static [(&'static str, &'static str)],
}

/// As a constant.
pub const fn plan(
    table: &'static str,
    key: &'static [&'static str],
    columns: &'static str,
    foreign: &'static [(&'static str, &'static str)],
) -> Plan {
    Plan { table, key, columns, foreign }
}

/// An index: table, columns, whether they are unique.
pub type IndexPlan = (&'static str, &'static [&'static str], bool);

fn create(plan: &Plan, backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create();
    // SQLite makes tables outside transactions here: a start that was killed half-way goes on where it stopped.
    table.table(Alias::new(plan.table)).if_not_exists();
    for part in plan.columns.split(", ") {
        let (name, kind) = part.split_once(' ').expect("the plan writes `name kind`");
        table.col(column(backend, name, kind));
    }
    let mut key = Index::create();
    for name in plan.key {
        key.col(Alias::new(*name));
    }
    table.primary_key(&mut key);
    for (from, to) in plan.foreign {
        table.foreign_key(
            ForeignKey::create().from(Alias::new(plan.table), Alias::new(*from)).to(Alias::new(*to), Alias::new("id")),
        );
    }
    // Lists are read along their key: without a rowid the table is its own index.
    if backend == DbBackend::Sqlite && plan.key.len() > 1 {
        table.extra("WITHOUT ROWID");
    }
    table.take()
}

/// Creates `plans` in order.
pub async fn create_tables(manager: &SchemaManager<'_>, plans: &[Plan]) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    for plan in plans {
        manager.create_table(create(plan, backend)).await?;
    }
    Ok(())
}

/// Adds a column that is `default` in the rows that are there. One that is there stays: SQLite changes tables outside transactions
/// here, and a start that was killed half-way goes on where it stopped.
pub async fn add_column(manager: &SchemaManager<'_>, table: &str, name: &str, kind: &str, default: i32) -> Result<(), DbErr> {
    if manager.has_column(table, name).await? {
        return Ok(());
    }
    let mut column = column(manager.get_database_backend(), name, kind);
    manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column.default(default)).take()).await
}

/// Drops `plans`, the last first.
pub async fn drop_tables(manager: &SchemaManager<'_>, plans: &[Plan]) -> Result<(), DbErr> {
    for plan in plans.iter().rev() {
        manager.drop_table(Table::drop().table(Alias::new(plan.table)).take()).await?;
    }
    Ok(())
}

/// Creates `plans`.
pub async fn create_indexes(manager: &SchemaManager<'_>, plans: &[IndexPlan]) -> Result<(), DbErr> {
    for (table, columns, unique) in plans {
        let mut index = Index::create();
        index.name(format!("{table}_{}", columns.join("_"))).table(Alias::new(*table)).if_not_exists();
        for name in *columns {
            index.col(Alias::new(*name));
        }
        if *unique {
            index.unique();
        }
        manager.create_index(index.take()).await?;
    }
    Ok(())
}
