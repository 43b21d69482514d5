//! What a program says of inclusions where it opens its databases: which it answers itself, and which it refuses.

use super::{Builder, Schema};
use crate::Result;
use crate::across::inclusion::{Change, erased};
use crate::filter::FilterLimits;
use crate::meta::{ModelMeta, RelationMeta};
use crate::model::{Model, Relation, Resolvable};
use crate::query::node::Include;
use crate::scope::Scope;

impl<R: Schema> Builder<R> {
    /// Answers inclusions of a relation by a function of the program, and no more by the database: all keys of the
    /// rows that it is included in, each once, and back come the related rows, each with the key that it belongs to.
    ///
    /// ```ignore
    /// .resolver(order::customer(), |ids| async move {
    ///     let customers = by_http(&ids).await?;
    ///     Ok(customers.into_iter().map(|customer| (customer.id, customer)).collect())
    /// })
    /// ```
    ///
    /// A key is of the type that the relation's properties have; of several, a tuple in their order. Rows of a key are
    /// kept in the order given; of a relation to one the first counts; rows of keys that were not asked for are left
    /// out. What is included below comes from where its rows live. Such a relation is included whole: with a filter,
    /// an order, a limit or an offset it is `inclusion_not_allowed`. Conditions and accessors still ask the database.
    ///
    /// What the function needs of its surroundings it clones into the future that it gives, which outlives the call
    /// of the function.
    #[must_use]
    pub fn resolver<Q, F, Fut>(self, relation: Scope<Q>, resolve: F) -> Self
    where
        Q: Resolvable,
        F: Fn(Vec<Q::By>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<(Q::By, Q::Target)>>> + Send + 'static,
    {
        self.say(Q::Source::META, &relation.into_include(), Change::Replaced(erased::<Q, F, Fut>(resolve)))
    }

    /// Refuses every inclusion of a relation: `inclusion_not_allowed`, before any statement.
    #[must_use]
    pub fn disable_include<Q: Relation>(self, relation: Scope<Q>) -> Self {
        self.say(Q::Source::META, &relation.into_include(), Change::Disabled)
    }

    /// How much filters from outside may ask for.
    #[must_use]
    pub fn filter_limits(mut self, limits: FilterLimits) -> Self {
        self.inclusion.limits = Some(limits);
        self
    }

    /// Lets filters from outside look for regular expressions: `{ "name": { "regexp": "^A" } }`, `"/^a/i"`.
    ///
    /// Off unless said. A pattern is one of the `regex` crate's, without look-around and back-references, and as long as
    /// [`FilterLimits::pattern`] says. SQLite matches it with that crate; PostgreSQL and MariaDB by themselves, so that
    /// what little differs is theirs, and so is the time that it takes: set
    /// [`statement_timeout`](Self::statement_timeout) too.
    #[cfg(feature = "pattern")]
    #[must_use]
    pub fn allow_regexp(mut self) -> Self {
        self.inclusion.regexp = true;
        self
    }

    fn say(mut self, source: &'static ModelMeta, include: &Include, change: Change) -> Self {
        match unmeant::<R>(source, include) {
            Some(message) => self.mistaken(|| message),
            None if self.inclusion.change(include.relation, change) => self,
            None => self.mistaken(|| twice(source, include.relation)),
        }
    }
}

/// Why nothing can be said of such an inclusion.
fn unmeant<R: Schema>(source: &'static ModelMeta, include: &Include) -> Option<String> {
    let name = include.relation.name;
    if !R::META.models.iter().any(|model| std::ptr::eq(*model, source)) {
        return Some(format!("the relation {}.{name} is one of another schema", source.name));
    }
    let whole = include.node.is_plain() && include.node.includes.is_empty();
    (!whole).then(|| {
        format!(
            "a resolver or `disable_include` takes the relation {}.{name} alone, with nothing said of it",
            source.name
        )
    })
}

fn twice(source: &'static ModelMeta, relation: &'static RelationMeta) -> String {
    format!("{}.{} is given a resolver or disabled, and that twice", source.name, relation.name)
}
