//! What happens to the rows that point at a row which is deleted.

use macro_rules_attribute::apply;
use relata_conformance::actions::{Db, NewHeld, NewLoose, NewOwned, NewParent, held, loose, owned};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;

async fn parents(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    db.parents().create_many([NewParent::new("a"), NewParent::new("b")]).await.unwrap();
    let code = |n: i64| Some(if n == 1 { "a" } else { "b" }.to_owned());
    let owned = [1, 2].map(|n| NewOwned { parent_code: code(n), ..NewOwned::new(n) });
    db.owneds().create_many(owned).await.unwrap();
    let loose = [1, 2].map(|n| NewLoose { parent_code: code(n), ..NewLoose::new(n) });
    db.looses().create_many(loose).await.unwrap();
    db
}

#[apply(on_every_database)]
async fn cascade_deletes_and_set_null_unsets_for_that_parent_only(at: &Database) {
    let db = parents(at).await;
    db.parents().delete_by_id("a").await.unwrap();
    assert_eq!(db.owneds().find().filter(owned::id().le(2)).one().await.unwrap().id, 2);
    let loose = db.looses().find().order_by(loose::id()).await.unwrap();
    assert_eq!(loose.iter().map(|row| row.parent_code.as_deref()).collect::<Vec<_>>(), [None, Some("b")]);
}

#[apply(on_every_database)]
async fn restrict_names_the_relation_and_nothing_is_half_done(at: &Database) {
    let db = parents(at).await;
    db.helds().create(NewHeld { parent_code: Some("a".into()), ..NewHeld::new(1) }).await.unwrap();
    let refused = db.parents().delete_by_id("a").await.unwrap_err();
    assert!(
        matches!(&refused, relata::Error::ForeignKey { model: "Held", relation } if relation == "parent"),
        "{refused:?}"
    );
    assert_eq!(
        db.parents().delete_where(relata_conformance::actions::parent::all()).await.unwrap_err().code(),
        "foreign_key"
    );
    assert_eq!(db.owneds().count(owned::all()).await.unwrap(), 2);
    db.helds().delete_where(held::all()).await.unwrap();
    assert_eq!(db.parents().delete_where(relata_conformance::actions::parent::all()).await.unwrap(), 2);
    assert_eq!(db.owneds().count(owned::all()).await.unwrap(), 0);
}
