//! What a relation may say, and the words that other tools have for it: they differ by the side that holds the key.
//!
//! Knows nothing of which keys fit which kind.

use super::RelationKind;
use super::owners::{
    Owner,
    Say::{self, Instead, Is, Not},
};

/// The keys beside the kind's own.
const RELATION_KEYS: &[&str] = &[
    "name",
    "keyFrom",
    "keyTo",
    "through",
    "discriminator",
    "polymorphic",
    "required",
    "onDelete",
    "onUpdate",
    "constraint",
    "includable",
    "description",
];

/// The target in words of other tools.
pub(super) const TARGET_WORDS: &[&str] =
    &["model", "target", "to", "entity", "class", "classname", "table", "with", "ref", "targetmodel", "of"];
/// The kind in words of other tools.
pub(super) const KIND_WORDS: &[&str] = &["type", "kind", "relation", "relationtype", "cardinality"];

const TARGET: (&[&str], Say) =
    (TARGET_WORDS, Instead("the target is the value of the kind: `belongsTo: Customer`, `hasMany: Order`"));
const KIND: (&[&str], Say) = (KIND_WORDS, Instead("the kind is a key, with the target as its value: `hasMany: Order`"));
const NAME: (&[&str], Say) = (&["as", "alias", "relationname", "accessor", "property"], Is("name"));
const INVERSE: (&[&str], Say) = (
    &[
        "inverse",
        "inverseof",
        "mappedby",
        "inversedby",
        "backref",
        "backpopulates",
        "inverseside",
        "opposite",
        "relatedname",
    ],
    Instead("the other direction is a relation of its own in the other model; the two are paired by their keys"),
);
const LINK: (&[&str], Say) =
    (&["jointable", "linkmodel", "pivot", "via", "joinmodel", "throughmodel", "using"], Is("through"));
const CASCADE: (&[&str], Say) = (
    &["cascade", "dependent", "cascadedelete", "orphanremoval", "ondeletecascade"],
    Instead("what a delete does is said on the side of the key: `onDelete: cascade`"),
);
const LOADING: (&[&str], Say) = (
    &["eager", "lazy", "fetch", "loading", "scope", "where", "order", "orderby", "limit", "filter"],
    Instead("leave it out: what is loaded, and how, is said by each query"),
);
const DIALECT: (&[&str], Say) = (
    &["default", "column", "index", "idname", "properties"],
    Instead("leave it out: what belongs to a property is said at the property"),
);
const INCLUDABLE: (&[&str], Say) = (&["disableinclude"], Not("includable"));
const FOREIGN_KEY: (&[&str], Say) =
    (&["dbconstraint", "createconstraint", "createforeignkeyconstraints"], Is("constraint"));

/// A relation that holds its key.
pub(super) static BELONGS_TO: Owner = Owner {
    phrase: "a relation",
    keys: RELATION_KEYS,
    foreign: &[
        TARGET,
        KIND,
        (
            &["foreignkey", "fk", "foreignkeyname", "joincolumn", "field", "fields", "from", "localkey", "key"],
            Is("keyFrom"),
        ),
        (
            &[
                "references",
                "targetkey",
                "ownerkey",
                "primarykey",
                "referencedcolumn",
                "referencedcolumnname",
                "foreignid",
            ],
            Is("keyTo"),
        ),
        (&["nullable", "optional", "null", "allownull"], Not("required")),
        (
            &["unique", "isunique"],
            Instead(
                "write `hasOne` in the other model, which makes the key unique, or declare the key with `unique: true`",
            ),
        ),
        NAME,
        INVERSE,
        LINK,
        CASCADE,
        LOADING,
        DIALECT,
        INCLUDABLE,
        FOREIGN_KEY,
    ],
};

/// A relation whose key is held by the other side.
pub(super) static HAS: Owner = Owner {
    phrase: "a relation",
    keys: RELATION_KEYS,
    foreign: &[
        TARGET,
        KIND,
        (&["foreignkey", "fk", "foreignkeyname", "joincolumn", "field", "fields", "key", "references"], Is("keyTo")),
        (&["sourcekey", "localkey", "primarykey", "from"], Is("keyFrom")),
        (
            &["otherkey"],
            Instead("the keys of a link model are written with it: `through: { model: …, keyFrom: …, keyTo: … }`"),
        ),
        NAME,
        INVERSE,
        LINK,
        CASCADE,
        LOADING,
        DIALECT,
        INCLUDABLE,
        FOREIGN_KEY,
    ],
};

/// The keys that a relation of this kind has, and what other tools call them.
pub(super) fn owner_of_relation(kind: RelationKind) -> &'static Owner {
    if kind.has() { &HAS } else { &BELONGS_TO }
}
