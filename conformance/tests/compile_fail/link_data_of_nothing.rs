//! Data for a link that has none.

use relata_conformance::through::{Db, person};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.people().following(1).link_with(2, person::FollowingLink::new());
}
