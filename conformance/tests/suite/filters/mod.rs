//! Filters from outside, on the shop.

use relata::Filter;
use relata_conformance::database::Database;
use relata_conformance::shop::{
    Db, NewAccount, NewCustomer, NewOrder, NewOrderItem, NewProduct, Order, OrderWithRelations,
};

mod bounds;
mod hidden;
pub(crate) mod hostile;
mod refused;
mod regexp;
mod relations;
mod rows;

/// Three customers, of whom the first has two orders and the second one; one with two lines.
async fn filled(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    let customer = |name: &str, city: Option<&str>, score| NewCustomer {
        city: city.map(Into::into),
        score,
        ..NewCustomer::new(name, format!("{name}@example.org"))
    };
    let rows =
        [customer("Ann", Some("Oslo"), Some(3)), customer("Bob", Some("Asgard"), None), customer("Cid", None, None)];
    let customers = db.customers().create_many(rows).await.unwrap();
    let order = |of: usize, text: &str, quantity, note: Option<&str>| NewOrder {
        note: note.map(Into::into),
        ..NewOrder::new(customers[of].id, text, quantity)
    };
    let rows = [order(0, "bolts", 5, Some("50%")), order(0, "nuts", 9, None), order(1, "nails", 20, Some("5 %"))];
    let orders = db.orders().create_many(rows).await.unwrap();
    db.products()
        .create_many([NewProduct::new("hex", "Hex bolt"), NewProduct::new("sq", "Square bolt")])
        .await
        .unwrap();
    let line = |line, sku: Option<&str>, price| NewOrderItem {
        product_sku: sku.map(Into::into),
        ..NewOrderItem::new(orders[0].id, line, price)
    };
    db.order_items().create_many([line(1, Some("hex"), 0.5), line(2, None, 1.25)]).await.unwrap();
    db.accounts()
        .create(NewAccount { secret: Some("hunter2".into()), ..NewAccount::new(customers[0].id) })
        .await
        .unwrap();
    db
}

fn json<M>(filter: serde_json::Value) -> Filter<M> {
    serde_json::from_value(filter).unwrap()
}

async fn orders(db: &Db, filter: serde_json::Value) -> relata::Result<Vec<OrderWithRelations>> {
    db.orders().find_with(json::<Order>(filter)).await
}

/// The descriptions of the orders that a filter finds.
async fn described(db: &Db, filter: serde_json::Value) -> String {
    let found = orders(db, filter).await.unwrap();
    found.iter().map(|order| order.description.as_str()).collect::<Vec<_>>().join(" ")
}

/// What is wrong with a filter on orders, a line for each mistake.
async fn mistakes(db: &Db, filter: serde_json::Value) -> String {
    match orders(db, filter.clone()).await {
        Err(relata::Error::InvalidFilter { mistakes }) => {
            mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{filter}: {other:?}"),
    }
}
