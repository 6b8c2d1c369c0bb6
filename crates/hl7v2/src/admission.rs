//! Whether a message may be taken at all: the header checks that end in AR or CR (HL7 v2.8 §2.9.2.2). Content that this
//! system cannot map is not refused here: it is kept, and answered as safe.

use crate::ack::Problem;
use crate::message::Message;

/// What a listener takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Accepted values of MSH-11.1: some of [`PROCESSING_IDS`]. A message without one counts as production.
    pub processing_ids: Vec<String>,
}

/// The values of table 0103: production, training, debugging.
pub const PROCESSING_IDS: [&str; 3] = ["P", "T", "D"];

impl Default for Admission {
    /// Production messages alone: a training message in a real record would be a patient who does not exist.
    fn default() -> Self {
        Self { processing_ids: vec![String::from("P")] }
    }
}

impl Admission {
    /// Production, training and debugging messages: for a record in which everybody is made up.
    #[must_use]
    pub fn any() -> Self {
        Self { processing_ids: PROCESSING_IDS.map(String::from).to_vec() }
    }
}

impl Admission {
    /// Checks MSH-9, MSH-10, MSH-11 and MSH-12.
    ///
    /// # Errors
    /// With the problem to report to the sender.
    pub fn check(&self, message: &Message<'_>) -> Result<(), Problem> {
        let missing =
            |field| Problem { code: 101, text: "Required field missing", place: Some(("MSH", field)) };
        if message.code().is_none() {
            return Err(missing(9));
        }
        if message.control_id().is_none() {
            return Err(missing(10));
        }
        let processing = message.header(11).text();
        let processing = processing.as_deref().map_or("P", str::trim);
        if !self.processing_ids.iter().any(|accepted| accepted == processing) {
            return Err(Problem { code: 202, text: "Unsupported processing id", place: Some(("MSH", 11)) });
        }
        let version = message.header(12).text();
        if version.as_deref().is_some_and(|version| !is_version(version.trim())) {
            return Err(Problem { code: 203, text: "Unsupported version id", place: Some(("MSH", 12)) });
        }
        Ok(())
    }
}

/// `2.1` to `2.9`, with an optional third number. An absent version is taken: old senders leave it out.
fn is_version(version: &str) -> bool {
    let mut numbers = version.split('.');
    let minor = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
    numbers.next() == Some("2")
        && numbers.next().is_none_or(minor)
        && numbers.next().is_none_or(minor)
        && numbers.next().is_none()
}
