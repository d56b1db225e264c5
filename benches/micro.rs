//! Micro-benches: cursor, sanitiser, loader, endpoint. `cargo bench`; each prints time per call.
//! The loader is held against the `dataloader` crate over the same statement on the same embedded database.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{Cursor as Lines, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::future::join_all;
use serde_json::json;
use tidings::app::{App, Options};
use tidings::clock::Clock;
use tidings::config::Config;
use tidings::db::{self, Database, DatabaseSettings, Media, Visibility, load_catalog};
use tidings::graphql::Cursor;
use tidings::ingest::Import;
use tidings::loader::{Catalog, Loaders, MediaById};
use tidings::text::{blocks, plain_text, sanitise};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Pictures in the bench's portal, and keys in one batch.
const PICTURES: i64 = 1_000;
const KEYS: i64 = 80;

fn cursor(c: &mut Criterion) {
    let list = Cursor::of("NEWEST channel 3");
    let text = list.encode((1_795_000_000_000, 123_456));
    c.bench_function("cursor/encode", |b| b.iter(|| black_box(list).encode(black_box((1_795_000_000_000, 123_456)))));
    c.bench_function("cursor/decode", |b| b.iter(|| black_box(list).decode("after", black_box(&text))));
}

fn sanitiser(c: &mut Criterion) {
    let paragraph = "<p>园区氢能示范项目投运,<b>首批</b>加氢站向社会开放。<a href=\"https://a.example/\">详情</a></p>";
    let clean = sanitise(&paragraph.repeat(40));
    let dirty = format!("{}<script>alert(1)</script><p onclick=x()>x", paragraph.repeat(40));
    c.bench_function("sanitiser/clean body of 5 kB", |b| b.iter(|| sanitise(black_box(&clean))));
    c.bench_function("sanitiser/dirty body of 5 kB", |b| b.iter(|| sanitise(black_box(&dirty))));
    c.bench_function("text/plain text of 5 kB", |b| b.iter(|| plain_text(black_box(&clean))));
    c.bench_function("text/blocks of 5 kB", |b| b.iter(|| blocks(black_box(&clean))));
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

async fn portal() -> (Folder, Database) {
    let folder = std::env::temp_dir().join(format!("tidings-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let url = format!("sqlite://{}", folder.join("bench.db").display());
    let settings = DatabaseSettings { url, schema: None, readers: 1, statement_limit: Duration::from_secs(5) };
    let db = Database::open(&settings).await.expect("it opens");
    let media = |i: i64| json!({ "kind": "media", "externalId": i.to_string(), "id": i, "url": format!("/m/{i}.png"), "width": 1200, "height": 675 });
    let site = json!({ "kind": "site", "externalId": "site", "name": "站点", "url": "https://portal.example" });
    let lines = (1..=PICTURES).map(media).chain([site]).fold(String::new(), |lines, r| lines + &r.to_string() + "\n");
    Import::new(db.clone(), Clock::System).run(Lines::new(lines.into_bytes()), |_| Ok(()), |_| {}).await.expect("it goes in");
    (Folder(folder), db)
}

/// The batch of the `dataloader` crate: the same statement.
struct Pictures {
    db: Database,
    batches: Arc<AtomicUsize>,
}

impl dataloader::BatchFn<i64, Arc<Media>> for Pictures {
    async fn load(&mut self, keys: &[i64]) -> HashMap<i64, Arc<Media>> {
        self.batches.fetch_add(1, Ordering::Relaxed);
        let found = self.db.reader().all(db::media_by_id(keys.to_vec())).await.expect("it reads");
        found.into_iter().map(|m| (m.id, m)).collect()
    }
}

fn loader(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let (_folder, db) = runtime.block_on(portal());
    let catalog = Arc::new(Catalog::new(runtime.block_on(load_catalog(&db)).expect("it loads")));
    let now = 1_795_000_000_000;
    c.bench_function("loader/waves, 80 keys", |b| {
        b.to_async(&runtime).iter(|| async {
            let loaders = Loaders::new(db.reader().clone(), Visibility::public(now), Arc::clone(&catalog));
            let found = loaders.drive(loaders.load_all((1..=KEYS).map(MediaById))).await.expect("it reads");
            assert_eq!((found.len(), loaders.spent().statements), (80, 1));
        });
    });
    for yields in [1, 10] {
        let batches = Arc::new(AtomicUsize::new(0));
        let calls = AtomicUsize::new(0);
        c.bench_function(&format!("loader/dataloader crate, yield count {yields}, 80 keys"), |b| {
            b.to_async(&runtime).iter(|| async {
                calls.fetch_add(1, Ordering::Relaxed);
                let pictures = Pictures { db: db.clone(), batches: Arc::clone(&batches) };
                let loader = dataloader::non_cached::Loader::new(pictures).with_yield_count(yields);
                assert_eq!(join_all((1..=KEYS).map(|id| loader.load(id))).await.len(), 80);
            });
        });
        let (batches, calls) = (batches.load(Ordering::Relaxed), calls.load(Ordering::Relaxed));
        println!("loader/dataloader crate, yield count {yields}: {batches} statements in {calls} calls");
    }
}

fn endpoint(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let (_folder, db) = runtime.block_on(portal());
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".into();
    let app = runtime.block_on(App::start_on(db, config, Options::default())).expect("it starts");
    let mut stream = TcpStream::connect(app.address()).expect("it listens");
    drop(stream.set_nodelay(true));
    runtime.spawn(app.run(std::future::pending()));
    let body = json!({ "query": "{ site { name slogan url } }" }).to_string();
    let head =
        format!("POST /graphql HTTP/1.1\r\nhost: b\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let request = head + &body;
    let mut answer = vec![0; 4_096];
    c.bench_function("endpoint/small operation over HTTP", |b| {
        b.iter(|| {
            stream.write_all(request.as_bytes()).expect("sent");
            let count = stream.read(&mut answer).expect("answered");
            assert!(answer[..count].starts_with(b"HTTP/1.1 200"));
        });
    });
}

criterion_group! {
    name = micro;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1)).sample_size(30);
    targets = cursor, sanitiser, loader, endpoint
}
criterion_main!(micro);
