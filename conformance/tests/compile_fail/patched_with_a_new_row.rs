//! What makes a row does not change one.

use relata_conformance::shop::{Db, NewCustomer, customer};

async fn replaced(db: &Db) -> relata::Result<u64> {
    db.customers().patch_where(customer::all(), NewCustomer::new("Ann", "ann@x")).await
}

fn main() {}
