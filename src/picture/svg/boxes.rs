//! Boxes with their rows: how large they are, and how they are drawn.

use std::fmt::Write as _;

use super::text::{bold, mono, sans, shown};
use super::{escaped, tooltip};
use crate::picture::layout::Rect;
use crate::picture::{Entity, EntityKind, Row};

const HEAD: i32 = 28;
/// With a second line below the name.
const TALL_HEAD: i32 = 42;
const ROW: i32 = 20;
const PAD: i32 = 10;
/// Between the columns of a row.
const GAP: i32 = 14;
const BELOW: i32 = 4;
const CORNER: i32 = 6;

const NAME: usize = 13;
const SAYS: usize = 10;
const TEXT: usize = 11;
const KEY: usize = 9;

/// Width and height of a box.
pub(super) fn size(entity: &Entity) -> (i32, i32) {
    let rows = entity.rows.iter().map(|row| {
        let ty = if row.ty.is_empty() { 0 } else { GAP + mono(&shown(&row.shown_type()), TEXT) };
        keys_width(entity) + mono(&shown(&row.name), TEXT) + ty
    });
    let head = bold(&shown(&entity.name), NAME);
    let says = entity.subtitle().map_or(0, |says| sans(&shown(&says), SAYS));
    let width = rows.chain([head, says]).max().unwrap_or_default() + 2 * PAD;
    let rows = i32::try_from(entity.rows.len()).unwrap_or(i32::MAX / (2 * ROW));
    (width, head_height(entity) + rows * ROW + BELOW)
}

fn head_height(entity: &Entity) -> i32 {
    if entity.subtitle().is_some() { TALL_HEAD } else { HEAD }
}

/// The column of PK, FK and UK.
fn keys_width(entity: &Entity) -> i32 {
    let widest = entity.rows.iter().map(|row| mono(&row.marks(), KEY)).max().unwrap_or_default();
    if widest == 0 { 0 } else { widest + 8 }
}

/// The elements of a box.
pub(super) fn draw(svg: &mut String, entity: &Entity, at: Rect) {
    let class = match entity.kind {
        EntityKind::Table => "table",
        EntityKind::Base => "base",
        EntityKind::Value => "value",
        EntityKind::Enum => "enum",
    };
    let Rect { x, y, width, height } = at;
    let head = head_height(entity);
    let _ = write!(svg, "<g class=\"{class}\" id=\"entity-{}\">", escaped(&entity.name));
    tooltip(svg, Some(entity.description.as_deref().unwrap_or(&entity.name)));
    let _ = write!(
        svg,
        "\n<rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{CORNER}\"/>\n"
    );
    let (left, right, low) = (x, x + width, y + head);
    let _ = writeln!(
        svg,
        "<path class=\"head\" d=\"M{} {low}V{}Q{} {} {} {}H{}Q{} {} {} {}V{low}Z\"/>",
        left + 1,
        y + CORNER,
        left + 1,
        y + 1,
        left + CORNER,
        y + 1,
        right - CORNER,
        right - 1,
        y + 1,
        right - 1,
        y + CORNER
    );
    let _ = writeln!(svg, "<path class=\"rule\" d=\"M{left} {low}H{right}\"/>");
    let _ = writeln!(
        svg,
        "<text class=\"entity\" x=\"{}\" y=\"{}\">{}</text>",
        x + PAD,
        y + 19,
        escaped(&shown(&entity.name))
    );
    if let Some(says) = entity.subtitle() {
        let (x, y) = (x + PAD, y + 34);
        let _ = writeln!(svg, "<text class=\"says\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(&shown(&says)));
    }
    let names = x + PAD + keys_width(entity);
    for (row, middle) in entity.rows.iter().zip((0..).map(|at| low + ROW * at + 15)) {
        draw_row(svg, row, [x + PAD, names, right - PAD], middle);
    }
    svg.push_str("</g>\n");
}

fn draw_row(svg: &mut String, row: &Row, [keys, names, types]: [i32; 3], y: i32) {
    svg.push_str("<g class=\"row\">");
    let name = shown(&row.name);
    let cut = (name != row.name).then_some(row.name.as_str());
    let hidden = row.hidden.then_some("hidden");
    let says: Vec<&str> = [cut, hidden, row.description.as_deref()].into_iter().flatten().collect();
    tooltip(svg, (!says.is_empty()).then(|| says.join("\n")).as_deref());
    let marks = row.marks();
    if !marks.is_empty() {
        let _ = write!(svg, "<text class=\"key\" x=\"{keys}\" y=\"{y}\">{marks}</text>");
    }
    let class = match (row.primary, row.hidden) {
        (_, true) => " class=\"hidden\"",
        (true, false) => " class=\"id\"",
        (false, false) => "",
    };
    let _ = write!(svg, "<text{class} x=\"{names}\" y=\"{y}\">{}</text>", escaped(&name));
    if !row.ty.is_empty() {
        let ty = escaped(&shown(&row.shown_type()));
        let _ = write!(svg, "<text class=\"type\" x=\"{types}\" y=\"{y}\" text-anchor=\"end\">{ty}</text>");
    }
    svg.push_str("</g>\n");
}
