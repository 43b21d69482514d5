//! The workloads by name, and what a side must offer to be measured. Knows no database.

use std::error::Error;
use std::hint::black_box;

use crate::measure::{Pace, Slice, Taken};

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// One kind of operation on the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// A customer by primary key.
    W1,
    /// From an order's id to its customer.
    W2,
    /// The 10 orders of a customer.
    W3,
    /// 1,000 orders with their customers.
    W4,
    /// 100 customers, their orders, the items of these.
    W5,
    /// Orders by quantity and 20 customers, newest first, 50 of them.
    W6,
    /// One new order of a customer.
    W7,
    /// 1,000 new orders.
    W8,
    /// 10,000 orders scanned.
    W10,
    /// The three dearest orders of each customer; on more data.
    Top,
}

/// Those of one client on the shop's data.
pub(crate) const ALL: [Workload; 9] = {
    use Workload::{W1, W2, W3, W4, W5, W6, W7, W8, W10};
    [W1, W2, W3, W4, W5, W6, W7, W8, W10]
};

impl Workload {
    pub(crate) fn named(name: &str) -> Result<Self, Failure> {
        let known = ALL.into_iter().chain([Self::Top]);
        known.into_iter().find(|one| one.name() == name).ok_or_else(|| format!("no workload {name}").into())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::W3 => "W3",
            Self::W4 => "W4",
            Self::W5 => "W5",
            Self::W6 => "W6",
            Self::W7 => "W7",
            Self::W8 => "W8",
            Self::W10 => "W10",
            Self::Top => "top",
        }
    }

    /// Whether it leaves rows behind.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::W7 | Self::W8)
    }
}

/// A way to do the workloads that is measured.
pub(crate) trait Side {
    /// The ways in which this side does a workload.
    fn forms(&self, workload: Workload) -> Vec<&'static str>;

    /// Does it once, in the form of that position, and says how many rows came of it.
    async fn once(&mut self, workload: Workload, form: usize, counter: u64) -> Result<usize, Failure>;

    /// Does it for a slice of time.
    async fn slice(&mut self, workload: Workload, form: usize, pace: Pace, round: u64) -> Result<Taken, Failure> {
        let mut slice = Slice::new(pace, round)?;
        while let Some(counter) = slice.next() {
            black_box(self.once(workload, form, counter).await?);
        }
        slice.end()
    }

    /// Takes away what writing workloads left.
    async fn clean(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}
