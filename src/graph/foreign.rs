//! Types as other tools write them: `varchar(255) NOT NULL`, `Int? @unique`, `Option<String>`, `Order[]`.
//!
//! Reads what was meant as far as our language can say it. Knows nothing of which enums and models there are.

use std::borrow::Cow;

use crate::ast::PropertyDecl;
use crate::diagnostic::{Edit, Fix, suggest};
use crate::patch::{Patches, Value};

/// What other languages call our types, in lower case and without separators.
const WORDS: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int8", "integer"),
    ("int64", "integer"),
    ("bigint", "integer"),
    ("long", "integer"),
    ("i64", "integer"),
    ("u64", "integer"),
    ("u32", "integer"),
    ("usize", "integer"),
    ("serial", "integer"),
    ("bigserial", "integer"),
    ("objectid", "uuid"),
    ("i32", "int32"),
    ("int4", "int32"),
    ("int2", "int32"),
    ("i16", "int32"),
    ("smallint", "int32"),
    ("tinyint", "int32"),
    ("mediumint", "int32"),
    ("short", "int32"),
    ("year", "int32"),
    ("float", "number"),
    ("float4", "number"),
    ("float8", "number"),
    ("double", "number"),
    ("doubleprecision", "number"),
    ("real", "number"),
    ("f64", "number"),
    ("f32", "number"),
    ("bool", "boolean"),
    ("bit", "boolean"),
    ("timestamp", "datetime"),
    ("timestamptz", "datetime"),
    ("timestamps", "datetime"),
    ("instant", "datetime"),
    ("varchar", "string"),
    ("varchar2", "string"),
    ("nvarchar", "string"),
    ("char", "string"),
    ("character", "string"),
    ("charactervarying", "string"),
    ("str", "string"),
    ("citext", "string"),
    ("longtext", "text"),
    ("mediumtext", "text"),
    ("clob", "text"),
    ("numeric", "decimal"),
    ("money", "decimal"),
    ("bigdecimal", "decimal"),
    ("jsonb", "json"),
    ("blob", "bytes"),
    ("longblob", "bytes"),
    ("bytea", "bytes"),
    ("binary", "bytes"),
    ("varbinary", "bytes"),
    ("vec<u8>", "bytes"),
    ("guid", "uuid"),
    ("uuidv4", "uuid"),
    ("uuidv7", "uuid"),
];

/// What a foreign type says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The type itself: one of our words, or the name of something declared.
    pub(super) ty: String,
    pub(super) list: bool,
    /// Other keys of the property, with their values.
    pub(super) keys: Vec<(&'static str, String)>,
    /// It says that there may be no value, which is the default here.
    pub(super) optional: bool,
}

/// What was meant by a type that is none of ours; `None` where there is nothing to be made of it.
pub(super) fn read(written: &str, known: impl Fn(&str) -> Option<String>) -> Option<Meant> {
    let text = written.trim();
    if !text.to_lowercase().ends_with("serial")
        && let Some(ty) = word(text, &known)
    {
        return Some(Meant { ty, list: false, keys: Vec::new(), optional: false });
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return read_known(inner, &known).map(|meant| Meant { list: true, ..meant });
    }
    if let Some((wrapper, inner)) = text.split_once('<').filter(|_| text.ends_with('>')) {
        let meant = read_known(&inner[..inner.len() - 1], &known)?;
        return match wrapper.to_lowercase().as_str() {
            "option" | "nullable" | "maybe" | "optional" => Some(Meant { optional: true, ..meant }),
            "vec" | "list" | "array" | "set" => Some(Meant { list: true, ..meant }),
            _ => None,
        };
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (base, rest) = text.split_at(end);
    let lower = rest.to_lowercase();
    // `double precision`, `character varying(40)`.
    let two_words = lower.split_whitespace().next().unwrap_or_default().split('(').next().unwrap_or_default();
    let ty = word(&format!("{base}{two_words}"), &known).or_else(|| word(base, &known))?;
    let mut keys = Vec::new();
    if let Some((_, after)) = rest.split_once('(') {
        let digits: Vec<&str> = after.split(')').next().unwrap_or_default().split(',').map(str::trim).collect();
        let are_digits = digits.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        match (ty.as_str(), digits.as_slice()) {
            ("string", [length]) if are_digits => keys.push(("maxLength", (*length).to_owned())),
            ("decimal", [precision]) if are_digits => {
                keys.extend([("precision", (*precision).to_owned()), ("scale", "0".to_owned())]);
            }
            ("decimal", [precision, scale]) if are_digits => {
                keys.extend([("precision", (*precision).to_owned()), ("scale", (*scale).to_owned())]);
            }
            _ => {}
        }
    }
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let flags = [
        ("id", says(&["@id", "primary key"])),
        ("generated", says(&["autoincrement", "auto_increment"]) || base.to_lowercase().ends_with("serial")),
        ("required", rest.starts_with('!') || says(&["not null"])),
        ("unique", says(&["unique"])),
    ];
    keys.extend(flags.into_iter().filter(|(_, said)| *said).map(|(key, _)| (key, "true".to_owned())));
    let optional = rest.starts_with('?') || says(&["| null", "|null", "| undefined"]);
    Some(Meant { ty, list: lower.contains("[]"), keys, optional })
}

fn read_known(inner: &str, known: &impl Fn(&str) -> Option<String>) -> Option<Meant> {
    let optional = inner.trim().ends_with(['?', '!']);
    let ty = word(inner.trim().trim_end_matches(['?', '!']), known)?;
    Some(Meant { ty, list: false, keys: Vec::new(), optional: optional && inner.trim().ends_with('?') })
}

/// One of our words, or something declared, for a single word.
fn word(text: &str, known: impl Fn(&str) -> Option<String>) -> Option<String> {
    known(text).or_else(|| {
        WORDS.iter().find(|(theirs, _)| suggest::is_same_word(text, theirs)).map(|(_, ours)| (*ours).to_owned())
    })
}

impl Meant {
    /// The edits that say the same in our words.
    pub(super) fn fix(&self, property: &PropertyDecl, patches: &Patches<'_>) -> Option<Fix> {
        let written = property.ty.as_ref()?;
        let is_given = |key: &str| match key {
            "maxLength" => property.max_length.is_some(),
            "precision" => property.precision.is_some(),
            "scale" => property.scale.is_some(),
            "id" => property.id.is_some(),
            "generated" => property.generated.is_some(),
            "required" => property.required.is_some(),
            _ => property.unique.is_some(),
        };
        let mut keys: Vec<(&str, &str)> =
            self.keys.iter().filter(|(key, _)| !is_given(key)).map(|(key, value)| (*key, value.as_str())).collect();
        // The type's own brackets are not part of its place.
        if self.list && !property.list {
            keys.insert(0, ("list", "true"));
        }
        let said = std::iter::once(("type", self.ty.as_str())).chain(keys.iter().copied());
        let said: Vec<String> = said.map(|(key, value)| format!("{key}: {value}")).collect();
        let message = match said.as_slice() {
            [_] => format!("did you mean `{}`?", self.ty),
            _ => format!("write `{}`", said.join(", ")),
        };
        let ty = || Value::word(self.ty.as_str());
        let value = |text: &str| Value::Bare(Cow::Owned(text.to_owned()));
        if keys.is_empty() {
            return Some(Fix::certain(message, [Edit::replace(written.span, self.ty.as_str())]));
        }
        if !property.long {
            let pairs = std::iter::once(("type", ty())).chain(keys.iter().map(|(key, text)| (*key, value(text))));
            // With brackets behind it, the type is not the whole word.
            return patches
                .certain(message, [patches.replace(written.span, &Value::map(pairs)).filter(|_| !property.list)]);
        }
        let place = patches.around(written.span)?;
        let added: Option<Vec<Edit>> =
            keys.iter().map(|(key, text)| place.insert_after("type", key, &value(text))).collect();
        let added = added?;
        let behind = Edit { span: added.first()?.span, text: added.iter().map(|edit| edit.text.as_str()).collect() };
        patches.certain(message, [Some(Edit::replace(written.span, self.ty.as_str())), Some(behind)])
    }
}

#[cfg(test)]
mod tests {
    use super::{Meant, read};

    fn meant(text: &str) -> Option<String> {
        let ours = ["string", "integer", "decimal", "json", "datetime"];
        let known =
            |word: &str| ours.iter().find(|ours| ours.eq_ignore_ascii_case(word)).map(|word| (*word).to_owned());
        read(text, known).map(|Meant { ty, list, keys, optional }| {
            let keys: Vec<String> = keys.iter().map(|(key, value)| format!(" {key}={value}")).collect();
            let (list, optional) = (if list { "[]" } else { "" }, if optional { " optional" } else { "" });
            format!("{ty}{list}{}{optional}", keys.concat())
        })
    }

    #[test]
    fn types_of_other_tools_are_understood() {
        for (written, expected) in [
            ("varchar(255)", "string maxLength=255"),
            ("character varying(40) NOT NULL", "string maxLength=40 required=true"),
            ("NUMERIC(10, 2)", "decimal precision=10 scale=2"),
            ("double precision", "number"),
            ("Int @id @default(autoincrement())", "integer id=true generated=true"),
            ("bigserial primary key", "integer id=true generated=true"),
            ("String?", "string optional"),
            ("String!", "string required=true"),
            ("Option<String>", "string optional"),
            ("Vec<i64>", "integer[]"),
            ("[Int]", "integer[]"),
            ("string | null", "string optional"),
            ("timestamp with time zone", "datetime"),
            ("int(11) unsigned", "integer"),
        ] {
            assert_eq!(meant(written).as_deref(), Some(expected), "{written}");
        }
        assert_eq!(meant("Customer"), None);
    }
}
