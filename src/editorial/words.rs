//! Words to look out for, in a list that editors keep: when an article is handed in they are replaced, hold it up, or stand in
//! the way.

use serde_json::json;

use super::check::{line, optional};
use super::content::Content;
use super::office::Office;
use crate::auth::{Need, Permission};
use crate::db::write::{self, Transaction};
use crate::db::{SensitiveWord, staff};
use crate::error::{Error, Result, WordFound};
use crate::journal;
use crate::text::{Words, attribute_texts};

/// What a word does to an article that is handed in with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordAction {
    /// It goes to review, and only who may clear it can approve it.
    Hold,
    /// Something else stands in its place.
    Replace,
    /// It is not taken.
    Refuse,
}

impl WordAction {
    const ALL: [Self; 3] = [Self::Hold, Self::Replace, Self::Refuse];

    /// As the database writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Replace => "replace",
            Self::Refuse => "refuse",
        }
    }

    /// The action of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// A word for the list.
#[derive(Clone, Debug)]
pub struct WordDraft {
    /// The word; one that is there already is changed.
    pub word: String,
    /// What it does.
    pub action: WordAction,
    /// What stands in its place; none: nothing does.
    pub replacement: Option<String>,
    /// Why, for those who write.
    pub note: Option<String>,
}

/// Calls `each` with the fields of `content` that readers see as text: their names, whether they are HTML, and the texts.
fn texts(content: &mut Content, mut each: impl FnMut(String, bool, &mut String)) {
    each("title".into(), false, &mut content.title);
    let mut optional = |field: &str, text: &mut Option<String>| {
        if let Some(text) = text {
            each(field.into(), false, text);
        }
    };
    optional("subtitle", &mut content.subtitle);
    optional("summary", &mut content.summary);
    for (i, page) in content.pages.iter_mut().enumerate() {
        if let Some(title) = &mut page.title {
            each(format!("pages[{i}].title"), false, title);
        }
        each(format!("pages[{i}].html"), true, &mut page.html);
        page.html = attribute_texts(&page.html, |name, text| each(format!("pages[{i}].html@{name}"), false, text));
    }
    for (i, picture) in content.gallery.iter_mut().enumerate() {
        if let Some(caption) = &mut picture.caption {
            each(format!("gallery[{i}].caption"), false, caption);
        }
    }
    for (i, file) in content.attachments.iter_mut().enumerate() {
        each(format!("attachments[{i}].name"), false, &mut file.name);
    }
    for (i, tag) in content.tags.iter_mut().enumerate() {
        each(format!("tags[{i}]"), false, tag);
    }
}

/// Most places that are named: who has mended a hundred looks again.
const MOST_PLACES: usize = 100;

/// The first places in `content` where a word of `list` stands.
fn find(list: &[&SensitiveWord], content: &mut Content) -> Result<Vec<WordFound>> {
    let words = Words::new(list.iter().map(|w| w.word.as_str())).map_err(Error::internal)?;
    let mut found = Vec::new();
    texts(content, |field, is_html, text| {
        found.extend(words.find(text, is_html).into_iter().map(|place| WordFound {
            field: field.clone(),
            start: place.start,
            length: place.length,
            word: list[place.word].word.clone(),
            note: list[place.word].note.clone(),
        }));
    });
    found.truncate(MOST_PLACES);
    Ok(found)
}

/// Refuses `content` with words that are not taken, replaces those that are to be, and returns the places of those that hold
/// it up.
pub(super) async fn check(on: &Transaction, content: &mut Content) -> Result<Vec<WordFound>> {
    let list: Vec<SensitiveWord> = write::all_in(on).await?;
    let of = |action: WordAction| list.iter().filter(|w| w.action == action.word()).collect::<Vec<_>>();
    let refused = find(&of(WordAction::Refuse), content)?;
    if !refused.is_empty() {
        return Err(Error::Words(refused));
    }
    let replaced = of(WordAction::Replace);
    let words = Words::new(replaced.iter().map(|w| w.word.as_str())).map_err(Error::internal)?;
    texts(content, |_, is_html, text| {
        if let Some(new) = words.replace(text, is_html, |word| replaced[word].replacement.clone().unwrap_or_default()) {
            *text = new;
        }
    });
    content.normalise()?;
    // What stands there now may be one of them too.
    let refused = find(&of(WordAction::Refuse), content)?;
    if !refused.is_empty() {
        return Err(Error::Words(refused));
    }
    find(&of(WordAction::Hold), content)
}

impl Office {
    fn check_words(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::ManageWords))
    }

    /// Puts a word into the list, or changes it.
    pub async fn put_word(&self, mut draft: WordDraft) -> Result<SensitiveWord> {
        self.check_words()?;
        line("word", &mut draft.word, 100)?;
        optional("replacement", &mut draft.replacement, 100)?;
        optional("note", &mut draft.note, 500)?;
        if draft.replacement.is_some() && draft.action != WordAction::Replace {
            return Err(Error::invalid("replacement", "goes with the action `replace` alone"));
        }
        let on = self.begin().await?;
        // First: whoever puts a word into the list waits here, and finds what the others have put there.
        let next = write::reserve_ids(&on, "sensitive_word", 1).await?;
        let list: Vec<SensitiveWord> = write::all_in(&on).await?;
        let known = list.into_iter().find(|w| w.word == draft.word);
        let id = known.as_ref().map_or(next, |word| word.id);
        let word = SensitiveWord {
            id,
            word: draft.word,
            action: draft.action.word().into(),
            replacement: draft.replacement,
            note: draft.note,
        };
        write::upsert(&on, std::slice::from_ref(&word)).await?;
        let payload = json!({ "word": word.word, "action": word.action });
        let action = if known.is_some() { "changed" } else { "created" };
        journal::append(&on, &[self.entry(action, "word", id, &payload)]).await?;
        self.commit(on, word).await
    }

    /// Takes a word off the list.
    pub async fn remove_word(&self, word: &str) -> Result<SensitiveWord> {
        self.check_words()?;
        let on = self.begin().await?;
        let list: Vec<SensitiveWord> = write::all_in(&on).await?;
        let none = || Error::invalid("word", "is not in the list");
        let found = list.into_iter().find(|w| w.word == word.trim()).ok_or_else(none)?;
        write::delete(&on, "sensitive_word", "id", &[found.id]).await?;
        let payload = json!({ "word": found.word, "action": found.action });
        journal::append(&on, &[self.entry("deleted", "word", found.id, &payload)]).await?;
        self.commit(on, found).await
    }

    /// Every word of the list, by age.
    pub async fn words(&self) -> Result<Vec<SensitiveWord>> {
        self.check_words()?;
        self.db.reader().all(staff::sensitive_words()).await
    }
}
