//! How many beacons the program takes: readers of many networks on kept connections, each of which waits for its answer. The program
//! is a process of its own on one core (`taskset`, if it is there). `cargo bench --bench views`, on SQLite; with
//! `BENCH_DATABASE_URL` on that PostgreSQL database. `BENCH_SECS` says for how long (20).

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Readers at once.
const CONNECTIONS: u64 = 256;

/// Articles; which is read follows Zipf's law.
const ARTICLES: u64 = 1_000;

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// The id of article number `number`.
fn id(number: u64) -> String {
    use base64::Engine;
    let bytes = number.to_be_bytes();
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(7);
    let packed: Vec<u8> = std::iter::once(b'A').chain(bytes[first..].iter().copied()).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(packed)
}

/// What the environment says.
fn setting(name: &str) -> Option<String> {
    std::env::vars().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// The program, on one core if the machine lets it.
fn command(folder: &Path) -> Command {
    let program = env!("CARGO_BIN_EXE_tidings");
    let mut command = match Command::new("taskset").arg("--version").output() {
        Ok(_) => {
            let mut command = Command::new("taskset");
            command.args(["-c", "0", program]);
            command
        }
        Err(_) => Command::new(program),
    };
    let url = setting("BENCH_DATABASE_URL").unwrap_or_else(|| format!("sqlite://{}/views.db", folder.display()));
    command.env("TIDINGS_DATABASE_URL", url).env("TIDINGS_SERVER_CLIENT_ADDRESS_HEADER", "x-forwarded-for");
    command.env("TIDINGS_LOG_FILTER", "warn").stderr(Stdio::inherit());
    command
}

fn fill(folder: &Path) {
    let mut text = "{\"kind\":\"site\",\"externalId\":\"site\",\"name\":\"门户\",\"url\":\"https://portal.example\"}\n\
        {\"kind\":\"channel\",\"externalId\":\"news\",\"slug\":\"news\",\"name\":\"新闻\"}\n"
        .to_owned();
    for i in 0..ARTICLES {
        let _ = writeln!(
            text,
            "{{\"kind\":\"article\",\"externalId\":\"a{i}\",\"title\":\"第{i}篇\",\"body\":\"<p>正文</p>\",\"channel\":\"news\",\
             \"publishedAt\":\"2026-01-01T00:00:00Z\"}}"
        );
    }
    let lines = folder.join("lines.ndjson");
    std::fs::write(&lines, text).expect("a file");
    let done =
        command(folder).args(["import", "ndjson", &lines.display().to_string()]).stdout(Stdio::null()).status().expect("it runs");
    assert!(done.success());
}

fn start(folder: &Path) -> (Child, SocketAddr) {
    let mut child = command(folder).args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    let said = lines.map(|line| line.expect("text")).find_map(|line| Some(line.split_once("answers at http://")?.1.to_owned()));
    let address = said.expect("it says where it answers").trim().parse().expect("an address");
    (child, address)
}

/// Reads until told to stop; the time that each answer took, in microseconds.
async fn read(address: SocketAddr, number: u64, stop: Arc<AtomicBool>) -> Vec<u32> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let (mut dice, mut times, mut answer) = (Dice(number), Vec::new(), [0; 1_024]);
    while !stop.load(Ordering::Relaxed) {
        // P(article) ~ 1/rank: uniform in the logarithm.
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
        let article = ((ARTICLES as f64).powf((dice.next() % 1_000_000) as f64 / 1e6)) as u64;
        let client = dice.next();
        let request = format!(
            "POST /v/{} HTTP/1.1\r\nhost: x\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0\r\n\
             x-forwarded-for: {}.{}.{}.{}\r\ncontent-length: 0\r\n\r\n",
            id(article.clamp(1, ARTICLES)),
            11 + client % 200,
            (client >> 8) % 256,
            (client >> 16) % 256,
            1 + (client >> 24) % 250
        );
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await.expect("it listens");
        let length = stream.read(&mut answer).await.expect("it answers");
        assert!(answer[..length].starts_with(b"HTTP/1.1 204"), "{}", String::from_utf8_lossy(&answer[..length]));
        times.push(u32::try_from(begin.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    times
}

/// Processor seconds and megabytes of a process (`proc(5)`; clock ticks are hundredths on Linux).
fn spent(process: u32) -> (f64, f64) {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    // Fields 14, 15 and 24 of the whole line; the resident set counts pages of 4 KiB.
    ((ticks(11) + ticks(12)) / 100.0, ticks(21) * 4_096.0 / 1e6)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let secs = setting("BENCH_SECS").and_then(|text| text.parse().ok()).unwrap_or(20);
    let folder = std::env::temp_dir().join(format!("tidings-bench-views-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    fill(&folder);
    let (mut child, address) = start(&folder);
    let stop = Arc::new(AtomicBool::new(false));
    let begin = Instant::now();
    let readers: Vec<_> = (0..CONNECTIONS).map(|number| tokio::spawn(read(address, number + 1, Arc::clone(&stop)))).collect();
    let mut before = spent(child.id()).0;
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_secs(secs) / 10).await;
        let (processor, megabytes) = spent(child.id());
        println!("{:6.1} s: {:.2} s of processor, {megabytes:.0} MB", begin.elapsed().as_secs_f64(), processor - before);
        before = processor;
    }
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for reader in readers {
        times.extend(reader.await.expect("it does not panic"));
    }
    let elapsed = begin.elapsed().as_secs_f64();
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let rate = times.len() as f64 / elapsed;
    let at = |per_mille: usize| f64::from(times[(times.len() - 1) * per_mille / 1_000]) / 1_000.0;
    println!(
        "{} views answered, {rate:.0} a second; answers after {:.1} ms (median), {:.1} ms (99 %), {:.1} ms (all)",
        times.len(),
        at(500),
        at(990),
        at(1_000)
    );
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    drop(std::fs::remove_dir_all(&folder));
}
