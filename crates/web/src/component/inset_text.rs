//! Words set apart from what stands around them.

use super::content::Content;
use crate::words::say;
use maud::{Markup, html};

/// Prints words set apart.
pub fn inset_text(inside: &Content) -> Markup {
    html! {
        div class="nhsuk-inset-text" {
            span class="nhsuk-u-visually-hidden" { (say("shell-information")) " " }
            (inside.paragraph(None))
        }
    }
}
