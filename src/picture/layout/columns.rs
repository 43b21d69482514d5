//! Which column each box stands in: related boxes in neighbouring columns, columns about equally high.
//!
//! Each group has columns of its own, side by side. Searches by threshold accepting: random moves, of which worse
//! ones are taken too while the threshold is high. Knows nothing of the order within a column.

use std::collections::VecDeque;

use super::{BOX_GAP, Diagram, Dice, Shape};

/// How much wider than high the picture should be, times 10.
const ASPECT: i64 = 15;
/// What a channel takes beside its column, about.
const CHANNEL: i64 = 170;
/// Lines that pass columns need room too, times 10.
const SLACK: i64 = 13;
const MOST_MOVES: usize = 1_500_000;

/// The outcome: a column for each box and a group for each column.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) of: Vec<usize>,
    pub(super) groups: Vec<usize>,
}

impl Columns {
    /// The group on the left of that channel; channel `n` is on the left of column `n`.
    pub(super) fn group_before(&self, channel: usize) -> Option<usize> {
        channel.checked_sub(1).map(|column| self.groups[column])
    }

    /// The group on the right of that channel.
    pub(super) fn group_after(&self, channel: usize) -> Option<usize> {
        self.groups.get(channel).copied()
    }
}

/// A neighbour: the other box, whether there is a line, and whether it would rather be on the left.
#[derive(Debug, Clone, Copy)]
struct Neighbour {
    other: usize,
    drawn: bool,
    wants_left: bool,
}

struct Search<'d> {
    diagram: &'d Diagram,
    neighbours: Vec<Vec<Neighbour>>,
    column: Vec<usize>,
    heights: Vec<i64>,
    target: i64,
    /// First column of each group, and how many it has.
    ranges: Vec<(usize, usize)>,
}

pub(super) fn assign(diagram: &Diagram) -> Columns {
    let count = diagram.groups.max(1);
    let mut of_group = vec![0_i64; count];
    for shape in &diagram.shapes {
        of_group[shape.group] += needed(shape);
    }
    let total: i64 = of_group.iter().sum();
    let boxes = i64::try_from(diagram.shapes.len()).unwrap_or(i64::MAX).max(1);
    let width = diagram.shapes.iter().map(|shape| i64::from(shape.width)).sum::<i64>() / boxes + CHANNEL;
    let columns = (1..=boxes).find(|k| k * k * width * 100 >= ASPECT * SLACK * total).unwrap_or(boxes);
    let tallest = diagram.shapes.iter().map(needed).max().unwrap_or_default();
    let target = (total / columns).max(tallest).max(1);

    let mut ranges = vec![(0, 0); count];
    let mut next = 0;
    for group in group_order(diagram, count) {
        // A little over the height is better than one more column; lines within a single column are worse.
        let wanted = usize::try_from((of_group[group] * 10 + target * 12 - 1) / (target * 12)).unwrap_or(1);
        let wanted = wanted.max(if has_lines_within(diagram, group) { 2 } else { 1 });
        ranges[group] = (next, wanted);
        next += wanted;
    }
    let mut search = Search {
        diagram,
        neighbours: neighbours(diagram),
        column: vec![0; diagram.shapes.len()],
        heights: vec![0; next],
        target,
        ranges,
    };
    search.start();
    search.run();
    search.finish()
}

fn needed(shape: &Shape) -> i64 {
    i64::from(shape.height + BOX_GAP)
}

fn neighbours(diagram: &Diagram) -> Vec<Vec<Neighbour>> {
    let mut neighbours = vec![Vec::new(); diagram.shapes.len()];
    let lines = diagram.links.iter().map(|link| (link.ends, true));
    for ([a, b], drawn) in lines.chain(diagram.near.iter().map(|ends| (*ends, false))).filter(|([a, b], _)| a != b) {
        neighbours[a].push(Neighbour { other: b, drawn, wants_left: true });
        neighbours[b].push(Neighbour { other: a, drawn, wants_left: false });
    }
    neighbours
}

/// Whether a group has enough boxes and lines to look better in two columns than in one.
fn has_lines_within(diagram: &Diagram, group: usize) -> bool {
    let inside = |shape: usize| diagram.shapes[shape].group == group;
    let within = |link: &&super::Link| link.ends[0] != link.ends[1] && link.ends.iter().all(|end| inside(*end));
    diagram.links.iter().filter(within).take(2).count() == 2
}

/// The groups from left to right, such that those with many lines between them are near each other.
fn group_order(diagram: &Diagram, count: usize) -> Vec<usize> {
    let mut between = vec![vec![0_usize; count]; count];
    for [a, b] in diagram.links.iter().map(|link| link.ends.map(|end| diagram.shapes[end].group)) {
        between[a][b] += 1;
        between[b][a] += 1;
    }
    let mut order: Vec<usize> = (0..count).collect();
    let cost = |order: &[usize]| -> usize {
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        pairs.map(|(a, b)| (b - a) * between[order[a]][order[b]]).sum()
    };
    // More groups than this are no picture any more; their order is that of their names.
    if count > 40 {
        return order;
    }
    let mut best = cost(&order);
    loop {
        let before = best;
        for (a, b) in (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b))) {
            order.swap(a, b);
            let now = cost(&order);
            if now < best {
                best = now;
            } else {
                order.swap(a, b);
            }
        }
        if best == before {
            return order;
        }
    }
}

impl Search<'_> {
    /// Breadth first from box to box, each group's columns filled from the left.
    fn start(&mut self) {
        let count = self.diagram.shapes.len();
        let mut seen = vec![false; count];
        let mut order = Vec::with_capacity(count);
        let mut by_degree: Vec<usize> = (0..count).collect();
        by_degree.sort_by_key(|shape| self.neighbours[*shape].len());
        for first in by_degree {
            let mut open = VecDeque::from([first]);
            while let Some(shape) = open.pop_front() {
                if std::mem::replace(&mut seen[shape], true) {
                    continue;
                }
                order.push(shape);
                open.extend(self.neighbours[shape].iter().map(|it| it.other).filter(|other| !seen[*other]));
            }
        }
        let mut filled: Vec<usize> = self.ranges.iter().map(|(first, _)| *first).collect();
        for shape in order {
            let data = &self.diagram.shapes[shape];
            let (first, columns) = self.ranges[data.group];
            let column = &mut filled[data.group];
            if self.heights[*column] >= self.target && *column + 1 < first + columns {
                *column += 1;
            }
            self.column[shape] = *column;
            self.heights[*column] += needed(data);
        }
    }

    fn run(&mut self) {
        let count = self.diagram.shapes.len();
        let movable: Vec<usize> = (0..count).filter(|it| self.ranges[self.diagram.shapes[*it].group].1 > 1).collect();
        if movable.is_empty() {
            return;
        }
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        let moves = (movable.len() * 3_000).min(MOST_MOVES);
        let (mut cost, mut best) = (0, (0, self.column.clone()));
        for step in 0..moves {
            // From about the price of a line down to nothing; the last part only improves.
            let left = i64::try_from(moves * 9 / 10).unwrap_or_default() - i64::try_from(step).unwrap_or_default();
            let threshold = (left * 3_000 / i64::try_from(moves).unwrap_or(1)).max(0);
            let shape = movable[dice.below(movable.len())];
            let (first, columns) = self.ranges[self.diagram.shapes[shape].group];
            let delta = if dice.below(3) == 0 {
                let other = movable[dice.below(movable.len())];
                let same_group = self.diagram.shapes[other].group == self.diagram.shapes[shape].group;
                if !same_group || self.column[other] == self.column[shape] {
                    continue;
                }
                let (here, there) = (self.column[shape], self.column[other]);
                let delta = self.shift(shape, there) + self.shift(other, here);
                if delta > threshold {
                    self.shift(shape, here);
                    self.shift(other, there);
                    continue;
                }
                delta
            } else {
                let here = self.column[shape];
                let delta = self.shift(shape, first + dice.below(columns));
                if delta > threshold {
                    self.shift(shape, here);
                    continue;
                }
                delta
            };
            cost += delta;
            if cost < best.0 {
                best = (cost, self.column.clone());
            }
        }
        for (shape, column) in best.1.into_iter().enumerate() {
            self.shift(shape, column);
        }
    }

    /// Moves a box and says how much worse that is.
    fn shift(&mut self, shape: usize, to: usize) -> i64 {
        let from = self.column[shape];
        if from == to {
            return 0;
        }
        let height = needed(&self.diagram.shapes[shape]);
        let before = self.lines(shape) + self.fill(from) + self.fill(to);
        self.column[shape] = to;
        self.heights[from] -= height;
        self.heights[to] += height;
        self.lines(shape) + self.fill(from) + self.fill(to) - before
    }

    /// What the lines of a box cost where it stands.
    fn lines(&self, shape: usize) -> i64 {
        let here = self.column[shape];
        let cost = |neighbour: &Neighbour| {
            let there = self.column[neighbour.other];
            let span = i64::try_from(here.abs_diff(there)).unwrap_or_default();
            match (neighbour.drawn, span) {
                (false, span) => 300 + 900 * span,
                (true, 0) => 7_000,
                (true, 1) if (here < there) == neighbour.wants_left => 2_600,
                (true, span) => 3_000 + 5_000 * (span - 1),
            }
        };
        self.neighbours[shape].iter().map(cost).sum()
    }

    /// What the height of a column costs: too high is worse than too low.
    fn fill(&self, column: usize) -> i64 {
        let off = (self.heights[column] - self.target) * 100 / self.target;
        let weight = if off > 0 { 12 } else { 2 };
        off * off * weight
    }

    /// Without columns that stayed empty.
    fn finish(self) -> Columns {
        let mut group = vec![0; self.heights.len()];
        for (at, (first, columns)) in self.ranges.iter().enumerate() {
            group[*first..first + columns].fill(at);
        }
        let used: Vec<bool> = (0..self.heights.len()).map(|column| self.column.contains(&column)).collect();
        let mut renumbered = vec![0; used.len()];
        let mut groups = Vec::new();
        for (column, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            renumbered[column] = groups.len();
            groups.push(group[column]);
        }
        Columns { of: self.column.iter().map(|column| renumbered[*column]).collect(), groups }
    }
}
