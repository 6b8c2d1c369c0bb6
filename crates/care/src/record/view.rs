//! What record pages print: the banner that stands on each of them, and the sections.
//! Each section can be empty, forbidden or failed by itself; a failed section never hides the others.

use super::Scan;
use crate::profile::Preferences;
use crate::view::{Coded, Section, Sex, When};
use jiff::{Timestamp, civil::Date};

/// What a page asks of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The newest of every section.
    Summary,
    /// Problems and diagnoses.
    Problems,
    /// Medicines.
    Medicines,
    /// Allergies and intolerances.
    Allergies,
    /// Reports of tests.
    Results,
    /// Observations.
    Observations,
    /// Stays and other encounters.
    Encounters,
    /// Vaccinations.
    Vaccinations,
    /// Letters and other documents.
    Documents,
    /// Scans and other images.
    Scans,
}

/// The record, or the part of it that a page asked for. Sections that were not asked for are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who it is about.
    pub banner: Banner,
    /// When it was read.
    pub read_at: Timestamp,
    /// Problems and diagnoses, active first, then newest first.
    pub problems: Option<Section<Problem>>,
    /// Medicines, current first, then newest first.
    pub medicines: Option<Section<Medicine>>,
    /// Allergies and intolerances, active first.
    pub allergies: Option<Section<Allergy>>,
    /// Reports of tests, newest first.
    pub results: Option<Section<TestResult>>,
    /// Observations that are not part of a report, newest first.
    pub observations: Option<Section<Measurement>>,
    /// Hospital stays and other encounters, newest first.
    pub encounters: Option<Section<Visit>>,
    /// Vaccinations, newest first.
    pub vaccinations: Option<Section<Vaccination>>,
    /// Letters and other documents, newest first.
    pub documents: Option<Section<Paper>>,
    /// Scans, newest first.
    pub scans: Option<Section<Scan>>,
}

/// The lines that stand on each page about a person, so that nobody reads the wrong record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Id of the Patient.
    pub patient_id: String,
    /// Name.
    pub name: String,
    /// Date of birth as recorded.
    pub born: Option<When>,
    /// Age in whole years, at death where dead.
    pub age: Option<u16>,
    /// Sex as recorded.
    pub sex: Sex,
    /// NHS number, ten digits.
    pub nhs_number: Option<String>,
    /// Date of death, when dead.
    pub died: Option<When>,
    /// Active allergies, worst first; `Shown` and empty means that none are *recorded*.
    pub allergies: Section<String>,
    /// Whether somebody recorded that the person has no known allergies.
    pub no_known_allergies: bool,
    /// Where the person is now, in words, when in hospital.
    pub location: Option<String>,
    /// The id of the record that replaced this one in a merge, when replaced.
    pub replaced_by: Option<String>,
    /// In which language and format the person wants to be told things, and whether with an interpreter.
    pub wishes: Preferences,
}

/// A problem or diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id of the Condition.
    pub id: String,
    /// The recorded name.
    pub name: String,
    /// The name in plain words, where one is known.
    pub plain: Option<String>,
    /// Whether it is active.
    pub state: ProblemState,
    /// When it began.
    pub began: Option<When>,
    /// When it ended.
    pub ended: Option<When>,
    /// When it was recorded.
    pub recorded: Option<When>,
    /// Its code.
    pub code: Option<Coded>,
}

/// The state of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemState {
    /// Present now.
    Active,
    /// Came back.
    Recurrence,
    /// Quiet for now.
    Remission,
    /// Over.
    Resolved,
    /// Thought likely, not confirmed.
    Suspected,
    /// The record does not say.
    Unstated,
}

/// A medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// Id of the prescription or statement.
    pub id: String,
    /// The recorded name.
    pub name: String,
    /// What it is in plain words, where known.
    pub plain: Option<String>,
    /// Dose and how often, as written.
    pub dose: Option<String>,
    /// What it is for, where recorded.
    pub reason: Option<String>,
    /// Whether it is taken now.
    pub state: MedicineState,
    /// Since when, or when it was prescribed.
    pub started: Option<When>,
    /// Until when.
    pub ended: Option<When>,
    /// Who prescribed it, in words.
    pub prescriber: Option<String>,
    /// Its code.
    pub code: Option<Coded>,
}

/// The state of a medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MedicineState {
    /// Taken now, or prescribed for now.
    Current,
    /// On hold.
    OnHold,
    /// Completed.
    Completed,
    /// Stopped before the end.
    Stopped,
    /// Intended, not begun.
    Planned,
    /// The record does not say.
    Unstated,
}

/// An allergy or intolerance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allergy {
    /// Id of the AllergyIntolerance.
    pub id: String,
    /// To what.
    pub substance: String,
    /// Whether it holds.
    pub state: AllergyState,
    /// What it did, in words.
    pub reactions: Vec<String>,
    /// Whether a severe reaction or a high risk is recorded.
    pub severe: bool,
    /// Since when, or when it was recorded.
    pub recorded: Option<When>,
    /// Its code.
    pub code: Option<Coded>,
}

/// The state of an allergy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllergyState {
    /// Holds, confirmed or not stated.
    Active,
    /// Suspected, not confirmed.
    Suspected,
    /// No longer a risk.
    Past,
}

/// A report of tests.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// Id of the report; an anchor on the page.
    pub id: String,
    /// What was tested.
    pub name: String,
    /// What it is in plain words, where known.
    pub plain: Option<String>,
    /// When the sample was taken or the test made.
    pub taken: Option<When>,
    /// When the report was issued.
    pub issued_at: Option<Timestamp>,
    /// How final it is.
    pub state: ResultState,
    /// The measurements.
    pub measurements: Vec<Measurement>,
    /// How many results the report names that could not be read.
    pub unread: usize,
    /// The report's conclusion, as written.
    pub conclusion: Option<String>,
    /// Who asked for it or made it, in words.
    pub by: Option<String>,
}

/// How final a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultState {
    /// Asked for or begun.
    Waiting,
    /// Some results, not yet checked.
    Preliminary,
    /// Checked and complete.
    Final,
    /// Changed after it was final.
    Corrected,
    /// Will not come.
    Cancelled,
    /// The record does not say.
    Unstated,
}

/// One observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Id of the observation.
    pub id: String,
    /// What was observed.
    pub name: String,
    /// What it is in plain words, where known.
    pub plain: Option<String>,
    /// The value as recorded, every digit kept.
    pub value: Reading,
    /// The reference range as written.
    pub range: Option<String>,
    /// The source's own flag.
    pub flag: Option<Flag>,
    /// Where the value stands, by the source's flag or else by its own range.
    pub stands: Stands,
    /// The value as a number, where it is a plain one.
    pub number: Option<f64>,
    /// The ends of the range as numbers, where they are in the value's unit.
    pub ends: (Option<f64>, Option<f64>),
    /// When.
    pub at: Option<When>,
    /// Its code.
    pub code: Option<Coded>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A number with its unit; the digits are the record's own.
    Quantity {
        /// The number, with a comparator such as `<` in front where recorded.
        value: String,
        /// The unit.
        unit: Option<String>,
    },
    /// Words.
    Words(String),
    /// Parts, for example the two pressures of a blood pressure.
    Parts(Vec<(String, String)>),
    /// No value, with the reason where recorded. Shown prominently.
    Missing(Option<String>),
}

/// Where a value stands to what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Far from usual: needs somebody now.
    FarOut,
    /// Above the range.
    Above,
    /// Below the range.
    Below,
    /// Outside what is usual, without a direction.
    Outside,
    /// Within the range.
    Within,
    /// There is a value, and nobody said what is usual.
    Unsaid,
    /// There is no value.
    Missing,
}

impl Stands {
    /// Whether it is outside what is usual.
    pub fn is_outside(self) -> bool {
        matches!(self, Self::FarOut | Self::Above | Self::Below | Self::Outside)
    }
}

/// What a source says about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Above the range.
    High,
    /// Below the range.
    Low,
    /// Far above or below: needs somebody now.
    Critical,
    /// Outside what is usual, without a direction.
    Abnormal,
}

/// A stay, an attendance or an appointment that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Id of the Encounter.
    pub id: String,
    /// What kind.
    pub kind: VisitKind,
    /// Whether it is over.
    pub state: VisitState,
    /// Where, in words: organisation or place.
    pub place: Option<String>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Start.
    pub started: Option<When>,
    /// End.
    pub ended: Option<When>,
    /// Where in the building, in order.
    pub steps: Vec<Step>,
}

/// A place within a stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The place in words.
    pub place: String,
    /// From.
    pub from: Option<Timestamp>,
    /// To; `None` while there.
    pub to: Option<Timestamp>,
}

/// A vaccination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaccination {
    /// Id of the Immunization.
    pub id: String,
    /// Which vaccine.
    pub name: String,
    /// Whether it was given.
    pub given: bool,
    /// Why it was not given, where recorded.
    pub why_not: Option<String>,
    /// When it was given, or refused.
    pub on: Option<When>,
    /// Who gave it, in words.
    pub by: Option<String>,
    /// The batch.
    pub batch: Option<String>,
    /// Where in the body.
    pub site: Option<String>,
}

/// A letter, discharge summary or other document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Id of the DocumentReference or Composition.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What sort of document, in words.
    pub kind: Option<String>,
    /// When it was written.
    pub written: Option<When>,
    /// Who wrote it, in words.
    pub author: Option<String>,
    /// The organisation that keeps it, in words.
    pub keeper: Option<String>,
    /// What it says, as far as it can be shown here.
    pub passages: Vec<Passage>,
    /// What of it is opened by itself.
    pub sheets: Vec<Sheet>,
}

/// A part of a document that is a file: a PDF, a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its number among the parts, from 1.
    pub number: usize,
    /// Its title.
    pub title: Option<String>,
    /// What it is.
    pub kind: SheetKind,
    /// How large it is, in bytes, as far as that is known.
    pub bytes: Option<usize>,
}

/// What a sheet is, by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetKind {
    /// A PDF.
    Pdf,
    /// A picture (PNG).
    Png,
    /// A picture (JPEG).
    Jpeg,
    /// Text, which is shown as words where the document is.
    Words,
    /// Anything else, with the media type that its sender gave it.
    Other(String),
}

/// A sheet, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetBody {
    /// Which.
    pub sheet: Sheet,
    /// What it holds.
    pub body: Vec<u8>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its heading.
    pub heading: Option<String>,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// What kind of encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitKind {
    /// A stay in hospital.
    Stay,
    /// Emergency department.
    Emergency,
    /// Clinic, surgery or other visit.
    Clinic,
    /// At home.
    Home,
    /// By phone or video.
    Remote,
    /// Not recorded.
    Unstated,
}

/// The state of an encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitState {
    /// Expected.
    Planned,
    /// Going on.
    Now,
    /// Away from it for a while.
    OnLeave,
    /// Over.
    Over,
    /// Did not take place.
    Cancelled,
    /// The record does not say.
    Unstated,
}

/// The patient's home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The person's name.
    pub name: String,
    /// When it was read.
    pub read_at: Timestamp,
    /// What needs the person: at most three, most urgent first.
    pub attention: Section<Attention>,
}

/// One thing that needs the person, or that they will want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attention {
    /// The person is in hospital.
    InHospital {
        /// Where.
        place: String,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// The person is expected in hospital.
    ExpectedStay {
        /// Where.
        place: String,
        /// On which day.
        on: Option<Date>,
    },
    /// Somebody opened the record past the usual limits.
    EmergencyLook {
        /// When.
        at: Timestamp,
        /// The page of who looked that begins with it.
        page: String,
    },
}
