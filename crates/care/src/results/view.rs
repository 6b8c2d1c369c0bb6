//! What results pages print.

use super::Topic;
use crate::record::{Measurement, Reading, Stands, TestResult};
use crate::view::{Section, When};
use jiff::Timestamp;

/// A person's results, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// When it was read.
    pub read_at: Timestamp,
    /// The reports.
    pub results: Section<Outcome>,
}

/// One report, with what a person needs to make use of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The report.
    pub report: TestResult,
    /// Where it comes from.
    pub source: Source,
    /// Who can explain it, in words: whoever asked for the test, else who answers for the stay.
    pub ask: Option<String>,
    /// Whether somebody has looked at it.
    pub review: Review,
    /// What happens next, most urgent first.
    pub next: Vec<NextStep>,
}

impl Outcome {
    /// Values that are missing, and why where recorded.
    pub fn missing(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.report.measurements.iter().filter_map(|one| match &one.value {
            Reading::Missing(why) => Some((one.name.as_str(), why.as_deref())),
            _ => None,
        })
    }

    /// Values outside what is usual.
    pub fn outside(&self) -> impl Iterator<Item = &Measurement> {
        self.report.measurements.iter().filter(|one| one.stands.is_outside())
    }
}

/// Where a result comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The organisation's name.
    pub name: Option<String>,
    /// What sort of care it gives.
    pub setting: Option<Setting>,
    /// Its telephone number.
    pub phone: Option<String>,
}

/// What sort of care an organisation gives, as patients tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// GP surgery.
    Surgery,
    /// Hospital.
    Hospital,
    /// Mental health service.
    MentalHealth,
}

/// Whether somebody who gives care has looked at a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// Somebody has, by name where recorded.
    Done(Option<String>),
    /// It is new, and nobody is recorded to have looked.
    NotYet,
    /// The record of an older result does not say.
    Unstated,
}

/// What happens next with a result, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// A value is far from usual: call today unless somebody has been in touch.
    CallToday,
    /// There will be no result.
    AskAgain,
    /// The result, or its final form, is still to come.
    Wait,
    /// A value that was wanted is missing.
    AskForMissing,
    /// Somebody will look at it.
    TheyLook,
    /// Something is outside what is usual: talk about it.
    Discuss,
    /// Nothing is recorded as out of the ordinary.
    Questions,
}

/// One test over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// When it was read.
    pub read_at: Timestamp,
    /// What was measured.
    pub name: String,
    /// What it is in plain words, where known.
    pub plain: Option<String>,
    /// What it is about, where the table of common tests knows it.
    pub topic: Option<Topic>,
    /// The unit of the newest value; the chart shows values in this unit alone.
    pub unit: Option<String>,
    /// Each time it was measured, newest first.
    pub points: Vec<Point>,
}

/// One value of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub at: Option<When>,
    /// The same as an instant, for a place on the line of time.
    pub instant: Option<Timestamp>,
    /// The value as recorded.
    pub value: Reading,
    /// The value as a number, when it can stand in the chart.
    pub number: Option<f64>,
    /// Where it stands.
    pub stands: Stands,
    /// The range as written.
    pub range: Option<String>,
    /// The ends of the range as numbers.
    pub ends: (Option<f64>, Option<f64>),
    /// Who measured it, in words.
    pub by: Option<String>,
}

impl Trend {
    /// The points of the chart, oldest first: instant, value, and the point itself.
    pub fn charted(&self) -> Vec<(Timestamp, f64, &Point)> {
        let charted = self.points.iter().rev();
        charted.filter_map(|one| Some((one.instant?, one.number?, one))).collect()
    }
}

impl Measurement {
    /// What the value is about, where the table of common tests knows its code.
    pub fn topic(&self) -> Option<Topic> {
        Topic::of(&self.code.as_ref()?.code)
    }

    /// The id under which the value can be followed over time: this observation's own, because a code in an address would tell
    /// whoever reads the address what was tested.
    pub fn trend(&self) -> Option<&str> {
        let coded =
            self.code.as_ref().is_some_and(|code| matches!(code.system.as_str(), "LOINC" | "SNOMED CT"));
        let can = coded && !self.id.is_empty() && matches!(self.value, Reading::Quantity { .. });
        can.then_some(self.id.as_str())
    }
}
