//! Applying to act for somebody: who, by what right, what for, check, sent. Answers are kept on the server between the
//! steps. The last page says the same whether there is a record or not.

use super::say::{category, claim, kin};
use super::steps::{self, Wrong};
use crate::component::{
    Action, Button, Content, ErrorLine, ErrorSummary, SummaryList, SummaryRow, back_link,
};
use crate::form::{self, Fields};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::say;
use care::family::{Application, Basis, Category, Kin, NhsNumberError, Refusal, Undone};
use jiff::civil::Date;
use maud::{Markup, html};

const DRAFT: &str = "family";
const FIELDS: [&str; 8] = ["name", "number", "day", "month", "year", "kin", "basis", "access"];

/// A question page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Who.
    Who,
    /// By what right.
    Right,
    /// What for.
    Access,
}

impl Step {
    fn place(self) -> &'static str {
        match self {
            Step::Who => "/family/apply",
            Step::Right => "/family/apply/right",
            Step::Access => "/family/apply/access",
        }
    }

    fn next(self) -> &'static str {
        match self {
            Step::Who => Step::Right.place(),
            Step::Right => Step::Access.place(),
            Step::Access => "/family/apply/check",
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Step::Who => &["name", "number", "day", "month", "year"],
            Step::Right => &["kin", "basis"],
            Step::Access => &["access"],
        }
    }

    /// What is wrong with its answers.
    fn wrong(self, answers: &Fields) -> Vec<Wrong> {
        let mut all: Vec<Wrong> = Vec::new();
        let mut unless = |fits: bool, field: &'static str, words: &'static str| {
            if !fits {
                all.push((field, words));
            }
        };
        match self {
            Step::Who => {
                let name = answers.text("name");
                unless((1..=200).contains(&name.chars().count()), "name", say("family-wrong-name"));
                let number = Application::number(answers.text("number"));
                unless(number.is_ok(), "number", number.err().map_or("", wrong_number));
                unless(born(answers).is_some(), "born-day", say("family-wrong-born"));
            }
            Step::Right => {
                unless(Kin::of_code(answers.text("kin")).is_some(), "kin", say("family-wrong-kin"));
                unless(Basis::of_code(answers.text("basis")).is_some(), "basis", say("family-wrong-basis"));
            }
            Step::Access => unless(!chosen(answers).is_empty(), "access", say("family-wrong-access")),
        }
        all
    }

    fn page(self, answers: &Fields, errors: &[Wrong], visit: &Visit) -> Document {
        match self {
            Step::Who => steps::who(answers, errors, visit),
            Step::Right => steps::right(answers, errors, visit),
            Step::Access => steps::access(answers, errors, visit),
        }
    }
}

/// What is wrong with an NHS number, one message for each kind of mistake.
fn wrong_number(fault: NhsNumberError) -> &'static str {
    match fault {
        NhsNumberError::Empty => say("family-wrong-number"),
        NhsNumberError::NationalInsurance => say("family-wrong-number-insurance"),
        NhsNumberError::NotDigits => say("family-wrong-number-signs"),
        NhsNumberError::Length => say("family-wrong-number-length"),
        NhsNumberError::CheckDigit => say("family-wrong-number-check"),
    }
}

fn born(answers: &Fields) -> Option<Date> {
    let year: i16 = answers.text("year").parse().ok().filter(|year| (1880..=2200).contains(year))?;
    Date::new(year, answers.text("month").parse().ok()?, answers.text("day").parse().ok()?).ok()
}

fn chosen(answers: &Fields) -> Vec<Category> {
    answers.all("access").filter_map(Category::of_code).collect()
}

fn application(answers: &Fields) -> Option<Application> {
    Some(Application {
        name: answers.text("name").chars().take(200).collect(),
        nhs_number: Application::number(answers.text("number")).ok()?,
        born: born(answers)?,
        kin: Kin::of_code(answers.text("kin"))?,
        basis: Basis::of_code(answers.text("basis"))?,
        categories: chosen(answers),
    })
}

/// A question.
pub async fn ask(state: &State, visit: &Visit, step: Step) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    Answer::page(step.page(&draft.answers, &[], visit))
}

/// An answer.
pub async fn take(state: &State, visit: &Visit, step: Step) -> Outcome {
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, step.fields());
    let wrong = step.wrong(&draft.answers);
    if !wrong.is_empty() {
        return Answer::refused(step.page(&draft.answers, &wrong, visit));
    }
    draft.keep(state).await?;
    Answer::see(visit.link(step.next()))
}

/// The first page whose answers are missing.
fn missing(answers: &Fields) -> Option<Step> {
    [Step::Who, Step::Right, Step::Access].into_iter().find(|step| !step.wrong(answers).is_empty())
}

/// Check your answers.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    match (missing(&draft.answers), application(&draft.answers)) {
        (Some(step), _) => Answer::see(visit.link(step.place())),
        (None, None) => Answer::see(visit.link(Step::Who.place())),
        (None, Some(wanted)) => Answer::page(check_page(&wanted, None, visit)),
    }
}

/// Sends it.
pub async fn send(state: &State, visit: &Visit) -> Outcome {
    let mut draft = visit.draft(state, DRAFT).await?;
    // The answers come with the form as well, so that a second press finds them after the first has forgotten the draft.
    if visit.form.get("number").is_some() {
        draft.take(&visit.form, &FIELDS);
    }
    let Some(wanted) = application(&draft.answers).filter(|_| missing(&draft.answers).is_none()) else {
        return Answer::see(visit.link(Step::Who.place()));
    };
    match state.care.apply_for_family(&visit.actor()?, visit.once()?, wanted.clone()).await {
        Ok(_) => {
            draft.forget(state).await?;
            Answer::see(visit.link("/family/apply/done"))
        }
        Err(Undone::Refused(refusal)) => Answer::refused(check_page(&wanted, Some(refused(refusal)), visit)),
        Err(Undone::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// What is wrong with an application as a whole, and where it is mended.
fn refused(refusal: Refusal) -> (Step, &'static str) {
    match refusal {
        Refusal::Yourself => (Step::Who, say("family-wrong-yourself")),
        Refusal::SixteenOrOver => (Step::Right, say("family-wrong-sixteen")),
        Refusal::UnderSixteen => (Step::Right, say("family-wrong-under-sixteen")),
        Refusal::UnderEighteen => (Step::Right, say("family-wrong-under-eighteen")),
        Refusal::NothingChosen => (Step::Access, say("family-wrong-access")),
        Refusal::TooManyToday => (Step::Who, say("family-wrong-today")),
        Refusal::TooManyWaiting => (Step::Who, say("family-wrong-waiting")),
        _ => (Step::Who, say("family-wrong-born")),
    }
}

/// Prints the page with all answers.
pub fn check_page(wanted: &Application, wrong: Option<(Step, &'static str)>, visit: &Visit) -> Document {
    let row = |key: &'static str, value: Content, step: Step, hidden: &'static str| SummaryRow {
        actions: vec![Action {
            text: say("family-change").to_owned(),
            href: visit.link(step.place()),
            hidden: Some(hidden.to_owned()),
        }],
        ..SummaryRow::new(key, value)
    };
    let access = html! { ul { @for one in &wanted.categories { li { (category(*one)) } } } };
    let rows = vec![
        row(say("family-check-who"), wanted.name.as_str().into(), Step::Who, say("family-change-name")),
        row(
            say("family-number"),
            Content::Html(wording::nhs_number(&wanted.nhs_number)),
            Step::Who,
            say("family-change-number"),
        ),
        row(
            say("family-born"),
            wording::day(wanted.born).as_str().into(),
            Step::Who,
            say("family-change-born"),
        ),
        row(say("family-kin"), kin(wanted.kin).into(), Step::Right, say("family-change-kin")),
        row(say("family-check-right"), claim(wanted.basis).into(), Step::Right, say("family-change-basis")),
        row(say("family-check-access"), Content::Html(access), Step::Access, say("family-change-access")),
    ];
    let lines = wrong
        .iter()
        .map(|(step, words)| ErrorLine { text: (*words).into(), href: Some(visit.link(step.place())) });
    let body = html! {
        (back_link(say("family-back"), &visit.link(Step::Access.place())))
        @if wrong.is_some() { (ErrorSummary::new(lines.collect())) }
        h1 { (say("family-check")) }
        (SummaryList::new(rows))
        form method="post" action=(visit.link("/family/apply/check")) novalidate {
            (form::fields(visit))
            (hidden(wanted))
            p { (say("family-declare")) }
            (Button { prevent_double_click: Some(true), ..Button::new(say("family-send")) })
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(say("family-check"), body) }
}

fn hidden(wanted: &Application) -> Markup {
    let field = |name: &str, value: &str| html! { input type="hidden" name=(name) value=(value); };
    html! {
        (field("name", &wanted.name))
        (field("number", &wanted.nhs_number))
        (field("day", &wanted.born.day().to_string()))
        (field("month", &wanted.born.month().to_string()))
        (field("year", &wanted.born.year().to_string()))
        (field("kin", wanted.kin.code()))
        (field("basis", wanted.basis.code()))
        @for one in &wanted.categories { (field("access", one.code())) }
    }
}

/// It was sent.
pub fn done(visit: &Visit) -> Outcome {
    let body = html! {
        div class="nhsuk-panel" { h1 class="nhsuk-panel__title" { (say("family-done")) } }
        h2 class="nhsuk-heading-m" { (say("family-done-next")) }
        p { (say("family-done-surgery")) }
        p { (say("family-done-wait")) }
        p { a href=(visit.link("/family")) { (say("family-done-back")) } }
    };
    Answer::page(Document::new(say("family-done"), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_in_an_nhs_number_has_words_of_its_own() {
        for (typed, words) in [
            ("", "Enter an NHS number"),
            ("QQ 12 34 56 C", "This looks like a National Insurance number. Enter a 10 digit NHS number"),
            ("999 007 919X", "NHS number must only contain numbers"),
            ("999 007 919", "NHS number must be 10 digits"),
            ("999 123 4567", "Enter a valid NHS number, check the last digit"),
        ] {
            let answers = Fields::parse(&format!("number={}", typed.replace(' ', "+")));
            let wrong = Step::Who.wrong(&answers);
            let said = wrong.iter().find(|(field, _)| *field == "number").map(|(_, words)| *words);
            assert_eq!(said, Some(words), "{typed}");
        }
        let answers = Fields::parse("number=999\u{2011}007\u{a0}9196");
        assert!(Step::Who.wrong(&answers).iter().all(|(field, _)| *field != "number"));
    }
}
