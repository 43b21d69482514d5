//! A new row along a link that needs more than its keys.

use relata_conformance::through::{NewPatient, physician};

fn main() {
    let _ = physician::patients().create([NewPatient::new("Pia")]);
}
