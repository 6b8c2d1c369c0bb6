//! What of somebody's prescriptions stands on their home page.

use super::list::{heading, request_heading};
use crate::pages::address;
use crate::pages::attention::{Item, Items, Rank};
use crate::state::State;
use crate::visit::Visit;
use crate::wording;
use crate::words::{fill, say};
use care::prescriptions::Matter;

/// The items.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        let patient = visit.patient_id()?;
        let found = state.care.prescription_matters(&visit.actor_for(patient)?, patient).await?;
        Ok(found.iter().map(|one| item(one, visit)).collect())
    })
}

fn item(one: &Matter, visit: &Visit) -> Item {
    let page = |id: &str| visit.link(&format!("/prescriptions/{}", address(id)));
    match one {
        Matter::Ready { prescription, items, since } => {
            let count = (*items).into();
            let words = match &prescription.pharmacy {
                Some(place) => fill(
                    "prescriptions-matter-ready-at",
                    &[("count", count), ("place", place.name.as_str().into())],
                ),
                None => fill("prescriptions-matter-ready-words", &[("count", count)]),
            };
            Item::new(Rank::News, say("prescriptions-matter-ready"), words)
                .at(*since)
                .to(heading(prescription), page(&prescription.id))
        }
        Matter::Refused { request, medicines } => {
            Item::new(Rank::Alarm, say("prescriptions-matter-refused"), medicines.join(", "))
                .at(request.asked_at)
                .to(request_heading(request), page(&request.id))
        }
        Matter::Stopped { prescription, medicines, since } => {
            Item::new(Rank::Alarm, say("prescriptions-matter-stopped"), medicines.join(", "))
                .at(*since)
                .to(heading(prescription), page(&prescription.id))
        }
        Matter::Review { on, overdue, medicines } => {
            let values = [("count", (*medicines).into()), ("day", wording::day(*on).into())];
            let (rank, words) = match overdue {
                true => (Rank::Alarm, fill("prescriptions-matter-review-late", &values)),
                false => (Rank::Dated, fill("prescriptions-matter-review-soon", &values)),
            };
            Item::new(rank, say("prescriptions-matter-review"), words)
                .on(*on)
                .to(say("prescriptions-matter-review-book"), visit.link("/appointments/book"))
        }
    }
}
