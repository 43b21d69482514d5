//! A filter against the model that it is about.

use super::conditions::{Subject, is_ordered};
use super::limits::FilterLimits;
use super::mistakes::{Mistakes, Path};
use super::tree::{KEYS, Tree, listed};
use crate::across::inclusion::Inclusion;
use crate::meta::{ModelMeta, PropertyMeta, RelationMeta};
use crate::query::expr::{Expr, Order};
use crate::query::node::Node;
use crate::{Error, Result};

/// What the filter asks of rows of a model, beyond what `node` asks already.
///
/// # Errors
/// `invalid_filter` with all that is wrong; `cross_datasource_filter`; `inclusion_not_allowed`.
pub(crate) fn resolve(
    filter: &Tree,
    node: &mut Node,
    limits: &FilterLimits,
    inclusion: Option<&Inclusion>,
    view: Option<&'static str>,
) -> Result<()> {
    let mut resolver = Resolver {
        limits,
        inclusion,
        view,
        mistakes: Mistakes::default(),
        refused: None,
        conditions: 0,
        includes: 0,
        depth: 0,
        nested: 0,
    };
    resolver.scope(filter, Path::Root, node, true);
    node.limit.get_or_insert(limits.default_rows.min(limits.rows));
    match resolver.mistakes.into_error().or(resolver.refused) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

pub(super) struct Resolver<'f> {
    pub(super) limits: &'f FilterLimits,
    pub(super) inclusion: Option<&'f Inclusion>,
    /// The view that says what is shown of the outermost rows.
    pub(super) view: Option<&'static str>,
    pub(super) mistakes: Mistakes,
    /// What is told where nothing else is wrong.
    pub(super) refused: Option<Error>,
    pub(super) conditions: usize,
    pub(super) includes: usize,
    pub(super) depth: usize,
    /// How deep the condition at hand is in relations and embedded values.
    nested: usize,
}

impl Resolver<'_> {
    /// A filter, or the scope of an inclusion: `many` rows of it, or one.
    pub(super) fn scope(&mut self, tree: &Tree, path: Path<'_>, node: &mut Node, many: bool) {
        let Tree::Object(members) = tree else {
            return self
                .mistakes
                .add(path, format!("an object with {} stands here, not {}", listed(KEYS), tree.kind()));
        };
        let mut offset = None;
        for (name, value) in members {
            let at = path.key(name);
            match name.as_str() {
                "where" => {
                    let condition = self.condition(Subject::rows(node.model), at, value);
                    node.filter(condition);
                }
                "order" | "limit" | "skip" | "offset" if !many => {
                    self.mistakes.add(at, "the relation leads to one row, of which there is no order and no number");
                }
                "order" => {
                    let terms = self.orders(node.model, at, value);
                    node.order_by(terms);
                }
                "limit" => node.limit = self.limit(at, value),
                "skip" | "offset" if offset.replace(name).is_some() => {
                    self.mistakes.add(at, "`skip` and `offset` are one: give one of them");
                }
                "skip" | "offset" => {
                    node.offset = value.count();
                    if node.offset.is_none() {
                        self.mistakes.add(at, format!("a whole number from 0 stands here, not {}", value.kind()));
                    }
                }
                "fields" | "include" if self.depth == 0 && self.view.is_some() => {
                    let view = self.view.unwrap_or_default();
                    self.mistakes.add(at, format!("the view {view} says what is shown: leave this out"));
                }
                "fields" => node.fields = self.fields(node.model, at, value).map(Into::into),
                "include" => self.inclusions(node, at, value),
                _ => self.mistakes.add(at, format!("a filter has no such member; it has {}", listed(KEYS))),
            }
        }
    }

    fn limit(&mut self, path: Path<'_>, value: &Tree) -> Option<u64> {
        let most = if self.depth == 0 { self.limits.rows } else { u64::MAX };
        match value.count() {
            Some(limit) if limit > most => self.mistakes.add(path, format!("at most {most} rows are given at once")),
            Some(limit) if limit > 0 => return Some(limit),
            _ => self.mistakes.add(path, format!("a whole number from 1 stands here, not {}", said(value))),
        }
        None
    }

    /// `"name DESC"`, several after commas, or a list of such.
    fn orders(&mut self, model: &'static ModelMeta, path: Path<'_>, value: &Tree) -> Vec<Order> {
        let orders = match value {
            Tree::List(terms) => {
                let mut orders = Vec::new();
                for (n, term) in terms.iter().enumerate() {
                    orders.extend(self.orders_of(model, path.at(n), term));
                }
                orders
            }
            term => self.orders_of(model, path, term),
        };
        let most = self.limits.order;
        if orders.len() > most {
            self.mistakes.add(path, format!("rows are ordered by at most {most} terms, not by {}", orders.len()));
        }
        orders
    }

    fn orders_of(&mut self, model: &'static ModelMeta, path: Path<'_>, value: &Tree) -> Vec<Order> {
        let Some(text) = value.text() else {
            self.mistakes.add(path, format!("`\"name ASC\"` or `\"name DESC\"` stands here, not {}", value.kind()));
            return Vec::new();
        };
        text.split(',').filter_map(|term| self.term(model, path, term)).collect()
    }

    fn term(&mut self, model: &'static ModelMeta, path: Path<'_>, term: &str) -> Option<Order> {
        let mut words = term.split_whitespace();
        let (name, direction) = (words.next().unwrap_or_default(), words.next());
        let descending = match direction {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("asc") => false,
            Some(word) if word.eq_ignore_ascii_case("desc") => true,
            Some(_) => {
                self.mistakes.add(path, "a direction is ASC or DESC");
                return None;
            }
        };
        if words.next().is_some() {
            self.mistakes.add(path, "a name and a direction stand here, `name DESC`, several after commas");
            return None;
        }
        let most = self.limits.nested;
        if name.split('.').nth(most.saturating_add(1)).is_some() {
            self.mistakes.add(path, format!("an order goes along at most {most} relations"));
            return None;
        }
        self.column(model, path, name, descending)
    }

    /// A property, or one of the row that a relation leads to: `customer.name`.
    fn column(&mut self, model: &'static ModelMeta, path: Path<'_>, name: &str, descending: bool) -> Option<Order> {
        if let Some((first, rest)) = name.split_once('.') {
            let Some(relation) = relations(model).find(|relation| relation.name == first && is_ordering(relation))
            else {
                let names = relations(model).filter(|relation| is_ordering(relation)).map(|relation| relation.name);
                let message =
                    format!("{} has no such relation to one row to order by; it has {}", model.name, listed(names));
                self.mistakes.add(path, message);
                return None;
            };
            if !self.is_near(model, relation) {
                return None;
            }
            let term = self.column(relation.target, path, rest, descending)?;
            return Some(Order::related(relation, Node::of(relation), term));
        }
        let found = visible(model.properties).find(|&property| {
            let property = &model.properties[property];
            property.name == name && is_ordered(property)
        });
        if found.is_none() {
            let of = visible(model.properties).map(|property| &model.properties[property]);
            let names = of.filter(|property| is_ordered(property)).map(|property| property.name);
            self.mistakes
                .add(path, format!("{} has no such property to order by; it has {}", model.name, listed(names)));
        }
        found.map(|property| Order::Property { property, descending })
    }

    /// The properties that rows are given with; none where nothing is said.
    fn fields(&mut self, model: &'static ModelMeta, path: Path<'_>, value: &Tree) -> Option<Vec<usize>> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        match value {
            Tree::List(names) => {
                for (n, name) in names.iter().enumerate() {
                    match name.text() {
                        Some(name) => wanted.extend(self.field(model, path.at(n), name)),
                        None => self.mistakes.add(path.at(n), format!("a name stands here, not {}", name.kind())),
                    }
                }
            }
            Tree::Object(members) => {
                for (name, value) in members {
                    let at = path.key(name);
                    match value.flag() {
                        Some(true) => wanted.extend(self.field(model, at, name)),
                        Some(false) => unwanted.extend(self.field(model, at, name)),
                        None => self.mistakes.add(at, format!("true or false stands here, not {}", value.kind())),
                    }
                }
            }
            other => {
                let message =
                    format!("a list of names, or an object of names with true or false, not {}", other.kind());
                self.mistakes.add(path, message);
            }
        }
        if !wanted.is_empty() {
            return Some(wanted);
        }
        (!unwanted.is_empty())
            .then(|| visible(model.properties).filter(|property| !unwanted.contains(property)).collect())
    }

    fn field(&mut self, model: &'static ModelMeta, path: Path<'_>, name: &str) -> Option<usize> {
        let found = visible(model.properties).find(|&property| model.properties[property].name == name);
        if found.is_none() {
            let names = visible(model.properties).map(|property| model.properties[property].name);
            self.mistakes.add(path, format!("{} has no such property; it has {}", model.name, listed(names)));
        }
        found
    }

    /// A condition one deeper in relations or embedded values, if it may be: each is a subquery within the other, and
    /// SQLite refuses some twenty as too deep an expression.
    pub(super) fn nested(&mut self, path: Path<'_>, condition: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let most = self.limits.nested;
        if self.nested == most {
            self.mistakes
                .add(path, format!("conditions are nested at most {most} deep in relations and embedded values"));
            return Expr::All;
        }
        self.nested += 1;
        let condition = condition(self);
        self.nested -= 1;
        condition
    }

    /// Whether both ends of a relation are in one database; that they are not is told at the end.
    pub(super) fn is_near(&mut self, source: &'static ModelMeta, relation: &'static RelationMeta) -> bool {
        let near = !crate::across::is_far(source, relation);
        if !near {
            let (model, relation) = (source.name, relation.name);
            self.refused.get_or_insert(Error::CrossDatasourceFilter { model, relation });
        }
        near
    }
}

/// What stands where a number should: of numbers, that it is another one.
fn said(value: &Tree) -> &'static str {
    match value {
        Tree::Int(_) | Tree::Large(_) | Tree::Real(_) => "another number",
        other => other.kind(),
    }
}

/// The properties that are known outside.
pub(super) fn visible(properties: &'static [PropertyMeta]) -> impl Iterator<Item = usize> {
    (0..properties.len()).filter(|&property| !properties[property].hidden)
}

/// The relations that are known outside.
pub(super) fn relations(model: &'static ModelMeta) -> impl Iterator<Item = &'static RelationMeta> {
    model.relations.iter().filter(|relation| relation.includable)
}

/// Whether rows can be ordered by what it leads to.
fn is_ordering(relation: &RelationMeta) -> bool {
    !relation.is_many() && relation.through().is_none() && !relation.is_polymorphic()
}
