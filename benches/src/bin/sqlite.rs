//! The shop workload on SQLite: Relata beside hand-written rusqlite, in one process, workload by workload.
//!
//! `cargo run --release -p relata-bench --bin sqlite` prints a table of ratios. With
//! `sqlite count W1 relata 10000` one side runs a fixed number of operations, for an instruction counter.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use relata_bench::{CUSTOMERS, Customer, Item, ORDERS, Order, mix, open, seed};
use rusqlite::{Connection, params, params_from_iter};

#[path = "../generated.rs"]
mod generated;
use generated::shop::{self, Db, customer, order};

type Failure = Box<dyn Error + Send + Sync>;

const WORKLOADS: [(&str, &str); 9] = [
    ("W1", "customer by primary key"),
    ("W2", "order id to its customer"),
    ("W3", "the 10 orders of a customer"),
    ("W4", "1,000 orders with their customers"),
    ("W5", "100 customers, their orders, their items"),
    ("W6", "orders by quantity and 20 customers, newest 50"),
    ("W7", "one order through the relation"),
    ("W8", "1,000 orders in one call"),
    ("W10", "10,000 orders scanned"),
];

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    seed(&path)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => runtime.block_on(table(&path)),
        ["count", workload, side, n] => runtime.block_on(count(&path, workload, side, n.parse()?)),
        ["tasks"] => runtime.block_on(tasks(&path)),
        _ => Err("usage: sqlite [count WORKLOAD raw|relata N | tasks]".into()),
    }
}

async fn connect(path: &Path, execution: relata::SqliteExecution) -> Result<Db, Failure> {
    let url = format!("sqlite://{}", path.display());
    Ok(Db::builder().datasource("db", url).sqlite_execution(execution).max_connections(17).connect().await?)
}

/// Every workload on every side, in turns, so that a busy machine slows all alike; the best round counts.
async fn table(path: &Path) -> Result<(), Failure> {
    let raw = open(path)?;
    let in_place = connect(path, relata::SqliteExecution::InPlace).await?;
    let default = connect(path, relata::SqliteExecution::default()).await?;
    println!("| W | what | rows | rusqlite µs | Relata in place µs | ratio | Relata default, in a task µs | ratio |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (workload, what) in WORKLOADS {
        let rows = hand_written(&raw, workload, 1)?;
        let same = relata_side(&in_place, workload, 1).await?;
        if rows != same {
            return Err(format!("{workload}: hand-written code reads {rows} rows, Relata {same}").into());
        }
        clean(&raw, workload)?;
        let mut best = [Duration::MAX; 3];
        for round in 0..5_u64 {
            let mut clock = Clock::new(round);
            while clock.runs() {
                let n = clock.next();
                clock.measure(|| hand_written(&raw, workload, n))?;
            }
            best[0] = best[0].min(clock.median());
            clean(&raw, workload)?;
            let mut clock = Clock::new(round);
            while clock.runs() {
                let start = Instant::now();
                std::hint::black_box(relata_side(&in_place, workload, clock.next()).await?);
                clock.note(start.elapsed());
            }
            best[1] = best[1].min(clock.median());
            clean(&raw, workload)?;
            let (db, seeded) = (default.clone(), Clock::new(round));
            let median = tokio::spawn(async move {
                let mut clock = seeded;
                while clock.runs() {
                    let start = Instant::now();
                    std::hint::black_box(relata_side(&db, workload, clock.next()).await?);
                    clock.note(start.elapsed());
                }
                Ok::<_, Failure>(clock.median())
            })
            .await??;
            best[2] = best[2].min(median);
            clean(&raw, workload)?;
        }
        let [hand, place, task] = best.map(|median| median.as_secs_f64() * 1e6);
        println!(
            "| {workload} | {what} | {rows} | {hand:.2} | {place:.2} | {:.2} | {task:.2} | {:.2} |",
            place / hand,
            task / hand
        );
    }
    Ok(())
}

/// Times single operations for a slice of time.
struct Clock {
    until: Instant,
    counter: u64,
    times: Vec<Duration>,
}

impl Clock {
    fn new(round: u64) -> Self {
        Self { until: Instant::now() + Duration::from_millis(250), counter: round * 1_000_003, times: Vec::new() }
    }

    fn runs(&self) -> bool {
        self.times.len() < 3 || Instant::now() < self.until
    }

    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn note(&mut self, time: Duration) {
        self.times.push(time);
    }

    fn measure(&mut self, work: impl FnOnce() -> Result<usize, Failure>) -> Result<(), Failure> {
        let start = Instant::now();
        std::hint::black_box(work()?);
        self.note(start.elapsed());
        Ok(())
    }

    fn median(mut self) -> Duration {
        self.times.sort_unstable();
        self.times[self.times.len() / 2]
    }
}

async fn count(path: &Path, workload: &str, side: &str, n: u64) -> Result<(), Failure> {
    let raw = open(path)?;
    let db = connect(path, relata::SqliteExecution::InPlace).await?;
    let mut rows = 0;
    for counter in 0..n {
        rows += match side {
            "raw" => hand_written(&raw, workload, counter)?,
            _ => relata_side(&db, workload, counter).await?,
        };
    }
    println!("{rows} rows");
    Ok(())
}

/// W1 from 16 tasks at once, by each way of executing SQLite.
async fn tasks(path: &Path) -> Result<(), Failure> {
    use relata::SqliteExecution::{Auto, BlockInPlace, InPlace, Threads};

    println!("| execution | tasks | W1 ops/s | W4 ops/s |");
    println!("| --- | ---: | ---: | ---: |");
    for execution in [Auto, InPlace, BlockInPlace, Threads] {
        for tasks in [1_u64, 16] {
            let db = connect(path, execution).await?;
            let mut rates = Vec::new();
            for workload in ["W1", "W4"] {
                let mut best = 0.0_f64;
                for _ in 0..3 {
                    let start = Instant::now();
                    let running: Vec<_> = (0..tasks)
                        .map(|task| {
                            let db = db.clone();
                            tokio::spawn(async move {
                                let (mut done, mut counter) = (0_u32, task * 7_919);
                                while start.elapsed() < Duration::from_millis(400) {
                                    counter += 1;
                                    relata_side(&db, workload, counter).await?;
                                    done += 1;
                                }
                                Ok::<_, Failure>(done)
                            })
                        })
                        .collect();
                    let mut done = 0;
                    for task in running {
                        done += task.await??;
                    }
                    best = best.max(f64::from(done) / start.elapsed().as_secs_f64());
                }
                rates.push(best);
            }
            println!("| {execution:?} | {tasks} | {:.0} | {:.0} |", rates[0], rates[1]);
        }
    }
    Ok(())
}

/// Takes away what writing workloads left.
fn clean(raw: &Connection, workload: &str) -> Result<(), Failure> {
    if matches!(workload, "W7" | "W8") {
        raw.execute("DELETE FROM orders WHERE id > ?", [ORDERS])?;
        raw.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(())
}

fn pick(counter: u64, limit: i64) -> i64 {
    (mix(counter) % limit.unsigned_abs()).cast_signed() + 1
}

async fn relata_side(db: &Db, workload: &str, counter: u64) -> Result<usize, Failure> {
    let rows = match workload {
        "W1" => usize::from(db.customers().get(pick(counter, CUSTOMERS)).await?.id > 0),
        "W2" => usize::from(db.orders().customer(pick(counter, ORDERS)).await?.id > 0),
        "W3" => db.customers().orders(pick(counter, CUSTOMERS)).find().await?.len(),
        "W4" => {
            let from = pick(counter, ORDERS - 1_000);
            db.orders()
                .find()
                .filter(order::id().ge(from).and(order::id().lt(from + 1_000)))
                .include(order::customer())
                .await?
                .len()
        }
        "W5" => {
            let from = pick(counter, CUSTOMERS - 100);
            let customers = db
                .customers()
                .find()
                .filter(customer::id().ge(from).and(customer::id().lt(from + 100)))
                .include(customer::orders().include(order::items()))
                .await?;
            let orders = customers.iter().flat_map(|customer| &customer.orders);
            customers.len() + orders.map(|order| 1 + order.items.len()).sum::<usize>()
        }
        "W6" => {
            let customers = (0..20).map(|n| pick(counter * 20 + n, CUSTOMERS));
            db.orders()
                .find()
                .filter(order::quantity().gt(pick(counter, 50)).and(order::customer_id().is_in(customers)))
                .order_by(order::id().desc())
                .limit(50)
                .await?
                .len()
        }
        "W7" => {
            let new = customer::NewOrder::new("A new order of the shop", 3, 9.5);
            usize::from(db.customers().orders(pick(counter, CUSTOMERS)).create(new).await?.id > 0)
        }
        "W8" => {
            let new = (0..1_000).map(|n| shop::NewOrder::new(n % CUSTOMERS + 1, "A new order of the shop", 3, 9.5));
            db.orders().create_many(new).await?.len()
        }
        "W10" => db.orders().find().limit(10_000).await?.len(),
        other => return Err(format!("no workload {other}").into()),
    };
    Ok(rows)
}

const ORDER: &str = "SELECT id, customer_id, description, quantity, total FROM orders";

fn hand_written(db: &Connection, workload: &str, counter: u64) -> Result<usize, Failure> {
    let rows = match workload {
        "W1" => {
            let mut statement =
                db.prepare_cached("SELECT id, name, email, city, created_at FROM customers WHERE id = ?1")?;
            let customer = statement.query_row([pick(counter, CUSTOMERS)], |row| Customer::read(row, 0))?;
            usize::from(customer.id > 0)
        }
        "W2" => {
            let mut statement = db.prepare_cached(
                "SELECT c.id, c.name, c.email, c.city, c.created_at FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = ?1",
            )?;
            let customer = statement.query_row([pick(counter, ORDERS)], |row| Customer::read(row, 0))?;
            usize::from(customer.id > 0)
        }
        "W3" => {
            let mut statement = db.prepare_cached(&format!("{ORDER} WHERE customer_id = ?1"))?;
            let orders =
                statement.query_map([pick(counter, CUSTOMERS)], Order::read)?.collect::<Result<Vec<_>, _>>()?;
            orders.len()
        }
        "W4" => {
            let from = pick(counter, ORDERS - 1_000);
            let mut statement = db.prepare_cached(
                "SELECT o.id, o.customer_id, o.description, o.quantity, o.total, c.id, c.name, c.email, c.city, c.created_at FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id >= ?1 AND o.id < ?2",
            )?;
            let orders = statement
                .query_map([from, from + 1_000], |row| Ok((Order::read(row)?, Customer::read(row, 5)?)))?
                .collect::<Result<Vec<_>, _>>()?;
            orders.len()
        }
        "W5" => nested(db, pick(counter, CUSTOMERS - 100))?,
        "W6" => {
            let marks = vec!["?"; 20].join(",");
            let mut statement = db.prepare_cached(&format!(
                "{ORDER} WHERE quantity > ? AND customer_id IN ({marks}) ORDER BY id DESC LIMIT 50"
            ))?;
            let customers = (0..20).map(|n| pick(counter * 20 + n, CUSTOMERS));
            let binds = std::iter::once(pick(counter, 50)).chain(customers);
            let orders = statement.query_map(params_from_iter(binds), Order::read)?.collect::<Result<Vec<_>, _>>()?;
            orders.len()
        }
        "W7" => {
            let customer_id = pick(counter, CUSTOMERS);
            let description = "A new order of the shop".to_owned();
            insert(db)?.execute(params![customer_id, description, 3, 9.5])?;
            let order = Order { id: db.last_insert_rowid(), customer_id, description, quantity: 3, total: 9.5 };
            usize::from(order.id > 0)
        }
        "W8" => {
            db.execute_batch("BEGIN IMMEDIATE")?;
            let mut orders = Vec::with_capacity(1_000);
            {
                let mut statement = insert(db)?;
                for n in 0..1_000 {
                    let customer_id = n % CUSTOMERS + 1;
                    let description = "A new order of the shop".to_owned();
                    statement.execute(params![customer_id, description, 3, 9.5])?;
                    orders.push(Order {
                        id: db.last_insert_rowid(),
                        customer_id,
                        description,
                        quantity: 3,
                        total: 9.5,
                    });
                }
            }
            db.execute_batch("COMMIT")?;
            orders.len()
        }
        "W10" => {
            let mut statement = db.prepare_cached(&format!("{ORDER} LIMIT 10000"))?;
            let orders = statement.query_map([], Order::read)?.collect::<Result<Vec<_>, _>>()?;
            orders.len()
        }
        other => return Err(format!("no workload {other}").into()),
    };
    Ok(rows)
}

fn insert(db: &Connection) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
    db.prepare_cached("INSERT INTO orders (customer_id, description, quantity, total) VALUES (?1, ?2, ?3, ?4)")
}

struct Bought {
    order: Order,
    items: Vec<Item>,
}

struct Buyer {
    customer: Customer,
    orders: Vec<Bought>,
}

/// One statement a level over IN lists, inside one read transaction, children moved into their parents.
fn nested(db: &Connection, from: i64) -> Result<usize, Failure> {
    db.execute_batch("BEGIN")?;
    let mut buyers = db
        .prepare_cached("SELECT id, name, email, city, created_at FROM customers WHERE id >= ?1 AND id < ?2")?
        .query_map([from, from + 100], |row| Ok(Buyer { customer: Customer::read(row, 0)?, orders: Vec::new() }))?
        .collect::<Result<Vec<_>, _>>()?;
    let marks = vec!["?"; buyers.len()].join(",");
    let mut orders = db
        .prepare_cached(&format!("{ORDER} WHERE customer_id IN ({marks})"))?
        .query_map(params_from_iter(buyers.iter().map(|buyer| buyer.customer.id)), |row| {
            Ok(Bought { order: Order::read(row)?, items: Vec::new() })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let marks = vec!["?"; orders.len()].join(",");
    let of_order: HashMap<i64, usize> = orders.iter().enumerate().map(|(n, bought)| (bought.order.id, n)).collect();
    let mut statement = db.prepare_cached(&format!(
        "SELECT id, order_id, product_id, qty, price FROM order_items WHERE order_id IN ({marks})"
    ))?;
    let mut rows = statement.query(params_from_iter(orders.iter().map(|bought| bought.order.id)))?;
    while let Some(row) = rows.next()? {
        let item = Item::read(row)?;
        if let Some(&n) = of_order.get(&item.order_id) {
            orders[n].items.push(item);
        }
    }
    drop(rows);
    let of_buyer: HashMap<i64, usize> = buyers.iter().enumerate().map(|(n, buyer)| (buyer.customer.id, n)).collect();
    for bought in orders {
        if let Some(&n) = of_buyer.get(&bought.order.customer_id) {
            buyers[n].orders.push(bought);
        }
    }
    db.execute_batch("COMMIT")?;
    let orders = buyers.iter().flat_map(|buyer| &buyer.orders);
    Ok(buyers.len() + orders.map(|bought| 1 + bought.items.len()).sum::<usize>())
}
