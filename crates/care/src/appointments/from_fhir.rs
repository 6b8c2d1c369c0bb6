//! Appointments, referrals and places on waiting lists from their documents. Pure; never guesses what is not recorded.

use super::rules;
use super::view::{
    Booking, BookingState, Channel, Referral, ReferralState, Setting, Surgery, Waiting, WaitingState, Waits,
};
use crate::words::{self, instant, when};
use catalogue::say;
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{CodeableConcept, Reference};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;

/// Documents that others refer to, by type and id.
#[derive(Default)]
pub(super) struct Known {
    pub documents: HashMap<String, Value>,
    /// Id of the surgery's Organization.
    pub surgery: Option<String>,
    /// The other source that told of everything here, by number and name.
    pub source: Option<(usize, String)>,
}

impl Known {
    /// Adds documents.
    pub fn add(&mut self, documents: impl IntoIterator<Item = Value>) {
        let key =
            |one: &Value| Some(format!("{}/{}", one.text_at(&["resourceType"])?, one.text_at(&["id"])?));
        self.documents.extend(documents.into_iter().filter_map(|one| Some((key(&one)?, one))));
    }

    /// The document that a reference points at.
    pub fn get(&self, reference: &Value) -> Option<&Value> {
        let (type_, id) = Reference(reference).target()?;
        self.documents.get(&format!("{type_}/{id}"))
    }

    fn id(&self, id: &str) -> String {
        match &self.source {
            Some((number, _)) => format!("{number}~{id}"),
            None => id.to_owned(),
        }
    }

    fn source(&self) -> Option<String> {
        self.source.as_ref().map(|(_, name)| name.clone())
    }
}

/// The day in London of an instant.
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(default_zone().clone()).date()
}

/// Whole years from a birth date to a moment.
pub(super) fn age(person: &Value, at: Timestamp) -> Option<u16> {
    words::age(person.text_at(&["birthDate"]).and_then(when), at)
}

/// The words of a CodeableConcept.
fn phrase(value: &Value) -> Option<String> {
    CodeableConcept(value).display().map(str::to_owned)
}

/// The first work telephone of an organisation or service.
pub(super) fn phone(organisation: &Value) -> Option<String> {
    let mut phones = organisation.items("telecom").iter();
    let phone = phones.find(|one| one.text_at(&["system"]) == Some("phone"))?;
    phone.text_at(&["value"]).map(str::to_owned)
}

/// An organisation as a surgery.
pub(super) fn surgery(organisation: &Value) -> Surgery {
    Surgery {
        name: organisation.text_at(&["name"]).unwrap_or_else(|| say("appointments-surgery")).to_owned(),
        phone: phone(organisation),
        address: address(organisation),
    }
}

fn address(organisation: &Value) -> Vec<String> {
    let Some(address) = organisation.items("address").first() else { return Vec::new() };
    fhir::views::Address(address).envelope().map(str::to_owned).collect()
}

/// The participant of a type: its reference.
pub(super) fn participant<'a>(appointment: &'a Value, type_: &str) -> Option<&'a Value> {
    let mut actors = appointment.items("participant").iter().filter_map(|one| one.get("actor"));
    actors.find(|actor| Reference(actor).id_of(type_).is_some())
}

/// The channel of a slot or an appointment.
pub(super) fn channel(document: &Value) -> Option<Channel> {
    let mut extensions = document.items("extension").iter();
    let found = extensions.find(|one| one.text_at(&["url"]) == Some(fhir::systems::DELIVERY_CHANNEL))?;
    Channel::of_code(found.text_at(&["valueCodeableConcept", "coding", "code"])?)
}

fn state(appointment: &Value, start: Timestamp, now: Timestamp) -> Option<BookingState> {
    Some(match appointment.text_at(&["status"])? {
        "booked" | "arrived" | "checked-in" if start > now => BookingState::Booked,
        "booked" | "arrived" | "checked-in" => BookingState::Past,
        "proposed" | "pending" | "waitlist" => BookingState::Requested,
        "fulfilled" => BookingState::Attended,
        "cancelled" => BookingState::Cancelled,
        "noshow" => BookingState::Missed,
        _ => return None,
    })
}

/// An Appointment as a line; `None` for one that was entered in error or has no time.
pub(super) fn booking(appointment: &Value, known: &Known, now: Timestamp) -> Option<Booking> {
    let start = instant(appointment.text_at(&["start"])?)?;
    let state = state(appointment, start, now)?;
    let service = participant(appointment, "HealthcareService");
    let document = service.and_then(|one| known.get(one));
    let provider = document.and_then(|one| one.get("providedBy"));
    let organisation = provider.and_then(|one| known.get(one));
    let own = provider.and_then(|one| Reference(one).id_of("Organization"));
    let setting = match own {
        Some(id) if known.surgery.as_deref() == Some(id) => Setting::Surgery,
        _ if !appointment.items("basedOn").is_empty() || !appointment.items("specialty").is_empty() => {
            Setting::Hospital
        }
        _ => Setting::Other,
    };
    let slot = appointment.items("slot").first();
    let kept_here = known.source.is_none() && slot.is_some_and(|one| Reference(one).id_of("Slot").is_some());
    let named = |one: &Value| one.text_at(&["display"]).map(str::to_owned);
    let name = document.and_then(|one| one.text_at(&["name"])).map(str::to_owned);
    let kind = appointment.items("serviceType").first().and_then(phrase);
    let referral = appointment.items("basedOn").iter().find_map(|one| Reference(one).id_of("ServiceRequest"));
    Some(Booking {
        id: known.id(appointment.text_at(&["id"])?),
        setting,
        state,
        start,
        end: appointment.text_at(&["end"]).and_then(instant),
        channel: channel(appointment),
        service: kind
            .or(name)
            .or_else(|| service.and_then(named))
            .or_else(|| appointment.text_at(&["description"]).map(str::to_owned))
            .unwrap_or_else(|| say("record-unnamed-appointment").to_owned()),
        with: participant(appointment, "Practitioner").and_then(named),
        place: organisation
            .and_then(|one| one.text_at(&["name"]))
            .or_else(|| provider.and_then(|one| one.text_at(&["display"])))
            .or_else(|| participant(appointment, "Location").and_then(|one| one.text_at(&["display"])))
            .map(str::to_owned),
        address: organisation.map(address).unwrap_or_default(),
        phone: document.and_then(phone).or_else(|| organisation.and_then(phone)),
        note: appointment.text_at(&["comment"]).map(str::to_owned),
        moved_from: None,
        by_patient: appointment.text_at(&["cancelationReason", "coding", "code"]) == Some("pat"),
        change: rules::change((setting, state), kept_here, start, now),
        version: appointment.text_at(&["meta", "versionId"]).and_then(|text| text.parse().ok()).unwrap_or(1),
        referral: referral.map(|id| known.id(id)),
        referral_for: None,
        source: known.source(),
    })
}

/// A ServiceRequest as a line. One that is revoked with a note was sent back with the hospital's advice. Whether one
/// that is active was accepted, the waiting lists and appointments tell.
pub(super) fn referral(request: &Value, known: &Known) -> Option<Referral> {
    let note = request.items("note").last().and_then(|one| one.text_at(&["text"]));
    let state = match (request.text_at(&["status"])?, note) {
        ("entered-in-error", _) => return None,
        ("revoked", Some(advice)) => ReferralState::Returned(advice.to_owned()),
        ("revoked", None) => ReferralState::Cancelled,
        ("completed", _) => ReferralState::Completed,
        ("on-hold", _) => ReferralState::OnHold,
        _ => ReferralState::Sent,
    };
    let performer = request.items("performer").first();
    let performed = performer.and_then(|one| known.get(one));
    let ubrn = request.items("identifier").iter().find(|one| {
        one.text_at(&["system"]).is_some_and(|system| fhir::systems::same_system(system, fhir::systems::UBRN))
    });
    Some(Referral {
        id: known.id(request.text_at(&["id"])?),
        specialty: request
            .get("code")
            .and_then(phrase)
            .or_else(|| performed.and_then(|one| one.text_at(&["name"])).map(str::to_owned))
            .unwrap_or_else(|| say("record-unnamed-referral").to_owned()),
        organisation: organisation(performer, known),
        phone: performed.and_then(phone),
        by: request.get("requester").and_then(|one| one.text_at(&["display"])).map(str::to_owned),
        on: request.text_at(&["authoredOn"]).and_then(when),
        urgent: matches!(request.text_at(&["priority"]), Some("urgent" | "asap" | "stat")),
        ubrn: ubrn.and_then(|one| one.text_at(&["value"])).map(str::to_owned),
        state,
        told_at: request.text_at(&["meta", "lastUpdated"]).and_then(instant),
        waiting: None,
        booking: None,
        source: known.source(),
    })
}

/// The name of the organisation that a reference means.
fn organisation(reference: Option<&Value>, known: &Known) -> Option<String> {
    let name = reference.and_then(|one| known.get(one)).and_then(|one| one.text_at(&["name"]));
    name.or_else(|| reference?.text_at(&["display"])).map(str::to_owned)
}

/// Whose list an entry stands on, and for what: the keys of its waits.
pub(super) fn list(plan: &Value) -> Option<(String, String)> {
    let organisation = Reference(plan.get("author")?).id_of("Organization")?;
    let specialty = plan
        .items("category")
        .iter()
        .find_map(|one| CodeableConcept(one).code(fhir::systems::PRACTICE_SETTING).map(str::to_owned))?;
    Some((organisation.to_owned(), specialty))
}

/// A CarePlan as a place on a waiting list.
pub(super) fn waiting(plan: &Value, known: &Known, now: Timestamp) -> Option<Waiting> {
    let state = match plan.text_at(&["status"])? {
        "entered-in-error" => return None,
        "active" | "on-hold" => WaitingState::Waiting,
        _ => WaitingState::Over,
    };
    let since = plan.text_at(&["period", "start"]).and_then(instant).map(day);
    let until = plan.text_at(&["period", "end"]).and_then(instant).map_or(day(now), day);
    let days = since.and_then(|since| since.until(until).ok()).map(|span| span.get_days());
    let specialty = plan
        .items("category")
        .iter()
        .find(|one| CodeableConcept(one).code(fhir::systems::PRACTICE_SETTING).is_some());
    let author = plan.get("author");
    let activity = plan.items("activity").iter().filter_map(|one| one.get("reference"));
    let referral = activity.filter_map(|one| Reference(one).id_of("ServiceRequest")).next();
    Some(Waiting {
        id: known.id(plan.text_at(&["id"])?),
        specialty: specialty
            .and_then(phrase)
            .or_else(|| plan.text_at(&["title"]).map(str::to_owned))
            .unwrap_or_else(|| say("appointments-waiting-list").to_owned()),
        organisation: organisation(author, known),
        phone: author.and_then(|one| known.get(one)).and_then(phone),
        since,
        weeks: days.and_then(|days| u32::try_from(days / 7).ok()),
        state,
        waits: Waits::TooFew,
        referral: referral.map(|id| known.id(id)),
        booking: None,
        source: known.source(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    const NOW: &str = "2026-11-22T12:00:00Z";

    #[test]
    fn an_appointment_is_told_by_status_and_time() {
        let now: Timestamp = NOW.parse().unwrap();
        for (status, start, expected) in [
            ("booked", "2026-11-22T12:00:01Z", Some(BookingState::Booked)),
            ("booked", "2026-11-22T11:00:00Z", Some(BookingState::Past)),
            ("pending", "2026-11-23T11:00:00Z", Some(BookingState::Requested)),
            ("fulfilled", "2026-11-20T11:00:00Z", Some(BookingState::Attended)),
            ("noshow", "2026-11-20T11:00:00Z", Some(BookingState::Missed)),
            ("cancelled", "2026-11-23T11:00:00Z", Some(BookingState::Cancelled)),
            ("entered-in-error", "2026-11-23T11:00:00Z", None),
        ] {
            let document = read(&format!(r#"{{"id":"a","status":"{status}","start":"{start}"}}"#));
            let found = booking(&document, &Known::default(), now).map(|one| one.state);
            assert_eq!(found, expected, "{status} {start}");
        }
    }

    #[test]
    fn a_referral_is_told_by_its_status_and_note() {
        use ReferralState::{Cancelled, Completed, OnHold, Returned, Sent};
        for (status, note, expected) in [
            ("active", "", Some(Sent)),
            ("active", r#","note":[{"text":"Advice"}]"#, Some(Sent)),
            ("completed", "", Some(Completed)),
            ("revoked", r#","note":[{"text":"Advice"}]"#, Some(Returned("Advice".into()))),
            ("revoked", "", Some(Cancelled)),
            ("on-hold", "", Some(OnHold)),
            ("entered-in-error", "", None),
        ] {
            let request = read(&format!(r#"{{"id":"r","status":"{status}"{note}}}"#));
            assert_eq!(referral(&request, &Known::default()).map(|one| one.state), expected, "{status}");
        }
    }

    #[test]
    fn weeks_on_a_list_are_counted_in_london() {
        let now: Timestamp = NOW.parse().unwrap();
        let plan =
            read(r#"{"id":"w","status":"active","title":"Eyes","period":{"start":"2026-11-08T00:30:00Z"}}"#);
        let entry = waiting(&plan, &Known::default(), now).unwrap();
        assert_eq!((entry.weeks, entry.state), (Some(2), WaitingState::Waiting));
    }
}
