//! The parser's events into one tree of [`Node`]s, without recursion.
//!
//! What YAML has and the schema language has not (tags, merge keys, keys that are no words, several documents) is
//! reported here, all of it; at an error of the grammar the parser stops, so there is at most one of those.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Entry, Kind, Node, budget, errors, scalar};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, SourceFile, Span, Spanned};

/// Parses a file.
pub(super) fn read(file: FileId, source: &SourceFile) -> Result<Node, Vec<Diagnostic>> {
    let mut reader = Reader {
        file,
        source,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        values: 0,
        repeated: 0,
        findings: Vec::new(),
    };
    for event in Parser::new_from_str_with_options(source.text(), budget::options()) {
        let step = match event {
            Ok((event, place)) => reader.event(event, &place),
            Err(error) => Err(errors::finding(&error, file, source)),
        };
        if let Err(finding) = step {
            reader.findings.push(finding);
            break;
        }
    }
    let root = reader.root.unwrap_or(Node { span: Span::start_of(file), quoted: false, kind: Kind::Null });
    if reader.findings.is_empty() { Ok(root) } else { Err(reader.findings) }
}

/// A list or map whose end has not been seen.
struct Open {
    /// 0 for none.
    anchor: usize,
    span: Span,
    /// How many values were read before it.
    before: usize,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<Spanned<String>>,
    },
    /// What stands where a word is needed; reported, and read over.
    Key,
}

struct Reader<'a> {
    file: FileId,
    source: &'a SourceFile,
    open: Vec<Open>,
    root: Option<Node>,
    /// What anchors mark, and how many values each has.
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
    repeated: usize,
    findings: Vec<Diagnostic>,
}

/// What is wrong and leaves nothing to go on with.
type Step = Result<(), Diagnostic>;

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Step {
        let span = self.span(place);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => Err(another_document(span)),
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.as_deref(), place, span);
                self.count(1, span)?;
                self.scalar(text, style, anchor, span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), place, span);
                self.begin(Inside::List(Vec::new()), anchor, span)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), place, span);
                self.begin(Inside::Map { entries: Vec::new(), key: None }, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => Err(errors::unknown_alias(&name, span, self.source)),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, anchor: usize, span: Span) -> Step {
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        // Empty quotes have nothing inside that could be pointed at.
        let quoted = quoted && span.end > span.start + 2;
        let inner = if quoted { Span { start: span.start + 1, end: span.end - 1, ..span } } else { span };
        if self.wants_key() {
            if text == "<<" && style == ScalarStyle::Plain {
                self.findings.push(merge_key(span));
            } else if span.start == span.end {
                return Err(errors::no_key(span, self.source));
            }
            if anchor > 0 {
                let node = Node { span: inner, quoted, kind: Kind::String(text.clone().into_owned()) };
                self.anchors.insert(anchor, (node, 1));
            }
            self.key(Spanned { value: text.into_owned(), span: inner });
            return Ok(());
        }
        let kind = match style {
            ScalarStyle::Plain => scalar::plain(text.into_owned()),
            _ => Kind::String(text.into_owned()),
        };
        self.value(Node { span: inner, quoted, kind }, anchor, 1)
    }

    fn begin(&mut self, inside: Inside, anchor: usize, span: Span) -> Step {
        self.count(1, span)?;
        if self.open.len() >= budget::MAX_DEPTH {
            return Err(errors::too_deep(span));
        }
        let inside = if self.wants_key() {
            let kind = if matches!(inside, Inside::List(_)) { "a list" } else { "a map" };
            self.findings.push(key_is_no_word(kind, span));
            Inside::Key
        } else {
            match self.open.last() {
                Some(Open { inside: Inside::Key, .. }) => Inside::Key,
                _ => inside,
            }
        };
        self.open.push(Open { anchor, span, before: self.values, inside });
        Ok(())
    }

    fn end(&mut self) -> Step {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let node = |last: Option<Span>, kind| {
            let span = last.map_or(open.span, |last| open.span.to(last));
            Node { span, quoted: false, kind }
        };
        let node = match open.inside {
            Inside::List(items) => node(items.last().map(|item| item.span), Kind::List(items)),
            Inside::Map { entries, .. } => {
                self.odd_keys(&entries);
                node(entries.last().map(|entry| entry.value.span), Kind::Map(entries))
            }
            Inside::Key => {
                if self.wants_key() {
                    self.key(Spanned { value: String::new(), span: open.span });
                }
                return Ok(());
            }
        };
        self.value(node, open.anchor, 1 + self.values - open.before)
    }

    /// A value of an alias stands where its anchor is: that is the text to change.
    fn alias(&mut self, anchor: usize, span: Span) -> Step {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(alias_of_itself(span));
        };
        let (node, size) = (node.clone(), *size);
        self.repeated += size;
        if self.repeated > budget::MAX_REPEATED {
            return Err(too_much_repeated(span));
        }
        self.count(size, span)?;
        if self.wants_key() {
            match node.kind {
                Kind::String(value) | Kind::Number(value) => self.key(Spanned { value, span: node.span }),
                kind => {
                    self.findings.push(key_is_no_word(kind.described(), span));
                    self.key(Spanned { value: String::new(), span });
                }
            }
            return Ok(());
        }
        self.value(node, 0, size)
    }

    /// Puts a finished value where it belongs.
    fn value(&mut self, node: Node, anchor: usize, size: usize) -> Step {
        if anchor > 0 {
            // Kept a second time; anchors inside anchors could multiply that.
            self.repeated += size;
            if self.repeated > budget::MAX_REPEATED {
                return Err(too_much_repeated(node.span));
            }
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.inside) {
            Some(Inside::List(items)) => items.push(node),
            Some(Inside::Map { entries, key }) => {
                if let Some(key) = key.take() {
                    entries.push(Entry { key, value: node });
                }
            }
            Some(Inside::Key) => {}
            None => self.root = Some(node),
        }
        Ok(())
    }

    /// Keys that the grammar accepts and that cannot have been meant as they are.
    fn odd_keys(&mut self, entries: &[Entry]) {
        let dashes: Vec<Span> =
            entries.iter().map(|entry| &entry.key).filter(|key| is_item(key)).map(|key| key.span).collect();
        self.findings.extend(errors::no_blank_after_dashes(&dashes, self.source));
        for Entry { key, value } in entries.iter().filter(|entry| is_odd(&entry.key.value)) {
            let has_value = value.span.start < value.span.end;
            self.findings.extend(errors::odd_key(&key.value, key.span, has_value, self.source));
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { inside: Inside::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, word: Spanned<String>) {
        if let Some(Open { inside: Inside::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(word);
        }
    }

    fn count(&mut self, values: usize, span: Span) -> Step {
        self.values += values;
        if self.values <= budget::MAX_VALUES { Ok(()) } else { Err(too_many_values(span)) }
    }

    fn tag(&mut self, tag: Option<&Tag>, place: &granit_parser::Span, value: Span) {
        if let Some(tag) = tag {
            let span = place.tag_span().map_or(value, |place| self.span(&place));
            let finding = Diagnostic::new(
                &codes::UNKNOWN_TAG,
                format!("the tag `{}` is not part of the schema language", tag.original()),
            );
            self.findings.push(finding.primary(span, "tags mean nothing here"));
        }
    }

    fn span(&self, place: &granit_parser::Span) -> Span {
        let bytes = place.byte_range().unwrap_or_default();
        Span { file: self.file, start: crate::source::saturate(bytes.start), end: crate::source::saturate(bytes.end) }
    }
}

/// `-word`, meant as an item of a list.
fn is_item(key: &Spanned<String>) -> bool {
    key.value.strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Whether a key may be a comment of another language, or a key that swallowed its value.
fn is_odd(key: &str) -> bool {
    key.starts_with('/') || key.contains(':')
}

fn another_document(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::MULTIPLE_DOCUMENTS, "the file holds more than one YAML document")
        .primary(span, "a second document begins here")
        .note("put each into a file of its own: all files are merged into one schema")
}

fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::MERGE_KEY, "merge keys (`<<`) are not part of the schema language")
        .primary(span, "this would fill in keys that no reader sees")
        .note("models share properties with `extends`")
}

fn key_is_no_word(kind: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::WRONG_TYPE, format!("a key is a word, not {kind}"))
        .primary(span, "expected a word and a colon")
}

fn alias_of_itself(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::ALIAS_BUDGET, "an alias stands inside the value it repeats")
        .primary(span, "this would go on for ever")
}

fn too_much_repeated(span: Span) -> Diagnostic {
    let most = budget::MAX_REPEATED;
    Diagnostic::new(&codes::ALIAS_BUDGET, "the aliases of the file repeat more values than a schema may have")
        .primary(span, format!("with this, more than {most}"))
        .note("aliases (`*name`) count as often as they are used; write the repeated part out, or share it with `extends`")
}

fn too_many_values(span: Span) -> Diagnostic {
    let most = budget::MAX_VALUES;
    Diagnostic::new(&codes::TOO_MANY_VALUES, format!("the file holds more than {most} values"))
        .primary(span, "this is one too many")
        .note("split it: all files are merged into one schema")
}
