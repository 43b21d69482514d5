//! Codes of the family `relations`.

use super::codes;

codes! { "relations";
    RELATION_KIND = "relation-kind", Error, "", "", "", "";
    KEY_NOT_FOR_KIND = "key-not-for-kind", Error, "", "", "", "";
    UNKNOWN_TARGET = "unknown-target", Error, "", "", "", "";
    UNKNOWN_KEY_PROPERTY = "unknown-key-property", Error, "", "", "", "";
    KEY_NEEDS_KEY_TO = "key-needs-key-to", Error, "", "", "", "";
    KEY_TYPE_MISMATCH = "key-type-mismatch", Error, "", "", "", "";
    KEY_COUNT_MISMATCH = "key-count-mismatch", Error, "", "", "", "";
    KEY_NOT_UNIQUE = "key-not-unique", Error, "", "", "", "";
    RELATION_NAME_IS_KEY = "relation-name-is-key", Error, "", "", "", "";
    RELATION_NAME_TAKEN = "relation-name-taken", Error, "", "", "", "";
    RELATION_NAME_REQUIRED = "relation-name-required", Error, "", "", "", "";
    AMBIGUOUS_INVERSE = "ambiguous-inverse", Error, "", "", "", "";
    UNKNOWN_THROUGH = "unknown-through", Error, "", "", "", "";
    THROUGH_KEY_MISSING = "through-key-missing", Error, "", "", "", "";
    SELF_THROUGH_KEYS = "self-through-keys", Error, "", "", "", "";
    THROUGH_KEYS_EQUAL = "through-keys-equal", Error, "", "", "", "";
    REFERENCES_NOT_LIST = "references-not-list", Error, "", "", "", "";
    POLYMORPHIC_KEY_MISMATCH = "polymorphic-key-mismatch", Error, "", "", "", "";
    UNKNOWN_POLYMORPHIC = "unknown-polymorphic", Error, "", "", "", "";
    REQUIRED_CONFLICT = "required-conflict", Error, "", "", "", "";
    SET_NULL_ON_REQUIRED = "set-null-on-required", Error, "", "", "", "";
    SELF_UPDATE_CASCADE = "self-update-cascade", Error, "", "", "", "";
    CONSTRAINT_IMPOSSIBLE = "constraint-impossible", Error, "", "", "", "";
    CONSTRAINT_CONFLICT = "constraint-conflict", Error, "", "", "", "";
    CONSTRAINT_ACROSS_DATASOURCES = "constraint-across-datasources", Error, "", "", "", "";
    ACTION_ACROSS_DATASOURCES = "action-across-datasources", Error, "", "", "", "";
    REQUIRED_CYCLE = "required-cycle", Error, "", "", "", "";
}
