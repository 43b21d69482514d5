//! A driver's session that somebody looks at: what goes through it is counted, timed and, if asked for, commented.

use std::borrow::Cow;
use std::time::Instant;

use super::Call;
use super::call::Rows;
use crate::Result;
use crate::driver::{Bind, Capabilities, Each, Inserted, Query, Reply, Session, Telling};
use crate::meta::ModelMeta;
use crate::value::Value;

/// Stands before a driver's session.
pub(super) struct Observed<'o> {
    pub(super) session: &'o mut dyn Session,
    pub(super) call: &'o Call,
}

/// A statement that is running. Dropped before it is done, it has failed.
struct Statement<'s> {
    call: &'s Call,
    sql: &'s str,
    since: Instant,
    rows: Rows,
    done: bool,
}

impl<'s> Statement<'s> {
    fn new(call: &'s Call, sql: &'s str, rows: Rows) -> Self {
        Self { call, sql, since: Instant::now(), rows, done: false }
    }

    fn end(mut self, rows: Rows, done: bool) {
        (self.rows, self.done) = (rows, done);
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        self.call.ran(self.sql, self.since.elapsed(), self.rows, !self.done);
    }
}

impl Session for Observed<'_> {
    fn capabilities(&self) -> &'static Capabilities {
        self.session.capabilities()
    }

    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(async move {
            let text = self.call.text(sql);
            let statement = Statement::new(self.call, &text, Rows::Returned(0));
            let mut rows = 0;
            let mut counted = |cells: crate::row::Cells<'_>| {
                rows += 1;
                each(cells)
            };
            let done = self.session.query(&text, binds, &mut counted).await;
            statement.end(Rows::Returned(rows), done.is_ok());
            done
        }))
    }

    fn sends_at_once(&self) -> bool {
        self.session.sends_at_once()
    }

    fn query_many<'s>(&'s mut self, queries: Vec<Query<'s>>) -> Reply<'s, ()> {
        Reply::Later(Box::pin(async move {
            if !self.sends_at_once() {
                for Query { sql, binds, each } in queries {
                    self.query(sql, binds, each).await?;
                }
                return Ok(());
            }
            let texts: Vec<_> = queries.iter().map(|query| self.call.text(query.sql)).collect();
            let statements: Vec<_> =
                texts.iter().map(|text| Statement::new(self.call, text, Rows::Returned(0))).collect();
            let mut rows = vec![0; queries.len()];
            let mut counted: Vec<_> = queries
                .into_iter()
                .zip(&mut rows)
                .map(|(Query { binds, each, .. }, rows)| {
                    let counted = move |cells: crate::row::Cells<'_>| {
                        *rows += 1;
                        each(cells)
                    };
                    (binds, counted)
                })
                .collect();
            let queries = texts.iter().zip(&mut counted).map(|(sql, (binds, each))| Query { sql, binds, each });
            let done = self.session.query_many(queries.collect()).await;
            drop(counted);
            for (statement, rows) in statements.into_iter().zip(rows) {
                statement.end(Rows::Returned(rows), done.is_ok());
            }
            done
        }))
    }

    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        _: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        Reply::Later(Box::pin(async move {
            let mut told = Told { call: self.call, running: None };
            self.session.insert_telling(model, rows, Some(&mut told)).await
        }))
    }

    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::Later(Box::pin(async move {
            let text = self.call.text(sql);
            let statement = Statement::new(self.call, &text, Rows::Changed(0));
            let done = self.session.execute(&text, binds).await;
            statement.end(Rows::Changed(*done.as_ref().unwrap_or(&0)), done.is_ok());
            done
        }))
    }

    fn run<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        Reply::Later(Box::pin(async move {
            let text = self.call.text(sql);
            let statement = Statement::new(self.call, &text, Rows::Changed(0));
            let done = self.session.run(&text, binds).await;
            statement.end(Rows::Changed(*done.as_ref().unwrap_or(&0)), done.is_ok());
            done
        }))
    }

    fn settle(&mut self) -> Result<()> {
        self.session.settle()
    }

    fn start_over(&mut self) -> bool {
        self.session.start_over()
    }
}

/// Is told of the statements by which a session inserts.
struct Told<'c> {
    call: &'c Call,
    /// The one that is running: its text, where that is of use, and since when.
    running: Option<(String, Instant)>,
}

impl Told<'_> {
    fn end(&mut self, rows: u64, failed: bool) {
        if let Some((sql, since)) = self.running.take() {
            self.call.ran(&sql, since.elapsed(), Rows::Changed(rows), failed);
        }
    }
}

impl Telling for Told<'_> {
    fn begin<'t>(&mut self, sql: &'t str) -> Cow<'t, str> {
        let text = self.call.text(sql);
        let kept = if self.call.keeps_texts() { text.clone().into_owned() } else { String::new() };
        self.running = Some((kept, Instant::now()));
        text
    }

    fn inserted(&mut self, rows: usize) {
        self.end(rows as u64, false);
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.end(0, true);
    }
}
