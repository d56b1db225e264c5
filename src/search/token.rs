//! How the index reads a folded text: as overlapping pairs of characters, as single characters, as words.

use std::collections::HashSet;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::cutter::{Cutter, Grain};

/// Pairs of neighbours, each at the place of its first character: a phrase of them is a part of the text.
#[derive(Clone, Debug, Default)]
pub struct Pairs;

/// Each character once.
#[derive(Clone, Debug, Default)]
pub struct Singles;

/// Words, with those inside of words.
#[derive(Clone)]
pub struct Words(pub Cutter);

/// Tokens that are ready.
pub struct Ready {
    texts: std::vec::IntoIter<(String, usize)>,
    token: Token,
}

impl Ready {
    fn new(texts: Vec<(String, usize)>) -> Self {
        Self { texts: texts.into_iter(), token: Token::default() }
    }
}

impl TokenStream for Ready {
    fn advance(&mut self) -> bool {
        let Some((text, position)) = self.texts.next() else { return false };
        self.token = Token { text, position, ..Token::default() };
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// As [`Ready`] for pairs, without a string for each.
pub struct PairStream<'a> {
    rest: std::str::Chars<'a>,
    last: Option<char>,
    token: Token,
}

impl TokenStream for PairStream<'_> {
    fn advance(&mut self) -> bool {
        let (Some(first), Some(second)) = (self.last, self.rest.next()) else { return false };
        self.last = Some(second);
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push(first);
        self.token.text.push(second);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = PairStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PairStream<'a> {
        let mut rest = text.chars();
        PairStream { last: rest.next(), rest, token: Token::default() }
    }
}

impl Tokenizer for Singles {
    type TokenStream<'a> = Ready;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Ready {
        let mut seen = HashSet::new();
        let new = text.chars().filter(|c| *c != ' ' && seen.insert(*c));
        Ready::new(new.enumerate().map(|(at, c)| (c.to_string(), at)).collect())
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = Ready;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Ready {
        let chars: Vec<char> = text.chars().collect();
        let words = self.0.words(&chars, Grain::Fine).into_iter().filter(|word| !Cutter::is_empty_word(&word.text));
        Ready::new(words.enumerate().map(|(at, word)| (word.text, at)).collect())
    }
}
