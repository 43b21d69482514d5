//! Mistakes of lines: indentation, tabs, colons, dashes, comments.

use super::place::Place;
use super::{quotes, syntax};
use crate::diagnostic::{Diagnostic, Fix};

/// What a version control system leaves in a file that two people changed.
pub(super) fn conflict(place: &Place<'_>) -> Option<Diagnostic> {
    let mut start = 0;
    for line in place.text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let span = place.span(start..start + line.trim_end().len());
            let finding = syntax("a merge conflict is left in the file").primary(span, "not resolved");
            return Some(finding.note("keep one of the two versions, and remove the lines of marks"));
        }
        start += line.len();
    }
    None
}

/// Lines whose tabs one fix replaces.
const MAX_TABS: usize = 1_000;

/// A tab in the indentation of the line.
pub(super) fn tab(place: &Place<'_>) -> Option<Diagnostic> {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let line = place.line(place.at);
    let length = indent(&place.text[line.clone()]);
    let tab = line.start + place.text[line.start..line.start + length].find('\t')?;
    if super::brackets::innermost(place.text, tab).is_some() {
        return None;
    }
    let end = tab + place.text[tab..].len() - place.text[tab..].trim_start_matches('\t').len();
    let mut starts = vec![0];
    starts.extend(place.text.match_indices('\n').map(|(at, _)| at + 1));
    let tabbed: Vec<_> = starts
        .into_iter()
        .map(|start| start..start + indent(&place.text[start..]))
        .filter(|bytes| place.text[bytes.clone()].contains('\t'))
        .take(MAX_TABS + 1)
        .collect();
    let fix = |width: usize| {
        let spaces = |tabs: &str| tabs.replace('\t', &" ".repeat(width));
        let edits = tabbed.iter().map(|bytes| place.replace(bytes.clone(), spaces(&place.text[bytes.clone()])));
        place.likely(&format!("write {width} spaces for each tab"), edits.collect())
    };
    let fix = if tabbed.len() > MAX_TABS { None } else { [2, 4, 1, 6, 8].into_iter().find_map(fix) };
    let finding = syntax("a tab stands in the indentation").primary(place.span(tab..end), "only spaces indent in YAML");
    Some(finding.fix_if(fix))
}

/// A line before the schema that begins with `%`.
pub(super) fn directive(place: &Place<'_>) -> Option<Diagnostic> {
    let line = place.before(place.at).filter(|line| place.text[line.clone()].starts_with('%'))?;
    let finding = syntax("a line that begins with `%` is a directive of YAML");
    Some(finding.primary(place.span(line), "no directive that is known here").note("a schema needs none"))
}

/// A line among keys that has none.
pub(super) fn no_colon(place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let line = &place.text[place.at..content.end.max(place.at)];
    if line.starts_with("//") || line.starts_with("/*") {
        return no_comment(place);
    }
    if let Some(colon) = line.find(':') {
        return no_blank(place, place.at + colon);
    }
    let at = place.at;
    for sign in ["：", "=>", ":=", "="] {
        if let Some(found) = line.find(sign) {
            let end = at + found + sign.len();
            let blank = if place.text[end..].starts_with(' ') { "" } else { " " };
            let start = at + line[..found].trim_end().len();
            let edit = place.replace(start..end, format!(":{blank}"));
            return syntax(format!("a key and its value are joined by a colon, not by `{sign}`"))
                .primary(place.span(at + found..end), "expected `: `")
                .fix_if(place.likely("write a colon", vec![edit]));
        }
    }
    let word = place.word();
    let name = place.slice(word);
    syntax(format!("a colon is missing after `{name}`"))
        .primary(word, "expected `: ` after this word")
        .fix_if(place.likely("write a colon", vec![place.insert(word.end as usize, ":")]))
}

/// A colon that is part of a word because no blank follows.
pub(super) fn no_blank(place: &Place<'_>, colon: usize) -> Diagnostic {
    let end = colon + 1;
    let after = &place.text[end..];
    let blank = after.len() - after.trim_start_matches(|next: char| next.is_whitespace() && next != '\n').len();
    let edit = place.replace(end..end + blank, " ");
    let message =
        if blank == 0 { "a blank is missing after the colon" } else { "what follows the colon is not a plain blank" };
    syntax(message)
        .primary(place.span(colon..end + blank), "`:` ends a key only before a blank")
        .fix_if(place.certain("put a blank after it", vec![edit]))
}

/// `//` or `/*`.
pub(super) fn no_comment(place: &Place<'_>) -> Diagnostic {
    let mark = place.at..place.at + 2;
    let fix = if place.text[mark.clone()].starts_with("//") {
        place.likely("write `#`", vec![place.replace(mark.clone(), "#")])
    } else {
        None
    };
    syntax(format!("`{}` begins no comment", &place.text[mark.clone()]))
        .primary(place.span(mark), "a comment begins with `#`")
        .fix_if(fix)
}

/// A colon where no key can be.
pub(super) fn colon(place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let so_far = &place.text[content.start..place.at.max(content.start)];
    if so_far.contains(": ") && !so_far.trim_start().starts_with(['"', '\'']) {
        return quotes::colon_in_text(place, place.value_of_line());
    }
    let here = place.span(content.start..place.at.max(content.start));
    let Some(before) = place.before(place.at) else {
        return stray(place);
    };
    let line = &place.text[before.clone()];
    if line.starts_with("//") || line.starts_with("/*") {
        return no_comment(&Place::new(here.file, place.text, before.start));
    }
    let deeper = place.indent(place.at) > place.indent(before.start);
    let Some((key, value)) = line.split_once(": ").filter(|(_, value)| !value.trim().is_empty()) else {
        return no_colon(&Place::new(here.file, place.text, before.start));
    };
    if !deeper {
        return stray(place);
    }
    let key = key.trim_start_matches("- ");
    let value_start = before.end - value.trim_start().len();
    let level = place.text[place.line(before.start).start..before.start].to_owned()
        + if line.starts_with("- ") && !so_far.starts_with("- ") { "  " } else { "" };
    let edit = place.replace(place.line(place.at).start..content.start, level);
    let message = format!("`{key}` has a value already, and more is indented below it");
    syntax(message)
        .primary(here, "belongs to no map")
        .label(place.span(value_start..before.end), format!("the value of `{key}`"))
        .fix_if(place.likely("indent it as the line above", vec![edit]))
}

fn stray(place: &Place<'_>) -> Diagnostic {
    syntax("a colon stands where no key can be").primary(place.character(), "not expected here")
}

/// A line that is indented as no map above it.
pub(super) fn no_key_of_map(place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let word = Place::new(place.span(0..0).file, place.text, content.start).word();
    let line = place.line(place.at).start;
    let indent = place.indent(place.at);
    if place.text[content.clone()].starts_with("- ") {
        return syntax("an item of a list stands among the keys of a map")
            .primary(place.span(content.start..content.start + 1), "expected a key and a colon");
    }
    let levels = levels_above(place);
    let (spelt, blanks) = (place.slice(word), |count: usize| if count == 1 { "blank" } else { "blanks" });
    let mut finding = syntax(format!("`{spelt}` is indented as nothing above it"))
        .primary(word, format!("indented by {indent} {}", blanks(indent)));
    let mut near = levels.clone();
    near.sort_by_key(|(level, _)| level.abs_diff(indent));
    let fix = near.iter().find_map(|(level, at)| {
        let edit = place.replace(line..content.start, " ".repeat(*level));
        let name = place.slice(Place::new(word.file, place.text, *at).word());
        Some((place.likely(&format!("indent it as `{name}`"), vec![edit])?, *level, *at))
    });
    let shown = fix.as_ref().map(|(_, level, at)| (*level, *at)).or(near.first().copied());
    if let Some((level, at)) = shown {
        let above = Place::new(word.file, place.text, at).word();
        finding = finding.label(above, format!("indented by {level} {}", blanks(level)));
    }
    finding.fix_if(fix.map(|(fix, ..)| fix))
}

/// Lines that are looked at above.
const MAX_LINES: usize = 10_000;

/// Where the blocks that are open at a line begin, inner ones first: how far they are indented, and the last line
/// of each.
fn levels_above(place: &Place<'_>) -> Vec<(usize, usize)> {
    let mut levels: Vec<(usize, usize)> = Vec::new();
    let mut at = place.at;
    for _ in 0..MAX_LINES {
        let Some(before) = place.before(at) else { break };
        at = before.start;
        let text = &place.text[before.clone()];
        let dash = text.len() - text.trim_start_matches(['-', ' ']).len();
        let dash = if text.starts_with("- ") { dash } else { 0 };
        let indent = place.indent(at);
        for (level, start) in [(indent + dash, at + dash), (indent, at)] {
            if levels.last().is_none_or(|(inner, _)| level < *inner) && (level == indent + dash || dash == 0) {
                levels.push((level, start));
            }
        }
        if indent == 0 {
            break;
        }
    }
    levels
}

/// A key where a list goes on.
pub(super) fn no_dash(place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let here = Place::new(place.span(0..0).file, place.text, content.start);
    let word = here.word();
    let indent = place.indent(place.at);
    let first_keys = |at: usize| place.before(at).filter(|before| place.indent(before.start) >= indent);
    let mut item = first_keys(place.at);
    while let Some(before) = item.clone()
        && !place.text[before.clone()].starts_with("- ")
    {
        item = first_keys(before.start);
    }
    let repeats = item.as_ref().is_some_and(|item| {
        let first = place.text[item.clone()].trim_start_matches(['-', ' ']);
        first.split(':').next() == Some(place.slice(word))
    });
    let dash = |place: &Place<'_>| place.likely("begin an item", vec![place.insert(content.start, "- ")]);
    let inside = |place: &Place<'_>| {
        place.likely("indent it as a part of the item above", vec![place.insert(content.start, "  ")])
    };
    let fix: Option<Fix> =
        if repeats { dash(place).or_else(|| inside(place)) } else { inside(place).or_else(|| dash(place)) };
    syntax(format!("`{}` stands where the list goes on", place.slice(word)))
        .primary(word, "expected `- `, or more blanks before a part of the item above")
        .fix_if(fix)
}

/// A dash where no item can be.
pub(super) fn dash(place: &Place<'_>) -> Diagnostic {
    let content = place.content(place.at);
    let so_far = &place.text[content.start..place.at.max(content.start)];
    let finding = syntax("an item of a list cannot begin here").primary(place.character(), "`- ` begins an item");
    if !so_far.trim_end().ends_with(':') {
        return finding;
    }
    let after_colon = content.start + so_far.trim_end().len();
    let indent = " ".repeat(place.indent(place.at) + 2);
    let edit = place.replace(after_colon..place.at, format!("\n{indent}"));
    finding
        .note("a list begins on the line after its key")
        .fix_if(place.likely("begin the list on a line of its own", vec![edit]))
        .fix_if(place.likely("quote the value, if it is a text", place.quote(place.rest_of_line())))
}
