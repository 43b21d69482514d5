//! What can be wrong with foreign keys and what they do.

use super::codes;

codes! { "relations";

    SET_NULL_ON_REQUIRED = "set-null-on-required", Error,
    "A required key would be unset",
    "`setNull` unsets the key of the referencing rows, which a required key does not allow.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        required: true
        onDelete: setNull
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: setNull
";

    SELF_UPDATE_CASCADE = "self-update-cascade", Error,
    "A self relation cascades updates",
    "MariaDB and MySQL refuse an update that cascades back into its own table, and generated code \
     behaves alike on every database.",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Category
        keyFrom: parentId
        onUpdate: cascade
",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Category
        keyFrom: parentId
";

    CONSTRAINT_IMPOSSIBLE = "constraint-impossible", Error,
    "A relation cannot have a foreign key",
    "A key into several tables, and the members of a list, are beyond what a foreign key can hold. \
     Such relations are kept by the generated code.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - referencesMany: Customer
        constraint: true
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - referencesMany: Customer
";

    CONSTRAINT_CONFLICT = "constraint-conflict", Error,
    "The two directions of a relation disagree",
    "Both sides speak of the same foreign key: it exists or it does not. One of them is enough to say \
     it.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
        constraint: true
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        constraint: false
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        constraint: false
";

    ACTION_NOT_ON_KEY_SIDE = "action-not-on-key-side", Error,
    "An action stands on the side without the key",
    "`onDelete` and `onUpdate` say what happens to the rows that hold the key. Where both directions \
     are declared, the side that holds it is the one place to say so.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
        onDelete: cascade
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: cascade
";

    CONSTRAINT_ACROSS_DATASOURCES = "constraint-across-datasources", Error,
    "A foreign key leads into another datasource",
    "No database checks keys of another. Across datasources a relation is weak.",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Order:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        constraint: true
",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Order:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
";

    WRITES_ACROSS_DATASOURCES = "writes-across-datasources", Error,
    "A relation would write to two datasources at once",
    "A row and its link, or a row and the name of its model in the source, are made and deleted in one transaction, and \
     no transaction spans two datasources. A link model can be reached as a relation of its own, and what it leads to \
     from there.",
    r"
datasources: { db: {}, crm: {} }
models:
  Physician:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Patient
        through: Visit
  Patient:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Visit:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Physician
      - belongsTo: Patient
",
    r"
datasources: { db: {}, crm: {} }
models:
  Physician:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Visit
  Patient:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Visit:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Physician
      - belongsTo: Patient
";

    ACTION_ACROSS_DATASOURCES = "action-across-datasources", Error,
    "An action reaches into another datasource",
    "No transaction spans two datasources, so nothing can be done to rows of the other together with \
     the change that asks for it.",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Order:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        onDelete: cascade
",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    datasource: crm
    properties: { id: { type: integer, id: true } }
  Order:
    datasource: db
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
";

    REQUIRED_CYCLE = "required-cycle", Error,
    "Required keys lead round in a loop",
    "Each row would need another one to be stored first, so that the first could never be stored. \
     Make one key of the loop optional and link the rows afterwards.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
        name: lastOrder
        keyFrom: lastOrderId
        required: true
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        required: true
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
        name: lastOrder
        keyFrom: lastOrderId
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        required: true
";
}
