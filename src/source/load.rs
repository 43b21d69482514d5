//! The only reader: finds schema files and reads them into a [`SourceMap`].
//!
//! What is found is sorted by path before anything is numbered, so that neither the order of the arguments nor
//! that of a directory listing shows. Knows nothing of what the files say.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{FileId, SourceMap, Span, glob};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, visible};

/// The largest schema file that is read.
pub(crate) const MAX_BYTES: usize = 8 * 1024 * 1024;

/// All files of a schema together.
const MAX_TOTAL: usize = 64 * 1024 * 1024;

/// Folders below folders, more than any schema needs.
const MAX_FOLDERS: usize = 64;

/// What to check: paths on disk, text in memory, or both.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files, folders (searched recursively) and patterns (`schemas/**/*.yaml`).
    pub paths: Vec<String>,
    /// Text that is already in memory, each with the name that findings give it.
    pub texts: Vec<(String, String)>,
    /// What was read from elsewhere and is not UTF-8, each with its name.
    pub undecoded: Vec<(String, Vec<u8>)>,
}

impl Inputs {
    /// Files, folders or patterns.
    pub fn paths<P: Into<String>>(paths: impl IntoIterator<Item = P>) -> Self {
        Self { paths: paths.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// One text in memory; the name stands for its path in findings.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::default().and_text(name, text)
    }

    /// One more text in memory.
    #[must_use]
    pub fn and_text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.texts.push((name.into(), text.into()));
        self
    }
}

impl Inputs {
    /// All that a stream says, such as standard input; no more is read than a schema file may hold.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn and_stream(mut self, name: impl Into<String>, stream: impl Read) -> io::Result<Self> {
        match String::from_utf8(limited(stream)?) {
            Ok(text) => Ok(self.and_text(name, text)),
            Err(error) => {
                self.undecoded.push((name.into(), error.into_bytes()));
                Ok(self)
            }
        }
    }
}

/// Finds and reads everything the inputs name.
pub(crate) fn load(inputs: &Inputs, findings: &mut Diagnostics) -> SourceMap {
    let mut search = Search::default();
    for path in &inputs.paths {
        search.argument(path, findings);
    }
    for (name, text) in &inputs.texts {
        search.found.insert(name.clone(), Found::Text(text.clone()));
    }
    for (name, bytes) in &inputs.undecoded {
        search.found.insert(name.clone(), Found::Bytes(bytes.clone()));
    }
    search.read(findings)
}

/// Reads one file that is no schema, under that name.
pub(crate) fn load_file(path: &Path, findings: &mut Diagnostics) -> SourceMap {
    let found = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Found::File(path.to_owned()),
        Ok(_) => Found::Broken(Broken::Unreadable("it is not a file".into())),
        Err(error) => Found::Broken(why(path, &error)),
    };
    let search = Search { found: BTreeMap::from([(display(path), found)]), ..Search::default() };
    search.read(findings)
}

/// What stands behind one display path.
enum Found {
    File(PathBuf),
    Text(String),
    Bytes(Vec<u8>),
    Broken(Broken),
}

/// Why a path cannot be read.
enum Broken {
    Unreadable(String),
    Loop,
}

#[derive(Default)]
struct Search {
    /// By display path.
    found: BTreeMap<String, Found>,
    /// Real paths, so that a file reached twice is read once.
    seen: BTreeSet<PathBuf>,
    /// The same in lower case, with each as it is written: where case does not count, a path may be written in many ways.
    folded: BTreeMap<String, Vec<PathBuf>>,
    watched: BTreeSet<PathBuf>,
}

impl Search {
    fn argument(&mut self, argument: &str, findings: &mut Diagnostics) {
        let before = self.found.len();
        let reached_before = self.seen.len();
        let path = Path::new(argument);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path, &|_| true, &mut Vec::new()),
            Ok(metadata) if metadata.is_file() => self.file(path),
            Ok(_) => self.broken(path, Broken::special()),
            Err(_) if glob::is_pattern(argument) => self.pattern(argument),
            Err(error) => self.broken(path, why(path, &error)),
        }
        if self.found.len() == before && self.seen.len() == reached_before && !self.reaches_known(path) {
            findings.push(
                Diagnostic::new(&codes::NO_SCHEMA_FILES, format!("no schema files in `{}`", display(path)))
                    .note("schema files end in `.yaml`, `.yml` or `.json`; `relata.yaml`, `relata-baseline.yaml`, `*.schema.json` and dot files are not schemas"),
            );
        }
    }

    /// Whether a path that brought nothing new names files that another argument brought already.
    fn reaches_known(&self, path: &Path) -> bool {
        let folder = if glob::is_pattern(&display(path)) {
            PathBuf::from(glob::split(&display(path)).0)
        } else {
            path.to_owned()
        };
        fs::canonicalize(folder).is_ok_and(|real| self.seen.iter().any(|seen| seen.starts_with(&real)))
    }

    fn pattern(&mut self, argument: &str) {
        let argument = argument.replace('\\', "/");
        let (base, pattern) = glob::split(&argument);
        let base = Path::new(base);
        if base.is_dir() {
            let below = |path: &Path| {
                let rest = path.strip_prefix(base).unwrap_or(path);
                glob::matches(pattern, &display(rest))
            };
            self.folder(base, &below, &mut Vec::new());
        }
    }

    /// Every schema file below a folder; `above` holds the real paths of the folders it lies in.
    fn folder(&mut self, path: &Path, wanted: &dyn Fn(&Path) -> bool, above: &mut Vec<PathBuf>) {
        let entries = match fs::canonicalize(path).and_then(|real| Ok((real, fs::read_dir(path)?))) {
            Ok((real, _)) if above.contains(&real) => return self.broken(path, Broken::Loop),
            Ok(_) if above.len() >= MAX_FOLDERS => {
                let reason = format!("folders are nested more than {MAX_FOLDERS} deep");
                return self.broken(path, Broken::Unreadable(reason));
            }
            Ok((real, entries)) => {
                above.push(real);
                entries
            }
            Err(error) => return self.broken(path, why(path, &error)),
        };
        self.watched.insert(path.to_owned());
        let mut names: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.file_name()).collect();
        names.sort();
        for name in names {
            let text = name.to_string_lossy();
            if text.starts_with('.') {
                continue;
            }
            // A search that starts in the working directory shows `a.yaml`, not `./a.yaml`.
            let inside = if path == Path::new(".") { PathBuf::from(&name) } else { path.join(&name) };
            match fs::metadata(&inside) {
                Ok(metadata) if metadata.is_dir() => self.folder(&inside, wanted, above),
                Ok(metadata) if metadata.is_file() && is_schema(&text) && wanted(&inside) => {
                    self.file(&inside);
                }
                Ok(metadata) if !metadata.is_file() && is_schema(&text) && wanted(&inside) => {
                    self.broken(&inside, Broken::special());
                }
                Err(error) if inside.is_symlink() && (is_schema(&text) || is_loop(&inside)) => {
                    self.broken(&inside, why(&inside, &error));
                }
                Ok(_) | Err(_) => {}
            }
        }
        above.pop();
    }

    fn file(&mut self, path: &Path) {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is_known = self.reached_in_other_case(&real);
        if self.seen.insert(real) && !is_known {
            // A report could not name it, nor a fix be written to it.
            if path.to_str().is_none_or(|name| matches!(visible::characters(name), Cow::Owned(_))) {
                let reason = "its name holds characters that cannot be shown; rename it";
                return self.broken(path, Broken::Unreadable(reason.into()));
            }
            self.watched.insert(path.to_owned());
            self.found.insert(display(path), Found::File(path.to_owned()));
        }
    }

    /// Whether the file was reached by a path that differs in case only, which not every system takes back.
    fn reached_in_other_case(&mut self, real: &Path) -> bool {
        let known = self.folded.entry(real.to_string_lossy().to_lowercase()).or_default();
        if known.iter().any(|other| other != real && is_same_file(other, real)) {
            return true;
        }
        known.push(real.to_owned());
        false
    }

    fn broken(&mut self, path: &Path, broken: Broken) {
        self.found.insert(display(path), Found::Broken(broken));
    }

    fn read(self, findings: &mut Diagnostics) -> SourceMap {
        let mut sources = SourceMap::default();
        let mut total = 0;
        for (name, found) in self.found {
            let bytes = match found {
                Found::Broken(broken) => {
                    broken.report(&mut sources, name, findings);
                    continue;
                }
                Found::Text(text) => text.into_bytes(),
                Found::Bytes(bytes) => bytes,
                Found::File(path) => match fs::File::open(&path).and_then(limited) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        Broken::Unreadable(reason(&error)).report(&mut sources, name, findings);
                        continue;
                    }
                },
            };
            total += bytes.len();
            if bytes.len() > MAX_BYTES {
                too_large(sources.push(name, String::new()), findings);
            } else if total > MAX_TOTAL {
                schema_too_large(sources.push(name, String::new()), findings);
                break;
            } else {
                decode(&mut sources, name, bytes, findings);
            }
        }
        for path in &self.watched {
            sources.watch(path);
        }
        sources
    }
}

impl Broken {
    /// A pipe, a device, a socket: reading it might never end.
    fn special() -> Self {
        Self::Unreadable("it is neither a file nor a folder".into())
    }

    fn report(self, sources: &mut SourceMap, name: String, findings: &mut Diagnostics) {
        let finding = match self {
            Self::Unreadable(reason) => {
                Diagnostic::new(&codes::UNREADABLE_FILE, format!("cannot read `{name}`: {reason}"))
            }
            Self::Loop => Diagnostic::new(
                &codes::SYMLINK_LOOP,
                format!("`{name}` is a link that leads back to a folder above it"),
            )
            .note("remove the link, or name the files to read one by one"),
        };
        let file = sources.push(name, String::new());
        findings.push(finding.primary(Span::start_of(file), ""));
    }
}

/// One byte more than a schema file may hold, at most.
fn limited(stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decode(sources: &mut SourceMap, name: String, bytes: Vec<u8>, findings: &mut Diagnostics) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => {
            sources.push(name, text);
            return;
        }
        Err(error) => error,
    };
    let utf16 = error.as_bytes().starts_with(&[0xff, 0xfe]) || error.as_bytes().starts_with(&[0xfe, 0xff]);
    let valid = error.utf8_error().valid_up_to();
    let byte = error.as_bytes().get(valid).copied().unwrap_or_default();
    let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
    let at = super::saturate(text.len());
    let file = sources.push(name, text);
    let finding = Diagnostic::new(&codes::ENCODING, "the file is not valid UTF-8")
        .primary(Span { file, start: at, end: at }, format!("the byte 0x{byte:02X} does not belong here"));
    findings.push(if utf16 { finding.note("the file is UTF-16; save it as UTF-8") } else { finding });
}

fn too_large(file: FileId, findings: &mut Diagnostics) {
    findings.push(
        Diagnostic::new(&codes::FILE_TOO_LARGE, "the file is larger than 8 MiB")
            .primary(Span::start_of(file), "")
            .note("split it: all files are merged into one namespace, and their order does not matter"),
    );
}

fn schema_too_large(file: FileId, findings: &mut Diagnostics) {
    findings.push(
        Diagnostic::new(&codes::SCHEMA_TOO_LARGE, "the files of the schema are larger than 64 MiB together")
            .primary(Span::start_of(file), "")
            .note("this file and those after it, by name, were not read"),
    );
}

fn why(path: &Path, error: &io::Error) -> Broken {
    if is_loop(path) { Broken::Loop } else { Broken::Unreadable(reason(error)) }
}

/// Words of our own for what happens often, so that reports are the same on every system.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

/// Whether two paths lead to one file.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |path| fs::metadata(path).map(|data| (data.dev(), data.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether two paths lead to one file: elsewhere, real paths have the case that the disk has.
#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other
}

/// Whether following a link never ends.
fn is_loop(path: &Path) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = path.to_owned();
    while let Ok(next) = fs::read_link(&at) {
        if !seen.insert(at.clone()) {
            return true;
        }
        at = at.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
    }
    false
}

pub(crate) fn is_schema(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    matches!(extension, "yaml" | "yml" | "json")
        && !matches!(name, "relata.yaml" | "relata-baseline.yaml")
        && !name.ends_with(".schema.json")
}

pub(crate) fn display(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = visible::characters(&text).into_owned();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}
