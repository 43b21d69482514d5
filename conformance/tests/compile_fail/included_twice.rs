//! A relation included twice.

use relata_conformance::shop::{Db, customer};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.customers().find().include(customer::orders()).include(customer::orders().limit(1));
}
