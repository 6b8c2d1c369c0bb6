//! The look into the record that decides it, by the system itself: nobody is known yet.

use super::decide::{Claimed, Known, Refusal, decide};
use crate::Care;
use crate::facade::Source;
use crate::lookup::{page, unseen};
use crate::view::Unseen;
use fhir::nhs_number::NhsNumber;
use jiff::Timestamp;
use store::Actor;

impl Care {
    /// Whose record it is that the login service vouches for. Everything that does not fit is one answer.
    pub async fn sign_in(
        &self,
        trace: &str,
        claimed: Claimed,
        now: Timestamp,
    ) -> Result<Result<Known, Refusal>, Unseen> {
        if NhsNumber::from_canonical(&claimed.nhs_number).is_none() {
            return Ok(Err(Refusal::NoRecord));
        }
        let today = fhir::time::default_zone().to_datetime(now).date();
        match &self.0 {
            Source::Store(store) => {
                let read = store.read(Actor::system(trace), move |snapshot| {
                    let number = format!("{}|{}", fhir::systems::NHS_NUMBER, claimed.nhs_number);
                    let asked = [("identifier", number.as_str()), ("_count", "20")];
                    let found = page(snapshot, "Patient", &asked)?.items;
                    Ok(decide(&claimed, &found, today))
                });
                read.await.map_err(|error| unseen(&error))
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(
                Ok(Known { patient: "sample-patient-1".into(), name: "SAMPLE, Patient".into() }),
                Err(Refusal::NoRecord),
            ),
        }
    }
}
