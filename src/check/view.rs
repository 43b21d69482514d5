//! What rules read: each part of the graph together with its declaration.

use std::collections::{HashMap, HashSet};

use super::patterns::Patterns;
use super::refused::Refused;
use crate::ast::{EnumDecl, ModelDecl, Name, PropertyDecl, RelationDecl};
use crate::diagnostic::Fix;
use crate::graph::{
    Enum, EnumId, Graph, Model, ModelId, Origin, Property, PropertyId, Relation, RelationId, RelationKind, Resolved,
    Scalar,
};
use crate::patch::Patches;
use crate::source::Span;

/// The whole schema.
pub(super) struct Book<'a> {
    pub(super) resolved: &'a Resolved,
    pub(super) graph: &'a Graph,
    pub(super) patches: &'a Patches<'a>,
    pub(super) patterns: Patterns,
    /// Abstract models that are values somewhere, each with the first such place.
    pub(super) embedded: HashMap<ModelId, Span>,
    pub(super) used_enums: HashSet<EnumId>,
    /// Some part of the schema could not be resolved.
    pub(super) incomplete: bool,
    refused: Refused,
    unique_keys: HashSet<(ModelId, Vec<PropertyId>)>,
    holders: HashMap<(ModelId, Vec<PropertyId>), RelationId>,
}

#[derive(Clone, Copy)]
pub(super) struct EnumView<'a> {
    pub(super) id: EnumId,
    pub(super) data: &'a Enum,
    pub(super) decl: &'a EnumDecl,
}

#[derive(Clone, Copy)]
pub(super) struct ModelView<'a> {
    pub(super) book: &'a Book<'a>,
    pub(super) id: ModelId,
    pub(super) data: &'a Model,
    pub(super) decl: &'a ModelDecl,
    /// Parts are missing because they could not be resolved.
    pub(super) incomplete: bool,
    /// None of its declared and inherited properties is among them.
    pub(super) properties_known: bool,
}

#[derive(Clone, Copy)]
pub(super) struct PropertyView<'a> {
    pub(super) model: ModelView<'a>,
    pub(super) id: PropertyId,
    pub(super) data: &'a Property,
    pub(super) decl: &'a PropertyDecl,
}

#[derive(Clone, Copy)]
pub(super) struct RelationView<'a> {
    pub(super) model: ModelView<'a>,
    pub(super) id: RelationId,
    pub(super) data: &'a Relation,
    pub(super) decl: &'a RelationDecl,
}

impl<'a> Book<'a> {
    pub(super) fn new(resolved: &'a Resolved, patches: &'a Patches<'a>) -> Self {
        let mut embedded = HashMap::new();
        let mut used_enums = HashSet::new();
        for model in &resolved.graph.models {
            for property in &model.properties {
                match property.ty.scalar {
                    Scalar::Embedded(value) => {
                        embedded.entry(value).or_insert(property.span);
                    }
                    Scalar::Enum(id) => {
                        used_enums.insert(id);
                    }
                    _ => {}
                }
            }
        }
        let incomplete = resolved.graph.models().any(|(id, _)| resolved.sites.of(id).incomplete);
        let graph = &resolved.graph;
        let (unique_keys, holders) = (unique_keys(graph), holders(resolved));
        let refused = Refused::new(resolved);
        let patterns = Patterns::default();
        Self { resolved, graph, patches, patterns, embedded, used_enums, incomplete, refused, unique_keys, holders }
    }

    pub(super) fn enums(&self) -> impl Iterator<Item = EnumView<'_>> {
        let parts = self.graph.enums.iter().zip(&self.resolved.schema.enums);
        (0..).map(EnumId).zip(parts).map(|(id, (data, decl))| EnumView { id, data, decl })
    }

    pub(super) fn models(&self) -> impl Iterator<Item = ModelView<'_>> {
        self.graph.models().map(|(id, _)| self.model(id))
    }

    /// Whether the properties are together the primary key or one unique constraint, in any order.
    pub(super) fn is_unique(&self, model: ModelId, key: &[PropertyId]) -> bool {
        self.unique_keys.contains(&(model, sorted(key)))
    }

    /// The first `belongsTo` of a model that holds this key.
    pub(super) fn holder(&self, model: ModelId, key: &[PropertyId]) -> Option<RelationView<'_>> {
        let id = self.holders.get(&(model, key.to_vec()))?;
        self.model(model).relation(*id)
    }

    pub(super) fn model(&self, id: ModelId) -> ModelView<'_> {
        ModelView {
            book: self,
            id,
            data: self.graph.model(id),
            decl: &self.resolved.schema.models[id.0 as usize],
            incomplete: self.resolved.sites.of(id).incomplete,
            properties_known: self.resolved.sites.of(id).properties_known,
        }
    }
}

impl<'a> ModelView<'a> {
    pub(super) fn name(self) -> &'a str {
        &self.data.name
    }

    /// The model it extends.
    pub(super) fn base(self) -> Option<Self> {
        Some(self.book.model(self.data.base?))
    }

    /// Its own declared properties that could be read; inherited ones are checked with their base.
    pub(super) fn own_properties(self) -> impl Iterator<Item = PropertyView<'a>> {
        let sites = &self.book.resolved.sites.of(self.id).properties;
        self.data.properties().zip(sites).filter_map(move |((id, data), site)| {
            let (_, at) = site.declaration.filter(|_| site.sound && data.origin == Origin::Declared)?;
            Some(PropertyView { model: self, id, data, decl: &self.decl.properties[at] })
        })
    }

    /// Its relations that could be resolved, inherited ones included.
    pub(super) fn relations(self) -> impl Iterator<Item = RelationView<'a>> {
        self.data.relations().filter_map(move |(id, _)| self.relation(id))
    }

    pub(super) fn relation(self, id: RelationId) -> Option<RelationView<'a>> {
        let site = self.book.resolved.sites.of(self.id).relations[id.0 as usize];
        let (declaring, at) = site.declaration;
        site.resolved.then(|| RelationView {
            model: self,
            id,
            data: self.data.relation(id),
            decl: &self.book.resolved.schema.models[declaring.0 as usize].relations[at],
        })
    }

    pub(super) fn is_sound(self, property: PropertyId) -> bool {
        self.book.resolved.sites.of(self.id).properties[property.0 as usize].sound
    }

    /// Whether its type is that of the key it refers to, where it is reported.
    pub(super) fn has_type_of_another(self, property: PropertyId) -> bool {
        let is_added = match self.data.property(property).origin {
            Origin::Relation(id) => self.data.relation(id).kind == RelationKind::BelongsTo,
            _ => false,
        };
        is_added || self.book.refused.follows(self.book.resolved, self.id, property)
    }

    /// The declarations of the keys that have the type of this id because they refer to it.
    pub(super) fn followers(self, id: PropertyId) -> impl Iterator<Item = &'a PropertyDecl> {
        self.book.refused.followers(self.book.resolved, self.id, id)
    }

    /// The declaration of a property, own or inherited; `None` for one that is added.
    pub(super) fn declaration(self, property: PropertyId) -> Option<&'a PropertyDecl> {
        let (model, at) = self.book.resolved.sites.of(self.id).properties[property.0 as usize].declaration?;
        Some(&self.book.resolved.schema.models[model.0 as usize].properties[at])
    }

    /// "`a`" or "`a`, `b`".
    pub(super) fn list(self, properties: &[PropertyId]) -> String {
        let names = properties.iter().map(|id| self.data.property(*id).name.as_str());
        crate::ast::list(names, "and")
    }
}

impl PropertyView<'_> {
    /// The fix that takes a key of its declaration out.
    pub(super) fn remove_key(self, key: &str, sure: bool) -> Option<Fix> {
        let patches = self.model.book.patches;
        let fix = patches.certain(format!("remove `{key}`"), [self.decl.without_key(patches, key)]);
        if sure { fix } else { fix.map(Fix::unsure) }
    }
}

impl<'a> RelationView<'a> {
    pub(super) fn book(self) -> &'a Book<'a> {
        self.model.book
    }

    pub(super) fn target(self) -> ModelView<'a> {
        self.book().model(self.data.target())
    }

    /// The other direction, where it is declared.
    pub(super) fn inverse(self) -> Option<RelationView<'a>> {
        let (model, id) = self.data.inverse?;
        self.book().model(model).relation(id)
    }

    /// The fix that takes it out, where it was most likely written by mistake.
    pub(super) fn remove(self) -> Option<Fix> {
        let patches = self.book().patches;
        patches.likely("remove it", [patches.remove_item(self.decl.span)])
    }

    /// The fix that takes a key of its declaration out.
    pub(super) fn remove_key(self, key: &str, sure: bool) -> Option<Fix> {
        let patches = self.book().patches;
        let fix = patches.certain(format!("remove `{key}`"), [self.decl.without_key(patches, key)]);
        if sure { fix } else { fix.map(Fix::unsure) }
    }

    /// Where its name is written, or the relation itself.
    pub(super) fn name_place(self) -> Span {
        self.decl.name.as_ref().map_or(self.decl.span, |name| name.span)
    }

    pub(super) fn key_from_place(self) -> Span {
        place(self.decl.key_from.as_ref()).unwrap_or(self.decl.span)
    }

    pub(super) fn key_to_place(self) -> Span {
        place(self.decl.key_to.as_ref()).unwrap_or(self.decl.span)
    }

    /// Whether it joins exactly two models by one key, without link model and discriminator.
    pub(super) fn is_plain(self) -> bool {
        self.data.through.is_none() && !self.data.is_polymorphic() && !self.data.kind.embeds()
    }
}

fn place(names: Option<&Vec<Name>>) -> Option<Span> {
    let names = names?;
    Some(names.first()?.span.to(names.last()?.span))
}

fn sorted(key: &[PropertyId]) -> Vec<PropertyId> {
    let mut key = key.to_vec();
    key.sort_unstable();
    key
}

fn unique_keys(graph: &Graph) -> HashSet<(ModelId, Vec<PropertyId>)> {
    let mut keys = HashSet::new();
    for (id, model) in graph.models() {
        keys.insert((id, sorted(&model.key)));
        keys.extend(
            model.properties().filter(|(_, property)| property.unique).map(|(property, _)| (id, vec![property])),
        );
        keys.extend(model.indexes.iter().filter(|index| index.unique).map(|index| (id, sorted(&index.properties))));
    }
    keys
}

fn holders(resolved: &Resolved) -> HashMap<(ModelId, Vec<PropertyId>), RelationId> {
    let mut holders = HashMap::new();
    for (model, data) in resolved.graph.models() {
        for (id, relation) in data.relations().filter(|(_, relation)| relation.kind == RelationKind::BelongsTo) {
            if resolved.sites.of(model).relations[id.0 as usize].resolved {
                holders.entry((model, relation.key_from.clone())).or_insert(id);
            }
        }
    }
    holders
}
