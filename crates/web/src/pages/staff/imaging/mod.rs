//! A department's MR scans: the list of a day, the extra slots that shorter scans would give, and what becomes of the waiting
//! list. Everything that is not a booking is simulated and says so; what it assumes stands on the page and can be changed.

mod asked;
mod chart;
mod form;
mod list;
mod slots;
mod waiting;

use crate::component::{Colour, Tag};
use crate::route::{Route, Who};
use crate::words::say;
use asked::Asked;
use care::Role;
use care::imaging::Told;
use maud::{Markup, html};

/// The rows of the area.
pub const ROUTES: &[Route] = &[
    Route::get(LIST, Who::Ward, |state, visit| Box::pin(list::list(state, visit))),
    Route::get(SLOTS, Who::WardOrOperator, |state, visit| Box::pin(slots::slots(state, visit))),
    Route::get(WAITING, Who::WardOrOperator, |state, visit| Box::pin(waiting::waiting(state, visit))),
];

const LIST: &str = "/staff/imaging";
const SLOTS: &str = "/staff/imaging/slots";
const WAITING: &str = "/staff/imaging/waiting";

/// The pages of the area that a role may open, each keeping what was assumed.
fn tabs(here: &str, role: &Role, asked: &Asked) -> Markup {
    let all = [(LIST, "imaging-list"), (SLOTS, "imaging-slots"), (WAITING, "imaging-waiting")];
    let open = all.iter().filter(|(place, _)| *place != LIST || matches!(role, Role::WardStaff { .. }));
    html! {
        nav class="bevan-tabs" aria-label=(say("imaging-tabs")) {
            ul {
                @for (place, words) in open {
                    li { a href={ (place) (asked.query()) } aria-current=[(*place == here).then_some("page")] { (say(words)) } }
                }
            }
        }
    }
}

/// Says that what follows did not happen.
fn simulated() -> Markup {
    html! { (Tag::new(say("imaging-simulated"), Colour::Yellow)) }
}

/// What stands in place of figures when the record tells too little.
fn too_little(told: Told) -> Markup {
    html! {
        div class="bevan-answer" {
            p {
                (crate::words::fill("imaging-too-little", &[
                    ("days", count(told.days).into()),
                    ("orders", count(told.orders).into()),
                    ("fewest", count(Told::FEWEST).into()),
                ]))
            }
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// `3.4` of 34 tenths.
fn tenths(number: u32) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// `9 h 45 min` of 585 minutes.
fn hours(minutes: u32) -> String {
    crate::words::fill(
        "imaging-hours",
        &[("hours", i64::from(minutes / 60).into()), ("minutes", format!("{:02}", minutes % 60).into())],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        assert_eq!((tenths(0), tenths(34), tenths(371)), ("0.0".into(), "3.4".into(), "37.1".into()));
        assert_eq!(
            (hours(585), hours(60), hours(5)),
            ("9 h 45 min".into(), "1 h 00 min".into(), "0 h 05 min".into())
        );
    }
}
