//! The resolved schema: models, properties, enums and relations by id, every default filled in.
//!
//! Built once from declarations by `resolve`, immutable afterwards, read through the
//! methods of [`Graph`]. Everything that can be emitted is sorted by name or kept in declaration order
//! within its model, so that the order in which files were found never shows. Knows nothing of YAML,
//! of Rust names or of SQL text.

mod bases;
pub(crate) mod cycles;
mod declared;
mod foreign;
mod has;
mod indexes;
mod inverse;
mod keys;
mod literals;
mod model;
mod names;
mod owning;
mod properties;
mod resolve;
mod through;
mod view;
mod views;
mod words;

pub use crate::ast::{Action, RelationKind};
pub(crate) use keys::MAX_KEY_PROPERTIES;
pub(crate) use literals::{is_decimal, whole};
pub use model::{
    Datasource, Default, Enum, Index, Literal, Model, Origin, Property, Relation, Scalar, Table, Through, Type, Variant,
};
pub(crate) use owning::name_taken;
pub(crate) use resolve::{Resolved, resolve};
pub use view::{Condition, Operator, Part, Scope, Shown, View, ViewId};
pub(crate) use words::{by_words, camel, link_record, one, pascal, record, snake};

/// Index of a model in [`Graph::models`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId(pub u32);

/// Index of an enum in [`Graph::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u32);

/// Index of a datasource in [`Graph::datasources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasourceId(pub u32);

/// Index of a property in its model's [`Model::properties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertyId(pub u32);

/// Index of a relation in its model's [`Model::relations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u32);

/// A whole schema, resolved.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Sorted by name.
    pub models: Vec<Model>,
    /// Sorted by name.
    pub enums: Vec<Enum>,
    /// Sorted by name; at least one (`db`).
    pub datasources: Vec<Datasource>,
    /// Sorted by name, those said in place among the others.
    pub views: Vec<View>,
}

impl Graph {
    /// Every model with its id, sorted by name.
    pub fn models(&self) -> impl Iterator<Item = (ModelId, &Model)> {
        (0..).map(ModelId).zip(&self.models)
    }

    /// The model of that id.
    pub fn model(&self, id: ModelId) -> &Model {
        &self.models[id.0 as usize]
    }

    /// The view of that id.
    pub fn view(&self, id: ViewId) -> &View {
        &self.views[id.0 as usize]
    }

    /// The enum of that id.
    pub fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0 as usize]
    }

    /// The word of the schema language for a type.
    pub fn word(&self, scalar: Scalar) -> &str {
        match scalar {
            Scalar::Enum(id) => &self.enumeration(id).name,
            Scalar::Embedded(id) => &self.model(id).name,
            // Every other type has a word there.
            _ => properties::SCALARS.iter().find(|(_, known)| *known == scalar).map_or("", |(word, _)| word),
        }
    }

    /// The datasource of that id.
    pub fn datasource(&self, id: DatasourceId) -> &Datasource {
        &self.datasources[id.0 as usize]
    }

    /// The model of that name.
    pub fn find(&self, name: &str) -> Option<ModelId> {
        let at = self.models.binary_search_by(|model| model.name.as_str().cmp(name)).ok()?;
        u32::try_from(at).ok().map(ModelId)
    }
}

impl Property {
    /// Whether the library or the database makes the value, so that no new row gives it.
    pub fn is_made(&self) -> bool {
        self.generated || self.version || self.origin == Origin::Flag
    }
}

impl Model {
    /// The unique keys that are declared, by a property of its own or by an index, each once.
    pub fn unique_keys(&self) -> Vec<Vec<PropertyId>> {
        let declared = self.indexes.iter().filter(|index| index.unique).map(|index| index.properties.clone());
        let own = self.properties().filter(|(_, property)| property.unique).map(|(id, _)| vec![id]);
        let mut keys: Vec<Vec<PropertyId>> = Vec::new();
        for key in declared.chain(own) {
            let is_same = |other: &Vec<PropertyId>| other.len() == key.len() && key.iter().all(|id| other.contains(id));
            if !keys.iter().any(is_same) && !is_same(&self.key) {
                keys.push(key);
            }
        }
        keys
    }

    /// The property of that id.
    pub fn property(&self, id: PropertyId) -> &Property {
        &self.properties[id.0 as usize]
    }

    /// The relation of that id.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.0 as usize]
    }

    /// Every property with its id.
    pub fn properties(&self) -> impl Iterator<Item = (PropertyId, &Property)> {
        (0..).map(PropertyId).zip(&self.properties)
    }

    /// Every relation with its id.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        (0..).map(RelationId).zip(&self.relations)
    }

    /// The property of that name.
    pub fn find_property(&self, name: &str) -> Option<PropertyId> {
        let at = self.properties.iter().position(|property| property.name == name)?;
        u32::try_from(at).ok().map(PropertyId)
    }
}

impl Relation {
    /// Several targets, or the answer to such a relation.
    pub fn is_polymorphic(&self) -> bool {
        self.discriminator.is_some() || self.polymorphic.is_some()
    }

    /// Whether the relation leads to several models; its answers, which lead to one, do not.
    pub fn leads_to_several(&self) -> bool {
        self.discriminator.is_some() && self.polymorphic.is_none()
    }

    /// Every target, with the key on it.
    pub fn keyed_targets(&self) -> impl Iterator<Item = (ModelId, &[PropertyId])> {
        let keys = std::iter::once(&self.key_to).chain(&self.other_keys);
        self.targets.iter().copied().zip(keys.map(Vec::as_slice))
    }

    /// The only target of a relation that is not polymorphic.
    pub fn target(&self) -> ModelId {
        self.targets[0]
    }
}
