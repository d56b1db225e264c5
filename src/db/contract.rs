//! Contracts of partners, what was used of them, and what has left their lists.

use super::query::{Param, Query, Row, Texts, any};
use super::write::{Transaction, insert_or};
use crate::error::Result;
use entity::contract::Model as Contract;
use entity::contract_usage::Model as ContractUsage;

/// Every contract, by number. A portal has dozens.
pub fn contracts() -> Query<Contract> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT c.id, c.name, c.contact, c.note, c.lists, c.fields, c.delay_secs, c.attribution, c.canonical, c.requests_per_minute, \
         c.requests_per_day, c.cost_per_minute, c.cost_per_day, c.origins, c.embed_key, c.starts_at, c.ends_at, c.created_at, c.changed_at \
         FROM contract c ORDER BY c.id"
            .into()
    });
    Query::new(sql, Vec::new(), |row| {
        Ok(Contract {
            id: row.int(0)?,
            name: row.text(1)?,
            contact: row.opt_text(2)?,
            note: row.opt_text(3)?,
            lists: row.text(4)?,
            fields: row.text(5)?,
            delay_secs: row.int(6)?,
            attribution: row.opt_text(7)?,
            canonical: row.text(8)?,
            requests_per_minute: row.opt_int(9)?,
            requests_per_day: row.opt_int(10)?,
            cost_per_minute: row.opt_int(11)?,
            cost_per_day: row.opt_int(12)?,
            origins: row.text(13)?,
            embed_key: row.text(14)?,
            starts_at: row.opt_int(15)?,
            ends_at: row.opt_int(16)?,
            created_at: row.int(17)?,
            changed_at: row.int(18)?,
        })
    })
}

const USAGE: &str = "u.contract_id, u.day, u.requests, u.refused, u.cost, u.embeds, u.items, u.bytes, u.last_at";

fn usage(row: &Row<'_>) -> Result<ContractUsage> {
    Ok(ContractUsage {
        contract_id: row.int(0)?,
        day: row.int(1)?,
        requests: row.int(2)?,
        refused: row.int(3)?,
        cost: row.int(4)?,
        embeds: row.int(5)?,
        items: row.int(6)?,
        bytes: row.int(7)?,
        last_at: row.int(8)?,
    })
}

/// What was used of every contract on `day` (days since 1970, UTC).
pub fn usage_on(day: i64) -> Query<ContractUsage> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| format!("SELECT {USAGE} FROM contract_usage u WHERE u.day = $1"));
    Query::new(sql, vec![Param::Int(day)], usage)
}

/// What was used of `contracts` from `day` (days since 1970, UTC) on, in any order.
pub fn usage_from(contracts: Vec<i64>, day: i64) -> Query<ContractUsage> {
    static SQL: Texts<()> = Texts::new();
    let sql =
        SQL.of((), |b| format!("SELECT {USAGE} FROM contract_usage u WHERE u.day >= $1 AND {}", any(b, "u.contract_id", 2)));
    Query::new(sql, vec![Param::Int(day), Param::Ints(contracts)], usage)
}

/// Adds to what was used.
pub async fn add_usage(on: &Transaction, rows: &[ContractUsage]) -> Result<()> {
    let sums = ["requests", "refused", "cost", "embeds", "items", "bytes"];
    let sums: Vec<String> = sums.iter().map(|column| format!("{column} = contract_usage.{column} + excluded.{column}")).collect();
    let sets = sums.join(", ");
    insert_or(on, rows, &format!("ON CONFLICT (contract_id, day) DO UPDATE SET {sets}, last_at = excluded.last_at")).await
}
