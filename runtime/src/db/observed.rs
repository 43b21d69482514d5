//! What a program asks to be told of its calls.

use std::time::Duration;

use super::{Builder, Schema};
use crate::observe::SentStatement;

impl<R: Schema> Builder<R> {
    /// Logs each statement that takes as long or longer: an event `slow statement` at level `WARN` of target `relata`,
    /// with the text, the call that it is of, and how long it took. When its call has ended, in the span of the call.
    ///
    /// ```ignore
    /// let db = Db::builder().url(url).slow_statements(Duration::from_millis(200)).connect().await?;
    /// ```
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn slow_statements(self, limit: Duration) -> Self {
        self.on_slow_statement(limit, crate::observe::slow)
    }

    /// Calls this with each statement that takes as long or longer, when its call has ended, on the thread that waits for
    /// the call; said twice, both are called. For programs that log otherwise than by `tracing`.
    ///
    /// ```ignore
    /// let db = Db::builder()
    ///     .url(url)
    ///     .on_slow_statement(Duration::from_millis(200), |statement| eprintln!("slow: {statement}"))
    ///     .connect()
    ///     .await?;
    /// ```
    #[must_use]
    pub fn on_slow_statement(mut self, limit: Duration, tell: impl Fn(&SentStatement) + Send + Sync + 'static) -> Self {
        self.observing.tell_slow(limit, tell);
        self
    }

    /// Whether slow statements show the text of [SQL that the program writes itself](crate::Sql). Unless said they do not:
    /// it may hold more than names and marks.
    #[must_use]
    pub fn show_raw_sql(mut self, show: bool) -> Self {
        self.observing.raw_sql = show;
        self
    }

    /// Whether each statement says which call it is of, in a comment behind its text as sqlcommenter has them; it does
    /// not unless said: `SELECT … /*action='find',db_driver='relata',model='Order'*/`. What the database lists, such as
    /// its own log of slow statements, then leads to the call.
    ///
    /// Only names of the schema are in it. A connection prepares a text once: the same statement in two calls is prepared
    /// twice. SQL that the program writes itself stays as it is.
    #[must_use]
    pub fn comment_statements(mut self, comment: bool) -> Self {
        self.observing.comments = comment;
        self
    }
}
