//! What a filter from outside costs beside the same find written in Rust: SQLite in memory and few rows, so that what
//! is the same for every database and every row shows.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::hint::black_box;
use std::time::Duration;

use relata::{SqliteExecution, Statement};

use crate::data::pick;
use crate::generated::shop::{Db, NewCustomer, NewOrder, NewOrderItem, NewProduct, order, order_item};
use crate::measure::{Pace, Slice, Taken};
use crate::workload::Failure;

/// Customers; each has ten orders with three items.
const CUSTOMERS: i64 = 20;

const PACE: Pace = Pace { rounds: 12, slice: Duration::from_millis(80), at_least: 100 };

/// Who says what is wanted.
#[derive(Clone, Copy, Debug)]
enum By {
    Rust,
    Json,
    Url,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    /// One condition.
    One,
    /// Five conditions and an order.
    Five,
    /// The same, with the customer and with two items of each order.
    Included,
}

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Self::One => "one condition",
            Self::Five => "five conditions, order, limit",
            Self::Included => "the same, with two inclusions",
        }
    }

    fn json(self, id: i64) -> String {
        match self {
            Self::One => format!(r#"{{"where":{{"id":{id}}}}}"#),
            Self::Five => format!("{{{}}}", five_json(id)),
            Self::Included => format!(
                r#"{{{},"include":["customer",{{"relation":"items","scope":{{"order":"id","limit":2}}}}]}}"#,
                five_json(id)
            ),
        }
    }

    fn url(self, id: i64) -> String {
        match self {
            Self::One => format!("filter[where][id]={id}"),
            Self::Five => five_url(id),
            Self::Included => format!(
                "{}&filter[include][0]=customer&filter[include][1][relation]=items\
                 &filter[include][1][scope][order]=id&filter[include][1][scope][limit]=2",
                five_url(id)
            ),
        }
    }
}

fn five_json(id: i64) -> String {
    format!(
        r#""where":{{"customerId":{id},"quantity":{{"gte":2,"lt":9}},"total":{{"gt":1.5}},"description":{{"like":"order%"}}}},"order":["total DESC","id"],"limit":3"#
    )
}

fn five_url(id: i64) -> String {
    format!(
        "filter[where][customerId]={id}&filter[where][quantity][gte]=2&filter[where][quantity][lt]=9\
         &filter[where][total][gt]=1.5&filter[where][description][like]=order%25\
         &filter[order][]=total%20DESC&filter[order][]=id&filter[limit]=3"
    )
}

/// The find of that customer or order, in Rust.
macro_rules! in_rust {
    ($db:expr, $wanted:expr, $id:expr, $end:ident) => {{
        let five = || {
            let quantity = order::quantity().ge(2).and(order::quantity().lt(9));
            let condition = order::customer_id().eq($id).and(quantity);
            let condition = condition.and(order::total().gt(1.5)).and(order::description().like("order%"));
            $db.orders().find().filter(condition).order_by((order::total().desc(), order::id())).limit(3)
        };
        match $wanted {
            Wanted::One => $end!($db.orders().find().filter(order::id().eq($id)).limit(100)),
            Wanted::Five => $end!(five()),
            Wanted::Included => {
                $end!(five().include(order::customer()).include(order::items().order_by(order_item::id()).limit(2)))
            }
        }
    }};
}

macro_rules! rows {
    ($find:expr) => {
        black_box($find.await?).len()
    };
}

macro_rules! statements {
    ($find:expr) => {
        $find.explain()
    };
}

/// Asks once, and says how many rows came.
async fn once(db: &Db, wanted: Wanted, by: By, counter: u64) -> Result<usize, Failure> {
    let id = pick(counter, CUSTOMERS);
    Ok(match by {
        By::Rust => in_rust!(db, wanted, id, rows),
        // What a web server does with the text of a request.
        By::Json => {
            let filter: order::Filter = serde_json::from_str(&wanted.json(id))?;
            black_box(db.orders().find_with(filter).await?).len()
        }
        By::Url => black_box(db.orders().find_with(order::Filter::from_query(&wanted.url(id))?).await?).len(),
    })
}

/// Nobody wins by asking for something else.
async fn agree(db: &Db, wanted: Wanted) -> Result<usize, Failure> {
    let expected: Vec<Statement> = in_rust!(db, wanted, 7, statements);
    let mut rows = Vec::new();
    for filter in [serde_json::from_str(&wanted.json(7))?, order::Filter::from_query(&wanted.url(7))?] {
        let found = db.orders().find_with(filter).explain()?;
        if found != expected {
            return Err(format!("{wanted:?}: {found:?} is not {expected:?}").into());
        }
    }
    for by in [By::Rust, By::Json, By::Url] {
        rows.push(once(db, wanted, by, 1).await?);
    }
    if rows.iter().any(|&found| found != rows[0] || found == 0) {
        return Err(format!("{wanted:?}: {rows:?} rows").into());
    }
    Ok(rows[0])
}

async fn slice(db: &Db, wanted: Wanted, by: By, round: u64) -> Result<Taken, Failure> {
    let mut slice = Slice::new(PACE, round)?;
    while let Some(counter) = slice.next() {
        black_box(once(db, wanted, by, counter).await?);
    }
    slice.end()
}

/// Median times of each way in its best round, and of what a filter costs more: the least and the most of a round, in
/// which the ways took turns.
pub(crate) fn table() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = seeded().await?;
        println!("| filter | rows | in Rust µs | JSON µs | more µs | in a round | URL µs | more µs | in a round |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for wanted in [Wanted::One, Wanted::Five, Wanted::Included] {
            let rows = agree(&db, wanted).await?;
            let (mut best, mut more) = ([f64::MAX; 3], [(f64::MAX, f64::MIN); 2]);
            for round in 0..PACE.rounds {
                let mut now = [0.0; 3];
                for (by, now) in [By::Rust, By::Json, By::Url].into_iter().zip(&mut now) {
                    *now = slice(&db, wanted, by, round).await?.p50.as_secs_f64() * 1e6;
                }
                for (best, now) in best.iter_mut().zip(now) {
                    *best = best.min(now);
                }
                for ((least, most), took) in more.iter_mut().zip(&now[1..]) {
                    (*least, *most) = (least.min(took - now[0]), most.max(took - now[0]));
                }
            }
            let [rust, json, url] = best;
            let told = |took: f64, (least, most): (f64, f64)| {
                format!("{took:.1} | {:.1} | {least:.1} to {most:.1}", took - rust)
            };
            println!("| {} | {rows} | {rust:.1} | {} | {} |", wanted.name(), told(json, more[0]), told(url, more[1]));
        }
        Ok(())
    })
}

/// Each once, not timed: the statements and the rows are the same, whoever says what is wanted.
pub(crate) fn check() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = seeded().await?;
        for wanted in [Wanted::One, Wanted::Five, Wanted::Included] {
            println!("filters {wanted:?}: {} rows", agree(&db, wanted).await?);
        }
        Ok(())
    })
}

/// A small shop.
async fn seeded() -> Result<Db, Failure> {
    let builder = Db::builder().url("sqlite::memory:").sqlite_execution(SqliteExecution::InPlace);
    let db: Db = builder.connect().await?;
    db.create_tables().await?;
    db.products().create(NewProduct::new("T-1", "Tea", 4.5)).await?;
    let customers = (1..=CUSTOMERS).map(|n| NewCustomer::new(format!("customer {n}"), format!("{n}@example.org"), n));
    db.customers().create_many(customers).await?;
    let orders = (0..CUSTOMERS * 10).map(|n| {
        NewOrder::new(
            n % CUSTOMERS + 1,
            format!("order {n}"),
            n % 7 + 2,
            f64::from(u8::try_from(n % 90).unwrap_or(0)) + 2.0,
        )
    });
    let orders = db.orders().create_many(orders).await?;
    let items = orders.iter().flat_map(|order| (1..=3).map(|n| NewOrderItem::new(order.id, 1, n, 2.5)));
    db.order_items().create_many(items).await?;
    Ok(db)
}
