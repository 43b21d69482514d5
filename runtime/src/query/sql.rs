//! SQL text and its bound values, put together from constants of emitted code and positions of
//! properties. No text from a caller ever becomes SQL.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Deref;

use super::chosen;
use super::expr::Expr;
use crate::driver::{Bind, Capabilities, Placeholder};
use crate::meta::{Kind, ModelMeta, PropertyMeta};
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
    pub(super) text: String,
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

    /// Starts from `UPDATE … SET ` of a model, whose table is `t0`; of the rows that match, where they are joined. Gives
    /// also what stands before the column of an assignment.
    pub(crate) fn updating(
        capabilities: &'static Capabilities,
        model: &'static ModelMeta,
        joined: Option<&'a Expr>,
    ) -> (Self, &'static str) {
        let mut sql = Self::new(capabilities, 1);
        sql.push("UPDATE ");
        sql.table(model, 0);
        if let Some(condition) = joined {
            chosen::join(&mut sql, model, condition);
        }
        sql.push(" SET ");
        // Several tables may have columns of one name; where there is one table, its alias may not stand here.
        (sql, if joined.is_some() { "t0." } else { "" })
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

    /// The mark of a bound value, to stand in an expression that is pushed next.
    pub(crate) fn mark(&mut self, bind: Bind<'a>) -> String {
        let end = self.text.len();
        self.bind(bind);
        self.text.split_off(end)
    }

    /// A column after what stands before its name, as an expression that is pushed later.
    pub(crate) fn column_of(&mut self, table: &str, name: &str) -> String {
        let end = self.text.len();
        self.push(table);
        self.name(name);
        self.text.split_off(end)
    }

    pub(super) fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.text.write_fmt(arguments).expect("writing to a String does not fail");
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
pub(super) fn of_key<'a>(value: &'a Value<'static>, property: &'static PropertyMeta) -> Bind<'a> {
    static NULL: Value<'static> = Value::Null;

    Bind::Value(if fits_key(value, property) { value } else { &NULL }, property)
}
