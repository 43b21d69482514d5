//! Several servers that hold one database: which is tried first, for how long, and what is said where none serves.
//!
//! Knows no protocol: how one of them is connected to is its driver's business. A host that failed a moment ago is tried
//! after the others, so that one that is down costs new connections nothing while it is.

use std::collections::hash_map::RandomState;
use std::fmt::Write;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::url::Targets;
use crate::Error;

/// How long a host that failed is tried after the others.
const SHUNNED: Duration = Duration::from_secs(30);

/// The servers of one database.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// All of them, as messages name them.
    place: String,
    /// Host and port of each, and the other server whose port that is.
    each: Vec<(String, Option<String>)>,
    /// When each failed last, since it last served.
    failed: Mutex<Vec<Option<Instant>>>,
    random: bool,
}

/// Why a host does not serve.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What is said where it is the only one.
    pub(crate) error: Error,
    /// What is said of it among others.
    reason: String,
    /// Whether another one may serve where this one does not. A wrong password is wrong everywhere.
    pub(crate) elsewhere: bool,
}

impl Refusal {
    /// A connection that cannot be made, for this reason.
    #[cold]
    pub(crate) fn new(place: &impl std::fmt::Display, reason: String, elsewhere: bool) -> Self {
        Self { error: Error::Connect { message: format!("cannot connect to {place}: {reason}") }, reason, elsewhere }
    }

    /// A reason that holds for all of them.
    #[cold]
    pub(crate) fn everywhere(error: Error) -> Self {
        Self { reason: error.to_string(), error, elsewhere: false }
    }
}

/// What a host gave.
pub(crate) enum Found<C> {
    /// A connection of the kind that is asked for.
    Asked(C),
    /// One of another kind, which will do where there is none.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "the other databases have one kind"))]
    Spare(C),
}

impl Hosts {
    pub(crate) fn new(targets: &Targets) -> Self {
        let each: Vec<_> = targets.each.iter().map(|target| (target.address(), target.other_server())).collect();
        let failed = Mutex::new(vec![None; each.len()]);
        Self { place: targets.to_string(), each, failed, random: targets.random }
    }

    /// All of them, as messages name them.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Connects to the first that serves. They share the time: each has its part of what is left.
    ///
    /// # Errors
    /// A refusal that names each host that was tried, and why it does not serve.
    pub(crate) async fn first<C, F>(&self, limit: Duration, mut connect: impl FnMut(usize) -> F) -> Result<C, Refusal>
    where
        F: Future<Output = Result<Found<C>, Refusal>>,
    {
        let end = Instant::now() + limit;
        let mut order = self.order();
        let mut refusals = Vec::with_capacity(order.len());
        let mut spare = None;
        while let Some(at) = order.pop() {
            let left = end.saturating_duration_since(Instant::now());
            let part = left / u32::try_from(order.len() + 1).unwrap_or(u32::MAX);
            let refusal = match tokio::time::timeout(part, connect(at)).await {
                Ok(Ok(Found::Asked(connection))) => {
                    self.lock()[at] = None;
                    return Ok(connection);
                }
                Ok(Ok(Found::Spare(connection))) => {
                    spare.get_or_insert(connection);
                    continue;
                }
                Ok(Err(refusal)) => refusal,
                Err(_) => self.silent(at, if self.each.len() == 1 { limit } else { part }),
            };
            let elsewhere = refusal.elsewhere;
            self.lock()[at] = Some(Instant::now());
            refusals.push((at, refusal));
            if !elsewhere {
                break;
            }
        }
        match spare {
            Some(connection) => Ok(connection),
            None => Err(self.refused(refusals)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Instant>>> {
        // No code of others runs under the lock, so that nothing in it is ever half changed.
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// In which order they are tried, the first one last.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.each.len()).collect();
        if self.random {
            // Each hasher has keys of its own, which is all the chance that takes.
            order.sort_by_cached_key(|at| RandomState::new().hash_one(at));
        }
        let failed = self.lock();
        // Of those that failed lately, the one goes first that failed longest ago; the others keep their order.
        order.sort_by_cached_key(|&at| failed[at].filter(|failed| failed.elapsed() < SHUNNED));
        order.reverse();
        order
    }

    /// Nobody answered in time.
    #[cold]
    fn silent(&self, at: usize, waited: Duration) -> Refusal {
        let other = self.each[at].1.as_ref().map(|other| format!("{other}; ")).unwrap_or_default();
        let doubts = format!("{other}are host and port right, and is nothing in between that swallows packets?");
        let message = format!("connecting to {} took longer than {waited:?}: {doubts}", self.place);
        let reason = format!("no answer within {waited:.1?}; {doubts}");
        Refusal { error: Error::Connect { message }, reason, elsewhere: true }
    }

    #[cold]
    fn refused(&self, mut refusals: Vec<(usize, Refusal)>) -> Refusal {
        let elsewhere = refusals.iter().all(|(_, refusal)| refusal.elsewhere);
        if self.each.len() == 1
            && let Some((_, only)) = refusals.pop()
        {
            return only;
        }
        let mut reasons = String::new();
        for (n, (at, refusal)) in refusals.iter().enumerate() {
            let (separator, host) = (if n > 0 { "; " } else { "" }, &self.each[*at].0);
            let _ = write!(reasons, "{separator}`{host}`: {}", refusal.reason);
        }
        if refusals.len() < self.each.len() {
            reasons.push_str("; the other hosts are not tried, since they would say the same");
        }
        Refusal::new(&self.place, reasons, elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::url::{Parameter, Scheme};

    const SCHEME: Scheme = Scheme { names: &["db"], database: "any", port: 1, parameters: &[Parameter::LoadBalance] };

    fn hosts(url: &str) -> Hosts {
        Hosts::new(&SCHEME.parse(url).unwrap())
    }

    /// Connects where hosts answer so, and tells which were tried.
    fn tried(
        hosts: &Hosts,
        answers: impl Fn(usize) -> Result<Found<usize>, Refusal>,
    ) -> (Vec<usize>, Result<usize, Refusal>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut tried = Vec::new();
        let found = runtime.block_on(hosts.first(Duration::from_secs(10), |at| {
            tried.push(at);
            std::future::ready(answers(at))
        }));
        (tried, found)
    }

    fn down(at: usize) -> Result<Found<usize>, Refusal> {
        Err(Refusal::new(&"x", format!("{at} is down"), true))
    }

    #[test]
    fn they_are_tried_in_their_order_and_a_dead_one_last() {
        let hosts = hosts("db://a,b,c/x");
        let (order, found) = tried(&hosts, |at| if at == 0 { down(at) } else { Ok(Found::Asked(at)) });
        assert_eq!((order, found.unwrap()), (vec![0, 1], 1));
        let (order, found) = tried(&hosts, |at| if at == 0 { down(at) } else { Ok(Found::Asked(at)) });
        assert_eq!((order, found.unwrap()), (vec![1], 1));
        let (order, found) = tried(&hosts, |at| if at == 0 { Ok(Found::Asked(at)) } else { down(at) });
        assert_eq!((order, found.unwrap()), (vec![1, 2, 0], 0));
        // It serves again, and is the first again.
        let (order, found) = tried(&hosts, |at| Ok(Found::Asked(at)));
        assert_eq!((order, found.unwrap()), (vec![0], 0));
    }

    #[test]
    fn where_none_serves_each_is_named_with_its_reason() {
        let hosts = hosts("db://u:s3cret@a:5,b/x");
        let (_, found) = tried(&hosts, down);
        let refusal = found.unwrap_err();
        assert!(refusal.elsewhere);
        let text = refusal.error.to_string();
        assert!(text.contains("cannot connect to db://u@a:5,b:1/x: `a:5`: 0 is down; `b:1`: 1 is down"), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }

    #[test]
    fn what_is_wrong_everywhere_is_not_tried_elsewhere() {
        let hosts = hosts("db://a,b,c/x");
        let (order, found) = tried(&hosts, |at| match at {
            0 => down(at),
            _ => Err(Refusal::new(&"x", "wrong password".to_owned(), false)),
        });
        assert_eq!(order, [0, 1]);
        let text = found.unwrap_err().error.to_string();
        assert!(text.contains("`b:1`: wrong password; the other hosts are not tried"), "{text}");
    }

    #[test]
    fn one_of_another_kind_serves_where_none_of_the_kind_does() {
        let hosts = hosts("db://a,b,c/x");
        let (order, found) = tried(&hosts, |at| if at == 1 { Ok(Found::Asked(at)) } else { Ok(Found::Spare(at)) });
        assert_eq!((order, found.unwrap()), (vec![0, 1], 1));
        let (order, found) = tried(&hosts, |at| Ok(Found::Spare(at)));
        assert_eq!((order, found.unwrap()), (vec![0, 1, 2], 0));
    }

    #[test]
    fn a_silent_host_leaves_time_for_the_others() {
        let hosts = hosts("db://a,b/x");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connect = |at| async move {
            if at == 0 {
                std::future::pending::<()>().await;
            }
            Ok(Found::Asked(at))
        };
        let found = runtime.block_on(hosts.first(Duration::from_millis(100), connect));
        assert_eq!(found.unwrap(), 1);
        let silent = |_| std::future::pending::<Result<Found<()>, Refusal>>();
        let text = runtime.block_on(hosts.first(Duration::from_millis(20), silent)).unwrap_err().error.to_string();
        assert!(text.contains("`b:1`: no answer within") && text.contains("`a:1`: no answer within"), "{text}");
    }

    #[test]
    fn where_asked_for_any_may_be_the_first() {
        let hosts = hosts("db://a,b,c/x?load_balance_hosts=random");
        let first = || tried(&hosts, |at| Ok(Found::Asked(at))).0[0];
        let mut seen = [false; 3];
        for _ in 0..10_000 {
            seen[first()] = true;
            if seen == [true; 3] {
                return;
            }
        }
        panic!("{seen:?}");
    }
}
