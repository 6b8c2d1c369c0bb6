//! What a simulation assumes, on its page: the values, where they come from, and a form to change them. A GET form, so that it
//! works without scripts and every result has an address of its own.

use super::asked::{Asked, name, shown};
use crate::component::{
    Button, Caption, Cell, Column, Content, ErrorLine, ErrorSummary, Input, Label, Table,
};
use crate::words::{fill, say};
use care::imaging::{Assumptions, Field, Told};
use maud::{Markup, html};

/// What of the form does not fit, above the heading.
pub(super) fn errors(asked: &Asked) -> Markup {
    html! {
        @if !asked.wrong.is_empty() {
            (ErrorSummary::new(asked.wrong.iter().map(|field| ErrorLine::new(&error(*field), &name(*field))).collect()))
        }
    }
}

fn error(field: Field) -> String {
    let (low, high) = (*field.range().start(), *field.range().end());
    let range = [("low", shown(field, low).into()), ("high", shown(field, high).into())];
    match field {
        Field::Days => fill("imaging-days-error", &range),
        Field::Setup => fill("imaging-setup-error", &range),
        Field::Step => fill("imaging-step-error", &range),
        Field::Missed => fill("imaging-missed-error", &range),
        Field::Opens => say("imaging-opens-error").to_owned(),
        Field::Closes => say("imaging-closes-error").to_owned(),
        Field::Share(at) => {
            let protocol = care::imaging::PROTOCOLS.get(at).map_or("", |one| one.name);
            fill("imaging-share-error", &[("protocol", protocol.into()), ("low", i64::from(low).into())])
        }
    }
}

/// Values, sources and the form.
pub(super) fn assumptions(place: &str, assumed: &Assumptions, told: Told, asked: &Asked) -> Markup {
    let value = |field: Field| match field {
        Field::Days => assumed.days,
        Field::Setup => assumed.setup,
        Field::Step => assumed.step,
        Field::Missed => assumed.missed,
        Field::Opens => assumed.opens,
        Field::Closes => assumed.closes,
        Field::Share(at) => assumed.protocols.get(at).map_or(100, |one| one.share),
    };
    let input = |field: Field, label: &str, hint: &str, suffix: &str| {
        let wrong = asked.wrong.contains(&field);
        let typed = asked.typed(field).map(str::to_owned);
        Input {
            hint: Some(hint.into()),
            error: wrong.then(|| Content::from(error(field))),
            name: name(field),
            value: Some(typed.unwrap_or_else(|| shown(field, value(field)))),
            width: Some(5),
            inputmode: (!suffix.is_empty()).then(|| "numeric".to_owned()),
            suffix: (!suffix.is_empty()).then(|| suffix.into()),
            label: Label::new(label),
            ..Input::default()
        }
    };
    let own = |field: Field| if asked.typed(field).is_some() { say("imaging-source-yours") } else { "" };
    html! {
        h2 id="assumptions" class="nhsuk-heading-m" { (say("imaging-assumed")) }
        p {
            (fill("imaging-assumed-from", &[
                ("days", super::count(told.days).into()),
                ("bookings", super::count(told.bookings).into()),
                ("orders", super::count(told.orders).into()),
            ]))
        }
        form class="bevan-search" method="get" action={ (place) "#assumptions" } novalidate {
            div class="bevan-summary" {
                (input(Field::Opens, say("imaging-opens"), &hint("imaging-opens-hint", own(Field::Opens)), ""))
                (input(Field::Closes, say("imaging-closes"), &hint("imaging-closes-hint", own(Field::Closes)), ""))
                (input(Field::Setup, say("imaging-setup"), &hint("imaging-setup-hint", own(Field::Setup)), say("imaging-minutes")))
                (input(Field::Step, say("imaging-step"), &hint("imaging-step-hint", own(Field::Step)), say("imaging-minutes")))
                (input(Field::Missed, say("imaging-missed"), &hint("imaging-missed-hint", own(Field::Missed)), "%"))
                (input(Field::Days, say("imaging-days"), &hint("imaging-days-hint", own(Field::Days)), say("imaging-days-unit")))
            }
            (protocols(assumed, asked))
            (Button::new(say("imaging-again")))
            @if asked.is_anything() { p { a href={ (place) "#assumptions" } { (say("imaging-reset")) } } }
        }
        h3 class="nhsuk-heading-s" { (say("imaging-sources")) }
        ul class="nhsuk-list nhsuk-list--bullet" {
            @for id in ["imaging-source-minutes", "imaging-source-share", "imaging-source-none", "imaging-source-image", "imaging-source-setup"] {
                li { (say(id)) }
            }
        }
        h3 class="nhsuk-heading-s" { (say("imaging-others")) }
        ul class="nhsuk-list nhsuk-list--bullet" {
            @for id in ["imaging-others-slots", "imaging-others-trust", "imaging-others-share"] { li { (say(id)) } }
        }
    }
}

fn hint(id: &'static str, yours: &str) -> String {
    if yours.is_empty() { say(id).to_owned() } else { yours.to_owned() }
}

/// The protocols, each with the share of its time in sequence that is left.
fn protocols(assumed: &Assumptions, asked: &Asked) -> Markup {
    let rows = assumed.protocols.iter().enumerate().map(|(at, line)| {
        let field = Field::Share(at);
        let id = name(field);
        let label = fill("imaging-share-label", &[("protocol", line.protocol.name.into())]);
        let wrong = asked.wrong.contains(&field);
        let value = asked.typed(field).map_or_else(|| shown(field, line.share), str::to_owned);
        let hidden = Some("nhsuk-u-visually-hidden".to_owned());
        let input = Input {
            label: Label { classes: hidden, ..Label::new(&label) },
            error: wrong.then(|| Content::from(error(field))),
            name: id,
            value: Some(value),
            width: Some(3),
            inputmode: Some("numeric".to_owned()),
            suffix: Some("%".into()),
            ..Input::default()
        };
        let named = html! {
            (line.protocol.name)
            @if let Some(why) = line.protocol.why {
                br;
                span class="bevan-small" { (fill("imaging-not-accelerated", &[("why", why.into())])) }
            }
        };
        vec![
            Cell::from(named),
            Cell::from(crate::wording::grouped(super::count(line.booked))),
            Cell::from(line.full.to_string()),
            Cell::from(html! { (input) }),
            Cell::from(line.faster.to_string()),
        ]
    });
    let columns = vec![
        Column::new(say("imaging-protocol")),
        Column::numeric(say("imaging-bookings")),
        Column::numeric(say("imaging-full-minutes")),
        Column::new(say("imaging-share")),
        Column::numeric(say("imaging-faster-minutes")),
    ];
    html! { (Table::stacking(Caption::hidden(say("imaging-protocols")), columns, rows.collect())) }
}
