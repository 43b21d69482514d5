//! What is not valid is refused before anything is stored, all of it at once, and says where it is.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::types::{Address, NewSample, NewStrict, Strict, StrictPatch, strict};
use relata_conformance::writes::{NewLoan, NewMember, NewTicket, loan, member, ticket};
use relata_conformance::{types, writes};

use crate::support::{code, failures};

#[apply(on_every_database)]
async fn every_rule_that_a_row_breaks_is_told(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    let wrong = || NewStrict { age: Some(200), ratio: Some(0.1), code: Some("a".into()), ..NewStrict::new("x") };
    let all = [
        "name is shorter than 2 characters",
        "code does not match `^[A-Z]+$`",
        "age is greater than 150",
        "ratio is less than 0.5",
    ];
    assert_eq!(failures(db.stricts().create(wrong()).await), all);
    let listed: Vec<_> = all.iter().map(|rule| format!("[1].{rule}")).collect();
    assert_eq!(failures(db.stricts().create_many([NewStrict::new("ok"), wrong()]).await), listed);
    assert_eq!(failures(db.stricts().create_all([NewStrict::new("ok"), wrong()]).await), listed);

    let row = db.stricts().create(NewStrict::new("ok")).await.unwrap();
    let patch = StrictPatch {
        name: Some("x".into()),
        code: Some(Some("a".into())),
        age: Some(Some(200)),
        ratio: Some(Some(0.1)),
        ..Default::default()
    };
    assert_eq!(failures(db.stricts().patch_by_id(row.id, patch.clone()).await), all);
    assert_eq!(failures(db.stricts().patch_where(strict::all(), patch).await), all);
    let wrong = Strict { name: "x".into(), code: Some("a".into()), age: Some(200), ratio: Some(0.1), ..row.clone() };
    assert_eq!(failures(db.stricts().replace(wrong.clone()).await), all);
    assert_eq!(failures(db.stricts().upsert(wrong.clone()).await), all);
    assert_eq!(failures(db.stricts().upsert_many([row.clone(), Strict { id: -1, ..wrong }]).await), listed);
    assert_eq!(db.stricts().find().await.unwrap(), [row]);
}

#[apply(on_every_database)]
async fn rows_are_named_by_their_place_among_those_given(at: &Database) {
    let db: writes::Db = at.open().await.unwrap();
    let loans = [(31, "fine"), (3, "too long"), (1, "good")].map(|(days, label)| member::NewLoan::new(days, label));
    let loans = || member::loans().create(loans.clone());
    let nested = db.members().create(NewMember::new("a@x", "a".repeat(21))).with(loans()).await;
    let all = [
        "first is longer than 20 characters",
        "loans[0].days is greater than 30",
        "loans[1].label is longer than 5 characters",
    ];
    assert_eq!(failures(nested), all);
    let good = || member::loans().create([member::NewLoan::new(1, "good")]);
    let many = [(NewMember::new("b@x", "Bob"), good()), (NewMember::new("a@x", "a".repeat(21)), loans())];
    let listed: Vec<_> = all.iter().map(|rule| format!("[1].{rule}")).collect();
    assert_eq!(failures(db.members().create_nested(many).await), listed);
    assert_eq!(db.members().count(member::all()).await.unwrap(), 0);
    assert_eq!(db.loans().count(loan::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn parts_of_values_are_named_by_their_path(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    let address = |street: &str| Address { street: street.into(), number: None, tags: vec![], color: None };
    let wrong = NewSample {
        address: Some(address(&"a".repeat(21))),
        addresses: Some(vec![address("a"), Address { tags: vec!["\0".into()], ..address(&"b".repeat(21)) }]),
        words: Some(vec!["a".into(), "\0".into()]),
        ..NewSample::new()
    };
    let all = [
        "words[1] contains a NUL character",
        "address.street is longer than 20 characters",
        "addresses[1].street is longer than 20 characters",
        "addresses[1].tags[0] contains a NUL character",
    ];
    assert_eq!(failures(db.samples().create(wrong.clone()).await), all);
    let error = db.samples().create_many([wrong]).await.unwrap_err();
    assert_eq!(
        error.to_string().split(", ").next(),
        Some("Sample is not valid: [0].words[1] contains a NUL character")
    );
}

#[apply(on_every_database)]
async fn a_text_that_is_missing_is_empty(at: &Database) {
    let db: writes::Db = at.open().await.unwrap();
    assert_eq!(failures(db.tickets().create(NewTicket::new("T", "")).await), ["title is empty"]);
    assert_eq!(
        failures(db.tickets().create(NewTicket::new("T", "a".repeat(11))).await),
        ["title is longer than 10 characters"]
    );
}

#[apply(on_every_database)]
async fn a_call_tells_a_hundred_failures_and_no_more(at: &Database) {
    let db: writes::Db = at.open().await.unwrap();
    let many = || (0..1000).map(|n| NewTicket::new(n.to_string(), ""));
    assert_eq!(failures(db.tickets().create_many(many()).await).len(), 100);
    assert_eq!(failures(db.tickets().upsert_many_by_code(many()).await).len(), 100);
    assert_eq!(failures(db.tickets().create_all(many()).await).len(), 100);
}

#[apply(on_every_database)]
async fn any_number_of_rows_is_stored_as_it_comes(at: &Database) {
    let db: writes::Db = at.open().await.unwrap();
    let rows = |count: i64| (0..count).map(|n| NewTicket::new(n.to_string(), "t"));
    assert_eq!(db.tickets().create_all(rows(10_000)).await.unwrap(), 10_000);
    assert_eq!(db.tickets().count(ticket::all()).await.unwrap(), 10_000);
    assert_eq!(db.tickets().find().filter(ticket::code().eq("9999")).one().await.unwrap().version, 1);
    assert_eq!(db.tickets().create_all([]).await.unwrap(), 0);

    // What is refused late undoes all of it.
    let late = (20_000..29_000).map(|n| NewTicket::new(n.to_string(), if n == 28_000 { "" } else { "t" }));
    assert_eq!(failures(db.tickets().create_all(late).await), ["[8000].title is empty"]);
    let taken = (20_000..29_000).map(|n| NewTicket::new(if n == 28_000 { 7 } else { n }.to_string(), "t"));
    assert_eq!(code(db.tickets().create_all(taken).await), "conflict");
    let nobody = (0..5).map(|_| NewLoan::new(1, "x", -1));
    assert_eq!(code(db.loans().create_all(nobody).await), "foreign_key");
    assert_eq!(db.tickets().count(ticket::all()).await.unwrap(), 10_000);
}
