//! Loops over several models: rows that could never be stored, values of infinite size, deletes that go round.

use std::collections::HashSet;

use super::actions::make_optional;
use super::view::{Book, ModelView};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, codes};
use crate::graph::{Action, ModelId, PropertyId, RelationId, RelationKind, Scalar, cycles};
use crate::patch::Value;
use crate::source::Span;

/// One step of a loop.
struct Edge {
    to: ModelId,
    span: Span,
    text: String,
    /// What would break the loop.
    cure: String,
    /// How much would have to be changed for that; `None` where it is not possible.
    cost: Option<usize>,
    /// How to break it in the text.
    mend: Mend,
}

/// What of a declaration makes a step of a loop.
enum Mend {
    /// The key of a relation of a model, held by another or the same one.
    Optional { relation: (ModelId, RelationId), holder: ModelId, key: Vec<PropertyId> },
    /// A required property.
    Property(ModelId, PropertyId),
    /// What deleting does, and what it could do instead.
    Action(Span, &'static str),
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
            Mend::Action(written, action) => {
                let edit = book.patches.replace(*written, &Value::word(*action));
                book.patches.likely(format!("let it be {}", self.cure), [edit])
            }
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
        // A report shows places in the order of the file, a long loop needs its own.
        let text =
            |at: usize, edge: &Edge| if steps.len() > 2 { format!("{at}. {}", edge.text) } else { edge.text.clone() };
        finding = finding.primary(first.span, text(1, first));
        for (edge, at) in rest.iter().zip(2..) {
            finding = finding.label(edge.span, text(at, edge));
        }
    }
    finding
}

fn path(book: &Book<'_>, steps: &[&Edge]) -> String {
    crate::ast::path(steps.last().into_iter().chain(steps).map(|edge| book.graph.model(edge.to).name.as_str()))
}

/// The place where a loop is broken with the least change; of equals, the last.
fn cheapest<'a>(steps: &[&'a Edge]) -> Option<&'a Edge> {
    steps.iter().rev().filter(|edge| edge.cost.is_some()).min_by_key(|edge| edge.cost).copied()
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
            // That a row leads to itself has a finding of its own.
            let required = key.iter().all(|id| holder.data.property(*id).required)
                && (holder.id != referred.id || relation.data.key_from != relation.data.key_to);
            required.then(|| {
                let keys = holder.list(key);
                let text = format!("a row of `{}` needs one of `{}`", holder.name(), referred.name());
                let cure = format!("{keys} of `{}`", holder.name());
                let mend = Mend::Optional { relation: (model.id, relation.id), holder: holder.id, key: key.clone() };
                // One optional member makes the whole key optional; a part of the primary key cannot be one.
                let free = key.iter().filter(|id| !holder.data.property(**id).id).count();
                let cost = (free > 0).then_some(key.len());
                (holder.id, Edge { to: referred.id, span: relation.data.span, text, cure, cost, mend })
            })
        };
        model.relations().filter_map(edge).collect()
    });
    for steps in edges.loops() {
        let message = match steps.as_slice() {
            [only] => format!("no first row of `{}` could be stored: it needs another", book.graph.model(only.to).name),
            _ => format!("no first row could be stored: {} need each other", path(book, &steps)),
        };
        let finding = report(&codes::REQUIRED_CYCLE, message, &steps);
        findings.push(match cheapest(&steps) {
            Some(edge) => finding
                .note(format!("make {} optional; rows are then linked after they are stored", edge.cure))
                .fix_if(edge.fix(book)),
            None => finding.note(
                "every key of the loop is part of a primary key: take one of these relations out, \
                 or make it weak with `constraint: false`",
            ),
        });
    }
}

/// A required value does not contain itself.
pub(super) fn values_are_finite(book: &Book<'_>, findings: &mut Diagnostics) {
    let edges = Edges::new(book, |model| {
        let edge = |(id, property): (PropertyId, &crate::graph::Property)| match property.ty.scalar {
            Scalar::Embedded(to) if property.required && !property.ty.list => {
                let text = format!("every `{}` holds one `{}`", model.name(), book.graph.model(to).name);
                let cure = format!("`{}` of `{}`", property.name, model.name());
                let mend = Mend::Property(model.id, id);
                Some((model.id, Edge { to, span: property.span, text, cure, cost: Some(1), mend }))
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
                let optional = relation.data.kind == RelationKind::BelongsTo && !relation.data.required;
                let action = if optional { "setNull" } else { "restrict" };
                let cure = format!("`onDelete: {action}` on `{}.{}`", relation.model.name(), relation.data.name);
                let cost = Some(if optional { 1 } else { 2 });
                (referred.id, Edge { to: holder.id, span, text, cure, cost, mend: Mend::Action(span, action) })
            })
        };
        model.relations().filter_map(edge).collect()
    });
    for steps in edges.loops() {
        let message = format!("one delete may empty them all: {}", path(book, &steps));
        findings.push(
            report(&codes::CASCADE_CYCLE, message, &steps)
                .note(cheapest(&steps).map_or_else(String::new, |edge| format!("{} would stop it", edge.cure)))
                .fix_if(cheapest(&steps).and_then(|edge| edge.fix(book))),
        );
    }
}
