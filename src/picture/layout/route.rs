//! How lines run: level within columns, up and down only in the channels between them, each on a track of its own.
//! Knows nothing of what lines mean.

use super::draw::draw;
use super::place::height;
use super::tracks::{APART, Net, assign, on_top};
use super::{Item, Layout, Sheet, Side};

/// The name above a line needs this much.
const NAME_ROOM: i32 = 13;
const NUDGES: usize = 12;

pub(super) fn route(mut sheet: Sheet<'_>) -> Layout {
    for _ in 0..NUDGES {
        if !nudge(&mut sheet) {
            break;
        }
    }
    let nets = nets(&sheet);
    let tracks = assign(&sheet.columns, &nets);
    draw(&sheet, &nets, &tracks)
}

/// For each channel, what runs in it; channel `n` is on the left of column `n`.
fn nets(sheet: &Sheet<'_>) -> Vec<Vec<Net>> {
    let Sheet { diagram, columns, grid, ports, tops } = sheet;
    let mut channels = vec![Vec::new(); columns.groups.len() + 1];
    for (link, chain) in grid.chains.iter().enumerate() {
        let level = |item: usize, end: usize| match grid.items[item] {
            Item::Box(_) => tops[item] + ports.offset(diagram, link, end),
            Item::Pass(_) => tops[item],
        };
        let (left, right) = if grid.turned[link] { (1, 0) } else { (0, 1) };
        let first = columns.of[chain[0]];
        if first == columns.of[chain[chain.len() - 1]] {
            // Its side of the box is the other side of the channel.
            let side = ports.sides[link][0];
            let (channel, side) = if side == Side::Right { (first + 1, Side::Left) } else { (first, Side::Right) };
            let ends = [(side, level(chain[0], left)), (side, level(chain[1], right))];
            channels[channel].push(Net { link, items: [chain[0], chain[1]], ends });
            continue;
        }
        for (channel, pair) in (first + 1..).zip(chain.windows(2)) {
            let ends = [(Side::Left, level(pair[0], left)), (Side::Right, level(pair[1], right))];
            channels[channel].push(Net { link, items: [pair[0], pair[1]], ends });
        }
    }
    channels
}

/// Moves one end of each line that lies on top of another; says whether any moved.
fn nudge(sheet: &mut Sheet<'_>) -> bool {
    let channels = nets(sheet);
    let tracks = assign(&sheet.columns, &channels);
    let mut moved = false;
    for (nets, tracks) in channels.iter().zip(&tracks) {
        for (a, b) in (0..nets.len()).flat_map(|a| (0..nets.len()).map(move |b| (a, b))) {
            let (Some(left), Some(right)) = (tracks.of[a], tracks.of[b]) else { continue };
            if left >= right {
                continue;
            }
            if let Some((level_a, level_b)) = on_top(&nets[a], &nets[b]) {
                moved |= shift(sheet, &nets[a], Side::Right, [level_a, level_b])
                    || shift(sheet, &nets[b], Side::Left, [level_b, level_a]);
            }
        }
    }
    moved
}

/// Moves the end of a line at that side of the channel from the first level away from the second, if there is room.
fn shift(sheet: &mut Sheet<'_>, net: &Net, side: Side, [level, other]: [i32; 2]) -> bool {
    let Sheet { grid, ports, tops, .. } = sheet;
    let Some(at) = net.ends.iter().position(|end| *end == (side, level)) else { return false };
    let mut moves = [other + APART - level, other - APART - level];
    moves.sort_by_key(|by| by.abs());
    let item = net.items[at];
    match grid.items[item] {
        Item::Box(shape) => {
            let end = if grid.turned[net.link] { 1 - at } else { at };
            let list = &mut ports.of[shape][1 - side as usize];
            let Some(port) = list.iter().position(|port| port.link == net.link && port.end == end) else {
                return false;
            };
            let above = port.checked_sub(1).map_or(0, |above| list[above].offset);
            let below = list.get(port + 1).map_or(ports.heights[shape], |below| below.offset);
            let room = |offset: i32| offset - above >= NAME_ROOM && below - offset >= NAME_ROOM;
            let offset = list[port].offset;
            let to = moves.into_iter().map(|by| offset + by).find(|to| room(*to));
            to.is_some_and(|to| {
                list[port].offset = to;
                true
            })
        }
        Item::Pass(_) => {
            let Some(column) = grid.columns.iter().find(|column| column.contains(&item)) else { return false };
            let Some(place) = column.iter().position(|other| *other == item) else { return false };
            let above = place.checked_sub(1).map(|above| column[above]);
            let free = |top: i32| {
                let above = above.is_none_or(|above| top - tops[above] - height(grid, ports, above) > APART + 1);
                let below = column.get(place + 1).is_none_or(|below| tops[*below] - top > APART + 1);
                above && below
            };
            let to = moves.into_iter().map(|by| tops[item] + by).find(|to| free(*to));
            to.is_some_and(|to| {
                tops[item] = to;
                true
            })
        }
    }
}
