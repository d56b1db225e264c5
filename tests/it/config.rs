//! Settings, as the program itself takes them: its environment, its flags, and what `doctor` shows.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output};

use tidings::config::{Config, Loaded, report};

use crate::app::Folder;

/// What `tidings doctor` says with these variables and nothing else of this run's environment, on a file of its own.
fn doctor(variables: &[(&str, OsString)]) -> Output {
    doctor_in(&Folder::new(), variables)
}

fn doctor_in(folder: &Folder, variables: &[(&str, OsString)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
    command.arg("doctor").env_clear().envs(variables.iter().cloned()).current_dir(&folder.0);
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn variables_of_other_programs_may_hold_anything() {
    let bytes = OsStr::from_bytes(b"\xff\xfe").to_owned();
    let done = doctor(&[("FOO", bytes.clone()), ("TIDINGSX", bytes.clone())]);
    assert!(done.status.success(), "{done:?}");
    let done = doctor(&[("TIDINGS_LOG_FILTER", bytes)]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert_eq!(text(&done.stderr), "tidings: TIDINGS_LOG_FILTER: this variable of the environment is not UTF-8\n");
}

#[test]
fn a_variable_of_the_build_stops_nothing() {
    let done = doctor(&[("TIDINGS_WEB_DIST", "web/dist".into())]);
    assert!(done.status.success(), "{done:?}");
    let done = doctor(&[("TIDINGS_PLAYGROUND", "web/dist".into())]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(text(&done.stderr).contains("TIDINGS_PLAYGROUND: no setting has this name"), "{done:?}");
}

#[test]
fn passwords_among_an_address_parameters_are_hidden() {
    for address in ["postgres://host/x?user=me&password=geheim", "postgres://me:geheim@host/x?sslpassword=geheim&sslkey=geheim"] {
        let mut config = Config::default();
        config.database.url = address.into();
        let lines = report(&Loaded { config, origins: Vec::new() }).expect("it prints").join("\n");
        assert!(lines.contains("@host/x") || lines.contains("//host/x"), "{lines}");
        assert!(lines.contains("***") && !lines.contains("geheim"), "{lines}");
    }
}

#[test]
fn the_path_of_an_sqlite_file_is_taken_as_it_is_written() {
    for name in ["a%20b.db", "a b.db", "100%.db", "%E6%B0%A2.db", "氢能 资讯.db", "a#b&c=d.db", "file:a%20b.db", "it's;\"x\".db"]
    {
        for (prefix, suffix) in [("sqlite://", ""), ("sqlite:", "?"), ("sqlite://./", "?mode=rwc"), ("sqlite://FOLDER/", "")] {
            let folder = Folder::new();
            let prefix = prefix.replace("FOLDER", folder.0.to_str().expect("UTF-8"));
            let url = format!("{prefix}{name}{suffix}");
            let done = doctor_in(&folder, &[("TIDINGS_DATABASE_URL", url.clone().into())]);
            assert!(done.status.success(), "{url}: {done:?}");
            let entries = std::fs::read_dir(&folder.0).expect("a folder").flatten();
            let mut files: Vec<String> = entries.map(|e| e.file_name().into_string().expect("UTF-8")).collect();
            files.retain(|file| !file.ends_with("-wal") && !file.ends_with("-shm"));
            assert_eq!(files, [name], "{url}");
        }
    }
}

#[test]
fn parameters_that_an_sqlite_file_does_not_have_are_refused() {
    for address in [
        "sqlite://it.db?mode=ro",
        "sqlite://it.db?mode=memory",
        "sqlite://it.db?immutable=1",
        "sqlite://it.db?mode=rwc&cache=shared",
        "sqlite://it.db?nonsense",
        "sqlite::memory:",
        "sqlite://",
    ] {
        let folder = Folder::new();
        let done = doctor_in(&folder, &[("TIDINGS_DATABASE_URL", address.into())]);
        assert_eq!(done.status.code(), Some(1), "{address}: {done:?}");
        assert!(text(&done.stdout).contains("database: database.url: "), "{address}: {done:?}");
        assert_eq!(std::fs::read_dir(&folder.0).expect("a folder").count(), 0, "{address} leaves no file");
    }
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_its_name_and_key() {
    for (file, says) in [
        ("[graphql]\nmax_depth = -1", "portal.toml: graphql.max_depth: "),
        (
            "[server]\nmax_connections = \"5\"",
            "portal.toml: server.max_connections: invalid type: string \"5\", expected a whole number",
        ),
        ("[server]\nlisten = 5", "portal.toml: server.listen: "),
        ("[server]\nlissen = \"x\"", "portal.toml: server.lissen: unknown field `lissen`"),
        ("[sever]\n", "portal.toml: sever: unknown field `sever`"),
        ("[server\n", "portal.toml: "),
    ] {
        let folder = Folder::new();
        std::fs::write(folder.file("portal.toml"), file).expect("the folder can be written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        let done = command.args(["doctor", "--config", "portal.toml"]).env_clear().current_dir(&folder.0).output();
        let done = done.expect("the program runs");
        assert_eq!(done.status.code(), Some(1), "{file}: {done:?}");
        assert!(text(&done.stderr).contains(says), "{file}: {}", text(&done.stderr));
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for (variable, value) in [
        ("TIDINGS_LOG_FILTER", "nonsense level"),
        ("TIDINGS_LOG_FILTER", "zzz=foo=bar"),
        ("TIDINGS_LOG_FILTER", "tidings=loud"),
        ("TIDINGS_SERVER_CORS_ORIGINS", "foo"),
        ("TIDINGS_SERVER_CORS_ORIGINS", "https://a.example/"),
        ("TIDINGS_SERVER_CORS_ORIGINS", "https://a.example, b.example"),
        ("TIDINGS_GRAPHQL_MAX_DEPTH", "0"),
        ("TIDINGS_GRAPHQL_MAX_FIELDS", "0"),
    ] {
        let done = doctor(&[(variable, value.into())]);
        assert_eq!(done.status.code(), Some(1), "{variable}={value}: {done:?}");
        let key = variable.trim_start_matches("TIDINGS_").to_lowercase().replacen('_', ".", 1);
        assert!(text(&done.stderr).contains(&key), "{variable}={value}: {done:?}");
    }
    for (variable, value) in [
        ("TIDINGS_LOG_FILTER", "info"),
        ("TIDINGS_LOG_FILTER", "WARN, tidings=debug,tidings::http=trace"),
        ("TIDINGS_LOG_FILTER", "tidings[{request.id}]=debug"),
        ("TIDINGS_LOG_FILTER", ""),
        ("TIDINGS_SERVER_CORS_ORIGINS", "https://a.example,http://localhost:3000,capacitor://localhost"),
        ("TIDINGS_SERVER_CORS_ORIGINS", ""),
    ] {
        let done = doctor(&[(variable, value.into())]);
        assert!(done.status.success(), "{variable}={value}: {done:?}");
    }
}
