//! The tour prints what is in `tour.txt`, on every database.

#[test]
fn the_tour_prints_the_same_on_every_database() {
    relata_conformance::tour::prints_the_same_everywhere(env!("CARGO_BIN_EXE_shop"), "tests/tour.txt");
}
