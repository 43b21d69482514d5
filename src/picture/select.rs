//! Which part of the picture is wanted: some models, or what stands around them.

use std::collections::BTreeSet;
use std::fmt;

use super::{EntityKind, Picture};
use crate::diagnostic::suggest::nearest;

/// The part of a schema that is drawn; the default is all of it.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// These models and nothing else; none means every model.
    pub models: Vec<String>,
    /// These models and those that they are related to.
    pub around: Vec<String>,
    /// How many lines away from `around` a model may be.
    pub depth: u32,
}

/// A selection that names a model which is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    name: String,
    nearest: Option<String>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the schema has no model `{}`", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

/// The picture of what is selected, with the enums and values that it is made of.
pub(super) fn select(picture: Picture, selection: &Selection) -> Result<Picture, UnknownName> {
    if selection.models.is_empty() && selection.around.is_empty() {
        return Ok(picture);
    }
    let find = |name: &String| {
        let models = || picture.entities.iter().filter(|entity| entity.kind != EntityKind::Enum);
        picture.entities.iter().position(|entity| entity.kind != EntityKind::Enum && entity.name == *name).ok_or_else(
            || UnknownName {
                name: name.clone(),
                nearest: nearest(name, models().map(|entity| entity.name.as_str())).map(str::to_owned),
            },
        )
    };
    let mut kept: BTreeSet<usize> = selection.models.iter().map(find).collect::<Result<_, _>>()?;
    let mut near: BTreeSet<usize> = selection.around.iter().map(find).collect::<Result<_, _>>()?;
    for _ in 0..selection.depth {
        let before = near.len();
        let joined = picture.lines.iter().map(|line| [line.ends[0].entity, line.ends[1].entity]);
        let touched: Vec<_> = joined.filter(|ends| ends.iter().any(|end| near.contains(end))).flatten().collect();
        near.extend(touched);
        if near.len() == before {
            break;
        }
    }
    kept.append(&mut near);
    loop {
        let parts = kept.iter().flat_map(|entity| &picture.entities[*entity].rows).filter_map(|row| row.of);
        let parts: Vec<_> = parts.filter(|part| !kept.contains(part)).collect();
        if parts.is_empty() {
            break;
        }
        kept.extend(parts);
    }
    Ok(only(picture, &kept))
}

/// The picture without the boxes that are not kept; the indices of the others move up.
fn only(picture: Picture, kept: &BTreeSet<usize>) -> Picture {
    let Picture { groups, entities, lines } = picture;
    let place = |entity: usize| kept.range(..entity).count();
    let lines = lines.into_iter().filter(|line| line.ends.iter().all(|end| kept.contains(&end.entity)));
    let lines = lines.map(|mut line| {
        for end in &mut line.ends {
            end.entity = place(end.entity);
        }
        line
    });
    let entities = entities.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, mut entity)| {
        for row in &mut entity.rows {
            row.of = row.of.map(place);
        }
        entity
    });
    Picture { groups, entities: entities.collect(), lines: lines.collect() }.without_empty_groups()
}
