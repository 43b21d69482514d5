//! Lists of keys: in their order, gaps left out, whatever the keys are.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::references::{
    ByClock, ByDay, ByDecimal, ByFlag, ByInstant, ByLevel, BySmall, ByText, ByUuid, ByWide, Db, Level, NewByClock,
    NewByDay, NewByDecimal, NewByFlag, NewByInstant, NewByLevel, NewBySmall, NewByText, NewByUuid, NewByWide,
    NewHolder, NewTag, NewUser, Tag, User, UserPatch, by_clock, by_day, by_decimal, by_flag, by_instant, by_level,
    by_small, by_text, by_uuid, by_wide, holder, note, tag, user,
};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::code;

/// Four tags, and users by name with the tags at these positions.
async fn with(at: &Database, users: &[(&str, &[usize])]) -> (Db, Vec<Tag>, Vec<User>) {
    let db: Db = at.open().await.unwrap();
    let new = ["a", "b", "c", "d"]
        .into_iter()
        .zip(1..)
        .map(|(slug, rank)| NewTag { rank: Some(rank % 3), ..NewTag::new(slug) });
    let tags = db.tags().create_many(new).await.unwrap();
    let new = users.iter().map(|(name, listed)| NewUser {
        tag_ids: Some(listed.iter().map(|&at| tags[at].id).collect()),
        slugs: Some(listed.iter().map(|&at| tags[at].slug.clone()).collect()),
        ..NewUser::new(*name)
    });
    let users = db.users().create_many(new).await.unwrap();
    (db, tags, users)
}

fn slugs(tags: &[Tag]) -> String {
    tags.iter().map(|tag| tag.slug.as_str()).collect()
}

#[apply(on_every_database)]
async fn the_accessor_gives_every_row_in_the_order_of_the_list(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[3, 0, 2]), ("Bob", &[]), ("Cid", &[1])]).await;
    assert_eq!(slugs(&db.users().tags(&users[0]).await.unwrap()), "dac");
    assert_eq!(slugs(&db.users().tags(users[0].id).await.unwrap()), "dac");
    assert_eq!(slugs(&db.users().by_slug(&users[0]).await.unwrap()), "dac");
    assert_eq!(db.users().tags(&users[1]).await.unwrap(), []);
    assert_eq!(db.users().tags(&users[2]).await.unwrap(), [tags[1].clone()]);
    assert_eq!(code(db.users().tags(99).await), "not_found");
}

#[apply(on_every_database)]
async fn keys_that_lead_nowhere_are_left_out_and_repeated_ones_repeated(at: &Database) {
    let (db, tags, _) = with(at, &[]).await;
    let listed = vec![tags[1].id, 99, tags[0].id, tags[1].id];
    let ann = db.users().create(NewUser { tag_ids: Some(listed.clone()), ..NewUser::new("Ann") }).await.unwrap();
    assert_eq!(slugs(&db.users().tags(&ann).await.unwrap()), "bab");
    let loaded = db.users().get(ann.id).include(user::tags()).await.unwrap();
    assert_eq!(slugs(&loaded.tags), "bab");
    assert_eq!(loaded.tag_ids, listed, "the list itself is as it was");
    db.tags().delete_by_id(tags[1].id).await.unwrap();
    assert_eq!(slugs(&db.users().tags(&ann).await.unwrap()), "a");
    assert_eq!(slugs(&db.users().tags(&ann).find().order_by(tag::slug().desc()).await.unwrap()), "a");
}

#[apply(on_every_database)]
async fn a_find_has_conditions_order_limit_and_includes(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[3, 0, 2, 1])]).await;
    let listed = || db.users().tags(&users[0]).find();
    assert_eq!(slugs(&listed().filter(tag::rank().eq(1)).await.unwrap()), "da");
    assert_eq!(slugs(&listed().limit(2).await.unwrap()), "da");
    assert_eq!(slugs(&listed().offset(1).limit(2).await.unwrap()), "ac");
    assert_eq!(slugs(&listed().offset(3).await.unwrap()), "b");
    assert_eq!(slugs(&listed().offset(9).await.unwrap()), "");
    assert_eq!(slugs(&listed().order_by(tag::slug()).await.unwrap()), "abcd");
    assert_eq!(slugs(&listed().order_by((tag::rank().desc(), tag::slug().desc())).limit(3).await.unwrap()), "bda");
    assert_eq!(listed().first().await.unwrap().unwrap().slug, "d");
    assert_eq!(listed().order_by(tag::slug()).first().await.unwrap().unwrap().slug, "a");
    assert_eq!(listed().filter(tag::slug().eq("e")).first().await.unwrap(), None);
    assert_eq!(listed().filter(tag::slug().eq("c")).one().await.unwrap().slug, "c");
    assert_eq!(code(listed().filter(tag::slug().eq("e")).one().await), "not_found");
    assert_eq!(code(listed().one().await), "conflict");
    assert_eq!((listed().count().await.unwrap(), listed().offset(1).limit(2).count().await.unwrap()), (4, 2));
    assert!(listed().filter(tag::slug().eq("a")).exists().await.unwrap());
    assert!(!listed().filter(tag::slug().eq("e")).exists().await.unwrap());
    db.tags().notes(&tags[2]).create(tag::NewNote::new("n")).await.unwrap();
    let found = listed().include(tag::notes()).filter(tag::slug().ge("c")).await.unwrap();
    let notes: Vec<_> = found.iter().map(|tag| (tag.slug.as_str(), tag.notes.len())).collect();
    assert_eq!(notes, [("d", 0), ("c", 1)]);
}

#[apply(on_every_database)]
async fn an_include_holds_for_each_parent(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[3, 0, 2]), ("Bob", &[]), ("Cid", &[0, 3]), ("Dan", &[0, 3])]).await;
    let included = |found: Vec<relata::With<User, user::tags>>| -> Vec<String> {
        found.iter().map(|user| slugs(&user.tags)).collect()
    };
    let find = || db.users().find().order_by(user::id());
    assert_eq!(included(find().include(user::tags()).await.unwrap()), ["dac", "", "ad", "ad"]);
    assert_eq!(included(find().include(user::tags().limit(1)).await.unwrap()), ["d", "", "a", "a"]);
    assert_eq!(included(find().include(user::tags().offset(1)).await.unwrap()), ["ac", "", "d", "d"]);
    let ordered = || user::tags().order_by(tag::slug().desc());
    assert_eq!(included(find().include(ordered()).await.unwrap()), ["dca", "", "da", "da"]);
    assert_eq!(included(find().include(ordered().limit(1).offset(1)).await.unwrap()), ["c", "", "a", "a"]);
    assert_eq!(included(find().include(user::tags().filter(tag::slug().ne("d"))).await.unwrap()), ["ac", "", "a", "a"]);

    db.tags().notes(&tags[0]).create_many(["x", "y"].map(tag::NewNote::new)).await.unwrap();
    let nested = user::tags().include(tag::notes().order_by(note::id().desc()).limit(1));
    let found = find().include(nested).include(user::by_slug()).await.unwrap();
    let notes: Vec<_> = found.iter().map(|user| user.tags.iter().map(|tag| tag.notes.len()).sum::<usize>()).collect();
    assert_eq!(notes, [1, 0, 1, 1]);
    assert_eq!(found[0].tags[1].notes[0].text, "y");
    assert_eq!(slugs(&found[0].by_slug), "dac");
    assert_eq!(found[0].id, users[0].id);
}

#[apply(on_every_database)]
async fn a_list_is_reached_through_other_relations(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[1, 0]), ("Bob", &[2])]).await;
    db.users().notes(&users[0]).create(user::NewNote::new("of Ann")).await.unwrap();
    db.notes().create(relata_conformance::references::NewNote::new("of nobody")).await.unwrap();
    let notes = db.notes().find().order_by(note::id()).include(note::user().include(user::tags())).await.unwrap();
    assert_eq!(slugs(&notes[0].user.as_ref().unwrap().tags), "ba");
    assert!(notes[1].user.is_none());
    let patch = UserPatch { friend_ids: Some(vec![users[1].id, users[0].id]), ..UserPatch::default() };
    db.users().patch_by_id(users[0].id, patch).await.unwrap();
    let ann = db.users().get(users[0].id).include(user::friends().include(user::tags())).await.unwrap();
    let friends: Vec<_> = ann.friends.iter().map(|friend| (friend.name.as_str(), slugs(&friend.tags))).collect();
    assert_eq!(friends, [("Bob", "c".to_owned()), ("Ann", "ba".to_owned())]);
    assert_eq!(tags.len(), 4);
}

#[apply(on_every_database)]
async fn rows_are_found_by_what_their_lists_lead_to(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[3, 0]), ("Bob", &[]), ("Cid", &[0]), ("Dan", &[2])]).await;
    let found = async |condition| {
        let found = db.users().find().filter(condition).order_by(user::id()).await.unwrap();
        found.into_iter().map(|user| user.name).collect::<Vec<_>>().join(" ")
    };
    let is = |slug: &str| tag::slug().eq(slug);
    assert_eq!(found(user::tags().any(is("a"))).await, "Ann Cid");
    assert_eq!(found(user::tags().none(is("a"))).await, "Bob Dan");
    assert_eq!(found(user::tags().all(is("a"))).await, "Bob Cid");
    assert_eq!(found(user::tags().any(tag::all())).await, "Ann Cid Dan");
    assert_eq!(found(user::by_slug().any(tag::rank().eq(1))).await, "Ann Cid");
    assert_eq!(found(!user::by_slug().any(tag::rank().eq(1))).await, "Bob Dan");
    assert_eq!(found(user::tag_ids().has(tags[3].id)).await, "Ann");
    // A key that leads nowhere is no row, and no row fails to match.
    let patch = UserPatch { tag_ids: Some(vec![99]), ..UserPatch::default() };
    db.users().patch_by_id(users[1].id, patch).await.unwrap();
    assert_eq!(found(user::tags().any(tag::all())).await, "Ann Cid Dan");
    assert_eq!(found(user::tags().all(is("a"))).await, "Bob Cid");
    let patch = UserPatch { friend_ids: Some(vec![users[2].id]), ..UserPatch::default() };
    db.users().patch_by_id(users[3].id, patch).await.unwrap();
    let friend = user::friends().any(user::tags().any(is("a")));
    assert_eq!(found(friend.clone()).await, "Dan");
    let patch = UserPatch { name: Some("Eve".into()), ..UserPatch::default() };
    assert_eq!(db.users().patch_where(friend.clone(), patch).await.unwrap(), 1);
    assert_eq!(db.users().delete_where(friend).await.unwrap(), 1);
    assert_eq!(found(user::all()).await, "Ann Bob Cid");
}

#[apply(on_every_database)]
async fn keys_are_added_removed_and_set(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[]), ("Bob", &[0])]).await;
    let ann = db.users().tags(&users[0]);
    ann.add(&tags[2]).await.unwrap();
    ann.add(tags[0].id).await.unwrap();
    ann.add(&tags[2]).await.unwrap();
    let stored = async || db.users().get(users[0].id).await.unwrap().tag_ids;
    assert_eq!(stored().await, [tags[2].id, tags[0].id], "what is there is not added again");
    ann.remove(&tags[2]).await.unwrap();
    ann.remove(&tags[2]).await.unwrap();
    assert_eq!(stored().await, [tags[0].id]);
    ann.set([&tags[1], &tags[0], &tags[1]]).await.unwrap();
    assert_eq!(stored().await, [tags[1].id, tags[0].id, tags[1].id]);
    ann.remove(tags[1].id).await.unwrap();
    assert_eq!(stored().await, [tags[0].id], "removed wherever it stood");
    ann.set([] as [i64; 0]).await.unwrap();
    assert_eq!(stored().await, [] as [i64; 0]);
    let slugs_of_ann = db.users().by_slug(&users[0]);
    slugs_of_ann.add("d").await.unwrap();
    slugs_of_ann.add(&tags[0]).await.unwrap();
    assert_eq!(slugs(&slugs_of_ann.await.unwrap()), "da");
    assert_eq!(db.users().get(users[1].id).await.unwrap(), users[1], "no other row was touched");
}

#[apply(on_every_database)]
async fn keys_that_lead_nowhere_cannot_be_added(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[0])]).await;
    let ann = db.users().tags(&users[0]);
    let refused = ann.add(99).await.unwrap_err();
    assert_eq!((refused.code(), refused.to_string().as_str()), ("foreign_key", "User.tags would lead to no row"));
    assert_eq!(code(ann.set([tags[1].id, 99]).await), "foreign_key");
    assert_eq!(code(db.users().by_slug(&users[0]).add("nul\0").await), "foreign_key");
    assert_eq!(code(db.users().tags(99).add(&tags[0]).await), "not_found");
    assert_eq!(code(db.users().tags(99).remove(&tags[0]).await), "not_found");
    let stored = db.users().get(users[0].id).await.unwrap();
    assert_eq!(stored, users[0], "what is refused changes nothing");
    ann.remove(99).await.unwrap();
    assert_eq!(db.users().get(users[0].id).await.unwrap().version, users[0].version + 1);
}

#[apply(on_every_database)]
async fn keys_of_every_type_lead_to_their_rows(at: &Database) {
    let db: Db = at.open().await.unwrap();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let uuids = [Uuid::from_u128(2), Uuid::from_u128(1)];
    let decimals = [decimal("9.5"), decimal("-10.25")];
    let wides = [decimal("999999999999999999999999.9999"), decimal("-0.0001")];
    let days = ["9999-12-31", "0001-01-01"].map(|day| day.parse::<NaiveDate>().unwrap());
    let clocks = ["23:59:59.999999", "00:00:00"].map(|time| time.parse::<NaiveTime>().unwrap());
    let instants =
        ["2024-01-02T03:04:05.000007Z", "0001-01-01T00:00:00Z"].map(|at| at.parse::<DateTime<Utc>>().unwrap());
    let texts = ["it's \"q\" \\ ö\u{1F600}", " A "];
    for n in 0..2 {
        db.by_uuids().create(NewByUuid { id: uuids[n] }).await.unwrap();
        db.by_decimals().create(NewByDecimal { id: decimals[n] }).await.unwrap();
        db.by_wides().create(NewByWide { id: wides[n] }).await.unwrap();
        db.by_days().create(NewByDay { id: days[n] }).await.unwrap();
        db.by_clocks().create(NewByClock { id: clocks[n] }).await.unwrap();
        db.by_instants().create(NewByInstant { id: instants[n] }).await.unwrap();
        db.by_texts().create(NewByText { id: texts[n].into() }).await.unwrap();
        db.by_smalls().create(NewBySmall { id: [i32::MAX, i32::MIN][n] }).await.unwrap();
        db.by_flags().create(NewByFlag { id: [true, false][n] }).await.unwrap();
        db.by_levels().create(NewByLevel { id: [Level::Low, Level::High][n] }).await.unwrap();
    }
    let new = NewHolder {
        by_uuid_ids: Some(uuids.to_vec()),
        by_decimal_ids: Some(vec![decimal("9.50"), decimal("-10.25")]),
        by_wide_ids: Some(wides.to_vec()),
        by_day_ids: Some(days.to_vec()),
        by_clock_ids: Some(clocks.to_vec()),
        by_instant_ids: Some(instants.to_vec()),
        by_text_ids: Some(texts.map(str::to_owned).to_vec()),
        by_small_ids: Some(vec![i32::MAX, i32::MIN]),
        by_flag_ids: Some(vec![true, false]),
        by_level_ids: Some(vec![Level::Low, Level::High]),
    };
    let full = db.holders().create(new).await.unwrap();
    db.holders().create(NewHolder::default()).await.unwrap();
    let rows = db.holders().get(full.id).include(holder::uuids()).include(holder::decimals()).include(holder::wides());
    let rows = rows.include(holder::days()).include(holder::clocks()).include(holder::instants());
    let rows =
        rows.include(holder::texts()).include(holder::smalls()).include(holder::flags()).include(holder::levels());
    let rows = rows.await.unwrap();
    assert_eq!(rows.uuids, uuids.map(|id| ByUuid { id }));
    assert_eq!(rows.decimals, decimals.map(|id| ByDecimal { id }));
    assert_eq!(rows.wides, wides.map(|id| ByWide { id }));
    assert_eq!(rows.days, days.map(|id| ByDay { id }));
    assert_eq!(rows.clocks, clocks.map(|id| ByClock { id }));
    assert_eq!(rows.instants, instants.map(|id| ByInstant { id }));
    assert_eq!(rows.texts, texts.map(|id| ByText { id: id.into() }));
    assert_eq!(rows.smalls, [i32::MAX, i32::MIN].map(|id| BySmall { id }));
    assert_eq!(rows.flags, [true, false].map(|id| ByFlag { id }));
    assert_eq!(rows.levels, [Level::Low, Level::High].map(|id| ByLevel { id }));

    for (n, condition) in [
        holder::uuids().any(by_uuid::id().eq(uuids[0])),
        holder::decimals().any(by_decimal::id().eq(decimals[0])),
        holder::wides().any(by_wide::id().eq(wides[1])),
        holder::days().any(by_day::id().eq(days[0])),
        holder::clocks().any(by_clock::id().eq(clocks[0])),
        holder::instants().any(by_instant::id().eq(instants[0])),
        holder::texts().any(by_text::id().eq(texts[0])),
        holder::smalls().any(by_small::id().eq(i32::MIN)),
        holder::flags().any(by_flag::id().eq(false)),
        holder::levels().any(by_level::id().eq(Level::High)),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(db.holders().count(condition).await.unwrap(), 1, "condition {n}");
    }
    db.holders().decimals(&full).remove(decimal("9.5")).await.unwrap();
    assert_eq!(db.holders().decimals(&full).await.unwrap(), [ByDecimal { id: decimals[1] }]);
}

#[apply(on_every_database)]
async fn a_list_joins_a_transaction_and_ends_with_it(at: &Database) {
    let (db, tags, users) = with(at, &[("Ann", &[0])]).await;
    let (id, tag) = (users[0].id, tags[1].id);
    let ended = db.transaction(async move |tx| {
        tx.users().tags(id).add(tag).await?;
        assert_eq!(slugs(&tx.users().tags(id).await?), "ab");
        tx.users().tags(id).add(99).await
    });
    assert_eq!(code(ended.await), "foreign_key");
    assert_eq!(slugs(&db.users().tags(id).await.unwrap()), "a");
}

#[apply(on_every_database)]
async fn a_resolver_answers_a_list_with_all_keys_at_once(at: &Database) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let resolver = move |mut ids: Vec<i64>| {
        // One that has no row is left out, one that nobody listed has no place.
        let row = |id| (id, Tag { id, slug: format!("resolved {id}"), rank: None });
        let rows = ids.iter().rev().copied().filter(|id| *id != 7).chain([-1]).map(row).collect();
        ids.sort_unstable();
        log.lock().unwrap().push(ids);
        std::future::ready(Ok(rows))
    };
    let db: Db = at.open_with(|builder| builder.resolver(user::tags(), resolver)).await.unwrap();
    for listed in [vec![9, 7, 8, 9], vec![], vec![8]] {
        db.users().create(NewUser { tag_ids: Some(listed), ..NewUser::new("x") }).await.unwrap();
    }
    let rows = db.users().find().order_by(user::id()).include(user::tags()).await.unwrap();
    let ids: Vec<Vec<_>> = rows.iter().map(|row| row.tags.iter().map(|tag| tag.id).collect()).collect();
    assert_eq!(ids, [vec![9, 8, 9], vec![], vec![8]], "in the order of each list");
    assert_eq!(*asked.lock().unwrap(), [vec![7, 8, 9]], "each key once");
    // What is below comes from its database; a scope is no resolver's.
    db.notes().create(relata_conformance::references::NewNote::new("n")).await.unwrap();
    let nested = db.users().find().order_by(user::id()).include(user::tags().include(tag::notes())).await.unwrap();
    assert!(nested[0].tags.iter().all(|tag| tag.notes.is_empty()));
    assert_eq!(code(db.users().find().include(user::tags().limit(1)).await), "inclusion_not_allowed");
    assert_eq!(code(db.users().find().include(user::tags().count()).await), "inclusion_not_allowed");
    assert_eq!(db.users().tags(rows[0].id).await.unwrap(), [], "the accessor asks the database");
    let told = db.users().find().include(user::tags()).include(user::by_slug()).explain();
    assert_eq!(told.iter().map(|statement| &*statement.path).collect::<Vec<_>>(), ["", "bySlug"]);
}

#[apply(on_every_database)]
async fn explain_tells_the_statement_of_a_list(at: &Database) {
    let (db, ..) = with(at, &[]).await;
    let told = |told: Vec<relata::Statement>| told.into_iter().map(|statement| statement.path).collect::<Vec<_>>();
    let find = || db.users().find();
    assert_eq!(told(find().include(user::tags()).explain()), ["", "tags"]);
    let nested = user::tags().order_by(tag::slug()).limit(2).include(tag::notes());
    assert_eq!(told(find().include(nested).include(user::by_slug()).explain()), ["", "tags", "tags.notes", "bySlug"]);
    assert_eq!(told(find().include(user::tags().count()).explain()), [""]);
    let listed = || db.users().tags(1).find().filter(tag::rank().eq(1));
    assert_eq!(told(listed().include(tag::notes()).explain()), ["", "", "notes"]);
    let (list, rows) = (db.users().tags(1).explain().remove(0).sql, listed().explain().remove(1).sql);
    assert!(list.contains("tag_ids") && rows.contains("rank"), "{list}\n{rows}");
    let statements = find().include(user::tags().order_by(tag::slug().desc())).explain();
    assert!(statements[1].sql.contains("FROM") && statements[1].sql.ends_with("DESC"), "{}", statements[1]);
}
