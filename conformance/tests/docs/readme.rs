//! The example of `README.md`; compiled only, for it speaks of rows that are not there.

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
mod shop {
    include!(concat!(env!("OUT_DIR"), "/readme/mod.rs"));
}

async fn example() -> relata::Result<()> {
    use shop::{Db, NewCustomer, customer, order};

    let db = Db::connect("sqlite:shop.db").await?; // or postgres://…, mysql://…
    db.create_tables().await?;

    let ann = db.customers().create(NewCustomer::new("Ann")).await?;

    // A repository of Ann's orders only: no key to write, none to get wrong.
    db.customers().orders(&ann).create(customer::NewOrder::new(3)).await?;

    // Each customer in Oslo with the three largest orders.
    let rows = db.customers().find()
        .filter(customer::city().eq("Oslo"))
        .include(customer::orders().order_by(order::quantity().desc()).limit(3))
        .await?;
    println!("{}", rows[0].orders[0].quantity);   // does not compile without the include

    // From an order to its customer; customers by their orders.
    let buyer = db.orders().customer(7).await?;
    let big = db.customers().find().filter(customer::orders().any(order::quantity().gt(100))).await?;
    Ok(())
}
