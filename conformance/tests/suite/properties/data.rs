//! Random rows of a shop: few values, so that many are equal, and NULL among them.

use proptest::prelude::*;
use relata_conformance::database::Database;
use relata_conformance::shop::{CustomerPatch, Db, NewCustomer, NewOrder, NewOrderItem, NewProduct};

#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) id: i64,
    pub(super) city: Option<String>,
    pub(super) score: Option<i64>,
    pub(super) referrer: Option<i64>,
}

#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: i64,
    pub(super) customer_id: i64,
    pub(super) quantity: i64,
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) order_id: i64,
    pub(super) line_no: i64,
    pub(super) sku: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Data {
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) items: Vec<Item>,
}

/// Short texts of characters that mean something to LIKE, to case and to bytes.
pub(super) fn text() -> impl Strategy<Value = String> + Clone {
    prop::collection::vec(prop::sample::select(vec!['a', 'A', 'b', '%', '_', '\\', 'ä', ' ']), 0..4)
        .prop_map(String::from_iter)
}

/// Small integers.
pub(super) fn int() -> impl Strategy<Value = i64> + Clone {
    -1_i64..6
}

/// As many customers, orders and items as their positions can be chosen among; ids count from 1.
pub(super) fn data() -> impl Strategy<Value = Data> {
    let optional = || prop::option::weighted(0.7, text());
    let customer =
        (optional(), prop::option::weighted(0.7, int()), prop::option::weighted(0.6, any::<prop::sample::Index>()));
    let order = (any::<prop::sample::Index>(), 1_i64..5, optional());
    let item = (any::<prop::sample::Index>(), optional());
    let rows = (
        prop::collection::vec(customer, 1..7),
        prop::collection::vec(order, 0..12),
        prop::collection::vec(item, 0..16),
    );
    rows.prop_map(|(customers, orders, items)| {
        let count = customers.len();
        let customers: Vec<_> = (1..)
            .zip(customers)
            .map(|(id, (city, score, referrer))| {
                let referrer = referrer.map(|index| 1 + i64::try_from(index.index(count)).unwrap());
                Customer { id, city, score, referrer }
            })
            .collect();
        let orders: Vec<_> = (1..)
            .zip(orders)
            .map(|(id, (owner, quantity, note))| Order { id, customer_id: owner.get(&customers).id, quantity, note })
            .collect();
        let mut kept: Vec<_> = Vec::new();
        for (n, (owner, sku)) in (0..).zip(items) {
            if !orders.is_empty() {
                // Line numbers repeat from order to order, and are no row's position.
                kept.push(Item { order_id: owner.get(&orders).id, line_no: 20 - n, sku });
            }
        }
        kept.sort_by_key(|item| (item.order_id, item.line_no));
        Data { customers, orders, items: kept }
    })
}

impl Data {
    /// The rows in tables that hold nothing else.
    pub(super) async fn store(&self, at: &Database) -> Db {
        let db: Db = at.open_empty().await.unwrap();
        let customers = self.customers.iter().map(|row| NewCustomer {
            city: row.city.clone(),
            score: row.score,
            ..NewCustomer::new("name", format!("{}@x", row.id))
        });
        db.customers().create_many(customers).await.unwrap();
        for row in self.customers.iter().filter(|row| row.referrer.is_some()) {
            let patch = CustomerPatch { referrer_id: Some(row.referrer), ..Default::default() };
            db.customers().patch_by_id(row.id, patch).await.unwrap();
        }
        let orders = self
            .orders
            .iter()
            .map(|row| NewOrder { note: row.note.clone(), ..NewOrder::new(row.customer_id, "order", row.quantity) });
        db.orders().create_many(orders).await.unwrap();
        let mut skus: Vec<_> = self.items.iter().filter_map(|row| row.sku.clone()).collect();
        skus.sort_unstable();
        skus.dedup();
        db.products().create_many(skus.into_iter().map(|sku| NewProduct::new(sku, "product"))).await.unwrap();
        let items = self.items.iter().map(|row| NewOrderItem {
            product_sku: row.sku.clone(),
            ..NewOrderItem::new(row.order_id, row.line_no, 1.0)
        });
        db.order_items().create_many(items).await.unwrap();
        db
    }
}
