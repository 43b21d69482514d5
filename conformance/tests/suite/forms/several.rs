//! Relations to one of several models, and the answers to them.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::forms::{
    Fair, FlagAt, FlagBelow, FlagCoded, FlagOver, Market, NewField, NewFlag, NewVisit, PlotFeast, Town, TownCodedFeast,
    TownFeast, TownHeir, VisitAfter, VisitAt, VisitCoded, VisitTo, fair, field, flag, market, plot, town, village,
    visit,
};
use relata_conformance::on_every_database;

use super::{World, holds_many, holds_one, leads_to_one_of, world};
use crate::support::code;

#[apply(on_every_database)]
async fn belongs_to(at: &Database) {
    let World { db, here, village, near, .. } = world(at).await;
    let field = db.fields().create(NewField::new(near.x, near.y)).await.unwrap();
    let kind = |kind: &str| Some(kind.to_owned());
    let new = NewVisit {
        to_id: Some(village.id),
        to_type: kind("Village"),
        at_x: Some(near.x),
        at_y: Some(near.y),
        at_type: kind("Field"),
        coded_code: kind("here"),
        coded_type: kind("Town"),
        ..NewVisit::new(here.id, "Town")
    };
    let first = db.visits().create(new).await.unwrap();
    let second =
        NewVisit { at_type: kind("Plot"), at_x: Some(near.x), at_y: Some(near.y), ..NewVisit::new(first.id, "Visit") };
    let second = db.visits().create(second).await.unwrap();
    leads_to_one_of!(db.visits.to, &first, visit -> village, Some(VisitTo::Village(village.clone())));
    leads_to_one_of!(db.visits.at, &first, visit -> field, Some(VisitAt::Field(field.clone())));
    leads_to_one_of!(db.visits.at, &second, visit -> plot, Some(VisitAt::Plot(near.clone())));
    leads_to_one_of!(db.visits.after, &first, visit -> town, VisitAfter::Town(here.clone()));
    leads_to_one_of!(db.visits.after, &second, visit -> visit, VisitAfter::Visit(first.clone()));
    leads_to_one_of!(db.visits.coded, &first, visit -> town, Some(VisitCoded::Town(here.clone())));
    assert_eq!(db.visits().to(&second).await.unwrap(), None);
}

#[apply(on_every_database)]
async fn answers_of_many(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    let town = here.id;
    let made = holds_many!(db.towns.visits, &here, &there, town -> visit, town::NewVisit::new(town, "Town"));
    assert_eq!((made.to_id, made.to_type.as_deref()), (Some(town), Some("Town")));
    // By the key that the answered relation leads to, which is not the id.
    let coded =
        holds_many!(db.towns.coded_visits, &here, &there, town -> visit, town::NewCodedVisit::new(town, "Town"));
    assert_eq!((coded.coded_code.as_deref(), coded.coded_type.as_deref()), (Some("here"), Some("Town")));
    leads_to_one_of!(db.visits.coded, &coded, visit -> town, Some(VisitCoded::Town(here.clone())));
    let at_plot = holds_many!(db.plots.visits, &near, &far, plot -> visit, plot::NewVisit::new(town, "Town"));
    assert_eq!((at_plot.at_x, at_plot.at_y, at_plot.at_type.as_deref()), (Some(1), Some(1), Some("Plot")));
    let next = holds_many!(db.visits.next, &made, &coded, visit -> visit, visit::NewNext::new());
    assert_eq!((next.after_number, &*next.after_kind), (made.id, "Visit"));
}

#[apply(on_every_database)]
async fn answers_of_one(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    let over = holds_one!(db.towns.flag, &here, &there, town -> flag, town::NewFlag::new());
    let coded = holds_one!(db.towns.coded_flag, &here, &there, town -> flag, town::NewCodedFlag::new());
    let at_plot = holds_one!(db.plots.flag, &near, &far, plot -> flag, plot::NewFlag::new());
    let above = holds_one!(db.flags.above, &over, &coded, flag -> flag, flag::NewAbove::new());
    leads_to_one_of!(db.flags.over, &over, flag -> town, Some(FlagOver::Town(here.clone())));
    leads_to_one_of!(db.flags.coded, &coded, flag -> town, Some(FlagCoded::Town(here.clone())));
    leads_to_one_of!(db.flags.at, &at_plot, flag -> plot, Some(FlagAt::Plot(near.clone())));
    leads_to_one_of!(db.flags.below, &above, flag -> flag, Some(FlagBelow::<Town>::Flag(over.clone())));

    // What their actions say: restrict, set null, nothing, cascade.
    assert_eq!(code(db.towns().delete_by_id(here.id).await), "foreign_key");
    db.flags().delete_by_id(coded.id).await.unwrap();
    db.plots().delete_by_id((near.x, near.y)).await.unwrap();
    let at_plot = db.flags().get(at_plot.id).await.unwrap();
    assert_eq!((at_plot.at_x, at_plot.at_y), (None, None));
    db.towns().delete_by_id(here.id).await.unwrap();
    assert_eq!(db.flags().find_by_id(over.id).await.unwrap(), None);
    assert_eq!(code(db.flags().below(&above).await), "dangling");
    assert_eq!(db.flags().create(NewFlag::new()).await.unwrap().over_id, None);
}

/// A row of one of several models is made where there was none, and got as an enum.
macro_rules! has_one_of {
    ($db:ident.$source:ident.$relation:ident.$arm:ident, $of:expr, $not:expr, $module:ident, $variant:path, $new:expr) => {{
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
async fn has_one(at: &Database) {
    let World { db, here, there, near, far, .. } = world(at).await;
    has_one_of!(db.towns.feast.fair, &here, &there, town, TownFeast::<Fair, Market>::Fair, town::NewFeastFair::new());
    has_one_of!(
        db.towns.feast.market,
        &here,
        &there,
        town,
        TownFeast::<Fair, Market>::Market,
        town::NewFeastMarket::new()
    );
    has_one_of!(
        db.towns.coded_feast.fair,
        &here,
        &there,
        town,
        TownCodedFeast::<Fair, Market>::Fair,
        town::NewCodedFeastFair::new()
    );
    has_one_of!(db.towns.heir.town, &here, &there, town, TownHeir::<Town, Fair>::Town, town::NewHeirTown::new());
    has_one_of!(
        db.plots.feast.market,
        &near,
        &far,
        plot,
        PlotFeast::<Fair, Market>::Market,
        plot::NewFeastMarket::new()
    );
    assert_eq!(db.towns().get(here.id).await.unwrap(), here);
}
