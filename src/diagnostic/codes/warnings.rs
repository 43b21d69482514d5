//! Codes of the family `warnings`.

use super::codes;

codes! { "warnings";
    CASCADE_CYCLE = "cascade-cycle", Warning, "", "", "", "";
    DUPLICATE_INDEX = "duplicate-index", Warning, "", "", "", "";
    UNUSED_ENUM = "unused-enum", Warning, "", "", "", "";
    WEAK_KEY_NOT_UNIQUE = "weak-key-not-unique", Warning, "", "", "", "";
    KEY_OF_ANOTHER_RELATION = "key-of-another-relation", Warning, "", "", "", "";
}
