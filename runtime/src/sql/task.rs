//! A statement whose text the program gives, ready to be run by a driver.

use std::any::Any;

use crate::Result;
use crate::driver::{Access, Bind, Session, Wanted};
use crate::meta::{PropertyMeta, SchemaMeta};
use crate::query::aggregate::Receiver;
use crate::query::{Answer, fault};
use crate::value::Value;

/// A statement, its bound values, and what is wanted of it.
#[derive(Debug)]
pub(crate) struct RawStatement {
    pub(crate) schema: &'static SchemaMeta,
    pub(crate) datasource: usize,
    /// With placeholders as the database has them.
    pub(crate) text: String,
    pub(crate) values: Vec<BoundValue>,
    pub(crate) access: Access,
    pub(crate) writes: bool,
    pub(crate) wants: Wants,
}

/// A value, and the property that it is bound as, if the program said one.
#[derive(Clone)]
pub(crate) struct BoundValue {
    pub(crate) value: Value<'static>,
    pub(crate) property: Option<&'static PropertyMeta>,
}

#[cfg(feature = "decimal")]
impl BoundValue {
    /// Whether it is a decimal whose scale no property tells.
    pub(super) fn is_plain_decimal(&self) -> bool {
        self.property.is_none() && matches!(self.value, Value::Decimal(_))
    }
}

impl std::fmt::Debug for BoundValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What is wanted of a statement.
#[derive(Debug)]
pub(crate) enum Wants {
    /// Its rows, up to so many.
    Rows(Box<dyn Receiver>, Option<usize>),
    /// How many rows it changed.
    Count,
}

impl RawStatement {
    /// Runs it.
    pub(crate) async fn run(&mut self, session: &mut dyn Session) -> Result<Answer> {
        let numbered = self.values.iter().zip(1..);
        let binds: Vec<_> = numbered
            .map(|(bound, number)| match bound.property {
                Some(property) => Bind::Value(&bound.value, property),
                None => Bind::Free(&bound.value, number),
            })
            .collect();
        let refused = |refusal| fault::of_raw(self.schema, self.datasource, refusal);
        let answer = match &mut self.wants {
            Wants::Count => {
                let changed = session.run(&self.text, &binds).await.map_err(refused)?;
                Answer::Number(if self.writes { changed } else { 0 })
            }
            Wants::Rows(receiver, most) => {
                let mut left = *most;
                session
                    .query(&self.text, &binds, &mut |cells| {
                        receiver.push(&cells)?;
                        left = left.map(|left| left.saturating_sub(1));
                        Ok(if left == Some(0) { Wanted::Enough } else { Wanted::More })
                    })
                    .await
                    .map_err(refused)?;
                let rows: Box<dyn Any + Send> = receiver.take();
                Answer::Computed(rows)
            }
        };
        if self.writes {
            session.settle()?;
        }
        Ok(answer)
    }
}
