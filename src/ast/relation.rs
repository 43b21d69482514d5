//! One relation's declaration: which kind it is, and which keys that kind has.

use super::reader::{Reader, list};
use super::{Action, Name, RelationDecl, RelationKind, ThroughDecl};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// The keys beside the kind's own.
const KEYS: &[&str] = &[
    "name",
    "keyFrom",
    "keyTo",
    "through",
    "discriminator",
    "polymorphic",
    "required",
    "onDelete",
    "onUpdate",
    "constraint",
    "includable",
    "description",
];
const THROUGH: &[&str] = &["model", "keyFrom", "keyTo", "discriminator"];

/// Reads one entry of `relations`; `None` where it does not say what it is.
pub(super) fn relation(node: Node, list_key: Span, reader: &mut Reader<'_>) -> Option<RelationDecl> {
    let errors = reader.findings.errors();
    let span = node.span;
    let entries = reader.map(node, list_key, "a relation")?;
    let (kind, kind_key) = kind(&entries, if span.start == span.end { list_key } else { span }, reader)?;
    let mut relation = RelationDecl {
        kind,
        span: kind_key.span,
        entry: span,
        broken: false,
        targets: Vec::new(),
        has_target_list: false,
        name: None,
        key_from: None,
        key_to: None,
        through: None,
        discriminator: None,
        polymorphic: None,
        required: None,
        on_delete: None,
        on_update: None,
        constraint: None,
        includable: None,
        description: None,
    };
    // The targets decide whether some of the other keys make sense.
    relation.has_target_list =
        entries.iter().any(|entry| entry.key.value == kind.key() && matches!(entry.value.kind, Kind::List(_)));
    for entry in entries {
        part(entry, &mut relation, reader);
    }
    relation.broken = reader.findings.errors() > errors;
    Some(relation)
}

/// The one key that says what the relation is.
fn kind(entries: &[Entry], whole: Span, reader: &mut Reader<'_>) -> Option<(RelationKind, Name)> {
    let of = |entry: &Entry| RelationKind::ALL.into_iter().find(|kind| kind.key() == entry.key.value);
    let mut found = entries.iter().filter_map(|entry| Some((of(entry)?, entry.key.clone())));
    let kinds = || RelationKind::ALL.map(RelationKind::key);
    let Some(first) = found.next() else {
        let misspelt = entries.iter().find(|entry| {
            !KEYS.contains(&entry.key.value.as_str()) && suggest::nearest(&entry.key.value, kinds()).is_some()
        });
        match misspelt {
            Some(entry) => reader.unknown_key(&entry.key, "a relation", &kinds()),
            None => reader.findings.push(
                Diagnostic::new(&codes::RELATION_KIND, "a relation does not say what it is")
                    .primary(entries.first().map_or(whole, |entry| entry.key.span), "this relation has no kind")
                    .note(format!("write one of {} with the target as its value", list(kinds(), "or"))),
            ),
        }
        return None;
    };
    if let Some((_, second)) = found.find(|(kind, _)| *kind != first.0) {
        reader.findings.push(
            Diagnostic::new(&codes::RELATION_KIND, "a relation has two kinds")
                .primary(second.span, "this is the second")
                .label(first.1.span, "this is the first")
                .note("write them as two entries of `relations`"),
        );
        return None;
    }
    Some(first)
}

fn part(entry: Entry, relation: &mut RelationDecl, reader: &mut Reader<'_>) {
    let key = entry.key.value.as_str();
    if key == relation.kind.key() {
        return targets(entry, relation, reader);
    }
    if let Some(reason) = not_for(key, relation) {
        let remove = reader.patches.remove_entry(entry.key.span);
        reader.findings.push(
            Diagnostic::new(&codes::KEY_NOT_FOR_KIND, format!("`{key}` does not belong to {}", article(relation.kind)))
                .primary(entry.key.span, reason)
                .label(relation.span, "the relation is of this kind")
                .fix_if(reader.patches.likely(format!("remove `{key}`"), [remove])),
        );
        return;
    }
    match key {
        "name" => relation.name = reader.string(entry),
        "keyFrom" => relation.key_from = reader.names(entry),
        "keyTo" => relation.key_to = reader.names(entry),
        "through" => relation.through = through(entry, reader),
        "discriminator" => relation.discriminator = reader.string(entry),
        "polymorphic" => relation.polymorphic = reader.string(entry),
        "required" => relation.required = reader.boolean(&entry),
        "onDelete" => relation.on_delete = reader.choice(entry, &Action::ALL),
        "onUpdate" => relation.on_update = reader.choice(entry, &Action::ALL),
        "constraint" => relation.constraint = reader.boolean(&entry),
        "includable" => relation.includable = reader.boolean(&entry),
        "description" => relation.description = reader.string(entry),
        _ => reader.unknown_key(&entry.key, "a relation", KEYS),
    }
}

/// Why a key makes no sense on this kind of relation.
fn not_for(key: &str, relation: &RelationDecl) -> Option<&'static str> {
    let kind = relation.kind;
    match key {
        "keyFrom" | "keyTo" if kind.embeds() => Some("an embedded value has no key"),
        "through" if !kind.has() => Some("only `hasMany` and `hasOne` lead through a link model"),
        "polymorphic" if !kind.has() => Some("only `hasMany` and `hasOne` answer a polymorphic relation"),
        "discriminator" if !relation.has_target_list => Some("only a relation with a list of targets needs one"),
        "required" if !matches!(kind, RelationKind::BelongsTo | RelationKind::EmbedsOne) => {
            Some("only `belongsTo` and `embedsOne` can be required")
        }
        "onDelete" | "onUpdate" if kind != RelationKind::BelongsTo && !kind.has() => {
            Some("only relations by a single key have actions")
        }
        "constraint" if kind.embeds() => Some("an embedded value has no foreign key"),
        _ => None,
    }
}

fn article(kind: RelationKind) -> String {
    match kind {
        RelationKind::EmbedsOne | RelationKind::EmbedsMany => format!("an `{}`", kind.key()),
        _ => format!("a `{}`", kind.key()),
    }
}

fn targets(entry: Entry, relation: &mut RelationDecl, reader: &mut Reader<'_>) {
    if relation.has_target_list
        && !matches!(relation.kind, RelationKind::BelongsTo | RelationKind::HasMany | RelationKind::HasOne)
    {
        reader.refuse::<()>(relation.kind.key(), "one model", &entry.value, entry.key.span);
        return;
    }
    relation.targets = reader.names(entry).unwrap_or_default();
}

fn through(entry: Entry, reader: &mut Reader<'_>) -> Option<ThroughDecl> {
    let span = entry.key.span;
    let Kind::Map(entries) = entry.value.kind else {
        let model = reader.string(entry)?;
        return Some(ThroughDecl { span, model, key_from: None, key_to: None, discriminator: None });
    };
    let errors = reader.findings.errors();
    let (mut model, mut key_from, mut key_to, mut discriminator) = (None, None, None, None);
    for entry in entries {
        match entry.key.value.as_str() {
            "model" => model = reader.string(entry),
            "keyFrom" => key_from = reader.names(entry),
            "keyTo" => key_to = reader.names(entry),
            "discriminator" => discriminator = reader.string(entry),
            _ => reader.unknown_key(&entry.key, "`through`", THROUGH),
        }
    }
    if model.is_none() && reader.findings.errors() == errors {
        reader.missing_key(span, "model", "`through`");
    }
    Some(ThroughDecl { span, model: model?, key_from, key_to, discriminator })
}
