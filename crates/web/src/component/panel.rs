//! The confirmation at the end of a journey: it is done.

use super::content::Content;
use maud::{Markup, html};

/// Prints the panel. Its heading is the page's.
pub fn panel(heading: &str, inside: &Content) -> Markup {
    html! {
        div class="nhsuk-panel" {
            h1 class="nhsuk-panel__heading" { (heading) }
            div class="nhsuk-panel__body" { (inside) }
        }
    }
}
