//! The state of one stay, folded from its events: where the patient is and was, what is planned, what was
//! superseded and why. A value only; it must never be changed except by folding again.

use super::clinical::Diagnosis;
use super::event::{Action, Class, Place, StayKey};
use super::moment::Moment;
use super::person::{Clinician, Coded, PatientKey};

/// Which message a fact came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Sending facility.
    pub facility: String,
    /// Control id.
    pub control_id: String,
    /// What the message said happened.
    pub action: Action,
    /// When it happened.
    pub occurred_at: Moment,
    /// When the source recorded it.
    pub recorded_at: Moment,
    /// Inbox row.
    pub inbox: Option<i64>,
}

/// How a stay came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// Admitted or registered.
    Admitted,
    /// Seen first in a later message (a transfer, an update, a discharge).
    FirstSight,
    /// Only mentioned by a result or an order.
    Implied,
    /// Expected, not here.
    Expected,
}

/// A place held for a while. The last one of an open stay has no end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placement {
    /// Where; `None` when the source did not say.
    pub place: Place,
    /// Since when.
    pub from: Moment,
    /// Until when.
    pub to: Option<Moment>,
    /// By which message.
    pub by: Origin,
}

/// What a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To admit.
    Admit,
    /// To transfer.
    Transfer,
    /// To discharge.
    Discharge,
}

/// How a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Still to come.
    Open,
    /// It happened.
    Fulfilled,
}

/// A plan: an overlay that never occupies a bed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// For what.
    pub purpose: Purpose,
    /// Where to.
    pub place: Option<Place>,
    /// When expected.
    pub expected_at: Option<Moment>,
    /// How it stands.
    pub standing: Standing,
    /// By which message.
    pub by: Origin,
}

/// A time away from the bed that stays held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Absence {
    /// Since when.
    pub from: Moment,
    /// Until when.
    pub to: Option<Moment>,
    /// By which message.
    pub by: Origin,
}

/// A discharge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Departure {
    /// When.
    pub at: Moment,
    /// How.
    pub disposition: Option<Coded>,
    /// Where to.
    pub destination: Option<Coded>,
    /// By which message.
    pub by: Origin,
}

/// A fact that no longer holds, kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Superseded {
    /// The fact.
    pub fact: Origin,
    /// The place it spoke of.
    pub place: Option<Place>,
    /// The message that ended it.
    pub by: Option<Origin>,
}

/// Something a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Concern {
    /// A cancel for which nothing is known to cancel.
    NothingToCancel(Origin),
    /// A movement that stands after the discharge.
    AfterDischarge(Origin),
    /// A movement of a stay whose admission was cancelled.
    AfterVoid(Origin),
    /// An update names another place than the movements do.
    PlaceDiffers(Origin),
    /// A message names another patient for this stay, and which.
    PatientDiffers(Origin, PatientKey),
    /// A time far in the future, not used.
    FutureTime(Origin),
    /// Back from leave without having gone.
    NotOnLeave(Origin),
}

impl Concern {
    /// The message that gave rise to it.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        match self {
            Self::NothingToCancel(origin)
            | Self::AfterDischarge(origin)
            | Self::AfterVoid(origin)
            | Self::PlaceDiffers(origin)
            | Self::PatientDiffers(origin, _)
            | Self::FutureTime(origin)
            | Self::NotOnLeave(origin) => origin,
        }
    }
}

/// One stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Its key.
    pub key: StayKey,
    /// Other numbers it had.
    pub former_keys: Vec<StayKey>,
    /// Whose it is.
    pub patient: PatientKey,
    /// How it came to be known.
    pub opening: Opening,
    /// Since when; `None` while only expected.
    pub opened_at: Option<Moment>,
    /// Classes with the moment each began, in valid order.
    pub classes: Vec<(Moment, Class)>,
    /// The location timeline in valid order.
    pub placements: Vec<Placement>,
    /// A temporary place while the bed is held.
    pub temporary: Option<(Place, Moment)>,
    /// Leave.
    pub leave: Vec<Absence>,
    /// Plans that were not cancelled.
    pub plans: Vec<Plan>,
    /// Discharge.
    pub discharge: Option<Departure>,
    /// The cancelled admission, when the stay is void.
    pub voided: Option<Origin>,
    /// Attending clinician.
    pub attending: Option<Clinician>,
    /// Specialty.
    pub service: Option<Coded>,
    /// Admission source.
    pub admit_source: Option<Coded>,
    /// Reason.
    pub reason: Option<Coded>,
    /// When the patient is expected to leave, as last stated.
    pub expected_discharge: Option<Moment>,
    /// Diagnoses by code, as last stated, withdrawn ones included.
    pub diagnoses: Vec<Diagnosis>,
    /// Facts that no longer hold.
    pub superseded: Vec<Superseded>,
    /// Matters for a person.
    pub concerns: Vec<Concern>,
}

impl Stay {
    /// The place the stay holds now. A stay that is only implied holds none.
    #[must_use]
    pub fn current(&self) -> Option<&Placement> {
        let holds = self.is_open() && self.opening != Opening::Implied;
        self.placements.last().filter(|placement| placement.to.is_none() && holds)
    }

    /// Whether the patient is here: opened, not discharged, not void.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.opened_at.is_some() && self.discharge.is_none() && self.voided.is_none()
    }

    /// Whether the patient is on leave.
    #[must_use]
    pub fn on_leave(&self) -> bool {
        self.is_open() && self.leave.last().is_some_and(|leave| leave.to.is_none())
    }
}
