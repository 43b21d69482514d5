//! Keys and rows of another model, where a list of keys leads elsewhere.

use relata_conformance::references::{Db, user};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let ann = db.users().get(1).wait().unwrap();
    let _ = db.users().tags(1).add(&ann);
    let _ = db.users().tags(1).add("slug");
    let _ = db.users().find().filter(user::tags().any(user::name().eq("Ann")));
}
