//! The workloads as users of Relata write them: the same code on every database.

use std::hint::black_box;

use crate::data::{Size, pick};
use crate::generated::shop::{self, Db, customer, order};
use crate::measure::{Pace, Slice, Taken};
use crate::tasks::Caller;
use crate::workload::{Failure, Side, Workload};

/// A connected database, in one or more ways of using it, and how much it holds.
#[derive(Debug)]
pub(crate) struct Relata {
    pub(crate) ways: Vec<Way>,
    pub(crate) size: Size,
}

/// A way of using it.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) name: &'static str,
    pub(crate) db: Db,
    /// In a task of the async runtime, where what may block is told to it.
    pub(crate) task: bool,
}

impl Side for Relata {
    fn forms(&self, _: Workload) -> Vec<&'static str> {
        self.ways.iter().map(|way| way.name).collect()
    }

    async fn once(&mut self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure> {
        run(&self.ways[form].db, self.size, workload, counter).await
    }

    async fn slice(&mut self, workload: Workload, form: usize, pace: Pace, round: u64) -> Result<Taken, Failure> {
        let (db, size) = (self.ways[form].db.clone(), self.size);
        let slices = async move {
            let mut slice = Slice::new(pace, round)?;
            while let Some(counter) = slice.next() {
                black_box(run(&db, size, workload, counter).await?);
            }
            slice.end()
        };
        if self.ways[form].task { tokio::spawn(slices).await? } else { slices.await }
    }
}

/// Does a workload once.
pub(crate) async fn run(db: &Db, size: Size, workload: Workload, counter: u64) -> Result<usize, Failure> {
    let one_of = |limit| pick(counter, limit);
    let rows = match workload {
        Workload::W1 => usize::from(db.customers().get(one_of(size.customers)).await?.id > 0),
        Workload::W2 => usize::from(db.orders().customer(one_of(size.orders)).await?.id > 0),
        Workload::W3 => db.customers().orders(one_of(size.customers)).find().await?.len(),
        Workload::W4 => {
            let from = one_of(size.orders - 1_000);
            db.orders()
                .find()
                .filter(order::id().ge(from).and(order::id().lt(from + 1_000)))
                .include(order::customer())
                .await?
                .len()
        }
        Workload::W5 => {
            let from = one_of(size.customers - 100);
            let customers = db
                .customers()
                .find()
                .filter(customer::id().ge(from).and(customer::id().lt(from + 100)))
                .include(customer::orders().include(order::items()))
                .await?;
            let orders = customers.iter().flat_map(|customer| &customer.orders);
            customers.len() + orders.map(|order| 1 + order.items.len()).sum::<usize>()
        }
        Workload::W6 => {
            let customers = (0..20).map(|n| pick(counter * 20 + n, size.customers));
            db.orders()
                .find()
                .filter(order::quantity().gt(one_of(50)).and(order::customer_id().is_in(customers)))
                .order_by(order::id().desc())
                .limit(50)
                .await?
                .len()
        }
        Workload::W7 => {
            let new = customer::NewOrder::new("A new order of the shop", 3, 9.5);
            usize::from(db.customers().orders(one_of(size.customers)).create(new).await?.id > 0)
        }
        Workload::W8 => {
            let new =
                (0..1_000).map(|n| shop::NewOrder::new(n % size.customers + 1, "A new order of the shop", 3, 9.5));
            db.orders().create_many(new).await?.len()
        }
        Workload::W10 => db.orders().find().await?.len(),
        Workload::Top => {
            let customers =
                db.customers().find().include(customer::orders().order_by(order::total().desc()).limit(3)).await?;
            customers.len() + customers.iter().map(|customer| customer.orders.len()).sum::<usize>()
        }
    };
    Ok(rows)
}

/// One who reads through a database that others use at the same time.
#[derive(Clone, Debug)]
pub(crate) struct Reader(pub(crate) Db);

impl Caller for Reader {
    async fn quick(&mut self, id: i64) -> Result<bool, Failure> {
        Ok(self.0.customers().get(id).await?.id == id)
    }

    async fn slow(&mut self) -> Result<bool, Failure> {
        Ok(self.0.products().find().await?.len() == 1)
    }
}
