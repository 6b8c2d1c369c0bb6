//! The slice's states in words of the catalogue: the thirteen statuses and what to do, and why a medicine is not ordered.

use crate::component::{Colour, Tag};
use crate::layout::phone_link;
use crate::wording;
use crate::words::{fill, say, weave};
use care::prescriptions::{ItemStatus, Place, Reason, Why};
use maud::{Markup, html};

/// What a status is called, and what to do about it.
pub fn status(status: ItemStatus) -> (&'static str, &'static str) {
    let (name, advice) = match status {
        ItemStatus::PrescriberApproved => ("prescriptions-approved", "prescriptions-approved-do"),
        ItemStatus::PrescriberCancelled => ("prescriptions-cancelled", "prescriptions-cancelled-do"),
        ItemStatus::WithPharmacy => ("prescriptions-with-pharmacy", "prescriptions-with-pharmacy-do"),
        ItemStatus::WithPharmacyUntracked => ("prescriptions-untracked", "prescriptions-untracked-do"),
        ItemStatus::PreparingRemainder => ("prescriptions-remainder", "prescriptions-remainder-do"),
        ItemStatus::ReadyToCollect => ("prescriptions-ready", "prescriptions-ready-do"),
        ItemStatus::ReadyToCollectPartial => ("prescriptions-ready-part", "prescriptions-ready-part-do"),
        ItemStatus::ReadyToDispatch => ("prescriptions-dispatch", "prescriptions-dispatch-do"),
        ItemStatus::ReadyToDispatchPartial => {
            ("prescriptions-dispatch-part", "prescriptions-dispatch-part-do")
        }
        ItemStatus::Dispatched => ("prescriptions-dispatched", "prescriptions-dispatched-do"),
        ItemStatus::Collected => ("prescriptions-collected", "prescriptions-collected-do"),
        ItemStatus::NotDispensed => ("prescriptions-not-dispensed", "prescriptions-not-dispensed-do"),
        ItemStatus::TrackingUnavailable => ("prescriptions-unavailable", "prescriptions-unavailable-do"),
    };
    (say(name), say(advice))
}

/// A status as a tag.
pub fn tag(item: ItemStatus) -> Markup {
    let colour = match item {
        ItemStatus::PrescriberApproved => Colour::Blue,
        ItemStatus::WithPharmacy | ItemStatus::WithPharmacyUntracked | ItemStatus::PreparingRemainder => {
            Colour::Yellow
        }
        ItemStatus::ReadyToCollect
        | ItemStatus::ReadyToCollectPartial
        | ItemStatus::ReadyToDispatch
        | ItemStatus::ReadyToDispatchPartial
        | ItemStatus::Dispatched => Colour::Green,
        ItemStatus::NotDispensed | ItemStatus::TrackingUnavailable => Colour::Orange,
        ItemStatus::PrescriberCancelled | ItemStatus::Collected => Colour::Grey,
    };
    html! { (Tag::new(status(item).0, colour)) }
}

/// Why a medicine was not ordered, or cannot be.
pub fn why(why: &Why) -> String {
    let day = why.on.map(wording::day);
    let dated = |with: &'static str, without: &'static str| match &day {
        Some(day) => fill(with, &[("day", day.as_str().into())]),
        None => say(without).to_owned(),
    };
    match why.reason {
        Reason::NotRepeat => say("prescriptions-why-not-repeat").to_owned(),
        Reason::AtPharmacy => say("prescriptions-why-at-pharmacy").to_owned(),
        Reason::Stopped => say("prescriptions-why-stopped").to_owned(),
        Reason::AlreadyRequested => dated("prescriptions-why-already", "prescriptions-why-already-undated"),
        Reason::ReviewDue => dated("prescriptions-why-review", "prescriptions-why-review-undated"),
        Reason::MaximumReached => say("prescriptions-why-maximum").to_owned(),
        Reason::TooEarly => dated("prescriptions-why-early", "prescriptions-why-early-undated"),
        Reason::TalkToUs => say("prescriptions-why-talk").to_owned(),
        Reason::Other => say("prescriptions-why-other").to_owned(),
    }
}

/// Why, with what the surgery added.
pub fn why_all(reason: &Why) -> Markup {
    html! {
        p { (why(reason)) }
        @if let Some(words) = &reason.words {
            p { (fill("prescriptions-why-said", &[("words", words.as_str().into())])) }
        }
    }
}

/// What to do when a medicine has run out.
pub fn run_out() -> Markup {
    html! {
        div class="nhsuk-inset-text" {
            p { (weave("prescriptions-urgent", &[("number", phone_link("111"))])) }
        }
    }
}

/// A pharmacy with its address and number.
pub fn place(place: &Place) -> Markup {
    html! {
        p class="bevan-script-place" {
            strong { (place.name) }
            @for line in &place.address { br; (line) }
            @if let Some(number) = &place.telephone {
                br;
                (weave("prescriptions-phone", &[("number", phone_link(number))]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_something_else_to_do() {
        let advice: std::collections::HashSet<_> = ItemStatus::ALL.iter().map(|one| status(*one).1).collect();
        assert_eq!(advice.len(), 13);
        // Plain words: no code of the list is shown as it stands where a reader would have to know the jargon.
        assert!(ItemStatus::ALL.iter().all(|one| !status(*one).0.contains("Dispens")));
    }

    #[test]
    fn every_reason_is_worded_with_and_without_its_day() {
        for reason in Reason::ALL {
            let without = Why::from(reason);
            let with = Why { on: Some(jiff::civil::date(2026, 12, 1)), ..without.clone() };
            assert!(!why(&without).is_empty() && !why(&without).contains('{'), "{reason:?}");
            let dated = matches!(reason, Reason::AlreadyRequested | Reason::ReviewDue | Reason::TooEarly);
            assert_eq!(why(&with).contains("1 December 2026"), dated, "{reason:?}");
        }
    }
}
