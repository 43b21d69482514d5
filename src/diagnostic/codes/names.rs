//! Codes of the family `names`.

use super::codes;

codes! { "names";
    INVALID_NAME = "invalid-name", Error, "", "", "", "";
    RESERVED_NAME = "reserved-name", Error, "", "", "", "";
    DUPLICATE_MODEL = "duplicate-model", Error, "", "", "", "";
    DUPLICATE_ENUM = "duplicate-enum", Error, "", "", "", "";
    DUPLICATE_DATASOURCE = "duplicate-datasource", Error, "", "", "", "";
    NAME_COLLISION = "name-collision", Error, "", "", "", "";
    DUPLICATE_TABLE = "duplicate-table", Error, "", "", "", "";
    DUPLICATE_COLUMN = "duplicate-column", Error, "", "", "", "";
    DUPLICATE_INDEX_NAME = "duplicate-index-name", Error, "", "", "", "";
}
