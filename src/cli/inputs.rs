//! What a command reads and where it writes: arguments first, then `relata.yaml`, then `schemas/`.

use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;

use relata_compiler::Inputs;
use relata_compiler::config::{self, Config};

use super::{Failure, Source};

const DEFAULT: &str = "schemas";

/// The schema files of a command.
pub(super) fn inputs(source: &Source) -> Result<Inputs, Failure> {
    let paths = if source.paths.is_empty() { configured()? } else { source.paths.clone() };
    let (streams, paths): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path == "-");
    let inputs = Inputs::paths(paths);
    if streams.is_empty() { Ok(inputs) } else { Ok(inputs.and_text("<stdin>", standard_input()?)) }
}

/// The folder that a command writes to.
pub(super) fn out(argument: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let configured = || Ok::<_, Failure>(config()?.out.map(PathBuf::from));
    match argument {
        Some(folder) => Ok(folder),
        None => configured()?.ok_or_else(|| "say where to write: `--out DIR`, or `out: DIR` in relata.yaml".to_owned()),
    }
}

fn configured() -> Result<Vec<String>, Failure> {
    let schemas = config()?.schemas;
    if !schemas.is_empty() {
        return Ok(schemas);
    }
    if fs::metadata(DEFAULT).is_ok() {
        return Ok(vec![DEFAULT.to_owned()]);
    }
    Err(format!("nothing to read: name a schema, list `schemas` in {}, or make a folder `{DEFAULT}`", config::FILE))
}

fn config() -> Result<Config, Failure> {
    match fs::read_to_string(config::FILE) {
        Ok(text) => Config::parse(&text).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => Err(format!("cannot read {}: {error}", config::FILE)),
    }
}

fn standard_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| format!("cannot read standard input: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "standard input is not UTF-8".to_owned())
}
