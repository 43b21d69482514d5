//! Names that differ in the schema and fall together in Rust.

use std::collections::{HashMap, HashSet};

use super::view::{Book, ModelView};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Origin, RelationKind, Shown, View, by_words, link_record, one, pascal, record, snake};
use crate::source::Span;

/// Something that is called so in emitted code.
struct Claim {
    /// As the schema has it: "the model `Order`".
    what: String,
    span: Span,
    /// Spelt in the schema, not derived from another name.
    written: bool,
}

/// Collects claims and reports the second of each name.
#[derive(Default)]
struct Namespace {
    claims: HashMap<String, Claim>,
}

impl Namespace {
    fn claim(&mut self, name: String, claim: Claim, emitted: &str, findings: &mut Diagnostics) {
        let Some(first) = self.claims.get(&name) else {
            self.claims.insert(name, claim);
            return;
        };
        // The word to change is one that the schema spells; of two, the later.
        let (change, other) = if claim.written || !first.written { (&claim, first) } else { (first, &claim) };
        findings.push(
            Diagnostic::new(
                &codes::NAME_COLLISION,
                format!("{} and {} would both be the {emitted} `{name}`", change.what, other.what),
            )
            .primary(change.span, "rename this one")
            .label(other.span, "collides with this"),
        );
    }
}

/// Each datasource is a field of the database.
pub(super) fn datasources_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut fields = Namespace::default();
    for datasource in &book.graph.datasources {
        let Some(span) = datasource.span else { continue };
        let claim = Claim { what: format!("the datasource `{}`", datasource.name), span, written: true };
        fields.claim(snake(&datasource.name), claim, "field", findings);
    }
}

/// Models, what is emitted beside each of them, and enums share the namespace of types.
pub(super) fn types_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut types = Namespace::default();
    for model in book.models() {
        let claim = Claim { what: format!("the model `{}`", model.name()), span: model.data.span, written: true };
        types.claim(pascal(model.name()), claim, "type", findings);
    }
    for item in book.enums() {
        let claim = Claim { what: format!("the enum `{}`", item.data.name), span: item.data.span, written: true };
        types.claim(pascal(&item.data.name), claim, "type", findings);
    }
    for view in &book.graph.views {
        let claim =
            Claim { what: format!("the view `{}`", view.name), span: view.span, written: view.plural.is_some() };
        types.claim(pascal(&view.name), claim, "type", findings);
    }
    for model in book.models().filter(|model| !model.data.is_abstract) {
        let name = pascal(model.name());
        let companions = [
            format!("New{name}"),
            format!("{name}Patch"),
            format!("{name}Repository"),
            format!("{name}With"),
            format!("{name}WithRelations"),
        ];
        for companion in companions {
            let what = format!("what is emitted for `{}`", model.name());
            types.claim(companion, Claim { what, span: model.data.span, written: false }, "type", findings);
        }
        let mut names = HashSet::new();
        for relation in model.relations().filter(|relation| relation.data.leads_to_several()) {
            // Relations whose names fall together are reported as members.
            if names.insert(snake(&relation.data.name)) {
                let many = relation.data.kind == RelationKind::HasMany;
                let what = format!("what the relation `{}` of `{}` leads to", relation.data.name, model.name());
                let claim = Claim { what, span: relation.name_place(), written: false };
                types.claim(format!("{name}{}", one(&relation.data.name, many)), claim, "type", findings);
            }
        }
    }
}

/// Each model has a module.
pub(super) fn modules_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut modules = Namespace::default();
    let mut types = HashSet::new();
    for model in book.models() {
        // Models of one type are reported as such.
        if types.insert(pascal(model.name())) {
            let claim = Claim { what: format!("the model `{}`", model.name()), span: model.data.span, written: true };
            modules.claim(snake(model.name()), claim, "module", findings);
        }
    }
}

/// Each model with a table has an accessor on the repositories.
pub(super) fn accessors_are_distinct(book: &Book<'_>, findings: &mut Diagnostics) {
    let mut accessors = Namespace::default();
    let mut modules = HashSet::new();
    for model in book.models().filter(|model| !model.data.is_abstract) {
        if !modules.insert(snake(model.name())) {
            continue;
        }
        let (what, span) = match &model.decl.plural {
            Some(plural) => (format!("the plural `{}`", plural.value), plural.span),
            None => (format!("the plural of `{}`", model.name()), model.data.span),
        };
        accessors.claim(snake(&model.data.plural), Claim { what, span, written: true }, "accessor", findings);
    }
    for view in &book.graph.views {
        let Some(plural) = &view.plural else { continue };
        // One that is called like a model is reported as a type.
        if !modules.insert(snake(&view.name)) {
            continue;
        }
        let what = format!("the plural of the view `{}`", view.name);
        accessors.claim(snake(plural), Claim { what, span: view.span, written: true }, "accessor", findings);
    }
}

/// What a view shows are fields of one struct.
pub(super) fn fields_are_distinct(book: &Book<'_>, view: &View, findings: &mut Diagnostics) {
    let mut fields = Namespace::default();
    let model = book.graph.model(view.model);
    for field in &view.fields {
        let property = model.property(*field);
        let what = format!("the property `{}`", property.name);
        fields.claim(snake(&property.name), Claim { what, span: view.span, written: false }, "field", findings);
    }
    for part in &view.parts {
        let what = if part.shown == Shown::Count { "the count" } else { "the inclusion" };
        let claim = Claim { what: format!("{what} `{}`", part.name), span: part.span, written: true };
        fields.claim(snake(&part.name), claim, "field", findings);
    }
}

/// Properties and relations of a model share fields and functions.
pub(super) fn members_are_distinct(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut members = Namespace::default();
    let mut names: HashSet<&str> = HashSet::new();
    for property in &model.data.properties {
        names.insert(&property.name);
        let what = format!("the property `{}`", property.name);
        // A key that is declared in another spelling has a finding of its own.
        if let Origin::Relation(id) = property.origin
            && model.relation(id).is_some_and(|relation| relation.data.kind != RelationKind::HasOne)
            && is_declared_otherwise(model, &property.name)
        {
            continue;
        }
        let written = matches!(property.origin, Origin::Declared);
        members.claim(snake(&property.name), Claim { what, span: property.span, written }, "field", findings);
    }
    for relation in model.relations() {
        // Equal names have a finding of their own.
        if names.insert(&relation.data.name) {
            let what = format!("the relation `{}`", relation.data.name);
            let claim = Claim { what, span: relation.name_place(), written: true };
            members.claim(snake(&relation.data.name), claim, "member", findings);
        }
    }
}

/// Each unique key has methods of its own on the repository, beside the accessors of relations.
pub(super) fn upserts_are_distinct(model: ModelView<'_>, findings: &mut Diagnostics) {
    if model.data.is_abstract {
        return;
    }
    let mut methods = Namespace::default();
    let mut names = HashSet::new();
    // Relations whose names fall together are reported as members.
    for relation in model.relations().filter(|relation| names.insert(snake(&relation.data.name))) {
        let what = format!("the relation `{}`", relation.data.name);
        let claim = Claim { what, span: relation.name_place(), written: true };
        methods.claim(snake(&relation.data.name), claim, "method", findings);
    }
    let mut known = HashSet::new();
    for key in model.data.unique_keys() {
        let properties: Vec<_> = key.iter().map(|id| model.data.property(*id)).collect();
        if properties.iter().any(|property| property.is_made()) {
            continue;
        }
        let names: Vec<_> = properties.iter().map(|property| property.name.as_str()).collect();
        let index = model.data.indexes.iter().find(|index| index.unique && index.properties == key);
        let span = index.map_or(properties[0].span, |index| index.span);
        let what = format!("what stores a `{}` by {}", model.name(), names.join(", "));
        let by = by_words(&names);
        if !known.insert(by.clone()) {
            let claim = Claim { what, span, written: false };
            methods.claim(format!("upsert_by_{by}"), claim, "method", findings);
            continue;
        }
        for method in [format!("upsert_by_{by}"), format!("upsert_many_by_{by}")] {
            methods.claim(method, Claim { what: what.clone(), span, written: false }, "method", findings);
        }
    }
}

fn is_declared_otherwise(model: ModelView<'_>, name: &str) -> bool {
    let declared = model.data.properties.iter().filter(|other| !matches!(other.origin, Origin::Relation(_)));
    declared.into_iter().any(|other| other.name != name && snake(&other.name) == snake(name))
}

/// Each relation through which rows are made has a record for them, or for what their links say, in the module of the
/// model.
pub(super) fn records_are_distinct(model: ModelView<'_>, findings: &mut Diagnostics) {
    let mut records = Namespace::default();
    let mut names = HashSet::new();
    let mut ways = HashSet::new();
    for relation in model.relations().filter(|relation| relation.data.kind.has()) {
        // Two relations that join the same rows have a finding of their own.
        if !ways.insert((
            &relation.data.targets,
            &relation.data.key_from,
            &relation.data.key_to,
            relation.data.through.as_ref().map(|link| link.model),
        )) {
            continue;
        }
        // Names that are equal as they are, or as members, are reported as such.
        if names.insert(snake(&relation.data.name)) {
            let (name, many) = (&relation.data.name, relation.data.kind == RelationKind::HasMany);
            let (what, record) = match relation.data.through {
                None => ("a new row", record(name, many)),
                Some(_) => ("a link", link_record(name, many)),
            };
            let what = format!("{what} of the relation `{name}`");
            let claim = Claim { what, span: relation.name_place(), written: true };
            if relation.decl.has_target_list {
                let what = format!("what the relation `{name}` gives");
                let given = Claim { what, span: claim.span, written: true };
                records.claim(format!("{}Accessor", pascal(name)), given, "type", findings);
            }
            if !relation.decl.has_target_list || relation.data.through.is_some() {
                records.claim(record, claim, "record", findings);
                continue;
            }
            // One for each target.
            for target in &relation.data.targets {
                let model = pascal(model.book.model(*target).name());
                let own = Claim { what: claim.what.clone(), span: claim.span, written: true };
                records.claim(format!("{record}{model}"), own, "record", findings);
            }
        }
    }
}
