//! Rows are deleted, and with them those that depend on them.
//!
//! First all rows are chosen that go, from the given ones on; what refuses is found there. Then they go: those that
//! hold foreign keys before those that these point at. Last, keys that pointed at them are unset. Rows that are deleted
//! softly stay, and so does what points at them, unless it is deleted softly with them.

use super::moved::Moves;
use super::{BATCH, found, holding, refused, select};
use crate::Result;
use crate::default::Moment;
use crate::driver::{Key, Session};
use crate::meta::{Action, DependentMeta, ModelMeta, SchemaMeta};
use crate::query::chosen::self_keys;
use crate::query::expr::Expr;
use crate::query::fault;
use crate::query::keys::KeyIndex;
use crate::query::soft;
use crate::query::sql::Sql;
use crate::query::write;
use crate::value::Value;

/// Deletes the rows that match and what goes with them, and says how many matched.
///
/// # Errors
/// `foreign_key` where a relation that restricts points at a row that goes, from a row that goes too as well; only a
/// row that points at itself may.
pub(crate) async fn delete(
    session: &mut dyn Session,
    schema: &'static SchemaMeta,
    model: &'static ModelMeta,
    condition: &Expr,
) -> Result<u64> {
    let mut walk = Walk { schema, chosen: Vec::new() };
    walk.choose(session, model, model.soft_delete.is_some(), condition).await?;
    let matched = walk.chosen[0].rows.keys().len() as u64;
    if matched > 0 {
        walk.follow(session).await?;
        let moves = walk.unset(session).await?;
        walk.remove(session).await?;
        moves.follow(session, schema).await?;
    }
    Ok(matched)
}

/// What goes.
struct Walk {
    schema: &'static SchemaMeta,
    /// One of each model and way to go, in the order in which they were met.
    chosen: Vec<Chosen>,
}

/// The rows of one model that go.
struct Chosen {
    model: &'static ModelMeta,
    /// They are deleted softly.
    soft: bool,
    /// Their primary keys.
    rows: KeyIndex,
    /// The relations by which others may point at them.
    ways: Vec<Way>,
}

/// One relation that leads to rows that go.
struct Way {
    dependent: &'static DependentMeta,
    /// The keys of the rows that go.
    keys: KeyIndex,
    /// How many of the keys were followed.
    followed: usize,
}

impl Chosen {
    fn new(model: &'static ModelMeta, soft: bool) -> Self {
        let leads = |dependent: &&DependentMeta| match dependent.on_delete {
            Action::NoAction => false,
            // The database looks at its own, where it sees a row go.
            Action::Restrict => soft || !dependent.strong,
            Action::Cascade => !soft || dependent.holder.soft_delete.is_some(),
            Action::SetNull => !soft,
        };
        let ways = model.dependents.iter().filter(leads);
        let ways = ways.map(|dependent| Way { dependent, keys: KeyIndex::default(), followed: 0 }).collect();
        Self { model, soft, rows: KeyIndex::default(), ways }
    }
}

impl Walk {
    /// Adds the rows that match.
    async fn choose(
        &mut self,
        session: &mut dyn Session,
        model: &'static ModelMeta,
        soft: bool,
        condition: &Expr,
    ) -> Result<()> {
        let met = self.chosen.iter().position(|chosen| std::ptr::eq(chosen.model, model) && chosen.soft == soft);
        let at = met.unwrap_or_else(|| {
            self.chosen.push(Chosen::new(model, soft));
            self.chosen.len() - 1
        });
        let live = soft.then(|| condition.clone().and(model.live()));
        let condition = live.as_ref().unwrap_or(condition);
        let Chosen { rows, ways, .. } = &mut self.chosen[at];
        let keys: Vec<_> = std::iter::once(model.key).chain(ways.iter().map(|way| way.dependent.to)).collect();
        select(session, model, &keys, condition, &mut |cells, columns| {
            if rows.insert(cells, columns[0]) {
                for (way, columns) in ways.iter_mut().zip(&columns[1..]) {
                    way.keys.insert(cells, columns);
                }
            }
        })
        .await
    }

    /// Goes on from the chosen rows to those that depend on them, until there is none that was not chosen.
    async fn follow(&mut self, session: &mut dyn Session) -> Result<()> {
        while let Some((Chosen { model, soft, .. }, dependent, keys)) = self.next() {
            let (model, holder) = (*model, dependent.holder);
            // A foreign key lets no row stay that points at one that goes.
            let softly = *soft || !dependent.strong && holder.soft_delete.is_some();
            let condition = holding(dependent, keys);
            match dependent.on_delete {
                Action::Restrict => {
                    let condition = condition.and(holder.live());
                    restrict(session, dependent, std::ptr::eq(holder, model), &condition).await?;
                }
                Action::Cascade => self.choose(session, holder, softly, &condition).await?,
                Action::NoAction | Action::SetNull => {}
            }
        }
        Ok(())
    }

    /// Keys that were not followed yet, of whose rows they are and where they lead.
    fn next(&mut self) -> Option<(&Chosen, &'static DependentMeta, Vec<Key>)> {
        let unfollowed = |way: &Way| way.followed < way.keys.keys().len();
        let chosen = self.chosen.iter_mut().find(|chosen| chosen.ways.iter().any(unfollowed))?;
        let way = chosen.ways.iter_mut().find(|way| unfollowed(way))?;
        let keys = &way.keys.keys()[way.followed..];
        let keys = keys[..keys.len().min(BATCH)].to_vec();
        way.followed += keys.len();
        let dependent = way.dependent;
        Some((chosen, dependent, keys))
    }

    /// What follows from the keys that are unset, of rows that stay.
    async fn unset(&self, session: &mut dyn Session) -> Result<Moves> {
        let mut moves = Moves::default();
        let going = self.chosen.iter().filter(|chosen| !chosen.soft);
        let going: Vec<_> = going.map(|chosen| (chosen.model, &chosen.rows)).collect();
        let ways = self.chosen.iter().flat_map(|chosen| &chosen.ways);
        for way in ways.filter(|way| way.dependent.on_delete == Action::SetNull) {
            for keys in way.keys.keys().chunks(BATCH) {
                moves.unset(session, way.dependent, keys, &going).await?;
            }
        }
        Ok(moves)
    }

    /// Deletes what was chosen.
    async fn remove(&mut self, session: &mut dyn Session) -> Result<()> {
        let (soft, gone) = std::mem::take(&mut self.chosen).into_iter().partition(|chosen| chosen.soft);
        self.chosen = gone;
        self.remove_gone(session).await?;
        hide(session, soft).await
    }

    async fn remove_gone(&mut self, session: &mut dyn Session) -> Result<()> {
        while !self.chosen.is_empty() {
            let Chosen { model, rows, .. } = self.chosen.remove(self.first_to_go());
            for holder in self.chosen.iter().filter(|other| !foreign_keys(other.model, model).is_empty()) {
                self.clear(session, holder.model, &foreign_keys(holder.model, model), &holder.rows).await?;
            }
            let checked_early = self_keys(session.capabilities(), model);
            let own = if rows.keys().len() > BATCH { foreign_keys(model, model) } else { checked_early };
            self.clear(session, model, &own, &rows).await?;
            for keys in rows.keys().chunks(BATCH) {
                let condition = Expr::Among { properties: model.key, keys: keys.to_vec() };
                self.remove_rows(session, model, &condition).await?;
            }
        }
        Ok(())
    }

    /// A model that no foreign key of the others' points at; where these form a loop, the first.
    fn first_to_go(&self) -> usize {
        let models = || self.chosen.iter().map(|chosen| chosen.model);
        let held =
            |model: &'static ModelMeta| models().any(|other| !std::ptr::eq(other, model) && points_at(other, model));
        models().position(|model| !held(model)).unwrap_or(0)
    }

    /// Unsets keys of rows that go, which the database would miss before.
    async fn clear(
        &self,
        session: &mut dyn Session,
        model: &'static ModelMeta,
        properties: &[usize],
        rows: &KeyIndex,
    ) -> Result<()> {
        if properties.is_empty() {
            return Ok(());
        }
        let changes: Vec<_> = properties.iter().map(|&property| (property, Value::Null)).collect();
        for keys in rows.keys().chunks(BATCH) {
            let condition = Expr::Among { properties: model.key, keys: keys.to_vec() };
            write::set(session, self.schema, model, &changes, &condition).await?;
        }
        Ok(())
    }

    async fn remove_rows(&self, session: &mut dyn Session, model: &'static ModelMeta, rows: &Expr) -> Result<()> {
        let mut sql = Sql::deleting(session.capabilities(), model);
        sql.filter(model, 0, rows);
        let statement = sql.finish();
        match session.execute(&statement.text, &statement.binds).await {
            Ok(_) => Ok(()),
            Err(fault) => Err(fault::of_delete(session, self.schema, model, rows, fault).await),
        }
    }
}

/// Deletes rows softly, all at one instant; not those that went.
async fn hide(session: &mut dyn Session, chosen: Vec<Chosen>) -> Result<()> {
    let mut moment = Moment::default();
    for Chosen { model, rows, .. } in chosen {
        let Some(deleted_at) = model.soft_delete else { continue };
        let now = soft::now(&mut moment, model, deleted_at)?;
        for keys in rows.keys().chunks(BATCH) {
            let condition = Expr::Among { properties: model.key, keys: keys.to_vec() };
            soft::delete_all(session, model, deleted_at, &now, &condition).await?;
        }
    }
    Ok(())
}

/// Refuses if a row points at rows that go; not if it is one of them and points at itself.
async fn restrict(
    session: &mut dyn Session,
    dependent: &'static DependentMeta,
    within: bool,
    condition: &Expr,
) -> Result<()> {
    let DependentMeta { holder, from, to, .. } = dependent;
    let refuses = found(session, holder, condition, |sql| {
        for (n, (&from, &to)) in from.iter().zip(*to).enumerate().filter(|_| within) {
            sql.push(if n == 0 { " AND (" } else { " OR " });
            sql.column(holder, 0, from);
            sql.push(" <> ");
            sql.column(holder, 0, to);
        }
        sql.push(if within { ")" } else { "" });
    });
    if refuses.await? { Err(refused(dependent)) } else { Ok(()) }
}

/// Whether a foreign key leads from one table to the other.
fn points_at(holder: &'static ModelMeta, target: &'static ModelMeta) -> bool {
    holder.foreign_keys.iter().any(|key| std::ptr::eq(key.target, target))
}

/// The optional properties of foreign keys that lead from one table to the other.
fn foreign_keys(holder: &'static ModelMeta, target: &'static ModelMeta) -> Vec<usize> {
    let keys = holder.foreign_keys.iter().filter(|key| std::ptr::eq(key.target, target));
    let mut properties: Vec<usize> = keys.flat_map(|key| key.from).copied().collect();
    properties.retain(|&property| !holder.properties[property].required);
    properties.sort_unstable();
    properties.dedup();
    properties
}
