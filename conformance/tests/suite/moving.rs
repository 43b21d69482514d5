//! What generated code does with rows that point at a key which changes.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::following::{
    Capital, CapitalPatch, CellPatch, CountryPatch, Db, FirmPatch, NewCapital, NewCell, NewCountry, NewEmbassy,
    NewFirm, NewHint, NewLabel, NewMark, NewPiece, NewPlate, NewSeal, NewSticker, country, embassy, firm, hint, label,
    mark, piece, plate, sticker,
};
use relata_conformance::on_every_database;

fn code(code: Option<&str>) -> FirmPatch {
    FirmPatch { code: Some(code.map(str::to_owned)), ..Default::default() }
}

/// Two firms by the codes `a` and `b`, and of each a label with a sticker, and a hint.
async fn firms(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    for (n, name) in [(1, "a"), (2, "b")] {
        let name = || Some(name.to_owned());
        db.firms().create(NewFirm { code: name(), ..NewFirm::new(n) }).await.unwrap();
        db.labels().create(NewLabel { firm_code: name(), ..NewLabel::new(n) }).await.unwrap();
        db.stickers().create(NewSticker { label_code: name(), ..NewSticker::new(n) }).await.unwrap();
        db.hints().create(NewHint { firm_code: name(), ..NewHint::new(n) }).await.unwrap();
    }
    db
}

/// The codes of labels, stickers and hints.
async fn codes(db: &Db) -> [Vec<Option<String>>; 3] {
    let labels = db.labels().find().order_by(label::id()).await.unwrap();
    let stickers = db.stickers().find().order_by(sticker::id()).await.unwrap();
    let hints = db.hints().find().order_by(hint::id()).await.unwrap();
    [
        labels.into_iter().map(|row| row.firm_code).collect(),
        stickers.into_iter().map(|row| row.label_code).collect(),
        hints.into_iter().map(|row| row.firm_code).collect(),
    ]
}

fn texts<const N: usize>(texts: [Option<&str>; N]) -> Vec<Option<String>> {
    texts.map(|text| text.map(str::to_owned)).to_vec()
}

#[apply(on_every_database)]
async fn a_new_key_is_followed_or_unset_however_it_is_written(at: &Database) {
    let db = firms(at).await;
    let moved = db.firms().patch_by_id(1, code(Some("c"))).await.unwrap();
    assert_eq!(moved.code.as_deref(), Some("c"));
    let followed = || texts([Some("c"), Some("b")]);
    assert_eq!(codes(&db).await, [followed(), followed(), texts([None, Some("b")])]);
    assert_eq!(db.firms().patch_where(firm::code().eq("c"), code(Some("d"))).await.unwrap(), 1);
    let followed = || texts([Some("d"), Some("b")]);
    assert_eq!(codes(&db).await, [followed(), followed(), texts([None, Some("b")])]);
    let mut row = db.firms().get(2).await.unwrap();
    row.code = None;
    db.firms().replace(row).await.unwrap();
    let followed = || texts([Some("d"), None]);
    assert_eq!(codes(&db).await, [followed(), followed(), texts([None, None])]);
    // A key that was unset led nowhere.
    db.firms().patch_by_id(2, code(Some("e"))).await.unwrap();
    assert_eq!(codes(&db).await, [followed(), followed(), texts([None, None])]);
}

#[apply(on_every_database)]
async fn a_key_that_stays_the_same_is_no_change(at: &Database) {
    let db = firms(at).await;
    db.seals().create(NewSeal { firm_code: Some("a".into()), ..NewSeal::new(1) }).await.unwrap();
    let before = codes(&db).await;
    db.firms().patch_by_id(1, code(Some("a"))).await.unwrap();
    let row = db.firms().get(1).await.unwrap();
    db.firms().replace(row).await.unwrap();
    assert_eq!(db.firms().patch_where(firm::id().eq(1), code(Some("a"))).await.unwrap(), 1);
    let place = FirmPatch { place: Some(Some("Oslo".into())), ..Default::default() };
    assert_eq!(db.firms().patch_where(firm::all(), place).await.unwrap(), 2);
    assert_eq!(codes(&db).await, before);
    assert_eq!(db.hints().count(hint::version().eq(1)).await.unwrap(), 2);
}

#[apply(on_every_database)]
async fn what_restricts_a_change_is_named_and_undoes_everything(at: &Database) {
    let db = firms(at).await;
    db.seals().create(NewSeal { firm_code: Some("a".into()), ..NewSeal::new(1) }).await.unwrap();
    let before = codes(&db).await;
    let refused = db.firms().patch_by_id(1, code(Some("c"))).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Seal", relation } if relation == "firm"), "{refused:?}");
    let refused = db.firms().patch_where(firm::all(), code(None)).await.unwrap_err();
    assert_eq!(refused.code(), "foreign_key");
    let inside = db.transaction(async |tx| {
        tx.firms().patch_by_id(2, code(Some("x"))).await?;
        assert_eq!(tx.firms().patch_by_id(1, code(Some("y"))).await.unwrap_err().code(), "foreign_key");
        Err::<(), _>(Error::Stale { model: "none" })
    });
    assert_eq!(inside.await.unwrap_err().code(), "stale");
    assert_eq!(codes(&db).await, before);
    assert_eq!(db.firms().count(firm::code().is_in(["a", "b"])).await.unwrap(), 2);
    assert_eq!(db.firms().patch_by_id(9, code(Some("z"))).await.unwrap_err().code(), "not_found");
}

#[apply(on_every_database)]
async fn a_required_key_is_not_unset(at: &Database) {
    let db = firms(at).await;
    db.plates().create(NewPlate::new(1, "a")).await.unwrap();
    let refused = db.firms().patch_by_id(1, code(None)).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Plate", relation } if relation == "firm"), "{refused:?}");
    db.firms().patch_by_id(1, code(Some("c"))).await.unwrap();
    assert_eq!(db.plates().find().filter(plate::id().eq(1)).one().await.unwrap().firm_code, "c");
    db.firms().patch_by_id(2, code(None)).await.unwrap();
}

#[apply(on_every_database)]
async fn a_part_of_a_key_changes_in_those_that_hold_all_of_it(at: &Database) {
    let db: Db = at.open().await.unwrap();
    for (n, row, column) in [(1, 1, 1), (2, 1, 2), (3, 2, 1)] {
        let (row, column) = (Some(row), Some(column));
        db.cells().create(NewCell { row, column, ..NewCell::new(n) }).await.unwrap();
        db.pieces().create(NewPiece { row, column, ..NewPiece::new(n) }).await.unwrap();
        db.marks().create(NewMark { row, column, ..NewMark::new(n) }).await.unwrap();
    }
    db.pieces().create(NewPiece { row: Some(1), ..NewPiece::new(4) }).await.unwrap();
    let patch = CellPatch { row: Some(Some(7)), ..Default::default() };
    db.cells().patch_by_id(2, patch).await.unwrap();
    let pieces = db.pieces().find().order_by(piece::id()).await.unwrap();
    let pieces: Vec<_> = pieces.iter().map(|row| (row.row, row.column)).collect();
    assert_eq!(pieces, [(Some(1), Some(1)), (Some(7), Some(2)), (Some(2), Some(1)), (Some(1), None)]);
    let marks = db.marks().find().order_by(mark::id()).await.unwrap();
    let marks: Vec<_> = marks.iter().map(|row| (row.row, row.column)).collect();
    assert_eq!(marks, [(Some(1), Some(1)), (None, None), (Some(2), Some(1))]);
}

/// Two countries with a capital each, and in each of these an embassy.
async fn countries(at: &Database) -> Db {
    let db: Db = at.open().await.unwrap();
    for (n, name) in [(1, "a"), (2, "b")] {
        let name = || Some(name.to_owned());
        db.countries().create(NewCountry { code: name(), ..NewCountry::new(n) }).await.unwrap();
        db.capitals().create(NewCapital { country_code: name(), ..NewCapital::new(n) }).await.unwrap();
        db.embassies().create(NewEmbassy { capital_code: name(), ..NewEmbassy::new(n) }).await.unwrap();
    }
    db
}

async fn embassies(db: &Db) -> Vec<Option<String>> {
    let rows = db.embassies().find().order_by(embassy::id()).await.unwrap();
    rows.into_iter().map(|row| row.capital_code).collect()
}

#[apply(on_every_database)]
async fn what_the_database_changes_is_followed(at: &Database) {
    let db = countries(at).await;
    let patch = CountryPatch { code: Some(Some("c".into())) };
    db.countries().patch_by_id(1, patch).await.unwrap();
    assert_eq!(db.capitals().get(1).await.unwrap().country_code.as_deref(), Some("c"));
    assert_eq!(embassies(&db).await, texts([Some("c"), Some("b")]));
    assert_eq!(db.countries().delete_where(country::id().eq(1)).await.unwrap(), 1);
    assert_eq!(db.capitals().get(1).await.unwrap().country_code, None);
    assert_eq!(embassies(&db).await, texts([None, Some("b")]));
    db.capitals().replace(Capital { id: 2, country_code: None }).await.unwrap();
    assert_eq!(embassies(&db).await, texts([None, None]));
    let nowhere = CapitalPatch { country_code: Some(Some("z".into())) };
    assert_eq!(db.capitals().patch_by_id(2, nowhere).await.unwrap_err().code(), "foreign_key");
}

#[apply(on_every_database)]
async fn thousands_of_rows_change_at_once(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let many = 12_000_i64;
    let name = |n: i64| Some(format!("c{n}"));
    db.firms().create_many((1..=many).map(|n| NewFirm { code: name(n), ..NewFirm::new(n) })).await.unwrap();
    db.hints().create_many((1..=many).map(|n| NewHint { firm_code: name(n), ..NewHint::new(n) })).await.unwrap();
    assert_eq!(db.firms().patch_where(firm::id().gt(1), code(None)).await.unwrap(), many.unsigned_abs() - 1);
    assert_eq!(db.hints().find().filter(hint::firm_code().is_not_null()).one().await.unwrap().id, 1);
}
