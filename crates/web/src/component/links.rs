//! Links with a job of their own: back to the question before, and on to the thing to do.

use super::content::Content;
use maud::{Markup, PreEscaped, html};

/// An arrow in a circle, as nhsuk-frontend draws it (MIT).
const ARROW: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="nhsuk-icon nhsuk-icon--arrow-right-circle" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" "#,
    r#"width="16" height="16" focusable="false" aria-hidden="true"><path d="M12 2a10 10 0 0 0-10 9h11.7l-4-4a1 1 0 0 1 "#,
    r#"1.5-1.4l5.6 5.7a1 1 0 0 1 0 1.4l-5.6 5.7a1 1 0 0 1-1.5 0 1 1 0 0 1 0-1.4l4-4H2A10 10 0 1 0 12 2z"/></svg>"#
));

/// Back to the page before. Stands above the heading.
pub fn back_link(text: &str, href: &str) -> Markup {
    html! { a class="nhsuk-back-link" href=(href) { (text) } }
}

/// The one thing to do, as a link with an arrow. `reverse` on a dark ground.
pub fn action_link(text: &Content, href: &str, reverse: bool) -> Markup {
    html! {
        a class={ "nhsuk-action-link" @if reverse { " nhsuk-action-link--reverse" } } href=(href) {
            (ARROW)
            span class="nhsuk-action-link__text" { (text) }
        }
    }
}
