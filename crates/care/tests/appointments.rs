//! Waits and free times on a real record, as the clock moves on, and a diary under merged numbers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at what they do not expect")]

use care::appointments::{Answered, Channel, HORIZON_DAYS, Refusal, measure};
use care::{Actor, Care, Clock, Entropy, Purpose, Role};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Environment, Found, IfMatch, Options, Prepared, Store};

struct Moving(AtomicI64);

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count =
                self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            chunk.copy_from_slice(&count[..chunk.len()]);
        }
    }
}

struct House {
    care: Care,
    store: Store,
    clock: Arc<Moving>,
    _folder: tempfile::TempDir,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let start: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let clock = Arc::new(Moving(AtomicI64::new(start.as_second())));
    let environment = Environment { clock: clock.clone(), entropy: Arc::new(Counting(AtomicU64::new(1))) };
    let options = Options { readers: 1, reserve_bytes: 1 << 16, ..Options::default() };
    let store = Store::open(folder.path(), options, environment).unwrap();
    House { care: Care::new(store.clone()), store, clock, _folder: folder }
}

impl House {
    async fn put(&self, text: &str) {
        let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let resource = Prepared::new(value).unwrap();
        let written = self.store.write(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any));
        written.await.unwrap();
    }

    fn pass(&self, days: i64) {
        self.clock.0.fetch_add(days * 24 * 3600, Ordering::SeqCst);
    }

    /// How many reports of waits there are.
    async fn published(&self, ids: &[String]) -> usize {
        let ids = ids.to_vec();
        let read = self.store.read(Actor::system("test"), move |snapshot| {
            let mut there = 0;
            for id in &ids {
                there += usize::from(matches!(snapshot.read("MeasureReport", id)?, Found::Present(_)));
            }
            Ok(there)
        });
        read.await.unwrap()
    }
}

fn patient(id: &str) -> Actor {
    Actor {
        id: format!("Patient/{id}").as_str().into(),
        role: Role::Patient { patient: id.into() },
        purpose: Purpose::PatientRequest,
        ..Actor::system("trace")
    }
}

#[tokio::test]
async fn a_list_on_which_nobodys_wait_ended_for_a_year_has_no_figure() {
    let house = house();
    for one in 0..10 {
        house
            .put(&format!(
                r#"{{"resourceType":"CarePlan","id":"wait-{one}","status":"completed","intent":"plan","subject":{{"reference":"Patient/p{one}"}},
                "author":{{"reference":"Organization/hospital"}},"period":{{"start":"2026-09-01T09:00:00Z","end":"2026-11-01T09:00:00Z"}},
                "category":[{{"coding":[{{"system":"{}","code":"waiting-list"}}]}},{{"coding":[{{"system":"{}","code":"320"}}]}}]}}"#,
                fhir::systems::CARE_PLAN_CATEGORY,
                fhir::systems::PRACTICE_SETTING
            ))
            .await;
    }
    let report = [fhir::identity::resource_id("waiting-times", "hospital", &["320"])];
    let first = measure(&house.store).await.unwrap();
    assert_eq!((first.lists, first.too_few, house.published(&report).await), (1, 0, 1));
    house.pass(360);
    let later = measure(&house.store).await.unwrap();
    assert_eq!((later.lists, later.too_few, house.published(&report).await), (0, 1, 0));
}

/// A surgery with a diary: one time tomorrow, one on the last day that can be booked, one on the day after that.
async fn with_diary(house: &House) -> [Date; 3] {
    let last = date(2026, 11, 22).checked_add(jiff::Span::new().days(HORIZON_DAYS)).unwrap();
    let days = [date(2026, 11, 23), last, last.tomorrow().unwrap()];
    let practice = fhir::identity::organization("Y10001");
    for text in [
        format!(
            r#"{{"resourceType":"Organization","id":"{practice}","name":"Surgery","identifier":[{{"system":"{}","value":"Y10001"}}]}}"#,
            fhir::systems::ODS
        ),
        format!(
            r#"{{"resourceType":"HealthcareService","id":"service","active":true,"providedBy":{{"reference":"Organization/{practice}"}}}}"#
        ),
        String::from(
            r#"{"resourceType":"Schedule","id":"diary","active":true,"actor":[{"reference":"HealthcareService/service"}]}"#,
        ),
    ] {
        house.put(&text).await;
    }
    for (at, day) in days.iter().enumerate() {
        house
            .put(&format!(
                r#"{{"resourceType":"Slot","id":"slot-{at}","schedule":{{"reference":"Schedule/diary"}},"status":"free",
                "start":"{day}T10:00:00Z","end":"{day}T10:10:00Z"}}"#
            ))
            .await;
    }
    days
}

/// A Patient of the surgery, with its links as JSON.
async fn person(house: &House, id: &str, links: &str) {
    let practice = fhir::identity::organization("Y10001");
    house
        .put(&format!(
            r#"{{"resourceType":"Patient","id":"{id}","birthDate":"1970-01-01",{links}"generalPractitioner":[{{"reference":"Organization/{practice}"}}]}}"#
        ))
        .await;
}

#[tokio::test]
async fn a_day_beyond_eight_weeks_is_not_booked_by_its_address() {
    let house = house();
    let days = with_diary(&house).await;
    person(&house, "ann", "").await;
    let (ann, channel) = (patient("ann"), Channel::InPerson);
    for (at, (day, free)) in days.into_iter().zip([true, true, false]).enumerate() {
        let Answered::Done(times) = house.care.free_times(&ann, "ann", (channel, day)).await.unwrap() else {
            panic!("{day}: refused")
        };
        assert_eq!(times.slots.len(), usize::from(free), "{day}");
        let slot = format!("slot-{at}");
        let gone = |answer: bool| assert_eq!(answer, !free, "{slot}");
        let chosen = house.care.free_time(&ann, "ann", &slot).await.unwrap();
        gone(matches!(chosen, Answered::Refused { why: Refusal::SlotGone, .. }));
        let booked = house.care.book(&ann, "ann", (&slot, ""), &format!("k{at}")).await.unwrap();
        gone(matches!(booked, Answered::Refused { why: Refusal::SlotGone, .. }));
    }
}

#[tokio::test]
async fn an_appointment_under_an_earlier_number_is_listed_and_cancelled_while_the_link_stands() {
    let house = house();
    with_diary(&house).await;
    person(&house, "before", "").await;
    let booked = house.care.book(&patient("before"), "before", ("slot-0", ""), "k").await.unwrap();
    let Answered::Done(booked) = booked else { panic!("{booked:?}") };
    let link = |type_: &str, other: &str| {
        format!(r#""link":[{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}],"#)
    };
    let now = patient("now");
    let listed =
        async |actor: &Actor, id: &str| house.care.appointments(actor, id).await.unwrap().upcoming.len();
    person(&house, "now", "").await;
    person(&house, "other", "").await;
    assert_eq!(listed(&now, "now").await, 0);
    person(&house, "now", &link("replaces", "before")).await;
    assert_eq!(listed(&now, "now").await, 0, "one side alone says nothing");
    person(&house, "before", &link("replaced-by", "now")).await;
    assert_eq!((listed(&now, "now").await, listed(&patient("other"), "other").await), (1, 0));
    let cancelled = house.care.change_appointment(&now, "now", (&booked.id, None), "c").await.unwrap();
    assert!(matches!(cancelled, Answered::Done(_)), "{cancelled:?}");
    person(&house, "before", "").await;
    assert_eq!(listed(&now, "now").await, 0, "the link was taken back");
}
