//! `relata init`: a schema to start from, and a program that uses it.
//!
//! Files that are there are kept; what they lack is said. Only `Cargo.toml`, which gets dependencies, and a
//! `src/main.rs` that is still as `cargo new` made it are changed.

mod manifest;
mod write;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use relata_compiler::{Inputs, check, json_schema};

use self::manifest::Manifest;
use self::write::Planned;
use super::{Failure, Outcome, report};

const LIBRARY: &str = include_str!("../../../templates/init/library.yaml");
const MAIN: &str = include_str!("../../../templates/init/main.rs");
const BUILD: &str = include_str!("../../../templates/init/build.rs");
const SETTINGS: &str = include_str!("../../../templates/init/relata.yaml");

/// What `cargo new` writes.
const UNTOUCHED_MAIN: &str = "fn main() {\n    println!(\"Hello, world!\");\n}\n";

/// Start a project: a schema with comments, build.rs, src/main.rs, and what Cargo.toml needs
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of the package, which is made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The name of a new package; default: the folder's
    #[arg(long)]
    name: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Outcome, Failure> {
    let plan = Plan::new(args)?;
    write::all(&plan.files)?;
    report::note(&plan.told(&args.folder))
}

/// What is to be written, and what is to be said of it.
#[derive(Default)]
struct Plan {
    files: Vec<Planned>,
    lines: Vec<String>,
    /// Whether the program that shows the schema is among the files.
    runs: bool,
}

impl Plan {
    fn new(args: &Args) -> Result<Self, Failure> {
        let folder = &args.folder;
        if folder.exists() && !folder.is_dir() {
            return Err(format!("`{}` is a file: name a folder", folder.display()).into());
        }
        let mut plan = Self::default();
        let cargo = read(&folder.join("Cargo.toml"))?;
        let has_schemas = has_schemas(&folder.join("schemas"));
        plan.schema(folder, has_schemas)?;
        let main = plan.main(folder, has_schemas)?;
        plan.cargo(args, cargo, main)?;
        Ok(plan)
    }

    /// The schema, its description for editors, and the settings.
    fn schema(&mut self, folder: &Path, has_schemas: bool) -> Result<(), Failure> {
        if has_schemas {
            self.kept("schemas/", "");
        } else {
            self.create(folder, "schemas/library.yaml", LIBRARY)?;
        }
        let (editor, language) = ("schemas/relata.schema.json", json_schema::language());
        match read(&folder.join(editor))? {
            Some(text) if text.replace("\r\n", "\n") != language => {
                self.kept(editor, &format!("what is new: relata json-schema > {editor}"));
            }
            _ => self.create(folder, editor, &language)?,
        }
        self.create(folder, "relata.yaml", SETTINGS)
    }

    /// The program, where there is none yet and it would find its schema; whether it is written.
    fn main(&mut self, folder: &Path, has_schemas: bool) -> Result<bool, Failure> {
        let (main, lib) = ("src/main.rs", "src/lib.rs");
        let module = |name: &str, public: &str| {
            let name = if has_schemas { "schema" } else { name };
            format!("{public}mod {name} {{\n    relata::include_schema!();\n}}")
        };
        for (name, public) in [(main, ""), (lib, "pub ")] {
            match read(&folder.join(name))? {
                Some(text) if text.contains("include_schema!") => {
                    self.kept(name, "");
                    return Ok(false);
                }
                Some(text) if name == main && text.replace("\r\n", "\n") == UNTOUCHED_MAIN && !has_schemas => {
                    self.lines.push(format!("replaced  {name}, which was as `cargo new` makes it"));
                    let path = folder.join(name);
                    self.files.push(Planned { path, text: MAIN.to_owned(), replaces: Some(text) });
                    self.runs = true;
                    return Ok(true);
                }
                Some(_) => {
                    self.kept(name, &module("library", public));
                    return Ok(false);
                }
                None => {}
            }
        }
        if has_schemas {
            let text = "//! Uses what is emitted for the schemas.\n\nmod schema {\n    relata::include_schema!();\n}\n\n\
                        fn main() {}\n";
            self.create(folder, main, text)?;
            return Ok(false);
        }
        self.create(folder, main, MAIN)?;
        self.runs = true;
        Ok(true)
    }

    /// The build script, and the manifest that names what it and the program link.
    fn cargo(&mut self, args: &Args, cargo: Option<String>, with_program: bool) -> Result<(), Failure> {
        let folder = &args.folder;
        let Some(before) = cargo else {
            let name = package_name(args)?;
            self.create(folder, "build.rs", BUILD)?;
            self.create(folder, "Cargo.toml", &manifest::new(&name))?;
            self.create(folder, ".gitignore", "/target\n")?;
            if let Some(workspace) = workspace_above(folder) {
                self.lines.push(format!(
                    "note      this lies in the workspace of {}: add the package to its `members`",
                    workspace.display()
                ));
            }
            return Ok(());
        };
        let path = folder.join("Cargo.toml");
        let of_manifest = |reason: String| format!("{} {reason}", path.display());
        let manifest = Manifest::read(&before).map_err(of_manifest)?;
        let script = manifest.build_script.clone().unwrap_or_else(|| "build.rs".to_owned());
        match read(&folder.join(&script))? {
            Some(text) if text.contains("relata_build") => self.kept(&script, ""),
            Some(_) => {
                self.kept(&script, "relata_build::Config::new().compile().expect(\"the schemas can be compiled\");");
            }
            None => self.create(folder, &script, BUILD)?,
        }
        let (text, added) = manifest.complete(with_program).map_err(of_manifest)?;
        if added.is_empty() {
            self.kept("Cargo.toml", "");
        } else {
            self.lines.push(format!("changed   Cargo.toml: added {}", added.join(", ")));
            self.files.push(Planned { path, text, replaces: Some(before) });
        }
        Ok(())
    }

    fn create(&mut self, folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
        let path = folder.join(name);
        if read(&path)?.is_some() {
            self.kept(name, "");
        } else {
            self.lines.push(format!("created   {name}"));
            self.files.push(Planned { path, text: text.to_owned(), replaces: None });
        }
        Ok(())
    }

    fn kept(&mut self, name: &str, lacks: &str) {
        let mut line = format!("kept      {name}");
        if !lacks.is_empty() {
            line.push_str(", which lacks");
            for lacking in lacks.lines() {
                let _ = write!(line, "\n              {lacking}");
            }
        }
        self.lines.push(line);
    }

    fn told(&self, folder: &Path) -> String {
        let lines = self.lines.join("\n");
        if self.files.is_empty() {
            return format!("{lines}\n\nNothing is changed.");
        }
        let folder = folder.display().to_string();
        let quote = if folder.contains(char::is_whitespace) { "\"" } else { "" };
        let go = if folder == "." { String::new() } else { format!("cd {quote}{folder}{quote} && ") };
        let next = if self.runs { "cargo run" } else { "cargo build" };
        format!("{lines}\n\nNext: {go}{next}")
    }
}

/// The text of a file, if there is one.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read {}: {error}", path.display()).into()),
    }
}

/// A schema to start from would be merged with schemas that are there.
fn has_schemas(folder: &Path) -> bool {
    folder.is_dir() && check(&Inputs::paths([folder.to_string_lossy()])).sources.files().next().is_some()
}

fn package_name(args: &Args) -> Result<String, Failure> {
    let folder = std::path::absolute(&args.folder).map_err(|error| format!("cannot tell the folder: {error}"))?;
    let of_folder = || folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = args.name.clone().unwrap_or_else(of_folder);
    match manifest::unfit(&name) {
        None => Ok(name),
        Some(reason) => {
            Err(format!("`{name}` cannot be the name of a package: {reason}; give one with `--name NAME`").into())
        }
    }
}

/// The manifest of the workspace that a new package would be part of.
fn workspace_above(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let manifests = folder.ancestors().skip(1).map(|above| above.join("Cargo.toml"));
    manifests.into_iter().find(|path| {
        fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.trim().starts_with("[workspace")))
    })
}
