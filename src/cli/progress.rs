//! A line on the terminal that says that the program still works; nothing where the work is short, or nobody looks.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What takes less needs no explanation.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shown until it is dropped.
pub(super) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Says what is being done, on standard error and only if that is a terminal.
    pub(super) fn of(work: &'static str) -> Self {
        if io::stderr().is_terminal() { Self::on(io::stderr(), work, PATIENCE) } else { Self(None) }
    }

    fn on(mut stream: impl Write + Send + 'static, work: &'static str, every: Duration) -> Self {
        let (done, wait) = mpsc::channel();
        let show = move || {
            let start = Instant::now();
            let mut shown = 0;
            while wait.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let line = format!("{work} … {} s", start.elapsed().as_secs());
                shown = line.chars().count();
                // A line that cannot be shown is no reason to stop.
                let _ = write!(stream, "\r{line}").and_then(|()| stream.flush());
            }
            if shown > 0 {
                let _ = write!(stream, "\r{:shown$}\r", "").and_then(|()| stream.flush());
            }
        };
        // Without a thread the work is done all the same.
        Self(thread::Builder::new().spawn(show).ok().map(|thread| (done, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.0.take() {
            drop(done);
            // The line is gone before anything else is written.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panics").write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().expect("nobody panics").clone()).expect("it is text")
        }
    }

    #[test]
    fn long_work_is_told_and_leaves_nothing_behind() {
        let screen = Screen::default();
        let progress = Progress::on(screen.clone(), "checking", Duration::from_millis(1));
        while !screen.text().contains("checking … 0 s") {
            thread::yield_now();
        }
        drop(progress);
        assert!(screen.text().ends_with("\r              \r"), "{:?}", screen.text());
    }

    #[test]
    fn short_work_is_not_told() {
        let screen = Screen::default();
        drop(Progress::on(screen.clone(), "checking", Duration::from_secs(3600)));
        assert_eq!(screen.text(), "");
    }
}
