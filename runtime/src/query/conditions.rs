//! Conditions as SQL. What they say of values within a column is in [`within`](super::within), of counts in
//! [`count`](super::count).

use super::count::NUMBER;
use super::expr::{Comparison, Expr, Quantifier};
use super::sql::{Sql, of_key};
use super::within::Place;
use crate::driver::Bind;
use crate::meta::{Form, ModelMeta, Named, RelationKind, RelationMeta, Side};
use crate::value::Value;

impl<'a> Sql<'a> {
    /// ` WHERE …`, or nothing where every row matches.
    pub(crate) fn filter(&mut self, model: &'static ModelMeta, alias: usize, condition: &'a Expr) {
        if !matches!(condition, Expr::All) {
            self.push(" WHERE ");
            self.condition(model, alias, condition);
        }
    }

    /// ` AND …`, or nothing where every row matches.
    pub(crate) fn and(&mut self, model: &'static ModelMeta, alias: usize, condition: &'a Expr) {
        if !matches!(condition, Expr::All) {
            self.push(" AND ");
            self.condition(model, alias, condition);
        }
    }

    pub(crate) fn condition(&mut self, model: &'static ModelMeta, alias: usize, expr: &'a Expr) {
        self.condition_at(Place::Row(model, alias), expr);
    }

    pub(super) fn condition_at(&mut self, place: Place<'_>, expr: &'a Expr) {
        match expr {
            Expr::All => self.push("TRUE"),
            Expr::Compare { property, comparison, value } => {
                self.property(place, *property);
                self.push(comparison.operator());
                self.bind(Bind::Value(value, place.meta(*property)));
            }
            Expr::Key { properties, values, .. } => {
                let (model, alias) = place.row();
                self.key(model, alias, properties, values.as_slice());
            }
            Expr::List { property, values, negated } => self.list(place, *property, values, *negated),
            Expr::Among { properties, keys } => {
                let (model, alias) = place.row();
                self.among(model, alias, properties, keys);
            }
            Expr::Like { property, pattern, fold, negated } => {
                self.like(place, *property, pattern, *fold, *negated);
            }
            Expr::Regexp { property, pattern, .. } => self.regexp(place, *property, pattern),
            Expr::Null { property, negated } => {
                self.property(place, *property);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::Live { property } => {
                self.property(place, *property);
                self.push(" IS NULL");
            }
            Expr::Named { property, value } => {
                let (model, alias) = place.row();
                self.named(model, alias, *property, value);
            }
            Expr::Led { source, relation, values } => {
                let (_, alias) = place.row();
                self.led(alias, source, relation, values.as_slice());
            }
            Expr::And(all) => self.joined(place, all, " AND "),
            Expr::Or(any) => self.joined(place, any, " OR "),
            Expr::Not(inner) => {
                self.push("NOT (");
                self.condition_at(place, inner);
                self.push(")");
            }
            Expr::Related { relation, quantifier, among, condition } => {
                let (model, alias) = place.row();
                self.related(model, alias, relation, *quantifier, [among, condition]);
            }
            Expr::Reached { relation, from } => {
                let (model, alias) = place.row();
                self.reached(model, alias, relation, from);
            }
            Expr::Embedded { property, quantifier, condition } => {
                self.embedded(place, *property, *quantifier, condition);
            }
            Expr::Has { property, value } => self.has(place, *property, value),
            Expr::Count { count, comparison, number } => {
                let (model, alias) = place.row();
                self.count(model, alias, count.relation, &count.node);
                self.push(comparison.operator());
                self.bind(Bind::Value(number, &NUMBER));
            }
            Expr::Beyond(beyond) => {
                let (model, alias) = place.row();
                self.beyond(model, alias, beyond);
            }
        }
    }

    /// Always in parentheses: no `or` of a caller can widen what stands beside it. Long chains become a tree:
    /// databases bound the depth of an expression, and `a OR b OR c` is one level deeper with each term.
    fn joined(&mut self, place: Place<'_>, parts: &'a [Expr], word: &str) {
        self.push("(");
        if parts.len() > 32 {
            let (first, second) = parts.split_at(parts.len() / 2);
            self.joined(place, first, word);
            self.push(word);
            self.joined(place, second, word);
        } else {
            for (n, part) in parts.iter().enumerate() {
                if n > 0 {
                    self.push(word);
                }
                self.condition_at(place, part);
            }
        }
        self.push(")");
    }

    pub(crate) fn key(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        properties: &[usize],
        values: &'a [Value<'static>],
    ) {
        for (n, (&property, value)) in properties.iter().zip(values).enumerate() {
            if n > 0 {
                self.push(" AND ");
            }
            self.column(model, alias, property);
            self.push(" = ");
            self.bind(of_key(value, &model.properties[property]));
        }
    }

    fn like(&mut self, place: Place<'_>, property: usize, pattern: &'a str, fold: bool, negated: bool) {
        let dangling = pattern.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1;
        if dangling || pattern.contains('\0') {
            // No stored text has a NUL, and to a database it would end the pattern. What escapes nothing matches
            // nothing, fails, or stands for itself, by database: it matches nothing. NULL stays neither.
            self.property(place, property);
            self.push(if negated { " = " } else { " <> " });
            return self.property(place, property);
        }
        let (open, close, word) = match self.capabilities.ilike {
            _ if !fold => ("", "", "LIKE"),
            Some(word) => ("", "", word),
            None => ("lower(", ")", "LIKE"),
        };
        self.push(open);
        self.property(place, property);
        self.push(close);
        self.push(if negated { " NOT " } else { " " });
        self.push(word);
        self.push(" ");
        self.push(open);
        self.bind(Bind::Text(pattern));
        self.push(close);
        self.push(self.capabilities.escape);
    }

    /// Correlated `EXISTS`. "All" is "none that is not": a row for which the condition is neither true nor
    /// false does not match, so the inner test is `IS NOT TRUE`.
    fn related(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        relation: &'static RelationMeta,
        quantifier: Quantifier,
        [among, condition]: [&'a Expr; 2],
    ) {
        if relation.kind == RelationKind::ReferencesMany {
            return self.referenced(model, alias, relation, quantifier, [among, condition]);
        }
        let inner = self.alias();
        let target = relation.target;
        self.push(quantifier.exists());
        self.table(target, inner);
        self.push(" WHERE ");
        self.join(model, alias, relation, inner);
        self.and(target, inner, among);
        if !matches!(condition, Expr::All) || quantifier.is_of_others() {
            self.push(" AND (");
            self.condition(target, inner, condition);
            self.push(if quantifier.is_of_others() { ") IS NOT TRUE" } else { ")" });
        }
        self.push(")");
    }

    /// Correlated `EXISTS` of the live source row.
    fn led(
        &mut self,
        alias: usize,
        source: &'static ModelMeta,
        relation: &'static RelationMeta,
        values: &'a [Value<'static>],
    ) {
        let outer = self.alias();
        self.push("EXISTS (SELECT 1 FROM ");
        self.table(source, outer);
        self.push(" WHERE ");
        self.join(source, outer, relation, alias);
        self.push(" AND ");
        self.key(source, outer, relation.from, values);
        if let Some(property) = source.soft_delete {
            self.push(" AND ");
            self.column(source, outer, property);
            self.push(" IS NULL");
        }
        self.push(")");
    }

    /// The discriminator is this name, which is the schema's, not a caller's.
    pub(crate) fn named(&mut self, model: &ModelMeta, alias: usize, property: usize, value: &str) {
        self.column(model, alias, property);
        self.write(format_args!(" = '{value}'"));
    }

    /// ` AND` what names a model in the target names the right one, where something does.
    pub(crate) fn and_named(&mut self, relation: &RelationMeta, target: usize) {
        if let Form::Named(Named { side: Side::Target, property, value }) = relation.form {
            self.push(" AND ");
            self.named(relation.target, target, property, value);
        }
    }

    /// The target's key is the source's, and what names a model names the right one.
    pub(crate) fn join(&mut self, model: &ModelMeta, alias: usize, relation: &RelationMeta, target: usize) {
        for (n, (&from, &to)) in relation.from.iter().zip(relation.to).enumerate() {
            if n > 0 {
                self.push(" AND ");
            }
            self.column(relation.target, target, to);
            self.push(" = ");
            self.column(model, alias, from);
        }
        if let Form::Named(Named { side: Side::Source, property, value }) = relation.form {
            self.push(" AND ");
            self.named(model, alias, property, value);
        }
        self.and_named(relation, target);
    }
}

impl Comparison {
    pub(super) fn operator(self) -> &'static str {
        match self {
            Self::Eq => " = ",
            Self::Ne => " <> ",
            Self::Gt => " > ",
            Self::Ge => " >= ",
            Self::Lt => " < ",
            Self::Le => " <= ",
        }
    }
}
