//! How fast and how well search finds, and what its index weighs.
//!
//! `cargo bench --bench search` needs two files: lines `id … title` in tab-separated columns (`BENCH_HEADLINES`) and JSON lines with `title`, `category` and
//! `markdown` (`BENCH_TEXTS`); what is not there is left out, and said so. `BENCH_DOCUMENTS` headlines (a million) are made of halves of those in the file.

#![expect(clippy::print_stdout, reason = "a bench speaks to people")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod common;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{Dice, setting};
use tidings::related;
use tidings::search::{Cutter, Document, Filter, Grain, Index, Mark, Query, Wanted};

/// The instant of all searches: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000;

fn main() {
    let open = setting("BENCH_OPEN", "");
    if !open.is_empty() {
        return idle(Path::new(&open));
    }
    let folder = std::env::temp_dir().join(format!("tidings-bench-search-{}", std::process::id()));
    match std::fs::read_to_string(setting("BENCH_HEADLINES", "../shared/data/headlines-dev/headlines.tsv")) {
        Ok(text) => headlines(&folder.join("headlines"), &text),
        Err(error) => println!("no headlines: {error}"),
    }
    match std::fs::read_to_string(setting("BENCH_TEXTS", "../shared/data/laws-dev/articles.jsonl")) {
        Ok(text) => texts(&folder.join("texts"), &text),
        Err(error) => println!("no texts: {error}"),
    }
    drop(std::fs::remove_dir_all(folder));
}

/// Indexes `documents`; returns the index and how long that took.
fn index(folder: &Path, documents: impl Iterator<Item = Document>) -> (Arc<Index>, Duration) {
    let cutter = Cutter::new(&[]);
    // The dictionary is read when it is asked for first, and that is not indexing.
    assert!(cutter.frequency("中国") > 0);
    let (index, _) = Index::open(Some(folder), &cutter).expect("a folder");
    let writer = index.build(&cutter, 2).expect("an index");
    let started = Instant::now();
    for document in documents {
        writer.add(&document).expect("it is added");
    }
    // Whoever writes on needs the writer; here nobody does.
    writer.finish(Mark { seq: 1, at: 1 }).expect("it is written").take_over();
    (index, started.elapsed())
}

fn bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| if e.path().is_dir() { bytes(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

fn wanted(limit: usize, facets: bool) -> Wanted {
    let years: Arc<[i64]> = (0..131).map(|year| year * 31_556_952_000).collect();
    Wanted { years: facets.then_some(years), ..Wanted::best(limit, NOW) }
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    let sum: Duration = times.iter().sum();
    format!("median {:.2?}, 99 % {:.2?}, mean {:.2?}", at(50), at(99), sum / u32::try_from(times.len()).unwrap_or(1))
}

/// Headline `number` without its text.
fn listed(number: usize) -> Document {
    let at = i64::try_from(number).unwrap_or(0);
    let (channel, source) = (at % 40, at % 90);
    let tags = [at % 2_000, at % 7 * 131 % 2_000];
    Document {
        id: at + 1,
        published_at: NOW - at * 240_000,
        expires_at: i64::MAX,
        lists: vec![0, channel * 8 + 1, channel * 8 + 2, tags[0] * 8 + 3, tags[1] * 8 + 3, source * 8 + 5],
        ..Document::default()
    }
}

fn headlines(folder: &Path, text: &str) {
    let count: usize = setting("BENCH_DOCUMENTS", "1000000").parse().expect("a number");
    let lines: Vec<Vec<char>> = text
        .lines()
        .filter_map(|line| Some(line.rsplit('\t').next()?.chars().collect()))
        .filter(|l: &Vec<char>| l.len() > 3)
        .collect();
    let mut dice = Dice(20_261_123);
    let title = |dice: &mut Dice, number: usize| -> String {
        let (a, b) = (&lines[number % lines.len()], &lines[dice.below(lines.len())]);
        if number < lines.len() { a.iter().collect() } else { a[..a.len() / 2].iter().chain(&b[b.len() / 2..]).collect() }
    };
    let titles: Vec<String> = (0..count).map(|number| title(&mut dice, number)).collect();
    let length: usize = titles.iter().map(String::len).sum();
    let documents = (0..).zip(&titles).map(|(number, title)| Document { title: title.clone(), ..listed(number) });
    let (index, took) = index(folder, documents);
    let size = bytes(folder);
    println!(
        "{count} headlines of {:.1} MB: indexed in {:.1} s, {:.0} a second; {:.1} MB on disk, {:.2} times the text",
        length as f64 / 1e6,
        took.as_secs_f64(),
        count as f64 / took.as_secs_f64(),
        size as f64 / 1e6,
        size as f64 / length as f64
    );
    let cutter = Cutter::new(&[]);
    let mut words: HashSet<String> = HashSet::new();
    while words.len() < 1_000 {
        let chars = tidings::text::fold(&titles[dice.below(count)]).chars;
        let all = cutter.words(&chars, Grain::Coarse).into_iter().map(|word| word.text);
        let two: Vec<String> = all.filter(|word| word.chars().count() == 2 && !word.is_ascii()).collect();
        if !two.is_empty() {
            words.insert(two[dice.below(two.len())].clone());
        }
    }
    for (name, facets) in [("with facets", true), ("without facets", false)] {
        let (mut times, mut hits) = (Vec::new(), 0);
        for word in &words {
            let started = Instant::now();
            let found = index.search(&Query::parse(word), &Filter::default(), &wanted(20, facets)).expect("an answer");
            times.push(started.elapsed());
            hits += found.total;
        }
        println!("1000 words of two characters, {name}: {}; {} hits on average", percentiles(times), hits / 1_000);
    }
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..500 {
        let number = dice.below(count);
        let body: Vec<&str> = (0..40).map(|_| titles[dice.below(count)].as_str()).collect();
        let asked = Document { title: titles[number].clone(), body: body.join("，"), ..listed(number) };
        let started = Instant::now();
        found += related::find(&index, &asked, NOW).expect("an answer").len();
        times.push(started.elapsed());
    }
    println!("related items of 500 new texts of some 600 characters: {}; {} each", percentiles(times), found / 500);
    drop(index);
    let program = std::env::current_exe().expect("this program");
    let said = std::process::Command::new(program).env("BENCH_OPEN", folder).output().expect("it runs");
    print!("{}", String::from_utf8_lossy(&said.stdout));
}

/// What a program weighs that has the index of `folder` open.
fn idle(folder: &Path) {
    let (index, writer) = Index::open(Some(folder), &Cutter::new(&[])).expect("an index");
    assert!(index.is_whole() && writer.is_some());
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = |name: &str| status.lines().find(|l| l.starts_with(name)).map(str::to_owned).unwrap_or_default();
        format!("{}, {}", line("VmRSS"), line("RssAnon")).replace('\t', " ")
    };
    println!("open, with its writer: {}", resident());
    for word in ["中国", "北京", "的", "高质量发展"] {
        index.search(&Query::parse(word), &Filter::default(), &wanted(20, true)).expect("an answer");
    }
    println!("after four searches: {}", resident());
}

fn texts(folder: &Path, text: &str) {
    let lines: Vec<serde_json::Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let field = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let bodies: Vec<String> = lines.iter().map(|line| field(line, "markdown")).collect();
    let titles: Vec<String> = lines.iter().map(|line| field(line, "title")).collect();
    let length: usize = bodies.iter().chain(&titles).map(String::len).sum();
    let documents = (0..lines.len()).map(|number| Document {
        id: i64::try_from(number).unwrap_or(0) + 1,
        title: titles[number].clone(),
        body: bodies[number].clone(),
        published_at: NOW - 1_000_000,
        expires_at: i64::MAX,
        lists: vec![0],
        ..Document::default()
    });
    let (index, took) = index(folder, documents);
    let size = bytes(folder);
    println!(
        "{} texts of {:.1} MB: indexed in {:.1} s; {:.1} MB on disk, {:.2} times the text",
        lines.len(),
        length as f64 / 1e6,
        took.as_secs_f64(),
        size as f64 / 1e6,
        size as f64 / length as f64
    );
    known(&index, &titles, &bodies);
    let categories: Vec<String> = lines.iter().map(|line| line["category"][0].as_str().unwrap_or_default().to_owned()).collect();
    related(&index, &titles, &bodies, &categories);
}

/// How often a sentence out of the middle brings its document first, and four characters of a title bring theirs among the first ten.
fn known(index: &Index, titles: &[String], bodies: &[String]) {
    const TRIES: usize = 1_000;
    let mut dice = Dice(7);
    let (mut first, mut shared, mut times) = (0, 0, Vec::new());
    let mut tried = 0;
    let is_verbose = !setting("BENCH_VERBOSE", "").is_empty();
    while tried < TRIES {
        let number = dice.below(bodies.len());
        let sentences: Vec<&str> =
            bodies[number].split(['。', '\n', '；']).map(str::trim).filter(|s| s.chars().count() >= 10).collect();
        if sentences.len() < 3 {
            continue;
        }
        let sentence = sentences[sentences.len() / 4 + dice.below(sentences.len() / 2)];
        if sentence.chars().count() > 900 {
            continue;
        }
        tried += 1;
        let started = Instant::now();
        let found = index.search(&Query::parse(sentence), &Filter::default(), &wanted(10, false)).expect("an answer");
        times.push(started.elapsed());
        let best = found.hits.first().map(|hit| usize::try_from(hit.article() - 1).unwrap_or(usize::MAX));
        if best == Some(number) {
            first += 1;
        } else if best.and_then(|best| bodies.get(best)).is_some_and(|body| body.contains(sentence)) {
            shared += 1;
        } else if is_verbose {
            let place = found.hits.iter().position(|hit| usize::try_from(hit.article() - 1) == Ok(number));
            println!(
                "  {} hits, at {place:?} in {}, first {:?}: {sentence}",
                found.total,
                titles[number],
                best.map(|best| &titles[best])
            );
        }
    }
    println!(
        "a sentence of the middle brings its document first in {first} of {TRIES} tries, and another one with the same sentence in {shared}; {}",
        percentiles(times)
    );
    let (mut among, mut rare, mut among_rare) = (0, 0, 0);
    for _ in 0..TRIES {
        let number = dice.below(titles.len());
        let chars: Vec<char> = titles[number].chars().collect();
        let from = dice.below(chars.len().saturating_sub(3));
        let part: String = chars[from..].iter().take(4).collect();
        let found = index.search(&Query::parse(&part), &Filter::default(), &wanted(10, false)).expect("an answer");
        let is_among = found.hits.iter().any(|hit| usize::try_from(hit.article() - 1) == Ok(number));
        among += usize::from(is_among);
        // Ten places cannot hold more than ten titles.
        if titles.iter().filter(|title| title.contains(&part)).count() <= 10 {
            rare += 1;
            among_rare += usize::from(is_among);
        }
    }
    println!(
        "four characters of a title bring its document among the first ten in {among} of {TRIES} tries; where at most ten titles have them, in {among_rare} of {rare}"
    );
}

/// How often related items share the top category, which the index does not know.
fn related(index: &Index, titles: &[String], bodies: &[String], categories: &[String]) {
    const MOST: usize = 8;
    let is_verbose = !setting("BENCH_VERBOSE", "").is_empty();
    let (mut shared, mut newest, mut shown, mut times) = (0, 0, 0, Vec::new());
    for number in 0..titles.len() {
        let document = Document {
            id: i64::try_from(number).expect("few") + 1,
            title: titles[number].clone(),
            body: bodies[number].clone(),
            ..Document::default()
        };
        let started = Instant::now();
        let mut found = related::find(index, &document, NOW).expect("an answer");
        times.push(started.elapsed());
        found.truncate(MOST);
        let others: Vec<usize> = found.iter().filter_map(|relation| usize::try_from(relation.article - 1).ok()).collect();
        if is_verbose && number < 20 {
            println!("  {}", titles[number]);
            for (relation, other) in found.iter().zip(&others) {
                println!("    {:.2} {} {}", relation.score, titles[*other], relation.terms.join(" "));
            }
        }
        shown += others.len();
        shared += others.iter().filter(|other| categories[**other] == categories[number]).count();
        newest += (0..MOST).filter(|other| categories[(number + 1 + other) % titles.len()] == categories[number]).count();
    }
    println!(
        "{shown} related items share the top category in {:.1} %, others in {:.1} %; {}",
        100.0 * shared as f64 / shown as f64,
        100.0 * newest as f64 / (titles.len() * MOST) as f64,
        percentiles(times)
    );
}
