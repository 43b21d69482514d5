//! Codes of the family `syntax`.

use super::codes;

codes! { "syntax";
    SYNTAX = "syntax", Error, "", "", "", "";
    DUPLICATE_KEY = "duplicate-key", Error, "", "", "", "";
    MERGE_KEY = "merge-key", Error, "", "", "", "";
    UNKNOWN_TAG = "unknown-tag", Error, "", "", "", "";
    UNKNOWN_KEY = "unknown-key", Error, "", "", "", "";
    MISSING_KEY = "missing-key", Error, "", "", "", "";
    WRONG_TYPE = "wrong-type", Error, "", "", "", "";
    UNKNOWN_VALUE = "unknown-value", Error, "", "", "", "";
}
