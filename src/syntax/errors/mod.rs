//! What the parser refuses, in words that say what to change. It stops at the first error of a file.
//!
//! The parser tells a kind of error and a place; the lines around it tell what was most likely meant. A fix is
//! offered only if the file parses further with it. Knows nothing of models and relations.

mod brackets;
mod lines;
mod place;
mod quotes;

use granit_parser::{ErrorKind, ScanError};

use super::budget;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{FileId, SourceFile, Span};
use place::Place;

/// The finding for a text that does not parse.
pub(super) fn finding(error: &ScanError, file: FileId, source: &SourceFile) -> Diagnostic {
    use ErrorKind as Kind;
    let text = source.text();
    let place = Place::new(file, text, error.marker().byte_offset().unwrap_or(text.len()));
    if let Some(finding) = lines::conflict(&place) {
        return finding;
    }
    let kind = error.kind();
    if *kind != Kind::RecursionLimitExceeded
        && let Some(finding) = lines::tab(&place)
    {
        return finding;
    }
    match kind {
        Kind::RecursionLimitExceeded => too_deep(place.character()),
        Kind::SimpleKeyExpected => lines::no_colon(&place),
        Kind::InvalidSimpleKey => {
            syntax("a key is one line of at most 1024 characters").primary(place.word(), "this is longer")
        }
        Kind::MappingValueNotAllowed | Kind::InvalidMappingValueWhitespace => lines::colon(&place),
        Kind::ExpectedBlockMappingKey => lines::no_key_of_map(&place),
        Kind::ExpectedBlockSequenceEntry => lines::no_dash(&place),
        Kind::BlockSequenceEntryNotAllowed | Kind::InvalidBlockEntryWhitespace => lines::dash(&place),
        Kind::UnclosedFlowCollection { .. }
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::MisplacedFlowCollectionEnd
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::InvalidColonPlacement
        | Kind::BlockEntryInFlowCollection
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::InvalidFlowScalarIndent
        | Kind::PlainScalarStartsWithDashFlowIndicator
        | Kind::FlowMappingValueAdjacentCollection => brackets::finding(kind, &place),
        Kind::UnclosedQuotedScalar | Kind::InvalidQuotedScalarIndent | Kind::DocumentIndicatorInQuotedScalar => {
            quotes::unclosed(&place)
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => quotes::goes_on(&place),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => quotes::escape(&place),
        Kind::UnexpectedCharacter { .. } | Kind::MissingAnchorOrAliasName | Kind::MappingKeyNotAllowed => {
            quotes::unquoted(&place)
        }
        Kind::CommentNotSeparated => syntax("a blank is missing before the comment")
            .primary(place.character(), "`#` begins a comment only after a blank")
            .fix_if(place.likely("put a blank before it", vec![place.insert(place.at, " ")])),
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            syntax("a text block begins on the line after `|` or `>`")
                .primary(place.value_of_line(), "text cannot stand on this line")
        }
        Kind::DuplicateVersionDirective
        | Kind::UnsupportedYamlMajorVersion
        | Kind::DuplicateTagDirective
        | Kind::MissingDocumentEndBeforeDirective
        | Kind::InvalidDirectiveTerminator
        | Kind::MissingYamlVersionSeparator
        | Kind::MissingDirectiveName
        | Kind::InvalidDirectiveName
        | Kind::YamlVersionTooLong
        | Kind::MissingYamlVersion
        | Kind::InvalidTagDirectiveTerminator => syntax("a line that begins with `%` is a directive of YAML")
            .primary(place.rest_of_line(), "no directive that is known here")
            .note("a schema needs none"),
        Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => lines::directive(&place).unwrap_or_else(|| {
            syntax("the file goes on after its end").primary(place.word(), "the outermost value ends before this")
        }),
        Kind::UndeclaredTagHandle
        | Kind::ExpectedTagBang
        | Kind::InvalidGlobalTagCharacter
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagEscape => {
            syntax("`!` at the start of a value makes it a tag, and this one is not well-formed")
                .primary(place.word(), "tags mean nothing here")
                .note("quote a value that begins with `!`")
        }
        _ => syntax("the file is not well-formed YAML or JSON").primary(place.word(), "the structure breaks here"),
    }
}

/// The finding for a container inside too many others.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::TOO_DEEP, format!("values are nested more than {} deep", budget::MAX_DEPTH))
        .primary(span, "one level too many")
}

/// The finding for a colon with nothing before it.
pub(super) fn no_key(span: Span, source: &SourceFile) -> Diagnostic {
    let place = Place::new(span.file, source.text(), span.start as usize);
    syntax("a key is missing before the colon").primary(place.character(), "expected a word here")
}

/// The finding for an alias of nothing.
pub(super) fn unknown_alias(name: &str, span: Span, source: &SourceFile) -> Diagnostic {
    let place = Place::new(span.file, source.text(), span.start as usize);
    Diagnostic::new(&codes::UNKNOWN_ALIAS, format!("no anchor `&{name}` stands before this alias"))
        .primary(span, "repeats what is not there")
        .note("`*` at the start of a value makes it an alias")
        .fix_if(place.likely("quote it, if it is a text", place.quote(place.value())))
}

/// The finding for items of one list whose dashes have no blank after them.
pub(super) fn no_blank_after_dashes(keys: &[Span], source: &SourceFile) -> Option<Diagnostic> {
    let first = keys.first()?;
    let place = Place::new(first.file, source.text(), first.start as usize);
    let edits = keys.iter().map(|key| place.insert(key.start as usize + 1, " ")).collect();
    let finding = syntax("a blank is missing after the dash");
    let finding = finding.primary(place.character(), "`-` begins an item only before a blank");
    Some(finding.fix_if(place.certain("put a blank after it", edits)))
}

/// What is wrong with a word that the parser takes for a key, and that cannot have been meant as one.
pub(super) fn odd_key(word: &str, span: Span, has_value: bool, source: &SourceFile) -> Option<Diagnostic> {
    let start = span.start as usize;
    let place = Place::new(span.file, source.text(), start);
    if word.starts_with("//") || word.starts_with("/*") {
        return Some(lines::no_comment(&place));
    }
    if has_value {
        return None;
    }
    let colon = start + place.slice(span).find(':')?;
    Some(lines::no_blank(&place, colon))
}

fn syntax(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::SYNTAX, message)
}
