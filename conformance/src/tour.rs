//! Examples as programs: what one prints is in a file beside its test, and is the same on every database.
//!
//! Knows nothing of what the examples show.

use std::path::Path;
use std::process::Command;

use crate::database::{self, Database, Place};

/// Runs the example with the URL of an empty database at each place, and compares what it prints with the file.
///
/// # Panics
/// When it fails, or prints something else; where `UPDATE_EXPECT` is set and `CI` is not, the file is written anew
/// first.
#[allow(clippy::print_stderr, reason = "what is skipped is said")]
pub fn prints_the_same_everywhere(program: &str, file: impl AsRef<Path>) {
    let _leave = Leave;
    let (file, ci) = (file.as_ref(), std::env::var_os("CI").is_some());
    if std::env::var_os("UPDATE_EXPECT").is_some() && !ci {
        let now = Database::new(Place::Sqlite).map(|database| output(program, &database));
        std::fs::write(file, now.expect("SQLite is part of the program")).expect("the file beside the test is written");
    }
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    for &place in Place::ALL {
        match Database::new(place) {
            Ok(database) => {
                let found = output(program, &database);
                assert!(
                    found == expected,
                    "the tour differs on {}\n--- {}\n{expected}\n--- now\n{found}\nif this is right, renew the file with \
                     `UPDATE_EXPECT=1 cargo test`",
                    place.name(),
                    file.display(),
                );
            }
            Err(reason) => {
                assert!(!ci, "{reason}");
                eprintln!("SKIPPED: the tour on {}: {reason}", place.name());
            }
        }
    }
}

/// What the program prints on that database.
fn output(program: &str, database: &Database) -> String {
    let output = Command::new(program).arg(database.url()).output().expect("cargo built the program before its test");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "on {}: {errors}", database.place().name());
    String::from_utf8(output.stdout).expect("a tour is text")
}

/// Takes the databases away from the servers, whatever came of the test.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        database::leave();
    }
}
