//! The benchmark's programs run, and both sides of each workload read the same rows: SQLite always, PostgreSQL and
//! MariaDB where their servers are installed. Nothing is timed.

#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::process::Command;

#[test]
fn both_sides_of_every_workload_read_the_same_rows() {
    let output = Command::new(env!("CARGO_BIN_EXE_databases")).arg("check").output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{err}");
    for filter in ["One", "Five", "Included"] {
        assert!(out.lines().any(|line| line.starts_with(&format!("filters {filter}: "))), "{filter}:\n{out}");
    }
    for backend in ["sqlite", "postgres", "mariadb"] {
        if err.contains(&format!("{backend}: ")) {
            eprintln!("skipped: {err}");
            continue;
        }
        for workload in ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W10", "top"] {
            let agreed = |line: &str| line.starts_with(&format!("{backend} {workload}: "));
            assert!(out.lines().any(agreed), "{backend} {workload}:\n{out}");
        }
        assert!(out.contains(&format!("\n{backend} view: 10000 rows")), "{backend}:\n{out}");
    }
}

#[test]
fn a_word_it_does_not_know_is_told_how_it_is_used() {
    let output = Command::new(env!("CARGO_BIN_EXE_databases")).arg("oracle").output().expect("it starts");
    assert!(!output.status.success());
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("usage: databases"), "{err}");
}
