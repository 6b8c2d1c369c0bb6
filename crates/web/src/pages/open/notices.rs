//! What the law wants said: accessibility, privacy, cookies. Says only what is so.

use crate::component::{Caption, Cell, Column, Table};
use crate::layout::Document;
use crate::visit::{Answer, Outcome};
use maud::html;

/// The accessibility statement.
pub fn accessibility() -> Outcome {
    Ok(Answer::Page(Box::new(accessibility_page())))
}

/// Prints the accessibility statement.
pub fn accessibility_page() -> Document {
    let body = html! {
        h1 { "Accessibility" }
        p { "We want everybody to be able to use this site. You should be able to:" }
        ul {
            li { "change colours and contrast with your browser or device" }
            li { "zoom in to 400% without scrolling sideways" }
            li { "use every page with a keyboard, by voice or with a screen reader" }
            li { "use every page without scripts" }
        }
        h2 class="nhsuk-heading-m" { "How it was tested" }
        p {
            "Pages are made to meet the Web Content Accessibility Guidelines 2.2 at level AA. Each page is checked by an "
            "automatic tool (axe) at two widths. Automatic tools find only part of all problems. People who use assistive "
            "technology have not tested this site yet."
        }
        h2 class="nhsuk-heading-m" { "If something does not work for you" }
        p { "Tell us in the way that suits you: " a href="/help" { "all ways to get help" } "." }
    };
    Document::new("Accessibility", body)
}

/// The privacy notice.
pub fn privacy() -> Outcome {
    Ok(Answer::Page(Box::new(privacy_page())))
}

/// Prints the privacy notice.
pub fn privacy_page() -> Document {
    let body = html! {
        h1 { "Privacy" }
        p { "This site shows health records to the people they are about and to the staff who care for them." }
        h2 class="nhsuk-heading-m" { "Who can see a record" }
        ul {
            li { "the person it is about" }
            li { "ward staff of an organisation that is caring for them at the time" }
            li { "ward staff in an emergency, who must give a reason" }
        }
        h2 class="nhsuk-heading-m" { "What is written down about each look" }
        p {
            "Who looked, in which role, for which organisation, when, at what and why. "
            "It is written before anything is shown. Patients can read it under “Who looked at my record”."
        }
        h2 class="nhsuk-heading-m" { "Who else is told" }
        p { "Nobody. Pages load nothing from other sites, and there is no tracking or advertising." }
    };
    Document::new("Privacy", body)
}

/// The cookie notice.
pub fn cookies() -> Outcome {
    Ok(Answer::Page(Box::new(cookies_page())))
}

/// Prints the cookie notice.
pub fn cookies_page() -> Document {
    let row =
        |name: &str, what: &str, until: &str| vec![Cell::from(name), Cell::from(what), Cell::from(until)];
    let table = Table::stacking(
        Caption::hidden("Cookies this site uses"),
        vec![Column::new("Name"), Column::new("What it is for"), Column::new("When it ends")],
        vec![
            row(
                "bevan",
                "Keeps you signed in",
                "When you sign out, after 30 minutes without use, or after 12 hours",
            ),
            row("bevan-visit", "Makes sure that forms come from this site", "When you close the browser"),
        ],
    );
    let body = html! {
        h1 { "Cookies" }
        p { "This site keeps two small files on your device. It does not work without them, so it does not ask." }
        (table)
        p { "On secure addresses their names begin with " code { "__Host-" } "." }
    };
    Document::new("Cookies", body)
}
