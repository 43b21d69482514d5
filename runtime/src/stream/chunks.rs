//! Rows of a table in chunks, untyped: each is a find of its own, which goes on after the last row of the one before.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::Result;
use crate::db::Handle;
use crate::operation::{Operation, Run};
use crate::query::loaded::Loaded;
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::value::Value;

/// Rows of a chunk that has nothing included.
const ALONE: u64 = 1_024;

/// Rows of a chunk with what is included in them.
const WITH_RELATIONS: u64 = 256;

pub(super) struct Chunks<'a> {
    handle: &'a Handle,
    /// All rows, in a total order and not cut.
    node: Node,
    /// How many rows are to be given yet, where that is limited.
    left: Option<u64>,
    /// How many are left out before the first.
    offset: Option<u64>,
    /// Where the last chunk ended.
    place: Option<Vec<Value<'static>>>,
    /// The chunk that is being read, and how many rows it has at most.
    running: Option<(Run<'a, Loaded>, u64)>,
    ended: bool,
}

/// How many rows a chunk has.
pub(super) fn size(node: &Node) -> u64 {
    if node.includes.is_empty() { ALONE } else { WITH_RELATIONS }
}

impl<'a> Chunks<'a> {
    pub(super) fn new(handle: &'a Handle, mut node: Node) -> Result<Self> {
        node.order_totally()?;
        let (left, offset) = (node.limit.take(), node.offset.take());
        Ok(Self { handle, node, left, offset, place: None, running: None, ended: left == Some(0) })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Loaded>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let asked = self.left.map_or(size(&self.node), |left| left.min(size(&self.node)));
        let (run, asked) = match &mut self.running {
            Some(running) => running,
            none => {
                let mut node = self.node.clone();
                node.limit = Some(asked);
                match self.place.take() {
                    Some(place) => node.go_on(place, false),
                    None => node.offset = self.offset,
                }
                none.insert((load(self.handle, node).run(), asked))
            }
        };
        let answer = ready!(Pin::new(run).poll(context));
        let asked = *asked;
        self.running = None;
        Poll::Ready(self.received(answer, asked).transpose())
    }

    fn received(&mut self, answer: Result<Loaded>, asked: u64) -> Result<Option<Loaded>> {
        let loaded = answer.inspect_err(|_| self.ended = true)?;
        let rows = loaded.rows.len();
        let read = rows as u64;
        self.left = self.left.map(|left| left.saturating_sub(read));
        self.ended = read < asked || self.left == Some(0);
        if !self.ended {
            self.place = Some(self.node.place(&loaded, rows - 1));
        }
        Ok((rows > 0).then_some(loaded))
    }
}

/// A find whose rows are not assembled.
pub(crate) fn load(handle: &Handle, node: Node) -> Operation<'_, Loaded> {
    Operation::new(handle, Task::Load(node), |answer| match answer {
        Answer::Loaded(loaded) => Ok(loaded),
        _ => unreachable!("a find loads rows"),
    })
}
