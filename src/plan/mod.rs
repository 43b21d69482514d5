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
use ddl::{Dialect, Mysql, Postgres, Reader, Sqlite};
use entities::TableStatic;
use sql::Dialects;

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
    /// PostgreSQL 15 and newer.
    Postgres,
    /// MariaDB 10.6 and newer, MySQL 8.0.17 and newer.
    Mysql,
}

impl Database {
    fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Sqlite => &Sqlite,
            Self::Postgres => &Postgres,
            Self::Mysql => &Mysql,
        }
    }
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
    let created = Dialects::say(|dialect| ddl::create(dialect, &tables.tables, Reader::Program));
    let ddl = |at: usize| Dialects {
        sqlite: TableStatic::from(&created.sqlite[at]),
        postgres: TableStatic::from(&created.postgres[at]),
        mysql: TableStatic::from(&created.mysql[at]),
    };
    let stored = 0..tables.tables.len();
    let entities: Vec<_> = stored.map(|at| entities::entity(graph, &tables, at, ddl(at), options)).collect();
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

/// The statements that create the tables of a schema, for people: described, in an order in which they can be run,
/// each ended by a semicolon.
pub fn ddl(graph: &Graph, database: Database) -> String {
    ddl::print(database.dialect(), &tables::tables(graph).tables, graph.datasources.len() > 1)
}
