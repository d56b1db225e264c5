//! What the index knows of an article, and the fields that it is kept in.

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, TantivyDocument, Term};

use super::cutter::Cutter;
use super::token::{Pairs, Singles, Words};
use crate::text::{Shingles, fold};

/// An article, as far as it can be searched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The article.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// What stands above its text: subtitle, summary, names of tags.
    pub lead: Vec<String>,
    /// Its text, without markup.
    pub body: String,
    /// When readers see it first (milliseconds since 1970).
    pub published_at: i64,
    /// From when on they do not see it any more.
    pub expires_at: i64,
    /// The lists that it stands in, as numbers.
    pub lists: Vec<i64>,
    /// Whether it has a cover.
    pub has_cover: bool,
    /// Equal for articles with one text; 0 for no other.
    pub cluster: i64,
}

/// A part of a document, by how much it says about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The title.
    Title,
    /// Subtitle, summary, tags.
    Lead,
    /// The text.
    Body,
}

impl Part {
    /// All, the most telling first.
    pub const ALL: [Self; 3] = [Self::Title, Self::Lead, Self::Body];

    /// How much a hit in it counts. A title counts more than any number of hits in the text, which BM25 keeps below 2.2 times one.
    pub fn boost(self) -> f32 {
        match self {
            Self::Title => 6.0,
            Self::Lead => 2.0,
            Self::Body => 1.0,
        }
    }
}

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The article's number.
    pub id: Field,
    /// Lists, and [`COVERED`].
    pub lists: Field,
    pairs: [Field; 3],
    singles: [Field; 2],
    words: [Field; 2],
    published_at: Field,
    expires_at: Field,
    cluster: Field,
    bands: Field,
}

/// Stands among the lists of articles that have a cover: no list has this number.
pub const COVERED: i64 = 7;

/// Names of the columns that searches read.
pub mod column {
    pub const ID: &str = "id";
    pub const LISTS: &str = "lists";
    pub const PUBLISHED_AT: &str = "published_at";
    pub const EXPIRES_AT: &str = "expires_at";
    pub const CLUSTER: &str = "cluster";
}

/// Changes with the fields and with how texts are folded and cut: an index of another format is built anew.
pub const FORMAT: u32 = 2;

/// What tokenizers are called in the index.
const PAIRS: &str = "pairs";
const SINGLES: &str = "singles";
const WORDS: &str = "words";

fn text(tokenizer: &str, record: IndexRecordOption, norms: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(indexing)
}

impl Fields {
    /// The schema, and its fields.
    pub fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let number = NumericOptions::from(FAST);
        let places = IndexRecordOption::WithFreqsAndPositions;
        let mut pairs = |name: &str| schema.add_text_field(name, text(PAIRS, places, true));
        let pairs = [pairs("title"), pairs("lead"), pairs("body")];
        let mut singles = |name: &str| schema.add_text_field(name, text(SINGLES, IndexRecordOption::Basic, false));
        let singles = [singles("title_singles"), singles("singles")];
        let mut words = |name: &str| schema.add_text_field(name, text(WORDS, IndexRecordOption::WithFreqs, true));
        let words = [words("title_words"), words("words")];
        let fields = Self {
            id: schema.add_i64_field(column::ID, NumericOptions::from(FAST | INDEXED)),
            lists: schema.add_i64_field(column::LISTS, NumericOptions::from(FAST | INDEXED)),
            pairs,
            singles,
            words,
            published_at: schema.add_i64_field(column::PUBLISHED_AT, number.clone()),
            expires_at: schema.add_i64_field(column::EXPIRES_AT, number.clone()),
            cluster: schema.add_i64_field(column::CLUSTER, number),
            bands: schema.add_u64_field("bands", NumericOptions::from(INDEXED)),
        };
        (schema.build(), fields)
    }

    /// Teaches `index` to read texts.
    pub fn register(index: &Index, cutter: &Cutter) {
        index.tokenizers().register(PAIRS, Pairs);
        index.tokenizers().register(SINGLES, Singles);
        index.tokenizers().register(WORDS, Words(cutter.clone()));
    }

    /// Pairs of neighbours in `part`.
    pub fn pairs(&self, part: Part) -> Field {
        match part {
            Part::Title => self.pairs[0],
            Part::Lead => self.pairs[1],
            Part::Body => self.pairs[2],
        }
    }

    /// Single characters, of the title or of everything else.
    pub fn singles(&self, is_title: bool) -> Field {
        self.singles[usize::from(!is_title)]
    }

    /// Words, of the title or of everything else.
    pub fn words(&self, is_title: bool) -> Field {
        self.words[usize::from(!is_title)]
    }

    /// `document` as the index takes it.
    pub fn fill(&self, document: &Document) -> TantivyDocument {
        let mut filled = TantivyDocument::default();
        let title = fold(&document.title).text();
        filled.add_text(self.pairs(Part::Title), &title);
        filled.add_text(self.singles(true), &title);
        filled.add_text(self.words(true), &title);
        let lead = document.lead.iter().map(|text| (Part::Lead, text));
        for (part, text) in lead.chain([(Part::Body, &document.body)]).filter(|(_, text)| !text.is_empty()) {
            let text = fold(text).text();
            filled.add_text(self.pairs(part), &text);
            filled.add_text(self.singles(false), &text);
            filled.add_text(self.words(false), &text);
        }
        filled.add_i64(self.id, document.id);
        for list in &document.lists {
            filled.add_i64(self.lists, *list);
        }
        if document.has_cover {
            filled.add_i64(self.lists, COVERED);
        }
        filled.add_i64(self.published_at, document.published_at);
        filled.add_i64(self.expires_at, document.expires_at);
        filled.add_i64(self.cluster, document.cluster);
        for band in Shingles::of(&document.body).map(|text| text.bands()).unwrap_or_default() {
            filled.add_u64(self.bands, band);
        }
        filled
    }

    /// What finds the documents with `band`.
    pub fn band(&self, band: u64) -> Term {
        Term::from_field_u64(self.bands, band)
    }

    /// What finds the document of article `id`.
    pub fn name(&self, id: i64) -> Term {
        Term::from_field_i64(self.id, id)
    }
}
