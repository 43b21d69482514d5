//! Any number of values in one statement: lists of a condition, and keys of parents.
//!
//! How they are bound is the database's: its [`Lists`]. The text is the same whatever their number.

use super::sql::Sql;
use super::within::Place;
use crate::driver::{Bind, Key, Lists};
use crate::meta::{Kind, ModelMeta, PropertyMeta};
use crate::value::Value;

impl<'a> Sql<'a> {
    /// The property is one of these values, or none of them.
    pub(super) fn list(&mut self, place: Place<'_>, property: usize, values: &'a [Value<'static>], negated: bool) {
        if values.is_empty() {
            return self.push(if negated { "TRUE" } else { "FALSE" });
        }
        self.property(place, property);
        let property = place.meta(property);
        self.in_list(property, Bind::List(values, property), negated);
    }

    /// The rows' keys are among these.
    pub(super) fn among(&mut self, model: &'static ModelMeta, alias: usize, properties: &[usize], keys: &'a [Key]) {
        if let [property] = properties {
            self.column(model, alias, *property);
            return self.in_list(&model.properties[*property], Bind::Keys(keys), false);
        }
        self.push("(");
        self.properties(model, alias, properties);
        self.push(") IN (SELECT ");
        for (n, &property) in properties.iter().enumerate() {
            self.comma(n);
            self.part(&model.properties[property], n, properties.len());
        }
        self.push(" FROM ");
        self.each_key(model, properties, keys);
        self.push(")");
    }

    /// ` [NOT] IN` a list of one column.
    fn in_list(&mut self, property: &'static PropertyMeta, list: Bind<'a>, negated: bool) {
        match self.capabilities.lists {
            Lists::Function { list: function, .. } => {
                self.push(if negated { " NOT IN " } else { " IN " });
                self.push(function);
                self.push("(");
                self.bind(list);
            }
            Lists::Arrays { .. } => {
                self.push(if negated { " <> ALL(" } else { " = ANY(" });
                self.bind(list);
            }
            Lists::JsonTable { .. } => {
                self.push(if negated { " NOT IN (SELECT " } else { " IN (SELECT " });
                self.part(property, 0, 1);
                self.push(" FROM ");
                self.json_table(&[property], list);
            }
        }
        self.push(")");
    }

    /// The given keys as a table `k`, one row each.
    pub(super) fn each_key(&mut self, model: &'static ModelMeta, properties: &[usize], keys: &'a [Key]) {
        match self.capabilities.lists {
            Lists::Function { list, json } => {
                self.push(if properties.len() == 1 { list } else { json });
                self.push("(");
                self.bind(Bind::Keys(keys));
                self.push(") AS k");
            }
            Lists::Arrays { element } => {
                self.push("unnest(");
                for (n, &property) in properties.iter().enumerate() {
                    let property = &model.properties[property];
                    self.comma(n);
                    let one = properties.len() == 1;
                    self.bind(if one { Bind::Keys(keys) } else { Bind::KeyPart(keys, n) });
                    self.write(format_args!("::{}[]", element(property)));
                }
                self.push(") AS k(");
                for n in 0..properties.len() {
                    self.comma(n);
                    self.write(format_args!("v{n}"));
                }
                self.push(")");
            }
            Lists::JsonTable { .. } => {
                let properties: Vec<_> = properties.iter().map(|&property| &model.properties[property]).collect();
                self.json_table(&properties, Bind::Keys(keys));
            }
        }
    }

    /// The elements of a JSON list as a table `k`, one row each; of lists within it, one column each.
    fn json_table(&mut self, properties: &[&'static PropertyMeta], json: Bind<'a>) {
        let Lists::JsonTable { column } = self.capabilities.lists else { return };
        self.push("JSON_TABLE(");
        self.bind(json);
        self.push(", '$[*]' COLUMNS (");
        for (n, property) in properties.iter().enumerate() {
            self.comma(n);
            self.write(format_args!("v{n} {} PATH ", column(property).ty));
            match properties.len() {
                1 => self.push("'$'"),
                _ => self.write(format_args!("'$[{n}]'")),
            }
        }
        self.push(")) AS k");
    }

    /// The rows' key is that of `k`.
    pub(super) fn of_key(&mut self, model: &'static ModelMeta, alias: usize, properties: &[usize]) {
        for (n, &property) in properties.iter().enumerate() {
            if n > 0 {
                self.push(" AND ");
            }
            self.column(model, alias, property);
            self.push(" = ");
            self.part(&model.properties[property], n, properties.len());
        }
    }

    /// The rows' key is this one; of none, no row's is.
    pub(super) fn is_key(
        &mut self,
        model: &'static ModelMeta,
        alias: usize,
        properties: &[usize],
        key: Option<&'a Key>,
    ) {
        for (n, &property) in properties.iter().enumerate() {
            if n > 0 {
                self.push(" AND ");
            }
            self.column(model, alias, property);
            self.push(" = ");
            let part = match key {
                Some(Key::Composite(parts)) => parts.get(n),
                key => key,
            };
            self.bind(Bind::KeyValue(part));
        }
    }

    /// The key that `k` holds, as columns before others.
    pub(super) fn key_parts(&mut self, model: &'static ModelMeta, properties: &[usize]) {
        for (n, &property) in properties.iter().enumerate() {
            self.part(&model.properties[property], n, properties.len());
            self.push(", ");
        }
    }

    /// Part n of the key that `k` holds, as it is stored.
    fn part(&mut self, property: &'static PropertyMeta, n: usize, parts: usize) {
        match self.capabilities.lists {
            Lists::Function { .. } if parts == 1 => self.push("k.value"),
            Lists::Function { .. } => {
                let bytes = matches!(property.kind, Kind::Uuid);
                let (open, close) = if bytes { ("unhex(", ")") } else { ("", "") };
                self.write(format_args!("{open}json_extract(k.value, '$[{n}]'){close}"));
            }
            Lists::Arrays { .. } => self.write(format_args!("k.v{n}")),
            Lists::JsonTable { column } => match column(property).read {
                "" => self.write(format_args!("k.v{n}")),
                read => self.write(format_args!("{read}(k.v{n})")),
            },
        }
    }
}
