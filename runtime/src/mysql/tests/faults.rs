//! What the server refuses, as what it means; never with a value.

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

fn database(scratch: &Scratch) -> Database {
    let database = scratch.open();
    let statements = [
        "CREATE TABLE p (id INT PRIMARY KEY AUTO_INCREMENT, email VARCHAR(20) NOT NULL, st VARCHAR(9), x INT, d DATE, \
         CONSTRAINT p_email_key UNIQUE (email), CONSTRAINT p_st_check CHECK (st IN ('new'))) ENGINE=InnoDB",
        "CREATE TABLE c (id INT PRIMARY KEY, p_id INT, CONSTRAINT `c_p``x_fkey` FOREIGN KEY (p_id) REFERENCES p (id)) \
         ENGINE=InnoDB",
        "INSERT INTO p (email) VALUES ('se''cret for key ''x''')",
        "INSERT INTO c VALUES (1, 1)",
    ];
    run(&database, Access::Write, &statements).unwrap();
    database
}

#[test]
fn each_constraint_is_told_apart_and_no_value_is_shown() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    for (sql, expected) in [
        ("INSERT INTO p (email) VALUES ('se''cret for key ''x''')", "Unique p_email_key"),
        ("INSERT INTO p (id, email) VALUES (1, 'secret')", "Unique PRIMARY"),
        ("UPDATE p SET id = 1, email = 'secret' WHERE id = 1 UNION", "1064"),
        ("INSERT INTO c VALUES (2, 7)", "ForeignKey c_p`x_fkey"),
        ("DELETE FROM p", "ForeignKey c_p`x_fkey"),
        ("UPDATE p SET id = 2", "ForeignKey c_p`x_fkey"),
        ("INSERT INTO p (email) VALUES (NULL)", "Check Column 'email' cannot be null"),
        ("INSERT INTO p (st) VALUES ('new')", "Check Field 'email' doesn't have a default value"),
        ("INSERT INTO p (email, st) VALUES ('a', 'secret')", "p_st_check"),
        ("INSERT INTO p (email) VALUES ('secret secret secret secret')", "Check Data too long for column 'email'"),
        ("INSERT INTO p (email, x) VALUES ('a', 99999999999)", "Range Out of range value for column 'x'"),
        ("UPDATE p SET id = id + 9223372036854775807", "Range BIGINT value is out of range in '…'"),
        ("INSERT INTO p (email, x) VALUES ('a', 'it''s secret')", "Check Incorrect integer value: '…' for column"),
        ("INSERT INTO p (email, d) VALUES ('a', 'secret')", "Check Incorrect date value: '…' for column"),
        ("UPDATE p SET x = CAST('secret' AS SIGNED)", "'…'"),
        ("SELECT 9223372036854775807 + 1", "Range BIGINT value is out of range in '…'"),
    ] {
        let found = match block_on(database.run_work(Access::Write, None, Refused(sql))).unwrap() {
            Fault::Unique(Constraint::Name(name)) => format!("Unique {name}"),
            Fault::ForeignKey(Some(name)) => format!("ForeignKey {name}"),
            Fault::Check { detail } => format!("Check {detail}"),
            Fault::Range { detail } => format!("Range {detail}"),
            Fault::Pattern { detail } => format!("Pattern {detail}"),
            Fault::Other(Error::Driver { message }) if expected == "1064" => {
                assert!(message.contains("SQL syntax"), "{message}");
                "1064".to_owned()
            }
            other => panic!("{sql}: {other:?}"),
        };
        assert!(found.contains(expected), "{sql}: {found}");
        assert!(!found.contains("secret"), "{sql}: {found}");
    }
}

#[test]
fn other_refusals_are_worded() {
    let Some(scratch) = Scratch::new() else { return };
    let database = database(&scratch);
    for (access, sql, code, part) in [
        (Access::Read, "SELECT * FROM missing", "driver", "missing' doesn't exist"),
        (Access::Read, "SELECT missing FROM p", "driver", "Unknown column 'missing'"),
        (Access::Snapshot, "DELETE FROM c", "unavailable", "READ ONLY"),
        (Access::Read, "SELECT * FROM p WHERE", "driver", "SQL syntax"),
    ] {
        let error = run(&database, access, &[sql]).unwrap_err();
        let text = message(&error, code);
        assert!(text.contains(part), "{text}");
        let hinted = text.contains("create_tables") && text.contains(&scratch.url());
        assert_eq!(hinted, sql.contains("missing"), "{text}");
    }
    assert_eq!(run(&database, Access::Read, &["SELECT COUNT(*) FROM c"]).unwrap(), [1]);
}
