//! Accessors of embedded values: read and changed by themselves.

use chrono::NaiveDate;
use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::embeds::{Db, NewPerson, NewVisit, Person, PersonPatch, Place, Point, Visit, person, place};
use relata_conformance::on_every_database;

use crate::support::{code, failures};

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn at_home(city: &str) -> Place {
    Place { street: "Main".into(), city: city.into(), zip: None, point: None, tags: Vec::new() }
}

async fn ann(db: &Db) -> Person {
    db.people().create(NewPerson::new("Ann", at_home("Asgard"))).await.unwrap()
}

fn cities(places: &[Place]) -> Vec<&str> {
    places.iter().map(|place| place.city.as_str()).collect()
}

#[apply(on_every_database)]
async fn a_list_is_changed_one_by_one(at: &Database) {
    let db = db(at).await;
    let (ann, other) = (ann(&db).await, ann(&db).await);
    let places = db.people().places(&ann);
    assert_eq!(places.get().await.unwrap(), []);
    places.push(at_home("a")).await.unwrap();
    places.push(at_home("c")).await.unwrap();
    places.insert(1, at_home("b")).await.unwrap();
    places.insert(3, at_home("d")).await.unwrap();
    assert_eq!(cities(&places.get().await.unwrap()), ["a", "b", "c", "d"]);
    let changed = places.update(2, |place| place.zip = Some("123".into())).await.unwrap();
    assert_eq!(changed, Place { zip: Some("123".into()), ..at_home("c") });
    assert_eq!(places.remove(0).await.unwrap(), at_home("a"));
    let stored = db.people().get(ann.id).await.unwrap();
    assert_eq!(stored.places, [at_home("b"), changed, at_home("d")]);
    places.set([at_home("x"), at_home("y")]).await.unwrap();
    assert_eq!(cities(&places.get().await.unwrap()), ["x", "y"]);
    places.clear().await.unwrap();
    assert_eq!(places.get().await.unwrap(), []);
    assert_eq!(db.people().get(other.id).await.unwrap(), other, "no other row was touched");
}

#[apply(on_every_database)]
async fn one_value_is_changed_by_itself(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let home: Place = db.people().home(ann.id).get().await.unwrap();
    assert_eq!(home.city, "Asgard");
    let moved = db.people().home(ann.id).update(|home| home.city = "Oslo".into()).await.unwrap();
    assert_eq!(moved.city, "Oslo");
    assert_eq!(db.people().home(&ann).get().await.unwrap(), moved);
    db.people().home(&ann).set(at_home("Bergen")).await.unwrap();
    assert_eq!(db.people().get(ann.id).await.unwrap().home.city, "Bergen");

    let work = db.people().work(&ann);
    assert_eq!(work.get().await.unwrap(), None);
    assert_eq!(failures(work.update(|_| ()).await), ["work is absent: there is nothing to change"]);
    work.set(at_home("Oslo")).await.unwrap();
    work.update(|work| work.point = Some(Point { x: 1, y: None })).await.unwrap();
    assert_eq!(work.get().await.unwrap().unwrap().point, Some(Point { x: 1, y: None }));
    work.clear().await.unwrap();
    assert_eq!(work.get().await.unwrap(), None);
    assert_eq!(db.people().count(person::work().is_null()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn a_row_that_is_not_there_is_not_found(at: &Database) {
    let db = db(at).await;
    assert_eq!(code(db.people().places(99).get().await), "not_found");
    assert_eq!(code(db.people().places(99).push(at_home("a")).await), "not_found");
    assert_eq!(code(db.people().places(99).set([]).await), "not_found");
    assert_eq!(code(db.people().home(99).get().await), "not_found");
    let error = db.people().home(99).update(|_| ()).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no Person with id 99");
    assert_eq!(code(db.people().work(99).clear().await), "not_found");
}

#[apply(on_every_database)]
async fn an_index_that_the_list_does_not_have_is_refused(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let places = db.people().places(&ann);
    places.push(at_home("a")).await.unwrap();
    assert_eq!(failures(places.update(1, |_| ()).await), ["places has no element 1; its length is 1"]);
    assert_eq!(code(places.remove(1).await), "validation");
    assert_eq!(code(places.insert(2, at_home("b")).await), "validation");
    assert_eq!(cities(&places.get().await.unwrap()), ["a"]);
    assert_eq!(db.people().get(ann.id).await.unwrap().version, ann.version + 1, "what is refused changes nothing");
}

#[apply(on_every_database)]
async fn rules_within_values_hold_for_every_way_to_write(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let wrong = Place { street: String::new(), zip: Some("x".into()), ..at_home("a") };
    let places = db.people().places(&ann);
    let expected = ["places[0].street is empty", "places[0].zip does not match `^[0-9]+$`"];
    assert_eq!(failures(places.push(wrong.clone()).await), expected);
    assert_eq!(failures(places.insert(0, wrong.clone()).await), expected);
    assert_eq!(failures(places.set([wrong.clone()]).await), expected);
    places.push(at_home("a")).await.unwrap();
    assert_eq!(failures(places.update(0, move |place| *place = wrong).await), expected);
    let long = "x".repeat(21);
    let update = db.people().home(&ann).update(move |home| home.street = long);
    assert_eq!(failures(update.await), ["home.street is longer than 20 characters"]);
    assert_eq!(cities(&places.get().await.unwrap()), ["a"]);
}

#[apply(on_every_database)]
async fn every_change_raises_the_version(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    db.people().places(&ann).push(at_home("a")).await.unwrap();
    db.people().places(&ann).set([]).await.unwrap();
    db.people().home(&ann).update(|_| ()).await.unwrap();
    let stored = db.people().get(ann.id).await.unwrap();
    assert_eq!(stored.version, ann.version + 3);
    let patch = PersonPatch { version: Some(ann.version), ..PersonPatch::default() };
    assert_eq!(code(db.people().patch_by_id(ann.id, patch).await), "stale");
}

#[apply(on_every_database)]
async fn changes_join_a_transaction_and_end_with_it(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let id = ann.id;
    let ended = db.transaction(async move |tx| {
        tx.people().places(id).push(at_home("a")).await?;
        tx.people().places(id).push(at_home("b")).await?;
        assert_eq!(tx.people().places(id).get().await?.len(), 2);
        tx.people().places(id).remove(7).await?;
        Ok::<_, relata::Error>(())
    });
    assert_eq!(code(ended.await), "validation");
    assert_eq!(db.people().places(&ann).get().await.unwrap(), []);
}

#[apply(on_every_database)]
async fn changes_at_the_same_time_lose_nothing(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let pushes = (0..8).map(|n| {
        let (db, id) = (db.clone(), ann.id);
        tokio::spawn(async move { db.people().places(id).push(at_home(&n.to_string())).await })
    });
    for push in pushes.collect::<Vec<_>>() {
        push.await.unwrap().unwrap();
    }
    let places = db.people().places(&ann).get().await.unwrap();
    let mut found = cities(&places);
    found.sort_unstable();
    assert_eq!(found, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}

#[apply(on_every_database)]
async fn a_composite_key_leads_to_a_row_as_well(at: &Database) {
    let db = db(at).await;
    let ann = ann(&db).await;
    let day = NaiveDate::from_ymd_opt(2024, 1, 2).unwrap();
    let visit: Visit = db.visits().create(NewVisit::new(ann.id, day)).await.unwrap();
    db.visits().path((ann.id, day)).push(Point { x: 1, y: Some(2) }).await.unwrap();
    db.visits().path(&visit).push(Point { x: 3, y: None }).await.unwrap();
    let path = db.visits().path(&visit).get().await.unwrap();
    assert_eq!(path, [Point { x: 1, y: Some(2) }, Point { x: 3, y: None }]);
    let found = db.people().find().filter(person::home().matches(place::all())).await.unwrap();
    assert_eq!(found.len(), 1);
}
