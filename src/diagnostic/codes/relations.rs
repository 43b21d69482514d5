//! What can be wrong with relations: their kind, target and name.

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

    THROUGH_ITSELF = "through-itself", Error,
    "A link model is one of the two it should join",
    "A link model is a third one, whose rows hold a key to each of the two. A relation that one of the two holds \
     the key of is a plain `hasMany`.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Product
        through: Product
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

    THROUGH_KEYS_SWAPPED = "through-keys-swapped", Error,
    "The two keys of a link are the wrong way round",
    "`keyFrom` of `through` leads to the source of the relation and `keyTo` to its target. Given the other way \
     round, both would be compared with the wrong rows, and nothing would fail but the answers.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: Product
        through: { model: OrderItem, keyFrom: productId, keyTo: orderId }
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
        through: { model: OrderItem, keyFrom: orderId, keyTo: productId }
  Product:
    properties: { id: { type: integer, id: true } }
  OrderItem:
    properties: { id: { type: integer, id: true } }
    relations:
      - belongsTo: Order
      - belongsTo: Product
";

    INVALID_DISCRIMINATOR = "invalid-discriminator", Error,
    "A discriminator cannot hold the names of the targets",
    "The discriminator of a relation with several targets holds the name of the model that is meant: a \
     `string`, long enough, apart from the key, and of one relation only.",
    r"
models:
  Wallet:
    properties: { id: { type: integer, id: true }, meansType: integer }
    relations:
      - belongsTo: [CreditCard, Cash]
        name: means
  CreditCard:
    properties: { id: { type: integer, id: true } }
  Cash:
    properties: { id: { type: integer, id: true } }
",
    r"
models:
  Wallet:
    properties: { id: { type: integer, id: true }, meansType: string }
    relations:
      - belongsTo: [CreditCard, Cash]
        name: means
  CreditCard:
    properties: { id: { type: integer, id: true } }
  Cash:
    properties: { id: { type: integer, id: true } }
";

    DISCRIMINATOR_MISSING = "discriminator-missing", Error,
    "A link to several models does not say which one is meant",
    "With a list of targets, a property of the link model names the target of each row. A link model declares \
     all of its properties itself.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: [FreeDelivery, HalfPrice]
        name: promotions
        through: Offer
  Offer:
    properties: { id: { type: integer, id: true }, customerId: integer, promotionId: integer }
  FreeDelivery:
    properties: { id: { type: integer, id: true } }
  HalfPrice:
    properties: { id: { type: integer, id: true } }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - hasMany: [FreeDelivery, HalfPrice]
        name: promotions
        through: Offer
  Offer:
    properties: { id: { type: integer, id: true }, customerId: integer, promotionId: integer, promotionType: string }
  FreeDelivery:
    properties: { id: { type: integer, id: true } }
  HalfPrice:
    properties: { id: { type: integer, id: true } }
";
}
