//! The examples of `docs/usage.md`.

use std::error::Error;

use relata::Result;

use shop::{
    Address, Customer, CustomerPatch, Db, NewCustomer, NewOrder, NewProduct, NewRemark, NewTag, Order, OrderPatch,
    OrderStatus, RemarkSubject, Repositories, account, address, customer, order, order_item, product, remark, tag,
};

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
pub(super) mod shop {
    include!(concat!(env!("OUT_DIR"), "/guide/mod.rs"));
}

/// Ann, and an order of hers.
pub(super) async fn with_ann() -> Result<(Db, Customer, Order)> {
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
async fn soft_deletion() -> Result<()> {
    let (db, ..) = with_ann().await?;

    let tea = db.products().create(NewProduct::new("T-1", "Tea")).await?;
    db.products().delete_by_id("T-1").await?;

    assert_eq!(db.products().find_by_id("T-1").await?, None);
    assert_eq!(db.products().count(product::all()).await?, 0);
    let deleted = db.products().get("T-1").with_deleted().await?;
    assert!(deleted.deleted_at.is_some());

    let restored = db.products().restore_by_id("T-1").await?;                  // live again, as stored
    assert!(restored.updated_at >= tea.updated_at && restored.deleted_at.is_none());
    db.products().delete_where(product::name().eq("Tea")).await?;
    assert_eq!(db.products().restore_where(product::all()).await?, 1);          // of deleted rows, those that match

    let lines = db.order_items().find().include(order_item::product().with_deleted()).await?;
    let sold = order_item::product().with_deleted().matches(product::name().eq("Tea"));
    let lines = db.order_items().find().filter(sold).await?;
    Ok(())
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

    let customers = db.within(Duration::from_millis(500)).customers().find().await?;
    assert!(customers.is_empty());
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
async fn rows_by_their_keys() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;

    let ann = db.customers().upsert_by_email(NewCustomer::new("Ann", "ann@example.org")).await?;       // stored
    let moved = NewCustomer { city: Some("Oslo".into()), ..NewCustomer::new("Ann B", "ann@example.org") };
    let ann = db.customers().upsert_by_email(moved).await?;                                            // changed
    let ann = db.customers().upsert(Customer { city: None, ..ann }).await?;                            // by its id
    let both = db.customers().upsert_many_by_email([
        NewCustomer::new("Ann", "ann@example.org"),
        NewCustomer::new("Bob", "bob@example.org"),
    ]).await?;

    assert_eq!((both.len(), both[0].id), (2, ann.id));
    assert_eq!(db.customers().count(customer::all()).await?, 2);
    Ok(())
}

#[tokio::test]
async fn changes_that_compute() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let before = order.quantity;
    db.customers().account(&ann).create(customer::NewAccount { balance: Some(120), ..Default::default() }).await?;

    let shipped = OrderPatch { status: Some(OrderStatus::Shipped), ..Default::default() };
    let order = db.orders().patch_by_id(order.id, (shipped, order::quantity().add(1))).await?;
    let changed = db.accounts().patch_where(account::balance().gt(100), account::balance().sub(50)).await?;
    let bump = order::quantity().add(2).and(order::note().set("three more"));
    db.customers().orders(order.customer_id).patch(order::all(), bump).await?;

    assert_eq!((changed, order.quantity), (1, before + 1));
    assert_eq!(db.orders().get(order.id).await?.quantity, before + 3);
    assert_eq!(db.accounts().find().one().await?.balance, 70);
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
async fn within_a_row() -> Result<()> {
    let (db, ann, _) = with_ann().await?;
    let tea = db.products().create(NewProduct::new("T-1", "Tea")).await?;
    let tag = db.tags().create(NewTag::new("green")).await?;
    let addresses = db.customers().addresses(&ann);                      // embedsMany
    addresses.push(Address { street: "Main".into(), city: "Oslo".into() }).await?;
    let moved = addresses.update(0, |address| address.city = "Bergen".into()).await?;
    let gone = addresses.remove(0).await?;

    let tags = db.products().tags(&tea);                                 // referencesMany
    tags.add(&tag).await?;                                               // or .add(tag.id)
    let named = tags.find().filter(tag::name().starts_with("gr")).limit(5).await?;
    let all = tags.await?;
    assert_eq!((&moved.city[..], moved == gone, named == all, all.len()), ("Bergen", true, true, 1));
    Ok(())
}

#[tokio::test]
async fn conditions_within_a_row() -> Result<()> {
    let (db, ann, _) = with_ann().await?;
    let tag = db.tags().create(NewTag::new("green")).await?;
    db.products().create(NewProduct { tag_ids: Some(vec![tag.id]), ..NewProduct::new("T-1", "Tea") }).await?;
    db.customers().addresses(&ann).set([Address { street: "Main".into(), city: "Oslo".into() }]).await?;
    let in_oslo = customer::addresses().any(address::city().eq("Oslo"));
    let found = db.customers().find().filter(in_oslo).await?;
    let tagged = db.products().find().filter(product::tag_ids().has(tag.id)).await?;
    assert_eq!((found.len(), tagged.len()), (1, 1));
    Ok(())
}

#[tokio::test]
async fn rows_with_their_relations() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let ann = db.customers()
        .create(NewCustomer::new("Ann", "ann@example.org"))
        .with(customer::account().create(customer::NewAccount::new()))
        .with(customer::orders().create([
            (customer::NewOrder::new(2), order::items().create([order::NewItem::new(1, 150), order::NewItem::new(2, 90)])),
            (customer::NewOrder::new(1), order::items().create([order::NewItem::new(1, 20)])),
        ]))
        .await?;
    println!("{} owes for {}", ann.account.customer_id, ann.orders[0].items[1].line);
    assert_eq!((ann.account.customer_id, ann.orders[0].items[1].line), (ann.id, 2));
    assert_eq!(db.order_items().count(order_item::all()).await?, 3);

    let cup = (NewProduct::new("C-1", "Cup"), order::ProductLink::new(1, 700));    // what its item says beside the keys
    let order = db.customers().orders(&ann)
        .create(customer::NewOrder::new(1))
        .with(order::products().create_with([cup]))
        .await?;
    println!("{} for {}", order.products[0].name, order.customer_id);
    assert_eq!(db.order_items().get((order.id, 1)).await?.price, 700);
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
async fn counts() -> Result<()> {
    let (db, ann, _) = with_ann().await?;
    let busiest = db.customers().find()
        .filter(customer::orders().count().gt(0))
        .order_by((customer::orders().count().desc(), customer::name()))
        .include(customer::orders().filter(order::status().ne(OrderStatus::Shipped)).count())
        .await?;
    for customer in &busiest {
        println!("{} waits for {}", customer.name, customer.orders);          // u64
    }
    assert_eq!((busiest[0].id, busiest[0].orders), (ann.id, 1));
    let _: &relata::WithCount<Customer, customer::orders> = &busiest[0];
    Ok(())
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
async fn again_and_in_time() -> Result<()> {
    use std::time::Duration;

    use relata::Isolation;

    let (db, ann, _) = with_ann().await?;
    let orders = db
        .transaction(async |tx| {
            let orders = tx.customers().orders(ann.id).count(order::all()).await?;
            Ok::<_, relata::Error>(orders)
        })
        .isolation(Isolation::Serializable)
        .retry(5)
        .deadline(Duration::from_secs(2))
        .await?;
    assert_eq!(orders, 1);
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
async fn what_happens_to_related_rows() -> Result<()> {
    let (db, ann, order) = with_ann().await?;
    let refused = db.customers().delete_by_id(ann.id).await.unwrap_err(); // an order of hers is there
    assert_eq!(refused.code(), "foreign_key");
    db.orders().delete_by_id(order.id).await?; // onDelete: cascade: its items go with it
    assert_eq!(db.order_items().count(order_item::all()).await?, 0);
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
                println!("{failure}");                                             // "name is empty"
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

#[tokio::test]
async fn explain() -> Result<()> {
    let (db, ..) = with_ann().await?;
    let find = db.customers().find().include(customer::orders().limit(3).include(order::items()));
    for statement in find.explain() {
        println!("{statement}");                // db: SELECT … · db, orders: SELECT … · db, orders.items: SELECT …
    }
    Ok(())
}

mod several {
    use relata::Result;
    use relata_conformance::places::{Customer, Db, NewCustomer, customer, order};

    #[tokio::test]
    async fn resolvers() -> Result<()> {
        let db: Db = Db::builder()
            .datasource("crm", "sqlite::memory:")
            .datasource("db", "sqlite::memory:")
            .resolver(order::customer(), |ids: Vec<i64>| async move {
                let found = ids.into_iter().map(|id| (id, Customer { id, name: format!("number {id}") }));
                Ok(found.collect())
            })
            .disable_include(customer::orders())
            .connect()
            .await?;
        db.create_tables().await?;
        let ann = db.customers().create(NewCustomer::new("Ann")).await?;
        db.customers().orders(&ann).create(customer::NewOrder::new(2)).await?;
        let order = db.orders().find().include(order::customer()).one().await?;
        assert_eq!(order.customer.name, "number 1");
        Ok(())
    }

    #[tokio::test]
    async fn datasources() -> Result<()> {
        let db: Db = Db::builder()
            .datasource("crm", "sqlite::memory:")
            .datasource("db", "sqlite::memory:")
            .connect()
            .await?;
        db.create_tables().await?;

        let ann = db.customers().create(NewCustomer::new("Ann")).await?;
        let order = db.customers().orders(&ann).create(customer::NewOrder::new(2)).await?;
        let owner = db.orders().customer(&order).await?;
        let rows = db.customers().find().include(customer::orders().limit(3)).await?;

        db.transaction_on("crm", async |tx| tx.customers().delete_by_id(ann.id).await).await?;
        assert_eq!((owner, &rows[0].orders), (ann, &vec![order]));
        Ok(())
    }
}

#[tokio::test]
async fn through_a_link_model() -> Result<()> {
    let (db, _, order) = with_ann().await?;

    let tea = db.products().create(NewProduct::new("T-1", "Tea")).await?;
    let products = db.orders().products(&order);
    products.link_with(&tea, order::ProductLink::new(2, 300)).await?;       // an item: line and price, keys are set
    products.link_with(&tea, order::ProductLink::new(3, 280)).await?;
    assert_eq!(products.find().await?, [tea]);                              // once, however many items lead there

    let dear = order::products().filter_link(order_item::price().gt(290));
    let orders = db.orders().find().filter(dear.clone().any(product::all())).include(dear).await?;

    let items = order::products().with_link().order_by_link(order_item::price()).limit(10);
    let order = db.orders().get(order.id).include(items).await?;
    for product in &order.products {
        println!("{} at {}", product.name, product.link.price);             // once for each item
    }
    let cheapest = db.orders().products(order.id).with_link().order_by_link(order_item::price()).limit(1).await?;

    assert_eq!((orders.len(), orders[0].products.len()), (1, 1));
    assert_eq!(order.products.iter().map(|product| product.link.price).collect::<Vec<_>>(), [280, 300]);
    assert_eq!(cheapest, order.products[..1]);
    Ok(())
}

#[tokio::test]
async fn one_of_several_models() -> Result<()> {
    let (db, ann, order) = with_ann().await?;

    let remark = db.customers().remarks(&ann).create(customer::NewRemark::new("prompt")).await?;  // sets key and model
    let other = db.remarks().create(NewRemark::new("late", order.id, "Order")).await?;
    match db.remarks().subject(&other).await? {
        RemarkSubject::Customer(customer) => println!("{}", customer.name),
        RemarkSubject::Order(order) => println!("{} pieces", order.quantity),
    }

    let subject = remark::subject().of(remark::subject::order().include(order::items()));
    let remarks = db.remarks().find().include(subject).await?;
    let on_oslo = remark::subject::customer().matches(customer::city().eq("Oslo"));
    let found = db.remarks().count(on_oslo).await?;

    assert_eq!((remarks.len(), found), (2, 0));
    Ok(())
}

mod other_kinds {
    use kinds::{
        Address, CustomerPaymentMethod, CustomerPromotion, Db, NewCustomer, NewFreeDelivery, NewHalfPrice, NewLocker,
        address, customer, half_price,
    };
    use relata::Result;

    /// The schema of that section.
    #[allow(missing_docs, reason = "a schema of examples")]
    mod kinds {
        include!(concat!(env!("OUT_DIR"), "/kinds/mod.rs"));
    }

    #[tokio::test]
    async fn the_other_kinds() -> Result<()> {
        let db = Db::connect("sqlite::memory:").await?;
        db.create_tables().await?;

        let customers = db.customers();
        let ann = customers.create(NewCustomer::new("Ann")).await?;
        let bob = customers.referred(&ann).create(customer::NewReferred::new("Bob")).await?;
        let referrer = customers.referrer(&bob).await?;                         // Option<Customer>: Ann
        customers.friends(&ann).link(&bob).await?;

        let locker = customers.locker(&ann);                                    // hasOne along a link
        locker.create_with(NewLocker::new(3), customer::LockerLink::new(2030)).await?;
        let floor = locker.get().await?.map(|locker| locker.floor);

        let address = customers.address(&ann);                                  // embedsOne
        address.set(Address { street: "Main".into(), city: "Oslo".into() }).await?;
        let moved = address.update(|address| address.city = "Bergen".into()).await?;
        let in_bergen = customers.count(customer::address().matches(address::city().eq("Bergen"))).await?;
        address.clear().await?;

        let method = customers.payment_method(&ann);                            // hasOne of several models
        method.credit_card().create(customer::NewPaymentMethodCreditCard::new("1234")).await?;
        match method.get().await? {
            Some(CustomerPaymentMethod::CreditCard(card)) => println!("by the card {}", card.number),
            Some(CustomerPaymentMethod::Transfer(transfer)) => println!("from {}", transfer.iban),
            None => println!("not yet"),
        }

        let promotions = customers.promotions(&ann);                            // through a link, to several models
        let tea = promotions.half_prices().create(NewHalfPrice::new("tea")).await?;
        promotions.free_deliveries().create(NewFreeDelivery::new("north")).await?;
        customers.promotions(&bob).half_prices().link(&tea).await?;
        for promotion in promotions.find().await? {
            match promotion {
                CustomerPromotion::HalfPrice(half) => println!("{} at half the price", half.product),
                CustomerPromotion::FreeDelivery(free) => println!("delivered free in the {}", free.region),
            }
        }

        let tea = customer::promotions::half_price().filter(half_price::product().eq("tea"));     // and every delivery
        let on_tea = customer::promotions::half_price().any(half_price::product().eq("tea"));
        let rows = customers.find()
            .filter(on_tea)
            .order_by(customer::id())
            .include(customer::payment_method())
            .include(customer::promotions().of(tea))
            .include(customer::friends().include(customer::referrer()))
            .await?;

        assert_eq!((referrer, floor, &*moved.city, in_bergen), (Some(ann), Some(3), "Bergen", 1));
        let names = rows.iter().map(|row| (&*row.name, row.promotions.len(), row.payment_method.is_some()));
        assert_eq!(names.collect::<Vec<_>>(), [("Ann", 2, true), ("Bob", 1, false)]);
        let CustomerPromotion::HalfPrice(half) = &rows[1].promotions[0] else { panic!("{rows:?}") };
        assert_eq!(half.product, "tea");
        let friend = &rows[0].friends[0];
        assert_eq!((&*friend.name, friend.referrer.as_ref().map(|referrer| &*referrer.name)), ("Bob", Some("Ann")));
        Ok(())
    }
}
