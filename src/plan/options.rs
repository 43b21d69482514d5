//! What a user adds to emitted code. Knows nothing of schemas.

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

    /// The models that are named.
    pub(crate) fn named_models(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter_map(|(model, _)| model.as_deref())
    }

    pub(crate) fn attributes_of(&self, model: &str) -> Vec<String> {
        let applies = |of: &Option<String>| of.as_deref().is_none_or(|of| of == model);
        self.attributes.iter().filter(|(of, _)| applies(of)).map(|(_, attribute)| attribute.clone()).collect()
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(_, attribute)| attribute.as_str())
    }
}
