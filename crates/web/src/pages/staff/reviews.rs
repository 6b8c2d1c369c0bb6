//! Emergency accesses, for the privacy officer of an organisation: which records staff opened in an emergency, why they said
//! they did, and what came of looking at it. The person reads the finding beside the access in "Who looked at my record".
//! Shows of a person the name and the NHS number, and nothing of the record.

use crate::component::{
    Button, Caption, Cell, Choice, ChoiceLine, Choices, Column, Content, ErrorLine, ErrorSummary, Fieldset,
    Label, Legend, Pick, Size, SummaryList, SummaryRow, Table, Textarea,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::route::{Route, Who};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use care::emergency_review::{Access, Finding, Refusal, Reviews, Undone, WORDS_MAX};
use jiff::Timestamp;
use maud::{Markup, Render, html};

/// The rows of the area.
pub const ROUTES: &[Route] = &[
    Route::get("/staff/reviews", Who::Privacy, |state, visit| Box::pin(list(state, visit))),
    Route::get("/staff/reviews/{id}", Who::Privacy, |state, visit| Box::pin(one(state, visit))),
    Route::post("/staff/reviews/{id}", Who::Privacy, |state, visit| Box::pin(record(state, visit))),
];

const PLACE: &str = "/staff/reviews";
const HEADING: &str = "Emergency accesses";
const FINDING: &str = "finding";
const WORDS: &str = "words";
const SEEN: &str = "seen";

async fn list(state: &State, visit: &Visit) -> Outcome {
    let reviews = state.care.emergency_reviews(&visit.actor()?).await?;
    Answer::page(list_page(&reviews))
}

/// Prints the list.
pub fn list_page(reviews: &Reviews) -> Document {
    let now = reviews.read_at;
    let body = html! {
        h1 { (HEADING) }
        p class="bevan-lede" {
            "Records that staff of your organisation opened in an emergency without caring for the patient. Look at each, and "
            "say what came of it. The patient reads your finding."
        }
        h2 class="nhsuk-heading-m" { "To review, oldest first" }
        (section(Reader::Staff, &reviews.waiting, "None. Every emergency access has been reviewed.", |all| {
            table("To review", "Status", all, |access| status(access, now))
        }))
        h2 class="nhsuk-heading-m" { "Reviewed, newest first" }
        (section(Reader::Staff, &reviews.done, "None yet.", |all| {
            table("Reviewed", "Finding", all, |access| status(access, now))
        }))
        @if reviews.older {
            p { "There are older accesses than are shown here. They appear when the newer ones have been reviewed." }
        }
    };
    Document::wide(HEADING, body).under(&[("My work", "/staff/home")])
}

fn table(caption: &str, last: &str, all: &[Access], status: impl Fn(&Access) -> Markup) -> Markup {
    let rows = all.iter().map(|access| {
        let link = html! {
            a href={ (PLACE) "/" (address(&access.id)) } {
                (access.who) span class="nhsuk-u-visually-hidden" { ", record of " (access.patient) }
            }
            br;
            span class="bevan-small" { (access.role) }
        };
        let whom = html! {
            (access.patient)
            @if let Some(number) = &access.nhs_number { br; span class="bevan-small" { (wording::nhs_number(number)) } }
        };
        vec![
            Cell::from(link),
            Cell::from(whom),
            Cell::from(wording::moment(access.from)),
            Cell::from(access.reason.as_str()),
            Cell::from(status(access)),
        ]
    });
    let columns = ["Who", "Whose record", "When", "Reason given", last].map(Column::new);
    Table::stacking(Caption::hidden(caption), columns.to_vec(), rows.collect()).render()
}

fn status(access: &Access, now: Timestamp) -> Markup {
    html! {
        @match &access.found {
            Some(found) => {
                (said(found.finding))
                br;
                span class="bevan-small" { (wording::ago(found.at, now)) }
            },
            None if access.own => { "Your own: somebody else reviews it" },
            None => { "Not looked at yet" },
        }
    }
}

fn said(finding: Finding) -> &'static str {
    match finding {
        Finding::Justified => "Justified",
        Finding::NotJustified => "Not justified",
        Finding::Asked => "Asked why; not decided",
    }
}

async fn one(state: &State, visit: &Visit) -> Outcome {
    let access = state.care.emergency_access(&visit.actor()?, visit.id()).await?;
    let typed = Typed { finding: visit.restored.text(FINDING), words: visit.restored.text(WORDS) };
    Answer::page(access_page(&access, typed, None, &form::fields(visit)))
}

/// What was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    finding: &'a str,
    words: &'a str,
}

async fn record(state: &State, visit: &Visit) -> Outcome {
    let actor = visit.actor()?;
    let words = visit.form.text(WORDS).replace("\r\n", "\n");
    let typed = Typed { finding: visit.form.text(FINDING), words: &words };
    let seen = visit.form.text(SEEN).parse::<i64>().ok();
    let seen = seen.and_then(|micros| Timestamp::from_microsecond(micros).ok()).ok_or(Problem::Unreadable)?;
    let wrong = match Finding::of_code(typed.finding) {
        None => (FINDING, "Choose what came of your review"),
        Some(finding) => {
            let sent =
                state.care.review_emergency(&actor, (visit.id(), visit.once()?), seen, (finding, &words));
            match sent.await {
                Ok(()) => return Answer::see(PLACE),
                Err(Undone::Unseen(unseen)) => return Err(unseen.into()),
                Err(Undone::Refused(refusal)) => refused(refusal),
            }
        }
    };
    let access = state.care.emergency_access(&actor, visit.id()).await?;
    Answer::refused(access_page(&access, typed, Some(wrong), &form::fields(visit)))
}

/// Why not, and where it is mended.
fn refused(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::Own => ("", "This was your own access. Somebody else has to review it"),
        Refusal::Reviewed => ("", "Somebody else has reviewed it meanwhile. It is shown as it is now"),
        Refusal::More => ("", "The record was opened again since you looked. Read what is new, then decide"),
        Refusal::WordsMissing => (WORDS, "Say to the patient what follows from it"),
        Refusal::WordsTooLong => (WORDS, "Write 500 characters or fewer to the patient"),
    }
}

/// Prints one access.
pub fn access_page(
    access: &Access,
    typed: Typed<'_>,
    wrong: Option<(&'static str, &'static str)>,
    fields: &Markup,
) -> Document {
    let heading = format!("Record of {}", access.patient);
    let line = |(field, words): (&'static str, &'static str)| ErrorLine {
        href: (!field.is_empty()).then(|| format!("#{field}")),
        ..ErrorLine::new(words, field)
    };
    let body = html! {
        @if let Some(wrong) = wrong { (ErrorSummary::new(vec![line(wrong)])) }
        h1 { (heading) }
        (SummaryList::new(facts(access)))
        @if access.own {
            div class="bevan-answer" { p { "This was your own access. Somebody else has to review it." } }
        } @else if access.waits() {
            (question(access, typed, wrong, fields))
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(&heading, body) }
        .under(&[("My work", "/staff/home"), (HEADING, PLACE)])
}

fn facts(access: &Access) -> Vec<SummaryRow> {
    let row = |key: &'static str, value: &str| SummaryRow::new(key, value);
    let mut rows = vec![row("Who opened it", &format!("{}, {}", access.who, access.role))];
    if let Some(number) = &access.nhs_number {
        rows.push(SummaryRow::new("NHS number", Content::Html(wording::nhs_number(number))));
    }
    rows.push(row("Reason given", &access.reason));
    rows.push(row("From", &wording::moment(access.from)));
    rows.push(row("Last look", &wording::moment(access.until)));
    rows.push(row("What was opened", &access.parts.join(", ")));
    rows.push(row(
        "What was changed",
        if access.changed { "Something was written to the record" } else { "Nothing" },
    ));
    if let Some(found) = &access.found {
        let words = format!("{}, {} by {}", said(found.finding), wording::moment(found.at), found.by);
        rows.push(row("Finding", &words));
        rows.push(row("What the patient reads", &found.words));
    }
    rows
}

fn question(
    access: &Access,
    typed: Typed<'_>,
    wrong: Option<(&'static str, &'static str)>,
    fields: &Markup,
) -> Markup {
    let error = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, words)| Content::from(words));
    let choice = |(finding, words, hint): (Finding, &str, &str)| {
        let choice = Choice::new(finding.code(), words).hint(Some(hint));
        ChoiceLine::Choice(choice.checked(typed.finding == finding.code()))
    };
    let choices = [
        (Finding::Justified, "It was justified", "The review ends."),
        (Finding::NotJustified, "It was not justified", "The review ends. Say below what follows from it."),
        (Finding::Asked, "I have asked them why", "It stays on your list until you decide."),
    ];
    let legend = Legend {
        text: "What came of your review?".into(),
        size: Some(Size::M),
        page_heading: false,
        id: None,
    };
    let choices = Choices {
        pick: Pick::One,
        name: FINDING.to_owned(),
        fieldset: Some(Fieldset { legend }),
        error: error(FINDING),
        lines: choices.into_iter().map(choice).collect(),
        ..Choices::default()
    };
    let hint = format!(
        "The patient reads this after the finding. Up to {WORDS_MAX} characters. Needed if it was not justified."
    );
    let words = Textarea {
        label: Label { size: Some(Size::S), ..Label::new("Words to the patient") },
        hint: Some(hint.as_str().into()),
        error: error(WORDS),
        name: WORDS.to_owned(),
        value: typed.words.to_owned(),
        rows: Some(4),
        ..Textarea::default()
    };
    html! {
        form method="post" action={ (PLACE) "/" (address(&access.id)) } novalidate {
            (fields)
            input type="hidden" name=(SEEN) value=(access.until.as_microsecond());
            (choices)
            (words)
            (Button::new("Record the finding"))
        }
    }
}
