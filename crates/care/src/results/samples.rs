//! Sample results for page tests and the page gallery. Never part of a built `bevan`.

use super::{Feed, NextStep, Outcome, Point, Review, Setting, Source, Topic, Trend};
use crate::record::samples::{quantity, results};
use crate::record::{Reading, ResultState, Stands};
use crate::view::{SAMPLE_NOW, Section, When, minutes_ago};

fn source() -> Source {
    Source {
        name: Some("Example <b>Hospital</b> Trust".into()),
        setting: Some(Setting::Hospital),
        phone: Some("01632 960001".into()),
    }
}

impl Feed {
    /// One report of each kind.
    pub fn sample() -> Self {
        Self {
            read_at: SAMPLE_NOW,
            results: Section::whole(vec![Outcome::sample(), Outcome::sample_waiting()]),
        }
    }

    /// No results.
    pub fn sample_empty() -> Self {
        Self { read_at: SAMPLE_NOW, results: Section::whole(Vec::new()) }
    }

    /// Results that this reader may not see.
    pub fn sample_refused() -> Self {
        Self { read_at: SAMPLE_NOW, results: Section::NoAccess }
    }
}

impl Outcome {
    /// A report with a low, a usual and a missing value, not yet reviewed.
    pub fn sample() -> Self {
        let report = results().into_iter().next().unwrap_or_else(|| Self::sample_waiting().report);
        Self {
            report,
            source: source(),
            ask: Some("Dr Sam Sample".into()),
            review: Review::NotYet,
            next: vec![NextStep::TheyLook, NextStep::AskForMissing],
        }
    }

    /// A test whose result is not ready.
    pub fn sample_waiting() -> Self {
        let report = crate::record::TestResult {
            id: "sample-report-3".into(),
            name: "Thyroid function".into(),
            plain: None,
            taken: None,
            issued_at: None,
            state: ResultState::Waiting,
            measurements: Vec::new(),
            unread: 0,
            conclusion: None,
            by: None,
        };
        Self {
            report,
            source: Source::default(),
            ask: None,
            review: Review::Unstated,
            next: vec![NextStep::Wait],
        }
    }
}

impl Trend {
    /// Six values over the years, one missing and one above the range.
    pub fn sample() -> Self {
        let point = |months: i64, value: Option<f64>| {
            let at = minutes_ago(months * 30 * 1440);
            Point {
                at: Some(When::Instant(at)),
                instant: Some(at),
                value: value.map_or(Reading::Missing(Some("the sample clotted".into())), |value| {
                    quantity(&format!("{value:.1}"), "mmol/L")
                }),
                number: value,
                stands: match value {
                    None => Stands::Missing,
                    Some(value) if value > 5.3 => Stands::Above,
                    Some(_) => Stands::Within,
                },
                range: Some("3.5 to 5.3 mmol/L".into()),
                ends: (Some(3.5), Some(5.3)),
                by: Some("Example <b>Surgery</b>".into()),
            }
        };
        let values = [Some(4.9), Some(5.6), None, Some(4.4), Some(4.1), Some(4.6)];
        let points =
            values.into_iter().zip([1, 8, 14, 21, 33, 46]).map(|(value, months)| point(months, value));
        Self {
            read_at: SAMPLE_NOW,
            name: "Potassium".into(),
            plain: Some("a salt in the blood".into()),
            topic: Some(Topic::Potassium),
            unit: Some("mmol/L".into()),
            points: points.collect(),
        }
    }

    /// A single value: no line to draw.
    pub fn sample_one() -> Self {
        let mut one = Self::sample();
        one.points.truncate(1);
        one.topic = None;
        one
    }
}
