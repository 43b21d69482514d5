//! Random schemas, rows and queries, and a plain interpreter over JSON that knows the answers.
//!
//! Everything comes from a seed: a build script prints schemas as YAML and queries as Rust, a test makes the same
//! ones again and compares what a database answers with what [`answer`] says. Knows nothing of SQL, and shares no
//! code with what it judges.

mod condition;
mod data;
mod filter;
mod interpret;
mod print;
mod query;
mod schema;
mod yaml;

pub use condition::{Comparison, Condition, Quantifier};
pub use data::{Data, data};
pub use filter::{filter, sayable};
pub use interpret::answer;
pub use print::{finds, print, stores};
pub use query::{Include, Query, Scope, Shape, queries};
pub use schema::{Cardinality, Model, Property, Relation, Schema, Tie, Type, schema};
pub use yaml::yaml;
