//! `timestamps: true`: when a row was made and last changed, by every way that makes or changes rows.

use std::time::Duration;

use macro_rules_attribute::apply;
use relata::types::DateTime;
use relata_conformance::database::Database;
use relata_conformance::flags::{Db, NewNote, Note, NotePatch, note};
use relata_conformance::on_every_database;

use crate::support::code;

/// A note, some time ago.
async fn noted(at: &Database) -> (Db, Note) {
    let db: Db = at.open().await.unwrap();
    let made = db.notes().create(NewNote { text: Some("a".into()), ..NewNote::new(1) }).await.unwrap();
    later().await;
    (db, made)
}

/// Until a clock of microseconds has moved.
async fn later() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}

fn text(text: &str) -> NotePatch {
    NotePatch { text: Some(Some(text.into())), ..Default::default() }
}

#[apply(on_every_database)]
async fn a_new_row_was_made_and_changed_at_one_instant(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let made = db.notes().create(NewNote::new(1)).await.unwrap();
    assert_eq!(made.created_at, made.updated_at);
    assert_eq!(db.notes().get(1).await.unwrap(), made, "to the microsecond, as it is stored");
    let rows = db.notes().create_many((2..9).map(NewNote::new)).await.unwrap();
    let instants: Vec<DateTime> = rows.iter().flat_map(|row| [row.created_at, row.updated_at]).collect();
    assert!(instants.iter().all(|&at| at == instants[0] && at >= made.created_at), "{instants:?}");
}

#[apply(on_every_database)]
async fn every_update_says_so_and_leaves_when_it_was_made(at: &Database) {
    let (db, made) = noted(at).await;
    let patched = db.notes().patch_by_id(1, text("b")).await.unwrap();
    assert!(patched.updated_at > made.updated_at);
    later().await;
    assert_eq!(db.notes().patch_where(note::id().eq(1), text("c")).await.unwrap(), 1);
    let by_condition = db.notes().get(1).await.unwrap();
    assert!(by_condition.updated_at > patched.updated_at);
    later().await;
    // What a row says of it itself does not count.
    let forged = Note { created_at: DateTime::MIN_UTC, updated_at: DateTime::MIN_UTC, ..by_condition.clone() };
    let replaced = db.notes().replace(forged).await.unwrap();
    assert!(replaced.updated_at > by_condition.updated_at);
    assert_eq!([patched.created_at, by_condition.created_at, replaced.created_at], [made.created_at; 3]);
    assert_eq!(db.notes().get(1).await.unwrap(), replaced);
}

#[apply(on_every_database)]
async fn a_constrained_update_says_so_too(at: &Database) {
    let (db, made) = noted(at).await;
    let reply = db.notes().replies(&made).create(note::NewReply::new(2)).await.unwrap();
    later().await;
    assert_eq!(db.notes().replies(&made).patch(note::all(), text("b")).await.unwrap(), 1);
    let changed = db.notes().get(2).await.unwrap();
    assert!(changed.updated_at > reply.updated_at);
    assert_eq!(changed.created_at, reply.created_at);
    assert_eq!(db.notes().get(1).await.unwrap(), made, "nor does a reply change what it answers");
}

#[apply(on_every_database)]
async fn an_empty_patch_changes_no_instant(at: &Database) {
    let (db, made) = noted(at).await;
    assert_eq!(db.notes().patch_by_id(1, NotePatch::default()).await.unwrap(), made);
    assert_eq!(db.notes().patch_where(note::all(), NotePatch::default()).await.unwrap(), 0);
    assert_eq!(db.notes().get(1).await.unwrap(), made);
}

#[apply(on_every_database)]
async fn rows_are_found_and_ordered_by_their_instants(at: &Database) {
    let (db, made) = noted(at).await;
    let second = db.notes().create(NewNote::new(2)).await.unwrap();
    assert_eq!(db.notes().find().filter(note::created_at().gt(made.created_at)).await.unwrap(), [second.clone()]);
    assert_eq!(db.notes().find().order_by(note::updated_at().desc()).await.unwrap(), [second, made]);
}

#[apply(on_every_database)]
async fn no_record_from_outside_gives_an_instant(at: &Database) {
    let (_, made) = noted(at).await;
    for instant in ["createdAt", "updatedAt"] {
        let given = serde_json::json!({ "id": 3, instant: "2020-01-01T00:00:00Z" });
        assert!(serde_json::from_value::<NewNote>(given).unwrap_err().to_string().contains(instant));
        let given = serde_json::json!({ instant: "2020-01-01T00:00:00Z" });
        assert!(serde_json::from_value::<NotePatch>(given).unwrap_err().to_string().contains(instant));
        assert!(serde_json::to_value(&made).unwrap()[instant].is_string());
    }
}

#[apply(on_every_database)]
async fn an_update_that_is_refused_changes_nothing(at: &Database) {
    let (db, made) = noted(at).await;
    let lost = NotePatch { parent_id: Some(Some(99)), ..Default::default() };
    assert_eq!(code(db.notes().patch_by_id(1, lost).await), "foreign_key");
    assert_eq!(db.notes().get(1).await.unwrap(), made);
}
