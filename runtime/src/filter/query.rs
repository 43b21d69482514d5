//! A filter in a URL's query: `filter[where][quantity][gt]=5`, or JSON in one parameter.
//!
//! The form of <https://www.npmjs.com/package/qs>: brackets name members, `[]` appends, and a list may be written as an
//! object of numbers.

use super::mistakes::Mistake;
use super::tree::{Tree, check};
use crate::percent;

/// How deep brackets are nested at most. Beyond it, nothing that a filter can say is found.
const DEPTH: usize = 64;

/// How many parameters a query has at most: longer lists are sent as JSON.
const PARAMETERS: usize = 2_000;

/// The filter of a query.
///
/// # Errors
/// What has not the form of one.
pub(super) fn read(query: &str) -> Result<Tree, Mistake> {
    let mut filter = Node::Open(Vec::new());
    let mut whole = None;
    let query = query.strip_prefix('?').unwrap_or(query);
    for (count, part) in query.split('&').filter(|part| !part.is_empty()).enumerate() {
        if count == PARAMETERS {
            return Err(Mistake::new("", format!("a query has at most {PARAMETERS} parameters")));
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = decode(name)?;
        let Some(rest) = name.strip_prefix("filter") else { continue };
        if rest.is_empty() {
            if whole.replace(decode(value)?).is_some() {
                return Err(Mistake::new("", "`filter` is given twice"));
            }
        } else if rest.starts_with('[') {
            filter.insert(&members(rest)?, decode(value)?, rest)?;
        }
    }
    let written = filter.into_tree();
    let is_written = !matches!(&written, Tree::Object(members) if members.is_empty());
    match whole {
        None => Ok(written),
        Some(_) if is_written => Err(Mistake::new("", "the filter is given as a whole and in parts: one of them")),
        Some(text) if text.is_empty() => Ok(written),
        Some(text) => json(&text),
    }
}

#[cfg(feature = "json")]
fn json(text: &str) -> Result<Tree, Mistake> {
    let tree = crate::json::read(text.as_bytes(), std::marker::PhantomData::<Tree>)
        .map_err(|error| Mistake::new("", format!("`filter` is no JSON: {}", place(&error))))?;
    check(&tree).map_err(|message| Mistake::new("", message))?;
    Ok(tree)
}

/// Why JSON was not read, without the text that was not.
#[cfg(feature = "json")]
fn place(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => error.to_string(),
        _ => format!("line {}, column {}", error.line(), error.column()),
    }
}

#[cfg(not(feature = "json"))]
fn json(_: &str) -> Result<Tree, Mistake> {
    check(&Tree::Text(String::new())).map_err(|_| Mistake::new("", "JSON in a query needs the feature `json`"))?;
    Ok(Tree::Null)
}

/// `[where][or][0][name]` as its names; of `[]`, an empty one.
fn members(brackets: &str) -> Result<Vec<&str>, Mistake> {
    let mut names = Vec::new();
    let mut rest = brackets;
    while !rest.is_empty() {
        let name = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let Some((name, after)) = name else { return Err(wrong("brackets do not match")) };
        names.push(name);
        if names.len() > DEPTH {
            return Err(wrong("brackets are nested too deep"));
        }
        rest = after;
    }
    Ok(names)
}

fn wrong(what: &str) -> Mistake {
    Mistake::new("", format!("in the name of a parameter, {what}; it is written as `filter[where][name]`"))
}

/// What brackets have named so far.
enum Node {
    Value(String),
    /// Members in the order of their first mention; appended ones have no name.
    Open(Vec<(Option<String>, Node)>),
}

impl Node {
    fn insert(&mut self, path: &[&str], value: String, whole: &str) -> Result<(), Mistake> {
        let Self::Open(members) = self else { return Err(twice(whole)) };
        match path {
            [] => Err(twice(whole)),
            [""] => {
                members.push((None, Self::Value(value)));
                Ok(())
            }
            // `[include][][relation]`: all members of the one that is appended.
            ["", rest @ ..] => {
                let next = rest[0];
                let last = members.last_mut().filter(|(name, node)| name.is_none() && !node.has(next));
                if let Some((_, node)) = last {
                    node.insert(rest, value, whole)
                } else {
                    let mut node = Self::Open(Vec::new());
                    node.insert(rest, value, whole)?;
                    members.push((None, node));
                    Ok(())
                }
            }
            [name, rest @ ..] => {
                let known = members.iter_mut().find(|(other, _)| other.as_deref() == Some(*name));
                match (known, rest) {
                    (Some(_), []) => Err(twice(whole)),
                    (Some((_, node)), rest) => node.insert(rest, value, whole),
                    (None, []) => {
                        members.push((Some((*name).to_owned()), Self::Value(value)));
                        Ok(())
                    }
                    (None, rest) => {
                        let mut node = Self::Open(Vec::new());
                        node.insert(rest, value, whole)?;
                        members.push((Some((*name).to_owned()), node));
                        Ok(())
                    }
                }
            }
        }
    }

    /// Whether it is a value, or has a member of that name.
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Open(members) => members.iter().any(|(name, _)| name.as_deref() == Some(wanted)),
        }
    }

    fn into_tree(self) -> Tree {
        let members = match self {
            Self::Value(text) => return Tree::Raw(text),
            Self::Open(members) => members,
        };
        let appended = members.iter().filter(|(name, _)| name.is_none()).count();
        let mut numbered: Vec<_> =
            members.iter().filter_map(|(name, _)| name.as_ref()?.parse::<usize>().ok()).collect();
        numbered.sort_unstable();
        let is_list = !members.is_empty()
            && (appended == members.len() || (appended == 0 && numbered.iter().copied().eq(0..members.len())));
        if is_list {
            let mut members = members;
            members.sort_by_key(|(name, _)| name.as_ref().and_then(|name| name.parse::<usize>().ok()));
            return Tree::List(members.into_iter().map(|(_, node)| node.into_tree()).collect());
        }
        Tree::Object(members.into_iter().map(|(name, node)| (name.unwrap_or_default(), node.into_tree())).collect())
    }
}

fn twice(name: &str) -> Mistake {
    let name = super::mistakes::Path::Root.key(name).to_string();
    Mistake::new("", format!("`filter{name}` is given twice, or with members and a value"))
}

/// Percent-encoded UTF-8, `+` for a blank.
fn decode(text: &str) -> Result<String, Mistake> {
    percent::decode(&text.replace('+', " "))
        .ok_or_else(|| Mistake::new("", "a query is UTF-8, percent-encoded by two hexadecimal digits each"))
}
