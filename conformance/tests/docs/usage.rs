//! The examples of `docs/usage.md`.

use std::error::Error;

use relata::Result;

use shop::{
    Customer, CustomerPatch, Db, NewCustomer, NewOrder, NewProduct, Order, OrderPatch, OrderStatus, Repositories,
    customer, order, order_item, product,
};

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
mod shop {
    include!(concat!(env!("OUT_DIR"), "/guide/mod.rs"));
}

/// Ann, and an order of hers.
async fn with_ann() -> Result<(Db, Customer, Order)> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await?;
    let order = db.customers().orders(&ann).create(customer::NewOrder::new(2)).await?;
    db.orders().items(&order).create(order::NewItem::new(1, 150)).await?;
    Ok((db, ann, order))
}

mod program {
    use super::shop;
    use shop::{Db, NewCustomer, customer};

    #[tokio::main]
    async fn main() -> Result<(), relata::Error> {
        let db = Db::connect("sqlite::memory:").await?;
        db.create_tables().await?;

        db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await?;
        let ann = db.customers().find().filter(customer::name().eq("Ann")).one().await?;
        println!("{} has the id {}", ann.name, ann.id);
        Ok(())
    }

    #[test]
    fn the_program_runs() {
        main().unwrap();
    }
}

#[tokio::test]
async fn connecting() -> Result<()> {
    use std::time::Duration;

    let db: Db = Db::builder()
        .url("sqlite::memory:")
        .max_connections(8)
        .pool_timeout(Duration::from_secs(2))
        .statement_timeout(Duration::from_secs(30))
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await?;
    db.create_tables().await?;
    Ok(())
}

async fn orders_of(at: &Repositories, customer: i64) -> relata::Result<Vec<Order>> {
    at.customers().orders(customer).find().order_by(order::id()).await
}

#[tokio::test]
async fn a_function_serves_database_and_transaction() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let of_db = orders_of(&db, ann.id).await?;
    let of_tx = db.transaction(async |tx| orders_of(tx, ann.id).await).await?;
    assert_eq!((of_db.len(), of_db), (1, of_tx));
    Ok(())
}

#[tokio::test]
async fn repositories() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let ann = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await?;
    let bob = NewCustomer { city: Some("Oslo".into()), ..NewCustomer::new("Bob", "bob@example.org") };
    let both = db.customers().create_many([bob, NewCustomer::new("Cid", "cid@example.org")]).await?;

    let customer = db.customers().get(ann.id).await?;                    // Customer, or `not_found`
    let perhaps = db.customers().find_by_id(99).await?;                  // Option<Customer>
    let there = db.customers().exists(ann.id).await?;

    let page = db.customers().find()
        .filter(customer::city().is_not_null())
        .order_by((customer::city(), customer::name().desc()))
        .offset(0)
        .limit(20)
        .await?;                                                         // Vec<Customer>
    let first = db.customers().find().order_by(customer::id()).first().await?;              // Option
    let only = db.customers().find().filter(customer::name().eq("Ann")).one().await?;       // exactly one
    let in_oslo = db.customers().count(customer::city().eq("Oslo")).await?;

    let moved = CustomerPatch { city: Some(Some("Bergen".into())), ..Default::default() };
    let ann = db.customers().patch_by_id(ann.id, moved).await?;          // as stored, or `not_found`
    let ann = db.customers().replace(Customer { city: None, ..ann }).await?;
    let nowhere = CustomerPatch { city: Some(None), ..Default::default() };
    let changed = db.customers().patch_where(customer::city().eq("Oslo"), nowhere).await?;  // how many

    db.customers().delete_by_id(ann.id).await?;                          // `not_found` if it is gone
    let deleted = db.customers().delete_where(customer::all()).await?;   // there is no form without a condition
    assert_eq!((both.len(), customer.id, perhaps, there, page.len()), (2, 1, None, true, 1));
    assert_eq!((first.map(|row| row.id), only.id, in_oslo, changed, deleted), (Some(1), 1, 1, 1, 2));
    Ok(())
}

#[tokio::test]
async fn conditions() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let small = order::quantity().lt(5).and(order::note().is_null());
    let open = order::status().is_in([OrderStatus::Pending, OrderStatus::Paid]);
    let found = db.orders().find().filter(small.or(open.not())).await?;

    let least: Option<i64> = None;
    let all = db.orders().find().filter_if(least, |least| order::quantity().ge(least)).await?;
    assert_eq!((found.len(), all.len()), (1, 1));
    Ok(())
}

#[tokio::test]
async fn related_rows() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let in_oslo = order::customer().matches(customer::city().eq("Oslo"));
    let dear = customer::orders().any(order::items().any(order_item::price().gt(100)));
    let orders = db.orders().find().filter(in_oslo).await?;
    let customers = db.customers().find().filter(dear.or(customer::orders().none(order::all()))).await?;
    assert_eq!((orders.len(), customers.len()), (0, 1));
    Ok(())
}

#[tokio::test]
async fn constrained() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let orders = db.customers().orders(&ann);                            // or .orders(ann.id)
    let order = orders.create(customer::NewOrder::new(3)).await?;        // no key to write
    let large = orders.find().filter(order::quantity().gt(2)).await?;
    let paid = OrderPatch { status: Some(OrderStatus::Paid), ..Default::default() };
    let changed = orders.patch(order::quantity().le(3), paid).await?;

    let account = db.customers().account(&ann);                          // hasOne
    account.create(customer::NewAccount { balance: Some(10), ..customer::NewAccount::new() }).await?;
    let balance = account.get().await?.map(|account| account.balance);

    let owner = db.orders().customer(order.id).await?;                   // belongsTo: Customer
    let line = db.orders().items(&order).create(order::NewItem::new(1, 250)).await?;
    let product = db.order_items().product(&line).await?;                // optional: Option<Product>

    let gone = orders.delete(order::all()).await?;                       // only Ann's
    assert_eq!((order.customer_id, large.len(), changed, balance, owner.id), (ann.id, 1, 2, Some(10), ann.id));
    assert_eq!((line.order_id, product, gone), (order.id, None, 2));
    Ok(())
}

#[tokio::test]
async fn inclusion() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let rows = db.customers().find()
        .order_by(customer::id())
        .include(customer::account())
        .include(customer::orders()
            .filter(order::quantity().gt(1))
            .order_by(order::quantity().desc())
            .limit(3)
            .include(order::items().include(order_item::product())))
        .await?;

    for customer in &rows {
        let balance = customer.account.as_ref().map(|account| account.balance);
        for order in &customer.orders {
            let names: Vec<_> = order.items.iter().filter_map(|item| Some(&item.product.as_ref()?.name)).collect();
            println!("{} bought {} of {names:?}, {balance:?} in the account", customer.name, order.quantity);
        }
    }
    assert_eq!(rows[0].orders[0].items[0].price, 150);
    Ok(())
}

mod names {
    use super::{Customer, Db, Order, customer, order, with_ann};

    use relata::With;

    type OrderWithItems = With<Order, order::items>;
    type CustomerWithAll = With<With<Customer, customer::account>, customer::orders, OrderWithItems>;

    fn total(order: &OrderWithItems) -> i64 {
        order.items.iter().map(|item| item.price).sum()
    }

    async fn with_all(db: &Db, id: i64) -> relata::Result<CustomerWithAll> {
        db.customers().get(id).include(customer::orders().include(order::items())).include(customer::account()).await
    }

    #[tokio::test]
    async fn names() -> relata::Result<()> {
        let (db, ann, _) = with_ann().await?;
        let row = with_all(&db, ann.id).await?;
        assert_eq!((row.account.is_none(), total(&row.orders[0])), (true, 150));
        Ok(())
    }
}

#[tokio::test]
async fn transactions() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let order = db
        .transaction(async |tx| {
            let ann = tx.customers().get(ann.id).await?;
            let order = tx.customers().orders(&ann).create(customer::NewOrder::new(2)).await?;
            tx.orders().items(&order).create(order::NewItem::new(1, 300)).await?;
            Ok::<_, relata::Error>(order)
        })
        .await?;
    assert_eq!(order.quantity, 2);
    Ok(())
}

#[tokio::test]
async fn isolation_and_read_only() -> Result<()> {
    let (db, ..) = with_ann().await?;
    use relata::Isolation;

    let (customers, orders) = db
        .transaction(async |tx| {
            let customers = tx.customers().count(customer::all()).await?;
            let orders = tx.orders().count(order::all()).await?;
            Ok::<_, relata::Error>((customers, orders))
        })
        .isolation(Isolation::RepeatableRead)
        .read_only()
        .await?;
    assert_eq!((customers, orders), (1, 1));
    Ok(())
}

#[tokio::test]
async fn transactions_inside() -> Result<()> {
    let (db, ann, _) = with_ann().await?;
    for expected in [true, false] {
        let (order, paid) = db
            .transaction(async |tx| {
                let order = tx.customers().orders(ann.id).create(customer::NewOrder::new(1)).await?;
                let paid = tx
                    .transaction(async |tx| {
                        tx.customers().account(ann.id).create(customer::NewAccount::new()).await?;
                        let patch = OrderPatch { status: Some(OrderStatus::Paid), ..Default::default() };
                        tx.orders().patch_by_id(order.id, patch).await
                    })
                    .await;
                // The order stays, also where the account is refused.
                Ok::<_, relata::Error>((order, paid.is_ok()))
            })
            .await?;
        assert_eq!(paid, expected);
        assert_eq!(db.orders().get(order.id).await?.status == OrderStatus::Paid, expected);
    }
    Ok(())
}

#[tokio::test]
async fn versions() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let read = db.orders().get(order.id).await?;
    let patch = OrderPatch { quantity: Some(9), version: Some(read.version), ..Default::default() };
    let changed = db.orders().patch_by_id(read.id, patch.clone()).await?;
    assert_eq!(changed.version, read.version + 1);
    assert_eq!(db.orders().patch_by_id(read.id, patch).await.unwrap_err().code(), "stale");
    Ok(())
}

#[tokio::test]
async fn json() -> std::result::Result<(), Box<dyn Error>> {
    let (db, ann, order) = with_ann().await?;
    let new: NewOrder = serde_json::from_value(serde_json::json!({ "customerId": ann.id, "quantity": 2 }))?;
    let order = db.orders().create(new).await?;
    let patch: OrderPatch = serde_json::from_str(r#"{ "note": null }"#)?;       // null sets NULL, absent leaves it
    assert_eq!(patch.note, Some(None));

    let row = db.orders().get(order.id).include(order::items()).await?;
    assert_eq!(
        serde_json::to_value(&row)?,
        serde_json::json!({
            "id": order.id, "status": "pending", "quantity": 2, "note": null, "version": 1, "customerId": ann.id, "items": []
        })
    );
    assert!(serde_json::from_str::<OrderPatch>(r#"{ "id": 7 }"#).is_err());
    Ok(())
}

#[tokio::test]
async fn errors() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    match db.customers().create(NewCustomer::new("Ann", "ann@example.org")).await {
        Ok(customer) => println!("welcome, {}", customer.name),
        Err(relata::Error::Conflict { key, .. }) => println!("{key}"),         // "email is taken"
        Err(relata::Error::Validation { failures, .. }) => {
            for failure in failures {
                println!("{} {}", failure.property, failure.rule);
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn stock_up() -> relata::Result<u64> {
    let db = Db::connect("sqlite::memory:").wait()?;
    db.create_tables().wait()?;
    db.transaction(async |tx| tx.products().create(NewProduct::new("T-1", "Tea")).await).wait()?;
    db.products().count(product::all()).wait()
}

#[test]
fn without_a_runtime() {
    assert_eq!(stock_up().unwrap(), 1);
}

#[tokio::test]
async fn execution() -> Result<()> {
    use relata::SqliteExecution;

    let db: Db = Db::builder().url("sqlite::memory:").sqlite_execution(SqliteExecution::Threads).connect().await?;
    db.create_tables().await
}

#[tokio::test]
async fn branches() -> std::result::Result<(), Box<dyn Error>> {
    let (db, ann, order) = with_ann().await?;
    let (id, with_orders) = (ann.id, true);
    let json = if with_orders {
        serde_json::to_value(db.customers().get(id).include(customer::orders()).await?)?
    } else {
        serde_json::to_value(db.customers().get(id).await?)?
    };
    assert_eq!(json["orders"][0]["quantity"], 2);
    Ok(())
}
