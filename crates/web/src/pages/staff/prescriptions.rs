//! The surgery's list of requests for repeat medicines, and one request: approve, or refuse with a reason that the patient
//! reads.

use crate::component::{
    Caption, Cell, Choice, ChoiceLine, Choices, Column, Content, ErrorLine, ErrorSummary, Fieldset, Label,
    Legend, Pick, Size, SummaryList, SummaryRow, Table, Textarea,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::patient::prescriptions::worded;
use crate::pages::section::{Reader, section};
use crate::route::{Route, Who};
use crate::state::State;
use crate::visit::{Answer as Shown, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::prescriptions::{
    Answer, Case, CaseLine, Queue, Reason, RequestAnswer, Unanswered, WORDS_MAX, Waiting, Why,
};
use maud::{Markup, html};

/// The surgery's list and its requests.
pub const ROUTES: &[Route] = &[
    Route::get("/staff/prescriptions", Who::Surgery, |state, visit| Box::pin(list(state, visit))),
    Route::get("/staff/prescriptions/{id}", Who::Surgery, |state, visit| Box::pin(case(state, visit))),
    Route::post("/staff/prescriptions/{id}", Who::Surgery, |state, visit| Box::pin(answer(state, visit))),
];

const PLACE: &str = "/staff/prescriptions";
const LINE: &str = "line";
const REASON: &str = "reason";
const WORDS: &str = "words";

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Reason,
    Words,
    Raced,
    NotIssuable(Vec<String>),
}

async fn list(state: &State, visit: &Visit) -> Outcome {
    Shown::page(list_page(&state.care.prescription_queue(&visit.actor()?).await?))
}

/// Prints the list.
pub fn list_page(queue: &Queue) -> Document {
    let heading = say("prescriptions-queue");
    let body = html! {
        h1 { (heading) }
        p class="bevan-lede" { (say("prescriptions-queue-lede")) }
        (section(Reader::Staff, &queue.requests, say("prescriptions-queue-empty"), |all| {
            let columns = [
                "prescriptions-queue-patient",
                "prescriptions-queue-born",
                "prescriptions-queue-asked",
                "prescriptions-queue-medicines",
            ];
            let columns = columns.map(|id| Column::new(say(id))).into();
            let rows = all.iter().map(|one| row(one, queue)).collect();
            html! { (Table::stacking(Caption::hidden(heading), columns, rows)) }
        }))
    };
    Document::wide(heading, body).under(&[(say("prescriptions-case-work"), "/staff/home")])
}

fn row(one: &Waiting, queue: &Queue) -> Vec<Cell> {
    let link = html! { a href={ (PLACE) "/" (address(&one.id)) } { (one.patient) } };
    let medicines = html! {
        (one.medicines.join(", "))
        @if one.has_note { " · " strong { (say("prescriptions-queue-note")) } }
    };
    vec![
        Cell::from(link),
        Cell::from(one.born.map(wording::day).unwrap_or_default()),
        Cell::from(one.asked_at.map(|at| wording::ago(at, queue.read_at)).unwrap_or_default()),
        Cell::from(medicines),
    ]
}

async fn case(state: &State, visit: &Visit) -> Outcome {
    let case = state.care.prescription_case(&visit.actor()?, visit.id()).await?;
    Shown::page(case_page(&case, &Typed::default(), None, &form::fields(visit)))
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    lines: Vec<String>,
    reason: String,
    words: String,
}

async fn answer(state: &State, visit: &Visit) -> Outcome {
    let typed = Typed {
        lines: visit.form.all(LINE).map(str::to_owned).collect(),
        reason: visit.form.text(REASON).to_owned(),
        words: visit.form.text(WORDS).replace("\r\n", "\n"),
    };
    let answer = match (visit.form.text("answer"), Reason::of_code(&typed.reason)) {
        ("approve", _) => Ok(Answer::Approve),
        (_, Some(reason)) => {
            let words = (!typed.words.is_empty()).then(|| typed.words.clone());
            Ok(Answer::Refuse(Why { reason, on: None, words }))
        }
        (_, None) => Err(Wrong::Reason),
    };
    let wrong = match answer {
        Err(_) if typed.lines.is_empty() => Wrong::Nothing,
        Err(wrong) => wrong,
        Ok(answer) => {
            let actor = visit.actor()?;
            let sent = (typed.lines.clone(), answer);
            match state.care.answer_prescriptions(&actor, (visit.id(), visit.once()?), sent).await {
                Ok(()) => return Shown::see(format!("{PLACE}/{}", address(visit.id()))),
                Err(Unanswered::Unseen(unseen)) => return Err(Problem::from(unseen)),
                Err(Unanswered::NothingSelected) => Wrong::Nothing,
                Err(Unanswered::Words) => Wrong::Words,
                Err(Unanswered::Answered) => Wrong::Raced,
                Err(Unanswered::NotIssuable(names)) => Wrong::NotIssuable(names),
            }
        }
    };
    let case = state.care.prescription_case(&visit.actor()?, visit.id()).await?;
    Shown::refused(case_page(&case, &typed, Some(&wrong), &form::fields(visit)))
}

fn limit() -> i64 {
    i64::try_from(WORDS_MAX).unwrap_or(i64::MAX)
}

/// The words of what is wrong, and the field they are about.
fn wrong_words(wrong: &Wrong) -> (String, &'static str) {
    match wrong {
        Wrong::Nothing => (say("prescriptions-case-nothing").to_owned(), LINE),
        Wrong::Reason => (say("prescriptions-case-no-reason").to_owned(), REASON),
        Wrong::Words => (fill("prescriptions-case-no-words", &[("count", limit().into())]), WORDS),
        Wrong::Raced => (say("prescriptions-case-raced").to_owned(), ""),
        Wrong::NotIssuable(names) => {
            let names = names.join(", ");
            (fill("prescriptions-case-not-issuable", &[("medicines", names.into())]), LINE)
        }
    }
}

/// Prints one request.
pub fn case_page(case: &Case, typed: &Typed, wrong: Option<&Wrong>, fields: &Markup) -> Document {
    let heading = fill("prescriptions-case", &[("patient", case.patient.as_str().into())]);
    let waiting = |line: &&CaseLine| line.line.answer == RequestAnswer::Waiting;
    let (open, done): (Vec<_>, Vec<_>) = case.lines.iter().partition(waiting);
    let wrong = wrong.map(wrong_words);
    let of = |field: &str| {
        wrong.as_ref().filter(|(_, of)| *of == field).map(|(words, _)| Content::from(words.as_str()))
    };
    let body = html! {
        @if let Some((words, field)) = &wrong {
            (ErrorSummary::new(vec![ErrorLine {
                href: (!field.is_empty() && !open.is_empty()).then(|| format!("#{field}")),
                ..ErrorLine::new(words, field)
            }]))
        }
        h1 { (heading) }
        (SummaryList::new(about(case)))
        @if !open.is_empty() {
            form method="post" action={ (PLACE) "/" (address(&case.id)) } novalidate {
                (fields)
                (lines(&open, typed, of(LINE)))
                button class="nhsuk-button" data-module="nhsuk-button" type="submit" name="answer" value="approve" {
                    (say("prescriptions-case-approve"))
                }
                (reasons(typed, of(REASON)))
                (Textarea {
                    label: Label::new(say("prescriptions-case-words")),
                    hint: Some(fill("prescriptions-case-words-hint", &[("count", limit().into())]).into()),
                    error: of(WORDS),
                    name: WORDS.to_owned(),
                    value: typed.words.clone(),
                    rows: Some(3),
                    ..Textarea::default()
                })
                button class="nhsuk-button nhsuk-button--secondary" data-module="nhsuk-button" type="submit"
                    name="answer" value="refuse" { (say("prescriptions-case-refuse")) }
            }
        }
        @if !done.is_empty() {
            h2 class="nhsuk-heading-m" { (say("prescriptions-case-done")) }
            ul class="bevan-scripts" {
                @for one in &done {
                    li {
                        h3 { (one.line.name) }
                        p { (crate::pages::patient::prescriptions::answer(&one.line.answer)) }
                        @if let RequestAnswer::Refused(why) = &one.line.answer { (worded::why_all(why)) }
                    }
                }
            }
        }
    };
    let above = [(say("prescriptions-case-work"), "/staff/home"), (say("prescriptions-queue"), PLACE)];
    Document { refused: wrong.is_some(), ..Document::new(&heading, body).under(&above) }
}

fn about(case: &Case) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    let mut row = |id: &'static str, value: Option<Content>| {
        rows.extend(value.map(|value| SummaryRow::new(say(id), value)));
    };
    row("prescriptions-queue-born", case.born.map(|on| wording::day(on).into()));
    row(
        "prescriptions-case-number",
        case.nhs_number.as_deref().map(|number| wording::nhs_number(number).into()),
    );
    row("prescriptions-queue-asked", case.asked_at.map(|at| wording::moment(at).into()));
    row("prescriptions-case-by", case.asked_by.as_deref().map(Content::from));
    row("prescriptions-case-note", case.note.as_deref().map(Content::from));
    row("prescriptions-check-pharmacy", case.pharmacy.as_deref().map(Content::from));
    rows
}

fn lines(open: &[&CaseLine], typed: &Typed, error: Option<Content>) -> Markup {
    let choice = |one: &&CaseLine| {
        let issued =
            one.issued_on.map(|on| fill("prescriptions-case-issued", &[("day", wording::day(on).into())]));
        let review =
            one.review_on.map(|on| fill("prescriptions-case-review", &[("day", wording::day(on).into())]));
        let left = one.left.map(|left| fill("prescriptions-case-left", &[("count", left.max(0).into())]));
        let dose = one.line.dose.clone();
        let words: Vec<String> = [dose, issued, review, left].into_iter().flatten().collect();
        let words = words.join(" · ");
        let choice = Choice::new(&one.line.id, &one.line.name).hint(Some(&words));
        ChoiceLine::Choice(choice.checked(typed.lines.contains(&one.line.id)))
    };
    let choices = Choices {
        pick: Pick::Any,
        name: LINE.to_owned(),
        fieldset: Some(legend("prescriptions-case-choose", Size::M)),
        error,
        lines: open.iter().map(choice).collect(),
        ..Choices::default()
    };
    html! { (choices) }
}

fn reasons(typed: &Typed, error: Option<Content>) -> Markup {
    let words = |reason: Reason| match reason {
        Reason::ReviewDue => say("prescriptions-reason-review"),
        Reason::TooEarly => say("prescriptions-reason-early"),
        Reason::Stopped => say("prescriptions-reason-stopped"),
        Reason::TalkToUs => say("prescriptions-reason-talk"),
        _ => say("prescriptions-reason-other"),
    };
    let choice = |reason: Reason| {
        let choice = Choice::new(reason.code(), words(reason));
        ChoiceLine::Choice(choice.checked(typed.reason == reason.code()))
    };
    let choices = Choices {
        name: REASON.to_owned(),
        fieldset: Some(legend("prescriptions-case-reason", Size::S)),
        hint: Some(say("prescriptions-case-reason-hint").into()),
        error,
        small: true,
        lines: Reason::OF_SURGERY.into_iter().map(choice).collect(),
        ..Choices::default()
    };
    html! { (choices) }
}

fn legend(id: &'static str, size: Size) -> Fieldset {
    Fieldset { legend: Legend { text: say(id).into(), size: Some(size), page_heading: false, id: None } }
}
