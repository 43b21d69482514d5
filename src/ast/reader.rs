//! Reading values of an expected kind; what is not of that kind becomes a finding and `None`.

use crate::ast::Name;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, codes, suggest};
use crate::patch::Patches;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Kind, Node};

/// Reads nodes and reports what does not fit.
pub(crate) struct Reader<'a> {
    pub(crate) patches: &'a Patches<'a>,
    pub(crate) findings: &'a mut Diagnostics,
}

impl Reader<'_> {
    pub(crate) fn string(&mut self, entry: Entry) -> Option<Name> {
        let what = entry.key.value.clone();
        self.string_node(entry.value, entry.key.span, &what)
    }

    pub(crate) fn string_node(&mut self, node: Node, key: Span, what: &str) -> Option<Name> {
        match node.kind {
            Kind::String(value) => Some(Spanned { value, span: node.span }),
            Kind::Number(ref text) => {
                let fix = Edit::replace(node.span, format!("\"{text}\""));
                self.findings.push(wrong_type(what, "a string", &node, key).fix("quote it", [fix]));
                None
            }
            _ => self.refuse(what, "a string", &node, key),
        }
    }

    pub(crate) fn boolean(&mut self, entry: &Entry) -> Option<Spanned<bool>> {
        let meant = match &entry.value.kind {
            Kind::Bool(value) => return Some(Spanned { value: *value, span: entry.value.span }),
            Kind::String(text) | Kind::Number(text) => truth(text),
            _ => None,
        };
        let finding = wrong_type(&entry.key.value, "`true` or `false`", &entry.value, entry.key.span);
        self.findings.push(finding.fix_if(
            meant.map(|meant| Fix::certain(format!("write `{meant}`"), [Edit::replace(entry.value.whole(), meant)])),
        ));
        None
    }

    /// A whole number from 0, in plain decimal digits.
    pub(crate) fn count(&mut self, entry: &Entry) -> Option<Spanned<u64>> {
        if let Kind::Number(text) = &entry.value.kind
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'))
            && let Ok(value) = text.parse()
        {
            return Some(Spanned { value, span: entry.value.span });
        }
        let finding = wrong_type(&entry.key.value, "a whole number", &entry.value, entry.key.span);
        let digits = match &entry.value.kind {
            Kind::String(text) if text.len() < 10 => text.parse::<u32>().ok(),
            _ => None,
        };
        self.findings.push(finding.fix_if(digits.map(|number| {
            Fix::certain(format!("write `{number}`"), [Edit::replace(entry.value.whole(), number.to_string())])
        })));
        None
    }

    /// A number in its own spelling; one may be quoted to keep every digit.
    pub(crate) fn number(&mut self, entry: Entry) -> Option<Name> {
        let span = entry.value.span;
        match entry.value.kind {
            Kind::Number(value) | Kind::String(value) => Some(Spanned { value, span }),
            _ => self.refuse(&entry.key.value, "a number", &entry.value, entry.key.span),
        }
    }

    /// One string or a list of them; never empty.
    pub(crate) fn names(&mut self, entry: Entry) -> Option<Vec<Name>> {
        let key = entry.key;
        let Kind::List(items) = entry.value.kind else {
            return self.string_node(entry.value, key.span, &key.value).map(|name| vec![name]);
        };
        if items.is_empty() {
            let node = Node { span: entry.value.span, quoted: false, kind: Kind::List(items) };
            return self.refuse(&key.value, "at least one name", &node, key.span);
        }
        let names: Vec<Name> =
            items.into_iter().map(|item| self.string_node(item, key.span, &key.value)).collect::<Option<_>>()?;
        for (at, name) in names.iter().enumerate().skip(1) {
            if let Some(first) = names[..at].iter().find(|first| first.value == name.value) {
                self.findings.push(
                    Diagnostic::new(&codes::NAMED_TWICE, format!("`{}` is named twice in one list", name.value))
                        .primary(name.span, "named again here")
                        .label(first.span, "first named here"),
                );
                return None;
            }
        }
        Some(names)
    }

    /// One of a fixed set of words; `foreign` are words of other tools, in lower case and without separators.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        entry: &Entry,
        words: &[(&'static str, T)],
        foreign: &[(&str, &'static str)],
    ) -> Option<Spanned<T>> {
        let known = || words.iter().map(|(known, _)| *known);
        let Kind::String(word) = &entry.value.kind else {
            let expected = list(known(), "or");
            return self.refuse(&entry.key.value, &expected, &entry.value, entry.key.span);
        };
        if let Some((_, value)) = words.iter().find(|(known, _)| known == word) {
            return Some(Spanned { value: *value, span: entry.value.span });
        }
        let theirs = foreign.iter().find(|(theirs, _)| suggest::is_same_word(word, theirs)).map(|(_, ours)| *ours);
        let written = Spanned { value: word.clone(), span: entry.value.span };
        let message = format!("`{word}` is not a value of `{}`", entry.key.value);
        self.findings.push(
            Diagnostic::new(&codes::UNKNOWN_VALUE, message)
                .primary(written.span, format!("expected {}", list(known(), "or")))
                .fix_if(did_you_mean(&written, theirs.or_else(|| suggest::nearest(word, known())))),
        );
        None
    }

    /// The entries of a map; nothing after the colon is an empty map.
    pub(crate) fn map(&mut self, node: Node, key: Span, what: &str) -> Option<Vec<Entry>> {
        match node.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Null => Some(Vec::new()),
            Kind::List(_) => {
                let finding = wrong_type(what, "a map", &node, key);
                self.findings
                    .push(finding.note("a map has a name before each entry (`name: …`), and neither `-` nor `[ ]`"));
                None
            }
            _ => self.refuse(what, "a map", &node, key),
        }
    }

    /// The items of a list; nothing after the colon is an empty list.
    pub(crate) fn list(&mut self, entry: Entry) -> Option<Vec<Node>> {
        match entry.value.kind {
            Kind::List(items) => Some(items),
            Kind::Null => Some(Vec::new()),
            _ => self.refuse(&entry.key.value, "a list", &entry.value, entry.key.span),
        }
    }

    pub(crate) fn unknown_key(&mut self, key: &Name, owner: &str, known: &[&str]) {
        // A key that is there already is not the one that is missing.
        let is_there = |nearest: &&str| self.patches.around(key.span).is_some_and(|place| place.has(nearest));
        let nearest = suggest::nearest(&key.value, known.iter().copied()).filter(|nearest| !is_there(nearest));
        let finding = Diagnostic::new(&codes::UNKNOWN_KEY, format!("`{}` is not a key of {owner}", key.value))
            .primary(key.span, format!("{owner} has no such key"));
        self.findings.push(match nearest {
            Some(_) => finding.fix_if(did_you_mean(key, nearest)),
            None => finding.note(format!("the keys of {owner} are {}", list(known.iter().copied(), "and"))),
        });
    }

    pub(crate) fn missing_key(&mut self, place: Span, key: &str, owner: &str) {
        self.missing_key_with(place, key, owner, None);
    }

    pub(crate) fn missing_key_with(&mut self, place: Span, key: &str, owner: &str, fix: Option<Fix>) {
        self.findings.push(
            Diagnostic::new(&codes::MISSING_KEY, format!("{owner} needs the key `{key}`"))
                .primary(place, format!("`{key}` is missing here"))
                .fix_if(fix),
        );
    }

    pub(crate) fn refuse<T>(&mut self, what: &str, expected: &str, node: &Node, key: Span) -> Option<T> {
        let finding = wrong_type(what, expected, node, key);
        let is_silent = node.kind == Kind::Null && node.span.start == node.span.end;
        let written = self.patches.instead_of_value(key).filter(|_| is_silent);
        self.findings.push(match written.map(|written| written.as_bytes()[0]) {
            Some(b'#') => finding.note("what follows ` #` is a comment; quotes make it a value: `\"#…\"`"),
            Some(_) => {
                finding.note("`&` names a value that follows it, and none does; quotes make it a value: `\"&…\"`")
            }
            None => finding,
        });
        None
    }
}

/// What is written for `true` and `false` elsewhere.
fn truth(text: &str) -> Option<&'static str> {
    match text.to_lowercase().as_str() {
        "yes" | "on" | "y" | "true" | "1" => Some("true"),
        "no" | "off" | "n" | "false" | "0" => Some("false"),
        _ => None,
    }
}

/// The finding for a value of the wrong kind.
pub(super) fn wrong_type(what: &str, expected: &str, node: &Node, key: Span) -> Diagnostic {
    let found = match &node.kind {
        Kind::Number(text) if expected.contains("number") => format!("`{text}`"),
        kind => kind.described().to_owned(),
    };
    // A phrase such as "a relation" is not a word of the schema.
    let what = if what.contains(' ') { what.to_owned() } else { format!("`{what}`") };
    // Where nothing is written there is nothing to point at but the key.
    let place = if node.span.start == node.span.end { key } else { node.span };
    Diagnostic::new(&codes::WRONG_TYPE, format!("{what} takes {expected}, not {found}"))
        .primary(place, format!("expected {expected}"))
}

/// The fix that puts the nearest known name in place; certain where the two differ in case and separators only.
pub(crate) fn did_you_mean(written: &Name, nearest: Option<&str>) -> Option<Fix> {
    nearest.map(|nearest| {
        let fix = if suggest::is_same_word(&written.value, nearest) { Fix::certain } else { Fix::likely };
        fix(format!("did you mean `{nearest}`?"), [Edit::replace(written.span, nearest)])
    })
}

/// How many names a sentence can carry.
const MAX_LISTED: usize = 24;

/// "`a`, `b` and `c`".
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    if words.len() > MAX_LISTED {
        let more = words.len() - MAX_LISTED;
        words.truncate(MAX_LISTED);
        words.push(format!("{more} more"));
    }
    match words.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, start)) => format!("{} {last} {end}", start.join(", ")),
        None => String::new(),
    }
}

/// "`a` → `b` → `a`"; of a long way, its beginning and its end.
pub(crate) fn path<'a>(steps: impl IntoIterator<Item = &'a str>) -> String {
    let mut steps: Vec<String> = steps.into_iter().map(|step| format!("`{step}`")).collect();
    if steps.len() > MAX_LISTED {
        steps.splice(MAX_LISTED / 2..steps.len() - MAX_LISTED / 2, ["…".to_owned()]);
    }
    steps.join(" → ")
}
