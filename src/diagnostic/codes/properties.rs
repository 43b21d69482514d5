//! Codes of the family `properties`.

use super::codes;

codes! { "properties";
    UNKNOWN_TYPE = "unknown-type", Error, "", "", "", "";
    AMBIGUOUS_TYPE = "ambiguous-type", Error, "", "", "", "";
    INVALID_DEFAULT = "invalid-default", Error, "", "", "", "";
    INVALID_CONSTRAINT = "invalid-constraint", Error, "", "", "", "";
    INVALID_GENERATED = "invalid-generated", Error, "", "", "", "";
    INVALID_VERSION = "invalid-version", Error, "", "", "", "";
    INVALID_ID = "invalid-id", Error, "", "", "", "";
    INVALID_KEY_TYPE = "invalid-key-type", Error, "", "", "", "";
    KEY_TOO_LONG = "key-too-long", Error, "", "", "", "";
    INFINITE_TYPE = "infinite-type", Error, "", "", "", "";
}
