//! From the graph to what will be emitted: every name, type, order and SQL text is decided here, as plain data.
//!
//! Templates lay this data out and decide nothing. Knows nothing of templates or files on disk.

mod ddl;
mod demands;
mod dependents;
mod docs;
mod embeds;
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
mod upserts;
mod values;
mod views;
mod words;

use std::fmt;

use serde::Serialize;

use crate::graph::{self, Graph};
use ddl::{Dialect, Mysql, Postgres, Reader, Sqlite};
use dependents::Dependents;
use entities::TableStatic;
use sql::Dialects;
use tables::Tables;

pub use entities::Entity;
pub use options::{Options, UnknownModel};
pub use values::{EmbeddedPlan, EnumPlan};
pub use views::ViewFile;

/// The contract between emitted code and the runtime; the runtime asserts its own number against it.
pub const CONTRACT: u32 = 4;

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
    /// Sorted by name.
    pub views: Vec<ViewFile>,
}

/// The root module.
#[derive(Debug, Clone, Serialize)]
pub struct Root {
    /// See [`CONTRACT`].
    pub contract: u32,
    /// Rows hold values that are stored as JSON.
    pub documents: bool,
    /// Sorted by name.
    pub datasources: Vec<Datasource>,
    /// One for each model with a table, sorted by model.
    pub repositories: Vec<Repository>,
    /// One for each declared view, sorted by name.
    pub views: Vec<ViewAccessor>,
    /// Every file's module, with what it gives to the outside, sorted by file.
    pub modules: Vec<Module>,
}

/// A place where rows live.
#[derive(Debug, Clone, Serialize)]
pub struct Datasource {
    /// A literal.
    pub name: String,
    /// The modules of its models in the order in which their tables are created.
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

/// A view as the root module sees it.
#[derive(Debug, Clone, Serialize)]
pub struct ViewAccessor {
    /// The method that gives its rows: `order_cards`.
    pub accessor: String,
    /// The struct.
    pub name: String,
    /// The view's description.
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
    let dependents = Dependents::of(graph);
    let stored = 0..tables.tables.len();
    let entities: Vec<_> =
        stored.map(|at| entities::entity(graph, &tables, &dependents, at, ddl(at), options)).collect();
    let (enums, embedded) = (values::enums(graph), values::embedded(graph));
    let views = views::views(graph, &tables, &entities);
    let root = Root {
        contract: CONTRACT,
        documents: stores_documents(graph),
        datasources: datasources(graph, &tables, &entities),
        repositories: entities.iter().map(repository).collect(),
        views: views.iter().map(view_accessor).collect(),
        modules: modules(&entities, &enums, &embedded, &views),
    };
    Ok(Plan { root, entities, enums, embedded, views })
}

/// Whether a row holds a list or an embedded value.
fn stores_documents(graph: &Graph) -> bool {
    let models = graph.models().filter(|(_, model)| !model.is_abstract);
    let mut types = models.flat_map(|(_, model)| &model.properties).map(|property| property.ty);
    types.any(|ty| ty.list || matches!(ty.scalar, graph::Scalar::Embedded(_)))
}

fn datasources(graph: &Graph, tables: &Tables, entities: &[Entity]) -> Vec<Datasource> {
    let order = ddl::dependency_order(&tables.tables);
    let datasource = |datasource: &graph::Datasource| {
        let own = order.iter().filter(|table| tables.tables[**table].datasource == datasource.name);
        Datasource {
            name: text::literal(&datasource.name),
            creation_order: own.map(|table| entities[*table].file_module.clone()).collect(),
        }
    };
    graph.datasources.iter().map(datasource).collect()
}

fn repository(entity: &Entity) -> Repository {
    Repository {
        accessor: entity.accessor.clone(),
        name: format!("{}Repository", entity.name),
        module: entity.file_module.clone(),
        docs: entity.docs.clone(),
    }
}

fn view_accessor(file: &ViewFile) -> ViewAccessor {
    let view = &file.views[0];
    ViewAccessor { accessor: file.accessor.clone(), name: view.name.clone(), docs: view.docs.clone() }
}

fn modules(entities: &[Entity], enums: &[EnumPlan], embedded: &[EmbeddedPlan], views: &[ViewFile]) -> Vec<Module> {
    let module =
        |file: &str, module: &str, items| Module { file: text::literal(file), module: module.to_owned(), items };
    let entities = entities.iter().map(|plan| module(&plan.file, &plan.file_module, entities::public_items(plan)));
    let enums = enums.iter().map(|plan| module(&plan.file, &plan.file_module, vec![plan.name.clone()]));
    let embedded =
        embedded.iter().map(|plan| module(&plan.file, &plan.file_module, vec![plan.name.clone(), plan.module.clone()]));
    let views = views.iter().map(|plan| {
        let mut names: Vec<_> = plan.views.iter().map(|view| view.name.clone()).collect();
        names.sort();
        module(&plan.file, &plan.file_module, names)
    });
    let mut modules: Vec<_> = entities.chain(enums).chain(embedded).chain(views).collect();
    modules.sort_by(|a, b| a.module.cmp(&b.module));
    modules
}

/// The statements that create the tables of a schema, for people: described, in an order in which they can be run,
/// each ended by a semicolon. Of several datasources, one after the other, each under a comment with its name.
pub fn ddl(graph: &Graph, database: Database) -> String {
    let names: Vec<_> = graph.datasources.iter().map(|datasource| &*datasource.name).collect();
    ddl::print(database.dialect(), &tables::tables(graph).tables, &names)
}

/// The same of one datasource alone.
///
/// # Errors
/// Where the schema has no datasource of that name.
pub fn ddl_of(graph: &Graph, database: Database, datasource: &str) -> Result<String, UnknownDatasource> {
    if graph.datasources.iter().any(|known| known.name == datasource) {
        return Ok(ddl::print(database.dialect(), &tables::tables(graph).tables, &[datasource]));
    }
    let known = graph.datasources.iter().map(|known| known.name.clone()).collect();
    Err(UnknownDatasource { name: datasource.to_owned(), known })
}

/// A datasource that the schema does not have was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownDatasource {
    name: String,
    known: Vec<String>,
}

impl fmt::Display for UnknownDatasource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.known.len() == 1 { "the only one is" } else { "there are" };
        let known = crate::ast::list(self.known.iter().map(String::as_str), "and");
        write!(f, "the schema has no datasource `{}`; {verb} {known}", self.name)
    }
}

impl std::error::Error for UnknownDatasource {}
