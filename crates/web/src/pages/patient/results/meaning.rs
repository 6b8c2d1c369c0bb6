//! The plain words for a result: what the test is about, what values above and below the range can come from, what is missing,
//! whether somebody looked, what happens next. Says what can be, never what is: a clinician does.

use crate::component::{Content, inset_text, warning_callout};
use crate::words::{fill, say};
use care::record::{Measurement, ResultState, Stands};
use care::results::{NextStep, Outcome, Review, Topic};
use maud::{Markup, html};

/// What a topic is about, and what values above and below can come from.
struct Words {
    about: &'static str,
    above: &'static str,
    below: &'static str,
}

fn words(topic: Topic) -> Words {
    let (about, above, below) = match topic {
        Topic::Sodium => (say("results-sodium"), say("results-sodium-above"), say("results-sodium-below")),
        Topic::Potassium => {
            (say("results-potassium"), say("results-potassium-above"), say("results-potassium-below"))
        }
        Topic::Urea => (say("results-urea"), say("results-urea-above"), say("results-urea-below")),
        Topic::Creatinine => {
            (say("results-creatinine"), say("results-creatinine-above"), say("results-creatinine-below"))
        }
        Topic::KidneyFiltration => {
            (say("results-kidney"), say("results-kidney-above"), say("results-kidney-below"))
        }
        Topic::Haemoglobin => {
            (say("results-haemoglobin"), say("results-haemoglobin-above"), say("results-haemoglobin-below"))
        }
        Topic::WhiteCells => {
            (say("results-white-cells"), say("results-white-cells-above"), say("results-white-cells-below"))
        }
        Topic::Platelets => {
            (say("results-platelets"), say("results-platelets-above"), say("results-platelets-below"))
        }
        Topic::CellVolume => {
            (say("results-cell-volume"), say("results-cell-volume-above"), say("results-cell-volume-below"))
        }
        Topic::Inflammation => (
            say("results-inflammation"),
            say("results-inflammation-above"),
            say("results-inflammation-below"),
        ),
        Topic::BloodSugarAverage => {
            (say("results-hba1c"), say("results-hba1c-above"), say("results-hba1c-below"))
        }
        Topic::Glucose => {
            (say("results-glucose"), say("results-glucose-above"), say("results-glucose-below"))
        }
        Topic::Cholesterol => {
            (say("results-cholesterol"), say("results-cholesterol-above"), say("results-cholesterol-below"))
        }
        Topic::HdlCholesterol => (say("results-hdl"), say("results-hdl-above"), say("results-hdl-below")),
        Topic::LdlCholesterol => (say("results-ldl"), say("results-ldl-above"), say("results-ldl-below")),
        Topic::Triglycerides => (
            say("results-triglycerides"),
            say("results-triglycerides-above"),
            say("results-triglycerides-below"),
        ),
        Topic::Thyroid => {
            (say("results-thyroid"), say("results-thyroid-above"), say("results-thyroid-below"))
        }
        Topic::Mood => (say("results-mood"), say("results-mood-above"), say("results-mood-below")),
        Topic::Anxiety => {
            (say("results-anxiety"), say("results-anxiety-above"), say("results-anxiety-below"))
        }
    };
    Words { about, above, below }
}

/// What the test is about; an honest sentence where no plain words are known.
pub fn about(topic: Option<Topic>) -> Markup {
    html! {
        p {
            @match topic {
                Some(topic) => { (words(topic).about) },
                None => { (say("results-no-words")) },
            }
        }
    }
}

/// What a value is about and what it can come from.
pub fn explained(one: &Measurement) -> Markup {
    let topic = one.topic();
    let can_be = topic.map(words).and_then(|words| match one.stands {
        Stands::Above => Some(words.above),
        Stands::Below => Some(words.below),
        _ => None,
    });
    html! {
        @match (topic, &one.plain) {
            (Some(topic), _) => { p { (words(topic).about) } },
            (None, Some(plain)) => { p { (fill("results-plain", &[("plain", plain.as_str().into())])) } },
            (None, None) => { p { (say("results-no-words")) } },
        }
        @match (one.stands, can_be) {
            (_, Some(can_be)) => { p { (can_be) } },
            (Stands::Within, _) => { p { (say("results-means-within")) } },
            (Stands::Unsaid, _) => { p { (say("results-means-unsaid")) } },
            (Stands::FarOut, _) => { p { (say("results-means-far-out")) } },
            (Stands::Above | Stands::Below | Stands::Outside, None) => { p { (say("results-means-outside")) } },
            (Stands::Missing, _) => { p { (say("results-means-missing")) } },
        }
    }
}

/// What stands above a report: early, corrected or cancelled; values that are missing; not yet reviewed.
pub fn notice(one: &Outcome) -> Markup {
    html! {
        @if let Some(words) = state(one.report.state) { (inset_text(&Content::Html(html! { p { strong { (words) } } }))) }
        @if one.next.first() == Some(&NextStep::CallToday) {
            (warning_callout(say("results-far-heading"), Content::Html(html! { p { (say("results-step-call")) } })))
        }
        @if one.report.unread > 0 || one.missing().next().is_some() {
            (warning_callout(say("results-missing-heading"), Content::Html(missing(one))))
        }
        @if is_unreviewed(one) {
            (warning_callout(say("results-not-reviewed"), Content::Html(html! { p { (say("results-not-reviewed-words")) } })))
        }
    }
}

/// Whether the report carries the notice that nobody is recorded to have looked.
pub fn is_unreviewed(one: &Outcome) -> bool {
    one.review == Review::NotYet
}

/// Values that are missing, and why.
pub fn missing(one: &Outcome) -> Markup {
    let unread = i64::try_from(one.report.unread).unwrap_or(i64::MAX);
    html! {
        @for (name, why) in one.missing() {
            p {
                strong class="bevan-flag bevan-flag--alarm" { (fill("results-missing", &[("name", name.into())])) }
                @if let Some(why) = why { " " (fill("results-missing-why", &[("why", why.into())])) }
            }
        }
        @if unread > 0 {
            p { strong class="bevan-flag bevan-flag--alarm" { (fill("results-unread", &[("count", unread.into())])) } }
        }
    }
}

/// How final a report is, where that must be said.
pub fn state(state: ResultState) -> Option<&'static str> {
    match state {
        ResultState::Waiting => Some(say("results-state-waiting")),
        ResultState::Preliminary => Some(say("results-state-early")),
        ResultState::Corrected => Some(say("results-state-corrected")),
        ResultState::Cancelled => Some(say("results-state-cancelled")),
        ResultState::Final => None,
        ResultState::Unstated => Some(say("results-state-unstated")),
    }
}

/// What happens next.
pub fn next(step: NextStep) -> &'static str {
    match step {
        NextStep::CallToday => say("results-step-call"),
        NextStep::AskAgain => say("results-step-again"),
        NextStep::Wait => say("results-step-wait"),
        NextStep::AskForMissing => say("results-step-missing"),
        NextStep::TheyLook => say("results-step-they-look"),
        NextStep::Discuss => say("results-step-discuss"),
        NextStep::Questions => say("results-step-questions"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_topic_has_its_own_words_in_whole_sentences() {
        let mut seen = HashSet::new();
        for topic in Topic::all() {
            let words = words(topic);
            for text in [words.about, words.above, words.below] {
                assert!(text.ends_with('.') && text.len() > 30, "{topic:?}: {text}");
                assert!(seen.insert(text), "{topic:?} repeats: {text}");
                let lower = text.to_lowercase();
                assert!(
                    !lower.contains("you have") && !lower.contains("your kidneys are"),
                    "{topic:?} decides: {text}"
                );
            }
        }
    }
}
