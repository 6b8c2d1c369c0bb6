//! Where staff start: the few places their role works in.

use crate::component::Card;
use crate::layout::Document;
use crate::visit::{Answer, Outcome, Visit};
use care::Role;
use maud::html;

/// The page.
pub fn home(visit: &Visit) -> Outcome {
    Ok(Answer::Page(Box::new(home_page(&visit.session()?.person.role))))
}

/// Prints the page.
pub fn home_page(role: &Role) -> Document {
    const WARDS: (&str, &str, &str) =
        ("Wards", "/staff/wards", "Every ward: beds taken and free, who is coming, what contradicts");
    const PATIENTS: (&str, &str, &str) =
        ("Find a patient", "/staff/patients", "By NHS number, or by name and date of birth");
    const OPERATIONS: (&str, &str, &str) = (
        "Feeds and messages",
        "/staff/operations",
        "What arrived, what waits, what could not be applied and why",
    );
    const PRESCRIPTIONS: (&str, &str, &str) = (
        "Prescription requests",
        "/staff/prescriptions",
        "Repeat medicines that your patients ask for: approve or refuse",
    );
    const FAMILY: (&str, &str, &str) = (
        "People who act for others",
        "/staff/family",
        "Parents, carers and attorneys who apply; young people to be asked what they want",
    );
    const MESSAGES: (&str, &str, &str) = (
        "Messages",
        "/staff/messages",
        "Questions to your surgery and conversations on referrals: who waits longest stands first",
    );
    const ON_BEHALF: (&str, &str, &str) = (
        "Do something for a patient",
        "/staff/on-behalf",
        "Somebody calls or comes and asks: order, book and answer in their place; they get a letter",
    );
    const REVIEWS: (&str, &str, &str) = (
        "Emergency accesses",
        "/staff/reviews",
        "Records that staff opened in an emergency: look at each, and say what came of it",
    );
    const SCANS: (&str, &str, &str) = (
        "Scan list",
        "/staff/imaging",
        "Who comes to the MR scanners today, and what shorter scans would win",
    );
    const SLOTS: (&str, &str, &str) = (
        "Extra slots",
        "/staff/imaging/slots",
        "What shorter MRI scans would win: slots a day and weeks to wait, simulated",
    );
    let places: &[(&str, &str, &str)] = match role {
        Role::WardStaff { .. } => &[WARDS, PATIENTS, MESSAGES, ON_BEHALF, SCANS],
        Role::Receptionist => &[PATIENTS, ON_BEHALF],
        Role::Operator => &[OPERATIONS, SLOTS],
        Role::Surgery { .. } => &[MESSAGES, PRESCRIPTIONS, FAMILY, ON_BEHALF],
        Role::Privacy => &[REVIEWS],
        _ => &[],
    };
    let body = html! {
        h1 { "My work" }
        @if places.is_empty() {
            div class="bevan-answer" { p { "Your role opens no page of this site." } }
        }
        ul class="bevan-cards" {
            @for (text, href, words) in places { li { (Card::link(text, href, (*words).into())) } }
        }
    };
    Document::new("My work", body)
}
