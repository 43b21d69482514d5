//! Rows of one relation created twice with a row.

use relata_conformance::shop::{Db, NewCustomer, customer};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let orders = || customer::orders().create([customer::NewOrder::new("an order", 1)]);
    let _ = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).with(orders()).with(orders());
}
