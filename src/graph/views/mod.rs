//! Last pass: views, whose models, properties and relations are all there by now.
//!
//! A view that is said in place becomes one with a name of its own. Names are resolved here; whether the whole makes
//! sense is the rule book's business.

mod conditions;
mod scopes;

use std::collections::HashMap;

use super::resolve::Builder;
use super::view::{Part, Shown, View, ViewId};
use super::{ModelId, PropertyId, Relation, RelationId, RelationKind, words};
use crate::ast::{Name, PartDecl, ShapeDecl, did_you_mean, list};
use crate::diagnostic::{Diagnostic, Fix, codes};

/// Views that are declared, and those that are said in place within them, sorted by name.
pub(super) fn resolve(builder: &mut Builder<'_>) {
    let schema = builder.schema;
    let declared: HashMap<&str, Option<ModelId>> = schema
        .views
        .iter()
        .map(|view| (view.name.value.as_str(), view.of.as_ref().and_then(|of| builder.shown_model(of))))
        .collect();
    let mut views = Views { declared, found: Vec::new(), parts: Vec::new() };
    for view in &schema.views {
        let Some(model) = views.declared[view.name.value.as_str()] else { continue };
        let plural = view.plural.as_ref().map_or_else(|| words::plural(&view.name.value), |name| name.value.clone());
        let description = view.description.as_ref().map(|text| text.value.clone());
        views.add(builder, &view.name, &view.name.value, model, &view.shape, (Some(plural), description));
    }
    views.finish(builder);
}

impl Builder<'_> {
    /// The model that a view shows: one with rows.
    fn shown_model(&mut self, of: &Name) -> Option<ModelId> {
        let id = self.target(of, "model of a view", |model| !model.is_abstract)?;
        let model = self.graph.model(id);
        if model.is_abstract {
            let finding =
                Diagnostic::new(&codes::ABSTRACT_TARGET, format!("`{}` is abstract and has no rows to show", of.value));
            let finding = finding
                .primary(of.span, "a view shows the rows of a table")
                .label(model.span, "declared `abstract: true`");
            self.findings.push(finding.note("name a model that extends it, or the model that holds such values"));
            return None;
        }
        Some(id)
    }

    /// The property of that name, or a finding; where the model has others that could not be read, it may be one of
    /// them.
    fn shown_property(&mut self, model: ModelId, name: &Name) -> Option<PropertyId> {
        if let Some(found) = self.find(model, &name.value) {
            return Some(found);
        }
        if self.sites.of(model).incomplete {
            return None;
        }
        let data = self.graph.model(model);
        let properties = data.properties.iter().map(|property| property.name.as_str());
        let message = format!("`{}` has no property `{}`", data.name, name.value);
        let finding = Diagnostic::new(&codes::UNKNOWN_FIELD, message).primary(name.span, "no such property");
        let finding = if data.relations.iter().any(|relation| relation.name == name.value) {
            finding.note(format!("`{}` is a relation: its rows stand under `include`", name.value))
        } else {
            match self.findings.suggest(&name.value, properties.clone()) {
                Some(nearest) => finding.fix_if(did_you_mean(name, Some(nearest))),
                None => finding.note(format!("its properties are {}", list(properties, "and"))),
            }
        };
        self.findings.push(finding);
        None
    }

    /// The relation of that name, or a finding.
    fn shown_relation(&mut self, model: ModelId, name: &Name) -> Option<RelationId> {
        let data = self.graph.model(model);
        if let Some((id, _)) = data.relations().find(|(_, relation)| relation.name == name.value) {
            return self.sites.of(model).relations[id.0 as usize].resolved.then_some(id);
        }
        if self.sites.of(model).incomplete {
            return None;
        }
        let relations = data.relations.iter().map(|relation| relation.name.as_str());
        let message = format!("`{}` has no relation `{}`", data.name, name.value);
        let finding = Diagnostic::new(&codes::UNKNOWN_RELATION, message).primary(name.span, "no such relation");
        let finding = if data.properties.iter().any(|property| property.name == name.value) {
            finding.note(format!("`{}` is a property: it stands under `fields`", name.value))
        } else if let Some(nearest) = self.findings.suggest(&name.value, relations.clone()) {
            finding.fix_if(did_you_mean(name, Some(nearest)))
        } else if data.relations.is_empty() {
            finding.note("it has no relations")
        } else if let [only] = &*data.relations {
            finding.note(format!("its only relation is `{}`", only.name))
        } else {
            finding.note(format!("its relations are {}", list(relations, "and")))
        };
        self.findings.push(finding);
        None
    }
}

/// Views as they are found; what they show of relations names views that may come later.
struct Views<'a> {
    declared: HashMap<&'a str, Option<ModelId>>,
    found: Vec<View>,
    /// For each part that shows a view, where it is, and the view's name.
    parts: Vec<(usize, usize, String)>,
}

impl<'a> Views<'a> {
    fn add(
        &mut self,
        builder: &mut Builder<'a>,
        name: &Name,
        full: &str,
        model: ModelId,
        shape: &'a ShapeDecl,
        (plural, description): (Option<String>, Option<String>),
    ) {
        let fields = match &shape.fields {
            Some(names) => names.iter().filter_map(|name| builder.shown_property(model, name)).collect(),
            None => visible(builder, model),
        };
        let at = self.found.len();
        let view =
            View { name: full.to_owned(), span: name.span, description, model, plural, fields, parts: Vec::new() };
        self.found.push(view);
        for part in shape.counts.iter().filter(|part| !part.broken) {
            self.count(builder, at, model, part);
        }
        for part in shape.include.iter().filter(|part| !part.broken) {
            self.include(builder, at, full, model, part);
        }
    }

    fn count(&mut self, builder: &mut Builder<'a>, at: usize, model: ModelId, decl: &'a PartDecl) {
        let Some(relation) = builder.shown_relation(model, decl.relation()) else { return };
        if !is_countable(builder, model, relation, decl) {
            return;
        }
        let name = if decl.named { decl.name.value.clone() } else { format!("{}Count", decl.name.value) };
        self.part(builder, at, model, decl, (name, relation, Shown::Count));
    }

    fn include(&mut self, builder: &mut Builder<'a>, at: usize, of: &str, model: ModelId, decl: &'a PartDecl) {
        let Some(relation) = builder.shown_relation(model, decl.relation()) else { return };
        let data = builder.graph.model(model).relation(relation);
        let (several, target) = (data.leads_to_several(), data.target());
        if data.kind.embeds() {
            let name = data.name.clone();
            refuse_embedded(builder, &name, decl);
            return;
        }
        if several && (decl.view.is_some() || decl.shape.written.is_some() || decl.scope.written.is_some()) {
            let name = data.name.clone();
            refuse_several(builder, &name, decl);
            return;
        }
        let name = decl.name.value.clone();
        let many = matches!(data.kind, RelationKind::HasMany | RelationKind::ReferencesMany);
        let place = (at, self.found[at].parts.len());
        let shown = match (&decl.view, decl.shape.written) {
            (Some(view), _) => self.named(builder, view, target),
            (None, Some(_)) => Some(format!("{of}{}", words::one(&name, many))),
            (None, None) => None,
        };
        if decl.view.is_some() && shown.is_none() {
            return;
        }
        // The place is filled once every view has its position.
        if !self.part(builder, at, model, decl, (name, relation, Shown::Rows)) {
            return;
        }
        let Some(shown) = shown else { return };
        if decl.view.is_none() {
            let description = decl.description.as_ref().map(|text| text.value.clone());
            self.add(builder, &decl.name, &shown, target, &decl.shape, (None, description));
        }
        self.parts.push((place.0, place.1, shown));
    }

    /// The name of a declared view, if it is one of that model.
    fn named(&self, builder: &mut Builder<'_>, name: &Name, target: ModelId) -> Option<String> {
        let Some(of) = self.declared.get(name.value.as_str()) else {
            let names = || self.declared.keys().copied();
            let finding = Diagnostic::new(&codes::UNKNOWN_VIEW, format!("there is no view `{}`", name.value))
                .primary(name.span, "no view has this name");
            let is_model = builder.names.models.contains_key(&name.value);
            let finding = match builder.findings.suggest(&name.value, names()) {
                _ if is_model => finding
                    .note("it is a model: write `true` for whole rows")
                    .fix_if(Some(Fix::likely("write `true`", [crate::diagnostic::Edit::replace(name.span, "true")]))),
                Some(nearest) => finding.fix_if(did_you_mean(name, Some(nearest))),
                None => finding.note("views are declared under the key `views`, beside `models`"),
            };
            builder.findings.push(finding);
            return None;
        };
        let of = (*of)?;
        if of != target {
            let (of, target) = (builder.graph.model(of), builder.graph.model(target));
            let fit = self
                .declared
                .iter()
                .filter(|(_, model)| model.is_some_and(|id| builder.graph.model(id).name == target.name));
            let mut fit: Vec<_> = fit.map(|(name, _)| *name).collect();
            fit.sort_unstable();
            let finding = Diagnostic::new(
                &codes::VIEW_OF_ANOTHER_MODEL,
                format!("`{}` is a view of `{}`, and the relation leads to `{}`", name.value, of.name, target.name),
            )
            .primary(name.span, format!("shows `{}`", of.name));
            let finding = if fit.is_empty() {
                finding.note(format!("there is no view of `{}` yet", target.name))
            } else {
                finding.note(format!("the views of `{}`: {}", target.name, list(fit, "and")))
            };
            builder.findings.push(finding);
            return None;
        }
        Some(name.value.clone())
    }

    /// Adds what is shown of a relation; `false` where its scope could not be read.
    fn part(
        &mut self,
        builder: &mut Builder<'_>,
        at: usize,
        model: ModelId,
        decl: &PartDecl,
        (name, relation, shown): (String, RelationId, Shown),
    ) -> bool {
        let Some(scope) = scopes::scope(builder, model, relation, &decl.scope) else { return false };
        let description = decl.description.as_ref().map(|text| text.value.clone());
        let part = Part { name, span: decl.name.span, description, relation, shown, scope };
        self.found[at].parts.push(part);
        true
    }

    /// Sorts them, and puts positions in place of names.
    fn finish(self, builder: &mut Builder<'_>) {
        let Self { found, parts, .. } = self;
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|a, b| (&found[*a].name, found[*a].span).cmp(&(&found[*b].name, found[*b].span)));
        let ids: HashMap<String, ViewId> =
            order.iter().zip(0..).map(|(at, id)| (found[*at].name.clone(), ViewId(id))).collect();
        let mut found: Vec<_> = found.into_iter().map(Some).collect();
        for (view, part, shown) in parts {
            if let (Some(view), Some(id)) = (&mut found[view], ids.get(&shown))
                && let Some(part) = view.parts.get_mut(part)
            {
                part.shown = Shown::View(*id);
            }
        }
        builder.graph.views = order.into_iter().filter_map(|at| found[at].take()).collect();
    }
}

/// Every property that is not hidden.
fn visible(builder: &Builder<'_>, model: ModelId) -> Vec<PropertyId> {
    let properties = builder.graph.model(model).properties();
    properties.filter(|(_, property)| !property.hidden).map(|(id, _)| id).collect()
}

/// The rows of a relation can be counted with the row above: there may be many, in one table of one database.
fn is_countable(builder: &mut Builder<'_>, model: ModelId, id: RelationId, decl: &PartDecl) -> bool {
    let data = builder.graph.model(model);
    let relation: &Relation = data.relation(id);
    let reason = if relation.kind.embeds() {
        "its values lie in the row: they come with it under `fields`"
    } else if relation.kind == RelationKind::ReferencesMany {
        "its keys are a list in the row: name that list under `fields`"
    } else if relation.kind != RelationKind::HasMany {
        "it leads to one row at most: whether it is there is seen under `include`"
    } else if relation.leads_to_several() {
        "it leads to rows of several models, which no one statement counts"
    } else if data.datasource != builder.graph.model(relation.target()).datasource {
        "its rows are in another datasource, and are not counted by the statement of these"
    } else {
        return true;
    };
    let finding =
        Diagnostic::new(&codes::NOT_COUNTABLE, format!("the rows of `{}` cannot be counted here", relation.name))
            .primary(decl.relation().span, "has no count")
            .label(relation.span, "declared here")
            .note(reason);
    builder.findings.push(finding);
    false
}

fn refuse_embedded(builder: &mut Builder<'_>, name: &str, decl: &PartDecl) {
    let finding = Diagnostic::new(&codes::NOT_INCLUDABLE, format!("`{name}` is a value in the row, and not included"))
        .primary(decl.relation().span, "embedded")
        .note(format!("name it among the others: `fields: [{name}, …]`"));
    builder.findings.push(finding);
}

fn refuse_several(builder: &mut Builder<'_>, name: &str, decl: &PartDecl) {
    let place = decl.shape.written.or(decl.view.as_ref().map(|view| view.span));
    let finding =
        Diagnostic::new(&codes::NOT_INCLUDABLE, format!("`{name}` leads to several models, whose rows come whole"))
            .primary(place.unwrap_or(decl.scope_place()), "holds of one model only")
            .note(format!("write `{name}: true`; a query in Rust can say more of each: `.of(…)`"));
    builder.findings.push(finding);
}
