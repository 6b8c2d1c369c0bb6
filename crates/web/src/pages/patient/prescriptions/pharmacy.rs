//! Choosing the pharmacy that prescriptions go to: words of its name, town or postcode, and one button each.

use super::list::Link;
use super::worded;
use crate::component::{Button, ErrorLine, ErrorSummary, Input, Label, Size, back_link};
use crate::form;
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::say;
use care::prescriptions::Place;
use care::view::Unseen;
use maud::{Markup, html};

/// Where the choice was asked from, and so where it leads.
fn back(from: &str) -> &'static str {
    match from {
        "request" => "/prescriptions/request/pharmacy",
        "check" => "/prescriptions/request/check",
        _ => "/prescriptions",
    }
}

/// The page.
pub async fn find(state: &State, visit: &Visit) -> Outcome {
    Answer::page(print(state, visit, false).await?)
}

/// Takes the choice.
pub async fn choose(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let ods = visit.form.text("ods");
    let chosen = (!ods.is_empty()).then_some(ods);
    let actor = visit.actor_for(&patient)?;
    match state.care.choose_pharmacy(&actor, (&patient, visit.once()?), chosen).await {
        Ok(()) => Answer::see(visit.link(back(visit.query.text("from")))),
        Err(Unseen::NotFound) => Answer::refused(print(state, visit, true).await?),
        Err(unseen) => Err(unseen.into()),
    }
}

async fn print(state: &State, visit: &Visit, gone: bool) -> Result<Document, crate::visit::Problem> {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let near = visit.query.text("near");
    let now = state.care.prescriptions(&actor, &patient).await?.pharmacy;
    let found = state.care.pharmacies(&actor, near).await?;
    let known = now.as_ref().map(|place| place.ods.as_str());
    // A form of its own for each pharmacy, and one to take the choice back.
    let forms: Vec<(Option<&Place>, Markup)> = found
        .iter()
        .filter(|place| known != Some(place.ods.as_str()))
        .map(Some)
        .chain(now.as_ref().map(|_| None))
        .map(|place| (place, form::fields(visit)))
        .collect();
    let asked = Asked { near, from: visit.query.text("from"), gone };
    Ok(find_page(&asked, now.as_ref(), &forms, &|path| visit.link(path)))
}

/// What was asked of the page.
pub struct Asked<'a> {
    /// The words searched for.
    pub near: &'a str,
    /// Where the choice was asked from.
    pub from: &'a str,
    /// Whether the pharmacy that was chosen is not there.
    pub gone: bool,
}

/// Prints the page: the pharmacy now, the search, and each pharmacy with its own form; a form without one takes the
/// choice back.
pub fn find_page(
    asked: &Asked<'_>,
    now: Option<&Place>,
    forms: &[(Option<&Place>, Markup)],
    link: Link<'_>,
) -> Document {
    let heading = say("prescriptions-pharmacy-change");
    let here = link("/pharmacy");
    let action =
        if asked.from.is_empty() { here.clone() } else { format!("{here}?from={}", back_word(asked.from)) };
    let input = Input {
        label: Label { size: Some(Size::S), ..Label::new(say("prescriptions-find")) },
        hint: Some(say("prescriptions-find-hint").into()),
        name: "near".to_owned(),
        value: Some(asked.near.to_owned()).filter(|words| !words.is_empty()),
        width: Some(20),
        autocomplete: Some("off".to_owned()),
        ..Input::default()
    };
    let places: Vec<_> = forms.iter().filter_map(|(place, fields)| Some(((*place)?, fields))).collect();
    let none = forms.iter().find(|(place, _)| place.is_none()).map(|(_, fields)| fields);
    let results = if asked.near.is_empty() {
        say("prescriptions-find-some")
    } else {
        say("prescriptions-find-results")
    };
    let body = html! {
        (back_link(say("prescriptions-back"), &link(back(asked.from))))
        @if asked.gone { (ErrorSummary::new(vec![ErrorLine::new(say("prescriptions-gone"), "near")])) }
        h1 { (heading) }
        @if let Some(place) = now {
            h2 class="nhsuk-heading-m" { (say("prescriptions-used")) }
            (worded::place(place))
        }
        form method="get" action=(here) {
            @if !asked.from.is_empty() { input type="hidden" name="from" value=(back_word(asked.from)); }
            (input)
            (Button::secondary(say("prescriptions-find-go")))
        }
        h2 class="nhsuk-heading-m" { (results) }
        @if places.is_empty() {
            div class="bevan-answer" { p { (say("prescriptions-find-empty")) } }
        } @else {
            ul class="bevan-people" {
                @for (place, fields) in places {
                    li {
                        (worded::place(place))
                        form method="post" action=(action) {
                            (fields)
                            input type="hidden" name="ods" value=(place.ods);
                            (Button { hidden: Some(place.name.clone()), small: true, ..Button::secondary(say("prescriptions-use")) })
                        }
                    }
                }
            }
        }
        @if let Some(fields) = none {
            form method="post" action=(action) class="bevan-script-none" {
                (fields)
                (Button::secondary(say("prescriptions-none")))
            }
        }
    };
    Document { refused: asked.gone, ..Document::new(heading, body) }
}

/// A word of ours for an address, whatever was sent.
fn back_word(from: &str) -> &'static str {
    match from {
        "request" => "request",
        "check" => "check",
        _ => "list",
    }
}
