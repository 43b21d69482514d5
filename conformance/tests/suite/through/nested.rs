//! Rows created with rows that they are linked to: rows and links in one transaction, all or nothing.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::through::{
    Db, NewAccount, NewArticle, NewAuthor, NewBook, NewCountry, NewCourse, NewGuest, NewLabel, NewLanguage, NewPatient,
    NewPerson, NewPhysician, NewRoom, NewStudent, NewSupplier, appointment, article, author, book, contract, country,
    course, enrolment, follow, guest, label, language, patient, person, physician, room, stay, student, supplier,
};
use relata_conformance::{on_every_database, on_postgres};

use super::{clinic, names, nowhere};
use crate::support::{code, failures};

fn seen(day: i64) -> physician::PatientLink {
    physician::PatientLink::new(day)
}

/// How many physicians, patients and appointments there are.
async fn rows(db: &Db) -> [u64; 3] {
    [
        db.physicians().count(physician::all()).await.unwrap(),
        db.patients().count(patient::all()).await.unwrap(),
        db.appointments().count(appointment::all()).await.unwrap(),
    ]
}

#[apply(on_every_database)]
async fn what_a_link_says_is_given_with_each_row(at: &Database) {
    let (db, ..) = clinic(at).await;
    let note = physician::PatientLink { note: Some("first".into()), ..seen(4) };
    let patients =
        physician::patients().create_with([(NewPatient::new("Sue"), note), (NewPatient::new("Tim"), seen(7))]);
    let dora = db.physicians().create(NewPhysician::new("Dora")).with(patients).await.unwrap();
    assert_eq!((dora.name.as_str(), names(&dora.patients)), ("Dora", vec!["Sue", "Tim"]));

    let linked = physician::patients().with_link().order_by_link(appointment::day());
    let stored = db.physicians().get(dora.id).include(linked).await.unwrap();
    let found = stored.patients.iter().map(|patient| (&patient.row, patient.link.day, patient.link.note.as_deref()));
    let [sue, tim] = &dora.patients[..] else { panic!("{dora:?}") };
    assert_eq!(found.collect::<Vec<_>>(), [(sue, 4, Some("first")), (tim, 7, None)]);
    assert_eq!(rows(&db).await, [4, 5, 8]);
}

#[apply(on_every_database)]
async fn links_that_need_only_their_keys_are_made_plainly(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let new = (1..=20).map(|id| {
        let labels = (0..id % 3).map(move |n| NewLabel::new(format!("{id}-{n}")));
        (NewArticle::new(id, "a"), article::labels().create(labels))
    });
    let made = db.articles().create_nested(new).await.unwrap();
    let all = db.articles().find().order_by(article::id());
    let stored = all.include(article::labels().order_by(label::name())).await.unwrap();
    assert_eq!(stored, made);
    assert_eq!(made[4].labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["5-0", "5-1"]);
    assert!(made[2].labels.is_empty());

    let heavy = article::LabelLink { weight: Some(9) };
    let labels = article::labels().create_with([(NewLabel::new("heavy"), heavy)]);
    let made = db.articles().create(NewArticle::new(99, "a")).with(labels).await.unwrap();
    let link = db.article_labels().get((99, made.labels[0].id)).await.unwrap();
    assert_eq!(link.weight, Some(9));
}

#[apply(on_every_database)]
async fn rows_that_are_linked_have_rows_of_their_own(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let patient = |name: &str, day| {
        let others = [(NewPhysician::new(format!("{name}'s")), patient::PhysicianLink::new(day + 1))];
        let alone = patient::appointments().create([patient::NewAppointment::new(day + 2)]);
        ((NewPatient::new(name), patient::physicians().create_with(others), alone), seen(day))
    };
    let ann = db
        .physicians()
        .create(NewPhysician::new("Ann"))
        .with(physician::patients().create_with([patient("Pia", 10), patient("Quin", 20)]))
        .await
        .unwrap();
    let pia = &ann.patients[0];
    assert_eq!((pia.physicians[0].name.as_str(), pia.appointments[0].patient_id), ("Pia's", Some(pia.id)));
    for (patient, first) in ann.patients.iter().zip([10, 20]) {
        let links = db.patients().appointments(patient).find().order_by(appointment::day()).await.unwrap();
        let found: Vec<_> = links.iter().map(|link| (link.physician_id, link.day)).collect();
        let other = patient.physicians[0].id;
        assert_eq!(found, [(Some(ann.id), first), (Some(other), first + 1), (None, first + 2)]);
    }
    assert_eq!(rows(&db).await, [3, 2, 6]);
}

#[apply(on_every_database)]
async fn through_a_constrained_repository_and_in_a_transaction(at: &Database) {
    let (db, [ann, ..], _) = clinic(at).await;
    let with_theirs = async |db: &Db| {
        db.transaction(async |tx| {
            let physicians = [(NewPhysician::new("Dora"), patient::PhysicianLink::new(8))];
            let sue = tx.physicians().patients(&ann).create_with(NewPatient::new("Sue"), seen(7));
            sue.with(patient::physicians().create_with(physicians)).await
        })
        .await
    };
    let sue = with_theirs(&db).await.unwrap();
    let linked = db.patients().physicians(&sue).find().order_by(physician::id()).await.unwrap();
    assert_eq!(linked, [ann, sue.physicians[0].clone()]);
    assert_eq!(rows(&db).await, [4, 4, 8]);
}

#[apply(on_every_database)]
async fn a_model_is_linked_to_itself(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let person = |id: i64| NewPerson::new(id, format!("{id}"));
    let two = (person(2), person::following().create([person(3), person(4)]), person::followers().create([person(5)]));
    let one = db.people().create(person(1)).with(person::following().create([two])).await.unwrap();
    assert_eq!(one.following[0].following.iter().map(|row| row.id).collect::<Vec<_>>(), [3, 4]);
    let follows = db.follows().find().order_by((follow::follower_id(), follow::followee_id())).await.unwrap();
    let pairs: Vec<_> = follows.iter().map(|row| (row.follower_id, row.followee_id)).collect();
    assert_eq!(pairs, [(1, 2), (2, 3), (2, 4), (5, 2)]);
}

#[apply(on_every_database)]
async fn keys_of_several_parts_and_keys_that_are_no_id(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let rooms = guest::rooms().create([NewRoom::new("A", 1, 2), NewRoom::new("A", 2, 2)]);
    let one = db.guests().create(NewGuest::new(1)).with(rooms).await.unwrap();
    assert_eq!(db.guests().rooms(1).find().order_by(room::number()).await.unwrap(), one.rooms);
    let guests = room::guests().create([NewGuest::new(2), NewGuest::new(3)]);
    db.rooms().create(NewRoom::new("B", 1, 2)).with(guests).await.unwrap();
    assert_eq!(db.rooms().guests(("B", 1)).count(guest::all()).await.unwrap(), 2);
    assert_eq!(db.stays().count(stay::all()).await.unwrap(), 4);

    let norway = || db.countries().create(NewCountry { code: Some("NO".into()) });
    let made = norway().with(country::languages().create(["nor", "sme"].map(NewLanguage::new))).await.unwrap();
    let found = db.countries().languages("NO").find().order_by(language::iso()).await.unwrap();
    assert_eq!(found, made.languages);
    let unset = || db.countries().create(NewCountry { code: None });
    let lost = unset().with(country::languages().create([NewLanguage::new("fra")])).await;
    assert_eq!(nowhere(lost), "Spoken.where");
    let none: [NewLanguage; 0] = [];
    assert_eq!(unset().with(country::languages().create(none)).await.unwrap().languages, []);
    assert_eq!(db.languages().count(language::all()).await.unwrap(), 2);
    assert_eq!(db.countries().count(country::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn a_part_of_the_key_that_both_sides_have_is_the_same_in_both(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let student = |school, number| NewStudent::new(school, number, "x");
    let course = |number| db.courses().create(NewCourse::new(1, number));
    let students = course::students().create([student(1, 10), student(1, 11)]);
    let made = course(1).with(students).await.unwrap();
    assert_eq!(db.courses().students((1, 1)).find().order_by(student::number()).await.unwrap(), made.students);
    let elsewhere = course(2).with(course::students().create([student(1, 12), student(2, 10)])).await;
    assert_eq!(nowhere(elsewhere), "Enrolment.who");
    assert_eq!(nowhere(db.courses().students((1, 1)).create(student(2, 10)).await), "Enrolment.who");
    assert_eq!(db.courses().count(course::all()).await.unwrap(), 1);
    assert_eq!(db.students().count(student::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn has_one_is_the_row_itself(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let plain = db.suppliers().create(NewSupplier::new(1)).with(supplier::account().create(NewAccount::new("x")));
    let plain = plain.await.unwrap();
    assert_eq!((plain.id, plain.account.iban.as_str()), (1, "x"));
    assert_eq!(db.suppliers().account(1).get().await.unwrap(), Some(plain.account.clone()));
    let link = supplier::AccountLink { since: Some(1999) };
    let account = supplier::account().create_with(NewAccount::new("y"), link);
    let said = db.suppliers().create(NewSupplier::new(2)).with(account).await.unwrap();
    let links = db.contracts().find().order_by(contract::id()).await.unwrap();
    let found: Vec<_> = links.iter().map(|link| (link.supplier_id, link.account_id, link.since)).collect();
    assert_eq!(found, [(Some(1), Some(plain.account.id), None), (Some(2), Some(said.account.id), Some(1999))]);
}

#[apply(on_every_database)]
async fn weak_keys_are_set_as_well(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let books = author::books().create(["a", "b"].map(NewBook::new));
    let made = db.authors().create(NewAuthor::new(7)).with(books).await.unwrap();
    assert_eq!(db.authors().books(7).find().order_by(book::id()).await.unwrap(), made.books);
}

#[apply(on_every_database)]
async fn where_a_row_or_a_link_is_refused_nothing_is_stored(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let ann = || db.physicians().create(NewPhysician::new("Ann"));
    let early =
        physician::patients().create_with([(NewPatient::new("Pia"), seen(1)), (NewPatient::new("Quin"), seen(0))]);
    assert_eq!(failures(ann().with(early).await), ["patients[1].link.day is less than 1"]);
    let late = physician::patients().filter_link(appointment::day().gt(1));
    let said = failures(ann().with(late.create_with([(NewPatient::new("Pia"), seen(1))])).await);
    assert_eq!(said, ["patients is created without filter, order, limit, offset and deleted rows"]);
    assert_eq!(rows(&db).await, [0; 3]);

    // By the database: a row, and a link after both its rows are stored.
    let twice = article::labels().create(["red", "red"].map(NewLabel::new));
    assert_eq!(code(db.articles().create(NewArticle::new(1, "a")).with(twice).await), "conflict");
    assert_eq!(db.articles().count(article::all()).await.unwrap(), 0);
    let seated = |number| (NewStudent::new(1, number, "x"), course::StudentLink { seat: Some(5) });
    let same = course::students().create_with([seated(1), seated(2)]);
    match db.courses().create(NewCourse::new(1, 1)).with(same).await {
        Err(Error::Conflict { model: "Enrolment", key }) => assert_eq!(key, "seat is taken"),
        other => panic!("{other:?}"),
    }
    assert_eq!(db.courses().count(course::all()).await.unwrap(), 0);
    assert_eq!(db.students().count(student::all()).await.unwrap(), 0);
    assert_eq!(db.enrolments().count(enrolment::all()).await.unwrap(), 0);
}

/// Told by the database itself.
#[apply(on_postgres)]
async fn each_level_has_one_insert_of_rows_and_one_of_links(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let mut other = at.intruder().await.unwrap();
    let told = "CREATE TABLE told (place text);
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN INSERT INTO told VALUES (TG_TABLE_NAME); RETURN NULL; END'";
    other.run(told).await.unwrap();
    for table in ["physicians", "patients", "appointments"] {
        let trigger = format!("CREATE TRIGGER told AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell()");
        other.run(&trigger).await.unwrap();
    }
    let patient = |name: String, day| {
        let others = (0..3).map(|n| (NewPhysician::new(format!("{name}{n}")), patient::PhysicianLink::new(day)));
        ((NewPatient::new(&*name), patient::physicians().create_with(others)), seen(day))
    };
    let new = (0..30).map(|n| {
        let patients = (1..=4).map(|day| patient(format!("{n}-{day}"), day));
        (NewPhysician::new(format!("{n}")), physician::patients().create_with(patients))
    });
    db.physicians().create_nested(new).await.unwrap();
    assert_eq!(rows(&db).await, [30 + 360, 120, 120 + 360]);
    let told = other.texts("SELECT place FROM told").await.unwrap();
    assert_eq!(told, ["physicians", "patients", "physicians", "appointments", "appointments"]);
}
