//! A new row of a relation that says itself to whom it belongs.

use relata_conformance::shop::{NewOrder, customer};

fn main() {
    let _ = customer::orders().create([NewOrder::new(7, "an order", 1)]);
}
