//! What is allowed and probably not meant.

use super::codes;

codes! { "warnings";

    CASCADE_CYCLE = "cascade-cycle", Warning,
    "Cascading deletes lead round in a loop",
    "Deleting one row may delete rows of every model in the loop, and theirs in turn, until all are \
     empty.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
        name: lastOrder
        keyFrom: lastOrderId
        onDelete: cascade
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: cascade
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
        name: lastOrder
        keyFrom: lastOrderId
        onDelete: setNull
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: cascade
";

    DUPLICATE_INDEX = "duplicate-index", Warning,
    "Two indexes are equal",
    "A primary key and a unique constraint are indexes already. A second one over the same properties \
     costs space and time with every write and helps no query.",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, unique: true }
    indexes: [{ properties: [email] }]
",
    r"
models:
  Customer:
    properties:
      id: { type: integer, id: true }
      email: { type: string, unique: true }
";

    NO_MODELS = "no-models", Warning,
    "A schema has no model",
    "The files that are read declare no model at all, so that nothing is generated that could be stored. One file \
     may well hold only enums; then the files with the models are given too.",
    r"
enums:
  Status: [open, closed]
",
    r"
enums:
  Status: [open, closed]
models:
  Order:
    properties: { id: { type: integer, id: true }, status: Status }
";

    UNUSED_ENUM = "unused-enum", Warning,
    "An enum is never used",
    "No property is of its type, so nothing is generated for it that anyone could reach.",
    r"
enums:
  Status: [open, closed]
models:
  Order:
    properties: { id: { type: integer, id: true } }
",
    r"
enums:
  Status: [open, closed]
models:
  Order:
    properties: { id: { type: integer, id: true }, status: Status }
";

    WEAK_KEY_NOT_UNIQUE = "weak-key-not-unique", Warning,
    "A weak relation may refer to several rows",
    "What the key refers to is neither the primary key nor unique. Without a foreign key nothing \
     forbids it, and the relation gives one of the rows.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, email: string }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: email
        keyTo: email
        name: customer
        constraint: false
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, email: { type: string, unique: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: email
        keyTo: email
        name: customer
        constraint: false
";

    KEY_OF_ANOTHER_RELATION = "key-of-another-relation", Warning,
    "A key found by its name belongs to another relation",
    "The target has a property with the default name of the key, and a relation of the target uses it \
     for another model. Name the key with `keyTo` if it is meant.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
  Company:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Company
        keyFrom: customerId
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
        keyTo: customerId
  Company:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Company
        keyFrom: customerId
";

    KEY_RESEMBLES_PROPERTY = "key-resembles-property", Warning,
    "A relation adds a key beside a property of nearly its name",
    "A `belongsTo` adds its key where it is not declared, so that a misspelt `keyFrom` would silently make a \
     second property.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
    relations:
      - belongsTo: Customer
        keyFrom: custmerId
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
    relations:
      - belongsTo: Customer
        keyFrom: customerId
";

    HAS_MANY_BY_UNIQUE_KEY = "has-many-by-unique-key", Warning,
    "A `hasMany` leads to one row at most",
    "No two rows have the same value of a unique key, so that there is never more than one of them.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Account
  Account:
    properties: { id: { type: integer, id: true }, customerId: { type: integer, unique: true } }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasOne: Account
  Account:
    properties: { id: { type: integer, id: true }, customerId: integer }
";
}
