//! What the parser refuses, as findings. It stops at the first error of a file, so there is one each.

use serde_yaml::Error;
use serde_yaml::budget::BudgetBreach;

use super::budget;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, Position, SourceFile, Span};

/// The finding for a text that does not parse.
pub(super) fn finding(error: &Error, file: FileId, source: &SourceFile) -> Diagnostic {
    let error = innermost(error);
    let span = place(error, file, source);
    let deep = || {
        Diagnostic::new(&codes::TOO_DEEP, format!("values are nested more than {} deep", budget::MAX_DEPTH))
            .primary(span, "one level too many")
    };
    match error {
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => deep(),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. } => {
            Diagnostic::new(&codes::ALIAS_BUDGET, "the file expands to more values than a schema may have")
                .primary(span, "the limit is reached here")
                .note(
                    "aliases (`*name`) count as often as they are used; write the repeated part out, or split the file",
                )
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            Diagnostic::new(&codes::ALIAS_BUDGET, "an alias stands inside the value it repeats")
                .primary(span, "this would go on for ever")
        }
        Error::MultipleDocuments { .. } => {
            Diagnostic::new(&codes::MULTIPLE_DOCUMENTS, "the file holds more than one YAML document")
                .primary(span, "a second document begins here")
                .note("put each into a file of its own: all files are merged into one schema")
        }
        Error::MergeKeyNotAllowed { .. } => {
            Diagnostic::new(&codes::MERGE_KEY, "merge keys (`<<`) are not part of the schema language")
                .primary(span, "this would fill in keys that no reader sees")
                .note("models share properties with `extends`")
        }
        Error::UnsupportedTag { tag, .. } => {
            Diagnostic::new(&codes::UNKNOWN_TAG, format!("the tag `{tag}` is not part of the schema language"))
                .primary(place_of_tag(tag, span, source), "tags mean nothing here")
        }
        error => {
            let text = error.render();
            if text.starts_with("recursion limit") {
                return deep();
            }
            let finding = Diagnostic::new(&codes::SYNTAX, "the file is not well-formed YAML or JSON");
            let finding = finding.primary(span, without_place(&text));
            match hint(source, span) {
                Some(hint) => finding.note(hint),
                None => finding,
            }
        }
    }
}

/// The parser knows where the tagged value is; the tag stands before it.
fn place_of_tag(tag: &str, value: Span, source: &SourceFile) -> Span {
    let before = source.text()[..value.start as usize].trim_end();
    let found = before.strip_suffix(tag).and_then(|rest| u32::try_from(rest.len()).ok());
    found.map_or(value, |start| Span { start, end: start + u32::try_from(tag.len()).unwrap_or_default(), ..value })
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => innermost(error),
        error => error,
    }
}

/// The parser knows bytes for some errors and only line and column for others.
fn place(error: &Error, file: FileId, source: &SourceFile) -> Span {
    let Some(location) = error.location() else {
        return Span::start_of(file);
    };
    let line = u32::try_from(location.line()).unwrap_or(u32::MAX);
    let column = u32::try_from(location.column()).unwrap_or(u32::MAX);
    let start = source.offset(Position { line, column });
    let rest = &source.text()[start as usize..];
    let wanted = usize::try_from(location.span().len()).unwrap_or_default().max(1);
    let width: usize =
        rest.chars().take(wanted).take_while(|next| !matches!(next, '\n' | '\r')).map(char::len_utf8).sum();
    Span { file, start, end: start + u32::try_from(width).unwrap_or_default() }
}

fn without_place(text: &str) -> &str {
    text.split(" at line ").next().unwrap_or(text)
}

/// What usually lies behind the error.
fn hint(source: &SourceFile, span: Span) -> Option<&'static str> {
    let start = span.start as usize;
    let line_start = source.text()[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = source.text()[line_start..].lines().next().unwrap_or_default();
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') {
        Some("indent with spaces; YAML does not allow tabs there")
    } else if line.contains("[]") && line.contains('{') {
        Some("inside `{ }` quote a list type (`'string[]'`), or write `type: string, list: true`")
    } else if source.text().get(start..start + 1).is_some_and(|first| matches!(first, "@" | "%" | "`")) {
        Some("quote a value that begins with this character")
    } else {
        None
    }
}
