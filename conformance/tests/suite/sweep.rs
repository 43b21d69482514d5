//! Every public operation, dropped after each of its polls: nothing is half written, no transaction stays open, and the
//! pool goes on.
//!
//! `RELATA_SWEEP=20` sweeps twenty times; unless said, not at all: what a dropped call sent may take effect a moment
//! after the server called itself idle, which this test then takes for the next call's.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use macro_rules_attribute::apply;
use relata::{Isolation, Result, SqliteExecution};
use relata_conformance::database::{Database, Intruder, Place, Sql};
use relata_conformance::on_shared_databases;
use relata_conformance::shop::{
    self, CustomerPatch, NewAccount, NewCustomer, NewProduct, OrderPatch, Product, customer, order, order_item, product,
};
use relata_conformance::through::{self, NewArticle, NewLabel, NewPatient, NewPhysician, label, patient, physician};

/// A call, or what goes before one.
type Call = Pin<Box<dyn Future<Output = Result<()>>>>;

/// An operation: what is there before it, and it; both are given a number that none was given before.
struct Operation {
    name: &'static str,
    prepare: fn(Dbs, i64) -> Call,
    run: fn(Dbs, i64) -> Call,
}

/// Two schemas, each in a database of its own.
#[derive(Clone)]
struct Dbs {
    shop: shop::Db,
    links: through::Db,
}

macro_rules! operations {
    ($($name:literal: |$db:ident, $n:ident| $prepare:block => $run:block)*) => {
        &[$(Operation {
            name: $name,
            #[allow(unused_variables, reason = "not every operation needs both")]
            prepare: |$db, $n| Box::pin(async move {
                $prepare;
                Ok(())
            }),
            #[allow(unused_variables, reason = "not every operation needs both")]
            run: |$db, $n| Box::pin(async move {
                $run;
                Ok(())
            }),
        }),*]
    };
}

fn someone(n: i64) -> NewCustomer {
    NewCustomer { score: Some(n), ..NewCustomer::new("swept", format!("{n}@x")) }
}

fn with_score(n: i64) -> relata::Condition<shop::Customer> {
    customer::score().eq(n)
}

async fn id_of(db: &Dbs, n: i64) -> Result<i64> {
    Ok(db.shop.customers().find().filter(with_score(n)).one().await?.id)
}

fn two_orders() -> [customer::NewOrder; 2] {
    [1, 2].map(|quantity| customer::NewOrder::new("swept", quantity))
}

async fn with_orders(db: &Dbs, n: i64) -> Result<()> {
    let orders = two_orders().map(|order| {
        let items = [1, 2].map(|line| shop::order::NewItem::new(line, 1.5));
        (order, order::items().create(items))
    });
    db.shop.customers().create(someone(n)).with(customer::orders().create(orders)).await.map(drop)
}

async fn with_patients(db: &Dbs, n: i64) -> Result<(i64, i64)> {
    let physician = db.links.physicians().create(NewPhysician::new(n.to_string())).await?;
    let patients = db.links.physicians().patients(&physician);
    let two = [1, 2].map(|_| (NewPatient::new(n.to_string()), physician::PatientLink::new(1)));
    let made = patients.create_many_with(two).await?;
    Ok((physician.id, made[0].id))
}

async fn physician_of(db: &Dbs, n: i64) -> Result<(i64, i64)> {
    let physician = db.links.physicians().find().filter(physician::name().eq(n.to_string())).one().await?;
    let patients = db.links.patients().find().filter(patient::name().eq(n.to_string()));
    Ok((physician.id, patients.order_by(patient::id()).first().await?.map_or(0, |patient| patient.id)))
}

const OPERATIONS: &[Operation] = operations! {
    "get": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        db.shop.customers().get(id_of(&db, n).await?).await?
    }
    "find": |db, n| {} => { db.shop.customers().find().limit(50).await? }
    "find and include": |db, n| { with_orders(&db, n).await? } => {
        db.shop.customers().find().filter(with_score(n))
            .include(customer::orders().limit(1).include(order::items())).include(customer::account()).await?
    }
    "accessor": |db, n| { with_orders(&db, n).await? } => {
        let id = id_of(&db, n).await?;
        let orders = db.shop.customers().orders(id).find().await?;
        db.shop.orders().customer(&orders[0]).await?
    }
    "count, exists, sum": |db, n| {} => {
        db.shop.customers().count(with_score(n)).await?;
        db.shop.customers().find().filter(with_score(n)).exists().await?;
        db.shop.orders().aggregate().select(order::quantity().sum()).await?
    }
    "stream": |db, n| {} => { db.shop.customers().find().stream().try_collect::<Vec<_>>().await? }
    "page": |db, n| {} => { db.shop.customers().find().order_by(customer::name()).page(None, 3).await? }
    "filter from outside": |db, n| { with_orders(&db, n).await? } => {
        let filter = customer::Filter::from_query("filter[include][]=orders&filter[limit]=3").unwrap();
        db.shop.customers().find_with(filter).await?
    }
    "raw SQL that reads": |db, n| {} => { db.shop.sql("SELECT name FROM customers").rows::<(String,)>().await? }
    "raw SQL that writes": |db, n| {} => {
        db.shop.sql("INSERT INTO products (sku, name) VALUES (?, ?)").bind(n.to_string()).bind("raw").execute().await?
    }
    "create": |db, n| {} => { db.shop.customers().create(someone(n)).await? }
    "create many": |db, n| {} => {
        let products = (0..40).map(|i| NewProduct::new(format!("{n}.{i}"), "swept"));
        db.shop.products().create_many(products).await?
    }
    "create all": |db, n| {} => {
        let products = (0..2_000).map(move |i| NewProduct::new(format!("{n}.{i}"), "swept"));
        db.shop.products().create_all(products).await?
    }
    "create with relations": |db, n| {} => { with_orders(&db, n).await? }
    "create through a relation": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        db.shop.customers().orders(id_of(&db, n).await?).create_many(two_orders()).await?
    }
    "create a hasOne": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        db.shop.customers().account(id_of(&db, n).await?).create(customer::NewAccount::new()).await?
    }
    "upsert": |db, n| {} => { db.shop.products().upsert(Product { sku: n.to_string(), name: "swept".into() }).await? }
    "upsert by a unique key": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        db.shop.customers().upsert_by_email(NewCustomer { city: Some("Oslo".into()), ..someone(n) }).await?
    }
    "upsert many": |db, n| {} => {
        let product = |i| Product { sku: format!("{n}.{i}"), name: "swept".into() };
        db.shop.products().upsert_many((0..5).map(product)).await?
    }
    "patch": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        let patch = CustomerPatch { city: Some(Some("Oslo".into())), ..Default::default() };
        db.shop.customers().patch_by_id(id_of(&db, n).await?, patch).await?
    }
    "patch that computes": |db, n| { with_orders(&db, n).await? } => {
        db.shop.customers().orders(id_of(&db, n).await?).patch(order::all(), order::quantity().add(5)).await?
    }
    "patch where": |db, n| { with_orders(&db, n).await? } => {
        let patch = OrderPatch { note: Some(Some("swept".into())), quantity: Some(9), ..Default::default() };
        db.shop.orders().patch_where(order::customer().matches(with_score(n)), patch).await?
    }
    "replace": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        let stored = db.shop.customers().get(id_of(&db, n).await?).await?;
        db.shop.customers().replace(shop::Customer { city: Some("Oslo".into()), ..stored }).await?
    }
    "delete": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        db.shop.customers().delete_by_id(id_of(&db, n).await?).await?;
    }
    "delete where": |db, n| { with_orders(&db, n).await? } => {
        let items = order_item::order().matches(order::customer().matches(with_score(n)));
        db.shop.order_items().delete_where(items).await?
    }
    "constrained delete": |db, n| {
        db.shop.customers().create(someone(n)).await?;
        db.shop.customers().orders(id_of(&db, n).await?).create_many(two_orders()).await?
    } => { db.shop.customers().orders(id_of(&db, n).await?).delete(order::all()).await? }
    "transaction": |db, n| {} => {
        db.shop.transaction(async |tx| {
            let customer = tx.customers().create(someone(n)).await?;
            tx.customers().orders(&customer).create_many(two_orders()).await?;
            tx.transaction(async |tx| tx.products().create(NewProduct::new(n.to_string(), "swept")).await).await?;
            tx.customers().account(&customer).create(customer::NewAccount::new()).await
        }).await?
    }
    "transaction, again and in time": |db, n| {} => {
        db.shop.transaction(async |tx| {
            let before = tx.products().count(product::name().eq("swept")).await?;
            tx.products().create(NewProduct::new(n.to_string(), before.to_string())).await?;
            tx.customers().find().limit(2).for_update().await
        }).isolation(Isolation::Serializable).retry(5).deadline(Duration::from_secs(60)).await?
    }
    "in time": |db, n| { db.shop.customers().create(someone(n)).await? } => {
        let db = db.shop.within(Duration::from_secs(60));
        db.customers().find().filter(with_score(n)).include(customer::orders()).await?;
        db.accounts().create(NewAccount::new(id_or_none(&db, n).await?)).await?
    }
    "through: find": |db, n| { with_patients(&db, n).await? } => {
        db.links.physicians().patients(physician_of(&db, n).await?.0).find().include(patient::physicians()).await?
    }
    "through: create with link": |db, n| {
        db.links.physicians().create(NewPhysician::new(n.to_string())).await?
    } => {
        let two = [1, 2].map(|_| (NewPatient::new(n.to_string()), physician::PatientLink::new(1)));
        db.links.physicians().patients(physician_of(&db, n).await?.0).create_many_with(two).await?
    }
    "through: link and unlink": |db, n| { with_patients(&db, n).await? } => {
        let (physician, patient) = physician_of(&db, n).await?;
        db.links.physicians().patients(physician).link_with(patient, physician::PatientLink::new(3)).await?
    }
    "through: unlink all": |db, n| { with_patients(&db, n).await? } => {
        db.links.physicians().patients(physician_of(&db, n).await?.0).unlink_all().await?
    }
    "through: delete": |db, n| { with_patients(&db, n).await? } => {
        db.links.physicians().patients(physician_of(&db, n).await?.0).delete(patient::all()).await?
    }
    "through: set": |db, n| {
        db.links.articles().create(NewArticle::new(n, "swept")).await?;
        db.links.articles().labels(n).create_many([1, 2].map(|i| NewLabel::new(format!("{n}.{i}")))).await?
    } => {
        let other = db.links.labels().find().filter(label::name().eq(format!("{n}.2"))).one().await?;
        db.links.articles().labels(n).set([other.id]).await?;
    }
    "connect": |db, n| {} => { AT.with(Cell::get).map(shop::Db::connect).unwrap().await? }
    "create tables": |db, n| {} => { db.shop.create_tables().await? }
};

async fn id_or_none(db: &shop::Db, n: i64) -> Result<i64> {
    Ok(db.customers().find().filter(with_score(n)).one().await?.id)
}

std::thread_local! {
    /// The URL of the database that is swept.
    static AT: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// How many rows and values there are in the shop.
const CONTENT: [&str; 7] = [
    "SELECT COUNT(*) FROM customers",
    "SELECT COUNT(city) FROM customers",
    "SELECT COUNT(*) FROM orders",
    "SELECT COUNT(note) FROM orders",
    "SELECT COUNT(*) FROM order_items",
    "SELECT COUNT(*) FROM products",
    "SELECT COUNT(*) FROM accounts",
];

/// The same of what is linked.
const LINKED: [&str; 5] = [
    "SELECT COUNT(*) FROM physicians",
    "SELECT COUNT(*) FROM patients",
    "SELECT COUNT(*) FROM appointments",
    "SELECT COUNT(*) FROM article_labels",
    "SELECT COUNT(*) FROM labels",
];

/// Of both, and what the orders' quantities add up to.
type Content = [i64; 13];

async fn content(db: &Dbs) -> Content {
    let mut content = Content::default();
    let statements = CONTENT.iter().map(|sql| db.shop.sql(*sql)).chain(LINKED.iter().map(|sql| db.links.sql(*sql)));
    for (count, sql) in content.iter_mut().zip(statements) {
        (*count,) = sql.rows::<(i64,)>().one().await.unwrap();
    }
    let quantities = db.shop.orders().aggregate().select(order::quantity().sum()).await.unwrap();
    content[12] = quantities.unwrap_or_default();
    content
}

fn difference(before: &Content, after: &Content) -> Content {
    std::array::from_fn(|at| after[at] - before[at])
}

/// Polls a call so many times, each when it asks for it, and drops it. Whether it came to its end.
async fn cut(mut call: Call, polls: usize) -> bool {
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match call.as_mut().poll(context) {
            Poll::Ready(done) => {
                done.unwrap();
                Poll::Ready(true)
            }
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits until the server says that no session of the database is in a transaction.
async fn settled(at: &Database, aside: &mut Intruder, name: &str) {
    let open = Sql {
        sqlite: "BEGIN IMMEDIATE",
        postgres: "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state <> 'idle')",
        mysql: "SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist p \
                LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id \
                WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID() AND (t.trx_id IS NOT NULL OR p.command <> 'Sleep')",
    };
    let began = Instant::now();
    loop {
        let quiet = if at.place() == Place::Sqlite {
            match aside.run(open).await {
                Ok(()) => {
                    aside.run("ROLLBACK").await.unwrap();
                    true
                }
                Err(_) => false,
            }
        } else {
            aside.text(open).await.unwrap().as_deref() == Some("0")
        };
        if quiet {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{name}: a session stays in a transaction");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A database besides the test's own. It is made and dropped on another thread, since both block.
struct Beside(Option<Database>);

impl Beside {
    fn new(place: Place) -> Self {
        Self(std::thread::spawn(move || Some(Database::new(place).unwrap())).join().unwrap())
    }

    fn database(&self) -> &Database {
        self.0.as_ref().unwrap()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let database = self.0.take();
        let _ = std::thread::spawn(move || drop(database)).join();
    }
}

#[apply(on_shared_databases)]
#[allow(clippy::print_stdout, reason = "how much was swept is told to who asks for the output")]
async fn what_is_dropped_is_done_or_undone_and_leaves_nothing_open(at: &Database) {
    let Ok(rounds) = std::env::var("RELATA_SWEEP") else { return };
    let rounds: usize = rounds.parse().unwrap();
    // In place, SQLite answers in one poll.
    let shop = at.open_with(|builder| builder.max_connections(3).sqlite_execution(SqliteExecution::Threads));
    let shop: shop::Db = shop.await.unwrap();
    let beside = Beside::new(at.place());
    let beside = beside.database();
    let links = beside.open_with(|builder| builder.max_connections(2).sqlite_execution(SqliteExecution::Threads));
    let links: through::Db = links.await.unwrap();
    let db = Dbs { shop, links };
    AT.with(|url| url.set(Some(at.url().leak())));
    let (mut aside, mut beside_it) = (at.intruder().await.unwrap(), beside.intruder().await.unwrap());
    let (mut number, mut drops) = (0, 0);
    for _ in 0..rounds {
        for Operation { name, prepare, run } in OPERATIONS {
            number += 1;
            prepare(db.clone(), number).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let before = content(&db).await;
            run(db.clone(), number).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let whole = difference(&before, &content(&db).await);
            for polls in 0..1_000 {
                number += 1;
                prepare(db.clone(), number).await.unwrap();
                let before = content(&db).await;
                let done = cut(run(db.clone(), number), polls).await;
                drops += 1;
                if at.place() == Place::Sqlite {
                    // Its threads bring to an end what they were given: the one connection that writes is free after it.
                    db.shop.transaction(async |_| Ok::<_, relata::Error>(())).await.unwrap();
                    db.links.transaction(async |_| Ok::<_, relata::Error>(())).await.unwrap();
                }
                settled(at, &mut aside, name).await;
                settled(beside, &mut beside_it, name).await;
                let changed = difference(&before, &content(&db).await);
                assert!(
                    changed == whole || (!done && changed == Content::default()),
                    "{name}, after {polls} polls: {changed:?} is neither nothing nor {whole:?}"
                );
                if done {
                    break;
                }
                assert!(polls < 999, "{name} never came to its end");
            }
        }
    }
    // The pool is as good as new: all of its connections can be had at once.
    let all = (0..3).map(|_| db.shop.transaction(async |tx| tx.customers().count(customer::all()).await).read_only());
    for count in futures_util::future::join_all(all.map(IntoFuture::into_future)).await {
        count.unwrap();
    }
    println!("{}: {drops} drops", at.place().name());
}
