//! What can be wrong with names, alone and together.

use super::codes;

codes! { "names";

    INVALID_NAME = "invalid-name", Error,
    "A name is not made of the letters it needs",
    "Models and enums are written `[A-Z][A-Za-z0-9]*`, properties and relations `[a-z][A-Za-z0-9_]*`, \
     so that Rust names can be derived from them. A model, an enum and a view has at most 120 characters, \
     since a file is called after it. Tables, columns and indexes are made of ASCII \
     characters that can be seen, and blanks, but none at the end, at most 63 bytes, which every database \
     takes; a table in a schema counts with it, since both are one name where a database has no schemas.",
    r"
models:
  order_item:
    properties: { id: { type: integer, id: true } }
",
    r"
models:
  OrderItem:
    properties: { id: { type: integer, id: true } }
";

    RESERVED_NAME = "reserved-name", Error,
    "A name is needed by emitted code",
    "A relation stands beside the methods of its repository, so it cannot be called like one; no more can a plural, \
     which is a method beside those of `Db` and `Tx`. `Db`, \
     `Tx` and `Repositories` are types of every generated crate, `all` is a name in every module, and \
     `self`, `super` and `crate` are Rust keywords that cannot be written raw. Some names of tables, columns and \
     indexes are kept by one of the databases for itself.",
    r"
models:
  Db:
    properties: { id: { type: integer, id: true } }
",
    r"
models:
  Database:
    properties: { id: { type: integer, id: true } }
";

    DUPLICATE_MODEL = "duplicate-model", Error,
    "Two models have one name",
    "All files are merged into one namespace. Two declarations of one model would each be half of it, \
     and nothing says how to put them together.",
    "",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
";

    DUPLICATE_ENUM = "duplicate-enum", Error,
    "Two enums have one name",
    "All files are merged into one namespace, and an enum is declared in one of them.",
    "",
    r"
enums:
  Status: [open, closed]
models:
  Order:
    properties: { id: { type: integer, id: true }, status: Status }
";

    DUPLICATE_DATASOURCE = "duplicate-datasource", Error,
    "A datasource is described in two ways",
    "A datasource may be named in several files, as each may want to be complete in itself, but then \
     its entries are equal.",
    "",
    r"
datasources:
  db: { description: where everything lives }
models:
  Customer:
    properties: { id: { type: integer, id: true } }
";

    NAME_COLLISION = "name-collision", Error,
    "Two names fall together in Rust",
    "Rust names are derived: types in UpperCamelCase, fields and modules in snake_case, and beside a \
     model `Order` stand `NewOrder`, `OrderPatch`, `OrderRepository`, `OrderWith` and \
     `OrderWithRelations`. Two names that differ in the schema and are one in Rust would not compile.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
  NewOrder:
    properties: { id: { type: integer, id: true } }
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
  FreshOrder:
    properties: { id: { type: integer, id: true } }
";

    DUPLICATE_TABLE = "duplicate-table", Error,
    "Two models would share a table",
    "Names of tables are compared ignoring case, as some databases do. A schema of PostgreSQL is a \
     prefix elsewhere, so `crm.orders` and `crm_orders` are the same table.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    table: sales
  Invoice:
    properties: { id: { type: integer, id: true } }
    table: Sales
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    table: sales
  Invoice:
    properties: { id: { type: integer, id: true } }
";

    DUPLICATE_COLUMN = "duplicate-column", Error,
    "Two properties would share a column",
    "Names of columns are compared ignoring case, as some databases do.",
    r"
models:
  Order:
    properties: 
      id: { type: integer, id: true }
      total: { type: decimal, column: amount }
      amount: decimal
",
    r"
models:
  Order:
    properties: 
      id: { type: integer, id: true }
      total: { type: decimal, column: total_amount }
      amount: decimal
";

    DUPLICATE_INDEX_NAME = "duplicate-index-name", Error,
    "Two indexes have one name",
    "In most databases the names of indexes are unique among all tables, and differ from those of tables. \
     A name that is not given is chosen so that it is free.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true }, at: datetime }
    indexes: [{ properties: at, name: by_time }]
  Invoice:
    properties: { id: { type: integer, id: true }, at: datetime }
    indexes: [{ properties: at, name: by_time }]
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true }, at: datetime }
    indexes: [{ properties: at, name: orders_by_time }]
  Invoice:
    properties: { id: { type: integer, id: true }, at: datetime }
    indexes: [{ properties: at, name: invoices_by_time }]
";
}
