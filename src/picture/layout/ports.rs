//! Where lines leave their boxes: the side, the order along it, the distance from the top. Knows nothing of where the
//! boxes stand.

use super::columns::Columns;
use super::{Diagram, Grid, PORT_GAP, PORT_MARGIN, Side, length};

/// One end of a line at a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port {
    pub(super) link: usize,
    pub(super) end: usize,
    /// Below the top of the box.
    pub(super) offset: i32,
}

/// Every end of every line.
#[derive(Debug)]
pub(super) struct Ports {
    /// For each box, what leaves on the left and on the right, from the top.
    pub(super) of: Vec<[Vec<Port>; 2]>,
    /// For each line, the side of its ends.
    pub(super) sides: Vec<[Side; 2]>,
    /// Of the boxes, grown so that all their lines find room.
    pub(super) heights: Vec<i32>,
}

impl Ports {
    pub(super) fn of(diagram: &Diagram, grid: &Grid, columns: &Columns) -> Self {
        let mut ports = Self {
            of: vec![[Vec::new(), Vec::new()]; diagram.shapes.len()],
            sides: vec![[Side::Right; 2]; diagram.links.len()],
            heights: Vec::new(),
        };
        let within = |number: &usize| {
            let [a, b] = diagram.links[*number].ends;
            columns.of[a] == columns.of[b]
        };
        for (number, turned) in grid.turned.iter().enumerate().filter(|(number, _)| !within(number)) {
            let sides = if *turned { [Side::Left, Side::Right] } else { [Side::Right, Side::Left] };
            ports.add(diagram, number, sides);
        }
        // Lines within a column, and loops, go where there is more room.
        for number in (0..diagram.links.len()).filter(within) {
            let [a, b] = diagram.links[number].ends;
            let load = |side: Side| ports.of[a][side as usize].len() + ports.of[b][side as usize].len();
            let side = if load(Side::Left) < load(Side::Right) { Side::Left } else { Side::Right };
            ports.add(diagram, number, [side; 2]);
        }
        ports.sort(diagram, grid, columns);
        ports.heights = diagram.shapes.iter().zip(&ports.of).map(|(shape, sides)| grown(shape.height, sides)).collect();
        ports.spread();
        ports
    }

    fn add(&mut self, diagram: &Diagram, link: usize, sides: [Side; 2]) {
        self.sides[link] = sides;
        for (end, side) in sides.into_iter().enumerate() {
            self.of[diagram.links[link].ends[end]][side as usize].push(Port { link, end, offset: 0 });
        }
    }

    /// Loops first, then what goes up within the column, then by the place of what the line leads to, then what
    /// goes down: in this order the lines of one side do not cross.
    fn sort(&mut self, diagram: &Diagram, grid: &Grid, columns: &Columns) {
        let mut places = vec![0_i64; grid.items.len()];
        for column in &grid.columns {
            for (place, item) in (0..).zip(column) {
                places[*item] = place;
            }
        }
        for (shape, sides) in self.of.iter_mut().enumerate() {
            for ports in sides {
                ports.sort_by_key(|port| {
                    let (link, chain) = (&diagram.links[port.link], &grid.chains[port.link]);
                    let other = link.ends[1 - port.end];
                    let (rank, place) = if other == shape {
                        (0, 0)
                    } else if columns.of[other] == columns.of[shape] {
                        if places[other] < places[shape] { (1, -places[other]) } else { (3, -places[other]) }
                    } else {
                        let from_left = (port.end == 0) != grid.turned[port.link];
                        let next = if from_left { chain[1] } else { chain[chain.len() - 2] };
                        (2, places[next])
                    };
                    // Lines side by side within a column nest: the order at one end is that at the other reversed.
                    let number = i64::try_from(port.link).unwrap_or_default();
                    (rank, place, if rank == 3 { -number } else { number })
                });
            }
        }
    }

    fn spread(&mut self) {
        for (sides, height) in self.of.iter_mut().zip(&self.heights) {
            for ports in sides {
                let gaps = length(ports.len()) + 1;
                let step = (height / gaps).max(PORT_GAP);
                let first = (height - step * (gaps - 2)) / 2;
                for (offset, port) in (0..).map(|at| first + step * at).zip(ports) {
                    port.offset = offset;
                }
            }
        }
    }

    /// Below the top of its box, where that end of the line leaves it.
    pub(super) fn offset(&self, diagram: &Diagram, link: usize, end: usize) -> i32 {
        let side = self.sides[link][end] as usize;
        let ports = &self.of[diagram.links[link].ends[end]][side];
        ports.iter().find(|port| port.link == link && port.end == end).map_or(0, |port| port.offset)
    }
}

fn grown(height: i32, sides: &[Vec<Port>; 2]) -> i32 {
    let most = sides.iter().map(Vec::len).max().unwrap_or_default();
    if most == 0 { height } else { height.max(2 * PORT_MARGIN + PORT_GAP * (length(most) - 1)) }
}
