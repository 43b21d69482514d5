//! What makes cursors good for one find, and for nobody else to make: HMAC-SHA256 over the bytes and what they are for.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::token::{Place, text_of, write_bind};
use crate::driver::Capabilities;
use crate::query::node::Node;
use crate::query::sql::Sql;
use crate::value::type_name;
use crate::{Error, Result};

/// What cursors are signed with.
pub(crate) struct PageKey(Hmac<Sha256>);

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey")
    }
}

/// Bytes of a signature.
const TAG: usize = 32;

/// The fewest bytes of a key.
const LEAST: usize = 32;

/// What a cursor is good for: model, order and condition, with all that they are bound with.
#[derive(Debug)]
pub(super) struct Seal(Vec<u8>);

impl Seal {
    /// Of a node in its total order, not cut and not gone on in.
    pub(super) fn of(capabilities: &'static Capabilities, node: &Node) -> Self {
        let mut sql = Sql::new(capabilities, 1);
        sql.table(node.model, 0);
        sql.filter(node.model, 0, &node.condition);
        sql.order(node.model, 0, &node.order, true);
        let statement = sql.finish();
        let mut bytes = b"relata cursor\0".to_vec();
        text_of(0, node.model.name.as_bytes(), &mut bytes);
        for term in &node.order {
            text_of(1, type_name(term.of(node.model).1).as_bytes(), &mut bytes);
        }
        text_of(2, statement.text.as_bytes(), &mut bytes);
        statement.binds.iter().for_each(|bind| write_bind(bind, &mut bytes));
        Self(bytes)
    }
}

impl PageKey {
    /// Of these bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, String> {
        let given = bytes.len();
        match Hmac::new_from_slice(bytes) {
            Ok(key) if given >= LEAST => Ok(Self(key)),
            _ => Err(format!("`page_key` takes {LEAST} random bytes or more, and was given {given}")),
        }
    }

    /// One that nobody knows, for as long as the program runs.
    ///
    /// # Errors
    /// `connect`: the system has no random bytes to give.
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; LEAST];
        let filled = getrandom::fill(&mut bytes).map_err(|error| error.to_string());
        filled.and_then(|()| Self::new(&bytes)).map_err(|reason| Error::Connect {
            message: format!("no random key for cursors is to be had, give one by `page_key`: {reason}"),
        })
    }

    fn signing(&self, seal: &Seal, bytes: &[u8]) -> Hmac<Sha256> {
        let mut signing = self.0.clone();
        signing.update(&(seal.0.len() as u64).to_be_bytes());
        signing.update(&seal.0);
        signing.update(bytes);
        signing
    }

    /// The text of a cursor.
    pub(super) fn close(&self, seal: &Seal, place: &Place) -> String {
        let mut bytes = place.write();
        let tag = self.signing(seal, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a text says, if this key signed it for that.
    pub(super) fn open(&self, seal: &Seal, text: &str) -> Option<Place> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (bytes, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        self.signing(seal, bytes).verify_slice(tag).ok()?;
        Place::read(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    const KEY: [u8; 32] = [7; 32];

    fn place() -> Place {
        Place { values: vec![Value::Int(1), Value::Text("Asgard".into())], backward: false, with_it: false }
    }

    #[test]
    fn every_change_is_refused() {
        let (key, seal) = (PageKey::new(&KEY).unwrap(), Seal(b"find".to_vec()));
        let text = key.close(&seal, &place());
        assert_eq!(key.open(&seal, &text), Some(place()));
        for at in 0..text.len() {
            assert_eq!(key.open(&seal, &text[..at]), None);
            for byte in 0..128 {
                let mut changed = text.clone().into_bytes();
                if changed[at] != byte {
                    changed[at] = byte;
                    assert_eq!(key.open(&seal, std::str::from_utf8(&changed).unwrap()), None);
                }
            }
        }
        for wrong in ["", "=", "AA", "\u{0}", "ß", &format!("{text}A"), &format!("{text}="), &text.repeat(2)] {
            assert_eq!(key.open(&seal, wrong), None);
        }
    }

    #[test]
    fn another_find_and_another_key_are_refused() {
        let (key, seal) = (PageKey::new(&KEY).unwrap(), Seal(b"find".to_vec()));
        let text = key.close(&seal, &place());
        assert_eq!(key.open(&Seal(b"fine".to_vec()), &text), None);
        assert_eq!(PageKey::new(&[8; 32]).unwrap().open(&seal, &text), None);
        assert_eq!(PageKey::random().unwrap().open(&seal, &text), None);
        // Nothing moves between what is signed and what it is signed for.
        let mut longer = seal.0.clone();
        longer.push(1);
        assert_eq!(key.open(&Seal(longer), &text), None);
    }

    #[test]
    fn a_short_key_is_refused() {
        let wrong = PageKey::new(&[1; 31]).unwrap_err();
        assert!(wrong.contains("32") && wrong.contains("31"), "{wrong}");
        assert!(PageKey::new(&[]).is_err());
        assert!(PageKey::new(&[1; 100]).is_ok());
    }
}
