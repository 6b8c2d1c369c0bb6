//! HealthcareService and Location as services and places. Pure. <https://hl7.org/fhir/R4/healthcareservice.html>
//!
//! What cannot be read is left out and never guessed: a time that is no time makes no opening hours. FHIR has no element for
//! bank holidays: [`HOLIDAYS`] says what a service does on them, and [`EXTRA`] adds hours.

use super::hours::{Closure, Extra, Holidays, Hours, Weekly};
use super::kind::{Kind, SYSTEM};
use super::place::{Point, Settlement};
use super::view::{Address, Service};
use fhir::json::Value;
use fhir::time::{DateTime, Kind as TimeKind, default_zone};
use fhir::views::{CodeableConcept, Resource};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use std::collections::HashMap;

/// Extension of HealthcareService: what it does on bank holidays, `closed`, `as-usual` or `as-sunday` (valueCode).
pub const HOLIDAYS: &str = "https://bevan.example/fhir/StructureDefinition/bank-holiday-hours";
/// Extension of HealthcareService: extra hours (valuePeriod).
pub const EXTRA: &str = "https://bevan.example/fhir/StructureDefinition/extra-hours";
/// The code system of `Location.type` for places that people know by name: `town` or `outward-code`.
pub const PLACES: &str = "https://bevan.example/fhir/CodeSystem/place-kind";

/// A service with the Location it stands in; `None` when it has no id or name.
pub(super) fn service(service: &Value, locations: &HashMap<&str, &Value>) -> Option<Service> {
    let location = service.items("location").iter().find_map(|one| reference_id(one, "Location"));
    let place = location.and_then(|id| locations.get(id)).copied();
    let types = || service.items("type").iter().map(CodeableConcept);
    let kind = types().find_map(|one| one.code(SYSTEM)).and_then(Kind::of).unwrap_or(Kind::Other);
    Some(Service {
        id: service.id()?.to_owned(),
        kind,
        called: types().find_map(CodeableConcept::display).map(str::to_owned),
        name: service.name_text()?.to_owned(),
        about: service.text_at(&["comment"]).map(str::to_owned),
        phone: phone(service).or_else(|| place.and_then(phone)).map(str::to_owned),
        address: place.and_then(address),
        point: place.and_then(point),
        hours: hours(service),
        exceptions: service.text_at(&["availabilityExceptions"]).map(str::to_owned),
        appointment: service.get("appointmentRequired").and_then(Value::as_bool),
        location: location.map(str::to_owned),
        changed_at: service.last_updated().and_then(|text| text.parse().ok()),
    })
}

/// A place that people know by name; `None` when it says no name or no middle.
pub(super) fn settlement(place: &Value) -> Option<Settlement> {
    let code = place.items("type").iter().find_map(|one| CodeableConcept(one).code(PLACES))?;
    let aliases = place.items("alias").iter().filter_map(Value::as_str);
    Some(Settlement {
        name: place.name_text()?.to_owned(),
        aliases: aliases.map(str::to_owned).collect(),
        is_outward: code == "outward-code",
        point: point(place)?,
    })
}

fn reference_id<'a>(reference: &'a Value, type_: &str) -> Option<&'a str> {
    fhir::views::Reference(reference).id_of(type_)
}

fn phone(resource: &Value) -> Option<&str> {
    let all = resource.items("telecom").iter();
    all.filter(|one| one.text_at(&["system"]) == Some("phone")).find_map(|one| one.text_at(&["value"]))
}

fn address(place: &Value) -> Option<Address> {
    let address = fhir::views::Address(place.get("address")?);
    Some(Address {
        lines: address.lines().map(str::to_owned).collect(),
        town: address.city().unwrap_or_default().to_owned(),
        postcode: address.postal_code().unwrap_or_default().to_owned(),
    })
}

fn point(place: &Value) -> Option<Point> {
    let degrees = |name: &str, most: f64| {
        let number: f64 = place.at(&["position", name])?.as_number()?.as_str().parse().ok()?;
        (number.abs() <= most).then_some(number)
    };
    Some(Point { latitude: degrees("latitude", 90.0)?, longitude: degrees("longitude", 180.0)? })
}

fn hours(service: &Value) -> Hours {
    let extensions = || service.items("extension").iter();
    let of = |url: &'static str| extensions().filter(move |one| one.text_at(&["url"]) == Some(url));
    let holidays = match of(HOLIDAYS).find_map(|one| one.text_at(&["valueCode"])) {
        Some("closed") => Holidays::Closed,
        Some("as-usual") => Holidays::AsUsual,
        Some("as-sunday") => Holidays::AsSunday,
        _ => Holidays::Unknown,
    };
    let closed = service.items("notAvailable").iter().filter_map(|one| {
        let (from, until) = period(one.get("during")?)?;
        Some(Closure { from, until, reason: one.text_at(&["description"]).unwrap_or_default().to_owned() })
    });
    let extra = of(EXTRA).filter_map(|one| period(one.get("valuePeriod")?));
    Hours {
        weekly: service.items("availableTime").iter().flat_map(weekly).collect(),
        holidays,
        closed: closed.collect(),
        extra: extra.map(|(from, until)| Extra { from, until }).collect(),
    }
}

fn weekly(available: &Value) -> Vec<Weekly> {
    let all_day = available.get("allDay").and_then(Value::as_bool) == Some(true);
    let time = |name: &str| available.text_at(&[name]).and_then(|text| text.parse::<Time>().ok());
    let (from, until) = if all_day {
        (Some(Time::midnight()), Some(Time::midnight()))
    } else {
        (time("availableStartTime"), time("availableEndTime"))
    };
    let (Some(from), Some(until)) = (from, until) else { return Vec::new() };
    if from == until && !all_day {
        return Vec::new();
    }
    let days = available.items("daysOfWeek").iter().filter_map(Value::as_str).filter_map(|day| {
        Some(match day {
            "mon" => Weekday::Monday,
            "tue" => Weekday::Tuesday,
            "wed" => Weekday::Wednesday,
            "thu" => Weekday::Thursday,
            "fri" => Weekday::Friday,
            "sat" => Weekday::Saturday,
            "sun" => Weekday::Sunday,
            _ => return None,
        })
    });
    days.map(|day| Weekly { day, from, until }).collect()
}

/// From the first moment of the start to the last of the end; a day without a time is a whole day in London.
fn period(period: &Value) -> Option<(Timestamp, Timestamp)> {
    let range = |name: &str| {
        let read = DateTime::parse(TimeKind::DateTime, period.text_at(&[name])?)?;
        Some((read.has_time(), read.range(default_zone())))
    };
    let (_, (from, _)) = range("start")?;
    let (timed, (start, end)) = range("end")?;
    let until = if timed { start } else { end };
    let (from, until) = (Timestamp::from_microsecond(from).ok()?, Timestamp::from_microsecond(until).ok()?);
    (from < until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::State;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn a_service_is_read_whole() {
        let place = read(
            r#"{"resourceType":"Location","id":"l1","address":{"line":["1 Mill Road"],"city":"Pellinford","postalCode":"QB7 2AD"},
            "position":{"latitude":54.9012,"longitude":2.4}}"#,
        );
        let document = read(
            r#"{"resourceType":"HealthcareService","id":"s1","name":"Mill Pharmacy","comment":"Advice",
            "type":[{"coding":[{"system":"https://bevan.example/fhir/CodeSystem/service-kind","code":"pharmacy"}],"text":"Pharmacy"}],
            "location":[{"reference":"Location/l1"}],"telecom":[{"system":"phone","value":"01632 960001"}],
            "availableTime":[{"daysOfWeek":["mon","tue"],"availableStartTime":"09:00:00","availableEndTime":"17:30:00"},
                             {"daysOfWeek":["sat"],"availableStartTime":"soon","availableEndTime":"17:30:00"}],
            "notAvailable":[{"description":"training","during":{"start":"2026-11-24","end":"2026-11-24"}}],
            "extension":[{"url":"https://bevan.example/fhir/StructureDefinition/bank-holiday-hours","valueCode":"closed"}]}"#,
        );
        let one = service(&document, &HashMap::from([("l1", &place)])).unwrap();
        assert_eq!((one.kind, one.phone.as_deref()), (Kind::Pharmacy, Some("01632 960001")));
        assert_eq!(one.address.unwrap().postcode, "QB7 2AD");
        assert_eq!(one.point.unwrap(), Point { latitude: 54.9012, longitude: 2.4 });
        assert_eq!(one.hours.weekly.len(), 2, "a time that is no time makes no hours");
        assert_eq!(one.hours.holidays, Holidays::Closed);
        let tuesday: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        assert!(matches!(one.hours.at(tuesday), State::Closed { .. }), "closed on the whole day");
    }

    #[test]
    fn what_is_missing_stays_missing() {
        let document = read(r#"{"resourceType":"HealthcareService","id":"s1","name":"A"}"#);
        let one = service(&document, &HashMap::new()).unwrap();
        assert_eq!((one.kind, one.point, one.address, one.phone), (Kind::Other, None, None, None));
        assert_eq!(one.hours, Hours::default());
        assert_eq!(
            service(&read(r#"{"resourceType":"HealthcareService","id":"s1"}"#), &HashMap::new()),
            None
        );
        assert_eq!(settlement(&read(r#"{"resourceType":"Location","id":"l","name":"Ward 1"}"#)), None);
    }
}
