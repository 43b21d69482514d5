//! One model with a table: its struct, its records, its repository, its module and its static.

use serde::Serialize;

use super::ddl::{Named, TableSql};
use super::dependents::{Dependent, DependentStatic, Dependents};
use super::docs;
use super::embeds::{self, EmbedPlan};
use super::inputs::{self, Input};
use super::metadata::{self, PropertyStatic};
use super::naming::{file_module, file_name, snake, type_name, value_name};
use super::options::Options;
use super::relations::{self, Context, RelationPlan, emitted, model_key};
use super::sql::{self, Dialects, Statements};
use super::tables::{Key, Table, Tables};
use super::text::{block_literal, described, doc_lines, literal};
use super::types::{Place, is_required};
use super::upserts::{UpsertPlan, upserts};
use super::words::{Words, free_parameter};
use crate::graph::{Graph, Model, Property};

/// One model's file.
#[derive(Debug, Clone, Serialize)]
pub struct Entity {
    /// As in the schema, a literal.
    pub schema_name: String,
    /// The file, without its folder.
    pub file: String,
    /// The private module of the file: `order_`.
    pub file_module: String,
    /// The public module within: `order`.
    pub module: String,
    /// The struct: `Order`.
    pub name: String,
    /// The struct, from the module within: by its name where no record there bears it.
    pub name_within: String,
    /// What the module within imports.
    pub imports_within: Vec<String>,
    /// `order`, for parts of names.
    pub stem: String,
    /// The accessor of its repository: `orders`.
    pub accessor: String,
    /// The table as messages show it.
    pub table: String,
    /// Its description.
    pub docs: Vec<String>,
    /// Attributes that the settings add.
    pub attributes: Vec<String>,
    /// Names in the file.
    pub words: Words,
    /// Names in the module within.
    pub inner_words: Words,
    /// Type parameters that no item of the file hides.
    pub parameters: Parameters,
    /// The type of the primary key.
    pub id: String,
    /// In property order.
    pub fields: Vec<Field>,
    /// `NewOrder`.
    pub new: Input,
    /// `OrderPatch`.
    pub patch: Input,
    /// Those that have rows of their own.
    pub relations: Vec<RelationPlan>,
    /// Those that lie within a row.
    pub embeds: Vec<EmbedPlan>,
    /// What stores rows by its unique keys.
    pub upserts: Vec<UpsertPlan>,
    /// Its rows are deleted softly.
    pub soft_delete: bool,
    /// Its static.
    pub meta: ModelStatic,
    /// What creates its table.
    pub ddl: Dialects<TableStatic>,
}

/// Names of type parameters.
#[derive(Debug, Clone, Serialize)]
pub struct Parameters {
    /// A relation.
    pub relation: String,
    /// A serialiser.
    pub serializer: String,
    /// A deserialiser.
    pub deserializer: String,
}

impl Parameters {
    /// Beside one type.
    pub(crate) fn beside(name: &str) -> Self {
        Self {
            relation: free_parameter("R", &[name]),
            serializer: free_parameter("S", &[name]),
            deserializer: free_parameter("D", &[name]),
        }
    }
}

/// One property.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// Field and function: `customer_id`.
    pub name: String,
    /// The field's type.
    pub ty: String,
    /// The type of its values, from the module within.
    pub value: String,
    /// What changes may make of it: the runtime's `Required`, `Optional` or `KeptOptional`, or nothing.
    pub change: Option<&'static str>,
    /// Its description.
    pub docs: Vec<String>,
    /// Its description, or its name in the schema.
    pub column_docs: Vec<String>,
}

/// The parts of a model's static that are not above.
#[derive(Debug, Clone, Serialize)]
pub struct ModelStatic {
    /// A literal.
    pub table: String,
    /// `Some((…, …))` or `None`.
    pub qualified: String,
    /// A position among the datasources.
    pub datasource: u32,
    /// A literal.
    pub key_name: String,
    /// In property order.
    pub properties: Vec<PropertyStatic>,
    /// Positions of the primary key.
    pub key: Vec<usize>,
    /// `Some(3)` or `None`.
    pub version: String,
    /// `Some(5)` or `None`.
    pub soft_delete: String,
    /// Unique keys besides the primary key.
    pub uniques: Vec<UniqueStatic>,
    /// Foreign keys that the database holds.
    pub foreign_keys: Vec<ForeignKeyStatic>,
    /// Relations by which others point at its rows, and which generated code follows.
    pub dependents: Vec<DependentStatic>,
    /// Literals.
    pub sql: Statements,
}

/// A unique key.
#[derive(Debug, Clone, Serialize)]
pub struct UniqueStatic {
    /// A literal.
    pub name: String,
    /// Positions.
    pub properties: Vec<usize>,
    /// `true` or `false`.
    pub live: String,
}

/// A foreign key.
#[derive(Debug, Clone, Serialize)]
pub struct ForeignKeyStatic {
    /// A literal.
    pub name: String,
    /// A literal.
    pub relation: String,
    /// Positions.
    pub from: Vec<usize>,
    /// The target's module.
    pub target: String,
    /// Positions.
    pub to: Vec<usize>,
}

/// What creates a table; all literals.
#[derive(Debug, Clone, Serialize)]
pub struct TableStatic {
    /// The table, and what belongs to it alone.
    pub create: Vec<String>,
    /// Indexes.
    pub indexes: Vec<NamedStatic>,
    /// Foreign keys that wait for other tables.
    pub constraints: Vec<NamedStatic>,
}

/// A statement that creates something by name; both literals.
#[derive(Debug, Clone, Serialize)]
pub struct NamedStatic {
    /// Unquoted.
    pub name: String,
    /// The statement.
    pub sql: String,
}

impl From<&TableSql> for TableStatic {
    fn from(sql: &TableSql) -> Self {
        let named = |named: &Named| NamedStatic { name: literal(&named.name), sql: block_literal(&named.sql) };
        Self {
            create: sql.create.iter().map(|text| block_literal(text)).collect(),
            indexes: sql.indexes.iter().map(named).collect(),
            constraints: sql.constraints.iter().map(named).collect(),
        }
    }
}

/// The plan of the model whose table is at that position; `ddl` is what creates it.
pub(crate) fn entity(
    graph: &Graph,
    tables: &Tables,
    dependents: &Dependents,
    at: usize,
    ddl: Dialects<TableStatic>,
    options: &Options,
) -> Entity {
    let (table, id) = (&tables.tables[at], tables.model(at));
    let model = graph.model(id);
    let name = type_name(&model.name);
    let words = Words::beside([name.as_str()]);
    let markers: Vec<_> = emitted(model).map(|relation| value_name(&relation.name)).collect();
    let inner_words = Words::beside(markers.iter().map(String::as_str).chain([name.as_str()]));
    let file = Place { graph, words: &words, up: "super::" };
    let within = Place { graph, words: &inner_words, up: "super::super::" };
    let relations = relations::relations(Context { graph, tables, file, within }, id);
    let flat = table.flat_name();
    let (name_within, imports_within) = within_module(&name, &relations);
    let new_doc = format!("A new row of `{flat}`: what [`create`](::relata::Repository::create) takes.");
    let patch_doc = format!("A change of a row of `{flat}`: what is `None` stays as it is.");
    Entity {
        schema_name: literal(&model.name),
        file: file_name(&model.name),
        file_module: file_module(&model.name),
        module: value_name(&model.name),
        stem: snake(&model.name),
        accessor: value_name(&model.plural),
        table: flat.clone(),
        docs: described(model.description.as_deref(), || format!("A row of `{flat}`.")),
        attributes: options.attributes_of(&model.name),
        parameters: Parameters::beside(&name),
        id: file.key(model_key(model)),
        fields: model.properties.iter().map(|property| field(file, within, property)).collect(),
        new: inputs::new(file, model, format!("New{name}"), name.clone(), new_doc, &[]),
        patch: inputs::patch(file, model, format!("{name}Patch"), name.clone(), patch_doc),
        relations,
        embeds: embeds::embeds(file, model),
        name_within,
        imports_within,
        upserts: upserts(model, table),
        soft_delete: model.soft_delete,
        meta: statics(graph, tables, dependents.of_model(id), table, model),
        ddl,
        name,
        words,
        inner_words,
    }
}

fn option(position: Option<usize>) -> String {
    position.map_or_else(|| "None".to_owned(), |at| format!("Some({at})"))
}

/// How the module within names its model, and what it imports.
fn within_module(name: &str, relations: &[RelationPlan]) -> (String, Vec<String>) {
    let records = || relations.iter().flat_map(RelationPlan::records);
    let path = format!("super::{name}");
    let is_free = name != "Filter" && records().all(|record| record.name != name);
    let (name_within, mut imports) = if is_free { (name.to_owned(), vec![path]) } else { (path, Vec::new()) };
    if records().any(Input::converts) {
        imports.push("::relata::Type as _".to_owned());
    }
    (name_within, imports)
}

/// What a model's file gives to the outside: types, then the module.
pub(crate) fn public_items(entity: &Entity) -> Vec<String> {
    let name = &entity.name;
    let mut items = vec![name.clone(), entity.new.name.clone(), entity.patch.name.clone(), format!("{name}Repository")];
    items.push(format!("{name}WithRelations"));
    if !entity.relations.is_empty() {
        items.push(format!("{name}With"));
    }
    items.extend(entity.relations.iter().filter_map(|relation| Some(relation.one_of.as_ref()?.name.clone())));
    items.sort();
    items.push(entity.module.clone());
    items
}

fn field(file: Place<'_>, within: Place<'_>, property: &Property) -> Field {
    let docs = doc_lines(property.description.as_deref().unwrap_or_default());
    Field {
        name: value_name(&property.name),
        ty: file.field(property, false),
        value: within.value(property.ty),
        change: match property {
            property if property.id || property.is_made() => (!is_required(property)).then_some("KeptOptional"),
            property if is_required(property) => Some("Required"),
            _ => Some("Optional"),
        },
        column_docs: docs::column(property),
        docs,
    }
}

fn statics(graph: &Graph, tables: &Tables, dependents: &[Dependent], table: &Table, model: &Model) -> ModelStatic {
    let unique = |key: &Key| UniqueStatic {
        name: literal(&key.name),
        properties: key.columns.clone(),
        live: key.only_where_null.is_some().to_string(),
    };
    let foreign_keys = table.foreign_keys.iter().map(|key| ForeignKeyStatic {
        name: literal(&key.name),
        relation: literal(&key.relation),
        from: key.columns.clone(),
        target: file_module(&graph.model(tables.model(key.target)).name),
        to: key.target_columns.clone(),
    });
    let mut properties = metadata::properties(graph, &model.properties);
    for (property, column) in properties.iter_mut().zip(&table.columns) {
        property.may_name(&column.models);
    }
    ModelStatic {
        table: literal(&table.flat_name()),
        qualified: match &table.schema {
            Some(schema) => format!("Some(({}, {}))", literal(schema), literal(&table.name)),
            None => "None".to_owned(),
        },
        datasource: model.datasource.0,
        properties,
        key: table.primary_key.columns.clone(),
        key_name: literal(&table.primary_key.name),
        version: option(model.properties.iter().position(|property| property.version)),
        soft_delete: option(table.deleted_at),
        uniques: table.uniques.iter().map(unique).collect(),
        foreign_keys: foreign_keys.collect(),
        dependents: dependents.iter().map(|dependent| DependentStatic::of(graph, model, dependent)).collect(),
        sql: sql::statements(table),
    }
}
