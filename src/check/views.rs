//! Views: that each shows something, and comes to an end.

use std::collections::HashSet;

use super::view::Book;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Shown, View, ViewId};

/// A view has a field at least.
pub(super) fn view_shows_something(view: &View, findings: &mut Diagnostics) {
    if !view.fields.is_empty() || !view.parts.is_empty() {
        return;
    }
    findings.push(
        Diagnostic::new(&codes::EMPTY_VIEW, format!("the view `{}` shows nothing", view.name))
            .primary(view.span, "has no field, no count and no inclusion")
            .note("without `fields`, it has every property that is not hidden"),
    );
}

/// No view includes itself, by whatever way.
pub(super) fn views_end(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut done = HashSet::new();
    for id in (0..).map(ViewId).take(book.graph.views.len()) {
        let mut path = Vec::new();
        if done.contains(&id) {
            continue;
        }
        if let Some(at) = circle(book, id, &mut path, &mut done) {
            let names = path[at..].iter().chain([&path[at]]).map(|id| book.graph.view(*id).name.as_str());
            let message = format!("views include each other without end: {}", crate::ast::path(names));
            let first = book.graph.view(path[at]);
            let finding = Diagnostic::new(&codes::VIEW_CYCLE, message).primary(first.span, "leads back to itself");
            let others = path[at + 1..].iter().map(|id| book.graph.view(*id).span);
            let finding = others.take(MAX_LABELS).fold(finding, |finding, span| finding.label(span, "included here"));
            findings.push(finding.note("show whole rows at some depth: `true`, or `fields` in place"));
        }
    }
}

/// How many of the views in a circle are shown.
const MAX_LABELS: usize = 6;

/// Where the path that goes on from a view comes back to itself; views without a circle are done.
fn circle(book: &Book<'_>, id: ViewId, path: &mut Vec<ViewId>, done: &mut HashSet<ViewId>) -> Option<usize> {
    let mut open = vec![(id, 0)];
    path.push(id);
    while let Some((view, next)) = open.last_mut() {
        let mut below = book.graph.view(*view).parts.iter().filter_map(|part| match part.shown {
            Shown::View(id) => Some(id),
            Shown::Count | Shown::Rows => None,
        });
        let Some(below) = below.nth(*next) else {
            done.insert(*view);
            open.pop();
            path.pop();
            continue;
        };
        *next += 1;
        if let Some(at) = path.iter().position(|seen| *seen == below) {
            // Every view of the circle is one of it, and told once.
            done.extend(path.iter().copied());
            return Some(at);
        }
        if !done.contains(&below) {
            path.push(below);
            open.push((below, 0));
        }
    }
    None
}
