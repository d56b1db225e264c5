//! Documents that are about the same as another: those that share its telling words, and lists that tell much.

use std::collections::HashMap;

use tantivy::postings::Postings;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query as Clause, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use super::collect::Wanted;
use super::cutter::{Cutter, Grain};
use super::document::{Document, Fields, column};
use crate::text::fold;

/// So many words stand for a document.
const WORDS: usize = 24;

/// A word in the title tells as much as so many in the text.
const IN_TITLE: f64 = 6.0;
const IN_LEAD: f64 = 3.0;

/// So many documents are weighed at most, by the words that fewest have: what that costs does not grow with the portal.
const WEIGHED: u64 = 40_000;

/// Lists of so many documents at most lead to others.
const FOLLOWED: u64 = 5_000;

/// So many of those are compared word by word.
const COMPARED: usize = 64;

/// A word in the title of the other tells as much as so many in its text.
const BY_TITLE: f64 = 3.0;

/// How fast more occurrences of a word tell less, as in BM25 (k1 and b of its authors).
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// A telling word of a document, and how much it tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// As it stands in the index.
    word: String,
    /// As it stands in the document.
    shown: String,
    /// Part of what the document tells, 0 to 1.
    weight: f64,
}

/// A list that tells something of a document: its number, and how much if few stand in it, where all words together tell 1.
pub type TellingList = (i64, f32);

/// A document that is about the same as another.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// The article.
    pub article: i64,
    /// When readers see it first (milliseconds since 1970).
    pub published_at: i64,
    /// Equal for articles with one text; 0 for no other.
    pub cluster: i64,
    /// The part of what the other's words tell that it tells too, 0 to 1.
    pub likeness: f64,
    /// The words that tell most of that, most first, as they stand in the other.
    pub words: Vec<String>,
    /// Those of the lists that were asked for in which it stands, with how much each tells.
    pub lists: Vec<(i64, f64)>,
}

/// The documents that share most with `document`, which need not be there, or stand in `lists`; in no order. Nothing of the document itself.
pub fn alike(
    (document, lists): (&Document, &[TellingList]),
    (fields, cutter): (&Fields, &Cutter),
    searcher: &Searcher,
    now: i64,
) -> tantivy::Result<Vec<Alike>> {
    let words = telling(document, fields, cutter, searcher);
    let lists = &weigh(lists, fields, searcher);
    // A list that many stand in leads nowhere, though it may say something of whom words have led to.
    let with = |list: i64| searcher.doc_freq(&Term::from_field_i64(fields.lists, list)).unwrap_or(0);
    let leading: Vec<TellingList> = lists.iter().copied().filter(|(list, _)| with(*list) <= FOLLOWED).collect();
    let wanted = Wanted { collapse: true, ..Wanted::best(COMPARED, now) };
    let mut candidates: Vec<i64> =
        searcher.search(&*clause(&words, &leading, fields), &wanted)?.hits.iter().map(super::Hit::article).collect();
    candidates.retain(|article| *article != document.id);
    let means = [mean_length(searcher, fields.words(true))?, mean_length(searcher, fields.words(false))?];
    let mut found = Vec::with_capacity(candidates.len());
    for segment in searcher.segment_readers() {
        found.extend(compare(&candidates, (&words, lists), (fields, means), segment)?);
    }
    found.retain(|alike| document.cluster == 0 || alike.cluster != document.cluster);
    Ok(found)
}

/// So many documents of a segment are looked at at most: of a text that stands there oftener, some are enough.
const WEIGHED_COPIES: usize = 10_000;

/// The articles whose documents have most of `bands`, at most `most`; of equals those with the lowest numbers, so that all who have one text
/// find the same.
pub fn copies(bands: &[u64], most: usize, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<i64>> {
    let mut found: Vec<(usize, i64)> = Vec::new();
    for segment in searcher.segment_readers() {
        let mut shared: HashMap<DocId, usize> = HashMap::new();
        for band in bands {
            let term = fields.band(*band);
            let Some(mut postings) = segment.inverted_index(term.field())?.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED && shared.len() < WEIGHED_COPIES {
                *shared.entry(postings.doc()).or_default() += 1;
                postings.advance();
            }
        }
        let ids = segment.fast_fields().i64(column::ID)?;
        let living = shared.into_iter().filter(|(doc, _)| !segment.is_deleted(*doc));
        found.extend(living.filter_map(|(doc, count)| Some((count, ids.first(doc)?))));
    }
    found.sort_unstable_by_key(|(count, article)| (std::cmp::Reverse(*count), *article));
    found.truncate(most);
    Ok(found.into_iter().map(|(_, article)| article).collect())
}

/// How many documents there are, with those that are gone but counted with their words still.
fn documents(searcher: &Searcher) -> u64 {
    searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum::<u64>().max(1)
}

/// The most telling words of `document`, the most telling first.
#[expect(clippy::cast_precision_loss, reason = "numbers of documents")]
fn telling(document: &Document, fields: &Fields, cutter: &Cutter, searcher: &Searcher) -> Vec<Telling> {
    let mut counts: HashMap<String, (f64, String)> = HashMap::new();
    let parts = [(&document.title, IN_TITLE), (&document.body, 1.0)];
    for (text, weight) in parts.into_iter().chain(document.lead.iter().map(|text| (text, IN_LEAD))) {
        let folded = fold(text);
        for word in cutter.words(&folded.chars, Grain::Coarse) {
            let is_telling =
                word.to - word.from > 1 && !Cutter::is_empty_word(&word.text) && !word.text.chars().all(char::is_numeric);
            if is_telling {
                let shown = || text[folded.original(text, word.from, word.to)].to_owned();
                counts.entry(word.text).or_insert_with(|| (0.0, shown())).0 += weight;
            }
        }
    }
    let all = documents(searcher);
    let weigh = |(word, (count, shown)): (String, (f64, String))| {
        let with = |is_title: bool| searcher.doc_freq(&Term::from_field_text(fields.words(is_title), &word)).unwrap_or(0);
        let with = with(true).max(with(false));
        // What stands in one document alone, or in half of all, leads nowhere.
        let weight = (1.0 + count.ln()) * (all as f64 / with as f64).ln();
        (with >= 2 && with <= all / 2).then_some((Telling { word, shown, weight }, with))
    };
    let mut found: Vec<(Telling, u64)> = counts.into_iter().filter_map(weigh).collect();
    found.sort_unstable_by(|(a, _), (b, _)| b.weight.total_cmp(&a.weight).then_with(|| a.word.cmp(&b.word)));
    let (mut weighed, mut words) = (0, Vec::with_capacity(WORDS));
    for (telling, with) in found {
        if weighed + with <= WEIGHED && words.len() < WORDS {
            weighed += with;
            words.push(telling);
        }
    }
    let sum: f64 = words.iter().map(|telling| telling.weight).sum();
    for telling in &mut words {
        telling.weight /= sum;
    }
    words
}

/// Lists tell less the more stand in them: by the logarithm, as words do.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "numbers of documents")]
fn weigh(lists: &[TellingList], fields: &Fields, searcher: &Searcher) -> Vec<TellingList> {
    let all = documents(searcher) as f64;
    let rarity = |list: i64| {
        let with = searcher.doc_freq(&Term::from_field_i64(fields.lists, list)).unwrap_or(0).max(1);
        (all / with as f64).ln_1p() / all.ln_1p()
    };
    lists.iter().map(|(list, weight)| (*list, weight * rarity(*list) as f32)).collect()
}

/// Documents with those words, the title's counting more, or in one of `lists`.
fn clause(words: &[Telling], lists: &[TellingList], fields: &Fields) -> Box<dyn Clause> {
    let mut clauses: Vec<(Occur, Box<dyn Clause>)> = Vec::new();
    for telling in words {
        for (is_title, boost) in [(true, 2.0), (false, 1.0)] {
            let term = TermQuery::new(Term::from_field_text(fields.words(is_title), &telling.word), IndexRecordOption::WithFreqs);
            #[expect(clippy::cast_possible_truncation, reason = "at most two")]
            let boost = boost * telling.weight as f32;
            clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term), boost))));
        }
    }
    for (list, weight) in lists {
        let term = TermQuery::new(Term::from_field_i64(fields.lists, *list), IndexRecordOption::Basic);
        // About what a rare word brings.
        clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(Box::new(term), *weight * 10.0))));
    }
    Box::new(BooleanQuery::new(clauses))
}

/// Those of `articles` that stand in `segment`, with what they share.
fn compare(
    articles: &[i64],
    (words, lists): (&[Telling], &[TellingList]),
    (fields, means): (&Fields, [f64; 2]),
    segment: &SegmentReader,
) -> tantivy::Result<Vec<Alike>> {
    let names = segment.inverted_index(fields.id)?;
    let columns = segment.fast_fields();
    let (published_at, cluster) = (columns.i64(column::PUBLISHED_AT)?, columns.i64(column::CLUSTER)?);
    let stands_in = columns.i64(column::LISTS)?;
    let mut found: Vec<(DocId, Alike)> = Vec::new();
    for article in articles {
        let Some(mut postings) = names.read_postings(&fields.name(*article), IndexRecordOption::Basic)? else { continue };
        let mut doc = postings.doc();
        while doc != TERMINATED && segment.is_deleted(doc) {
            doc = postings.advance();
        }
        if doc == TERMINATED {
            continue;
        }
        let all: Vec<i64> = stands_in.values_for_doc(doc).collect();
        let alike = Alike {
            article: *article,
            published_at: published_at.first(doc).unwrap_or_default(),
            cluster: cluster.first(doc).unwrap_or_default(),
            likeness: 0.0,
            words: Vec::new(),
            lists: lists
                .iter()
                .filter(|(list, _)| all.contains(list))
                .map(|(list, weight)| (*list, f64::from(*weight)))
                .collect(),
        };
        found.push((doc, alike));
    }
    found.sort_unstable_by_key(|(doc, _)| *doc);
    let docs: Vec<DocId> = found.iter().map(|(doc, _)| *doc).collect();
    let mut gains: Vec<Vec<(f64, usize)>> = vec![Vec::new(); docs.len()];
    for (number, telling) in words.iter().enumerate() {
        let in_title = shares(&telling.word, &docs, (fields.words(true), means[0]), segment)?;
        let in_text = shares(&telling.word, &docs, (fields.words(false), means[1]), segment)?;
        for ((gains, title), text) in gains.iter_mut().zip(in_title).zip(in_text) {
            let share = (BY_TITLE * title + text) / (BY_TITLE + 1.0);
            if share > 0.0 {
                gains.push((telling.weight * share, number));
            }
        }
    }
    for ((_, alike), mut gains) in found.iter_mut().zip(gains) {
        gains.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        alike.likeness = gains.iter().map(|(gain, _)| gain).sum();
        alike.words = gains.iter().map(|(_, number)| words[*number].shown.clone()).collect();
    }
    Ok(found.into_iter().map(|(_, alike)| alike).collect())
}

/// How many words documents have in `field` on an average.
#[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
fn mean_length(searcher: &Searcher, field: Field) -> tantivy::Result<f64> {
    let (mut words, mut documents) = (0, 0);
    for segment in searcher.segment_readers() {
        words += segment.inverted_index(field)?.total_num_tokens();
        documents += u64::from(segment.max_doc());
    }
    Ok((words as f64 / documents.max(1) as f64).max(1.0))
}

/// How much each of `docs`, in order, tells by `word` in `field`: 0 if it has it not, towards 1 the oftener for its length.
fn shares(word: &str, docs: &[DocId], (field, mean): (Field, f64), segment: &SegmentReader) -> tantivy::Result<Vec<f64>> {
    let mut shares = vec![0.0; docs.len()];
    let inverted = segment.inverted_index(field)?;
    let term = Term::from_field_text(field, word);
    let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::WithFreqs)? else { return Ok(shares) };
    let lengths = segment.get_fieldnorms_reader(field)?;
    for (share, doc) in shares.iter_mut().zip(docs) {
        if postings.doc() < *doc {
            postings.seek(*doc);
        }
        if postings.doc() == *doc {
            let count = f64::from(postings.term_freq());
            let length = f64::from(lengths.fieldnorm(*doc)) / mean;
            *share = count / (count + SATURATION * (1.0 - LENGTH + LENGTH * length));
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use crate::search::{Cutter, Document, Index, Mark};

    fn document(id: i64, title: &str, body: &str, lists: &[i64]) -> Document {
        let (title, body, lists) = (title.to_owned(), body.to_owned(), lists.to_vec());
        Document { id, title, body, lists, expires_at: i64::MAX, ..Document::default() }
    }

    #[test]
    fn telling_words_lead_to_what_is_about_the_same() {
        let cutter = Cutter::new(&[]);
        let (index, _) = Index::open(None, &cutter).expect("memory");
        let writer = index.build(&cutter, 1).expect("an index");
        let everyday = ["天气转凉", "地铁延时", "菜价平稳", "图书展销", "马拉松开跑", "博物馆夜场"];
        for (number, title) in (10..).zip(everyday) {
            writer.add(&document(number, title, "记者从发布会上了解到，有关部门将继续做好服务。", &[3])).expect("added");
        }
        writer.add(&document(1, "氢能公交上路", "燃料电池公交车开始载客，加氢站同步开放。", &[3])).expect("added");
        writer.add(&document(2, "加氢站布局", "燃料电池汽车越来越多，加氢站要跟上。", &[11])).expect("added");
        writer.add(&document(3, "图书馆延时", "记者从发布会上了解到，有关部门将继续做好服务。", &[11])).expect("added");
        writer.finish(Mark::default()).expect("it is written").take_over();
        let asked = document(0, "燃料电池公交车与加氢站", "记者从发布会上了解到，燃料电池公交车很受欢迎。", &[]);
        let best = |asked: &Document, lists: &[(i64, f32)]| {
            let mut found = index.alike(asked, lists, 1).expect("an answer");
            found.sort_unstable_by_key(|alike| alike.article);
            found
        };
        let found = best(&asked, &[]);
        let ids: Vec<i64> = found.iter().map(|alike| alike.article).collect();
        assert_eq!(ids, [1, 2], "{found:?}");
        let words = &found[0].words;
        assert!(words.contains(&"燃料电池".to_owned()) && !words.contains(&"发布会".to_owned()), "{words:?}");
        // A list says something too, where it is told to.
        let found = best(&document(0, "", "", &[]), &[(11, 1.0)]);
        let shared: Vec<(i64, i64)> = found.iter().map(|alike| (alike.article, alike.lists[0].0)).collect();
        assert_eq!(shared, [(2, 11), (3, 11)]);
        assert!(found[0].lists[0].1 < 1.0, "more than one stands in it");
    }
}
