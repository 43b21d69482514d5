//! What can be wrong with relations.

use super::codes;

codes! { "relations";

    RELATION_KIND = "relation-kind", Error,
    "A relation has no kind, or two",
    "Each entry of `relations` has one of the keys `belongsTo`, `hasMany`, `hasOne`, \
     `referencesMany`, `embedsOne` and `embedsMany`, with the target as its value. It says who holds \
     the key.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - name: customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
";

    KEY_NOT_FOR_KIND = "key-not-for-kind", Error,
    "A key does not belong to this kind of relation",
    "Some keys make sense for some kinds only: a `hasMany` is never required, an embedded value has \
     no key, only `hasMany` and `hasOne` lead through a link model.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
        required: true
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Order
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
";

    UNKNOWN_TARGET = "unknown-target", Error,
    "A relation leads to a model that does not exist",
    "No model has this name in any of the files.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Custmer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
";

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
     refuses other foreign keys.",
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

    RELATION_NAME_IS_KEY = "relation-name-is-key", Error,
    "A relation and its key have one name",
    "The key is a field and the relation is what it leads to; they cannot share a name. Without \
     `name`, a relation is called like its key without the final `Id`.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: customer_id
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Customer
        keyFrom: customer_id
        name: customer
";

    RELATION_NAME_TAKEN = "relation-name-taken", Error,
    "The name of a relation is taken",
    "A property or another relation of the model has it already.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customer: string }
    relations:
      - belongsTo: Customer
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true }, customer: string }
    relations:
      - belongsTo: Customer
        name: buyer
";

    RELATION_NAME_REQUIRED = "relation-name-required", Error,
    "A relation with a list of targets has no name",
    "Other relations are called after their target or key. With several targets there is none that \
     could serve.",
    r"
models:
  Comment:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: [Post, Photo]
  Post:
    properties: { id: { type: integer, id: true } }
  Photo:
    properties: { id: { type: integer, id: true } }
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

    AMBIGUOUS_INVERSE = "ambiguous-inverse", Error,
    "It is not clear which relation is meant",
    "Several keys of the target lead back here, or two relations of one model lead to the same rows \
     by the same key. Name the key with `keyTo` or `keyFrom`.",
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
      - belongsTo: Customer
        keyFrom: payerId
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
      - belongsTo: Customer
        keyFrom: payerId
";

    UNKNOWN_THROUGH = "unknown-through", Error,
    "A link model does not exist",
    "`through` names the model that holds the keys of both sides. No model has this name.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Product
        through: OrderIten
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
        through: OrderItem
  Product:
    properties: { id: { type: integer, id: true } }
  OrderItem:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
      - belongsTo: Product
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

    UNKNOWN_POLYMORPHIC = "unknown-polymorphic", Error,
    "A polymorphic relation to answer does not exist",
    "`polymorphic` names the `belongsTo` of the target that has several targets, this model among \
     them.",
    r"
models:
  Comment:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: [Post, Photo]
        name: subject
  Post:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Comment
        polymorphic: topic
  Photo:
    properties: { id: { type: integer, id: true } }
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
    relations:
      - hasMany: Comment
        polymorphic: subject
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
