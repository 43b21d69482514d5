//! Links of a relation that has none, and their order where they are not wanted.

use relata_conformance::shop::{customer, order};
use relata_conformance::through::{appointment, physician};

fn main() {
    let _ = customer::orders().with_link();
    let _ = customer::orders().filter_link(order::all());
    let _ = physician::patients().order_by_link(appointment::day());
}
