//! What emitted code says about a schema: static data, read by the planner, the drivers and the
//! serialisers. Knows nothing of connections.

mod property;
mod relation;

use crate::row::Rows;

pub use property::{DefaultMeta, EmbeddedMeta, EnumMeta, Generated, Kind, PropertyMeta};
pub use relation::{Form, Named, RelationKind, RelationMeta, Side, ThroughMeta};

/// A whole schema.
#[derive(Debug)]
pub struct SchemaMeta {
    /// Where rows live, sorted by name.
    pub datasources: &'static [DatasourceMeta],
    /// Every model with a table, sorted by name.
    pub models: &'static [&'static ModelMeta],
}

/// A place where rows live: one database.
#[derive(Debug)]
pub struct DatasourceMeta {
    /// As `Db::builder().datasource(name, url)` takes it.
    pub name: &'static str,
    /// What creates its tables, in dependency order.
    pub tables: &'static [TableMeta],
}

/// One thing in each dialect of SQL that statements are written in.
#[derive(Debug)]
pub struct Dialects<T: 'static> {
    /// SQLite's.
    pub sqlite: T,
    /// PostgreSQL's.
    pub postgres: T,
    /// MariaDB's and MySQL's.
    pub mysql: T,
}

impl<T: Copy> Dialects<T> {
    /// The same in every dialect.
    pub const fn same(one: T) -> Self {
        Self { sqlite: one, postgres: one, mysql: one }
    }
}

/// What creates one table.
#[derive(Debug)]
pub struct TableMeta {
    /// Whose rows it holds.
    pub model: &'static ModelMeta,
    /// The statements.
    pub ddl: Dialects<TableSql>,
}

/// What creates one table in one dialect.
#[derive(Debug)]
pub struct TableSql {
    /// `CREATE TABLE …`, and what belongs to it alone: a schema before, comments after.
    pub create: &'static [&'static str],
    /// Indexes beside the table's own constraints, to be looked up by name: a table that `create` just made may have
    /// them already.
    pub indexes: &'static [NamedSql],
    /// Foreign keys that wait until every table is there.
    pub constraints: &'static [NamedSql],
}

/// A statement that creates something by name.
#[derive(Debug)]
pub struct NamedSql {
    /// Unquoted.
    pub name: &'static str,
    /// `CREATE INDEX …`, `ALTER TABLE … ADD CONSTRAINT …`.
    pub sql: &'static str,
}

/// One model.
#[derive(Debug)]
pub struct ModelMeta {
    /// As in the schema.
    pub name: &'static str,
    /// Unquoted; of a table in a schema, both joined by `_`.
    pub table: &'static str,
    /// Schema and table, unquoted, where the model names both and the database has schemas.
    pub qualified: Option<(&'static str, &'static str)>,
    /// Where its rows live: a position in [`SchemaMeta::datasources`].
    pub datasource: usize,
    /// In declaration order; every other index into it is a position here.
    pub properties: &'static [PropertyMeta],
    /// The primary key, in declaration order.
    pub key: &'static [usize],
    /// The name of its constraint.
    pub key_name: &'static str,
    /// The property that counts updates.
    pub version: Option<usize>,
    /// The property that says when a row was deleted softly; while it is NULL the row is live.
    pub soft_delete: Option<usize>,
    /// In declaration order; a relation marker's `INDEX` is a position here.
    pub relations: &'static [RelationMeta],
    /// Unique constraints besides the primary key.
    pub uniques: &'static [UniqueMeta],
    /// Foreign keys that the database holds for this table.
    pub foreign_keys: &'static [ForeignKeyMeta],
    /// Relations by which others point at rows of this model, where generated code has to follow what becomes of them.
    pub dependents: &'static [DependentMeta],
    /// Statements known when the code was generated.
    pub sql: ModelSql,
    /// An empty, growing list of this model's rows, with room for so many.
    pub rows: fn(usize) -> Box<dyn Rows>,
}

impl ModelMeta {
    /// Whether the library keeps the property by itself, whatever a whole row says of it.
    pub(crate) fn is_kept(&self, property: usize) -> bool {
        let stamps = matches!(self.properties[property].generated, Generated::CreatedAt | Generated::UpdatedAt);
        stamps || self.soft_delete == Some(property)
    }
}

/// A view: what is read of a model's rows, where that is not all.
#[derive(Debug)]
pub struct ViewMeta {
    /// As in the schema.
    pub name: &'static str,
    /// Whose rows it shows.
    pub model: &'static ModelMeta,
    /// The properties that are read, in the order of the view's fields: those that it shows, its primary key, and the
    /// keys of what it includes.
    pub columns: &'static [usize],
    /// Statements known when the code was generated; of a view within another, none.
    pub sql: Option<ViewSql>,
    /// An empty, growing list of what is read of the rows, with room for so many.
    pub rows: fn(usize) -> Box<dyn Rows>,
}

/// Statements of one view that need nothing but bound values. The table's alias is `t0`.
#[derive(Debug)]
pub struct ViewSql {
    /// `SELECT … FROM …` without conditions.
    pub select: Dialects<&'static str>,
    /// … by primary key.
    pub select_by_key: Dialects<&'static str>,
}

/// Statements of one model that need nothing but bound values. The table's alias is `t0`.
#[derive(Debug)]
pub struct ModelSql {
    /// `SELECT … FROM …` without conditions.
    pub select: Dialects<&'static str>,
    /// … by primary key.
    pub select_by_key: Dialects<&'static str>,
    /// `INSERT INTO … VALUES …` of every property but one generated by the database, in property order; where the
    /// dialect has it, `RETURNING` that one.
    pub insert: Dialects<&'static str>,
    /// The same of any number of rows: from arrays, one bound for each column (`postgres`), or up to `VALUES`, the
    /// rows to be added (`mysql`). Empty where it is `insert` row by row, or no column has a value to bind.
    pub insert_many: Dialects<&'static str>,
    /// `DELETE FROM …` by primary key.
    pub delete_by_key: Dialects<&'static str>,
}

#[cfg(test)]
impl ModelSql {
    /// For models that are never asked for.
    pub(crate) const NONE: Self = Self {
        select: Dialects::same(""),
        select_by_key: Dialects::same(""),
        insert: Dialects::same(""),
        insert_many: Dialects::same(""),
        delete_by_key: Dialects::same(""),
    };
}

/// A unique constraint.
#[derive(Debug)]
pub struct UniqueMeta {
    /// The constraint's or index's name.
    pub name: &'static str,
    /// Its properties.
    pub properties: &'static [usize],
    /// It counts live rows only.
    pub live: bool,
}

/// A foreign key that the database holds.
#[derive(Debug)]
pub struct ForeignKeyMeta {
    /// The constraint's name.
    pub name: &'static str,
    /// The relation that declares it, on either side: `customer`, or `Customer.orders` for one-sided ones.
    pub relation: &'static str,
    /// Properties of the table that holds it.
    pub from: &'static [usize],
    /// The table pointed at.
    pub target: &'static ModelMeta,
    /// Properties pointed at, aligned with `from`.
    pub to: &'static [usize],
}

/// Rows that point at rows of a model, and what becomes of them where these go or change their keys: of a weak
/// relation, or of a strong one that leads to rows of such.
#[derive(Debug)]
pub struct DependentMeta {
    /// The model that holds the key.
    pub holder: &'static ModelMeta,
    /// The relation that declares it, on either side: `customer`, or `Customer.orders` for one-sided ones.
    pub relation: &'static str,
    /// Key properties of the holder.
    pub from: &'static [usize],
    /// Key properties of the model pointed at, aligned with `from`.
    pub to: &'static [usize],
    /// Of a polymorphic relation, whose source is the holder: what its rows hold that point at this model.
    pub named: Option<Named>,
    /// The database holds the key, and does itself what the relation says.
    pub strong: bool,
    /// When a row pointed at goes.
    pub on_delete: Action,
    /// When its key changes.
    pub on_update: Action,
}

/// What becomes of rows that point at others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    NoAction,
    /// The change is refused.
    Restrict,
    /// They go as well, or follow the key.
    Cascade,
    /// Their key is unset.
    SetNull,
}
