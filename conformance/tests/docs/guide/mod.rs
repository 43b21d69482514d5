//! The examples of `docs/guide`, and the schema that its pages tell of.

use relata::Result;

use blog::{Author, Db, NewAuthor, Post, author};

/// The blog of the guide.
#[allow(missing_docs, reason = "a schema of examples")]
pub(super) mod blog {
    include!(concat!(env!("OUT_DIR"), "/blog/mod.rs"));
}

pub(super) const FIRST: &str = include_str!("../../../../docs/guide/first.md");
pub(super) const RELATIONS: &str = include_str!("../../../../docs/guide/relations.md");
pub(super) const READING: &str = include_str!("../../../../docs/guide/reading.md");
pub(super) const WRITING: &str = include_str!("../../../../docs/guide/writing.md");
pub(super) const HTTP: &str = include_str!("../../../../docs/guide/http.md");
pub(super) const TRANSACTIONS: &str = include_str!("../../../../docs/guide/transactions.md");
pub(super) const TESTING: &str = include_str!("../../../../docs/guide/testing.md");
pub(super) const OBSERVABILITY: &str = include_str!("../../../../docs/guide/observability.md");
pub(super) const PRODUCTION: &str = include_str!("../../../../docs/guide/production.md");

mod first;
mod http;
mod observability;
mod pages;
mod production;
mod reading;
mod relations;
mod testing;
mod transactions;
mod writing;

/// Ann, and a post of hers.
async fn with_ann() -> Result<(Db, Author, Post)> {
    let db = Db::connect("sqlite::memory:").await?;
    db.create_tables().await?;
    let ann = db.authors().create(NewAuthor::new("Ann", "ann@example.org")).await?;
    let post = db.authors().posts(&ann).create(author::NewPost::new("Hello", "First words.")).await?;
    Ok((db, ann, post))
}
