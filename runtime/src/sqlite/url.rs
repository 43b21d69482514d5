//! Where a database is: `sqlite::memory:`, `sqlite:shop.db`, `sqlite:///var/lib/shop.db?mode=ro`.
//!
//! Pure text; whether anything is there is seen when it is opened.

use std::path::PathBuf;

use crate::percent::decode;
use crate::{Error, Result};

/// What a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    Memory,
    File { path: PathBuf, mode: Mode },
}

/// What may be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// `mode=ro`
    Read,
    /// `mode=rw`: it must be there.
    Write,
    /// `mode=rwc`, which goes without saying: it is created if it is missing.
    Create,
}

/// Reads a URL.
///
/// # Errors
/// [`Error::Connect`] that says what was found and what is allowed.
pub(super) fn parse(url: &str) -> Result<Location> {
    let rest = url.strip_prefix("sqlite:").ok_or_else(|| refused(url, "it does not begin with `sqlite:`"))?;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    if path == ":memory:" || path == "//:memory:" {
        return match query {
            None => Ok(Location::Memory),
            Some(_) => Err(refused(url, "a database in memory takes no parameters")),
        };
    }
    let path = decode(path.strip_prefix("//").unwrap_or(path)).ok_or_else(|| {
        refused(
            url,
            "`%` is followed by two hexadecimal digits that are part of UTF-8 text, and `%25` stands for itself",
        )
    })?;
    if path.is_empty() {
        return Err(refused(url, "no file is named"));
    }
    let mut mode = Mode::Create;
    for parameter in query.into_iter().flat_map(|query| query.split('&')) {
        mode = match parameter {
            "mode=ro" => Mode::Read,
            "mode=rw" => Mode::Write,
            "mode=rwc" => Mode::Create,
            _ => {
                let reason =
                    format!("`{parameter}` is not known; what is known is `mode=ro`, `mode=rw` and `mode=rwc`");
                return Err(refused(url, &reason));
            }
        };
    }
    Ok(Location::File { path: path.into(), mode })
}

fn refused(url: &str, reason: &str) -> Error {
    Error::Connect {
        message: format!(
            "`{url}` is not the URL of a SQLite database: {reason} (write `sqlite:shop.db`, `sqlite:///folder/shop.db` or \
             `sqlite::memory:`)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, mode: Mode) -> Location {
        Location::File { path: path.into(), mode }
    }

    #[test]
    fn paths_are_relative_or_absolute() {
        assert_eq!(parse("sqlite::memory:").unwrap(), Location::Memory);
        assert_eq!(parse("sqlite://:memory:").unwrap(), Location::Memory);
        assert_eq!(parse("sqlite:shop.db").unwrap(), file("shop.db", Mode::Create));
        assert_eq!(parse("sqlite://shop.db").unwrap(), file("shop.db", Mode::Create));
        assert_eq!(parse("sqlite:///var/shop.db").unwrap(), file("/var/shop.db", Mode::Create));
        assert_eq!(parse("sqlite:/var/shop.db?mode=ro").unwrap(), file("/var/shop.db", Mode::Read));
        assert_eq!(parse("sqlite:a.db?mode=rw").unwrap(), file("a.db", Mode::Write));
        assert_eq!(parse("sqlite:a.db?mode=rwc").unwrap(), file("a.db", Mode::Create));
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(parse("sqlite:my%20shop%25.db").unwrap(), file("my shop%.db", Mode::Create));
        assert_eq!(parse("sqlite:a%3Fb").unwrap(), file("a?b", Mode::Create));
        assert_eq!(parse("sqlite:caf%C3%A9").unwrap(), file("café", Mode::Create));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_what_is() {
        for url in [
            "postgres://host/db",
            "sqlite",
            "sqlite:",
            "sqlite://",
            "sqlite:a.db?mode=memory",
            "sqlite:a.db?cache=shared",
            "sqlite:a.db?",
            "sqlite::memory:?mode=ro",
            "sqlite:50%.db",
            "sqlite:%+1.db",
            "sqlite:%ff.db",
        ] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.code(), "connect", "{url}");
            assert!(error.to_string().contains("sqlite:shop.db"), "{error}");
        }
        let error = parse("sqlite:a.db?cache=shared").unwrap_err().to_string();
        assert!(error.contains("`cache=shared`") && error.contains("`mode=ro`"), "{error}");
    }
}
