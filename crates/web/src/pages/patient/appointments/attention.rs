//! What of somebody's appointments and referrals stands on their home page.

use super::worded;
use crate::pages::address;
use crate::pages::attention::{Item, Items, Rank};
use crate::state::State;
use crate::visit::Visit;
use crate::words::{fill, say};
use care::appointments::{Booking, Matter};

/// The items.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        let patient = visit.patient_id()?;
        let found = state.care.appointment_matters(&visit.actor_for(patient)?, patient).await?;
        Ok(found.iter().map(|one| item(one, visit)).collect())
    })
}

fn item(one: &Matter, visit: &Visit) -> Item {
    let booked = |item: Item, booking: &Booking| {
        let page = visit.link(&format!("/appointments/{}", address(&booking.id)));
        item.at(Some(booking.start)).to(worded::title(booking), page)
    };
    match one {
        Matter::Soon(booking) => {
            booked(Item::new(Rank::Dated, say("appointments-matter-soon"), worded::place(booking)), booking)
        }
        Matter::Moved(booking) => {
            let words = worded::moved(booking).unwrap_or_default();
            booked(Item::new(Rank::Alarm, say("appointments-matter-moved"), words), booking)
        }
        Matter::Cancelled(booking) => {
            let words = say("appointments-matter-cancelled-words");
            booked(Item::new(Rank::Alarm, say("appointments-matter-cancelled"), words), booking)
        }
        Matter::Returned(referral) => {
            let words = match &referral.organisation {
                Some(place) => fill("appointments-matter-returned-by", &[("place", place.as_str().into())]),
                None => String::new(),
            };
            Item::new(Rank::Alarm, say("appointments-matter-returned"), words).to(
                worded::referral_title(referral),
                visit.link(&format!("/referrals/{}", address(&referral.id))),
            )
        }
    }
}
