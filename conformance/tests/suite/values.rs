//! Values within values: optional ones and lists of their own kind.

use relata::Error;
use relata_conformance::database::fresh;
use relata_conformance::values::{Db, NewBook, Section};

fn section(title: &str) -> Section {
    Section { title: title.to_owned(), intro: None, parts: Vec::new() }
}

#[tokio::test]
async fn a_value_holds_values_of_its_own_kind() {
    let db: Db = fresh().await.unwrap();
    let text = Section {
        intro: Some(Box::new(section("first"))),
        parts: vec![Section { parts: vec![section("1.1")], ..section("1") }, section("2")],
        ..section("all")
    };
    let made = db.books().create(NewBook::new(text.clone())).await.unwrap();
    assert_eq!(db.books().get(made.id).await.unwrap().text, text);
}

#[tokio::test]
async fn rules_hold_at_any_depth() {
    let db: Db = fresh().await.unwrap();
    let deep = Section { parts: vec![section("a title that is far too long for it")], ..section("all") };
    let refused = db.books().create(NewBook::new(deep)).await.unwrap_err();
    assert!(matches!(&refused, Error::Validation { model: "Book", failures } if failures[0].property == "text"));
}
