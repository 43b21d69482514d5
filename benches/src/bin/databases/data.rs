//! The shop's rows, as pure functions of their ids, so that every database holds the same bytes; and as hand-written
//! code has them. Knows no database.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// How many rows each table has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) customers: i64,
    pub(crate) products: i64,
    pub(crate) orders: i64,
    pub(crate) items: i64,
}

/// What W1 to W10 run on.
pub(crate) const SHOP: Size = Size { customers: 1_000, products: 500, orders: 10_000, items: 30_000 };

/// One cell of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
}

/// A table of the shop and its rows.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The first of them is the generated key.
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: i64,
    row: fn(Size, i64) -> Vec<Cell>,
    size: Size,
}

impl Table {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        (1..=self.rows).map(|i| (self.row)(self.size, i))
    }
}

/// Every table, those first that others point to.
pub(crate) fn tables(size: Size) -> [Table; 4] {
    let table = |name, columns, rows, row| Table { name, columns, rows, row, size };
    [
        table("customers", &["id", "name", "email", "city", "created_at"], size.customers, customer),
        table("products", &["id", "sku", "name", "price"], size.products, product),
        table("orders", &["id", "customer_id", "description", "quantity", "total"], size.orders, order),
        table("order_items", &["id", "order_id", "product_id", "qty", "price"], size.items, item),
    ]
}

const CITIES: [&str; 10] = ["Lisbon", "Kyoto", "Quito", "Oslo", "Accra", "Pune", "Turin", "Hobart", "Leeds", "Fes"];

fn customer(_: Size, i: i64) -> Vec<Cell> {
    let city = if i % 10 == 0 { Cell::Null } else { text(CITIES[usize::try_from(below(i, 10)).unwrap_or(0)]) };
    vec![
        Cell::Int(i),
        text(format!("Customer {i:04}")),
        text(format!("customer{i:04}@example.org")),
        city,
        Cell::Int(1_700_000_000_000 + i * 1000),
    ]
}

fn product(_: Size, i: i64) -> Vec<Cell> {
    vec![Cell::Int(i), text(format!("SKU-{i:05}")), text(format!("Product {i}")), cents(below(i * 7, 10_000), 0.5)]
}

fn order(size: Size, i: i64) -> Vec<Cell> {
    let quantity = below(i * 11, 100) + 1;
    #[allow(clippy::cast_precision_loss, reason = "at most 100")]
    let total = quantity as f64 * (below(i * 13, 5_000) as f64 / 100.0 + 0.25);
    vec![
        Cell::Int(i),
        Cell::Int((i - 1) % size.customers + 1),
        text(format!("Order number {i} of the shop")),
        Cell::Int(quantity),
        Cell::Real(total),
    ]
}

fn item(size: Size, i: i64) -> Vec<Cell> {
    vec![
        Cell::Int(i),
        Cell::Int((i - 1) % size.orders + 1),
        Cell::Int(below(i * 17, size.products) + 1),
        Cell::Int(below(i * 19, 9) + 1),
        cents(below(i * 23, 10_000), 0.5),
    ]
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

#[allow(clippy::cast_precision_loss, reason = "at most 10,000")]
fn cents(n: i64, more: f64) -> Cell {
    Cell::Real(n as f64 / 100.0 + more)
}

/// A number in `0..limit` that only `n` decides.
fn below(n: i64, limit: i64) -> i64 {
    (mix(n.unsigned_abs()) % limit.unsigned_abs()).cast_signed()
}

/// An id in `1..=limit`, at random to whoever looks at `counter` one by one.
pub(crate) fn pick(counter: u64, limit: i64) -> i64 {
    (mix(counter) % limit.unsigned_abs()).cast_signed() + 1
}

/// The finaliser of splitmix64.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// A row of `customers`, as hand-written code has it.
#[derive(Debug)]
#[allow(dead_code, reason = "decoded as users decode it; rows are counted, not read")]
pub(crate) struct Customer {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) city: Option<String>,
    pub(crate) created_at: i64,
}

/// A row of `orders`.
#[derive(Debug)]
#[allow(dead_code, reason = "as above")]
pub(crate) struct Order {
    pub(crate) id: i64,
    pub(crate) customer_id: i64,
    pub(crate) description: String,
    pub(crate) quantity: i64,
    pub(crate) total: f64,
}

/// A row of `order_items`.
#[derive(Debug)]
#[allow(dead_code, reason = "as above")]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) order_id: i64,
    pub(crate) product_id: i64,
    pub(crate) qty: i64,
    pub(crate) price: f64,
}

/// An order and what it holds.
#[derive(Debug)]
pub(crate) struct Bought {
    pub(crate) order: Order,
    pub(crate) items: Vec<Item>,
}

/// A customer and what they bought.
#[derive(Debug)]
pub(crate) struct Buyer {
    pub(crate) customer: Customer,
    pub(crate) orders: Vec<Bought>,
}

/// Puts children into their parents by position, moving both; says how many rows there are in all.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    buyers: Vec<Buyer>,
    of_buyer: HashMap<i64, usize, Multiply>,
    bought: Vec<Bought>,
    of_order: HashMap<i64, usize, Multiply>,
}

impl Tree {
    pub(crate) fn customer(&mut self, customer: Customer) {
        self.of_buyer.insert(customer.id, self.buyers.len());
        self.buyers.push(Buyer { customer, orders: Vec::new() });
    }

    pub(crate) fn customers(&self) -> impl Iterator<Item = i64> {
        self.buyers.iter().map(|buyer| buyer.customer.id)
    }

    pub(crate) fn order(&mut self, order: Order) {
        self.of_order.insert(order.id, self.bought.len());
        self.bought.push(Bought { order, items: Vec::new() });
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = i64> {
        self.bought.iter().map(|bought| bought.order.id)
    }

    pub(crate) fn item(&mut self, item: Item) {
        if let Some(&n) = self.of_order.get(&item.order_id) {
            self.bought[n].items.push(item);
        }
    }

    pub(crate) fn rows(mut self) -> usize {
        for bought in self.bought {
            if let Some(&n) = self.of_buyer.get(&bought.order.customer_id) {
                self.buyers[n].orders.push(bought);
            }
        }
        let orders = self.buyers.iter().flat_map(|buyer| &buyer.orders);
        self.buyers.len() + orders.map(|bought| 1 + bought.items.len()).sum::<usize>()
    }
}

/// The hash of an integer that is not chosen by strangers.
pub(crate) type Multiply = BuildHasherDefault<Multiplied>;

/// One multiplication for each integer.
#[derive(Debug, Default)]
pub(crate) struct Multiplied(u64);

impl Hasher for Multiplied {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(byte.into());
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0 ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }

    fn write_i64(&mut self, n: i64) {
        self.write_u64(n.cast_unsigned());
    }
}
