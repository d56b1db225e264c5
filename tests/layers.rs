//! The floors of the house: an arrow (a `use`, or a path in the text) runs downwards only. When this fails, move the
//! code; the table follows `docs/architecture.md` and is the last thing to change.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms by floor, the highest first. Rooms of one floor may use each other in one direction only, see [`PAIRS`].
const FLOORS: &[&[&str]] = &[
    &["cli"],
    &["app"],
    &["http", "worker"],
    &["graphql", "ingest"],
    &["loader", "feed", "editorial"],
    &["ranking", "related", "partner"],
    &["journal", "auth"],
    &["db", "search", "cache"],
    &["config"],
    &["text", "clock", "error"],
];

/// Who may use whom on one floor: nobody, so far.
const PAIRS: &[(&str, &str)] = &[];

/// Crates that belong to one room: who else names them goes past `db/`.
const DATABASE_CRATES: &[&str] = &["sea_orm", "entity", "migration", "rusqlite", "tokio_postgres", "sqlx"];

/// Everything in `text` that runs up or sideways; `room` is where the file is.
fn violations(room: &str, text: &str) -> Vec<String> {
    let code = without_comments_and_strings(text);
    let mut found = Vec::new();
    for used in rooms_used(&code) {
        if let Some(reason) = forbidden(room, &used) {
            found.push(reason);
        }
    }
    if room != "db" {
        let named = DATABASE_CRATES.iter().filter(|name| names_crate(&code, name));
        found.extend(named.map(|name| format!("{room} names {name}, which is for db alone")));
    }
    found
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn forbidden(from: &str, to: &str) -> Option<String> {
    let (Some(above), Some(below)) = (floor(from), floor(to)) else {
        return Some(format!("{from} uses {to}, and one of them is on no floor"));
    };
    if from == to || above < below || PAIRS.contains(&(from, to)) {
        return None;
    }
    let way = if above == below { "sideways" } else { "up" };
    Some(format!("{from} uses {to}, which runs {way}"))
}

/// The rooms that `code` names as `crate::room`, `crate::{a::…, b}` or `tidings::room`.
fn rooms_used(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for prefix in ["crate::", "tidings::"] {
        for (at, _) in code.match_indices(prefix) {
            let is_word = code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
            if is_word {
                continue;
            }
            let rest = &code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => rooms.extend(heads(group)),
                None => rooms.extend(word(rest)),
            }
        }
    }
    rooms
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Some(word).filter(|w| !w.is_empty())
}

/// The first word of each entry of a use group, whose opening brace has been read.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut entry) = (0_usize, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.extend(word(std::mem::take(&mut entry).trim_start())),
            _ if depth == 0 => entry.push(c),
            _ => {}
        }
    }
    heads.extend(word(entry.trim_start()));
    heads.retain(|head| head != "self");
    heads
}

/// Whether a path begins with `name`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let is_start = before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '.'));
        // In `a::name` it is something else; in `use ::name` it is the crate.
        let inside = code[..at].strip_suffix("::").and_then(|path| path.chars().next_back());
        let is_inner = inside.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '>'));
        let after = &code[at + name.len()..];
        is_start && !is_inner && (after.starts_with("::") || is_use(&code[..at]))
    })
}

/// Whether what stands before is a plain `use`, as in `use entity;`.
fn is_use(before: &str) -> bool {
    before.trim_end().ends_with("use")
}

/// Modules reached by `super` from a file `depth` modules below its room: the room's own name once it leaves the room.
fn leaves_by_super(code: &str, depth: usize) -> bool {
    let chain = "super::".repeat(depth + 1);
    code.contains(&chain)
}

/// The text with strings and comments blanked out: a doc comment may speak of any room.
fn without_comments_and_strings(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if c == '"' {
            string(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').map_or(1, |end| end + 2)
        } else {
            0
        };
        if skipped > 0 {
            out.push(' ');
            rest = &rest[skipped..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix('r')?.chars().take_while(|c| *c == '#').count();
    let body = text[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(body.find(&end).map_or(text.len(), |at| 2 + hashes + at + end.len()))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_arrow_runs_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut rooms = std::collections::BTreeSet::new();
    for file in sources(&src) {
        let inner = file.strip_prefix(&src).expect("it is below").with_extension("");
        let mut parts: Vec<&str> = inner.iter().filter_map(|p| p.to_str()).collect();
        if parts == ["lib"] || parts == ["main"] {
            continue;
        }
        if parts.last() == Some(&"mod") {
            parts.pop();
        }
        let (room, depth) = (parts[0], parts.len() - 1);
        rooms.insert(room.to_owned());
        let text = fs::read_to_string(&file).expect("a source file");
        found.extend(violations(room, &text).into_iter().map(|v| format!("{}: {v}", inner.display())));
        // Inside `mod tests` one more `super` is the file itself.
        let code = without_comments_and_strings(text.split("#[cfg(test)]").next().unwrap_or_default());
        if leaves_by_super(&code, depth) {
            found.push(format!("{}: leaves {room} by `super`; write `crate::`", inner.display()));
        }
    }
    assert!(found.is_empty(), "arrows that do not run down:\n{}", found.join("\n"));
    let missing: Vec<&String> = rooms.iter().filter(|room| floor(room).is_none()).collect();
    assert!(missing.is_empty(), "rooms on no floor: {missing:?}");
    assert!(rooms.contains("db") && rooms.contains("http") && rooms.len() >= 10, "the sources were found: {rooms:?}");
}

#[test]
fn planted_violations_are_caught() {
    for (room, text, reason) in [
        ("db", "use crate::loader::Catalog;", "db uses loader, which runs up"),
        ("http", "use crate::{config::Config, worker::watch};", "http uses worker, which runs sideways"),
        ("worker", "fn f() { crate::http::router(); }", "worker uses http, which runs sideways"),
        (
            "ranking",
            "use crate::{\n    db::{self, Database},\n    related::Relation,\n};",
            "ranking uses related, which runs sideways",
        ),
        ("text", "use crate::error::Result;", "text uses error, which runs sideways"),
        ("graphql", "use sea_orm::EntityTrait;", "graphql names sea_orm, which is for db alone"),
        ("editorial", "let row = entity::article::Model::default();", "editorial names entity, which is for db alone"),
        ("loader", "use {rusqlite::Row};", "loader names rusqlite, which is for db alone"),
        ("cli", "use ::tokio_postgres::NoTls;", "cli names tokio_postgres, which is for db alone"),
        ("graphql", "use tidings::http::State;", "graphql uses http, which runs up"),
        ("app", "use crate::garden::Rose;", "app uses garden, and one of them is on no floor"),
    ] {
        assert_eq!(violations(room, text), [reason], "{text}");
    }
    assert!(leaves_by_super("use super::super::db::Article;", 1));
}

#[test]
fn what_is_allowed_passes() {
    for (room, text) in [
        ("editorial", "use crate::related::Relation; use crate::db::{self, write};"),
        ("http", "use crate::{config, db::Reader, graphql::Schema, loader::{Catalog, Loaders}};"),
        ("app", "use crate::{http, worker, cli_free};".replace("cli_free", "text").as_str()),
        ("db", "use sea_orm::EntityTrait; use entity::article; use rusqlite::Row;"),
        (
            "graphql",
            "//! Not for `crate::http`.\nlet s = \"crate::http sea_orm::x\"; let r = r#\"crate::cli\"#; let c = '\"'; let m = my_entity::x;",
        ),
        ("graphql", "let a = self.entity; let b = row.entity();"),
    ] {
        assert_eq!(violations(room, text), Vec::<String>::new(), "{text}");
    }
    assert!(!leaves_by_super("use super::super::scalar::Url;", 2));
}
