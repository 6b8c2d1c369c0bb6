//! This slice's methods of the one door.

use super::book::{self, book};
use super::change::{self, change};
use super::elsewhere::{Elsewhere, Others};
use super::matters::Matter;
use super::view::{Answered, Booked, Booking, Channel, Dates, Diary, Referral, Times, Waiting};
use super::{ask, read, slots};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use jiff::civil::Date;
use store::Actor;

impl Care {
    /// The same, asking other sources of referrals and appointments too.
    #[must_use]
    pub fn asking(self, others: impl IntoIterator<Item = Elsewhere>) -> Self {
        Self(self.0, self.1, Others(others.into_iter().collect()))
    }

    fn others(&self) -> &[Elsewhere] {
        &self.2.0
    }

    /// Appointments, referrals and places on waiting lists of a patient, in one list.
    pub async fn appointments(&self, actor: &Actor, patient: &str) -> Result<Diary, Unseen> {
        match &self.0 {
            Source::Store(store) => read::diary(store, actor, patient, self.others()).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(crate::view::Plant::PartsRefused, _) => Ok(Diary::sample_refused()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Diary::sample(), Diary::sample_empty()),
        }
    }

    /// What of a person's appointments and referrals needs them, as this record alone knows it: a home page waits for no other
    /// system.
    pub async fn appointment_matters(&self, actor: &Actor, patient: &str) -> Result<Vec<Matter>, Unseen> {
        match &self.0 {
            Source::Store(store) => Ok(read::own(store, actor, patient).await?.matters()),
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Diary::sample(), Diary::sample_empty()).map(|diary| diary.matters())
            }
        }
    }

    /// One appointment.
    pub async fn appointment(&self, actor: &Actor, patient: &str, id: &str) -> Result<Booking, Unseen> {
        match &self.0 {
            Source::Store(store) => read::booking(store, actor, (patient, id), self.others()).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Booking::sample(), Booking::sample()),
        }
    }

    /// One referral.
    pub async fn referral(
        &self,
        actor: &Actor,
        patient: &str,
        id: &str,
    ) -> Result<Answered<Referral>, Unseen> {
        match &self.0 {
            Source::Store(store) => read::referral(store, actor, (patient, id), self.others()).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Answered::Done(Referral::sample()), Answered::Done(Referral::sample()))
            }
        }
    }

    /// One place on a waiting list.
    pub async fn waiting_list(
        &self,
        actor: &Actor,
        patient: &str,
        id: &str,
    ) -> Result<Answered<Waiting>, Unseen> {
        match &self.0 {
            Source::Store(store) => read::waiting(store, actor, (patient, id), self.others()).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Answered::Done(Waiting::sample()), Answered::Done(Waiting::sample()))
            }
        }
    }

    /// Days on which the patient's surgery has something free of a kind: a fortnight from a day on.
    pub async fn free_dates(
        &self,
        actor: &Actor,
        patient: &str,
        (channel, from): (Channel, Option<Date>),
    ) -> Result<Answered<Dates>, Unseen> {
        match &self.0 {
            Source::Store(store) => slots::dates(store, actor, patient, (channel, from)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Answered::Done(Dates::sample()), Answered::Done(Dates::sample_empty()))
            }
        }
    }

    /// The free times of a day.
    pub async fn free_times(
        &self,
        actor: &Actor,
        patient: &str,
        (channel, date): (Channel, Date),
    ) -> Result<Answered<Times>, Unseen> {
        match &self.0 {
            Source::Store(store) => slots::times(store, actor, patient, (channel, date)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(Answered::Done(Times::sample()), Answered::Done(Times::sample_empty()))
            }
        }
    }

    /// One time that the patient chose, or what else is free when it is gone.
    pub async fn free_time(
        &self,
        actor: &Actor,
        patient: &str,
        slot: &str,
    ) -> Result<Answered<Times>, Unseen> {
        match &self.0 {
            Source::Store(store) => slots::one(store, actor, (patient, slot)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Answered::Done(Times::sample()), Times::sample_gone()),
        }
    }

    /// Books a time. `once` is the same for the same form.
    pub async fn book(
        &self,
        actor: &Actor,
        patient: &str,
        (slot, note): (&str, &str),
        once: &str,
    ) -> Result<Answered<Booked>, Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let request = book::Request {
                    patient: patient.to_owned(),
                    slot: slot.to_owned(),
                    note: note.to_owned(),
                    once: once.to_owned(),
                };
                book(store, actor, request).await
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Booked::sample(), Booked::sample()),
        }
    }

    /// Moves an appointment to another time; without one, cancels it.
    pub async fn change_appointment(
        &self,
        actor: &Actor,
        patient: &str,
        (appointment, slot): (&str, Option<&str>),
        once: &str,
    ) -> Result<Answered<Booked>, Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let request = change::Request {
                    patient: patient.to_owned(),
                    appointment: appointment.to_owned(),
                    slot: slot.map(str::to_owned),
                    once: once.to_owned(),
                };
                change(store, actor, request).await
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Booked::sample(), Booked::sample()),
        }
    }

    /// Sends a question to the patient's surgery.
    pub async fn ask_surgery(
        &self,
        actor: &Actor,
        patient: &str,
        question: &str,
        once: &str,
    ) -> Result<Answered<Booked>, Unseen> {
        match &self.0 {
            Source::Store(store) => ask::ask(store, actor, (patient, question), once).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Booked::sample(), Booked::sample()),
        }
    }
}
