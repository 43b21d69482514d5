//! The passes of resolution in order, and what they build together.
//!
//! Each pass leaves out what it could not resolve and says so once; [`Sites`] remembers what is missing, so that
//! later passes and rules do not report the gap again.

use std::collections::{BTreeMap, HashMap};

use super::bases::{self, Bases};
use super::declared::{datasources, enums, table};
use super::literals::Enums;
use super::names::{self, Names};
use super::{
    Action, DatasourceId, Graph, Model, ModelId, Origin, Property, PropertyId, Relation, RelationId, RelationKind,
    Scalar, Type, has, indexes, inverse, owning, properties, views, words,
};
use crate::ast::{ModelDecl, RelationDecl, Schema, did_you_mean};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::patch::{Patches, Value};
use crate::source::Span;

/// The graph with the declarations it was made from.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) schema: Schema,
    pub(crate) graph: Graph,
    pub(crate) sites: Sites,
}

/// Which declaration stands behind each part of the graph, and which parts are sound.
#[derive(Debug)]
pub(crate) struct Sites {
    models: Vec<ModelSite>,
}

#[derive(Debug, Default)]
pub(crate) struct ModelSite {
    pub(crate) properties: Vec<PropertySite>,
    pub(crate) relations: Vec<RelationSite>,
    /// Something of it could not be resolved: what is missing may only be misspelt.
    pub(crate) incomplete: bool,
    /// Every property that is declared or inherited could be resolved, so that a missing one is missing.
    pub(crate) properties_known: bool,
    by_name: HashMap<String, PropertyId>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct PropertySite {
    /// The declaring model and the index in its declarations; `None` for one that is added.
    pub(crate) declaration: Option<(ModelId, usize)>,
    pub(crate) sound: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RelationSite {
    /// The declaring model and the index in its declarations.
    pub(crate) declaration: (ModelId, usize),
    pub(crate) resolved: bool,
}

impl Sites {
    pub(crate) fn of(&self, model: ModelId) -> &ModelSite {
        &self.models[model.0 as usize]
    }

    fn of_mut(&mut self, model: ModelId) -> &mut ModelSite {
        &mut self.models[model.0 as usize]
    }
}

/// Ways to mend one finding that a report offers.
const MAX_OFFERED: usize = 3;

/// What the passes share.
pub(super) struct Builder<'a> {
    pub(super) schema: &'a Schema,
    pub(super) names: &'a Names,
    pub(super) patches: &'a Patches<'a>,
    pub(super) graph: Graph,
    pub(super) sites: Sites,
    pub(super) findings: &'a mut Diagnostics,
    pub(super) enums: Enums,
    /// The resolved relations that hold a key, by the model that holds it and the one it leads to.
    pub(super) leading: HashMap<(ModelId, ModelId), Vec<RelationId>>,
    /// What is said of names that no model has, by name and code.
    pub(super) unknown: BTreeMap<(String, &'static str), Vec<Diagnostic>>,
    /// Models by every name that other tools may have for them; made when one is first asked for.
    pub(super) alike: Option<HashMap<String, ModelId>>,
}

/// Turns declarations into the graph.
pub(crate) fn resolve(mut schema: Schema, patches: &Patches<'_>, findings: &mut Diagnostics) -> Resolved {
    let names = names::collect(&mut schema, findings);
    let bases = bases::resolve(&schema, &names, patches, findings);
    let mut builder = Builder::new(&schema, &names, patches, findings);
    builder.declare_models(&bases);
    for id in &bases.order {
        properties::resolve(&mut builder, *id);
        builder.sites.of_mut(*id).properties_known = !builder.sites.of(*id).incomplete;
        builder.primary_key(*id);
    }
    for id in &bases.order {
        builder.declare_relations(*id);
    }
    owning::resolve(&mut builder);
    for id in &bases.order {
        builder.add_flags(*id);
    }
    has::resolve(&mut builder);
    views::resolve(&mut builder);
    builder.report_unknown();
    inverse::pair(&mut builder);
    for id in &bases.order {
        indexes::resolve(&mut builder, *id);
    }
    let Builder { graph, sites, .. } = builder;
    Resolved { schema, graph, sites }
}

impl<'a> Builder<'a> {
    fn new(schema: &'a Schema, names: &'a Names, patches: &'a Patches<'a>, findings: &'a mut Diagnostics) -> Self {
        let graph =
            Graph { models: Vec::new(), enums: enums(schema), datasources: datasources(schema), views: Vec::new() };
        let enums = Enums::new(&graph.enums);
        Self {
            schema,
            names,
            patches,
            graph,
            sites: Sites { models: Vec::new() },
            findings,
            enums,
            leading: HashMap::new(),
            alike: None,
            unknown: BTreeMap::new(),
        }
    }

    fn declare_models(&mut self, bases: &Bases) {
        let schema = self.schema;
        for (decl, (base, broken)) in schema.models.iter().zip(bases.of.iter().zip(&bases.broken)) {
            let datasource = self.datasource(decl);
            let plural =
                decl.plural.as_ref().map_or_else(|| words::plural(&decl.name.value), |name| name.value.clone());
            let table = table(decl, &plural);
            self.graph.models.push(Model {
                name: decl.name.value.clone(),
                span: decl.name.span,
                description: decl.description.as_ref().map(|text| text.value.clone()),
                datasource: datasource.unwrap_or(DatasourceId(0)),
                plural,
                table,
                is_abstract: decl.is_abstract,
                timestamps: decl.timestamps.is_some(),
                soft_delete: decl.soft_delete.is_some(),
                base: *base,
                properties: Vec::new(),
                key: Vec::new(),
                relations: Vec::new(),
                indexes: Vec::new(),
            });
            self.sites.models.push(ModelSite { incomplete: *broken || decl.incomplete, ..ModelSite::default() });
        }
        for id in &bases.order {
            if let Some(base) = self.graph.model(*id).base {
                let (timestamps, soft_delete) = (self.graph.model(base).timestamps, self.graph.model(base).soft_delete);
                self.model_mut(*id).timestamps |= timestamps;
                self.model_mut(*id).soft_delete |= soft_delete;
                self.sites.of_mut(*id).incomplete |= self.sites.of(base).incomplete;
            }
        }
    }

    fn datasource(&mut self, decl: &ModelDecl) -> Option<DatasourceId> {
        let Some(name) = &decl.datasource else {
            if self.graph.datasources.len() > 1 && !decl.is_abstract {
                let known = || self.graph.datasources.iter().map(|datasource| datasource.name.as_str());
                let finding = Diagnostic::new(
                    &codes::AMBIGUOUS_DATASOURCE,
                    format!("`{}` does not say in which datasource it lives", decl.name.value),
                )
                .primary(decl.name.span, "needs the key `datasource`")
                .note(format!("the datasources are {}", crate::ast::list(known(), "and")));
                let offered = known().take(MAX_OFFERED);
                let finding = offered.fold(finding, |finding, name| {
                    let edit = decl.with_key(self.patches, "datasource", &Value::word(name));
                    finding.fix_if(self.patches.likely(format!("add `datasource: {name}`"), [edit]))
                });
                self.findings.push(finding);
            }
            return None;
        };
        if let Some(at) = self.graph.datasources.iter().position(|datasource| datasource.name == name.value) {
            return u32::try_from(at).ok().map(DatasourceId);
        }
        let known = || self.graph.datasources.iter().map(|datasource| datasource.name.as_str());
        let nearest = self.findings.suggest(&name.value, known());
        let finding = Diagnostic::new(&codes::UNKNOWN_DATASOURCE, format!("there is no datasource `{}`", name.value))
            .primary(name.span, "not declared under `datasources`");
        let finding = match (nearest, self.schema.datasources.as_slice()) {
            (Some(_), _) => finding.fix_if(did_you_mean(name, nearest)),
            (None, []) => {
                let remove = self.patches.remove_entry(name.span);
                finding
                    .note(format!(
                        "declare it beside `models`: `datasources: {{ {}: {{}} }}`; or leave `datasource` out everywhere, and all rows live in one",
                        name.value
                    ))
                    .fix_if(self.patches.likely("leave `datasource` out", [remove]))
            }
            (None, [_]) => finding
                .note(format!("the only datasource is {}, and need not be named", crate::ast::list(known(), "and"))),
            (None, _) => finding.note(format!("the datasources are {}", crate::ast::list(known(), "and"))),
        };
        self.unknown.entry((name.value.clone(), finding.code.code)).or_default().push(finding);
        None
    }

    fn primary_key(&mut self, id: ModelId) {
        let key = self.graph.model(id).properties().filter(|(_, property)| property.id).map(|(id, _)| id).collect();
        self.model_mut(id).key = key;
    }

    /// A place for every relation, inherited ones first; those of an abstract model are for its heirs.
    fn declare_relations(&mut self, id: ModelId) {
        if self.graph.model(id).is_abstract {
            return;
        }
        let mut chain = vec![id];
        while let Some(base) = chain.last().and_then(|last| self.graph.model(*last).base) {
            chain.push(base);
        }
        for declaring in chain.into_iter().rev() {
            let schema = self.schema;
            for (at, decl) in schema.models[declaring.0 as usize].relations.iter().enumerate() {
                let origin = if declaring == id { Origin::Declared } else { Origin::Inherited(declaring) };
                let site = RelationSite { declaration: (declaring, at), resolved: false };
                self.sites.of_mut(id).relations.push(site);
                self.model_mut(id).relations.push(unresolved(decl, origin));
            }
        }
    }

    /// The properties that `timestamps` and `softDelete` stand for.
    fn add_flags(&mut self, id: ModelId) {
        let decl = &self.schema.models[id.0 as usize];
        let (timestamps, soft_delete) = (self.graph.model(id).timestamps, self.graph.model(id).soft_delete);
        let flags = [
            ("createdAt", timestamps, true, "timestamps", decl.timestamps),
            ("updatedAt", timestamps, true, "timestamps", decl.timestamps),
            ("deletedAt", soft_delete, false, "softDelete", decl.soft_delete),
        ];
        for (name, _, required, flag, place) in flags.into_iter().filter(|(_, on, ..)| *on) {
            let place = place.unwrap_or(decl.name.span);
            if let Some(taken) = self.find(id, name) {
                let first = self.graph.model(id).property(taken).span;
                self.findings.push(
                    Diagnostic::new(
                        &codes::NAME_COLLISION,
                        format!("`{flag}` adds the property `{name}`, which is declared too"),
                    )
                    .primary(first, "remove this declaration")
                    .label(place, "adds it")
                    .fix_if(
                        self.patches
                            .likely(format!("remove the declaration of `{name}`"), [self.patches.remove_entry(first)]),
                    ),
                );
                continue;
            }
            let ty = Type { scalar: Scalar::DateTime, list: false };
            let property = added(name, place, Origin::Flag, ty, required);
            self.add_property(id, property, PropertySite { declaration: None, sound: true });
        }
    }

    pub(super) fn model_mut(&mut self, id: ModelId) -> &mut Model {
        &mut self.graph.models[id.0 as usize]
    }

    pub(super) fn relation_mut(&mut self, model: ModelId, id: RelationId) -> &mut Relation {
        &mut self.graph.models[model.0 as usize].relations[id.0 as usize]
    }

    /// The `belongsTo` relations of `from` to `to` that could be resolved.
    pub(super) fn leading(&self, from: ModelId, to: ModelId) -> impl Iterator<Item = (RelationId, &Relation)> {
        let found = self.leading.get(&(from, to)).into_iter().flatten();
        found.map(move |id| (*id, self.graph.model(from).relation(*id)))
    }

    /// The property of that name, own, inherited or added.
    pub(super) fn find(&self, model: ModelId, name: &str) -> Option<PropertyId> {
        self.sites.of(model).by_name.get(name).copied()
    }

    pub(super) fn add_property(&mut self, model: ModelId, property: Property, site: PropertySite) -> PropertyId {
        let properties = &mut self.graph.models[model.0 as usize].properties;
        let id = PropertyId(u32::try_from(properties.len()).unwrap_or(u32::MAX));
        self.sites.models[model.0 as usize].by_name.insert(property.name.clone(), id);
        properties.push(property);
        self.sites.models[model.0 as usize].properties.push(site);
        id
    }

    pub(super) fn incomplete(&mut self, model: ModelId) {
        self.sites.of_mut(model).incomplete = true;
    }

    pub(super) fn resolved(&mut self, model: ModelId, relation: RelationId) {
        let data = self.graph.model(model).relation(relation);
        if data.kind == RelationKind::BelongsTo {
            for target in &data.targets {
                self.leading.entry((model, *target)).or_default().push(relation);
            }
        }
        self.sites.of_mut(model).relations[relation.0 as usize].resolved = true;
    }

    pub(super) fn declaration(&self, model: ModelId, relation: RelationId) -> &'a RelationDecl {
        let (declaring, at) = self.sites.of(model).relations[relation.0 as usize].declaration;
        &self.schema.models[declaring.0 as usize].relations[at]
    }

    /// Every relation that is to be resolved: all but those of broken declarations.
    pub(super) fn pending(&self) -> Vec<(ModelId, RelationId)> {
        self.graph
            .models()
            .flat_map(|(id, model)| model.relations().map(move |(relation, _)| (id, relation)))
            .filter(|(model, relation)| !self.declaration(*model, *relation).broken)
            .collect()
    }
}

/// A property that nobody wrote.
pub(super) fn added(name: &str, span: Span, origin: Origin, ty: Type, required: bool) -> Property {
    Property {
        name: name.to_owned(),
        span,
        origin,
        ty,
        id: false,
        generated: false,
        required,
        default: ty.list.then(|| super::Default::Literal(super::Literal::Json("[]".into()))),
        unique: false,
        index: false,
        column: words::snake(name),
        hidden: false,
        version: false,
        min_length: None,
        max_length: None,
        pattern: None,
        minimum: None,
        maximum: None,
        precision: 18,
        scale: 6,
        description: None,
    }
}

fn unresolved(decl: &RelationDecl, origin: Origin) -> Relation {
    Relation {
        name: decl.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        span: decl.span,
        origin,
        kind: decl.kind,
        targets: Vec::new(),
        key_from: Vec::new(),
        key_to: Vec::new(),
        through: None,
        other_keys: Vec::new(),
        discriminator: None,
        polymorphic: None,
        required: decl.required.as_ref().is_some_and(|written| written.value),
        on_delete: decl.on_delete.as_ref().map_or(Action::NoAction, |written| written.value),
        on_update: decl.on_update.as_ref().map_or(Action::NoAction, |written| written.value),
        strong: false,
        includable: decl.includable.as_ref().is_none_or(|written| written.value),
        description: decl.description.as_ref().map(|text| text.value.clone()),
        inverse: None,
    }
}

/// Whether a kind holds the key, or values, on its own side.
pub(super) fn owns(kind: RelationKind) -> bool {
    !kind.has()
}
