//! Relations through a link model, and by a list of keys.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::forms::{
    Mayor, NewField, NewJourney, NewMayor, NewTown, NewVillage, Plot, PlotTwin, PlotView, Town, TownCodedGuest,
    TownCodedPatron, TownGuest, TownModel, TownPatron, TownRival, Village, field, journey, mayor, plot, town, village,
};
use relata_conformance::on_every_database;

use super::{World, holds_many, holds_one, world};
use crate::support::code;

fn coded(code: &str) -> NewVillage {
    NewVillage { code: Some(code.into()), ..NewVillage::new() }
}

fn fields(crop: &str) -> NewField {
    NewField { crop: Some(crop.into()), ..NewField::new(7, 7) }
}

#[apply(on_every_database)]
async fn has_many_through(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    holds_many!(db.towns.villages, &here, &there, town -> village, NewVillage::new());
    holds_many!(db.towns.coded_villages, &here, &there, town -> village, coded("by code"));
    let friend = holds_many!(db.towns.neighbours, &here, &there, town -> town, NewTown::new());
    assert_eq!(db.towns().neighbours(&friend).find().await.unwrap(), []);
    let made = db.plots().fields(&near).create(fields("rye")).await.unwrap();
    assert_eq!(db.plots().fields(&near).find().await.unwrap(), [made.clone()]);
    assert_eq!(db.plots().fields(&far).count(field::all()).await.unwrap(), 0);
    for scope in [plot::fields(), plot::fields().limit(1)] {
        let rows = db.plots().find().order_by(plot::y()).include(scope).await.unwrap();
        assert_eq!(rows.into_iter().map(|row| row.fields).collect::<Vec<_>>(), [vec![made.clone()], vec![]]);
    }
    assert_eq!(db.plots().count(plot::fields().any(field::crop().eq("rye"))).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn has_one_through(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    holds_one!(db.towns.ally, &here, &there, town -> village, NewVillage::new());
    holds_one!(db.towns.coded_ally, &here, &there, town -> village, coded("by code"));
    holds_one!(db.towns.twin, &here, &there, town -> town, NewTown::new());
    holds_one!(db.plots.best, &near, &far, plot -> field, fields("oats"));
    let year = town::AllyLink { year: Some(1815) };
    let made = db.towns().ally(&there).create_with(NewVillage::new(), year).await.unwrap();
    assert_eq!(db.towns().ally(&there).get().await.unwrap(), Some(made));
}

/// A row of one of several models is linked, and found as an enum: by the accessor, by an include, in a condition.
macro_rules! links_several {
    ($db:ident.$source:ident.$relation:ident.$arms:ident, $of:expr, $not:expr, $module:ident -> $arm:ident, $variant:path, $new:expr) => {{
        let made = $variant($db.$source().$relation($of).$arms().create($new).await.unwrap());
        assert_eq!($db.$source().$relation($of).find().await.unwrap(), [made.clone()]);
        assert_eq!($db.$source().$relation($not).find().await.unwrap(), []);
        let rows = $db.$source().find().include($module::$relation()).await.unwrap();
        let found: Vec<_> = rows.iter().flat_map(|row| &row.$relation).collect();
        assert_eq!(found, [&made]);
        assert_eq!($db.$source().count($module::$relation::$arm().any($arm::all())).await.unwrap(), 1);
        assert_eq!($db.$source().$relation($of).$arms().unlink_all().await.unwrap(), 1);
    }};
}

/// The same of one at most.
macro_rules! links_one_of_several {
    ($db:ident.$source:ident.$relation:ident, $of:expr, $not:expr, $module:ident -> $arm:ident, $variant:path, $new:expr) => {{
        let made = $variant($db.$source().$relation($of).$arm().create($new).await.unwrap());
        assert_eq!(code($db.$source().$relation($of).$arm().create($new).await), "conflict");
        assert_eq!($db.$source().$relation($of).get().await.unwrap(), Some(made.clone()));
        assert_eq!($db.$source().$relation($not).get().await.unwrap(), None);
        let rows = $db.$source().find().include($module::$relation()).await.unwrap();
        let found: Vec<_> = rows.iter().filter_map(|row| row.$relation.as_ref()).collect();
        assert_eq!(found, [&made]);
        assert_eq!($db.$source().count($module::$relation::$arm().matches($arm::all())).await.unwrap(), 1);
        assert_eq!($db.$source().$relation($of).delete().await.unwrap(), 1);
    }};
}

#[apply(on_every_database)]
async fn has_many_of_several_models_through(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    links_several!(db.towns.guests.villages, &here, &there, town -> village, TownGuest::<Village, Mayor>::Village, NewVillage::new());
    links_several!(db.towns.guests.mayors, &here, &there, town -> mayor, TownGuest::<Village, Mayor>::Mayor, NewMayor::new());
    links_several!(db.towns.rivals.towns, &here, &there, town -> town, TownRival::<Town, Village>::Town, NewTown::new());
    links_several!(db.towns.coded_guests.villages, &here, &there, town -> village, TownCodedGuest::<Village, Mayor>::Village, coded("x"));
    links_several!(db.plots.views.fields, &near, &far, plot -> field, PlotView::<Plot>::Field, fields("hay"));
}

#[apply(on_every_database)]
async fn has_one_of_several_models_through(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    links_one_of_several!(db.towns.patron, &here, &there, town -> village, TownPatron::<Village, Mayor>::Village, NewVillage::new());
    links_one_of_several!(db.towns.patron, &here, &there, town -> mayor, TownPatron::<Village, Mayor>::Mayor, NewMayor::new());
    links_one_of_several!(db.towns.model, &here, &there, town -> town, TownModel::<Town, Village>::Town, NewTown::new());
    links_one_of_several!(db.towns.coded_patron, &here, &there, town -> village, TownCodedPatron::<Village, Mayor>::Village, coded("y"));
    links_one_of_several!(db.plots.twin, &near, &far, plot -> field, PlotTwin::Field, fields("hay"));
}

#[apply(on_every_database)]
async fn references_many(at: &Database) {
    let World { db, here, there, village, .. } = world(at).await;
    let other = db.villages().create(coded("other")).await.unwrap();
    let first = db.journeys().create(NewJourney::new()).await.unwrap();
    let new = NewJourney {
        town_ids: Some(vec![there.id, here.id]),
        leg_ids: Some(vec![first.id]),
        village_ids: Some(vec![other.id, village.id]),
        village_codes: Some(vec!["village".into(), "other".into()]),
        ..NewJourney::new()
    };
    let made = db.journeys().create(new).await.unwrap();
    assert_eq!(db.journeys().towns(&made).await.unwrap(), [there.clone(), here.clone()]);
    assert_eq!(db.journeys().legs(&made).await.unwrap(), [first.clone()]);
    assert_eq!(db.journeys().by_code(&made).await.unwrap(), [village.clone(), other.clone()]);
    let row = db.journeys().get(made.id).include(journey::towns()).include(journey::legs());
    let row = row.include(journey::villages()).include(journey::by_code().limit(1)).await.unwrap();
    assert_eq!((row.towns, row.legs), (vec![there, here], vec![first]));
    assert_eq!((row.villages, row.by_code), (vec![other.clone(), village.clone()], vec![village]));
    for condition in [
        journey::towns().any(town::code().eq("here")),
        journey::legs().any(journey::all()),
        journey::villages().any(village::code().eq("other")),
        journey::by_code().any(village::code().eq("other")),
    ] {
        assert_eq!(db.journeys().count(condition).await.unwrap(), 1);
    }
    db.journeys().by_code(&made).remove("village").await.unwrap();
    assert_eq!(db.journeys().by_code(&made).await.unwrap(), [other]);
}
