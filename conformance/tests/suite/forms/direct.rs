//! Relations by their keys alone.

use macro_rules_attribute::apply;
use relata_conformance::database::Database;
use relata_conformance::forms::{
    HeldPatch, House, LoosePatch, NewHeld, NewHouse, NewLoose, NewMayor, NewVillage, VillagePatch, chapel, cottage,
    held, house, loose, mayor, plot, town, village,
};
use relata_conformance::on_every_database;

use super::{World, holds_many, holds_one, leads_to, world};
use crate::support::code;

#[apply(on_every_database)]
async fn belongs_to(at: &Database) {
    let World { db, here, there, village, near, .. } = world(at).await;
    let first = db.houses().create(NewHouse::new(village.id)).await.unwrap();
    let new = NewHouse {
        town_id: Some(here.id),
        plot_x: Some(near.x),
        plot_y: Some(near.y),
        annex_of_id: Some(first.id),
        town_code: Some("there".into()),
        ..NewHouse::new(village.id)
    };
    let second: House = db.houses().create(new).await.unwrap();
    leads_to!(db.houses.town, &second, house -> town, here.clone());
    leads_to!(db.houses.plot, &second, house -> plot, near.clone());
    leads_to!(db.houses.annex_of, &second, house -> house, first.clone());
    leads_to!(db.houses.coded, &second, house -> town, there.clone());
    assert_eq!(db.houses().landlord(&second).await.unwrap(), village);
    let rows =
        db.houses().find().order_by(house::id()).include(house::landlord()).include(house::town()).await.unwrap();
    assert!(rows.iter().all(|row| row.landlord == village));
    assert_eq!(rows.into_iter().map(|row| row.town).collect::<Vec<_>>(), [None, Some(here)]);
    assert_eq!(db.houses().plot(&first).await.unwrap(), None);
}

#[apply(on_every_database)]
async fn has_many(at: &Database) {
    let World { db, here, there, village, near, far } = world(at).await;
    let landlord = village.id;
    let made = holds_many!(db.towns.houses, &here, &there, town -> house, town::NewHouse::new(landlord));
    assert_eq!((made.town_id, made.town_code), (Some(here.id), None));
    let made = holds_many!(db.towns.coded_houses, &here, &there, town -> house, town::NewCodedHouse::new(landlord));
    assert_eq!((made.town_id, made.town_code.as_deref()), (None, Some("here")));
    let made = holds_many!(db.plots.houses, &near, &far, plot -> house, plot::NewHouse::new(landlord));
    assert_eq!((made.plot_x, made.plot_y), (Some(near.x), Some(near.y)));
    let [whole, other] = [(); 2].map(|()| NewHouse::new(landlord));
    let whole = db.houses().create(whole).await.unwrap();
    let other = db.houses().create(other).await.unwrap();
    let made = holds_many!(db.houses.annexes, &whole, &other, house -> house, house::NewAnnex::new(landlord));
    assert_eq!(made.annex_of_id, Some(whole.id));
    db.houses().delete_where(house::annex_of_id().is_not_null()).await.unwrap();
    db.houses().delete_where(house::all()).await.unwrap();
    let elsewhere = db.villages().create(NewVillage::new()).await.unwrap();
    let made = holds_many!(db.villages.rented, &village, &elsewhere, village -> house, village::NewRented::new());
    assert_eq!(made.landlord_id, landlord);
    assert_eq!(code(db.villages().rented(99).create(village::NewRented::new()).await), "foreign_key");
}

#[apply(on_every_database)]
async fn has_one(at: &Database) {
    let World { db, here, there, village, near, far } = world(at).await;
    let made = holds_one!(db.towns.mayor, &here, &there, town -> mayor, town::NewMayor::new());
    assert_eq!((made.town_id, &made.town_code), (Some(here.id), &None));
    let next = holds_one!(db.towns.coded_mayor, &here, &there, town -> mayor, town::NewCodedMayor::new());
    assert_eq!((next.town_id, next.town_code.as_deref()), (None, Some("here")));
    holds_one!(db.plots.mayor, &near, &far, plot -> mayor, plot::NewMayor::new());
    let elsewhere = db.villages().create(NewVillage::new()).await.unwrap();
    holds_one!(db.villages.mayor, &village, &elsewhere, village -> mayor, village::NewMayor::new());
    let after = holds_one!(db.mayors.after, &made, &next, mayor -> mayor, mayor::NewAfter::new());
    leads_to!(db.mayors.before, &after, mayor -> mayor, made.clone());
    leads_to!(db.mayors.town, &made, mayor -> town, here.clone());
    leads_to!(db.mayors.coded, &next, mayor -> town, here.clone());
    assert_eq!(db.mayors().create(NewMayor::new()).await.unwrap().village_id, None);
}

#[apply(on_every_database)]
async fn a_side_that_has_the_other_makes_the_key_by_itself(at: &Database) {
    let World { db, village, .. } = world(at).await;
    let elsewhere = db.villages().create(NewVillage::new()).await.unwrap();
    holds_many!(db.villages.cottages, &elsewhere, &village, village -> cottage, village::NewCottage {});
    holds_one!(db.villages.chapel, &elsewhere, &village, village -> chapel, village::NewChapel {});
    assert_eq!(code(db.villages().cottages(99).create(village::NewCottage {}).await), "foreign_key");
    db.villages().delete_by_id(elsewhere.id).await.unwrap();
    assert_eq!(db.cottages().count(cottage::all()).await.unwrap(), 0);
    assert_eq!(db.chapels().count(chapel::village_id().is_null()).await.unwrap(), 1);
}

/// What becomes of rows by each action, where the code that they point at changes and where its row goes.
macro_rules! follows {
    ($db:ident.$holders:ident, $module:ident, $New:ident, $Patch:ident, strong: $strong:expr) => {{
        let (old, new) =
            (|| Some(stringify!($module).to_owned()), || Some(concat!("new ", stringify!($module)).to_owned()));
        let village = $db.villages().create(NewVillage { code: old(), ..NewVillage::new() }).await.unwrap();
        let recode =
            |code| $db.villages().patch_by_id(village.id, VillagePatch { code: Some(code), ..Default::default() });
        let row = $New { followed_code: old(), unset_code: old(), ..$New::new() };
        let row = $db.$holders().create(row).await.unwrap();
        recode(new()).await.unwrap();
        let row = $db.$holders().get(row.id).await.unwrap();
        assert_eq!((row.followed_code.clone(), row.unset_code), (new(), None));

        // A row at a time is refused by one key: where several keys lead to one row, databases differ in which they see first.
        let kept = $Patch { kept_code: Some(new()), followed_code: Some(None), ..Default::default() };
        $db.$holders().patch_by_id(row.id, kept).await.unwrap();
        assert_eq!(code(recode(old()).await), "foreign_key");
        assert_eq!(code($db.villages().delete_by_id(village.id).await), "foreign_key");
        let free = $Patch { kept_code: Some(None), free_code: Some(new()), unset_code: Some(new()), ..Default::default() };
        $db.$holders().patch_by_id(row.id, free).await.unwrap();
        let deleted = $db.villages().delete_by_id(village.id).await;
        if $strong {
            assert_eq!(code(deleted), "foreign_key");
            let none = $Patch { free_code: Some(None), ..Default::default() };
            $db.$holders().patch_by_id(row.id, none).await.unwrap();
            $db.villages().delete_by_id(village.id).await.unwrap();
        } else {
            deleted.unwrap();
        }
        let left = $db.$holders().get(row.id).await.unwrap();
        assert_eq!((left.unset_code, left.free_code.is_some()), (None, !$strong));
        let village = $db.villages().create(NewVillage { code: old(), ..NewVillage::new() }).await.unwrap();
        let follow = $Patch { followed_code: Some(old()), ..Default::default() };
        $db.$holders().patch_by_id(row.id, follow).await.unwrap();
        $db.villages().delete_by_id(village.id).await.unwrap();
        assert_eq!($db.$holders().count($module::all()).await.unwrap(), 0);
    }};
}

#[apply(on_every_database)]
async fn actions(at: &Database) {
    let World { db, .. } = world(at).await;
    follows!(db.helds, held, NewHeld, HeldPatch, strong: true);
    follows!(db.looses, loose, NewLoose, LoosePatch, strong: false);
}
