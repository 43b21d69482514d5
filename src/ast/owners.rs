//! What each part of a schema may say: its keys, and the words that other tools have for them.
//!
//! A word of another tool is refused like any other unknown key, but with what to write instead. Knows nothing of
//! values: whether `primaryKey: true` is a boolean is the reader's business once it is called `id`.

use super::relation_owners::BELONGS_TO;
use crate::diagnostic::suggest;

/// A part of a schema that has keys.
pub(super) struct Owner {
    /// Its name in a sentence.
    pub(super) phrase: &'static str,
    pub(super) keys: &'static [&'static str],
    /// Words of other tools, in lower case and without separators.
    pub(super) foreign: &'static [(&'static [&'static str], Say)],
}

/// What there is to say of a word of another tool.
#[derive(Debug, Clone, Copy)]
pub(super) enum Say {
    /// The same, under this key.
    Is(&'static str),
    /// The opposite of this key, which is `true` or `false`.
    Not(&'static str),
    /// There is no such key; this is how it is said.
    Instead(&'static str),
}

use Say::{Instead, Is, Not};

impl Owner {
    /// What a word of another tool means here.
    pub(super) fn say(&self, word: &str) -> Option<Say> {
        // Prisma's attributes and decorators begin with `@`.
        let folded = suggest::folded_word(word).replace('@', "");
        self.foreign.iter().find(|(words, _)| words.contains(&folded.as_str())).map(|(_, say)| *say)
    }

    /// Whether another tool calls one of the owner's keys so.
    pub(super) fn has_word(&self, word: &str) -> bool {
        matches!(self.say(word), Some(Is(_)))
    }

    /// The key of that name, as a word that lives as long as the program.
    pub(super) fn key(&self, word: &str) -> Option<&'static str> {
        self.keys.iter().copied().find(|key| *key == word)
    }
}

/// The part whose key this is.
pub(super) fn owner_of(key: &str) -> Option<&'static Owner> {
    [&MODEL, &PROPERTY, &BELONGS_TO, &INDEX].into_iter().find(|owner| owner.key(key).is_some())
}

pub(super) static FILE: Owner = Owner {
    phrase: "a schema file",
    keys: &["$schema", "relata", "datasources", "enums", "models", "views"],
    foreign: &[
        (&["entities", "entity", "tables", "schemas", "definitions", "classes", "types"], Is("models")),
        (&["enumerations"], Is("enums")),
        (&["databases", "connections"], Is("datasources")),
        (&["projections", "dtos", "shapes", "partials", "responses"], Is("views")),
        (&["version", "schemaversion"], Is("relata")),
        (
            &["relations", "associations", "edges"],
            Instead("a relation stands in the list `relations` of the model it starts from"),
        ),
        (
            &["import", "imports", "include", "includes"],
            Instead("every file that is given is read, and all are one schema: nothing is imported"),
        ),
        (
            &["generator", "generators", "generate", "output", "out", "schema"],
            Instead("where schemas are and where code goes is said in `relata.yaml` or on the command line"),
        ),
    ],
};

pub(super) static DATASOURCE: Owner = Owner {
    phrase: "a datasource",
    keys: &["description"],
    foreign: &[
        (
            &[
                "url",
                "connector",
                "provider",
                "adapter",
                "dialect",
                "host",
                "port",
                "database",
                "user",
                "username",
                "password",
                "file",
                "name",
            ],
            Instead(
                "a datasource only names a place: its URL is given where the program runs, so that one program runs on every database",
            ),
        ),
        (&["comment", "doc"], Is("description")),
    ],
};

pub(super) static VARIANT: Owner = Owner {
    phrase: "an enum's value",
    keys: &["value", "name"],
    foreign: &[(&["map", "key"], Instead("`value` is the string that is stored, `name` is the Rust variant"))],
};

pub(super) static MODEL: Owner = Owner {
    phrase: "a model",
    keys: &[
        "description",
        "datasource",
        "plural",
        "table",
        "properties",
        "relations",
        "indexes",
        "extends",
        "abstract",
        "timestamps",
        "softDelete",
    ],
    foreign: &[
        (&["fields", "columns", "attributes", "props"], Is("properties")),
        (&["associations", "edges", "relationships"], Is("relations")),
        (&["tablename", "dbtable", "map", "collection"], Is("table")),
        (&["base", "inherits", "parent", "superclass", "mixin", "mixins"], Is("extends")),
        (&["index", "indices"], Is("indexes")),
        (&["comment", "doc", "docs"], Is("description")),
        (&["paranoid", "softdeletes"], Is("softDelete")),
        (&["timestamped"], Is("timestamps")),
        (&["source", "database", "db", "connection"], Is("datasource")),
        (&["isabstract", "embeddable", "embedded"], Is("abstract")),
        (
            &["unique", "uniques", "uniqueconstraints", "constraints", "uniquetogether"],
            Instead("write `indexes: [{ properties: [a, b], unique: true }]`, or `unique: true` at a property"),
        ),
        (
            &["id", "ids", "key", "primary", "primarykey", "pk"],
            Instead("write `id: true` at each property of the primary key"),
        ),
        (&["required"], Instead("write `required: true` at each property that is")),
        (&["name"], Instead("the key above is the model's name; its table is named with `table`")),
        (&["schema"], Instead("a database schema is part of the table's name: `table: schema.name`")),
        (
            &["settings", "options", "meta", "config"],
            Instead(
                "there are no settings: what can be said of a model are keys of the model, such as `table` or `description`",
            ),
        ),
        (
            &["strict", "idinjection", "forceid", "additionalproperties"],
            Instead("leave it out: a model has exactly the properties that are declared"),
        ),
        (
            &["hidden", "hiddenproperties", "protectedproperties"],
            Instead("write `hidden: true` at each property that is"),
        ),
        (
            &["scope", "scopes", "acls", "methods", "hooks", "validations"],
            Instead("leave it out: what a query asks for is written in Rust, where it is run"),
        ),
        (
            &["type"],
            Instead("leave it out: everything under `models` is a model, and one without a table is `abstract: true`"),
        ),
        (&["enum", "enums"], Instead("enums stand under the key `enums` beside `models`")),
        (
            &[
                "hasmany",
                "hasone",
                "belongsto",
                "hasandbelongstomany",
                "manytomany",
                "onetomany",
                "manytoone",
                "onetoone",
                "referencesmany",
                "embedsone",
                "embedsmany",
            ],
            Instead("a relation is an item of the model's list `relations`, such as `- hasMany: Order`"),
        ),
    ],
};

pub(super) static PROPERTY: Owner = Owner {
    phrase: "a property",
    keys: &[
        "type",
        "list",
        "id",
        "generated",
        "required",
        "default",
        "unique",
        "index",
        "column",
        "hidden",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "precision",
        "scale",
        "version",
        "description",
    ],
    foreign: &[
        (&["primary", "primarykey", "pk", "isprimary", "isid"], Is("id")),
        (&["autoincrement", "autoinc", "identity", "serial", "sequence", "isgenerated"], Is("generated")),
        (&["nullable", "null", "optional", "allownull", "isnullable"], Not("required")),
        (&["notnull", "nonnull", "nonnullable", "mandatory", "isrequired"], Is("required")),
        (&["length", "size", "maxlen", "limit"], Is("maxLength")),
        (&["minlen"], Is("minLength")),
        (&["min", "exclusiveminimum", "gte"], Is("minimum")),
        (&["max", "exclusivemaximum", "lte"], Is("maximum")),
        (&["columnname", "field", "dbname", "dbcolumn", "map", "storagekey", "source"], Is("column")),
        (&["defaultvalue", "defaultfn", "initial"], Is("default")),
        (&["regex", "regexp", "match", "matches"], Is("pattern")),
        (&["comment", "doc", "docs"], Is("description")),
        (&["private", "sensitive", "writeonly"], Is("hidden")),
        (&["indexed", "isindexed"], Is("index")),
        (&["isunique"], Is("unique")),
        (&["optimisticlock", "lockversion", "isversion"], Is("version")),
        (&["array", "isarray", "islist", "many"], Is("list")),
        (
            &["items", "itemtype", "elementtype", "of"],
            Instead("a list is written as the type of its elements with `[]`: `type: 'string[]'`"),
        ),
        (
            &["enum", "enums", "values", "oneof", "choices"],
            Instead(
                "declare the values under the key `enums` beside `models`, and write the enum's name as the `type`",
            ),
        ),
        (
            &[
                "foreignkey",
                "fk",
                "references",
                "ref",
                "belongsto",
                "target",
                "model",
                "relation",
                "relationname",
                "fields",
                "ondelete",
                "onupdate",
                "joincolumn",
                "hasmany",
                "hasone",
            ],
            Instead(
                "a key is part of a relation: write `- belongsTo: Customer` in the list `relations` of the model, with `keyFrom` where the key is not called `customerId`",
            ),
        ),
        (&["name"], Instead("the key above is the property's name; its column is named with `column`")),
        (
            &["format"],
            Instead(
                "a format that is a type is written as the `type` (`date`, `datetime`, `uuid`); any other is a `pattern`",
            ),
        ),
        (&["unsigned", "positive"], Instead("write `minimum: 0`")),
        (
            &["jsonschema", "validate", "validations", "check"],
            Instead("a rule is a key of the property: `minLength`, `maxLength`, `pattern`, `minimum` or `maximum`"),
        ),
        (
            &["updatedat", "createdat", "autonow", "autonowadd"],
            Instead("write `timestamps: true` at the model, which adds `createdAt` and `updatedAt`"),
        ),
        (
            &["readonly", "immutable", "updatable", "insertable", "computed"],
            Instead("leave it out: the language has no such rule"),
        ),
        (&["properties"], Instead("a value with parts is a model with `abstract: true`; write its name as the `type`")),
        (
            &["sqlite", "postgres", "postgresql", "mysql", "mariadb", "mongodb", "mssql", "db"],
            Instead("a type is the same on every database; only the column's name can be chosen, with `column`"),
        ),
    ],
};

pub(super) static INDEX: Owner = Owner {
    phrase: "an index",
    keys: &["properties", "unique", "name"],
    foreign: &[
        (&["fields", "columns", "keys", "on", "attributes", "property"], Is("properties")),
        (&["isunique", "uniq"], Is("unique")),
        (&["map", "indexname"], Is("name")),
        (
            &["type", "using", "method", "where", "order", "sort"],
            Instead("leave it out: an index is made alike on every database"),
        ),
    ],
};

/// What a view shows in words of other tools.
const FIELDS: (&[&str], Say) = (&["properties", "columns", "select", "attributes", "pick", "props"], Is("fields"));
const INCLUDE: (&[&str], Say) = (&["includes", "relations", "with", "populate", "join", "edges"], Is("include"));
const COUNTS: (&[&str], Say) = (&["count", "counters", "withcount", "aggregates"], Is("counts"));
const WHERE: (&[&str], Say) = (&["filter", "filters", "condition", "conditions"], Is("where"));
const ORDER: (&[&str], Say) = (&["orderby", "sort", "sortby", "orders"], Is("order"));
const LIMIT: (&[&str], Say) = (&["take", "top", "first", "max"], Is("limit"));
const OFFSET: (&[&str], Say) = (&["skip"], Is("offset"));
const RELATION: (&[&str], Say) = (&["relation", "from"], Is("of"));
const COMMENT: (&[&str], Say) = (&["comment", "doc", "docs"], Is("description"));

pub(super) static VIEW: Owner = Owner {
    phrase: "a view",
    keys: &["of", "plural", "description", "fields", "counts", "include"],
    foreign: &[
        (&["model", "entity", "from", "on", "source", "base", "extends", "table"], Is("of")),
        FIELDS,
        INCLUDE,
        COUNTS,
        COMMENT,
        (
            &["where", "filter", "order", "orderby", "sort", "limit", "offset", "skip", "take", "having", "scope"],
            Instead("leave it out: which rows are found is said by each query; what is included can have a scope"),
        ),
        (
            &["sql", "query", "as", "definition", "materialized"],
            Instead("a view is no view of the database: it names what is read of a model; SQL is for `db.sql(…)`"),
        ),
        (&["exclude", "omit", "hidden", "except"], Instead("name under `fields` what is shown")),
    ],
};

pub(super) static COUNTED: Owner = Owner {
    phrase: "a count",
    keys: &["of", "where", "description"],
    foreign: &[
        RELATION,
        WHERE,
        COMMENT,
        (
            &["order", "limit", "offset", "fields", "include", "counts", "view"],
            Instead("leave it out: a count is a number, of all rows or of those that `where` chooses"),
        ),
    ],
};

pub(super) static INCLUDED: Owner = Owner {
    phrase: "what is included",
    keys: &["of", "view", "description", "fields", "counts", "include", "where", "order", "limit", "offset"],
    foreign: &[
        RELATION,
        FIELDS,
        INCLUDE,
        COUNTS,
        WHERE,
        ORDER,
        LIMIT,
        OFFSET,
        COMMENT,
        (&["shape", "as", "type"], Is("view")),
        (&["scope"], Instead("the keys of a scope stand beside the others: `items: { where: …, order: …, limit: 3 }`")),
    ],
};

pub(super) static THROUGH: Owner = Owner {
    phrase: "`through`",
    keys: &["model", "keyFrom", "keyTo", "discriminator"],
    foreign: &[
        (&["name", "table", "target", "entity"], Is("model")),
        (&["foreignkey", "sourcekey", "joincolumn"], Is("keyFrom")),
        (&["otherkey", "targetkey", "inversejoincolumn"], Is("keyTo")),
        (
            &["polymorphic"],
            Instead(
                "several targets are written as a list, and `discriminator` names the property of the link model that tells them apart",
            ),
        ),
    ],
};
