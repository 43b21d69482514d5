//! The examples of `docs/guide/production.md`.

use std::time::Duration;

use relata::Result;

use super::blog::Db;

async fn open(url: &str) -> relata::Result<Db> {
    Db::builder()
        .url(url)
        .max_connections(16)
        .pool_timeout(Duration::from_secs(2))
        .statement_timeout(Duration::from_secs(10))
        .application_name("blog")
        .connect()
        .await
}

#[tokio::test]
async fn opens() -> Result<()> {
    open("sqlite::memory:").await?;
    Ok(())
}
