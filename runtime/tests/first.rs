#[allow(unused)]
mod shop;
use shop::*;
async fn db() -> Db { let db = Db::connect("sqlite::memory:").await.unwrap(); db.create_tables().await.unwrap(); db.create_tables().await.unwrap(); db }
#[tokio::test(flavor = "multi_thread")]
async fn all() {
    let db = db().await;
    let c = db.customers().create(NewCustomer::new("Ann", "a@x")).await.unwrap();
    assert_eq!(c.id, 1);
    let o = db.customers().orders(&c).create(customer::NewOrder::new("first", 3)).await.unwrap();
    println!("{o:?}");
    let many = db.customers().orders(1).create_many((0..5).map(|n| customer::NewOrder::new(format!("o{n}"), n + 1))).await.unwrap();
    assert_eq!(many.len(), 5);
    db.order_items().create_many((1..=3).map(|n| NewOrderItem::new(o.id, n, "p", 1.5))).await.unwrap();
    let rows = db.customers().find().include(customer::orders().filter(order::quantity().gt(1)).order_by(order::quantity().desc()).limit(3).include(order::items().include(order_item::order()))).include(customer::account()).await.unwrap();
    println!("{}", serde_json::to_string_pretty(&rows).unwrap());
    println!("{:?}", db.orders().get(99).await);
    println!("{:?}", db.customers().create(NewCustomer::new("Bob", "a@x")).await);
    println!("{:?}", db.customers().orders(77).create(customer::NewOrder::new("x", 1)).await);
    println!("{:?}", db.customers().orders(1).create(customer::NewOrder::new("x", 0)).await);
    println!("{:?}", db.customers().delete_by_id(1).await);
    println!("{:?}", db.orders().customer(1).include(customer::orders().limit(1)).await);
    println!("{:?}", db.orders().patch_by_id(1, OrderPatch { quantity: Some(9), version: Some(1), ..Default::default() }).await);
    println!("{:?}", db.orders().patch_by_id(1, OrderPatch { quantity: Some(9), version: Some(1), ..Default::default() }).await);
    println!("{:?}", db.customers().find().filter(customer::orders().any(order::quantity().gt(8))).await);
    println!("{:?}", db.orders().find().filter(order::customer().matches(customer::name().starts_with("A"))).count().await);
    println!("{:?}", db.order_items().get((1, 2)).include(order_item::order()).await);
    println!("{:?}", serde_json::from_str::<NewOrder>(r#"{"customerId":1,"description":"x","quantity":1,"customer":{}}"#));
    println!("{:?}", serde_json::from_str::<NewOrder>(r#"{"customerId":1,"description":"x"}"#));
    let r = db.transaction(async |tx| { tx.customers().create(NewCustomer::new("T", "t")).await?; Err::<(), _>(relata::Error::NotFound { model: "x", id: None }) }).await;
    println!("{r:?} {:?}", db.customers().count(customer::all()).await);
}
