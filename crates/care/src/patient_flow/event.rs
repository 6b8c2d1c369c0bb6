//! What a message says, in words no source owns: a stay's movements, a person's identity, results and orders.
//!
//! It must never decide what a fact means for a bed: that is [`super::fold`]. Standard HL7 events stand here as
//! actions (A01 is [`Action::Admit`]), so a nurse's button and a message make the same event.

use super::clinical::{Allergy, Diagnosis, Order, OrderKey, Report};
use super::moment::{DAY, Moment};
use super::person::{Clinician, Coded, Field, PatientKey, Subject};
use serde::{Deserialize, Serialize};

/// Who sent a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Sending application.
    pub application: String,
    /// Sending facility: an ODS code in a well-run feed.
    pub facility: String,
}

/// What makes a message that message and no other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageKey {
    /// Control id given by the sender; senders do reuse them.
    pub control_id: String,
    /// SHA-256 of the body, in hexadecimal.
    pub sha256: String,
    /// The sender's sequence number, when it gives one.
    pub sequence: Option<i64>,
}

/// The times of a message, best first: the event's own, when it occurred, when it was recorded, when it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Times {
    /// The time that belongs to this kind of event (admission, discharge).
    pub specific: Option<Moment>,
    /// When the event occurred.
    pub occurred: Option<Moment>,
    /// When the source recorded it.
    pub recorded: Option<Moment>,
    /// When the message was sent.
    pub sent: Option<Moment>,
    /// When we received it, in microseconds UTC; nothing later than a day after this is trusted.
    pub received_at: Option<i64>,
}

impl Times {
    /// Whether a moment can be trusted for ordering: not far in the future of its receipt.
    #[must_use]
    pub fn trusts(&self, moment: &Moment) -> bool {
        self.received_at.is_none_or(|received| moment.from <= received.saturating_add(DAY))
    }

    /// Every trusted time, best first.
    pub fn trusted(&self) -> impl Iterator<Item = &Moment> {
        [&self.specific, &self.occurred, &self.recorded, &self.sent]
            .into_iter()
            .flatten()
            .filter(|moment| self.trusts(moment))
    }

    /// When it happened, as best known.
    #[must_use]
    pub fn occurred_at(&self) -> Moment {
        self.trusted().next().cloned().unwrap_or_else(|| self.fallback())
    }

    /// When the source came to know it, as best known.
    #[must_use]
    pub fn recorded_at(&self) -> Moment {
        let known = [&self.recorded, &self.sent, &self.occurred, &self.specific];
        let first = known.into_iter().flatten().find(|moment| self.trusts(moment));
        first.cloned().unwrap_or_else(|| self.fallback())
    }

    fn fallback(&self) -> Moment {
        Moment::at(self.received_at.unwrap_or_default())
    }
}

/// A ward, bay and bed at a facility. Missing parts are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The facility that the place belongs to.
    pub facility: String,
    /// Ward or point of care.
    pub ward: String,
    /// Bay or room.
    pub bay: String,
    /// Bed.
    pub bed: String,
}

/// The key of a stay at its source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StayKey {
    /// The sending facility.
    pub facility: String,
    /// Visit number, otherwise the best the message has (see `interop::adt`).
    pub visit: String,
}

/// The class of a stay.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// In-patient.
    Inpatient,
    /// Emergency.
    Emergency,
    /// Out-patient.
    Outpatient,
    /// Day case or other short stay.
    DayCase,
    /// Expected.
    PreAdmission,
    /// The source's own words.
    Other(String),
}

/// What happens to a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Admitted (A01).
    Admit,
    /// Registered, usually in an emergency department (A04).
    Register,
    /// Expected (A05).
    PreAdmit,
    /// Moved (A02).
    Transfer,
    /// Exchanged places with another stay (A17).
    Swap,
    /// Discharged (A03).
    Discharge,
    /// Changed to in-patient (A06).
    ToInpatient,
    /// Changed to out-patient (A07).
    ToOutpatient,
    /// Attributes updated (A08, A31).
    Update,
    /// Left for a temporary place (A09).
    Depart,
    /// Arrived at a temporary place, or back (A10).
    Arrive,
    /// Went on leave (A21).
    LeaveOut,
    /// Came back from leave (A22).
    LeaveBack,
    /// Admission planned (A14).
    PlanAdmit,
    /// Transfer planned (A15).
    PlanTransfer,
    /// Discharge planned (A16).
    PlanDischarge,
    /// Admission cancelled (A11).
    CancelAdmit,
    /// Transfer cancelled (A12).
    CancelTransfer,
    /// Discharge cancelled (A13).
    CancelDischarge,
    /// Plan to admit cancelled (A27, A38).
    CancelPlanAdmit,
    /// Plan to transfer cancelled (A26).
    CancelPlanTransfer,
    /// Plan to discharge cancelled (A25).
    CancelPlanDischarge,
    /// The stay was only mentioned by another message (a result, an order).
    Imply,
}

/// What a message says about a stay besides its action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Visit {
    /// Where the patient is.
    pub place: Option<Place>,
    /// Where the patient was; a cross-check only.
    pub prior_place: Option<Place>,
    /// A temporary place.
    pub temporary_place: Option<Place>,
    /// The place of a plan.
    pub pending_place: Option<Place>,
    /// Class.
    pub class: Option<Class>,
    /// Admission time as stated.
    pub admitted_at: Option<Moment>,
    /// Discharge time as stated.
    pub discharged_at: Option<Moment>,
    /// Expected admission.
    pub expected_admission: Option<Moment>,
    /// Expected discharge.
    pub expected_discharge: Option<Moment>,
    /// How the patient left.
    pub disposition: Option<Coded>,
    /// Where the patient went.
    pub destination: Option<Coded>,
    /// Attending clinician.
    pub attending: Field<Clinician>,
    /// Hospital service or specialty.
    pub service: Field<Coded>,
    /// Admission source.
    pub admit_source: Field<Coded>,
    /// Reason of admission.
    pub reason: Field<Coded>,
    /// Diagnoses.
    pub diagnoses: Vec<Diagnosis>,
}

/// One stay's part in an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flow {
    /// What happens.
    pub action: Action,
    /// To which stay.
    pub stay: StayKey,
    /// What else is said.
    pub visit: Visit,
}

/// The second patient and stay of a swap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Side {
    /// Who.
    pub subject: Subject,
    /// Which stay, going where.
    pub flow: Flow,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Something happens to a stay.
    Flow(Flow),
    /// Two stays exchange places at once (A17); the event's subject belongs to the first.
    Swap(Flow, Box<Side>),
    /// A person is stated or updated (A28, A31, A60).
    Person,
    /// A person is only mentioned by another message (a result, an order): used where nothing better is known.
    Mention,
    /// A person's record is made inactive (A29). Nothing is deleted.
    Deactivate,
    /// `prior` and the subject are one person (A34, A40).
    Merge {
        /// The key that gives way.
        prior: PatientKey,
    },
    /// The subject has a new number; `prior` is the old one (A47).
    Renumber {
        /// The old key.
        prior: PatientKey,
    },
    /// The link between `prior` and the subject is ended (A37).
    Unmerge {
        /// The key that gave way.
        prior: PatientKey,
    },
    /// A visit belongs to the subject, under the number `to` (A45).
    MoveVisit {
        /// The number it had.
        from: StayKey,
        /// The number it has.
        to: StayKey,
        /// Whom it was attributed to, when stated.
        prior: Option<PatientKey>,
    },
    /// Results.
    Report(Box<Report>, Option<StayKey>),
    /// An order.
    Order(Box<Order>, Option<StayKey>),
}

/// Something odd in a message that does not stop it from being applied.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Warning {
    /// The event segment names another event than the header. The header decides.
    EventCodeDiffers {
        /// What the event segment says.
        said: String,
    },
    /// A time could not be read; the text is kept.
    UnreadableTime(String),
    /// An NHS number fails its check.
    NhsNumberInvalid,
}

/// One source-neutral event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Event {
    /// Sender.
    pub source: Source,
    /// Message.
    pub message: MessageKey,
    /// Position among the events of its message.
    pub part: u32,
    /// Row of the inbox, when it came through one.
    pub inbox: Option<i64>,
    /// Times.
    pub times: Times,
    /// Person.
    pub subject: Subject,
    /// Allergies stated with it.
    pub allergies: Vec<Allergy>,
    /// What happens.
    pub kind: Kind,
    /// Oddities.
    pub warnings: Vec<Warning>,
}

/// A unit of history that is folded by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// What is known of a person.
    Patient(PatientKey),
    /// What happened to a stay.
    Stay(StayKey),
    /// Versions of a report.
    Report(OrderKey),
    /// Versions of an order.
    Order(OrderKey),
}

impl Stream {
    /// The stream's name in the store.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Stream::Patient(key) => format!("patient:{}:{}", key.authority, key.number),
            Stream::Stay(key) => format!("stay:{}:{}", key.facility, key.visit),
            Stream::Report(key) => format!("report:{}:{}", key.facility, key.number),
            Stream::Order(key) => format!("order:{}:{}", key.facility, key.number),
        }
    }
}

impl Event {
    /// The event's unique key inside a stream.
    #[must_use]
    pub fn key(&self) -> String {
        let (source, message) = (&self.source, &self.message);
        format!(
            "{}|{}|{}|{}|{}",
            source.application, source.facility, message.control_id, message.sha256, self.part
        )
    }

    /// The streams that keep this event.
    #[must_use]
    pub fn streams(&self) -> Vec<Stream> {
        let mut streams = vec![Stream::Patient(self.subject.key.clone())];
        match &self.kind {
            Kind::Flow(flow) if flow.action == Action::Imply => {
                streams = vec![Stream::Stay(flow.stay.clone())]
            }
            Kind::Flow(flow) => streams.push(Stream::Stay(flow.stay.clone())),
            Kind::Swap(flow, side) => streams.extend([
                Stream::Stay(flow.stay.clone()),
                Stream::Patient(side.subject.key.clone()),
                Stream::Stay(side.flow.stay.clone()),
            ]),
            Kind::Person | Kind::Mention | Kind::Deactivate => {}
            Kind::Merge { prior } | Kind::Renumber { prior } | Kind::Unmerge { prior } => {
                streams.push(Stream::Patient(prior.clone()));
            }
            Kind::MoveVisit { from, to, .. } => {
                streams.extend([Stream::Stay(from.clone()), Stream::Stay(to.clone())]);
            }
            Kind::Report(report, _) => streams = vec![Stream::Report(report.key.clone())],
            Kind::Order(order, _) => streams = vec![Stream::Order(order.key.clone())],
        }
        streams.sort();
        streams.dedup();
        streams
    }

    /// The part that concerns `stay`, with the person it names.
    #[must_use]
    pub fn flow_of(&self, stay: &StayKey) -> Option<(&Subject, &Flow)> {
        match &self.kind {
            Kind::Flow(flow) | Kind::Swap(flow, _) if flow.stay == *stay => Some((&self.subject, flow)),
            Kind::Swap(_, side) if side.flow.stay == *stay => Some((&side.subject, &side.flow)),
            _ => None,
        }
    }
}
