//! `mysql_async`: prepared statements, rows decoded as they arrive, no `RETURNING`, constant limits.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Params, Row, Statement, Value};

use super::{DESCRIPTION, marks};
use crate::data::{Customer, Item, Multiply, Order, Size, Tree, pick};
use crate::tasks::Caller;
use crate::workload::{Failure, Side, Workload};

const BY_ID: &str = concat!("SELECT ", customer!(), " FROM customers c WHERE c.id = ?");

/// Keys as rows, from one bound text.
macro_rules! keys {
    () => {
        "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) k"
    };
}

pub(crate) async fn connect(url: &str) -> Result<Conn, Failure> {
    Ok(Conn::new(Opts::from_url(url)?).await?)
}

pub(crate) struct Hand {
    conn: Conn,
    size: Size,
    by_id: Statement,
    of_order: Statement,
    orders_of: Statement,
    joined: Statement,
    range: Statement,
    customers: Statement,
    some_customers: Statement,
    /// By the form in which the list is given.
    some_orders: [Statement; 2],
    some_items: [Statement; 2],
    filter: [Statement; 2],
    insert: Statement,
    insert_hundred: Statement,
    insert_thousand: Statement,
    scan: Statement,
    all: Statement,
    /// By form.
    dearest: [Statement; 3],
}

impl Hand {
    #[allow(clippy::too_many_lines, reason = "a list of statements")]
    pub(crate) async fn open(url: &str, size: Size) -> Result<Self, Failure> {
        let mut conn = connect(url).await?;
        let mut prepare = async |sql: &str| conn.prep(sql).await;
        let insert = "INSERT INTO orders (customer_id, description, quantity, total) VALUES ";
        let rows = |count: usize| format!("{insert}{}", vec!["(?,?,?,?)"; count].join(","));
        Ok(Self {
            size,
            by_id: prepare(BY_ID).await?,
            of_order: prepare(concat!(
                "SELECT ",
                customer!(),
                " FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = ?"
            ))
            .await?,
            orders_of: prepare(concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id = ?")).await?,
            joined: prepare(concat!(
                "SELECT ",
                order!(),
                ", ",
                customer!(),
                " FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id >= ? AND o.id < ?"
            ))
            .await?,
            range: prepare(concat!("SELECT ", order!(), " FROM orders o WHERE o.id >= ? AND o.id < ?")).await?,
            customers: prepare(concat!("SELECT ", customer!(), " FROM customers c WHERE c.id >= ? AND c.id < ?"))
                .await?,
            some_customers: prepare(&format!(
                concat!("SELECT ", customer!(), " FROM customers c WHERE c.id IN ({})"),
                marks(1_000)
            ))
            .await?,
            some_orders: [
                prepare(&format!(
                    concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id IN ({})"),
                    marks(100)
                ))
                .await?,
                prepare(concat!("SELECT ", order!(), " FROM ", keys!(), " JOIN orders o ON o.customer_id = k.id"))
                    .await?,
            ],
            some_items: [
                prepare(&format!(
                    concat!("SELECT ", item!(), " FROM order_items i WHERE i.order_id IN ({})"),
                    marks(1_000)
                ))
                .await?,
                prepare(concat!("SELECT ", item!(), " FROM ", keys!(), " JOIN order_items i ON i.order_id = k.id"))
                    .await?,
            ],
            filter: [
                prepare(&format!(
                    concat!(
                        "SELECT ",
                        order!(),
                        " FROM orders o WHERE o.quantity > ? AND o.customer_id IN ({}) ORDER BY o.id DESC LIMIT 50"
                    ),
                    marks(20)
                ))
                .await?,
                prepare(concat!(
                    "SELECT ",
                    order!(),
                    " FROM orders o WHERE o.quantity > ? AND o.customer_id IN (SELECT k.id FROM ",
                    keys!(),
                    ") ORDER BY o.id DESC LIMIT 50"
                ))
                .await?,
            ],
            insert: prepare(&rows(1)).await?,
            insert_hundred: prepare(&rows(100)).await?,
            insert_thousand: prepare(&rows(1_000)).await?,
            scan: prepare(concat!("SELECT ", order!(), " FROM orders o")).await?,
            all: prepare(concat!("SELECT ", customer!(), " FROM customers c")).await?,
            dearest: [
                prepare(concat!(
                    "SELECT ",
                    order!(),
                    " FROM (SELECT d.id, row_number() OVER (PARTITION BY d.customer_id ORDER BY d.total DESC, d.id) AS place FROM ",
                    keys!(),
                    " JOIN orders d ON d.customer_id = k.id) n JOIN orders o ON o.id = n.id WHERE n.place <= 3"
                ))
                .await?,
                prepare(concat!(
                    "SELECT ",
                    order!(),
                    " FROM (SELECT d.*, row_number() OVER (PARTITION BY d.customer_id ORDER BY d.total DESC, d.id) AS place FROM ",
                    keys!(),
                    " JOIN orders d ON d.customer_id = k.id) o WHERE o.place <= 3"
                ))
                .await?,
                // Only over an index that has them in order; without one each place sorts them all.
                prepare(concat!(
                    "SELECT STRAIGHT_JOIN ",
                    order!(),
                    " FROM ",
                    keys!(),
                    " JOIN (SELECT 0 AS place UNION ALL SELECT 1 UNION ALL SELECT 2) n JOIN orders o ON o.id = CASE n.place",
                    " WHEN 0 THEN (SELECT d.id FROM orders d WHERE d.customer_id = k.id ORDER BY d.total DESC, d.id LIMIT 1)",
                    " WHEN 1 THEN (SELECT d.id FROM orders d WHERE d.customer_id = k.id ORDER BY d.total DESC, d.id LIMIT 1 OFFSET 1)",
                    " ELSE (SELECT d.id FROM orders d WHERE d.customer_id = k.id ORDER BY d.total DESC, d.id LIMIT 1 OFFSET 2) END"
                ))
                .await?,
            ],
            conn,
        })
    }

    async fn orders(&mut self, statement: &Statement, params: impl Into<Params>) -> Result<Vec<Order>, Failure> {
        let mut orders = Vec::new();
        each(&mut self.conn, statement, params, |mut row| {
            orders.push(order(&mut row)?);
            Ok(())
        })
        .await?;
        Ok(orders)
    }

    async fn customer(&mut self, statement: &Statement, id: i64) -> Result<usize, Failure> {
        let mut row: Row = self.conn.exec_first(statement, (id,)).await?.ok_or("no customer")?;
        Ok(usize::from(customer(&mut row, 0)?.id > 0))
    }

    async fn joined(&mut self, from: i64) -> Result<usize, Failure> {
        let mut pairs = Vec::new();
        let add = |mut row: Row| {
            pairs.push((order(&mut row)?, customer(&mut row, 5)?));
            Ok(())
        };
        each(&mut self.conn, &self.joined, (from, from + 1_000), add).await?;
        Ok(pairs.len())
    }

    /// Orders, then their customers: among 1,000 orders in a row, every customer is named once.
    async fn beside(&mut self, from: i64) -> Result<usize, Failure> {
        let statement = self.range.clone();
        let orders = self.orders(&statement, (from, from + 1_000)).await?;
        let keys: Vec<Value> = orders.iter().map(|order| order.customer_id.into()).collect();
        let mut customers = std::collections::HashMap::with_capacity_and_hasher(keys.len(), Multiply::default());
        let add = |mut row: Row| {
            let customer = customer(&mut row, 0)?;
            customers.insert(customer.id, customer);
            Ok(())
        };
        each(&mut self.conn, &self.some_customers, keys, add).await?;
        let pairs: Vec<_> = orders.into_iter().map(|order| (customers.remove(&order.customer_id), order)).collect();
        Ok(pairs.len())
    }

    async fn nested(&mut self, form: usize, from: i64) -> Result<usize, Failure> {
        let mut tree = Tree::default();
        let add = |mut row: Row| {
            tree.customer(customer(&mut row, 0)?);
            Ok(())
        };
        each(&mut self.conn, &self.customers, (from, from + 100), add).await?;
        let keys = list(form, tree.customers());
        each(&mut self.conn, &self.some_orders[form], keys, |mut row| {
            tree.order(order(&mut row)?);
            Ok(())
        })
        .await?;
        let keys = list(form, tree.orders());
        each(&mut self.conn, &self.some_items[form], keys, |mut row| {
            tree.item(item(&mut row)?);
            Ok(())
        })
        .await?;
        Ok(tree.rows())
    }

    async fn dearest(&mut self, form: usize) -> Result<usize, Failure> {
        let mut tree = Tree::default();
        each(&mut self.conn, &self.all, (), |mut row| {
            tree.customer(customer(&mut row, 0)?);
            Ok(())
        })
        .await?;
        let keys = list(1, tree.customers());
        each(&mut self.conn, &self.dearest[form], keys, |mut row| {
            tree.order(order(&mut row)?);
            Ok(())
        })
        .await?;
        Ok(tree.rows())
    }

    async fn create(&mut self, customer_id: i64) -> Result<Order, Failure> {
        let description = DESCRIPTION.to_owned();
        self.conn.exec_drop(&self.insert, (customer_id, description.as_str(), 3_i64, 9.5)).await?;
        let id = self.conn.last_insert_id().ok_or("no id")?.cast_signed();
        Ok(Order { id, customer_id, description, quantity: 3, total: 9.5 })
    }

    /// Rows in statements of 1,000 or of 100. The ids of one statement follow each other.
    async fn create_many(&mut self, form: usize) -> Result<usize, Failure> {
        let mut orders: Vec<Order> = (0..1_000)
            .map(|n| n % self.size.customers + 1)
            .map(|customer_id| Order {
                id: 0,
                customer_id,
                description: DESCRIPTION.to_owned(),
                quantity: 3,
                total: 9.5,
            })
            .collect();
        let (statement, rows) = if form == 0 { (&self.insert_thousand, 1_000) } else { (&self.insert_hundred, 100) };
        if form > 0 {
            self.conn.query_drop("START TRANSACTION").await?;
        }
        for rows in orders.chunks_mut(rows) {
            let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 4);
            for row in rows.iter() {
                let texts = row.description.as_str().into();
                values.extend([row.customer_id.into(), texts, row.quantity.into(), row.total.into()]);
            }
            self.conn.exec_drop(statement, values).await?;
            let first = self.conn.last_insert_id().ok_or("no id")?.cast_signed();
            for (row, id) in rows.iter_mut().zip(first..) {
                row.id = id;
            }
        }
        if form > 0 {
            self.conn.query_drop("COMMIT").await?;
        }
        Ok(orders.len())
    }
}

impl Side for Hand {
    fn forms(&self, workload: Workload) -> Vec<&'static str> {
        match workload {
            Workload::W4 => vec!["join", "in"],
            Workload::W5 | Workload::W6 => vec!["marks", "json_table"],
            Workload::W7 => vec!["last id"],
            Workload::W8 => vec!["1,000 rows", "100 rows"],
            Workload::Top => vec!["window over ids", "window", "places"],
            _ => vec!["prepared"],
        }
    }

    async fn once(&mut self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure> {
        let one_of = |limit| pick(counter, limit);
        let (customers, orders) = (self.size.customers, self.size.orders);
        match workload {
            Workload::W1 => self.customer(&self.by_id.clone(), one_of(customers)).await,
            Workload::W2 => self.customer(&self.of_order.clone(), one_of(orders)).await,
            Workload::W3 => Ok(self.orders(&self.orders_of.clone(), (one_of(customers),)).await?.len()),
            Workload::W4 if form == 0 => self.joined(one_of(orders - 1_000)).await,
            Workload::W4 => self.beside(one_of(orders - 1_000)).await,
            Workload::W5 => self.nested(form, one_of(customers - 100)).await,
            Workload::W6 => {
                let of = (0..20).map(|n| pick(counter * 20 + n, customers));
                let params: Vec<Value> = std::iter::once(one_of(50).into()).chain(list(form, of)).collect();
                Ok(self.orders(&self.filter[form].clone(), params).await?.len())
            }
            Workload::W7 => Ok(usize::from(self.create(one_of(customers)).await?.id > 0)),
            Workload::W8 => self.create_many(form).await,
            Workload::W10 => Ok(self.orders(&self.scan.clone(), ()).await?.len()),
            Workload::Top => self.dearest(form).await,
        }
    }

    async fn clean(&mut self) -> Result<(), Failure> {
        Ok(self.conn.exec_drop("DELETE FROM orders WHERE id > ?", (self.size.orders,)).await?)
    }
}

/// Keys, each a value of its own (form 0) or all of them as one text.
fn list(form: usize, keys: impl Iterator<Item = i64>) -> Vec<Value> {
    use std::fmt::Write as _;

    if form == 0 {
        return keys.map(Value::from).collect();
    }
    let mut text = String::from("[");
    for key in keys {
        let comma = if text.len() > 1 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{key}");
    }
    text.push(']');
    vec![text.into()]
}

async fn each(
    conn: &mut Conn,
    statement: &Statement,
    params: impl Into<Params>,
    mut each: impl FnMut(Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut rows = conn.exec_iter(statement, params.into()).await?;
    while let Some(row) = rows.next().await? {
        each(row)?;
    }
    Ok(())
}

fn customer(row: &mut Row, first: usize) -> Result<Customer, Failure> {
    Ok(Customer {
        id: take(row, first)?,
        name: take(row, first + 1)?,
        email: take(row, first + 2)?,
        city: take(row, first + 3)?,
        created_at: take(row, first + 4)?,
    })
}

fn order(row: &mut Row) -> Result<Order, Failure> {
    Ok(Order {
        id: take(row, 0)?,
        customer_id: take(row, 1)?,
        description: take(row, 2)?,
        quantity: take(row, 3)?,
        total: take(row, 4)?,
    })
}

fn item(row: &mut Row) -> Result<Item, Failure> {
    Ok(Item {
        id: take(row, 0)?,
        order_id: take(row, 1)?,
        product_id: take(row, 2)?,
        qty: take(row, 3)?,
        price: take(row, 4)?,
    })
}

fn take<T: mysql_async::prelude::FromValue>(row: &mut Row, at: usize) -> Result<T, Failure> {
    Ok(row.take_opt(at).ok_or("a column is missing")??)
}

/// One who reads over a connection of their own.
pub(crate) struct Reader {
    conn: Conn,
    by_id: Statement,
    products: Statement,
}

impl Reader {
    pub(crate) async fn open(url: &str, readers: usize) -> Result<Vec<Self>, Failure> {
        let mut opened = Vec::new();
        for _ in 0..readers {
            let mut conn = connect(url).await?;
            let by_id = conn.prep(BY_ID).await?;
            let products = conn.prep("SELECT id, sku, name, price FROM products").await?;
            opened.push(Self { conn, by_id, products });
        }
        Ok(opened)
    }
}

impl Caller for Reader {
    async fn quick(&mut self, id: i64) -> Result<bool, Failure> {
        let mut row: Row = self.conn.exec_first(&self.by_id, (id,)).await?.ok_or("no customer")?;
        Ok(customer(&mut row, 0)?.id == id)
    }

    async fn slow(&mut self) -> Result<bool, Failure> {
        Ok(self.conn.exec_first::<Row, _, _>(&self.products, ()).await?.is_some())
    }
}
