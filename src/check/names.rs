//! Names one by one: their letters, and words that emitted code needs for itself.

use super::view::{Book, EnumView, ModelView, PropertyView, RelationView};
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::graph::{Origin, View, pascal, snake};
use crate::source::Span;

/// The longest identifier that every database takes.
const MAX_IDENTIFIER: usize = 63;

/// The longest name of a type: with `_` before its words, and what temporary files add, every file system takes it.
const MAX_TYPE_NAME: usize = 120;

/// Models that would hide types every generated crate has.
const RESERVED_MODELS: &[&str] = &["Db", "Tx", "Repositories"];

/// Methods of every repository; a relation's accessor stands beside them.
const REPOSITORY_METHODS: &[&str] = &[
    "new",
    "get",
    "find",
    "find_by_id",
    "find_with",
    "create",
    "create_all",
    "create_many",
    "create_nested",
    "patch_by_id",
    "patch_where",
    "replace",
    "upsert",
    "upsert_by",
    "upsert_many",
    "upsert_many_by",
    "delete_by_id",
    "delete_where",
    "restore_by_id",
    "restore_where",
    "aggregate",
    "distinct",
    "count",
    "exists",
    "filter",
    "include",
    "wait",
    "handle",
];

/// Methods of `Db` and `Tx`, which would hide an accessor of their name.
const DATABASE_METHODS: &[&str] = &[
    "connect",
    "builder",
    "create_tables",
    "transaction",
    "transaction_on",
    "sql",
    "sql_on",
    "clone",
    "to_owned",
    "into",
    "try_into",
];

/// Methods of what a relation to several models gives; what narrows it to one model stands beside them.
const NARROWED_METHODS: &[&str] = &["new", "get", "delete"];

/// What databases have in every table, or keep for themselves.
const SYSTEM_COLUMNS: &[(&str, &[&str])] = &[
    ("PostgreSQL has a column of this name in every table", &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]),
    ("MariaDB and MySQL keep this name for themselves", &["db_row_id", "db_trx_id", "db_roll_ptr", "fts_doc_id"]),
];

/// Indexes that MariaDB and MySQL make themselves.
const SYSTEM_INDEXES: &[&str] = &["primary", "gen_clust_index", "fts_doc_id_index"];

/// Keywords that cannot be written raw.
fn is_path_keyword(name: &str) -> bool {
    matches!(name, "self" | "Self" | "super" | "crate")
}

/// Datasources are fields in emitted code.
pub(super) fn datasources_are_well_named(book: &Book<'_>, findings: &mut Diagnostics) {
    for datasource in &book.graph.datasources {
        if let Some(span) = datasource.span {
            member_name("datasource", &datasource.name, span, findings);
        }
    }
}

/// Enums and their variants are Rust types and variants.
pub(super) fn enum_is_well_named(item: EnumView<'_>, findings: &mut Diagnostics) {
    type_name("enum", &item.data.name, item.data.span, findings);
}

/// Models are Rust types and modules.
pub(super) fn model_is_well_named(model: ModelView<'_>, findings: &mut Diagnostics) {
    type_name("model", model.name(), model.data.span, findings);
    let place = model.decl.plural.as_ref().map_or(model.data.span, |plural| plural.span);
    if let Some(plural) = &model.decl.plural {
        plural_is_a_word(plural, findings);
    }
    if !model.data.is_abstract {
        accessor_is_free(&model.data.plural, place, findings);
    }
}

/// Accessors are methods beside those of the database.
fn accessor_is_free(plural: &str, place: Span, findings: &mut Diagnostics) {
    let accessor = snake(plural);
    let reason = match accessor.as_str() {
        name if DATABASE_METHODS.contains(&name) => "`Db` or `Tx` has a method of this name, which would hide it",
        name if is_path_keyword(name) => "this is a Rust keyword that cannot be a method",
        _ => return,
    };
    findings.push(
        Diagnostic::new(&codes::RESERVED_NAME, format!("an accessor cannot be called `{accessor}`"))
            .primary(place, reason)
            .note("give another plural with the key `plural`"),
    );
}

fn plural_is_a_word(plural: &Name, findings: &mut Diagnostics) {
    if !is_word(&plural.value, |first| first.is_ascii_alphabetic(), |c| c == '_') {
        findings.push(
            invalid("plural", &plural.value, plural.span).note("a plural is made of ASCII letters, digits and `_`"),
        );
    }
}

/// Views are Rust types, with fields.
pub(super) fn view_is_well_named(book: &Book<'_>, view: &View, findings: &mut Diagnostics) {
    // One that is said in place is called after the view around it and its field.
    if view.plural.is_some() {
        type_name("view", &view.name, view.span, findings);
    }
    for part in &view.parts {
        member_name("field", &part.name, part.span, findings);
    }
    let mut written = book.resolved.schema.views.iter().filter(|decl| decl.name.span == view.span);
    let written = written.find_map(|decl| decl.plural.as_ref());
    if let Some(plural) = written {
        plural_is_a_word(plural, findings);
    }
    if let Some(plural) = &view.plural {
        accessor_is_free(plural, written.map_or(view.span, |written| written.span), findings);
    }
}

/// Tables are identifiers in every database.
pub(super) fn table_is_well_named(model: ModelView<'_>, findings: &mut Diagnostics) {
    if model.data.is_abstract {
        return;
    }
    // A model whose name is too long has a finding of its own.
    if model.decl.table.is_none() && model.name().len() > MAX_TYPE_NAME {
        return;
    }
    let place = model.decl.table.as_ref().map_or(model.data.span, |table| table.span);
    let table = &model.data.table;
    if let Some(written) = model.decl.table.as_ref().filter(|written| written.value.matches('.').count() > 1) {
        findings.push(
            invalid("table", &written.value, written.span)
                .note("a table's name has one dot at most, between the database schema and the name: `crm.orders`"),
        );
        return;
    }
    // SQLite keeps these for itself.
    if table.name.to_lowercase().starts_with("sqlite_") {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("a table cannot be called `{}`", table.name))
                .primary(place, "SQLite keeps names that begin with `sqlite_` for itself")
                .note("name the table with the key `table`"),
        );
    }
    if let Some(schema) = table.schema.as_ref().filter(|schema| schema.to_lowercase().starts_with("pg_")) {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("a schema cannot be called `{schema}`"))
                .primary(place, "PostgreSQL keeps schemas that begin with `pg_` for itself"),
        );
    }
    if table.name.to_lowercase().starts_with("#mysql50#") {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("a table cannot be called `{}`", table.name))
                .primary(place, "MariaDB and MySQL keep names that begin with `#mysql50#` for themselves"),
        );
    }
    for name in table.schema.iter().chain([&table.name]) {
        identifier("table", name, place, findings);
    }
    if let Some(schema) = table.schema.as_ref().filter(|schema| schema.len().max(table.name.len()) <= MAX_IDENTIFIER) {
        let length = schema.len() + 1 + table.name.len();
        if length > MAX_IDENTIFIER {
            findings.push(
                Diagnostic::new(
                    &codes::INVALID_NAME,
                    format!("the table `{schema}_{}` is longer than {MAX_IDENTIFIER} bytes", table.name),
                )
                .primary(place, format!("{length} bytes with `_` between"))
                .note("where a database has no schemas, both are one name; give shorter ones with the key `table`"),
            );
        }
    }
    for index in &model.data.indexes {
        let Some(name) = &index.name else { continue };
        identifier("index", name, index.span, findings);
        if SYSTEM_INDEXES.contains(&name.to_lowercase().as_str()) {
            findings.push(
                Diagnostic::new(&codes::RESERVED_NAME, format!("an index cannot be called `{name}`"))
                    .primary(index.span, "MariaDB and MySQL have an index of this name")
                    .note("give another with the key `name`"),
            );
        }
    }
}

/// Properties are Rust fields and columns.
pub(super) fn property_is_well_named(property: PropertyView<'_>, findings: &mut Diagnostics) {
    member_name("property", &property.data.name, property.data.span, findings);
    let place = property.decl.column.as_ref().map_or(property.data.span, |column| column.span);
    identifier("column", &property.data.column, place, findings);
    let lower = property.data.column.to_lowercase();
    if let Some((reason, _)) = SYSTEM_COLUMNS.iter().find(|(_, names)| names.contains(&lower.as_str())) {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("a column cannot be called `{}`", property.data.column))
                .primary(place, *reason)
                .note("name the column with the key `column`"),
        );
    }
}

/// Relations are Rust methods and fields.
pub(super) fn relation_is_well_named(relation: RelationView<'_>, findings: &mut Diagnostics) {
    let (name, place) = (&relation.data.name, relation.name_place());
    let derived = snake(name);
    if REPOSITORY_METHODS.contains(&derived.as_str()) {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("a relation cannot be called `{name}`"))
                .primary(place, format!("every repository has a method `{derived}`"))
                .note("give the relation another name with the key `name`"),
        );
        return;
    }
    member_name("relation", name, place, findings);
    for target in relation.data.targets.iter().filter(|_| relation.decl.has_target_list && relation.data.kind.has()) {
        let target = relation.book().graph.model(*target);
        let method = snake(&target.name);
        if NARROWED_METHODS.contains(&method.as_str()) {
            findings.push(
                Diagnostic::new(&codes::RESERVED_NAME, format!("`{name}` cannot lead to `{}`", target.name))
                    .primary(relation.data.span, format!("what it gives has a method `{method}`"))
                    .label(target.span, "and would have another by the name of this model")
                    .note("give the model another name; its table can keep its own with the key `table`"),
            );
        }
    }
    let added = relation.data.key_from.iter().chain(&relation.data.discriminator);
    for id in added.take_while(|_| relation.data.polymorphic.is_none() && relation.data.through.is_none()) {
        let property = relation.model.data.property(*id);
        if property.origin == Origin::Relation(relation.id) {
            member_name("property", &property.name, property.span, findings);
            identifier("column", &property.column, property.span, findings);
        }
    }
}

fn type_name(what: &str, name: &str, span: Span, findings: &mut Diagnostics) {
    if !is_word(name, |first| first.is_ascii_uppercase(), |_| false) {
        let finding = invalid(what, name, span).note(format!(
            "the name of {} begins with an upper-case letter and goes on with ASCII letters and digits",
            article(what)
        ));
        let better = pascal(name);
        let usable = better != name && is_word(&better, |first| first.is_ascii_uppercase(), |_| false);
        findings.push(if usable { finding.note(format!("`{better}` would do")) } else { finding });
        return;
    }
    if name.len() > MAX_TYPE_NAME {
        findings.push(
            Diagnostic::new(
                &codes::INVALID_NAME,
                format!("the name of {} is longer than {MAX_TYPE_NAME} bytes", article(what)),
            )
            .primary(span, format!("{} bytes", name.len()))
            .note("a file is called after it, and not every file system takes longer names"),
        );
        return;
    }
    if RESERVED_MODELS.contains(&name) || is_path_keyword(name) || (what == "model" && is_path_keyword(&snake(name))) {
        findings.push(
            Diagnostic::new(&codes::RESERVED_NAME, format!("{} cannot be called `{name}`", article(what)))
                .primary(span, "emitted code needs this name for itself"),
        );
    }
}

fn member_name(what: &str, name: &str, span: Span, findings: &mut Diagnostics) {
    if !is_word(name, |first| first.is_ascii_lowercase(), |c| c == '_') {
        let finding = invalid(what, name, span).note(format!(
            "the name of {} begins with a lower-case letter and goes on with ASCII letters, digits and `_`",
            article(what)
        ));
        findings.push(finding);
        return;
    }
    let derived = snake(name);
    // Properties and relations are functions beside it.
    let is_taken = derived == "all" && what != "field";
    if is_taken || is_path_keyword(&derived) {
        let reason = if is_taken {
            "emitted code needs this name for itself".to_owned()
        } else {
            format!("`{derived}` is a Rust keyword that cannot be a field")
        };
        let finding = Diagnostic::new(&codes::RESERVED_NAME, format!("{} cannot be called `{name}`", article(what)))
            .primary(span, reason);
        findings.push(if what == "property" {
            finding.note(format!("choose another name; `column: {derived}` keeps the column's"))
        } else {
            finding
        });
    }
}

fn identifier(what: &str, name: &str, span: Span, findings: &mut Diagnostics) {
    if name.len() > MAX_IDENTIFIER {
        findings.push(
            Diagnostic::new(&codes::INVALID_NAME, format!("the {what} `{name}` is longer than {MAX_IDENTIFIER} bytes"))
                .primary(span, format!("{} bytes", name.len()))
                .note(format!(
                    "not every database takes longer names; give a shorter one with the key `{}`",
                    key_of(what)
                )),
        );
    } else if name.is_empty() || !name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        findings.push(
            invalid(what, name, span).note(format!(
                "the name of {} is made of ASCII characters that can be seen, and blanks",
                article(what)
            )),
        );
    } else if name.ends_with(' ') {
        findings.push(invalid(what, name, span).note("MariaDB and MySQL take no name that ends with a blank"));
    }
}

fn key_of(what: &str) -> &str {
    if what == "index" { "name" } else { what }
}

fn article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

fn invalid(what: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::INVALID_NAME, format!("`{name}` cannot be the name of {}", article(what)))
        .primary(span, "not a valid name")
}

fn is_word(name: &str, first: impl Fn(char) -> bool, extra: impl Fn(char) -> bool) -> bool {
    name.starts_with(first) && name.chars().all(|c| c.is_ascii_alphanumeric() || extra(c))
}
