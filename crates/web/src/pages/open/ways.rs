//! Small pieces of public pages: a number to dial, a link back, and whether an address shows something.

use crate::component::back_link;
use crate::layout::Document;
use crate::route::Verb;
use crate::words::say;
use maud::{Markup, html};

/// A phone number that can be dialled.
pub fn phone_link(phone: &str) -> Markup {
    html! { a class="bevan-nowrap" href={ "tel:" (phone.replace(' ', "")) } { (phone) } }
}

/// Whether an address shows something: links to what is not built are never printed.
pub fn exists(path: &str) -> bool {
    crate::routes().any(|route| route.verb == Verb::Get && route.path == path)
}

/// The same page with a link back to the question before.
pub fn after(document: Document, back: &str) -> Document {
    Document { body: html! { (back_link(say("check-back"), back)) (document.body) }, ..document }
}
