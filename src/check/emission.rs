//! What the language has and the generator does not emit yet: said of schemas that are otherwise sound.

use super::actions::word;
use super::view::{Book, ModelView, RelationView};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Action, RelationKind};
use crate::source::Span;

/// Everything that is declared can be emitted.
pub(super) fn everything_can_be_emitted(book: &Book<'_>, findings: &mut Diagnostics) {
    if let Some(second) = book.resolved.schema.datasources.get(1) {
        findings.push(refuse("more than one datasource", second.name.span));
    }
    for model in book.models() {
        flags(model, findings);
        for relation in model.relations() {
            if let Some((what, place)) = unemitted(relation) {
                findings.push(refuse(&what, place));
            }
        }
    }
}

fn flags(model: ModelView<'_>, findings: &mut Diagnostics) {
    for (what, place) in [("timestamps", model.decl.timestamps), ("softDelete", model.decl.soft_delete)] {
        if let Some(place) = place {
            findings.push(refuse(&format!("`{what}`"), place));
        }
    }
}

fn unemitted(relation: RelationView<'_>) -> Option<(String, Span)> {
    let (data, decl) = (relation.data, relation.decl);
    if decl.has_target_list {
        return Some(("a relation with a list of targets".into(), data.span));
    }
    if decl.polymorphic.is_some() {
        return Some(("the answer to a polymorphic relation".into(), data.span));
    }
    if let Some(through) = &decl.through {
        return Some((format!("`{}` through a link model", data.kind.key()), through.span));
    }
    if data.kind.embeds() || data.kind == RelationKind::ReferencesMany {
        return Some((format!("`{}`", data.kind.key()), data.span));
    }
    let actions = [("onDelete", &decl.on_delete), ("onUpdate", &decl.on_update)];
    actions.into_iter().find_map(|(key, written)| {
        let written = written.as_ref().filter(|written| !data.strong && written.value != Action::NoAction)?;
        Some((format!("`{key}: {}` of a weak relation", word(written.value)), written.span))
    })
}

fn refuse(what: &str, place: Span) -> Diagnostic {
    Diagnostic::new(&codes::NOT_EMITTED_YET, format!("{what} cannot be generated yet"))
        .primary(place, "understood, and not emitted yet")
        .note("it is part of the language and checked like the rest; the generator for it is coming")
}
