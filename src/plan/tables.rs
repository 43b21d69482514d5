//! What the database holds of each model: columns, keys, uniques, indexes and foreign keys, named.
//!
//! Decides which constraints exist and what they are called; [`ddl`](super::ddl) writes them down for one
//! database. Knows nothing of SQL text or of Rust.

use serde::Serialize;

use super::demands::{Demands, Reference};
use super::identifiers::Identifiers;
use super::types::is_required;
use crate::graph::{Action, Graph, Model, ModelId, PropertyId, Scalar, Type};

/// One table, as every database sees it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Table {
    /// The PostgreSQL schema, where one is given.
    pub(crate) schema: Option<String>,
    /// Without the schema.
    pub(crate) name: String,
    /// Where its rows live.
    pub(crate) datasource: String,
    /// As in the schema.
    pub(crate) description: Option<String>,
    /// In property order.
    pub(crate) columns: Vec<Column>,
    /// The column that is NULL in live rows, where rows are deleted softly.
    pub(crate) deleted_at: Option<usize>,
    /// The primary key, as positions in `columns`.
    pub(crate) primary_key: Key,
    /// Unique keys besides the primary key.
    pub(crate) uniques: Vec<Key>,
    /// Indexes that only make reads faster.
    pub(crate) indexes: Vec<Key>,
    /// Foreign keys that the database holds.
    pub(crate) foreign_keys: Vec<ForeignKey>,
}

/// One column.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Column {
    /// Unquoted.
    pub(crate) name: String,
    /// What it stores.
    pub(crate) kind: ColumnKind,
    /// NOT NULL.
    pub(crate) required: bool,
    /// Counted by the database.
    pub(crate) generated: bool,
    /// The name of the sequence that counts it, where the one that PostgreSQL would choose may be taken.
    pub(crate) sequence: Option<String>,
    /// The name of its CHECK constraint, where it has one.
    pub(crate) check: Option<String>,
    /// The models whose names it may hold, sorted; empty where it holds something else.
    pub(crate) models: Vec<String>,
    /// As in the schema.
    pub(crate) description: Option<String>,
}

/// What a column stores, before a database's own types are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum ColumnKind {
    /// At most so many characters.
    String(u64),
    /// Text without limit.
    Text,
    /// 64 bits.
    Integer,
    /// 32 bits.
    Int32,
    /// Double precision.
    Number,
    /// Digits in all, digits after the point.
    Decimal(u8, u8),
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// An instant.
    DateTime,
    /// 16 bytes.
    Uuid,
    /// json, lists and embedded values.
    Json,
    /// Bytes.
    Bytes,
    /// One of these strings.
    Enum(Vec<String>),
}

/// A primary key, unique key or index.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Key {
    /// Unquoted.
    pub(crate) name: String,
    /// Positions in the table's columns.
    pub(crate) columns: Vec<usize>,
    /// It counts only rows in which this column is NULL: the live rows of a model that is deleted softly.
    pub(crate) only_where_null: Option<usize>,
}

/// A foreign key.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ForeignKey {
    /// Unquoted.
    pub(crate) name: String,
    /// The relation that declares it: `customer`, or `Customer.orders` where the other side does.
    pub(crate) relation: String,
    /// Positions in this table's columns, in the order of the key pointed at.
    pub(crate) columns: Vec<usize>,
    /// The model pointed at, as a position among all tables.
    pub(crate) target: usize,
    /// Positions in that table's columns.
    pub(crate) target_columns: Vec<usize>,
    /// SQL's words, or nothing for `NO ACTION`.
    pub(crate) on_delete: Option<&'static str>,
    /// SQL's words, or nothing for `NO ACTION`.
    pub(crate) on_update: Option<&'static str>,
}

impl Table {
    /// The table's name where there are no schemas: `schema_table`.
    pub(crate) fn flat_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}_{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Every table, sorted by model.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) tables: Vec<Table>,
    /// The model of each table.
    models: Vec<ModelId>,
}

impl Tables {
    /// The table of a model, `None` where it is abstract.
    pub(crate) fn of(&self, model: ModelId) -> Option<&Table> {
        position_of(&self.models, model).map(|at| &self.tables[at])
    }

    /// The model whose table is at that position.
    pub(crate) fn model(&self, table: usize) -> ModelId {
        self.models[table]
    }
}

fn position_of(models: &[ModelId], model: ModelId) -> Option<usize> {
    models.binary_search(&model).ok()
}

/// The tables of every model that is not abstract.
pub(crate) fn tables(graph: &Graph) -> Tables {
    let models: Vec<_> = graph.models().filter(|(_, model)| !model.is_abstract).map(|(id, _)| id).collect();
    let concrete = || models.iter().map(|id| graph.model(*id));
    let mut names = Identifiers::default();
    for model in concrete() {
        names.reserve(&flat_name(model));
    }
    for name in concrete().flat_map(|model| &model.indexes).filter_map(|index| index.name.as_deref()) {
        names.reserve(name);
    }
    let demands = Demands::of(graph);
    let mut tables: Vec<_> = models.iter().map(|id| keyed(graph, *id, &demands, &mut names)).collect();
    // A foreign key follows the key that it points at, which must be known.
    for (at, id) in models.iter().enumerate() {
        let foreign_keys = foreign_keys(&tables, at, demands.foreign.get(id), &models, &mut names);
        let indexes = indexes(&tables[at], graph.model(*id), &foreign_keys, demands.indexed.get(id), &mut names);
        tables[at].foreign_keys = foreign_keys;
        tables[at].indexes = indexes;
    }
    Tables { tables, models }
}

fn flat_name(model: &Model) -> String {
    match &model.table.schema {
        Some(schema) => format!("{schema}_{}", model.table.name),
        None => model.table.name.clone(),
    }
}

/// The table with its own keys; foreign keys and indexes are still to come.
fn keyed(graph: &Graph, id: ModelId, demands: &Demands, names: &mut Identifiers) -> Table {
    let model = graph.model(id);
    let base = flat_name(model);
    let mut columns: Vec<_> = model.properties.iter().map(|property| column(graph, &base, property, names)).collect();
    for ((_, property), models) in demands.named.range((id, PropertyId(0))..=(id, PropertyId(u32::MAX))) {
        let names = models.iter().map(|model| graph.model(*model).name.clone());
        columns[position(*property)].models = names.collect();
    }
    let deleted_at = model.soft_delete.then(|| model.find_property("deletedAt")).flatten().map(position);
    let primary_key =
        Key { name: names.derive([base.as_str()], "pkey"), columns: positions(&model.key), only_where_null: None };
    let mut table = Table {
        schema: model.table.schema.clone(),
        name: model.table.name.clone(),
        datasource: graph.datasource(model.datasource).name.clone(),
        description: model.description.clone(),
        columns,
        deleted_at,
        primary_key,
        uniques: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
    };
    for (key, name) in wanted(model, demands.unique.get(&id), true) {
        let known = table.uniques.iter().chain([&table.primary_key]);
        if known.into_iter().any(|unique| same_set(&key, &unique.columns)) {
            continue;
        }
        let name = name.unwrap_or_else(|| named(&table, &key, "key", names));
        table.uniques.push(Key { name, columns: key, only_where_null: deleted_at });
    }
    table
}

fn foreign_keys(
    tables: &[Table],
    at: usize,
    demanded: Option<&Vec<Reference>>,
    models: &[ModelId],
    names: &mut Identifiers,
) -> Vec<ForeignKey> {
    let mut references: Vec<&Reference> = Vec::new();
    for reference in demanded.into_iter().flatten() {
        let same = |other: &&Reference| {
            other.target == reference.target && other.from == reference.from && other.to == reference.to
        };
        if !references.iter().any(same) {
            references.push(reference);
        }
    }
    let foreign_key = |reference: &Reference| {
        let target = position_of(models, reference.target)?;
        let (columns, target_columns) = in_key_order(&tables[target], reference);
        let name = named(&tables[at], &columns, "fkey", names);
        let relation = reference.relation.clone();
        let (on_delete, on_update) = (words(reference.on_delete), words(reference.on_update));
        Some(ForeignKey { name, relation, columns, target, target_columns, on_delete, on_update })
    };
    references.into_iter().filter_map(foreign_key).collect()
}

fn indexes(
    table: &Table,
    model: &Model,
    foreign_keys: &[ForeignKey],
    demanded: Option<&Vec<Vec<PropertyId>>>,
    names: &mut Identifiers,
) -> Vec<Key> {
    let mut indexes: Vec<Key> = Vec::new();
    for (key, name) in wanted(model, None, false) {
        if name.is_some() || !indexes.iter().any(|index| index.columns == key) {
            let name = name.unwrap_or_else(|| named(table, &key, "idx", names));
            indexes.push(Key { name, columns: key, only_where_null: None });
        }
    }
    for key in demanded.into_iter().flatten().map(|key| positions(key)) {
        // MySQL looks for an index with the columns in the order of the foreign key.
        let held = foreign_keys.iter().find(|held| same_set(&held.columns, &key));
        let key = held.map_or(key, |held| held.columns.clone());
        let whole = table.uniques.iter().filter(|unique| unique.only_where_null.is_none());
        if !serves(whole.chain(&indexes).chain([&table.primary_key]), &key) {
            let name = named(table, &key, "idx", names);
            indexes.push(Key { name, columns: key, only_where_null: None });
        }
    }
    indexes
}

/// A name for something of these columns.
fn named(table: &Table, key: &[usize], suffix: &str, names: &mut Identifiers) -> String {
    let base = table.flat_name();
    let parts = key.iter().map(|column| table.columns[*column].name.as_str());
    names.derive(std::iter::once(base.as_str()).chain(parts), suffix)
}

/// Whether one of the keys begins with these columns, in any order: it finds them as fast as an index of their own.
fn serves<'k>(mut keys: impl Iterator<Item = &'k Key>, columns: &[usize]) -> bool {
    keys.any(|key| key.columns.get(..columns.len()).is_some_and(|first| same_set(first, columns)))
}

/// The keys that properties, declared indexes and relations ask for, in this order, with the names given.
fn wanted(model: &Model, demanded: Option<&Vec<Vec<PropertyId>>>, unique: bool) -> Vec<(Vec<usize>, Option<String>)> {
    let of_properties = model.properties.iter().enumerate();
    let of_properties = of_properties
        .filter(|(_, property)| if unique { property.unique } else { property.index && !property.unique })
        .map(|(at, _)| (vec![at], None));
    let declared = model.indexes.iter().filter(|index| index.unique == unique);
    let declared = declared.map(|index| (positions(&index.properties), index.name.clone()));
    let demanded = demanded.into_iter().flatten().map(|key| (positions(key), None));
    // Declared first: their names are given, and an equal one need not be made again.
    declared.chain(of_properties).chain(demanded).collect()
}

/// A foreign key's columns in the order of the key that they point at.
fn in_key_order(target: &Table, reference: &Reference) -> (Vec<usize>, Vec<usize>) {
    let mut pairs: Vec<_> = positions(&reference.from).into_iter().zip(positions(&reference.to)).collect();
    let to = positions(&reference.to);
    let mut keys = std::iter::once(&target.primary_key).chain(&target.uniques);
    if let Some(key) = keys.find(|key| same_set(&key.columns, &to)) {
        pairs.sort_by_key(|(_, to)| key.columns.iter().position(|column| column == to));
    }
    pairs.into_iter().unzip()
}

fn column(graph: &Graph, table: &str, property: &crate::graph::Property, names: &mut Identifiers) -> Column {
    let kind = kind(graph, property);
    let checked = matches!(kind, ColumnKind::Boolean | ColumnKind::Enum(_));
    let generated = property.generated && matches!(property.ty.scalar, Scalar::Integer | Scalar::Int32);
    Column {
        sequence: (generated && names.has_sequence()).then(|| names.derive([table, property.column.as_str()], "seq")),
        check: checked.then(|| names.derive([table, property.column.as_str()], "check")),
        name: property.column.clone(),
        kind,
        required: is_required(property),
        generated,
        models: Vec::new(),
        description: property.description.clone(),
    }
}

fn kind(graph: &Graph, property: &crate::graph::Property) -> ColumnKind {
    let Type { scalar, list } = property.ty;
    if list {
        return ColumnKind::Json;
    }
    match scalar {
        Scalar::String => ColumnKind::String(property.max_length.unwrap_or(255)),
        Scalar::Text => ColumnKind::Text,
        Scalar::Integer => ColumnKind::Integer,
        Scalar::Int32 => ColumnKind::Int32,
        Scalar::Number => ColumnKind::Number,
        Scalar::Decimal => ColumnKind::Decimal(property.precision, property.scale),
        Scalar::Boolean => ColumnKind::Boolean,
        Scalar::Date => ColumnKind::Date,
        Scalar::Time => ColumnKind::Time,
        Scalar::DateTime => ColumnKind::DateTime,
        Scalar::Uuid => ColumnKind::Uuid,
        Scalar::Json | Scalar::Embedded(_) => ColumnKind::Json,
        Scalar::Bytes => ColumnKind::Bytes,
        Scalar::Enum(id) => {
            ColumnKind::Enum(graph.enumeration(id).variants.iter().map(|variant| variant.value.clone()).collect())
        }
    }
}

fn words(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
    }
}

pub(super) fn position(id: PropertyId) -> usize {
    id.0 as usize
}

pub(super) fn positions(ids: &[PropertyId]) -> Vec<usize> {
    ids.iter().copied().map(position).collect()
}

pub(super) fn same_set(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().all(|column| b.contains(column))
}
