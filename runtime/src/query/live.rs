//! Which rows of a model are live: all, or where rows are deleted softly, those that are not.
//!
//! Reads see live rows because every [`Node`] starts from them; what changes rows asks for them here.

use super::expr::Expr;
use super::node::Node;
use crate::key::KeyValues;
use crate::meta::{Dialects, ModelMeta, ViewMeta};

impl ModelMeta {
    /// What live rows match.
    pub(crate) fn live(&self) -> Expr {
        self.soft_delete.map_or(Expr::All, |property| Expr::Live { property })
    }

    /// What deleted rows match.
    pub(crate) fn deleted(&self) -> Expr {
        self.soft_delete.map_or(Expr::All, |property| Expr::Null { property, negated: true })
    }
}

impl Expr {
    /// The conditions that must all hold.
    fn parts(&self) -> &[Self] {
        match self {
            Self::All => &[],
            Self::And(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}

impl Node {
    /// Deleted rows as well.
    pub(crate) fn with_deleted(&mut self) {
        let condition = std::mem::replace(&mut self.condition, Expr::All);
        self.condition = match condition {
            Expr::Live { .. } => Expr::All,
            Expr::And(parts) => {
                let rest = parts.into_iter().filter(|part| !matches!(part, Expr::Live { .. }));
                rest.fold(Expr::All, Expr::and)
            }
            other => other,
        };
    }

    /// Whether no deleted row is among them.
    pub(crate) fn is_live(&self) -> bool {
        self.model.soft_delete.is_none() || self.condition.parts().iter().any(|part| matches!(part, Expr::Live { .. }))
    }

    /// Whether nothing but being live is asked of the rows.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.condition, Expr::All | Expr::Live { .. })
    }

    /// The primary key whose row is asked for.
    pub(crate) fn id(&self) -> Option<&KeyValues> {
        self.condition.parts().iter().find_map(|part| match part {
            Expr::Key { properties, values, .. } if *properties == self.model.key => Some(values),
            _ => None,
        })
    }

    /// The same rows, of which only what the view shows is read.
    pub(crate) fn show(&mut self, view: &'static ViewMeta) {
        let by_key = |part: &mut Expr| {
            if let Expr::Key { properties, select, .. } = part
                && *properties == view.model.key
            {
                *select = view.sql.as_ref().map(|sql| &sql.select_by_key);
            }
        };
        match &mut self.condition {
            Expr::And(parts) => parts.iter_mut().for_each(by_key),
            other => by_key(other),
        }
        self.view = Some(view);
    }

    /// The emitted statement that reads exactly these rows, of live ones where there are others, with the key that it
    /// is given.
    pub(crate) fn emitted(&self) -> Option<(&'static Dialects<&'static str>, &'static [usize], &KeyValues)> {
        let key = match self.condition.parts() {
            [key] if self.model.soft_delete.is_none() => key,
            [key, Expr::Live { .. }] => key,
            _ => return None,
        };
        match key {
            Expr::Key { properties, values, select: Some(select) }
                if self.order.is_empty() && !self.is_cut() && self.lock.is_none() =>
            {
                Some((select, properties, values))
            }
            _ => None,
        }
    }
}
