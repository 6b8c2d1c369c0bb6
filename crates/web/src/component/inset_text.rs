//! Words set apart from what stands around them.

use super::content::Content;
use maud::{Markup, html};

/// Prints words set apart.
pub fn inset_text(inside: &Content) -> Markup {
    html! {
        div class="nhsuk-inset-text" {
            span class="nhsuk-u-visually-hidden" { "Information: " }
            (inside.paragraph(None))
        }
    }
}
