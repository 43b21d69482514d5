//! Properties that are computed in the statement from what is stored.

use chrono::{TimeDelta, Utc};
use macro_rules_attribute::apply;
use relata::types::Decimal;
use relata::{Change, IntoChange};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::writes::{
    Db, Gauge, GaugePatch, LoanPatch, NewArea, NewGauge, NewMember, NewSpot, area, gauge, loan, member,
};

use crate::support::{code, failures};

async fn db(at: &Database) -> Db {
    at.open().await.unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// One gauge, of which something is changed.
async fn gauge(db: &Db, new: NewGauge) -> Gauge {
    db.gauges().create(new).await.unwrap()
}

#[apply(on_every_database)]
async fn numbers_are_added_to_and_subtracted_from(at: &Database) {
    let db = db(at).await;
    let made = gauge(
        &db,
        NewGauge {
            whole: Some(1 << 53),
            small: Some(-7),
            real: Some(0.1),
            price: Some(decimal("1.05")),
            wide: Some(decimal("-123456789012345678.0000000001")),
            ..NewGauge::new(1)
        },
    )
    .await;
    let change = (
        gauge::whole().add(1),
        gauge::small().sub(3),
        gauge::real().add(0.2),
        gauge::price().sub(decimal("2.1")),
        gauge::wide().add(decimal("0.0000000002")),
    );
    let changed = db.gauges().patch_by_id(1, change).await.unwrap();
    let expected = Gauge {
        whole: Some((1 << 53) + 1),
        small: Some(-10),
        real: Some(0.1 + 0.2),
        price: Some(decimal("-1.05")),
        wide: Some(decimal("-123456789012345677.9999999999")),
        version: 2,
        updated_at: changed.updated_at,
        ..made.clone()
    };
    assert_eq!(changed, expected);
    assert!(changed.updated_at >= made.updated_at);
    assert_eq!(db.gauges().get(1).await.unwrap(), changed);
    // A value of a literal type, and one by reference.
    let back = (gauge::whole().sub(&1), gauge::level().add(5));
    let back = db.gauges().patch_by_id(1, back).await.unwrap();
    assert_eq!((back.whole, back.level), (Some(1 << 53), 5));
}

#[apply(on_every_database)]
async fn a_patch_and_what_is_computed_are_one_change(at: &Database) {
    let db = db(at).await;
    let made = gauge(&db, NewGauge { whole: Some(1), text: Some("old".into()), ..NewGauge::new(1) }).await;
    let patch = GaugePatch { small: Some(Some(5)), version: Some(1), ..Default::default() };
    let before = Utc::now() - TimeDelta::seconds(1);
    let change = (patch, gauge::whole().add(1), gauge::text().set("new"), (gauge::seen().now(), gauge::day().now()));
    let changed = db.gauges().patch_by_id(made.id, change).await.unwrap();
    assert_eq!((changed.whole, changed.small, changed.text.as_deref()), (Some(2), Some(5), Some("new")));
    let seen = changed.seen.unwrap();
    assert!(seen > before && seen < Utc::now() + TimeDelta::seconds(1), "{seen}");
    assert_eq!(changed.day, Some(seen.date_naive()));
    assert_eq!(changed.version, 2);

    let stale = GaugePatch { version: Some(1), ..Default::default() };
    assert_eq!(code(db.gauges().patch_by_id(1, (stale, gauge::whole().add(1))).await), "stale");
    assert_eq!(code(db.gauges().patch_by_id(9, gauge::whole().add(1)).await), "not_found");
    let both: Change<Gauge> = gauge::text().set_null().and(gauge::seen().set_null()).and(GaugePatch::default());
    let unset = db.gauges().patch_by_id(1, both.clone()).await.unwrap();
    assert_eq!((unset.text, unset.seen, unset.whole), (None, None, Some(2)));
    assert_eq!(format!("{both:?}"), "Change");
    assert_eq!(db.gauges().patch_where(gauge::all(), GaugePatch::default().into_change()).await.unwrap(), 0);
}

#[apply(on_every_database)]
async fn every_row_that_matches_is_computed_by_itself(at: &Database) {
    let db = db(at).await;
    db.gauges().create_many((1..=5).map(|n| NewGauge { whole: Some(n * 10), ..NewGauge::new(n) })).await.unwrap();
    db.gauges().create(NewGauge::new(6)).await.unwrap();
    let changed = db.gauges().patch_where(gauge::whole().gt(20), gauge::whole().add(1)).await.unwrap();
    assert_eq!(changed, 3);
    let rows = db.gauges().find().order_by(gauge::id()).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.whole, row.version)).collect();
    let ten = |n: i64, version| (Some(n), version);
    assert_eq!(found, [ten(10, 1), ten(20, 1), ten(31, 2), ten(41, 2), ten(51, 2), (None, 1)]);
    // NULL stays NULL, and is within all limits.
    let change = || {
        (gauge::whole().add(1), gauge::tiny().sub(1), gauge::ratio().add(9.0), gauge::fee().add(decimal("999")))
            .into_change()
            .and((gauge::vast().add(decimal("9")), gauge::wide().sub(decimal("1")), gauge::small().add(1)))
    };
    let null = db.gauges().patch_by_id(6, change()).await.unwrap();
    let all = (null.whole, null.tiny, null.ratio, null.fee, null.vast, null.wide, null.small);
    assert_eq!(all, (None, None, None, None, None, None, None));
}

/// Refused, alone and among others, and nothing is changed.
async fn refused(db: &Db, change: Change<Gauge>, rule: &str) {
    let before = db.gauges().find().order_by(gauge::id()).await.unwrap();
    assert_eq!(failures(db.gauges().patch_by_id(1, change.clone()).await), [rule]);
    assert_eq!(failures(db.gauges().patch_where(gauge::all(), change.clone()).await), [rule]);
    let inside = db.transaction(async move |tx| {
        assert_eq!(failures(tx.gauges().patch_where(gauge::all(), change.clone()).await), [rule]);
        assert_eq!(failures(tx.gauges().patch_by_id(1, change).await), [rule]);
        // The transaction can go on.
        tx.gauges().patch_by_id(2, gauge::text().set("kept")).await
    });
    assert_eq!(inside.await.unwrap().text.as_deref(), Some("kept"));
    db.gauges().patch_by_id(2, gauge::text().set_null()).await.unwrap();
    let after = db.gauges().find().order_by(gauge::id()).await.unwrap();
    assert_eq!(after[0], before[0], "{rule}");
    assert_eq!((after[1].whole, after[1].level), (before[1].whole, before[1].level), "{rule}");
}

#[apply(on_every_database)]
async fn what_leaves_the_range_of_its_type_is_refused(at: &Database) {
    let db = db(at).await;
    let new = NewGauge {
        whole: Some(i64::MAX),
        small: Some(i32::MAX),
        real: Some(f64::MAX),
        price: Some(decimal("9999.99")),
        wide: Some(decimal("999999999999999999.9999999999")),
        ..NewGauge::new(1)
    };
    gauge(&db, new).await;
    gauge(&db, NewGauge { whole: Some(0), ..NewGauge::new(2) }).await;
    let digits = |name: &str, precision: u8, scale: u8| {
        format!("{name} has more than {precision} digits, or more than {scale} after the point")
    };
    refused(&db, gauge::whole().add(1), "whole is out of the range of 64 bits").await;
    refused(&db, gauge::whole().add(i64::MAX), "whole is out of the range of 64 bits").await;
    refused(&db, gauge::small().add(1), "small is out of the range of 32 bits").await;
    refused(&db, gauge::real().add(f64::MAX), "real is not a finite number").await;
    refused(&db, gauge::price().add(decimal("0.01")), &digits("price", 6, 2)).await;
    refused(&db, gauge::wide().add(decimal("0.0000000001")), &digits("wide", 28, 10)).await;

    // Up to the ends and no further.
    let to_the_other_end = (
        gauge::whole().set(i64::MIN + 1),
        gauge::small().set(i32::MIN + 1),
        gauge::real().set(-f64::MAX),
        gauge::price().set(decimal("-9999.98")),
        gauge::wide().set(decimal("-999999999999999999.9999999998")),
    );
    db.gauges().patch_by_id(1, to_the_other_end).await.unwrap();
    let last = (
        gauge::whole().sub(1),
        gauge::small().sub(1),
        gauge::real().sub(0.0),
        gauge::price().sub(decimal("0.01")),
        gauge::wide().sub(decimal("0.0000000001")),
    );
    let ends = db.gauges().patch_by_id(1, last).await.unwrap();
    assert_eq!((ends.whole, ends.small, ends.real), (Some(i64::MIN), Some(i32::MIN), Some(f64::MIN)));
    assert_eq!(ends.price, Some(decimal("-9999.99")));
    assert_eq!(ends.wide, Some(decimal("-999999999999999999.9999999999")));
    refused(&db, gauge::whole().sub(1), "whole is out of the range of 64 bits").await;
    refused(&db, gauge::small().sub(1), "small is out of the range of 32 bits").await;
    refused(&db, gauge::real().sub(f64::MAX), "real is not a finite number").await;
    refused(&db, gauge::price().sub(decimal("0.01")), &digits("price", 6, 2)).await;
    refused(&db, gauge::wide().sub(decimal("0.0000000001")), &digits("wide", 28, 10)).await;
    // All that is wrong is told at once.
    let both = (gauge::whole().sub(1), gauge::small().sub(1), gauge::level().add(1));
    assert_eq!(
        failures(db.gauges().patch_by_id(1, both).await),
        ["whole is out of the range of 64 bits", "small is out of the range of 32 bits"]
    );
}

#[apply(on_every_database)]
async fn what_leaves_the_limits_of_the_schema_is_refused(at: &Database) {
    let db = db(at).await;
    let new = NewGauge {
        level: Some(4),
        tiny: Some(1),
        ratio: Some(1.0),
        fee: Some(decimal("99.50")),
        vast: Some(decimal("1.49")),
        ..NewGauge::new(1)
    };
    gauge(&db, new).await;
    gauge(&db, NewGauge::new(2)).await;
    refused(&db, gauge::level().add(2), "level is greater than 5").await;
    refused(&db, gauge::level().add(i64::MAX), "level is out of the range of 64 bits").await;
    refused(&db, gauge::level().sub(10), "level is less than -5").await;
    refused(&db, gauge::tiny().sub(2), "tiny is less than 0").await;
    refused(&db, gauge::tiny().add(i32::MAX), "tiny is out of the range of 32 bits").await;
    refused(&db, gauge::ratio().add(0.75), "ratio is greater than 1.5").await;
    refused(&db, gauge::ratio().sub(0.75), "ratio is less than 0.5").await;
    refused(&db, gauge::fee().add(decimal("0.51")), "fee is greater than 100").await;
    refused(&db, gauge::vast().add(decimal("0.02")), "vast is greater than 1.5").await;
    refused(&db, gauge::vast().sub(decimal("3")), "vast is less than -1.5").await;

    let fits = (
        gauge::level().add(1),
        gauge::tiny().sub(1),
        gauge::ratio().add(0.5),
        gauge::fee().add(decimal("0.50")),
        gauge::vast().add(decimal("0.01")),
    );
    let ends = db.gauges().patch_by_id(1, fits).await.unwrap();
    assert_eq!((ends.level, ends.tiny, ends.ratio), (5, Some(0), Some(1.5)));
    assert_eq!((ends.fee, ends.vast), (Some(decimal("100")), Some(decimal("1.5"))));
    // One row of two leaves them: neither is changed.
    assert_eq!(
        failures(db.gauges().patch_where(gauge::all(), gauge::level().add(1)).await),
        ["level is greater than 5"]
    );
    assert_eq!(db.gauges().get(2).await.unwrap().level, 0);
    assert_eq!(db.gauges().patch_where(gauge::id().eq(2), gauge::level().add(1)).await.unwrap(), 1);
}

#[apply(on_every_database)]
async fn what_cannot_be_computed_is_refused_before_any_statement(at: &Database) {
    let db = db(at).await;
    gauge(&db, NewGauge::new(1)).await;
    let twice = GaugePatch { whole: Some(Some(1)), ..Default::default() };
    let all = (twice, gauge::whole().add(1), gauge::text().set("a"), gauge::text().set("b"), gauge::small().add(1));
    assert_eq!(failures(db.gauges().patch_by_id(1, all).await), ["whole is changed twice", "text is changed twice"]);
    let added = (gauge::real().add(f64::NAN), gauge::price().add(decimal("0.001")), gauge::level().set(6));
    assert_eq!(
        failures(db.gauges().patch_by_id(1, added).await),
        [
            "real is not a finite number",
            "price has more than 6 digits, or more than 2 after the point",
            "level is greater than 5"
        ]
    );
    // The key of a relation, and one that others follow.
    let ann = db.members().create(NewMember::new("a@x", "Ann")).await.unwrap();
    db.members().loans(&ann).create(member::NewLoan::new(3, "a")).await.unwrap();
    let moved = db.members().loans(&ann).patch(loan::all(), loan::member_id().add(1)).await;
    assert_eq!(failures(moved), ["memberId is fixed by the relation loans"]);
    db.areas().create(NewArea { rank: Some(1), ..NewArea::new(1, "a") }).await.unwrap();
    db.spots().create(NewSpot { area_rank: Some(1) }).await.unwrap();
    assert_eq!(
        failures(db.areas().patch_by_id(1, area::rank().add(1)).await),
        ["rank is followed by keys of other rows, and is given a value"]
    );
    assert_eq!(db.areas().patch_by_id(1, area::rank().set(2)).await.unwrap().rank, Some(2));
    assert_eq!(db.spots().find().await.unwrap()[0].area_rank, Some(2));
    assert_eq!(code(db.loans().patch_where(loan::all(), loan::member_id().add(1)).await), "foreign_key");
}

#[apply(on_every_database)]
async fn rows_of_a_relation_are_computed_too(at: &Database) {
    let db = db(at).await;
    let ann = db.members().create(NewMember::new("a@x", "Ann")).await.unwrap();
    let bob = db.members().create(NewMember::new("b@x", "Bob")).await.unwrap();
    for (owner, days) in [(&ann, 3), (&ann, 30), (&bob, 5)] {
        db.members().loans(owner).create(member::NewLoan::new(days, "a")).await.unwrap();
    }
    let loans = db.members().loans(&ann);
    assert_eq!(loans.patch(loan::days().lt(30), loan::days().add(1)).await.unwrap(), 1);
    let patch = LoanPatch { label: Some("b".into()), ..Default::default() };
    assert_eq!(failures(loans.patch(loan::all(), (patch, loan::days().add(1))).await), ["days is greater than 30"]);
    let days = db.loans().find().order_by(loan::id()).await.unwrap();
    assert_eq!(days.iter().map(|row| row.days).collect::<Vec<_>>(), [4, 30, 5]);
}

#[apply(on_every_database)]
async fn calls_at_once_lose_nothing_of_each_other(at: &Database) {
    let db = db(at).await;
    gauge(&db, NewGauge { whole: Some(0), ..NewGauge::new(1) }).await;
    let calls = (0..40).map(|n| {
        let db = db.clone();
        tokio::spawn(async move { db.gauges().patch_by_id(1, gauge::whole().add(n)).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let row = db.gauges().get(1).await.unwrap();
    assert_eq!((row.whole, row.version), (Some(780), 41));
}
