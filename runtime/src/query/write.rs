//! Inserts, updates and deletes. What a database refuses is put into the schema's words in
//! [`fault`](super::fault).

use super::ask;
use super::chosen;
use super::expr::{Comparison, Expr};
use super::fault;
use super::load;
use super::loaded::Loaded;
use super::node::Node;
use super::sql::{Sql, Statement};
use super::task::Answer;
use crate::driver::{Access, Bind, Capabilities, Fault, Session, Wanted};
use crate::key::KeyValues;
use crate::meta::{ModelMeta, RelationKind, RelationMeta, SchemaMeta};
use crate::row::{Cells, Row, decode_error};
use crate::value::Value;
use crate::{Error, Result, validate};

/// New rows.
#[derive(Debug)]
pub(crate) struct Insert {
    pub(crate) model: &'static ModelMeta,
    /// One value for each property.
    pub(crate) rows: Vec<Vec<Value<'static>>>,
    pub(crate) through: Option<Through>,
}

/// The relation through which rows are made, and the value of its key.
#[derive(Debug)]
pub(crate) struct Through {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) key: KeyValues,
}

impl Through {
    fn refusal(&self) -> Error {
        let Self { source, relation, .. } = self;
        let inverse = |other: &&RelationMeta| {
            other.kind == RelationKind::BelongsTo && other.from == relation.to && std::ptr::eq(other.target, *source)
        };
        let relation = match relation.target.relations.iter().find(inverse) {
            Some(inverse) => inverse.name.to_owned(),
            None => format!("{}.{}", source.name, relation.name),
        };
        Error::ForeignKey { model: self.relation.target.name, relation }
    }
}

impl Insert {
    pub(crate) fn access(&self) -> Access {
        let checks = self.through.as_ref().is_some_and(|through| !through.relation.strong);
        if self.rows.len() > 1 || checks { Access::Atomic } else { Access::Write }
    }

    pub(crate) fn prepare(&mut self) -> Result<()> {
        if let Some(through) = &self.through {
            if through.key.is_unset() {
                return Err(through.refusal());
            }
            for row in &mut self.rows {
                for (&to, value) in through.relation.to.iter().zip(through.key.as_slice()) {
                    row[to] = value.clone();
                }
            }
        }
        self.rows.iter_mut().try_for_each(|row| validate::record(self.model, row, true))
    }
}

/// Inserts all rows and gives them as stored: every column is known, so nothing is read back.
pub(crate) async fn insert(session: &mut dyn Session, insert: &mut Insert) -> Result<Loaded> {
    let Insert { model, rows, through } = insert;
    if let Some(through) = through.as_ref().filter(|through| !through.relation.strong) {
        let Through { source, relation, key } = through;
        let condition = Expr::Key { properties: relation.from, values: key.clone(), select: None };
        if !ask::exists(session, source, &condition).await? {
            return Err(through.refusal());
        }
    }
    if let Err((n, fault)) = session.insert(model, rows).await? {
        return Err(Box::pin(fault::of_write(session, model, &rows[n], fault)).await);
    }
    let mut stored = (model.rows)(rows.len());
    for row in rows {
        let mut row = Row::new(Cells::Values(row), 0, model.properties);
        stored.push(&mut row).map_err(|mismatch| decode_error(model, &mismatch))?;
    }
    Ok(Loaded::new(stored))
}

/// Changed rows.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) model: &'static ModelMeta,
    pub(crate) which: Which,
    /// One value for each property, `Unset` where it stays.
    pub(crate) values: Vec<Value<'static>>,
    /// The relation through which rows are changed: its key must stay.
    pub(crate) through: Option<&'static RelationMeta>,
}

/// Which rows are changed.
#[derive(Debug)]
pub(crate) enum Which {
    /// The row with that primary key; answered as stored.
    Key(KeyValues),
    /// Every row that matches; their number is answered.
    All(Expr),
}

impl Update {
    /// A row that the statement does not answer is read by another one.
    pub(crate) fn access(&self, capabilities: &Capabilities) -> Access {
        match self.which {
            Which::Key(_) if !capabilities.returning => Access::Atomic,
            _ => Access::Write,
        }
    }

    pub(crate) fn prepare(&mut self) -> Result<()> {
        let model = self.model;
        let given = |property: usize| self.values[property] != Value::Unset;
        if let Some(relation) = self.through
            && let Some(&property) = relation.to.iter().find(|&&property| given(property))
        {
            let rule = format!("is fixed by the relation {}", relation.name);
            return Err(Error::validation(model.name, model.properties[property].name, rule));
        }
        if let (Which::All(_), Some(version)) = (&self.which, model.version)
            && given(version)
        {
            let rule = "is compared only where one row is changed by its id";
            return Err(Error::validation(model.name, model.properties[version].name, rule));
        }
        validate::record(model, &mut self.values, false)
    }

    /// The properties that get a new value; the version is compared and raised, never set.
    fn changes(&self) -> impl Iterator<Item = (usize, &Value<'static>)> {
        let version = self.model.version;
        let given =
            move |(property, value): &(usize, &Value<'_>)| **value != Value::Unset && Some(*property) != version;
        self.values.iter().enumerate().filter(given)
    }

    /// The version that the caller read.
    fn expected(&self) -> Option<(usize, &Value<'static>)> {
        let version = self.model.version?;
        let value = &self.values[version];
        (*value != Value::Unset).then_some((version, value))
    }

    /// `UPDATE … SET …`, without conditions; of the rows that match, where they are joined.
    fn statement<'a>(&'a self, capabilities: &'static Capabilities, joined: Option<&'a Expr>) -> Sql<'a> {
        let model = self.model;
        let mut sql = Sql::new(capabilities, 1);
        sql.push("UPDATE ");
        sql.table(model, 0);
        if let Some(condition) = joined {
            chosen::join(&mut sql, model, condition);
        }
        sql.push(" SET ");
        // Several tables may have columns of one name; where there is one table, its alias may not stand here.
        let table = if joined.is_some() { "t0." } else { "" };
        for (n, (property, value)) in self.changes().enumerate() {
            sql.comma(n);
            sql.push(table);
            sql.name(model.properties[property].column);
            sql.push(" = ");
            sql.bind(Bind::Value(value, &model.properties[property]));
        }
        if let Some(version) = model.version {
            let column = model.properties[version].column;
            sql.push(", ");
            sql.push(table);
            sql.name(column);
            sql.push(" = ");
            sql.push(table);
            sql.name(column);
            sql.push(" + 1");
        }
        sql
    }
}

pub(crate) async fn update(session: &mut dyn Session, update: &Update) -> Result<Answer> {
    match &update.which {
        Which::Key(key) if update.changes().next().is_none() => unchanged(session, update, key).await,
        Which::Key(key) => change_one(session, update, key).await,
        Which::All(_) if update.changes().next().is_none() => Ok(Answer::Number(0)),
        Which::All(condition) => change_all(session, update, condition).await.map(Answer::Number),
    }
}

/// Nothing to change: reads the row, and compares the version if one was given.
async fn unchanged(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Answer> {
    let model = update.model;
    let mut node = Node::new(model);
    node.filter(by_key(model, key));
    if let Some((version, value)) = update.expected() {
        node.filter(Expr::Compare { property: version, comparison: Comparison::Eq, value: value.clone() });
    }
    let loaded = load::load(session, &node).await?;
    if loaded.len() == 0 { Err(missing(session, update, key).await?) } else { Ok(Answer::Loaded(loaded)) }
}

async fn change_one(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Answer> {
    let model = update.model;
    let mut sql = update.statement(session.capabilities(), None);
    sql.push(" WHERE ");
    sql.key(model, 0, model.key, key.as_slice());
    if let Some((version, value)) = update.expected() {
        sql.push(" AND ");
        sql.column(model, 0, version);
        sql.push(" = ");
        sql.bind(Bind::Value(value, &model.properties[version]));
    }
    let mut stored = (model.rows)(1);
    let returning = session.capabilities().returning;
    let answer = if returning {
        sql.push(" RETURNING ");
        for (n, property) in model.properties.iter().enumerate() {
            sql.comma(n);
            sql.name(property.column);
        }
        let statement = sql.finish();
        session
            .query(&statement.text, &statement.binds, &mut |cells| {
                let mut row = Row::new(cells, 0, model.properties);
                stored.push(&mut row).map(|()| Wanted::More).map_err(|mismatch| decode_error(model, &mismatch))
            })
            .await
            .map(|()| !stored.is_empty())
    } else {
        let statement = sql.finish();
        session.execute(&statement.text, &statement.binds).await.map(|changed| changed > 0)
    };
    match answer {
        Ok(true) if returning => Ok(Answer::Loaded(Loaded::new(stored))),
        Ok(true) => load::load(session, &Node::matching(model, by_key(model, key))).await.map(Answer::Loaded),
        Ok(false) => Err(missing(session, update, key).await?),
        Err(fault) => {
            Err(fault::of_change(session, update.schema, model, &update.values, &by_key(model, key), fault).await)
        }
    }
}

/// Why no row had that key (and version): it is gone, or somebody changed it.
async fn missing(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Error> {
    let model = update.model;
    if update.expected().is_some() && ask::exists(session, model, &by_key(model, key)).await? {
        return Ok(Error::Stale { model: model.name });
    }
    Ok(Error::NotFound { model: model.name, id: Some(key.describe()) })
}

async fn change_all(session: &mut dyn Session, update: &Update, condition: &Expr) -> Result<u64> {
    let capabilities = session.capabilities();
    let joined = !capabilities.reads_what_it_changes && chosen::reads(condition, update.model);
    let mut sql = update.statement(capabilities, joined.then_some(condition));
    if !joined {
        sql.filter(update.model, 0, condition);
    }
    let statement = sql.finish();
    match session.execute(&statement.text, &statement.binds).await {
        Ok(changed) => Ok(changed),
        Err(fault) => {
            Err(fault::of_change(session, update.schema, update.model, &update.values, condition, fault).await)
        }
    }
}

fn by_key(model: &'static ModelMeta, key: &KeyValues) -> Expr {
    Expr::Key { properties: model.key, values: key.clone(), select: Some(&model.sql.select_by_key) }
}

/// Rows to be deleted.
#[derive(Debug)]
pub(crate) struct Delete {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) model: &'static ModelMeta,
    pub(crate) which: Which,
}

impl Delete {
    /// Where foreign keys are checked row by row, rows that point at each other take several statements.
    pub(crate) fn access(&self, capabilities: &Capabilities) -> Access {
        match self.which {
            Which::All(_) if !chosen::self_keys(capabilities, self.model).is_empty() => Access::Atomic,
            _ => Access::Write,
        }
    }
}

pub(crate) async fn delete(session: &mut dyn Session, delete: &Delete) -> Result<u64> {
    let Delete { schema, model, which } = delete;
    let of_key;
    let (condition, key) = match which {
        Which::Key(key) => {
            of_key = by_key(model, key);
            (&of_key, Some(key))
        }
        Which::All(condition) => (condition, None),
    };
    let deleted = match key {
        Some(key) => {
            let text = model.sql.delete_by_key.of(session.capabilities().dialect);
            let statement = Statement::by_key(text, model, model.key, key.as_slice());
            session.execute(&statement.text, &statement.binds).await
        }
        None => delete_all(session, model, condition).await,
    };
    match (deleted, key) {
        (Ok(0), Some(key)) => Err(Error::NotFound { model: model.name, id: Some(key.describe()) }),
        (Ok(deleted), _) => Ok(deleted),
        (Err(fault), _) => Err(fault::of_delete(session, schema, model, condition, fault).await),
    }
}

async fn delete_all(session: &mut dyn Session, model: &'static ModelMeta, condition: &Expr) -> Result<u64, Fault> {
    let capabilities = session.capabilities();
    let self_keys = chosen::self_keys(capabilities, model);
    if !self_keys.is_empty() {
        return chosen::delete(session, model, condition, &self_keys).await;
    }
    let mut sql = Sql::deleting(capabilities, model);
    if !capabilities.reads_what_it_changes && chosen::reads(condition, model) {
        chosen::join(&mut sql, model, condition);
    } else {
        sql.filter(model, 0, condition);
    }
    let statement = sql.finish();
    session.execute(&statement.text, &statement.binds).await
}
