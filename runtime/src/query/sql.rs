//! SQL text and its bound values, put together from constants of emitted code and positions of
//! properties. No text from a caller ever becomes SQL.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Deref;

use super::expr::{Comparison, Expr, Order, Quantifier};
use crate::driver::{Bind, Capabilities, Placeholder};
use crate::meta::{Kind, ModelMeta, PropertyMeta, RelationMeta};
use crate::value::Value;
use crate::value::fit::fits_key;

/// A statement with its bound values.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) text: Cow<'static, str>,
    pub(crate) binds: Binds<'a>,
}

/// Values of a statement, in the order of its marks. The single one of a key needs no list of its own.
#[derive(Debug)]
pub(crate) enum Binds<'a> {
    One([Bind<'a>; 1]),
    Many(Vec<Bind<'a>>),
}

impl<'a> Deref for Binds<'a> {
    type Target = [Bind<'a>];

    fn deref(&self) -> &[Bind<'a>] {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl<'a> Statement<'a> {
    /// A statement of emitted code, by a key.
    pub(crate) fn by_key(
        text: &'static str,
        model: &'static ModelMeta,
        properties: &[usize],
        values: &'a [Value<'static>],
    ) -> Self {
        let bind = |(&property, value): (&usize, &'a _)| of_key(value, &model.properties[property]);
        let binds = match (properties, values) {
            ([property], [value]) => Binds::One([bind((property, value))]),
            _ => Binds::Many(properties.iter().zip(values).map(bind).collect()),
        };
        Self { text: text.into(), binds }
    }
}

/// A statement under construction.
#[derive(Debug)]
pub(crate) struct Sql<'a> {
    pub(super) capabilities: &'static Capabilities,
    text: String,
    pub(crate) binds: Vec<Bind<'a>>,
    aliases: usize,
}

impl<'a> Sql<'a> {
    /// Empty, with that many aliases taken.
    pub(crate) fn new(capabilities: &'static Capabilities, aliases: usize) -> Self {
        Self { capabilities, text: String::with_capacity(256), binds: Vec::new(), aliases }
    }

    /// Starts from the emitted `SELECT … FROM …` of a model, whose table is `t0`.
    pub(crate) fn selecting(capabilities: &'static Capabilities, model: &ModelMeta) -> Self {
        let mut sql = Self::new(capabilities, 1);
        sql.push(model.sql.select.of(capabilities.dialect));
        sql
    }

    /// Starts from `DELETE FROM …` of a model, whose table is `t0`.
    pub(crate) fn deleting(capabilities: &'static Capabilities, model: &ModelMeta) -> Self {
        let mut sql = Self::new(capabilities, 1);
        sql.push(if capabilities.deletes_by_alias { "DELETE FROM " } else { "DELETE t0 FROM " });
        sql.table(model, 0);
        sql
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(crate) fn finish(self) -> Statement<'a> {
        Statement { text: self.text.into(), binds: Binds::Many(self.binds) }
    }

    /// A fresh table alias: the number n of `tn`.
    pub(crate) fn alias(&mut self) -> usize {
        self.aliases += 1;
        self.aliases - 1
    }

    /// The identifier, quoted.
    pub(crate) fn name(&mut self, name: &str) {
        let quote = self.capabilities.quote;
        self.text.push(quote);
        for part in name.split_inclusive(quote) {
            self.text.push_str(part);
            if part.ends_with(quote) {
                self.text.push(quote);
            }
        }
        self.text.push(quote);
    }

    /// The table, by the schema that it lives in where there are schemas.
    pub(crate) fn bare_table(&mut self, model: &ModelMeta) {
        match model.qualified.filter(|_| self.capabilities.schemas) {
            Some((schema, table)) => {
                self.name(schema);
                self.push(".");
                self.name(table);
            }
            None => self.name(model.table),
        }
    }

    /// `"table" AS tn`.
    pub(crate) fn table(&mut self, model: &ModelMeta, alias: usize) {
        self.bare_table(model);
        self.write(format_args!(" AS t{alias}"));
    }

    /// `tn."column"`.
    pub(crate) fn column(&mut self, model: &ModelMeta, alias: usize, property: usize) {
        self.write(format_args!("t{alias}."));
        self.name(model.properties[property].column);
    }

    /// Every column of a model, in property order.
    pub(crate) fn columns(&mut self, model: &ModelMeta, alias: usize) {
        for property in 0..model.properties.len() {
            self.comma(property);
            self.column(model, alias, property);
        }
    }

    /// The columns of these properties.
    pub(crate) fn properties(&mut self, model: &ModelMeta, alias: usize, properties: &[usize]) {
        for (n, &property) in properties.iter().enumerate() {
            self.comma(n);
            self.column(model, alias, property);
        }
    }

    pub(crate) fn comma(&mut self, n: usize) {
        if n > 0 {
            self.text.push_str(", ");
        }
    }

    pub(crate) fn bind(&mut self, bind: Bind<'a>) {
        self.binds.push(bind);
        let n = self.binds.len();
        match self.capabilities.placeholder {
            Placeholder::Numbered(mark) => self.write(format_args!("{mark}{n}")),
            Placeholder::Plain => self.push("?"),
        }
    }

    pub(super) fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.text.write_fmt(arguments).expect("writing to a String does not fail");
    }

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
        match expr {
            Expr::All => self.push("TRUE"),
            Expr::Compare { property, comparison, value } => {
                self.column(model, alias, *property);
                self.push(operator(*comparison));
                self.bind(Bind::Value(value, &model.properties[*property]));
            }
            Expr::Key { properties, values, .. } => self.key(model, alias, properties, values.as_slice()),
            Expr::List { property, values, negated } => self.list(model, alias, *property, values, *negated),
            Expr::Like { property, pattern, fold, negated } => {
                self.like(model, alias, *property, pattern, *fold, *negated);
            }
            Expr::Null { property, negated } => {
                self.column(model, alias, *property);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::And(all) => self.joined(model, alias, all, " AND "),
            Expr::Or(any) => self.joined(model, alias, any, " OR "),
            Expr::Not(inner) => {
                self.push("NOT (");
                self.condition(model, alias, inner);
                self.push(")");
            }
            Expr::Related { relation, quantifier, condition } => {
                self.related(model, alias, relation, *quantifier, condition);
            }
        }
    }

    /// Always in parentheses: no `or` of a caller can widen what stands beside it. Long chains become a tree:
    /// databases bound the depth of an expression, and `a OR b OR c` is one level deeper with each term.
    fn joined(&mut self, model: &'static ModelMeta, alias: usize, parts: &'a [Expr], word: &str) {
        self.push("(");
        if parts.len() > 32 {
            let (first, second) = parts.split_at(parts.len() / 2);
            self.joined(model, alias, first, word);
            self.push(word);
            self.joined(model, alias, second, word);
        } else {
            for (n, part) in parts.iter().enumerate() {
                if n > 0 {
                    self.push(word);
                }
                self.condition(model, alias, part);
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

    fn like(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        property: usize,
        pattern: &'a str,
        fold: bool,
        negated: bool,
    ) {
        let dangling = pattern.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1;
        if dangling || pattern.contains('\0') {
            // No stored text has a NUL, and to a database it would end the pattern. What escapes nothing matches
            // nothing, fails, or stands for itself, by database: it matches nothing. NULL stays neither.
            self.column(model, alias, property);
            self.push(if negated { " = " } else { " <> " });
            return self.column(model, alias, property);
        }
        let (open, close, word) = match self.capabilities.ilike {
            _ if !fold => ("", "", "LIKE"),
            Some(word) => ("", "", word),
            None => ("lower(", ")", "LIKE"),
        };
        self.push(open);
        self.column(model, alias, property);
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
        condition: &'a Expr,
    ) {
        let inner = self.alias();
        let target = relation.target;
        self.push(if quantifier == Quantifier::Any { "EXISTS (SELECT 1 FROM " } else { "NOT EXISTS (SELECT 1 FROM " });
        self.table(target, inner);
        self.push(" WHERE ");
        self.join(model, alias, relation, inner);
        if !matches!(condition, Expr::All) || quantifier == Quantifier::All {
            self.push(" AND (");
            self.condition(target, inner, condition);
            self.push(if quantifier == Quantifier::All { ") IS NOT TRUE" } else { ")" });
        }
        self.push(")");
    }

    /// The target's key is the source's.
    pub(crate) fn join(&mut self, model: &ModelMeta, alias: usize, relation: &RelationMeta, target: usize) {
        for (n, (&from, &to)) in relation.from.iter().zip(relation.to).enumerate() {
            if n > 0 {
                self.push(" AND ");
            }
            self.column(relation.target, target, to);
            self.push(" = ");
            self.column(model, alias, from);
        }
    }

    /// ` ORDER BY …`; a cut list gets the primary key as the last term, so that its order is total.
    pub(crate) fn order(&mut self, model: &ModelMeta, alias: usize, order: &[Order], cut: bool) {
        let rest = model.key.iter().filter(|&&key| cut && !order.iter().any(|term| term.property == key));
        let rest = rest.map(|&property| Order { property, descending: false });
        for (n, term) in order.iter().copied().chain(rest).enumerate() {
            self.push(if n == 0 { " ORDER BY " } else { ", " });
            self.column(model, alias, term.property);
            if term.descending {
                self.push(" DESC");
            }
            // Said only where it matters: an index serves an order only if both put NULL in the same place.
            if !self.capabilities.nulls_first && !model.properties[term.property].required {
                self.push(if term.descending { " NULLS LAST" } else { " NULLS FIRST" });
            }
        }
    }

    /// ` LIMIT … OFFSET …`, written out: a bound limit makes databases plan anew or badly.
    pub(crate) fn cut(&mut self, limit: Option<u64>, offset: Option<u64>) {
        // Databases count in signed integers.
        let limit = limit.map(|limit| limit.min(i64::MAX.cast_unsigned()));
        let offset = offset.map(|offset| offset.min(i64::MAX.cast_unsigned()));
        match (limit, offset) {
            (None, None) => {}
            (Some(limit), None) => self.write(format_args!(" LIMIT {limit}")),
            (None, Some(offset)) => {
                let all = self.capabilities.no_limit;
                self.write(format_args!(" LIMIT {all} OFFSET {offset}"));
            }
            (Some(limit), Some(offset)) => self.write(format_args!(" LIMIT {limit} OFFSET {offset}")),
        }
    }

    /// What tells a row from the others of its table: an integer primary key, or the row id by a name that no
    /// column hides.
    pub(crate) fn row_id(&mut self, names: &[&str], model: &ModelMeta, alias: usize) {
        if let [key] = model.key
            && matches!(model.properties[*key].kind, Kind::Integer)
        {
            return self.column(model, alias, *key);
        }
        let hidden = |name: &&&str| model.properties.iter().any(|property| property.column.eq_ignore_ascii_case(name));
        if let Some(name) = names.iter().find(|name| !hidden(name)) {
            return self.write(format_args!("t{alias}.{name}"));
        }
        self.push("(");
        self.properties(model, alias, model.key);
        self.push(")");
    }
}

/// A value that a key is asked for. One that cannot be stored is no row's, as NULL is not.
fn of_key<'a>(value: &'a Value<'static>, property: &'static PropertyMeta) -> Bind<'a> {
    static NULL: Value<'static> = Value::Null;

    Bind::Value(if fits_key(value, property) { value } else { &NULL }, property)
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Eq => " = ",
        Comparison::Ne => " <> ",
        Comparison::Gt => " > ",
        Comparison::Ge => " >= ",
        Comparison::Lt => " < ",
        Comparison::Le => " <= ",
    }
}
