//! What links say: links chosen by it, rows read with the link that leads to them, and their order.

use macro_rules_attribute::apply;
use relata::Linked;
use relata_conformance::database::Database;
use relata_conformance::through::{
    Appointment, Db, NewAuthor, NewAuthorship, NewBook, NewFollow, NewPerson, Patient, appointment, author, book,
    follow, patient, person, physician,
};
use relata_conformance::{on_every_database, on_no_database};

use super::{clinic, names};

/// Name and day of each link.
fn days(rows: &[Linked<Patient, Appointment>]) -> Vec<(&str, i64)> {
    rows.iter().map(|patient| (patient.name.as_str(), patient.link.day)).collect()
}

#[apply(on_every_database)]
async fn rows_are_included_along_links_that_match(at: &Database) {
    let (db, ..) = clinic(at).await;
    let all = || db.physicians().find().order_by(physician::name());
    let linked = || physician::patients().order_by(patient::name());
    for (scope, ann) in [
        (linked().filter_link(appointment::day().gt(1)), vec!["Pia", "Quin"]),
        (linked().filter_link(appointment::day().gt(1)).limit(1), vec!["Pia"]),
        (linked().filter_link(appointment::day().eq(3)), vec!["Quin"]),
        (linked().filter_link(appointment::day().gt(1)).filter_link(appointment::day().lt(3)), vec![]),
    ] {
        let rows = all().include(scope).await.unwrap();
        assert_eq!(names(&rows[0].patients), ann);
    }
}

#[apply(on_every_database)]
async fn conditions_and_counts_look_at_links_that_match(at: &Database) {
    let (db, [ann, bob, cid], _) = clinic(at).await;
    let found = async |condition| db.physicians().find().filter(condition).order_by(physician::id()).await.unwrap();
    let late = || physician::patients().filter_link(appointment::day().gt(2));
    assert_eq!(found(late().any(patient::name().eq("Pia"))).await, [ann.clone()]);
    assert_eq!(found(late().none(patient::all())).await, [bob.clone(), cid.clone()]);
    assert_eq!(found(late().all(patient::name().eq("Pia"))).await, [bob, cid]);
    assert_eq!(found(late().count().eq(2)).await, [ann]);
    let early = physician::patients().filter_link(appointment::day().lt(3));
    let rows = db.physicians().find().order_by(physician::id()).include(early.count()).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.patients).collect::<Vec<_>>(), [1, 1, 0]);
}

#[apply(on_every_database)]
async fn there_is_a_row_for_each_link(at: &Database) {
    let (db, ..) = clinic(at).await;
    let rows = db.physicians().find().order_by(physician::name());
    let rows = rows.include(physician::patients().with_link().order_by_link(appointment::day())).await.unwrap();
    assert_eq!(days(&rows[0].patients), [("Pia", 1), ("Quin", 3), ("Pia", 5)]);
    assert_eq!(days(&rows[1].patients), [("Pia", 2)]);
    assert!(rows[2].patients.is_empty());
    assert_eq!(rows[0].patients[0].link.physician_id, Some(rows[0].id));
}

#[apply(on_every_database)]
async fn links_are_chosen_with_their_rows(at: &Database) {
    let (db, [ann, ..], _) = clinic(at).await;
    let get = || db.physicians().get(ann.id);
    let linked = || physician::patients().with_link().order_by_link(appointment::day());
    let row = get().include(linked().filter(patient::name().eq("Pia"))).await.unwrap();
    assert_eq!(days(&row.patients), [("Pia", 1), ("Pia", 5)]);
    let row = get().include(linked().filter_link(appointment::day().ge(3))).await.unwrap();
    assert_eq!(days(&row.patients), [("Quin", 3), ("Pia", 5)]);
    let both = linked().filter(patient::name().eq("Pia")).filter_link(appointment::day().ge(3)).limit(2);
    assert_eq!(days(&get().include(both).await.unwrap().patients), [("Pia", 5)]);
    let before = physician::patients().filter(patient::name().eq("Pia")).filter_link(appointment::day().lt(3));
    assert_eq!(days(&get().include(before.with_link()).await.unwrap().patients), [("Pia", 1)]);
}

#[apply(on_every_database)]
async fn links_have_the_order_of_their_rows_and_their_own(at: &Database) {
    let (db, [ann, ..], _) = clinic(at).await;
    let linked = || physician::patients().with_link();
    let (name, day) = (patient::name, appointment::day);
    for (scope, order) in [
        (linked().order_by_link(day().desc()), [("Pia", 5), ("Quin", 3), ("Pia", 1)]),
        (linked().order_by(name()).order_by_link(day().desc()), [("Pia", 5), ("Pia", 1), ("Quin", 3)]),
        (linked().order_by(name().desc()).order_by_link(day()), [("Quin", 3), ("Pia", 1), ("Pia", 5)]),
        (linked().order_by_link((appointment::note(), day())).order_by(name()), [("Pia", 1), ("Quin", 3), ("Pia", 5)]),
        (
            physician::patients().order_by(name()).with_link().order_by_link(day()),
            [("Pia", 1), ("Pia", 5), ("Quin", 3)],
        ),
        (
            linked().order_by(patient::physicians().count().desc()).order_by_link(day()),
            [("Pia", 1), ("Pia", 5), ("Quin", 3)],
        ),
    ] {
        for scope in [scope.clone(), scope.limit(3)] {
            let row = db.physicians().get(ann.id).include(scope).await.unwrap();
            assert_eq!(days(&row.patients), order);
        }
    }
}

#[apply(on_every_database)]
async fn limit_and_offset_count_links_of_each_parent(at: &Database) {
    let (db, ..) = clinic(at).await;
    let linked = || physician::patients().with_link().order_by_link(appointment::day());
    let by_name = physician::patients().with_link().order_by(patient::name().desc()).order_by_link(appointment::day());
    for (scope, ann, bob) in [
        (linked().limit(2), vec![("Pia", 1), ("Quin", 3)], vec![("Pia", 2)]),
        (linked().offset(1), vec![("Quin", 3), ("Pia", 5)], vec![]),
        (linked().offset(1).limit(1), vec![("Quin", 3)], vec![]),
        (by_name.limit(2), vec![("Quin", 3), ("Pia", 1)], vec![("Pia", 2)]),
    ] {
        let rows = db.physicians().find().order_by(physician::name()).include(scope).await.unwrap();
        assert_eq!([days(&rows[0].patients), days(&rows[1].patients)], [ann, bob]);
    }
}

#[apply(on_every_database)]
async fn rows_with_their_links_include_more(at: &Database) {
    let (db, [ann, bob, _], [pia, ..]) = clinic(at).await;
    let back = patient::physicians().order_by(physician::name());
    let linked = physician::patients().with_link().order_by_link(appointment::day());
    let linked = linked.include(back).include(patient::appointments().count());
    for scope in [linked.clone(), linked.limit(2)] {
        let mut row = db.physicians().get(ann.id).include(scope).await.unwrap();
        assert_eq!(row.patients[0].physicians, [ann.clone(), bob.clone()]);
        assert_eq!(row.patients[1].physicians, [ann.clone()]);
        assert_eq!((row.patients[0].appointments, row.patients[0].link.day), (3, 1));
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!(json["patients"][1]["row"]["name"], "Quin");
        assert_eq!(json["patients"][1]["row"]["physicians"][0]["name"], "Ann");
        assert_eq!(json["patients"][1]["link"]["day"], 3);
        "Pina".clone_into(&mut row.patients[0].name);
        assert_eq!(row.patients.remove(0).row.into_patient(), Patient { name: "Pina".to_owned(), ..pia.clone() });
    }
    let nested = patient::physicians().with_link().order_by_link(appointment::day());
    let row = db.physicians().get(bob.id).include(physician::patients().with_link().include(nested)).await.unwrap();
    let found = row.patients[0].physicians.iter().map(|physician| (physician.name.as_str(), physician.link.day));
    assert_eq!(found.collect::<Vec<_>>(), [("Ann", 1), ("Bob", 2), ("Ann", 5)]);
}

#[apply(on_every_database)]
async fn a_model_is_linked_to_itself_by_links_that_are_read(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.people().create_many([(1, "Ann"), (2, "Bob")].map(|(id, name)| NewPerson::new(id, name))).await.unwrap();
    db.follows().create_many([(1, 2), (2, 1), (1, 1)].map(|(from, to)| NewFollow::new(from, to))).await.unwrap();
    let following = person::following().with_link().order_by(person::name().desc());
    let followers = person::followers().with_link().order_by_link(follow::id().desc()).limit(1);
    let row = db.people().get(1).include(following.include(followers)).await.unwrap();
    let found = row.following.iter().map(|to| (to.id, to.link.follower_id, to.link.followee_id));
    assert_eq!(found.collect::<Vec<_>>(), [(2, 1, 2), (1, 1, 1)]);
    let found = row.following.iter().map(|to| to.followers[0].link.follower_id).collect::<Vec<_>>();
    assert_eq!(found, [1, 1]);
}

#[apply(on_every_database)]
async fn links_that_lead_nowhere_are_left_out(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.authors().create_many([1, 2].map(NewAuthor::new)).await.unwrap();
    let made = db.books().create(NewBook::new("a")).await.unwrap();
    let links = [(1, made.id), (1, 77), (2, 78)];
    let links = links.map(|(author, book)| NewAuthorship { author_id: Some(author), book_id: Some(book) });
    db.authorships().create_many(links).await.unwrap();
    let linked = || author::books().with_link();
    for scope in [linked(), linked().limit(2), linked().order_by(book::title())] {
        let rows = db.authors().find().order_by(author::id()).include(scope).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.books.len()).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(rows[0].books[0].row, made);
    }
}

#[apply(on_every_database)]
async fn links_and_their_rows_take_one_statement(at: &Database) {
    let (db, ..) = clinic(at).await;
    let told = |told: Vec<relata::Statement>| told.into_iter().map(|statement| statement.path).collect::<Vec<_>>();
    let linked = || physician::patients().with_link().order_by(patient::name());
    assert_eq!(told(db.physicians().find().include(linked()).explain()), ["", "patients"]);
    let deeper = linked().include(patient::appointments().include(appointment::physician()));
    let found = told(db.physicians().find().include(deeper).explain());
    assert_eq!(found, ["", "patients", "patients.appointments"]);
}

#[apply(on_every_database)]
async fn a_relation_that_is_disabled_is_not_included_with_its_links(at: &Database) {
    let db = Db::builder().url(at.url()).disable_include(physician::patients()).connect().await.unwrap();
    let refused = db.physicians().find().include(physician::patients().with_link()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Physician.patients cannot be included: the program disabled it with `disable_include`"
    );
}

#[apply(on_no_database)]
fn a_relation_along_some_links_is_not_what_a_program_disables() {
    let some = physician::patients().filter_link(appointment::day().gt(1));
    let refused = Db::builder().url("sqlite::memory:").disable_include(some).connect().wait().unwrap_err();
    assert!(refused.to_string().contains("with nothing said of it"), "{refused}");
}
