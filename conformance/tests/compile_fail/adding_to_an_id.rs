//! Ids, versions and what is generated are changed by no patch.

use relata_conformance::shop::{Db, order};

async fn renumbered(db: &Db) -> relata::Result<u64> {
    db.orders().patch_where(order::all(), order::id().add(1)).await
}

fn main() {}
