//! Keys that may be unset, where a row is meant.

use relata_conformance::shop::{Db, NewOrderItem};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let ann = db.customers().get(1).wait().unwrap();
    let _ = db.orders().customer(None::<i64>);
    let _ = db.customers().orders(ann.referrer_id).find();
    let _ = db.customers().get(ann.referrer_id);
    let _ = NewOrderItem::new(ann.referrer_id, 1, 1.0);
}
