//! The tour prints the same on every database.

#![cfg(feature = "servers")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

use std::process::Command;

use relata_conformance::database::{self, Database, Place};

/// What the tour prints on a database at that place.
fn tour(database: &Database) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_shop")).arg(database.url()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "on {}: {errors}", database.place().name());
    String::from_utf8(output.stdout).unwrap()
}

/// Takes the databases away from the servers, whatever came of the test.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        database::leave();
    }
}

#[test]
fn the_tour_prints_the_same_on_every_database() {
    let _leave = Leave;
    let expected = tour(&Database::new(Place::Sqlite).unwrap());
    assert!(expected.contains("invoice 2026-005"), "{expected}");
    for &place in Place::ALL {
        match Database::new(place) {
            Ok(database) => {
                let found = tour(&database);
                assert!(
                    found == expected,
                    "{}\n--- {}\n{found}\n--- SQLite\n{expected}",
                    "the tour differs",
                    place.name()
                );
            }
            Err(reason) => {
                assert!(std::env::var_os("CI").is_none(), "{reason}");
                eprintln!("SKIPPED: the tour on {}: {reason}", place.name());
            }
        }
    }
}
