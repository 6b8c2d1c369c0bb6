//! The page that is shown in place of a page: what happened, what to do, other ways, and a reference that the log repeats.
//! Never says `oops`, a status number, or whether a record exists that the reader may not see (patient-app rules, section 4).

use crate::component::Button;
use crate::layout::Document;
use crate::visit::Problem;
use axum::http::StatusCode;
use maud::{Markup, html};

/// The status of a problem.
pub fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::SignIn => StatusCode::UNAUTHORIZED,
        Problem::NotFound | Problem::RecordNotFound => StatusCode::NOT_FOUND,
        Problem::Prove | Problem::Forbidden | Problem::ForeignForm => StatusCode::FORBIDDEN,
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
    /// Id of the request.
    pub trace: &'a str,
    /// Where staff on a patient's page may ask for emergency access.
    pub break_glass: Option<&'a str>,
    /// The help line's number.
    pub phone: Option<&'a str>,
}

/// The page of a problem.
pub fn document(problem: &Problem, reader: &Reader<'_>) -> Document {
    let (heading, words) = match problem {
        Problem::SignIn => {
            ("Sign in to continue", html! { p { "Your session has ended, or you have not signed in." } })
        }
        Problem::NotFound => (
            "Page not found",
            html! {
                p { "If you typed the address, check it is right." }
                p { "If you followed a link on this site, tell the help line and give the reference below." }
            },
        ),
        Problem::RecordNotFound => ("Record not found", record_not_found(reader)),
        Problem::Prove | Problem::Forbidden => (
            "You do not have access to this page",
            html! {
                p { "Your role does not include it. If your work needs it, ask whoever manages access where you work." }
            },
        ),
        Problem::ForeignForm => (
            "There is a problem with the form",
            html! {
                p {
                    "The form was open for too long, or it did not come from this site, so nothing was changed. "
                    "Go back, reload the page and send it again."
                }
            },
        ),
        Problem::Unreadable => (
            "There is a problem with what was sent",
            html! { p { "It could not be read, so nothing was changed. Go back and try again." } },
        ),
        Problem::Method => (
            "There is a problem with the address",
            html! { p { "It cannot be used in that way. Start again from the home page." } },
        ),
        Problem::Unavailable => (
            "There is a problem showing this page",
            html! {
                p { "The record cannot be reached at the moment. Nothing has been lost. Try again in a few minutes." }
                (try_again(reader.path))
            },
        ),
        Problem::Failed => (
            "There is a problem",
            html! {
                p { "This page could not be shown. Nothing has been lost." }
                (try_again(reader.path))
            },
        ),
    };
    Document::new(
        heading,
        html! {
            h1 { (heading) }
            (words)
            @if *problem == Problem::SignIn {
                (Button { href: Some("/sign-in".to_owned()), ..Button::new("Sign in") })
            } @else {
                (other_ways(reader))
            }
        },
    )
}

fn record_not_found(reader: &Reader<'_>) -> Markup {
    html! {
        p { "There is no record at this address, or your work does not give you a reason to see it." }
        @if let Some(href) = reader.break_glass {
            p { "If you need it in an emergency, you can " a href=(href) { "ask for emergency access" } "." }
        }
    }
}

fn try_again(path: &str) -> Markup {
    html! { (Button { href: Some(path.to_owned()), ..Button::secondary("Try again") }) }
}

fn other_ways(reader: &Reader<'_>) -> Markup {
    html! {
        h2 class="nhsuk-heading-m" { "Other ways to get what you need" }
        ul {
            @if let Some(phone) = reader.phone {
                li { "Call the help line: " a href={ "tel:" (phone.replace(' ', "")) } { (phone) } }
            }
            li { a href="/help" { "See all ways to get help" } }
            li { "For urgent medical advice, call " a href="tel:111" { "111" } }
        }
        p { "Reference: " strong { (reference(reader.trace)) } }
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
}
