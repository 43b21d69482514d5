//! What the protocol's own TLS is told, so that `sslmode` means the same as for other databases.

use mysql_async::SslOpts;
use rustls::crypto::{CryptoProvider, ring};

use crate::network::url::{Host, Target, TlsMode};
use crate::{Error, Result};

/// The options of TLS; `None` where no connection is encrypted.
///
/// # Errors
/// [`Error::Connect`] for what is not offered here, and when this machine trusts nobody.
pub(super) fn options(target: &Target) -> Result<Option<SslOpts>> {
    // Nobody listens in on a Unix socket: as with libpq, `sslmode` says nothing there.
    if matches!(target.host, Host::Socket(_)) {
        return Ok(None);
    }
    let encrypted = SslOpts::default();
    let options = match target.tls.mode {
        TlsMode::Disable => return Ok(None),
        TlsMode::Prefer | TlsMode::Require => encrypted.with_danger_accept_invalid_certs(true),
        TlsMode::VerifyCa => {
            let message = "`sslmode=verify-ca` is not offered for MariaDB and MySQL: use `sslmode=verify-full`, or \
                           `sslmode=require` without `sslrootcert`, which checks no certificate";
            return Err(Error::Connect { message: message.to_owned() });
        }
        TlsMode::VerifyFull => {
            let roots = match &target.tls.roots {
                Some(file) => {
                    // Read here too, so that what is wrong with it is said whatever the server offers.
                    crate::network::tls::named(file)?;
                    vec![file.clone().into()]
                }
                None => crate::network::tls::of_the_machine()?.into_iter().map(|root| root.to_vec().into()).collect(),
            };
            encrypted.with_root_certs(roots).with_disable_built_in_roots(true)
        }
    };
    // The protocol's crate takes the program's provider. If there is none, and the program's crates bring several,
    // rustls would not know which one is meant.
    if CryptoProvider::get_default().is_none() {
        // Another thread may have been faster; then there is one.
        let _ = ring::default_provider().install_default();
    }
    Ok(Some(options))
}
