//! What stands between a test and a server: it passes everything on, until it is shut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A port that leads to a server while it is open.
pub(crate) struct Gate {
    pub(crate) port: u16,
    through: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Gate {
    pub(crate) fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (server, through) = (server.to_owned(), Arc::new(Mutex::new(Some(Vec::new()))));
        let all = Arc::clone(&through);
        std::thread::spawn(move || {
            while let Ok((here, _)) = listener.accept() {
                let mut all = all.lock().unwrap();
                // Dropped while it is shut: whoever comes is turned away.
                let Some(all) = &mut *all else { continue };
                let there = TcpStream::connect(&server).unwrap();
                for (from, to) in [(&here, &there), (&there, &here)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || pass_on(&mut from, &mut to));
                }
                all.extend([here, there]);
            }
        });
        Self { port, through }
    }

    /// Ends what goes through it, and turns away whoever comes.
    pub(crate) fn shut(&self) {
        for stream in self.through.lock().unwrap().take().into_iter().flatten() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets everybody through again.
    pub(crate) fn open(&self) {
        self.through.lock().unwrap().get_or_insert_default();
    }

    /// How many are going through, or went through since it was opened.
    pub(crate) fn passed(&self) -> usize {
        self.through.lock().unwrap().as_ref().map_or(0, |streams| streams.len() / 2)
    }
}

fn pass_on(from: &mut TcpStream, to: &mut TcpStream) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
