//! A condition on a relation to several models, which have no property in common.

use relata_conformance::polymorphic::{Db, comment, post};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.comments().find().filter(comment::subject().matches(post::title().eq("news")));
}
