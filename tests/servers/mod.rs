//! PostgreSQL and MariaDB or MySQL, where they run: a database of a test's own, which goes when the test ends.
#![allow(dead_code, reason = "each test takes the part that it needs")]

use std::fmt::Display;
use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use mysql_async::prelude::Queryable as _;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{NoTls, SimpleQueryMessage};

const POSTGRES_URL: (&str, &str) = ("RELATA_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres");
const MYSQL_URL: (&str, &str) = ("RELATA_MYSQL_URL", "mysql://root@127.0.0.1:3306");

/// Cells as text; NULL is none.
pub(crate) type Row = Vec<Option<String>>;

/// A server that runs text and answers in text.
pub(crate) struct Server {
    runtime: Runtime,
    connection: Connection,
    database: String,
}

enum Connection {
    /// One to the test's database, and what is needed to drop it.
    Postgres(tokio_postgres::Client, Box<tokio_postgres::Config>),
    Mysql(mysql_async::Conn),
}

impl Server {
    /// None where no PostgreSQL runs, which is said.
    pub(crate) fn postgres() -> Option<Self> {
        let (runtime, database, url) = (runtime(), name(), address(POSTGRES_URL));
        let config: tokio_postgres::Config = url.parse().expect("RELATA_POSTGRES_URL is an address");
        let admin = there(runtime.block_on(config.connect(NoTls)), "PostgreSQL", POSTGRES_URL.0)?;
        let admin = follow(&runtime, admin);
        let create = format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'");
        runtime.block_on(admin.batch_execute(&create)).expect("a database can be created");
        let mut own = config.clone();
        own.dbname(&database);
        let client = follow(&runtime, runtime.block_on(own.connect(NoTls)).expect("it can be connected to"));
        Some(Self { connection: Connection::Postgres(client, Box::new(config)), runtime, database })
    }

    /// None where no MariaDB or MySQL runs, which is said.
    pub(crate) fn mysql() -> Option<Self> {
        let (runtime, database, url) = (runtime(), name(), address(MYSQL_URL));
        let options = mysql_async::Opts::from_url(&url).expect("RELATA_MYSQL_URL is an address");
        let connection = there(runtime.block_on(mysql_async::Conn::new(options)), "MariaDB or MySQL", MYSQL_URL.0)?;
        let mut server = Self { runtime, connection: Connection::Mysql(connection), database };
        server.begin();
        Some(server)
    }

    /// Statements, separated by semicolons.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), String> {
        match &mut self.connection {
            Connection::Postgres(client, _) => {
                let told = |error: tokio_postgres::Error| match error.as_db_error() {
                    Some(error) => error.to_string(),
                    None => error.to_string(),
                };
                self.runtime.block_on(client.batch_execute(sql)).map_err(told)
            }
            Connection::Mysql(connection) => {
                self.runtime.block_on(connection.query_drop(sql)).map_err(|error| error.to_string())
            }
        }
    }

    #[track_caller]
    pub(crate) fn rows(&mut self, sql: &str) -> Vec<Row> {
        match &mut self.connection {
            Connection::Postgres(client, _) => {
                let messages = self.runtime.block_on(client.simple_query(sql));
                let messages = messages.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
                let rows = messages.into_iter().filter_map(|message| match message {
                    SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                rows.map(|row| (0..row.len()).map(|at| row.get(at).map(ToOwned::to_owned)).collect()).collect()
            }
            Connection::Mysql(connection) => {
                let rows = self.runtime.block_on(connection.query::<mysql_async::Row, _>(sql));
                let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
                rows.into_iter().map(|row| row.unwrap().into_iter().map(text).collect()).collect()
            }
        }
    }

    /// Takes away everything that the test has created.
    pub(crate) fn clear(&mut self) {
        match &self.connection {
            Connection::Postgres(..) => {
                let schemas = "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace \
                               WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'";
                let drops = self.rows(schemas).into_iter().flatten().flatten().collect::<Vec<_>>().join("; ");
                self.run(&format!("{drops}; CREATE SCHEMA public")).expect("schemas can be dropped");
            }
            Connection::Mysql(_) => {
                self.run(&format!("DROP DATABASE {}", self.database)).expect("the database can be dropped");
                self.begin();
            }
        }
    }

    fn begin(&mut self) {
        let database = &self.database;
        self.run(&format!("CREATE DATABASE {database}; USE {database}")).expect("a database can be created");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {}", self.database);
        // A test that fails says why; that its database stays is not the reason.
        match &mut self.connection {
            Connection::Postgres(_, config) => {
                if let Ok(connected) = self.runtime.block_on(config.connect(NoTls)) {
                    let admin = follow(&self.runtime, connected);
                    let _ = self.runtime.block_on(admin.batch_execute(&format!("{drop} WITH (FORCE)")));
                }
            }
            Connection::Mysql(connection) => {
                let _ = self.runtime.block_on(connection.query_drop(drop));
            }
        }
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime can be started")
}

/// A name for a database that no other test has.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("relata_ddl_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn address((name, default): (&str, &str)) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// The connection, or none where there is no server; with `CI` set there has to be one.
fn there<T>(connected: Result<T, impl Display>, server: &str, variable: &str) -> Option<T> {
    match connected {
        Ok(connected) => Some(connected),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{server} is not there ({variable}): {error}");
            // Past the capture of tests, so that it is seen.
            let _ = writeln!(std::io::stderr(), "SKIPPED: {server} is not there: {error}; {variable} says where it is");
            None
        }
    }
}

type Connected =
    (tokio_postgres::Client, tokio_postgres::Connection<tokio_postgres::Socket, tokio_postgres::tls::NoTlsStream>);

/// Lets the connection work while the client waits.
fn follow(runtime: &Runtime, (client, connection): Connected) -> tokio_postgres::Client {
    runtime.spawn(connection);
    client
}

fn text(value: mysql_async::Value) -> Option<String> {
    match value {
        mysql_async::Value::NULL => None,
        mysql_async::Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        other => Some(other.as_sql(true)),
    }
}
