//! What can be wrong with the keys of relations.

use super::codes;

codes! { "relations";

    UNKNOWN_KEY_PROPERTY = "unknown-key-property", Error,
    "A key names a property that does not exist",
    "A `hasMany` or `hasOne` never adds properties: what its `keyTo` names is declared on the target \
     or added there by a `belongsTo`. A `keyTo` of any relation names an existing property.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
  Order:
    properties: { id: { type: integer, id: true } }
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
";

    KEY_NEEDS_KEY_TO = "key-needs-key-to", Error,
    "A relation finds its key under another name",
    "The target does belong to this model, but by a key that is not called after it. Which key is \
     meant could be guessed; it is written instead, so that a second `belongsTo` added later does not \
     change the first.",
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
        keyFrom: buyerId
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
        keyTo: buyerId
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: buyerId
";

    KEY_TYPE_MISMATCH = "key-type-mismatch", Error,
    "The two halves of a key are of different types",
    "A key that is compared with values of another type finds nothing, or is refused by the database.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: string }
    relations:
      - belongsTo: Customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
    relations:
      - belongsTo: Customer
";

    KEY_COUNT_MISMATCH = "key-count-mismatch", Error,
    "The two halves of a key have different counts",
    "The properties of the two sides are paired one by one: a composite key of two refers to a key of \
     two.",
    r"
models:
  Customer:
    properties: { country: { type: string, id: true }, number: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: customerId
",
    r"
models:
  Customer:
    properties: { country: { type: string, id: true }, number: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: [customerCountry, customerNumber]
";

    KEY_NOT_UNIQUE = "key-not-unique", Error,
    "A foreign key would refer to several rows",
    "What a strong relation refers to is exactly the primary key or one unique constraint: a database \
     refuses other foreign keys. Unique keys of a model with `softDelete` count its live rows only, and no foreign \
     key can refer to them.",
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
";

    THROUGH_KEY_MISSING = "through-key-missing", Error,
    "A link model lacks a key",
    "The link model holds a key to the source, called after it, and one to the target. Where they \
     have other names, `through: { model, keyFrom, keyTo }` gives them.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Product
        through: { model: OrderItem, keyFrom: orderNumber }
  Product:
    properties: { id: { type: integer, id: true } }
  OrderItem:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
      - belongsTo: Product
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Product
        through: { model: OrderItem, keyFrom: orderId }
  Product:
    properties: { id: { type: integer, id: true } }
  OrderItem:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
      - belongsTo: Product
";

    SELF_THROUGH_KEYS = "self-through-keys", Error,
    "A relation to itself needs both keys of its link model",
    "Both keys would be called after the same model, and one property cannot be two keys.",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Person
        name: friends
        through: Friendship
  Friendship:
    properties:
      id: { type: integer, id: true }
      personId: integer
      friendId: integer
",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Person
        name: friends
        through: { model: Friendship, keyFrom: personId, keyTo: friendId }
  Friendship:
    properties:
      id: { type: integer, id: true }
      personId: integer
      friendId: integer
";

    THROUGH_KEYS_EQUAL = "through-keys-equal", Error,
    "The two keys of a link model are one",
    "`keyFrom` of `through` leads to the source and `keyTo` to the target. One property cannot do \
     both.",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Person
        name: friends
        through: { model: Friendship, keyFrom: personId, keyTo: personId }
  Friendship:
    properties:
      id: { type: integer, id: true }
      personId: integer
      friendId: integer
",
    r"
models:
  Person:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Person
        name: friends
        through: { model: Friendship, keyFrom: personId, keyTo: friendId }
  Friendship:
    properties:
      id: { type: integer, id: true }
      personId: integer
      friendId: integer
";

    REFERENCES_NOT_LIST = "references-not-list", Error,
    "A referencesMany has a key that is not a list",
    "`referencesMany` holds the keys of many targets, so its key is a list of the type of their key.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerIds: integer }
    relations:
      - referencesMany: Customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerIds: 'integer[]' }
    relations:
      - referencesMany: Customer
";

    POLYMORPHIC_KEY_MISMATCH = "polymorphic-key-mismatch", Error,
    "Targets of one relation have keys of different types",
    "A polymorphic relation keeps one key for all of its targets, so their keys are of one type.",
    r"
models:
  Comment:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: [Post, Photo]
        name: subject
  Post:
    properties: { id: { type: integer, id: true } }
  Photo:
    properties: { id: { type: uuid, id: true } }
",
    r"
models:
  Comment:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: [Post, Photo]
        name: subject
  Post:
    properties: { id: { type: integer, id: true } }
  Photo:
    properties: { id: { type: integer, id: true } }
";

    REQUIRED_CONFLICT = "required-conflict", Error,
    "A relation and its key disagree about being required",
    "The key is declared, so the declaration decides; what the relation says in addition must not \
     contradict it.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
    relations:
      - belongsTo: Customer
        required: true
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customerId: { type: integer, required: true } }
    relations:
      - belongsTo: Customer
        required: true
";

    KEY_NEEDS_KEY_FROM = "key-needs-key-from", Error,
    "A declared key has another spelling",
    "A `belongsTo` adds its key where it is not declared. Here a property is declared that differs from \
     the key in case and underscores only; two properties for one key cannot have been meant.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customer_id: integer }
    relations:
      - belongsTo: Customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customer_id: integer }
    relations:
      - belongsTo: Customer
        keyFrom: customer_id
        name: customer
";

    NO_SIDE_HOLDS_KEY = "no-side-holds-key", Error,
    "Two relations each leave the key to the other",
    "A `hasMany` or `hasOne` looks for its key on the other model. Where both models look there, nobody has \
     it: one side belongs to the other, or, for many to many, a third model belongs to both.",
    r"
models:
  Student:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasOne: Locker
  Locker:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasOne: Student
",
    r"
models:
  Student:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasOne: Locker
  Locker:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Student
";

    KEY_NOT_SETTABLE = "key-not-settable", Error,
    "The key of a relation is generated",
    "Whoever stores a row says to which other row it leads, by giving the key. A value that is generated, or \
     counted by the library, cannot be given.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Profile:
    properties: { id: { type: integer, id: true, generated: true } }
    relations:
      - { belongsTo: Customer, keyFrom: id, name: customer }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Profile:
    properties: { id: { type: integer, id: true } }
    relations:
      - { belongsTo: Customer, keyFrom: id, name: customer }
";

    KEY_REFERS_TO_ITSELF = "key-refers-to-itself", Error,
    "Every row would lead to itself",
    "Both halves of the key of a self relation are the same property: each row would be related to itself and \
     to no other.",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true } }
    relations:
      - { belongsTo: Category, keyFrom: id, name: parent }
",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true } }
    relations:
      - { belongsTo: Category, keyFrom: parentId }
";
}
