//! Where an import's problems go: never over the input, and nothing that stands there is touched without need.

use std::os::unix::fs::{MetadataExt, symlink};
use std::process::{Output, Stdio};

use crate::app::TestDatabase;
use crate::import::program;
use crate::records::{article, ndjson, portal};

/// A line that no import takes.
const BAD: &str = "{\"kind\":\"tag\",\"externalId\":\"t\",\"slug\":\"t\"}\n";

fn import(database: &TestDatabase, arguments: &[&str]) -> Output {
    program(database).args(["import", "ndjson"]).args(arguments).stdin(Stdio::null()).output().expect("the program runs")
}

/// A folder with `good.ndjson` and `bad.ndjson`.
async fn prepared() -> TestDatabase {
    let database = TestDatabase::new().await;
    let good = ndjson(&portal([article("a")]));
    std::fs::write(database.folder().join("bad.ndjson"), format!("{good}{BAD}")).expect("written");
    std::fs::write(database.folder().join("good.ndjson"), good).expect("written");
    database
}

#[tokio::test]
async fn a_report_never_overwrites_the_input() {
    let database = prepared().await;
    let folder = database.folder();
    let input = std::fs::read(folder.join("bad.ndjson")).expect("there");
    symlink("bad.ndjson", folder.join("link.ndjson")).expect("a link");
    std::fs::hard_link(folder.join("bad.ndjson"), folder.join("second.ndjson")).expect("a link");
    symlink("bad.ndjson", folder.join("bad.ndjson.problems.ndjson")).expect("a link");
    let cases: [&[&str]; 6] = [
        &["bad.ndjson", "--report", "bad.ndjson"],
        &["bad.ndjson", "--report", "./bad.ndjson"],
        &["bad.ndjson", "--report", "link.ndjson"],
        &["bad.ndjson", "--report", "second.ndjson"],
        &["link.ndjson", "--report", "bad.ndjson"],
        &["bad.ndjson"],
    ];
    for arguments in cases {
        let done = import(&database, arguments);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("is the input"), "{arguments:?}: {said}");
        assert_eq!(std::fs::read(folder.join("bad.ndjson")).expect("still there"), input, "{arguments:?}");
    }
    // Standard input may be the file too.
    let file = std::fs::File::open(folder.join("bad.ndjson")).expect("there");
    let done =
        program(&database).args(["import", "ndjson", "-", "--report", "bad.ndjson"]).stdin(file).output().expect("it runs");
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(std::fs::read(folder.join("bad.ndjson")).expect("still there"), input);
}

#[tokio::test]
async fn what_stands_at_the_report_stays_until_there_is_a_problem() {
    let database = prepared().await;
    let folder = database.folder();
    std::fs::write(folder.join("kept.txt"), "of an earlier run").expect("written");
    symlink("kept.txt", folder.join("kept-link")).expect("a link");
    assert_eq!(import(&database, &["good.ndjson", "--report", "kept-link"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(folder.join("kept.txt")).expect("there"), "of an earlier run");
    assert_eq!(import(&database, &["bad.ndjson", "--report", "kept-link"]).status.code(), Some(3));
    let report = std::fs::read_to_string(folder.join("kept.txt")).expect("there");
    assert!(report.contains("\"externalId\":\"t\"") && !report.contains("earlier"), "{report}");
    assert!(std::fs::symlink_metadata(folder.join("kept-link")).expect("there").is_symlink());
}

#[tokio::test]
async fn a_report_may_be_a_device_or_a_pipe() {
    let database = prepared().await;
    let device = std::fs::metadata("/dev/null").expect("there").rdev();
    assert_eq!(import(&database, &["bad.ndjson", "--report", "/dev/null"]).status.code(), Some(3));
    assert_eq!(std::fs::metadata("/dev/null").expect("still there").rdev(), device);
    let pipe = database.folder().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reading = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("it can be read")
    });
    assert_eq!(import(&database, &["bad.ndjson", "--report", "pipe"]).status.code(), Some(3));
    assert!(reading.join().expect("no panic").contains("\"externalId\":\"t\""));
    assert!(std::fs::symlink_metadata(&pipe).is_ok(), "the pipe is still there");
}
