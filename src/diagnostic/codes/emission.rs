//! The code for what the language has and the generator does not emit yet; goes when everything is emitted.

use super::codes;

codes! { "relations";

    NOT_EMITTED_YET = "not-emitted-yet", Error,
    "Part of the language that cannot be generated yet",
    "The declaration is understood and checked, but no code is emitted for it yet. Refusing it is better than \
     generating a data layer in which it is missing.",
    r"
models:
  Customer:
    properties: { id: { type: integer, id: true } }
    relations:
      - referencesMany: Order
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
}
