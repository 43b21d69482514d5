//! Relations through a link model: what is asked of its rows, and conditions along them. Their rows for many parents
//! are found by [`Pairs`](super::pairs::Pairs).
//!
//! Knows nothing of how the link's own rows are read and written: they are rows of a plain relation.

use super::expr::{Expr, Order, Quantifier};
use super::node::{Include, Node};
use super::sql::Sql;
use crate::key::KeyValues;
use crate::meta::{Form, ModelMeta, Named, RelationMeta, Side, ThroughMeta};

/// The rows of a link model that a relation leads along.
#[derive(Debug, Clone)]
pub(crate) struct LinkRows {
    pub(crate) through: &'static ThroughMeta,
    pub(crate) condition: Expr,
    /// Nothing was said of them.
    pub(crate) whole: bool,
    /// Where each of them is wanted with its target: their order.
    pub(crate) order: Option<Vec<Order>>,
}

impl LinkRows {
    /// Stands among the relations of a link's row for the target that it is wanted with; none of the model's own.
    pub(crate) const TARGET: usize = usize::MAX;

    /// All that lead from source to target.
    pub(crate) fn of(through: &'static ThroughMeta) -> Self {
        Self { through, condition: through.rows(), whole: true, order: None }
    }
}

impl Node {
    /// Only by links that match.
    pub(crate) fn filter_link(&mut self, condition: Expr) {
        if let Some(link) = &mut self.link {
            let before = std::mem::replace(&mut link.condition, Expr::All);
            link.condition = before.and(condition);
            link.whole = false;
        }
    }

    /// The link's rows with their targets, in the order that was said of these.
    pub(crate) fn with_link(&mut self) {
        if let Some(link) = &mut self.link {
            let terms = std::mem::take(&mut self.order);
            link.order = Some(link.through.by_target(terms).collect());
        }
    }

    /// In this order of the link's rows too.
    pub(crate) fn order_by_link(&mut self, terms: Vec<Order>) {
        if let Some(order) = self.link.as_mut().and_then(|link| link.order.as_mut()) {
            order.extend(terms);
        }
    }
}

impl Include {
    /// Where the link's rows are wanted with their targets: the relation that leads to those rows, and the targets
    /// riding on it. Links that lead to none of the targets are left out.
    pub(crate) fn by_links(mut self) -> Self {
        let Some(link) = self.node.link.take_if(|link| link.order.is_some()) else { return self };
        let LinkRows { through, condition, order, .. } = *link;
        let (relation, mut target) = (&through.target, self.node);
        let mut links = Node::new(through.link());
        (links.limit, links.offset) = (target.limit.take(), target.offset.take());
        links.order = order.unwrap_or_default();
        let among = Box::new(target.condition.clone());
        let leads = Expr::Related { relation, quantifier: Quantifier::Any, among, condition: Box::new(Expr::All) };
        links.condition = condition.and(leads);
        // Of deleted targets that share a key with a live one, the live one counts.
        let deleted = target.model.soft_delete.filter(|_| !target.is_live());
        target.order.extend(deleted.map(|property| Order::Property { property, descending: false }));
        links.include(Self { index: LinkRows::TARGET, relation, asked: None, node: target, counted: false });
        Self { relation: &through.links, node: links, ..self }
    }
}

impl ThroughMeta {
    /// The link model.
    pub(crate) fn link(&self) -> &'static ModelMeta {
        self.links.target
    }

    /// The link's rows in the order of what they lead to.
    pub(crate) fn by_target(&'static self, terms: Vec<Order>) -> impl Iterator<Item = Order> {
        let relation = &self.target;
        let mut node = Node::new(relation.target);
        node.with_deleted();
        // Of deleted targets that share a key with a live one, the live one counts.
        node.order.extend(relation.target.soft_delete.map(|property| Order::Property { property, descending: false }));
        // Links that lead to none are left out.
        terms.into_iter().map(move |term| Order::Related {
            relation,
            node: Box::new(node.clone()),
            present: true,
            term: Box::new(term),
        })
    }

    /// The link's live rows that are about these two models: some lead to several.
    pub(crate) fn rows(&self) -> Expr {
        let named = match self.back.form {
            Form::Named(Named { side: Side::Target, property, value }) => Expr::Named { property, value },
            _ => Expr::All,
        };
        named.and(self.link().live())
    }

    /// The link's rows that lead from the source with that key.
    pub(crate) fn from(&self, key: KeyValues) -> Expr {
        Expr::Key { properties: self.links.to, values: key, select: None }.and(self.rows())
    }

    /// The targets that those rows of the link lead to.
    pub(crate) fn reached(&'static self, from: Expr) -> Expr {
        Expr::Reached { relation: &self.back, from: Box::new(from) }
    }

    /// The condition on the source that so many of its targets match, of those that are looked at. A link that leads
    /// nowhere says nothing.
    pub(crate) fn related(&'static self, link: Expr, quantifier: Quantifier, [among, condition]: [Expr; 2]) -> Expr {
        let target = |quantifier| {
            let (among, condition) = (Box::new(among), Box::new(condition));
            Expr::Related { relation: &self.target, quantifier, among, condition }
        };
        let (quantifier, condition) = match quantifier {
            Quantifier::Any => (Quantifier::Any, target(Quantifier::Any)),
            Quantifier::None => (Quantifier::None, target(Quantifier::Any)),
            Quantifier::All => (Quantifier::None, target(Quantifier::NotAll)),
            Quantifier::NotAll => (Quantifier::Any, target(Quantifier::NotAll)),
        };
        Expr::Related { relation: &self.links, quantifier, among: Box::new(link), condition: Box::new(condition) }
    }
}

impl<'a> Sql<'a> {
    /// The row's key is one of those that the rows that match hold.
    pub(super) fn reached(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        from: &'a Expr,
    ) {
        self.key_of(model, alias, relation.from);
        self.push(" IN (SELECT ");
        let inner = self.alias();
        self.properties(relation.target, inner, relation.to);
        self.push(" FROM ");
        self.table(relation.target, inner);
        self.filter(relation.target, inner, from);
        self.push(")");
    }

    /// The columns of a key, to be compared with a list.
    pub(super) fn key_of(&mut self, model: &ModelMeta, alias: usize, properties: &[usize]) {
        let (open, close) = if properties.len() == 1 { ("", "") } else { ("(", ")") };
        self.push(open);
        self.properties(model, alias, properties);
        self.push(close);
    }
}
