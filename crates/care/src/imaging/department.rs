//! A department as the record holds it: its scanners, bookings and orders.

use super::history::{Became, History, Ordered, Scan};
use super::protocol::{PROTOCOLS, of_order};
use crate::lookup::{Page, all, id, page};
use crate::places;
use crate::words::instant;
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{Reference, Resource};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::collections::{HashMap, HashSet};
use store::{Error, Snapshot};

/// SNOMED CT: imaging.
const IMAGING: &str = "http://snomed.info/sct|363679005";
/// A room of a radiology department, of HL7 v3's RoleCode.
const SCANNER: &str = "RADDX";
/// Documents of one page, and pages at most.
const PAGE: &str = "1000";
const PAGES_MAX: usize = 30;
/// Bookings are read this far ahead.
const AHEAD_DAYS: i32 = 366;
/// Who was scanned within these days waits for a report, and no longer for a scan.
const REPORT_DAYS: i32 = 60;
/// Minutes of a booking whose end is not told.
const MINUTES: u32 = 30;

/// The day in London that holds a moment.
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(default_zone().clone()).date()
}

/// A department.
pub(super) struct Department {
    /// The organisation's name.
    pub name: String,
    /// Id and name of each scanner, by name.
    pub scanners: Vec<(String, String)>,
    /// The reference to the organisation.
    organisation: String,
    now: Timestamp,
}

/// Bookings, and what they name.
#[derive(Default)]
pub(super) struct Bookings {
    /// Appointments that were not cancelled.
    pub appointments: Vec<Value>,
    /// Their orders by id.
    pub orders: HashMap<String, Value>,
    people: HashMap<String, Value>,
}

impl Bookings {
    /// The order of a booking.
    pub fn order_of(&self, appointment: &Value) -> Option<&Value> {
        self.orders.get(order_id(appointment)?)
    }

    /// The patient of a booking.
    pub fn patient_of(&self, appointment: &Value) -> Option<&Value> {
        self.people.get(participant(appointment, "Patient")?)
    }
}

impl Department {
    /// The department of the actor's organisation.
    pub fn read(snapshot: &mut Snapshot, now: Timestamp) -> Result<Self, Error> {
        let actor = snapshot.actor().clone();
        let organisation = format!("Organization/{}", fhir::identity::organization(&actor.organisation));
        let found = all(snapshot, "Location", &[("organization", &organisation), ("type", SCANNER)])?.items;
        let name = |one: &Value| one.name_text().unwrap_or("Scanner").to_owned();
        let mut scanners: Vec<_> = found.iter().map(|one| (id(one).to_owned(), name(one))).collect();
        scanners.sort_by(|a, b| a.1.cmp(&b.1));
        Ok(Self { name: places::organisation(snapshot, &actor), scanners, organisation, now })
    }

    /// The bookings of some days, the last included.
    pub fn bookings(
        &self,
        snapshot: &mut Snapshot,
        (first, last): (Date, Date),
        people: bool,
    ) -> Result<Bookings, Error> {
        if self.scanners.is_empty() {
            return Ok(Bookings::default());
        }
        let scanners: Vec<String> = self.scanners.iter().map(|(id, _)| format!("Location/{id}")).collect();
        let scanners = scanners.join(",");
        let after = last.tomorrow().unwrap_or(last);
        let (from, until) = (format!("ge{first}"), format!("lt{after}"));
        let mut words = vec![("location", scanners.as_str()), ("date", &from), ("date", &until)];
        words.push(("_include", "Appointment:based-on"));
        if people {
            words.push(("_include", "Appointment:patient"));
        }
        let found = every(snapshot, "Appointment", &words)?;
        let mut bookings = Bookings { appointments: found.items, ..Bookings::default() };
        let gone = ["cancelled", "entered-in-error"];
        bookings
            .appointments
            .retain(|one| one.text_at(&["status"]).is_some_and(|status| !gone.contains(&status)));
        for one in found.included {
            let into = match one.text_at(&["resourceType"]) {
                Some("ServiceRequest") => &mut bookings.orders,
                _ => &mut bookings.people,
            };
            into.insert(id(&one).to_owned(), one);
        }
        Ok(bookings)
    }

    /// A booking in numbers.
    pub fn scan(&self, appointment: &Value, bookings: &Bookings) -> Option<Scan> {
        let at = participant(appointment, "Location")?;
        let scanner = self.scanners.iter().position(|(id, _)| id == at)?;
        let start = appointment.text_at(&["start"]).and_then(instant)?;
        let end = appointment.text_at(&["end"]).and_then(instant);
        let minutes = end.and_then(|end| u32::try_from((end.as_second() - start.as_second()) / 60).ok());
        let local = start.to_zoned(default_zone().clone());
        let order = bookings.order_of(appointment);
        Some(Scan {
            day: local.date(),
            scanner,
            starts: u32::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).ok()?,
            minutes: minutes.filter(|some| (1..=24 * 60).contains(some)).unwrap_or(MINUTES),
            protocol: order.map_or(PROTOCOLS.len() - 1, of_order),
            became: match appointment.text_at(&["status"]) {
                Some("fulfilled") => Became::Scanned,
                Some("noshow") => Became::Missed,
                _ => Became::Open,
            },
            ordered: order.and_then(ordered).map(|(day, _)| day),
        })
    }

    /// All of them.
    pub fn scans(&self, bookings: &Bookings) -> Vec<Scan> {
        bookings.appointments.iter().filter_map(|one| self.scan(one, bookings)).collect()
    }

    /// The last `days` working days before today, and who waits.
    pub fn history(&self, snapshot: &mut Snapshot, days: u32) -> Result<History, Error> {
        let today = day(self.now);
        // Five of seven days are worked, and a fortnight more for holidays.
        let back = i32::try_from(days).unwrap_or(60) * 7 / 5 + 14;
        let first = today.checked_sub(Span::new().days(back)).unwrap_or(today);
        let yesterday = today.yesterday().unwrap_or(today);
        let booked = self.bookings(snapshot, (first, yesterday), false)?;
        let scanned: HashSet<&str> = booked
            .appointments
            .iter()
            .filter(|one| one.text_at(&["status"]) == Some("fulfilled"))
            .filter_map(order_id)
            .collect();
        let waiting = self.open_orders(snapshot)?;
        let waiting = waiting.into_iter().filter(|(order, _)| !scanned.contains(order.as_str()));
        let since = format!("ge{first}");
        let orders = self.orders(snapshot, &[("authored", &since)])?;
        let counted = |one: &&Value| {
            !matches!(one.text_at(&["status"]), Some("revoked" | "entered-in-error" | "draft"))
        };
        let mut history = History {
            scanners: self.scanners.iter().map(|(_, name)| name.clone()).collect(),
            scans: self.scans(&booked),
            orders: orders
                .iter()
                .filter(counted)
                .filter_map(ordered)
                .filter(|(day, _)| *day < today)
                .collect(),
            waiting: waiting.map(|(_, ordered)| ordered).collect(),
        };
        history.keep_last(days);
        Ok(history)
    }

    /// Orders without a booking, oldest first.
    pub fn unbooked(&self, snapshot: &mut Snapshot) -> Result<Vec<(String, Ordered)>, Error> {
        let today = day(self.now);
        let last = today.checked_add(Span::new().days(AHEAD_DAYS)).unwrap_or(today);
        let first = today.checked_sub(Span::new().days(REPORT_DAYS)).unwrap_or(today);
        let booked = self.bookings(snapshot, (first, last), false)?;
        let held = booked.appointments.iter().filter(|one| one.text_at(&["status"]) != Some("noshow"));
        let held: HashSet<&str> = held.filter_map(order_id).collect();
        let mut open = self.open_orders(snapshot)?;
        open.retain(|(order, _)| !held.contains(order.as_str()));
        open.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(open)
    }

    fn open_orders(&self, snapshot: &mut Snapshot) -> Result<Vec<(String, Ordered)>, Error> {
        let open = self.orders(snapshot, &[("status", "active,on-hold")])?;
        Ok(open.iter().filter_map(|one| Some((id(one).to_owned(), ordered(one)?))).collect())
    }

    fn orders(&self, snapshot: &mut Snapshot, more: &[(&str, &str)]) -> Result<Vec<Value>, Error> {
        let mut words = vec![("category", IMAGING), ("performer", self.organisation.as_str())];
        words.extend(more);
        Ok(every(snapshot, "ServiceRequest", &words)?.items)
    }
}

/// The day and the protocol of an order.
fn ordered(order: &Value) -> Option<Ordered> {
    Some((order.text_at(&["authoredOn"]).and_then(instant).map(day)?, of_order(order)))
}

fn order_id(appointment: &Value) -> Option<&str> {
    appointment.items("basedOn").iter().find_map(|one| Reference(one).id_of("ServiceRequest"))
}

/// The id of who, or what, takes part in a booking.
fn participant<'a>(appointment: &'a Value, type_: &str) -> Option<&'a str> {
    let actors = appointment.items("participant").iter().filter_map(|one| one.get("actor"));
    actors.filter_map(|one| Reference(one).id_of(type_)).next()
}

/// Every match, in large pages: a department has some ten thousand bookings a year.
fn every(snapshot: &mut Snapshot, type_: &str, pairs: &[(&str, &str)]) -> Result<Page, Error> {
    let mut whole = Page { items: Vec::new(), included: Vec::new(), next: None };
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut words = pairs.to_vec();
        words.push(("_count", PAGE));
        words.extend(cursor.as_deref().map(|cursor| ("_page", cursor)));
        let next = page(snapshot, type_, &words)?;
        whole.items.extend(next.items);
        whole.included.extend(next.included);
        cursor = next.next;
        if cursor.is_none() {
            return Ok(whole);
        }
    }
    Err(Error::TooCostly("the bookings of a department"))
}
