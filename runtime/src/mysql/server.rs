//! Which server answers: MariaDB or MySQL, of which version, with which limits.

use std::time::Duration;

use super::aggregates::Functions;
use super::documents::JsonPaths;
use super::lists;
use crate::driver::{Capabilities, Cut, Dialect, JsonColumn, Lists, Placeholder};
use crate::meta::PropertyMeta;

/// What a connection learns of its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) flavour: Flavour,
    /// The most bytes of one statement with its values.
    pub(super) max_packet: usize,
    /// By how much generated ids grow from row to row; unknown in a cluster, where it changes when nodes come and go.
    pub(super) increment: Option<i64>,
    /// After how long the server closes a connection that nobody uses.
    pub(super) idle_limit: Duration,
    /// It stops statements that run too long by itself.
    pub(super) stops: bool,
    /// A lock that was waited for too long undoes the whole transaction: `innodb_rollback_on_timeout`.
    pub(super) undoes_after_waiting: bool,
}

/// The two servers that speak this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    MariaDb,
    MySql,
}

/// Servers that speak the protocol and lack what statements take, as their versions name them.
const LOOKALIKES: [(&str, &str); 2] = [("tidb", "TiDB"), ("vitess", "Vitess")];

impl Flavour {
    /// What the version that a server tells names.
    ///
    /// # Errors
    /// What is wrong with it, for a server that is too old or another one.
    pub(super) fn of(version: &str) -> Result<Self, String> {
        let lower = version.to_ascii_lowercase();
        if let Some((_, name)) = LOOKALIKES.into_iter().find(|(part, _)| lower.contains(part)) {
            return Err(format!(
                "the server is {name} (`{version}`), which has no `JSON_TABLE`: statements give lists of keys and values \
                 by it"
            ));
        }
        let mut parts =
            version.split(|character: char| !character.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0_u32);
        let found = (next(), next(), next());
        let (flavour, name, least) = if lower.contains("mariadb") {
            (Self::MariaDb, "MariaDB", (10, 6, 0))
        } else {
            (Self::MySql, "MySQL", (8, 0, 17))
        };
        if found >= least {
            return Ok(flavour);
        }
        let (major, minor, patch) = least;
        Err(format!(
            "the server is too old: it is {name} `{version}`, and {major}.{minor}.{patch} is the oldest supported"
        ))
    }

    /// The collation by which text is compared by code point, trailing blanks counted.
    pub(super) fn collation(self) -> &'static str {
        match self {
            Self::MariaDb => "utf8mb4_nopad_bin",
            Self::MySql => "utf8mb4_0900_bin",
        }
    }

    pub(super) fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::MariaDb => &MARIADB,
            Self::MySql => &MYSQL,
        }
    }
}

/// MariaDB. Measured on 10.11: a bound JSON list costs no more than marks, from 1 key to 20,000, and its text stays
/// the same; limits per parent are 4 to 40 times as fast by a branch of a UNION for each parent as by a window.
pub(crate) static MARIADB: Capabilities = Capabilities {
    system: "mariadb",
    dialect: Dialect::Mysql,
    quote: '`',
    placeholder: Placeholder::Plain,
    schemas: false,
    lists: Lists::JsonTable { column: |property| json_column(property, Flavour::MariaDb) },
    documents: &JsonPaths(Flavour::MariaDb),
    aggregates: &Functions,
    cut: Cut::Branches(64),
    least: "LEAST(",
    greatest: "GREATEST(",
    no_limit: "18446744073709551615",
    // `max_sort_length` is 1,024 bytes, and a character has up to four.
    sorts_by: Some(255),
    nulls_first: true,
    ilike: None,
    escape: r" ESCAPE '\\'",
    regexp: ["", " REGEXP ", ""],
    deletes_by_alias: false,
    reads_what_it_changes: false,
    checks_keys_at_end: false,
    for_update: " FOR UPDATE",
    for_no_key_update: " FOR UPDATE",
    for_share: " LOCK IN SHARE MODE",
    compares_rows: false,
    returning: false,
    arithmetic: &super::arithmetic::Strict,
    // `ON DUPLICATE KEY UPDATE` changes the row that has any of the keys, whichever is meant.
    upserts: 0,
    counter: None,
};

/// MySQL, by its documentation.
pub(crate) static MYSQL: Capabilities = Capabilities {
    system: "mysql",
    dialect: Dialect::Mysql,
    quote: '`',
    placeholder: Placeholder::Plain,
    schemas: false,
    lists: Lists::JsonTable { column: |property| json_column(property, Flavour::MySql) },
    documents: &JsonPaths(Flavour::MySql),
    aggregates: &Functions,
    cut: Cut::Lateral,
    least: "LEAST(",
    greatest: "GREATEST(",
    no_limit: "18446744073709551615",
    // `max_sort_length` is 1,024 bytes, and a character has up to four.
    sorts_by: Some(255),
    nulls_first: true,
    ilike: None,
    escape: r" ESCAPE '\\'",
    regexp: ["", " REGEXP ", ""],
    deletes_by_alias: false,
    reads_what_it_changes: false,
    checks_keys_at_end: false,
    for_update: " FOR UPDATE",
    for_no_key_update: " FOR UPDATE",
    for_share: " FOR SHARE",
    compares_rows: false,
    returning: false,
    arithmetic: &super::arithmetic::Strict,
    // `ON DUPLICATE KEY UPDATE` changes the row that has any of the keys, whichever is meant.
    upserts: 0,
    counter: None,
};

fn json_column(property: &PropertyMeta, flavour: Flavour) -> JsonColumn {
    lists::column(property, flavour.collation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_only_look_like_mysql_are_refused_by_name() {
        for (version, name) in [("8.0.11-TiDB-v8.5.1", "TiDB"), ("8.0.30-Vitess", "Vitess")] {
            let reason = Flavour::of(version).unwrap_err();
            assert!(reason.contains(name) && reason.contains(version) && reason.contains("`JSON_TABLE`"), "{reason}");
        }
    }

    #[test]
    fn old_servers_are_refused_by_name_and_version() {
        assert_eq!(Flavour::of("10.11.19-MariaDB-0+deb12u1"), Ok(Flavour::MariaDb));
        assert_eq!(Flavour::of("10.6.0-MariaDB"), Ok(Flavour::MariaDb));
        assert_eq!(Flavour::of("11.4.2-MariaDB-log"), Ok(Flavour::MariaDb));
        assert_eq!(Flavour::of("8.0.17"), Ok(Flavour::MySql));
        assert_eq!(Flavour::of("8.4.3-commercial"), Ok(Flavour::MySql));
        assert_eq!(Flavour::of("9.1.0"), Ok(Flavour::MySql));
        for (version, name, least) in [
            ("10.5.26-MariaDB", "MariaDB", "10.6.0"),
            ("5.5.68-MariaDB", "MariaDB", "10.6.0"),
            ("8.0.16", "MySQL", "8.0.17"),
            ("5.7.44-log", "MySQL", "8.0.17"),
            ("", "MySQL", "8.0.17"),
        ] {
            let reason = Flavour::of(version).unwrap_err();
            assert!(reason.contains(name) && reason.contains(least) && reason.contains(version), "{reason}");
        }
    }
}
