//! Updates and deletes; new rows are in [`insert`](super::insert). What a database refuses is put into the schema's words in
//! [`fault`](super::fault).

use super::ask;
use super::chosen;
use super::computing::Computed;
use super::dependents::{self, Changes, Moves};
use super::expr::{Comparison, Expr};
use super::fault;
use super::load;
use super::loaded::Loaded;
use super::node::Node;
use super::soft;
use super::sql::{Sql, Statement};
use super::task::Answer;
use crate::default::Moment;
use crate::driver::{Access, Bind, Capabilities, Fault, Session, Wanted};
use crate::key::KeyValues;
use crate::meta::{Form, Generated, ModelMeta, Named, RelationMeta, SchemaMeta, Side};
use crate::row::{Row, decode_error};
use crate::value::Value;
use crate::{Error, Result, validate};

impl RelationMeta {
    /// The properties of a target row that the relation sets.
    fn set_in_target(&self) -> impl Iterator<Item = usize> {
        let named = match self.form {
            Form::Named(Named { side: Side::Target, property, .. }) => Some(property),
            _ => None,
        };
        self.to.iter().copied().chain(named)
    }
}

/// Changed rows.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) model: &'static ModelMeta,
    pub(crate) which: Which,
    /// One value for each property, `Unset` where it stays.
    pub(crate) values: Vec<Value<'static>>,
    /// Properties that are computed from what is stored.
    pub(crate) computed: Vec<Computed>,
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
            _ if self.is_followed() => Access::Atomic,
            _ => Access::Write,
        }
    }

    /// Whether others may have to follow the change.
    fn is_followed(&self) -> bool {
        self.changes().any(|(property, _)| dependents::follow_change(self.model, property))
    }

    pub(crate) fn prepare(&mut self) -> Result<()> {
        let model = self.model;
        let given = |property: usize| {
            self.values[property] != Value::Unset || self.computed_properties().any(|computed| computed == property)
        };
        if let Some(relation) = self.through
            && let Some(property) = relation.set_in_target().find(|&property| given(property))
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
        let failures = self.prepare_computed();
        self.touch()?;
        let among = self.among();
        if let Which::All(condition) = &mut self.which {
            *condition = std::mem::replace(condition, Expr::All).and(among);
        }
        validate::also(model, failures, validate::record(model, &mut self.values, None))
    }

    /// What says when a row was changed says so of every change, and of none where nothing is to change.
    fn touch(&mut self) -> Result<()> {
        let model = self.model;
        let stamp = model.properties.iter().position(|property| property.generated == Generated::UpdatedAt);
        if let Some(stamp) = stamp
            && !self.is_empty()
        {
            let property = &model.properties[stamp];
            let now = Moment::default().value(property);
            self.values[stamp] = now.map_err(|reason| Error::validation(model.name, property.name, reason))?;
        }
        Ok(())
    }

    /// Whether nothing is to change.
    fn is_empty(&self) -> bool {
        self.changes().next().is_none() && !self.computes()
    }

    /// The properties that get a new value; the version is compared and raised, never set.
    fn changes(&self) -> impl Iterator<Item = (usize, &Value<'static>)> {
        let version = self.model.version;
        let given =
            move |(property, value): &(usize, &Value<'_>)| **value != Value::Unset && Some(*property) != version;
        self.values.iter().enumerate().filter(given)
    }

    /// Of which rows some are changed: the live ones, or those that it restores.
    fn among(&self) -> Expr {
        let restores = self.model.soft_delete.is_some_and(|property| self.values[property] == Value::Null);
        if restores { self.model.deleted() } else { self.model.live() }
    }

    /// The version that the caller read.
    fn expected(&self) -> Option<(usize, &Value<'static>)> {
        let version = self.model.version?;
        let value = &self.values[version];
        (*value != Value::Unset).then_some((version, value))
    }

    /// The row with that key, if it has the version that the caller read.
    pub(super) fn one(&self, key: &KeyValues) -> Expr {
        let row = by_key(self.model, key).and(self.among());
        match self.expected() {
            Some((property, value)) => {
                row.and(Expr::Compare { property, comparison: Comparison::Eq, value: value.clone() })
            }
            None => row,
        }
    }

    /// `UPDATE … SET …`, without conditions; of the rows that match, where they are joined.
    fn statement<'a>(&'a self, capabilities: &'static Capabilities, joined: Option<&'a Expr>) -> Sql<'a> {
        let model = self.model;
        let (mut sql, table) = Sql::updating(capabilities, model, joined);
        let mut given = 0;
        for (property, value) in self.changes() {
            sql.comma(given);
            sql.push(table);
            sql.name(model.properties[property].column);
            sql.push(" = ");
            sql.bind(Bind::Value(value, &model.properties[property]));
            given += 1;
        }
        self.set_computed(&mut sql, table, given);
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

    /// What a refusal means in the schema's words.
    #[cold]
    async fn refusal(&self, session: &mut dyn Session, rows: &Expr, fault: Fault) -> Error {
        if self.computes() && matches!(fault, Fault::Range { .. }) {
            return Box::pin(self.out_of_range(session, fault)).await;
        }
        let computed: Vec<_> = self.computed_properties().collect();
        fault::of_change(session, self.schema, self.model, &self.values, &computed, rows, fault).await
    }
}

pub(crate) async fn update(session: &mut dyn Session, update: &Update) -> Result<Answer> {
    match &update.which {
        Which::Key(key) if update.is_empty() => unchanged(session, update, key).await,
        Which::All(_) if update.is_empty() => Ok(Answer::Number(0)),
        _ if update.is_followed() => Box::pin(change_followed(session, update)).await,
        Which::Key(key) => change_one(session, update, key).await,
        Which::All(condition) => change_all(session, update, condition).await.map(Answer::Number),
    }
}

/// Changes rows, and those that hold a key that changes.
async fn change_followed(session: &mut dyn Session, update: &Update) -> Result<Answer> {
    let Update { schema, model, which, .. } = update;
    let changes: Changes = update.changes().map(|(property, value)| (property, value.clone())).collect();
    let mut moves = Moves::default();
    match which {
        Which::Key(key) => {
            moves.find(session, model, update.one(key), changes).await?;
            let changed = change_one(session, update, key).await?;
            moves.follow(session, schema).await?;
            if moves.reach(model) {
                return load::load(session, &Node::matching(model, by_key(model, key))).await.map(Answer::Loaded);
            }
            Ok(changed)
        }
        Which::All(condition) => {
            let batches = dependents::batches(session, model, condition).await?;
            for rows in &batches {
                moves.find(session, model, rows.clone(), changes.clone()).await?;
            }
            let mut changed = 0;
            for rows in &batches {
                changed += change_all(session, update, rows).await?;
            }
            moves.follow(session, schema).await?;
            Ok(Answer::Number(changed))
        }
    }
}

/// Gives the rows that match new values, whatever the model says of changes from outside.
pub(super) async fn set(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    changes: &Changes,
    condition: &Expr,
) -> Result<u64> {
    let mut values = vec![Value::Unset; model.properties.len()];
    for (property, value) in changes {
        values[*property] = value.clone();
    }
    let mut update =
        Update { schema, model, which: Which::All(Expr::All), values, computed: Vec::new(), through: None };
    update.touch()?;
    change_all(session, &update, condition).await
}

/// Nothing to change: reads the row, and compares the version if one was given.
async fn unchanged(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Answer> {
    let model = update.model;
    let loaded = load::load(session, &Node::matching(model, update.one(key))).await?;
    if loaded.len() == 0 { Err(missing(session, update, key).await?) } else { Ok(Answer::Loaded(loaded)) }
}

async fn change_one(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Answer> {
    let model = update.model;
    let among = update.among();
    let mut sql = update.statement(session.capabilities(), None);
    sql.push(" WHERE ");
    sql.key(model, 0, model.key, key.as_slice());
    sql.and(model, 0, &among);
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
        Err(fault) => Err(Box::pin(update.refusal(session, &by_key(model, key), fault)).await),
    }
}

/// Why no row had that key (and version): it is gone, or somebody changed it.
async fn missing(session: &mut dyn Session, update: &Update, key: &KeyValues) -> Result<Error> {
    let model = update.model;
    if update.expected().is_some() && ask::exists(session, model, &by_key(model, key).and(model.live())).await? {
        return Ok(Error::Stale { model: model.name });
    }
    Ok(Error::NotFound { model: model.name, id: Some(key.describe()) })
}

async fn change_all(session: &mut dyn Session, update: &Update, condition: &Expr) -> Result<u64> {
    let capabilities = session.capabilities();
    let joined = chosen::is_joined(capabilities, update.model, condition);
    let mut sql = update.statement(capabilities, joined.then_some(condition));
    if !joined {
        sql.filter(update.model, 0, condition);
    }
    let statement = sql.finish();
    match session.execute(&statement.text, &statement.binds).await {
        Ok(changed) => Ok(changed),
        Err(fault) => Err(Box::pin(update.refusal(session, condition, fault)).await),
    }
}

pub(super) fn by_key(model: &'static ModelMeta, key: &KeyValues) -> Expr {
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
            _ if dependents::follow_deletes(self.model) => Access::Atomic,
            _ if self.model.soft_delete.is_some() => Access::Write,
            Which::All(_) if !chosen::self_keys(capabilities, self.model).is_empty() => Access::Atomic,
            _ => Access::Write,
        }
    }
}

pub(crate) async fn delete(session: &mut dyn Session, delete: &Delete) -> Result<u64> {
    let Delete { schema, model, which } = delete;
    match which {
        Which::Key(key) => match delete_one(session, schema, model, key).await? {
            0 => Err(Error::NotFound { model: model.name, id: Some(key.describe()) }),
            deleted => Ok(deleted),
        },
        Which::All(condition) => delete_matching(session, schema, model, condition).await,
    }
}

async fn delete_one(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    key: &KeyValues,
) -> Result<u64> {
    let condition = by_key(model, key);
    if dependents::follow_deletes(model) {
        return Box::pin(dependents::delete(session, schema, model, &condition)).await;
    }
    let deleted = if let Some(deleted_at) = model.soft_delete {
        let now = soft::now(&mut Moment::default(), model, deleted_at)?;
        soft::delete_one(session, model, deleted_at, &now, key).await
    } else {
        let text = model.sql.delete_by_key.of(session.capabilities().dialect);
        let statement = Statement::by_key(text, model, model.key, key.as_slice());
        session.execute(&statement.text, &statement.binds).await
    };
    match deleted {
        Ok(deleted) => Ok(deleted),
        Err(fault) => Err(fault::of_delete(session, schema, model, &condition, fault).await),
    }
}

/// Deletes the rows that match, with all that follows from it, and says how many matched. Where the model has
/// dependents, several statements.
pub(crate) async fn delete_matching(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    condition: &Expr,
) -> Result<u64> {
    if dependents::follow_deletes(model) {
        return Box::pin(dependents::delete(session, schema, model, condition)).await;
    }
    let deleted = match model.soft_delete {
        Some(deleted_at) => {
            let now = soft::now(&mut Moment::default(), model, deleted_at)?;
            soft::delete_all(session, model, deleted_at, &now, condition).await
        }
        None => delete_all(session, model, condition).await,
    };
    match deleted {
        Ok(deleted) => Ok(deleted),
        Err(fault) => Err(fault::of_delete(session, schema, model, condition, fault).await),
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
