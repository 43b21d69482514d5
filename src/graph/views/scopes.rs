//! Which rows of a relation a view shows, in which order, and how many.

use super::conditions;
use crate::ast::{Name, ScopeDecl};
use crate::diagnostic::{Diagnostic, codes};
use crate::graph::resolve::Builder;
use crate::graph::view::Scope;
use crate::graph::{ModelId, PropertyId, RelationId, RelationKind};

/// `None` where something of it is wrong, and said.
pub(super) fn scope(
    builder: &mut Builder<'_>,
    model: ModelId,
    relation: RelationId,
    decl: &ScopeDecl,
) -> Option<Scope> {
    let data = builder.graph.model(model).relation(relation);
    let (target, many) = (data.target(), matches!(data.kind, RelationKind::HasMany | RelationKind::ReferencesMany));
    let limit = decl.limit.as_ref().map(|limit| limit.span);
    let offset = decl.offset.as_ref().map(|offset| offset.span);
    if let Some(place) = decl.order_key.or(limit).or(offset).filter(|_| !many) {
        let finding = Diagnostic::new(&codes::SCOPE_OF_ONE, format!("`{}` leads to one row at most", data.name))
            .primary(place, "there is nothing to order or to cut")
            .label(data.span, "declared here")
            .note("leave it out; `where` says whether the row is shown");
        builder.findings.push(finding);
        return None;
    }
    let condition = match &decl.condition {
        Some((key, node)) => Some(conditions::all_of(builder, target, *key, node)?),
        None => None,
    };
    let order: Vec<_> = decl.order.iter().map(|term| order(builder, target, term)).collect();
    Some(Scope {
        condition: condition.filter(|condition| !conditions::is_empty(condition)),
        order: order.into_iter().collect::<Option<_>>()?,
        limit: decl.limit.as_ref().map(|limit| limit.value),
        offset: decl.offset.as_ref().map(|offset| offset.value),
    })
}

/// `placedAt DESC`
fn order(builder: &mut Builder<'_>, model: ModelId, term: &Name) -> Option<(PropertyId, bool)> {
    let mut words = term.value.split_whitespace();
    let name = words.next().unwrap_or_default();
    let descending = match (words.next().map(str::to_ascii_lowercase).as_deref(), words.next()) {
        (None | Some("asc"), None) => false,
        (Some("desc"), None) => true,
        _ => {
            let message = format!("`{}` is no order", term.value);
            let finding = Diagnostic::new(&codes::INVALID_CONDITION, message)
                .primary(term.span, "expected a property, and perhaps `ASC` or `DESC`")
                .note("several are a list: `order: [placedAt DESC, id]`");
            builder.findings.push(finding);
            return None;
        }
    };
    let found = builder.shown_property(model, &Name { value: name.to_owned(), span: term.span })?;
    let property = builder.graph.model(model).property(found);
    if !conditions::is_ordered(property.ty) {
        let message = format!("rows cannot be ordered by `{name}`");
        let finding = Diagnostic::new(&codes::INVALID_CONDITION, message)
            .primary(term.span, "values of its type have no order")
            .label(property.span, "declared here");
        builder.findings.push(finding);
        return None;
    }
    Some((found, descending))
}
