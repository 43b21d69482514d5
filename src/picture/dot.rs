//! The picture in the language of Graphviz: boxes as HTML-like tables, datasources as clusters, crow's feet as arrows.

use std::fmt::Write as _;

use super::{Count, Entity, EntityKind, Line, LineKind, Picture, Row};

const HEAD: &str = "\
digraph schema {
  graph [rankdir=LR, nodesep=0.4, ranksep=1.2, fontname=\"Helvetica,Arial,sans-serif\", fontsize=12]
  node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11]
  edge [dir=both, fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, color=\"#57606a\", fontcolor=\"#57606a\"]
";

/// The text of the graph.
pub(super) fn render(picture: &Picture) -> String {
    let mut text = HEAD.to_owned();
    for (at, group) in picture.groups.iter().enumerate() {
        let _ = writeln!(text, "  subgraph cluster_{at} {{");
        let tooltip = group.description.as_deref().unwrap_or(&group.name);
        let _ = writeln!(
            text,
            "    graph [label={}, tooltip={}, style=\"rounded,dashed\", color=\"#8c959f\"]",
            quoted(&group.name),
            quoted(tooltip)
        );
        for entity in picture.entities.iter().filter(|entity| entity.group == Some(at)) {
            let _ = writeln!(text, "    {}", node(entity));
        }
        text.push_str("  }\n");
    }
    for entity in picture.entities.iter().filter(|entity| entity.group.is_none()) {
        let _ = writeln!(text, "  {}", node(entity));
    }
    for line in &picture.lines {
        let _ = writeln!(text, "  {}", edge(picture, line));
    }
    text.push_str("}\n");
    text
}

fn node(entity: &Entity) -> String {
    let (colour, style) = match entity.kind {
        EntityKind::Table => ("#ddf4ff", ""),
        EntityKind::Base => ("#f6f8fa", " STYLE=\"DASHED\""),
        EntityKind::Value => ("#fff8c5", " STYLE=\"ROUNDED\""),
        EntityKind::Enum => ("#dafbe1", " STYLE=\"ROUNDED\""),
    };
    let mut label = format!("<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\"{style} ");
    label.push_str("COLOR=\"#57606a\" BGCOLOR=\"white\">");
    let says = entity.subtitle().map(|says| format!(" <FONT POINT-SIZE=\"9\">{}</FONT>", html(&says)));
    let _ = write!(
        label,
        "<TR><TD COLSPAN=\"3\" BGCOLOR=\"{colour}\"><B>{}</B>{}</TD></TR>",
        html(&entity.name),
        says.unwrap_or_default()
    );
    for row in &entity.rows {
        label.push_str(&cells(row));
    }
    label.push_str("</TABLE>");
    format!("{} [label=<{label}>, tooltip={}]", quoted(&entity.name), quoted(&entity.tooltip()))
}

fn cells(row: &Row) -> String {
    let name = html(&row.name);
    if row.ty.is_empty() {
        return format!("<TR><TD COLSPAN=\"3\" ALIGN=\"LEFT\">{name}</TD></TR>");
    }
    let name = if row.primary { format!("<U>{name}</U>") } else { name };
    let name = if row.hidden { format!("<I>{name}</I>") } else { name };
    let marks = match row.marks() {
        // Graphviz refuses a font of nothing.
        marks if marks.is_empty() => marks,
        marks => format!("<FONT POINT-SIZE=\"8\">{marks}</FONT>"),
    };
    format!(
        "<TR><TD ALIGN=\"LEFT\">{marks}</TD><TD ALIGN=\"LEFT\">{name}</TD>\
         <TD ALIGN=\"LEFT\"><FONT COLOR=\"#57606a\">{}</FONT></TD></TR>",
        html(&row.shown_type())
    )
}

fn edge(picture: &Picture, line: &Line) -> String {
    let [from, to] = &line.ends;
    let (tail, head) = match line.kind {
        LineKind::Strong | LineKind::Weak => (arrow(from.count), arrow(to.count)),
        LineKind::Embeds => ("diamond", arrow(to.count)),
        LineKind::Extends => ("onormal", "none"),
    };
    let style = if line.kind == LineKind::Weak { ", style=dashed" } else { "" };
    format!(
        "{} -> {} [arrowtail={tail}, arrowhead={head}{style}, label={}, tooltip={}]",
        quoted(&picture.entities[from.entity].name),
        quoted(&picture.entities[to.entity].name),
        quoted(&line.label()),
        quoted(&line.notes.join("\n")),
    )
}

fn arrow(count: Count) -> &'static str {
    match count {
        Count::One => "teetee",
        Count::ZeroOrOne => "teeodot",
        Count::Many => "crowodot",
    }
}

/// A string in double quotes. A backslash would start an escape of Graphviz's own, and it decodes entities too.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Text within an HTML-like label.
fn html(text: &str) -> String {
    super::escaped(text)
}
