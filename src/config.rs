//! `relata.yaml`: what the program, build scripts and CI share. Text in, settings out; reads no files.

use std::fmt;

use serde::Deserialize;

/// The file's name, beside `Cargo.toml`.
pub const FILE: &str = "relata.yaml";

/// The settings of a project; what is not written is not decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Schema files, folders and patterns.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// The folder for emitted code.
    pub out: Option<String>,
}

/// Settings that are not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FILE}: {}\nit may say `schemas: [PATH, …]` and `out: DIR`", self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// The settings that the text of a `relata.yaml` says.
    ///
    /// # Errors
    /// When it is not YAML, or says something else than settings.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Self::default());
        }
        serde_yaml::from_str(text).map_err(|error| ConfigError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_schemas_are() {
        let config = Config::parse("schemas: [schemas/shop]\nout: src/shop\n").expect("it is sound");
        assert_eq!(config, Config { schemas: vec!["schemas/shop".into()], out: Some("src/shop".into()) });
        assert_eq!(Config::parse("# nothing\n").expect("it is sound"), Config::default());
    }

    #[test]
    fn what_is_not_a_setting_is_refused() {
        let error = Config::parse("schema: x\n").expect_err("`schema` is not a setting").to_string();
        assert!(error.contains("schema") && error.contains("schemas: [PATH"), "{error}");
    }
}
