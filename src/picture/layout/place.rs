//! Up and down: boxes and passing lines move within the order of their column, and line ends along their box, until
//! lines are as straight as they can be.
//!
//! Each column in turn is fitted to its neighbours by pooling adjacent violators: first to the mean of what its lines
//! wish, which settles the whole picture, then to the median, which makes single lines exactly straight.

use super::ports::{Port, Ports};
use super::{BOX_GAP, Diagram, Grid, Item, LINE_GAP, PASS_GAP, PORT_GAP, PORT_MARGIN, Sheet, Side, length};

const SETTLING: usize = 24;
const STRAIGHTENING: usize = 10;

/// How much a line wishes to be straight: one that passes columns more than one that only joins two.
const PASSING: f64 = 8.0;
const ENTERING: f64 = 3.0;
const JOINING: f64 = 2.0;
const NEAR: f64 = 0.6;
/// What holds everything together where no line does.
const GRAVITY: f64 = 0.01;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Middle {
    Mean,
    Median,
}

/// A part of a line between two items of neighbouring columns.
#[derive(Debug, Clone, Copy)]
struct Part {
    other: usize,
    link: usize,
    /// Which end of the line this item and the other one is, where they are boxes.
    ends: [usize; 2],
    weight: f64,
}

/// Finds the top of each item; moves the ports too.
pub(super) fn place(sheet: &mut Sheet<'_>) {
    let mut parts = parts(&sheet.grid);
    for [a, b] in &sheet.diagram.near {
        // Boxes that only stand near each other compare their middles.
        parts[*a].push(Part { other: *b, link: usize::MAX, ends: [0; 2], weight: NEAR });
        parts[*b].push(Part { other: *a, link: usize::MAX, ends: [0; 2], weight: NEAR });
    }
    sheet.tops = stack(&sheet.grid, &sheet.ports);
    let (columns, shapes) = (sheet.grid.columns.len(), sheet.diagram.shapes.len());
    for sweep in 0..SETTLING + STRAIGHTENING {
        let middle = if sweep < SETTLING { Middle::Mean } else { Middle::Median };
        let turn = |step: usize, count: usize| if sweep % 2 == 0 { step } else { count - 1 - step };
        for step in 0..columns {
            fit_column(sheet, &parts, turn(step, columns), middle);
        }
        if sweep >= SETTLING / 2 {
            for step in 0..shapes {
                fit_ports(sheet, &parts, turn(step, shapes));
            }
        }
    }
}

fn parts(grid: &Grid) -> Vec<Vec<Part>> {
    let mut parts: Vec<Vec<Part>> = vec![Vec::new(); grid.items.len()];
    let column = {
        let mut of = vec![0; grid.items.len()];
        for (at, column) in grid.columns.iter().enumerate() {
            for item in column {
                of[*item] = at;
            }
        }
        of
    };
    for (link, chain) in grid.chains.iter().enumerate() {
        let (left, right) = if grid.turned[link] { (1, 0) } else { (0, 1) };
        for pair in chain.windows(2).filter(|pair| column[pair[0]] != column[pair[1]]) {
            let is_pass = |item: usize| matches!(grid.items[item], Item::Pass(_));
            let weight = match (is_pass(pair[0]), is_pass(pair[1])) {
                (true, true) => PASSING,
                (false, false) => JOINING,
                _ => ENTERING,
            };
            parts[pair[0]].push(Part { other: pair[1], link, ends: [left, right], weight });
            parts[pair[1]].push(Part { other: pair[0], link, ends: [right, left], weight });
        }
    }
    parts
}

fn stack(grid: &Grid, ports: &Ports) -> Vec<i32> {
    let mut tops = vec![0; grid.items.len()];
    for column in &grid.columns {
        let needed = below_first(grid, ports, column);
        let middle = needed.last().copied().unwrap_or_default() / 2;
        for (item, below) in column.iter().zip(needed) {
            tops[*item] = below - middle;
        }
    }
    tops
}

/// How far below the top of the column's first item each one is at least.
fn below_first(grid: &Grid, ports: &Ports, column: &[usize]) -> Vec<i32> {
    let mut below = Vec::with_capacity(column.len());
    let mut at = 0;
    for (place, item) in column.iter().enumerate() {
        if let Some(above) = place.checked_sub(1).map(|above| column[above]) {
            at += height(grid, ports, above) + gap(grid, above, *item);
        }
        below.push(at);
    }
    below
}

pub(super) fn height(grid: &Grid, ports: &Ports, item: usize) -> i32 {
    match grid.items[item] {
        Item::Box(shape) => ports.heights[shape],
        Item::Pass(_) => 0,
    }
}

pub(super) fn gap(grid: &Grid, above: usize, below: usize) -> i32 {
    match (grid.items[above], grid.items[below]) {
        (Item::Box(_), Item::Box(_)) => BOX_GAP,
        (Item::Pass(_), Item::Pass(_)) => LINE_GAP,
        _ => PASS_GAP,
    }
}

/// Where on the item that end of the line is.
fn offset(diagram: &Diagram, grid: &Grid, ports: &Ports, item: usize, link: usize, end: usize) -> i32 {
    match grid.items[item] {
        Item::Pass(_) => 0,
        Item::Box(shape) if link == usize::MAX => ports.heights[shape] / 2,
        Item::Box(_) => ports.offset(diagram, link, end),
    }
}

fn fit_column(sheet: &mut Sheet<'_>, parts: &[Vec<Part>], column: usize, middle: Middle) {
    let Sheet { diagram, grid, ports, tops, .. } = sheet;
    let items = &grid.columns[column];
    let below = below_first(grid, ports, items);
    let whole = below.last().copied().unwrap_or_default();
    let wishes = items.iter().zip(&below).map(|(item, below)| {
        let of_part = |part: &Part| {
            let theirs = tops[part.other] + offset(diagram, grid, ports, part.other, part.link, part.ends[1]);
            let ours = offset(diagram, grid, ports, *item, part.link, part.ends[0]);
            (f64::from(theirs - ours - below), part.weight)
        };
        let mut wishes: Vec<_> = parts[*item].iter().map(of_part).collect();
        wishes.push((f64::from(-whole / 2), GRAVITY));
        wishes
    });
    let fitted = fit(wishes.collect(), middle);
    for ((item, below), at) in items.iter().zip(&below).zip(fitted) {
        tops[*item] = whole_number(at) + below;
    }
}

fn fit_ports(sheet: &mut Sheet<'_>, parts: &[Vec<Part>], shape: usize) {
    let Sheet { diagram, grid, ports, tops, .. } = sheet;
    let height = ports.heights[shape];
    for side in [Side::Left, Side::Right] {
        let list = &ports.of[shape][side as usize];
        let count = length(list.len());
        if count == 0 {
            continue;
        }
        let wish = |(at, port): (i32, &Port)| {
            let part = parts[shape].iter().find(|part| part.link == port.link && part.ends[0] == port.end);
            let (wanted, weight) = if let Some(part) = part {
                let theirs = offset(diagram, grid, ports, part.other, part.link, part.ends[1]);
                (tops[part.other] + theirs - tops[shape], part.weight)
            } else {
                // Loops at the top; what goes up or down within the column at that end.
                let other = diagram.links[port.link].ends[1 - port.end];
                (if tops[other] <= tops[shape] { 0 } else { height }, 0.5)
            };
            vec![(f64::from(wanted - at * PORT_GAP), weight)]
        };
        let fitted = fit((0..).zip(list).map(wish).collect(), Middle::Median);
        let most = height - PORT_MARGIN - PORT_GAP * (count - 1);
        for ((at, port), fitted) in (0..).zip(&mut ports.of[shape][side as usize]).zip(fitted) {
            port.offset = whole_number(fitted).clamp(PORT_MARGIN, most.max(PORT_MARGIN)) + at * PORT_GAP;
        }
    }
}

/// A pool of neighbours that stand as close as they may.
struct Pool {
    wishes: Vec<(f64, f64)>,
    count: usize,
    at: f64,
}

/// The places nearest to what each one wishes such that none is before its predecessor.
fn fit(wishes: Vec<Vec<(f64, f64)>>, middle: Middle) -> Vec<f64> {
    let mut pools: Vec<Pool> = Vec::with_capacity(wishes.len());
    for wishes in wishes {
        let mut pool = Pool { at: centre(&wishes, middle), wishes, count: 1 };
        while let Some(above) = pools.pop_if(|above| above.at > pool.at) {
            let mut wishes = above.wishes;
            wishes.append(&mut pool.wishes);
            wishes.sort_by(|a, b| a.0.total_cmp(&b.0));
            pool = Pool { at: centre(&wishes, middle), wishes, count: above.count + pool.count };
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|pool| std::iter::repeat_n(pool.at, pool.count)).collect()
}

fn centre(wishes: &[(f64, f64)], middle: Middle) -> f64 {
    let total: f64 = wishes.iter().map(|(_, weight)| weight).sum();
    let mean = wishes.iter().map(|(at, weight)| at * weight).sum::<f64>() / total;
    if middle == Middle::Mean {
        return mean;
    }
    let mut sorted = wishes.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = |wishes: &mut dyn Iterator<Item = &(f64, f64)>| {
        let mut sum = 0.0;
        for (at, weight) in wishes {
            sum += weight;
            if sum * 2.0 >= total {
                return *at;
            }
        }
        mean
    };
    let (low, high) = (half(&mut sorted.iter()), half(&mut sorted.iter().rev()));
    if low <= high { mean.clamp(low, high) } else { mean }
}

#[expect(clippy::cast_possible_truncation, reason = "places are far below the limits of both types")]
fn whole_number(at: f64) -> i32 {
    at.round() as i32
}
