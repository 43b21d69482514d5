//! What can be wrong with properties.

use super::codes;

codes! { "properties";

    UNKNOWN_TYPE = "unknown-type", Error,
    "A type does not exist",
    "A type is one of the words of the language, an enum, or an abstract model. Words of other \
     languages are recognised and their equivalent is suggested.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      age: int
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      age: integer
";

    AMBIGUOUS_TYPE = "ambiguous-type", Error,
    "A type does not say what it holds",
    "`object` and `array` leave open what is inside. Write the name of an abstract model for a value \
     with known parts, `T[]` for a list, or `json` for anything.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      tags: array
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      tags: string[]
";

    INVALID_DEFAULT = "invalid-default", Error,
    "A default does not fit its property",
    "A default is a literal of the property's type that keeps its own constraints, or `now` for a \
     date or datetime, or `uuid` for a uuid. Every write without a value would fail otherwise.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      credit: { type: decimal, scale: 2, default: 0.005 }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      credit: { type: decimal, scale: 2, default: 0.01 }
";

    INVALID_CONSTRAINT = "invalid-constraint", Error,
    "A constraint does not belong to its type or cannot hold",
    "Lengths and patterns are for strings, bounds for numbers, precision and scale for decimals. A \
     pattern compiles, and the least is not above the most.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      name: { type: string, minLength: 5, maxLength: 3 }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      name: { type: string, minLength: 3, maxLength: 5 }
";

    INVALID_GENERATED = "invalid-generated", Error,
    "A property cannot be generated",
    "A database generates a number only where it is the whole primary key; a uuid is made by the \
     library. What is generated has no default.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      number: { type: integer, generated: true }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true, generated: true }
      number: integer
";

    INVALID_VERSION = "invalid-version", Error,
    "A property cannot be the version",
    "A version is an integer that the library starts at 1 and raises with every update, so that a \
     write to an outdated row is noticed. A model has one, and it is neither optional nor part of the \
     key.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      revision: { type: string, version: true }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      revision: { type: integer, version: true }
";

    INVALID_ID = "invalid-id", Error,
    "Part of a primary key is optional",
    "An identity is always there, so `required: false` contradicts `id: true`.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true, required: false }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
";

    INVALID_KEY_TYPE = "invalid-key-type", Error,
    "A key or index is of a type that cannot be compared",
    "`text`, `json`, `bytes`, `number`, lists and values compare differently from database to \
     database, or not at all. They cannot be ids, unique, indexed or the key of a relation.",
    r"
models:
  Customer:
    properties: 
      id: { type: number, id: true }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
";

    KEY_TOO_LONG = "key-too-long", Error,
    "The strings of a key do not fit into an index",
    "An index holds strings of 768 characters together in every database. A `string` counts with its \
     `maxLength`, which is 255 where it is silent, an enum with its longest value. What else is in the \
     key takes from that: an `integer` two characters, a `uuid` four.",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      path: { type: string, maxLength: 2000, unique: true }
",
    r"
models:
  Customer:
    properties: 
      id: { type: integer, id: true }
      path: { type: string, maxLength: 700, unique: true }
";

    TOO_MANY_KEY_PROPERTIES = "too-many-key-properties", Error,
    "A key or index has more properties than an index has columns",
    "An index has at most 16 columns in every database: MySQL takes no more. A key as long as that is \
     repeated in every table that refers to it.",
    r"
models:
  Reading:
    properties:
      id: { type: integer, id: true }
      p1: integer
      p2: integer
      p3: integer
      p4: integer
      p5: integer
      p6: integer
      p7: integer
      p8: integer
      p9: integer
      p10: integer
      p11: integer
      p12: integer
      p13: integer
      p14: integer
      p15: integer
      p16: integer
      p17: integer
    indexes:
      - properties: [p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17]
",
    r"
models:
  Reading:
    properties:
      id: { type: integer, id: true }
      p1: integer
      p2: integer
      p3: integer
      p4: integer
      p5: integer
      p6: integer
      p7: integer
      p8: integer
      p9: integer
      p10: integer
      p11: integer
      p12: integer
      p13: integer
      p14: integer
      p15: integer
      p16: integer
      p17: integer
    indexes:
      - properties: [p1, p2, p3]
";

    INFINITE_TYPE = "infinite-type", Error,
    "A value contains itself",
    "Required values in a loop have no end. Through a list or an optional property the loop is fine.",
    r"
models:
  Node:
    abstract: true
    properties: { next: { type: Node, required: true } }
  Chain:
    properties: { id: { type: integer, id: true }, first: Node }
",
    r"
models:
  Node:
    abstract: true
    properties: { next: Node }
  Chain:
    properties: { id: { type: integer, id: true }, first: Node }
";
}
