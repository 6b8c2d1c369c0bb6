//! Signing in and out. In a demo a person is chosen from a list; without one nobody can sign in here yet, and the page
//! says so. Never lists people unless the settings hold a demo.

use super::national;
use crate::component::{Button, Content, inset_text};
use crate::layout::{Document, home_of, token_field};
use crate::openid::Asked;
use crate::pages::address;
use crate::session::{Level, Person, Session};
use crate::state::State;
use crate::unsent;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::words::{fill, say, weave};
use care::Role;
use maud::{Markup, html};

/// The page.
pub fn sign_in(state: &State, visit: &Visit) -> Outcome {
    let people = state.settings.demo.as_deref();
    let hidden = html! {
        (token_field(&visit.token))
        @if let Some(next) = unsent::next(visit) { input type="hidden" name="next" value=(next); }
    };
    let national = state.openid.is_some().then(|| national::begins(unsent::next(visit), Asked::AnyLevel));
    Answer::page(sign_in_page(people, national, &hidden))
}

/// Prints the page. `national` is where the way to the national login begins; `hidden` stands in every form of the demo.
pub fn sign_in_page(people: Option<&[Person]>, national: Option<String>, hidden: &Markup) -> Document {
    let nobody = people.is_none() && national.is_none();
    let body = html! {
        h1 { (say("access-sign-in")) }
        @if let Some(place) = national {
            p class="bevan-lede" { (say("access-national")) }
            p { (say("access-national-what")) }
            (Button { href: Some(place), ..Button::new(say("access-national-go")) })
        }
        @if nobody { p { (say("access-not-set-up")) } }
        @match people {
            Some(people) => {
                p class="bevan-lede" { (say("access-demo")) }
                (group(say("access-demo-staff"), people.iter().filter(|one| !is_patient(one)), hidden))
                (group(say("access-demo-patients"), people.iter().filter(|one| is_patient(one)), hidden))
            },
            None => {},
        }
    };
    Document::new(say("access-sign-in"), body)
}

fn is_patient(person: &Person) -> bool {
    matches!(person.role, Role::Patient { .. } | Role::Unproven)
}

fn group<'a>(heading: &str, people: impl Iterator<Item = &'a Person>, hidden: &Markup) -> Markup {
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
                            (hidden)
                            input type="hidden" name="person" value=(person.key);
                            (Button {
                                small: true,
                                hidden: Some(fill("access-demo-as", &[("name", person.name.as_str().into())])),
                                ..Button::secondary(say("access-sign-in"))
                            })
                        }
                    }
                }
            }
        }
    }
}

/// Begins a session for a person of the demo, and leads back to where they wanted to be.
pub fn sign_in_as(state: &State, visit: &Visit) -> Outcome {
    let people = state.settings.demo.as_deref().ok_or(Problem::NotFound)?;
    let key = visit.form.text("person");
    let person = people.iter().find(|person| person.key == key).ok_or(Problem::Unreadable)?;
    let level = match visit.form.text("level") {
        "P0" => Level::P0,
        "P5" => Level::P5,
        _ => Level::P9,
    };
    let session = Session::new(person.clone(), level, visit.now);
    let place = unsent::next(visit).unwrap_or_else(|| home_of(Some(&session))).to_owned();
    Ok(Answer::Session(Box::new(SessionChange::Begin(session)), place))
}

/// Ends the session.
pub fn sign_out() -> Outcome {
    Ok(Answer::Session(Box::new(SessionChange::End), "/sign-in".to_owned()))
}

/// The page for somebody whose browser is signed out although that could not be written down.
pub fn signed_out_unnoted_page() -> Document {
    let body = html! {
        h1 { (say("access-signed-out-here")) }
        p { (say("access-signed-out-here-what")) }
        (inset_text(&Content::from(say("access-signed-out-here-shared"))))
        h2 class="nhsuk-heading-m" { (say("access-signed-out-here-problem")) }
        p { (say("access-signed-out-here-unnoted")) }
        p { (say("access-signed-out-here-later")) }
        p { a href="/urgent" { (say("front-urgent")) } }
    };
    Document::new(say("access-signed-out-here"), body)
}

/// Says that the session ended, that nothing is lost, and how to go on.
pub fn session_ended(visit: &Visit) -> Outcome {
    Answer::page(session_ended_page(unsent::next(visit)))
}

/// Prints the page.
pub fn session_ended_page(next: Option<&str>) -> Document {
    let place = next.map_or_else(|| "/sign-in".to_owned(), |next| format!("/sign-in?next={}", address(next)));
    let body = html! {
        h1 { (say("access-session-ended")) }
        p { (say("access-session-ended-why")) }
        p { (say("access-session-ended-kept")) }
        (Button { href: Some(place), ..Button::new(say("access-sign-in-again")) })
    };
    Document::new(say("access-session-ended"), body)
}

/// For somebody who signed in without proving who they are: what that opens, and how to do it.
pub fn prove(state: &State, visit: &Visit) -> Outcome {
    let session = visit.session()?;
    if session.level == Level::P9 || !is_patient(&session.person) {
        return Answer::see(unsent::next(visit).unwrap_or_else(|| home_of(Some(session))));
    }
    let way = if state.openid.is_some() {
        ProofWay::National(national::begins(unsent::next(visit), Asked::Proven))
    } else if state.settings.demo.is_some() {
        ProofWay::Demo(html! {
            (token_field(&visit.token))
            @if let Some(next) = unsent::next(visit) { input type="hidden" name="next" value=(next); }
        })
    } else {
        ProofWay::Surgery
    };
    Answer::page(prove_page(way))
}

/// How somebody can prove who they are here.
pub enum ProofWay {
    /// At the national login; the address begins the way there.
    National(String),
    /// By a button of the demonstration; the hidden fields of its form.
    Demo(Markup),
    /// Only at the surgery.
    Surgery,
}

/// Prints the page.
pub fn prove_page(way: ProofWay) -> Document {
    let body = html! {
        h1 { (say("access-prove")) }
        p { (say("access-prove-why")) }
        p { (say("access-prove-need")) }
        ul {
            li { (say("access-prove-photo")) }
            li { (say("access-prove-details")) }
        }
        @match way {
            ProofWay::National(place) => {
                p { (say("access-national-prove")) }
                (Button { href: Some(place), ..Button::new(say("access-prove")) })
            },
            ProofWay::Demo(hidden) => {
                p { (say("access-prove-demo")) }
                form method="post" action="/sign-in/prove-who-you-are" {
                    (hidden)
                    (Button::new(say("access-prove")))
                }
            },
            ProofWay::Surgery => { p { (say("access-prove-surgery")) } },
        }
        h2 class="nhsuk-heading-m" { (say("access-prove-without")) }
        p { (weave("access-prove-without-how", &[("help", html! { a href="/help" { (say("access-prove-help")) } })])) }
    };
    Document::new(say("access-prove"), body)
}

/// Raises the level of a session of the demonstration, under a new id.
pub fn prove_in_demo(state: &State, visit: &Visit) -> Outcome {
    let session = visit.session()?.clone();
    // The national login proves it where there is one; somebody from outside the demo cannot be proved by a button.
    if state.settings.demo.is_none() || session.person.role == Role::Unproven {
        return Err(Problem::NotFound);
    }
    let place = unsent::next(visit).unwrap_or_else(|| home_of(Some(&session))).to_owned();
    let session = Session { level: Level::P9, ..session };
    Ok(Answer::Session(Box::new(SessionChange::Begin(session)), place))
}
