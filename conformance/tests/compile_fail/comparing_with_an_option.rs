//! A comparison with an `Option`, which SQL would make neither true nor false.

use relata_conformance::shop::customer;

fn main() {
    let score: Option<i64> = None;
    let _ = customer::score().eq(score);
}
