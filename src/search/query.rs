//! What a reader types, taken apart: phrases in quotes, exclusions with a minus, everything else literally. There is no
//! syntax to get wrong: what could be read as one and does not fit is text.

use std::ops::Range;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query as Clause, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::cutter::{Cutter, Grain, Word};
use super::document::{COVERED, Fields, Part};
use crate::text::{fold, is_ideograph};

/// Longer queries are refused: nobody reads for that long, and each character costs a look into the index.
pub const MOST_CHARACTERS: usize = 1_000;

/// Pieces up to this length are looked for as they stand: a word, a name, a part of one.
const LITERAL: usize = 4;

/// So many words of a query are looked for; a sentence has fewer.
const MOST_WORDS: usize = 64;

/// Part of the words, in a hundred, that a document must have if none has all.
const RELAXED: usize = 60;

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    chars: Vec<char>,
    is_phrase: bool,
}

/// A query, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    wanted: Vec<Piece>,
    unwanted: Vec<Vec<char>>,
}

/// A part of what is asked for, each to be found on its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// Folded.
    pub chars: Vec<char>,
}

impl Query {
    /// Takes `text` apart.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        let mut dashed = Vec::new();
        for (raw, is_phrase, is_unwanted) in pieces(text) {
            let chars = fold(&text[raw.clone()]).chars;
            if chars.is_empty() {
                continue;
            }
            if is_unwanted {
                dashed.push(Piece { chars: std::iter::once('-').chain(chars.clone()).collect(), is_phrase });
                query.unwanted.push(chars);
            } else {
                query.wanted.push(Piece { chars, is_phrase });
            }
        }
        // Nothing but exclusions: then the dash was meant.
        if query.wanted.is_empty() {
            query.unwanted.clear();
            query.wanted = dashed;
        }
        query
    }

    /// What has `text` as it stands.
    pub fn phrase(text: &str) -> Self {
        let chars = fold(text).chars;
        let piece = Piece { chars, is_phrase: true };
        Self { wanted: Some(piece).filter(|piece| !piece.chars.is_empty()).into_iter().collect(), unwanted: Vec::new() }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Everything that a document must have.
    pub fn needs(&self, cutter: &Cutter) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        for piece in &self.wanted {
            let mut new = if piece.is_phrase || piece.chars.len() <= LITERAL { Vec::new() } else { words(&piece.chars, cutter) };
            if new.is_empty() {
                new.push(Need { chars: piece.chars.clone() });
            }
            for need in new {
                if !needs.contains(&need) {
                    needs.push(need);
                }
            }
        }
        needs.truncate(MOST_WORDS);
        needs
    }

    /// All pieces in one, if there are several: side by side they say more than apart.
    fn together(&self) -> Option<Vec<char>> {
        let mut pieces = self.wanted.iter();
        let mut together = pieces.next()?.chars.clone();
        for piece in pieces {
            if !together.last().zip(piece.chars.first()).is_some_and(|(a, b)| is_ideograph(*a) && is_ideograph(*b)) {
                together.push(' ');
            }
            together.extend(&piece.chars);
        }
        (self.wanted.len() > 1).then_some(together)
    }

    /// What was typed, folded: equal for queries that mean the same.
    pub fn key(&self) -> String {
        let piece = |p: &Piece| {
            let text: String = p.chars.iter().collect();
            if p.is_phrase { format!("\"{text}\"") } else { text }
        };
        let unwanted = self.unwanted.iter().map(|chars| format!("-{}", chars.iter().collect::<String>()));
        self.wanted.iter().map(piece).chain(unwanted).collect::<Vec<_>>().join(" ")
    }

    /// Its pieces, folded: what is wanted, without quotes.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.wanted.iter().map(|piece| piece.chars.iter().collect())
    }

    /// As the index takes it, for those among `lists`; `is_relaxed`: with most of the words.
    pub fn clause(&self, fields: &Fields, cutter: &Cutter, filter: &Filter, is_relaxed: bool) -> Box<dyn Clause> {
        let needs = self.needs(cutter);
        let mut clauses: Vec<(Occur, Box<dyn Clause>)> = Vec::new();
        let reach = &filter.reach;
        let all = needs.iter().map(|need| literal(&need.chars, fields, reach));
        if is_relaxed {
            let fewest = (needs.len() * RELAXED).div_ceil(100).max(1);
            let some = BooleanQuery::with_minimum_required_clauses(all.map(|clause| (Occur::Should, clause)).collect(), fewest);
            clauses.push((Occur::Must, Box::new(some)));
        } else {
            clauses.extend(all.map(|clause| (Occur::Must, clause)));
        }
        for piece in &self.wanted {
            // The piece as it stands says more than its words anywhere.
            if piece.chars.len() > LITERAL && !piece.is_phrase {
                clauses.push((Occur::Should, whole(&piece.chars, fields, reach)));
            }
            clauses.extend(whole_words(&piece.chars, fields, cutter, reach).map(|clause| (Occur::Should, clause)));
        }
        if let Some(together) = self.together() {
            clauses.push((Occur::Should, whole(&together, fields, reach)));
        }
        clauses.extend(self.unwanted.iter().map(|chars| (Occur::MustNot, literal(chars, fields, reach))));
        clauses.extend(filter.clauses(fields));
        Box::new(BooleanQuery::new(clauses))
    }
}

/// Words in `chars` that say something; long ones as the words that they are made of, which need not stand together: 产业 and 政策 for
/// 产业政策.
fn words(chars: &[char], cutter: &Cutter) -> Vec<Need> {
    let fine = cutter.words(chars, Grain::Fine);
    let mut needs = Vec::new();
    for word in cutter.words(chars, Grain::Coarse).iter().filter(|word| !Cutter::is_empty_word(&word.text)) {
        for (from, to) in tiles(word, &fine).unwrap_or_else(|| vec![(word.from, word.to)]) {
            needs.push(Need { chars: chars[from..to].to_vec() });
        }
    }
    needs
}

/// Words of `fine` that stand side by side and make up `word`, if there are any, the longest from the left.
fn tiles(word: &Word, fine: &[Word]) -> Option<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let mut at = word.from;
    while at < word.to {
        let inside = |other: &&Word| other.from == at && other.to <= word.to && other.to - other.from < word.to - word.from;
        let next = fine.iter().filter(inside).max_by_key(|other| other.to)?;
        found.push((next.from, next.to));
        at = next.to;
    }
    Some(found)
}

/// Documents that have `chars` as they stand, in whichever part is within `reach`.
fn literal(chars: &[char], fields: &Fields, reach: &Reach) -> Box<dyn Clause> {
    match chars {
        [] => Box::new(EmptyQuery),
        [single] => {
            let text = single.to_string();
            // The index knows single characters of all that is no title together.
            let places = [Part::Title, Part::Body].into_iter().filter_map(|part| {
                let term = Term::from_field_text(fields.singles(part == Part::Title), &text);
                let clause = ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), part.boost());
                Some((Occur::Should, reach.keep(part, Box::new(clause), fields)?))
            });
            Box::new(BooleanQuery::new(places.collect()))
        }
        _ if chars.len() > LONGEST_PHRASE => {
            let mut pieces: Vec<&[char]> = chars.chunks(LONGEST_PHRASE).collect();
            pieces.dedup();
            Box::new(BooleanQuery::new(pieces.into_iter().map(|piece| (Occur::Must, literal(piece, fields, reach))).collect()))
        }
        _ => {
            let parts = Part::ALL.into_iter().filter_map(|part| {
                let clause = BoostQuery::new(phrase(chars, fields, part), part.boost());
                Some((Occur::Should, reach.keep(part, Box::new(clause), fields)?))
            });
            Box::new(BooleanQuery::new(parts.collect()))
        }
    }
}

/// A longer phrase is looked for in pieces: each of its pairs is compared at each of its places.
const LONGEST_PHRASE: usize = 64;

/// What each character of a whole query counts where it stands as it was typed; a sentence, with so many characters, counts more than its words
/// in a title do.
const WHOLE: f32 = 16.0;
const WHOLE_MOST: u16 = 60;

/// As [`literal`], for what may be there: counts by its length alone, and not by how often it is there or how long the text is.
fn whole(chars: &[char], fields: &Fields, reach: &Reach) -> Box<dyn Clause> {
    let length = u16::try_from(chars.len()).unwrap_or(u16::MAX).min(WHOLE_MOST);
    let chars = &chars[..chars.len().min(LONGEST_PHRASE)];
    let parts = Part::ALL.into_iter().filter_map(|part| {
        let times = if part == Part::Title { 2.0 } else { 1.0 };
        let clause = ConstScoreQuery::new(phrase(chars, fields, part), times * WHOLE * f32::from(length));
        Some((Occur::Should, reach.keep(part, Box::new(clause), fields)?))
    });
    Box::new(BooleanQuery::new(parts.collect()))
}

fn phrase(chars: &[char], fields: &Fields, part: Part) -> Box<dyn Clause> {
    let field = fields.pairs(part);
    let terms: Vec<Term> = chars.windows(2).map(|pair| Term::from_field_text(field, &pair.iter().collect::<String>())).collect();
    match <[Term; 1]>::try_from(terms) {
        Ok([term]) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        Err(terms) => Box::new(PhraseQuery::new(terms)),
    }
}

/// Documents in which the words of `chars` are words, and not parts of others: 京东 in 京东方, not in 南京东路.
fn whole_words(chars: &[char], fields: &Fields, cutter: &Cutter, reach: &Reach) -> impl Iterator<Item = Box<dyn Clause>> {
    let mut words: Vec<String> = cutter.words(chars, Grain::Coarse).into_iter().map(|word| word.text).collect();
    words.retain(|word| !Cutter::is_empty_word(word) && word.chars().count() > 1);
    words.truncate(MOST_WORDS);
    // What is no title is in one field, as single characters are.
    let clause = |word: &String, part: Part, boost: f32| {
        let term = Term::from_field_text(fields.words(part == Part::Title), word);
        let clause = BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), boost);
        reach.keep(part, Box::new(clause), fields)
    };
    let both = |word: &String| [clause(word, Part::Title, Part::Title.boost() / 2.0), clause(word, Part::Body, 0.5)];
    let clauses: Vec<Box<dyn Clause>> = words.iter().flat_map(both).flatten().collect();
    clauses.into_iter()
}

/// Which documents are looked at, beside what is in their text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand in each of these lists.
    pub lists: Vec<i64>,
    /// Only with a cover, or only without.
    pub has_cover: Option<bool>,
    /// Published at or after (milliseconds since 1970).
    pub from: Option<i64>,
    /// Published at or before.
    pub to: Option<i64>,
    /// Only those that stand in one of these lists; empty: all.
    pub any: Vec<i64>,
    /// But not those that stand in one of these.
    pub none: Vec<i64>,
    /// How far into them.
    pub reach: Reach,
}

/// How far into documents is looked, and into those of some lists less far: who may not have a text shall not find out either what
/// stands in it, by what is found or by its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Into all.
    pub depth: Depth,
    /// Of those that stand in one of these lists, only titles.
    pub titles: Vec<i64>,
    /// Of those in one of these, only titles, summaries and tags.
    pub leads: Vec<i64>,
}

/// How far into a document is looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Titles alone.
    Title,
    /// Titles, summaries and tags.
    Lead,
    /// All of it.
    #[default]
    Text,
}

impl Reach {
    /// `clause`, which looks into `part`, where that may be looked into; none where it may not at all.
    fn keep(&self, part: Part, clause: Box<dyn Clause>, fields: &Fields) -> Option<Box<dyn Clause>> {
        let (depth, closed) = match part {
            Part::Title => (Depth::Title, Vec::new()),
            Part::Lead => (Depth::Lead, self.titles.clone()),
            Part::Body => (Depth::Text, [self.titles.as_slice(), self.leads.as_slice()].concat()),
        };
        if self.depth < depth {
            return None;
        }
        if closed.is_empty() {
            return Some(clause);
        }
        let closed = closed.into_iter().map(|list| (Occur::MustNot, in_list(list, fields)));
        Some(Box::new(BooleanQuery::new(std::iter::once((Occur::Must, clause)).chain(closed).collect())))
    }
}

/// Documents that stand in `list`.
fn in_list(list: i64, fields: &Fields) -> Box<dyn Clause> {
    let term = TermQuery::new(Term::from_field_i64(fields.lists, list), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(term), 0.0))
}

impl Filter {
    fn clauses(&self, fields: &Fields) -> Vec<(Occur, Box<dyn Clause>)> {
        let clause = |list: i64| in_list(list, fields);
        let mut clauses: Vec<_> = self.lists.iter().map(|list| (Occur::Must, clause(*list))).collect();
        if !self.any.is_empty() {
            let any = self.any.iter().map(|list| (Occur::Should, clause(*list))).collect();
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        clauses.extend(self.none.iter().map(|list| (Occur::MustNot, clause(*list))));
        if let Some(has_cover) = self.has_cover {
            clauses.push((if has_cover { Occur::Must } else { Occur::MustNot }, clause(COVERED)));
        }
        clauses
    }
}

/// Where the pieces of `text` are, whether they are phrases, and whether they are unwanted.
fn pieces(text: &str) -> Vec<(Range<usize>, bool, bool)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(skip) = text[rest..].find(|c: char| !c.is_whitespace()) {
        let mut start = rest + skip;
        let piece = &text[start..];
        let dash = piece.chars().next().filter(|c| matches!(c, '-' | '－')).map_or(0, char::len_utf8);
        let behind = &piece[dash..];
        let is_unwanted = dash > 0 && behind.chars().next().is_some_and(|c| !c.is_whitespace() && c != '-');
        if is_unwanted {
            start += dash;
        }
        let body = &text[start..];
        if let Some((open, inside)) = quoted(body).filter(|(open, inside)| !is_part_of_text(body, open + inside)) {
            found.push((start + open..start + open + inside, true, is_unwanted));
            let close = body[open + inside..].chars().next().map_or(0, char::len_utf8);
            rest = start + open + inside + close;
            continue;
        }
        // Up to white space, or to a phrase that begins inside.
        let end = body.char_indices().skip(1).find(|(at, c)| c.is_whitespace() || (*c == '"' && quoted(&body[*at..]).is_some()));
        let length = end.map_or(body.len(), |(at, _)| at);
        found.push((start..start + length, false, is_unwanted));
        rest = start + length;
    }
    found
}

/// Whether the quotation marks that `body` begins with, closed at `close`, are text: Chinese ones stand there often, as in “看”一看.
fn is_part_of_text(body: &str, close: usize) -> bool {
    let mut behind = body[close..].chars().skip(1);
    !body.starts_with('"') && behind.next().is_some_and(|c| !c.is_whitespace() && !matches!(c, '-' | '－'))
}

/// The length of the quotation mark that `text` begins with, and of what stands up to the closing one; none without both.
fn quoted(text: &str) -> Option<(usize, usize)> {
    let open = text.chars().next()?;
    let close = match open {
        '"' => '"',
        '“' => '”',
        '＂' => '＂',
        '「' => '」',
        _ => return None,
    };
    let inside = text[open.len_utf8()..].find(close)?;
    (!text[open.len_utf8()..][..inside].trim().is_empty()).then_some((open.len_utf8(), inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        Query::parse(text).key()
    }

    fn needs(text: &str) -> Vec<String> {
        let needs = Query::parse(text).needs(&Cutter::new(&[]));
        needs.into_iter().map(|need| need.chars.into_iter().collect()).collect()
    }

    #[test]
    fn quotes_make_phrases_and_a_minus_excludes() {
        assert_eq!(key("氢能 \"烟台 港\" -汽车"), "氢能 \"烟台港\" -汽车");
        assert_eq!(key("“高质量發展” －“新 能源”"), "\"高质量发展\" -新能源");
        assert_eq!(key("烟台\"氢能\"产业"), "烟台 \"氢能\" 产业");
        assert_eq!(key("“看”一看"), "“看”一看");
    }

    #[test]
    fn what_does_not_fit_is_text() {
        assert_eq!(key("\"氢能"), "\"氢能");
        assert_eq!(key("-5"), "-5");
        assert_eq!(key("covid-19 a - b --c"), "covid-19 a - b --c");
        assert_eq!(key("\"\" title:x AND (b OR c)* \\"), "\"\" title:x and (b or c)* \\");
        assert_eq!(key(" \u{200b} "), "");
        assert!(Query::parse("\u{200b}").is_empty());
    }

    #[test]
    fn long_pieces_are_looked_for_word_by_word() {
        assert_eq!(needs("的产"), ["的产"]);
        assert_eq!(needs("烟台的氢能产业政策"), ["烟台", "氢能", "产业", "政策"]);
        assert_eq!(needs("\"烟台的氢能产业政策\""), ["烟台的氢能产业政策"]);
        assert_eq!(needs("，。；：！？"), [",。;:!?"]);
    }
}
