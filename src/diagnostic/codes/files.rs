//! Codes of the family `files`.

use super::codes;

codes! { "files";
    NO_SCHEMA_FILES = "no-schema-files", Error, "", "", "", "";
    UNREADABLE_FILE = "unreadable-file", Error, "", "", "", "";
    SYMLINK_LOOP = "symlink-loop", Error, "", "", "", "";
    ENCODING = "encoding", Error, "", "", "", "";
    FILE_TOO_LARGE = "file-too-large", Error, "", "", "", "";
    TOO_DEEP = "too-deep", Error, "", "", "", "";
    ALIAS_BUDGET = "alias-budget", Error, "", "", "", "";
    MULTIPLE_DOCUMENTS = "multiple-documents", Error, "", "", "", "";
    UNSUPPORTED_VERSION = "unsupported-version", Error, "", "", "", "";
}
