//! What the tests share: a shop with rows in it, and short ways to look at results.

use relata::{Error, Result};
use relata_conformance::database::Database;
use relata_conformance::shop::{
    Account, Customer, Db, NewCustomer, NewOrder, NewOrderItem, NewProduct, Order, customer,
};

/// A shop without rows.
pub(crate) async fn empty_shop(at: &Database) -> Db {
    at.open().await.unwrap()
}

/// A shop with three customers: Ann has orders of 1, 2 and 3 pieces, Bob one of 10, Cid none.
pub(crate) async fn shop(at: &Database) -> (Db, [Customer; 3]) {
    let db = empty_shop(at).await;
    let ann = db.customers().create(NewCustomer { city: Some("Asgard".into()), ..NewCustomer::new("Ann", "ann@x") });
    let ann = ann.await.unwrap();
    let bob = db.customers().create(NewCustomer::new("Bob", "bob@x")).await.unwrap();
    let cid = db.customers().create(NewCustomer { city: Some("Oslo".into()), ..NewCustomer::new("Cid", "cid@x") });
    let cid = cid.await.unwrap();
    for (owner, quantities) in [(&ann, &[1, 2, 3][..]), (&bob, &[10])] {
        let orders = quantities.iter().map(|&n| customer::NewOrder::new(format!("{} {n}", owner.name), n));
        db.customers().orders(owner).create_many(orders).await.unwrap();
    }
    (db, [ann, bob, cid])
}

/// Two items of the order, the first of them of a product.
pub(crate) async fn items(db: &Db, order: &Order) {
    let sku = format!("P{}", order.id);
    db.products().create(NewProduct::new(&*sku, format!("product {}", order.id))).await.unwrap();
    let first = NewOrderItem { product_sku: Some(sku), ..NewOrderItem::new(order.id, 1, 1.5) };
    db.order_items().create_many([first, NewOrderItem::new(order.id, 2, 2.5)]).await.unwrap();
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    result.unwrap_err().code()
}

/// The failures of a refused write, as text.
pub(crate) fn failures<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match result.unwrap_err() {
        Error::Validation { failures, .. } => failures.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

/// A new order of a customer.
pub(crate) fn order(customer_id: i64, quantity: i64) -> NewOrder {
    NewOrder::new(customer_id, "an order", quantity)
}

/// The quantities of orders.
pub(crate) fn quantities(orders: &[Order]) -> Vec<i64> {
    orders.iter().map(|order| order.quantity).collect()
}

/// The balances of accounts.
pub(crate) fn balances(accounts: &[Account]) -> Vec<i64> {
    accounts.iter().map(|account| account.balance).collect()
}
