//! A relation of another model.

use relata_conformance::shop::{Db, order};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.customers().find().include(order::items());
}
