//! Where boxes stand and how lines run: boxes in columns, lines in the channels between them.
//!
//! A layered drawing turned on its side. [`columns`] deals boxes out, [`order`] sorts each column so that few lines
//! cross, [`ports`] says where lines leave their boxes, [`place`] moves boxes up and down until lines are straight,
//! and [`route`]
//! bends what is left on [`tracks`]. A line that passes a column keeps a place of its own in it, so no line ever
//! runs through a box; names at its ends have a strip beside the column to themselves, so nothing runs through
//! them either. Whole numbers and plain arithmetic only: the same on every machine. Knows boxes by size and lines by
//! their ends; knows nothing of what they mean or of SVG.

mod columns;
mod draw;
mod order;
mod place;
mod ports;
mod route;
mod tracks;

/// Between two boxes of a column.
const BOX_GAP: i32 = 34;
/// Between a box and a line that passes it.
const PASS_GAP: i32 = 18;
/// Between two lines that pass a column.
const LINE_GAP: i32 = 14;
/// Between two lines that leave a box at one side: the name above the second must fit.
const PORT_GAP: i32 = 18;
/// Above the first and below the last line at a side of a box.
const PORT_MARGIN: i32 = 16;
/// Between two lines side by side in a channel.
const TRACK_GAP: i32 = 12;
/// What the mark at the end of a line takes, before the name begins.
pub(super) const MARK: i32 = 24;
/// Around everything.
const MARGIN: i32 = 16;
/// Between the frame of a group and what is in it.
const FRAME: i32 = 14;
/// For the name of a group.
pub(super) const FRAME_HEAD: i32 = 30;
/// The least width of a channel between two columns.
const LEAST_CHANNEL: i32 = 48;

/// A box to be placed.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) width: i32,
    /// At least.
    pub(super) height: i32,
    pub(super) group: usize,
}

/// A line to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) ends: [usize; 2],
    /// Width of the name at each end.
    pub(super) names: [i32; 2],
}

/// What is to be laid out.
#[derive(Debug, Clone, Default)]
pub(super) struct Diagram {
    pub(super) shapes: Vec<Shape>,
    pub(super) links: Vec<Link>,
    /// Boxes that should stand near each other without a line.
    pub(super) near: Vec<[usize; 2]>,
    /// How many groups there are; none is one without a frame.
    pub(super) groups: usize,
}

/// A box in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A line in the picture: where it turns, from the first end to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) points: Vec<(i32, i32)>,
    pub(super) sides: [Side; 2],
}

/// Where everything is.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Rect>,
    pub(super) routes: Vec<Route>,
    /// One for each group.
    pub(super) frames: Vec<Rect>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Something that takes a place in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Box(usize),
    /// The line of that number on its way to another column.
    Pass(usize),
}

/// The columns with what stands in them, from the top.
#[derive(Debug, Clone, Default)]
struct Grid {
    items: Vec<Item>,
    /// Numbers of items.
    columns: Vec<Vec<usize>>,
    /// The items of each line from its left end to its right; the two boxes alone where they share a column.
    chains: Vec<Vec<usize>>,
    /// Whether the line's first end is the right one.
    turned: Vec<bool>,
}

/// Everything that is decided so far.
#[derive(Debug)]
struct Sheet<'d> {
    diagram: &'d Diagram,
    columns: columns::Columns,
    grid: Grid,
    ports: ports::Ports,
    /// Of each item.
    tops: Vec<i32>,
}

/// Lays a diagram out.
pub(super) fn layout(diagram: &Diagram) -> Layout {
    let columns = columns::assign(diagram);
    let grid = order::arrange(diagram, &columns);
    let ports = ports::Ports::of(diagram, &grid, &columns);
    let mut sheet = Sheet { diagram, columns, grid, ports, tops: Vec::new() };
    place::place(&mut sheet);
    route::route(sheet)
}

/// Numbers that look random and are the same on every machine.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap_or_default() % limit.max(1)
    }
}

/// A count as a length; a picture has far fewer things than that.
fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}
