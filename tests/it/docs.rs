//! What the documents say is what the program does.

use std::fs;
use std::path::Path;

use tidings::config::{Config, Loaded, report};

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

#[test]
fn the_readme_names_every_setting_with_its_default() {
    let readme = read("README.md");
    let lines = report(&Loaded { config: Config::default(), origins: Vec::new() }).expect("it prints");
    assert!(lines.len() > 20);
    for line in lines {
        let (key, rest) = line.split_once(" = ").expect("key = value");
        let value = rest.strip_suffix("  # default").expect("a default");
        let variable = format!("TIDINGS_{}", key.replace('.', "_").to_uppercase());
        let row = format!("| `{key}` | `{variable}` | `{value}` |");
        assert!(readme.contains(&row), "README.md has no row that begins with {row}");
    }
}

#[test]
fn the_import_schema_knows_every_kind() {
    let schema: serde_json::Value = serde_json::from_str(&read("docs/import.schema.json")).expect("JSON");
    let text = schema.to_string();
    for kind in
        ["site", "source", "author", "media", "channel", "tag", "topic", "page", "navigation", "article", "placement", "redirect"]
    {
        assert!(text.contains(&format!("{{\"const\":\"{kind}\"")), "{kind} is not in docs/import.schema.json");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut files = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")).expect("docs").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|e| e == "md") {
            files.push(format!("docs/{name}"));
        }
    }
    for file in files {
        let folder = Path::new(&file).parent().unwrap_or(Path::new("")).to_owned();
        for link in read(&file).split("](").skip(1).filter_map(|l| l.split(')').next()) {
            let target = link.split('#').next().unwrap_or("");
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder).join(target);
            assert!(path.exists(), "{file} links to {target}, which is not there");
        }
    }
}
