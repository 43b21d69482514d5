//! The statements that are put together at run time, for each database: `runtime/tests/statements/*.sql`.
//!
//! Those known when code is generated are in the golden files of the compiler.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::expr::{Comparison, Expr, Order, Quantifier};
use super::node::{Include, Node};
use super::task::Task;
use super::write::{Delete, Update, Which};
use crate::driver::{Bind, Capabilities, Each, Inserted, Reply, Session};
use crate::key::KeyValues;
use crate::meta::{
    Dialects, ForeignKeyMeta, Kind, ModelMeta, ModelSql, PropertyMeta, RelationKind, RelationMeta, SchemaMeta,
};
use crate::model::{Input, Model};
use crate::row::{Cells, Row};
use crate::value::{Mismatch, Raw, Value};
use crate::wait::block_on;
use crate::{mysql, postgres, sqlite};

const RENEW: &str = "UPDATE_EXPECT";

const fn property(name: &'static str, kind: Kind, required: bool) -> PropertyMeta {
    PropertyMeta { name, column: name, kind, required, ..PropertyMeta::EMPTY }
}

const fn relation(
    name: &'static str,
    kind: RelationKind,
    target: &'static ModelMeta,
    from: &'static [usize],
    to: &'static [usize],
) -> RelationMeta {
    RelationMeta { name, kind, target, from, to, required: true, strong: true, sql: Dialects::same("") }
}

static EMPLOYEE: ModelMeta = ModelMeta {
    name: "Employee",
    table: "staff_employees",
    qualified: Some(("staff", "employees")),
    properties: &[
        property("id", Kind::Integer, true),
        property("name", Kind::String, true),
        property("boss_id", Kind::Integer, false),
        property("version", Kind::Integer, true),
    ],
    key: &[0],
    key_name: "employees_pkey",
    version: Some(3),
    relations: &[
        relation("boss", RelationKind::BelongsTo, &EMPLOYEE, &[2], &[0]),
        relation("staff", RelationKind::HasMany, &EMPLOYEE, &[0], &[2]),
        relation("shifts", RelationKind::HasMany, &SHIFT, &[0], &[0]),
    ],
    uniques: &[],
    foreign_keys: &[ForeignKeyMeta {
        name: "employees_boss_id_fkey",
        relation: "boss",
        from: &[2],
        target: &EMPLOYEE,
        to: &[0],
    }],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff_employees" AS t0"#,
            postgres: r#"SELECT t0."id", t0."name", t0."boss_id", t0."version" FROM "staff"."employees" AS t0"#,
            mysql: "SELECT t0.`id`, t0.`name`, t0.`boss_id`, t0.`version` FROM `staff_employees` AS t0",
        },
        select_by_key: Dialects::same("(emitted)"),
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

/// Its key has two parts, and the breaks of a shift have both.
static SHIFT: ModelMeta = ModelMeta {
    name: "Shift",
    table: "shifts",
    qualified: None,
    properties: &[property("employee_id", Kind::Integer, true), property("day", Kind::Date, true)],
    key: &[0, 1],
    key_name: "shifts_pkey",
    version: None,
    relations: &[relation("breaks", RelationKind::HasMany, &BREAK, &[0, 1], &[1, 2])],
    uniques: &[],
    foreign_keys: &[],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."employee_id", t0."day" FROM "shifts" AS t0"#,
            postgres: r#"SELECT t0."employee_id", t0."day" FROM "shifts" AS t0"#,
            mysql: "SELECT t0.`employee_id`, t0.`day` FROM `shifts` AS t0",
        },
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

static BREAK: ModelMeta = ModelMeta {
    name: "Break",
    table: "breaks",
    qualified: None,
    properties: &[
        property("id", Kind::Uuid, true),
        property("employee_id", Kind::Integer, true),
        property("day", Kind::Date, true),
        property("minutes", Kind::Integer, false),
    ],
    key: &[0],
    key_name: "breaks_pkey",
    version: None,
    relations: &[],
    uniques: &[],
    foreign_keys: &[],
    sql: ModelSql {
        select: Dialects {
            sqlite: r#"SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM "breaks" AS t0"#,
            postgres: r#"SELECT t0."id", t0."employee_id", t0."day", t0."minutes" FROM "breaks" AS t0"#,
            mysql: "SELECT t0.`id`, t0.`employee_id`, t0.`day`, t0.`minutes` FROM `breaks` AS t0",
        },
        ..ModelSql::NONE
    },
    rows: crate::rows::<Anything>,
};

static SCHEMA: SchemaMeta = SchemaMeta { datasources: &["db"], models: &[&BREAK, &EMPLOYEE, &SHIFT], tables: &[] };

/// A row of any of them: what is in it does not matter.
#[derive(Debug, Clone)]
struct Anything;

impl Model for Anything {
    type Id = i64;
    type New = Self;
    type Patch = Self;
    type With = Self;
    const META: &'static ModelMeta = &EMPLOYEE;

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }

    fn value(&self, _: usize) -> Value<'_> {
        Value::Unset
    }
}

impl Input for Anything {
    type Model = Self;
    const FIELDS: &'static [usize] = &[];

    fn into_values(self) -> Vec<Value<'static>> {
        Vec::new()
    }

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }
}

/// Writes statements down, and answers each query with one row of ones.
struct Recorder {
    capabilities: &'static Capabilities,
    text: String,
}

impl Recorder {
    fn record(&mut self, sql: &str) {
        writeln!(self.text, "{sql};").expect("writing to a string does not fail");
    }
}

impl Session for Recorder {
    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    fn query<'s>(&'s mut self, sql: &'s str, _: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        self.record(sql);
        Reply::ready(each(Cells::Same(Raw::Int(1))).map(drop).map_err(Into::into))
    }

    fn insert<'s>(&'s mut self, _: &'static ModelMeta, _: &'s mut [Vec<Value<'static>>]) -> Reply<'s, Inserted> {
        unreachable!("statements of new rows are emitted")
    }

    fn execute<'s>(&'s mut self, sql: &'s str, _: &'s [Bind<'s>]) -> Reply<'s, u64> {
        self.record(sql);
        Reply::ready(Ok(1))
    }
}

fn text(text: &'static str) -> Value<'static> {
    Value::Text(text.into())
}

fn compare(property: usize, comparison: Comparison, value: Value<'static>) -> Expr {
    Expr::Compare { property, comparison, value }
}

fn is_bob() -> Expr {
    compare(1, Comparison::Eq, text("Bob"))
}

fn like(pattern: &str, fold: bool, negated: bool) -> Expr {
    Expr::Like { property: 1, pattern: pattern.to_owned(), fold, negated }
}

fn list(values: &[i64], negated: bool) -> Expr {
    Expr::List { property: 2, values: values.iter().copied().map(Value::Int).collect(), negated }
}

fn related(model: &'static ModelMeta, relation: usize, quantifier: Quantifier, condition: Expr) -> Expr {
    Expr::Related { relation: &model.relations[relation], quantifier, condition: Box::new(condition) }
}

fn include(model: &'static ModelMeta, index: usize, change: impl FnOnce(&mut Node)) -> Include {
    let relation = &model.relations[index];
    let mut node = Node::new(relation.target);
    change(&mut node);
    Include { index, relation, node }
}

fn including(model: &'static ModelMeta, index: usize, change: impl FnOnce(&mut Node)) -> Task {
    let mut node = Node::new(model);
    node.include(include(model, index, change));
    Task::Load(node)
}

fn by_boss_and_name() -> Vec<Order> {
    vec![Order { property: 2, descending: true }, Order { property: 1, descending: false }]
}

fn patch(which: Which) -> Task {
    let mut values = vec![Value::Unset; 4];
    values[1] = text("Ann");
    Task::Update(Update { schema: &SCHEMA, model: &EMPLOYEE, which, values, through: None })
}

fn delete(model: &'static ModelMeta, condition: Expr) -> Task {
    Task::Delete(Delete { schema: &SCHEMA, model, which: Which::All(condition) })
}

/// What is asked, and how.
fn tasks() -> Vec<(&'static str, Task)> {
    let find = |condition| Task::Load(Node::matching(&EMPLOYEE, condition));
    let cut = || Node { limit: Some(20), offset: Some(40), ..Node::matching(&EMPLOYEE, is_bob()) };
    let no_boss = || Expr::Null { property: 2, negated: false };
    let bosses_bob = || related(&EMPLOYEE, 0, Quantifier::Any, is_bob());
    let minutes = || compare(3, Comparison::Gt, Value::Int(30));
    vec![
        (
            "and, or, not",
            find(Expr::And(vec![
                Expr::Or(vec![is_bob(), no_boss()]),
                Expr::Not(Box::new(compare(0, Comparison::Le, Value::Int(7)))),
            ])),
        ),
        ("one of a list", find(list(&[1, 2], false))),
        ("none of a list", find(list(&[1, 2], true))),
        ("one of an empty list", find(list(&[], false))),
        ("like", find(like("B%", false, false))),
        ("not like", find(like("B%", false, true))),
        ("ilike", find(like("b%", true, false))),
        (
            "order by an optional column, by a required one",
            Task::Load(Node { order: by_boss_and_name(), ..Node::new(&EMPLOYEE) }),
        ),
        ("limit and offset", Task::Load(cut())),
        ("offset alone", Task::Load(Node { offset: Some(5), ..Node::new(&EMPLOYEE) })),
        ("count of what is cut", Task::Count(cut())),
        ("whether there is one", Task::Exists(Node::matching(&EMPLOYEE, is_bob()))),
        ("whose boss is called Bob", find(bosses_bob())),
        (
            "none of whose shifts has a long break",
            find(related(&EMPLOYEE, 2, Quantifier::None, related(&SHIFT, 0, Quantifier::Any, minutes()))),
        ),
        ("all of whose staff are called Bob", find(related(&EMPLOYEE, 1, Quantifier::All, is_bob()))),
        ("with the boss", including(&EMPLOYEE, 0, |_| {})),
        ("with the boss, if called Bob", including(&EMPLOYEE, 0, |boss| boss.filter(is_bob()))),
        ("with the staff", including(&EMPLOYEE, 1, |staff| staff.filter(is_bob()))),
        (
            "with the first three of the staff",
            including(&EMPLOYEE, 1, |staff| {
                staff.filter(is_bob());
                staff.order = by_boss_and_name();
                staff.limit = Some(3);
                staff.offset = Some(1);
                staff.include(include(&EMPLOYEE, 0, |_| {}));
            }),
        ),
        ("with the breaks, by a key of two parts", including(&SHIFT, 0, |_| {})),
        ("with the first break, by a key of two parts", including(&SHIFT, 0, |breaks| breaks.limit = Some(1))),
        ("change one, and read it", patch(Which::Key(KeyValues::many(vec![Value::Int(7)])))),
        ("change many", patch(Which::All(is_bob()))),
        ("change many, by others of the same table", patch(Which::All(bosses_bob()))),
        ("delete many", delete(&BREAK, minutes())),
        ("delete many that may point at each other", delete(&EMPLOYEE, bosses_bob())),
    ]
}

#[test]
fn each_database_is_asked_in_its_own_words() {
    let databases: [(&str, &'static Capabilities); 4] = [
        ("sqlite", &sqlite::CAPABILITIES),
        ("postgres", &postgres::CAPABILITIES),
        ("mariadb", &mysql::MARIADB),
        ("mysql", &mysql::MYSQL),
    ];
    for (name, capabilities) in databases {
        let mut recorder = Recorder { capabilities, text: String::new() };
        for (title, mut task) in tasks() {
            writeln!(recorder.text, "-- {title}").unwrap();
            block_on(task.execute(&mut recorder)).unwrap();
            recorder.text.push('\n');
        }
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements").join(format!("{name}.sql"));
        let found = recorder.text.trim_end().to_owned() + "\n";
        if fs::read_to_string(&file).unwrap_or_default() == found {
            continue;
        }
        if std::env::var_os(RENEW).is_some() && std::env::var_os("CI").is_none() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, found).unwrap();
            continue;
        }
        panic!(
            "statements for {name} have changed; renew them with `{RENEW}=1 cargo test -p relata --all-features`\n{found}"
        );
    }
}
