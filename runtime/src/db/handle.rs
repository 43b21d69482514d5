//! What repositories work through: the databases of a program, or a transaction on one of them.
//!
//! The one place that knows which database a model's rows live in. Runs nothing itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::across::inclusion::Inclusion;
use crate::deadline::{Deadline, Limits};
use crate::driver::Driver;
use crate::meta::{ModelMeta, SchemaMeta};
use crate::observe::{Call, Observing, Watch};
#[cfg(feature = "pages")]
use crate::page::PageKey;
use crate::transaction::{Level, Waits};
use crate::{Error, Result};

/// What repositories work through: a database for each datasource, or a transaction on one.
#[derive(Clone)]
pub struct Handle {
    reach: Reach,
    schema: &'static SchemaMeta,
    /// What the program says of inclusions, if anything.
    inclusion: Option<Arc<Inclusion>>,
    limits: Limits,
    /// Who looks at what runs through it.
    watch: Watch,
    /// What cursors of pages are signed with; there once the database is open.
    #[cfg(feature = "pages")]
    page_key: Option<Arc<PageKey>>,
}

#[derive(Clone)]
enum Reach {
    /// One for each datasource of the schema, in its order.
    Databases(Arc<[Database]>),
    /// On the datasource at that position.
    Transaction(Arc<Level>, usize),
}

/// The database that a datasource was given.
pub(crate) struct Database {
    pub(crate) driver: Arc<dyn Driver>,
    pub(crate) waits: Arc<Waits>,
}

/// Where a call runs.
#[derive(Clone, Copy)]
pub(crate) struct Reached<'a> {
    pub(crate) driver: &'a dyn Driver,
    /// Of a database; the calls of a transaction wait for its own ones only.
    waits: Option<&'a Waits>,
}

impl Reached<'_> {
    /// An error of the driver, with what is known here of its cause.
    #[cold]
    pub(crate) fn explain(self, error: Error) -> Error {
        match self.waits {
            Some(waits) => waits.explain(error),
            None => error,
        }
    }
}

impl Handle {
    /// Through the databases themselves, one for each datasource.
    pub(crate) fn new(
        databases: Arc<[Database]>,
        schema: &'static SchemaMeta,
        inclusion: Option<Arc<Inclusion>>,
    ) -> Self {
        Self {
            reach: Reach::Databases(databases),
            schema,
            inclusion,
            limits: Limits::default(),
            watch: Watch::default(),
            #[cfg(feature = "pages")]
            page_key: None,
        }
    }

    /// The same, signing cursors with that key.
    #[cfg(feature = "pages")]
    pub(crate) fn with_page_key(self, key: PageKey) -> Self {
        Self { page_key: Some(Arc::new(key)), ..self }
    }

    #[cfg(feature = "pages")]
    pub(crate) fn page_key(&self) -> &PageKey {
        self.page_key.as_ref().expect("every handle comes from a database that was opened with one")
    }

    /// The same, for those who are told of what runs through it.
    pub(crate) fn watched_by(self, observing: Option<Arc<Observing>>) -> Self {
        Self { watch: Watch { observing, ..self.watch }, ..self }
    }

    /// The same, for the tasks of one call.
    pub(crate) fn during(&self, call: Arc<Call>) -> Self {
        let handle = self.clone();
        Self { watch: Watch { call: Some(call), ..handle.watch }, ..handle }
    }

    #[inline]
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The same through a transaction on the datasource at that position.
    pub(crate) fn inside(&self, level: Arc<Level>, datasource: usize) -> Self {
        Self { reach: Reach::Transaction(level, datasource), ..self.clone() }
    }

    /// The same, each call in that time.
    pub(crate) fn within(&self, limit: Duration) -> Self {
        Self { limits: self.limits.within(limit), ..self.clone() }
    }

    /// The same, all calls until then.
    pub(crate) fn until(&self, deadline: Option<Deadline>) -> Self {
        Self { limits: self.limits.until(deadline), ..self.clone() }
    }

    /// Of a call that begins now.
    #[inline]
    pub(crate) fn deadline(&self) -> Option<Deadline> {
        self.limits.deadline()
    }

    pub(crate) fn inclusion(&self) -> Option<&Inclusion> {
        self.inclusion.as_deref()
    }

    pub(crate) fn schema(&self) -> &'static SchemaMeta {
        self.schema
    }

    /// The databases, unless this is a transaction.
    pub(crate) fn databases(&self) -> &[Database] {
        match &self.reach {
            Reach::Databases(databases) => databases,
            Reach::Transaction(..) => &[],
        }
    }

    /// Where calls on that model run.
    ///
    /// # Errors
    /// `cross_datasource`: in a transaction on another datasource.
    #[inline]
    pub(crate) fn reach(&self, model: &'static ModelMeta) -> Result<Reached<'_>> {
        match &self.reach {
            Reach::Databases(databases) => {
                let Database { driver, waits } = &databases[model.datasource];
                Ok(Reached { driver: &**driver, waits: Some(waits) })
            }
            Reach::Transaction(level, datasource) if *datasource == model.datasource => {
                Ok(Reached { driver: &**level, waits: None })
            }
            Reach::Transaction(_, datasource) => Err(self.out_of_reach(model, *datasource)),
        }
    }

    /// Where calls on that datasource run.
    ///
    /// # Errors
    /// `cross_datasource`: in a transaction on another one.
    pub(crate) fn reach_datasource(&self, at: usize) -> Result<Reached<'_>> {
        match &self.reach {
            Reach::Databases(databases) => {
                let Database { driver, waits } = &databases[at];
                Ok(Reached { driver: &**driver, waits: Some(waits) })
            }
            Reach::Transaction(level, datasource) if *datasource == at => Ok(Reached { driver: &**level, waits: None }),
            Reach::Transaction(_, datasource) => {
                let [here, there] = [*datasource, at].map(|at| self.schema.datasources[at].name);
                let message = format!(
                    "the transaction is on the datasource `{here}`, and the statement is for `{there}`: no transaction \
                     spans two, so call it through `db`, outside of the transaction"
                );
                Err(Error::CrossDatasource { message })
            }
        }
    }

    /// Whether this is a transaction.
    pub(crate) fn is_transaction(&self) -> bool {
        matches!(self.reach, Reach::Transaction(..))
    }

    /// The only datasource that calls can run on.
    pub(crate) fn only_datasource(&self) -> Option<usize> {
        match &self.reach {
            Reach::Databases(databases) => (databases.len() == 1).then_some(0),
            Reach::Transaction(_, datasource) => Some(*datasource),
        }
    }

    #[cold]
    fn out_of_reach(&self, model: &'static ModelMeta, datasource: usize) -> Error {
        let name = |at: usize| self.schema.datasources[at].name;
        Error::CrossDatasource {
            message: format!(
                "{} is in the datasource `{}`, and the transaction on `{}`: no transaction spans two, so call it \
                 through `db`, outside of the transaction",
                model.name,
                name(model.datasource),
                name(datasource),
            ),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reach {
            Reach::Databases(databases) => match &**databases {
                [only] => only.driver.fmt(f),
                several => f.debug_list().entries(several.iter().map(|database| &database.driver)).finish(),
            },
            Reach::Transaction(level, _) => level.fmt(f),
        }
    }
}
