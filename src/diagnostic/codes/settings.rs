//! What can be wrong with `relata.yaml` and with a baseline. The examples are settings, not schemas.

use super::codes;

codes! { "settings";

    INVALID_CONFIG = "invalid-config", Error,
    "The settings are not understood",
    "What `relata.yaml` or a baseline says is unknown there, of the wrong kind, or contradicts itself: a key is \
     misspelt, a path leads nowhere, two schemas share a folder or write to the same one, a lint level allows an \
     error. Settings that are half understood would check or write something else than was asked for, so nothing \
     else is done before they are right.",
    r"
schema: schemas
",
    r"
schemas: schemas
";

    UNKNOWN_CODE = "unknown-code", Error,
    "A lint level names a code that does not exist",
    "Levels are set by the code of a warning, or for all of them by `warnings`. A code that does not exist would set \
     nothing. `relata explain` lists every code.",
    r"
lints: { unused-enums: allow }
",
    r"
lints: { unused-enum: allow }
";

    STALE_BASELINE = "stale-baseline", Warning,
    "A baseline lists a finding that is no longer there",
    "The finding was mended, or its file is gone. An entry that stays would hide the same mistake when it is made \
     again. Remove it, by hand or with `relata check --fix`, or write the whole file anew with `relata check \
     --update-baseline`.",
    "",
    r"
schemas: schemas
baseline: relata-baseline.yaml
";
}
