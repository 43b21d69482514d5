//! One of the models of a relation, taken for one of another relation, and taken twice.

use relata_conformance::polymorphic::{Db, comment, note, post};

fn main() {
    let db = Db::connect("sqlite::memory:").wait().unwrap();
    let _ = db.comments().find().include(comment::subject().of(note::about::post()));
    let posts = || comment::subject::post().include(post::author());
    let _ = db.comments().find().include(comment::subject().of(posts()).of(posts()));
    let _ = db.comments().find().include(comment::subject::post());
}
