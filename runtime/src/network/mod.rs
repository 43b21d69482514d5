//! What drivers share whose database is reached over a network: URLs, TLS, the pool of connections, and the
//! runtime that they live on.
//!
//! Knows no protocol.

#[cfg(feature = "postgres")]
pub(crate) mod client;
pub(crate) mod home;
pub(crate) mod pool;
#[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "the other driver makes its own connections of it"))]
pub(crate) mod tls;
pub(crate) mod url;
