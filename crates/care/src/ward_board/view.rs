//! What the ward board prints. Two patients in one bed is a conflict that is shown, never resolved here;
//! a score is one that a source recorded, never one computed here.

use crate::view::{Freshness, Sex, Told};
use jiff::{Timestamp, civil::Date};

/// One ward at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WardBoard {
    /// The ward.
    pub ward: Ward,
    /// When the snapshot was read; ages are counted to this.
    pub read_at: Timestamp,
    /// The change feed's position of the snapshot: the resumption point of the live view.
    pub position: u64,
    /// How fresh the facts are.
    pub freshness: Freshness,
    /// The big numbers.
    pub figures: Figures,
    /// Every bed in bay order, free and closed ones too.
    pub tiles: Vec<Tile>,
    /// People on the ward whose bed no source has named.
    pub without_bed: Vec<Occupant>,
    /// People expected on the ward.
    pub coming: Vec<Coming>,
}

/// A ward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ward {
    /// Id of the ward's Location.
    pub id: String,
    /// Its name, for example `Ward 7`.
    pub name: String,
    /// What it is for, for example `general medicine`.
    pub specialty: Option<String>,
    /// The hospital it stands in.
    pub site: String,
}

/// The numbers above the beds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Beds that could hold somebody: all but closed ones.
    pub beds: u32,
    /// People occupying, not capped at the number of beds.
    pub taken: u32,
    /// `taken / beds` in whole per cent, not capped at 100; `None` without beds.
    pub occupancy_percent: Option<u32>,
    /// Free beds.
    pub free: u32,
    /// Closed beds.
    pub closed: u32,
    /// People expected.
    pub coming: u32,
    /// People whose expected or planned discharge is today.
    pub leaving_today: u32,
    /// Beds with more than one patient.
    pub conflicts: u32,
    /// People whose latest recorded NEWS2 total is 7 or more; `None` when no source records it.
    pub high_scores: Option<u32>,
}

/// One bed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Id of the bed's Location.
    pub id: String,
    /// The bay's name, when the ward has bays.
    pub bay: Option<String>,
    /// The bed's name.
    pub bed: String,
    /// Whether the bed is known from messages only and not from the hospital's list of beds.
    pub provisional: bool,
    /// What the bed holds.
    pub state: BedState,
}

/// What a bed holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BedState {
    /// Nobody.
    Free,
    /// Not in use.
    Closed {
        /// Why, in words (closed, housekeeping, contaminated, isolated).
        reason: String,
        /// Since when, where known.
        since: Option<Timestamp>,
    },
    /// One person.
    Taken(Box<Occupant>),
    /// More than one person, says the record: all of them, longest there first.
    Conflict(Vec<Occupant>),
}

/// A person in a bed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    /// Id of the Patient.
    pub patient_id: String,
    /// Name as the ward says it.
    pub name: String,
    /// Sex as recorded.
    pub sex: Sex,
    /// Age in whole years at `read_at`.
    pub age: Option<u16>,
    /// The latest NEWS2 total that a source recorded.
    pub news2: Option<Score>,
    /// Start of the stay.
    pub admitted_at: Option<Timestamp>,
    /// Whole days since admission.
    pub days_in: Option<u32>,
    /// Expected or planned day of leaving.
    pub expected_out: Option<Date>,
    /// Away from a bed that is kept for them.
    pub on_leave: bool,
    /// A planned move or discharge in words.
    pub pending: Option<String>,
    /// What messages about the stay left open, in a few words each.
    pub matters: Vec<String>,
    /// The message that put them here.
    pub told: Told,
}

/// A score total and when it was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// The total.
    pub total: u16,
    /// When the observations were taken.
    pub at: Timestamp,
}

/// A person who is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// Id of the Patient.
    pub patient_id: String,
    /// Name.
    pub name: String,
    /// Sex as recorded.
    pub sex: Sex,
    /// Age in whole years.
    pub age: Option<u16>,
    /// Where from, in words.
    pub from: Option<String>,
    /// When they are expected.
    pub expected_at: Option<Timestamp>,
    /// The bed they are to have, when named.
    pub bed: Option<String>,
    /// The message that said so.
    pub told: Told,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::view::{SAMPLE_NOW, minutes_ago};
    use jiff::civil::date;

    fn told(message: &str, minutes: i64) -> Told {
        Told {
            source: "Patient system".into(),
            message: message.into(),
            occurred_at: minutes_ago(minutes),
            recorded_at: minutes_ago(minutes),
        }
    }

    fn occupant(n: u16, name: &str, sex: Sex, score: u16) -> Occupant {
        let days = u32::from(n % 17);
        Occupant {
            patient_id: format!("sample-patient-{n}"),
            name: name.into(),
            sex,
            age: Some(40 + (n * 13) % 55),
            news2: Some(Score { total: score, at: minutes_ago(i64::from(n) * 7) }),
            admitted_at: Some(minutes_ago(i64::from(days) * 1440 + 300)),
            days_in: Some(days),
            expected_out: (!n.is_multiple_of(3)).then(|| date(2026, 11, 20 + (n % 4) as i8)),
            on_leave: false,
            pending: None,
            matters: Vec::new(),
            told: told(if n.is_multiple_of(2) { "ADT A02" } else { "ADT A01" }, i64::from(n) * 37 + 1),
        }
    }

    impl WardBoard {
        /// A ward of 12 beds with every kind of tile, a person without a bed, and a name that is hostile HTML.
        pub fn sample() -> Self {
            let names = [
                "EXAMPLE, Alex",
                "EXAMPLE, Brooke",
                "EXAMPLE, Casey",
                "O’EXAMPLE-LONGNAME, Dominique Alexandria",
                "<script>alert(1)</script>, Eden",
                "EXAMPLE, Frankie",
                "EXAMPLE, Gray",
                "EXAMPLE, Harper",
            ];
            let mut people = names.iter().zip(1u16..).map(|(name, n)| {
                occupant(n, name, if n.is_multiple_of(2) { Sex::Female } else { Sex::Male }, (n * 3) % 9)
            });
            let mut taken = || people.next().map_or(BedState::Free, |one| BedState::Taken(Box::new(one)));
            let mut states = vec![taken(), taken(), taken(), BedState::Free, taken(), taken()];
            states.push(BedState::Closed { reason: "Cleaning".into(), since: Some(minutes_ago(42)) });
            states.push(BedState::Conflict(vec![
                occupant(20, "EXAMPLE, Indigo", Sex::Female, 2),
                occupant(21, "EXAMPLE, Jules", Sex::Male, 1),
            ]));
            states.extend([taken(), BedState::Free, taken()]);
            let mut leaving = occupant(22, "EXAMPLE, Kit", Sex::Other, 0);
            leaving.on_leave = true;
            leaving.pending = Some("Discharge planned today".into());
            leaving.news2 = None;
            leaving.matters = vec!["Update names another place".into()];
            states.push(BedState::Taken(Box::new(leaving)));
            let tiles = states
                .into_iter()
                .zip(1usize..)
                .map(|(state, n)| Tile {
                    id: format!("sample-bed-{n}"),
                    bay: Some(format!("Bay {}", 1 + (n - 1) / 4)),
                    bed: format!("Bed {n}"),
                    provisional: n == 11,
                    state,
                })
                .collect();
            Self {
                ward: Ward {
                    id: "sample-ward".into(),
                    name: "Ward 7".into(),
                    specialty: Some("general medicine".into()),
                    site: "Example Hospital".into(),
                },
                read_at: SAMPLE_NOW,
                position: 4_211,
                freshness: Freshness {
                    source: "Patient system".into(),
                    last_message_at: Some(minutes_ago(0)),
                    stale: false,
                },
                figures: Figures {
                    beds: 11,
                    taken: 10,
                    occupancy_percent: Some(91),
                    free: 2,
                    closed: 1,
                    coming: 1,
                    leaving_today: 3,
                    conflicts: 1,
                    high_scores: Some(0),
                },
                tiles,
                without_bed: vec![occupant(31, "EXAMPLE, Lane", Sex::Unknown, 1)],
                coming: vec![Coming {
                    patient_id: "sample-patient-40".into(),
                    name: "EXAMPLE, Morgan".into(),
                    sex: Sex::Female,
                    age: Some(67),
                    from: Some("Emergency department".into()),
                    expected_at: Some(minutes_ago(-55)),
                    bed: None,
                    told: told("ADT A05", 12),
                }],
            }
        }

        /// A ward that no message has ever named a bed of, behind a source that has gone quiet.
        pub fn sample_empty() -> Self {
            let mut board = Self::sample();
            board.tiles.clear();
            board.without_bed.clear();
            board.coming.clear();
            board.figures = Figures::default();
            board.freshness.stale = true;
            board.freshness.last_message_at = Some(minutes_ago(95));
            board
        }
    }
}
