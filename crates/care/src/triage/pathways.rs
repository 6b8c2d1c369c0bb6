//! A set of pathways: the words and arrows that a set file holds, and loading it.
//!
//! Fields are the keys of the file; docs/clinical-safety/pathways.md describes them for whoever writes a set.
//! A [`Pathways`] exists only when the whole of it was checked.

use super::check;
use super::group::{Age, Group, Sign};
use serde::Deserialize;

/// What a set is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub title: String,
    /// Whether it is a demonstration that must not be used for care. Every page then says so.
    pub demonstration: bool,
    /// When a person last read all of it, `YYYY-MM-DD`.
    pub reviewed: String,
    /// Who wrote it and who stands for it.
    pub source: String,
    /// The outcome of somebody who is not sure on the first screen.
    pub unsure: String,
}

/// What an answer says about a person, coded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Its id in the set.
    pub id: String,
    /// The code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The code's name, for people who read the set; never shown to patients.
    pub display: String,
    /// For a red flag: the least urgent group that an answer with it may lead to.
    pub red_flag: Option<Group>,
}

/// One line of the first screen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Which sign.
    pub sign: Sign,
    /// The finding.
    pub finding: String,
    /// What the screen says.
    pub text: String,
    /// More words.
    pub hint: Option<String>,
    /// Where a yes leads, at once.
    pub outcome: String,
    /// Words in free text that raise it.
    pub words: Vec<String>,
}

/// One kind of problem and its questions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its id, which stands in addresses.
    pub id: String,
    /// Its name.
    pub title: String,
    /// More words.
    pub hint: Option<String>,
    /// Words in free text that suggest it.
    #[serde(default)]
    pub words: Vec<String>,
    /// Where each age begins.
    pub start: Vec<Start>,
    /// Its questions.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// Where some ages begin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The ages.
    pub ages: Vec<Age>,
    /// Where they begin.
    pub then: Target,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One of the answers.
    One,
    /// Any of the answers, or none of them.
    Any,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id in the topic.
    pub id: String,
    /// What it asks.
    pub question: String,
    /// More words.
    pub hint: Option<String>,
    /// How it is answered.
    pub kind: Kind,
    /// Where "none of these" leads; only where any may be chosen.
    pub none: Option<Target>,
    /// Where "I am not sure" leads.
    pub unsure: Target,
    /// Its answers.
    pub answers: Vec<Answer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its id in the step.
    pub id: String,
    /// What it says.
    pub text: String,
    /// More words.
    pub hint: Option<String>,
    /// What it says about the person.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Where it leads.
    pub then: Target,
}

/// Where an answer leads: `step/…` of the same topic, or `outcome/…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Target {
    /// Another question.
    Step(String),
    /// The end.
    Outcome(String),
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('/') {
            Some(("step", id)) => Ok(Self::Step(id.to_owned())),
            Some(("outcome", id)) => Ok(Self::Outcome(id.to_owned())),
            _ => Err(format!("{text:?} leads nowhere: write \"step/…\" or \"outcome/…\"")),
        }
    }
}

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The number as it is dialled, digits only.
    pub number: String,
    /// What the link says.
    pub words: String,
}

/// Where a pathway ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its id, which stands in addresses.
    pub id: String,
    /// Its group.
    pub group: Group,
    /// The ambulance category, 1 to 4; only and always for 999.
    pub category: Option<u8>,
    /// Its heading.
    pub title: String,
    /// What to do.
    pub what: String,
    /// How soon.
    pub soon: String,
    /// Where.
    pub place: String,
    /// What to do meanwhile.
    #[serde(default)]
    pub meanwhile: Vec<String>,
    /// What would make it worse, and what to do then.
    pub worse: Vec<String>,
    /// Other ways.
    pub other_ways: Vec<String>,
    /// Numbers to call.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Kinds of service to look for.
    #[serde(default)]
    pub services: Vec<crate::services::Kind>,
    /// Self-care pages that help, by id.
    #[serde(default)]
    pub advice: Vec<String>,
    /// Whether an appointment can be booked for it where booking exists.
    #[serde(default)]
    pub book: bool,
    /// Whether a repeat prescription can be ordered for it where ordering exists.
    #[serde(default)]
    pub order_medicine: bool,
}

/// Everything in a set file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub set: Set,
    #[serde(default, rename = "finding")]
    pub findings: Vec<Finding>,
    #[serde(default, rename = "flag")]
    pub flags: Vec<Flag>,
    #[serde(default, rename = "topic")]
    pub topics: Vec<Topic>,
    #[serde(default, rename = "outcome")]
    pub outcomes: Vec<Outcome>,
}

/// A set of pathways, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pathways(pub(super) File);

/// Why a set is refused.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is larger than any set should be.
    #[error("the set of pathways is larger than {} MiB", LIMIT_BYTES >> 20)]
    TooLarge,
    /// It is not TOML, or a key is unknown, missing or of the wrong kind.
    #[error("the set of pathways cannot be read: {0}")]
    Malformed(#[from] toml::de::Error),
    /// It can be read, and breaks rules: all of them are named.
    #[error("the set of pathways is refused:\n  {}", .0.join("\n  "))]
    Broken(Vec<String>),
}

/// A set file may be this large.
const LIMIT_BYTES: usize = 8 << 20;

impl Pathways {
    /// Reads and checks a set.
    ///
    /// # Errors
    /// [`LoadError`] names every rule that the set breaks, with the place.
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        if text.len() > LIMIT_BYTES {
            return Err(LoadError::TooLarge);
        }
        let file: File = toml::from_str(text)?;
        let faults = check::faults(&file);
        if faults.is_empty() { Ok(Self(file)) } else { Err(LoadError::Broken(faults)) }
    }

    /// The demonstration set of this crate.
    ///
    /// # Errors
    /// Never, as a test shows; the type says so because nothing here may panic.
    pub fn demonstration() -> Result<Self, LoadError> {
        Self::parse(DEMONSTRATION)
    }

    /// What the set is.
    #[must_use]
    pub fn set(&self) -> &Set {
        &self.0.set
    }

    /// The lines of the first screen.
    #[must_use]
    pub fn flags(&self) -> &[Flag] {
        &self.0.flags
    }

    /// The topics.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.0.topics
    }

    /// The outcomes.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.0.outcomes
    }

    /// The findings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.0.findings
    }

    /// The topic of an id.
    #[must_use]
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics().iter().find(|topic| topic.id == id)
    }

    /// The outcome of an id.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes().iter().find(|outcome| outcome.id == id)
    }
}

impl Topic {
    /// The step of an id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Where an age begins.
    #[must_use]
    pub fn start(&self, age: Age) -> Option<&Target> {
        self.start.iter().find(|start| start.ages.contains(&age)).map(|start| &start.then)
    }
}

impl Outcome {
    /// How urgent it is, with the ambulance category as the finer step: category 1 is above category 2.
    #[must_use]
    pub fn urgency(&self) -> (u8, u8) {
        (self.group.urgency(), 4_u8.saturating_sub(self.category.unwrap_or(4)))
    }
}

/// The text of the demonstration set.
pub(super) const DEMONSTRATION: &str = include_str!("../../pathways/demonstration.toml");
