//! The runtime that connections live on.
//!
//! Sockets and timers belong to a tokio runtime. A call that is made within one stays there; a call that is
//! made elsewhere, by `.wait()` or another executor, runs on a thread of relata's own, started when it is first
//! needed. Knows nothing of databases.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::JoinHandle;

#[cfg(any(feature = "blocking", test))]
use crate::wait;
use crate::{Error, Result};

/// Runs `call` to its end; dropped before, the call is dropped too.
///
/// # Errors
/// Those of the call; [`Error::Unavailable`] where waiting would block the thread that has to answer.
pub(crate) async fn run<T: Send + 'static>(call: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    if Handle::try_current().is_err() {
        return Elsewhere(own()?.spawn(call)).await;
    }
    #[cfg(any(feature = "blocking", test))]
    if wait::blocks_its_runtime() {
        return Err(blocked());
    }
    call.await
}

#[cfg(any(feature = "blocking", test))]
#[cold]
fn blocked() -> Error {
    let message = "`.wait()` was called on the only thread of a tokio runtime, which has to answer it, and would wait for \
                   ever: use `.await` there, or a multi-threaded runtime";
    Error::Unavailable { message: message.to_owned() }
}

/// A call on another thread.
struct Elsewhere<T>(JoinHandle<T>);

impl<T> Future for Elsewhere<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match ready!(Pin::new(&mut self.0).poll(context)) {
            Ok(output) => Poll::Ready(output),
            // Only this future cancels it; what is left is a panic, which goes on here.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

impl<T> Drop for Elsewhere<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The runtime of relata's own. It ends with the process.
fn own() -> Result<Handle> {
    static OWN: Mutex<Option<Runtime>> = Mutex::new(None);
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*own {
        return Ok(runtime.handle().clone());
    }
    let start = || Builder::new_multi_thread().worker_threads(1).thread_name("relata-network").enable_all().build();
    let runtime = start().map_err(|error: io::Error| Error::Unavailable {
        message: format!("the thread that talks to databases cannot be started: {error}"),
    })?;
    Ok(own.insert(runtime).handle().clone())
}

/// The runtime that a connection was made on.
#[derive(Debug, Clone)]
pub(crate) struct Home(Handle);

impl Home {
    /// Of what is made here and now.
    ///
    /// # Panics
    /// Outside tokio; what [`run`] runs never is.
    pub(crate) fn here() -> Self {
        Self(Handle::current())
    }

    /// Runs `work` on it, whatever becomes of its caller. If the runtime has ended, `work` is dropped.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        drop(self.0.spawn(work));
    }

    /// Whether what lives on it can be used here. A runtime of one thread may stand still while another one
    /// waits for it.
    pub(crate) fn serves_here(&self) -> bool {
        self.0.runtime_flavor() != RuntimeFlavor::CurrentThread
            || Handle::try_current().is_ok_and(|here| here.id() == self.0.id())
    }
}
