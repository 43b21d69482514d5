//! New rows, with new rows of their relations: one insert for each relation and level, whatever the number of
//! rows above. What a database refuses is put into the schema's words in [`fault`](super::fault).

use std::borrow::Cow;

use super::ask;
use super::expr::Expr;
use super::fault;
use super::keys::number;
use super::linking;
use super::loaded::{Links, Loaded, LoadedRelation};
use crate::default::Moment;
use crate::driver::{Access, Session};
use crate::key::KeyValues;
use crate::meta::{Form, Generated, ModelMeta, Named, RelationKind, RelationMeta, Side, ThroughMeta};
use crate::row::{Cells, Row, decode_error};
use crate::value::Value;
use crate::{Error, Failure, Result, validate};

/// New rows.
#[derive(Debug)]
pub(crate) struct Insert {
    pub(crate) model: &'static ModelMeta,
    pub(crate) batch: Batch,
    pub(crate) through: Option<Through>,
}

/// The relation through which rows are made, and the value of its key.
#[derive(Debug)]
pub(crate) struct Through {
    pub(crate) source: &'static ModelMeta,
    pub(crate) relation: &'static RelationMeta,
    pub(crate) key: KeyValues,
}

/// New rows of one model, and those of its relations that are made with them; of no use outside this crate.
#[derive(Debug, Default)]
pub struct Batch {
    /// One value for each property.
    rows: Vec<Vec<Value<'static>>>,
    branches: Vec<Branch>,
    /// The rows are a list, of which a message names the row.
    listed: bool,
    /// Why nothing of it is stored.
    refusal: Option<Error>,
}

/// New rows of a relation of the rows above.
#[derive(Debug)]
struct Branch {
    /// The relation's position among the source's.
    index: usize,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    /// For each row the position of the one that it belongs to.
    of_row: Vec<u32>,
    batch: Batch,
    /// Properties whose values the database gives, when it numbers the rows above.
    late: Vec<usize>,
}

/// Stands among the relations of new targets for the links that lead to them; none of the model's own.
const LINKS: usize = usize::MAX;

/// What holds the keys of rows above: new rows of a relation, or the links that lead to them.
struct Holders<'b> {
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    rows: &'b mut [Vec<Value<'static>>],
    /// For each the position of the row whose key it holds.
    of_row: Cow<'b, [u32]>,
    late: &'b mut Vec<usize>,
    are_links: bool,
}

impl Through {
    /// Whether a statement has to see to it that the source is there: no foreign key does, or one that a deleted row
    /// satisfies.
    fn is_checked(&self) -> bool {
        let strong = self.relation.through().map_or(self.relation.strong, |through| through.links.strong);
        !strong || self.source.soft_delete.is_some()
    }

    /// Asks whether the source is there, where nothing else sees to it.
    pub(super) async fn check(&self, session: &mut dyn Session) -> Result<()> {
        let Self { source, relation, key } = self;
        let condition = Expr::Key { properties: relation.from, values: key.clone(), select: None }.and(source.live());
        if self.is_checked() && !ask::exists(session, source, &condition).await? {
            return Err(leads_nowhere(source, relation));
        }
        Ok(())
    }

    /// Its source is not there.
    pub(crate) fn refusal(&self) -> Error {
        leads_nowhere(self.source, self.relation)
    }
}

impl Insert {
    pub(crate) fn access(&self) -> Access {
        let checks = self.through.as_ref().is_some_and(Through::is_checked);
        if self.batch.is_one_row() && !checks { Access::Write } else { Access::Atomic }
    }

    pub(crate) fn prepare(&mut self) -> Result<()> {
        if let Some(Through { source, relation, key }) = &self.through {
            if key.is_unset() {
                return Err(leads_nowhere(source, relation));
            }
            // Keys of both sides are then in the link.
            let rows = if relation.through().is_some() { [].iter_mut() } else { self.batch.rows.iter_mut() };
            for row in rows {
                for (&to, value) in relation.to.iter().zip(key.as_slice()) {
                    row[to] = value.clone();
                }
                set_name(relation, row);
            }
        }
        let mut failures = Vec::new();
        let listed = self.batch.listed;
        let place = |row: usize| validate::place(row, listed);
        self.batch.prepare(self.model, &[], &mut Moment::default(), &place, &mut failures)?;
        if failures.is_empty() { Ok(()) } else { Err(Error::Validation { model: self.model.name, failures }) }
    }
}

impl Batch {
    /// One row.
    pub(crate) fn one(values: Vec<Value<'static>>) -> Self {
        Self { rows: vec![values], ..Self::default() }
    }

    /// Room for so many rows, as far as that is to be believed.
    pub(crate) fn with_room(rows: usize) -> Self {
        Self { rows: Vec::with_capacity(rows.min(1 << 20)), ..Self::default() }
    }

    /// The rows are a list, of which a message names the row.
    pub(crate) fn listed(self) -> Self {
        Self { listed: true, ..self }
    }

    /// Another row.
    pub(crate) fn push(&mut self, values: Vec<Value<'static>>) {
        self.rows.push(values);
    }

    /// Rows of a relation that belong to the last row.
    pub(crate) fn branch(
        &mut self,
        source: &'static ModelMeta,
        index: usize,
        relation: &'static RelationMeta,
        batch: Self,
    ) {
        let of_row = vec![number(self.rows.len() - 1); batch.rows.len()];
        self.join(Branch { index, source, relation, of_row, batch, late: Vec::new() });
    }

    /// A link that leads to the last row. The source's key is in it already, or is that of the row above.
    pub(crate) fn link(&mut self, through: &'static ThroughMeta, link: Vec<Value<'static>>) {
        self.branch(through.target.target, LINKS, &through.back, Self::one(link));
    }

    /// Refuses everything, before anything is stored.
    pub(crate) fn refuse(&mut self, error: Error) {
        self.refusal.get_or_insert(error);
    }

    /// Rows of one relation are one list, whosever they are.
    fn join(&mut self, branch: Branch) {
        match self.branches.iter_mut().find(|other| other.index == branch.index) {
            Some(there) => {
                there.of_row.extend(branch.of_row);
                there.batch.append(branch.batch);
            }
            None => self.branches.push(branch),
        }
    }

    fn append(&mut self, other: Self) {
        let before = number(self.rows.len());
        self.rows.extend(other.rows);
        for mut branch in other.branches {
            branch.of_row.iter_mut().for_each(|row| *row += before);
            self.join(branch);
        }
        if let Some(error) = other.refusal {
            self.refuse(error);
        }
    }

    /// Whether it is stored by one statement.
    fn is_one_row(&self) -> bool {
        self.rows.len() == 1 && self.branches.iter().all(|branch| branch.batch.rows.is_empty())
    }

    /// Completes the rows and checks them, all but the `late` properties: their values come from rows above that the
    /// database numbers.
    fn prepare(
        &mut self,
        model: &'static ModelMeta,
        late: &[usize],
        moment: &mut Moment,
        place: &dyn Fn(usize) -> String,
        failures: &mut Vec<Failure>,
    ) -> Result<()> {
        if let Some(error) = self.refusal.take() {
            return Err(error);
        }
        for (n, row) in self.rows.iter_mut().enumerate() {
            let known = failures.len();
            validate::complete(model, row, |property| !late.contains(&property), Some(moment), failures);
            for failure in &mut failures[known..] {
                failure.at = place(n);
            }
            if failures.len() >= validate::MOST {
                return Ok(());
            }
        }
        for branch in &mut self.branches {
            let relation = branch.relation;
            if let Some(mut holders) = branch.holders() {
                let is_late =
                    |from: usize| model.properties[from].generated == Generated::Database || late.contains(&from);
                let keys = holders.relation.from.iter().zip(holders.relation.to);
                holders.late.extend(keys.filter(|&(&from, _)| is_late(from)).map(|(_, &to)| to));
                holders.set_keys(&self.rows, |_| true)?;
            }
            branch.batch.rows.iter_mut().for_each(|row| set_name(relation, row));
            let (of_row, is_link) = (&branch.of_row, branch.index == LINKS);
            let place = |n: usize| {
                let above = place(of_row[n] as usize);
                let dot = if above.is_empty() { "" } else { "." };
                if is_link {
                    return format!("{above}{dot}link");
                }
                let among = of_row[..n].iter().filter(|of| **of == of_row[n]).count();
                let name = relation.name;
                if relation.is_many() { format!("{above}{dot}{name}[{among}]") } else { format!("{above}{dot}{name}") }
            };
            branch.batch.prepare(relation.target, &branch.late, moment, &place, failures)?;
        }
        Ok(())
    }
}

impl Branch {
    /// What holds the keys of the rows above; where no target is made, no link is.
    fn holders(&mut self) -> Option<Holders<'_>> {
        let Self { index, source, relation, of_row, batch, late } = self;
        let Some(through) = relation.through() else {
            let (rows, of_row) = (&mut *batch.rows, Cow::Borrowed(&**of_row));
            return Some(Holders { source, relation, rows, of_row, late, are_links: *index == LINKS });
        };
        let Self { of_row: of_link, batch, late, .. } =
            batch.branches.iter_mut().find(|branch| branch.index == LINKS)?;
        let of_row = of_link.iter().map(|&target| of_row[target as usize]).collect();
        Some(Holders { source, relation: &through.links, rows: &mut batch.rows, of_row, late, are_links: true })
    }

    /// Gives each row what the database has numbered meanwhile; a link gets the source's key before its target's.
    fn complete(&mut self, above: &[Vec<Value<'static>>]) -> Result<()> {
        let Some(mut holders) = self.holders().filter(|holders| !holders.late.is_empty()) else { return Ok(()) };
        let late = holders.late.clone();
        holders.set_keys(above, |to| late.contains(&to))?;
        if self.relation.through().is_some() {
            return Ok(());
        }
        self.batch.rows.iter_mut().try_for_each(|row| validate::only(self.relation.target, row, &late))
    }
}

impl Holders<'_> {
    /// Gives each row the key of the row above. Two keys may share a part: then both must have it alike.
    fn set_keys(&mut self, above: &[Vec<Value<'static>>], is_wanted: impl Fn(usize) -> bool) -> Result<()> {
        let keys = self.relation.from.iter().zip(self.relation.to).filter(|&(_, &to)| is_wanted(to));
        for (&from, &to) in keys {
            for (row, &of) in self.rows.iter_mut().zip(&*self.of_row) {
                let key = &above[of as usize][from];
                let differs = row[to] != Value::Unset && row[to] != *key;
                match key {
                    Value::Unset => {}
                    Value::Null => return Err(self.refusal()),
                    _ if differs => return Err(self.refusal()),
                    key => row[to] = key.clone(),
                }
            }
        }
        Ok(())
    }

    /// They would lead to no row above. The sides of a link are called as the link calls them.
    fn refusal(&self) -> Error {
        let Self { source, relation, are_links, .. } = self;
        if *are_links {
            return Error::ForeignKey { model: relation.target.name, relation: relation.name.to_owned() };
        }
        leads_nowhere(source, relation)
    }
}

/// A row that may belong to several models says to which.
pub(super) fn set_name(relation: &RelationMeta, row: &mut [Value<'static>]) {
    if let Form::Named(Named { side: Side::Target, property, value }) = relation.form {
        row[property] = Value::Text(value.into());
    }
}

/// A row is to belong to one that is not there, or whose key is unset.
pub(super) fn leads_nowhere(source: &'static ModelMeta, relation: &'static RelationMeta) -> Error {
    if let Some(through) = relation.through() {
        return linking::leads_nowhere(through);
    }
    let leads_back = |other: &RelationMeta| {
        other.kind == RelationKind::BelongsTo && other.from == relation.to && std::ptr::eq(other.target, source)
    };
    let inverse = |other: &&RelationMeta| match other.form {
        Form::Polymorphic(arms) => arms.iter().any(leads_back),
        _ => leads_back(other),
    };
    let name = match relation.target.relations.iter().find(inverse) {
        Some(inverse) => inverse.name.to_owned(),
        None => format!("{}.{}", source.name, relation.name),
    };
    Error::ForeignKey { model: relation.target.name, relation: name }
}

/// Inserts everything and gives it as stored: every column is known, so nothing is read back.
pub(crate) async fn insert(session: &mut dyn Session, insert: &mut Insert) -> Result<Loaded> {
    let Insert { model, batch, through } = insert;
    if let Some(through) = through {
        through.check(session).await?;
    }
    store(session, model, batch).await
}

/// From the top down: rows below need the keys of those above.
pub(super) async fn store(session: &mut dyn Session, model: &'static ModelMeta, batch: &mut Batch) -> Result<Loaded> {
    let Batch { rows, branches, .. } = batch;
    if !rows.is_empty()
        && let Err((n, fault)) = session.insert(model, rows).await?
    {
        return Err(Box::pin(fault::of_write(session, model, &rows[n], fault)).await);
    }
    let mut relations = Vec::with_capacity(branches.len());
    for mut branch in branches.drain(..) {
        branch.complete(rows)?;
        let Branch { index, source, relation, of_row, mut batch, .. } = branch;
        let loaded = Box::pin(store(session, relation.target, &mut batch)).await?;
        let of_parent = (0..number(rows.len())).collect();
        let links = Links { of_parent, of_row: Some(of_row), groups: rows.len(), lists: None };
        relations.push((index, LoadedRelation { source, relation, loaded, links }));
    }
    let mut stored = (model.rows)(rows.len());
    // What is decoded is given up at once: rows are not held twice.
    for mut row in std::mem::take(rows) {
        let mut row = Row::new(Cells::Values(&mut row), 0, model.properties);
        stored.push(&mut row).map_err(|mismatch| decode_error(model, &mismatch))?;
    }
    Ok(Loaded::with(stored, relations))
}
