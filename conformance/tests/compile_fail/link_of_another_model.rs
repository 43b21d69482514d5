//! Links chosen and ordered by what another model says.

use relata_conformance::through::{Db, patient, physician, stay};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.physicians().find().include(physician::patients().filter_link(patient::vip().eq(true)));
    let _ = db.physicians().find().include(physician::patients().with_link().order_by_link(stay::id()));
}
