//! What drivers share whose database is reached over a network: URLs, TLS, the pool of connections, and the
//! runtime that they live on.
//!
//! Knows no protocol.

#[cfg(feature = "postgres")]
pub(crate) mod client;
pub(crate) mod home;
pub(crate) mod pool;
pub(crate) mod tls;
pub(crate) mod url;
