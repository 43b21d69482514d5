//! The shop workload: its data, made from pure functions of the id, and the rows that hand-written code
//! decodes. Knows nothing of Relata.

pub mod synthetic;

use rusqlite::{Connection, Row, params};
use std::path::Path;

/// How many rows each table has.
pub const CUSTOMERS: i64 = 1_000;
/// How many rows each table has.
pub const PRODUCTS: i64 = 500;
/// How many rows each table has.
pub const ORDERS: i64 = 10_000;
/// How many rows each table has.
pub const ITEMS: i64 = 30_000;

const CITIES: [&str; 10] = ["Lisbon", "Kyoto", "Quito", "Oslo", "Accra", "Pune", "Turin", "Hobart", "Leeds", "Fes"];

/// The finaliser of splitmix64: a small fixed hash, so that two seedings are equal byte for byte.
#[must_use]
pub fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// A row of `customers`, as hand-written code has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// Primary key.
    pub id: i64,
    /// Display name.
    pub name: String,
    /// Unique.
    pub email: String,
    /// Absent for one in ten.
    pub city: Option<String>,
    /// Milliseconds.
    pub created_at: i64,
}

impl Customer {
    /// Decodes by position, from column `first` on.
    ///
    /// # Errors
    /// When a column has another type.
    pub fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(first)?,
            name: row.get(first + 1)?,
            email: row.get(first + 2)?,
            city: row.get(first + 3)?,
            created_at: row.get(first + 4)?,
        })
    }
}

/// A row of `orders`.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Primary key.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// Text.
    pub description: String,
    /// 1 to 100.
    pub quantity: i64,
    /// Price.
    pub total: f64,
}

impl Order {
    /// Decodes by position.
    ///
    /// # Errors
    /// When a column has another type.
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            customer_id: row.get(1)?,
            description: row.get(2)?,
            quantity: row.get(3)?,
            total: row.get(4)?,
        })
    }
}

/// A row of `order_items`.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Primary key.
    pub id: i64,
    /// Of which order.
    pub order_id: i64,
    /// Of what.
    pub product_id: i64,
    /// How many.
    pub qty: i64,
    /// Of one.
    pub price: f64,
}

impl Item {
    /// Decodes by position.
    ///
    /// # Errors
    /// When a column has another type.
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            order_id: row.get(1)?,
            product_id: row.get(2)?,
            qty: row.get(3)?,
            price: row.get(4)?,
        })
    }
}

/// Opens a connection as somebody who knows SQLite does.
///
/// # Errors
/// When the file cannot be opened.
pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")?;
    // Without it SQLite prepares anew, silently, when a bound value that the planner looked at changes.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// Creates and fills the four tables.
///
/// # Errors
/// When the file is not new.
pub fn seed(path: &Path) -> rusqlite::Result<()> {
    let mut connection = open(path)?;
    connection.execute_batch(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, city TEXT NULL, created_at INTEGER NOT NULL);
         CREATE TABLE products (id INTEGER PRIMARY KEY AUTOINCREMENT, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, price REAL NOT NULL);
         CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL, description TEXT NOT NULL, quantity INTEGER NOT NULL, total REAL NOT NULL, FOREIGN KEY (customer_id) REFERENCES customers(id));
         CREATE TABLE order_items (id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, qty INTEGER NOT NULL, price REAL NOT NULL, FOREIGN KEY (order_id) REFERENCES orders(id), FOREIGN KEY (product_id) REFERENCES products(id));",
    )?;
    let transaction = connection.transaction()?;
    for i in 1..=CUSTOMERS {
        let city = (i % 10 != 0).then(|| CITIES[usize::try_from(mix(id(i)) % 10).unwrap_or(0)]);
        transaction.prepare_cached("INSERT INTO customers VALUES (?, ?, ?, ?, ?)")?.execute(params![
            i,
            format!("Customer {i:04}"),
            format!("customer{i:04}@example.org"),
            city,
            1_700_000_000_000 + i * 1000
        ])?;
    }
    for i in 1..=PRODUCTS {
        transaction.prepare_cached("INSERT INTO products VALUES (?, ?, ?, ?)")?.execute(params![
            i,
            format!("SKU-{i:05}"),
            format!("Product {i}"),
            below(id(i) * 7, 10_000) / 100.0 + 0.5
        ])?;
    }
    for i in 1..=ORDERS {
        let quantity = i64::try_from(mix(id(i) * 11) % 100).unwrap_or(0) + 1;
        let total = (below(id(i) * 11, 100) + 1.0) * (below(id(i) * 13, 5_000) / 100.0 + 0.25);
        transaction.prepare_cached("INSERT INTO orders VALUES (?, ?, ?, ?, ?)")?.execute(params![
            i,
            (i - 1) % CUSTOMERS + 1,
            format!("Order number {i} of the shop"),
            quantity,
            total
        ])?;
    }
    for i in 1..=ITEMS {
        transaction.prepare_cached("INSERT INTO order_items VALUES (?, ?, ?, ?, ?)")?.execute(params![
            i,
            (i - 1) % ORDERS + 1,
            i64::try_from(mix(id(i) * 17) % PRODUCTS.unsigned_abs()).unwrap_or(0) + 1,
            i64::try_from(mix(id(i) * 19) % 9).unwrap_or(0) + 1,
            below(id(i) * 23, 10_000) / 100.0 + 0.5
        ])?;
    }
    transaction.commit()?;
    connection.execute_batch(
        "CREATE INDEX orders_customer_id ON orders(customer_id);
         CREATE INDEX order_items_order_id ON order_items(order_id);
         CREATE INDEX order_items_product_id ON order_items(product_id);
         ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);",
    )
}

fn id(i: i64) -> u64 {
    i.unsigned_abs()
}

#[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
fn below(n: u64, limit: u64) -> f64 {
    (mix(n) % limit) as f64
}
