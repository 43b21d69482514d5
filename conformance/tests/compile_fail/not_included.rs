//! The field of a relation that was not included.

use relata_conformance::shop::{Db, customer};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let row = db.customers().get(1).include(customer::account()).wait().unwrap();
    println!("{}", row.orders.len());
}
