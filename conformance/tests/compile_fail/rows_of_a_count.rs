//! What holds for rows, said of their number.

use relata_conformance::shop::{Db, customer, order};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.customers().find().include(customer::orders().count().include(order::items()));
    let _ = db.orders().find().order_by(order::customer().count().desc());
    let _ = db.orders().find().filter(customer::orders().count().gt(3));
}
