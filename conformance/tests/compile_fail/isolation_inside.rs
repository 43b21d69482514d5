//! A level of isolation asked for inside of a transaction, which has one already.

use relata::{Isolation, Result};
use relata_conformance::shop::{Customer, Tx, customer};

async fn inside(tx: &Tx) -> Result<Vec<Customer>> {
    tx.transaction(async |tx| tx.customers().find().filter(customer::all()).await)
        .isolation(Isolation::Serializable)
        .await
}

fn main() {}
