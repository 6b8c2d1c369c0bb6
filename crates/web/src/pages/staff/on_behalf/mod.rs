//! Doing for a patient what they ask for and would do themselves: find them, make sure who asks, then the patient's own pages,
//! then the end, when a letter tells them what was done. The pages between stand under `/as/for-{patient}`.

mod begin;
mod find;

use crate::route::{Route, Who, ready};
use crate::session::Session;
use crate::state::State;
use crate::visit::{Answer, Outcome, SessionChange, Visit};
use care::assisted::{Finished, Letter};

/// The rows of the area.
pub const ROUTES: &[Route] = &[
    Route::get(PLACE, Who::Helper, |state, visit| Box::pin(find::page(state, visit))),
    Route::post(PLACE, Who::Helper, |_, visit| ready(find::search(visit))),
    Route::post("/staff/on-behalf/end", Who::Helper, |state, visit| Box::pin(end(state, visit))),
    Route::get("/staff/patients/{id}/on-behalf", Who::Helper, |state, visit| {
        Box::pin(begin::page(state, visit))
    }),
    Route::post("/staff/patients/{id}/on-behalf", Who::Helper, |state, visit| {
        Box::pin(begin::begin(state, visit))
    }),
];

/// Where it starts and ends.
const PLACE: &str = "/staff/on-behalf";
/// What the link to it says.
const HEADING: &str = "Do something for a patient";

/// Ends what is being done in a patient's place, and says how they are told.
async fn end(state: &State, visit: &Visit) -> Outcome {
    let session = visit.session()?;
    let Some(assisting) = &session.assisting else { return Answer::see(PLACE) };
    let finished = state.care.finish_assisting(&visit.actor()?, &assisting.started).await?;
    let session = Session { assisting: None, notice: Some(told(&finished)), ..session.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), PLACE.to_owned()))
}

/// What is said at the end.
fn told(finished: &Finished) -> String {
    let name = &finished.name;
    let done: Vec<String> = finished.deeds.iter().map(care::assisted::Deed::words).collect();
    match &finished.letter {
        Letter::Nothing => {
            format!("You have finished for {name}. Nothing was changed, so no letter goes out.")
        }
        Letter::Sent(Some(address)) => {
            format!("You have finished for {name}. A letter goes to {address}. It says: {}", done.join(" "))
        }
        Letter::Sent(None) => format!(
            "You have finished for {name}. No address is recorded, so no letter can go by post. Their messages say: {}",
            done.join(" ")
        ),
        Letter::Kept => {
            format!(
                "You have finished for {name}. Nothing goes by post. Their messages say: {}",
                done.join(" ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_what_was_done_and_how_the_patient_is_told() {
        let with = |letter| told(&Finished { letter, ..Finished::sample() });
        let sent = with(Letter::Sent(Some("1 High Street".into())));
        assert!(sent.contains("A letter goes to 1 High Street.") && sent.contains("Amlodipine"), "{sent}");
        assert!(with(Letter::Sent(None)).contains("No address is recorded"));
        assert!(with(Letter::Kept).contains("Nothing goes by post"));
        assert!(told(&Finished::sample_empty()).contains("no letter goes out"));
    }
}
