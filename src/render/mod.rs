//! From plan to text: templates lay it out, [`format`] makes it what a person would have written.
//!
//! Decides nothing about content; does no I/O. What was made from the same before is not rendered again.

mod files;
mod format;
mod header;
mod part;

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use crate::plan::Plan;
use crate::plan::hash::hash;

pub use files::Files;
pub(crate) use header::is_generated;
use part::{Part, Templates, parts};

/// Fewer files than this are not worth a thread of their own.
const FILES_PER_THREAD: usize = 16;

const TEMPLATES: &[(&str, &str)] = &[
    ("embedded.rs.j2", include_str!("../../templates/embedded.rs.j2")),
    ("embedded_data.rs.j2", include_str!("../../templates/embedded_data.rs.j2")),
    ("enum.rs.j2", include_str!("../../templates/enum.rs.j2")),
    ("enum_data.rs.j2", include_str!("../../templates/enum_data.rs.j2")),
    ("input.rs.j2", include_str!("../../templates/input.rs.j2")),
    ("mod.rs.j2", include_str!("../../templates/mod.rs.j2")),
    ("model.rs.j2", include_str!("../../templates/model.rs.j2")),
    ("model_data.rs.j2", include_str!("../../templates/model_data.rs.j2")),
    ("one_of.rs.j2", include_str!("../../templates/one_of.rs.j2")),
    ("relation.rs.j2", include_str!("../../templates/relation.rs.j2")),
    ("statics.rs.j2", include_str!("../../templates/statics.rs.j2")),
    ("view.rs.j2", include_str!("../../templates/view.rs.j2")),
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
    let (environment, templates) = (environment(), templates_hash());
    let parts = parts(plan);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(parts.len().div_ceil(FILES_PER_THREAD));
    let each = |share: &[Part<'_>]| -> Result<Vec<(String, String)>, RenderError> {
        share.iter().map(|part| Ok((part.file().to_owned(), emit(&environment, templates, *part, previous)?))).collect()
    };
    // Files know nothing of each other; which thread makes one does not show.
    let shares: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> =
            parts.chunks(parts.len().div_ceil(threads)).map(|share| scope.spawn(|| each(share))).collect();
        started.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let files = shares.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// The text of one file.
fn emit(
    environment: &Environment<'_>,
    templates: u64,
    part: Part<'_>,
    previous: &Files,
) -> Result<String, RenderError> {
    let (file, Templates { code, data }) = (part.file(), part.templates());
    let bytes = part.bytes().map_err(|error| RenderError {
        template: code,
        file: file.to_owned(),
        message: error.to_string(),
        line: None,
        excerpt: String::new(),
    })?;
    let hash = header::schema_hash(&bytes, templates);
    if let Some(text) = previous.get(file).filter(|text| header::is_current(text, &hash)) {
        return Ok(text.to_owned());
    }
    let context = part.context();
    let rendered = expand(environment, code, file, &context)?;
    let data = data.map_or(Ok(String::new()), |data| expand(environment, data, file, &context))?;
    Ok(header::above(&format::format(&rendered, code, file)?, &data, &hash))
}

/// The hash of every template: files are made from them as well.
fn templates_hash() -> u64 {
    TEMPLATES.iter().fold(0, |before: u64, (_, source)| before.rotate_left(1) ^ hash(source.as_bytes()))
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
    context: &Value,
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
    use minijinja::context;

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
            expand(&environment, "enum.rs.j2", "colour.rs", &context! { doc => "x" }).expect_err("`name` is missing");
        assert_eq!(error.template, "enum.rs.j2");
        assert!(error.excerpt.contains("| pub enum {{ name }} {\n") && error.excerpt.contains("> "), "{error}");
    }
}
