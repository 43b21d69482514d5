//! Only what is optional is set to NULL.

use relata_conformance::shop::{Db, order};

async fn emptied(db: &Db) -> relata::Result<u64> {
    db.orders().patch_where(order::all(), order::quantity().set_null()).await
}

fn main() {}
