//! `tokio-postgres`: held statements, rows decoded as they arrive, lists as one array, constant limits.

use std::pin::pin;
use std::sync::Arc;

use futures_util::TryStreamExt;
use tokio_postgres::types::{BorrowToSql, ToSql};
use tokio_postgres::{Client, NoTls, Row, Statement};

use super::DESCRIPTION;
use crate::data::{Customer, Item, Order, Size, Tree, pick};
use crate::tasks::Caller;
use crate::workload::{Failure, Side, Workload};

/// Opens a connection and lets it run beside.
pub(crate) async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

pub(crate) struct Hand {
    client: Client,
    size: Size,
    by_id: Statement,
    of_order: Statement,
    orders_of: Statement,
    joined: Statement,
    range: Statement,
    customers: Statement,
    some_customers: Statement,
    some_orders: Statement,
    some_items: Statement,
    filter: Statement,
    insert: Statement,
    insert_many: Statement,
    scan: Statement,
    all: Statement,
    dearest: Statement,
    numbered: Statement,
}

const BY_ID: &str = concat!("SELECT ", customer!(), " FROM customers c WHERE c.id = $1");

impl Hand {
    #[allow(clippy::too_many_lines, reason = "a list of statements")]
    pub(crate) async fn open(url: &str, size: Size) -> Result<Self, Failure> {
        let client = connect(url).await?;
        let prepare = async |sql: &str| client.prepare(sql).await;
        Ok(Self {
            size,
            by_id: prepare(BY_ID).await?,
            of_order: prepare(concat!(
                "SELECT ",
                customer!(),
                " FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1"
            ))
            .await?,
            orders_of: prepare(concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id = $1")).await?,
            joined: prepare(concat!(
                "SELECT ",
                order!(),
                ", ",
                customer!(),
                " FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id >= $1 AND o.id < $2"
            ))
            .await?,
            range: prepare(concat!("SELECT ", order!(), " FROM orders o WHERE o.id >= $1 AND o.id < $2")).await?,
            customers: prepare(concat!("SELECT ", customer!(), " FROM customers c WHERE c.id >= $1 AND c.id < $2"))
                .await?,
            some_customers: prepare(concat!("SELECT ", customer!(), " FROM customers c WHERE c.id = ANY($1)")).await?,
            some_orders: prepare(concat!("SELECT ", order!(), " FROM orders o WHERE o.customer_id = ANY($1)")).await?,
            some_items: prepare(concat!("SELECT ", item!(), " FROM order_items i WHERE i.order_id = ANY($1)")).await?,
            filter: prepare(concat!(
                "SELECT ",
                order!(),
                " FROM orders o WHERE o.quantity > $1 AND o.customer_id = ANY($2) ORDER BY o.id DESC LIMIT 50"
            ))
            .await?,
            insert: prepare(
                "INSERT INTO orders (customer_id, description, quantity, total) VALUES ($1, $2, $3, $4) RETURNING id",
            )
            .await?,
            insert_many: prepare(
                "INSERT INTO orders (customer_id, description, quantity, total) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::double precision[]) RETURNING id",
            )
            .await?,
            scan: prepare(concat!("SELECT ", order!(), " FROM orders o")).await?,
            all: prepare(concat!("SELECT ", customer!(), " FROM customers c")).await?,
            dearest: prepare(concat!(
                "SELECT ",
                order!(),
                " FROM unnest($1::bigint[]) k(id) CROSS JOIN LATERAL (SELECT * FROM orders d WHERE d.customer_id = k.id ORDER BY d.total DESC, d.id LIMIT 3) o"
            ))
            .await?,
            numbered: prepare(concat!(
                "SELECT ",
                order!(),
                " FROM (SELECT d.*, row_number() OVER (PARTITION BY d.customer_id ORDER BY d.total DESC, d.id) AS place FROM orders d WHERE d.customer_id = ANY($1)) o WHERE o.place <= 3"
            ))
            .await?,
            client,
        })
    }

    async fn each<P: BorrowToSql, const N: usize>(
        &self,
        statement: &Statement,
        params: [P; N],
        mut each: impl FnMut(&Row) -> Result<(), tokio_postgres::Error>,
    ) -> Result<(), Failure> {
        let mut rows = pin!(self.client.query_raw(statement, params).await?);
        while let Some(row) = rows.try_next().await? {
            each(&row)?;
        }
        Ok(())
    }

    async fn orders<P: BorrowToSql, const N: usize>(
        &self,
        statement: &Statement,
        params: [P; N],
    ) -> Result<Vec<Order>, Failure> {
        let mut orders = Vec::new();
        self.each(statement, params, |row| {
            orders.push(order(row, 0)?);
            Ok(())
        })
        .await?;
        Ok(orders)
    }

    async fn customer(&self, statement: &Statement, id: i64) -> Result<usize, Failure> {
        let mut rows = pin!(self.client.query_raw(statement, [id]).await?);
        let row = rows.try_next().await?.ok_or("no customer")?;
        Ok(usize::from(customer(&row, 0)?.id > 0))
    }

    /// Orders, then the customers that they name, each once.
    async fn beside(&self, from: i64) -> Result<usize, Failure> {
        let orders = self.orders(&self.range, [from, from + 1_000]).await?;
        let mut keys: Vec<i64> = orders.iter().map(|order| order.customer_id).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut customers =
            std::collections::HashMap::with_capacity_and_hasher(keys.len(), crate::data::Multiply::default());
        self.each(&self.some_customers, [keys], |row| {
            let customer = customer(row, 0)?;
            customers.insert(customer.id, customer);
            Ok(())
        })
        .await?;
        // Among 1,000 orders in a row, every customer is named once.
        let pairs: Vec<_> = orders.into_iter().map(|order| (customers.remove(&order.customer_id), order)).collect();
        Ok(pairs.len())
    }

    async fn joined(&self, from: i64) -> Result<usize, Failure> {
        let mut pairs = Vec::new();
        self.each(&self.joined, [from, from + 1_000], |row| {
            pairs.push((order(row, 0)?, customer(row, 5)?));
            Ok(())
        })
        .await?;
        Ok(pairs.len())
    }

    async fn nested(&self, from: i64) -> Result<usize, Failure> {
        let mut tree = Tree::default();
        self.each(&self.customers, [from, from + 100], |row| {
            tree.customer(customer(row, 0)?);
            Ok(())
        })
        .await?;
        let keys: Vec<i64> = tree.customers().collect();
        self.each(&self.some_orders, [keys], |row| {
            tree.order(order(row, 0)?);
            Ok(())
        })
        .await?;
        let keys: Vec<i64> = tree.orders().collect();
        self.each(&self.some_items, [keys], |row| {
            tree.item(item(row)?);
            Ok(())
        })
        .await?;
        Ok(tree.rows())
    }

    async fn dearest(&self, statement: &Statement) -> Result<usize, Failure> {
        let mut tree = Tree::default();
        self.each::<i64, 0>(&self.all, [], |row| {
            tree.customer(customer(row, 0)?);
            Ok(())
        })
        .await?;
        let keys: Vec<i64> = tree.customers().collect();
        self.each(statement, [keys], |row| {
            tree.order(order(row, 0)?);
            Ok(())
        })
        .await?;
        Ok(tree.rows())
    }

    async fn create(&self, customer_id: i64) -> Result<Order, Failure> {
        let description = DESCRIPTION.to_owned();
        let params: [&(dyn ToSql + Sync); 4] = [&customer_id, &description, &3_i64, &9.5];
        let mut id = 0;
        self.each(&self.insert, params, |row| {
            id = row.try_get(0)?;
            Ok(())
        })
        .await?;
        Ok(Order { id, customer_id, description, quantity: 3, total: 9.5 })
    }

    async fn create_many(&self) -> Result<usize, Failure> {
        let keys: Vec<i64> = (0..1_000).map(|n| n % self.size.customers + 1).collect();
        let descriptions: Vec<String> = keys.iter().map(|_| DESCRIPTION.to_owned()).collect();
        let (quantities, totals) = (vec![3_i64; keys.len()], vec![9.5; keys.len()]);
        let mut ids: Vec<i64> = Vec::with_capacity(keys.len());
        let params: [&(dyn ToSql + Sync); 4] = [&keys, &descriptions, &quantities, &totals];
        self.each(&self.insert_many, params, |row| {
            ids.push(row.try_get(0)?);
            Ok(())
        })
        .await?;
        let orders: Vec<Order> = (ids.into_iter().zip(keys).zip(descriptions))
            .map(|((id, customer_id), description)| Order { id, customer_id, description, quantity: 3, total: 9.5 })
            .collect();
        Ok(orders.len())
    }
}

impl Side for Hand {
    fn forms(&self, workload: Workload) -> Vec<&'static str> {
        match workload {
            Workload::W4 => vec!["join", "any"],
            Workload::W5 | Workload::W6 => vec!["any"],
            Workload::W7 => vec!["returning"],
            Workload::W8 => vec!["unnest"],
            Workload::Top => vec!["lateral", "window"],
            _ => vec!["held"],
        }
    }

    async fn once(&mut self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure> {
        let one_of = |limit| pick(counter, limit);
        let (customers, orders) = (self.size.customers, self.size.orders);
        match workload {
            Workload::W1 => self.customer(&self.by_id, one_of(customers)).await,
            Workload::W2 => self.customer(&self.of_order, one_of(orders)).await,
            Workload::W3 => Ok(self.orders(&self.orders_of, [one_of(customers)]).await?.len()),
            Workload::W4 if form == 0 => self.joined(one_of(orders - 1_000)).await,
            Workload::W4 => self.beside(one_of(orders - 1_000)).await,
            Workload::W5 => self.nested(one_of(customers - 100)).await,
            Workload::W6 => {
                let of: Vec<i64> = (0..20).map(|n| pick(counter * 20 + n, customers)).collect();
                let params: [&(dyn ToSql + Sync); 2] = [&one_of(50), &of];
                Ok(self.orders(&self.filter, params).await?.len())
            }
            Workload::W7 => Ok(usize::from(self.create(one_of(customers)).await?.id > 0)),
            Workload::W8 => self.create_many().await,
            Workload::W10 => Ok(self.orders::<i64, 0>(&self.scan, []).await?.len()),
            Workload::Top if form == 0 => self.dearest(&self.dearest).await,
            Workload::Top => self.dearest(&self.numbered).await,
        }
    }

    async fn clean(&mut self) -> Result<(), Failure> {
        self.client.execute("DELETE FROM orders WHERE id > $1", &[&self.size.orders]).await?;
        Ok(self.client.batch_execute("VACUUM orders").await?)
    }
}

fn customer(row: &Row, first: usize) -> Result<Customer, tokio_postgres::Error> {
    Ok(Customer {
        id: row.try_get(first)?,
        name: row.try_get(first + 1)?,
        email: row.try_get(first + 2)?,
        city: row.try_get(first + 3)?,
        created_at: row.try_get(first + 4)?,
    })
}

fn order(row: &Row, first: usize) -> Result<Order, tokio_postgres::Error> {
    Ok(Order {
        id: row.try_get(first)?,
        customer_id: row.try_get(first + 1)?,
        description: row.try_get(first + 2)?,
        quantity: row.try_get(first + 3)?,
        total: row.try_get(first + 4)?,
    })
}

fn item(row: &Row) -> Result<Item, tokio_postgres::Error> {
    Ok(Item {
        id: row.try_get(0)?,
        order_id: row.try_get(1)?,
        product_id: row.try_get(2)?,
        qty: row.try_get(3)?,
        price: row.try_get(4)?,
    })
}

/// One who reads over a connection of their own, or over one that others use at the same time.
pub(crate) struct Reader {
    client: Arc<Client>,
    by_id: Statement,
    products: Statement,
}

impl Reader {
    /// As many as there shall be, over as many connections.
    pub(crate) async fn open(url: &str, readers: usize, connections: usize) -> Result<Vec<Self>, Failure> {
        let mut opened = Vec::new();
        for _ in 0..connections {
            let client = connect(url).await?;
            let by_id = client.prepare(BY_ID).await?;
            let products = client.prepare("SELECT id, sku, name, price FROM products").await?;
            opened.push((Arc::new(client), by_id, products));
        }
        let reader = |(client, by_id, products)| Self { client, by_id, products };
        Ok(opened.into_iter().cycle().take(readers).map(reader).collect())
    }
}

impl Caller for Reader {
    async fn quick(&mut self, id: i64) -> Result<bool, Failure> {
        let mut rows = pin!(self.client.query_raw(&self.by_id, [id]).await?);
        let row = rows.try_next().await?.ok_or("no customer")?;
        Ok(customer(&row, 0)?.id == id)
    }

    async fn slow(&mut self) -> Result<bool, Failure> {
        let mut rows = pin!(self.client.query_raw::<_, i64, _>(&self.products, []).await?);
        Ok(rows.try_next().await?.is_some())
    }
}
