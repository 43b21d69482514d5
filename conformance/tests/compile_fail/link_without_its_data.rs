//! A link made without what its model requires.

use relata_conformance::through::{Db, NewPatient};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.physicians().patients(1).link(7);
    let _ = db.physicians().patients(1).set([7]);
    let _ = db.physicians().patients(1).create(NewPatient::new("Ann"));
}
