//! Every form of the language, each stored and read once: what it is by default, of a model by itself, by a key that is no
//! id, by a key of several parts.
//!
//! `tests/forms.rs` of the compiler sees to it that the schema leaves none out.

mod apart;
mod direct;
mod linked;
mod several;
mod within;

use relata_conformance::database::Database;
use relata_conformance::forms::{Db, NewPlot, NewTown, NewVillage, Plot, Town, Village};

/// Two of each that relations start from, and a village.
struct World {
    db: Db,
    here: Town,
    there: Town,
    village: Village,
    near: Plot,
    far: Plot,
}

async fn world(at: &Database) -> World {
    let db: Db = at.open().await.unwrap();
    let towns = ["here", "there"].map(|code| NewTown { code: Some(code.into()), ..NewTown::new() });
    let [here, there] = db.towns().create_many(towns).await.unwrap().try_into().unwrap();
    let village = NewVillage { code: Some("village".into()), ..NewVillage::new() };
    let village = db.villages().create(village).await.unwrap();
    let plots = [NewPlot::new(1, 1), NewPlot::new(1, 2)];
    let [near, far] = db.plots().create_many(plots).await.unwrap().try_into().unwrap();
    World { db, here, there, village, near, far }
}

/// A row that is made through a relation to many is found, included, counted and asked about by it, and is nobody else's.
macro_rules! holds_many {
    ($db:ident.$source:ident.$relation:ident, $of:expr, $not:expr, $module:ident -> $target:ident, $new:expr) => {{
        let made = $db.$source().$relation($of).create($new).await.unwrap();
        assert_eq!($db.$source().$relation($of).find().await.unwrap(), [made.clone()]);
        assert_eq!($db.$source().$relation($not).find().await.unwrap(), []);
        assert_eq!($db.$source().$relation($of).count($target::all()).await.unwrap(), 1);
        for scope in [$module::$relation(), $module::$relation().limit(1)] {
            let rows = $db.$source().find().include(scope).await.unwrap();
            let found: Vec<_> = rows.iter().flat_map(|row| &row.$relation).collect();
            assert_eq!(found, [&made]);
        }
        let counted = $db.$source().find().include($module::$relation().count()).await.unwrap();
        assert_eq!(counted.iter().map(|row| row.$relation).sum::<u64>(), 1);
        let id = $target::id().eq(made.id);
        assert_eq!($db.$source().count($module::$relation().any(id)).await.unwrap(), 1);
        made
    }};
}

/// A row that is made through a relation to one is got, included and asked about by it; there is no second.
macro_rules! holds_one {
    ($db:ident.$source:ident.$relation:ident, $of:expr, $not:expr, $module:ident -> $target:ident, $new:expr) => {{
        let made = $db.$source().$relation($of).create($new).await.unwrap();
        assert_eq!(code($db.$source().$relation($of).create($new).await), "conflict");
        assert_eq!($db.$source().$relation($of).get().await.unwrap(), Some(made.clone()));
        assert_eq!($db.$source().$relation($not).get().await.unwrap(), None);
        let rows = $db.$source().find().include($module::$relation()).await.unwrap();
        let found: Vec<_> = rows.iter().filter_map(|row| row.$relation.as_ref()).collect();
        assert_eq!(found, [&made]);
        let condition = $module::$relation().matches($target::all());
        assert_eq!($db.$source().count(condition).await.unwrap(), 1);
        made
    }};
}

/// A row leads to another: by the accessor, by an include, and in a condition.
macro_rules! leads_to {
    ($db:ident.$source:ident.$relation:ident, $row:expr, $module:ident -> $target:ident, $expected:expr) => {{
        let id = $row.id;
        assert_eq!($db.$source().$relation($row).await.unwrap(), Some($expected));
        let row = $db.$source().get(id).include($module::$relation()).await.unwrap();
        assert_eq!(row.$relation, Some($expected));
        let condition = $module::$relation().matches($target::all()).and($module::id().eq(id));
        assert_eq!($db.$source().count(condition).await.unwrap(), 1);
    }};
}

/// The same of a relation to one of several models.
macro_rules! leads_to_one_of {
    ($db:ident.$source:ident.$relation:ident, $row:expr, $module:ident -> $arm:ident, $expected:expr) => {{
        let id = $row.id;
        assert_eq!($db.$source().$relation($row).await.unwrap(), $expected);
        let row = $db.$source().get(id).include($module::$relation()).await.unwrap();
        assert_eq!(row.$relation, $expected);
        let condition = $module::$relation::$arm().matches($arm::all()).and($module::id().eq(id));
        assert_eq!($db.$source().count(condition).await.unwrap(), 1);
    }};
}

use {holds_many, holds_one, leads_to, leads_to_one_of};
