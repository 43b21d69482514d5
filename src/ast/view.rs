//! One view's declaration: which model it shows, and what of it.

use super::owners::{COUNTED, INCLUDED, VIEW};
use super::reader::{Reader, wrong_type};
use super::{Name, PartDecl, ScopeDecl, ShapeDecl, ViewDecl};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Kind, Node};

pub(super) fn view(entry: Entry, reader: &mut Reader<'_>) -> ViewDecl {
    let errors = reader.findings.errors();
    let name = entry.key;
    let mut view =
        ViewDecl { name, broken: false, of: None, plural: None, description: None, shape: ShapeDecl::default() };
    let what = view.name.value.clone();
    let Some(entries) = reader.map(entry.value, view.name.span, &what) else {
        view.broken = true;
        return view;
    };
    for (key, entry) in reader.keys(entries, &VIEW) {
        match key {
            "of" => view.of = reader.string(entry),
            "plural" => view.plural = reader.string(entry),
            "description" => view.description = reader.string(entry),
            _ => shape(key, entry, &mut view.shape, reader),
        }
    }
    if view.of.is_none() && reader.findings.errors() == errors {
        reader.missing_key(view.name.span, "of", "a view");
    }
    view.broken = reader.findings.errors() > errors;
    view
}

/// One of the keys that say what is shown.
fn shape(key: &str, entry: Entry, shape: &mut ShapeDecl, reader: &mut Reader<'_>) {
    let span = entry.key.span;
    shape.written.get_or_insert(span);
    match key {
        "fields" => {
            // None at all is a list too: a view may be made of what is related.
            let empty = matches!(&entry.value.kind, Kind::List(items) if items.is_empty());
            shape.fields = if empty { Some(Vec::new()) } else { reader.names(entry) };
        }
        "counts" => shape.counts = parts(entry, count, reader),
        _ => shape.include = parts(entry, included, reader),
    }
}

/// A map of parts by name, or a list of relations as they are.
fn parts(entry: Entry, part: fn(Entry, &mut Reader<'_>) -> PartDecl, reader: &mut Reader<'_>) -> Vec<PartDecl> {
    if matches!(entry.value.kind, Kind::List(_) | Kind::String(_)) {
        let names = reader.names(entry).unwrap_or_default();
        return names.into_iter().map(PartDecl::whole).collect();
    }
    let entries = reader.map(entry.value, entry.key.span, &entry.key.value).unwrap_or_default();
    entries.into_iter().map(|entry| part(entry, reader)).collect()
}

/// `bigItems: { of: items, where: … }`, `itemCount: items`.
fn count(entry: Entry, reader: &mut Reader<'_>) -> PartDecl {
    let errors = reader.findings.errors();
    let mut part = PartDecl::whole(entry.key);
    part.named = true;
    match &entry.value.kind {
        Kind::String(_) => part.of = reader.string_node(entry.value, part.name.span, "a count"),
        Kind::Map(_) => {
            let entries = reader.map(entry.value, part.name.span, "a count").unwrap_or_default();
            for (key, entry) in reader.keys(entries, &COUNTED) {
                match key {
                    "of" => part.of = reader.string(entry),
                    "description" => part.description = reader.string(entry),
                    _ => scope(key, entry, &mut part.scope, reader),
                }
            }
            if part.of.is_none() && reader.findings.errors() == errors {
                reader.missing_key(part.name.span, "of", "a count");
            }
        }
        _ => {
            let expected = "the name of a relation, or a map that has it under `of`";
            reader.findings.push(wrong_type("a count", expected, &entry.value, part.name.span));
        }
    }
    part.broken = reader.findings.errors() > errors;
    part
}

/// `customer: CustomerName`, `invoice: true`, `items: { fields: [line], limit: 3 }`.
fn included(entry: Entry, reader: &mut Reader<'_>) -> PartDecl {
    let errors = reader.findings.errors();
    let mut part = PartDecl::whole(entry.key);
    match &entry.value.kind {
        Kind::Bool(true) => {}
        Kind::String(_) => part.view = reader.string_node(entry.value, part.name.span, "what is included"),
        Kind::Map(_) | Kind::Null => {
            let entries = reader.map(entry.value, part.name.span, "what is included").unwrap_or_default();
            for (key, entry) in reader.keys(entries, &INCLUDED) {
                match key {
                    "of" => part.of = reader.string(entry),
                    "view" => part.view = reader.string(entry),
                    "description" => part.description = reader.string(entry),
                    "where" | "order" | "limit" | "offset" => scope(key, entry, &mut part.scope, reader),
                    _ => shape(key, entry, &mut part.shape, reader),
                }
            }
            one_shape(&part, reader);
        }
        _ => {
            let expected = "`true`, the name of a view, or a map";
            reader.findings.push(wrong_type("what is included", expected, &entry.value, part.name.span));
        }
    }
    part.broken = reader.findings.errors() > errors;
    part
}

/// What is shown of the rows is said by a view's name, or in place.
fn one_shape(part: &PartDecl, reader: &mut Reader<'_>) {
    if let (Some(view), Some(own)) = (&part.view, part.shape.written) {
        reader.findings.push(
            Diagnostic::new(
                &codes::VIEW_SAID_TWICE,
                format!("what `{}` shows is said by a view and in place", part.name.value),
            )
            .primary(own, "said here")
            .label(view.span, "and by this view")
            .note("leave one out: a view has all its fields, counts and inclusions itself"),
        );
    }
}

fn scope(key: &str, entry: Entry, scope: &mut ScopeDecl, reader: &mut Reader<'_>) {
    let span = entry.key.span;
    match key {
        "where" => scope.condition = Some((span, entry.value)),
        "order" => {
            scope.order_key = Some(span);
            scope.order = reader.names(entry).unwrap_or_default();
        }
        "limit" => scope.limit = count_from_one(&entry, reader),
        _ => scope.offset = reader.count(&entry),
    }
    scope.written.get_or_insert(span);
}

/// No rows at all are wanted by nobody.
fn count_from_one(entry: &Entry, reader: &mut Reader<'_>) -> Option<Spanned<u64>> {
    let limit = reader.count(entry)?;
    if limit.value == 0 {
        let node = Node { span: limit.span, quoted: false, kind: Kind::Number("0".to_owned()) };
        return reader.refuse("limit", "a whole number from 1", &node, entry.key.span);
    }
    Some(limit)
}

impl PartDecl {
    /// All rows of the relation of that name.
    fn whole(name: Name) -> Self {
        Self {
            name,
            named: false,
            broken: false,
            of: None,
            view: None,
            description: None,
            shape: ShapeDecl::default(),
            scope: ScopeDecl::default(),
        }
    }

    /// The relation's name, and where it is written.
    pub(crate) fn relation(&self) -> &Name {
        self.of.as_ref().unwrap_or(&self.name)
    }

    /// Where something is said of which rows, and in which order.
    pub(crate) fn scope_place(&self) -> Span {
        self.scope.written.unwrap_or(self.name.span)
    }
}
