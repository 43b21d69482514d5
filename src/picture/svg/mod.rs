//! The picture as one SVG that needs nothing else: its own layout, fonts by generic names, colours for light and dark.

mod boxes;
mod lines;
mod text;

use std::fmt::Write as _;

use super::layout::{self, Diagram, FRAME_HEAD, Link, Shape};
use super::{EntityKind, LineKind, Picture, escaped};

const STYLE: &str = include_str!("style.css");
const GROUP: usize = 13;

/// The text of the document.
pub(super) fn render(picture: &Picture) -> String {
    let layout = layout::layout(&diagram(picture));
    let (width, height) = (layout.width, layout.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"relata\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"relata-title relata-desc\">\n\
         <title id=\"relata-title\">Models and their relations</title>\n\
         <desc id=\"relata-desc\">{}</desc>\n<style>\n{STYLE}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(&description(picture))
    );
    for (group, frame) in picture.groups.iter().zip(&layout.frames) {
        svg.push_str("<g>");
        tooltip(&mut svg, Some(group.description.as_deref().unwrap_or(&group.name)));
        let _ = writeln!(
            svg,
            "\n<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
            frame.x, frame.y, frame.width, frame.height
        );
        let (x, y) = (frame.x + 12, frame.y + FRAME_HEAD - 10);
        let name = fitting(&group.name, frame.width - 24);
        let _ = writeln!(svg, "<text class=\"group\" x=\"{x}\" y=\"{y}\">{}</text></g>", escaped(&name));
    }
    for (number, (line, route)) in picture.lines.iter().zip(&layout.routes).enumerate() {
        lines::draw(&mut svg, picture, number, line, route);
    }
    for (entity, at) in picture.entities.iter().zip(&layout.boxes) {
        boxes::draw(&mut svg, entity, *at);
    }
    svg.push_str("</svg>\n");
    svg
}

fn diagram(picture: &Picture) -> Diagram {
    let shapes = picture.entities.iter().map(|entity| {
        let (width, height) = boxes::size(entity);
        Shape { width, height, group: entity.group.unwrap_or_default() }
    });
    let links = picture.lines.iter().map(|line| Link {
        ends: [line.ends[0].entity, line.ends[1].entity],
        names: [lines::name_width(&line.ends[0]), lines::name_width(&line.ends[1])],
    });
    let users = picture.entities.iter().enumerate();
    let mut near: Vec<[usize; 2]> = users
        .flat_map(|(user, entity)| entity.rows.iter().filter_map(move |row| Some([user, row.of?])))
        .filter(|[_, of]| picture.entities[*of].kind == EntityKind::Enum)
        .collect();
    near.sort_unstable();
    near.dedup();
    Diagram { shapes: shapes.collect(), links: links.collect(), near, groups: picture.groups.len() }
}

/// What somebody who does not see the picture is told.
fn description(picture: &Picture) -> String {
    let names: Vec<_> = picture.entities.iter().map(|entity| entity.name.as_str()).collect();
    let is_relation = |kind: LineKind| matches!(kind, LineKind::Strong | LineKind::Weak);
    let relations = picture.lines.iter().filter(|line| is_relation(line.kind)).count();
    format!("An entity-relationship diagram. Boxes: {}. Lines between related models: {relations}.", names.join(", "))
}

fn tooltip(svg: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        let _ = write!(svg, "<title>{}</title>", escaped(text));
    }
}

fn fitting(name: &str, room: i32) -> String {
    let shown = text::shown(name);
    if text::bold(&shown, GROUP) <= room {
        return shown;
    }
    let mut cut: String = String::new();
    for c in shown.chars() {
        cut.push(c);
        if text::bold(&cut, GROUP) + GROUP_ROOM > room {
            cut.pop();
            break;
        }
    }
    cut.push('…');
    cut
}

/// For the dots that stand for the rest.
const GROUP_ROOM: i32 = 16;
