//! What generated code does with rows that point at a row which is deleted: weak relations, and foreign keys that lead
//! to such.

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::following::{
    Db, NewAlbum, NewAward, NewBead, NewBranch, NewCell, NewCity, NewContract, NewCountry, NewCover, NewDesk, NewEgg,
    NewFirm, NewFootnote, NewHen, NewHouse, NewLead, NewLetter, NewMark, NewMemo, NewPiece, NewPledge, NewRemark,
    NewRumour, NewRung, NewStreet, NewTrack, NewTwig, TrackPatch, album, award, bead, branch, cell, city, contract,
    country, cover, desk, egg, firm, footnote, hen, house, lead, letter, mark, memo, piece, remark, rumour, rung,
    street, track, twig,
};
use relata_conformance::on_every_database;

async fn empty(at: &Database) -> Db {
    at.open().await.unwrap()
}

/// Two firms, and of each a branch with a desk, a lead, a rumour and a memo.
async fn firms(at: &Database) -> Db {
    let db = empty(at).await;
    db.firms().create_many([1, 2].map(NewFirm::new)).await.unwrap();
    db.branches().create_many([1, 2].map(|n| NewBranch { firm_id: Some(n), ..NewBranch::new(n) })).await.unwrap();
    db.desks().create_many([1, 2].map(|n| NewDesk { branch_id: Some(n), ..NewDesk::new(n) })).await.unwrap();
    db.leads().create_many([1, 2].map(|n| NewLead { firm_id: Some(n), ..NewLead::new(n) })).await.unwrap();
    db.rumours().create_many([1, 2].map(|n| NewRumour { firm_id: Some(n), ..NewRumour::new(n) })).await.unwrap();
    db.memos().create_many([1, 2].map(|n| NewMemo { firm_id: Some(n), ..NewMemo::new(n) })).await.unwrap();
    db
}

/// What there is: branches, desks, memos, the firms of leads and rumours, the versions of leads.
type State = (Vec<i64>, Vec<i64>, Vec<i64>, Vec<Option<i64>>, Vec<Option<i64>>, Vec<i64>);

async fn state(db: &Db) -> State {
    let branches = db.branches().find().order_by(branch::id()).await.unwrap();
    let desks = db.desks().find().order_by(desk::id()).await.unwrap();
    let memos = db.memos().find().order_by(memo::id()).await.unwrap();
    let leads = db.leads().find().order_by(lead::id()).await.unwrap();
    let rumours = db.rumours().find().order_by(rumour::id()).await.unwrap();
    (
        branches.iter().map(|row| row.id).collect(),
        desks.iter().map(|row| row.id).collect(),
        memos.iter().map(|row| row.id).collect(),
        leads.iter().map(|row| row.firm_id).collect(),
        rumours.iter().map(|row| row.firm_id).collect(),
        leads.iter().map(|row| row.version).collect(),
    )
}

#[apply(on_every_database)]
async fn each_weak_relation_does_what_it_says_for_that_row_only(at: &Database) {
    let db = firms(at).await;
    db.firms().delete_by_id(1).await.unwrap();
    let both = vec![Some(1), Some(2)];
    assert_eq!(state(&db).await, (vec![2], vec![2], vec![2], vec![None, Some(2)], both.clone(), vec![2, 1]));
    // How many rows matched, not how many went.
    assert_eq!(db.firms().delete_where(firm::all()).await.unwrap(), 1);
    assert_eq!(state(&db).await, (vec![], vec![], vec![], vec![None, None], both, vec![2, 2]));
    assert_eq!(db.firms().delete_where(firm::all()).await.unwrap(), 0);
    assert_eq!(db.firms().delete_by_id(1).await.unwrap_err().code(), "not_found");
}

#[apply(on_every_database)]
async fn what_restricts_is_named_and_undoes_everything(at: &Database) {
    let db = firms(at).await;
    db.contracts().create(NewContract { firm_id: Some(2), ..NewContract::new(1) }).await.unwrap();
    let before = state(&db).await;
    let refused = db.firms().delete_where(firm::all()).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Contract", relation } if relation == "firm"), "{refused:?}");
    assert_eq!(state(&db).await, before);
    assert_eq!(db.firms().count(firm::all()).await.unwrap(), 2);
    assert_eq!(db.firms().delete_where(firm::id().eq(1)).await.unwrap(), 1);
    db.contracts().delete_where(contract::all()).await.unwrap();
    db.firms().delete_by_id(2).await.unwrap();
    assert_eq!(db.branches().count(branch::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn within_a_transaction_a_refusal_undoes_its_own_call_only(at: &Database) {
    let db = firms(at).await;
    db.contracts().create(NewContract { firm_id: Some(2), ..NewContract::new(1) }).await.unwrap();
    let inside = db.transaction(async |tx| {
        tx.firms().delete_by_id(1).await?;
        assert_eq!(tx.firms().delete_by_id(2).await.unwrap_err().code(), "foreign_key");
        tx.branches().count(branch::all()).await
    });
    assert_eq!(inside.await.unwrap(), 1);
    let (branches, _, _, leads, _, _) = state(&db).await;
    assert_eq!((branches, leads), (vec![2], vec![None, Some(2)]));
    let undone = db.transaction(async |tx| {
        tx.contracts().delete_where(contract::all()).await?;
        tx.firms().delete_by_id(2).await?;
        Err::<(), _>(Error::Stale { model: "none" })
    });
    assert_eq!(undone.await.unwrap_err().code(), "stale");
    assert_eq!(state(&db).await.0, [2]);
}

#[apply(on_every_database)]
async fn constrained_deletes_follow_too(at: &Database) {
    let db = firms(at).await;
    let memos = db.firms().memos(1);
    assert_eq!(memos.delete(memo::all()).await.unwrap(), 1);
    db.twigs().create_many([NewTwig::new(1), NewTwig { parent_id: Some(1), ..NewTwig::new(2) }]).await.unwrap();
    assert_eq!(db.twigs().delete_where(twig::parent().matches(twig::id().eq(1))).await.unwrap(), 1);
    assert_eq!(db.twigs().count(twig::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn keys_of_two_parts_lead_where_no_part_is_null(at: &Database) {
    let db = empty(at).await;
    let cell = |id, row, column| NewCell { row, column, ..NewCell::new(id) };
    let piece = |id, row, column| NewPiece { row, column, ..NewPiece::new(id) };
    let mark = |id, row, column| NewMark { row, column, ..NewMark::new(id) };
    let places = [(Some(1), Some(1)), (Some(1), Some(2)), (Some(1), None), (None, None), (Some(2), Some(1))];
    for (n, (row, column)) in (1..).zip(places) {
        db.cells().create(cell(n, row, column)).await.unwrap();
        db.pieces().create(piece(n, row, column)).await.unwrap();
        db.marks().create(mark(n, row, column)).await.unwrap();
    }
    assert_eq!(db.cells().delete_where(cell::id().is_in([1, 3, 4])).await.unwrap(), 3);
    let pieces = db.pieces().find().order_by(piece::id()).await.unwrap();
    assert_eq!(pieces.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 3, 4, 5]);
    let marks = db.marks().find().order_by(mark::id()).await.unwrap();
    let marks: Vec<_> = marks.iter().map(|row| (row.row, row.column)).collect();
    assert_eq!(marks, [(None, None), places[1], places[2], places[3], places[4]]);
}

#[apply(on_every_database)]
async fn trees_go_as_a_whole_and_loops_end(at: &Database) {
    let db = empty(at).await;
    // Ten levels, two rows on each.
    let twig = |id| NewTwig { parent_id: (id > 2).then_some(id - 2), ..NewTwig::new(id) };
    db.twigs().create_many((1..=20).map(twig)).await.unwrap();
    db.twigs().delete_by_id(3).await.unwrap();
    let left = db.twigs().find().order_by(twig::id()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    // A row that points at itself, and two at each other.
    let twig = |id, parent| NewTwig { parent_id: Some(parent), ..NewTwig::new(id) };
    db.twigs().create_many([twig(30, 30), twig(31, 32), twig(32, 31)]).await.unwrap();
    assert_eq!(db.twigs().delete_where(twig::id().is_in([30, 31])).await.unwrap(), 2);
    assert_eq!(db.twigs().count(twig::id().ge(30)).await.unwrap(), 0);
    // Around two tables.
    db.hens().create_many((1..=5).map(|n| NewHen { egg_id: Some(n), ..NewHen::new(n) })).await.unwrap();
    let hen = |n: i64| if n < 5 { n % 4 + 1 } else { n };
    db.eggs().create_many((1..=5).map(|n| NewEgg { hen_id: Some(hen(n)), ..NewEgg::new(n) })).await.unwrap();
    db.eggs().delete_by_id(2).await.unwrap();
    assert_eq!(db.hens().find().one().await.unwrap().id, 5);
    assert_eq!(db.eggs().count(egg::all()).await.unwrap(), 1);
    assert_eq!(db.hens().delete_where(hen::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn rows_of_one_table_are_unset_and_restrict(at: &Database) {
    let db = empty(at).await;
    let bead = |id: i64, before: i64| NewBead { before_id: Some(before), ..NewBead::new(id) };
    db.beads().create_many([bead(1, 3), bead(2, 1), bead(3, 2), bead(4, 4)]).await.unwrap();
    assert_eq!(db.beads().delete_where(bead::id().is_in([1, 4])).await.unwrap(), 2);
    let left = db.beads().find().order_by(bead::id()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.before_id).collect::<Vec<_>>(), [None, Some(2)]);
    let rung = |id: i64, below: i64| NewRung { below_id: Some(below), ..NewRung::new(id) };
    db.rungs().create_many([rung(1, 1), rung(2, 1), rung(3, 3)]).await.unwrap();
    db.rungs().delete_by_id(3).await.unwrap();
    // A row that goes as well refuses all the same; one that points at itself does not.
    for refused in [rung::id().eq(1), rung::all()] {
        assert_eq!(db.rungs().delete_where(refused).await.unwrap_err().code(), "foreign_key");
    }
    db.rungs().delete_by_id(2).await.unwrap();
    db.rungs().delete_by_id(1).await.unwrap();
}

#[apply(on_every_database)]
async fn what_the_database_deletes_is_followed(at: &Database) {
    let db = empty(at).await;
    db.countries().create_many([1, 2].map(NewCountry::new)).await.unwrap();
    db.cities().create_many([1, 2].map(|n| NewCity { country_id: Some(n), ..NewCity::new(n) })).await.unwrap();
    db.streets().create_many([1, 2].map(|n| NewStreet { city_id: Some(n), ..NewStreet::new(n) })).await.unwrap();
    db.houses().create_many([1, 2].map(|n| NewHouse { street_id: Some(n), ..NewHouse::new(n) })).await.unwrap();
    db.letters().create_many([1, 2].map(|n| NewLetter { house_id: Some(n), ..NewLetter::new(n) })).await.unwrap();
    db.countries().delete_where(country::id().eq(1)).await.unwrap();
    assert_eq!(db.cities().find().filter(city::id().le(9)).one().await.unwrap().id, 2);
    assert_eq!(db.streets().find().filter(street::id().le(9)).one().await.unwrap().id, 2);
    assert_eq!(db.houses().find().filter(house::id().le(9)).one().await.unwrap().id, 2);
    let letters = db.letters().find().order_by(letter::id()).await.unwrap();
    assert_eq!(letters.iter().map(|row| row.house_id).collect::<Vec<_>>(), [None, Some(2)]);
}

#[apply(on_every_database)]
async fn a_key_into_several_models_is_followed_from_the_one_that_it_names(at: &Database) {
    let db = empty(at).await;
    db.firms().create(NewFirm::new(1)).await.unwrap();
    db.albums().create_many([1, 2].map(NewAlbum::new)).await.unwrap();
    let topics = || (1..).zip(["Firm", "Album"]).map(|(n, topic)| (n, Some(topic.to_owned())));
    let remark = |(n, topic_type)| NewRemark { topic_id: Some(1), topic_type, ..NewRemark::new(n) };
    db.remarks().create_many(topics().map(remark)).await.unwrap();
    let footnote = |(n, topic_type)| NewFootnote { topic_id: Some(1), topic_type, ..NewFootnote::new(n) };
    db.footnotes().create_many(topics().map(footnote)).await.unwrap();
    let pledge = NewPledge { topic_id: Some(2), topic_type: Some("Album".into()), ..NewPledge::new(1) };
    db.pledges().create(pledge).await.unwrap();
    db.firms().delete_by_id(1).await.unwrap();
    assert_eq!(db.remarks().find().one().await.unwrap().topic_type.as_deref(), Some("Album"));
    let footnotes = db.footnotes().find().order_by(footnote::id()).await.unwrap();
    let footnotes: Vec<_> = footnotes.iter().map(|row| (row.topic_id, row.topic_type.as_deref())).collect();
    assert_eq!(footnotes, [(None, None), (Some(1), Some("Album"))]);
    let refused = db.albums().delete_where(album::all()).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Pledge", relation } if relation == "topic"), "{refused:?}");
    db.albums().delete_by_id(1).await.unwrap();
    assert_eq!(db.remarks().count(remark::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn rows_go_in_the_order_of_their_foreign_keys(at: &Database) {
    let db = empty(at).await;
    db.albums().create_many([1, 2].map(NewAlbum::new)).await.unwrap();
    let tracks = [1, 2, 3].map(|n| NewTrack { album_id: Some(1), ..NewTrack::new(n) });
    db.tracks().create_many(tracks).await.unwrap();
    db.covers().create(NewCover { album_id: Some(1), ..NewCover::new(1, 2) }).await.unwrap();
    // Around: each track points at the next, and one at the cover that points at it.
    for n in [1, 2, 3] {
        let patch = TrackPatch { next_id: Some(Some(n % 3 + 1)), best_id: Some(Some(1)), ..Default::default() };
        db.tracks().patch_by_id(n, patch).await.unwrap();
    }
    db.awards().create(NewAward { track_id: Some(3), ..NewAward::new(1) }).await.unwrap();
    let refused = db.albums().delete_by_id(1).await.unwrap_err();
    assert!(matches!(&refused, Error::ForeignKey { model: "Award", relation } if relation == "track"), "{refused:?}");
    let unset = db.tracks().count(track::next_id().is_null().or(track::best_id().is_null())).await.unwrap();
    assert_eq!(unset, 0, "nothing is cleared by half");
    db.awards().delete_where(award::all()).await.unwrap();
    assert_eq!(db.albums().delete_where(album::all()).await.unwrap(), 2);
    assert_eq!(db.tracks().count(track::all()).await.unwrap() + db.covers().count(cover::all()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn thousands_of_rows_go_at_once(at: &Database) {
    let db = empty(at).await;
    let many = 12_000;
    db.firms().create_many((1..=many).map(NewFirm::new)).await.unwrap();
    db.branches().create_many((1..=many).map(|n| NewBranch { firm_id: Some(n), ..NewBranch::new(n) })).await.unwrap();
    db.leads().create_many((1..=many).map(|n| NewLead { firm_id: Some(n), ..NewLead::new(n) })).await.unwrap();
    assert_eq!(db.firms().delete_where(firm::id().gt(1)).await.unwrap(), many.unsigned_abs() - 1);
    assert_eq!(db.branches().find().one().await.unwrap().id, 1);
    assert_eq!(db.leads().find().filter(lead::firm_id().is_not_null()).one().await.unwrap().id, 1);
    assert_eq!(db.leads().count(lead::version().eq(2)).await.unwrap(), many.unsigned_abs() - 1);
}
