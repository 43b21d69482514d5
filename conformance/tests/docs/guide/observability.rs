//! The examples of `docs/guide/observability.md`, and the names that it lists.

use std::time::Duration;

use relata::Result;

use super::OBSERVABILITY;
use super::blog::{Db, NewTag};

async fn observed(url: &str) -> relata::Result<Db> {
    Db::builder()
        .url(url)
        .slow_statements(Duration::from_millis(200))
        .comment_statements(true)
        .connect()
        .await
}

async fn told(url: &str) -> relata::Result<Db> {
    Db::builder()
        .url(url)
        .on_slow_statement(Duration::from_millis(200), |statement| eprintln!("slow: {statement}"))
        .connect()
        .await
}

#[tokio::test]
async fn both_work() -> Result<()> {
    for db in [observed("sqlite::memory:").await?, told("sqlite::memory:").await?] {
        db.create_tables().await?;
        db.tags().create(NewTag::new("news")).await?;
    }
    Ok(())
}

/// The names of fields and metrics that a source says, which stand in quotes and have a dot.
fn names(source: &str) -> Vec<&str> {
    let known = ["otel.", "db.", "relata.", "error."];
    let quoted = source.split('"').skip(1).step_by(2);
    quoted.filter(|name| known.iter().any(|first| name.starts_with(first)) && !name.contains(' ')).collect()
}

#[test]
fn every_field_and_metric_is_listed() {
    let spans = names(include_str!("../../../../runtime/src/observe/spans.rs"));
    let metrics = names(include_str!("../../../../runtime/src/observe/meters.rs"));
    assert!(spans.len() > 20 && metrics.len() > 12, "{spans:?} {metrics:?}");
    for name in spans.into_iter().chain(metrics) {
        assert!(OBSERVABILITY.contains(&format!("`{name}`")), "docs/guide/observability.md does not list `{name}`");
    }
}
