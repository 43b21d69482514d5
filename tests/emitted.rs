//! The committed golden code is Rust, creates its tables, and stores what it is given.

#[path = "fixtures/golden/names/out/mod.rs"]
#[rustfmt::skip]
mod names;
#[path = "fixtures/golden/relations/out/mod.rs"]
#[rustfmt::skip]
mod relations;
#[path = "fixtures/golden/types/out/mod.rs"]
#[rustfmt::skip]
mod types;
#[path = "fixtures/golden/views/out/mod.rs"]
#[rustfmt::skip]
mod views;
#[path = "fixtures/golden/within/out/mod.rs"]
#[rustfmt::skip]
mod within;

use relata::types::{Date, DateTime, Json, Time, Uuid};
use types::{Colour, NewDefaults, NewEverything, Place};

fn database<R: relata::Schema>() -> relata::Result<relata::Db<R>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let db = relata::Db::<R>::connect("sqlite::memory:").await?;
        db.create_tables().await?;
        Ok(db)
    })
}

fn place(inner: Vec<Place>) -> Place {
    Place {
        name: "here".to_owned(),
        height: Some("1.250".parse().expect("a decimal")),
        colour: Some(Colour::Odd),
        inner,
    }
}

fn everything() -> NewEverything {
    NewEverything {
        maybe_place: Some(place(vec![place(Vec::new())])),
        maybe_bytes: Some(vec![0, 255]),
        strings: Some(vec!["a".to_owned(), String::new()]),
        colours: Some(vec![Colour::ThreeD, Colour::DarkGreen]),
        ..NewEverything::new(
            "\"a\"",
            "text",
            i64::MIN + 9_223_372_036_854_775_803,
            i32::MAX,
            0.5,
            "12.34".parse().expect("a decimal"),
            "123456789012345678.0000000001".parse().expect("a decimal"),
            true,
            Date::from_ymd_opt(2024, 2, 29).expect("a date"),
            Time::from_hms_opt(23, 59, 59).expect("a time"),
            DateTime::from_timestamp(1_700_000_000, 0).expect("an instant"),
            Uuid::nil(),
            Json::Null,
            vec![1, 2, 3],
            Colour::Red,
            place(Vec::new()),
        )
    }
}

#[test]
fn every_type_is_stored_and_read_back() -> relata::Result<()> {
    let db = database::<types::Repositories>()?;
    let stored = db.everythings().create(everything()).wait()?;
    assert_eq!(db.everythings().get(stored.id).wait()?, stored);
    assert_eq!(stored.a_colour, Colour::Red);
    assert_eq!(stored.maybe_place, Some(place(vec![place(Vec::new())])));
    assert_eq!((stored.revision, stored.integers.len()), (1, 0));
    Ok(())
}

#[test]
fn defaults_are_set() -> relata::Result<()> {
    let db = database::<types::Repositories>()?;
    let stored = db.defaults().create(NewDefaults::new()).wait()?;
    assert_eq!((stored.a_string.as_str(), stored.an_integer, stored.a_boolean), ("say \"hi\"\n", Some(-3), true));
    assert_eq!((stored.a_colour, stored.strings), (Colour::DarkGreen, vec!["a".to_owned(), "b".to_owned()]));
    Ok(())
}

#[test]
fn any_name_works() -> relata::Result<()> {
    let db = database::<names::Repositories>()?;
    let option = db.options().create(names::NewOption::new("a")).wait()?;
    let made = names::option::NewI64 { value: "x".to_owned(), text: "y".to_owned(), list: None, other_id: None };
    db.options().i64(option.id).create(made).wait()?;
    let read = db.options().find().filter(names::option::r#type().eq("a")).include(names::option::i64()).wait()?;
    assert_eq!(read[0].i64[0].text, "y");
    assert_eq!(db.strings().option("x").wait()?, Some(option));
    Ok(())
}

#[test]
fn keys_of_every_shape_work() -> relata::Result<()> {
    let db = database::<relations::Repositories>()?;
    let room = db.rooms().create(relations::NewRoom::new("north", 7)).wait()?;
    let desk = db.rooms().desks(("north", 7)).create(relations::room::NewDesk::default()).wait()?;
    assert_eq!(db.desks().room(desk.id).wait()?, room);
    let person = db.people().create(relations::NewPerson::new("b-1")).wait()?;
    db.people().visits("b-1").create(relations::person::NewVisit::new(person.id)).wait()?;
    assert_eq!(db.people().hosted_visits(&person).count(relations::visit::all()).wait()?, 1);
    let token = db.tokens().create(relations::NewToken::new()).wait()?;
    assert_eq!(token.id, 1);
    Ok(())
}

#[test]
fn views_of_any_name_are_read() -> relata::Result<()> {
    let db = database::<views::Repositories>()?;
    let new = |id, state, parent| views::NewOption { parent_id: parent, ..views::NewOption::new(id, "a", state) };
    let rows = [(1, views::State::Open, None), (2, views::State::InProgress, Some(1))];
    db.options().create_many(rows.map(|(id, state, parent)| new(id, state, parent))).wait()?;
    let found = db.vecs().find().order_by(views::option::id()).wait()?;
    assert_eq!((found[0].u64, found[0].r#fn.len(), found[1].u64), (1, 1, 0));
    assert_eq!(found[1].r#loop, Some(views::String { state: views::State::Open, r#type: "a".to_owned() }));
    assert_eq!(found[0].r#fn[0].r#loop.as_ref().map(|above| above.id), Some(1));
    Ok(())
}

#[test]
fn values_and_keys_lie_within_rows() -> relata::Result<()> {
    let db = database::<within::Repositories>()?;
    let home = within::Address { street: "Main".to_owned(), city: None, former: None, tags: Vec::new() };
    let member = db.members().create(within::NewMember::new(home.clone())).wait()?;
    db.members().others(&member).push(home.clone()).wait()?;
    db.members().favourites(&member).set([] as [&str; 0]).wait()?;
    let club = db.clubs().create(within::NewClub::new("c-1")).wait()?;
    db.members().favourites(member.id).add("c-1").wait()?;
    assert_eq!(db.members().favourites(&member).wait()?, [club]);
    let at_home = within::member::others().any(within::address::street().eq("Main"));
    assert_eq!(db.members().count(at_home).wait()?, 1);
    Ok(())
}
