//! The way back up: a list of pages above this one, and on narrow screens one link back.

use crate::words::say;
use maud::{Markup, html};

/// One page above this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its heading.
    pub text: String,
    /// Its address.
    pub href: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), href: href.to_owned() }
    }
}

/// Prints the pages above this one, outermost first; nothing without any.
pub fn breadcrumb(crumbs: &[Crumb]) -> Markup {
    let Some(last) = crumbs.last() else { return html! {} };
    html! {
        nav class="nhsuk-breadcrumb" aria-label=(say("shell-breadcrumb")) {
            ol class="nhsuk-breadcrumb__list" {
                @for crumb in crumbs {
                    li class="nhsuk-breadcrumb__list-item" {
                        a class="nhsuk-breadcrumb__link" href=(crumb.href) { (crumb.text) }
                    }
                }
            }
            a class="nhsuk-back-link" href=(last.href) {
                span class="nhsuk-u-visually-hidden" { (say("shell-back-to")) " " } (last.text)
            }
        }
    }
}
