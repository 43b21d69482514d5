//! Values computed of many rows: of all, of groups, and the different ones; against the rows themselves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime};
use macro_rules_attribute::apply;
use relata::count;
use relata_conformance::database::Database;
use relata_conformance::flags::{self, NewTeam, player, team};
use relata_conformance::on_every_database;
use relata_conformance::shop::{OrderPatch, customer, order, order_item};
use relata_conformance::through::{self, NewPatient, NewPhysician, patient, physician};
use relata_conformance::types::{Color, Db as Types, NewSample, Odd, sample};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::{code, empty_shop, failures, items, order as new_order, shop};

#[apply(on_every_database)]
async fn of_all_rows_and_of_those_that_match(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let orders = || db.orders().aggregate();
    assert_eq!(orders().select(count()).await.unwrap(), 4);
    let all = (count(), order::quantity().sum(), order::quantity().avg(), order::id().min(), order::quantity().max());
    assert_eq!(orders().select(all).await.unwrap(), (4, Some(16), Some(4.0), Some(1), Some(10)));
    let anns = orders().filter(order::customer_id().eq(ann.id)).filter_if(Some(1), |n| order::quantity().gt(n));
    assert_eq!(anns.select((count(), order::quantity().avg())).await.unwrap(), (2, Some(2.5)));
    let related = orders().filter(order::customer().matches(customer::name().eq("Bob")));
    assert_eq!(related.select((order::customer_id().max(),)).await.unwrap(), (Some(bob.id),));

    // Values that are there, and different ones.
    db.orders().patch_by_id(1, OrderPatch { note: Some(Some("x".into())), ..Default::default() }).await.unwrap();
    db.orders().patch_by_id(2, OrderPatch { note: Some(Some("x".into())), ..Default::default() }).await.unwrap();
    let values = (order::note().count(), order::note().count_distinct(), order::customer_id().count_distinct());
    assert_eq!(orders().select(values).await.unwrap(), (2, 1, 2));

    // Of no rows.
    let none = (count(), order::note().count(), order::quantity().sum(), order::quantity().avg(), order::note().max());
    let none = orders().filter(order::quantity().gt(99)).select(none).await.unwrap();
    assert_eq!(none, (0, 0, None, None, None));
}

#[apply(on_every_database)]
async fn of_each_group(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    db.orders()
        .patch_where(order::quantity().le(2), OrderPatch { note: Some(Some("n".into())), ..Default::default() })
        .await
        .unwrap();
    let by_customer = || db.orders().aggregate().group_by(order::customer_id());
    let sums = by_customer().order_by(order::customer_id()).select(order::quantity().sum()).await.unwrap();
    assert_eq!(sums, [(ann.id, Some(6)), (bob.id, Some(10))]);

    // NULL is a key, the first.
    let keys = (order::customer_id(), order::note());
    let rows = db.orders().aggregate().group_by(keys).order_by(keys_in_order()).select((count(),)).await.unwrap();
    let n = || Some("n".to_owned());
    assert_eq!(rows, [((ann.id, None), (1,)), ((ann.id, n()), (2,)), ((bob.id, None), (1,))]);
    let by_note = db.orders().aggregate().group_by(order::note()).order_by(order::note().desc());
    assert_eq!(by_note.select(count()).await.unwrap(), [(n(), 2), (None, 2)]);

    // By what is computed, and cut.
    let largest = by_customer().order_by(order::quantity().max().desc()).limit(1).select(count()).await.unwrap();
    assert_eq!(largest, [(bob.id, 1)]);
    let rest = by_customer().order_by((count().desc(), order::customer_id())).offset(1).select(count()).await.unwrap();
    assert_eq!(rest, [(bob.id, 1)]);
    assert_eq!(by_customer().limit(1).offset(1).select(count()).await.unwrap(), [(bob.id, 1)]);
    assert_eq!(by_customer().limit(0).select(count()).await.unwrap(), []);

    // Those without a value come first, and last descending.
    let lines = db.orders().aggregate().filter(order::quantity().ge(2)).group_by(order::id());
    let noted = lines.order_by((order::note().max(), order::id())).select(order::note().max()).await.unwrap();
    assert_eq!(noted, [(3, None), (4, None), (2, n())]);
    let lines = db.orders().aggregate().filter(order::quantity().ge(2)).group_by(order::id());
    let noted = lines.order_by((order::note().max().desc(), order::id())).select(count()).await.unwrap();
    assert_eq!(noted.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [2, 3, 4]);
}

fn keys_in_order() -> relata::OrderBy<relata_conformance::shop::Order> {
    (order::customer_id(), order::note()).into()
}

#[apply(on_every_database)]
async fn of_groups_that_match(at: &Database) {
    let (db, [ann, bob, cid]) = shop(at).await;
    db.orders().create(new_order(cid.id, 3)).await.unwrap();
    let (ann, bob, cid) = (ann.id, bob.id, cid.id);
    let sum = || order::quantity().sum();
    for (having, expected) in [
        (count().gt(1), vec![ann]),
        (count().le(1), vec![bob, cid]),
        (count().between(1, 2), vec![bob, cid]),
        (count().ne(u64::MAX), vec![ann, bob, cid]),
        (sum().eq(6), vec![ann]),
        (sum().ne(6), vec![bob, cid]),
        (sum().ge(6).and(sum().lt(10)), vec![ann]),
        (sum().between(3, 6), vec![ann, cid]),
        (sum().gt(6).or(count().gt(2)), vec![ann, bob]),
        (!sum().gt(6), vec![ann, cid]),
        (order::quantity().avg().eq(2.0), vec![ann]),
        (order::quantity().avg().gt(2.5), vec![bob, cid]),
        (order::quantity().min().ge(3), vec![bob, cid]),
        (order::quantity().max().lt(4), vec![ann, cid]),
        (order::description().max().eq("Bob 10"), vec![bob]),
        (order::description().min().gt("Ann 3"), vec![bob, cid]),
        // What has no value is neither.
        (order::note().max().eq("x"), vec![]),
        (!order::note().max().eq("x"), vec![]),
    ] {
        let groups = db.orders().aggregate().group_by(order::customer_id()).having(having.clone());
        let found = groups.order_by(order::customer_id()).select(count()).await.unwrap();
        assert_eq!(found.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), expected, "{having:?}");
    }
    let twice = db.orders().aggregate().group_by(order::customer_id()).having(count().eq(1)).having(sum().eq(3));
    assert_eq!(twice.select(sum()).await.unwrap(), [(cid, Some(3))]);
}

/// A value of every type that has an order, the least, the greatest, and none.
#[apply(on_every_database)]
async fn least_and_greatest_of_every_type(at: &Database) {
    let db: Types = at.open().await.unwrap();
    let uuid = |n: u8| Uuid::from_bytes([n, 1, n, 2, n, 3, n, 4, n, 5, n, 6, n, 7, n, 8]);
    let instant = |seconds: i64| DateTime::from_timestamp(seconds, 250_000_000).unwrap();
    let day = |day| NaiveDate::from_ymd_opt(2024, 2, day).unwrap();
    let time = |hour| NaiveTime::from_hms_micro_opt(hour, 0, 1, 5).unwrap();
    let row = |n: u8| {
        let (small, wide) = (i64::from(n) - 2, Decimal::new(i64::from(n) - 2, 3));
        NewSample {
            string: Some(["Z", "a", "ä"][usize::from(n) - 1].into()),
            text: Some(["", "b", "c"][usize::from(n) - 1].into()),
            integer: Some(small * 3_000_000_000),
            int32: Some(i32::from(n) - 2),
            number: Some(f64::from(n) - 2.5),
            money: Some(Decimal::new(small, 2)),
            exact: Some(wide),
            wide: Some(wide),
            boolean: Some(n > 2),
            date: Some(day(u32::from(n))),
            time: Some(time(u32::from(n))),
            datetime: Some(instant(small * 1_000_000_000)),
            uuid: Some(uuid(n * 80)),
            color: Some([Color::ThreeD, Color::Loud, Color::Red][usize::from(n) - 1]),
            odd: Some([Odd::Statement, Odd::Wildcards, Odd::Blank][usize::from(n) - 1]),
            ..NewSample::default()
        }
    };
    db.samples().create_many([row(2), row(1), NewSample::default(), row(3)]).await.unwrap();
    let of = || db.samples().aggregate();
    macro_rules! ends {
        ($($column:ident: $least:expr, $greatest:expr;)*) => {$(
            let ends = of().select((sample::$column().min(), sample::$column().max())).await.unwrap();
            assert_eq!(ends, (Some($least), Some($greatest)), stringify!($column));
            // As a key, and compared.
            let rows = of().group_by(sample::$column()).order_by(sample::$column()).select(count()).await.unwrap();
            assert_eq!(rows.first().unwrap(), &(None, 1), stringify!($column));
            assert_eq!(rows.last().unwrap().0, Some($greatest), stringify!($column));
            assert_eq!(rows.iter().map(|(_, rows)| rows).sum::<u64>(), 4);
            let least = of().group_by(sample::id()).having(sample::$column().min().le($least)).select(count());
            assert!(least.await.unwrap().contains(&(2, 1)), stringify!($column));
            let found = db.samples().distinct(sample::$column()).filter(sample::$column().is_not_null()).await.unwrap();
            assert!(found.contains(&Some($least)) && found.contains(&Some($greatest)), stringify!($column));
        )*};
    }
    ends! {
        string: "Z".to_owned(), "ä".to_owned();
        text: String::new(), "c".to_owned();
        integer: -3_000_000_000, 3_000_000_000;
        int32: -1, 1;
        number: -1.5, 0.5;
        money: Decimal::new(-1, 2), Decimal::new(1, 2);
        exact: Decimal::new(-1, 3), Decimal::new(1, 3);
        wide: Decimal::new(-1, 3), Decimal::new(1, 3);
        boolean: false, true;
        date: day(1), day(3);
        time: time(1), time(3);
        datetime: instant(-1_000_000_000), instant(1_000_000_000);
        uuid: uuid(80), uuid(240);
        color: Color::ThreeD, Color::Red;
        odd: Odd::Statement, Odd::Blank;
    }
}

#[apply(on_every_database)]
async fn decimals_are_added_exactly(at: &Database) {
    let db: Types = at.open().await.unwrap();
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let row = |money: &str, exact: &str, wide: &str| NewSample {
        money: Some(decimal(money)),
        exact: Some(decimal(exact)),
        wide: Some(decimal(wide)),
        ..NewSample::default()
    };
    db.samples()
        .create_many([
            row("99999999.99", "-0.000001", "999999999999999999.0000000001"),
            row("0.01", "0.3", "-0.0000000002"),
            row("-0.50", "-0.2", "0.0000000003"),
            NewSample::default(),
        ])
        .await
        .unwrap();
    let of = || db.samples().aggregate();
    let sums = of().select((sample::money().sum(), sample::exact().sum(), sample::wide().sum())).await.unwrap();
    let expected = ["99999999.50", "0.099999", "999999999999999999.0000000002"].map(|text| Some(decimal(text)));
    assert_eq!([sums.0, sums.1, sums.2], expected);
    let averages = of().select((sample::money().avg(), sample::exact().avg(), sample::wide().avg())).await.unwrap();
    let three = Decimal::from(3);
    let expected = [sums.0, sums.1, sums.2].map(|sum| Some((sum.unwrap() / three).normalize()));
    assert_eq!([averages.0, averages.1, averages.2], expected);
    assert_eq!(averages.1, Some(decimal("0.033333")));

    // Compared with what no sum can be: more digits than there are, or too many.
    let all = || of().group_by(sample::string());
    for (having, found) in [
        (sample::money().sum().eq(decimal("99999999.5")), true),
        (sample::money().sum().gt(decimal("99999999.495")), true),
        (sample::money().sum().ge(decimal("99999999.505")), false),
        (sample::money().sum().lt(decimal("99999999.505")), true),
        (sample::money().sum().eq(decimal("99999999.505")), false),
        (sample::money().sum().ne(decimal("99999999.505")), true),
        (sample::money().sum().lt(Decimal::MAX), true),
        (sample::money().sum().gt(Decimal::MIN), true),
        (sample::exact().sum().between(decimal("0.09"), decimal("0.1")), true),
        (sample::wide().sum().gt(decimal("999999999999999999")), true),
        (sample::wide().sum().gt(decimal("999999999999999999.0000000002")), false),
    ] {
        let groups = all().having(having.clone()).select(count()).await.unwrap();
        assert_eq!(groups.len(), usize::from(found), "{having:?}");
    }
    // In their order, negative ones too.
    let by_id = of().group_by(sample::id()).order_by(sample::wide().sum()).select(count()).await.unwrap();
    assert_eq!(by_id.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [4, 2, 3, 1]);
    let by_id = of().group_by(sample::id()).order_by(sample::exact().sum().desc()).select(count()).await.unwrap();
    assert_eq!(by_id.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [2, 1, 3, 4]);
}

#[apply(on_every_database)]
async fn a_sum_that_is_too_large_is_an_error(at: &Database) {
    let db: Types = at.open().await.unwrap();
    let most = "999999999999999999.9999999999".parse::<Decimal>().unwrap();
    for (integer, number, wide) in [(i64::MAX, f64::MAX, most), (1, f64::MAX, most)] {
        let row = NewSample {
            integer: Some(integer),
            int32: Some(i32::MAX),
            number: Some(number),
            wide: Some(wide),
            ..NewSample::default()
        };
        db.samples().create(row).await.unwrap();
    }
    let of = || db.samples().aggregate();
    let error = of().select((count(), sample::integer().sum())).await.unwrap_err();
    assert_eq!(
        (error.code(), &*error.to_string()),
        ("overflow", "the sum of Sample.integer has more digits than its type")
    );
    assert_eq!(code(of().select(sample::number().sum()).await), "overflow");
    assert_eq!(code(of().select(sample::wide().sum()).await), "overflow");
    assert_eq!(code(of().select(sample::wide().avg()).await), "overflow");
    assert_eq!(code(of().group_by(sample::string()).select(sample::integer().sum()).await), "overflow");
    // Two of 32 bits fit into 64, and the connection goes on.
    assert_eq!(of().select(sample::int32().sum()).await.unwrap(), Some(2 * i64::from(i32::MAX)));
    let least = of().filter(sample::integer().eq(1)).select(sample::integer().sum()).await.unwrap();
    assert_eq!(least, Some(1));
    // Inside of a transaction too.
    let caught = db
        .transaction(async |tx| {
            let refused = tx.samples().aggregate().select(sample::integer().sum()).await.unwrap_err();
            Ok::<_, relata::Error>(refused.code())
        })
        .await;
    assert_eq!(caught.unwrap(), "overflow");
}

#[apply(on_every_database)]
async fn of_live_rows_only(at: &Database) {
    let db: flags::Db = at.open().await.unwrap();
    let players = ["a", "b", "c"].into_iter().zip(1..);
    let players = players.map(|(name, number)| team::NewPlayer { number: Some(number), ..team::NewPlayer::new(name) });
    let reds = db.teams().create(NewTeam::new("Reds")).with(team::players().create(players.collect::<Vec<_>>()));
    let reds = reds.await.unwrap();
    db.players().delete_by_id(reds.players[2].id).await.unwrap();
    let all = (count(), player::number().sum(), player::name().max());
    assert_eq!(db.players().aggregate().select(all).await.unwrap(), (2, Some(3), Some("b".into())));
    let all = db.teams().players(reds.id).aggregate().group_by(player::team_id()).select(count()).await.unwrap();
    assert_eq!(all, [(reds.id, 2)]);
    let names = db.players().distinct(player::name()).order_by(player::name()).await.unwrap();
    assert_eq!(names, ["a", "b"]);
}

#[apply(on_every_database)]
async fn of_constrained_repositories(at: &Database) {
    let (db, [ann, bob, cid]) = shop(at).await;
    let sum = async |id: i64| db.customers().orders(id).aggregate().select((count(), order::quantity().sum())).await;
    assert_eq!(sum(ann.id).await.unwrap(), (3, Some(6)));
    assert_eq!(sum(bob.id).await.unwrap(), (1, Some(10)));
    assert_eq!(sum(cid.id).await.unwrap(), (0, None));
    // The constraint holds beside an `or`.
    let all = order::all().or(order::quantity().gt(0));
    assert_eq!(db.customers().orders(&bob).aggregate().filter(all).select(count()).await.unwrap(), 1);
    let found = db.customers().orders(&ann).distinct(order::customer_id()).await.unwrap();
    assert_eq!(found, [ann.id]);

    let order = db.customers().orders(&ann).find().order_by(order::id()).first().await.unwrap().unwrap();
    items(&db, &order).await;
    let prices = db.orders().items(&order).aggregate().select((order_item::price().sum(), order_item::price().avg()));
    assert_eq!(prices.await.unwrap(), (Some(4.0), Some(2.0)));
}

#[apply(on_every_database)]
async fn along_a_link_each_row_once(at: &Database) {
    let db: through::Db = at.open().await.unwrap();
    let physician = db.physicians().create(NewPhysician::new("House")).await.unwrap();
    let patients = db.physicians().patients(&physician);
    for name in ["a", "b"] {
        let patient = db.patients().create(NewPatient::new(name)).await.unwrap();
        for day in 1..3 {
            patients.link_with(&patient, physician::PatientLink::new(day)).await.unwrap();
        }
    }
    db.patients().create(NewPatient::new("c")).await.unwrap();
    assert_eq!(patients.aggregate().select((count(), patient::name().max())).await.unwrap(), (2, Some("b".into())));
    assert_eq!(patients.distinct(patient::name()).order_by(patient::name().desc()).await.unwrap(), ["b", "a"]);
}

#[apply(on_every_database)]
async fn different_values(at: &Database) {
    let (db, [ann, bob, _]) = shop(at).await;
    let owners = db.orders().distinct(order::customer_id()).order_by(order::customer_id().desc()).await.unwrap();
    assert_eq!(owners, [bob.id, ann.id]);
    let cities = db.customers().distinct(customer::city()).order_by(customer::city()).await.unwrap();
    assert_eq!(cities, [None, Some("Asgard".to_owned()), Some("Oslo".to_owned())]);
    let pairs = db.orders().distinct((order::customer_id(), order::note())).filter(order::quantity().lt(5));
    assert_eq!(pairs.await.unwrap(), [(ann.id, None)]);
    let none: Option<i64> = None;
    let page = db.orders().distinct(order::quantity()).filter_if(none, |n| order::id().eq(n)).limit(2).offset(1);
    assert_eq!(page.await.unwrap(), [2, 3]);
    assert_eq!(empty_shop_values(&db).await, [] as [i64; 0]);
}

async fn empty_shop_values(db: &relata_conformance::shop::Db) -> Vec<i64> {
    db.accounts().distinct(relata_conformance::shop::account::balance()).await.unwrap()
}

#[apply(on_every_database)]
async fn an_order_by_what_is_no_key_is_refused(at: &Database) {
    let (db, _) = shop(at).await;
    let groups = || db.orders().aggregate().group_by(order::customer_id());
    let rule = "is none of the keys that the rows are grouped by: order by one of them, or by what is computed";
    let refused = groups().order_by((order::customer_id(), order::quantity())).select(count()).await;
    assert_eq!(failures(refused), [format!("quantity {rule}")]);
    let by_name: relata::OrderBy<_> = order::customer().order(customer::name());
    assert_eq!(failures(groups().order_by(by_name).select(count()).await), [format!("customer {rule}")]);
    let items = order::items().count().desc();
    assert_eq!(failures(db.orders().distinct(order::id()).order_by(items).await), [format!("items {rule}")]);
}

#[apply(on_every_database)]
async fn in_a_transaction_and_explained(at: &Database) {
    let db = empty_shop(at).await;
    let told = db.orders().aggregate().group_by(order::customer_id()).having(count().gt(1)).select(count()).explain();
    assert_eq!(told.len(), 1);
    assert!(told[0].sql.contains("GROUP BY") && told[0].sql.contains("HAVING"), "{}", told[0]);
    assert!(db.orders().distinct(order::note()).explain()[0].sql.contains("GROUP BY"));
    let (inside, outside) = db
        .transaction(async |tx| {
            let ann = tx.customers().create(relata_conformance::shop::NewCustomer::new("Ann", "a@x")).await?;
            tx.customers().orders(&ann).create(customer::NewOrder::new("o", 7)).await?;
            let inside = tx.orders().aggregate().select(order::quantity().sum()).await?;
            Ok::<_, relata::Error>((inside, ann.id))
        })
        .await
        .unwrap();
    assert_eq!((inside, db.orders().distinct(order::customer_id()).await.unwrap()), (Some(7), vec![outside]));
}

/// Many rows, in groups: the same is computed here.
#[apply(on_every_database)]
async fn what_is_computed_is_what_the_rows_are(at: &Database) {
    let db: Types = at.open().await.unwrap();
    let mut state = 7_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut rows = Vec::new();
    for _ in 0..300 {
        let mut number = |below: u64| (random(5) > 0).then(|| i64::try_from(random(below)).unwrap() - 20);
        rows.push(NewSample {
            integer: number(50),
            int32: number(24).map(|n| i32::try_from(n).unwrap() / 10),
            money: number(5000).map(|n| Decimal::new(n, 2)),
            boolean: number(50).map(|n| n > 0),
            ..NewSample::default()
        });
    }
    db.samples().create_many(rows.clone()).await.unwrap();
    let mut groups: BTreeMap<_, Vec<&NewSample>> = BTreeMap::new();
    for row in &rows {
        groups.entry((row.int32, row.boolean)).or_default().push(row);
    }
    let keys = || relata::OrderBy::from((sample::int32(), sample::boolean()));
    let found = db
        .samples()
        .aggregate()
        .group_by((sample::int32(), sample::boolean()))
        .order_by(keys())
        .select((
            count(),
            sample::integer().count(),
            sample::integer().count_distinct(),
            sample::integer().sum(),
            sample::integer().avg(),
            sample::money().sum(),
            sample::money().min(),
            sample::integer().max(),
        ))
        .await
        .unwrap();
    assert_eq!(found.len(), groups.len());
    for ((key, rows), (found_key, found)) in groups.iter().zip(&found) {
        assert_eq!(key, found_key);
        let integers: Vec<_> = rows.iter().filter_map(|row| row.integer).collect();
        let money: Vec<_> = rows.iter().filter_map(|row| row.money).collect();
        let sum = (!integers.is_empty()).then(|| integers.iter().sum::<i64>());
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let average = sum.map(|sum| sum as f64 / integers.len() as f64);
        let expected = (
            rows.len() as u64,
            integers.len() as u64,
            integers.iter().collect::<BTreeSet<_>>().len() as u64,
            sum,
            average,
            (!money.is_empty()).then(|| money.iter().sum::<Decimal>()),
            money.iter().min().copied(),
            integers.iter().max().copied(),
        );
        assert_eq!(*found, expected, "{key:?}");
    }
    let pages: Vec<_> = (0..found.len() as u64).step_by(3).collect();
    let mut paged = Vec::new();
    for offset in pages {
        let groups = db.samples().aggregate().group_by((sample::int32(), sample::boolean())).order_by(sample::int32());
        paged.extend(groups.limit(3).offset(offset).select(count()).await.unwrap());
    }
    assert_eq!(paged, found.iter().map(|(key, values)| (*key, values.0)).collect::<Vec<_>>());
}
