//! What can be wrong with a file before its words are read.

use super::codes;

codes! { "files";

    NO_SCHEMA_FILES = "no-schema-files", Error,
    "No schema files were found",
    "A path that was given exists, or is a pattern, and no schema file lies there. Schema files end \
     in `.yaml`, `.yml` or `.json`; `relata.yaml`, `relata-baseline.yaml`, `*.schema.json` and dot \
     files are left out in folders. A silent success would generate nothing and look like a working build.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    UNREADABLE_FILE = "unreadable-file", Error,
    "A file or folder cannot be read",
    "A path does not exist, is neither a file nor a folder, or may not be read. What a missing file \
     would have declared is unknown, so nothing is generated.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    SYMLINK_LOOP = "symlink-loop", Error,
    "A symbolic link leads back to where it came from",
    "Following the link never ends. Remove it, or name the files to read one by one.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    ENCODING = "encoding", Error,
    "A file is not valid UTF-8",
    "Schema files are UTF-8, with or without a byte order mark. A file in another encoding would be \
     read as other words than its author wrote.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    HIDDEN_CHARACTER = "hidden-character", Error,
    "A file holds a character that nobody sees",
    "Control characters, carriage returns on their own, byte order marks inside the text, and characters that \
     turn the direction of writing make a file look like another than it is, to some readers or to all. \
     Written as an escape in double quotes (`\"\\u202E\"`), any of them may be part of a text.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    FILE_TOO_LARGE = "file-too-large", Error,
    "A file is larger than 8 MiB",
    "A schema of thousands of models fits into 8 MiB many times. All files are merged into one \
     namespace, so a large one can be split anywhere between two models.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    SCHEMA_TOO_LARGE = "schema-too-large", Error,
    "The files of a schema are larger than 64 MiB together",
    "A schema of ten thousand models fits into 64 MiB. Most often a folder was named that holds other \
     files too: name the folder of the schema, or use a pattern.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    TOO_DEEP = "too-deep", Error,
    "Values are nested too deep",
    "Lists and maps may be nested 64 deep; a schema needs fewer than ten. Deeper input is refused so \
     that no file can exhaust the reader.",
    r"
models: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    ALIAS_BUDGET = "alias-budget", Error,
    "A file expands to too many values",
    "Aliases (`*name`) repeat what an anchor (`&name`) marks, and aliases of aliases multiply. A few \
     lines can stand for millions of values that way, or for a value that contains itself, so what a \
     file may expand to is limited.",
    r"
models: &all
  Customer: *all
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    TOO_MANY_VALUES = "too-many-values", Error,
    "A file holds too many values",
    "A file may hold a million keys and values, more than thousands of models have. More is refused so \
     that no file can exhaust the reader; all files are merged into one schema, so a large one can be split.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    TOO_MANY_DECLARATIONS = "too-many-declarations", Error,
    "A file declares too much",
    "A file may declare 100,000 models, properties, relations, indexes, enums and variants together, twice as \
     many as a file of thousands of models has. More is refused so that no file can exhaust the compiler; \
     all files are merged into one schema, so a large one can be split.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    UNKNOWN_ALIAS = "unknown-alias", Error,
    "An alias repeats an anchor that does not exist",
    "A value that begins with `*` is an alias: it repeats what an anchor (`&name`) before it marks. A \
     value that is meant to begin with `*` is quoted.",
    r"
models:
  Customer:
    properties:
      id: *key
",
    r"
models:
  Customer:
    properties:
      id: &key { type: integer, id: true }
  Order:
    properties:
      id: *key
";

    MULTIPLE_DOCUMENTS = "multiple-documents", Error,
    "A file holds more than one YAML document",
    "A line `---` begins a second document. Which of them is meant, or how they would be combined, is \
     not written anywhere; put each into a file of its own.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
---
models: {}
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    TOO_MANY_FINDINGS = "too-many-findings", Error,
    "More is wrong than is shown",
    "A run shows at most 10,000 findings. Mend some of them, and the next run shows others.",
    "",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    UNSUPPORTED_VERSION = "unsupported-version", Error,
    "The schema asks for another version of the language",
    "The key `relata` names the version of the schema language. This compiler reads version 1; a \
     schema that asks for another may mean other things by the same words.",
    r"
relata: 2
models:
  Customer:
    properties:
      id: { type: integer, id: true }
",
    r"
relata: 1
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";
}
