//! Pages of a find: so many rows from a cursor on, and the cursors to go on from them, forwards and back.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::Result;
use crate::across::explain::Statement;
use crate::operation::Run;
use crate::query::loaded::Loaded;
use crate::shape::Shape;

mod find;
mod seal;
mod token;

pub(crate) use seal::PageKey;

/// So many rows of a find in their order, and where to go on.
///
/// Serialised, it is `{ "rows": […], "next": "…", "previous": null }`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<T>,
    /// What gives the page after this one; none after the last row.
    pub next: Option<Cursor>,
    /// What gives the page before this one; none before the first row.
    pub previous: Option<Cursor>,
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Page", 3)?;
        object.serialize_field("rows", &self.rows)?;
        object.serialize_field("next", &self.next)?;
        object.serialize_field("previous", &self.previous)?;
        object.end()
    }
}

/// A place between the rows of a find, as a text to hand out: letters, digits, `-` and `_`. Reads as a `str`.
///
/// It is good for the find that gave it alone: the same model, order and condition. It is signed, so that nobody can
/// make or change one, and not encrypted: it holds what the row before it is ordered by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl Cursor {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Cursor {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Cursor {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it holds is left out: pages end up in logs.
        f.write_str("Cursor")
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A page that is to be read: `db.orders().find().page(None, 50)`, awaited.
#[must_use = "nothing runs until it is awaited"]
pub struct FindPage<'a, S> {
    asked: Result<find::Asked<'a>>,
    of: std::marker::PhantomData<fn() -> S>,
}

impl<S> fmt::Debug for FindPage<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindPage")
    }
}

impl<'a, S: Shape> FindPage<'a, S> {
    fn new(asked: Result<find::Asked<'a>>) -> Self {
        Self { asked, of: std::marker::PhantomData }
    }

    /// The statements that it would run, in their order; runs nothing.
    ///
    /// # Errors
    /// Those of the cursor, the size and the order.
    pub fn explain(self) -> Result<Vec<Statement>> {
        self.asked.map(find::Asked::explain)
    }

    fn run(self) -> RunPage<'a, S> {
        let state = match self.asked {
            Ok(asked) => State::Running(Box::new(asked.run())),
            Err(error) => State::Refused(Some(error)),
        };
        RunPage { state, of: self.of }
    }

    /// Runs it on the calling thread.
    ///
    /// # Errors
    /// Those of awaiting it.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<Page<S>> {
        crate::wait::block_on(self.run())
    }
}

impl<'a, S: Shape> IntoFuture for FindPage<'a, S> {
    type Output = Result<Page<S>>;
    type IntoFuture = RunPage<'a, S>;

    fn into_future(self) -> RunPage<'a, S> {
        self.run()
    }
}

/// A page that is being read.
pub struct RunPage<'a, S> {
    state: State<'a>,
    of: std::marker::PhantomData<fn() -> S>,
}

enum State<'a> {
    Refused(Option<crate::Error>),
    Running(Box<(Run<'a, Loaded>, find::Turn<'a>)>),
}

impl<S: Shape> Future for RunPage<'_, S> {
    type Output = Result<Page<S>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.state {
            State::Refused(error) => Poll::Ready(Err(error.take().expect("a call is polled to its end once"))),
            State::Running(running) => {
                let (run, turn) = &mut **running;
                let answer = ready!(Pin::new(run).poll(context));
                Poll::Ready(answer.and_then(|loaded| turn.page(loaded)))
            }
        }
    }
}

impl<S> fmt::Debug for RunPage<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunPage")
    }
}
