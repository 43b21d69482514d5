//! Rows one after the other, however many: read in chunks, each from where the one before ended.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::db::Handle;
use crate::find::{Among, Find, FindWith};
use crate::model::{Joined, Model};
use crate::query::node::Node;
use crate::shape::Shape;
use crate::through::{FindLinked, LinkedBy};
use crate::{Error, Result};

mod chunks;
#[cfg(feature = "json")]
mod listed;

use chunks::Chunks;

/// The rows of a find, one after the other: `db.orders().find().stream()`.
///
/// A [`Stream`] of `Result<Row>`; with feature `blocking`, [`wait`](Self::wait) makes it an iterator. Rows are read in
/// chunks, of which one is in memory: 1,024 rows, or 256 with what is included in them. Between chunks no connection is
/// held, unless the find is on a transaction's repository; then all is read through that.
///
/// Each chunk is a state of the database by itself. What others write meanwhile shows in the chunks that are not read
/// yet; a row is never given twice, unless what it is ordered by was changed so that it comes again. One state for all
/// chunks is seen inside of a transaction of
/// [`Isolation::RepeatableRead`](crate::Isolation::RepeatableRead) or more.
///
/// After an error it ends. Dropped before its end, it leaves nothing behind.
#[must_use = "nothing runs until it is polled"]
pub struct RowStream<'a, S> {
    source: Source<'a, S>,
    /// Rows that are read and not given out.
    ready: vec::IntoIter<S>,
}

enum Source<'a, S> {
    Rows(Box<Chunks<'a>>),
    /// The rows that a list of keys leads to.
    #[cfg(feature = "json")]
    Listed(Box<listed::Chunks<'a, S>>),
    /// What is wrong, until it is told.
    Refused(Option<Error>, PhantomData<fn() -> S>),
}

impl<S> fmt::Debug for RowStream<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowStream")
    }
}

// Rows are given out by value, and never looked at where they are.
impl<S> Unpin for RowStream<'_, S> {}

impl<'a, S: Shape> RowStream<'a, S> {
    fn of(source: Result<Source<'a, S>>) -> Self {
        let source = source.unwrap_or_else(|error| Source::Refused(Some(error), PhantomData));
        Self { source, ready: Vec::new().into_iter() }
    }

    fn rows(handle: &'a Handle, node: Node) -> Self {
        Self::of(Chunks::new(handle, node).map(|chunks| Source::Rows(Box::new(chunks))))
    }

    /// The next rows; none at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<S>>>> {
        match &mut self.source {
            Source::Rows(chunks) => {
                chunks.poll_next(context).map(|chunk| chunk.map(|chunk| chunk.and_then(S::assemble)))
            }
            #[cfg(feature = "json")]
            Source::Listed(chunks) => chunks.poll_next(context),
            Source::Refused(error, _) => Poll::Ready(error.take().map(Err)),
        }
    }
}

impl<S: Shape> Stream for RowStream<'_, S> {
    type Item = Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<S>>> {
        loop {
            if let Some(row) = self.ready.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match self.poll_chunk(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Ok(rows))) => self.ready = rows.into_iter(),
                Poll::Ready(Some(Err(error))) => {
                    self.source = Source::Refused(None, PhantomData);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.ready.len(), None)
    }
}

impl<S: Shape> FusedStream for RowStream<'_, S> {
    fn is_terminated(&self) -> bool {
        let ended = match &self.source {
            Source::Rows(chunks) => chunks.has_ended(),
            Source::Refused(error, _) => error.is_none(),
            #[cfg(feature = "json")]
            Source::Listed(chunks) => chunks.has_ended(),
        };
        ended && self.ready.len() == 0
    }
}

/// The rows of a [`RowStream`], waited for on the calling thread: an iterator of `Result<Row>`.
#[cfg(feature = "blocking")]
#[must_use = "nothing runs until it is asked for a row"]
pub struct WaitingRows<'a, S>(RowStream<'a, S>);

#[cfg(feature = "blocking")]
impl<'a, S: Shape> RowStream<'a, S> {
    /// The same rows, read on the calling thread: `for row in db.orders().find().stream().wait() { let row = row?; … }`.
    pub fn wait(self) -> WaitingRows<'a, S> {
        WaitingRows(self)
    }
}

#[cfg(feature = "blocking")]
impl<S: Shape> Iterator for WaitingRows<'_, S> {
    type Item = Result<S>;

    fn next(&mut self) -> Option<Result<S>> {
        if let Some(row) = self.0.ready.next() {
            return Some(Ok(row));
        }
        crate::wait::block_on(std::future::poll_fn(|context| Pin::new(&mut self.0).poll_next(context)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

#[cfg(feature = "blocking")]
impl<S: Shape> std::iter::FusedIterator for WaitingRows<'_, S> {}

#[cfg(feature = "blocking")]
impl<S> fmt::Debug for WaitingRows<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WaitingRows")
    }
}

impl<'a, S: Shape> Find<'a, S> {
    /// The rows one after the other, however many, of which few are in memory: see [`RowStream`].
    ///
    /// They come in the order of the find, and by primary key where that leaves a choice; limit and offset hold for all
    /// of them together.
    ///
    /// # Errors
    /// Those of the find, of each chunk. `invalid_filter` where the order is by values that have none: JSON, lists and
    /// embedded values.
    ///
    /// ```ignore
    /// let mut orders = db.orders().find().filter(order::quantity().gt(5)).stream();
    /// while let Some(order) = orders.next().await {
    ///     println!("{}", order?.description);
    /// }
    /// ```
    pub fn stream(self) -> RowStream<'a, S> {
        match self.among {
            Among::Table => RowStream::rows(self.handle, self.node),
            #[cfg(feature = "json")]
            Among::List(list) => {
                let chunks = listed::Chunks::new(self.handle, *list, self.node);
                RowStream::of(chunks.map(|chunks| Source::Listed(Box::new(chunks))))
            }
        }
    }
}

impl<'a, M: Model, S: Shape<Model = M>> FindWith<'a, M, S> {
    /// The rows one after the other: as many as it gives awaited, and no more. See [`RowStream`].
    pub fn stream(self) -> RowStream<'a, S> {
        match self.resolved() {
            Ok(find) => find.stream(),
            Err(error) => RowStream::of(Err(error)),
        }
    }
}

impl<'a, R: LinkedBy + Joined, S: Shape<Model = R::Target>> FindLinked<'a, R, S, crate::find::Rows> {
    /// The rows with their links one after the other: see [`RowStream`].
    pub fn stream(self) -> RowStream<'a, S> {
        let (handle, node) = self.into_rows();
        RowStream::rows(handle, node)
    }
}
