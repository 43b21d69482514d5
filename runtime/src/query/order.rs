//! Orders as SQL: by a row's own columns, by numbers of related rows, and by what a related row holds.

use super::expr::{Expr, Order};
use super::node::Node;
use super::sql::Sql;
use crate::meta::{Kind, ModelMeta, PropertyMeta, RelationKind, RelationMeta};

impl Order {
    /// By a term of the one row that the relation leads to, if the node has it.
    pub(crate) fn related(relation: &'static RelationMeta, node: Node, term: Self) -> Self {
        let always = relation.kind == RelationKind::BelongsTo && relation.required && relation.strong;
        // Nothing but NULL is before everything, so that it is asked for only where it may be.
        let present = always && relation.target.soft_delete.is_none() && matches!(node.condition, Expr::All);
        Self::Related { relation, node: Box::new(node), present, term: Box::new(term) }
    }

    pub(super) fn is_descending(&self) -> bool {
        match self {
            Self::Property { descending, .. } | Self::Count { descending, .. } => *descending,
            Self::Related { term, .. } => term.is_descending(),
        }
    }

    /// Whether a row of that model may have no value to be ordered by.
    pub(super) fn is_nullable(&self, model: &ModelMeta) -> bool {
        match self {
            Self::Property { property, .. } => !model.properties[*property].required,
            Self::Count { .. } => false,
            Self::Related { relation, present, term, .. } => !present || term.is_nullable(relation.target),
        }
    }
}

impl<'a> Sql<'a> {
    /// ` ORDER BY …`; a cut list gets the primary key as the last term, so that its order is total.
    pub(crate) fn order(&mut self, model: &'static ModelMeta, alias: usize, order: &'a [Order], cut: bool) {
        let mut word = " ORDER BY ";
        for term in order {
            self.push(word);
            word = ", ";
            self.order_term(model, alias, term);
        }
        for &key in model.key.iter().filter(|&&key| cut && !order.iter().any(|term| term.is_by(key))) {
            self.push(word);
            word = ", ";
            self.column(model, alias, key);
            self.direction(false, !model.properties[key].required);
        }
    }

    /// One term of an order.
    pub(super) fn order_term(&mut self, model: &'static ModelMeta, alias: usize, term: &'a Order) {
        self.term(model, alias, term);
        self.direction(term.is_descending(), term.is_nullable(model));
    }

    /// What is ordered by.
    pub(super) fn term(&mut self, model: &'static ModelMeta, alias: usize, term: &'a Order) {
        match term {
            Order::Property { property, .. } => match self.sorted_by(&model.properties[*property]) {
                None => self.column(model, alias, *property),
                Some(characters) => {
                    self.push("LEFT(");
                    self.column(model, alias, *property);
                    self.write(format_args!(", {characters})"));
                }
            },
            Order::Count { count, .. } => self.count(model, alias, count.relation, &count.node),
            Order::Related { relation, node, term, .. } => self.related_term(model, alias, relation, node, term),
        }
    }

    /// By how much of a property's values rows are sorted, where it is not all of them. It is said, so that what is
    /// sorted and what is compared come to the same.
    pub(super) fn sorted_by(&self, property: &PropertyMeta) -> Option<u64> {
        let most = self.capabilities.sorts_by?;
        let is_long = match property.kind {
            _ if property.list => false,
            Kind::Text | Kind::Bytes => property.max_length.is_none_or(|length| length > most),
            Kind::String => property.max_length.is_some_and(|length| length > most),
            _ => false,
        };
        is_long.then_some(most)
    }

    /// A scalar subquery, NULL where there is no row. Of several rows, the first by primary key counts, as where they
    /// are included.
    fn related_term(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        node: &'a Node,
        term: &'a Order,
    ) {
        let (target, inner) = (relation.target, self.alias());
        self.push("(SELECT ");
        self.term(target, inner, term);
        self.push(" FROM ");
        self.rows_of(model, alias, relation, node, inner);
        if relation.through().is_some() || !target.is_unique(relation.to, node.is_live()) {
            self.order(target, inner, &node.order, true);
            self.push(" LIMIT 1");
        }
        self.push(")");
    }

    pub(super) fn direction(&mut self, descending: bool, nullable: bool) {
        if descending {
            self.push(" DESC");
        }
        // Said only where it matters: an index serves an order only if both put NULL in the same place.
        if !self.capabilities.nulls_first && nullable {
            self.push(if descending { " NULLS LAST" } else { " NULLS FIRST" });
        }
    }
}
