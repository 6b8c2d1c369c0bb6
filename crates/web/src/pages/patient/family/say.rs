//! The words for what a relationship is, opens and has come to: one place for the pages of patients and of the surgery.

use crate::component::{Colour, Tag};
use crate::words::say;
use care::family::{Basis, Category, Kin, Standing, Why};

/// What somebody is to a person.
pub fn kin(kin: Kin) -> &'static str {
    match kin {
        Kin::Parent => say("family-kin-parent"),
        Kin::Guardian => say("family-kin-guardian"),
        Kin::Partner => say("family-kin-partner"),
        Kin::Child => say("family-kin-child"),
        Kin::Relative => say("family-kin-relative"),
        Kin::Friend => say("family-kin-friend"),
        Kin::Worker => say("family-kin-worker"),
    }
}

/// By what right, as the applicant says it.
pub fn claim(basis: Basis) -> &'static str {
    match basis {
        Basis::Parental => say("family-basis-parental"),
        Basis::Agreement => say("family-basis-agreement"),
        Basis::Attorney => say("family-basis-attorney"),
        Basis::Deputy => say("family-basis-deputy"),
    }
}

/// By what right, as others say it.
pub fn right(basis: Basis) -> &'static str {
    match basis {
        Basis::Parental => say("family-right-parental"),
        Basis::Agreement => say("family-right-agreement"),
        Basis::Attorney => say("family-right-attorney"),
        Basis::Deputy => say("family-right-deputy"),
    }
}

/// What is opened.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Appointments => say("family-category-appointments"),
        Category::Medicines => say("family-category-medicines"),
        Category::Record => say("family-category-record"),
        Category::Results => say("family-category-results"),
        Category::Messages => say("family-category-messages"),
    }
}

/// How it stands, as a tag.
pub fn tag(standing: Standing) -> Tag {
    let (words, colour) = match standing {
        Standing::Open { review: false, .. } => (say("family-standing-open"), Colour::Green),
        Standing::Open { review: true, .. } => (say("family-standing-review"), Colour::Yellow),
        Standing::Suspended(_) => (say("family-standing-suspended"), Colour::Orange),
        Standing::Later(_) => (say("family-standing-later"), Colour::Blue),
        Standing::Waiting => (say("family-standing-waiting"), Colour::Blue),
        Standing::Refused => (say("family-standing-refused"), Colour::Grey),
        Standing::Ended => (say("family-standing-ended"), Colour::Grey),
        Standing::Hidden => (say("family-standing-hidden"), Colour::Grey),
    };
    Tag::new(words, colour)
}

/// What a carer should know about how it stands.
pub fn why(standing: Standing) -> Option<&'static str> {
    Some(match standing {
        Standing::Open { review: true, .. } => say("family-review-soon"),
        Standing::Suspended(Why::ReviewDue) => say("family-why-review"),
        Standing::Suspended(Why::Sixteen) => say("family-why-sixteen"),
        Standing::Suspended(Why::TooYoung) => say("family-why-young"),
        Standing::Suspended(Why::BirthUnknown) => say("family-why-unknown"),
        Standing::Suspended(Why::Died) => say("family-why-died"),
        Standing::Waiting => say("family-why-waiting"),
        Standing::Refused => say("family-why-refused"),
        Standing::Open { .. } | Standing::Later(_) | Standing::Ended | Standing::Hidden => return None,
    })
}
