//! What the operations page prints. A dead letter shows its reason and control id, and nothing that names a patient.

use crate::view::Section;
use jiff::Timestamp;

/// The feeds and the inbox at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operations {
    /// When it was read.
    pub read_at: Timestamp,
    /// One line a source.
    pub feeds: Section<Feed>,
    /// Counts over the whole inbox.
    pub inbox: InboxCounts,
    /// Messages that are safe but could not be applied, newest first.
    pub dead_letters: Section<DeadLetter>,
    /// What messages left open for a person to look at, newest first.
    pub matters: Section<Matter>,
    /// Emergency accesses that nobody has reviewed yet; `None` when that could not be counted.
    pub unreviewed: Option<u64>,
}

/// Something that messages left open: what kind it is, where, and which messages say so. It names no patient, no visit and
/// no value of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Its own id, by which it is closed. It is made of none of theirs whom the matter is about.
    pub id: String,
    /// What it is, in a few words of ours.
    pub kind: &'static str,
    /// What it means and what holds meanwhile.
    pub meaning: &'static str,
    /// The ward, or the bed where the matter is the bed, as the source calls it.
    pub place: Option<String>,
    /// The messages, as kind and control id.
    pub messages: Vec<String>,
    /// When the source recorded the first of them.
    pub since: Option<Timestamp>,
}

/// One source of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The sending application and facility.
    pub name: String,
    /// When its newest message arrived.
    pub last_message_at: Option<Timestamp>,
    /// Whether it has been silent for longer than its limit.
    pub stale: bool,
    /// Messages received in all.
    pub received: u64,
    /// Of those, dead letters.
    pub dead: u64,
}

/// The state of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxCounts {
    /// Safe, not yet applied.
    pub waiting: u64,
    /// Applied.
    pub applied: u64,
    /// Repeats that had no further effect.
    pub duplicates: u64,
    /// Accepted although their control id was used before with another body.
    pub control_id_reused: u64,
    /// Dead letters.
    pub dead: u64,
}

/// A message that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number in the inbox.
    pub id: i64,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Sending application and facility.
    pub source: String,
    /// Message type and trigger, for example `ADT A02`.
    pub kind: String,
    /// The sender's control id.
    pub control_id: String,
    /// Why it could not be applied.
    pub reason: String,
    /// How many times it was tried.
    pub tries: u32,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::view::{SAMPLE_NOW, minutes_ago};

    impl Operations {
        /// Two feeds, one silent; two dead letters.
        pub fn sample() -> Self {
            let feed = |name: &str, minutes, stale, received, dead| Feed {
                name: name.into(),
                last_message_at: Some(minutes_ago(minutes)),
                stale,
                received,
                dead,
            };
            let letter = |id, kind: &str, reason: &str| DeadLetter {
                id,
                received_at: minutes_ago(id * 9),
                source: "PATSYS at XEX01".into(),
                kind: kind.into(),
                control_id: format!("MSG{id:05}"),
                reason: reason.into(),
                tries: 1,
            };
            Self {
                read_at: SAMPLE_NOW,
                feeds: Section::whole(vec![
                    feed("PATSYS at XEX01", 0, false, 12_480, 2),
                    feed("LABSYS at XEX01", 130, true, 3_110, 0),
                ]),
                inbox: InboxCounts {
                    waiting: 3,
                    applied: 15_585,
                    duplicates: 41,
                    control_id_reused: 2,
                    dead: 2,
                },
                dead_letters: Section::whole(vec![
                    letter(7, "ADT A02", "PV1-3 (assigned location) is empty, so there is no bed to move to"),
                    letter(
                        9,
                        "MFN M02",
                        "messages of type <MFN> change staff lists, which Bevan does not take",
                    ),
                ]),
                matters: Section::whole(vec![
                    Matter {
                        id: "sample-matter-1".into(),
                        kind: "More than one patient in a bed",
                        meaning: "The messages put more than one patient into the bed.",
                        place: Some("W07 B2 04".into()),
                        messages: vec![
                            "admission message MSG00031".into(),
                            "transfer message MSG00044".into(),
                        ],
                        since: Some(minutes_ago(12)),
                    },
                    Matter {
                        id: "sample-matter-2".into(),
                        kind: "Update names another place",
                        meaning: "An update names another place than the movements do. The movements count.",
                        place: Some("<W03>".into()),
                        messages: vec!["update message MSG00019".into()],
                        since: None,
                    },
                ]),
                unreviewed: Some(2),
            }
        }

        /// Nothing has ever arrived.
        pub fn sample_empty() -> Self {
            Self {
                read_at: SAMPLE_NOW,
                feeds: Section::whole(Vec::new()),
                inbox: InboxCounts::default(),
                dead_letters: Section::whole(Vec::new()),
                matters: Section::whole(Vec::new()),
                unreviewed: Some(0),
            }
        }
    }
}
