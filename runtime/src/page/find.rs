//! From a find to a page of it: what is asked of the database, and what its rows say of those around them.

use super::seal::{PageKey, Seal};
use super::token::Place;
use super::{Cursor, FindPage, Page};
use crate::across::explain::{Statement, explain};
use crate::db::Handle;
use crate::filter::{Filter, FilterLimits, Mistake};
use crate::find::{Among, Find, FindWith, Rows};
use crate::model::{Joined, Model};
use crate::operation::{Operation, Run};
use crate::query::expr::Order;
use crate::query::loaded::Loaded;
use crate::query::node::Node;
use crate::query::{Answer, Task};
use crate::shape::Shape;
use crate::through::{FindLinked, LinkedBy};
use crate::{Error, Result};

/// What is asked of the database, and what is made of the answer.
pub(super) struct Asked<'a> {
    handle: &'a Handle,
    node: Node,
    turn: Turn<'a>,
}

/// Which rows a page has, and where it leads.
pub(super) struct Turn<'a> {
    key: &'a PageKey,
    seal: Seal,
    node: Node,
    /// Where it begins, unless at the first row.
    from: Option<Place>,
    size: u64,
}

impl<'a> Asked<'a> {
    /// The rows of the node from a cursor on; `most` is how many a page may have, and `mistakes` is what is wrong already.
    fn new(
        handle: &'a Handle,
        mut node: Node,
        after: Option<&str>,
        (size, most): (u64, u64),
        mut mistakes: Vec<Mistake>,
    ) -> Result<Self> {
        if size == 0 {
            mistakes.push(Mistake::new("size", "a page has one row at least"));
        } else if size > most {
            mistakes.push(Mistake::new("size", format!("at most {most} rows are given at once")));
        }
        let said = [("limit", node.limit.take().is_some()), ("offset", node.offset.take().is_some())];
        mistakes.extend(said.into_iter().filter(|(_, said)| *said).map(|(path, _)| cut(path)));
        node.order_totally()?;
        mistakes.extend(node.order.iter().filter_map(|term| hidden(&node, term)));
        let key = handle.page_key();
        let seal = Seal::of(handle.reach(node.model)?.driver.capabilities(), &node);
        let from = match after.map(|token| key.open(&seal, token)) {
            Some(None) => {
                let message = "this is no cursor of this find: it was changed or cut, or given for another model, order \
                               or filter, or signed by another key; ask for the first page, which takes none";
                mistakes.push(Mistake::new("after", message));
                None
            }
            from => from.flatten(),
        };
        if !mistakes.is_empty() {
            return Err(Error::InvalidFilter { mistakes });
        }
        let turn = Turn { key, seal, node: node.clone(), from, size };
        // One more tells whether there are more.
        node.limit = Some(size.saturating_add(1));
        if let Some(Place { values, backward, with_it }) = &turn.from {
            if *backward {
                node.order = node.order.into_iter().map(Order::reversed).collect();
            }
            node.go_on(values.clone(), *with_it);
        }
        Ok(Self { handle, node, turn })
    }

    pub(super) fn explain(self) -> Vec<Statement> {
        explain(self.handle, Task::Load(self.node))
    }

    pub(super) fn run(self) -> (Run<'a, Loaded>, Turn<'a>) {
        let load = Operation::new(self.handle, Task::Load(self.node), |answer| match answer {
            Answer::Loaded(loaded) => Ok(loaded),
            _ => unreachable!("a find loads rows"),
        });
        (load.run(), self.turn)
    }
}

/// Why rows are not paged by what nobody outside may see.
fn hidden(node: &Node, term: &Order) -> Option<Mistake> {
    let (owner, property) = term.of(node.model);
    property.hidden.then(|| {
        let message = format!(
            "{}.{} is hidden, and a cursor would show it: pages are ordered by what is not hidden, and last by the \
             primary key",
            owner.name, property.name
        );
        Mistake::new("order", message)
    })
}

impl Turn<'_> {
    pub(super) fn page<S: Shape>(&self, loaded: Loaded) -> Result<Page<S>> {
        let found = loaded.rows.len();
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let backward = self.from.as_ref().is_some_and(|from| from.backward);
        // Beside the cursor, and away from it.
        let (near, far) = if let Some(last) = found.min(size).checked_sub(1) {
            let far = (found > size).then(|| self.cursor(self.node.place(&loaded, last), backward, false));
            let near = self.from.is_some().then(|| self.cursor(self.node.place(&loaded, 0), !backward, false));
            (near, far)
        } else {
            // Nothing is left on this side: the way back begins at the row that the cursor knew, if that is there.
            let back = |from: &Place| self.cursor(from.values.clone(), !backward, !from.with_it);
            (self.from.as_ref().map(back), None)
        };
        let mut rows = S::assemble(loaded)?;
        rows.truncate(size);
        if backward {
            rows.reverse();
            return Ok(Page { rows, next: near, previous: far });
        }
        Ok(Page { rows, next: far, previous: near })
    }

    fn cursor(&self, values: Vec<crate::Value<'static>>, backward: bool, with_it: bool) -> Cursor {
        Cursor(self.key.close(&self.seal, &Place { values, backward, with_it }))
    }
}

impl<'a, S: Shape> Find<'a, S> {
    /// So many rows from a cursor on, or from the first one; with the cursors of the pages around it.
    ///
    /// They come in the order of the find, and by primary key where that leaves a choice. A page costs the same however
    /// far it is from the first, where an index has the order.
    ///
    /// `after` is the text of a [`Cursor`]: `page.next` of the page before, `page.previous` of the one after. It is
    /// good for the find that gave it: the same model, order and condition, by the same
    /// [`page_key`](crate::Builder::page_key). What is included may differ.
    ///
    /// # Errors
    /// `invalid_filter`: the cursor is none of this find, the size is 0, there is a limit or an offset, or the order is
    /// by what is hidden or cannot be compared. The rows that a list of keys leads to have no pages.
    ///
    /// ```ignore
    /// let page = db.orders().find().order_by(order::quantity().desc()).page(None, 50).await?;
    /// let next = db.orders().find().order_by(order::quantity().desc()).page(page.next.as_deref(), 50).await?;
    /// ```
    pub fn page(self, after: Option<&str>, size: u64) -> FindPage<'a, S> {
        FindPage::new(self.asked(after, (size, u64::MAX), Vec::new()))
    }

    fn asked(self, after: Option<&str>, sizes: (u64, u64), mistakes: Vec<Mistake>) -> Result<Asked<'a>> {
        match self.among {
            Among::Table => Asked::new(self.handle, self.node, after, sizes, mistakes),
            #[cfg(feature = "json")]
            Among::List(list) => Err(Error::filter(
                "after",
                format!(
                    "what {}.{} leads to is in the order of its list, which has no cursors: take `limit` and `offset`, \
                     or `stream()`",
                    list.source.name, list.relation.name
                ),
            )),
        }
    }
}

impl<'a, M: Model, S: Shape<Model = M>> FindWith<'a, M, S> {
    /// So many rows from a cursor on: see [`Find::page`]. The size is the filter's limit, and has its
    /// [cap](crate::FilterLimits::rows).
    ///
    /// # Errors
    /// Those of the filter, and `invalid_filter` as there; also where the filter has a `limit`, `skip` or `offset`.
    pub fn page(self, after: Option<&str>, size: u64) -> FindPage<'a, S> {
        let most = self.find.handle.inclusion().and_then(|inclusion| inclusion.limits());
        let most = most.map_or(FilterLimits::default().rows, |limits| limits.rows);
        let mistakes = self.filter.cuts().map(cut).collect();
        FindPage::new(self.resolved().and_then(|mut find| {
            // What is said of them is told above; what the default says is no part of what was asked for.
            (find.node.limit, find.node.offset) = (None, None);
            find.asked(after, (size, most), mistakes)
        }))
    }
}

/// Why nothing else says which rows a page has.
fn cut(path: &'static str) -> Mistake {
    Mistake::new(path, "a page has a size of its own and begins at its cursor: leave this out")
}

impl<M> Filter<M> {
    /// Its members that cut rows off.
    fn cuts(&self) -> impl Iterator<Item = &'static str> {
        ["limit", "skip", "offset"].into_iter().filter(|name| self.tree.has(name))
    }
}

impl<'a, R: LinkedBy + Joined, S: Shape<Model = R::Target>> FindLinked<'a, R, S, Rows> {
    /// So many rows with their links, from a cursor on: see [`Find::page`].
    ///
    /// # Errors
    /// As there.
    pub fn page(self, after: Option<&str>, size: u64) -> FindPage<'a, S> {
        let (handle, node) = self.into_rows();
        FindPage::new(Asked::new(handle, node, after, (size, u64::MAX), Vec::new()))
    }
}
