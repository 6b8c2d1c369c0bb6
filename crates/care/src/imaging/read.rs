//! Reads a department's list and its last weeks from the store. Rows of people come from a read as the reader, so that the store
//! decides who is shown; sums are counted by the system for staff of the organisation, and name nobody.

use super::assumptions::{Assumptions, Wish};
use super::department::{Bookings, Department, day};
use super::history::rank;
use super::pack::{Spread, gains};
use super::protocol::{PROTOCOLS, of_order};
use super::queue::{Supply, compare};
use super::view::{Gain, Outlook, Row, ScanList, ScannerGain, State, Told, Unbooked};
use crate::lookup::{all, id, unseen};
use crate::record::is_ours;
use crate::view::Unseen;
use crate::words::{instant, name};
use fhir::json::Value;
use fhir::views::{ImagingStudy, Reference};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Actor, Error, Role, Snapshot, Store};

/// Ids asked about at once.
const CHUNK: usize = 40;
/// Orders without a booking that are looked at to be shown.
const SHOWN: usize = 30;
/// A list is shown of days no further away than this.
const DAYS_AWAY: i32 = 120;

/// The list of a day.
pub(super) async fn list(
    store: &Store,
    actor: &Actor,
    date: Option<Date>,
    wish: &Wish,
) -> Result<ScanList, Unseen> {
    if !matches!(actor.role, Role::WardStaff { .. }) {
        return Err(Unseen::NoAccess);
    }
    let read_at = store.environment().clock.now();
    let today = day(read_at);
    let date = date.unwrap_or(today);
    let away = date.until(today).map_or(i32::MAX, |span| span.get_days().abs());
    if away > DAYS_AWAY {
        return Err(Unseen::NotFound);
    }
    let wish = wish.clone();
    let counted = store.read(counter(actor), move |snapshot| {
        let department = Department::read(snapshot, read_at)?;
        let history = department.history(snapshot, wish.days())?;
        let assumed = Assumptions::of(&wish, &history);
        let booked = department.bookings(snapshot, (date, date), false)?;
        let scans = department.scans(&booked);
        let sums = (
            scans.len(),
            scans.iter().map(|one| one.minutes).sum(),
            scans.iter().map(|one| assumed.faster(one.protocol, one.minutes)).sum(),
        );
        let unbooked = department.unbooked(snapshot)?;
        Ok((department, assumed, sums, unbooked))
    });
    let (department, assumed, sums, waiting) = counted.await.map_err(|error| unseen(&error))?;
    let unbooked_in_all = waiting.len();
    let seen = store.read(actor.clone(), move |snapshot| {
        let bookings = department.bookings(snapshot, (date, date), true)?;
        let images = images(snapshot, &bookings)?;
        let rows = rows(&department, &assumed, &bookings, &images);
        let oldest: Vec<String> = waiting.into_iter().take(SHOWN).map(|(order, _)| order).collect();
        let unbooked = unbooked(snapshot, &assumed, &oldest)?;
        Ok((department, assumed, rows, unbooked))
    });
    let (department, assumed, rows, unbooked) = seen.await.map_err(|error| unseen(&error))?;
    Ok(ScanList {
        organisation: department.name,
        read_at,
        today,
        date,
        scanners: department.scanners.len(),
        rows,
        booked: sums.0,
        full: sums.1,
        faster: sums.2,
        unbooked,
        unbooked_in_all,
        assumed,
    })
}

/// What each scanner and day would have won.
pub(super) async fn gain(store: &Store, actor: &Actor, wish: &Wish) -> Result<Gain, Unseen> {
    if !plans(actor) {
        return Err(Unseen::NoAccess);
    }
    let now = store.environment().clock.now();
    let wish = wish.clone();
    let read = store.read(counter(actor), move |snapshot| {
        let department = Department::read(snapshot, now)?;
        let history = department.history(snapshot, wish.days())?;
        let assumed = Assumptions::of(&wish, &history);
        let told = told(&history);
        let mut together: BTreeMap<Date, (u32, u32, u32)> = BTreeMap::new();
        let mut each = Vec::new();
        let mut scanners = Vec::new();
        for (at, name) in history.scanners.iter().enumerate() {
            let days = gains(&history, at, &assumed);
            for one in &days {
                let sum = together.entry(one.date).or_default();
                *sum = (sum.0 + one.booked, sum.1 + one.full, sum.2 + one.faster);
            }
            let won: Vec<u32> = days.iter().map(super::DayGain::gain).collect();
            each.extend(won.iter().copied());
            scanners.push(ScannerGain { name: name.clone(), days, spread: Spread::of(won) });
        }
        let days = together.into_iter().map(|(date, (booked, full, faster))| super::DayGain {
            date,
            booked,
            full,
            faster,
        });
        let days = days.collect();
        Ok(Gain { organisation: department.name, told, assumed, scanners, days, spread: Spread::of(each) })
    });
    read.await.map_err(|error| unseen(&error))
}

/// What becomes of the waiting list.
pub(super) async fn outlook(store: &Store, actor: &Actor, wish: &Wish) -> Result<Outlook, Unseen> {
    if !plans(actor) {
        return Err(Unseen::NoAccess);
    }
    let now = store.environment().clock.now();
    let wish = wish.clone();
    let read = store.read(counter(actor), move |snapshot| {
        let department = Department::read(snapshot, now)?;
        let history = department.history(snapshot, wish.days())?;
        let assumed = Assumptions::of(&wish, &history);
        let told = told(&history);
        let arrivals = history.arrivals();
        let today = day(now);
        let waiting = history.waiting.iter().map(|(ordered, protocol)| {
            let days = ordered.until(today).map_or(0, |span| span.get_days());
            // Five of seven days are worked.
            (u32::try_from(days).unwrap_or_default() * 5 / 7, *protocol)
        });
        let supply = Supply {
            waiting: waiting.collect(),
            arrivals,
            scanners: history.scanners.len(),
            open: assumed.open(),
            missed: assumed.missed,
        };
        let full: Vec<u32> = assumed.protocols.iter().map(|one| one.full).collect();
        let faster: Vec<u32> = assumed.protocols.iter().map(|one| one.faster).collect();
        let (full, faster, shorter) = compare(&supply, &full, &faster);
        let waited = history.waited();
        let orders: usize = supply.arrivals.iter().map(Vec::len).sum();
        let weekly = (orders * 50).checked_div(supply.arrivals.len()).unwrap_or_default();
        Ok(Outlook {
            organisation: department.name,
            told,
            assumed,
            scanners: supply.scanners,
            waiting: supply.waiting.len(),
            waited: rank(&waited, 50).zip(rank(&waited, 80)),
            full,
            faster,
            shorter,
            orders_tenths: u32::try_from(weekly).unwrap_or(u32::MAX),
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// Whether the role plans for its organisation: it is shown sums, and nobody.
fn plans(actor: &Actor) -> bool {
    matches!(actor.role, Role::WardStaff { .. } | Role::Operator)
}

fn counter(actor: &Actor) -> Actor {
    Actor { organisation: actor.organisation.clone(), ..Actor::system(actor.trace.clone()) }
}

fn told(history: &super::history::History) -> Told {
    let orders = history.arrivals().iter().map(Vec::len).sum();
    Told { days: history.days().len(), bookings: history.scans.len(), orders }
}

/// What is known of an order's images.
#[derive(Clone, Copy, Default)]
struct Images {
    series: u32,
    reconstructed: bool,
}

/// The images of these bookings' orders, by order.
fn images(snapshot: &mut Snapshot, bookings: &Bookings) -> Result<HashMap<String, Images>, Error> {
    let mut found: HashMap<String, Images> = HashMap::new();
    let orders: Vec<&String> = bookings.orders.keys().collect();
    for some in orders.chunks(CHUNK) {
        let of: Vec<String> = some.iter().map(|order| format!("ServiceRequest/{order}")).collect();
        let studies = all(snapshot, "ImagingStudy", &[("basedon", &of.join(","))])?.items;
        for study in studies.iter().filter(|one| one.text_at(&["status"]) == Some("available")) {
            let orders = study.items("basedOn").iter();
            for order in orders.filter_map(|one| Reference(one).id_of("ServiceRequest")) {
                let images = found.entry(order.to_owned()).or_default();
                images.series += u32::try_from(study.items("series").len()).unwrap_or_default();
                images.reconstructed |= ImagingStudy(study).series().any(is_ours);
            }
        }
    }
    Ok(found)
}

/// The bookings whose patients this reader may see.
fn rows(
    department: &Department,
    assumed: &Assumptions,
    bookings: &Bookings,
    images: &HashMap<String, Images>,
) -> Vec<Row> {
    let row = |appointment: &Value| -> Option<Row> {
        let scan = department.scan(appointment, bookings)?;
        let patient = bookings.patient_of(appointment)?;
        let order = bookings.order_of(appointment);
        let images = order.and_then(|order| images.get(id(order))).copied();
        let state = match (images, appointment.text_at(&["status"])) {
            (Some(images), _) => State::Imaged { series: images.series, reconstructed: images.reconstructed },
            (None, Some("fulfilled")) => State::Scanned,
            (None, Some("noshow")) => State::Missed,
            _ => State::Booked,
        };
        Some(Row {
            starts: appointment.text_at(&["start"]).and_then(instant)?,
            scanner: department.scanners.get(scan.scanner)?.1.clone(),
            protocol: protocol_name(scan.protocol),
            full: scan.minutes,
            faster: assumed.faster(scan.protocol, scan.minutes),
            state,
            patient: id(patient).to_owned(),
            name: name(patient),
            accession: order.and_then(accession),
        })
    };
    let mut rows: Vec<Row> = bookings.appointments.iter().filter_map(row).collect();
    rows.sort_by(|a, b| (a.starts, &a.scanner).cmp(&(b.starts, &b.scanner)));
    rows
}

/// Of the oldest orders without a booking, those whose patients this reader may see.
fn unbooked(
    snapshot: &mut Snapshot,
    assumed: &Assumptions,
    oldest: &[String],
) -> Result<Vec<Unbooked>, Error> {
    if oldest.is_empty() {
        return Ok(Vec::new());
    }
    let words = [("_id", oldest.join(","))];
    let found =
        all(snapshot, "ServiceRequest", &[("_id", &words[0].1), ("_include", "ServiceRequest:patient")])?;
    let people: HashMap<&str, &Value> = found.included.iter().map(|one| (id(one), one)).collect();
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for order in &found.items {
        let subject = order.get("subject").and_then(|one| Reference(one).id_of("Patient"));
        let patient = subject.and_then(|subject| people.get(subject));
        let ordered = order.text_at(&["authoredOn"]).and_then(instant).map(day);
        let (Some(patient), Some(ordered)) = (patient, ordered) else { continue };
        if !seen.insert(id(order)) {
            continue;
        }
        let protocol = of_order(order);
        let usual = assumed.protocols.get(protocol);
        rows.push(Unbooked {
            ordered,
            protocol: protocol_name(protocol),
            full: usual.map_or(0, |one| one.full),
            faster: usual.map_or(0, |one| one.faster),
            patient: id(patient).to_owned(),
            name: name(patient),
        });
    }
    rows.sort_by(|a, b| (a.ordered, &a.name).cmp(&(b.ordered, &b.name)));
    Ok(rows)
}

fn protocol_name(protocol: usize) -> String {
    PROTOCOLS.get(protocol).map_or("Other", |one| one.name).to_owned()
}

/// The number by which the department knows an order.
fn accession(order: &Value) -> Option<String> {
    let is_accession = |one: &&Value| one.text_at(&["type", "coding", "code"]) == Some("ACSN");
    let found = order.items("identifier").iter().find(is_accession)?;
    found.text_at(&["value"]).map(str::to_owned)
}
