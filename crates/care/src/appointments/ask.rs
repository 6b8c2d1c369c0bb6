//! A question to the surgery, for whoever finds no time that suits or does not know what to book: a Communication to the surgery.

use super::rules;
use super::slots::{Desk, no_surgery, refused};
use super::view::{Answered, Booked};
use super::{CAPABILITY, resources};
use crate::lookup::unseen;
use crate::view::Unseen;
use store::{Actor, Error, Prepared, Store};

/// Sends a question. The same form sent twice sends one.
pub(super) async fn ask(
    store: &Store,
    actor: &Actor,
    (patient, text): (&str, &str),
    once: &str,
) -> Result<Answered<Booked>, Unseen> {
    let actor = actor.within(&CAPABILITY);
    let (patient, text, once) = (patient.to_owned(), text.trim().to_owned(), once.to_owned());
    let desk = store.read(actor.clone(), move |snapshot| Desk::read(snapshot, &patient)).await;
    let Some(desk) = desk.map_err(|error| unseen(&error))? else { return Ok(no_surgery(None)) };
    let now = store.environment().clock.now();
    let surgery = (desk.organisation.as_str(), desk.surgery.name.as_str());
    let question = match rules::question(&text) {
        Ok(()) => {
            let question = resources::question(&desk.patient, surgery, &text, &format!("{now:.0}"));
            Ok(Prepared::new(question).map_err(|issues| unseen(&Error::Unprocessable(issues)))?)
        }
        Err(why) => Err(why),
    };
    let written = store.write(actor, move |transaction| {
        // A form that was sent before has its answer, whatever it says now.
        if let Some(id) = transaction.once(&once)? {
            return Ok(Ok(id));
        }
        let question = match &question {
            Ok(question) => question,
            Err(why) => return Ok(Err(*why)),
        };
        let id = transaction.create(question)?.resource.id.to_string();
        transaction.settle_once(&once, &id)?;
        Ok(Ok(id))
    });
    match written.await.map_err(|error| unseen(&error))? {
        Ok(id) => Ok(Answered::Done(Booked { id })),
        Err(why) => Ok(refused(why, &desk)),
    }
}
