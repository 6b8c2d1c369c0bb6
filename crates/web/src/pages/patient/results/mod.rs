//! Test results: the feed, one report, one test over time. Everything here prints what `care::results` says; wording is in
//! `results.ftl`.

mod attention;
mod chart;
mod feed;
mod meaning;
mod report;
mod trend;
mod value;

pub use attention::attention;
pub use feed::feed;
pub use meaning::{explained, next};
pub use report::report;
pub use trend::trend;
pub use value::{flag, value};

use crate::words::say;
use care::results::{Setting, Source};
use maud::{Markup, html};

/// Where something comes from: what sort of care, and the organisation.
pub fn source(source: &Source) -> Markup {
    let setting = source.setting.map(|setting| match setting {
        Setting::Surgery => say("results-from-surgery"),
        Setting::Hospital => say("results-from-hospital"),
        Setting::MentalHealth => say("results-from-mental-health"),
    });
    html! {
        @match (setting, &source.name) {
            (Some(setting), Some(name)) => { (setting) ": " (name) },
            (Some(setting), None) => { (setting) },
            (None, Some(name)) => { (name) },
            (None, None) => { (say("results-from-unknown")) },
        }
    }
}
