//! What a user adds to emitted code.

use std::fmt;

use crate::graph::Graph;

/// Settings of one generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    attributes: Vec<(Option<String>, String)>,
}

impl Options {
    /// Adds an attribute, `#[…]`, to the struct of that model.
    #[must_use]
    pub fn attribute(mut self, model: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.attributes.push((Some(model.into()), attribute.into()));
        self
    }

    /// Adds an attribute, `#[…]`, to the struct of every model.
    #[must_use]
    pub fn attribute_everywhere(mut self, attribute: impl Into<String>) -> Self {
        self.attributes.push((None, attribute.into()));
        self
    }

    /// These and those; what those add stands last.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.attributes.extend(others.attributes);
        self
    }

    /// A model that is named and that the schema does not have.
    pub(crate) fn unknown_model(&self, graph: &Graph) -> Option<UnknownModel> {
        let named = self.attributes.iter().filter_map(|(model, _)| model.as_deref());
        let known = |name: &&str| graph.find(name).is_some_and(|id| !graph.model(id).is_abstract);
        named.filter(|name| !known(name)).map(|name| UnknownModel(name.to_owned())).next()
    }

    pub(crate) fn attributes_of(&self, model: &str) -> Vec<String> {
        let applies = |of: &Option<String>| of.as_deref().is_none_or(|of| of == model);
        self.attributes.iter().filter(|(of, _)| applies(of)).map(|(_, attribute)| attribute.clone()).collect()
    }
}

/// Settings name a model that the schema does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownModel(String);

impl fmt::Display for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an attribute is set for `{}`, which is no model with a table", self.0)
    }
}

impl std::error::Error for UnknownModel {}
