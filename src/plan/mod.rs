//! From the graph to what will be emitted: every name, type, order and SQL text is decided here, as plain data.
//!
//! Templates lay this data out and decide nothing. Knows nothing of templates or files on disk.

mod ddl;
mod demands;
mod entities;
pub(crate) mod hash;
mod identifiers;
mod inputs;
mod metadata;
mod naming;
mod options;
mod relations;
mod sql;
mod tables;
mod text;
mod types;
mod values;
mod words;

use serde::Serialize;

use crate::graph::Graph;
use ddl::{Comments, Dialect as _, Sqlite};

pub use entities::Entity;
pub use options::{Options, UnknownModel};
pub use values::{EmbeddedPlan, EnumPlan};

/// The contract between emitted code and the runtime; the runtime asserts its own number against it.
pub const CONTRACT: u32 = 2;

/// Everything that will be emitted.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// What ties the files together.
    pub root: Root,
    /// Sorted by name.
    pub entities: Vec<Entity>,
    /// Sorted by name.
    pub enums: Vec<EnumPlan>,
    /// Sorted by name.
    pub embedded: Vec<EmbeddedPlan>,
}

/// The root module.
#[derive(Debug, Clone, Serialize)]
pub struct Root {
    /// See [`CONTRACT`].
    pub contract: u32,
    /// Literals, sorted.
    pub datasources: Vec<String>,
    /// One for each model with a table, sorted by model.
    pub repositories: Vec<Repository>,
    /// Every file's module, with what it gives to the outside, sorted by file.
    pub modules: Vec<Module>,
    /// The modules of the models in the order in which their tables are created.
    pub creation_order: Vec<String>,
}

/// A model as the root module sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Repository {
    /// The method that gives its repository: `orders`.
    pub accessor: String,
    /// The repository's type.
    pub name: String,
    /// The private module of its file.
    pub module: String,
    /// The model's description.
    pub docs: Vec<String>,
}

/// One file as the root module sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Module {
    /// A literal.
    pub file: String,
    /// Private.
    pub module: String,
    /// What is public, sorted.
    pub items: Vec<String>,
}

/// A database that statements are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// SQLite 3.37 and newer.
    Sqlite,
}

/// The plan of a sound graph.
///
/// # Errors
/// When the options name a model that the graph does not have.
pub fn plan(graph: &Graph, options: &Options) -> Result<Plan, UnknownModel> {
    if let Some(unknown) = options.unknown_model(graph) {
        return Err(unknown);
    }
    let tables = tables::tables(graph);
    let stored = graph.models().filter_map(|(id, _)| Some((id, tables.of(id)?)));
    let entities: Vec<_> = stored.map(|(id, table)| entities::entity(graph, &tables, table, id, options)).collect();
    let (enums, embedded) = (values::enums(graph), values::embedded(graph));
    let order = ddl::dependency_order(&tables.tables);
    let root = Root {
        contract: CONTRACT,
        datasources: graph.datasources.iter().map(|datasource| text::literal(&datasource.name)).collect(),
        repositories: entities.iter().map(repository).collect(),
        modules: modules(&entities, &enums, &embedded),
        creation_order: order.into_iter().map(|table| entities[table].file_module.clone()).collect(),
    };
    Ok(Plan { root, entities, enums, embedded })
}

fn repository(entity: &Entity) -> Repository {
    Repository {
        accessor: entity.accessor.clone(),
        name: format!("{}Repository", entity.name),
        module: entity.file_module.clone(),
        docs: entity.docs.clone(),
    }
}

fn modules(entities: &[Entity], enums: &[EnumPlan], embedded: &[EmbeddedPlan]) -> Vec<Module> {
    let module =
        |file: &str, module: &str, items| Module { file: text::literal(file), module: module.to_owned(), items };
    let entities = entities.iter().map(|plan| module(&plan.file, &plan.file_module, entities::public_items(plan)));
    let enums = enums.iter().map(|plan| module(&plan.file, &plan.file_module, vec![plan.name.clone()]));
    let embedded = embedded.iter().map(|plan| module(&plan.file, &plan.file_module, vec![plan.name.clone()]));
    let mut modules: Vec<_> = entities.chain(enums).chain(embedded).collect();
    modules.sort_by(|a, b| a.module.cmp(&b.module));
    modules
}

/// The statements that create the tables of a schema, for people: described, in dependency order, each ended by
/// a semicolon.
pub fn ddl(graph: &Graph, database: Database) -> String {
    let tables = tables::tables(graph).tables;
    let dialect = match database {
        Database::Sqlite => Sqlite,
    };
    let several = graph.datasources.len() > 1;
    let mut text = String::new();
    for table in ddl::dependency_order(&tables).into_iter().map(|at| &tables[at]) {
        if !text.is_empty() {
            text.push('\n');
        }
        if several {
            text.extend(["-- datasource ", &table.datasource, "\n"]);
        }
        for statement in dialect.create(table, &tables, Comments::Written) {
            text.push_str(&statement);
            text.push_str(";\n");
        }
    }
    text
}
