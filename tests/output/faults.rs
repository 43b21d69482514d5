//! Systems that refuse in the middle: no more room, a limit on the size of files, a file that cannot be replaced.

use std::ops::Range;
use std::process::Command;

use super::program::{Folder, Ran};
use super::schemas::{emitted, models};
use super::{held, skipped};

/// A shell in the folder, with the program as `$0`.
fn shell(folder: &Folder, script: &str) -> Ran {
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_relata")]).current_dir(folder.root());
    Ran::of(&mut command)
}

/// Small models, and one in the middle whose file is larger than twice any other.
fn schema(range: Range<usize>, property: &str) -> String {
    let one = format!("{property}: string");
    let many: Vec<_> = (0..60).map(|at| format!("{property}{at}: string")).collect();
    let schema = models(range, property);
    let (before, large) = schema.split_once("  M3: ").expect("it has four models");
    format!("{before}  M3: {}", large.replacen(&one, &many.join(", "), 1))
}

fn new() -> String {
    schema(1..7, "new")
}

/// One in which everything is about to change.
fn project() -> Folder {
    let folder = Folder::with(&[("schemas/schema.yaml", &schema(0..6, "old"))]);
    assert_eq!(folder.run(&["generate", "--out", "out"]).code, Some(0));
    folder.write("schemas/schema.yaml", &new());
    folder
}

#[test]
fn a_file_that_cannot_be_written_leaves_all_as_they_were() {
    let folder = project();
    let before = held(&folder.path("out"));
    // In blocks of 512 bytes: a size between that of one file and those of the others.
    let largest =
        |large: bool| before.iter().filter(|(name, _)| (*name == "m3.rs") == large).map(|(_, bytes)| bytes.len()).max();
    let limit = largest(false).expect("there are files") * 2 / 512;
    assert!(largest(true) > Some(limit * 1024), "{:?} and {:?}", largest(true), largest(false));
    let limited = format!("ulimit -f {limit} && exec \"$0\" generate --out out");
    let ran = shell(&folder, &format!("trap '' XFSZ; {limited}"));
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("cannot write `out/m3.rs`: File too large"), "{}", ran.err);
    assert!(ran.err.contains("; the output is as it was"), "{}", ran.err);
    assert_eq!(held(&folder.path("out")), before, "nothing is left, nothing is new");
    // Here the system kills it.
    assert_eq!(shell(&folder, &limited).code, None);
    let mut now = held(&folder.path("out"));
    assert!(now.remove(".relata-new").is_some(), "it was killed while it wrote");
    assert_eq!(now, before);
    assert_eq!(folder.run(&["generate", "--out", "out"]).code, Some(0));
    assert_eq!(held(&folder.path("out")), emitted(&new()));
}

#[test]
fn a_full_disk_leaves_all_as_they_were() {
    let folder = project();
    let before = held(&folder.path("out"));
    // The mount is seen by this shell only, and goes with it.
    let script = "
        mkdir disk && mount -t tmpfs -o size=2m tmpfs disk || exit 77
        cp -r out disk/out
        room=$(df --output=avail -k disk | tail -n 1)
        dd if=/dev/zero of=disk/full bs=1024 count=$((room - 60)) status=none
        if \"$0\" generate --out disk/out; then echo enough; exit 1; fi
        cp -r disk/out after
        rm disk/full && \"$0\" generate --out disk/out && cp -r disk/out mended";
    let Ok(output) = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", script, env!("CARGO_BIN_EXE_relata")])
        .current_dir(folder.root())
        .output()
    else {
        return skipped("there is no `unshare` to mount a small disk with");
    };
    let ran = Ran::from(output);
    if !folder.path("after").exists() && !ran.out.contains("enough") {
        return skipped(&format!("no small disk can be mounted: {}", ran.err.trim()));
    }
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("No space left on device") && ran.err.contains("; the output is as it was"),
        "{}",
        ran.err
    );
    assert_eq!(held(&folder.path("after")), before);
    assert_eq!(held(&folder.path("mended")), emitted(&new()));
}

/// All could be written, and one cannot be replaced: those before are put back.
#[test]
fn a_file_that_cannot_be_replaced_leaves_all_as_they_were() {
    let folder = project();
    let before = held(&folder.path("out"));
    for name in ["mod.rs", "m4.rs"] {
        if shell(&folder, &format!("chattr +i out/{name}")).code != Some(0) {
            return skipped("no file can be made immutable");
        }
        let ran = folder.run(&["generate", "--out", "out"]);
        assert_eq!(shell(&folder, &format!("chattr -i out/{name}")).code, Some(0));
        assert_eq!(ran.code, Some(2));
        let says =
            format!("cannot write `out/{name}`: Operation not permitted (os error 1); the output is as it was\n");
        assert!(ran.err.ends_with(&says), "{}", ran.err);
        assert_eq!(held(&folder.path("out")), before);
    }
    // One that is no longer emitted, at the very end.
    folder.write("schemas/schema.yaml", &models(0..4, "new"));
    assert_eq!(shell(&folder, "chattr +i out/m5.rs").code, Some(0));
    let ran = folder.run(&["generate", "--out", "out"]);
    assert_eq!(shell(&folder, "chattr -i out/m5.rs").code, Some(0));
    assert!(ran.err.contains("cannot remove `out/m5.rs`"), "{}", ran.err);
    assert_eq!(held(&folder.path("out")), before);
    assert_eq!(folder.run(&["generate", "--out", "out"]).code, Some(0));
    assert_eq!(held(&folder.path("out")), emitted(&models(0..4, "new")));
}
