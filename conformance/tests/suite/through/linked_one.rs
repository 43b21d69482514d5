//! The link that leads to the one row of a hasOne, and links read from an accessor.

use macro_rules_attribute::apply;
use relata::Linked;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::through::{
    Account, Appointment, Contract, Db, NewAccount, NewSupplier, Patient, account, appointment, contract, patient,
    supplier,
};
use serde_json::json;

use super::clinic;

/// The first has an account since 1999, the second one since nobody knows when, the third has none.
async fn suppliers(at: &Database) -> (Db, [Account; 2]) {
    let db: Db = at.open().await.unwrap();
    db.suppliers().create_many([1, 2, 3].map(NewSupplier::new)).await.unwrap();
    let link = supplier::AccountLink { since: Some(1999) };
    let first = db.suppliers().account(1).create_with(NewAccount::new("x"), link).await.unwrap();
    let second = db.suppliers().account(2).create(NewAccount::new("y")).await.unwrap();
    (db, [first, second])
}

fn since(account: Option<&Linked<Account, Contract>>) -> Option<(&str, Option<i64>)> {
    account.map(|account| (account.iban.as_str(), account.link.since))
}

#[apply(on_every_database)]
async fn the_row_is_included_with_its_link(at: &Database) {
    let (db, _) = suppliers(at).await;
    let all = || db.suppliers().find().order_by(supplier::id());
    let rows = all().include(supplier::account().with_link()).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| since(row.account.as_ref())).collect();
    assert_eq!(found, [Some(("x", Some(1999))), Some(("y", None)), None]);
    assert_eq!(rows[0].account.as_ref().unwrap().link.supplier_id, Some(1));
    let told = all().include(supplier::account().with_link()).explain();
    assert_eq!(told.into_iter().map(|statement| statement.path).collect::<Vec<_>>(), ["", "account"]);

    let json = serde_json::to_value(&rows).unwrap();
    assert_eq!(json[0]["account"]["row"]["iban"], "x");
    assert_eq!((&json[0]["account"]["link"]["since"], &json[2]["account"]), (&json!(1999), &json!(null)));
}

#[apply(on_every_database)]
async fn row_and_link_are_chosen(at: &Database) {
    let (db, _) = suppliers(at).await;
    let known = || supplier::account().filter_link(contract::since().gt(1990));
    for scope in [
        known().with_link(),
        supplier::account().with_link().filter_link(contract::since().gt(1990)),
        supplier::account().with_link().filter(account::iban().eq("x")),
    ] {
        let rows = db.suppliers().find().order_by(supplier::id()).include(scope).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| since(row.account.as_ref())).collect();
        assert_eq!(found, [Some(("x", Some(1999))), None, None]);
    }
    let found = db.suppliers().find().filter(known().matches(account::all())).one().await.unwrap();
    assert_eq!(found.id, 1);
}

#[apply(on_every_database)]
async fn an_accessor_gives_the_row_with_its_link(at: &Database) {
    let (db, [first, _]) = suppliers(at).await;
    let of = |id: i64| db.suppliers().account(id).with_link();
    let found = of(1).await.unwrap().unwrap();
    assert_eq!((&found.row, found.link.since, found.link.account_id), (&first, Some(1999), Some(first.id)));
    assert_eq!(since(of(2).await.unwrap().as_ref()), Some(("y", None)));
    assert_eq!(of(3).await.unwrap(), None);
    assert_eq!(of(1).filter_link(contract::since().lt(1990)).await.unwrap(), None);
    assert_eq!(of(1).filter(account::iban().eq("y")).await.unwrap(), None);
    assert_eq!(of(1).explain().len(), 1);
}

/// Name and day of each link.
fn days(rows: &[Linked<Patient, Appointment>]) -> Vec<(&str, i64)> {
    rows.iter().map(|patient| (patient.name.as_str(), patient.link.day)).collect()
}

#[apply(on_every_database)]
async fn an_accessor_gives_a_row_for_each_link(at: &Database) {
    let (db, [ann, bob, cid], [pia, ..]) = clinic(at).await;
    let of_ann = || db.physicians().patients(&ann).with_link();
    let (name, day) = (patient::name, appointment::day);
    assert_eq!(days(&of_ann().order_by_link(day()).await.unwrap()), [("Pia", 1), ("Quin", 3), ("Pia", 5)]);
    let by_name = of_ann().order_by(name().desc()).order_by_link(day().desc());
    assert_eq!(days(&by_name.limit(2).await.unwrap()), [("Quin", 3), ("Pia", 5)]);
    assert_eq!(days(&of_ann().order_by_link(day()).offset(1).limit(1).await.unwrap()), [("Quin", 3)]);
    let late = of_ann().filter_link(day().gt(2)).filter(name().eq("Pia"));
    assert_eq!(days(&late.await.unwrap()), [("Pia", 5)]);
    // No `or` reaches the links of another source.
    let of_bob = db.physicians().patients(&bob).with_link().filter_link(day().eq(2).or(day().gt(0)));
    assert_eq!(days(&of_bob.await.unwrap()), [("Pia", 2)]);
    assert!(db.physicians().patients(&cid).with_link().await.unwrap().is_empty());

    let physicians = patient::physicians().with_link().order_by_link(day());
    let rows = of_ann().order_by_link(day()).include(physicians).include(patient::appointments().count());
    let told: Vec<_> = rows.explain().into_iter().map(|statement| statement.path).collect();
    assert_eq!(told, ["", "physicians"]);
    let physicians = patient::physicians().with_link().order_by_link(day());
    let rows = of_ann().order_by_link(day()).include(physicians).include(patient::appointments().count());
    let rows = rows.await.unwrap();
    assert_eq!((rows[0].id, rows[0].link.day, rows[0].appointments), (pia.id, 1, 3));
    let theirs = rows[0].physicians.iter().map(|physician| (physician.name.as_str(), physician.link.day));
    assert_eq!(theirs.collect::<Vec<_>>(), [("Ann", 1), ("Bob", 2), ("Ann", 5)]);
}
