//! Another program on a test's database: SQL as it is, past everything that is under test.

use std::fmt;
use std::path::Path;

use mysql_async::prelude::Queryable as _;
use tokio_postgres::SimpleQueryMessage;

use super::{mysql, postgres};

/// What comes of talking to a database directly.
pub type Raw<T> = Result<T, Box<dyn std::error::Error>>;

/// A connection of another program. Names are quoted by `"` on every database.
pub struct Intruder(Connection);

enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
    Mysql(mysql_async::Conn),
}

impl fmt::Debug for Intruder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Intruder")
    }
}

/// The statement that a database of each kind understands.
#[derive(Debug, Clone, Copy)]
pub struct Sql<'a> {
    /// For SQLite.
    pub sqlite: &'a str,
    /// For PostgreSQL.
    pub postgres: &'a str,
    /// For MariaDB and MySQL.
    pub mysql: &'a str,
}

impl<'a> From<&'a str> for Sql<'a> {
    fn from(sql: &'a str) -> Self {
        Self { sqlite: sql, postgres: sql, mysql: sql }
    }
}

impl<'a> From<&'a String> for Sql<'a> {
    fn from(sql: &'a String) -> Self {
        sql.as_str().into()
    }
}

impl Intruder {
    pub(super) fn sqlite(file: &Path) -> Raw<Self> {
        let connection = rusqlite::Connection::open(file)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(Self(Connection::Sqlite(connection)))
    }

    pub(super) async fn postgres(url: &str, database: Option<&str>) -> Raw<Self> {
        let mut config: tokio_postgres::Config = url.parse()?;
        if let Some(database) = database {
            config.dbname(database);
        }
        let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(Self(Connection::Postgres(client)))
    }

    pub(super) async fn mysql(url: &str, database: Option<&str>) -> Raw<Self> {
        let opts = mysql_async::OptsBuilder::from_opts(mysql_async::Opts::from_url(url)?)
            .prefer_socket(false)
            .setup(["SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')"].to_vec());
        let opts = match database {
            Some(database) => opts.db_name(Some(database)),
            None => opts,
        };
        Ok(Self(Connection::Mysql(mysql_async::Conn::new(opts).await?)))
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What the database says of them.
    pub async fn run<'a>(&mut self, sql: impl Into<Sql<'a>>) -> Raw<()> {
        let sql = sql.into();
        match &mut self.0 {
            Connection::Sqlite(connection) => connection.execute_batch(sql.sqlite)?,
            Connection::Postgres(client) => client.batch_execute(sql.postgres).await?,
            Connection::Mysql(conn) => conn.query_drop(sql.mysql).await?,
        }
        Ok(())
    }

    /// The first column of every row, as text.
    ///
    /// # Errors
    /// What the database says of the query.
    pub async fn texts<'a>(&mut self, sql: impl Into<Sql<'a>>) -> Raw<Vec<String>> {
        let sql = sql.into();
        match &mut self.0 {
            Connection::Sqlite(connection) => {
                let mut statement = connection.prepare(sql.sqlite)?;
                let rows = statement.query_map([], |row| row.get::<_, rusqlite::types::Value>(0))?;
                rows.map(|value| Ok(text_of(value?))).collect()
            }
            Connection::Postgres(client) => {
                let messages = client.simple_query(sql.postgres).await?;
                let row = |message| match message {
                    SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                    _ => None,
                };
                Ok(messages.into_iter().filter_map(row).collect())
            }
            Connection::Mysql(conn) => {
                let rows: Vec<Option<Vec<u8>>> = conn.query(sql.mysql).await?;
                Ok(rows.into_iter().map(|text| String::from_utf8_lossy(&text.unwrap_or_default()).into()).collect())
            }
        }
    }

    /// The first column of the first row, as text.
    ///
    /// # Errors
    /// What the database says of the query.
    pub async fn text<'a>(&mut self, sql: impl Into<Sql<'a>>) -> Raw<Option<String>> {
        Ok(self.texts(sql).await?.into_iter().next())
    }

    /// Begins a transaction and locks a table against everyone who would write to it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lock(&mut self, table: &str) -> Raw<()> {
        self.run(Sql {
            sqlite: "BEGIN IMMEDIATE",
            postgres: &format!("BEGIN; LOCK TABLE \"{table}\" IN EXCLUSIVE MODE"),
            mysql: &format!("BEGIN; SELECT * FROM \"{table}\" FOR UPDATE"),
        })
        .await
    }

    /// Leaves the tables of the database without rows; ids count from 1 again.
    pub(super) async fn empty_tables(&mut self) -> Raw<()> {
        match &self.0 {
            // A file gives way to another one.
            Connection::Sqlite(_) => {}
            Connection::Postgres(_) => {
                if let Some(tables) = self.text(postgres::TABLES).await?.filter(|tables| !tables.is_empty()) {
                    self.run(&format!("TRUNCATE {tables} RESTART IDENTITY CASCADE")).await?;
                }
            }
            Connection::Mysql(_) => {
                let truncate = |table: String| format!("TRUNCATE \"{}\";", table.replace('"', "\"\""));
                let all: String = self.texts(mysql::TABLES).await?.into_iter().map(truncate).collect();
                self.run(&format!("SET foreign_key_checks = 0; {all} SET foreign_key_checks = 1")).await?;
            }
        }
        Ok(())
    }
}

fn text_of(value: rusqlite::types::Value) -> String {
    use rusqlite::types::Value;

    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}
