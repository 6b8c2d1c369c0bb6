//! What waits for a surgery about people who act for others: applications to approve or refuse, and young people to be
//! asked what they want. One page a relationship, with everything that the decision needs.

use crate::component::{
    Button, Caption, Cell, Choice, ChoiceLine, Choices, Column, Content, ErrorLine, ErrorSummary, Fieldset,
    Legend, Look, Pick, Size, SummaryList, SummaryRow, Table,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::patient::family::say::{category, kin, right, tag};
use crate::route::{Route, Who};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use care::family::{Basis, Case, Category, Order, Refusal, Stage, Undone, Waiting};
use maud::{Markup, html};

/// The rows of the area.
pub const ROUTES: &[Route] = &[
    Route::get("/staff/family", Who::Surgery, |state, visit| Box::pin(family(state, visit))),
    Route::get("/staff/family/{id}", Who::Surgery, |state, visit| Box::pin(case(state, visit))),
    Route::post("/staff/family/{id}/approve", Who::Surgery, |state, visit| {
        let chosen = visit.form.all("access").filter_map(Category::of_code).collect();
        Box::pin(order(state, visit, Order::Approve(chosen)))
    }),
    Route::post("/staff/family/{id}/refuse", Who::Surgery, |state, visit| {
        Box::pin(order(state, visit, Order::Refuse))
    }),
    Route::post("/staff/family/{id}/review", Who::Surgery, |state, visit| Box::pin(review(state, visit))),
    Route::post("/staff/family/{id}/end", Who::Surgery, |state, visit| {
        Box::pin(order(state, visit, Order::End))
    }),
    Route::post("/staff/family/{id}/hide", Who::Surgery, |state, visit| {
        Box::pin(order(state, visit, Order::Hide))
    }),
    Route::post("/staff/family/{id}/show", Who::Surgery, |state, visit| {
        Box::pin(order(state, visit, Order::Show))
    }),
];

const HEADING: &str = "People who act for others";

/// The list.
async fn family(state: &State, visit: &Visit) -> Outcome {
    let waiting = state.care.family_queue(&visit.actor()?).await?;
    Answer::page(family_page(&waiting))
}

/// Prints the list.
pub fn family_page(waiting: &[Waiting]) -> Document {
    let rows = waiting.iter().map(|one| {
        vec![
            Cell::from(html! { a href={ "/staff/family/" (address(&one.id)) } { (one.patient_name) } }),
            Cell::from(one.carer_name.as_str()),
            Cell::from(format!("{}. {}", kin(one.kin), right(one.basis))),
            Cell::from(wording::moment(one.applied_at)),
            Cell::from(html! { (tag(one.standing)) }),
        ]
    });
    let columns = ["Patient", "Who acts, or wants to", "By what right", "Since", "Status"].map(Column::new);
    let body = html! {
        h1 { (HEADING) }
        @if waiting.is_empty() {
            div class="bevan-answer" { p { "Nothing waits: no application, and no young person to be asked." } }
        } @else {
            (Table::stacking(Caption::hidden("What waits"), columns.to_vec(), rows.collect()))
        }
    };
    Document::wide(HEADING, body).under(&[("My work", "/staff/home")])
}

/// One relationship.
async fn case(state: &State, visit: &Visit) -> Outcome {
    let case = state.care.family_case(&visit.actor()?, visit.id()).await?;
    Answer::page(case_page(&case, None, &|| form::fields(visit)))
}

async fn review(state: &State, visit: &Visit) -> Outcome {
    let answer = |name: &str| match visit.form.text(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    match (answer("competent"), answer("agrees")) {
        (Some(competent), Some(agrees)) => order(state, visit, Order::Review { competent, agrees }).await,
        (competent, _) => {
            let field = if competent.is_none() { "competent" } else { "agrees" };
            let case = state.care.family_case(&visit.actor()?, visit.id()).await?;
            let wrong = (field, "Answer both questions");
            Answer::refused(case_page(&case, Some(wrong), &|| form::fields(visit)))
        }
    }
}

async fn order(state: &State, visit: &Visit, order: Order) -> Outcome {
    let actor = visit.actor()?;
    let last = matches!(order, Order::Refuse | Order::End);
    match state.care.family_order(&actor, (visit.id(), visit.once()?), order).await {
        Ok(()) if last => Answer::see("/staff/family"),
        Ok(()) => Answer::see(format!("/staff/family/{}", address(visit.id()))),
        Err(Undone::Refused(refusal)) => {
            let case = state.care.family_case(&actor, visit.id()).await?;
            Answer::refused(case_page(&case, Some(refused(refusal)), &|| form::fields(visit)))
        }
        Err(Undone::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// Why not, and where it is mended.
fn refused(refusal: Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::NothingChosen => ("access", "Choose at least one part"),
        Refusal::ReviewFirst => {
            ("competent", "They are old enough to be asked. Record what came of it first")
        }
        Refusal::SixteenOrOver => ("access", "They are 16 or over: only they can agree to it"),
        Refusal::UnderSixteen => ("access", "They are under 16: this right does not fit"),
        Refusal::UnderEighteen => {
            ("access", "They are under 18: nobody can hold a power of attorney for them")
        }
        Refusal::TooEarlyToReview => ("competent", "A review is not due before the 11th birthday"),
        Refusal::NothingToReview => ("competent", "Only a parent’s access to a child’s record is reviewed"),
        Refusal::BirthUnknown => ("access", "Their date of birth is not in the record"),
        Refusal::Died => ("access", "The patient has died"),
        Refusal::Answered => ("access", "Somebody has answered it already"),
        Refusal::NotRunning
        | Refusal::Yourself
        | Refusal::NotBorn
        | Refusal::TooManyToday
        | Refusal::TooManyWaiting => ("access", "It is over already"),
    }
}

/// Prints one relationship, and what can be done about it.
pub fn case_page(
    case: &Case,
    wrong: Option<(&'static str, &'static str)>,
    fields: &dyn Fn() -> Markup,
) -> Document {
    let one = &case.relationship;
    let heading = case.patient_name.as_str();
    let place = |verb: &str| format!("/staff/family/{}/{verb}", address(&one.id));
    let running = matches!(one.stage, Stage::Applied | Stage::Approved);
    let body = html! {
        @if let Some((field, words)) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, field)])) }
        h1 { (heading) }
        p { (tag(case.standing)) @if one.hidden_at.is_some() { " The record is hidden from them at present." } }
        (SummaryList::new(facts(case)))
        @if one.stage == Stage::Applied {
            form method="post" action=(place("approve")) novalidate {
                (fields())
                (parts(one.categories.as_slice(), wrong))
                (Button::new("Approve"))
            }
            form method="post" action=(place("refuse")) novalidate { (fields()) (Button::secondary("Refuse")) }
        }
        @if running && one.basis == Basis::Parental {
            h2 class="nhsuk-heading-m" { "What the young person wants" }
            @if case.age.is_some_and(|age| age < 11) && wrong.is_none() {
                p { "They are asked from their 11th birthday on." }
            } @else {
                p {
                    "From 11 on, talk with them alone. Competence (Gillick) is your assessment; it is recorded under your name "
                    "and never shown to whoever acts for them. A competent young person who does not want it ends it."
                }
                form method="post" action=(place("review")) novalidate {
                    (fields())
                    (yes_no("competent", "Are they competent to decide this?", wrong))
                    (yes_no("agrees", "Do they want it?", wrong))
                    (Button::secondary("Record what they want"))
                }
            }
        }
        @if running {
            h2 class="nhsuk-heading-m" { "Safeguarding" }
            @if one.hidden_at.is_some() {
                form method="post" action=(place("show")) novalidate {
                    (fields())
                    (Button::secondary("Show the record to them again"))
                }
            } @else {
                p { "Hiding works at once. They are not told: to them it looks as if they did not act for the patient." }
                form method="post" action=(place("hide")) novalidate {
                    (fields())
                    (Button::secondary("Hide the record from them now"))
                }
            }
        }
        @if one.stage == Stage::Approved {
            h2 class="nhsuk-heading-m" { "Ending it" }
            p { "It ends at once. Both of them are told, unless the record is hidden. To act for the patient again they have to apply again." }
            form method="post" action=(place("end")) novalidate {
                (fields())
                (Button { look: Look::Warning, ..Button::new("End it") })
            }
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(heading, body) }
        .under(&[("My work", "/staff/home"), (HEADING, "/staff/family")])
}

fn facts(case: &Case) -> Vec<SummaryRow> {
    let one = &case.relationship;
    let born = case.born.map_or_else(|| "Not recorded".to_owned(), wording::when_day);
    let age = case.age.map(|age| format!(" ({age})")).unwrap_or_default();
    let number = match &case.nhs_number {
        Some(number) => Content::Html(wording::nhs_number(number)),
        None => "Not recorded".into(),
    };
    let wanted: Vec<&str> = one.categories.iter().map(|one| category(*one)).collect();
    let mut rows = vec![
        SummaryRow::new("Date of birth", format!("{born}{age}").as_str()),
        SummaryRow::new("NHS number", number),
        SummaryRow::new("Who acts, or wants to", one.carer_name.as_str()),
        SummaryRow::new("What they are to the patient", kin(one.kin)),
        SummaryRow::new("By what right", right(one.basis)),
        SummaryRow::new("For what", wanted.join("; ").as_str()),
        SummaryRow::new("Applied", wording::moment(one.applied_at).as_str()),
    ];
    if let Some((at, by)) = &one.decided {
        rows.push(SummaryRow::new("Answered", format!("{} by {by}", wording::moment(*at)).as_str()));
    }
    if let Some(review) = &one.review {
        let competent = if review.competent { "competent to decide" } else { "not yet competent to decide" };
        let agrees = if review.agrees { "wants it" } else { "does not want it" };
        let words = format!("{} by {}: {competent}, {agrees}", wording::day(review.on), review.by);
        rows.push(SummaryRow::new("Asked", words.as_str()));
    }
    rows
}

fn question(pick: Pick, name: &str, text: &str, wrong: Option<(&'static str, &'static str)>) -> Choices {
    Choices {
        pick,
        name: name.to_owned(),
        id: None,
        fieldset: Some(Fieldset {
            legend: Legend { text: text.into(), size: Some(Size::S), page_heading: false, id: None },
        }),
        hint: None,
        error: wrong.filter(|(field, _)| *field == name).map(|(_, words)| words.into()),
        error_border: false,
        small: true,
        inline: false,
        lines: Vec::new(),
    }
}

fn parts(wanted: &[Category], wrong: Option<(&'static str, &'static str)>) -> Choices {
    let line = |one: &Category| {
        ChoiceLine::Choice(Choice::new(one.code(), category(*one)).checked(wanted.contains(one)))
    };
    let lines = Category::ALL.iter().map(line).collect();
    Choices { lines, ..question(Pick::Any, "access", "Approve for", wrong) }
}

fn yes_no(name: &str, text: &str, wrong: Option<(&'static str, &'static str)>) -> Choices {
    let lines =
        [("yes", "Yes"), ("no", "No")].map(|(code, words)| ChoiceLine::Choice(Choice::new(code, words)));
    Choices { lines: lines.to_vec(), ..question(Pick::One, name, text, wrong) }
}
