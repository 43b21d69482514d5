//! What SQLite refuses, as what it means.

use super::*;
use crate::driver::{Constraint, Fault};

/// A statement, and why it is refused.
struct Refused(&'static str);

impl Work for Refused {
    type Answer = Fault;

    async fn run(self, session: &mut dyn Session) -> Result<Fault> {
        Ok(session.execute(self.0, &[]).await.expect_err("it is refused"))
    }
}

fn database() -> Database {
    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    let statements = [
        "CREATE TABLE p (id INTEGER PRIMARY KEY, email TEXT UNIQUE, a INTEGER, b INTEGER, UNIQUE (a, b)) STRICT",
        "CREATE TABLE c (id INTEGER NOT NULL CHECK (id > 0), p_id INTEGER REFERENCES p (id) ON DELETE RESTRICT) STRICT",
        "CREATE TABLE w (k TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE UNIQUE INDEX w_lower ON w (lower(k))",
        "INSERT INTO p VALUES (1, 'secret', 1, 1)",
        "INSERT INTO c VALUES (1, 1)",
        "CREATE TABLE x (k TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        "INSERT INTO w VALUES ('secret')",
        "INSERT INTO x VALUES ('secret')",
    ];
    run(&database, Access::Write, &statements).unwrap();
    database
}

#[test]
fn each_constraint_is_told_apart_and_no_value_is_shown() {
    let database = database();
    for (sql, expected) in [
        ("INSERT INTO p (id) VALUES (1)", "Unique (id)"),
        ("INSERT INTO p (email) VALUES ('secret')", "Unique (email)"),
        ("INSERT INTO w VALUES ('SECRET')", "Unique w_lower"),
        ("INSERT INTO p (a, b) VALUES (1, 1)", "Unique (a, b)"),
        ("INSERT INTO x VALUES ('secret')", "Unique (k)"),
        ("INSERT INTO c VALUES (2, 7)", "ForeignKey None"),
        ("DELETE FROM p", "ForeignKey None"),
        ("UPDATE p SET id = 2", "ForeignKey None"),
        ("INSERT INTO c VALUES (NULL, 1)", "Check NOT NULL constraint failed: c.id"),
        ("INSERT INTO c VALUES (0, 1)", "Check CHECK constraint failed: id > 0"),
        ("INSERT INTO c VALUES ('secret', 1)", "Range cannot store TEXT value in INTEGER column c.id"),
        ("UPDATE p SET a = a + 9223372036854775807", "Range cannot store REAL value in INTEGER column p.a"),
        ("SELECT SUM(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1)", "Range integer overflow"),
    ] {
        let found = match block_on(database.run_work(Access::Write, None, Refused(sql))).unwrap() {
            Fault::Unique(Constraint::Name(name)) => format!("Unique {name}"),
            Fault::Unique(Constraint::Columns(columns)) => format!("Unique ({})", columns.join(", ")),
            Fault::ForeignKey(name) => format!("ForeignKey {name:?}"),
            Fault::Check { detail } => format!("Check {detail}"),
            Fault::Range { detail } => format!("Range {detail}"),
            Fault::Pattern { detail } => format!("Pattern {detail}"),
            Fault::Other(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{sql}");
    }
}

#[test]
fn a_deferred_foreign_key_is_found_at_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let database = file(folder.path(), SqliteExecution::InPlace);
    let table = "CREATE TABLE d (x INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED) STRICT";
    run(&database, Access::Write, &[table]).unwrap();
    let error = run(&database, Access::Atomic, &["INSERT INTO d VALUES (1)"]).unwrap_err();
    assert!(message(&error, "driver").contains("foreign key"), "{error}");
    assert_eq!(run(&database, Access::Atomic, &["SELECT count(*) FROM d"]).unwrap(), [0]);
}
