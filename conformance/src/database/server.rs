//! Servers: where they are, whether they answer, and databases on them that no run leaves behind.
//!
//! Each run holds a lock of the server for as long as it lives, and names its databases after it. A database whose
//! lock nobody holds is of a run that was killed: the next run removes it.

use std::env;
use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::intruder::{Intruder, Raw};
use super::{mysql, postgres};

/// How long a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// What speaks to a server.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Postgres,
    Mysql,
}

/// A server, and this run's name on it.
#[derive(Debug)]
pub(super) struct Server {
    kind: Kind,
    url: String,
    /// The URL that tests open their databases by, where it is not the server's own: through a pooler, or by several
    /// hosts.
    via: Option<String>,
    /// The URL of a server that follows this one, and that tests read from.
    replica: Option<String>,
    run: u32,
    made: AtomicU32,
    /// Databases that are empty again, and whether they are linguistic. PostgreSQL waits for the disk where one is
    /// dropped, longer than most tests take.
    spare: Mutex<Vec<(bool, String)>>,
}

static POSTGRES: OnceLock<Result<Server, String>> = OnceLock::new();
static MYSQL: OnceLock<Result<Server, String>> = OnceLock::new();

impl Server {
    /// The server of that kind, looked for once.
    pub(super) fn of(kind: Kind) -> Result<&'static Self, &'static str> {
        let (found, name, usual) = match kind {
            Kind::Postgres => (&POSTGRES, "RELATA_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres"),
            Kind::Mysql => (&MYSQL, "RELATA_MYSQL", "mysql://root@127.0.0.1:3306"),
        };
        let found = found.get_or_init(|| {
            let said = |what: &str| env::var(format!("{name}_{what}")).ok();
            let url = said("URL").unwrap_or_else(|| usual.to_owned());
            let run = join(&url, kind).map_err(|why| format!("no server answers at {name}_URL: {why}"))?;
            let (via, replica) = (said("VIA"), said("REPLICA"));
            Ok(Self { kind, url, via, replica, run, made: AtomicU32::new(0), spare: Mutex::default() })
        });
        found.as_ref().map_err(String::as_str)
    }

    /// The name of a database without tables.
    pub(super) fn create(&self, linguistic: bool) -> Raw<String> {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = spare.iter().position(|(other, _)| *other == linguistic) {
            return Ok(spare.swap_remove(n).1);
        }
        drop(spare);
        let name = format!("{}{}", prefix(self.run), self.made.fetch_add(1, Ordering::Relaxed));
        block_on(async {
            let mut admin = self.kind.connect(&self.url, None).await?;
            let sql = match self.kind {
                Kind::Postgres => postgres::create(&name, linguistic),
                Kind::Mysql => mysql::create(&name),
            };
            admin.run(&sql).await?;
            if matches!(self.kind, Kind::Postgres) {
                admin.run(&postgres::hurry(&name)).await?;
            }
            self.follow(&name).await
        })?;
        Ok(name)
    }

    /// Waits until a new database is also on the server that follows this one.
    async fn follow(&self, name: &str) -> Raw<()> {
        let Some(url) = self.replica_of(name) else { return Ok(()) };
        let start = Instant::now();
        loop {
            match self.kind.connect(&url, None).await {
                Ok(_) => return Ok(()),
                Err(why) if start.elapsed() > PATIENCE => return Err(why),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Takes back a database that nobody needs any more.
    pub(super) fn take_back(&self, name: String, linguistic: bool) {
        let emptied = matches!(self.kind, Kind::Postgres)
            && block_on(async {
                let mut intruder = self.kind.connect(&self.url, Some(&name)).await?;
                postgres::empty(&mut intruder).await
            })
            .is_ok();
        if emptied {
            self.spare.lock().unwrap_or_else(PoisonError::into_inner).push((linguistic, name));
        } else {
            self.remove(&name);
        }
    }

    /// Removes what the run has left on servers, side by side: they then share the wait for the disk.
    pub(super) fn leave() {
        let reached = [&POSTGRES, &MYSQL].into_iter().filter_map(|server| server.get()?.as_ref().ok());
        std::thread::scope(|scope| {
            for server in reached {
                for (_, name) in server.spare.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                    scope.spawn(move || server.remove(&name));
                }
            }
        });
    }

    /// Removes a database. What fails is left to the next run.
    fn remove(&self, name: &str) {
        let removed = block_on(async {
            let mut admin = self.kind.connect(&self.url, None).await?;
            self.kind.remove(&mut admin, name).await
        });
        drop(removed);
    }

    /// The URL that tests open one of its databases by.
    pub(super) fn url_of(&self, database: &str) -> String {
        self.via.as_ref().map_or_else(|| self.direct(database), |via| via.replace(DATABASE, database))
    }

    /// The URL of the same database on the server that follows this one.
    pub(super) fn replica_of(&self, database: &str) -> Option<String> {
        self.replica.as_ref().map(|replica| replica.replace(DATABASE, database))
    }

    /// The URL of one of its databases, on the server itself.
    pub(super) fn direct(&self, database: &str) -> String {
        let (rest, query) = self.url.split_once('?').map_or((&*self.url, None), |(rest, query)| (rest, Some(query)));
        let host = rest.find("://").map_or(0, |at| at + 3);
        let end = rest[host..].find('/').map_or(rest.len(), |at| host + at);
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        format!("{}/{database}{query}", &rest[..end])
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Another program on one of its databases.
    pub(super) async fn intruder(&self, database: &str) -> Raw<Intruder> {
        self.kind.connect(&self.url, Some(database)).await
    }
}

impl Kind {
    /// Where a server listens unless its URL says otherwise.
    pub(super) fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mysql => 3306,
        }
    }

    async fn connect(self, url: &str, database: Option<&str>) -> Raw<Intruder> {
        let connected = async {
            match self {
                Self::Postgres => Intruder::postgres(url, database).await,
                Self::Mysql => Intruder::mysql(url, database).await,
            }
        };
        tokio::time::timeout(PATIENCE, connected).await.unwrap_or_else(|_| Err("it does not answer in time".into()))
    }

    async fn remove(self, admin: &mut Intruder, database: &str) -> Raw<()> {
        match self {
            Self::Postgres => postgres::remove(admin, database).await,
            Self::Mysql => mysql::remove(admin, database).await,
        }
    }

    /// Takes the lock of a run, if nobody has it.
    async fn lock(self, admin: &mut Intruder, run: u32) -> Raw<bool> {
        let sql = match self {
            Self::Postgres => postgres::lock(run),
            Self::Mysql => mysql::lock(run),
        };
        Ok(admin.text(&sql).await?.as_deref() == Some("1"))
    }

    async fn unlock(self, admin: &mut Intruder, run: u32) -> Raw<()> {
        let sql = match self {
            Self::Postgres => postgres::unlock(run),
            Self::Mysql => mysql::unlock(run),
        };
        admin.text(&sql).await.map(drop)
    }

    /// Removes the databases of runs that are over.
    async fn clean(self, admin: &mut Intruder, own: u32) -> Raw<()> {
        let sql = match self {
            Self::Postgres => postgres::DATABASES,
            Self::Mysql => mysql::DATABASES,
        };
        for name in admin.texts(sql).await? {
            let run = name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next()).map(str::parse);
            let Some(Ok(run)) = run else { continue };
            if run == own {
                self.remove(admin, &name).await?;
            } else if self.lock(admin, run).await? {
                // Until it is gone nobody else may take the number, and make a database of that name.
                let removed = self.remove(admin, &name).await;
                self.unlock(admin, run).await?;
                removed?;
            }
        }
        Ok(())
    }
}

/// What stands for the database's name in `RELATA_POSTGRES_VIA` and its like.
const DATABASE: &str = "{database}";

/// What the names of databases begin with.
const PREFIX: &str = "relata_test_";

fn prefix(run: u32) -> String {
    format!("{PREFIX}{run}_")
}

/// Takes a number for this run, removes what others left, and holds the number until the process ends.
fn join(url: &str, kind: Kind) -> Result<u32, String> {
    let (tell, told) = mpsc::channel();
    let url = url.to_owned();
    std::thread::spawn(move || {
        let held: Raw<()> = block_on(async {
            let mut admin = kind.connect(&url, None).await?;
            let mut run = std::process::id();
            while !kind.lock(&mut admin, run).await? {
                run += 1;
            }
            kind.clean(&mut admin, run).await?;
            // Nobody listens if the process is about to end.
            let _ = tell.send(Ok(run));
            std::future::pending().await
        });
        if let Err(why) = held {
            let _ = tell.send(Err(causes(&*why)));
        }
    });
    told.recv().unwrap_or_else(|_| Err("the thread that speaks to it has stopped".to_owned()))
}

/// An error and what caused it, each said once; drivers say the reason last.
fn causes(error: &(dyn Error + 'static)) -> String {
    let list = std::iter::successors(Some(error), |&error| error.source());
    list.map(ToString::to_string).fold(String::new(), |said, cause| match &*said {
        "" => cause,
        said if said.contains(&cause) => said.to_owned(),
        said => format!("{said}: {cause}"),
    })
}

/// Runs it on a runtime of its own.
fn block_on<T>(call: impl Future<Output = Raw<T>>) -> Raw<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the server has such a database.
    async fn has(admin: &mut Intruder, name: &str, kind: Kind) -> Raw<bool> {
        let all = match kind {
            Kind::Postgres => postgres::DATABASES,
            Kind::Mysql => mysql::DATABASES,
        };
        Ok(admin.texts(all).await?.iter().any(|other| other == name))
    }

    #[test]
    fn the_databases_of_a_killed_run_go_and_those_of_a_living_one_stay() -> Raw<()> {
        for kind in [Kind::Postgres, Kind::Mysql] {
            // The suite says what is skipped where there is no server.
            let Ok(server) = Server::of(kind) else { continue };
            let living = server.create(false)?;
            block_on(async {
                let mut admin = kind.connect(&server.url, None).await?;
                // The number of no process, and nobody's lock.
                let killed = format!("{}0", prefix(2_000_000_000));
                admin.run(&format!("CREATE DATABASE {killed}")).await?;
                let url = server.url.clone();
                let other = std::thread::spawn(move || join(&url, kind)).join().expect("it does not panic")?;
                assert_ne!(other, server.run, "a number is one run's");
                assert!(!has(&mut admin, &killed, kind).await?, "{kind:?}: {killed} is still there");
                assert!(has(&mut admin, &living, kind).await?, "{kind:?}: {living} was removed");
                Ok(())
            })?;
            server.remove(&living);
        }
        Ok(())
    }

    #[test]
    fn a_url_gets_another_database_and_keeps_the_rest() {
        let url = |url: &str| {
            let server = Server {
                kind: Kind::Postgres,
                url: url.to_owned(),
                via: None,
                replica: None,
                run: 1,
                made: AtomicU32::new(0),
                spare: Mutex::default(),
            };
            server.url_of("d")
        };
        assert_eq!(url("mysql://root@127.0.0.1:3306"), "mysql://root@127.0.0.1:3306/d");
        assert_eq!(url("postgres://u:p@h:1/postgres?a=b/c"), "postgres://u:p@h:1/d?a=b/c");
        assert_eq!(url("postgres:///postgres?host=/run/x"), "postgres:///d?host=/run/x");
    }
}
