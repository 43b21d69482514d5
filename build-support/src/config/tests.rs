//! What is told to Cargo under which settings, without Cargo.

use std::fs;
use std::path::Path;
use std::thread;

use tempfile::TempDir;

use super::Config;
use crate::cargo::Directives;

const PET: &str = "models: { Pet: { properties: { id: { type: integer, id: true } } } }\n";
const WARNS: &str = "enums: { Mood: [good] }\n";
const WRONG: &str = "models: { Toy: { properties: { id: { type: integr, id: true } } } }\n";

/// A package's folder.
struct Package(TempDir);

impl Package {
    /// With settings, and a schema that has a warning.
    fn new(settings: &str) -> Self {
        let package = Self(tempfile::tempdir().expect("a temporary folder"));
        package.write("schemas/pet.yaml", &format!("{WARNS}{PET}"));
        package.write("relata.yaml", settings);
        package
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn config(&self) -> Config {
        Config { folder: self.0.path().to_owned(), ..Config::new() }
    }

    /// What Cargo is told, with paths from the package.
    fn told(&self, config: Config) -> Result<String, String> {
        let mut directives = Directives::default();
        config.run(&mut directives).map_err(|error| error.to_string())?;
        let folder = format!("{}/", self.0.path().display());
        Ok(directives.text().replace(&folder, ""))
    }

    #[track_caller]
    fn tells(&self, config: Config) -> String {
        self.told(config).expect("it can run")
    }
}

#[test]
fn the_file_says_what_the_script_does_not() {
    let package = Package::new(
        "schemas: schemas\nout: src/pets\nlints: { unused-enum: allow }\nderives: { Pet: Eq }\nattributes: { all: '#[must_use]' }\n",
    );
    let told = package.tells(package.config().derive("Pet", "Hash"));
    assert_eq!(
        told,
        "cargo::rerun-if-changed=relata.yaml\ncargo::rerun-if-changed=schemas\n\
         cargo::rerun-if-changed=schemas/pet.yaml\n"
    );
    let pet = package.read("src/pets/pet.rs");
    assert!(pet.contains("#[derive(Eq)]\n#[must_use]\n#[derive(Hash)]\npub struct Pet {"), "{pet}");
}

#[test]
fn the_script_beats_the_file() {
    let package = Package::new("schemas: other\nout: src/pets\n");
    package.write("more/toy.yaml", PET);
    let more = package.0.path().join("more");
    package.tells(package.config().schemas(more).out_dir(package.0.path().join("src/toys")));
    assert!(package.read("src/toys/pet.rs").contains("pub struct Pet {"));
    assert!(!package.0.path().join("src/pets").exists());
}

#[test]
fn without_a_file_schemas_lie_in_their_folder() {
    let package = Package::new("");
    fs::remove_file(package.0.path().join("relata.yaml")).expect("it can be removed");
    let out = package.0.path().join("out");
    let told = package.tells(package.config().out_dir(&out));
    assert!(told.starts_with("cargo::rerun-if-changed=schemas\n"), "{told}");
    assert!(told.contains("cargo::warning=warning[unused-enum]"), "{told}");
    fs::remove_dir_all(package.0.path().join("schemas")).expect("it can be removed");
    let error = package.told(package.config().out_dir(&out)).expect_err("there is nothing to compile");
    assert!(error.starts_with("nothing to read: "), "{error}");
}

#[test]
fn wrong_settings_fail_the_build_with_their_place() {
    let package = Package::new("schema: schemas\nout: src/pets\n");
    let told = package.tells(package.config());
    assert!(told.starts_with("cargo::rerun-if-changed=relata.yaml\ncargo::error=error[invalid-config]: "), "{told}");
    assert!(told.contains("cargo::error= --> relata.yaml:1:1\n"), "{told}");
    assert!(told.contains("did you mean `schemas`?"), "{told}");
    assert!(!package.0.path().join("src").exists());

    package.write("relata.yaml", "out: src/pets\nderives: { Pte: Eq }\n");
    let told = package.tells(package.config());
    assert!(told.contains("cargo::error=error[invalid-config]: `Pte` is no model"), "{told}");
    assert!(!package.0.path().join("src").exists());
}

#[test]
fn denied_warnings_fail_the_build() {
    let package = Package::new("out: src/pets\nlints: { warnings: deny }\n");
    let told = package.tells(package.config());
    assert!(told.contains("cargo::error=error[unused-enum]") && !told.contains("cargo::warning"), "{told}");
    assert!(told.contains("denied by `warnings: deny` in relata.yaml"), "{told}");
    assert!(!package.0.path().join("src").exists());
}

#[test]
fn known_warnings_are_left_out_and_known_errors_are_not() {
    let package = Package::new("out: src/pets\nbaseline: known.yaml\nlints: { warnings: deny }\n");
    let known =
        "findings:\n- { file: schemas/pet.yaml, code: unused-enum, message: no property is of the type `Mood` }\n";
    package.write("known.yaml", known);
    let told = package.tells(package.config());
    assert!(told.contains("cargo::rerun-if-changed=known.yaml\n"), "{told}");
    assert!(!told.contains("cargo::error") && !told.contains("cargo::warning"), "{told}");
    assert!(package.read("src/pets/pet.rs").contains("pub struct Pet {"));

    package.write("schemas/toy.yaml", WRONG);
    package.write(
        "known.yaml",
        "findings:\n- { file: schemas/toy.yaml, code: unknown-type, message: there is no type `integr` }\n",
    );
    let told = package.tells(package.config());
    assert!(told.contains("cargo::error=error[unknown-type]"), "{told}");
    assert!(!told.contains("stale-baseline"), "{told}");
}

#[test]
fn one_of_several_is_chosen_by_name() {
    let package = Package::new(
        "schemas:\n  pets: { paths: schemas, out: src/pets }\n  toys: { paths: more, out: src/toys }\nlints: { warnings: allow }\n",
    );
    package.write("more/toy.yaml", PET);
    let error = package.told(package.config()).expect_err("which of them is not said");
    assert_eq!(error, "relata.yaml lists several schemas: say which, with `.schema(\"pets\")` or `.schema(\"toys\")`");
    let error = package.told(package.config().schema("toy")).expect_err("there is none");
    assert!(error.contains("did you mean `toys`?"), "{error}");
    package.tells(package.config().schema("toys"));
    assert!(package.0.path().join("src/toys/mod.rs").exists() && !package.0.path().join("src/pets").exists());
}

#[test]
fn paths_with_backslashes_are_watched_by_their_names() {
    let package =
        Package::new("schemas: ['schemas\\more', schemas\\pet.yaml]\nout: src\\pets\nlints: { warnings: allow }\n");
    package.write("schemas/more/toy.yaml", &PET.replace("Pet", "Toy"));
    assert_eq!(
        package.tells(package.config()),
        "cargo::rerun-if-changed=relata.yaml\ncargo::rerun-if-changed=schemas/more\n\
         cargo::rerun-if-changed=schemas/more/toy.yaml\ncargo::rerun-if-changed=schemas/pet.yaml\n"
    );
    assert!(package.read("src/pets/toy.rs").contains("pub struct Toy {"));
}

/// As those of an editor and of a terminal, which do not share a target folder.
#[test]
fn the_code_of_several_scripts_does_not_mix() {
    let package = Package::new("out: src/pets\nlints: { warnings: allow }\n");
    let names = ["Cat", "Dog", "Emu", "Fox"];
    for name in names {
        let model = |name: &str| format!("  {name}: {{ properties: {{ id: {{ type: integer, id: true }} }} }}\n");
        let own: String = (0..6).map(|at| model(&format!("{name}{at}"))).collect();
        package.write(&format!("{name}.yaml"), &format!("models:\n{own}{}", model("Pet")));
    }
    for _ in 0..4 {
        thread::scope(|scope| {
            for name in names {
                let config = package.config().schemas(package.0.path().join(format!("{name}.yaml")));
                let package = &package;
                scope.spawn(move || package.tells(config));
            }
        });
        let out = package.0.path().join("src/pets");
        let files = fs::read_dir(&out).expect("it was written").map(|entry| entry.expect("it can be read").file_name());
        let mut files: Vec<_> = files.map(|name| name.to_string_lossy().into_owned()).collect();
        files.sort();
        let of = |name: &str| -> Vec<String> {
            let own = (0..6).map(|at| format!("{}{at}.rs", name.to_lowercase()));
            own.chain(["mod.rs".to_owned(), "pet.rs".to_owned()]).collect()
        };
        let whose = names.into_iter().find(|name| of(name) == files).expect("the files are those of one script");
        let root = package.read("src/pets/mod.rs");
        assert!(root.contains(&format!("{}0", whose.to_lowercase())), "and so is what ties them together");
    }
}
