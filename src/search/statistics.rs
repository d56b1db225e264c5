//! How telling a word is, without a look at the index: a document's score then depends on the document and the query alone. So it is
//! the same in every program and on every database, before and after other documents come, and a cursor keeps its place.

use tantivy::Term;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;

use super::cutter::Cutter;
use super::document::Fields;

/// A portal of this size is imagined.
const DOCUMENTS: u64 = 1_000_000;

/// In how many of them a pair of characters stands, on average of common and rare ones.
const WITH_A_PAIR: u64 = 2_000;

/// In how many of them a word that is in no dictionary stands.
const WITH_A_RARE_WORD: u64 = 100;

/// A title has so many characters, what stands above a text so many. Longer ones count less for one hit.
const TITLE: u64 = 24;
const LEAD: u64 = 80;

/// A text has some 800. Told ten times that, the formula takes little from long ones: a law of a hundred pages that has what was asked for is as good an
/// answer as a short notice.
const BODY: u64 = 8_000;

/// See the module.
pub struct Statistics<'a> {
    /// Knows how common words are.
    pub cutter: &'a Cutter,
    /// The fields of the index.
    pub fields: &'a Fields,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        use super::document::Part;
        let length = if field == self.fields.pairs(Part::Title) {
            TITLE
        } else if field == self.fields.words(true) {
            TITLE / 2
        } else if field == self.fields.pairs(Part::Lead) {
            LEAD
        } else if field == self.fields.words(false) {
            BODY / 2
        } else {
            BODY
        };
        Ok(length * DOCUMENTS)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(DOCUMENTS)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let is_word = [true, false].into_iter().any(|is_title| term.field() == self.fields.words(is_title));
        if !is_word {
            return Ok(WITH_A_PAIR);
        }
        // The dictionary was made from texts of some 60 million words: a word of frequency f stands in about 4 f of a million articles.
        let frequency = term.value().as_str().map_or(0, |word| self.cutter.frequency(word));
        Ok((frequency * 4).clamp(WITH_A_RARE_WORD, DOCUMENTS / 2))
    }
}
