//! Databases to measure: servers that this program starts in folders of their own, beside it on its processor, or
//! those that are named to it. Knows nothing of what they will hold.

use std::env;
use std::fmt;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid, User};
use tempfile::TempDir;

use crate::workload::Failure;

/// Why a server cannot be started here.
#[derive(Debug)]
pub(crate) struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// A server that answers.
#[derive(Debug)]
pub(crate) struct Server {
    /// With a slash at its end: a database's name follows.
    pub(crate) url: String,
    own: Option<(Child, Signal, TempDir)>,
}

impl Server {
    /// PostgreSQL.
    pub(crate) fn postgres() -> Result<Self, Failure> {
        if let Some(server) = Self::named("BENCH_POSTGRES_URL") {
            return Ok(server);
        }
        let account = Account::unprivileged("postgres")?;
        let folder = account.folder()?;
        let data = folder.path().join("data");
        let bin = ["/usr/lib/postgresql", "/usr/pgsql"].map(Path::new);
        let initdb = program("initdb", &bin)?;
        account.run(Command::new(&initdb).args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data))?;
        let port = free_port()?;
        let mut postgres = Command::new(initdb.with_file_name("postgres"));
        postgres.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k", "", "-h", "127.0.0.1"]);
        postgres.args(["-c", "shared_buffers=512MB", "-c", "synchronous_commit=off", "-c", "autovacuum=off"]);
        let url = format!("postgres://postgres@127.0.0.1:{port}/");
        // The signal of its "fast shutdown".
        Self::start(&account, &mut postgres, Signal::SIGINT, folder, url, port)
    }

    /// MariaDB.
    pub(crate) fn mariadb() -> Result<Self, Failure> {
        if let Some(server) = Self::named("BENCH_MARIADB_URL") {
            return Ok(server);
        }
        let account = Account::unprivileged("mysql")?;
        let folder = account.folder()?;
        let data = folder.path().join("data");
        let mariadbd = program("mariadbd", &["/usr/sbin", "/usr/libexec"].map(Path::new))?;
        let install = program("mariadb-install-db", &[])?;
        let mut install = Command::new(install);
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        account.run(install.arg(option("--datadir=", &data)))?;
        let port = free_port()?;
        let mut server = Command::new(mariadbd);
        server.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=2"]);
        server.args(["--innodb-buffer-pool-size=512M", "--skip-log-bin", &format!("--port={port}")]);
        server.arg(option("--datadir=", &data)).arg(option("--socket=", &folder.path().join("socket")));
        server.arg(option("--pid-file=", &folder.path().join("pid")));
        // In a folder that others use too, a server that starts takes temporary tables for what it left itself.
        server.arg(option("--tmpdir=", folder.path()));
        let url = format!("mysql://root@127.0.0.1:{port}/");
        Self::start(&account, &mut server, Signal::SIGTERM, folder, url, port)
    }

    fn named(variable: &str) -> Option<Self> {
        let url = env::var(variable).ok()?;
        Some(Self { url: format!("{}/", url.trim_end_matches('/')), own: None })
    }

    fn start(
        account: &Account,
        command: &mut Command,
        stop: Signal,
        folder: TempDir,
        url: String,
        port: u16,
    ) -> Result<Self, Failure> {
        let log = std::fs::File::create(folder.path().join("log"))?;
        command.stdout(log.try_clone()?).stderr(log).stdin(Stdio::null());
        let child = account.of(command).spawn()?;
        let mut server = Self { url, own: Some((child, stop, folder)) };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let Some((child, _, folder)) = &mut server.own else { break };
            if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(30) {
                let said = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
                return Err(format!("the server did not start:\n{said}").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Whether it shares this program's processor, where this program keeps to one.
    pub(crate) fn beside(&self) -> bool {
        self.own.is_some()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((child, stop, _)) = &mut self.own {
            let asked = i32::try_from(child.id()).map(|id| kill(Pid::from_raw(id), *stop));
            if !matches!(asked, Ok(Ok(()))) {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}

/// As whom a server runs: both refuse to run as root.
struct Account(Option<User>);

impl Account {
    /// This user, or if that is root the one of that name.
    fn unprivileged(name: &str) -> Result<Self, Failure> {
        if !Uid::effective().is_root() {
            return Ok(Self(None));
        }
        let user = User::from_name(name)?;
        Ok(Self(Some(user.ok_or_else(|| Missing(format!("as root, a server needs the account `{name}` to run as")))?)))
    }

    fn folder(&self) -> Result<TempDir, Failure> {
        let folder = tempfile::tempdir()?;
        if let Some(user) = &self.0 {
            chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        Ok(folder)
    }

    fn of<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match &self.0 {
            Some(user) => command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).current_dir("/"),
            None => command,
        }
    }

    fn run(&self, command: &mut Command) -> Result<(), Failure> {
        let output = self.of(command).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("{name}{}", path.display())
}

/// The program of that name in `PATH` or, as distributions of PostgreSQL have it, in `bin` of a version's folder.
fn program(name: &str, more: &[&Path]) -> Result<PathBuf, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = more.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    let folders = env::split_paths(&path)
        .chain(more.iter().map(PathBuf::from))
        .chain(versions.map(|version| version.path().join("bin")));
    // Links lead to where the server's other programs are.
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    let found = found.ok_or_else(|| Missing(format!("`{name}` is not installed")))?;
    Ok(found.canonicalize()?)
}

fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
