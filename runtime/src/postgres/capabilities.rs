//! What statements may use on PostgreSQL.

use std::borrow::Cow;

use crate::driver::{Capabilities, Counter, Cut, Dialect, Lists, Placeholder};
use crate::meta::PropertyMeta;

pub(crate) static CAPABILITIES: Capabilities = Capabilities {
    system: "postgresql",
    dialect: Dialect::Postgres,
    quote: '"',
    placeholder: Placeholder::Numbered('$'),
    schemas: true,
    lists: Lists::Arrays { element },
    documents: &super::documents::JsonOperators,
    aggregates: &super::aggregates::Functions,
    cut: Cut::Lateral,
    least: "LEAST(",
    greatest: "GREATEST(",
    no_limit: "ALL",
    sorts_by: None,
    nulls_first: false,
    // lower() of a bound pattern would fold by the database's collation, of a column by the column's.
    ilike: Some("ILIKE"),
    escape: " ESCAPE '\\'",
    regexp: ["", " ~ ", ""],
    deletes_by_alias: true,
    reads_what_it_changes: true,
    checks_keys_at_end: true,
    for_update: " FOR UPDATE",
    for_no_key_update: " FOR NO KEY UPDATE",
    for_share: " FOR SHARE",
    compares_rows: true,
    returning: true,
    arithmetic: &super::arithmetic::Typed,
    upserts: 1024,
    counter: Some(&COUNTER),
};

/// An identity column counts on where it was, whatever ids are given. Without the right to move it on, it stays.
static COUNTER: Counter = Counter {
    is_new: "(xmax = 0)",
    advance: "SELECT setval(sequence, CAST($1 AS text)::bigint) \
              FROM (SELECT pg_get_serial_sequence($2, $3)::regclass AS sequence) AS counter \
              WHERE has_sequence_privilege(sequence, 'UPDATE') \
              AND COALESCE(pg_sequence_last_value(sequence), 0) < CAST($1 AS text)::bigint",
};

/// The type of a property's column, without length and collation.
fn element(property: &PropertyMeta) -> Cow<'static, str> {
    super::catalogue::base_type(property).into()
}
