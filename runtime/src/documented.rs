//! Whether messages are those that `docs/usage.md` shows; for tests.
//!
//! Knows nothing of what the messages are about.

const USAGE: &str = include_str!("../../docs/usage.md");

/// A column of the documents' tables of messages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    Postgres = 2,
    Mysql = 3,
}

impl Shown {
    /// Demands that the row of the table shows this message, where it shows any: what stands in backticks, with `…` for
    /// whatever else is said.
    #[track_caller]
    pub(crate) fn check(self, row: &str, text: &str) {
        let start = format!("| {row} |");
        let line = USAGE.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("docs/usage.md has no row `{row}`"));
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let code = cells[1].trim_matches('`');
        assert_eq!(code, "connect", "{row}");
        let cell = match cells[self as usize] {
            "the same" => cells[Self::Postgres as usize],
            cell => cell,
        };
        let shown: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!shown.is_empty(), "{row} shows no message");
        assert!(shown.iter().any(|shown| says(&text.replace('`', ""), shown)), "docs/usage.md shows {cell}: {text}");
    }
}

/// Whether every part of what is shown is there, in that order.
fn says(text: &str, shown: &str) -> bool {
    let mut rest = Some(text);
    for part in shown.split('…').map(str::trim) {
        rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, after)| after);
    }
    rest.is_some()
}

#[test]
fn parts_are_looked_for_in_their_order() {
    assert!(says("role \"a\" does not exist; is it?", "role … does not exist; …"));
    assert!(!says("does not exist: role \"a\"", "role … does not exist"));
}
