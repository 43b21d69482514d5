//! rusqlite: cached statements, stable plans, one read transaction around several statements, no `RETURNING`.

use std::path::Path;
use std::rc::Rc;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Params, Row, params, params_from_iter};

use super::{DESCRIPTION, marks};
use crate::data::{Customer, Item, Order, Size, Tree, pick};
use crate::workload::{Failure, Side, Workload};

pub(crate) struct Hand {
    connection: Connection,
    size: Size,
    /// Statements whose lists are written as marks.
    filter: String,
    orders: String,
    items: String,
}

/// Opens a connection as somebody who knows SQLite does.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")?;
    // Without it SQLite prepares anew, silently, when a bound value that the planner looked at changes.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    rusqlite::vtab::array::load_module(&connection)?;
    Ok(connection)
}

impl Hand {
    pub(crate) fn open(path: &Path, size: Size) -> Result<Self, Failure> {
        Ok(Self {
            connection: open(path)?,
            size,
            filter: format!(
                concat!(
                    "SELECT ",
                    order!(),
                    " FROM orders o WHERE o.quantity > ? AND o.customer_id IN ({}) ORDER BY o.id DESC LIMIT 50"
                ),
                marks(20)
            ),
            orders: format!(concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id IN ({})"), marks(100)),
            items: format!(concat!("SELECT ", item!(), " FROM order_items i WHERE i.order_id IN ({})"), marks(1_000)),
        })
    }

    fn run(&self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure> {
        let one_of = |limit| pick(counter, limit);
        let (customers, orders) = (self.size.customers, self.size.orders);
        Ok(match workload {
            Workload::W1 => {
                const SQL: &str = concat!("SELECT ", customer!(), " FROM customers c WHERE c.id = ?1");
                usize::from(self.customer(SQL, one_of(customers))?.id > 0)
            }
            Workload::W2 => {
                const SQL: &str = concat!(
                    "SELECT ",
                    customer!(),
                    " FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = ?1"
                );
                usize::from(self.customer(SQL, one_of(orders))?.id > 0)
            }
            Workload::W3 => {
                const SQL: &str = concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id = ?1");
                self.orders(SQL, [one_of(customers)])?.len()
            }
            Workload::W4 => self.with_customers(one_of(orders - 1_000))?,
            Workload::W5 => self.nested(form, one_of(customers - 100))?,
            Workload::W6 => {
                const SQL: &str = concat!(
                    "SELECT ",
                    order!(),
                    " FROM orders o WHERE o.quantity > ?1 AND o.customer_id IN rarray(?2) ORDER BY o.id DESC LIMIT 50"
                );
                let of = (0..20).map(|n| pick(counter * 20 + n, customers));
                match form {
                    0 => self.orders(&self.filter, params_from_iter(std::iter::once(one_of(50)).chain(of)))?.len(),
                    _ => self.orders(SQL, params![one_of(50), list(of)])?.len(),
                }
            }
            Workload::W7 => usize::from(self.create(&mut self.insert()?, one_of(customers))?.id > 0),
            Workload::W8 => {
                self.connection.execute_batch("BEGIN IMMEDIATE")?;
                let mut statement = self.insert()?;
                let created = (0..1_000).map(|n| self.create(&mut statement, n % customers + 1));
                let created = created.collect::<Result<Vec<_>, _>>()?;
                self.connection.execute_batch("COMMIT")?;
                created.len()
            }
            Workload::W10 => {
                const SQL: &str = concat!("SELECT ", order!(), " FROM orders o");
                self.orders(SQL, [])?.len()
            }
            Workload::Top => self.dearest()?,
        })
    }

    fn orders(&self, sql: &str, params: impl Params) -> Result<Vec<Order>, Failure> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let orders = statement.query_map(params, |row| order(row, 0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(orders)
    }

    fn customer(&self, sql: &str, id: i64) -> Result<Customer, Failure> {
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| customer(row, 0))?)
    }

    fn with_customers(&self, from: i64) -> Result<usize, Failure> {
        const SQL: &str = concat!(
            "SELECT ",
            order!(),
            ", ",
            customer!(),
            " FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id >= ?1 AND o.id < ?2"
        );
        let mut statement = self.connection.prepare_cached(SQL)?;
        let rows = statement.query_map([from, from + 1_000], |row| Ok((order(row, 0)?, customer(row, 5)?)))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.len())
    }

    /// One statement a level, inside one read transaction.
    fn nested(&self, form: usize, from: i64) -> Result<usize, Failure> {
        const CUSTOMERS: &str = concat!("SELECT ", customer!(), " FROM customers c WHERE c.id >= ?1 AND c.id < ?2");
        const ORDERS: &str = concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id IN rarray(?1)");
        const ITEMS: &str = concat!("SELECT ", item!(), " FROM order_items i WHERE i.order_id IN rarray(?1)");
        self.connection.execute_batch("BEGIN")?;
        let mut tree = Tree::default();
        self.each(CUSTOMERS, [from, from + 100], |row| {
            tree.customer(customer(row, 0)?);
            Ok(())
        })?;
        let keys: Vec<i64> = tree.customers().collect();
        let add = |row: &Row<'_>| {
            tree.order(order(row, 0)?);
            Ok(())
        };
        match form {
            0 => self.each(&self.orders, params_from_iter(keys), add)?,
            _ => self.each(ORDERS, [list(keys)], add)?,
        }
        let keys: Vec<i64> = tree.orders().collect();
        let add = |row: &Row<'_>| {
            tree.item(item(row)?);
            Ok(())
        };
        match form {
            0 => self.each(&self.items, params_from_iter(keys), add)?,
            _ => self.each(ITEMS, [list(keys)], add)?,
        }
        self.connection.execute_batch("COMMIT")?;
        Ok(tree.rows())
    }

    /// As many rows as are wanted are read for each customer, over an index that has them in order.
    fn dearest(&self) -> Result<usize, Failure> {
        const CUSTOMERS: &str = concat!("SELECT ", customer!(), " FROM customers c");
        const ORDERS: &str = concat!(
            "SELECT ",
            order!(),
            " FROM rarray(?1) k JOIN orders o ON o.rowid IN (SELECT d.rowid FROM orders d WHERE d.customer_id = k.value ORDER BY d.total DESC, d.id LIMIT 3)"
        );
        self.connection.execute_batch("BEGIN")?;
        let mut tree = Tree::default();
        self.each(CUSTOMERS, [], |row| {
            tree.customer(customer(row, 0)?);
            Ok(())
        })?;
        let keys = list(tree.customers());
        self.each(ORDERS, [keys], |row| {
            tree.order(order(row, 0)?);
            Ok(())
        })?;
        self.connection.execute_batch("COMMIT")?;
        Ok(tree.rows())
    }

    fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    }

    fn insert(&self) -> rusqlite::Result<CachedStatement<'_>> {
        self.connection
            .prepare_cached("INSERT INTO orders (customer_id, description, quantity, total) VALUES (?1, ?2, ?3, ?4)")
    }

    fn create(&self, statement: &mut CachedStatement<'_>, customer_id: i64) -> rusqlite::Result<Order> {
        let description = DESCRIPTION.to_owned();
        statement.execute(params![customer_id, description, 3, 9.5])?;
        Ok(Order { id: self.connection.last_insert_rowid(), customer_id, description, quantity: 3, total: 9.5 })
    }
}

impl Side for Hand {
    fn forms(&self, workload: Workload) -> Vec<&'static str> {
        match workload {
            Workload::W4 => vec!["join"],
            Workload::W5 | Workload::W6 => vec!["marks", "rarray"],
            Workload::Top => vec!["row ids"],
            _ => vec!["cached"],
        }
    }

    async fn once(&mut self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure> {
        self.run(workload, form, counter)
    }

    async fn clean(&mut self) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM orders WHERE id > ?1", [self.size.orders])?;
        Ok(self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }
}

/// A list as one bound value.
fn list(ids: impl IntoIterator<Item = i64>) -> Rc<Vec<Value>> {
    Rc::new(ids.into_iter().map(Value::from).collect())
}

fn customer(row: &Row<'_>, first: usize) -> rusqlite::Result<Customer> {
    Ok(Customer {
        id: row.get(first)?,
        name: row.get(first + 1)?,
        email: row.get(first + 2)?,
        city: row.get(first + 3)?,
        created_at: row.get(first + 4)?,
    })
}

fn order(row: &Row<'_>, first: usize) -> rusqlite::Result<Order> {
    Ok(Order {
        id: row.get(first)?,
        customer_id: row.get(first + 1)?,
        description: row.get(first + 2)?,
        quantity: row.get(first + 3)?,
        total: row.get(first + 4)?,
    })
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item { id: row.get(0)?, order_id: row.get(1)?, product_id: row.get(2)?, qty: row.get(3)?, price: row.get(4)? })
}
