//! What a view saves: three of an order's columns beside all of them, over W10's 10,000 rows.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::hint::black_box;

use crate::generated::shop::Db;
use crate::measure::{Pace, Slice, Taken};
use crate::workload::Failure;

/// What is read of each order.
#[derive(Clone, Copy, Debug)]
enum Read {
    Whole,
    View,
}

async fn once(db: &Db, read: Read) -> Result<usize, Failure> {
    Ok(match read {
        Read::Whole => black_box(db.orders().find().await?).len(),
        Read::View => black_box(db.order_sums().find().await?).len(),
    })
}

async fn slice(db: &Db, read: Read, pace: Pace, round: u64) -> Result<Taken, Failure> {
    let mut slice = Slice::new(pace, round)?;
    while slice.next().is_some() {
        once(db, read).await?;
    }
    slice.end()
}

/// Both in turns; times are of the best round.
pub(crate) async fn table(db: &Db, pace: Pace) -> Result<(), Failure> {
    let rows = agree(db).await?;
    let (mut whole, mut view) = (Taken::NOTHING, Taken::NOTHING);
    for round in 0..pace.rounds {
        whole = whole.or(slice(db, Read::Whole, pace, round).await?);
        view = view.or(slice(db, Read::View, pace, round).await?);
    }
    println!("| rows | whole p50 µs | CPU µs | view p50 µs | CPU µs | p50 ratio | CPU ratio |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let micros = |taken: Taken| (taken.p50.as_secs_f64() * 1e6, taken.cpu.as_secs_f64() * 1e6);
    let ((whole, whole_cpu), (view, view_cpu)) = (micros(whole), micros(view));
    println!(
        "| {rows} | {whole:.0} | {whole_cpu:.0} | {view:.0} | {view_cpu:.0} | {:.2} | {:.2} |",
        view / whole,
        view_cpu / whole_cpu
    );
    Ok(())
}

/// How many rows both give: the same ones.
pub(crate) async fn agree(db: &Db) -> Result<usize, Failure> {
    let (whole, view) = (db.orders().find().await?, db.order_sums().find().await?);
    let same = whole.iter().zip(&view).all(|(order, sum)| {
        (order.id, order.quantity, order.total.to_bits()) == (sum.id, sum.quantity, sum.total.to_bits())
    });
    if !same || whole.len() != view.len() {
        return Err("the view shows other orders".into());
    }
    Ok(view.len())
}
