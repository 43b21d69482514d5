//! Which track of its channel each line bends on: few lines cross, and none lies on another.

use super::columns::Columns;
use super::{Side, length};

/// Two lines nearer than this look like one.
pub(super) const APART: i32 = 5;
/// What two lines on top of each other cost, against one for a crossing.
const OVERLAP: i64 = 1_000;
const SIFTINGS: usize = 6;
/// Above so many lines in one channel the first order must do.
const MANY: usize = 500;

/// What a line does in one channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Net {
    pub(super) link: usize,
    /// The items that it joins, from the line's left end.
    pub(super) items: [usize; 2],
    /// Level at each, and the side of the channel.
    pub(super) ends: [(Side, i32); 2],
}

impl Net {
    fn span(&self) -> (i32, i32) {
        let [(_, a), (_, b)] = self.ends;
        (a.min(b), a.max(b))
    }

    fn is_straight(&self) -> bool {
        let [(a, from), (b, to)] = self.ends;
        a != b && from == to
    }

    /// Whether, on one track, the two would touch; `other` is to be on the right.
    fn is_beside(&self, other: &Self) -> bool {
        let ((top, bottom), (other_top, other_bottom)) = (self.span(), other.span());
        (top <= other_bottom + APART && other_top <= bottom + APART) || on_top(self, other).is_some()
    }

    pub(super) fn levels(&self, side: Side) -> impl Iterator<Item = i32> {
        self.ends.into_iter().filter(move |(of, _)| *of == side).map(|(_, level)| level)
    }
}

/// The tracks of one channel.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Zone and track of each net from the left, `None` for straight ones.
    pub(super) of: Vec<Option<(usize, usize)>>,
    /// How many tracks each zone has.
    pub(super) used: [usize; ZONES],
}

/// Where two groups meet, what belongs to one of them runs within its frame: on the left, between, on the right.
pub(super) const ZONES: usize = 3;
const BETWEEN: usize = 1;

/// The tracks of every channel.
pub(super) fn assign(columns: &Columns, channels: &[Vec<Net>]) -> Vec<Tracks> {
    let meets = |channel: usize| columns.group_before(channel) != columns.group_after(channel);
    channels.iter().enumerate().map(|(channel, nets)| tracks(nets, meets(channel))).collect()
}

fn tracks(nets: &[Net], groups_meet: bool) -> Tracks {
    let mut tracks = Tracks { of: vec![None; nets.len()], used: [0; ZONES] };
    let zone = |net: &Net| match net.ends.map(|(side, _)| side) {
        [Side::Left, Side::Left] if groups_meet => 0,
        [Side::Right, Side::Right] if groups_meet => 2,
        _ => BETWEEN,
    };
    for this in 0..ZONES {
        let bent = (0..nets.len()).filter(|net| zone(&nets[*net]) == this && !nets[*net].is_straight());
        let order = sift(nets, bent.collect());
        for (at, net) in order.iter().enumerate() {
            let beside = order[..at].iter().filter(|other| nets[**other].is_beside(&nets[*net]));
            let taken = beside.filter_map(|other| tracks.of[*other]).map(|(_, track)| track).max();
            let track = taken.map_or(0, |track| track + 1);
            tracks.of[*net] = Some((this, track));
            tracks.used[this] = tracks.used[this].max(track + 1);
        }
    }
    tracks
}

/// The order in which few lines cross and none lie on top of each other.
fn sift(nets: &[Net], mut order: Vec<usize>) -> Vec<usize> {
    // Short ones first: a good start for lines that nest.
    order.sort_by_key(|net| {
        let (top, bottom) = nets[*net].span();
        (bottom - top, *net)
    });
    if order.len() > MANY {
        return order;
    }
    let place: Vec<usize> = order.clone();
    let prices: Vec<Vec<i64>> =
        place.iter().map(|a| place.iter().map(|b| price(&nets[*a], &nets[*b])).collect()).collect();
    let mut sifted: Vec<usize> = (0..place.len()).collect();
    for _ in 0..SIFTINGS {
        let mut moved = false;
        for (net, own) in prices.iter().enumerate() {
            let Some(at) = sifted.iter().position(|other| *other == net) else { continue };
            sifted.remove(at);
            // The price of standing first, then of each step to the right.
            let (mut now, mut best) = (0, (0, 0));
            let mut at_old = 0;
            for (step, other) in sifted.iter().enumerate() {
                if step == at {
                    at_old = now;
                }
                now += prices[*other][net] - own[*other];
                if now < best.0 {
                    best = (now, step + 1);
                }
            }
            if at == sifted.len() {
                at_old = now;
            }
            let to = if best.0 < at_old { best.1 } else { at };
            moved |= to != at;
            sifted.insert(to, net);
        }
        if !moved {
            break;
        }
    }
    sifted.into_iter().map(|at| place[at]).collect()
}

/// What it costs to have `a` on the left of `b`.
fn price(a: &Net, b: &Net) -> i64 {
    let within = |level: i32, net: &Net| {
        let (top, bottom) = net.span();
        top < level && level < bottom
    };
    let crossings = b.levels(Side::Left).filter(|level| within(*level, a)).count()
        + a.levels(Side::Right).filter(|level| within(*level, b)).count();
    i64::from(length(crossings)) + if on_top(a, b).is_some() { OVERLAP } else { 0 }
}

/// Where, with `a` on the left of `b`, parts of them would lie on top of each other: the level of each.
pub(super) fn on_top(a: &Net, b: &Net) -> Option<(i32, i32)> {
    let pairs = a.levels(Side::Right).flat_map(|right| b.levels(Side::Left).map(move |left| (right, left)));
    pairs.into_iter().find(|(right, left)| (right - left).abs() < APART)
}
