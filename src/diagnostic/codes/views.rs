//! What can be wrong with views: what they show, and of whom.

use super::codes;

codes! { "views";

    DUPLICATE_VIEW = "duplicate-view", Error,
    "A view is declared twice",
    "Two files declare a view of the same name. All files are one schema, and a view is one struct.",
    "",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true }, note: text }
views:
  OrderId:
    of: Order
    fields: [id]
  OrderNote:
    of: Order
    fields: [note]
";

    UNKNOWN_FIELD = "unknown-field", Error,
    "A view names a property that its model does not have",
    "What stands under `fields`, `where` and `order` are properties of the model that is shown: own ones, inherited ones, \
     and those that relations and flags add. Rows of relations stand under `include`.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true }, note: text }
views:
  OrderLine:
    of: Order
    fields: [id, quantity]
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true }, note: text, quantity: integer }
views:
  OrderLine:
    of: Order
    fields: [id, quantity]
";

    UNKNOWN_RELATION = "unknown-relation", Error,
    "A view names a relation that its model does not have",
    "What stands under `counts` and `include` are relations of the model that is shown. A field that is not called as its \
     relation names it: `recent: { of: orders, limit: 3 }`.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasMany: Order }]
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
views:
  CustomerCard:
    of: Customer
    include:
      recent: { limit: 3 }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasMany: Order }]
  Order:
    properties: { id: { type: integer, id: true }, customerId: integer }
views:
  CustomerCard:
    of: Customer
    include:
      recent: { of: orders, limit: 3 }
";

    UNKNOWN_VIEW = "unknown-view", Error,
    "A view that does not exist is named",
    "What is included is shown whole (`true`), by a view that is declared under `views`, or in place with `fields`, \
     `counts` and `include`.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderCard:
    of: Order
    include: { customer: CustomerName }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  CustomerName:
    of: Customer
    fields: [id]
  OrderCard:
    of: Order
    include: { customer: CustomerName }
";

    VIEW_SAID_TWICE = "view-said-twice", Error,
    "What is included is shown by a view and in place",
    "`view` names a view that says what is shown; `fields`, `counts` and `include` say it in place. Both at once would \
     be two answers to one question.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, name: string }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  CustomerName:
    of: Customer
    fields: [name]
  OrderCard:
    of: Order
    include:
      customer: { view: CustomerName, fields: [id] }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true }, name: string }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderCard:
    of: Order
    include:
      customer: { fields: [id, name] }
";

    VIEW_OF_ANOTHER_MODEL = "view-of-another-model", Error,
    "What is included is shown by a view of another model",
    "A view shows the rows of the model that it names with `of`, and a relation leads to rows of its target.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderId:
    of: Order
    fields: [id]
  OrderCard:
    of: Order
    include: { customer: OrderId }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  CustomerId:
    of: Customer
    fields: [id]
  OrderCard:
    of: Order
    include: { customer: CustomerId }
";

    EMPTY_VIEW = "empty-view", Error,
    "A view shows nothing",
    "A view has a field at least: a property, a count or what is included. Without the key `fields` it has every property \
     that is not hidden.",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
views:
  OrderCard:
    of: Order
    fields: []
",
    r"
models:
  Order:
    properties: { id: { type: integer, id: true } }
views:
  OrderCard:
    of: Order
    fields: [id]
";

    VIEW_CYCLE = "view-cycle", Error,
    "Views include each other without end",
    "A view is read whole, to its last row. Views that include each other in a circle have no end. How deep a tree is \
     read is said by including it so many times, each in place.",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true }, parentId: integer }
    relations:
      - hasMany: Category
        name: children
        keyTo: parentId
views:
  Tree:
    of: Category
    include: { children: Tree }
",
    r"
models:
  Category:
    properties: { id: { type: integer, id: true }, parentId: integer }
    relations:
      - hasMany: Category
        name: children
        keyTo: parentId
views:
  Tree:
    of: Category
    include:
      children:
        include: { children: true }
";

    NOT_COUNTABLE = "not-countable", Error,
    "The rows of this relation cannot be counted in a view",
    "A count is read with the row itself, by the same statement. That is possible for `hasMany`, through a link model too, \
     where both models live in one datasource and the relation leads to one model.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderCard:
    of: Order
    counts: [customer]
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasMany: Order }]
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  CustomerCard:
    of: Customer
    counts: [orders]
";

    NOT_INCLUDABLE = "not-includable", Error,
    "This relation cannot be included so",
    "Embedded values lie in the row itself and are fields. Rows of a relation to several models come whole: fields, order \
     and conditions of one model mean nothing to the others.",
    r"
models:
  Address:
    abstract: true
    properties: { city: string }
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ embedsOne: Address, name: address }]
views:
  CustomerCard:
    of: Customer
    include: { address: true }
",
    r"
models:
  Address:
    abstract: true
    properties: { city: string }
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ embedsOne: Address, name: address }]
views:
  CustomerCard:
    of: Customer
    fields: [id, address]
";

    SCOPE_OF_ONE = "scope-of-one", Error,
    "One row is ordered or cut",
    "`order`, `limit` and `offset` choose among many rows for each row above. A relation to one row has none to choose \
     from; `where` can leave it out.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderCard:
    of: Order
    include:
      customer: { order: id }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
  Order:
    properties: { id: { type: integer, id: true } }
    relations: [{ belongsTo: Customer }]
views:
  OrderCard:
    of: Order
    include: { customer: true }
";

    INVALID_CONDITION = "invalid-condition", Error,
    "A condition or an order in a view makes no sense",
    "`where` is a map of the rows' own properties, each with a value or with operators (`eq neq gt gte lt lte between inq \
     nin like nlike ilike nilike exists`), joined by `and`, `or` and `not`. Values are of the property's type. `order` names \
     properties whose values have an order.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasMany: Order }]
  Order:
    properties: { id: { type: integer, id: true }, quantity: integer, customerId: integer }
views:
  CustomerCard:
    of: Customer
    include:
      orders: { where: { quantity: { gt: many } } }
",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations: [{ hasMany: Order }]
  Order:
    properties: { id: { type: integer, id: true }, quantity: integer, customerId: integer }
views:
  CustomerCard:
    of: Customer
    include:
      orders: { where: { quantity: { gt: 1 } } }
";
}
