//! Calls and transactions as spans of `tracing`, and events of what is slow or run again.
//!
//! Fields are named as OpenTelemetry's conventions for databases have them, where these have a name.

use std::future::Future;
use std::time::Duration;

use tracing::field::Empty;
use tracing::{Instrument, Level};

use super::call::SoFar;
use super::name::included;
use super::{Call, SentStatement};
use crate::driver::{Isolation, TransactionOptions};
use crate::query::Task;

const TARGET: &str = "relata";

/// Whether a subscriber takes spans.
#[inline]
pub(super) fn are_wanted() -> bool {
    tracing::span_enabled!(target: TARGET, Level::INFO)
}

/// The span of a call or a transaction.
pub(super) struct Span(tracing::Span);

/// Of a call that does this, unless it is refused before.
pub(super) fn of_call(call: &Call, task: Option<&Task>) -> Span {
    if !are_wanted() {
        return Span(tracing::Span::none());
    }
    let name = &call.name;
    let relation = name.via.map(|via| via.to_string());
    let included = task.map(included).filter(|paths| !paths.is_empty());
    Span(tracing::info_span!(
        target: TARGET,
        "relata.call",
        "otel.name" = %name,
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "db.system.name" = call.system,
        "db.operation.name" = name.operation,
        "db.collection.name" = name.table(),
        "db.response.returned_rows" = Empty,
        "relata.model" = name.model_name(),
        "relata.relation" = relation,
        "relata.include" = included,
        "relata.changed_rows" = Empty,
        "relata.statements" = Empty,
        "relata.elapsed" = Empty,
        "error.type" = Empty,
    ))
}

pub(super) fn of_transaction(system: &'static str, options: TransactionOptions, nested: bool) -> Span {
    let isolation = options.isolation.map(|isolation| match isolation {
        Isolation::ReadCommitted => "read_committed",
        Isolation::RepeatableRead => "repeatable_read",
        Isolation::Serializable => "serializable",
    });
    Span(tracing::info_span!(
        target: TARGET,
        "relata.transaction",
        "otel.name" = "transaction",
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "db.system.name" = system,
        "relata.isolation" = isolation,
        "relata.read_only" = options.read_only,
        "relata.nested" = nested,
        "relata.outcome" = Empty,
        "relata.elapsed" = Empty,
        "error.type" = Empty,
    ))
}

impl Span {
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// That future, which belongs to it.
    pub(super) fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        work.instrument(self.0.clone())
    }

    pub(super) fn end_call(&self, so_far: &SoFar, elapsed: Duration, code: Option<&'static str>) {
        self.0.record("db.response.returned_rows", so_far.returned);
        self.0.record("relata.changed_rows", so_far.changed);
        self.0.record("relata.statements", so_far.statements);
        self.end(elapsed, code);
    }

    pub(super) fn end_transaction(&self, outcome: &'static str, elapsed: Duration, code: Option<&'static str>) {
        self.0.record("relata.outcome", outcome);
        self.end(elapsed, code);
    }

    fn end(&self, elapsed: Duration, code: Option<&'static str>) {
        self.0.record("relata.elapsed", elapsed.as_secs_f64());
        if let Some(code) = code {
            self.0.record("error.type", code);
            self.0.record("otel.status_code", "ERROR");
        }
    }
}

/// A statement that took long.
pub(crate) fn slow(statement: &SentStatement) {
    let SentStatement { operation, model, relation, sql, rows, elapsed, failed } = statement;
    let text = (!sql.is_empty()).then_some(sql.as_str());
    tracing::warn!(
        target: TARGET,
        {
            "db.operation.name" = operation,
            "db.query.text" = text,
            "relata.model" = model,
            "relata.relation" = relation.as_deref(),
            "relata.rows" = rows,
            "relata.elapsed" = elapsed.as_secs_f64(),
            "relata.failed" = failed,
        },
        "slow statement"
    );
}

pub(super) fn retried(what: &'static str, code: &'static str) {
    tracing::debug!(target: TARGET, { "relata.retried" = what, "error.type" = code }, "run again");
}
