//! What the site view prints: one line a ward, and the sum.

use crate::{view::Freshness, ward_board::Figures};
use jiff::Timestamp;

/// Every ward that the reader's organisation runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteView {
    /// The organisation's name.
    pub organisation: String,
    /// When the snapshot was read.
    pub read_at: Timestamp,
    /// The change feed's position of the snapshot.
    pub position: u64,
    /// The sum of all wards.
    pub total: Figures,
    /// The wards, by site and then by name.
    pub wards: Vec<WardLine>,
}

/// One ward in the site view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WardLine {
    /// Id of the ward's Location.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub specialty: Option<String>,
    /// The hospital it stands in.
    pub site: String,
    /// Its numbers.
    pub figures: Figures,
    /// How fresh its facts are.
    pub freshness: Freshness,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::view::{SAMPLE_NOW, minutes_ago};

    impl SiteView {
        /// Five wards: one over full with a conflict, one with no bed list, one behind a silent source.
        pub fn sample() -> Self {
            let line = |n: u32, name: &str, specialty: Option<&str>, figures: Figures, quiet: i64| WardLine {
                id: format!("sample-ward-{n}"),
                name: name.into(),
                specialty: specialty.map(Into::into),
                site: "Example Hospital".into(),
                figures,
                freshness: Freshness {
                    source: "Patient system".into(),
                    last_message_at: Some(minutes_ago(quiet)),
                    stale: quiet > 60,
                },
            };
            let figures = |beds, taken, closed, coming, conflicts| Figures {
                beds,
                taken,
                occupancy_percent: (taken * 100u32).checked_div(beds),
                free: beds.saturating_sub(taken),
                closed,
                coming,
                leaving_today: taken / 6,
                conflicts,
                high_scores: None,
            };
            Self {
                organisation: "Example Hospital Trust".into(),
                read_at: SAMPLE_NOW,
                position: 4_211,
                total: figures(80, 73, 3, 4, 1),
                wards: vec![
                    line(1, "Ward 1", Some("acute medicine"), figures(24, 25, 0, 3, 1), 1),
                    line(7, "Ward 7", Some("general medicine"), figures(28, 25, 2, 1, 0), 4),
                    line(8, "Ward 8", Some("surgery"), figures(20, 15, 1, 0, 0), 22),
                    line(9, "Day unit", None, figures(0, 0, 0, 0, 0), 240),
                    line(10, "Ward <b>10</b>", Some("elderly care"), figures(8, 8, 0, 0, 0), 2),
                ],
            }
        }

        /// An organisation without a ward.
        pub fn sample_empty() -> Self {
            Self { wards: Vec::new(), total: Figures::default(), ..Self::sample() }
        }
    }
}
