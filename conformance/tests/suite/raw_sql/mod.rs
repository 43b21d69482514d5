//! SQL that the program writes itself: bound values, typed rows, transactions, and what is not sent.

mod bound;
mod kept_apart;
mod read;
mod refused;
