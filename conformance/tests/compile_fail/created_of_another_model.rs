//! Rows of another model's relation created with a row.

use relata_conformance::shop::{Db, NewCustomer, customer, order};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let items = || order::items().create([order::NewItem::new(1, 1.5)]);
    let _ = db.customers().create(NewCustomer::new("Ann", "ann@example.org")).with(items());
    let order = customer::NewOrder::new("an order", 1);
    let _ = customer::orders().create([(order, customer::referrals().create([customer::NewReferral::new("B", "b@")]))]);
}
