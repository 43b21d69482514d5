//! Several runs on one folder at once.

use std::fs;
#[cfg(unix)]
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::held;
use super::program::Folder;
use super::schemas::{emitted, models};

#[test]
fn the_code_of_several_runs_does_not_mix() {
    let schemas: Vec<_> = (0..4).map(|at| models(at * 2..at * 2 + 8, &format!("of{at}"))).collect();
    let sets: Vec<_> = schemas.iter().map(|schema| emitted(schema)).collect();
    let folder = Folder::with(&[]);
    for (at, schema) in schemas.iter().enumerate() {
        folder.write(&format!("schema{at}.yaml"), schema);
    }
    for round in 0..5 {
        let runs: Vec<_> = (0..4)
            .map(|at| {
                let schema = format!("schema{}.yaml", (at + round) % 4);
                let mut run = folder.command(&["generate", &schema, "--out", "out"]);
                run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
            })
            .collect();
        for run in runs {
            let output = run.wait_with_output().expect("it is ours");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let now = held(&folder.path("out"));
        assert!(sets.contains(&now), "the folder holds what no schema gives: {:?}", now.keys());
        if round % 2 == 1 {
            fs::remove_dir_all(folder.path("out")).expect("it is there");
        }
    }
}

#[cfg(unix)]
#[test]
fn who_waits_says_so() {
    let folder = Folder::with(&[("schemas/schema.yaml", &models(0..2, "a"))]);
    fs::create_dir(folder.path("out")).expect("a folder can be made");
    let other = fs::File::open(folder.path("out")).expect("it is there");
    other.lock().expect("nobody else has it");
    let mut run = folder.command(&["generate", "--out", "out"]);
    let mut run = run.stderr(Stdio::piped()).spawn().expect("the program runs");
    let mut told = BufReader::new(run.stderr.take().expect("it is piped"));
    let mut line = String::new();
    told.read_line(&mut line).expect("it prints text");
    assert_eq!(line, "waiting: another run is writing to `out`\n");
    assert!(held(&folder.path("out")).is_empty());
    // The folder that it waits for goes, and another one comes.
    fs::remove_dir(folder.path("out")).expect("it is empty");
    drop(other);
    line.clear();
    told.read_line(&mut line).expect("it prints text");
    assert_eq!(line, "out: 3 written, 0 removed, 0 unchanged\n");
    assert!(run.wait().expect("it is ours").success());
    assert_eq!(held(&folder.path("out")), emitted(&models(0..2, "a")));

    // Who has nothing to write needs no lock.
    let other = fs::File::open(folder.path("out")).expect("it is there");
    other.lock().expect("nobody else has it");
    assert_eq!(folder.run(&["generate", "--out", "out"]).err, "out: 0 written, 0 removed, 3 unchanged\n");
    assert_eq!(folder.run(&["generate", "--out", "out", "--check"]).code, Some(0));
}
