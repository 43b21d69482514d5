//! Lines with rounded corners, crow's feet and the names of relations.

use std::fmt::Write as _;

use super::text::{sans, shown};
use super::{escaped, tooltip};
use crate::picture::layout::{MARK, Route, Side};
use crate::picture::{Count, End, Line, LineKind, Picture};

const NAME: usize = 10;
const CORNER: i32 = 6;

/// What is written at an end of a line.
fn name(end: &End) -> String {
    shown(&end.names.join(", "))
}

/// The room that the name at an end takes.
pub(super) fn name_width(end: &End) -> i32 {
    sans(&name(end), NAME)
}

/// The elements of a line.
pub(super) fn draw(svg: &mut String, picture: &Picture, number: usize, line: &Line, route: &Route) {
    let class = match line.kind {
        LineKind::Strong => "strong",
        LineKind::Weak => "weak",
        LineKind::Embeds => "embeds",
        LineKind::Extends => "extends",
    };
    let [from, to] = [0, 1].map(|end| escaped(&picture.entities[line.ends[end].entity].name));
    let _ = write!(svg, "<g class=\"line {class}\" id=\"line-{number}\" data-from=\"{from}\" data-to=\"{to}\">");
    tooltip(svg, Some(&line.notes.join("\n")));
    let _ = writeln!(svg, "\n<path class=\"wire\" d=\"{}\"/>", path(&route.points));
    let places = [route.points.first(), route.points.last()];
    for (end, (data, place)) in line.ends.iter().zip(places).enumerate() {
        let Some((x, y)) = place.copied() else { continue };
        let out = if route.sides[end] == Side::Right { 1 } else { -1 };
        match (line.kind, end) {
            (LineKind::Embeds, 0) => diamond(svg, x, y, out),
            (LineKind::Extends, 0) => triangle(svg, x, y, out),
            (LineKind::Extends, _) => {}
            _ => foot(svg, data.count, x, y, out),
        }
        let text = name(data);
        if !text.is_empty() {
            let (x, y) = (x + out * MARK, y - 4);
            let anchor = if out > 0 { "" } else { " text-anchor=\"end\"" };
            let _ = writeln!(svg, "<text class=\"name\" x=\"{x}\" y=\"{y}\"{anchor}>{}</text>", escaped(&text));
        }
    }
    svg.push_str("</g>\n");
}

/// Through the points, corners rounded as far as the sides of a corner allow.
fn path(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| points.get(before));
        match (before, points.get(at + 1)) {
            (None, _) => {
                let _ = write!(path, "M{x} {y}");
            }
            (Some(_), None) => {
                let _ = write!(path, "L{x} {y}");
            }
            (Some(before), Some(after)) => {
                let (from, to) = (toward((*x, *y), *before), toward((*x, *y), *after));
                let _ = write!(path, "L{} {}Q{x} {y} {} {}", from.0, from.1, to.0, to.1);
            }
        }
    }
    path
}

/// The point a corner's radius away from one, or half the way.
fn toward(from: (i32, i32), to: (i32, i32)) -> (i32, i32) {
    let part = |from: i32, to: i32| from + (to - from).signum() * ((to - from).abs() / 2).min(CORNER);
    (part(from.0, to.0), part(from.1, to.1))
}

fn foot(svg: &mut String, count: Count, x: i32, y: i32, out: i32) {
    let (high, low) = (y - 5, y + 5);
    let tick = |away: i32| format!("M{} {high}V{low}", x + out * away);
    let circle = |away: i32| format!("<circle class=\"zero\" cx=\"{}\" cy=\"{y}\" r=\"4\"/>", x + out * away);
    let (mark, zero) = match count {
        Count::One => (format!("{}{}", tick(6), tick(10)), String::new()),
        Count::ZeroOrOne => (tick(6), circle(14)),
        Count::Many => (format!("M{x} {high}L{} {y}L{x} {low}", x + out * 11), circle(15)),
    };
    let _ = writeln!(svg, "<path class=\"mark\" d=\"{mark}\"/>{zero}");
}

fn diamond(svg: &mut String, x: i32, y: i32, out: i32) {
    let (middle, tip) = (x + out * 9, x + out * 18);
    let _ = writeln!(svg, "<path class=\"full\" d=\"M{x} {y}L{middle} {}L{tip} {y}L{middle} {}Z\"/>", y - 5, y + 5);
}

fn triangle(svg: &mut String, x: i32, y: i32, out: i32) {
    let foot = x + out * 12;
    let _ = writeln!(svg, "<path class=\"open\" d=\"M{x} {y}L{foot} {}V{}Z\"/>", y - 6, y + 6);
}
