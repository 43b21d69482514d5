//! Runs each test of the suite on each database that it is for, as `place::module::test`.
//!
//! Knows tests by what they register; knows nothing of what they do.

use std::io::Write as _;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::database::{self, Database, Place};

/// No test takes as long: one that does waits for what will not come. `RELATA_TEST_LIMIT`, in seconds, is for those that
/// are told to do more.
fn limit() -> Duration {
    let told = std::env::var("RELATA_TEST_LIMIT").ok();
    Duration::from_secs(told.and_then(|seconds| seconds.parse().ok()).unwrap_or(120))
}

/// A test, and where it runs.
#[derive(Debug)]
pub struct Test {
    module: &'static str,
    name: &'static str,
    on: On,
}

/// What a test needs.
#[derive(Debug)]
pub enum On {
    /// No database.
    Nothing(fn()),
    /// A database at each of these places, and an async runtime.
    Async(&'static [Place], AsyncBody),
    /// A database at each of these places, and no async runtime.
    Blocking(&'static [Place], fn(&Database)),
}

/// A test that is a future.
pub type AsyncBody = for<'a> fn(&'a Database) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

inventory::collect!(Test);

impl Test {
    /// Of the module of that path.
    pub const fn new(module: &'static str, name: &'static str, on: On) -> Self {
        Self { module, name, on }
    }

    /// Its path within the suite.
    fn path(&self) -> String {
        let inside = self.module.split_once("::").map_or("", |(_, inside)| inside);
        [inside, self.name].join("::")
    }
}

/// Makes functions tests: `#[apply(on_every_database)]` and its like.
#[macro_export]
macro_rules! on_every_database {
    ($($function:tt)*) => { $crate::on_places! { ($crate::database::Place::ALL) $($function)* } };
}

/// A test for databases that several connections and other programs share.
#[macro_export]
macro_rules! on_shared_databases {
    ($($function:tt)*) => { $crate::on_places! { ($crate::database::Place::SHARED) $($function)* } };
}

/// A test of what only servers do, or can be made to do.
#[macro_export]
macro_rules! on_servers {
    ($($function:tt)*) => { $crate::on_places! { ($crate::database::Place::SERVERS) $($function)* } };
}

/// A test that is about SQLite and its files.
#[macro_export]
macro_rules! on_sqlite {
    ($($function:tt)*) => { $crate::on_places! { (&[$crate::database::Place::Sqlite]) $($function)* } };
}

/// A test of what PostgreSQL alone can be asked.
#[macro_export]
macro_rules! on_postgres {
    ($($function:tt)*) => { $crate::on_places! { (&[$crate::database::Place::Postgres]) $($function)* } };
}

/// A test of what needs no database.
#[macro_export]
macro_rules! on_no_database {
    ($(#[$meta:meta])* $vis:vis fn $name:ident() $body:block) => {
        $(#[$meta])* $vis fn $name() $body
        $crate::inventory::submit! {
            $crate::harness::Test::new(module_path!(), stringify!($name), $crate::harness::On::Nothing($name))
        }
    };
}

/// A test for these places.
#[doc(hidden)]
#[macro_export]
macro_rules! on_places {
    (($places:expr) $(#[$meta:meta])* $vis:vis async fn $name:ident($at:ident: $type:ty) $body:block) => {
        $(#[$meta])* $vis async fn $name($at: $type) $body
        $crate::inventory::submit! {
            $crate::harness::Test::new(
                module_path!(),
                stringify!($name),
                $crate::harness::On::Async($places, |at| Box::pin($name(at))),
            )
        }
    };
    (($places:expr) $(#[$meta:meta])* $vis:vis fn $name:ident($at:ident: $type:ty) $body:block) => {
        $(#[$meta])* $vis fn $name($at: $type) $body
        $crate::inventory::submit! {
            $crate::harness::Test::new(
                module_path!(),
                stringify!($name),
                $crate::harness::On::Blocking($places, $name),
            )
        }
    };
}

/// Runs the registered tests that the command line asks for.
pub fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They wait for servers and disks more than they compute.
    arguments.test_threads.get_or_insert_with(|| 2 * std::thread::available_parallelism().map_or(2, usize::from));
    let mut missing = Vec::new();
    if !arguments.list {
        missing.extend(Place::ALL.iter().filter_map(|&place| Some((place, place.reach().err()?))));
    }
    let trials = inventory::iter::<Test>().flat_map(|test| trials(test, &missing)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    database::leave();
    for (place, why) in missing.iter().filter(|_| conclusion.num_ignored > 0) {
        // Past everything that captures output; a terminal that is gone has no reader to miss it.
        let _ = writeln!(std::io::stderr(), "SKIPPED every test of {}: {why}", place.name());
    }
    conclusion.exit_code()
}

/// Each place's run of a test. Where no server answers it is ignored, and with `CI` set it fails.
fn trials(test: &'static Test, missing: &[(Place, &'static str)]) -> Vec<Trial> {
    let at = |&place: &Place| {
        let name = format!("{}::{}", place.name(), test.path());
        match missing.iter().find(|(other, _)| *other == place) {
            None => Trial::test(name, move || test.run(place)),
            Some(&(_, why)) if std::env::var_os("CI").is_some() => Trial::test(name, move || Err(why.into())),
            Some(_) => Trial::test(name, || Ok(())).with_ignored_flag(true),
        }
    };
    match test.on {
        On::Nothing(body) => vec![Trial::test(test.path(), move || {
            body();
            Ok(())
        })],
        On::Async(places, _) | On::Blocking(places, _) => places.iter().map(at).collect(),
    }
}

impl Test {
    fn run(&self, place: Place) -> Result<(), Failed> {
        let database = Database::new(place).map_err(|why| format!("the test has no database: {why}"))?;
        match self.on {
            On::Nothing(body) => body(),
            On::Blocking(_, body) => body(&database),
            On::Async(_, body) => {
                let mut runtime = if place.has_threads() {
                    tokio::runtime::Builder::new_multi_thread()
                } else {
                    tokio::runtime::Builder::new_current_thread()
                };
                let runtime = runtime.worker_threads(2).enable_all().build()?;
                let limit = limit();
                let limited = async { tokio::time::timeout(limit, body(&database)).await };
                runtime.block_on(limited).map_err(|_| format!("it took longer than {limit:?}"))?;
            }
        }
        Ok(())
    }
}
