//! What an edit writes, spelt as the place demands: plain, quoted, or as JSON.

use std::borrow::Cow;

/// A value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string.
    Word(String),
    /// `true`, `false` or a number, as it is spelt.
    Bare(Cow<'static, str>),
    /// In brackets.
    List(Vec<Value>),
    /// In braces, or line by line as an item of a block list.
    Map(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }

    pub(crate) fn boolean(value: bool) -> Self {
        Self::Bare(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    /// One word as it is, several as a list.
    pub(crate) fn words(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut words: Vec<Self> = words.into_iter().map(Self::word).collect();
        if words.len() == 1 { words.remove(0) } else { Self::List(words) }
    }

    /// `{ key: value, … }`.
    pub(crate) fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// In one line.
    pub(super) fn inline(&self, spelling: Spelling) -> String {
        let separated = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Word(word) => spelling.word(word),
            Self::Bare(word) => word.to_string(),
            Self::List(items) => {
                let inner = Spelling { flow: true, ..spelling };
                format!("[{}]", separated(items.iter().map(|item| item.inline(inner)).collect()))
            }
            Self::Map(entries) => {
                let inner = Spelling { flow: true, ..spelling };
                let entry = |(key, value): &(String, Value)| inner.entry(key, value);
                format!("{{ {} }}", separated(entries.iter().map(entry).collect()))
            }
        }
    }
}

/// How words are spelt at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelling {
    /// Every word in double quotes.
    pub(super) json: bool,
    /// Inside braces or brackets, where commas end a word.
    pub(super) flow: bool,
}

impl Spelling {
    pub(super) fn entry(self, key: &str, value: &Value) -> String {
        format!("{}: {}", self.word(key), value.inline(self))
    }

    pub(super) fn word(self, word: &str) -> String {
        if self.json {
            double_quoted(word)
        } else if is_plain(word, self.flow) {
            word.to_owned()
        } else {
            single_quoted(word)
        }
    }
}

/// With the escapes of JSON, which are YAML's too.
pub(super) fn double_quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

/// Words that single quotes cannot hold are put in double ones.
pub(super) fn single_quoted(word: &str) -> String {
    if word.chars().any(char::is_control) { double_quoted(word) } else { format!("'{}'", word.replace('\'', "''")) }
}

/// Whether a word stays the same string without quotes; careful rather than complete.
fn is_plain(word: &str, flow: bool) -> bool {
    let is_other_value = matches!(
        word.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let inner = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$') || (!flow && matches!(c, '[' | ']'))
    };
    word.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '$'))
        && word.chars().all(inner)
        && !is_other_value
}
