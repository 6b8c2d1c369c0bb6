//! A value as it was recorded, with where it stands. A missing value is as plain to see as one that is far from usual.

use crate::words::say;
use care::record::{Measurement, Reading, Stands};
use maud::{Markup, html};

/// The value.
pub fn value(reading: &Reading) -> Markup {
    match reading {
        Reading::Quantity { value, unit } => html! {
            strong { (value) @if let Some(unit) = unit { " " (unit) } }
        },
        Reading::Words(words) => html! { strong { (words) } },
        Reading::Parts(parts) => html! {
            @for (n, (name, value)) in parts.iter().enumerate() {
                @if n > 0 { ", " }
                (name) " " strong { (value) }
            }
        },
        Reading::Missing(why) => html! {
            strong class="bevan-flag bevan-flag--alarm" { (say("results-no-value")) }
            @if let Some(why) = why { ": " (why) }
        },
    }
}

/// Where a value stands, in words.
pub fn flag(stands: Stands) -> Option<Markup> {
    let (words, class) = match stands {
        Stands::Above => (say("results-above"), "bevan-flag--warn"),
        Stands::Below => (say("results-below"), "bevan-flag--warn"),
        Stands::Outside => (say("results-outside"), "bevan-flag--warn"),
        Stands::FarOut => (say("results-far-out"), "bevan-flag--alarm"),
        Stands::Within => (say("results-within"), "bevan-flag--calm"),
        Stands::Unsaid | Stands::Missing => return None,
    };
    Some(html! { span class={ "bevan-flag " (class) } { (words) } })
}

/// A value with where it stands, in a sentence.
pub fn in_a_line(one: &Measurement) -> Markup {
    html! {
        (one.name) ": " (value(&one.value))
        @if let Some(flag) = flag(one.stands) { " – " (flag) }
    }
}
