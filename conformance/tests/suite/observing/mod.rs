//! What is seen of calls: spans, events, metrics, comments and recordings, and that no value is in any of them.

mod comments;
mod measured;
mod recorded;
mod spans;
mod traced;
mod values;
