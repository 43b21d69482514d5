//! A subscriber that keeps all that it is told, for the thread that a test is on.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// A span or an event.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) name: &'static str,
    pub(super) target: String,
    pub(super) fields: BTreeMap<&'static str, String>,
    /// The span that it is in, by its position among all that was seen.
    pub(super) within: Option<usize>,
    pub(super) closed: bool,
}

impl Seen {
    /// The value of a field, if it has one.
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }

    /// The values of these fields.
    #[track_caller]
    pub(super) fn shows(&self, fields: &[(&str, &str)]) {
        for &(field, value) in fields {
            assert_eq!(self.get(field), Some(value), "{field} of {self:#?}");
        }
    }
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }
}

/// Where a span is among all that was seen.
struct Position(usize);

struct Keeper(Arc<Mutex<Vec<Seen>>>);

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Keeper {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let within = span.parent().map(|parent| parent.extensions().get::<Position>().unwrap().0);
        let (name, target) = (attributes.metadata().name(), attributes.metadata().target().to_owned());
        let mut seen = Seen { name, target, within, ..Seen::default() };
        attributes.record(&mut seen);
        let mut all = self.0.lock().unwrap();
        span.extensions_mut().insert(Position(all.len()));
        all.push(seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let at = context.span(id).unwrap().extensions().get::<Position>().unwrap().0;
        values.record(&mut self.0.lock().unwrap()[at]);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let within = context.event_span(event).map(|span| span.extensions().get::<Position>().unwrap().0);
        let (name, target) = (event.metadata().level().as_str(), event.metadata().target().to_owned());
        let mut seen = Seen { name, target, within, closed: true, ..Seen::default() };
        event.record(&mut seen);
        self.0.lock().unwrap().push(seen);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let at = context.span(&id).unwrap().extensions().get::<Position>().unwrap().0;
        self.0.lock().unwrap()[at].closed = true;
    }
}

/// All that is told on this thread, until it is dropped.
pub(super) struct Traced {
    seen: Arc<Mutex<Vec<Seen>>>,
    _guard: DefaultGuard,
}

impl Traced {
    pub(super) fn new() -> Self {
        let seen = Arc::default();
        let subscriber = tracing_subscriber::registry().with(Keeper(Arc::clone(&seen)));
        Self { seen, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// All spans and events of the library, in the order in which they began.
    pub(super) fn all(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Those of that name.
    pub(super) fn named(&self, name: &str) -> Vec<Seen> {
        self.all().into_iter().filter(|seen| seen.target == "relata" && seen.name == name).collect()
    }

    /// The last call.
    pub(super) fn call(&self) -> Seen {
        let call = self.named("relata.call").pop().expect("a call was made");
        assert!(call.closed, "{call:?}");
        call
    }
}
