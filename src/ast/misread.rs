//! Relations in the shapes that other tools give them: a map by name, a `type` with a `model`, an entry without its
//! dash or colon. Each is one finding with the same relation as it is written here.
//!
//! Knows nothing of what a relation means, only of how one is written.

use super::owners::Say;
use super::reader::{Reader, wrong_type};
use super::relation_owners::{KIND_WORDS, TARGET_WORDS, owner_of_relation};
use super::{Name, RelationKind};
use crate::diagnostic::{Diagnostic, Edit, Fix, codes, suggest};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// Kinds as other tools call them, in lower case and without separators.
const KINDS: &[(&str, RelationKind)] = &[
    ("manytoone", RelationKind::BelongsTo),
    ("onetomany", RelationKind::HasMany),
    ("hasmanythrough", RelationKind::HasMany),
    ("hasandbelongstomany", RelationKind::HasMany),
    ("belongstomany", RelationKind::HasMany),
    ("manytomany", RelationKind::HasMany),
    ("embeds", RelationKind::EmbedsOne),
    ("embed", RelationKind::EmbedsOne),
];

/// The kind that a word of another tool, or a misspelt one, stands for.
pub(super) fn kind_like(word: &str) -> Option<RelationKind> {
    let same = |known: &str| suggest::is_same_word(word, known);
    RelationKind::ALL
        .into_iter()
        .find(|kind| same(kind.key()))
        .or_else(|| KINDS.iter().find(|(known, _)| same(known)).map(|(_, kind)| *kind))
}

/// How many items a finding spells out.
const MAX_SHOWN: usize = 3;

/// Whether a word needs no quotes and is no more than a word.
pub(super) fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The items of `relations`; a map in its place is reported with the list to write.
pub(super) fn relations(entry: Entry, reader: &mut Reader<'_>) -> Option<Vec<Node>> {
    let Kind::Map(entries) = &entry.value.kind else {
        return reader.list(entry);
    };
    let finding = wrong_type("relations", "a list", &entry.value, entry.key.span);
    let finding = if entries.iter().any(|entry| kind_like(&entry.key.value).is_some()) {
        finding
            .fix_if(with_dashes(entries, entry.value.span))
            .note("each relation is an item of the list, with `-` before its first key")
    } else {
        let items: Vec<String> = entries.iter().filter_map(as_item).take(MAX_SHOWN).collect();
        let finding = match items.as_slice() {
            // There are no dashes in JSON.
            [first, ..] if first.contains('"') => {
                let more = if entries.len() > items.len() { ", …" } else { "" };
                finding.note(format!("write `\"relations\": [{}{more}]`", items.join(", ")))
            }
            items => items.iter().fold(finding, |finding, item| finding.note(format!("write `- {item}`"))),
        };
        finding.note("a relation is an item of the list; its name, where it needs one, is its key `name`")
    };
    reader.findings.push(finding);
    None
}

/// Puts a dash before each kind of a block map, and its other keys below it.
fn with_dashes(entries: &[Entry], whole: Span) -> Option<Fix> {
    let first = entries.first()?;
    let is_kind = |entry: &Entry| kind_like(&entry.key.value).is_some();
    // A flow map begins with its brace, a block map with its first key.
    if whole.start != first.key.span.start {
        return None;
    }
    // The lines of a nested value would have to be moved too.
    let on_one_line = |entry: &Entry| !matches!(entry.value.kind, Kind::Map(_) | Kind::List(_) | Kind::Null);
    if !is_kind(first) || !entries.iter().all(on_one_line) {
        return None;
    }
    let edits = entries.iter().map(|entry| Edit::insert(entry.key.span, if is_kind(entry) { "- " } else { "  " }));
    Some(Fix::certain("put `-` before each relation", edits))
}

/// `orders: { type: hasMany, model: Order, foreignKey: customerId }` → `{ hasMany: Order, … }`.
fn as_item(entry: &Entry) -> Option<String> {
    let Kind::Map(parts) = &entry.value.kind else { return None };
    let text = |part: &Entry| match &part.value.kind {
        Kind::String(text) if is_plain(text) => Some(text.clone()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    let find =
        |words: &[&str]| parts.iter().find(|part| words.contains(&suggest::folded_word(&part.key.value).as_str()));
    let kind_part = find(KIND_WORDS)?;
    let kind = kind_like(&text(kind_part)?)?;
    let quote = if kind_part.value.quoted { "\"" } else { "" };
    let quoted = |key: &str, value: &str| match value {
        "true" | "false" => format!("{quote}{key}{quote}: {value}"),
        _ => format!("{quote}{key}{quote}: {quote}{value}{quote}"),
    };
    let target = text(find(TARGET_WORDS)?)?;
    let owner = owner_of_relation(kind);
    let mut pairs = vec![quoted(kind.key(), &target), quoted("name", &entry.key.value)];
    for part in parts {
        let word = suggest::folded_word(&part.key.value);
        if KIND_WORDS.contains(&word.as_str()) || TARGET_WORDS.contains(&word.as_str()) {
            continue;
        }
        let known = (owner.key(&part.key.value), owner.say(&part.key.value));
        let ((Some(key), _) | (None, Some(Say::Is(key)))) = known else { return None };
        pairs.push(quoted(key, &text(part)?));
    }
    Some(format!("{{ {} }}", pairs.join(", ")))
}

/// An item that is not a map: `belongsTo Customer`, `hasMany:Order`, or a model's name alone.
pub(super) fn item(node: &Node, list_key: Span, reader: &mut Reader<'_>) {
    let finding = wrong_type("a relation", "a map", node, list_key);
    let Kind::String(text) = &node.kind else {
        reader.findings.push(finding.note("a relation is written `- belongsTo: Customer`"));
        return;
    };
    let (word, target) = text.split_once([':', ' ']).unwrap_or((text, ""));
    let target = target.trim_start_matches([':', ' ']);
    let is_name = !target.is_empty() && is_plain(target);
    reader.findings.push(match kind_like(word) {
        Some(kind) if is_name => {
            let key = kind.key();
            let written =
                if node.quoted { format!("{{ \"{key}\": \"{target}\" }}") } else { format!("{{ {key}: {target} }}") };
            finding
                .note("between a key and its value stand a colon and a blank")
                .fix(format!("write `{key}: {target}`"), [Edit::replace(node.whole(), written)])
        }
        Some(kind) => finding.note(format!("the target is missing: write `- {}: Customer`", kind.key())),
        None => finding.note(format!("say what kind of relation it is: `- belongsTo: {text}` or `- hasMany: {text}`")),
    });
}

/// What the entries say by `type: hasMany, model: Order`: reported, and put as `hasMany: Order`.
pub(super) fn kind_as_value(entries: &mut Vec<Entry>, reader: &mut Reader<'_>) -> Option<(RelationKind, Name)> {
    let at = |words: &[&str]| {
        entries.iter().position(|entry| words.contains(&suggest::folded_word(&entry.key.value).as_str()))
    };
    let kind_at = at(KIND_WORDS)?;
    let Kind::String(word) = &entries[kind_at].value.kind else { return None };
    let kind = kind_like(word)?;
    let key = kind.key();
    let place = entries[kind_at].key.span.to(entries[kind_at].value.span);
    let finding = Diagnostic::new(&codes::RELATION_KIND, "the kind of a relation is written as its key")
        .primary(place, format!("this is the key `{key}`"));
    let target_at = at(TARGET_WORDS).filter(|target| matches!(entries[*target].value.kind, Kind::String(_)));
    let Some(target_at) = target_at else {
        reader.findings.push(finding.note(format!("write `{key}: …` with the target as its value")));
        return None;
    };
    let target = entries[target_at].clone();
    let Kind::String(name) = &target.value.kind else { return None };
    let kind_entry = &entries[kind_at];
    let (first, second) = if kind_at < target_at { (kind_entry, &target) } else { (&target, kind_entry) };
    let fix = (kind_at.abs_diff(target_at) == 1).then(|| {
        let quote = if target.value.quoted { "\"" } else { "" };
        // A quoted key begins and ends with its quotes.
        let outer = Span { start: first.key.span.start, end: second.value.whole().end, ..first.key.span };
        let closing = if kind_entry.value.quoted && target.value.quoted { "\"" } else { "" };
        Fix::certain(
            format!("write `{key}: {name}`"),
            [Edit::replace(outer, format!("{key}{closing}: {quote}{name}{quote}"))],
        )
    });
    reader.findings.push(
        finding
            .label(target.key.span.to(target.value.span), "and this its value")
            .note(format!("write `{key}: {name}`"))
            .fix_if(fix),
    );
    let key = Name { value: key.to_owned(), span: kind_entry.key.span };
    let (low, high) = (kind_at.min(target_at), kind_at.max(target_at));
    entries.remove(high);
    entries[low] = Entry { key: key.clone(), value: target.value };
    Some((kind, key))
}
