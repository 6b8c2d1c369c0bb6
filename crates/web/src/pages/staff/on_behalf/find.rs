//! Finding the patient who asks: by NHS number, or by name and date of birth, among those whom the organisation cares for.
//! What was typed is kept in the session and never stands in an address.

use super::{HEADING, PLACE};
use crate::component::{Caption, Cell, Column, ErrorLine, ErrorSummary, Table};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::staff::patients::{Finding, Wrong, form, heading, question, words_of};
use crate::session::{Search, Session};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::wording;
use care::patient_search::{Ask, Match, Matches};
use care::view::Unseen;
use maud::{Markup, html};

/// What was typed, as a question: a name needs a date of birth.
fn asked(search: &Search) -> Result<Ask, Wrong> {
    match question(search)? {
        Ask::Name(_) => Err(Wrong::NoBirth),
        ask => Ok(ask),
    }
}

/// The page: the form, and what became of the last search.
pub async fn page(state: &State, visit: &Visit) -> Outcome {
    let search = visit.session()?.search.clone().unwrap_or_default();
    let finding = match asked(&search) {
        // What is kept from elsewhere may be no question here; the form shows it.
        Err(_) => Finding::NotAsked,
        Ok(ask) => match state.care.find_to_assist(&visit.actor()?, &ask).await {
            Ok(matches) => Finding::Answered(matches),
            Err(Unseen::Unavailable) => return Err(Problem::Unavailable),
            Err(_) => Finding::Failed,
        },
    };
    Answer::page(find_page(&search, &finding, &visit.token))
}

/// Keeps what was typed and shows the page again; says what is wrong with it.
pub fn search(visit: &Visit) -> Outcome {
    let field = |name: &str| visit.form.text(name).chars().take(300).collect::<String>();
    let search = Search { words: field("q"), born: [field("day"), field("month"), field("year")] };
    if let Err(wrong) = asked(&search) {
        return Answer::refused(find_page(&search, &Finding::Unclear(wrong), &visit.token));
    }
    let session = Session { search: Some(search), ..visit.session()?.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), PLACE.to_owned()))
}

/// Prints the page.
pub fn find_page(search: &Search, finding: &Finding, token: &str) -> Document {
    let wrong = match finding {
        Finding::Unclear(wrong) => Some((*wrong, words_of(*wrong))),
        _ => None,
    };
    let body = html! {
        @if let Some((wrong, words)) = &wrong {
            (ErrorSummary::new(vec![ErrorLine::new(words, wrong.field())]))
        }
        h1 { (HEADING) }
        p {
            "Somebody calls, writes or stands before you and asks. Order medicines, book appointments and answer for them on "
            "their own pages; their record says that you did it on their behalf, and they get a letter."
        }
        (form(PLACE, (search, wrong.as_ref()), token))
        @match finding {
            Finding::NotAsked | Finding::Unclear(_) => {},
            Finding::Answered(matches) => { (answer(matches)) },
            Finding::Failed => {
                h2 class="nhsuk-heading-m" { "There is a problem with the search" }
                div class="bevan-answer bevan-answer--failed" {
                    p { "It could not be made. It does not mean that nobody matches. Try again in a minute." }
                }
            },
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(HEADING, body) }.under(&[("My work", "/staff/home")])
}

fn answer(matches: &Matches) -> Markup {
    match matches {
        Matches::TooMany { limit } => html! {
            h2 class="nhsuk-heading-m" { "Too many results" }
            div class="bevan-answer" { p { "More than " (limit) " patients match, so none are shown. Use the NHS number." } }
        },
        Matches::Found(found) if found.is_empty() => html! {
            h2 class="nhsuk-heading-m" { "No patient found" }
            div class="bevan-answer" {
                p {
                    "Nobody whom your organisation cares for matches. Check the spelling and the date. Somebody who is registered "
                    "elsewhere asks there."
                }
            }
        },
        Matches::Found(found) => html! {
            h2 class="nhsuk-heading-m" { (heading(found.len())) }
            (Table::stacking(
                Caption::hidden("Patients found"),
                ["Name", "Date of birth", "NHS number", "Sex"].map(Column::new).to_vec(),
                found.iter().map(row).collect(),
            ))
        },
    }
}

fn row(one: &Match) -> Vec<Cell> {
    let born = one.born.map_or_else(|| "Not recorded".to_owned(), wording::when_day);
    let age = one.age.map(|age| format!(" ({age})")).unwrap_or_default();
    let number = one.nhs_number.as_deref().map(wording::nhs_number);
    vec![
        Cell::from(html! {
            a href={ "/staff/patients/" (address(&one.patient_id)) "/on-behalf" } { (one.name) }
            @if one.replaced { br; span class="bevan-small" { "Replaced by another record" } }
        }),
        Cell::from(format!("{born}{age}")),
        Cell::from(number.unwrap_or_else(|| html! { "Not recorded" })),
        Cell::from(wording::sex(one.sex)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_is_no_question_and_the_date_is_asked_for() {
        let typed =
            |words: &str, born: [&str; 3]| Search { words: words.into(), born: born.map(String::from) };
        assert_eq!(asked(&typed("Ann", ["", "", ""])), Err(Wrong::NoBirth));
        assert!(asked(&typed("Ann", ["7", "3", "1958"])).is_ok());
        assert!(asked(&typed("999 007 9196", ["", "", ""])).is_ok());
        let page = find_page(&typed("Ann", ["", "", ""]), &Finding::Unclear(Wrong::NoBirth), "t");
        let html = page.body.into_string();
        assert!(page.refused && html.contains("href=\"#born-day\""), "{html}");
        assert_eq!(html.matches("Enter their date of birth").count(), 2, "{html}");
    }
}
