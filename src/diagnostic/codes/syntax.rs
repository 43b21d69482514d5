//! What can be wrong with the form of a schema, before its names are looked up.

use super::codes;

codes! { "syntax";

    SYNTAX = "syntax", Error,
    "A file is not well-formed YAML or JSON",
    "The parser cannot make out the structure of the file. It stops at the first such place in a \
     file; the other files are read all the same.",
    r"
models:
  Customer: [properties
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
";

    DUPLICATE_KEY = "duplicate-key", Error,
    "A key is given twice in one map",
    "One of the two values would be lost, and which one depends on the reader. Both places are shown.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      name: string
      name: text
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      name: string
      notes: text
";

    MERGE_KEY = "merge-key", Error,
    "A YAML merge key is used",
    "The key `<<` fills a map with the entries of another. It is no part of YAML 1.2, and what a \
     model holds would no longer be seen where it is declared. Models share properties with \
     `extends`.",
    r"
models:
  Customer:
    properties: &base
      id: { type: integer, id: true }
  Order:
    properties:
      <<: *base
",
    r"
models:
  Entity:
    abstract: true
    properties:
      id: { type: integer, id: true }
  Customer: { extends: Entity }
  Order: { extends: Entity }
";

    UNKNOWN_TAG = "unknown-tag", Error,
    "A value has a YAML tag",
    "Tags such as `!secret` ask the reader to do something with a value. The schema language has \
     none, and ignoring one would ignore what its author meant.",
    r"
models:
  Customer:
    description: !upper someone who buys
    properties:
      id: { type: integer, id: true }
",
    r"
models:
  Customer:
    description: someone who buys
    properties:
      id: { type: integer, id: true }
";

    UNKNOWN_KEY = "unknown-key", Error,
    "A key is not known here",
    "Every key means something, so a key that means nothing is a mistake: most often a misspelling, \
     which would otherwise silently leave a default in place. The nearest known key is suggested.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, requird: true }
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, required: true }
";

    MISSING_KEY = "missing-key", Error,
    "A key that cannot be left out is missing",
    "There is no default that would serve: a property has a type, an index has properties, a link has \
     a model.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { required: true }
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, required: true }
";

    WRONG_TYPE = "wrong-type", Error,
    "A value is of the wrong kind",
    "A list stands where a map is expected, a number where a string is, and so on. `yes`, `no`, `on` \
     and `off` are strings here: only `true` and `false` are booleans.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, required: yes }
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, required: true }
";

    UNKNOWN_VALUE = "unknown-value", Error,
    "A word is not one of those expected",
    "The key takes one of a fixed set of words, and this is none of them.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: casacde
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: cascade
";

    NAMED_TWICE = "named-twice", Error,
    "A list names the same thing twice",
    "The members of a key, of an index and of a list of targets are different from each other. The second \
     of two equal ones adds nothing, and most often stands for another that was meant.",
    r"
models:
  Person:
    properties:
      id: { type: integer, id: true }
      family: string
      given: string
    indexes:
      - { properties: [family, family] }
",
    r"
models:
  Person:
    properties:
      id: { type: integer, id: true }
      family: string
      given: string
    indexes:
      - { properties: [family, given] }
";
}
