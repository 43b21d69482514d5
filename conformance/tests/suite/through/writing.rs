//! Links made and removed, and what is changed of rows that are linked.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::through::{
    AccountPatch, Db, LabelPatch, LanguagePatch, NewAccount, NewArticle, NewAuthor, NewBook, NewCountry, NewGuest,
    NewLabel, NewLanguage, NewPatient, NewPerson, NewRoom, NewSupplier, PatientPatch, account, appointment, article,
    article_label, author, authorship, book, label, language, patient, person, physician, room, supplier,
};

use super::{clinic, names, nowhere};
use crate::support::{code, failures};

#[apply(on_every_database)]
async fn a_row_and_its_link_are_made_together(at: &Database) {
    let (db, [ann, ..], _) = clinic(at).await;
    let link = physician::PatientLink { note: Some("first".into()), ..physician::PatientLink::new(7) };
    let sue = db.physicians().patients(&ann).create_with(NewPatient::new("Sue"), link).await.unwrap();
    assert_eq!(db.physicians().patients(&ann).find_by_id(sue.id).await.unwrap(), Some(sue.clone()));
    let made = db.appointments().find().filter(appointment::patient_id().eq(sue.id)).one().await.unwrap();
    assert_eq!((made.physician_id, made.day, made.note.as_deref()), (Some(ann.id), 7, Some("first")));

    let more = ["Tim", "Una"].map(|name| (NewPatient::new(name), physician::PatientLink::new(8)));
    let more = db.physicians().patients(&ann).create_many_with(more).await.unwrap();
    assert_eq!(names(&more), ["Tim", "Una"]);
    assert_eq!(db.physicians().patients(&ann).count(patient::all()).await.unwrap(), 5);
}

#[apply(on_every_database)]
async fn nothing_is_stored_where_the_link_is_refused(at: &Database) {
    let (db, [ann, ..], _) = clinic(at).await;
    let of_ann = db.physicians().patients(&ann);
    let sue = || NewPatient::new("Sue");
    let none = of_ann.create_with(sue(), physician::PatientLink::new(0)).await;
    assert_eq!(failures(none), ["link.day is less than 1"]);
    let nobody = db.physicians().patients(77).create_with(sue(), physician::PatientLink::new(1)).await;
    assert_eq!(nowhere(nobody), "Appointment.physician");
    assert_eq!(db.patients().count(patient::name().eq("Sue")).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn a_link_that_needs_only_its_keys_is_made_plainly(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create_many([1, 2].map(|id| NewArticle::new(id, "a"))).await.unwrap();
    let labels = db.articles().labels(1);
    let red = labels.create(NewLabel::new("red")).await.unwrap();
    let [blue, green]: [_; 2] =
        labels.create_many(["blue", "green"].map(NewLabel::new)).await.unwrap().try_into().unwrap();
    assert_eq!(labels.find().order_by(label::name()).await.unwrap(), [blue.clone(), green.clone(), red.clone()]);
    let taken = labels.create(NewLabel::new("red")).await;
    assert_eq!(code(taken), "conflict");

    db.articles().labels(2).link(&red).await.unwrap();
    db.articles().labels(2).link(red.id).await.unwrap();
    assert_eq!(db.article_labels().count(article_label::article_id().eq(2)).await.unwrap(), 1);
    let row = db.labels().get(red.id).include(label::articles().order_by(article::id())).await.unwrap();
    db.articles().labels(2).link(&row).await.unwrap();
    assert_eq!(row.articles.iter().map(|article| article.id).collect::<Vec<_>>(), [1, 2]);

    let link = article::LabelLink { weight: Some(5) };
    let heavy = db.articles().labels(2).link_with(&blue, link.clone()).await.unwrap();
    assert_eq!((heavy.article_id, heavy.label_id, heavy.weight), (2, blue.id, Some(5)));
    assert_eq!(code(db.articles().labels(2).link_with(&blue, link).await), "conflict");
}

#[apply(on_every_database)]
async fn a_link_with_data_is_always_another_one(at: &Database) {
    let (db, [ann, ..], [pia, ..]) = clinic(at).await;
    let before = db.appointments().count(appointment::all()).await.unwrap();
    let made = db.physicians().patients(&ann).link_with(&pia, physician::PatientLink::new(20)).await.unwrap();
    assert_eq!((made.physician_id, made.patient_id, made.day), (Some(ann.id), Some(pia.id), 20));
    assert_eq!(db.appointments().count(appointment::all()).await.unwrap(), before + 1);
    assert_eq!(db.physicians().patients(&ann).count(patient::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn unlinking_removes_every_link_of_a_pair_and_no_row(at: &Database) {
    let (db, [ann, bob, cid], [pia, quin, rob]) = clinic(at).await;
    let of_ann = db.physicians().patients(&ann);
    of_ann.unlink(&pia).await.unwrap();
    assert_eq!(of_ann.find().await.unwrap(), [quin.clone()]);
    assert_eq!(db.physicians().patients(&bob).find().await.unwrap(), [pia.clone()]);
    of_ann.unlink(&pia).await.unwrap();
    of_ann.unlink(rob.id).await.unwrap();
    db.physicians().patients(77).unlink(77).await.unwrap();
    assert_eq!(db.physicians().patients(&cid).unlink_all().await.unwrap(), 0);
    // That of no patient goes with them.
    assert_eq!(of_ann.unlink_all().await.unwrap(), 2);
    assert!(of_ann.find().await.unwrap().is_empty());
    assert_eq!(db.patients().count(patient::all()).await.unwrap(), 3);
    assert_eq!(db.appointments().count(appointment::all()).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn what_is_linked_is_changed_and_stays_linked(at: &Database) {
    let (db, [ann, bob, _], _) = clinic(at).await;
    let vip = || PatientPatch { vip: Some(Some(true)), ..Default::default() };
    assert_eq!(db.physicians().patients(&ann).patch(patient::name().eq("Quin"), vip()).await.unwrap(), 1);
    let anyone = patient::name().eq("Rob").or(patient::id().gt(0));
    assert_eq!(db.physicians().patients(&bob).patch(anyone, vip()).await.unwrap(), 1);
    assert_eq!(db.patients().count(patient::vip().eq(true)).await.unwrap(), 2);
    assert_eq!(db.physicians().patients(77).patch(patient::all(), vip()).await.unwrap(), 0);
    assert_eq!(db.physicians().patients(&ann).patch(patient::all(), PatientPatch::default()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn the_key_of_what_is_linked_is_fixed(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.countries().create(NewCountry { code: Some("NO".into()) }).await.unwrap();
    let made = db.countries().languages("NO").create(NewLanguage::new("nor")).await.unwrap();
    let patch = |iso: &str| LanguagePatch { iso: Some(iso.into()), ..Default::default() };
    for iso in ["nob", "nor"] {
        let refused = db.countries().languages("NO").patch(language::all(), patch(iso)).await;
        assert_eq!(failures(refused), ["iso is fixed by the relation languages"]);
    }
    assert_eq!(db.languages().get(made.id).await.unwrap().iso, "nor");
}

#[apply(on_every_database)]
async fn an_unset_key_is_linked_to_nothing(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let unset = db.countries().create(NewCountry { code: None }).await.unwrap();
    let somewhere = db.countries().create(NewCountry { code: Some("NO".into()) }).await.unwrap();
    db.countries().languages(&somewhere).create(NewLanguage::new("nor")).await.unwrap();
    let none = db.countries().languages(&unset);
    assert_eq!(none.count(language::all()).await.unwrap(), 0);
    let patch = LanguagePatch { v0: Some(Some("x".into())), ..Default::default() };
    assert_eq!(none.patch(language::all(), patch).await.unwrap(), 0);
    assert_eq!(none.delete(language::all()).await.unwrap(), 0);
    assert_eq!(none.unlink_all().await.unwrap(), 0);
    assert_eq!(nowhere(none.create(NewLanguage::new("sme")).await), "Spoken.where");
    assert_eq!(nowhere(none.link("nor").await), "Spoken.where");
    assert_eq!(nowhere(none.set(["nor"]).await), "Spoken.where");
    assert_eq!(db.languages().count(language::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn both_sides_of_a_link_must_be_there(at: &Database) {
    let (db, [ann, ..], [pia, ..]) = clinic(at).await;
    let link = || physician::PatientLink::new(1);
    let of_nobody = db.physicians().patients(77).link_with(&pia, link()).await;
    assert_eq!(nowhere(of_nobody), "Appointment.physician");
    let to_nobody = db.physicians().patients(&ann).link_with(77, link()).await;
    assert_eq!(nowhere(to_nobody), "Appointment.patient");

    // Where no database sees to it.
    let author = db.authors().create(NewAuthor::new(1)).await.unwrap();
    let book = db.books().create(NewBook::new("a")).await.unwrap();
    assert_eq!(nowhere(db.authors().books(7).link(&book).await), "Authorship.author");
    assert_eq!(nowhere(db.authors().books(7).create(NewBook::new("b")).await), "Authorship.author");
    assert_eq!(nowhere(db.authors().books(7).set([&book]).await), "Authorship.author");
    assert_eq!(nowhere(db.authors().books(&author).link(78).await), "Authorship.book");
    assert_eq!(nowhere(db.authors().books(&author).set([book.id, 78]).await), "Authorship.book");
    assert_eq!(db.authorships().count(authorship::all()).await.unwrap(), 0);
    assert_eq!(db.books().count(book::all()).await.unwrap(), 1);
    db.authors().books(&author).link(&book).await.unwrap();
    assert_eq!(db.authors().count(author::books().any(book::all())).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn set_leaves_exactly_these_linked(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create_many([1, 2].map(|id| NewArticle::new(id, "a"))).await.unwrap();
    let labels = db.labels().create_many(["a", "b", "c", "d"].map(NewLabel::new)).await.unwrap();
    let [a, b, c, d] = &labels[..] else { unreachable!() };
    let of_one = db.articles().labels(1);
    db.articles().labels(2).set(&labels).await.unwrap();
    of_one.link_with(a, article::LabelLink { weight: Some(9) }).await.unwrap();
    of_one.link(b).await.unwrap();
    of_one.set([a, c, c]).await.unwrap();
    let linked = of_one.find().order_by(label::name()).await.unwrap();
    assert_eq!(linked, [a.clone(), c.clone()]);
    let kept = db.article_labels().get((1, a.id)).await.unwrap();
    assert_eq!(kept.weight, Some(9));
    of_one.set([d.id]).await.unwrap();
    assert_eq!(of_one.find().await.unwrap(), [d.clone()]);
    of_one.set(std::iter::empty::<&relata_conformance::through::Label>()).await.unwrap();
    assert_eq!(of_one.count(label::all()).await.unwrap(), 0);
    assert_eq!(db.articles().labels(2).count(label::all()).await.unwrap(), 4);
    assert_eq!(db.labels().count(label::all()).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn set_keeps_several_links_of_a_pair(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.people().create_many([1, 2, 3].map(|id| NewPerson::new(id, "x"))).await.unwrap();
    for _ in 0..2 {
        db.follows().create(relata_conformance::through::NewFollow::new(1, 2)).await.unwrap();
    }
    let before = db.follows().find().await.unwrap();
    db.people().following(1).set([2]).await.unwrap();
    assert_eq!(db.follows().find().await.unwrap(), before);
    db.people().following(1).set([3, 1]).await.unwrap();
    let ids = db.people().following(1).find().order_by(person::id()).await.unwrap();
    assert_eq!(ids.iter().map(|person| person.id).collect::<Vec<_>>(), [1, 3]);
    // Seen from the other side, too.
    assert_eq!(db.people().followers(3).count(person::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn keys_of_several_parts_are_linked(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.guests().create_many([1, 2].map(NewGuest::new)).await.unwrap();
    let rooms = [("A", 1), ("A", 2), ("B", 1)].map(|(building, n)| NewRoom::new(building, n, 1));
    let rooms = db.rooms().create_many(rooms).await.unwrap();
    let of_one = db.guests().rooms(1);
    of_one.link(("A", 1)).await.unwrap();
    of_one.link(&rooms[0]).await.unwrap();
    assert_eq!(of_one.count(room::all()).await.unwrap(), 1);
    of_one.set([("A", 2), ("B", 1)]).await.unwrap();
    assert_eq!(of_one.find().order_by(room::building()).await.unwrap(), rooms[1..]);
    db.rooms().guests(("B", 1)).link(2).await.unwrap();
    of_one.unlink(("B", 1)).await.unwrap();
    assert_eq!(db.guests().rooms(2).find().await.unwrap(), rooms[2..]);
    assert_eq!(of_one.delete(room::all()).await.unwrap(), 1);
    assert_eq!(db.rooms().count(room::all()).await.unwrap(), 2);
    let made = db.guests().rooms(2).create(NewRoom::new("C", 1, 4)).await.unwrap();
    assert_eq!(db.guests().rooms(2).count(room::beds().eq(4)).await.unwrap(), 1);
    assert_eq!(made.building, "C");
}

#[apply(on_every_database)]
async fn has_one_is_linked_to_one_row(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.suppliers().create_many([1, 2].map(NewSupplier::new)).await.unwrap();
    let of_one = db.suppliers().account(1);
    let link = supplier::AccountLink { since: Some(1999) };
    let made = of_one.create_with(NewAccount::new("x"), link.clone()).await.unwrap();
    assert_eq!(of_one.get().await.unwrap(), Some(made.clone()));
    assert_eq!(code(of_one.create(NewAccount::new("y")).await), "conflict");
    let other = db.suppliers().account(2).create(NewAccount::new("y")).await.unwrap();
    assert_eq!(code(of_one.link(&other).await), "conflict");
    assert_eq!(code(of_one.link_with(&other, link).await), "conflict");
    of_one.link(&made).await.unwrap();
    assert_eq!(db.accounts().count(account::all()).await.unwrap(), 2);
    assert_eq!(db.contracts().find().count().await.unwrap(), 2);

    let patch = AccountPatch { iban: Some("z".into()) };
    assert_eq!(of_one.patch(patch.clone()).await.unwrap(), 1);
    assert_eq!(of_one.get().await.unwrap().unwrap().iban, "z");
    of_one.unlink().await.unwrap();
    assert_eq!(of_one.get().await.unwrap(), None);
    assert_eq!(of_one.patch(patch).await.unwrap(), 0);
    assert_eq!(of_one.delete().await.unwrap(), 0);
    of_one.link(&other).await.unwrap();
    assert_eq!(of_one.delete().await.unwrap(), 1);
    assert_eq!(db.suppliers().account(2).get().await.unwrap(), None);
    assert_eq!(db.contracts().find().count().await.unwrap(), 0);
    assert_eq!(db.accounts().find().await.unwrap().len(), 1);
    assert_eq!(code(db.suppliers().account(77).create(NewAccount::new("q")).await), "foreign_key");
}

#[apply(on_every_database)]
async fn a_version_is_raised_by_a_change_of_what_is_linked(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create(NewArticle::new(1, "a")).await.unwrap();
    let red = db.articles().labels(1).create(NewLabel::new("red")).await.unwrap();
    let patch = LabelPatch { name: Some("blue".into()), ..Default::default() };
    assert_eq!(db.articles().labels(1).patch(label::all(), patch).await.unwrap(), 1);
    assert_eq!(db.labels().get(red.id).await.unwrap().version, 2);
}
