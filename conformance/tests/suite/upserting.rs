//! Rows that are stored where there is none with their key, and otherwise change the one that has it.

use std::collections::{BTreeMap, HashSet};

use macro_rules_attribute::apply;
use relata::Error;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::writes::{
    Area, Db, Grade, Member, MemberPatch, NewArea, NewMember, NewPair, NewShelf, NewSite, NewTicket, Pair, Shelf,
    Ticket, TicketPatch, member, pair, shelf, site, ticket,
};

use crate::support::{code, failures};

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn member(email: &str, first: &str) -> NewMember {
    NewMember::new(email, first)
}

fn whole(id: i64, email: &str, first: &str) -> Member {
    Member { id, email: email.into(), first: first.into(), last: None, grade: Grade::Low, note: None, secret: None }
}

#[apply(on_every_database)]
async fn a_row_is_stored_or_replaced_by_its_id(at: &Database) {
    let db = db(at).await;
    let ann = db.members().upsert(whole(7, "a@x", "Ann")).await.unwrap();
    assert_eq!(ann, whole(7, "a@x", "Ann"));
    let changed = Member { note: Some("new".into()), secret: Some("s".into()), grade: Grade::High, ..ann };
    assert_eq!(db.members().upsert(changed.clone()).await.unwrap(), changed);
    // What is NULL in a whole row is NULL in the one that is there.
    let plain = Member { secret: None, note: None, ..changed };
    assert_eq!(db.members().upsert(plain.clone()).await.unwrap(), plain);
    assert_eq!(db.members().find().await.unwrap(), [plain]);
}

#[apply(on_every_database)]
async fn the_database_goes_on_numbering_past_an_id_that_was_given(at: &Database) {
    let db = db(at).await;
    let first = db.members().create(member("a@x", "Ann")).await.unwrap();
    for id in [first.id + 1, first.id + 2, 1000, 500, 0, -3] {
        let stored = db.members().upsert(whole(id, &format!("{id}@x"), &id.to_string())).await.unwrap();
        assert_eq!(stored.id, id);
    }
    let next = db.members().create_many([member("b@x", "Bob"), member("c@x", "Cid")]).await.unwrap();
    assert_eq!(next.iter().map(|row| row.id).collect::<Vec<_>>(), [1001, 1002]);
    let many = [whole(2000, "d@x", "Dan"), whole(1500, "e@x", "Eve")];
    db.members().upsert_many(many).await.unwrap();
    assert_eq!(db.members().create(member("f@x", "Fay")).await.unwrap().id, 2001);
}

#[apply(on_every_database)]
async fn a_unique_key_finds_the_row(at: &Database) {
    let db = db(at).await;
    let new = NewMember { note: Some("one".into()), secret: Some("s".into()), ..member("a@x", "Ann") };
    let ann = db.members().upsert_by_email(new).await.unwrap();
    assert_eq!((ann.grade, ann.note.as_deref(), ann.secret.as_deref()), (Grade::Low, Some("one"), Some("s")));
    db.members().patch_by_id(ann.id, MemberPatch { grade: Some(Grade::High), ..Default::default() }).await.unwrap();

    // The id stays, and so does what is left out: defaults are those of new rows.
    let again = db.members().upsert_by_email(NewMember { last: Some("A".into()), ..member("a@x", "Anna") });
    let again = again.await.unwrap();
    assert_eq!(again, Member { first: "Anna".into(), last: Some("A".into()), grade: Grade::High, ..ann });
    assert_eq!(db.members().get(again.id).await.unwrap(), again);

    // By the other key, of two properties: the email changes.
    let moved = db.members().upsert_by_first_and_last(NewMember { last: Some("A".into()), ..member("z@x", "Anna") });
    assert_eq!(moved.await.unwrap(), Member { email: "z@x".into(), ..again });
    assert_eq!(db.members().count(member::all()).await.unwrap(), 1);
    let bob = db.members().upsert_by_email(member("b@x", "Bob")).await.unwrap();
    assert_eq!(db.members().get(bob.id).await.unwrap(), bob);
}

#[apply(on_every_database)]
async fn a_conflict_on_another_key_is_refused_and_changes_nothing(at: &Database) {
    let db = db(at).await;
    let ann = db.members().create(NewMember { last: Some("A".into()), ..member("a@x", "Ann") }).await.unwrap();
    let bob = db.members().create(NewMember { last: Some("B".into()), ..member("b@x", "Bob") }).await.unwrap();
    let conflict = |result: relata::Result<Member>| match result.unwrap_err() {
        Error::Conflict { model: "Member", key } => key,
        other => panic!("{other:?}"),
    };

    // A new row whose email another one has.
    assert_eq!(conflict(db.members().upsert(whole(99, "a@x", "Cid")).await), "email is taken");
    let new = NewMember { last: Some("A".into()), ..member("c@x", "Ann") };
    assert_eq!(conflict(db.members().upsert_by_email(new).await), "first, last is taken");
    // A row that is there, and would take over what another one has.
    assert_eq!(conflict(db.members().upsert(Member { email: "b@x".into(), ..ann.clone() }).await), "email is taken");
    let new = NewMember { last: Some("B".into()), ..member("a@x", "Bob") };
    assert_eq!(conflict(db.members().upsert_by_email(new).await), "first, last is taken");
    // In a list, nothing of it is stored.
    let many = [member("d@x", "Dan"), NewMember { last: Some("B".into()), ..member("a@x", "Bob") }];
    assert_eq!(code(db.members().upsert_many_by_email(many).await), "conflict");
    assert_eq!(db.members().find().order_by(member::id()).await.unwrap(), [ann, bob]);
}

#[apply(on_every_database)]
async fn a_row_that_both_keys_name_is_found_by_the_one_that_is_meant(at: &Database) {
    let db = db(at).await;
    let shelves = db.shelves().create_many([NewShelf::new("A", "x"), NewShelf::new("B", "y")]).await.unwrap();
    // Its label is one row's, its id another's: ids never change, and are those of new rows.
    let found = db.shelves().upsert_by_label(NewShelf { room: Some(3), ..NewShelf::new("B", "x") }).await.unwrap();
    assert_eq!((found.sku.as_str(), found.room), ("A", Some(3)));
    assert_eq!(db.shelves().get("B").await.unwrap(), shelves[1]);
    assert_eq!(code(db.shelves().upsert_by_label(NewShelf::new("B", "z")).await), "conflict");
}

#[apply(on_every_database)]
async fn a_version_is_compared_where_it_is_given_and_raised(at: &Database) {
    let db = db(at).await;
    let made = db.tickets().upsert_by_code(NewTicket::new("T", "one")).await.unwrap();
    assert_eq!((made.version, made.created_at), (1, made.updated_at));
    let raised = db.tickets().upsert_by_code(NewTicket::new("T", "two")).await.unwrap();
    assert_eq!((raised.id, raised.version, raised.title.as_str()), (made.id, 2, "two"));
    assert_eq!(raised.created_at, made.created_at);
    assert!(raised.updated_at >= made.updated_at);

    assert_eq!(code(db.tickets().upsert(made.clone()).await), "stale");
    let early = made.created_at - chrono::TimeDelta::days(1);
    let kept = db.tickets().upsert(Ticket { created_at: early, updated_at: early, ..raised.clone() }).await.unwrap();
    assert_eq!((kept.version, kept.created_at), (3, made.created_at));
    assert!(kept.updated_at >= raised.updated_at);

    // A new row begins at 1, whatever version it was read with, and now.
    let new = Ticket { id: 77, code: "U".into(), version: 9, created_at: early, ..kept };
    let new = db.tickets().upsert(new).await.unwrap();
    assert_eq!((new.id, new.version), (77, 1));
    assert!(new.created_at > early && new.created_at == new.updated_at);

    // One that is stale fails the whole list.
    let rows = db.tickets().find().order_by(ticket::id()).await.unwrap();
    let list = rows.iter().map(|row| Ticket { title: "all".into(), ..row.clone() });
    let mut stale: Vec<_> = list.clone().collect();
    stale[1].version += 1;
    assert_eq!(code(db.tickets().upsert_many(stale).await), "stale");
    assert_eq!(db.tickets().find().order_by(ticket::id()).await.unwrap(), rows);
    let stored = db.tickets().upsert_many(list).await.unwrap();
    assert_eq!(stored.iter().map(|row| row.version).collect::<Vec<_>>(), [4, 2]);
}

#[apply(on_every_database)]
async fn a_deleted_row_is_restored_by_its_id_and_not_found_by_other_keys(at: &Database) {
    let db = db(at).await;
    let made = db.shelves().create(NewShelf { room: Some(1), ..NewShelf::new("A", "x") }).await.unwrap();
    db.shelves().delete_by_id("A").await.unwrap();

    // Its label is free: a new row takes it.
    let other = db.shelves().upsert_by_label(NewShelf::new("B", "x")).await.unwrap();
    assert_eq!((other.sku.as_str(), other.version), ("B", 1));
    assert_eq!(db.shelves().get("A").with_deleted().await.unwrap().room, Some(1));

    // Nobody sees the deleted row, so that no version of it is compared.
    let back = Shelf { label: "y".into(), room: None, version: 40, ..made.clone() };
    let back = db.shelves().upsert(back).await.unwrap();
    assert_eq!((back.deleted_at, back.created_at, back.room), (None, made.created_at, None));
    assert_eq!((back.version, back.label.as_str()), (2, "y"));
    assert_eq!(db.shelves().get("A").await.unwrap(), back);
    assert_eq!(code(db.shelves().upsert(Shelf { version: 1, ..back.clone() }).await), "stale");

    // What a whole row says of its deletion is not taken over.
    let gone = Shelf { deleted_at: Some(made.created_at), ..back };
    assert_eq!(db.shelves().upsert(gone).await.unwrap().deleted_at, None);
    // A live row has the label that the deleted one would come back with.
    db.shelves().delete_by_id("A").await.unwrap();
    assert_eq!(code(db.shelves().upsert(Shelf { label: "x".into(), ..made }).await), "conflict");
    assert_eq!(db.shelves().count(shelf::all()).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn a_row_of_nothing_but_its_key_is_stored_once(at: &Database) {
    let db = db(at).await;
    let pair = |left, right: &str| Pair { left, right: right.into() };
    for _ in 0..2 {
        assert_eq!(db.pairs().upsert(pair(1, "a")).await.unwrap(), pair(1, "a"));
    }
    let both = [pair(1, "b"), pair(1, "a"), pair(2, "a")];
    assert_eq!(db.pairs().upsert_many(both.clone()).await.unwrap(), both);
    db.pairs().create(NewPair::new(3, "c")).await.unwrap();
    assert_eq!(db.pairs().count(pair::all()).await.unwrap(), 4);
}

#[apply(on_every_database)]
async fn those_who_follow_a_key_follow_it(at: &Database) {
    let db = db(at).await;
    let area = |code: &str| Area { id: 1, code: code.into(), rank: None, size: Some(3) };
    assert_eq!(db.areas().upsert(area("a")).await.unwrap(), area("a"));
    db.sites().create(NewSite { area_code: Some("a".into()) }).await.unwrap();
    assert_eq!(db.areas().upsert(area("b")).await.unwrap(), area("b"));
    let sites = db.sites().find().await.unwrap();
    assert_eq!(sites[0].area_code.as_deref(), Some("b"));
    assert_eq!(db.sites().count(site::all()).await.unwrap(), 1);

    let new = NewArea { size: Some(4), ..NewArea::new(2, "b") };
    assert_eq!(db.areas().upsert_by_code(new).await.unwrap(), Area { size: Some(4), ..area("b") });
    let many = [NewArea::new(5, "c"), NewArea { size: Some(5), ..NewArea::new(6, "b") }];
    let stored = db.areas().upsert_many_by_code(many).await.unwrap();
    assert_eq!(stored.iter().map(|row| (row.id, row.size)).collect::<Vec<_>>(), [(5, None), (1, Some(5))]);
    assert_eq!(code(db.areas().upsert(Area { id: 9, ..area("b") }).await), "conflict");
}

#[apply(on_every_database)]
async fn a_key_that_is_unset_or_given_twice_is_refused(at: &Database) {
    let db = db(at).await;
    let unset = db.members().upsert_by_first_and_last(member("a@x", "Ann")).await;
    assert_eq!(failures(unset), ["last must not be null: rows are found by it"]);
    let rows = ["a@x", "b@x", "a@x", "b@x"].map(|email| member(email, email));
    assert_eq!(
        failures(db.members().upsert_many_by_email(rows).await),
        [
            "[2].email is that of [0] too: which of them is meant is not known",
            "[3].email is that of [1] too: which of them is meant is not known"
        ]
    );
    let rows = [whole(1, "a@x", "A"), whole(1, "b@x", "B")];
    assert_eq!(
        failures(db.members().upsert_many(rows).await),
        ["[1].id is that of [0] too: which of them is meant is not known"]
    );
    assert_eq!(db.members().count(member::all()).await.unwrap(), 0);
    assert_eq!(db.members().upsert_many([]).await.unwrap(), []);
}

#[apply(on_every_database)]
async fn any_number_of_rows_keeps_its_order(at: &Database) {
    let db = db(at).await;
    let email = |n: usize| format!("{n}@x");
    db.members().create_many((0..300).map(|n| member(&email(n * 7), &email(n)))).await.unwrap();
    // New ones and known ones, with and without a note, in no order.
    let order: Vec<_> = (0..2500).map(|n| (n * 1103) % 2500).collect();
    let rows = order.iter().map(|&n| NewMember {
        note: (n % 900 < 450).then(|| format!("note {n}")),
        last: Some("L".into()),
        ..member(&email(n), &format!("f{n}"))
    });
    let stored = db.members().upsert_many_by_email(rows).await.unwrap();
    assert_eq!(stored.len(), 2500);
    for (&n, row) in order.iter().zip(&stored) {
        assert_eq!((row.email.clone(), row.first.clone()), (email(n), format!("f{n}")));
        assert_eq!(row.note.is_some(), n % 900 < 450);
    }
    let ids: HashSet<_> = stored.iter().map(|row| row.id).collect();
    assert_eq!((ids.len(), db.members().count(member::all()).await.unwrap()), (2500, 2500));
    let changed = stored.into_iter().rev().map(|row| Member { note: None, ..row }).collect::<Vec<_>>();
    assert_eq!(db.members().upsert_many(changed.clone()).await.unwrap(), changed);
}

#[apply(on_every_database)]
async fn many_who_store_the_same_key_at_once_store_one_row(at: &Database) {
    let db = db(at).await;
    for round in 0..3 {
        let calls = (0..32).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let new = NewTicket::new(format!("T{round}"), format!("{n}"));
                db.tickets().upsert_by_code(new).await
            })
        });
        let mut versions = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            versions.push(call.await.unwrap().unwrap().version);
        }
        versions.sort_unstable();
        assert_eq!(versions, (1..=32).collect::<Vec<_>>(), "each of them changed the row once");
    }
    let calls = (0..32).map(|n| {
        let db = db.clone();
        tokio::spawn(async move { db.members().upsert(whole(7, "a@x", &n.to_string())).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(db.tickets().count(ticket::all()).await.unwrap(), 3);
    assert_eq!(db.members().count(member::all()).await.unwrap(), 1);
}

/// Whoever comes second may find the row's other key taken before the row itself can be seen.
#[apply(on_every_database)]
async fn many_who_store_a_row_of_several_keys_at_once_store_one_row(at: &Database) {
    let db = db(at).await;
    let member = |round: i32, note: &str| Member {
        first: format!("F{round}"),
        last: Some("L".to_owned()),
        note: Some(note.to_owned()),
        ..whole(i64::from(round) + 1, &format!("{round}@x"), "")
    };
    for round in 0..12 {
        let calls = (0..24).map(|n| {
            let (db, member) = (db.clone(), member(round, &n.to_string()));
            tokio::spawn(async move {
                loop {
                    let member = member.clone();
                    let done = match n % 3 {
                        0 => db.members().upsert(member).await.map(drop),
                        1 => db.members().upsert_many([member]).await.map(drop),
                        _ => db.transaction(async |tx| tx.members().upsert(member).await.map(drop)).await,
                    };
                    // InnoDB may end one of several that wait for each other's gaps; that one tries again.
                    if !matches!(done, Err(Error::Serialization { .. })) {
                        return done;
                    }
                }
            })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
    }
    assert_eq!(db.members().count(member::all()).await.unwrap(), 12);
    // A key that another row has is still refused, and nothing is stored.
    let mut other = member(0, "taken");
    other.id = 99;
    assert_eq!(code(db.members().upsert(other.clone()).await), "conflict");
    let both = [member(1, "not stored"), other];
    assert_eq!(code(db.members().upsert_many(both).await), "conflict");
    assert_eq!(db.members().count(member::note().eq("not stored")).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn within_a_transaction_it_is_undone_with_it(at: &Database) {
    let db = db(at).await;
    let before = db.tickets().create(NewTicket::new("T", "one")).await.unwrap();
    let refused: Result<(), Error> = db
        .transaction(async |tx| {
            let raised = tx.tickets().upsert_by_code(NewTicket::new("T", "two")).await?;
            assert_eq!(raised.version, 2);
            // A call that is refused undoes itself only.
            assert_eq!(code(tx.tickets().upsert(Ticket { version: 1, ..raised.clone() }).await), "stale");
            let many = [NewTicket::new("U", "new"), NewTicket::new("T", "three")];
            tx.tickets().upsert_many_by_code(many).await?;
            let patch = TicketPatch { version: Some(3), ..Default::default() };
            assert_eq!(tx.tickets().patch_by_id(raised.id, patch).await?.title, "three");
            tx.tickets().get(-1).await.map(drop)
        })
        .await;
    assert_eq!(code(refused), "not_found");
    assert_eq!(db.tickets().find().await.unwrap(), [before]);
}

/// What a map says of the same calls.
#[apply(on_every_database)]
async fn a_map_knows_what_must_come_of_it(at: &Database) {
    let db = db(at).await;
    let mut seed = 20_240_607_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    // By its id, the label and the room; both are found by, and labels are unique.
    let mut map: BTreeMap<String, (String, Option<i64>)> = BTreeMap::new();
    for step in 0..150 {
        let (sku, label) = (format!("S{}", next(5)), format!("L{}", next(6)));
        let room = (next(2) == 0).then_some(step);
        let holder = map.iter().find(|(_, row)| row.0 == label).map(|(sku, _)| sku.clone());
        match next(4) {
            0 => {
                let now = chrono::DateTime::UNIX_EPOCH;
                let version = db.shelves().find_by_id(&*sku).await.unwrap().map_or(0, |row| row.version);
                let row = Shelf {
                    sku: sku.clone(),
                    label: label.clone(),
                    room,
                    version,
                    created_at: now,
                    updated_at: now,
                    deleted_at: None,
                };
                let stored = db.shelves().upsert(row).await;
                if holder.is_some_and(|holder| holder != sku) {
                    assert_eq!(code(stored), "conflict", "step {step}");
                } else {
                    assert_eq!(stored.unwrap().room, room);
                    map.insert(sku, (label, room));
                }
            }
            1 | 2 => {
                let taken = db.shelves().find_by_id(&*sku).with_deleted().await.unwrap().is_some();
                let stored = db.shelves().upsert_by_label(NewShelf { room, ..NewShelf::new(&*sku, &*label) }).await;
                match holder {
                    Some(holder) => {
                        let kept = map[&holder].1;
                        let stored = stored.unwrap();
                        assert_eq!((&stored.sku, stored.room), (&holder, room.or(kept)), "step {step}");
                        map.insert(holder, (label, room.or(kept)));
                    }
                    None if taken => assert_eq!(code(stored), "conflict", "step {step}"),
                    None => {
                        assert_eq!(stored.unwrap().room, room);
                        map.insert(sku, (label, room));
                    }
                }
            }
            _ => {
                let deleted = db.shelves().delete_by_id(&*sku).await.is_ok();
                assert_eq!(deleted, map.remove(&sku).is_some(), "step {step}");
            }
        }
        let rows = db.shelves().find().order_by(shelf::sku()).await.unwrap();
        let found: BTreeMap<_, _> = rows.into_iter().map(|row| (row.sku, (row.label, row.room))).collect();
        assert_eq!(found, map, "step {step}");
    }
}
