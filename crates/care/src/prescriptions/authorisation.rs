//! A repeat medicine: what its authorisation says, and whether it can be ordered today. Pure.
//!
//! An authorisation is a MedicationRequest of intent `plan` with UK Core's repeat information; its issues are orders based
//! on it, and a patient's wish is a proposal based on it. Issues and repeats allowed both leave the first issue out.

use super::rules::{is_continuous, is_repeat_dispensing};
use crate::view::When;
use crate::words::when;
use catalogue::say;
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{MedicationEntry, Resource};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A repeat can be ordered so many days before the last issue runs out, where an issue lasts long enough.
pub const AHEAD_DAYS: i64 = 7;

/// Why a medicine cannot be, or was not, ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The reason.
    pub reason: Reason,
    /// The day that matters: from when it can be ordered, or when the review was due.
    pub on: Option<Date>,
    /// What somebody at the surgery added.
    pub words: Option<String>,
}

/// The reasons, as a patient could be told them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It is not a repeat medicine.
    NotRepeat,
    /// The pharmacy issues it by itself (repeat dispensing).
    AtPharmacy,
    /// It was stopped or paused.
    Stopped,
    /// It was asked for already, and the surgery has not answered.
    AlreadyRequested,
    /// A prescriber must see the person first.
    ReviewDue,
    /// It was issued as often as was authorised.
    MaximumReached,
    /// The last issue lasts longer.
    TooEarly,
    /// The surgery wants to talk first.
    TalkToUs,
    /// Another reason, in words.
    Other,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::NotRepeat,
        Self::AtPharmacy,
        Self::Stopped,
        Self::AlreadyRequested,
        Self::ReviewDue,
        Self::MaximumReached,
        Self::TooEarly,
        Self::TalkToUs,
        Self::Other,
    ];
    /// Those that a surgery may give.
    pub const OF_SURGERY: [Self; 5] =
        [Self::ReviewDue, Self::TooEarly, Self::Stopped, Self::TalkToUs, Self::Other];

    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotRepeat => "not-repeat",
            Self::AtPharmacy => "at-pharmacy",
            Self::Stopped => "stopped",
            Self::AlreadyRequested => "already-requested",
            Self::ReviewDue => "review-due",
            Self::MaximumReached => "maximum-reached",
            Self::TooEarly => "too-early",
            Self::TalkToUs => "talk-to-us",
            Self::Other => "other",
        }
    }

    /// The reason of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

impl From<Reason> for Why {
    fn from(reason: Reason) -> Self {
        Self { reason, on: None, words: None }
    }
}

/// What kind of course a medicine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// A repeat: ordered again and again.
    Repeat,
    /// Repeat dispensing: the pharmacy has all issues.
    Dispensing,
    /// Once.
    Once,
}

/// A medicine and what may be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorisation {
    /// Id of its MedicationRequest.
    pub id: String,
    /// The medicine.
    pub name: String,
    /// How to take it.
    pub dose: Option<String>,
    /// How much is handed out at a time, such as `28 tablets`.
    pub quantity: Option<String>,
    /// What kind of course.
    pub course: Course,
    /// Whether it is in force.
    pub active: bool,
    /// When it must be reviewed.
    pub review_on: Option<Date>,
    /// How many more issues there are, requests that wait counted as issued; `None` without a limit.
    pub left: Option<i64>,
    /// Days that an issue lasts.
    pub interval_days: Option<i64>,
    /// When it was issued last.
    pub issued_on: Option<Date>,
    /// When it was asked for, while the surgery has not answered.
    pub asked_on: Option<Date>,
}

impl Authorisation {
    /// Whether it can be ordered on a day.
    ///
    /// # Errors
    /// Why not: the reason that a person can do least about stands first.
    pub fn orderable(&self, today: Date) -> Result<(), Why> {
        match self.course {
            Course::Once => return Err(Reason::NotRepeat.into()),
            Course::Dispensing => return Err(Reason::AtPharmacy.into()),
            Course::Repeat => {}
        }
        if !self.active {
            return Err(Reason::Stopped.into());
        }
        if let Some(on) = self.asked_on {
            return Err(Why { on: Some(on), ..Reason::AlreadyRequested.into() });
        }
        if let Some(on) = self.review_on.filter(|on| *on <= today) {
            return Err(Why { on: Some(on), ..Reason::ReviewDue.into() });
        }
        if self.left.is_some_and(|left| left <= 0) {
            return Err(Reason::MaximumReached.into());
        }
        match self.from() {
            Some(from) if from > today => Err(Why { on: Some(from), ..Reason::TooEarly.into() }),
            _ => Ok(()),
        }
    }

    /// The first day on which it can be ordered again; `None` when nothing says how long an issue lasts.
    pub fn from(&self) -> Option<Date> {
        let (issued, lasts) = (self.issued_on?, self.interval_days.filter(|days| *days > 0)?);
        let ahead = AHEAD_DAYS.min(lasts / 2);
        issued.checked_add(Span::new().try_days(lasts - ahead).ok()?).ok()
    }

    /// Whether the review falls within a month, so that it is time to book it.
    pub fn review_is_near(&self, today: Date) -> bool {
        let month = today.saturating_add(28.days());
        self.review_on.is_some_and(|on| on > today && on <= month)
    }
}

/// The medicines that a person's MedicationRequests authorise, and single orders that somebody might take for one.
pub fn authorisations(requests: &[Value]) -> Vec<Authorisation> {
    let views = || requests.iter().map(MedicationEntry);
    let plans = views().filter(|one| !matches!(one.intent(), Some("proposal")) && !is_issue(*one));
    plans
        .filter(|one| !matches!(one.status(), Some("entered-in-error" | "draft")) && !one.do_not_perform())
        .filter_map(|plan| {
            let id = plan.id()?;
            let based = || views().filter(move |one| is_based_on(*one, id));
            let issues = based().filter(|one| one.intent() != Some("proposal"));
            let waiting =
                based().filter(|one| one.intent() == Some("proposal") && one.status() == Some("active"));
            let asked_on = waiting.clone().filter_map(|one| day(one.authored_on()?)).max();
            let issued_on = issues.filter(|one| one.status() != Some("entered-in-error"));
            let issued_on = issued_on.filter_map(|one| day(one.authored_on()?)).max();
            let allowed = plan.repeats_allowed();
            let used =
                plan.times_issued().unwrap_or(0) + i64::try_from(waiting.count()).unwrap_or(i64::MAX / 2);
            Some(Authorisation {
                id: id.to_owned(),
                name: plan.medication_name().unwrap_or_else(|| say("record-unnamed-medicine")).to_owned(),
                dose: dose(plan),
                quantity: quantity(plan),
                course: course(plan),
                active: plan.status() == Some("active"),
                review_on: plan.review_on().and_then(day),
                left: allowed.map(|allowed| allowed.saturating_sub(used)),
                interval_days: plan.interval_days(),
                issued_on: issued_on.or_else(|| day(plan.authored_on()?)),
                asked_on,
            })
        })
        .collect()
}

fn course(request: MedicationEntry<'_>) -> Course {
    match (request.intent(), request.course_of_therapy()) {
        (Some("plan"), Some(course)) if is_repeat_dispensing(course) => Course::Dispensing,
        (Some("plan"), Some(course)) if is_continuous(course) => Course::Repeat,
        _ => Course::Once,
    }
}

/// Whether it is an issue of something else, or an item of an electronic prescription.
pub fn is_issue(request: MedicationEntry<'_>) -> bool {
    request.intent() != Some("plan")
        && (request.order_number().is_some() || request.based_on().next().is_some())
}

fn is_based_on(request: MedicationEntry<'_>, id: &str) -> bool {
    request.based_on().any(|one| one.id_of("MedicationRequest") == Some(id))
}

/// How to take it, in words.
pub fn dose(request: MedicationEntry<'_>) -> Option<String> {
    let texts: Vec<&str> = request.dosage_texts().collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// How much of it, in words: `28 tablet` becomes `28 tablets`.
pub fn quantity(request: MedicationEntry<'_>) -> Option<String> {
    let quantity = request.quantity()?;
    let (number, unit) = (quantity.number()?.as_str(), quantity.unit().unwrap_or_default());
    let counted = matches!(
        unit,
        "tablet" | "capsule" | "dose" | "sachet" | "patch" | "inhaler" | "pen" | "vial" | "pack"
    );
    let plural = match unit {
        "patch" => "es",
        _ if counted && number != "1" => "s",
        _ => "",
    };
    let plural = if number == "1" { "" } else { plural };
    Some(format!("{number} {unit}{plural}").trim_end().to_owned())
}

/// The day of a recorded date, in London.
pub fn day(text: &str) -> Option<Date> {
    match when(text)? {
        When::Day(day) => Some(day),
        When::Instant(at) => Some(at.to_zoned(default_zone().clone()).date()),
        When::Year(_) | When::Month(..) => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use jiff::civil::date;

    pub(in super::super) fn repeat() -> Authorisation {
        Authorisation {
            id: "1".into(),
            name: "Ramipril 5mg capsules".into(),
            dose: None,
            quantity: None,
            course: Course::Repeat,
            active: true,
            review_on: Some(date(2027, 3, 1)),
            left: Some(3),
            interval_days: Some(28),
            issued_on: Some(date(2026, 10, 25)),
            asked_on: None,
        }
    }

    #[test]
    fn every_reason_on_its_first_and_last_day() {
        let today = date(2026, 11, 22);
        let refused = |one: Authorisation| one.orderable(today).err().map(|why| (why.reason, why.on));
        let with = |change: fn(&mut Authorisation)| {
            let mut one = repeat();
            change(&mut one);
            refused(one)
        };
        assert_eq!(with(|_| {}), None);
        assert_eq!(with(|one| one.course = Course::Once), Some((Reason::NotRepeat, None)));
        assert_eq!(with(|one| one.course = Course::Dispensing), Some((Reason::AtPharmacy, None)));
        assert_eq!(with(|one| one.active = false), Some((Reason::Stopped, None)));
        let asked = date(2026, 11, 20);
        assert_eq!(
            with(|one| one.asked_on = Some(date(2026, 11, 20))),
            Some((Reason::AlreadyRequested, Some(asked)))
        );
        assert_eq!(with(|one| one.review_on = Some(date(2026, 11, 23))), None);
        assert_eq!(
            with(|one| one.review_on = Some(date(2026, 11, 22))),
            Some((Reason::ReviewDue, Some(today)))
        );
        assert_eq!(with(|one| one.review_on = None), None);
        assert_eq!(with(|one| one.left = Some(1)), None);
        assert_eq!(with(|one| one.left = Some(0)), Some((Reason::MaximumReached, None)));
        assert_eq!(with(|one| one.left = None), None);
        // 28 days from 1 November, a week ahead: 22 November.
        assert_eq!(with(|one| one.issued_on = Some(date(2026, 11, 1))), None);
        assert_eq!(
            with(|one| one.issued_on = Some(date(2026, 11, 2))),
            Some((Reason::TooEarly, Some(date(2026, 11, 23))))
        );
        // A week's supply can be ordered from its fourth day on.
        assert_eq!(
            with(|one| (one.issued_on, one.interval_days) = (Some(date(2026, 11, 20)), Some(7))),
            Some((Reason::TooEarly, Some(date(2026, 11, 24))))
        );
        assert_eq!(with(|one| (one.issued_on, one.interval_days) = (Some(date(2026, 11, 20)), None)), None);
    }

    #[test]
    fn the_reason_that_least_can_be_done_about_stands_first() {
        let mut one = repeat();
        (one.active, one.left, one.review_on) = (false, Some(0), Some(date(2020, 1, 1)));
        assert_eq!(one.orderable(date(2026, 11, 22)).unwrap_err().reason, Reason::Stopped);
    }

    #[test]
    fn issues_and_waiting_requests_are_counted() {
        let read = |text: &str| fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let plan = read(
            r#"{"resourceType":"MedicationRequest","id":"p","status":"active","intent":"plan",
            "medicationCodeableConcept":{"text":"Ramipril 5mg capsules"},"authoredOn":"2020-01-01",
            "courseOfTherapyType":{"coding":[{"code":"continuous"}]},
            "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation",
              "extension":[{"url":"numberOfPrescriptionsIssued","valueUnsignedInt":2}]}],
            "dispenseRequest":{"numberOfRepeatsAllowed":3,"quantity":{"value":28,"unit":"capsule"}}}"#,
        );
        let of = |status: &str, intent: &str, on: &str| {
            read(&format!(
                r#"{{"resourceType":"MedicationRequest","id":"{on}","status":"{status}","intent":"{intent}","authoredOn":"{on}",
                "basedOn":[{{"reference":"MedicationRequest/p"}}]}}"#
            ))
        };
        let all = [plan, of("completed", "order", "2026-10-01"), of("active", "proposal", "2026-11-21")];
        let found = authorisations(&all);
        assert_eq!(found.len(), 1, "an issue is no authorisation");
        assert_eq!((found[0].left, found[0].course), (Some(0), Course::Repeat));
        assert_eq!(found[0].issued_on, Some(date(2026, 10, 1)));
        assert_eq!(found[0].asked_on, Some(date(2026, 11, 21)));
        assert_eq!(found[0].quantity.as_deref(), Some("28 capsules"));
        let answered = [all[0].clone(), of("cancelled", "proposal", "2026-11-21")];
        assert_eq!(authorisations(&answered)[0].left, Some(1), "a refused request costs nothing");
    }
}
