//! Values within values: optional ones and lists of their own kind.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::values::{Db, NewBook, Section};

fn section(title: &str) -> Section {
    Section { title: title.to_owned(), intro: None, parts: Vec::new() }
}

#[apply(on_every_database)]
async fn a_value_holds_values_of_its_own_kind(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let text = Section {
        intro: Some(Box::new(section("first"))),
        parts: vec![Section { parts: vec![section("1.1")], ..section("1") }, section("2")],
        ..section("all")
    };
    let made = db.books().create(NewBook::new(text.clone())).await.unwrap();
    assert_eq!(db.books().get(made.id).await.unwrap().text, text);
}

#[apply(on_every_database)]
async fn rules_hold_at_any_depth(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let deep = Section { parts: vec![section("a title that is far too long for it")], ..section("all") };
    let refused = db.books().create(NewBook::new(deep)).await.unwrap_err();
    assert!(matches!(&refused, Error::Validation { model: "Book", failures } if failures[0].property == "text"));
}
