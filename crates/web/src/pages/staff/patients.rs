//! Finding one patient. What was typed is kept in the session and never stands in an address: a search is sent as a form
//! and answered by the page it came from. An address with `?q=` is taken once and cleaned.

use super::tile::record;
use crate::component::{
    Button, Caption, Cell, Column, Content, DateBox, DateInput, ErrorLine, ErrorSummary, Fieldset, Input,
    Label, Legend, Size, Table,
};
use crate::layout::{Document, token_field};
use crate::session::{Search, Session};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::wording;
use care::Role;
use care::patient_search::{Ask, Match, Matches, Unclear};
use care::view::Unseen;
use jiff::civil::Date;
use maud::{Markup, html};

/// What became of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing was asked.
    NotAsked,
    /// What was typed is not a question.
    Unclear(Wrong),
    /// The answer.
    Answered(Matches),
    /// The record could not be searched.
    Failed,
}

/// Which field is wrong, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The number or name.
    Words(Unclear),
    /// The date of birth.
    Born,
    /// A name without a date of birth, where that is no question.
    NoBirth,
}

impl Wrong {
    /// The field in which it is mended.
    pub(super) fn field(self) -> &'static str {
        if matches!(self, Wrong::Words(_)) { "q" } else { "born-day" }
    }
}

const PLACE: &str = "/staff/patients";

/// The page: the form, and what became of the last search.
pub async fn patients(state: &State, visit: &Visit) -> Outcome {
    if let Some(words) = visit.query.get("q") {
        // An empty question is a new start.
        let search = Search { words: words.to_owned(), born: Default::default() };
        return keep(visit.session()?, Some(search).filter(|search| !search.words.trim().is_empty()));
    }
    let search = visit.session()?.search.clone();
    let finding = match search.as_ref().map(question) {
        None => Finding::NotAsked,
        Some(Err(wrong)) => Finding::Unclear(wrong),
        // The form stays usable when a search fails: what was typed is kept, and must not lock its reader out.
        Some(Ok(ask)) => match state.care.patient_search(&visit.actor()?, &ask).await {
            Ok(matches) => Finding::Answered(matches),
            Err(Unseen::NoAccess) => return Err(Problem::Forbidden),
            Err(_) => Finding::Failed,
        },
    };
    let ward = matches!(visit.session()?.person.role, Role::WardStaff { .. });
    let document = Box::new(patients_page(&search.unwrap_or_default(), &finding, (&visit.token, ward)));
    Ok(if matches!(finding, Finding::Unclear(_)) {
        Answer::Refused(document)
    } else {
        Answer::Page(document)
    })
}

/// Keeps what was typed, and shows the page again.
pub fn patient_search(visit: &Visit) -> Outcome {
    let field = |name: &str| visit.form.text(name).chars().take(300).collect::<String>();
    let search = Search { words: field("q"), born: [field("day"), field("month"), field("year")] };
    keep(visit.session()?, Some(search))
}

fn keep(session: &Session, search: Option<Search>) -> Outcome {
    let session = Session { search, ..session.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), PLACE.to_owned()))
}

/// Reads what was typed as a question.
pub(super) fn question(search: &Search) -> Result<Ask, Wrong> {
    let born = match &search.born {
        parts if parts.iter().all(String::is_empty) => None,
        [day, month, year] => Some(date(day, month, year).ok_or(Wrong::Born)?),
    };
    Ask::parse(&search.words, born).map_err(Wrong::Words)
}

fn date(day: &str, month: &str, year: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| (1800..=2200).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Prints the page.
pub fn patients_page(search: &Search, finding: &Finding, (token, ward): (&str, bool)) -> Document {
    let wrong = match finding {
        Finding::Unclear(wrong) => Some((*wrong, words_of(*wrong))),
        _ => None,
    };
    let body = html! {
        @if let Some((wrong, words)) = &wrong {
            (ErrorSummary::new(vec![ErrorLine::new(words, wrong.field())]))
        }
        h1 { "Find a patient" }
        (form(PLACE, (search, wrong.as_ref()), token))
        @match finding {
            Finding::NotAsked | Finding::Unclear(_) => {},
            Finding::Answered(matches) => { (answer(matches, ward)) },
            Finding::Failed => {
                h2 class="nhsuk-heading-m" { "There is a problem with the search" }
                div class="bevan-answer bevan-answer--failed" {
                    p { "It could not be made. It does not mean that nobody matches. Try again in a minute." }
                }
            },
        }
        @if *finding != Finding::NotAsked { p { a href={ (PLACE) "?q=" } { "New search" } } }
    };
    Document { refused: wrong.is_some(), ..Document::new("Find a patient", body) }
}

/// The form of a search.
pub(super) fn form(place: &str, (search, wrong): (&Search, Option<&(Wrong, String)>), token: &str) -> Markup {
    let error = |about_born: bool| {
        let here = wrong.filter(|(wrong, _)| (wrong.field() == "born-day") == about_born);
        here.map(|(_, words)| Content::from(words.as_str()))
    };
    let [day, month, year] = &search.born;
    let boxes = DateInput::three().into_iter().zip([day, month, year]);
    let words = Input {
        label: Label { size: Some(Size::S), ..Label::new("NHS number or name") },
        hint: Some("For example, 999 007 9196, or a first and last name".into()),
        error: error(false),
        name: "q".to_owned(),
        value: Some(search.words.clone()).filter(|words| !words.is_empty()),
        width: Some(20),
        autocomplete: Some("off".to_owned()),
        spellcheck: Some(false),
        ..Input::default()
    };
    let born = DateInput {
        id: "born".to_owned(),
        fieldset: Some(Fieldset {
            legend: Legend {
                text: "Date of birth, with a name".into(),
                size: Some(Size::S),
                page_heading: false,
                id: None,
            },
        }),
        hint: Some("Leave empty for an NHS number".into()),
        error: error(true),
        boxes: boxes
            .map(|(one, value)| DateBox { value: Some(value.clone()).filter(|v| !v.is_empty()), ..one })
            .collect(),
    };
    html! {
        form class="bevan-search" method="post" action=(place) novalidate {
            (token_field(token))
            (words)
            (born)
            (Button::new("Search"))
        }
    }
}

/// What is wrong, in words.
pub(super) fn words_of(wrong: Wrong) -> String {
    match wrong {
        Wrong::NoBirth => "Enter their date of birth, or search by NHS number".to_owned(),
        Wrong::Born => "Date of birth must be a real date, for example 7 3 1958".to_owned(),
        Wrong::Words(Unclear::Nothing) => "Enter an NHS number or a name".to_owned(),
        Wrong::Words(Unclear::Digits(1)) => "NHS number must have 10 digits; you entered 1".to_owned(),
        Wrong::Words(Unclear::Digits(some)) => format!("NHS number must have 10 digits; you entered {some}"),
        Wrong::Words(Unclear::Check) => {
            "This NHS number is not right: its last digit does not fit the others. Check it digit by digit"
                .to_owned()
        }
        Wrong::Words(Unclear::Short) => "Enter at least 2 letters of the name".to_owned(),
        Wrong::Words(Unclear::Long(most)) => format!("Enter {most} characters or fewer"),
    }
}

fn answer(matches: &Matches, ward: bool) -> Markup {
    match matches {
        Matches::TooMany { limit } => html! {
            h2 class="nhsuk-heading-m" { "Too many results" }
            div class="bevan-answer" {
                p { "More than " (limit) " patients match, so none are shown. Add the date of birth, or use the NHS number." }
            }
        },
        Matches::Found(found) if found.is_empty() => html! {
            h2 class="nhsuk-heading-m" { "No patient found" }
            div class="bevan-answer" {
                p {
                    "Nobody whom you can see matches. Check the spelling and the date. You see patients whom your "
                    "organisation is caring for now."
                }
                @if ward {
                    p {
                        "Somebody in front of you who needs care now? "
                        a href="/staff/emergency" { "Open their record by NHS number in an emergency" }
                    }
                }
            }
        },
        Matches::Found(found) => html! {
            h2 class="nhsuk-heading-m" { (heading(found.len())) }
            (Table::stacking(
                Caption::hidden("Patients found"),
                ["Name", "Date of birth", "NHS number", "Sex", "Where now"].map(Column::new).to_vec(),
                found.iter().map(row).collect(),
            ))
        },
    }
}

/// How many there are.
pub(super) fn heading(count: usize) -> String {
    wording::plural(i64::try_from(count).unwrap_or(i64::MAX), "patient") + " found"
}

fn row(one: &Match) -> Vec<Cell> {
    let born = one.born.map_or_else(|| "Not recorded".to_owned(), wording::when_day);
    let age = one.age.map(|age| format!(" ({age})")).unwrap_or_default();
    let number = one.nhs_number.as_deref().map(wording::nhs_number);
    vec![
        Cell::from(html! {
            a href=(record(&one.patient_id)) { (one.name) }
            @if one.replaced { br; span class="bevan-small" { "Replaced by another record" } }
        }),
        Cell::from(format!("{born}{age}")),
        Cell::from(number.unwrap_or_else(|| html! { "Not recorded" })),
        Cell::from(wording::sex(one.sex)),
        Cell::from(one.location.as_deref().unwrap_or("Not in hospital")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &str, day: &str, month: &str, year: &str) -> Search {
        Search { words: words.into(), born: [day.into(), month.into(), year.into()] }
    }

    #[test]
    fn impossible_dates_are_refused_and_named() {
        let impossible = [
            ("31", "2", "1958"),
            ("", "2", "1958"),
            ("1", "13", "1958"),
            ("1", "1", "58"),
            ("x", "1", "1958"),
        ];
        for (day, month, year) in impossible {
            assert_eq!(question(&typed("Ann", day, month, year)), Err(Wrong::Born), "{day} {month} {year}");
        }
        let ask = question(&typed("Ann", "29", "2", "1960")).unwrap();
        assert_eq!(ask, Ask::NameAndBirth { name: "Ann".into(), born: jiff::civil::date(1960, 2, 29) });
        assert_eq!(question(&typed("", "", "", "")), Err(Wrong::Words(Unclear::Nothing)));
    }

    #[test]
    fn a_wrong_check_digit_is_named_above_and_beside_the_field() {
        let search = typed("999 007 9195", "", "", "");
        let finding = Finding::Unclear(question(&search).unwrap_err());
        let page = patients_page(&search, &finding, ("t", true));
        let html = page.body.into_string();
        assert!(page.refused);
        assert_eq!(html.matches("its last digit does not fit the others").count(), 2);
        assert!(html.contains("href=\"#q\"") && html.contains("value=\"999 007 9195\""));
    }
}
