//! Values computed of rows that are not asked, and keys that are none.

use relata::count;
use relata_conformance::shop::{Db, customer, order};
use relata_conformance::types::{Db as Types, sample};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.orders().aggregate().select((count(), customer::score().sum()));
    let _ = db.orders().aggregate().group_by(customer::id());
    let _ = db.orders().aggregate().select(order::description().sum());
    let _ = db.orders().aggregate().group_by(order::id()).select(order::quantity());
    let types = Types::connect("sqlite::memory:").wait().unwrap();
    let _ = types.samples().aggregate().group_by(sample::json());
    let _ = types.samples().aggregate().group_by(sample::id()).order_by(sample::money().avg());
}
