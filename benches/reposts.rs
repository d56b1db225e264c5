//! How well reposts are told from other articles.
//!
//! `cargo bench --bench reposts` needs a file of JSON lines with `title`, `category` and `markdown` (`BENCH_TEXTS`). Each text, and a passage of it of the
//! length of a news item, is taken over in the ways in which portals do: a head or a tail is cut off, a disclaimer added, sentences are
//! changed for those of another text, the script is converted, and all of it at once. What is found must be a copy of the same text.

#![expect(clippy::print_stdout, reason = "a bench speaks to people")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use common::{Dice, setting};
use tidings::related;
use tidings::search::{Cutter, Document, Index, Mark};
use tidings::text::{Shingles, fold};

const DISCLAIMER: &str = "免责声明：本文来自网络，版权归原作者所有，与本站立场无关。如有侵权请与我们联系，我们将在第一时间删除。";

/// A text of the collection: of which original, how it was edited, and what it says.
struct Text {
    original: usize,
    edit: &'static str,
    says: String,
}

fn main() {
    let path = setting("BENCH_TEXTS", "../shared/data/laws-dev/articles.jsonl");
    let Ok(file) = std::fs::read_to_string(&path) else {
        println!("no texts: {path} cannot be read");
        return;
    };
    let lines: Vec<serde_json::Value> = file.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let whole: Vec<Vec<String>> = lines.iter().map(|line| sentences(line["markdown"].as_str().unwrap_or_default())).collect();
    let mut dice = Dice(20_261_124);
    let mut passage = |sentences: &Vec<String>| {
        let length = (10 + dice.below(30)).min(sentences.len());
        let from = dice.below(sentences.len() + 1 - length);
        sentences[from..from + length].to_vec()
    };
    let passages: Vec<Vec<String>> = whole.iter().map(&mut passage).collect();
    let categories: Vec<&str> = lines.iter().map(|line| line["category"][0].as_str().unwrap_or_default()).collect();
    for (name, originals) in [("whole texts", whole), ("passages of the length of news", passages)] {
        let long: Vec<usize> = (0..originals.len()).filter(|number| originals[*number].concat().chars().count() >= 200).collect();
        let (originals, categories): (Vec<Vec<String>>, Vec<&str>) =
            long.into_iter().map(|number| (originals[number].clone(), categories[number])).unzip();
        println!("{} {name}, {} characters on an average", originals.len(), {
            originals.iter().map(|sentences| sentences.concat().chars().count()).sum::<usize>() / originals.len().max(1)
        });
        measure(&originals, &categories);
    }
}

fn sentences(text: &str) -> Vec<String> {
    let parts = text.split_inclusive(['。', '；', '\n']).map(str::trim);
    parts.filter(|part| part.chars().count() >= 8).map(str::to_owned).collect()
}

/// A traditional character for each that has one, of several the first.
fn traditional() -> HashMap<char, char> {
    let mut table = HashMap::new();
    for traditional in '\u{4e00}'..='\u{9fff}' {
        if let [simplified] = fold(&traditional.to_string()).chars[..]
            && simplified != traditional
        {
            table.entry(simplified).or_insert(traditional);
        }
    }
    table
}

fn convert(table: &HashMap<char, char>, text: &str) -> String {
    text.chars().map(|c| table.get(&c).copied().unwrap_or(c)).collect()
}

/// The copies of original `number`, each edited in its own way.
fn copies(
    originals: &[Vec<String>],
    number: usize,
    traditional: &HashMap<char, char>,
    dice: &mut Dice,
) -> Vec<(&'static str, String)> {
    let own = &originals[number];
    let cut = |dice: &mut Dice, sentences: &[String], is_head: bool| {
        let share = 5 + dice.below(46);
        let gone = (sentences.len() * share / 100).max(1).min(sentences.len() - 1);
        if is_head { sentences[gone..].to_vec() } else { sentences[..sentences.len() - gone].to_vec() }
    };
    let change = |dice: &mut Dice, sentences: &[String]| {
        let other = &originals[(number + 1 + dice.below(originals.len() - 1)) % originals.len()];
        let mut changed = sentences.to_vec();
        let count = (sentences.len() * (5 + dice.below(26)) / 100).max(1);
        for _ in 0..count {
            changed[dice.below(sentences.len())].clone_from(&other[dice.below(other.len())]);
        }
        changed
    };
    let (head, tail, changed) = (cut(dice, own, true), cut(dice, own, false), change(dice, own));
    let all = cut(dice, &changed, dice.0.is_multiple_of(2));
    vec![
        ("original", own.concat()),
        ("head cut off", head.concat()),
        ("tail cut off", tail.concat()),
        ("disclaimer", format!("{}{DISCLAIMER}", own.concat())),
        ("sentences changed", changed.concat()),
        ("script", convert(traditional, &own.concat())),
        ("changed, cut, disclaimer, script", convert(traditional, &format!("{}{DISCLAIMER}", all.concat()))),
    ]
}

fn measure(originals: &[Vec<String>], categories: &[&str]) {
    let traditional = traditional();
    let mut dice = Dice(7);
    let texts: Vec<Text> = (0..originals.len())
        .flat_map(|original| {
            let copies = copies(originals, original, &traditional, &mut dice);
            copies.into_iter().map(move |(edit, says)| Text { original, edit, says })
        })
        .collect();
    let cutter = Cutter::new(&[]);
    let (index, _) = Index::open(None, &cutter).expect("memory");
    let writer = index.build(&cutter, 2).expect("an index");
    let shingles: Vec<Option<Shingles>> = texts.iter().map(|text| Shingles::of(&text.says)).collect();
    for (id, text) in (0..).zip(&texts) {
        writer.add(&Document { id, body: text.says.clone(), expires_at: i64::MAX, ..Document::default() }).expect("it is added");
    }
    writer.finish(Mark { seq: 1, at: 1 }).expect("it is written").take_over();
    let mut times = Vec::new();
    // Pairs of texts that were compared: how alike they are, and which.
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for number in 0..texts.len() {
        let Some(own) = &shingles[number] else { continue };
        let started = Instant::now();
        let suspects = related::suspects(&index, own, i64::try_from(number).expect("few")).expect("an answer");
        let suspects = suspects.into_iter().filter_map(|other| usize::try_from(other).ok());
        let compare = |other: usize| Some((own.likeness(shingles[other].as_ref()?), number, other));
        pairs.extend(suspects.filter_map(compare));
        times.push(started.elapsed());
    }
    for least in [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8] {
        let same: Vec<(usize, usize)> = pairs.iter().filter(|pair| pair.0 >= least).map(|pair| (pair.1, pair.2)).collect();
        report(least, &same, &texts, categories);
    }
    println!("  {}", percentiles(times));
    let shown = pairs.iter().filter(|(likeness, a, b)| *likeness >= SHOWN && a < b && texts[*a].original != texts[*b].original);
    if !setting("BENCH_VERBOSE", "").is_empty() {
        for (likeness, a, b) in shown.filter(|(_, a, b)| texts[*a].edit == "original" && texts[*b].edit == "original") {
            let begin = |number: usize| texts[number].says.chars().take(60).collect::<String>();
            println!("    {likeness:.2} {} / {}", begin(*a), begin(*b));
        }
    }
}

/// Pairs of originals that are shown to whoever asks for them are at least so much alike.
const SHOWN: f64 = 0.6;

/// What follows if pairs `same` are taken for one.
fn report(least: f64, same: &[(usize, usize)], texts: &[Text], categories: &[&str]) {
    let right = same.iter().filter(|(a, b)| texts[*a].original == texts[*b].original).count();
    // Originals that are alike before anybody has edited them have copies that are alike as well.
    let mut alike: HashSet<(usize, usize)> = HashSet::new();
    for (a, b) in same.iter().filter(|(a, b)| texts[*a].edit == "original" && texts[*b].edit == "original") {
        alike.insert((texts[*a].original, texts[*b].original));
        alike.insert((texts[*b].original, texts[*a].original));
    }
    let wrong: Vec<(usize, usize)> =
        same.iter().map(|(a, b)| (texts[*a].original, texts[*b].original)).filter(|(a, b)| a != b).collect();
    let others = wrong.iter().filter(|pair| !alike.contains(pair)).count();
    // By edit: how many of its copies have found their original, of how many.
    let mut edits: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for text in texts.iter().filter(|text| text.edit != "original") {
        edits.entry(text.edit).or_default().1 += 1;
    }
    for (a, b) in same.iter().filter(|(a, b)| texts[*b].edit == "original" && texts[*a].original == texts[*b].original) {
        if let Some((hits, _)) = edits.get_mut(texts[*a].edit) {
            *hits += usize::from(a != b);
        }
    }
    let (hits, all) = edits.values().fold((0, 0), |sum, found| (sum.0 + found.0, sum.1 + found.1));
    let precision = |wrong: usize| right as f64 / (right + wrong) as f64;
    let one_category = alike.iter().filter(|(a, b)| categories[*a] == categories[*b]).count() / 2;
    println!(
        "  from {least:.2}: recall {:.4}; precision {:.4}, {:.4} without copies of {} pairs of originals that are alike themselves, {one_category} of them of \
         one category",
        hits as f64 / all as f64,
        precision(wrong.len()),
        precision(others),
        alike.len() / 2,
    );
    let edits: Vec<String> =
        edits.iter().map(|(edit, (hits, all))| format!("{edit} {:.3}", *hits as f64 / *all as f64)).collect();
    println!("    {}", edits.join(", "));
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    format!("looking for copies of one: median {:.2?}, 99 % {:.2?}", at(50), at(99))
}
