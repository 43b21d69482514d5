//! What `LoopBack` gets wrong about relations through a link model, each by itself.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::through::{
    Db, NewArticle, NewLabel, NewPatient, appointment, article, article_label, label, patient, physician,
};

use super::{clinic, names};
use crate::support::code;

/// There, links of other sources to the same rows go, and the rows of the others with them.
#[apply(on_every_database)]
async fn a_delete_is_about_this_source_and_the_rows_that_it_deletes(at: &Database) {
    let (db, [ann, bob, _], [pia, quin, rob]) = clinic(at).await;
    let of_bob = db.physicians().patients(&bob);
    assert_eq!(of_bob.delete(patient::name().eq("Quin")).await.unwrap(), 0);
    assert_eq!(of_bob.delete(patient::name().eq("Rob")).await.unwrap(), 0);
    assert_eq!(of_bob.delete(patient::all()).await.unwrap(), 1);
    assert_eq!(db.patients().find().order_by(patient::id()).await.unwrap(), [quin.clone(), rob]);
    // Every link to the row that went is gone, and no other.
    assert_eq!(db.appointments().count(appointment::patient_id().eq(pia.id)).await.unwrap(), 0);
    assert_eq!(db.physicians().patients(&ann).find().await.unwrap(), [quin]);
    assert_eq!(db.appointments().count(appointment::all()).await.unwrap(), 3);
}

/// There, links are deleted outside of the transaction, and stay deleted when it is rolled back.
#[apply(on_every_database)]
async fn what_is_rolled_back_leaves_every_link(at: &Database) {
    let (db, [ann, ..], [pia, _, rob]) = clinic(at).await;
    let links = async || db.appointments().find().order_by(appointment::id()).await.unwrap();
    let before = links().await;
    let rolled_back = db
        .transaction(async |tx| {
            let of_ann = tx.physicians().patients(&ann);
            of_ann.link_with(&rob, physician::PatientLink::new(1)).await?;
            of_ann.create_with(NewPatient::new("Sue"), physician::PatientLink::new(1)).await?;
            of_ann.unlink(&pia).await?;
            assert_eq!(of_ann.delete(patient::name().eq("Quin")).await?, 1);
            assert_eq!(names(&of_ann.find().order_by(patient::name()).await?), ["Rob", "Sue"]);
            of_ann.unlink_all().await?;
            Err::<(), _>(Error::Stale { model: "Nothing" })
        })
        .await;
    assert_eq!(code(rolled_back), "stale");
    assert_eq!(links().await, before);
    assert_eq!(db.patients().count(patient::all()).await.unwrap(), 3);
}

/// There, a target stays without a link where the link is refused.
#[apply(on_every_database)]
async fn a_refused_link_leaves_no_row_behind(at: &Database) {
    let (db, ..) = clinic(at).await;
    let refused = db.physicians().patients(77).create_with(NewPatient::new("Sue"), physician::PatientLink::new(1));
    assert_eq!(code(refused.await), "foreign_key");
    assert_eq!(db.patients().count(patient::all()).await.unwrap(), 3);
}

/// There, linking twice makes two rows.
#[apply(on_every_database)]
async fn linking_twice_links_once(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.people().create_many([1, 2].map(|id| relata_conformance::through::NewPerson::new(id, "x"))).await.unwrap();
    for _ in 0..2 {
        db.people().following(1).link(2).await.unwrap();
    }
    assert_eq!(db.follows().find().count().await.unwrap(), 1);
}

/// There, unlinking where nothing is linked fails.
#[apply(on_every_database)]
async fn unlinking_nothing_is_no_error(at: &Database) {
    let (db, [.., cid], [pia, ..]) = clinic(at).await;
    db.physicians().patients(&cid).unlink(&pia).await.unwrap();
    assert_eq!(db.physicians().patients(&cid).unlink_all().await.unwrap(), 0);
    assert_eq!(db.physicians().patients(&cid).delete(patient::all()).await.unwrap(), 0);
}

/// There, limit is applied in memory and offset to the rows of all parents together; nothing linked is absent.
#[apply(on_every_database)]
async fn limit_and_offset_hold_for_each_parent_and_nothing_is_an_empty_list(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create_many([1, 2, 3].map(|id| NewArticle::new(id, "a"))).await.unwrap();
    let labels = db.labels().create_many(["a", "b", "c", "d"].map(NewLabel::new)).await.unwrap();
    db.articles().labels(1).set(&labels).await.unwrap();
    db.articles().labels(2).set(&labels[1..]).await.unwrap();
    let scope = article::labels().order_by(label::name().desc()).offset(1).limit(2);
    let rows = db.articles().find().order_by(article::id()).include(scope).await.unwrap();
    let found: Vec<_> =
        rows.iter().map(|row| row.labels.iter().map(|label| &*label.name).collect::<String>()).collect();
    assert_eq!(found, ["cb", "cb", ""]);
    let json = serde_json::to_value(&rows).unwrap();
    assert_eq!(json[2]["labels"], serde_json::json!([]));
}

/// There, a caller's `or` escapes the relation's constraint on one database.
#[apply(on_every_database)]
async fn an_alternative_does_not_escape(at: &Database) {
    let (db, [_, bob, _], _) = clinic(at).await;
    let any = patient::name().eq("Quin").or(patient::name().eq("Rob"));
    let of_bob = db.physicians().patients(&bob);
    assert!(of_bob.find().filter(any.clone()).await.unwrap().is_empty());
    assert_eq!(of_bob.delete(any).await.unwrap(), 0);
    assert_eq!(db.patients().count(patient::all()).await.unwrap(), 3);
}

/// There, a list of keys is one placeholder each: a thousand rows fail on a database.
#[apply(on_every_database)]
async fn thousands_are_set_and_included(at: &Database) {
    let db: Db = at.open().await.unwrap();
    db.articles().create(NewArticle::new(1, "a")).await.unwrap();
    let labels = db.labels().create_many((0..3_000).map(|n| NewLabel::new(n.to_string()))).await.unwrap();
    let of_one = db.articles().labels(1);
    of_one.set(&labels).await.unwrap();
    of_one.set(&labels[1_000..]).await.unwrap();
    assert_eq!(db.article_labels().count(article_label::all()).await.unwrap(), 2_000);
    let row = db.articles().get(1).include(article::labels()).await.unwrap();
    assert_eq!(row.labels.len(), 2_000);
    assert_eq!(of_one.delete(label::all()).await.unwrap(), 2_000);
    assert_eq!(db.labels().count(label::all()).await.unwrap(), 1_000);
}
