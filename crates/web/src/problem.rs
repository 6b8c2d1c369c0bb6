//! The page that is shown in place of a page: what happened, what to do, other ways, and a reference that the log repeats.
//! Never says `oops`, a status number, or whether a record exists that the reader may not see (patient-app rules, section 4).

use crate::component::Button;
use crate::form::Fields;
use crate::layout::{Document, phone_link};
use crate::visit::Problem;
use crate::words::{say, weave};
use axum::http::StatusCode;
use maud::{Markup, html};

/// The status of a problem.
pub fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::SignIn => StatusCode::UNAUTHORIZED,
        Problem::NotFound | Problem::RecordNotFound => StatusCode::NOT_FOUND,
        Problem::Prove | Problem::Confirm(_) | Problem::Forbidden | Problem::ForeignForm => {
            StatusCode::FORBIDDEN
        }
        Problem::Unreadable => StatusCode::BAD_REQUEST,
        Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
        Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Problem::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A reference that people can read out: six letters and digits that are hard to confuse, from the request's id.
pub fn reference(trace: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUVWXYZ2346789";
    let hash = trace.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut rest = hash;
    let mut letter = || {
        let at = usize::try_from(rest % 30).unwrap_or(0);
        rest /= 30;
        LETTERS.get(at).map_or('A', |byte| char::from(*byte))
    };
    (0..6).map(|_| letter()).collect()
}

/// What the page knows of the reader.
pub struct Reader<'a> {
    /// The path that was asked.
    pub path: &'a str,
    /// What was asked of it.
    pub query: &'a Fields,
    /// Id of the request.
    pub trace: &'a str,
    /// Whether they are at work.
    pub staff: bool,
    /// Whether they tried again already.
    pub again: bool,
    /// Where staff on a patient's page may ask for emergency access.
    pub break_glass: Option<&'a str>,
    /// The help line's number.
    pub phone: Option<&'a str>,
}

/// In the address of a page that is asked for once more.
pub const AGAIN: &str = "again";

/// The page of a problem.
pub fn document(problem: &Problem, reader: &Reader<'_>) -> Document {
    let (heading, words) = match problem {
        Problem::SignIn => (say("problem-sign-in"), html! { p { (say("problem-sign-in-why")) } }),
        Problem::NotFound => (
            say("problem-not-found"),
            html! {
                p { (say("problem-not-found-typed")) }
                p { (say("problem-not-found-link")) }
            },
        ),
        Problem::RecordNotFound => (say("problem-record"), record_not_found(reader)),
        Problem::Prove | Problem::Confirm(_) | Problem::Forbidden => {
            let why =
                if reader.staff { say("problem-forbidden-staff") } else { say("problem-forbidden-patient") };
            (say("problem-forbidden"), html! { p { (why) } })
        }
        Problem::ForeignForm => (say("problem-form"), html! { p { (say("problem-form-why")) } }),
        Problem::Unreadable => (say("problem-unreadable"), html! { p { (say("problem-unreadable-why")) } }),
        Problem::Method => (say("problem-method"), html! { p { (say("problem-method-why")) } }),
        Problem::Unavailable | Problem::Failed if reader.again => {
            (say("problem-still"), html! { p { (say("problem-still-why")) } })
        }
        Problem::Unavailable => {
            (say("problem-unavailable"), html! { p { (say("problem-unavailable-why")) } (try_again(reader)) })
        }
        Problem::Failed => {
            (say("problem-failed"), html! { p { (say("problem-failed-why")) } (try_again(reader)) })
        }
    };
    Document::new(
        heading,
        html! {
            h1 { (heading) }
            (words)
            @if *problem == Problem::SignIn {
                (Button { href: Some("/sign-in".to_owned()), ..Button::new(say("problem-sign-in-do")) })
            } @else {
                (other_ways(reader))
            }
        },
    )
}

fn record_not_found(reader: &Reader<'_>) -> Markup {
    html! {
        p { (if reader.staff { say("problem-record-staff") } else { say("problem-record-patient") }) }
        @if let Some(href) = reader.break_glass {
            p { (weave("problem-break-glass", &[("ask", html! { a href=(href) { (say("problem-break-glass-ask")) } })])) }
        }
    }
}

/// The same question once more: whoever looked at the second page of a list, or for a place, does so again.
fn try_again(reader: &Reader<'_>) -> Markup {
    let mut asked = reader.query.clone();
    asked.put(AGAIN, ["1"]);
    html! { (Button { href: Some(format!("{}?{}", reader.path, asked.encoded())), ..Button::secondary(say("problem-try-again")) }) }
}

/// How to do the same without this site, by the first word of the address.
fn other_way(path: &str) -> Option<&'static str> {
    let path = match path.strip_prefix("/as/") {
        Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path.trim_start_matches('/'),
    };
    match path.split('/').next().unwrap_or_default() {
        "prescriptions" | "pharmacy" => Some(say("problem-other-prescriptions")),
        "appointments" | "referrals" | "waiting-lists" => Some(say("problem-other-appointments")),
        "results" => Some(say("problem-other-results")),
        "messages" => Some(say("problem-other-messages")),
        _ => None,
    }
}

fn other_ways(reader: &Reader<'_>) -> Markup {
    let emergency = html! { a href="tel:111" { "111" } };
    html! {
        h2 class="nhsuk-heading-m" { (say("problem-other-ways")) }
        ul {
            @if let Some(way) = other_way(reader.path) { li { (way) } }
            @if let Some(phone) = reader.phone {
                li { (weave("problem-phone", &[("phone", phone_link(phone))])) }
            }
            li { a href="/help" { (say("shell-help")) } }
            li { (weave("problem-urgent", &[("number", emergency)])) }
        }
        p { (weave("problem-reference", &[("code", html! { strong { (reference(reader.trace)) } })])) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_can_be_read_out_and_differ() {
        let one = reference("a1");
        assert_eq!(one.len(), 6);
        assert!(one.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
        assert_eq!(one, reference("a1"));
        let many: std::collections::HashSet<_> = (0..1000).map(|n| reference(&n.to_string())).collect();
        assert!(many.len() > 995);
    }

    #[test]
    fn every_failure_offers_another_way_and_the_second_one_no_third_try() {
        for problem in [Problem::Unavailable, Problem::Failed] {
            let asked = Fields::parse("near=Exton+%26+Why&type=pharmacy");
            let page = |again| {
                let reader = Reader {
                    path: "/as/x/prescriptions/request",
                    query: &asked,
                    trace: "a1",
                    staff: false,
                    again,
                    break_glass: None,
                    phone: Some("0300 000 0000"),
                };
                let document = document(&problem, &reader);
                (document.heading, document.body.into_string())
            };
            let ((first, one), (second, two)) = (page(false), page(true));
            assert!(first.starts_with("There is a problem") && second == "There is still a problem");
            let again = "/as/x/prescriptions/request?near=Exton%20%26%20Why&amp;type=pharmacy&amp;again=1";
            assert!(one.contains(again), "what was asked is asked again: {one}");
            assert!(!two.contains("again=1"));
            for page in [one, two] {
                assert!(page.contains("call your GP surgery") && page.contains("tel:111"), "{page}");
                assert!(page.contains("tel:03000000000") && page.contains(&reference("a1")), "{page}");
            }
        }
    }
}
