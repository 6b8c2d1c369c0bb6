//! Sample records for page tests and the page gallery. Never part of a built `bevan`.

use super::scan::samples::{bare, scan};
use super::view::{
    Allergy, AllergyState, Attention, Banner, Flag, Home, Measurement, Medicine, MedicineState, Paper,
    Passage, Problem, ProblemState, Reading, Record, ResultState, Sheet, SheetKind, Stands, Step, TestResult,
    Vaccination, Visit, VisitKind, VisitState,
};
use super::{Entry, Fact, Label, Line, Part};
use crate::profile::{Format, Preferences};
use crate::view::{Coded, SAMPLE_NOW, Section, Sex, When, minutes_ago};
use jiff::civil::date;

fn snomed(code: &str) -> Option<Coded> {
    Some(Coded { system: "SNOMED CT".into(), code: code.into() })
}

fn problem(name: &str, plain: Option<&str>, state: ProblemState, began: When) -> Problem {
    Problem {
        id: "sample-condition-1".into(),
        name: name.into(),
        plain: plain.map(Into::into),
        state,
        began: Some(began),
        ended: (state == ProblemState::Resolved).then(|| When::Day(date(2024, 2, 29))),
        recorded: Some(When::Day(date(2025, 1, 14))),
        code: snomed("38341003"),
    }
}

fn medicine(name: &str, plain: Option<&str>, dose: Option<&str>, state: MedicineState) -> Medicine {
    Medicine {
        id: "sample-medicine-1".into(),
        name: name.into(),
        plain: plain.map(Into::into),
        dose: dose.map(Into::into),
        reason: None,
        state,
        started: Some(When::Day(date(2025, 6, 2))),
        ended: (state == MedicineState::Stopped).then_some(When::Month(2026, 1)),
        prescriber: Some("Example Surgery".into()),
        code: snomed("319775004"),
    }
}

pub(crate) fn measurement(
    name: &str,
    value: Reading,
    range: Option<&str>,
    flag: Option<Flag>,
) -> Measurement {
    Measurement {
        id: "sample-observation-1".into(),
        name: name.into(),
        plain: None,
        value,
        range: range.map(Into::into),
        flag,
        stands: match flag {
            Some(Flag::Critical) => Stands::FarOut,
            Some(Flag::High) => Stands::Above,
            Some(Flag::Low) => Stands::Below,
            Some(Flag::Abnormal) => Stands::Outside,
            None => Stands::Within,
        },
        number: None,
        ends: (None, None),
        at: Some(When::Instant(minutes_ago(600))),
        code: Some(Coded { system: "LOINC".into(), code: "718-7".into() }),
    }
}

pub(crate) fn quantity(value: &str, unit: &str) -> Reading {
    Reading::Quantity { value: value.into(), unit: Some(unit.into()) }
}

pub(crate) fn results() -> Vec<TestResult> {
    vec![
        TestResult {
            id: "sample-report-1".into(),
            name: "Full blood count".into(),
            plain: Some("A check of the cells in your blood".into()),
            taken: Some(When::Instant(minutes_ago(600))),
            issued_at: Some(minutes_ago(90)),
            state: ResultState::Final,
            measurements: vec![
                measurement("Haemoglobin", quantity("98", "g/L"), Some("115 to 165"), Some(Flag::Low)),
                measurement("White cells", quantity("7.40", "10*9/L"), Some("4.0 to 11.0"), None),
                measurement("Platelets", Reading::Missing(Some("the sample clotted".into())), None, None),
            ],
            unread: 1,
            conclusion: Some("Mild anaemia <b>noted</b>.".into()),
            by: Some("Example Pathology".into()),
        },
        TestResult {
            id: "sample-report-2".into(),
            name: "Potassium".into(),
            plain: None,
            taken: Some(When::Day(date(2026, 11, 19))),
            issued_at: Some(minutes_ago(20)),
            state: ResultState::Preliminary,
            measurements: vec![measurement(
                "Potassium",
                quantity("6.6", "mmol/L"),
                Some("3.5 to 5.3"),
                Some(Flag::Critical),
            )],
            unread: 0,
            conclusion: None,
            by: None,
        },
    ]
}

pub(crate) fn vaccination(given: bool) -> Vaccination {
    Vaccination {
        id: "sample-immunization-1".into(),
        name: "Influenza vaccine".into(),
        given,
        why_not: (!given).then(|| "Not well that day".into()),
        on: Some(When::Day(date(2025, 10, 14))),
        by: Some("Example Surgery".into()),
        batch: Some("A12".into()),
        site: None,
    }
}

pub(crate) fn sheet() -> Sheet {
    Sheet {
        number: 2,
        title: Some("Picture of the <b>lung</b>".into()),
        kind: SheetKind::Png,
        bytes: Some(41_200),
    }
}

pub(crate) fn paper() -> Paper {
    Paper {
        id: "sample-document-1".into(),
        title: "Discharge summary <b>1</b>".into(),
        kind: Some("Discharge summary".into()),
        written: Some(When::Day(date(2025, 3, 30))),
        author: Some("Dr Sam Sample".into()),
        keeper: Some("Example Hospital Trust".into()),
        passages: vec![Passage {
            heading: Some("Why you were in hospital".into()),
            paragraphs: vec!["You had a chest infection.".into()],
        }],
        sheets: vec![
            sheet(),
            Sheet {
                number: 3,
                title: None,
                kind: SheetKind::Other("application/rtf".into()),
                bytes: Some(2_345_678),
            },
            Sheet { number: 4, title: None, kind: SheetKind::Pdf, bytes: None },
        ],
    }
}

fn encounters() -> Vec<Visit> {
    vec![
        Visit {
            id: "sample-encounter-1".into(),
            kind: VisitKind::Stay,
            state: VisitState::Now,
            place: Some("Example Hospital".into()),
            reason: Some("Pneumonia".into()),
            started: Some(When::Instant(minutes_ago(4400))),
            ended: None,
            steps: vec![
                Step {
                    place: "Emergency department".into(),
                    from: Some(minutes_ago(4400)),
                    to: Some(minutes_ago(4100)),
                },
                Step { place: "Ward 7, Bay 1, Bed 1".into(), from: Some(minutes_ago(4100)), to: None },
            ],
        },
        Visit {
            id: "sample-encounter-1".into(),
            kind: VisitKind::Clinic,
            state: VisitState::Over,
            place: Some("Example Surgery".into()),
            reason: None,
            started: Some(When::Day(date(2025, 3, 30))),
            ended: None,
            steps: Vec::new(),
        },
    ]
}

impl Banner {
    /// Somebody in hospital with one allergy and a hostile name.
    pub fn sample() -> Self {
        Self {
            patient_id: "sample-patient-1".into(),
            name: "EXAMPLE, Alex <script>alert(1)</script>".into(),
            born: Some(When::Day(date(1958, 3, 7))),
            age: Some(68),
            sex: Sex::Female,
            nhs_number: Some("9990079196".into()),
            died: None,
            allergies: Section::whole(vec!["Penicillin".into(), "Latex".into()]),
            no_known_allergies: false,
            location: Some("Ward 7, Bay 1, Bed 1".into()),
            replaced_by: None,
            wishes: Preferences {
                format: Format::LargePrint,
                language: Some("Polish <b>".into()),
                interpreter: true,
                ..Preferences::default()
            },
        }
    }
}

impl Record {
    /// A record with something in each section.
    pub fn sample() -> Self {
        Self {
            banner: Banner::sample(),
            read_at: SAMPLE_NOW,
            problems: Some(Section::whole(vec![
                problem(
                    "Essential hypertension",
                    Some("High blood pressure"),
                    ProblemState::Active,
                    When::Year(2011),
                ),
                problem(
                    "Pneumonia",
                    Some("Chest infection"),
                    ProblemState::Suspected,
                    When::Day(date(2026, 11, 17)),
                ),
                problem(
                    "Fracture of radius",
                    Some("Broken wrist"),
                    ProblemState::Resolved,
                    When::Month(2023, 12),
                ),
            ])),
            medicines: Some(Section::whole(vec![
                medicine(
                    "Apixaban 5mg tablets",
                    Some("Blood thinner (anticoagulant)"),
                    Some("One tablet, twice a day"),
                    MedicineState::Current,
                ),
                medicine("Ramipril 10mg capsules", None, None, MedicineState::OnHold),
                medicine(
                    "Amoxicillin 500mg capsules",
                    None,
                    Some("One, 3 times a day"),
                    MedicineState::Stopped,
                ),
            ])),
            allergies: Some(Section::whole(vec![
                Allergy {
                    id: "sample-allergy-1".into(),
                    substance: "Penicillin".into(),
                    state: AllergyState::Active,
                    reactions: vec!["Anaphylaxis".into(), "Rash".into()],
                    severe: true,
                    recorded: Some(When::Year(1987)),
                    code: snomed("764146007"),
                },
                Allergy {
                    id: "sample-allergy-1".into(),
                    substance: "Latex".into(),
                    state: AllergyState::Suspected,
                    reactions: Vec::new(),
                    severe: false,
                    recorded: None,
                    code: None,
                },
            ])),
            results: Some(Section::whole(results())),
            observations: Some(Section::whole(vec![
                measurement(
                    "Blood pressure",
                    Reading::Parts(vec![
                        ("Systolic".into(), "168 mmHg".into()),
                        ("Diastolic".into(), "94 mmHg".into()),
                    ]),
                    None,
                    Some(Flag::High),
                ),
                measurement("Body temperature", quantity("38.10", "°C"), None, None),
                measurement("Smoking status", Reading::Words("Ex-smoker".into()), None, None),
            ])),
            encounters: Some(Section::whole(encounters())),
            vaccinations: Some(Section::whole(vec![vaccination(true), vaccination(false)])),
            documents: Some(Section::whole(vec![paper()])),
            scans: Some(Section::whole(vec![scan(), bare()])),
        }
    }

    /// A record in which nothing is recorded.
    pub fn sample_empty() -> Self {
        let mut banner = Banner::sample();
        banner.allergies = Section::whole(Vec::new());
        banner.location = None;
        banner.nhs_number = None;
        Self {
            banner,
            read_at: SAMPLE_NOW,
            problems: Some(Section::whole(Vec::new())),
            medicines: Some(Section::whole(Vec::new())),
            allergies: Some(Section::whole(Vec::new())),
            results: Some(Section::whole(Vec::new())),
            observations: Some(Section::whole(Vec::new())),
            encounters: Some(Section::whole(Vec::new())),
            vaccinations: Some(Section::whole(Vec::new())),
            documents: Some(Section::whole(Vec::new())),
            scans: Some(Section::whole(Vec::new())),
        }
    }

    /// A record whose sections are forbidden or failed by turns.
    pub fn sample_refused() -> Self {
        let mut banner = Banner::sample();
        banner.allergies = Section::Failed;
        Self {
            banner,
            read_at: SAMPLE_NOW,
            problems: Some(Section::NoAccess),
            medicines: Some(Section::Failed),
            allergies: Some(Section::Failed),
            results: Some(Section::NoAccess),
            observations: Some(Section::Failed),
            encounters: Some(Section::NoAccess),
            vaccinations: Some(Section::NoAccess),
            documents: Some(Section::Failed),
            scans: Some(Section::NoAccess),
        }
    }
}

impl Home {
    /// A home page with two items.
    pub fn sample() -> Self {
        Self {
            name: "Alex Example <script>alert(1)</script>".into(),
            read_at: SAMPLE_NOW,
            attention: Section::whole(vec![
                Attention::InHospital {
                    place: "Ward 7, Example Hospital".into(),
                    since: Some(minutes_ago(4400)),
                },
                Attention::EmergencyLook { at: minutes_ago(1440), page: String::from("8") },
            ]),
        }
    }

    /// A home page on which nothing needs the person.
    pub fn sample_empty() -> Self {
        Self { attention: Section::whole(Vec::new()), ..Self::sample() }
    }
}

impl Entry {
    /// An entry of a part with facts beside it.
    pub fn sample(part: Part) -> Self {
        let words = |words: &str| vec![words.to_owned()];
        let facts = vec![
            Fact { label: Label::RecordedBy, words: words("Dr Sam Sample") },
            Fact { label: Label::Code, words: words("SNOMED CT 38341003") },
            Fact { label: Label::Notes, words: words("Seen <b>twice</b>.") },
        ];
        Self { facts, ..Self::sample_bare(part) }
    }

    /// An entry of a part about which nothing else is recorded.
    pub fn sample_bare(part: Part) -> Self {
        let name = "Essential hypertension";
        let since = When::Year(2011);
        let line = match part {
            Part::Medicines => {
                Line::Medicine(medicine("Ramipril 10mg capsules", None, None, MedicineState::OnHold))
            }
            Part::Allergies => Line::Allergy(Allergy {
                id: "sample-allergy-1".into(),
                substance: "Penicillin".into(),
                state: AllergyState::Active,
                reactions: vec!["Rash".into()],
                severe: true,
                recorded: Some(since),
                code: None,
            }),
            Part::Vaccinations => Line::Vaccination(vaccination(true)),
            Part::Documents => Line::Paper(paper()),
            Part::Scans => Line::Scan(Box::new(scan())),
            Part::Encounters => match encounters().into_iter().next() {
                Some(visit) => Line::Visit(visit),
                None => Line::Problem(problem(name, None, ProblemState::Active, since)),
            },
            _ => Line::Problem(problem(name, Some("High blood pressure"), ProblemState::Active, since)),
        };
        Self { read_at: SAMPLE_NOW, line, facts: Vec::new() }
    }
}
