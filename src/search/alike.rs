//! Documents that are about the same as another: those that share its telling words, lists that tell much, and few years of age.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query as Clause, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::cutter::{Cutter, Grain};
use super::document::{Document, Fields};
use crate::text::fold;

/// So many words stand for a document.
const WORDS: usize = 24;

/// A word in the title tells as much as so many in the text.
const IN_TITLE: f64 = 6.0;
const IN_LEAD: f64 = 3.0;

/// A telling word of a document, and how much it tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Folded.
    pub word: String,
    /// Frequency in the document times rarity among all.
    pub weight: f64,
}

/// The most telling words of `document`, the most telling first.
#[expect(clippy::cast_precision_loss, reason = "numbers of documents")]
pub fn telling(document: &Document, fields: &Fields, cutter: &Cutter, searcher: &Searcher) -> Vec<Telling> {
    let mut counts: HashMap<String, f64> = HashMap::new();
    let parts = [(&document.title, IN_TITLE), (&document.body, 1.0)];
    for (text, weight) in parts.into_iter().chain(document.lead.iter().map(|text| (text, IN_LEAD))) {
        for word in cutter.words(&fold(text).chars, Grain::Coarse) {
            let is_telling =
                word.to - word.from > 1 && !Cutter::is_empty_word(&word.text) && !word.text.chars().all(char::is_numeric);
            if is_telling {
                *counts.entry(word.text).or_default() += weight;
            }
        }
    }
    let all = searcher.num_docs().max(1) as f64;
    let rarity = |word: &str| {
        let count = |is_title: bool| searcher.doc_freq(&Term::from_field_text(fields.words(is_title), word)).unwrap_or(0);
        let with = count(true).max(count(false)) as f64;
        // What stands in one document alone, or in a third of all, leads nowhere.
        if with < 2.0 || with > all / 3.0 { 0.0 } else { (all / with).ln() }
    };
    let mut found: Vec<Telling> = counts
        .into_iter()
        .map(|(word, count)| Telling { weight: (1.0 + count.ln()) * rarity(&word), word })
        .filter(|telling| telling.weight > 0.0)
        .collect();
    found.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.word.cmp(&b.word)));
    found.truncate(WORDS);
    found
}

/// Documents with those words, the title's counting more, or in one of `lists`, each with its weight.
pub fn clause(words: &[Telling], lists: &[(i64, f32)], fields: &Fields) -> Box<dyn Clause> {
    let mut clauses: Vec<(Occur, Box<dyn Clause>)> = Vec::new();
    for telling in words {
        for (is_title, boost) in [(true, 2.0), (false, 1.0)] {
            let term = TermQuery::new(Term::from_field_text(fields.words(is_title), &telling.word), IndexRecordOption::WithFreqs);
            #[expect(clippy::cast_possible_truncation, reason = "some tens")]
            let boost = boost * telling.weight as f32;
            clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term), boost))));
        }
    }
    for (list, weight) in lists {
        let term = TermQuery::new(Term::from_field_i64(fields.lists, *list), IndexRecordOption::Basic);
        clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(Box::new(term), *weight))));
    }
    Box::new(BooleanQuery::new(clauses))
}

#[cfg(test)]
mod tests {
    use crate::search::{Cutter, Document, Hit, Index, Mark, Wanted};

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
        let (found, words) = index.alike(&asked, &[], &Wanted::best(2, 1)).expect("an answer");
        let mut ids: Vec<i64> = found.hits.iter().map(Hit::article).collect();
        ids.sort_unstable();
        assert_eq!(ids, [1, 2], "{words:?}");
        assert!(words.contains(&"燃料电池".to_owned()) && !words.contains(&"发布会".to_owned()), "{words:?}");
        // A list says something too, where it is told to.
        let (found, _) = index.alike(&document(0, "", "", &[]), &[(11, 1.0)], &Wanted::best(9, 1)).expect("an answer");
        let mut ids: Vec<i64> = found.hits.iter().map(Hit::article).collect();
        ids.sort_unstable();
        assert_eq!(ids, [2, 3]);
    }
}
