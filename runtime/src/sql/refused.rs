//! Statements that are not sent: those that would leave a connection in another state than the next call expects.

use super::scan::Scanned;
use crate::driver::Dialect;

/// Whether a text that begins so reads, and writes nothing.
pub(super) fn reads(scanned: &Scanned) -> bool {
    match scanned.words.first().map(String::as_str) {
        Some("SELECT" | "VALUES" | "TABLE" | "SHOW" | "DESCRIBE" | "DESC") => true,
        Some("WITH" | "EXPLAIN") => !scanned.has_writing_word,
        _ => false,
    }
}

/// Why a text is not sent, if so.
pub(super) fn refusal(scanned: &Scanned, dialect: Dialect, in_transaction: bool) -> Option<String> {
    let word = |at: usize| scanned.words.get(at).map_or("", String::as_str);
    let (first, second) = (word(0), word(1));
    let is_temporary = matches!(second, "TEMPORARY" | "TEMP") || matches!(word(2), "TEMPORARY" | "TEMP");
    if first.is_empty() {
        return Some("the text holds no statement".to_owned());
    }
    // The body of a trigger or a routine has semicolons of its own; the database knows where that statement ends.
    if scanned.has_several && first != "CREATE" {
        return Some("the text holds more than one statement: each is a call of its own".to_owned());
    }
    if scanned.has_running_comment {
        return Some("a comment that the server runs, `/*! … */`, is not sent: write what it holds".to_owned());
    }
    match first {
        "BEGIN" | "START" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE" | "XA" => Some(format!(
            "`{first}` begins or ends a transaction on a connection that other calls use: what belongs together runs in \
             `db.transaction(…)`, and within one in `tx.transaction(…)`"
        )),
        "PREPARE" if second == "TRANSACTION" => {
            Some("`PREPARE TRANSACTION` ends a transaction: its end is that of `db.transaction(…)`".to_owned())
        }
        "SET" => set(second, dialect, in_transaction),
        "LOCK" if dialect == Dialect::Postgres => None,
        "DECLARE" | "FETCH" | "MOVE" | "CLOSE" if in_transaction => None,
        "CREATE" if is_temporary && !in_transaction => Some(
            "a temporary table is there for one connection of the pool only: make it in `db.transaction(…)`, and drop it \
             there"
                .to_owned(),
        ),
        "RESET" | "DISCARD" | "DEALLOCATE" | "EXECUTE" | "PREPARE" | "LISTEN" | "UNLISTEN" | "USE" | "LOCK" | "UNLOCK"
        | "HANDLER" | "DECLARE" | "FETCH" | "MOVE" | "CLOSE" => Some(format!(
            "`{first}` changes a connection of the pool for all calls that use it after this one"
        )),
        "COPY" if dialect == Dialect::Postgres => {
            Some("`COPY` takes a stream beside the statement, and there is none: write INSERT or SELECT".to_owned())
        }
        "PRAGMA" => Some(
            "`PRAGMA` changes a connection of the pool for all calls that use it after this one; what one tells is read \
             by `SELECT … FROM pragma_table_info('…')` and its like"
                .to_owned(),
        ),
        "ATTACH" | "DETACH" => Some(format!(
            "`{first}` changes one connection of the pool only: another file is another datasource"
        )),
        _ if dialect == Dialect::Mysql && in_transaction && commits(first, second) => Some(format!(
            "`{first}` commits the open transaction in MariaDB and MySQL: call it through `db`, outside of the transaction"
        )),
        _ => None,
    }
}

fn set(second: &str, dialect: Dialect, in_transaction: bool) -> Option<String> {
    match (dialect, second) {
        (Dialect::Postgres, "LOCAL" | "CONSTRAINTS") if in_transaction => None,
        (Dialect::Mysql, "STATEMENT") => None,
        (Dialect::Postgres, _) => Some(
            "`SET` changes a connection of the pool for all calls that use it after this one: in `db.transaction(…)` \
             write `SET LOCAL`, or `SELECT set_config(name, value, true)` with values that are bound"
                .to_owned(),
        ),
        _ => Some("`SET` changes a connection of the pool for all calls that use it after this one".to_owned()),
    }
}

/// Whether MariaDB and MySQL commit before they run it.
fn commits(first: &str, second: &str) -> bool {
    match first {
        "CREATE" | "DROP" => second != "TEMPORARY",
        "ANALYZE" => matches!(second, "TABLE" | "LOCAL" | "NO_WRITE_TO_BINLOG"),
        _ => [
            "ALTER",
            "RENAME",
            "TRUNCATE",
            "GRANT",
            "REVOKE",
            "OPTIMIZE",
            "REPAIR",
            "CHECK",
            "FLUSH",
            "INSTALL",
            "UNINSTALL",
            "CACHE",
            "LOAD",
            "PURGE",
            "CHANGE",
            "STOP",
        ]
        .contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use Dialect::{Mysql, Postgres, Sqlite};

    use super::super::scan::scan;
    use super::*;

    fn refused(text: &str, dialect: Dialect, in_transaction: bool) -> bool {
        refusal(&scan(text, dialect), dialect, in_transaction).is_some()
    }

    #[test]
    fn what_would_change_a_connection_is_refused() {
        for dialect in [Sqlite, Postgres, Mysql] {
            for in_transaction in [false, true] {
                for text in [
                    "COMMIT",
                    "/* x */ begin",
                    "-- x\n rollback to a",
                    "SAVEPOINT a",
                    "END",
                    "",
                    " ; ",
                    "SELECT 1; SELECT 2",
                    "PREPARE a AS SELECT 1",
                    "set x = 1",
                    "PRAGMA foreign_keys = off",
                    "USE b",
                    "DISCARD ALL",
                ] {
                    assert!(refused(text, dialect, in_transaction), "{dialect:?} {text}");
                }
                for text in ["SELECT 1", "UPDATE a SET b = ?", "INSERT INTO a VALUES (1);", "DELETE FROM a"] {
                    assert!(!refused(text, dialect, in_transaction), "{dialect:?} {text}");
                }
            }
        }
    }

    #[test]
    fn what_ends_with_the_transaction_is_sent_within_one() {
        for (text, dialect) in [
            ("SET LOCAL lock_timeout = '1s'", Postgres),
            ("SET CONSTRAINTS ALL DEFERRED", Postgres),
            ("CREATE TEMP TABLE a (b int)", Postgres),
            ("CREATE TEMPORARY TABLE a (b int)", Mysql),
        ] {
            assert!(refused(text, dialect, false), "{text}");
            assert!(!refused(text, dialect, true), "{text}");
        }
        for text in ["CREATE TABLE a (b int)", "TRUNCATE a", "ALTER TABLE a ADD b int", "DROP TABLE a"] {
            assert!(refused(text, Mysql, true) && !refused(text, Mysql, false), "{text}");
            assert!(!refused(text, Postgres, true), "{text}");
        }
        assert!(!refused("CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; SELECT 2; END", Sqlite, false));
        assert!(!refused("SET STATEMENT max_statement_time = 1 FOR SELECT 1", Mysql, false));
    }

    #[test]
    fn what_reads_is_told_from_what_writes() {
        let reads = |text| reads(&scan(text, Sqlite));
        for text in ["SELECT 1", "(select 1)", "WITH a AS (SELECT 1) SELECT replace(x, 'a', 'b') FROM a", "VALUES (1)"]
        {
            assert!(reads(text), "{text}");
        }
        for text in [
            "INSERT INTO a VALUES (1) RETURNING b",
            "WITH a AS (SELECT 1) DELETE FROM b",
            "EXPLAIN ANALYZE DELETE FROM a",
        ] {
            assert!(!reads(text), "{text}");
        }
    }
}
