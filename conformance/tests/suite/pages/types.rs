//! Pages by values of every type, few and many times equal, with NULL among them.

use macro_rules_attribute::apply;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestCaseError;
use relata::{Find, OrderBy};
use relata_conformance::database::Database;
use relata_conformance::on_every_database;
use relata_conformance::types::{self, Color, NewSample, Odd, Sample, sample};

use super::pages;
use crate::properties::holds;

/// A sample of a few values, so that many are equal, and NULL among them.
fn a_sample() -> impl Strategy<Value = NewSample> {
    let text = prop::sample::select(vec!["", "a", "A", "ä", "b ", "b", "🦀", "%_\\", "'"]).prop_map(str::to_owned);
    let number = prop::sample::select(vec![-1.5_f64, -0.0, 0.0, 0.1, 0.1 + 0.2, 1e300, -1e-300]);
    let color = prop::sample::select(vec![Color::Red, Color::DarkGreen, Color::Loud, Color::ThreeD]);
    let odd = prop::sample::select(vec![Odd::Quote, Odd::Blank, Odd::TrailingBlank, Odd::Wide, Odd::Capital]);
    let day =
        prop::sample::select(vec!["0001-01-01", "2024-02-29", "9999-12-31"]).prop_map(|text| text.parse().unwrap());
    let time = prop::sample::select(vec!["00:00:00", "12:30:00.000001", "23:59:59.999999"]);
    let moment = prop::sample::select(vec!["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000001Z"]);
    let decimal = || prop::sample::select(vec!["-10.50", "0", "2", "10.5"]).prop_map(|text| text.parse().unwrap());
    let bytes = prop::sample::select(vec![vec![], vec![0_u8], vec![0, 1], vec![255]]);
    let uuid = (0_u128..4).prop_map(uuid::Uuid::from_u128);
    let first = (
        prop::option::weighted(0.7, text.clone()),
        prop::option::weighted(0.7, text),
        prop::option::weighted(0.7, -1_i64..3),
        prop::option::weighted(0.7, -1_i32..3),
        prop::option::weighted(0.7, number),
        prop::option::weighted(0.7, decimal()),
        prop::option::weighted(0.7, decimal()),
        prop::option::weighted(0.7, any::<bool>()),
    );
    let second = (
        prop::option::weighted(0.7, day),
        prop::option::weighted(0.7, time.prop_map(|text| text.parse().unwrap())),
        prop::option::weighted(0.7, moment.prop_map(|text| text.parse().unwrap())),
        prop::option::weighted(0.7, uuid),
        prop::option::weighted(0.7, bytes),
        prop::option::weighted(0.7, color),
        prop::option::weighted(0.7, odd),
    );
    (first, second).prop_map(|(first, second)| {
        let (string, text, integer, int32, number, money, wide, boolean) = first;
        let (date, time, datetime, uuid, bytes, color, odd) = second;
        let exact = money;
        NewSample {
            string,
            text,
            integer,
            int32,
            number,
            money,
            exact,
            wide,
            boolean,
            date,
            time,
            datetime,
            uuid,
            bytes,
            color,
            odd,
            ..NewSample::new()
        }
    })
}

/// Every property that has an order.
fn orders() -> Vec<[OrderBy<Sample>; 2]> {
    macro_rules! both {
        ($($name:ident),*) => { vec![$([sample::$name().asc(), sample::$name().desc()]),*] };
    }
    both!(
        id, string, text, integer, int32, number, money, exact, wide, boolean, date, time, datetime, uuid, bytes,
        color, odd
    )
}

#[apply(on_every_database)]
fn forwards_and_back_they_are_the_rows_of_the_find(at: &Database) {
    let by = prop::collection::vec((0..orders().len(), any::<bool>()), 0..4);
    let several = prop::collection::vec((by, 1_usize..6), 6);
    let opened = std::cell::OnceCell::new();
    holds(at, &(prop::collection::vec(a_sample(), 0..14), several), async |(rows, several)| {
        if opened.get().is_none() {
            opened.set(at.open::<types::Repositories>().await.unwrap()).unwrap();
        }
        let db = opened.get().unwrap();
        db.samples().delete_where(sample::all()).await.unwrap();
        db.samples().create_many(rows).await.unwrap();
        for (by, size) in several {
            let all = orders();
            let terms: Vec<_> = by.iter().map(|&(at, descending)| all[at][usize::from(descending)].clone()).collect();
            let find = || terms.iter().cloned().fold(db.samples().find(), Find::order_by);
            pages(size, find).await.map_err(|wrong| TestCaseError::fail(format!("{by:?} by {size}: {wrong}")))?;
        }
        Ok(())
    });
}

#[apply(on_every_database)]
async fn by_every_type(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rows = (0..12).map(|_| a_sample().new_tree(&mut runner).unwrap().current()).collect::<Vec<_>>();
    db.samples().create_many(rows).await.unwrap();
    for by in orders().into_iter().flatten() {
        pages(3, || db.samples().find().order_by(by.clone())).await.unwrap();
        pages(5, || db.samples().find().order_by((sample::boolean().desc(), by.clone()))).await.unwrap();
    }
}

/// Texts that differ far behind their beginning: no row is left out or given twice.
#[apply(on_every_database)]
async fn by_long_texts(at: &Database) {
    let db: types::Db = at.open().await.unwrap();
    let text = |end: &str| Some(format!("{}{end}", "ä".repeat(3_000)));
    let bytes = |end: u8| Some([vec![1; 3_000], vec![end]].concat());
    let new = ["d", "b", "a", "c", "b", "e"].map(|end| NewSample {
        text: text(end),
        bytes: bytes(end.as_bytes()[0]),
        ..NewSample::new()
    });
    db.samples().create_many(new).await.unwrap();
    for by in [sample::text().asc(), sample::text().desc(), sample::bytes().asc(), sample::bytes().desc()] {
        pages(1, || db.samples().find().order_by(by.clone())).await.unwrap();
        pages(2, || db.samples().find().order_by((by.clone(), sample::id().desc()))).await.unwrap();
    }
}
