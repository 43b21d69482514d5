//! The program is killed at any moment; each file is whole, and the next run makes all of them right.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::program::Folder;
use super::random::{Random, number};
use super::schemas::{emitted, models};
use super::{Held, held};

const STAGING: &str = ".relata-new";

/// Kills the program after a while, counted from when it begins to write where `writing` says so; whether it came to its
/// end before.
fn killed(command: &mut Command, out: &Path, writing: bool, after: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    while writing && !out.join(STAGING).exists() && child.try_wait().expect("it is ours").is_none() {
        thread::yield_now();
    }
    let since = Instant::now();
    while since.elapsed() < after && child.try_wait().expect("it is ours").is_none() {
        thread::yield_now();
    }
    // One that has ended cannot be killed.
    let _ = child.kill();
    child.wait().expect("it is ours").success()
}

/// Every file is old or new, and none is missing that whatever `mod.rs` is there names.
fn is_whole(now: &Held, old: &Held, new: &Held) {
    for (name, bytes) in now.iter().filter(|(name, _)| *name != STAGING) {
        let is_one = [old, new].iter().any(|set| set.get(name) == Some(bytes));
        assert!(is_one, "{name} is neither old nor new, but:\n{}", String::from_utf8_lossy(bytes));
    }
    if now.get("mod.rs") == new.get("mod.rs") {
        let missing: Vec<_> = new.iter().filter(|(name, bytes)| now.get(*name) != Some(bytes)).collect();
        assert!(missing.is_empty(), "`mod.rs` is new and others are not: {missing:?}");
    } else {
        assert_eq!(now.get("mod.rs"), old.get("mod.rs"));
        let missing: Vec<_> = old.keys().filter(|name| !now.contains_key(*name)).collect();
        assert!(missing.is_empty(), "`mod.rs` is old and names what is gone: {missing:?}");
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_mends_them() {
    let schemas = [models(0..24, "old"), models(8..32, "new")];
    let sets = [emitted(&schemas[0]), emitted(&schemas[1])];
    let folder = Folder::with(&[]);
    let out = folder.path("out");
    let generate = |schema: &str| {
        folder.write("schemas/schema.yaml", schema);
        folder.command(&["generate", "--out", "out"])
    };
    assert_eq!(generate(&schemas[0]).output().expect("the program runs").status.code(), Some(0));
    let mut random = Random(number("SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut between, mut before) = (0, 0);
    let mut is = 0;
    for round in 0..number("KILLS", 30) {
        let to = 1 - is;
        // Mostly while it writes, which takes some milliseconds; else at any time.
        let writing = round % 5 > 0;
        let most = if writing { 6_000 } else { 60_000 };
        let after = Duration::from_micros(u64::try_from(random.below(most)).expect("it is small"));
        let ended = killed(&mut generate(&schemas[to]), &out, writing, after);
        let now = held(&out);
        is_whole(&now, &sets[is], &sets[to]);
        assert!(!ended || now == sets[to], "it came to its end and not all is new");
        between += usize::from(now.contains_key(STAGING));
        before += usize::from(now == sets[is]);
        assert_eq!(generate(&schemas[to]).output().expect("the program runs").status.code(), Some(0));
        assert_eq!(held(&out), sets[to], "the next run mends all");
        is = to;
    }
    // How many of the moments were those that matter is the machine's choice.
    let _ = writeln!(std::io::stderr(), "killed while it wrote: {between} times, before it did: {before} times");
}

/// A run that is killed while others wait for it lets them go on.
#[test]
fn a_killed_run_keeps_nobody_waiting() {
    let folder = Folder::with(&[("schemas/schema.yaml", &models(0..24, "old"))]);
    let expected = emitted(&models(0..24, "old"));
    for _ in 0..3 {
        let mut first = folder.command(&["generate", "--out", "out"]);
        let mut first = first.stderr(Stdio::null()).spawn().expect("the program runs");
        let second = folder.command(&["generate", "--out", "out"]).stderr(Stdio::null()).spawn();
        while !folder.path("out").exists() && first.try_wait().expect("it is ours").is_none() {
            thread::yield_now();
        }
        let _ = first.kill();
        first.wait().expect("it is ours");
        assert!(second.expect("the program runs").wait().expect("it is ours").success());
        assert_eq!(held(&folder.path("out")), expected);
        fs::remove_dir_all(folder.path("out")).expect("it is there");
    }
}
