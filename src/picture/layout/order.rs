//! The order within each column: few lines cross. Sorts columns by the places of their neighbours, there and back,
//! then swaps neighbours where that helps, and keeps the best of several starts. Knows nothing of sizes.

use super::columns::Columns;
use super::{Diagram, Dice, Grid, Item};

const STARTS: usize = 10;
const SWEEPS: usize = 14;
/// Above so many items the first start must do.
const MANY: usize = 1_500;

/// The items next to each item: to the left, to the right, and in its own column.
struct Neighbours {
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
    own: Vec<Vec<usize>>,
}

/// Puts every box, and every line that passes a column, in its place.
pub(super) fn arrange(diagram: &Diagram, columns: &Columns) -> Grid {
    let mut grid = fill(diagram, columns);
    let neighbours = neighbours(diagram, &grid, columns);
    let mut dice = Dice(0x0123_4567_89AB_CDEF);
    let starts = if grid.items.len() > MANY { 1 } else { STARTS };
    let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
    for start in 0..starts {
        let mut order = grid.columns.clone();
        if start > 0 {
            for column in &mut order {
                shuffle(column, &mut dice);
            }
        }
        let found = improve(&mut order, &neighbours, grid.items.len());
        if best.as_ref().is_none_or(|(crossings, _)| found < *crossings) {
            best = Some((found, order));
        }
    }
    if let Some((_, order)) = best {
        grid.columns = order;
    }
    grid
}

fn fill(diagram: &Diagram, columns: &Columns) -> Grid {
    let mut grid = Grid { columns: vec![Vec::new(); columns.groups.len()], ..Grid::default() };
    for (shape, column) in columns.of.iter().enumerate() {
        grid.columns[*column].push(shape);
        grid.items.push(Item::Box(shape));
    }
    for (number, link) in diagram.links.iter().enumerate() {
        let [a, b] = link.ends;
        let turned = columns.of[a] > columns.of[b];
        let (left, right) = if turned { (b, a) } else { (a, b) };
        let mut chain = vec![left];
        for column in columns.of[left] + 1..columns.of[right] {
            chain.push(grid.items.len());
            grid.columns[column].push(grid.items.len());
            grid.items.push(Item::Pass(number));
        }
        chain.push(right);
        grid.chains.push(chain);
        grid.turned.push(turned);
    }
    grid
}

fn neighbours(diagram: &Diagram, grid: &Grid, columns: &Columns) -> Neighbours {
    let none = || vec![Vec::new(); grid.items.len()];
    let mut neighbours = Neighbours { left: none(), right: none(), own: none() };
    let mut join = |a: usize, b: usize, same: bool| {
        if same {
            neighbours.own[a].push(b);
            neighbours.own[b].push(a);
        } else {
            neighbours.right[a].push(b);
            neighbours.left[b].push(a);
        }
    };
    for pair in grid.chains.iter().flat_map(|chain| chain.windows(2)).filter(|pair| pair[0] != pair[1]) {
        let both_boxes = pair.iter().all(|item| *item < diagram.shapes.len());
        join(pair[0], pair[1], both_boxes && columns.of[pair[0]] == columns.of[pair[1]]);
    }
    for [a, b] in &diagram.near {
        let (a, b) = if columns.of[*a] > columns.of[*b] { (*b, *a) } else { (*a, *b) };
        if columns.of[b] - columns.of[a] < 2 {
            join(a, b, columns.of[a] == columns.of[b]);
        }
    }
    neighbours
}

fn shuffle(column: &mut [usize], dice: &mut Dice) {
    for at in (1..column.len()).rev() {
        column.swap(at, dice.below(at + 1));
    }
}

/// Leaves the best order that it finds, and says how many lines cross in it.
fn improve(order: &mut Vec<Vec<usize>>, neighbours: &Neighbours, items: usize) -> usize {
    let mut places = vec![0; items];
    let note = |order: &[Vec<usize>], places: &mut [usize]| {
        for column in order {
            for (place, item) in column.iter().enumerate() {
                places[*item] = place;
            }
        }
    };
    note(order, &mut places);
    let mut best = (cost(order, neighbours, &places), order.clone());
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let count = order.len();
        for step in 0..count {
            let at = if forward { step } else { count - 1 - step };
            sort(&mut order[at], neighbours, &places, forward, sweep >= SWEEPS / 2);
            for (place, item) in order[at].iter().enumerate() {
                places[*item] = place;
            }
        }
        swap_neighbours(order, neighbours, &mut places);
        let now = cost(order, neighbours, &places);
        if now < best.0 {
            best = (now, order.clone());
        }
        if best.0 == 0 {
            break;
        }
    }
    *order = best.1;
    best.0
}

/// By the middle of the neighbours' places; what has none stays where it is.
fn sort(column: &mut Vec<usize>, neighbours: &Neighbours, places: &[usize], forward: bool, both: bool) {
    let wish = |place: usize, item: usize| -> usize {
        let sides = match (both, forward) {
            (true, _) => [&neighbours.left[item], &neighbours.right[item], &neighbours.own[item]],
            (false, true) => [&neighbours.left[item], &neighbours.left[item], &neighbours.own[item]],
            (false, false) => [&neighbours.right[item], &neighbours.right[item], &neighbours.own[item]],
        };
        let (sum, count) = sides
            .iter()
            .flat_map(|side| side.iter())
            .fold((0_usize, 0_usize), |(sum, count), other| (sum + places[*other] * 1_000, count + 1));
        sum.checked_div(count).unwrap_or(place * 1_000)
    };
    let mut keyed: Vec<_> = column.iter().enumerate().map(|(place, item)| (wish(place, *item), *item)).collect();
    keyed.sort_by_key(|(wish, _)| *wish);
    *column = keyed.into_iter().map(|(_, item)| item).collect();
}

fn swap_neighbours(order: &mut [Vec<usize>], neighbours: &Neighbours, places: &mut [usize]) {
    for _ in 0..6 {
        let mut better = false;
        for column in order.iter_mut() {
            for at in 1..column.len() {
                let (above, below) = (column[at - 1], column[at]);
                if crossings(above, below, neighbours, places) > crossings(below, above, neighbours, places) {
                    column.swap(at - 1, at);
                    (places[above], places[below]) = (at, at - 1);
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// How many lines of two items of a column cross when the first is above the second.
fn crossings(above: usize, below: usize, neighbours: &Neighbours, places: &[usize]) -> usize {
    let inverted = |side: &[Vec<usize>]| -> usize {
        let one = |upper: &usize| side[below].iter().filter(|lower| places[**lower] < places[*upper]).count();
        side[above].iter().map(one).sum()
    };
    // A line within the column wants its ends side by side.
    let upper = places[above].min(places[below]);
    let far = |item: usize, place: usize, other: usize| -> usize {
        let distance = |it: &&usize| **it != other;
        neighbours.own[item].iter().filter(distance).map(|it| places[*it].abs_diff(place)).sum()
    };
    inverted(&neighbours.left) + inverted(&neighbours.right) + far(above, upper, below) + far(below, upper + 1, above)
}

fn cost(order: &[Vec<usize>], neighbours: &Neighbours, places: &[usize]) -> usize {
    let mut cost = 0;
    for column in order {
        let mut ends: Vec<usize> = Vec::new();
        for item in column {
            let mut of_item: Vec<_> = neighbours.right[*item].iter().map(|other| places[*other]).collect();
            of_item.sort_unstable();
            // Those that end below this one started above it: each is a crossing.
            for end in &of_item {
                cost += ends.len() - ends.partition_point(|other| other <= end);
            }
            for end in of_item {
                ends.insert(ends.partition_point(|other| *other <= end), end);
            }
            let within = neighbours.own[*item].iter().map(|other| places[*other].abs_diff(places[*item]));
            cost += within.map(|distance| distance - 1).sum::<usize>();
        }
    }
    cost
}
