//! How many statements a program sends to a server: a relay between the two that reads along.
//!
//! Knows of both protocols where a message ends and whether it runs a statement; knows nothing of what is asked.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::intruder::Raw;
use super::server::Kind;

/// Counts what is sent through it.
#[derive(Debug)]
pub struct Meter {
    url: String,
    here: SocketAddr,
    sent: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl Meter {
    /// Before the server of that URL.
    pub(super) fn new(kind: Kind, url: &str) -> Raw<Self> {
        let authority = url.find("://").map_or(0, |at| at + 3);
        let end = url[authority..].find('/').map_or(url.len(), |at| authority + at);
        let host = url[authority..end].rfind('@').map_or(authority, |at| authority + at + 1);
        let named = &url[host..end];
        let server = if named.contains(':') { named.to_owned() } else { format!("{named}:{}", kind.port()) };
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let here = listener.local_addr()?;
        // What is encrypted cannot be read along.
        let url = format!("{}{here}{}?sslmode=disable", &url[..host], url[end..].split('?').next().unwrap_or_default());
        let meter = Self { url, here, sent: Arc::default(), ended: Arc::default() };
        let (sent, ended) = (Arc::clone(&meter.sent), Arc::clone(&meter.ended));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::Acquire) {
                    return;
                }
                let Ok(server) = TcpStream::connect(&server) else { return };
                let sent = Arc::clone(&sent);
                thread::spawn(move || {
                    // Whichever side closes the connection, both are done with it.
                    if let Ok(back) = relay(kind, &client, &server, &sent) {
                        drop(back.join());
                    }
                });
            }
        });
        Ok(meter)
    }

    /// Leads to the database as its own does.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many statements were sent since this was asked last. Those that begin and end a transaction do not count.
    pub fn take(&self) -> usize {
        self.sent.swap(0, Ordering::AcqRel)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        // Wakes the thread that waits for the next connection.
        drop(TcpStream::connect(self.here));
    }
}

/// Passes on what each side says, until one of them is done.
fn relay(kind: Kind, client: &TcpStream, server: &TcpStream, sent: &AtomicUsize) -> io::Result<thread::JoinHandle<()>> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from, mut to) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Both));
    });
    drop(requests(kind, client, server, sent));
    drop(server.shutdown(Shutdown::Both));
    Ok(back)
}

/// Passes on the requests of a client, one by one.
fn requests(kind: Kind, mut from: &TcpStream, mut to: &TcpStream, sent: &AtomicUsize) -> io::Result<()> {
    let mut message = Vec::new();
    let mut first = true;
    loop {
        let head = match kind {
            // What begins a connection has a length alone; all else has a kind before it.
            Kind::Postgres if first => 4,
            Kind::Postgres => 5,
            Kind::Mysql => 4,
        };
        message.resize(head, 0);
        from.read_exact(&mut message)?;
        let body = match kind {
            Kind::Postgres => {
                let length = [message[head - 4], message[head - 3], message[head - 2], message[head - 1]];
                u32::from_be_bytes(length).saturating_sub(4)
            }
            Kind::Mysql => u32::from_le_bytes([message[0], message[1], message[2], 0]),
        };
        message.resize(head + body as usize, 0);
        from.read_exact(&mut message[head..])?;
        if !first && runs_a_statement(kind, &message) {
            sent.fetch_add(1, Ordering::AcqRel);
        }
        first = false;
        to.write_all(&message)?;
    }
}

/// Whether a request runs a statement that reads or writes rows.
fn runs_a_statement(kind: Kind, message: &[u8]) -> bool {
    let is_about_rows = |text: &[u8]| {
        let words: [&[u8]; 5] = [b"SELECT", b"INSERT", b"UPDATE", b"DELETE", b"WITH"];
        words.iter().any(|word| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word))
    };
    match (kind, message) {
        // What was prepared is run: Bind of the one, COM_STMT_EXECUTE, the first packet of a request, of the other.
        (Kind::Postgres, [b'B', ..]) | (Kind::Mysql, [_, _, _, 0, 0x17, ..]) => true,
        // Text is run: Query, COM_QUERY.
        (Kind::Postgres, [b'Q', _, _, _, _, text @ ..]) | (Kind::Mysql, [_, _, _, 0, 0x03, text @ ..]) => {
            is_about_rows(text)
        }
        _ => false,
    }
}
