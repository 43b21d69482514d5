//! What can be wrong with models, enums and values.

use super::codes;

codes! { "models";

    NO_PRIMARY_KEY = "no-primary-key", Error,
    "A model has no primary key",
    "Rows are found, changed and related by their primary key. A model with a table marks at least \
     one property with `id: true`; several make a composite key. A model without a table is \
     `abstract: true`.",
    r"
models:
  Customer:
    properties: { name: string }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true, generated: true }, name: string }
";

    UNKNOWN_BASE = "unknown-base", Error,
    "A model extends one that does not exist",
    "`extends` names a model whose properties, relations and indexes are taken over. No model has \
     this name.",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entitty }
",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entity }
";

    EXTENDS_CYCLE = "extends-cycle", Error,
    "Models extend each other in a loop",
    "Each would take over what the other has, and neither would ever be complete. Every step of the \
     loop is shown.",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
    extends: Employee
  Employee:
    properties: { salary: decimal }
    extends: Person
",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
  Employee:
    properties: { salary: decimal }
    extends: Person
";

    INHERITANCE_BUDGET = "inheritance-budget", Error,
    "Heirs take over too much",
    "Every heir has its own table with a copy of what its bases declare, so that many heirs of a \
     large base multiply. All heirs together may take over 200,000 properties, relations and indexes.",
    "",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entity }
";

    BASE_CONFLICT = "base-conflict", Error,
    "An inherited name is declared again",
    "An heir takes over what its base declares and cannot change it: code written for the base relies \
     on it. `timestamps` and `softDelete` of a base stay on too.",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true }, name: string }
  Customer:
    properties: { name: text }
    extends: Entity
",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true }, name: string }
  Customer:
    properties: { notes: text }
    extends: Entity
";

    UNKNOWN_DATASOURCE = "unknown-datasource", Error,
    "A model lives in a datasource that does not exist",
    "`datasource` names an entry of `datasources`. Without any, there is one called `db`.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    datasource: crm
",
    r"
datasources: { crm: {} }
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    datasource: crm
";

    AMBIGUOUS_DATASOURCE = "ambiguous-datasource", Error,
    "A model does not say where it lives",
    "With several datasources there is no default: a row in the wrong place is found too late.",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    properties: { id: { type: integer, id: true } }
",
    r"
datasources: { db: {}, crm: {} }
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    datasource: crm
";

    UNKNOWN_INDEX_PROPERTY = "unknown-index-property", Error,
    "An index names a property that does not exist",
    "An index lists properties of its model: own, inherited, or added by its relations.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, email: string }
    indexes: [{ properties: [emial] }]
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, email: string }
    indexes: [{ properties: [email] }]
";

    INVALID_ENUM = "invalid-enum", Error,
    "An enum is empty, repeats itself or cannot be named",
    "An enum is a list of distinct strings, at least one. Each becomes a Rust variant in \
     UpperCamelCase; one that gives no name of its own is written `{ value: '3d', name: ThreeD }`.",
    r"
enums:
  View: [flat, '3d']
models:
  Model:
    properties: { id: { type: integer, id: true }, view: View }
",
    r"
enums:
  View: [flat, { value: '3d', name: ThreeD }]
models:
  Model:
    properties: { id: { type: integer, id: true }, view: View }
";

    VALUE_TYPE_HAS_TABLE = "value-type-has-table", Error,
    "A model with a table is used as a value",
    "A value is stored inside the row that holds it; a model with a table has rows of its own. Relate \
     to it with `belongsTo`, or make it `abstract: true`.",
    r"
models:
  Address:
    properties: { id: { type: integer, id: true } }
  Customer:
    properties: { id: { type: integer, id: true }, address: Address }
",
    r"
models:
  Address:
    properties: { id: { type: integer, id: true } }
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Address
";

    VALUE_TYPE_NOT_PLAIN = "value-type-not-plain", Error,
    "A value has what only rows have",
    "An abstract model that is the type of a property is stored inside a row. It has no identity, no \
     relations, no indexes and no columns of its own.",
    r"
models:
  Address:
    abstract: true
    properties: { street: { type: string, index: true } }
  Customer:
    properties: { id: { type: integer, id: true }, address: Address }
",
    r"
models:
  Address:
    abstract: true
    properties: { street: string }
  Customer:
    properties: { id: { type: integer, id: true }, address: Address }
";

    ABSTRACT_TARGET = "abstract-target", Error,
    "A relation leads to an abstract model",
    "An abstract model has no rows. Relate to its heirs one by one, or embed it as a value.",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Note:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Entity
",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entity }
  Note:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
";

    KEY_NEEDS_TABLE = "key-needs-table", Error,
    "A key about storage stands on a model without a table",
    "An abstract model has no rows. Where the rows of the models that extend it are stored is said by each of \
     them; it is not inherited.",
    r"
models:
  Entity:
    abstract: true
    table: entities
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entity }
",
    r"
models:
  Entity:
    abstract: true
    properties: { id: { type: integer, id: true } }
  Customer: { extends: Entity, table: clients }
";
}
