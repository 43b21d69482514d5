//! What is linked: found, counted, included, and asked about in conditions.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::through::{
    Db, NewAccount, NewAuthor, NewAuthorship, NewBook, NewContract, NewCountry, NewFollow, NewGuest, NewLanguage,
    NewPerson, NewRoom, NewSpoken, NewStay, NewSupplier, account, author, book, country, guest, language, patient,
    person, physician, room, supplier,
};

use super::{clinic, names};

#[apply(on_every_database)]
async fn each_row_is_found_once_however_many_links_lead_there(at: &Database) {
    let (db, [ann, bob, cid], [pia, quin, rob]) = clinic(at).await;
    let of_ann = db.physicians().patients(&ann);
    assert_eq!(of_ann.find().order_by(patient::name()).await.unwrap(), [pia.clone(), quin.clone()]);
    assert_eq!(of_ann.count(patient::all()).await.unwrap(), 2);
    assert_eq!(of_ann.find().filter(patient::name().eq("Quin")).await.unwrap(), [quin.clone()]);
    assert_eq!(names(&of_ann.find().order_by(patient::name().desc()).limit(1).await.unwrap()), ["Quin"]);
    assert_eq!(of_ann.find().order_by(patient::name()).offset(1).count().await.unwrap(), 1);
    assert_eq!(db.physicians().patients(bob.id).find().await.unwrap(), [pia.clone()]);
    assert!(db.physicians().patients(&cid).find().await.unwrap().is_empty());
    assert_eq!(of_ann.find_by_id(pia.id).await.unwrap(), Some(pia.clone()));
    assert_eq!(of_ann.find_by_id(rob.id).await.unwrap(), None);
    assert_eq!(db.patients().physicians(&pia).find().order_by(physician::id()).await.unwrap(), [ann, bob]);
}

#[apply(on_every_database)]
async fn a_condition_of_the_caller_does_not_widen_what_is_linked(at: &Database) {
    let (db, [_, bob, _], [pia, ..]) = clinic(at).await;
    let anyone = patient::name().eq("Rob").or(patient::id().gt(0));
    assert_eq!(db.physicians().patients(&bob).find().filter(anyone).await.unwrap(), [pia]);
}

#[apply(on_every_database)]
async fn rows_are_included_for_each_parent(at: &Database) {
    let (db, ..) = clinic(at).await;
    let all = || db.physicians().find().order_by(physician::name());
    let rows = all().include(physician::patients().order_by(patient::name())).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| names(&row.patients)).collect();
    assert_eq!(found, [vec!["Pia", "Quin"], vec!["Pia"], vec![]]);

    let one = physician::patients().order_by(patient::name().desc()).limit(1);
    let rows = all().include(one).await.unwrap();
    assert_eq!(rows.iter().map(|row| names(&row.patients)).collect::<Vec<_>>(), [vec!["Quin"], vec!["Pia"], vec![]]);

    let rest = physician::patients().order_by(patient::name()).offset(1);
    let rows = all().include(rest).await.unwrap();
    assert_eq!(rows.iter().map(|row| names(&row.patients)).collect::<Vec<_>>(), [vec!["Quin"], vec![], vec![]]);

    let quin = physician::patients().filter(patient::name().eq("Quin"));
    let rows = all().include(quin).await.unwrap();
    assert_eq!(rows.iter().map(|row| names(&row.patients)).collect::<Vec<_>>(), [vec!["Quin"], vec![], vec![]]);
}

#[apply(on_every_database)]
async fn what_is_linked_includes_more(at: &Database) {
    let (db, [ann, bob, _], _) = clinic(at).await;
    let back = patient::physicians().order_by(physician::name());
    let linked = physician::patients().order_by(patient::name()).include(patient::appointments()).include(back);
    let row = db.physicians().get(ann.id).include(linked.clone()).await.unwrap();
    assert_eq!(row.patients[0].physicians, [ann.clone(), bob.clone()]);
    assert_eq!(row.patients[1].physicians, [ann.clone()]);
    assert_eq!(row.patients.iter().map(|patient| patient.appointments.len()).collect::<Vec<_>>(), [3, 2]);
    let json = serde_json::to_value(&row).unwrap();
    assert_eq!(json["patients"][1]["name"], "Quin");

    let cut = db.physicians().find().order_by(physician::id()).include(linked.limit(1)).await.unwrap();
    assert_eq!(cut[1].patients[0].physicians, [ann, bob]);
}

#[apply(on_every_database)]
async fn rows_are_chosen_by_what_they_are_linked_to(at: &Database) {
    let (db, [ann, bob, cid], _) = clinic(at).await;
    let found = async |condition| db.physicians().find().filter(condition).order_by(physician::id()).await.unwrap();
    let linked = physician::patients;
    let name = |name: &str| patient::name().eq(name);
    assert_eq!(found(linked().any(name("Quin"))).await, [ann.clone()]);
    assert_eq!(found(linked().any(patient::all())).await, [ann.clone(), bob.clone()]);
    assert_eq!(found(linked().none(name("Quin"))).await, [bob.clone(), cid.clone()]);
    assert_eq!(found(linked().none(patient::all())).await, [cid.clone()]);
    assert_eq!(found(linked().all(name("Pia"))).await, [bob.clone(), cid.clone()]);
    assert_eq!(found(!linked().all(name("Pia"))).await, [ann.clone()]);
    let nested = linked().any(patient::physicians().any(physician::name().eq("Bob")));
    assert_eq!(found(nested).await, [ann, bob]);
    let changed = db.patients().patch_where(
        patient::physicians().any(physician::name().eq("Bob")),
        relata_conformance::through::PatientPatch { vip: Some(Some(true)), ..Default::default() },
    );
    assert_eq!(changed.await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn a_model_is_linked_to_itself(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let people = [(1, "Ann"), (2, "Bob"), (3, "Cid")].map(|(id, name)| NewPerson::new(id, name));
    db.people().create_many(people).await.unwrap();
    let follows = [(1, 2), (1, 3), (2, 1), (1, 1), (1, 2)].map(|(from, to)| NewFollow::new(from, to));
    db.follows().create_many(follows).await.unwrap();
    let ids = |rows: &[relata_conformance::through::Person]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&db.people().following(1).find().order_by(person::id()).await.unwrap()), [1, 2, 3]);
    assert_eq!(ids(&db.people().followers(1).find().order_by(person::id()).await.unwrap()), [1, 2]);
    let scope = person::following().order_by(person::id().desc()).limit(2);
    let row = db.people().get(1).include(scope.include(person::followers().order_by(person::id()))).await.unwrap();
    assert_eq!(row.following.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(row.following.iter().map(|row| ids(&row.followers)).collect::<Vec<_>>(), [vec![1], vec![1]]);
    let mutual = person::following().any(person::following().any(person::name().eq("Cid")));
    let rows = db.people().find().filter(mutual).order_by(person::id()).await.unwrap();
    assert_eq!(ids(&rows), [1, 2]);
}

#[apply(on_every_database)]
async fn keys_have_several_parts(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.guests().create_many([1, 2, 3].map(NewGuest::new)).await.unwrap();
    let rooms = [("A", 1, 2), ("A", 2, 1), ("B", 1, 3)];
    db.rooms().create_many(rooms.map(|(building, n, beds)| NewRoom::new(building, n, beds))).await.unwrap();
    let stays = [(1, "A", 1), (1, "A", 1), (1, "B", 1), (2, "A", 2)].map(|(guest, building, n)| NewStay {
        guest_id: Some(guest),
        room_building: Some(building.to_owned()),
        room_number: Some(n),
    });
    db.stays().create_many(stays).await.unwrap();
    let half = NewStay { guest_id: Some(2), room_building: Some("A".into()), room_number: None };
    db.stays().create(half).await.unwrap();

    let found = db.guests().rooms(1).find().order_by((room::building(), room::number())).await.unwrap();
    assert_eq!(found.iter().map(|room| room.beds).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(db.guests().rooms(2).count(room::all()).await.unwrap(), 1);
    assert_eq!(db.rooms().guests(("A", 1)).find().await.unwrap().len(), 1);
    for (scope, sizes) in [(guest::rooms(), [2, 1, 0]), (guest::rooms().limit(1), [1, 1, 0])] {
        let rows = db.guests().find().order_by(guest::id()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.rooms.len()).collect::<Vec<_>>(), sizes);
    }
    let rooms = || db.rooms().find().order_by((room::building(), room::number()));
    for scope in [room::guests(), room::guests().limit(1)] {
        let rows = rooms().include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.guests[0].id).collect::<Vec<_>>(), [1, 2, 1]);
    }
    let small = db.guests().find().filter(guest::rooms().any(room::beds().eq(1))).await.unwrap();
    assert_eq!(small.iter().map(|guest| guest.id).collect::<Vec<_>>(), [2]);
}

#[apply(on_every_database)]
async fn keys_are_not_always_ids(at: &Database) {
    let db: Db = at.open().await.unwrap();
    for code in [Some("NO"), Some("CH"), None] {
        db.countries().create(NewCountry { code: code.map(str::to_owned) }).await.unwrap();
    }
    db.languages().create_many(["deu", "fra", "nor"].map(NewLanguage::new)).await.unwrap();
    for (country, language) in [("CH", "deu"), ("CH", "fra"), ("NO", "nor")] {
        let spoken = NewSpoken { country: Some(country.into()), language: Some(language.into()) };
        db.spokens().create(spoken).await.unwrap();
    }
    let isos = |rows: &[relata_conformance::through::Language]| {
        rows.iter().map(|row| row.iso.clone()).collect::<Vec<_>>().join(" ")
    };
    let languages = country::languages().order_by(language::iso());
    for (scope, swiss) in [(languages.clone(), "deu fra"), (languages.limit(1), "deu")] {
        let rows = db.countries().find().order_by(country::code()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| isos(&row.languages)).collect::<Vec<_>>(), ["", swiss, "nor"]);
        let nowhere = &rows[0];
        assert!(db.countries().languages(nowhere).find().await.unwrap().is_empty());
    }
    assert_eq!(isos(&db.countries().languages("NO").find().await.unwrap()), "nor");
}

#[apply(on_every_database)]
async fn there_is_one_at_most_through_has_one(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.suppliers().create_many([1, 2].map(NewSupplier::new)).await.unwrap();
    let made = db.accounts().create_many(["x", "y"].map(NewAccount::new)).await.unwrap();
    let contract = NewContract { supplier_id: Some(1), account_id: Some(made[1].id), since: None };
    db.contracts().create(contract).await.unwrap();
    let rows = db.suppliers().find().order_by(supplier::id()).include(supplier::account()).await.unwrap();
    assert_eq!(rows[0].account.as_ref(), made.get(1));
    assert_eq!(rows[1].account, None);
    assert_eq!(db.suppliers().account(1).get().await.unwrap().as_ref(), made.get(1));
    assert_eq!(db.suppliers().account(2).get().await.unwrap(), None);
    let by_y = supplier::account().matches(account::iban().eq("y"));
    assert_eq!(db.suppliers().count(by_y).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn links_that_lead_nowhere_are_passed_over(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.authors().create_many([1, 2].map(NewAuthor::new)).await.unwrap();
    let book = db.books().create(NewBook::new("a")).await.unwrap();
    for (author, at) in [(1, book.id), (1, 77), (2, 78), (3, book.id)] {
        let new = NewAuthorship { author_id: Some(author), book_id: Some(at) };
        db.authorships().create(new).await.unwrap();
    }
    assert_eq!(db.authors().books(1).find().await.unwrap(), [book.clone()]);
    assert_eq!(db.authors().books(2).count(book::all()).await.unwrap(), 0);
    for scope in [author::books(), author::books().limit(2)] {
        let rows = db.authors().find().order_by(author::id()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.books.len()).collect::<Vec<_>>(), [1, 0]);
    }
    let all_b = author::books().all(book::title().eq("b"));
    assert_eq!(db.authors().find().filter(all_b).await.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [2]);
}
