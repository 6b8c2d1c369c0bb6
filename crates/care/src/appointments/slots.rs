//! Free times of a surgery: its diaries, the days on which something is free, the times of a day. Reads as the patient.

use super::from_fhir::{self, channel, day};
use super::read::surgery_of;
use super::rules::{self, DATES_A_PAGE, DAYS_A_SEARCH, HORIZON_DAYS, Refusal};
use super::view::{Answered, Channel, Dates, SlotChoice, Surgery, Times};
use crate::lookup::{all, id, unseen};
use crate::record::Whom;
use crate::view::Unseen;
use crate::words::instant;
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::Reference;
use jiff::{Span, Timestamp, civil::Date};
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store};

/// Times offered in the place of one that is gone.
const ALTERNATIVES: usize = 6;

/// The surgery's desk: what a patient books with.
pub(super) struct Desk {
    /// The surgery.
    pub surgery: Surgery,
    /// Id of its Organization.
    pub organisation: String,
    /// The patient's own id, the one that counts.
    pub patient: String,
    /// The patient's ids, as a search value.
    pub ids: String,
    /// The reference to its service.
    service: Value,
    /// The practitioner of each diary, by the Schedule's id.
    diaries: HashMap<String, Option<Value>>,
}

impl Desk {
    /// The desk of a patient's surgery; without diaries when it keeps none here.
    pub fn read(snapshot: &mut Snapshot, patient: &str) -> Result<Option<Self>, Error> {
        let Whom { person, ids, .. } = Whom::read(snapshot, patient)?;
        let Some(organisation) = surgery_of(&person) else { return Ok(None) };
        let found = snapshot.read("Organization", &organisation)?;
        let Ok(document) = found.present() else { return Ok(None) };
        let surgery = from_fhir::surgery(&document.value()?);
        let of = format!("Organization/{organisation}");
        let services = all(snapshot, "HealthcareService", &[("organization", &of)])?.items;
        let names: Vec<String> =
            services.iter().map(|one| format!("HealthcareService/{}", id(one))).collect();
        let schedules = match names.is_empty() {
            true => Vec::new(),
            false => all(snapshot, "Schedule", &[("actor", &names.join(",")), ("active", "true")])?.items,
        };
        let mut service = Value::Null;
        let mut diaries = HashMap::new();
        for schedule in &schedules {
            let actor = |type_: &str| {
                schedule.items("actor").iter().find(|one| Reference(one).id_of(type_).is_some()).cloned()
            };
            service = actor("HealthcareService").unwrap_or(service);
            diaries.insert(id(schedule).to_owned(), actor("Practitioner"));
        }
        let patient = id(&person).to_owned();
        Ok(Some(Self { surgery, organisation, patient, ids, service, diaries }))
    }

    /// The reference to the surgery's service.
    pub fn service(&self) -> &Value {
        &self.service
    }

    /// The practitioner of a slot's diary; `None` when the diary is not this surgery's.
    pub fn doctor(&self, slot: &Value) -> Option<Option<&Value>> {
        let schedule = Reference(slot.get("schedule")?).id_of("Schedule")?;
        self.diaries.get(schedule).map(Option::as_ref)
    }

    /// A slot of this surgery as a choice.
    pub fn choice(&self, slot: &Value) -> Option<SlotChoice> {
        let doctor = self.doctor(slot)?;
        Some(SlotChoice {
            id: id(slot).to_owned(),
            start: instant(slot.text_at(&["start"])?)?,
            end: instant(slot.text_at(&["end"])?)?,
            channel: channel(slot).unwrap_or(Channel::InPerson),
            with: doctor.and_then(|one| one.text_at(&["display"])).map(str::to_owned),
        })
    }

    /// The free times from one day to another, both included, in order.
    fn free(
        &self,
        snapshot: &mut Snapshot,
        days: (Date, Date),
        now: Timestamp,
    ) -> Result<Vec<SlotChoice>, Error> {
        if self.diaries.is_empty() {
            return Ok(Vec::new());
        }
        let mut diaries: Vec<String> = self.diaries.keys().map(|one| format!("Schedule/{one}")).collect();
        diaries.sort_unstable();
        let after = days.1.checked_add(Span::new().days(1)).unwrap_or(days.1);
        let (from, to) = (midnight(days.0).max(now), midnight(after));
        let words = [
            ("schedule", diaries.join(",")),
            ("status", String::from("free")),
            ("start", format!("gt{from:.0}")),
            ("start", format!("lt{to:.0}")),
            ("_sort", String::from("start")),
        ];
        let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let found = all(snapshot, "Slot", &words)?.items;
        let mut choices: Vec<SlotChoice> = found.iter().filter_map(|slot| self.choice(slot)).collect();
        choices.retain(|one| rules::can_be_booked(one.start, now));
        choices.sort_by(|a, b| (a.start, &a.with, &a.id).cmp(&(b.start, &b.with, &b.id)));
        Ok(choices)
    }

    /// The first day on which something of each kind is free, a fortnight at a time up to the last day that can be booked.
    fn first_of_each(&self, snapshot: &mut Snapshot, now: Timestamp) -> Result<Vec<(Channel, Date)>, Error> {
        let today = day(now);
        let mut found: Vec<(Channel, Date)> = Vec::new();
        let mut from = Some(today);
        while let Some(first) = from {
            let days = window(Some(first), today);
            for choice in self.free(snapshot, days, now)? {
                if !found.iter().any(|(channel, _)| *channel == choice.channel) {
                    found.push((choice.channel, day(choice.start)));
                }
            }
            let after = days.1.checked_add(Span::new().days(1)).ok();
            let more =
                |after: &Date| found.len() < Channel::ALL.len() && window(Some(*after), today).0 == *after;
            from = after.filter(more);
        }
        found.sort_by_key(|(channel, date)| (*date, channel.code()));
        Ok(found)
    }

    /// Other free times near one, of the same kind first.
    pub fn near(
        &self,
        snapshot: &mut Snapshot,
        (start, wanted): (Timestamp, Channel),
        now: Timestamp,
    ) -> Result<Vec<SlotChoice>, Error> {
        let mut choices = self.free(snapshot, window(Some(day(start)), day(now)), now)?;
        choices.sort_by_key(|one| {
            (one.channel != wanted, one.start.as_second().abs_diff(start.as_second()), one.id.clone())
        });
        choices.truncate(ALTERNATIVES);
        choices.sort_by_key(|one| one.start);
        Ok(choices)
    }
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(default_zone().clone()).map_or(Timestamp::MAX, |start| start.timestamp())
}

/// The days of a search that begins on a day: a fortnight, not before today and not beyond the horizon.
pub fn window(from: Option<Date>, today: Date) -> (Date, Date) {
    let plus = |days: i32| today.checked_add(Span::new().days(days)).unwrap_or(today);
    let last = plus(HORIZON_DAYS);
    let from = from.unwrap_or(today).clamp(today, last);
    let to = from.checked_add(Span::new().days(DAYS_A_SEARCH - 1)).unwrap_or(from);
    (from, to.min(last))
}

/// The days on which something of a kind is free, ten at most.
pub(super) async fn dates(
    store: &Store,
    actor: &Actor,
    patient: &str,
    (channel, from): (Channel, Option<Date>),
) -> Result<Answered<Dates>, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let Some(desk) = Desk::read(snapshot, &patient)? else { return Ok(no_surgery(None)) };
        let today = day(now);
        let asked = window(from, today);
        if rules::span(asked).is_err() {
            return Ok(refused(Refusal::RangeTooLong, &desk));
        }
        if desk.diaries.is_empty() {
            return Ok(no_surgery(Some(&desk)));
        }
        let free = desk.free(snapshot, asked, now)?;
        let next = match free.iter().any(|one| one.channel == channel) {
            true => Vec::new(),
            false => desk.first_of_each(snapshot, now)?,
        };
        let free = free.iter().filter(|one| one.channel == channel);
        Ok(Answered::Done(Dates { next, ..pages(desk.surgery, (asked, today), free) }))
    });
    read.await.map_err(|error| unseen(&error))
}

/// Free times as days, and where the pages before and after begin.
fn pages<'a>(
    surgery: Surgery,
    (asked, today): ((Date, Date), Date),
    free: impl Iterator<Item = &'a SlotChoice>,
) -> Dates {
    let mut days: Vec<(Date, usize)> = Vec::new();
    for choice in free {
        let date = day(choice.start);
        match days.last_mut() {
            Some((last, count)) if *last == date => *count += 1,
            _ => days.push((date, 1)),
        }
    }
    let end = today.checked_add(Span::new().days(HORIZON_DAYS)).unwrap_or(today);
    let next = asked.1.checked_add(Span::new().days(1)).ok().filter(|next| *next <= end);
    let later = days.get(DATES_A_PAGE).map(|(date, _)| *date).or(next);
    days.truncate(DATES_A_PAGE);
    let before = asked.0.checked_sub(Span::new().days(DAYS_A_SEARCH)).unwrap_or(today).max(today);
    Dates { surgery, asked, days, earlier: (asked.0 > today).then_some(before), later, next: Vec::new() }
}

/// The free times of a kind on a day.
pub(super) async fn times(
    store: &Store,
    actor: &Actor,
    patient: &str,
    (channel, date): (Channel, Date),
) -> Result<Answered<Times>, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let Some(desk) = Desk::read(snapshot, &patient)? else { return Ok(no_surgery(None)) };
        let mut slots = desk.free(snapshot, (date, date), now)?;
        slots.retain(|one| one.channel == channel);
        Ok(Answered::Done(Times { surgery: desk.surgery, slots }))
    });
    read.await.map_err(|error| unseen(&error))
}

/// One time that somebody chose, when it is still free.
pub(super) async fn one(
    store: &Store,
    actor: &Actor,
    (patient, slot): (&str, &str),
) -> Result<Answered<Times>, Unseen> {
    let (patient, slot) = (patient.to_owned(), slot.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let Some(desk) = Desk::read(snapshot, &patient)? else { return Ok(no_surgery(None)) };
        let found = snapshot.read("Slot", &slot)?.present()?;
        let document = snapshot.document(&found)?;
        let choice = desk.choice(&document).ok_or(Error::NotFound)?;
        if document.text_at(&["status"]) == Some("free") && rules::can_be_booked(choice.start, now) {
            return Ok(Answered::Done(Times { surgery: desk.surgery, slots: vec![choice] }));
        }
        let alternatives = desk.near(snapshot, (choice.start, choice.channel), now)?;
        Ok(Answered::Refused { why: Refusal::SlotGone, phone: desk.surgery.phone, alternatives })
    });
    read.await.map_err(|error| unseen(&error))
}

/// The surgery keeps no diary here.
pub(super) fn no_surgery<T>(desk: Option<&Desk>) -> Answered<T> {
    let phone = desk.and_then(|desk| desk.surgery.phone.clone());
    Answered::Refused { why: Refusal::NoSurgery, phone, alternatives: Vec::new() }
}

/// A refusal with the surgery's telephone.
pub(super) fn refused<T>(why: Refusal, desk: &Desk) -> Answered<T> {
    Answered::Refused { why, phone: desk.surgery.phone.clone(), alternatives: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_search_begins_today_at_the_earliest_and_spans_a_fortnight() {
        let today = date(2026, 11, 22);
        for (from, expected) in [
            (None, (today, date(2026, 12, 5))),
            (Some(date(2026, 1, 1)), (today, date(2026, 12, 5))),
            (Some(date(2026, 12, 6)), (date(2026, 12, 6), date(2026, 12, 19))),
            (Some(date(2027, 1, 10)), (date(2027, 1, 10), date(2027, 1, 17))),
            (Some(date(2030, 1, 1)), (date(2027, 1, 17), date(2027, 1, 17))),
        ] {
            let found = window(from, today);
            assert_eq!(found, expected, "{from:?}");
            assert_eq!(rules::span(found), Ok(()));
        }
    }

    #[test]
    fn ten_dates_stand_on_a_page_and_none_is_skipped() {
        let today = date(2026, 11, 22);
        let at = |ahead: i32| SlotChoice {
            id: format!("s{ahead}"),
            start: midnight(today.checked_add(Span::new().days(ahead)).unwrap()) + Span::new().hours(9),
            end: midnight(today.checked_add(Span::new().days(ahead)).unwrap()) + Span::new().hours(10),
            channel: Channel::InPerson,
            with: None,
        };
        let surgery = Surgery { name: "S".into(), phone: None, address: Vec::new() };
        let every_day: Vec<SlotChoice> = (0..14).map(at).collect();
        let page = pages(surgery.clone(), (window(None, today), today), every_day.iter());
        assert_eq!(page.days.len(), 10);
        assert_eq!((page.earlier, page.later), (None, Some(date(2026, 12, 2))));
        let few: Vec<SlotChoice> = [0, 0, 3].into_iter().map(at).collect();
        let page = pages(surgery.clone(), (window(None, today), today), few.iter());
        assert_eq!(page.days, [(today, 2), (date(2026, 11, 25), 1)]);
        assert_eq!(page.later, Some(date(2026, 12, 6)));
        let last = window(Some(date(2027, 1, 10)), today);
        let page = pages(surgery, (last, today), [].iter());
        assert_eq!((page.earlier, page.later), (Some(date(2026, 12, 27)), None));
    }
}
