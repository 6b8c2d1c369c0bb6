//! Help that is urgent: when to call 999, 111 and the mental health line, without signing in. The same for everybody and
//! served without the record, so that it is there when nothing else is.

use crate::component::{CardHeading, CareCard, Size, Urgency};
use crate::layout::{Document, phone_link};
use crate::visit::{Answer, Outcome};
use crate::words::{say, weave};
use maud::{Markup, html};

/// The page.
pub fn urgent() -> Outcome {
    Answer::page(urgent_page())
}

/// Prints the page.
pub fn urgent_page() -> Document {
    let body = html! {
        h1 { (say("front-urgent")) }
        p class="bevan-lede" { (say("front-urgent-lede")) }
        (card(Urgency::Emergency, say("front-999-heading"), html! {
            (list(&[
                say("front-999-chest"),
                say("front-999-breath"),
                say("front-999-stroke"),
                say("front-999-bleeding"),
                say("front-999-collapse"),
                say("front-999-life"),
            ]))
            p class="bevan-call" { (weave("front-999-call", &[("number", phone_link("999"))])) }
            p { (say("front-999-text")) }
            p { (say("front-999-drive")) }
        }))
        (card(Urgency::Urgent, say("front-mind-heading"), html! {
            (list(&[say("front-mind-harm"), say("front-mind-cope")]))
            p class="bevan-call" { (weave("front-mind-call", &[("number", phone_link("111"))])) }
            p { (weave("front-mind-talk", &[("number", phone_link("116 123"))])) }
        }))
        (card(Urgency::Urgent, say("front-111-heading"), html! {
            (list(&[say("front-111-unsure"), say("front-111-worse"), say("front-111-medicine")]))
            p class="bevan-call" { (weave("front-111-call", &[("number", phone_link("111"))])) }
            p { (say("front-111-text")) }
        }))
        h2 class="nhsuk-heading-m" { (say("front-wait-heading")) }
        (list(&[say("front-wait-stay"), say("front-wait-door"), say("front-wait-list")]))
    };
    Document::new(say("front-urgent"), body)
}

fn card(urgency: Urgency, heading: &str, inside: Markup) -> CareCard {
    CareCard { urgency, heading: CardHeading::new(heading, Some(Size::M)), inside }
}

fn list(lines: &[&str]) -> Markup {
    html! { ul { @for line in lines { li { (line) } } } }
}
