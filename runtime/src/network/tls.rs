//! Which certificates are trusted.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::{Error, Result};

/// The certificates in a file.
///
/// # Errors
/// [`Error::Connect`] when it cannot be read, or there are none in it.
pub(crate) fn named(file: &Path) -> Result<RootCertStore> {
    let refused = |reason: &dyn std::fmt::Display| {
        refused(&format!("the certificates in `{}` (`sslrootcert`) cannot be read: {reason}", file.display()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| refused(&error))? {
        let certificate = certificate.map_err(|error| refused(&error))?;
        roots.add(certificate).map_err(|error| refused(&error))?;
    }
    if roots.is_empty() { Err(refused(&"there is no certificate in PEM form in it")) } else { Ok(roots) }
}

/// The certificates that this machine trusts.
///
/// # Errors
/// [`Error::Connect`] when there are none.
pub(crate) fn of_the_machine() -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = rustls_native_certs::load_native_certs().certs;
    // Stores of machines hold odd certificates; those that are understood count.
    certificates.retain(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
    if certificates.is_empty() {
        return Err(refused("this machine has no trusted certificates: name a file of them by `sslrootcert`"));
    }
    Ok(certificates)
}

#[cold]
pub(super) fn refused(reason: &str) -> Error {
    Error::Connect { message: reason.to_owned() }
}
