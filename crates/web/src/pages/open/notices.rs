//! What the law wants said: accessibility, privacy, cookies. Says only what is so.

use crate::component::{Caption, Cell, Column, Table};
use crate::layout::Document;
use crate::visit::{Answer, Outcome};
use crate::words::{say, weave};
use maud::{Markup, html};

fn list(lines: &[&str]) -> Markup {
    html! { ul { @for line in lines { li { (line) } } } }
}

fn part(heading: &str, words: &str) -> Markup {
    html! { h2 class="nhsuk-heading-m" { (heading) } p { (words) } }
}

/// The accessibility statement.
pub fn accessibility() -> Outcome {
    Answer::page(accessibility_page())
}

/// Prints the accessibility statement.
pub fn accessibility_page() -> Document {
    let help = html! { a href="/help" { (say("notices-accessibility-help")) } };
    let body = html! {
        h1 { (say("notices-accessibility")) }
        p { (say("notices-accessibility-lede")) }
        (list(&[
            say("notices-accessibility-colours"),
            say("notices-accessibility-zoom"),
            say("notices-accessibility-keyboard"),
            say("notices-accessibility-scripts"),
        ]))
        (part(say("notices-accessibility-tested"), say("notices-accessibility-tests")))
        h2 class="nhsuk-heading-m" { (say("notices-accessibility-wrong")) }
        p { (weave("notices-accessibility-tell", &[("help", help)])) }
    };
    Document::new(say("notices-accessibility"), body)
}

/// The privacy notice.
pub fn privacy() -> Outcome {
    Answer::page(privacy_page())
}

/// Prints the privacy notice.
pub fn privacy_page() -> Document {
    let body = html! {
        h1 { (say("notices-privacy")) }
        p { (say("notices-privacy-lede")) }
        h2 class="nhsuk-heading-m" { (say("notices-privacy-who")) }
        (list(&[
            say("notices-privacy-person"),
            say("notices-privacy-carer"),
            say("notices-privacy-surgery"),
            say("notices-privacy-ward"),
            say("notices-privacy-emergency"),
        ]))
        (part(say("notices-privacy-log"), say("notices-privacy-log-what")))
        (part(say("notices-privacy-kept"), say("notices-privacy-kept-what")))
        (part(say("notices-privacy-others"), say("notices-privacy-nobody")))
    };
    Document::new(say("notices-privacy"), body)
}

/// The cookie notice.
pub fn cookies() -> Outcome {
    Answer::page(cookies_page())
}

/// Prints the cookie notice.
pub fn cookies_page() -> Document {
    let row =
        |name: &str, what: &str, until: &str| vec![Cell::from(name), Cell::from(what), Cell::from(until)];
    let columns = ["notices-cookies-name", "notices-cookies-for", "notices-cookies-ends"];
    let table = Table::stacking(
        Caption::hidden(say("notices-cookies-table")),
        columns.map(|name| Column::new(say(name))).to_vec(),
        vec![
            row("bevan", say("notices-cookies-session"), say("notices-cookies-session-ends")),
            row("bevan-visit", say("notices-cookies-visit"), say("notices-cookies-visit-ends")),
        ],
    );
    let prefix = html! { code { "__Host-" } };
    let body = html! {
        h1 { (say("notices-cookies")) }
        p { (say("notices-cookies-lede")) }
        (table)
        p { (weave("notices-cookies-secure", &[("prefix", prefix)])) }
    };
    Document::new(say("notices-cookies"), body)
}
