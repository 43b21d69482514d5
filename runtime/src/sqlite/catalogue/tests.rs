//! Tables that are there, missing, or other than the schema says.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::meta::{EnumMeta, ForeignKeyMeta, ModelSql, NamedSql, UniqueMeta};
use crate::row::Rows;
use crate::sqlite::open::{Place, Role};
use crate::sqlite::url::Location;

const STATE: EnumMeta = EnumMeta { name: "State", values: &["new", "old"] };

const fn required(name: &'static str, kind: Kind) -> PropertyMeta {
    PropertyMeta { name, column: name, kind, required: true, ..PropertyMeta::EMPTY }
}

fn rows(_: usize) -> Box<dyn Rows> {
    unreachable!("no rows are read")
}

static CUSTOMER: ModelMeta = ModelMeta {
    name: "Customer",
    table: "customers",
    qualified: None,
    datasource: 0,
    properties: &[
        required("id", Kind::Integer),
        required("email", Kind::String),
        required("state", Kind::Enum(&STATE)),
    ],
    key: &[0],
    key_name: "customers_pkey",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[UniqueMeta { name: "customers_email_key", properties: &[1], live: false }],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql::NONE,
    rows,
};

static LINE: ModelMeta = ModelMeta {
    name: "Line",
    table: "lines",
    qualified: None,
    datasource: 0,
    properties: &[
        required("customer_id", Kind::Integer),
        required("no", Kind::Int32),
        PropertyMeta { required: false, ..required("price", Kind::Decimal) },
    ],
    key: &[0, 1],
    key_name: "lines_pkey",
    version: None,
    soft_delete: None,
    relations: &[],
    uniques: &[],
    dependents: &[],
    foreign_keys: &[ForeignKeyMeta {
        name: "lines_customer_id_fkey",
        relation: "customer",
        from: &[0],
        target: &CUSTOMER,
        to: &[0],
    }],
    sql: ModelSql::NONE,
    rows,
};

const CUSTOMERS: &str = "CREATE TABLE \"customers\" (\"id\" INTEGER PRIMARY KEY, \"email\" TEXT NOT NULL, \"state\" TEXT \
     NOT NULL CHECK (\"state\" IN ('new', 'old')), CONSTRAINT \"customers_email_key\" UNIQUE (\"email\")) STRICT";
const LINES: &str = "CREATE TABLE \"lines\" (\"customer_id\" INTEGER NOT NULL REFERENCES \"customers\" (\"id\"), \"no\" \
     INTEGER NOT NULL, \"price\" INTEGER, PRIMARY KEY (\"customer_id\", \"no\")) STRICT";
const INDEX: &str = "CREATE INDEX \"lines_no_idx\" ON \"lines\" (\"no\")";

static TABLES: &[TableMeta] = &[
    TableMeta { model: &CUSTOMER, ddl: ddl(TableSql { create: &[CUSTOMERS], ..NOTHING }) },
    TableMeta {
        model: &LINE,
        ddl: ddl(TableSql { create: &[LINES], indexes: &[NamedSql { name: "lines_no_idx", sql: INDEX }], ..NOTHING }),
    },
];

const NOTHING: TableSql = TableSql { create: &[], indexes: &[], constraints: &[] };

const fn ddl(sqlite: TableSql) -> Dialects<TableSql> {
    Dialects { sqlite, postgres: NOTHING, mysql: NOTHING }
}

fn connection() -> Connection {
    let place = Arc::new(Place { location: Location::Memory, patience: Duration::ZERO, statement_timeout: None });
    Connection::open(&place, Role::Write).unwrap()
}

fn create_all(connection: &mut Connection) -> Result<()> {
    create_tables(connection, Scope::WRITE, TABLES)
}

/// The differences that are told where the tables were made by other statements.
fn differences(statements: &[&str]) -> Vec<String> {
    let mut connection = connection();
    connection.sqlite.execute_batch(&statements.join(";")).unwrap();
    let before = objects(&connection);
    let result = create_all(&mut connection);
    match result {
        Ok(()) => Vec::new(),
        Err(Error::Migration { differences }) => {
            assert_eq!(objects(&connection), before, "nothing is created where something differs");
            differences
        }
        Err(other) => panic!("{other}"),
    }
}

fn objects(connection: &Connection) -> i64 {
    connection.sqlite.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap()
}

#[test]
fn tables_are_created_once() {
    let mut connection = connection();
    create_all(&mut connection).unwrap();
    let made = objects(&connection);
    create_all(&mut connection).unwrap();
    assert_eq!(objects(&connection), made);
    assert!(connection.is_idle());
}

#[test]
fn a_missing_table_and_a_missing_index_are_added() {
    assert_eq!(differences(&[CUSTOMERS]), [""; 0]);
    let mut connection = connection();
    connection.sqlite.execute_batch(&[CUSTOMERS, LINES].join(";")).unwrap();
    create_all(&mut connection).unwrap();
    let named = "SELECT count(*) FROM sqlite_schema WHERE name = 'lines_no_idx'";
    assert_eq!(connection.sqlite.query_row(named, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn names_are_compared_ignoring_case() {
    let upper = CUSTOMERS.replace("\"customers\" (\"id\"", "\"CUSTOMERS\" (\"ID\"").replace("INTEGER", "integer");
    assert_eq!(differences(&[&upper]), [""; 0]);
}

#[test]
fn every_difference_is_a_sentence() {
    let other = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email INTEGER, extra TEXT)";
    let lines = "CREATE TABLE lines (customer_id INTEGER NOT NULL, no INTEGER NOT NULL, price TEXT NOT NULL UNIQUE, \
         PRIMARY KEY (no, customer_id), FOREIGN KEY (no) REFERENCES customers (id))";
    assert_eq!(
        differences(&[other, lines]),
        [
            "column `customers.email` is INTEGER, not TEXT",
            "column `customers.email` is optional, not NOT NULL",
            "table `customers` has no column `state`",
            "table `customers` has a column `extra`, which the schema has not",
            "table `customers` has no unique constraint on (email)",
            "column `lines.price` is TEXT, not INTEGER",
            "column `lines.price` is NOT NULL, not optional",
            "the primary key of table `lines` is (no, customer_id), not (customer_id, no)",
            "table `lines` has a unique constraint on (price), which the schema has not",
            "table `lines` has no foreign key (customer_id) to customers (id)",
            "table `lines` has a foreign key (no) to customers (id), which the schema has not",
        ]
    );
}

#[test]
fn another_enum_is_a_difference_and_another_layout_is_none() {
    let changed = CUSTOMERS.replace("'old'", "'old', 'lost'");
    assert_eq!(differences(&[&changed]), ["table `customers` has other CHECK constraints than the schema"]);
    let spaced = CUSTOMERS.replace("CHECK (\"state\" IN", "CHECK  ( \"state\"\n IN");
    assert_eq!(differences(&[&spaced]), [""; 0]);
}

#[test]
fn a_view_is_not_a_table() {
    assert_eq!(differences(&["CREATE VIEW customers AS SELECT 1 AS id"]), ["`customers` is a view, not a table"]);
}

#[test]
fn a_unique_index_serves_as_a_unique_constraint() {
    let plain = CUSTOMERS.replace(", CONSTRAINT \"customers_email_key\" UNIQUE (\"email\")", "");
    assert_eq!(differences(&[&plain]), ["table `customers` has no unique constraint on (email)"]);
    let index = "CREATE UNIQUE INDEX customers_email_key ON customers (email)";
    assert_eq!(differences(&[&plain, index]), [""; 0]);
}

static NOTE: ModelMeta = ModelMeta {
    name: "Note",
    table: "notes",
    qualified: None,
    datasource: 0,
    properties: &[
        required("id", Kind::Integer),
        required("title", Kind::String),
        PropertyMeta { required: false, ..required("deleted_at", Kind::DateTime) },
    ],
    key: &[0],
    key_name: "notes_pkey",
    version: None,
    soft_delete: Some(2),
    relations: &[],
    uniques: &[UniqueMeta { name: "notes_title_key", properties: &[1], live: true }],
    foreign_keys: &[],
    dependents: &[],
    sql: ModelSql::NONE,
    rows,
};

const NOTES: &str =
    "CREATE TABLE \"notes\" (\"id\" INTEGER PRIMARY KEY, \"title\" TEXT NOT NULL, \"deleted_at\" TEXT) STRICT";
const LIVE: &str = "CREATE UNIQUE INDEX \"notes_title_key\" ON \"notes\" (\"title\") WHERE \"deleted_at\" IS NULL";

static NOTES_ALONE: &[TableMeta] =
    &[TableMeta { model: &NOTE, ddl: ddl(TableSql { create: &[NOTES, LIVE], ..NOTHING }) }];

#[test]
fn what_is_unique_among_live_rows_is_not_unique_among_all() {
    let told = |statements: &[&str]| {
        let mut connection = connection();
        connection.sqlite.execute_batch(&statements.join(";")).unwrap();
        match create_tables(&mut connection, Scope::WRITE, NOTES_ALONE) {
            Err(Error::Migration { differences }) => differences,
            other => other.map(|()| Vec::new()).unwrap(),
        }
    };
    assert_eq!(told(&[]), [""; 0]);
    assert_eq!(told(&[NOTES, LIVE]), [""; 0]);
    assert_eq!(told(&[NOTES, "create unique index n on notes(title) where deleted_at is null"]), [""; 0]);
    let missing = "table `notes` has no unique constraint on (title) where deleted_at is NULL";
    assert_eq!(told(&[NOTES]), [missing]);
    let other = "CREATE UNIQUE INDEX n ON notes (title) WHERE deleted_at IS NOT NULL";
    assert_eq!(told(&[NOTES, other]), [missing]);
    let whole = "table `notes` has a unique constraint on (title), which the schema has not";
    assert_eq!(told(&[NOTES, "CREATE UNIQUE INDEX n ON notes (title)"]), [missing, whole]);
}
