//! What cursors of pages are signed with.

use super::{Builder, Schema};
use crate::page::PageKey;

impl<R: Schema> Builder<R> {
    /// Signs the cursors of pages with this secret: 32 random bytes or more, the same on every server and after every
    /// start. Fewer are `connect`.
    ///
    /// Without it, each `connect` makes a key of its own: cursors then are good for as long as the program runs, and for
    /// no other one. A cursor that is signed otherwise is `invalid_filter`.
    #[must_use]
    pub fn page_key(mut self, secret: impl AsRef<[u8]>) -> Self {
        match PageKey::new(secret.as_ref()) {
            Ok(key) => {
                self.page_key = Some(key);
                self
            }
            Err(message) => self.mistaken(|| message),
        }
    }
}
