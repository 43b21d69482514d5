//! The rows that a list of keys leads to, in chunks. The list itself is read once, at the beginning.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::chunks::{load, size};
use crate::Result;
use crate::db::Handle;
use crate::json;
use crate::operation::{Operation, Run};
use crate::query::listed::Listed;
use crate::query::loaded::Loaded;
use crate::query::node::{Include, Node};
use crate::query::property::Property;
use crate::query::references::KeyList;
use crate::query::{Answer, Task};
use crate::row::decode_error;
use crate::shape::{Shape, Slot};
use crate::value::Value;

pub(super) struct Chunks<'a, S> {
    handle: &'a Handle,
    list: KeyList,
    /// What is wanted of the rows: not cut, and in a total order where one was asked for.
    include: Include,
    left: Option<u64>,
    offset: u64,
    state: State<'a>,
    of: PhantomData<fn() -> S>,
}

enum State<'a> {
    New,
    Keys(Run<'a, Value<'static>>),
    /// What remains of the list, in its order: all of it where another order is asked for, and then the place where
    /// the last chunk ended.
    Between(Vec<Value<'static>>, Option<Vec<Value<'static>>>),
    /// The chunk that is being read, with the keys that it is of and those after them.
    Rows(Run<'a, Loaded>, Vec<Value<'static>>, Vec<Value<'static>>),
    Ended,
}

impl<'a, S: Shape> Chunks<'a, S> {
    pub(super) fn new(handle: &'a Handle, list: KeyList, mut node: Node) -> Result<Self> {
        if !node.order.is_empty() {
            node.order_totally()?;
        }
        let (left, offset) = (node.limit.take(), node.offset.take().unwrap_or(0));
        let state = if left == Some(0) { State::Ended } else { State::New };
        let relation = list.relation;
        let include = Include { index: 0, relation, asked: Some(relation), node, counted: false };
        Ok(Self { handle, list, include, left, offset, state, of: PhantomData })
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<S>>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::New => self.state = State::Keys(self.read_keys().run()),
                State::Keys(mut run) => match Pin::new(&mut run).poll(context) {
                    Poll::Pending => {
                        self.state = State::Keys(run);
                        return Poll::Pending;
                    }
                    Poll::Ready(list) => match list.and_then(|list| self.keys(&list)) {
                        Ok(keys) => self.state = State::Between(keys, None),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    },
                },
                State::Between(keys, place) => match self.next(keys, place) {
                    Ok(Some(state)) => self.state = state,
                    Ok(None) => return Poll::Ready(None),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Rows(mut run, own, rest) => {
                    let answer = match Pin::new(&mut run).poll(context) {
                        Poll::Pending => {
                            self.state = State::Rows(run, own, rest);
                            return Poll::Pending;
                        }
                        Poll::Ready(answer) => answer,
                    };
                    let rows = answer.and_then(|loaded| self.received(loaded, own, rest));
                    match rows {
                        Ok(rows) if rows.is_empty() => {}
                        rows => return Poll::Ready(Some(rows)),
                    }
                }
            }
        }
    }

    fn read_keys(&self) -> Operation<'a, Value<'static>> {
        let KeyList { source, relation, key } = &self.list;
        let at = Property { model: source, key: key.clone(), property: relation.from[0] };
        Operation::new(self.handle, Task::Read(at), |answer| match answer {
            Answer::Value(list, _) => Ok(list),
            _ => unreachable!("a property is answered by its value"),
        })
    }

    fn keys(&self, list: &Value<'static>) -> Result<Vec<Value<'static>>> {
        let (source, property) = (self.list.source, self.list.relation.from[0]);
        json::elements(list, &source.properties[property]).map_err(|wrong| decode_error(source, &wrong.at(property)))
    }

    fn is_ordered(&self) -> bool {
        !self.include.node.order.is_empty()
    }

    /// The keys, as the list that they were read from.
    fn listed(&self, keys: &[Value<'static>]) -> Result<Listed<'_>> {
        let list = keys.iter().cloned().map(json::from_value).collect();
        let list = Value::Json(std::borrow::Cow::Owned(serde_json::Value::Array(list)));
        Listed::of_lists(self.list.source, &self.include, std::iter::once(list))
    }

    /// The next chunk; none where no key is left.
    fn next(&self, mut keys: Vec<Value<'static>>, place: Option<Vec<Value<'static>>>) -> Result<Option<State<'a>>> {
        let most = size(&self.include.node);
        loop {
            let chunk = if self.is_ordered() { usize::MAX } else { usize::try_from(most).unwrap_or(usize::MAX) };
            let rest = keys.split_off(keys.len().min(chunk));
            // What is no key leads nowhere.
            let Some(mut node) = self.listed(&keys)?.node() else {
                if rest.is_empty() {
                    return Ok(None);
                }
                keys = rest;
                continue;
            };
            if self.is_ordered() {
                node.limit = Some(most);
                if let Some(place) = place {
                    node.go_on(place, false);
                }
            }
            return Ok(Some(State::Rows(load(self.handle, node).run(), keys, rest)));
        }
    }

    /// A row for each key of the list that leads to one of these, in the order asked for.
    fn received(&mut self, loaded: Loaded, own: Vec<Value<'static>>, rest: Vec<Value<'static>>) -> Result<Vec<S>> {
        let read = loaded.rows.len();
        let node = &self.include.node;
        let goes_on = self.is_ordered() && read as u64 == size(node);
        let place = goes_on.then(|| node.place(&loaded, read - 1));
        let reached = self.listed(&own)?.tie(loaded);
        let rows = Vec::<S>::fill(Some(reached), 1)?.next();
        let given = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let skipped = self.offset.min(rows.len() as u64);
        self.offset -= skipped;
        let rows: Vec<S> = rows.into_iter().skip(given(skipped)).take(self.left.map_or(usize::MAX, given)).collect();
        self.left = self.left.map(|left| left - rows.len() as u64);
        self.state = match place {
            _ if self.left == Some(0) => State::Ended,
            Some(place) => State::Between(own, Some(place)),
            None if rest.is_empty() => State::Ended,
            None => State::Between(rest, None),
        };
        Ok(rows)
    }
}
