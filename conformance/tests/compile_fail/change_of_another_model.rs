//! A change is one of the model whose rows are changed.

use relata_conformance::shop::{Db, account, customer};

async fn mixed(db: &Db) -> relata::Result<u64> {
    db.customers().patch_where(customer::all(), (customer::score().add(1), account::balance().add(1))).await
}

fn main() {}
