//! Relations to several models: to each of them a relation of its own, an arm.
//!
//! Where the source holds the discriminator, it chooses the arm that a parent's key is for, so that only models that
//! occur are asked for rows. Knows nothing of statements.

use super::access::Accessed;
use super::expr::Expr;
use super::keys::number;
use super::level::{Set, is_null};
use super::load::load;
use super::loaded::{Arm, Links, Loaded, LoadedRelation, NONE, meant};
use super::node::{Include, Node};
use crate::driver::Session;
use crate::key::KeyValues;
use crate::meta::{Form, ModelMeta, Named, RelationKind, RelationMeta, Side};
use crate::row::{Cells, Rows};
use crate::shape::dangling;
use crate::value::{Raw, Value};
use crate::{Error, Result};

impl RelationMeta {
    /// The property of the source that says which model is meant.
    pub(crate) fn discriminator(&self) -> Option<usize> {
        match self.form {
            Form::Named(Named { side: Side::Source, property, .. }) => Some(property),
            Form::Polymorphic(arms) => arms.first()?.discriminator(),
            _ => None,
        }
    }

    /// The name that the discriminator has where the relation leads somewhere.
    pub(crate) fn named(&self) -> Option<&'static str> {
        if let Form::Named(named) = self.form { Some(named.value) } else { None }
    }
}

/// The arms of one included relation, with the keys of all parents.
pub(super) struct Arms<'n> {
    model: &'static ModelMeta,
    whole: &'n Include,
    /// The statement's column that names the model, and its property.
    discriminator: Option<(usize, usize)>,
    sets: Vec<Set<'n>>,
}

impl<'n> Arms<'n> {
    /// Of parents like `node`, whose columns begin at `first`.
    pub(super) fn new(node: &Node, whole: &'n Include, first: usize) -> Self {
        let sets = whole.node.arms.iter().map(|arm| Set::new(node, arm, Some(whole), first)).collect();
        let named = whole.relation.discriminator();
        let discriminator = named.map(|property| (first + node.column(property), property));
        Self { model: node.model, whole, discriminator, sets }
    }

    /// Notes the key of the next parent, for the model that is meant.
    pub(super) fn push(&mut self, cells: &Cells<'_>) -> Result<()> {
        let Some((column, property)) = self.discriminator else {
            self.sets.iter_mut().for_each(|set| set.index.push(cells, &set.columns));
            return Ok(());
        };
        let unset = self.sets.first().is_none_or(|set| set.columns.iter().any(|&key| is_null(cells, key)));
        let mut meant = None;
        if !unset && !is_null(cells, column) {
            let Raw::Text(text) = cells.raw(column) else { return Err(self.refusal(property)) };
            let named = |set: &Set<'_>| set.include.relation.named().is_some_and(|name| name.as_bytes() == text);
            meant = Some(self.sets.iter().position(named).ok_or_else(|| self.refusal(property))?);
        }
        for (n, set) in self.sets.iter_mut().enumerate() {
            if Some(n) == meant { set.index.push(cells, &set.columns) } else { set.index.skip() }
        }
        Ok(())
    }

    #[cold]
    fn refusal(&self, property: usize) -> Error {
        names_no_target(self.model, self.whole.relation, property)
    }

    /// One for each arm, in the relation's order.
    pub(super) fn sets(&self) -> &[Set<'n>] {
        &self.sets
    }

    /// The same, with the keys that were noted.
    pub(super) fn into_sets(self) -> Vec<Set<'n>> {
        self.sets
    }
}

#[cold]
fn names_no_target(model: &'static ModelMeta, relation: &'static RelationMeta, property: usize) -> Error {
    Error::InvalidDiscriminator {
        model: model.name,
        property: model.properties[property].name,
        relation: relation.name,
    }
}

/// Of decoded rows, the arm that each means; none where its key is unset.
///
/// # Errors
/// `invalid_discriminator`
pub(crate) fn meant_by(model: &'static ModelMeta, whole: &Include, rows: &dyn Rows) -> Result<Vec<Option<usize>>> {
    let relation = whole.relation;
    let meant = |row| {
        let Some(property) = relation.discriminator() else { return Ok(None) };
        let unset = relation.from.iter().any(|&key| matches!(rows.value(row, key), Value::Null));
        match rows.value(row, property) {
            _ if unset => Ok(None),
            Value::Text(name) => {
                let named = |arm: &Include| arm.relation.named() == Some(&*name);
                let arm = whole.node.arms.iter().position(named);
                arm.map(Some).ok_or_else(|| names_no_target(model, relation, property))
            }
            _ => Ok(None),
        }
    };
    (0..rows.len()).map(meant).collect()
}

/// Adds what one arm gave to what the relation gives.
pub(crate) fn add(relations: &mut Vec<(usize, LoadedRelation)>, whole: &Include, arm: LoadedRelation) {
    let LoadedRelation { source, relation, loaded, links } = arm;
    let is_chosen = relation.discriminator().is_some();
    let at = relations.iter().position(|(index, _)| *index == whole.index).unwrap_or_else(|| {
        let loaded = Loaded::new(whole.node.rows(0));
        let links =
            Links { of_parent: vec![NONE; links.of_parent.len()], of_row: Some(Vec::new()), groups: 0, lists: None };
        relations.push((whole.index, LoadedRelation { source, relation: whole.relation, loaded, links }));
        relations.len() - 1
    });
    let all = &mut relations[at].1;
    let first = if is_chosen { number(all.links.groups) } else { 0 };
    all.links.add(links, first);
    all.loaded.arms.push(Arm { first, relation, loaded });
}

/// Follows a relation to one of several models from the source row with that key: the primary key for a belongsTo,
/// else the relation's. One statement for the row, one for what it leads to, and those of what is included there.
///
/// # Errors
/// `not_found` where a belongsTo has no source, `dangling` where its key leads to no row, `invalid_discriminator`.
pub(super) async fn access(
    session: &mut dyn Session,
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: &KeyValues,
    node: &Node,
) -> Result<Accessed> {
    let loaded = load(session, &row(source, relation, key, node)).await?;
    accessed(source, relation, key, node, loaded)
}

/// What the source row, as it was loaded, leads to.
///
/// # Errors
/// Those of [`access`].
pub(crate) fn accessed(
    source: &'static ModelMeta,
    relation: &'static RelationMeta,
    key: &KeyValues,
    node: &Node,
    mut loaded: Loaded,
) -> Result<Accessed> {
    let belongs = relation.kind == RelationKind::BelongsTo;
    if belongs && loaded.len() == 0 {
        return Err(Error::NotFound { model: source.name, id: Some(key.describe()) });
    }
    let LoadedRelation { loaded, links, .. } = loaded.relation(0).expect("what is included is loaded");
    let group = links.of_parent.first().copied().unwrap_or(NONE);
    if belongs && group != NONE && loaded.len() == 0 {
        let meant = meant(&loaded.first_groups(), group).filter(|relation| node.wants_all_of(relation));
        if let Some(relation) = meant {
            return Err(dangling(source, relation));
        }
    }
    let unset = loaded.len() == 0;
    Ok(Accessed { loaded, unset })
}

/// The source row with that key, and what it leads to.
pub(crate) fn row(source: &'static ModelMeta, relation: &'static RelationMeta, key: &KeyValues, node: &Node) -> Node {
    let properties = if relation.kind == RelationKind::BelongsTo { source.key } else { relation.from };
    let select = (properties == source.key).then_some(&source.sql.select_by_key);
    let mut row = Node::matching(source, Expr::Key { properties, values: key.clone(), select });
    row.include(Include { index: 0, relation, asked: Some(relation), node: node.clone(), counted: false });
    row
}

impl Node {
    /// Whether every row that an arm leads to is wanted: where there is none, its key leads nowhere.
    fn wants_all_of(&self, relation: &'static RelationMeta) -> bool {
        let arm = self.arms.iter().find(|arm| std::ptr::eq(arm.relation, relation));
        arm.is_some_and(|arm| matches!(arm.node.condition, Expr::All))
    }

    /// What is wanted of the arm at that position. Where its links are, it leads to those.
    pub(crate) fn narrow(&mut self, at: usize, arm: Include) {
        self.arms[at] = Include { index: at, ..arm };
    }
}

impl Links {
    /// Rows of another model after those that are there, their groups numbered from `first`.
    fn add(&mut self, other: Self, first: u32) {
        for (group, of_other) in self.of_parent.iter_mut().zip(&other.of_parent) {
            if *of_other != NONE {
                *group = first + of_other;
            }
        }
        let rows = other.of_row.into_iter().flatten().map(|group| first + group);
        self.of_row.get_or_insert_default().extend(rows);
        self.groups = first as usize + other.groups;
    }
}
