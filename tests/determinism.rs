//! The order in which files are found and given changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use relata_compiler::plan::{Database, Options, ddl};
use relata_compiler::render::Files;
use relata_compiler::{Inputs, check, generate};

/// The models of every golden schema that go together, each in a file of its own.
fn parts() -> Vec<(String, String)> {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/shop");
    let entries = fs::read_dir(shop).expect("the shop is there").map(|entry| entry.expect("it can be read").path());
    let mut parts: BTreeMap<_, _> = entries
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a schema is text"))
        })
        .collect();
    for n in 0..5 {
        let text = format!(
            "models:\n  Extra{n}:\n    properties:\n      id: {{ type: integer, id: true }}\n    relations:\n      - belongsTo: Product\n"
        );
        parts.insert(format!("extra{n}.yaml"), text);
    }
    parts.into_iter().collect()
}

fn inputs(parts: &[(String, String)]) -> Inputs {
    parts.iter().fold(Inputs::default(), |inputs, (name, text)| inputs.and_text(name, text))
}

fn emitted(inputs: &Inputs) -> (Files, String) {
    let generated = generate(inputs, &Options::default(), &Files::default()).expect("the templates are sound");
    let graph = check(inputs).graph.expect("no findings");
    (generated.files.expect("no findings"), ddl(&graph, Database::Sqlite))
}

/// Turns, swaps and renames that reach very different orders; names decide the order in which files are read.
#[test]
fn any_order_gives_the_same_output() {
    let parts = parts();
    let expected = emitted(&inputs(&parts));
    for turn in 0..parts.len() {
        let mut turned = parts.clone();
        turned.rotate_left(turn);
        if turn % 2 == 1 {
            turned.reverse();
        }
        assert_eq!(emitted(&inputs(&turned)), expected);
        let renamed: Vec<_> =
            turned.into_iter().enumerate().map(|(at, (_, text))| (format!("{at:02}.yaml"), text)).collect();
        assert_eq!(emitted(&inputs(&renamed)), expected, "the names of files show");
    }
}

#[test]
fn a_file_on_disk_and_its_text_give_the_same_output() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/shop");
    let from_disk = emitted(&Inputs::paths([shop.to_string_lossy()]));
    let texts: Vec<_> = parts().into_iter().filter(|(name, _)| !name.starts_with("extra")).collect();
    assert_eq!(emitted(&inputs(&texts)), from_disk);
}
