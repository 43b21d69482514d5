//! Deleted rows of a model that keeps none.

use relata_conformance::shop::{Db, customer};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.customers().find().with_deleted();
    let _ = db.customers().find().include(customer::orders().with_deleted());
    let _ = db.customers().restore_by_id(1);
}
