//! The attack classes of data layers, one by one; `docs/security.md` says what holds. What stood elsewhere before is
//! found there:
//!
//! | class | tests |
//! | --- | --- |
//! | S1 values become SQL | `values`; `filters::hostile`, `raw_sql::bound` |
//! | S2 operators in place of values | `requests`; `filters::refused` |
//! | S3 what is bound is counted | `raw_sql::refused` |
//! | S4 names within JSON | `requests` |
//! | S5, S6, S7 orders, names, control words | `filters::hostile`, `hostile`, `quoted` |
//! | S8 filters that are dropped | `requests`; `filters::refused` |
//! | S9 a second pass over texts | `values`; `raw_sql::bound` |
//! | S10 secrets by probes | `leaks`; `filters::hidden` |
//! | S11 wildcards | `values`; `conditions` |
//! | S12 regular expressions | `filters::regexp` |
//! | S13, S14 limits, depth | `requests`; `filters::refused` |
//! | S15 mass assignment | `requests`; `records` |
//! | S16 rows of others | `leaks`; `constrained`, `through` |
//! | S17 lengths | `values`; `relata`'s own tests of its drivers |
//! | S19 schema files | `hostile`, `quoted`; `tests/hostile.rs`, `tests/golden.rs` of the compiler |
//! | S21 secrets in errors | `leaks` |
//! | S22 comments in statements | none are written |
//! | S23 rows of any content | `leaks`, `faults`; `relata`'s own tests of values |

mod leaks;
mod requests;
mod values;
