//! Builds the playground, the desk, the figures and the list of robots from `web/` with npm when their output is missing or older than their
//! sources, and lists their files for the program to embed. `TIDINGS_WEB_DIST` names a folder that is built already.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs};

/// What they are made of.
const SOURCES: [&str; 11] = [
    "web/src",
    "web/index.html",
    "web/desk",
    "web/stats",
    "web/package.json",
    "web/robots.mjs",
    "web/package-lock.json",
    "web/vite.config.js",
    "web/vite.desk.config.js",
    "web/vite.stats.config.js",
    "tests/operations",
];

/// The patterns of robots' agents, a line each.
const ROBOTS: &str = "robots.txt";

fn main() {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rerun-if-env-changed=TIDINGS_WEB_DIST");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = match env::var_os("TIDINGS_WEB_DIST") {
        Some(dist) => PathBuf::from(dist),
        None => built(&root),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("web_files.rs"), listing(&dist)).expect("the output folder can be written");
    let robots =
        fs::read(dist.join(ROBOTS)).unwrap_or_else(|_| fail("the list of robots is missing: `npm run build` in web/ makes it"));
    fs::write(out.join(ROBOTS), robots).expect("the output folder can be written");
}

/// The folder of built files, built now if its stamp is not that of the sources.
fn built(root: &Path) -> PathBuf {
    let dist = root.join("web/dist");
    let stamp = dist.join(".sources");
    let wanted = fingerprint(root);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted)
        && ["playground/index.html", "desk/index.html", "stats/index.html", ROBOTS].iter().all(|file| dist.join(file).exists())
    {
        return dist;
    }
    npm(root, &["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    npm(root, &["run", "build", "--silent"]);
    fs::write(&stamp, wanted).expect("web/dist can be written");
    dist
}

fn npm(root: &Path, arguments: &[&str]) {
    let done = Command::new("npm").args(arguments).current_dir(root.join("web")).output();
    match done {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            fail(&format!("the web pages could not be built: `npm {}` failed in web/", arguments.join(" ")));
        }
        Err(_) => {
            fail("npm is missing: install Node.js 18 or newer with npm (Debian, Ubuntu: apt install nodejs npm) and build again")
        }
    }
}

fn fail(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1)
}

fn fingerprint(root: &Path) -> String {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), files));
    } else if path.is_file() {
        files.push(path.to_owned());
    }
}

/// Rust that names every file with its bytes and type.
fn listing(dist: &Path) -> String {
    let mut files = Vec::new();
    collect(dist, &mut files);
    files.sort();
    files.retain(|f| f.file_name().is_some_and(|n| n != ".sources" && n != ROBOTS));
    let mut code = format!("static FILES: [File; {}] = [\n", files.len());
    for file in &files {
        let name = file.strip_prefix(dist).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let kind = match file.extension().and_then(|e| e.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        };
        let _ = writeln!(
            code,
            "    File {{ path: {name:?}, content_type: {kind:?}, bytes: include_bytes!({:?}), brotli: OnceLock::new(), gzip: OnceLock::new() }},",
            file.display().to_string()
        );
    }
    code + "];\n"
}
