//! From plan to text: templates lay it out, [`format`] makes it what a person would have written.
//!
//! Decides nothing about content; does no I/O. Text that was rendered before is not formatted again.

mod files;
mod format;
mod header;

use std::collections::BTreeMap;
use std::fmt;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use crate::plan::Plan;

pub use files::Files;
pub(crate) use header::is_generated;

/// The root module's file.
const ROOT: &str = "mod.rs";

const TEMPLATES: &[(&str, &str)] = &[
    ("embedded.rs.j2", include_str!("../../templates/embedded.rs.j2")),
    ("enum.rs.j2", include_str!("../../templates/enum.rs.j2")),
    ("input.rs.j2", include_str!("../../templates/input.rs.j2")),
    ("mod.rs.j2", include_str!("../../templates/mod.rs.j2")),
    ("model.rs.j2", include_str!("../../templates/model.rs.j2")),
    ("relation.rs.j2", include_str!("../../templates/relation.rs.j2")),
    ("statics.rs.j2", include_str!("../../templates/statics.rs.j2")),
    ("with.rs.j2", include_str!("../../templates/with.rs.j2")),
];

/// A template that could not be rendered, or text that is not Rust: a defect of this program, or an attribute
/// from the settings that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderError {
    /// The template at fault.
    pub template: &'static str,
    /// The file that was to be emitted.
    pub file: String,
    /// What is wrong.
    pub message: String,
    /// The line of the template or, where it rendered, of the text.
    pub line: Option<usize>,
    /// The text around that line.
    pub excerpt: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "cannot emit `{}`: {}", self.file, self.message)?;
        write!(f, "  in templates/{}", self.template)?;
        if let Some(line) = self.line {
            write!(f, ", line {line} of what is shown")?;
        }
        write!(f, "\n{}", self.excerpt)
    }
}

impl std::error::Error for RenderError {}

/// Every file of the plan; those of `previous` that still say the same are taken over as they are.
///
/// # Errors
/// When a template or what came out of it is not sound.
pub fn render(plan: &Plan, previous: &Files) -> Result<Files, RenderError> {
    let environment = environment();
    let mut files = BTreeMap::new();
    let mut emit = |template, file: &str, context: Value| {
        let rendered = expand(&environment, template, file, context)?;
        let text = match previous.get(file).filter(|text| header::is_current(text, &rendered)) {
            Some(text) => text.to_owned(),
            None => header::above(&format::format(&rendered, template, file)?, &rendered),
        };
        files.insert(file.to_owned(), text);
        Ok(())
    };
    for entity in &plan.entities {
        emit("model.rs.j2", &entity.file, context! { entity => Serde(entity) })?;
    }
    for enumeration in &plan.enums {
        emit("enum.rs.j2", &enumeration.file, Value::from(Serde(enumeration)))?;
    }
    for embedded in &plan.embedded {
        emit("embedded.rs.j2", &embedded.file, Value::from(Serde(embedded)))?;
    }
    emit("mod.rs.j2", ROOT, Value::from(Serde(plan)))?;
    Ok(Files::from(files))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(SyntaxConfig::builder().build().expect("the default syntax is sound"));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("every template is parsed by a test");
    }
    environment
}

fn expand(
    environment: &Environment<'_>,
    template: &'static str,
    file: &str,
    context: Value,
) -> Result<String, RenderError> {
    let parsed = environment.get_template(template).expect("every template is in the table");
    parsed.render(context).map_err(|error| {
        let at = TEMPLATES.iter().find(|(name, _)| Some(*name) == error.name());
        let (template, source) = at.copied().unwrap_or((template, ""));
        RenderError {
            template,
            file: file.to_owned(),
            message: error.detail().map_or_else(|| error.to_string(), |detail| format!("{}: {detail}", error.kind())),
            line: error.line(),
            excerpt: format::excerpt(source, error.line().unwrap_or(1)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        let environment = environment();
        for (name, _) in TEMPLATES {
            assert!(environment.get_template(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_missing_name_is_told_with_its_place() {
        let environment = environment();
        let error =
            expand(&environment, "enum.rs.j2", "colour.rs", context! { doc => "x" }).expect_err("`name` is missing");
        assert_eq!(error.template, "enum.rs.j2");
        assert!(error.excerpt.contains("| pub enum {{ name }} {\n") && error.excerpt.contains("> "), "{error}");
    }
}
