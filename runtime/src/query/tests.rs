//! The statements that are put together at run time, for each database: `runtime/tests/statements/*.sql`.
//!
//! Those known when code is generated are in the golden files of the compiler.

mod aggregate;
mod linked;
mod read;
pub(crate) mod schema;
mod several;
mod soft;
mod sought;
mod within;
mod writes;
mod written;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::expr::{Comparison, Count, Expr, Order, Quantifier};
use super::node::{Include, Node};
use super::task::Task;
use crate::driver::{Bind, Capabilities, Each, Inserted, Reply, Session, Telling};
use crate::meta::{ModelMeta, RelationMeta};
use crate::row::Cells;
use crate::value::{Raw, Value};
use crate::wait::block_on;
use crate::{mysql, postgres, sqlite};

const RENEW: &str = "UPDATE_EXPECT";

/// What is asked, and what that is called.
type Asked = Vec<(&'static str, Task)>;

/// Writes statements down, and answers each query with one row that has the same in every column, each insert with one
/// for each of its rows.
struct Recorder {
    capabilities: &'static Capabilities,
    answer: Raw<'static>,
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
        let rows = if sql.starts_with("INSERT") { sql.matches("), (").count() + 1 } else { 1 };
        Reply::ready((0..rows).try_for_each(|_| each(Cells::Same(self.answer)).map(drop)).map_err(Into::into))
    }

    /// The statements of new rows are emitted; how many there are is not.
    fn insert_telling<'s>(
        &'s mut self,
        model: &'static ModelMeta,
        rows: &'s mut [Vec<Value<'static>>],
        _: Option<&'s mut dyn Telling>,
    ) -> Reply<'s, Inserted> {
        self.record(&format!("INSERT {} × {}", rows.len(), model.name));
        Reply::ready(Ok(Ok(())))
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

fn related(model: &'static ModelMeta, relation: usize, quantifier: Quantifier, condition: Expr) -> Expr {
    Expr::Related {
        relation: &model.relations[relation],
        quantifier,
        among: Box::new(Expr::All),
        condition: Box::new(condition),
    }
}

fn include(model: &'static ModelMeta, index: usize, change: impl FnOnce(&mut Node)) -> Include {
    let relation = &model.relations[index];
    let mut node = Node::of(relation);
    change(&mut node);
    Include { index, relation, asked: Some(relation), node, counted: false }.by_links()
}

fn including(model: &'static ModelMeta, index: usize, change: impl FnOnce(&mut Node)) -> Task {
    let mut node = Node::new(model);
    node.include(include(model, index, change));
    Task::Load(node)
}

/// The number of rows of a relation.
fn count(model: &'static ModelMeta, relation: usize, change: impl FnOnce(&mut Node)) -> Box<Count> {
    let Include { relation, node, .. } = include(model, relation, change);
    Box::new(Count { relation, node })
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
        let mut recorder = Recorder { capabilities, answer: Raw::Int(1), text: String::new() };
        let by_number = [
            read::tasks(),
            written::tasks(),
            soft::tasks(),
            within::tasks(),
            linked::tasks(),
            several::counted(),
            aggregate::tasks(),
            writes::tasks(),
            sought::tasks(),
        ];
        let by_text = [(within::LIST, within::lists()), (several::NAME, several::tasks())];
        let groups = by_number.into_iter().map(|tasks| (Raw::Int(1), tasks));
        for (answer, tasks) in groups.chain(by_text.map(|(text, tasks)| (Raw::Text(text.as_bytes()), tasks))) {
            recorder.answer = answer;
            for (title, mut task) in tasks {
                writeln!(recorder.text, "-- {title}").unwrap();
                block_on(task.execute(&mut recorder)).unwrap();
                recorder.text.push('\n');
            }
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
