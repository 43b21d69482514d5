//! Conditions on what lies within a column: embedded values, elements of lists, and rows that a list of keys leads to.
//!
//! How JSON is taken apart is the database's: its [`Documents`](crate::driver::Documents).

use super::expr::{Expr, Quantifier};
use super::sql::Sql;
use crate::driver::Bind;
use crate::json;
use crate::meta::{EmbeddedMeta, Kind, ModelMeta, PropertyMeta, RelationMeta};
use crate::value::Value;
use crate::value::fit::fits_key;

/// Where the properties of a condition are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'p> {
    /// Columns of a model's table, by its alias.
    Row(&'static ModelMeta, usize),
    /// Members of an embedded value, by the expression that gives it.
    Object(&'static EmbeddedMeta, &'p str),
}

impl Place<'_> {
    pub(super) fn meta(self, property: usize) -> &'static PropertyMeta {
        match self {
            Self::Row(model, _) => &model.properties[property],
            Self::Object(meta, _) => &meta.properties[property],
        }
    }

    /// The table, for what only a model has.
    pub(super) fn row(self) -> (&'static ModelMeta, usize) {
        match self {
            Self::Row(model, alias) => (model, alias),
            Self::Object(..) => unreachable!("an embedded value has no key and no relations"),
        }
    }
}

impl<'a> Sql<'a> {
    /// The property's value.
    pub(super) fn property(&mut self, place: Place<'_>, property: usize) {
        match place {
            Place::Row(model, alias) => self.column(model, alias, property),
            Place::Object(meta, object) => {
                let member = self.capabilities.documents.member(object, &meta.properties[property]);
                self.push(&member);
            }
        }
    }

    /// The property's value, as an expression by itself.
    fn expression(&mut self, place: Place<'_>, property: usize) -> String {
        let before = self.text.len();
        self.property(place, property);
        self.text.split_off(before)
    }

    /// An embedded value is there and matches, or so many of a list of them do. True or false, as for related rows:
    /// a value for which the condition is neither does not match.
    pub(super) fn embedded(&mut self, place: Place<'_>, property: usize, quantifier: Quantifier, condition: &'a Expr) {
        let meta = place.meta(property);
        let Kind::Embedded(embedded) = meta.kind else { unreachable!("the property holds embedded values") };
        let value = self.expression(place, property);
        if !meta.list {
            self.push("(");
            self.push(&value);
            self.push(" IS NOT NULL AND (");
            self.condition_at(Place::Object(embedded, &value), condition);
            return self.push(") IS TRUE)");
        }
        let documents = self.capabilities.documents;
        let alias = self.alias();
        self.push(quantifier.exists());
        self.push(&documents.elements(&value, meta, alias));
        self.push(" WHERE (");
        self.condition_at(Place::Object(embedded, &documents.element(&json::element(meta), alias)), condition);
        self.push(if quantifier.is_of_others() { ") IS NOT TRUE)" } else { "))" });
    }

    /// A list has that element; what no element can be, no list has.
    pub(super) fn has(&mut self, place: Place<'_>, property: usize, value: &'a Value<'static>) {
        let meta = place.meta(property);
        if !fits_key(value, meta) {
            return self.push("FALSE");
        }
        let documents = self.capabilities.documents;
        let list = self.expression(place, property);
        let alias = self.alias();
        self.push("EXISTS (SELECT 1 FROM ");
        self.push(&documents.elements(&list, meta, alias));
        self.push(" WHERE ");
        self.push(&documents.element(&json::element(meta), alias));
        self.push(" = ");
        self.bind(Bind::Value(value, meta));
        self.push(")");
    }

    /// So many of the rows match whose keys are in a list of the source.
    pub(super) fn referenced(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        quantifier: Quantifier,
        [among, condition]: [&'a Expr; 2],
    ) {
        self.push(quantifier.exists());
        let inner = self.listed(model, alias, relation);
        self.and(relation.target, inner, among);
        if !matches!(condition, Expr::All) || quantifier.is_of_others() {
            self.push(" WHERE (");
            self.condition(relation.target, inner, condition);
            self.push(if quantifier.is_of_others() { ") IS NOT TRUE" } else { ")" });
        }
        self.push(")");
    }

    /// The elements of a list of the source, and the rows whose keys they are; gives the alias of those.
    pub(super) fn listed(&mut self, model: &'static ModelMeta, alias: usize, relation: &'static RelationMeta) -> usize {
        let (&[from], &[to]) = (relation.from, relation.to) else { unreachable!("keys in a list have one part") };
        let documents = self.capabilities.documents;
        let list = self.expression(Place::Row(model, alias), from);
        let (keys, inner) = (self.alias(), self.alias());
        let key = &relation.target.properties[to];
        self.push(&documents.elements(&list, key, keys));
        self.push(" JOIN ");
        self.table(relation.target, inner);
        self.push(" ON ");
        self.column(relation.target, inner, to);
        self.push(" = ");
        self.push(&documents.element(key, keys));
        inner
    }
}
