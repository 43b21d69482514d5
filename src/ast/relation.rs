//! One relation's declaration: which kind it is, and which keys that kind has.

use super::owners::THROUGH;
use super::reader::{Reader, did_you_mean, list, wrong_type};
use super::relation_owners::owner_of_relation;
use super::{Action, Name, RelationDecl, RelationKind, ThroughDecl, misread};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::{Entry, Kind, Node};

/// Actions as databases and other tools call them, in lower case and without separators.
const ACTIONS: &[(&str, &str)] = &[
    ("null", "setNull"),
    ("nullify", "setNull"),
    ("unset", "setNull"),
    ("delete", "cascade"),
    ("destroy", "cascade"),
    ("remove", "cascade"),
    ("set null", "setNull"),
    ("no action", "noAction"),
    ("none", "noAction"),
    ("nothing", "noAction"),
    ("do nothing", "noAction"),
    ("deny", "restrict"),
    ("protect", "restrict"),
    ("error", "restrict"),
];

/// Reads one entry of `relations`; `None` where it does not say what it is. `before` is the entry above it.
pub(super) fn relation(
    node: Node,
    list_key: Span,
    before: Option<Span>,
    reader: &mut Reader<'_>,
) -> Option<RelationDecl> {
    let errors = reader.findings.errors();
    let span = node.span;
    let mut entries = match node.kind {
        Kind::Map(entries) => entries,
        Kind::Null => Vec::new(),
        _ => {
            misread::item(&node, list_key, reader);
            return None;
        }
    };
    let whole = if span.start == span.end { list_key } else { span };
    let (kind, kind_key) = kind(&mut entries, whole, before, reader)?;
    let mut relation = RelationDecl {
        kind,
        span: kind_key.span,
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
    let (own, others): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.key.value == kind.key());
    for entry in own {
        targets(entry, &mut relation, reader);
    }
    for (key, entry) in reader.keys(others, owner_of_relation(kind)) {
        part(key, entry, &mut relation, reader);
    }
    contradictions(&mut relation, reader);
    relation.broken = reader.findings.errors() > errors;
    Some(relation)
}

/// Keys that fit the kind and not each other, of which one would be ignored.
fn contradictions(relation: &mut RelationDecl, reader: &mut Reader<'_>) {
    let refuse = |key: &str, place: Span, reason: &str, other: Span| {
        Diagnostic::new(&codes::KEY_NOT_FOR_KIND, format!("`{key}` does not belong to this relation"))
            .primary(place, reason)
            .label(other, "because of this")
    };
    if let Some(answer) = &relation.polymorphic {
        let key_to = relation.key_to.as_ref().and_then(|names| names.first()).map(|name| ("keyTo", name.span));
        let through = relation.through.as_ref().map(|through| ("through", through.span));
        let reason = "the polymorphic relation that is answered has the key";
        for (key, place) in key_to.into_iter().chain(through) {
            reader.findings.push(refuse(key, place, reason, answer.span));
        }
        if relation.has_target_list {
            let reason = "a relation with a list of targets answers none";
            reader.findings.push(refuse("polymorphic", answer.span, reason, relation.span));
        }
    }
    if let (Some(through), false) = (&relation.through, relation.has_target_list)
        && let Some(discriminator) = &through.discriminator
    {
        let reason = "only a relation with a list of targets needs one";
        reader.findings.push(refuse("discriminator", discriminator.span, reason, relation.span));
    }
    if let (Some(beside), Some(within)) =
        (&relation.discriminator, relation.through.as_ref().and_then(|through| through.discriminator.as_ref()))
    {
        let reason = "the link model has one, and it is named already";
        reader.findings.push(refuse("discriminator", beside.span, reason, within.span));
    }
}

/// The one key that says what the relation is.
fn kind(
    entries: &mut Vec<Entry>,
    whole: Span,
    before: Option<Span>,
    reader: &mut Reader<'_>,
) -> Option<(RelationKind, Name)> {
    let of = |entry: &Entry| RelationKind::ALL.into_iter().find(|kind| kind.key() == entry.key.value);
    let mut found = entries.iter().filter_map(|entry| Some((of(entry)?, entry.key.clone())));
    let Some(first) = found.next() else {
        drop(found);
        return misspelt(entries, reader).or_else(|| without_kind(entries, whole, before, reader));
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

/// A kind in the letters of another tool, or a slip of the pen: reported, and read as what it stands for.
fn misspelt(entries: &mut [Entry], reader: &mut Reader<'_>) -> Option<(RelationKind, Name)> {
    let owner = owner_of_relation(RelationKind::BelongsTo);
    let kinds = || RelationKind::ALL.map(RelationKind::key);
    let near = |word: &str| {
        let nearest = suggest::nearest(word, kinds())?;
        RelationKind::ALL.into_iter().find(|kind| kind.key() == nearest)
    };
    let like = |word: &str| misread::kind_like(word).or_else(|| near(word));
    let mut others = entries.iter_mut().filter(|entry| owner.key(&entry.key.value).is_none());
    let (kind, entry) = others.find_map(|entry| Some((like(&entry.key.value)?, entry)))?;
    reader.findings.push(
        Diagnostic::new(&codes::UNKNOWN_KEY, format!("`{}` is not a kind of relation", entry.key.value))
            .primary(entry.key.span, format!("expected {}", list(kinds(), "or")))
            .fix_if(did_you_mean(&entry.key, Some(kind.key()))),
    );
    kind.key().clone_into(&mut entry.key.value);
    Some((kind, entry.key.clone()))
}

/// No key says what it is; one that another tool would have may.
fn without_kind(
    entries: &mut Vec<Entry>,
    whole: Span,
    before: Option<Span>,
    reader: &mut Reader<'_>,
) -> Option<(RelationKind, Name)> {
    let errors = reader.findings.errors();
    let read = misread::kind_as_value(entries, reader);
    if reader.findings.errors() > errors {
        return read;
    }
    let kinds = list(RelationKind::ALL.map(RelationKind::key), "or");
    let finding = Diagnostic::new(&codes::RELATION_KIND, "a relation does not say what it is")
        .primary(entries.first().map_or(whole, |entry| entry.key.span), "this relation has no kind");
    let finding = match (before, entries.first()) {
        (Some(before), Some(first)) => finding
            .label(before, "the relation above it")
            .note(format!("if `{}` is a key of the relation above, leave out the `-` before it", first.key.value)),
        _ => finding,
    };
    reader.findings.push(finding.note(format!("write one of {kinds} with the target as its value")));
    None
}

fn part(key: &str, entry: Entry, relation: &mut RelationDecl, reader: &mut Reader<'_>) {
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
        "onDelete" => relation.on_delete = reader.choice(&entry, &Action::ALL, ACTIONS),
        "onUpdate" => relation.on_update = reader.choice(&entry, &Action::ALL, ACTIONS),
        "constraint" => relation.constraint = reader.boolean(&entry),
        "includable" => relation.includable = reader.boolean(&entry),
        _ => relation.description = reader.string(entry),
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
    if matches!(entry.value.kind, Kind::Map(_) | Kind::Null | Kind::Bool(_)) {
        let kind = relation.kind.key();
        let finding = wrong_type(kind, "the name of a model", &entry.value, entry.key.span);
        reader.findings.push(match entry.value.kind {
            Kind::Map(_) => finding.note(format!("the target stands right after `{kind}:`, its other keys beside it")),
            _ => finding,
        });
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
    for (key, entry) in reader.keys(entries, &THROUGH) {
        match key {
            "model" => model = reader.string(entry),
            "keyFrom" => key_from = reader.names(entry),
            "keyTo" => key_to = reader.names(entry),
            _ => discriminator = reader.string(entry),
        }
    }
    if model.is_none() && reader.findings.errors() == errors {
        reader.missing_key(span, "model", "`through`");
    }
    Some(ThroughDecl { span, model: model?, key_from, key_to, discriminator })
}
