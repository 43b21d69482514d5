//! From columns, tracks and levels to places on the page. Decides nothing but widths.

use super::place::height;
use super::tracks::{Net, Tracks, ZONES};
use super::{
    FRAME, FRAME_HEAD, LEAST_CHANNEL, Layout, MARGIN, MARK, Rect, Route, Shape, Sheet, Side, TRACK_GAP, length,
};

/// Where everything is.
pub(super) fn draw(sheet: &Sheet<'_>, channels: &[Vec<Net>], tracks: &[Tracks]) -> Layout {
    let across = Across::of(sheet, tracks);
    let boxes = boxes(sheet, &across);
    let routes = routes(sheet, channels, tracks, &across, &boxes);
    let mut layout = Layout { boxes, routes, frames: frames(sheet, &across), width: across.width, height: 0 };
    fit_page(&mut layout);
    layout
}

fn boxes(sheet: &Sheet<'_>, across: &Across) -> Vec<Rect> {
    let place = |(shape, data): (usize, &Shape)| {
        let (x, width) = across.columns[sheet.columns.of[shape]];
        let joined = sheet.ports.of[shape].iter().any(|list| !list.is_empty());
        // A box that no line touches need not be as wide as its column.
        let width = if joined { width } else { data.width };
        Rect { x, y: sheet.tops[shape], width, height: sheet.ports.heights[shape] }
    };
    sheet.diagram.shapes.iter().enumerate().map(place).collect()
}

fn routes(sheet: &Sheet<'_>, channels: &[Vec<Net>], tracks: &[Tracks], across: &Across, boxes: &[Rect]) -> Vec<Route> {
    let Sheet { diagram, grid, ports, .. } = sheet;
    let mut bends: Vec<Vec<(i32, i32)>> = vec![Vec::new(); diagram.links.len()];
    for (channel, nets) in channels.iter().enumerate() {
        for (net, track) in nets.iter().zip(&tracks[channel].of) {
            let Some((zone, track)) = *track else { continue };
            let x = across.tracks[channel][zone] + TRACK_GAP * length(track);
            bends[net.link].extend(net.ends.map(|(_, level)| (x, level)));
        }
    }
    let route = |(link, mut bends): (usize, Vec<(i32, i32)>)| {
        let end = |end: usize| {
            let at = boxes[diagram.links[link].ends[end]];
            let x = if ports.sides[link][end] == Side::Right { at.x + at.width } else { at.x };
            (x, at.y + ports.offset(diagram, link, end))
        };
        if grid.turned[link] {
            bends.reverse();
        }
        let points = std::iter::once(end(0)).chain(bends).chain([end(1)]).collect();
        Route { points, sides: ports.sides[link] }
    };
    bends.into_iter().enumerate().map(route).collect()
}

fn frames(sheet: &Sheet<'_>, across: &Across) -> Vec<Rect> {
    let Sheet { diagram, columns, grid, ports, tops } = sheet;
    let frame = |group: usize| {
        let of_group = (0..columns.groups.len()).filter(|column| columns.groups[*column] == group);
        let of_group: Vec<_> = of_group.collect();
        let (first, last) = (of_group.first()?, of_group.last()?);
        let items = || of_group.iter().flat_map(|column| &grid.columns[*column]);
        let top = items().map(|item| tops[*item]).min()? - FRAME_HEAD - 8;
        let bottom = items().map(|item| tops[*item] + height(grid, ports, *item)).max()? + FRAME;
        let (left, right) = (across.frames[*first][1], across.frames[last + 1][0]);
        Some(Rect { x: left, y: top, width: right - left, height: bottom - top })
    };
    (0..diagram.groups).filter_map(frame).collect()
}

/// Moves everything so that the picture begins at the margin.
fn fit_page(layout: &mut Layout) {
    let rects = || layout.boxes.iter().chain(&layout.frames);
    let points = || layout.routes.iter().flat_map(|route| &route.points);
    let top = rects().map(|rect| rect.y).chain(points().map(|point| point.1)).min().unwrap_or_default();
    let bottom = rects().map(|rect| rect.y + rect.height).chain(points().map(|point| point.1)).max();
    let height = bottom.unwrap_or_default() - top + 2 * MARGIN;
    for rect in layout.boxes.iter_mut().chain(&mut layout.frames) {
        rect.y += MARGIN - top;
    }
    for point in layout.routes.iter_mut().flat_map(|route| &mut route.points) {
        point.1 += MARGIN - top;
    }
    layout.height = height;
}

/// Where columns and channels are from left to right.
#[derive(Debug, Default)]
struct Across {
    /// Left edge and width of each column.
    columns: Vec<(i32, i32)>,
    /// The first track of each zone of each channel.
    tracks: Vec<[i32; ZONES]>,
    /// In each channel, where the frame of the group before it ends and that of the group after it begins.
    frames: Vec<[i32; 2]>,
    width: i32,
}

impl Across {
    fn of(sheet: &Sheet<'_>, tracks: &[Tracks]) -> Self {
        let Sheet { diagram, columns, ports, .. } = sheet;
        let count = columns.groups.len();
        let mut widths = vec![0; count];
        let mut names = vec![[0; 2]; count];
        for (shape, column) in columns.of.iter().enumerate() {
            widths[*column] = widths[*column].max(diagram.shapes[shape].width);
            for (side, list) in ports.of[shape].iter().enumerate() {
                let needed = list.iter().map(|port| MARK + diagram.links[port.link].names[port.end] + 8).max();
                names[*column][side] = names[*column][side].max(needed.unwrap_or_default());
            }
        }
        let mut across = Self::default();
        let mut x = MARGIN;
        for (channel, tracks) in tracks.iter().enumerate() {
            let (before, after) = (columns.group_before(channel), columns.group_after(channel));
            let frame = |group: Option<usize>| match group {
                Some(_) if diagram.groups > 0 && before != after => FRAME,
                _ => 0,
            };
            let [left, between, right] =
                tracks.used.map(|used| if used == 0 { 0 } else { TRACK_GAP * (length(used) + 1) });
            let name = |column: Option<usize>, side: Side| column.map_or(0, |column| names[column][side as usize]);
            let name_before = name(channel.checked_sub(1), Side::Right);
            let name_after = name((channel < count).then_some(channel), Side::Left);
            let apart = frame(before) > 0 && frame(after) > 0;
            let between = if apart { between.max(2 * FRAME) } else { between };
            let parts = [name_before, left, frame(before), between, frame(after), right, name_after];
            let least = if before.is_some() && after.is_some() { LEAST_CHANNEL } else { 0 };
            // What the channel is too wide for its lines is shared out evenly.
            let spare = (least - parts.iter().sum::<i32>()).max(0);
            let at = |part: usize| x + parts[..part].iter().sum::<i32>() + if part > 2 { spare / 2 } else { 0 };
            across.tracks.push([at(1), at(3), at(5)].map(|start| start + TRACK_GAP));
            across.frames.push([at(3) - if before == after { 0 } else { spare / 2 }, at(4)]);
            x += parts.iter().sum::<i32>() + spare;
            if let Some(width) = widths.get(channel) {
                across.columns.push((x, *width));
                x += width;
            }
        }
        across.width = x + MARGIN;
        across
    }
}
