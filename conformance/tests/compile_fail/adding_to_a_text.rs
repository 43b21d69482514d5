//! Only numbers are computed with.

use relata_conformance::shop::{Db, order};

async fn longer(db: &Db) -> relata::Result<u64> {
    db.orders().patch_where(order::all(), order::description().add("!")).await
}

fn main() {}
