//! The picture as Mermaid's `erDiagram`, in the words that versions since 10.5 understand: GitHub and others are not
//! on the newest. So a datasource stands behind the model's name (older versions know no groups), and an enum's
//! values stand beside the properties that take them.

use std::fmt::Write as _;

use super::{Count, Entity, EntityKind, LineKind, Picture, Row};

/// Words of Mermaid's grammar, which knows no case; a name that is one of them is quoted.
const WORDS: &[&str] = &[
    "acctitle",
    "accdescr",
    "class",
    "classdef",
    "direction",
    "end",
    "erdiagram",
    "many",
    "one",
    "only",
    "optionally",
    "style",
    "subgraph",
    "title",
    "to",
    "u",
    "zero",
];

/// Words that mark keys wherever they stand within a box.
const KEYS: &[&str] = &["pk", "fk", "uk"];

/// Of what stands behind a property.
const MOST_LETTERS: usize = 72;

/// The text of the diagram.
pub(super) fn render(picture: &Picture) -> String {
    let mut text = "erDiagram\n".to_owned();
    for entity in picture.entities.iter().filter(|entity| entity.kind != EntityKind::Enum) {
        let _ = writeln!(text, "    {}{} {{", name(&entity.name), alias(picture, entity));
        for row in &entity.rows {
            let _ = writeln!(text, "        {}", attribute(picture, row));
        }
        text.push_str("    }\n");
    }
    for line in &picture.lines {
        let [from, to] = &line.ends;
        let between = match line.kind {
            LineKind::Strong | LineKind::Embeds => "--",
            LineKind::Weak | LineKind::Extends => "..",
        };
        let label = match line.kind {
            LineKind::Extends => "extends".to_owned(),
            LineKind::Embeds => format!("{} (embedded)", line.label()),
            LineKind::Strong | LineKind::Weak => line.label(),
        };
        let entity = |at: usize| name(&picture.entities[at].name);
        let _ = writeln!(
            text,
            "    {} {}{between}{} {} : \"{}\"",
            entity(from.entity),
            match from.count {
                Count::One => "||",
                Count::ZeroOrOne => "|o",
                Count::Many => "}o",
            },
            match to.count {
                Count::One => "||",
                Count::ZeroOrOne => "o|",
                Count::Many => "o{",
            },
            entity(to.entity),
            escaped(&label),
        );
    }
    text
}

fn name(name: &str) -> String {
    let is_word = WORDS.contains(&name.to_ascii_lowercase().as_str());
    if is_word { format!("\"{name}\"") } else { name.to_owned() }
}

/// What the name alone does not say.
fn alias(picture: &Picture, entity: &Entity) -> String {
    let mut says = Vec::new();
    match entity.kind {
        EntityKind::Value => says.push("value".to_owned()),
        EntityKind::Base => says.push("base".to_owned()),
        EntityKind::Table => says.extend(entity.group.map(|group| picture.groups[group].name.clone())),
        EntityKind::Enum => {}
    }
    says.extend(entity.base.as_ref().map(|base| format!("extends {base}")));
    says.extend(entity.table.as_ref().map(|table| format!("table {table}")));
    if says.is_empty() { String::new() } else { format!("[\"{} ({})\"]", entity.name, escaped(&says.join(", "))) }
}

fn attribute(picture: &Picture, row: &Row) -> String {
    // Digits of a decimal are more than older versions read.
    let ty = row.ty.split_once('(').map_or_else(
        || row.ty.clone(),
        |(ty, rest)| format!("{ty}{}", rest.split_once(')').map_or("", |(_, list)| list)),
    );
    let mut text = format!("{} {}", word(&ty), word(&row.name));
    let keys = [("PK", row.primary), ("FK", row.foreign), ("UK", row.unique)];
    let keys: Vec<_> = keys.into_iter().filter_map(|(key, is)| is.then_some(key)).collect();
    if !keys.is_empty() {
        text.extend([" ", &keys.join(",")]);
    }
    let mut says = Vec::new();
    if word(&row.name) != row.name {
        says.push(format!("named {}", row.name));
    }
    says.extend(row.optional.then(|| "optional".to_owned()));
    says.extend(row.hidden.then(|| "hidden".to_owned()));
    let of = row.of.map(|of| &picture.entities[of]).filter(|of| of.kind == EntityKind::Enum);
    says.extend(of.map(|of| {
        let values: Vec<_> = of.rows.iter().map(|value| value.name.as_str()).collect();
        format!("one of {}", values.join(" | "))
    }));
    says.extend(row.description.clone());
    if !says.is_empty() {
        let _ = write!(text, " \"{}\"", escaped(&cut(&says.join(", "))));
    }
    text
}

/// A name of a property or type, such that it is not read as the mark of a key.
fn word(name: &str) -> String {
    let (stem, list) = name.strip_suffix("[]").map_or((name, ""), |stem| (stem, "[]"));
    let is_key = KEYS.contains(&stem.to_ascii_lowercase().as_str());
    if is_key { format!("{stem}_{list}") } else { name.to_owned() }
}

/// Mermaid breaks no lines: a long description would make its box as wide as the page.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        None => text.to_owned(),
        Some(_) => text.chars().take(MOST_LETTERS - 1).chain(['…']).collect(),
    }
}

/// Text between quotes: on one line, and nothing in it that Mermaid or a browser would take for its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        let mut letters = word.chars().peekable();
        while let Some(c) = letters.next() {
            match c {
                // Mermaid looks for styles in the whole text: a colon, a colour, a semicolon.
                ':' if letters.peek().is_some() => escaped.push_str("#58;"),
                '"' => escaped.push_str("#quot;"),
                '#' => escaped.push_str("#35;"),
                '&' => escaped.push_str("#amp;"),
                '<' => escaped.push_str("#lt;"),
                '>' => escaped.push_str("#gt;"),
                '%' => escaped.push_str("#37;"),
                '\\' => escaped.push_str("#92;"),
                '`' => escaped.push_str("#96;"),
                c => escaped.push(c),
            }
        }
    }
    escaped
}
