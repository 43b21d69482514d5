//! `Cargo.toml`: a new one, or what is missing added to one that is there, in its own layout. Text in, text out.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

/// The version of the crates that the written code links: they are released together.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A crate that the written code links.
struct Needed {
    table: &'static str,
    name: &'static str,
    version: &'static str,
    features: &'static [&'static str],
}

const RUNTIME: Needed = Needed { table: "dependencies", name: "relata", version: VERSION, features: &["sqlite"] };
const TOKIO: Needed =
    Needed { table: "dependencies", name: "tokio", version: "1", features: &["macros", "rt-multi-thread"] };
const BUILD: Needed = Needed { table: "build-dependencies", name: "relata-build", version: VERSION, features: &[] };

/// What a `Cargo.toml` says that matters here.
pub(super) struct Manifest {
    document: DocumentMut,
    /// The build script, where it is not `build.rs`.
    pub(super) build_script: Option<String>,
}

impl Manifest {
    /// Reads one; a reason where nothing can be added to it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let document: DocumentMut = text.parse().map_err(|error| format!("is not TOML: {error}"))?;
        let Some(package) = document.get("package").and_then(Item::as_table_like) else {
            return Err("has no package: name the folder of a member of the workspace".to_owned());
        };
        let build_script = match package.get("build") {
            Some(build) if build.as_bool() == Some(false) => {
                return Err("has no build script (`build = false`): remove that line first".to_owned());
            }
            Some(build) => build.as_str().map(ToOwned::to_owned),
            None => None,
        };
        Ok(Self { document, build_script })
    }

    /// Adds what is missing, and says what that is.
    pub(super) fn complete(mut self, with_program: bool) -> Result<(String, Vec<String>), String> {
        let mut added = Vec::new();
        let needed = [Some(RUNTIME), with_program.then_some(TOKIO), Some(BUILD)];
        for needed in needed.into_iter().flatten() {
            let table = self.document.entry(needed.table).or_insert_with(|| Table::new().into());
            let table = table.as_table_like_mut().ok_or_else(|| format!("`{}` is not a table", needed.table))?;
            added.extend(needed.add(table)?);
        }
        Ok((self.document.to_string(), added))
    }
}

impl Needed {
    fn add(&self, table: &mut dyn TableLike) -> Result<Option<String>, String> {
        let Some(item) = table.get_mut(self.name) else {
            table.insert(self.name, self.dependency());
            return Ok(Some(format!("{} to [{}]", self.name, self.table)));
        };
        // `relata = "0.1"` becomes a table, if it is to have features.
        if !self.features.is_empty()
            && let Some(Value::String(version)) = item.as_value()
        {
            let mut long = InlineTable::new();
            *long.decor_mut() = version.decor().clone();
            long.insert("version", version.value().into());
            *item = Item::Value(long.into());
        }
        let Some(dependency) = item.as_table_like_mut().filter(|_| !self.features.is_empty()) else { return Ok(None) };
        if !dependency.contains_key("features") {
            dependency.insert("features", value(Array::new()));
        }
        let features = dependency.get_mut("features").and_then(Item::as_array_mut);
        let features = features.ok_or_else(|| format!("the features of `{}` are not a list", self.name))?;
        let missing: Vec<_> = self.features.iter().filter(|name| !has(features, name)).copied().collect();
        features.extend(missing.iter().copied());
        let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Ok((!missing.is_empty()).then(|| format!("{list} to the features of {}", self.name)))
    }

    fn dependency(&self) -> Item {
        if self.features.is_empty() {
            return value(self.version);
        }
        let mut long = InlineTable::new();
        long.insert("version", self.version.into());
        long.insert("features", self.features.iter().copied().collect::<Array>().into());
        value(long)
    }
}

fn has(features: &Array, name: &str) -> bool {
    features.iter().filter_map(Value::as_str).any(|known| known == name)
}

/// The manifest of a new package.
pub(super) fn new(name: &str) -> String {
    include_str!("../../../templates/init/Cargo.toml")
        .replace("RUST_VERSION", env!("CARGO_PKG_RUST_VERSION"))
        .replace("VERSION", VERSION)
        .replace("NAME", name)
}

/// Why Cargo would not take a name, or could not build what has it.
pub(super) fn unfit(name: &str) -> Option<&'static str> {
    const CARGO: &[&str] = &["build", "deps", "examples", "incremental"];
    const RUST: &[&str] = &["alloc", "core", "proc-macro", "proc_macro", "std", "test"];
    const LINKED: &[&str] = &[RUNTIME.name, BUILD.name, "relata_build", TOKIO.name];
    if name.is_empty() {
        Some("it is empty")
    } else if name.starts_with(|first: char| first.is_ascii_digit()) {
        Some("it begins with a digit")
    } else if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        Some("it may have ASCII letters, digits, `-` and `_`")
    } else if syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err() {
        Some("it is a word of Rust")
    } else if CARGO.contains(&name) {
        Some("Cargo has a folder of this name beside what it builds")
    } else if RUST.contains(&name) {
        Some("Rust has a crate of this name")
    } else if LINKED.contains(&name) {
        Some("the package will depend on a crate of this name")
    } else {
        None
    }
}
