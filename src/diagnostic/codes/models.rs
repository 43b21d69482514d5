//! Codes of the family `models`.

use super::codes;

codes! { "models";
    NO_PRIMARY_KEY = "no-primary-key", Error, "", "", "", "";
    UNKNOWN_BASE = "unknown-base", Error, "", "", "", "";
    EXTENDS_CYCLE = "extends-cycle", Error, "", "", "", "";
    BASE_CONFLICT = "base-conflict", Error, "", "", "", "";
    UNKNOWN_DATASOURCE = "unknown-datasource", Error, "", "", "", "";
    AMBIGUOUS_DATASOURCE = "ambiguous-datasource", Error, "", "", "", "";
    UNKNOWN_INDEX_PROPERTY = "unknown-index-property", Error, "", "", "", "";
    INVALID_ENUM = "invalid-enum", Error, "", "", "", "";
    VALUE_TYPE_HAS_TABLE = "value-type-has-table", Error, "", "", "", "";
    ABSTRACT_TARGET = "abstract-target", Error, "", "", "", "";
}
