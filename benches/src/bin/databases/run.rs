//! What is done with each database: it is started and filled, both sides are opened, and they take turns.

#![allow(clippy::print_stdout, reason = "what was counted is what this program is for")]

use std::time::Duration;

use relata::SqliteExecution;

use crate::data::{SHOP, Size};
use crate::executions;
use crate::generated::shop::Db;
use crate::hand;
use crate::measure::{Pace, Taken};
use crate::relata_side::{Reader, Relata, Way};
use crate::report::{Line, Report};
use crate::seed::{self, Content, Database};
use crate::servers::Server;
use crate::tasks::{READERS, Readers, TASKS};
use crate::views;
use crate::workload::{ALL, Failure, Side, Workload};

/// A database to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }
}

/// Something to do with a database that holds `content`.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    content: Content,
    pace: Pace,
    act: Act,
}

#[derive(Clone, Debug)]
enum Act {
    /// Both sides take turns, or do each once and are not timed.
    Compare { workloads: Vec<Workload>, timed: bool },
    /// Many tasks at once.
    Together,
    /// Ways of executing SQLite.
    Executions,
    /// A view beside whole rows.
    Views { timed: bool },
    /// One side, a number of times.
    Count { workload: Workload, relata: bool, times: u64 },
}

const CONTENT: Content = Content { size: SHOP, ordered: false, slow: false };

/// 5,000 customers with 200 orders each.
const LARGE: Content =
    Content { size: Size { customers: 5_000, products: 0, orders: 1_000_000, items: 0 }, ordered: true, slow: false };

/// The same, for who only looks whether it works.
const SMALL: Content =
    Content { size: Size { customers: 50, products: 0, orders: 1_000, items: 0 }, ordered: true, slow: false };

const SLOW: Content = Content { size: Size { products: 1, orders: 0, items: 0, ..SHOP }, ordered: false, slow: true };

const ONCE: Pace = Pace { rounds: 1, slice: Duration::ZERO, at_least: 1 };

impl Step {
    pub(crate) fn table() -> Self {
        let pace = Pace { rounds: 10, slice: Duration::from_millis(120), at_least: 3 };
        Self { content: CONTENT, pace, act: Act::Compare { workloads: ALL.to_vec(), timed: true } }
    }

    pub(crate) fn top() -> Self {
        let pace = Pace { rounds: 3, slice: Duration::from_millis(300), at_least: 1 };
        Self { content: LARGE, pace, act: Act::Compare { workloads: vec![Workload::Top], timed: true } }
    }

    pub(crate) fn tasks() -> Self {
        let pace = Pace { rounds: 5, slice: Duration::from_millis(500), at_least: 1 };
        Self { content: SLOW, pace, act: Act::Together }
    }

    pub(crate) fn executions() -> Self {
        Self { content: CONTENT, pace: ONCE, act: Act::Executions }
    }

    pub(crate) fn views() -> Self {
        let pace = Pace { rounds: 10, slice: Duration::from_millis(120), at_least: 3 };
        Self { content: CONTENT, pace, act: Act::Views { timed: true } }
    }

    pub(crate) fn count(workload: Workload, relata: bool, times: u64) -> Self {
        let content = if workload == Workload::Top { LARGE } else { CONTENT };
        Self { content, pace: ONCE, act: Act::Count { workload, relata, times } }
    }

    /// Leaves out the workloads that are not asked for.
    pub(crate) fn keep(&mut self, asked: &[Workload]) {
        if let Act::Compare { workloads, .. } = &mut self.act {
            workloads.retain(|workload| asked.contains(workload));
        }
    }

    /// Everything once, in little time.
    pub(crate) fn check() -> Vec<Self> {
        let short = Pace { slice: Duration::from_millis(1), ..ONCE };
        let once = |content, workloads| Self { content, pace: ONCE, act: Act::Compare { workloads, timed: false } };
        let views = Self { act: Act::Views { timed: false }, ..Self::views() };
        vec![
            once(CONTENT, ALL.to_vec()),
            once(SMALL, vec![Workload::Top]),
            Self { pace: short, ..Self::tasks() },
            views,
        ]
    }
}

/// Does the steps on a database.
pub(crate) fn run(kind: Kind, steps: &[Step], report: Report, pinned: bool) -> Result<(), Failure> {
    let runtime = match kind {
        Kind::Sqlite => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?,
        // What waits for a server needs no second thread, nor the wake-ups between two.
        Kind::Postgres | Kind::Mariadb => tokio::runtime::Builder::new_current_thread().enable_all().build()?,
    };
    let server = match kind {
        Kind::Sqlite => None,
        Kind::Postgres => Some(Server::postgres()?),
        Kind::Mariadb => Some(Server::mariadb()?),
    };
    let beside = pinned && server.as_ref().is_none_or(Server::beside);
    let place = if beside { "client and server on one processor" } else { "not kept to one processor" };
    report.title(&format!("{}, {place}", kind.name()));
    runtime.block_on(async {
        for step in steps {
            match (kind, &server) {
                (Kind::Postgres, Some(server)) => postgres(&server.url, step, report).await?,
                (Kind::Mariadb, Some(server)) => mariadb(&server.url, step, report).await?,
                _ => sqlite(step, report).await?,
            }
        }
        Ok(())
    })
}

async fn sqlite(step: &Step, report: Report) -> Result<(), Failure> {
    if matches!(step.act, Act::Together) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    seed::sqlite(&path, step.content)?;
    if matches!(step.act, Act::Executions) {
        return executions::table(&path).await;
    }
    let mut hand = hand::sqlite::Hand::open(&path, step.content.size)?;
    let way = async |name, execution, task| {
        Ok::<_, Failure>(Way { name, db: executions::connect(&path, execution).await?, task })
    };
    let ways = vec![
        way("in place", SqliteExecution::InPlace, false).await?,
        way("default, in a task", SqliteExecution::default(), true).await?,
    ];
    let relata = Relata { ways, size: step.content.size };
    sides(Kind::Sqlite, step, report, &mut hand, relata).await
}

async fn postgres(server: &str, step: &Step, report: Report) -> Result<(), Failure> {
    let database = Database::postgres(server, step.content).await?;
    let done = on_postgres(&database.url, step, report).await;
    database.drop_postgres().await?;
    done
}

async fn on_postgres(url: &str, step: &Step, report: Report) -> Result<(), Failure> {
    let relata = relata(url, step.content.size).await?;
    if matches!(step.act, Act::Together) {
        let mut own = Readers::new("own connections", hand::postgres::Reader::open(url, READERS, READERS).await?);
        let mut shared = Readers::new("2 shared connections", hand::postgres::Reader::open(url, READERS, 2).await?);
        let mut relata = Readers::new("Relata", vec![Reader(relata.ways[0].db.clone()); READERS]);
        for round in 0..step.pace.rounds {
            own.turn(step.pace, round).await?;
            shared.turn(step.pace, round).await?;
            relata.turn(step.pace, round).await?;
        }
        report.together(Kind::Postgres.name(), &[own.lines(), shared.lines(), relata.lines()]);
        return Ok(());
    }
    let mut hand = hand::postgres::Hand::open(url, step.content.size).await?;
    sides(Kind::Postgres, step, report, &mut hand, relata).await
}

async fn mariadb(server: &str, step: &Step, report: Report) -> Result<(), Failure> {
    let database = Database::mariadb(server, step.content).await?;
    let done = on_mariadb(&database.url, step, report).await;
    database.drop_mariadb().await?;
    done
}

async fn on_mariadb(url: &str, step: &Step, report: Report) -> Result<(), Failure> {
    let relata = relata(url, step.content.size).await?;
    if matches!(step.act, Act::Together) {
        let mut own = Readers::new("own connections", hand::mariadb::Reader::open(url, READERS).await?);
        let mut relata = Readers::new("Relata", vec![Reader(relata.ways[0].db.clone()); READERS]);
        for round in 0..step.pace.rounds {
            own.turn(step.pace, round).await?;
            relata.turn(step.pace, round).await?;
        }
        report.together(Kind::Mariadb.name(), &[own.lines(), relata.lines()]);
        return Ok(());
    }
    let mut hand = hand::mariadb::Hand::open(url, step.content.size).await?;
    sides(Kind::Mariadb, step, report, &mut hand, relata).await
}

async fn relata(url: &str, size: Size) -> Result<Relata, Failure> {
    let db = Db::builder().url(url).max_connections(TASKS).connect().await?;
    Ok(Relata { ways: vec![Way { name: "Relata", db, task: false }], size })
}

/// What is left to do once both sides are open.
async fn sides(
    kind: Kind,
    step: &Step,
    report: Report,
    hand: &mut impl Side,
    mut relata: Relata,
) -> Result<(), Failure> {
    match &step.act {
        Act::Compare { workloads, timed } => {
            if *timed {
                report.head();
            }
            for &workload in workloads {
                let rows = agree(kind, workload, hand, &mut relata).await?;
                if *timed {
                    let (hand, relata) = compare(workload, step.pace, hand, &mut relata).await?;
                    report.compared(kind.name(), workload.name(), rows, &hand, &relata);
                } else {
                    println!("{} {}: {rows} rows on both sides", kind.name(), workload.name());
                }
            }
            Ok(())
        }
        &Act::Count { workload, relata: false, times } => count(hand, workload, times).await,
        &Act::Count { workload, relata: true, times } => count(&mut relata, workload, times).await,
        Act::Views { timed: true } => views::table(&relata.ways[0].db, step.pace).await,
        Act::Views { timed: false } => {
            println!("{} view: {} rows as whole ones", kind.name(), views::agree(&relata.ways[0].db).await?);
            Ok(())
        }
        Act::Together | Act::Executions => Ok(()),
    }
}

/// How many rows a workload gives, in every form on both sides: nobody wins by doing less.
async fn agree(kind: Kind, workload: Workload, hand: &mut impl Side, relata: &mut impl Side) -> Result<usize, Failure> {
    let mut rows = None;
    let mut same = |form: &str, read: usize| match *rows.get_or_insert(read) {
        expected if expected == read => Ok(read),
        expected => Err(format!("{} {}, {form}: {read} rows, the first form {expected}", kind.name(), workload.name())),
    };
    for (at, form) in hand.forms(workload).into_iter().enumerate() {
        same(form, hand.once(workload, at, 1).await?)?;
    }
    for (at, form) in relata.forms(workload).into_iter().enumerate() {
        same(form, relata.once(workload, at, 1).await?)?;
    }
    clean(workload, hand).await?;
    rows.ok_or_else(|| "there is no form".into())
}

/// A workload in every form on both sides, in turns, so that a busy machine slows all alike.
async fn compare(
    workload: Workload,
    pace: Pace,
    hand: &mut impl Side,
    relata: &mut impl Side,
) -> Result<(Vec<Line>, Vec<Line>), Failure> {
    let line = |who| Line { who, taken: Taken::NOTHING };
    let mut hand_lines: Vec<Line> = hand.forms(workload).into_iter().map(line).collect();
    let mut relata_lines: Vec<Line> = relata.forms(workload).into_iter().map(line).collect();
    for round in 0..pace.rounds {
        for (form, line) in hand_lines.iter_mut().enumerate() {
            line.taken = line.taken.or(hand.slice(workload, form, pace, round).await?);
            clean(workload, hand).await?;
        }
        for (form, line) in relata_lines.iter_mut().enumerate() {
            line.taken = line.taken.or(relata.slice(workload, form, pace, round).await?);
            clean(workload, hand).await?;
        }
    }
    Ok((hand_lines, relata_lines))
}

/// Every slice finds what the first one found.
async fn clean(workload: Workload, hand: &mut impl Side) -> Result<(), Failure> {
    if workload.writes() { hand.clean().await } else { Ok(()) }
}

async fn count(side: &mut impl Side, workload: Workload, times: u64) -> Result<(), Failure> {
    let mut rows = 0;
    for counter in 0..times {
        rows += side.once(workload, 0, counter).await?;
    }
    println!("{rows} rows");
    Ok(())
}
