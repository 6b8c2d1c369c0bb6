//! A person under two numbers: what a patient is told of test results and messages from both while the merge stands, where what is
//! written to the earlier one is brought, and that a merge that is taken back takes all of it back.
#![expect(clippy::unwrap_used, reason = "tests stop at what they do not expect")]

use care::messages::{DAY_MAX, Draft, Patience, Refusal, Unsent, due};
use care::view::{Section, Unseen};
use care::{Actor, Care, Purpose, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store};

const PRACTICE: &str = "ZZ4001";

/// Sunday 22 November 2026, 10:00 in London, a second later at each look.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(0x9e37_79b9, Ordering::Relaxed).to_le_bytes()[1];
        }
    }
}

struct House {
    care: Care,
    store: Store,
    _folder: tempfile::TempDir,
}

impl House {
    /// A surgery, and two Patients of it that nobody has merged.
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            clock: Arc::new(Ticking(AtomicI64::new(1_795_341_600))),
            entropy: Arc::new(Counting(AtomicU64::new(7))),
        };
        let store = Store::open(folder.path(), Options::default(), environment).unwrap();
        let house = Self { care: Care::new(store.clone()), store, _folder: folder };
        let practice = fhir::identity::organization(PRACTICE);
        house
            .put(&format!(
                r#"{{"resourceType":"Organization","id":"{practice}","name":"Surgery","identifier":[{{"system":"{}","value":"{PRACTICE}"}}]}}"#,
                fhir::systems::ODS
            ))
            .await;
        for id in ["now", "before", "other"] {
            house.person(id, "").await;
        }
        house
    }

    async fn put(&self, text: &str) {
        let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let resource = Prepared::new(value).unwrap();
        self.store.write(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any)).await.unwrap();
    }

    /// A Patient with an address of their own, and with its links as JSON.
    async fn person(&self, id: &str, links: &str) {
        self.put(&format!(
            r#"{{"resourceType":"Patient","id":"{id}",{links}"name":[{{"text":"Person {id}"}}],"address":[{{"line":["1 {id} Street"]}}],
            "telecom":[{{"system":"email","value":"{id}@example.org"}}],
            "generalPractitioner":[{{"identifier":{{"system":"{}","value":"{PRACTICE}"}}}}]}}"#,
            fhir::systems::ODS
        ))
        .await;
    }

    /// Both Patients state the merge.
    async fn merge(&self) {
        self.person("now", &link("replaces", "before")).await;
        self.person("before", &link("replaced-by", "now")).await;
    }

    /// A blood test of somebody, with one value.
    async fn test(&self, id: &str, of: &str, at: &str, value: u32) {
        let code = r#""code":{"coding":[{"system":"http://snomed.info/sct","code":"1022431000000105","display":"Haemoglobin"}]}"#;
        self.put(&format!(
            r#"{{"resourceType":"Observation","id":"{id}-value","status":"final","subject":{{"reference":"Patient/{of}"}},{code},
            "effectiveDateTime":"{at}","valueQuantity":{{"value":{value},"unit":"g/L"}}}}"#
        ))
        .await;
        self.put(&format!(
            r#"{{"resourceType":"DiagnosticReport","id":"{id}","status":"final","subject":{{"reference":"Patient/{of}"}},{code},
            "effectiveDateTime":"{at}","issued":"{at}","result":[{{"reference":"Observation/{id}-value"}}]}}"#
        ))
        .await;
    }

    /// The reports in somebody's feed.
    async fn feed(&self, id: &str) -> Vec<String> {
        let feed = self.care.results(&patient(id), id, None).await.unwrap();
        shown(&feed.results).iter().map(|one| one.report.id.clone()).collect()
    }

    /// The threads in somebody's inbox, and how many messages are new.
    async fn inbox(&self, id: &str) -> (Vec<String>, u64) {
        let new = self.care.message_news(&patient(id), id).await.unwrap().count;
        let inbox = self.care.inbox(&patient(id), id, None).await.unwrap();
        (shown(&inbox.threads).iter().map(|one| one.thread.clone()).collect(), new)
    }

    async fn write(&self, id: &str, once: &str) -> Result<String, Unsent> {
        self.care.send_message(&patient(id), (id, once), draft("surgery", Some("My knee"))).await
    }

    /// To which letters' addresses what waits is brought.
    async fn brought(&self) -> Vec<String> {
        let patience = Patience { unread: jiff::SignedDuration::ZERO, ..Patience::default() };
        let round = due(&self.store, patience, None).await.unwrap();
        round.parcels.into_iter().map(|parcel| parcel.address).collect()
    }
}

/// The entries of a section that was read.
fn shown<T>(section: &Section<T>) -> &[T] {
    assert!(matches!(section, Section::Shown(_)), "not allowed, or failed");
    section.items()
}

fn link(type_: &str, other: &str) -> String {
    format!(r#""link":[{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}],"#)
}

fn draft(to: &str, subject: Option<&str>) -> Draft {
    Draft { to: to.into(), subject: subject.map(str::to_owned), text: "It still hurts.".into(), sure: true }
}

fn patient(id: &str) -> Actor {
    Actor {
        id: format!("Patient/{id}").as_str().into(),
        role: Role::Patient { patient: id.into() },
        purpose: Purpose::PatientRequest,
        ..Actor::system("t")
    }
}

fn surgery() -> Actor {
    Actor {
        id: "Practitioner/gp".into(),
        name: String::from("Dr Surgery"),
        role: Role::Surgery { break_glass: None },
        organisation: PRACTICE.into(),
        purpose: Purpose::Treat,
        ..Actor::system("t")
    }
}

#[tokio::test]
async fn results_under_both_numbers_are_one_feed_and_one_trend_while_the_merge_stands() {
    let house = House::open().await;
    house.test("old", "before", "2026-11-10T09:00:00Z", 118).await;
    house.test("new", "now", "2026-11-20T09:00:00Z", 126).await;
    house.test("strange", "other", "2026-11-21T09:00:00Z", 99).await;
    assert_eq!(house.feed("now").await, ["new"]);
    house.person("now", &link("replaces", "before")).await;
    assert_eq!(house.feed("now").await, ["new"], "one side alone says nothing");
    house.merge().await;
    assert_eq!(house.feed("now").await, ["new", "old"]);
    assert_eq!(house.feed("other").await, ["strange"]);
    let trend = house.care.trend(&patient("now"), "now", "old-value").await.unwrap();
    let values: Vec<Option<f64>> = trend.points.iter().map(|point| point.number).collect();
    assert_eq!(values, [Some(126.0), Some(118.0)]);
    // Both are news until the person has opened them.
    let news = async || {
        let matters = house.care.result_matters(&patient("now"), "now").await.unwrap();
        matters.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(news().await, ["new", "old"]);
    let opened = house.care.result(&patient("now"), "now", "old").await.unwrap();
    let clock = house.store.environment().clock.now();
    house.care.result_seen(&patient("now"), "now", (&opened, clock)).await.unwrap();
    assert_eq!(news().await, ["new"]);
    house.person("before", "").await;
    assert_eq!(house.feed("now").await, ["new"], "the link was taken back");
    let gone = house.care.result(&patient("now"), "now", "old").await;
    assert_eq!(gone.unwrap_err(), Unseen::NotFound);
    assert_eq!(house.care.trend(&patient("now"), "now", "old-value").await.unwrap_err(), Unseen::NotFound);
    assert_eq!(house.care.trend(&patient("now"), "now", "new-value").await.unwrap().points.len(), 1);
}

#[tokio::test]
async fn a_thread_begun_under_the_earlier_number_is_gone_on_with_and_lost_again_when_the_merge_is_taken_back()
{
    let house = House::open().await;
    let thread = house.write("before", "w1").await.unwrap();
    assert_eq!(house.inbox("now").await, (Vec::new(), 0));
    house.merge().await;
    let answer = house.care.answer_message(&surgery(), (&thread, "s1"), draft("", None)).await;
    assert_eq!(answer, Ok(()));
    assert_eq!(house.inbox("now").await, (vec![thread.clone()], 1));
    assert_eq!(house.inbox("other").await, (Vec::new(), 0));
    // Reading it notes that it was opened, and what is answered stands in the same thread.
    let read = house.care.thread(&patient("now"), &thread).await.unwrap();
    assert_eq!((read.messages.len(), read.name.as_str()), (2, "Person now"));
    assert_eq!(house.inbox("now").await.1, 0);
    let answer = house.care.answer_message(&patient("now"), (&thread, "w2"), draft("", None)).await;
    assert_eq!(answer, Ok(()));
    let own = house.write("now", "w3").await.unwrap();
    assert_eq!(house.inbox("now").await.0, [own.clone(), thread.clone()]);
    let staff = house.care.thread(&surgery(), &thread).await.unwrap();
    assert_eq!(staff.messages.len(), 3);
    house.person("now", "").await;
    assert_eq!(house.inbox("now").await.0, [own], "the link was taken back");
    assert_eq!(house.care.thread(&patient("now"), &thread).await.unwrap_err(), Unseen::NotFound);
    let refused = house.care.answer_message(&patient("now"), (&thread, "w4"), draft("", None)).await;
    assert_eq!(refused, Err(Unsent::Unseen(Unseen::NotFound)));
    assert_eq!(house.inbox("before").await.0, [thread], "and it lies where it always lay");
}

#[tokio::test]
async fn what_is_written_to_the_earlier_number_is_brought_to_where_the_person_is_now() {
    let house = House::open().await;
    let thread = house.write("before", "w1").await.unwrap();
    house.care.answer_message(&surgery(), (&thread, "s1"), draft("", None)).await.unwrap();
    assert_eq!(house.brought().await, ["before@example.org"]);
    house.person("before", &link("replaced-by", "now")).await;
    assert_eq!(house.brought().await, ["before@example.org"], "one side alone leads no letter elsewhere");
    house.merge().await;
    assert_eq!(house.brought().await, ["now@example.org"]);
    let letter = house.care.letter(&patient("now"), &thread).await.unwrap();
    assert_eq!((letter.name.as_str(), letter.address), ("Person now", vec![String::from("1 now Street")]));
    house.person("now", "").await;
    assert_eq!(house.brought().await, ["before@example.org"]);
}

#[tokio::test]
async fn a_days_messages_are_counted_over_both_numbers() {
    let house = House::open().await;
    for number in 0..DAY_MAX - 1 {
        house.write("before", &format!("b{number}")).await.unwrap();
    }
    house.merge().await;
    let last = house.write("now", "n1").await.unwrap();
    assert_eq!(house.write("now", "n2").await, Err(Unsent::Refused(Refusal::TooMany)));
    house.care.answer_message(&surgery(), (&last, "s1"), draft("", None)).await.unwrap();
    let answer = house.care.answer_message(&patient("now"), (&last, "n3"), draft("", None)).await;
    assert_eq!(answer, Err(Unsent::Refused(Refusal::TooMany)), "nor by answering");
}
