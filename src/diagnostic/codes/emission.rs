//! The code for what the language has and the generator does not emit yet; goes when everything is emitted.

use super::codes;

codes! { "relations";
    NOT_EMITTED_YET = "not-emitted-yet", Error, "", "", "", "";
}
