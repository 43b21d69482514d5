//! A statement that was run, as it is told to people.

use std::fmt;
use std::time::Duration;

/// A statement that a call has run: its text, and what was measured of it. Values are bound, and never here.
///
/// Shown as text, it is the call, the SQL and the numbers: `find Order: SELECT … (3 rows, 0.412 ms)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentStatement {
    /// What the call does: `find`, `create`, `sql`, and so on.
    pub operation: &'static str,
    /// The model whose rows the call is about; of SQL that the program writes itself, none.
    pub model: Option<&'static str>,
    /// The relation that the call starts along, with its source: `Customer.orders`. None for calls on a repository.
    pub relation: Option<String>,
    /// The text as it was sent, with a mark for each value. Empty where it is the program's own SQL and must not show;
    /// see [`Builder::show_raw_sql`](crate::Builder::show_raw_sql).
    pub sql: String,
    /// How many rows it returned, or changed.
    pub rows: u64,
    /// How long it took, until its last row was read. Of statements that are sent together, all of them.
    pub elapsed: Duration,
    /// Whether it was refused, or was stopped before its end.
    pub failed: bool,
}

impl fmt::Display for SentStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, model, relation, sql, rows, elapsed, failed } = self;
        f.write_str(operation)?;
        if let Some(model) = model {
            write!(f, " {model}")?;
        }
        if let Some(relation) = relation {
            write!(f, " by {relation}")?;
        }
        let sql = if sql.is_empty() { "…" } else { sql };
        let plural = if *rows == 1 { "" } else { "s" };
        let failed = if *failed { "failed, " } else { "" };
        write!(f, ": {sql} ({failed}{rows} row{plural}, {:.3} ms)", elapsed.as_secs_f64() * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_as_a_line() {
        let mut sent = SentStatement {
            operation: "find",
            model: Some("Order"),
            relation: None,
            sql: "SELECT 1".to_owned(),
            rows: 1,
            elapsed: Duration::from_micros(412),
            failed: false,
        };
        assert_eq!(sent.to_string(), "find Order: SELECT 1 (1 row, 0.412 ms)");
        sent = SentStatement { relation: Some("Customer.orders".to_owned()), rows: 0, failed: true, ..sent };
        assert_eq!(sent.to_string(), "find Order by Customer.orders: SELECT 1 (failed, 0 rows, 0.412 ms)");
        sent = SentStatement { operation: "sql", model: None, relation: None, sql: String::new(), ..sent };
        assert_eq!(sent.to_string(), "sql: … (failed, 0 rows, 0.412 ms)");
    }
}
