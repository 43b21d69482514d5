//! Rows chosen by rows of another datasource.

use relata_conformance::places::{Db, customer, order};

fn main() {
    let db = Db::builder().connect().wait().unwrap();
    let _ = db.orders().find().filter(order::customer().matches(customer::name().eq("Ann")));
    let _ = db.customers().find().filter(customer::orders().any(order::all()));
    let _ = db.customers().find().order_by(customer::orders().count());
}
