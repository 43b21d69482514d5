//! Loops over several models: rows that could never be stored, values of infinite size, deletes that go round.

use std::collections::HashSet;

use super::actions::make_optional;
use super::view::{Book, ModelView};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, codes};
use crate::graph::{Action, ModelId, PropertyId, RelationId, RelationKind, Scalar, cycles};
use crate::source::Span;

/// One step of a loop.
struct Edge {
    to: ModelId,
    span: Span,
    text: String,
    /// What would break the loop.
    cure: String,
    /// How to break it in the text.
    mend: Mend,
}

/// What of a declaration makes a step of a loop.
enum Mend {
    /// The key of a relation of a model, held by another or the same one.
    Optional { relation: (ModelId, RelationId), holder: ModelId, key: Vec<PropertyId> },
    /// A required property.
    Property(ModelId, PropertyId),
    /// Nothing that may be taken away without asking what should come instead.
    Nothing,
}

impl Edge {
    fn fix(&self, book: &Book<'_>) -> Option<Fix> {
        match &self.mend {
            Mend::Optional { relation: (model, relation), holder, key } => {
                make_optional(book.model(*model).relation(*relation)?, book.model(*holder), key)
            }
            Mend::Property(model, property) => {
                let decl = book.model(*model).declaration(*property)?;
                let message = format!("make `{}` of `{}` optional", decl.name.value, book.model(*model).name());
                book.patches.likely(message, [decl.without_key(book.patches, "required")])
            }
            Mend::Nothing => None,
        }
    }
}

/// A graph of models, at most one edge for each pair.
struct Edges(Vec<Vec<Edge>>);

impl Edges {
    fn new(book: &Book<'_>, of: impl Fn(ModelView<'_>) -> Vec<(ModelId, Edge)>) -> Self {
        let mut all: Vec<Vec<Edge>> = book.models().map(|_| Vec::new()).collect();
        let mut known = HashSet::new();
        for model in book.models() {
            for (from, edge) in of(model) {
                if known.insert((from, edge.to)) {
                    all[from.0 as usize].push(edge);
                }
            }
        }
        Self(all)
    }

    fn loops(&self) -> Vec<Vec<&Edge>> {
        let plain: Vec<Vec<usize>> =
            self.0.iter().map(|edges| edges.iter().map(|edge| edge.to.0 as usize).collect()).collect();
        let steps = |cycle: Vec<usize>| {
            let next = cycle.iter().cycle().skip(1);
            cycle
                .iter()
                .zip(next)
                .filter_map(|(from, to)| self.0[*from].iter().find(|edge| edge.to.0 as usize == *to))
                .collect()
        };
        cycles::all(&plain).into_iter().map(steps).collect()
    }
}

/// One finding with every step of the loop in order.
fn report(code: crate::diagnostic::Code, message: String, steps: &[&Edge]) -> Diagnostic {
    let mut finding = Diagnostic::new(code, message);
    if let Some((first, rest)) = steps.split_first() {
        finding = finding.primary(first.span, &first.text);
        for edge in rest {
            finding = finding.label(edge.span, &edge.text);
        }
    }
    finding
}

fn path(book: &Book<'_>, steps: &[&Edge]) -> String {
    crate::ast::path(steps.last().into_iter().chain(steps).map(|edge| book.graph.model(edge.to).name.as_str()))
}

/// Required foreign keys do not lead round in a loop.
pub(super) fn first_rows_can_be_stored(book: &Book<'_>, findings: &mut Diagnostics) {
    let edges = Edges::new(book, |model| {
        let edge = |relation: super::view::RelationView<'_>| {
            if !relation.data.strong || !relation.is_plain() {
                return None;
            }
            let (holder, key, referred) = match relation.data.kind {
                RelationKind::BelongsTo => (relation.model, &relation.data.key_from, relation.target()),
                kind if kind.has() => (relation.target(), &relation.data.key_to, relation.model),
                _ => return None,
            };
            let required = key.iter().all(|id| holder.data.property(*id).required);
            required.then(|| {
                let keys = holder.list(key);
                let text = format!("a row of `{}` needs one of `{}`", holder.name(), referred.name());
                let cure = format!("{keys} of `{}`", holder.name());
                let mend = Mend::Optional { relation: (model.id, relation.id), holder: holder.id, key: key.clone() };
                (holder.id, Edge { to: referred.id, span: relation.data.span, text, cure, mend })
            })
        };
        model.relations().filter_map(edge).collect()
    });
    for steps in edges.loops() {
        let message = match steps.as_slice() {
            [only] => format!("no first row of `{}` could be stored: it needs another", book.graph.model(only.to).name),
            _ => format!("no first row could be stored: {} need each other", path(book, &steps)),
        };
        let Some(cure) = steps.last().map(|edge| &edge.cure) else { continue };
        findings.push(
            report(&codes::REQUIRED_CYCLE, message, &steps)
                .note(format!("make {cure} optional; rows are then linked after they are stored"))
                .fix_if(steps.last().and_then(|edge| edge.fix(book))),
        );
    }
}

/// A required value does not contain itself.
pub(super) fn values_are_finite(book: &Book<'_>, findings: &mut Diagnostics) {
    let edges = Edges::new(book, |model| {
        let edge = |(id, property): (PropertyId, &crate::graph::Property)| match property.ty.scalar {
            Scalar::Embedded(to) if property.required && !property.ty.list => {
                let text = format!("every `{}` holds one `{}`", model.name(), book.graph.model(to).name);
                let cure = format!("`{}` of `{}`", property.name, model.name());
                Some((model.id, Edge { to, span: property.span, text, cure, mend: Mend::Property(model.id, id) }))
            }
            _ => None,
        };
        model.data.properties().filter_map(edge).collect()
    });
    for steps in edges.loops() {
        let message = format!("a value of infinite size: {}", path(book, &steps));
        let Some(cure) = steps.last().map(|edge| &edge.cure) else { continue };
        findings.push(
            report(&codes::INFINITE_TYPE, message, &steps)
                .note(format!("make {cure} optional, or a list"))
                .fix_if(steps.last().and_then(|edge| edge.fix(book))),
        );
    }
}

/// Cascading deletes do not come back to where they began.
pub(super) fn deletes_stop_somewhere(book: &Book<'_>, findings: &mut Diagnostics) {
    let edges = Edges::new(book, |model| {
        let edge = |relation: super::view::RelationView<'_>| {
            if relation.data.on_delete != Action::Cascade || !relation.is_plain() {
                return None;
            }
            let (holder, referred) = match relation.data.kind {
                RelationKind::BelongsTo => (relation.model, relation.target()),
                _ => (relation.target(), relation.model),
            };
            // Within one model a cascade follows the rows, which is what trees are for.
            (holder.id != referred.id).then(|| {
                let text = format!("deleting `{}` deletes its `{}`", referred.name(), holder.name());
                let span = relation.decl.on_delete.as_ref().map_or(relation.data.span, |written| written.span);
                (referred.id, Edge { to: holder.id, span, text, cure: String::new(), mend: Mend::Nothing })
            })
        };
        model.relations().filter_map(edge).collect()
    });
    for steps in edges.loops() {
        let message = format!("one delete may empty them all: {}", path(book, &steps));
        findings.push(
            report(&codes::CASCADE_CYCLE, message, &steps)
                .note("let one of these relations `restrict` or `setNull` instead"),
        );
    }
}
