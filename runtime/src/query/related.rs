//! Rows of a relation by keys that are known as values: the rows that lead to them are elsewhere.

use super::apart;
use super::keys::KeyIndex;
use super::level::Set;
use super::load::children;
use super::loaded::Loaded;
use super::node::Include;
use crate::Result;
use crate::driver::Session;
use crate::key::KeyValues;

/// A relation, and the keys that its rows are wanted for.
#[derive(Debug)]
pub(crate) struct Related {
    pub(crate) include: Include,
    pub(crate) keys: Vec<KeyValues>,
}

/// The rows, and for each the position of the key that it has.
pub(crate) async fn related(session: &mut dyn Session, related: &Related) -> Result<(Loaded, Vec<u32>)> {
    let Related { include, keys } = related;
    let model = include.node.model;
    let properties: Vec<_> = include.relation.to.iter().map(|&property| &model.properties[property]).collect();
    let mut index = KeyIndex::default();
    let mut positions = Vec::with_capacity(keys.len());
    for (key, position) in keys.iter().zip(0..) {
        // No row there has a key that cannot be stored there.
        if let Some(key) = apart::stored(key, &properties, session.capabilities()) {
            index.add(key);
            positions.push(position);
        }
    }
    let set = (0, Set { include, whole: None, columns: Vec::new(), index });
    let mut found = children(session, std::slice::from_ref(&set)).await?;
    let Some((level, of_row)) = found.pop() else { return Ok((Loaded::new(include.node.rows(0)), Vec::new())) };
    let loaded = level.finish(session).await?;
    Ok((loaded, of_row.into_iter().map(|key| positions[key as usize]).collect()))
}
