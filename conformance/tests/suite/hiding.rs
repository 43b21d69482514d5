//! What follows when rows are deleted softly: they stay, and the database sees nothing go.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::hiding::{
    Db, NewClip, NewCrease, NewFolder, NewLeaflet, NewLock, NewPage, NewScrap, NewShelf, NewTray, clip, crease, folder,
    leaflet, lock, page, scrap,
};
use relata_conformance::on_every_database;

/// A shelf with a folder, another folder in that, and a page with a scrap and a clip in the inner one.
async fn folders(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    db.shelves().create(NewShelf::new(1)).await.unwrap();
    db.folders().create(NewFolder { shelf_id: Some(1), ..NewFolder::new(1) }).await.unwrap();
    db.folders().create(NewFolder { parent_id: Some(1), ..NewFolder::new(2) }).await.unwrap();
    db.pages().create(NewPage { folder_id: Some(2), ..NewPage::new(1) }).await.unwrap();
    db.scraps().create(NewScrap { page_id: Some(1), ..NewScrap::new(1) }).await.unwrap();
    db.clips().create(NewClip { page_id: Some(1), ..NewClip::new(1) }).await.unwrap();
    db
}

/// Whether the page and both folders are gone at one instant, and what cannot be deleted softly is untouched.
async fn expect_hidden(db: &Db) {
    assert_eq!(db.folders().count(folder::all()).await.unwrap() + db.pages().count(page::all()).await.unwrap(), 0);
    let folders = db.folders().find().with_deleted().await.unwrap();
    let page = db.pages().get(1).with_deleted().await.unwrap();
    assert!(page.deleted_at.is_some());
    assert_eq!(folders.iter().map(|row| row.deleted_at).collect::<Vec<_>>(), [page.deleted_at; 2]);
    assert_eq!(db.scraps().find().filter(scrap::page_id().eq(1)).one().await.unwrap().id, 1);
    assert_eq!(db.clips().find().filter(clip::page_id().eq(1)).one().await.unwrap().id, 1);
}

#[apply(on_every_database)]
async fn what_is_deleted_softly_takes_with_it_what_can_be(at: &Database) {
    let db = folders(at).await;
    db.folders().delete_by_id(1).await.unwrap();
    expect_hidden(&db).await;
    assert_eq!(db.folders().delete_by_id(1).await.unwrap_err().code(), "not_found");
    // Rows that come back come back alone, and what was deleted before keeps its instant.
    db.folders().restore_by_id(1).await.unwrap();
    let before = db.pages().get(1).with_deleted().await.unwrap();
    assert_eq!(db.folders().delete_where(folder::all()).await.unwrap(), 1);
    assert_eq!(db.pages().get(1).with_deleted().await.unwrap(), before);
}

#[apply(on_every_database)]
async fn where_a_row_really_goes_weak_ones_stay_hidden_and_strong_ones_go(at: &Database) {
    let db = folders(at).await;
    db.shelves().delete_by_id(1).await.unwrap();
    expect_hidden(&db).await;
    assert_eq!(db.folders().get(1).with_deleted().await.unwrap().shelf_id, Some(1));
    db.trays().create(NewTray::new(1)).await.unwrap();
    db.leaflets().create(NewLeaflet { tray_id: Some(1), ..NewLeaflet::new(1) }).await.unwrap();
    db.creases().create(NewCrease { leaflet_id: Some(1), ..NewCrease::new(1) }).await.unwrap();
    db.trays().delete_by_id(1).await.unwrap();
    assert_eq!(db.leaflets().find().filter(leaflet::all()).with_deleted().count().await.unwrap(), 0);
    assert_eq!(db.creases().count(crease::leaflet_id().is_null()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn live_rows_restrict_and_hidden_ones_do_not(at: &Database) {
    let db = folders(at).await;
    db.locks().create(NewLock { folder_id: Some(2), ..NewLock::new(1) }).await.unwrap();
    let refused = db.folders().delete_by_id(1).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Lock", relation } if relation == "folder"), "{refused:?}");
    assert_eq!(db.folders().count(folder::all()).await.unwrap(), 2);
    assert_eq!(db.locks().delete_where(lock::all()).await.unwrap(), 1);
    db.folders().delete_by_id(1).await.unwrap();
    expect_hidden(&db).await;
}
