//! What drivers share whose database is reached over a network: URLs, several hosts, TLS, the pool of connections, and the
//! runtime that they live on.
//!
//! Knows no protocol.

#[cfg(feature = "postgres")]
pub(crate) mod client;
#[cfg(test)]
pub(crate) mod gate;
pub(crate) mod home;
pub(crate) mod hosts;
pub(crate) mod pool;
#[cfg(feature = "postgres")]
pub(crate) mod replicas;
pub(crate) mod tls;
pub(crate) mod url;
