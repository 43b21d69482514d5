//! TLS, passwords and sockets, on a server that the test starts.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

use super::*;

/// A server of the test's own, with a certificate for `localhost`.
struct Server {
    folder: TempDir,
    port: u16,
    programs: PathBuf,
}

/// Where PostgreSQL's programs are, if they are here.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = folders.chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").is_file());
    if found.is_none() {
        eprintln!("SKIPPED: `initdb` is not installed, so that no server with TLS can be started");
        assert!(std::env::var("CI").is_err() || server().is_none(), "a server is there, and not its programs");
    }
    found
}

/// Runs one of them, as the user who owns the data: PostgreSQL does not run as root.
fn run_program(program: &Path, arguments: &[&str]) -> bool {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let output = command.args(arguments).output().unwrap();
    if !output.status.success() {
        eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

const HBA: &str = "local all all trust
host all postgres 127.0.0.1/32 trust
host all alice 127.0.0.1/32 scram-sha-256
hostnossl all plain 127.0.0.1/32 trust
";

impl Server {
    fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let at = |name: &str| data.join(name);
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let path = data.to_str().unwrap();
        assert!(run_program(&programs.join("initdb"), &["-D", path, "-U", "postgres", "-A", "trust", "--no-sync"]));

        let authority = authority();
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        fs::write(at("root.crt"), authority.pem()).unwrap();
        fs::write(at("other.crt"), self::authority().pem()).unwrap();
        fs::write(at("server.crt"), certificate.pem()).unwrap();
        fs::write(at("server.key"), key.serialize_pem()).unwrap();
        fs::write(at("pg_hba.conf"), HBA).unwrap();
        if is_root() {
            assert!(Command::new("chown").args(["-R", "postgres", path]).status().unwrap().success());
        }
        assert!(Command::new("chmod").arg("600").arg(at("server.key")).status().unwrap().success());

        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder_path = folder.path().to_str().unwrap();
        let options = format!(
            "-p {port} -c listen_addresses=localhost -c unix_socket_directories={folder_path} -c ssl=on -c fsync=off"
        );
        let log = at("log");
        let started = ["-D", path, "-w", "-l", log.to_str().unwrap(), "-o", &options, "start"];
        assert!(run_program(&programs.join("pg_ctl"), &started), "{}", fs::read_to_string(&log).unwrap_or_default());
        let server = Self { folder, port, programs };
        many_threads().block_on(async {
            let database = Database::open(&server.socket(""), &settings()).await.unwrap();
            for sql in [
                "CREATE ROLE alice LOGIN PASSWORD 's3cret'",
                "CREATE ROLE plain LOGIN",
                "CREATE ROLE few LOGIN CONNECTION LIMIT 1",
            ] {
                run(&database, Access::Write, &[sql]).await.unwrap();
            }
        });
        Some(server)
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join("data").join(name).display().to_string()
    }

    fn socket(&self, user: &str) -> String {
        let user = if user.is_empty() { "postgres" } else { user };
        format!("postgres://{user}@:{}/postgres?host={}", self.port, self.folder.path().display())
    }

    /// Whether the connection that the URL's rest makes is encrypted.
    async fn is_encrypted(&self, account: &str, host: &str, parameters: &str) -> Result<bool> {
        let url = format!("postgres://{account}@{host}:{}/postgres?{parameters}", self.port);
        let database = Database::open(&url, &settings()).await?;
        let sql = "SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        Ok(run(&database, Access::Read, &[sql]).await? == [1])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        run_program(&self.programs.join("pg_ctl"), &["-D", data.to_str().unwrap(), "-m", "immediate", "stop"]);
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[test]
fn every_mode_checks_what_it_says() {
    let Some(server) = Server::start() else { return };
    let (root, other) = (server.file("root.crt"), server.file("other.crt"));
    let refused = |error: Result<bool>| message(&error.unwrap_err(), "connect");
    many_threads().block_on(async {
        let encrypted = async |host: &str, parameters: String| server.is_encrypted("postgres", host, &parameters).await;
        assert!(!encrypted("127.0.0.1", "sslmode=disable".to_owned()).await.unwrap());
        assert!(encrypted("127.0.0.1", "application_name=x".to_owned()).await.unwrap(), "where it is offered");
        assert!(encrypted("127.0.0.1", "sslmode=require".to_owned()).await.unwrap());
        assert!(encrypted("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={root}")).await.unwrap());
        assert!(encrypted("127.0.0.1", format!("sslmode=require&sslrootcert={root}")).await.unwrap());
        assert!(encrypted("localhost", format!("sslmode=verify-full&sslrootcert={root}")).await.unwrap());

        let text = refused(encrypted("127.0.0.1", format!("sslmode=verify-full&sslrootcert={root}")).await);
        assert!(text.contains("TLS: ") && text.contains("not valid for"), "{text}");
        for mode in ["verify-ca", "verify-full", "require"] {
            let text = refused(encrypted("localhost", format!("sslmode={mode}&sslrootcert={other}")).await);
            assert!(text.contains("TLS: ") && text.contains("certificate"), "{text}");
        }
        // The machine does not know who made the certificate, or knows nobody at all.
        let text = refused(encrypted("localhost", "sslmode=verify-full".to_owned()).await);
        assert!(text.contains("certificate"), "{text}");
        let text = refused(
            encrypted("localhost", format!("sslmode=verify-full&sslrootcert={}", server.file("PG_VERSION"))).await,
        );
        assert!(text.contains("no certificate in PEM form"), "{text}");

        // Passwords, with the certificate bound to them and without.
        assert!(server.is_encrypted("alice:s3cret", "localhost", "sslmode=require").await.unwrap());
        assert!(!server.is_encrypted("alice:s3cret", "localhost", "sslmode=disable").await.unwrap());
        for account in ["alice:wr0ng", "alice"] {
            let text = refused(server.is_encrypted(account, "localhost", "sslmode=require").await);
            assert!(text.contains("password") && !text.contains("wr0ng"), "{text}");
            assert!(text.contains(&format!("postgres://alice@localhost:{}/postgres", server.port)), "{text}");
        }
        let text = refused(server.is_encrypted("nobody", "localhost", "sslmode=require").await);
        assert!(text.contains("pg_hba.conf"), "{text}");
        // A user who is let in without TLS only.
        assert!(!server.is_encrypted("plain", "localhost", "sslmode=prefer").await.unwrap());
        assert!(server.is_encrypted("plain", "localhost", "sslmode=require").await.is_err());
    });
}

#[test]
fn sockets_are_reached_and_limits_told() {
    let Some(server) = Server::start() else { return };
    many_threads().block_on(async {
        let first = Database::open(&server.socket("few"), &settings()).await.unwrap();
        assert_eq!(run(&first, Access::Read, &["SELECT 2::bigint"]).await.unwrap(), [2]);
        let text = message(&Database::open(&server.socket("few"), &settings()).await.unwrap_err(), "connect");
        assert!(text.contains("too many connections") && text.contains("smaller pool"), "{text}");

        let name = "SELECT (application_name = 'shop')::int FROM pg_stat_activity WHERE pid = pg_backend_pid()";
        let url = format!("{}&application_name=shop", server.socket(""));
        let database = Database::open(&url, &settings()).await.unwrap();
        assert_eq!(run(&database, Access::Read, &[name]).await.unwrap(), [1]);
        let zone = "SELECT (current_setting('TimeZone') = 'UTC')::int";
        assert_eq!(run(&database, Access::Read, &[zone]).await.unwrap(), [1]);
    });
}
