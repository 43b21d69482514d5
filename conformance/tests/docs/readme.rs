//! The example of `README.md`.

/// The schema of that page.
#[allow(missing_docs, reason = "a schema of examples")]
mod shop {
    include!(concat!(env!("OUT_DIR"), "/readme/mod.rs"));
}

mod program {
    use super::shop;
    use shop::{Db, NewCustomer, customer, order};

    #[tokio::main]
    async fn main() -> Result<(), relata::Error> {
        // Or sqlite:shop.db, postgres://…, mysql://…
        let db = Db::connect("sqlite::memory:").await?;
        db.create_tables().await?;

        let ann = NewCustomer { city: Some("Oslo".into()), ..NewCustomer::new("Ann") };
        let ann = db.customers().create(ann).await?;

        // A repository of Ann's orders only: no key to write, none to get wrong.
        let order = db.customers().orders(&ann).create(customer::NewOrder::new(3)).await?;

        // Each customer in Oslo with the three largest orders.
        let rows = db.customers().find()
            .filter(customer::city().eq("Oslo"))
            .include(customer::orders().order_by(order::quantity().desc()).limit(3))
            .await?;
        println!("{}", rows[0].orders[0].quantity);   // does not compile without the include

        // From an order to its customer; customers by their orders.
        let buyer = db.orders().customer(&order).await?;
        let big = db.customers().find().filter(customer::orders().any(order::quantity().gt(100))).await?;
        println!("ordered by {}; customers with large orders: {}", buyer.name, big.len());
        Ok(())
    }

    #[test]
    fn the_program_runs() {
        main().unwrap();
    }
}
