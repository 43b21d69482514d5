//! One statement a relation and level, whatever the number of rows.

use super::*;
use crate::driver::{Bind, Capabilities, Each, Inserted, Reply, Telling};
use crate::meta::{
    Action, DatasourceMeta, DependentMeta, Dialects, Form, Generated, Kind, ModelMeta, ModelSql, PropertyMeta,
    RelationKind, RelationMeta, SchemaMeta,
};
use crate::model::{Input, Model};
use crate::query::expr::{Comparison, Expr};
use crate::query::load;
use crate::query::node::{Include, Node};
use crate::query::write;
use crate::row::Row;
use crate::value::{Mismatch, Type, Value};

/// A tree, each node below its parent.
#[derive(Clone, Debug)]
struct Tree {
    id: i64,
    parent_id: Option<i64>,
}

impl Model for Tree {
    type Id = i64;
    type New = NoInput;
    type Patch = NoInput;
    type With = Self;

    const META: &'static ModelMeta = &META;

    fn from_row(row: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self { id: row.get(0)?, parent_id: row.get(1)? })
    }

    fn value(&self, property: usize) -> Value<'_> {
        if property == 0 { self.id.to_value() } else { self.parent_id.to_value() }
    }
}

/// Trees are made by SQL here.
struct NoInput;

impl Input for NoInput {
    type Model = Tree;

    const FIELDS: &'static [usize] = &[];

    fn into_values(self) -> Vec<Value<'static>> {
        vec![Value::Unset; 2]
    }

    fn from_row(_: &mut Row<'_>) -> Result<Self, Mismatch> {
        Ok(Self)
    }
}

const PARENT: usize = 0;
const CHILDREN: usize = 1;

static META: ModelMeta = ModelMeta {
    name: "Tree",
    table: "trees",
    qualified: None,
    datasource: 0,
    properties: &[
        PropertyMeta {
            name: "id",
            column: "id",
            kind: Kind::Integer,
            required: true,
            generated: Generated::Database,
            ..PropertyMeta::EMPTY
        },
        PropertyMeta { name: "parentId", column: "parent_id", kind: Kind::Integer, ..PropertyMeta::EMPTY },
    ],
    key: &[0],
    key_name: "trees_pkey",
    version: None,
    soft_delete: None,
    relations: &[
        RelationMeta {
            name: "parent",
            kind: RelationKind::BelongsTo,
            form: Form::Plain,
            target: &META,
            from: &[1],
            to: &[0],
            required: false,
            strong: true,
            includable: true,
            sql: Dialects::same(""),
        },
        RelationMeta {
            name: "children",
            kind: RelationKind::HasMany,
            form: Form::Plain,
            target: &META,
            from: &[0],
            to: &[1],
            required: false,
            strong: true,
            includable: true,
            sql: Dialects::same(""),
        },
    ],
    uniques: &[],
    foreign_keys: &[],
    dependents: &[DependentMeta {
        holder: &META,
        relation: "parent",
        from: &[1],
        to: &[0],
        named: None,
        strong: false,
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
    }],
    sql: ModelSql { select: Dialects::same(r#"SELECT t0."id", t0."parent_id" FROM "trees" AS t0"#), ..ModelSql::NONE },
    rows: crate::rows::<Tree>,
};

/// A session that counts what goes through it.
struct Counted<'s> {
    session: &'s mut dyn Session,
    statements: usize,
}

impl Session for Counted<'_> {
    fn capabilities(&self) -> &'static Capabilities {
        self.session.capabilities()
    }

    fn query<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>], each: Each<'s>) -> Reply<'s, ()> {
        self.statements += 1;
        self.session.query(sql, binds, each)
    }

    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        _: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        self.statements += 1;
        self.session.insert(model, rows)
    }

    fn execute<'s>(&'s mut self, sql: &'s str, binds: &'s [Bind<'s>]) -> Reply<'s, u64> {
        self.statements += 1;
        self.session.execute(sql, binds)
    }
}

/// Loads a node; how many statements that took, and how many rows there were at the top.
struct Loads(Node);

impl Work for Loads {
    type Answer = (usize, usize);

    async fn run(self, session: &mut dyn Session) -> Result<(usize, usize)> {
        let mut counted = Counted { session, statements: 0 };
        let loaded = load::load(&mut counted, &self.0).await?;
        Ok((counted.statements, loaded.len()))
    }
}

/// Deletes the root, and what is below it; how many statements that took, and how many rows are left.
struct Falls;

impl Work for Falls {
    type Answer = (usize, usize);

    async fn run(self, session: &mut dyn Session) -> Result<(usize, usize)> {
        let mut counted = Counted { session, statements: 0 };
        let root = Expr::Compare { property: 0, comparison: Comparison::Eq, value: Value::Int(1) };
        assert_eq!(write::delete_matching(&mut counted, &SCHEMA, &META, &root).await?, 1);
        let left = load::load(counted.session, &Node::new(&META)).await?;
        Ok((counted.statements, left.len()))
    }
}

static SCHEMA: SchemaMeta = SchemaMeta { datasources: &[DatasourceMeta { name: "db", tables: &[] }], models: &[&META] };

fn tree(includes: Vec<Include>) -> Node {
    Node { includes, ..Node::new(&META) }
}

fn include(index: usize, limit: Option<u64>, includes: Vec<Include>) -> Include {
    let relation = &META.relations[index];
    Include { index, relation, asked: Some(relation), node: Node { limit, ..tree(includes) }, counted: false }
}

/// Statements that `node` takes on a tree of 3 levels in which each node has so many children.
fn statements(node: &Node, width: i64) -> (usize, usize) {
    block_on(trees(width).run_work(Access::Snapshot, None, Loads(node.clone()))).unwrap()
}

/// A tree of 3 levels in which each node has so many children.
fn trees(width: i64) -> Database {
    let database = open("sqlite::memory:", SqliteExecution::InPlace).unwrap();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let last = 1 + width + width * width;
    let fill =
        format!("{numbers} INSERT INTO trees SELECT i, iif(i = 1, NULL, (i - 2) / {width} + 1) FROM n LIMIT {last}");
    let create = "CREATE TABLE trees (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES trees (id))";
    super::run(&database, Access::Atomic, &[create, fill.leak()]).unwrap();
    database
}

#[test]
fn each_relation_to_many_is_one_statement_whatever_the_rows() {
    let below =
        |limit| include(CHILDREN, limit, vec![include(CHILDREN, limit, vec![include(CHILDREN, limit, vec![])])]);
    for limit in [None, Some(2)] {
        let node = tree(vec![below(limit)]);
        assert_eq!(statements(&node, 2), (4, 7));
        assert_eq!(statements(&node, 30), (4, 931));
    }
}

#[test]
fn a_relation_to_one_rides_on_the_statement_of_its_rows() {
    let above = || include(PARENT, None, vec![include(PARENT, None, vec![])]);
    assert_eq!(statements(&tree(vec![above()]), 3), (1, 13));
    assert_eq!(statements(&tree(vec![above(), include(CHILDREN, Some(1), vec![above()])]), 30), (2, 931));
}

#[test]
fn a_level_that_goes_is_one_statement_whatever_the_rows() {
    for width in [2, 30] {
        let fallen = block_on(trees(width).run_work(Access::Atomic, None, Falls)).unwrap();
        // The root, its children, theirs, nothing below; and all of them go.
        assert_eq!(fallen, (5, 0));
    }
}

#[test]
fn nothing_is_asked_for_where_there_are_no_parents() {
    let mut node = tree(vec![include(CHILDREN, None, vec![])]);
    node.limit = Some(0);
    assert_eq!(statements(&node, 2), (1, 0));
}
