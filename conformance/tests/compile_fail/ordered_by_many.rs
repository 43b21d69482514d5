//! Rows in the order of one of several related rows, nobody knows which.

use relata_conformance::shop::{Db, customer, order};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.customers().find().order_by(customer::orders().order(order::quantity()));
}
