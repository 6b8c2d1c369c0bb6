//! Signing in and out. In a demo a person is chosen from a list; without one nobody can sign in here yet, and the page
//! says so. Never lists people unless the settings hold a demo.

use crate::component::Button;
use crate::layout::{Document, home_of, token_field};
use crate::session::{Level, Person, Session};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use care::Role;
use maud::{Markup, html};

/// The bare address: on to where the reader starts.
pub fn front(visit: &Visit) -> Outcome {
    Ok(Answer::SeeOther(home_of(visit.session.as_ref()).to_owned()))
}

/// The page.
pub fn sign_in(state: &State, visit: &Visit) -> Outcome {
    let people = state.settings.demo.as_deref();
    Ok(Answer::Page(Box::new(sign_in_page(people, &visit.token))))
}

/// Prints the page.
pub fn sign_in_page(people: Option<&[Person]>, token: &str) -> Document {
    let body = html! {
        h1 { "Sign in" }
        @match people {
            Some(people) => {
                p class="bevan-lede" { "This is a demonstration. Choose who you want to be; there are no passwords." }
                (group("Staff", people.iter().filter(|one| !is_patient(one)), token))
                (group("Patients", people.iter().filter(|one| is_patient(one)), token))
            },
            None => {
                p { "Sign-in is not set up here yet. Whoever runs this site can start it as a demonstration." }
            },
        }
    };
    Document::new("Sign in", body)
}

fn is_patient(person: &Person) -> bool {
    matches!(person.role, Role::Patient { .. })
}

fn group<'a>(heading: &str, people: impl Iterator<Item = &'a Person>, token: &str) -> Markup {
    let people: Vec<_> = people.collect();
    html! {
        @if !people.is_empty() {
            h2 class="nhsuk-heading-m" { (heading) }
            ul class="bevan-people nhsuk-u-margin-bottom-6" {
                @for person in people {
                    li {
                        p {
                            strong { (person.name) }
                            br;
                            span class="bevan-small" {
                                (person.title)
                                @if !person.organisation.is_empty() { ", " (person.organisation) }
                            }
                        }
                        form method="post" action="/sign-in" {
                            (token_field(token))
                            input type="hidden" name="person" value=(person.key);
                            (Button {
                                small: true,
                                hidden: Some(format!("as {}", person.name)),
                                ..Button::secondary("Sign in")
                            })
                        }
                    }
                }
            }
        }
    }
}

/// Begins a session for a person of the demo.
pub fn sign_in_as(state: &State, visit: &Visit) -> Outcome {
    let people = state.settings.demo.as_deref().ok_or(Problem::NotFound)?;
    let key = visit.form.text("person");
    let person = people.iter().find(|person| person.key == key).ok_or(Problem::Unreadable)?;
    let session = Session::new(person.clone(), Level::P9, visit.now);
    let place = home_of(Some(&session)).to_owned();
    Ok(Answer::Session(Box::new(SessionChange::Begin(session)), place))
}

/// Ends the session.
pub fn sign_out() -> Outcome {
    Ok(Answer::Session(Box::new(SessionChange::End), "/sign-in".to_owned()))
}
