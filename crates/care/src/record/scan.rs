//! What pages print of a scan: that pictures were made, of what, where, and what was said of them. Never the pictures: they lie
//! in the department's own store.

use super::TestResult;
use crate::view::When;

/// A study of images.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Id of the ImagingStudy.
    pub id: String,
    /// With which sorts of machine, each once.
    pub kinds: Vec<Modality>,
    /// What was scanned, as recorded: the procedure, else the parts of the body, else what its maker calls it.
    pub name: Option<String>,
    /// What its maker calls it, where that is not the name.
    pub description: Option<String>,
    /// Whether there are pictures.
    pub state: ScanState,
    /// When it was made.
    pub on: Option<When>,
    /// Which parts of the body, each once.
    pub sites: Vec<String>,
    /// Where it was made, in words.
    pub place: Option<String>,
    /// How many pictures there are.
    pub pictures: Option<u64>,
    /// Where the pictures can be had, where that is known; they never are here.
    pub kept_at: Option<String>,
    /// The department's number of the order.
    pub accession: Option<String>,
    /// The order, where this reader may see it.
    pub order: Option<ScanOrder>,
    /// Its series.
    pub series: Vec<Series>,
    /// The reports that name it, newest first, as far as this reader may see them; without their values.
    pub reports: Vec<TestResult>,
}

impl Scan {
    /// Whether one of its series was reconstructed by this software.
    pub fn is_reconstructed(&self) -> bool {
        self.series.iter().any(|one| one.reconstructed)
    }
}

/// A sort of machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modality {
    /// Its code, as recorded.
    pub code: String,
    /// What a person would call such a scan; of a code that we do not know, the recorded words, else the code.
    pub words: String,
}

/// Whether a scan has pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanState {
    /// Begun or expected: pictures are still to come.
    Expected,
    /// All pictures are there.
    Available,
    /// Not begun, or not brought to its end.
    Cancelled,
    /// The record does not say.
    Unstated,
}

/// What asked for a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOrder {
    /// Id of the ServiceRequest.
    pub id: String,
    /// What was asked for.
    pub name: Option<String>,
    /// When.
    pub ordered: Option<When>,
    /// By whom, in words.
    pub by: Option<String>,
}

/// One series of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What its maker calls it.
    pub description: Option<String>,
    /// The code of the machine.
    pub modality: Option<String>,
    /// How many pictures.
    pub pictures: Option<u64>,
    /// Whether this software reconstructed it: research use, not for diagnosis.
    pub reconstructed: bool,
}

#[cfg(any(test, feature = "samples"))]
pub(super) mod samples {
    use super::*;
    use crate::view::minutes_ago;
    use jiff::civil::date;

    /// A scan with a report and a series that this software made.
    pub fn scan() -> Scan {
        let series = |description: &str, reconstructed| Series {
            description: Some(description.into()),
            modality: Some("MR".into()),
            pictures: Some(24),
            reconstructed,
        };
        Scan {
            id: "sample-scan-1".into(),
            kinds: vec![Modality { code: "MR".into(), words: "MRI scan".into() }],
            name: Some("Head <b>1</b>".into()),
            description: Some("MRI: Head".into()),
            state: ScanState::Available,
            on: Some(When::Instant(minutes_ago(4_400))),
            sites: vec!["Head".into()],
            place: Some("MR scanner 1, Example Hospital Trust".into()),
            pictures: Some(48),
            kept_at: None,
            accession: Some("XEX-MR-00001".into()),
            order: Some(ScanOrder {
                id: "sample-order-1".into(),
                name: Some("MRI: Head".into()),
                ordered: Some(When::Day(date(2026, 11, 2))),
                by: Some("Dr Sam Sample".into()),
            }),
            series: vec![series("T2 axial", false), series("Bevan L1W R4.0", true)],
            reports: crate::record::samples::results().into_iter().take(1).collect(),
        }
    }

    /// A scan that nothing is told of but its unknown code.
    pub fn bare() -> Scan {
        Scan {
            id: "sample-scan-1".into(),
            kinds: vec![Modality { code: "ZZ".into(), words: "ZZ".into() }],
            name: None,
            description: None,
            state: ScanState::Cancelled,
            on: None,
            sites: Vec::new(),
            place: None,
            pictures: None,
            kept_at: Some("Example picture store".into()),
            accession: None,
            order: None,
            series: Vec::new(),
            reports: Vec::new(),
        }
    }
}
