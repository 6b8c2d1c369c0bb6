//! Doing something in a patient's place, against a real store: who may, for whom, on whose word, and the letter that tells it.
#![expect(clippy::unwrap_used, reason = "tests stop at what they do not expect")]

use care::assisted::{Asked, Deed, Letter, Started, confirm};
use care::family::{Application, Basis, Category, Kin, Order};
use care::patient_search::{Ask, Matches};
use care::prescriptions::Ask as Wish;
use care::view::Unseen;
use care::{Actor, Care, Purpose, Role};
use fhir::json::{Limits, Value, parse};
use fhir::search::{Handling, Query};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store};

/// Sunday 22 November 2026, 10:00 in London, a second later at each look.
const START: i64 = 1_795_341_600;

#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(START + self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
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
    clock: Arc<Ticking>,
    _folder: tempfile::TempDir,
}

const PRACTICE: &str = "ZZ4001";

fn person(id: &str, practice: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","birthDate":"1950-01-01","name":[{{"family":"Sample","given":["{id}"]}}],
        "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{}"}}],
        "address":[{{"line":["1 Sample Street"],"city":"Sampleton","postalCode":"QB1 1AA"}}],{more}
        "generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{practice}"}}}}]}}"#,
        match id {
            "ann" => "9990079196",
            "bob" => "9990000018",
            _ => "9990237573",
        }
    )
}

fn plan(id: &str, patient: &str) -> String {
    format!(
        r#"{{"resourceType":"MedicationRequest","id":"{id}","status":"active","intent":"plan","authoredOn":"2020-01-05",
        "subject":{{"reference":"Patient/{patient}"}},"medicationCodeableConcept":{{"text":"Medicine {id}"}},
        "courseOfTherapyType":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy","code":"continuous"}}]}}}}"#
    )
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Ticking::default());
        let environment =
            Environment { clock: clock.clone(), entropy: Arc::new(Counting(AtomicU64::new(7))) };
        let store = Store::open(folder.path(), Options::default(), environment).unwrap();
        let house = Self { care: Care::new(store.clone()), store, clock, _folder: folder };
        for document in [
            person("ann", PRACTICE, ""),
            person("bob", PRACTICE, ""),
            person("cas", "ZZ4002", ""),
            plan("one", "ann"),
            plan("two", "ann"),
        ] {
            house.put(&document).await;
        }
        house
    }

    async fn put(&self, document: &str) {
        let value = parse(document.as_bytes(), &Limits::default()).unwrap();
        let prepared = Prepared::new(value).unwrap();
        self.store.write(Actor::system("test"), move |t| t.update(&prepared, IfMatch::Any)).await.unwrap();
    }

    async fn search(&self, type_: &str, name: &str, value: &str) -> Vec<Value> {
        let pairs = [(name.to_owned(), value.to_owned())];
        let query = Query::parse(type_, &pairs, Handling::Strict).unwrap().query;
        let found = self.store.read(Actor::system("test"), move |s| s.search(&query)).await.unwrap();
        found.entries.iter().map(|one| one.resource.value().unwrap()).collect()
    }

    /// Staff order a medicine in a patient's place.
    async fn order(&self, staff: &Actor, started: &Started, medicine: &str, once: &str) {
        let acting = self.care.assisting(staff, started).await.unwrap();
        let actor = staff.asked_by(acting.in_place.unwrap().behalf);
        let wish = Wish { medicines: vec![medicine.to_owned()], note: String::new() };
        self.care.request_repeats(&actor, (&started.patient, once), wish).await.unwrap();
    }

    async fn letters(&self) -> Vec<String> {
        let found = self.search("Communication", "category", "assisted").await;
        let words =
            |one: &Value| one.items("payload").first()?.text_at(&["contentString"]).map(str::to_owned);
        found.iter().filter_map(words).collect()
    }
}

fn staff(key: &str, role: Role, organisation: &str) -> Actor {
    Actor {
        id: format!("Practitioner/{key}").as_str().into(),
        name: format!("Dr {key}"),
        role,
        organisation: organisation.into(),
        purpose: Purpose::Treat,
        ..Actor::system("t")
    }
}

fn gp(key: &str) -> Actor {
    staff(key, Role::Surgery { break_glass: None }, PRACTICE)
}

fn patient(id: &str) -> Actor {
    Actor {
        id: format!("Patient/{id}").as_str().into(),
        name: id.to_owned(),
        role: Role::Patient { patient: id.into() },
        purpose: Purpose::PatientRequest,
        ..Actor::system("t")
    }
}

fn called(patient: &str) -> Started {
    Started { patient: patient.into(), asked: Asked::Phone, post: true }
}

#[tokio::test]
async fn only_their_own_surgery_and_only_while_it_is_theirs() {
    let house = House::open().await;
    assert_eq!(house.care.assisting(&gp("a"), &called("ann")).await.unwrap().name, "ann Sample");
    let glass = Some(care::BreakGlass { patient: "cas".into(), reason: String::from("collapsed") });
    let refused = [
        (gp("a"), "cas"),
        (gp("a"), "nobody"),
        (staff("b", Role::Surgery { break_glass: None }, "ZZ4002"), "ann"),
        (staff("b", Role::Surgery { break_glass: glass }, PRACTICE), "cas"),
        (staff("c", Role::Receptionist, PRACTICE), "cas"),
        (staff("c", Role::Receptionist, "ZZ4002"), "ann"),
        (staff("c", Role::Operator, PRACTICE), "ann"),
        (patient("ann"), "ann"),
    ];
    for (actor, whom) in refused {
        let standing = house.care.assisting(&actor, &called(whom)).await;
        assert_eq!(standing.unwrap_err(), Unseen::NotFound, "{:?} for {whom}", actor.role);
        assert_eq!(house.care.to_assist(&actor, whom).await.unwrap_err(), Unseen::NotFound);
    }
    house.put(&person("ann", "ZZ4002", "")).await;
    house.put(&person("bob", PRACTICE, r#""deceasedBoolean":true,"#)).await;
    for gone in ["ann", "bob"] {
        assert_eq!(house.care.assisting(&gp("a"), &called(gone)).await.unwrap_err(), Unseen::NotFound);
    }
    assert!(house.care.to_assist(&gp("a"), "bob").await.unwrap().closed);
}

#[tokio::test]
async fn a_search_needs_a_number_or_a_date_finds_only_their_own_and_is_audited() {
    let house = House::open().await;
    let born = jiff::civil::date(1950, 1, 1);
    let found = |asked: Result<Matches, Unseen>| match asked.unwrap() {
        Matches::Found(all) => all.into_iter().map(|one| one.patient_id).collect::<Vec<_>>(),
        Matches::TooMany { .. } => panic!("too many"),
    };
    let by_name = Ask::NameAndBirth { name: "Sample".into(), born };
    let mut all = found(house.care.find_to_assist(&gp("a"), &by_name).await);
    all.sort();
    assert_eq!(all, ["ann", "bob"]);
    assert_eq!(
        found(house.care.find_to_assist(&gp("a"), &Ask::NhsNumber("9990237573".into())).await),
        [""; 0]
    );
    let name = house.care.find_to_assist(&gp("a"), &Ask::Name("Sample".into())).await;
    assert!(matches!(name, Err(Unseen::Invalid(_))));
    let rows =
        house.store.read(Actor::system("t"), |s| s.audit_about_patient("ann", 50, None)).await.unwrap();
    let mine = rows.iter().find(|row| row.agent == *"Practitioner/a").unwrap();
    assert_eq!((mine.action.as_str(), mine.purpose.as_str()), ("E", "HOPERAT"));
}

#[tokio::test]
async fn one_letter_tells_what_one_hand_did_in_a_row() {
    let house = House::open().await;
    let started = called("ann");
    house.order(&gp("a"), &started, "one", "1").await;
    house.order(&gp("b"), &started, "two", "2").await;
    let finished = house.care.finish_assisting(&gp("a"), &started).await.unwrap();
    assert_eq!(finished.deeds, [Deed::Asked("Medicine one".into())]);
    assert_eq!(finished.letter, Letter::Sent(Some("1 Sample Street, Sampleton, QB1 1AA".into())));
    let letters = house.letters().await;
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert!(
        letter.contains("Dr a") && letter.contains("Medicine one") && !letter.contains("Medicine two"),
        "{letter}"
    );
    let again = house.care.finish_assisting(&gp("a"), &started).await.unwrap();
    assert_eq!((again.deeds, again.letter), (vec![], Letter::Nothing));
}

#[tokio::test]
async fn whoever_forgets_to_finish_is_finished_after_an_hour_and_once() {
    let house = House::open().await;
    let quiet = Started { post: false, asked: Asked::InPerson, ..called("ann") };
    house.order(&gp("a"), &quiet, "one", "1").await;
    assert_eq!(confirm(&house.store).await, Ok(0), "they may still be at it");
    house.clock.0.fetch_add(3600, Ordering::Relaxed);
    assert_eq!(confirm(&house.store).await, Ok(1));
    assert_eq!(confirm(&house.store).await, Ok(0));
    let letters = house.letters().await;
    assert!(
        letters.len() == 1 && letters.iter().all(|one| one.starts_with("You spoke with us")),
        "{letters:?}"
    );
    let found = house.search("Communication", "category", "assisted").await;
    assert!(
        found.iter().all(|one| one.get("meta").is_none_or(|meta| meta.items("tag").is_empty())),
        "nothing goes by post"
    );
}

#[tokio::test]
async fn a_carer_asks_only_while_they_may_and_is_shown_what_they_may_see() {
    let house = House::open().await;
    let application = Application {
        name: "Ann".into(),
        nhs_number: "9990079196".into(),
        born: jiff::civil::date(1950, 1, 1),
        kin: Kin::Partner,
        basis: Basis::Agreement,
        categories: vec![Category::Appointments],
    };
    let relationship = house.care.apply_for_family(&patient("bob"), "a", application).await.unwrap();
    let asked = Started { asked: Asked::Carer(relationship.as_str().into()), ..called("ann") };
    let doctor = gp("a");
    let standing = || house.care.assisting(&doctor, &asked);
    assert_eq!(standing().await.unwrap_err(), Unseen::NotFound, "not approved yet");
    assert!(house.care.to_assist(&gp("a"), "ann").await.unwrap().askers.is_empty());
    let order = |order, once| house.care.family_order(&GP, (&relationship, once), order);
    order(Order::Approve(vec![Category::Appointments]), "b").await.unwrap();
    let acting = standing().await.unwrap();
    let place = acting.in_place.unwrap();
    assert_eq!((place.asker.as_deref(), acting.categories), (Some("bob"), vec![Category::Appointments]));
    let actor = gp("a").asked_by(place.behalf);
    let seen = house.care.prescriptions(&actor, "ann").await.unwrap();
    assert!(matches!(seen.repeats, care::view::Section::NoAccess), "{:?}", seen.repeats);
    assert_eq!(
        house.care.family(&actor).await.unwrap_err(),
        Unseen::NoAccess,
        "who acts is the patient's to say"
    );
    let other = Started { patient: "bob".into(), ..asked.clone() };
    assert_eq!(house.care.assisting(&gp("a"), &other).await.unwrap_err(), Unseen::NotFound);

    // The patient hides from them, through the surgery.
    let own = house.care.assisting(&gp("a"), &called("ann")).await.unwrap().in_place.unwrap();
    let own = gp("a").asked_by(own.behalf);
    house.care.family_order(&own, (&relationship, "c"), Order::Hide).await.unwrap();
    assert_eq!(standing().await.unwrap_err(), Unseen::NotFound);
    assert!(house.care.to_assist(&gp("a"), "ann").await.unwrap().askers.is_empty(), "not named either");
    assert_eq!(house.search("Provenance", "target", "Patient/ann").await.len(), 1);
    let refused = house.care.family_order(&own, (&relationship, "d"), Order::Refuse).await;
    assert!(refused.is_err(), "a patient does not answer in the surgery's name");
}

static GP: std::sync::LazyLock<Actor> = std::sync::LazyLock::new(|| gp("a"));

#[tokio::test]
async fn a_hospitals_desk_helps_whom_the_hospital_has_or_was_sent_and_nobody_who_has_gone() {
    let house = House::open().await;
    let desk = staff("desk", Role::Receptionist, "ZZ5");
    let may = async |patient: &str| house.care.assisting(&desk, &called(patient)).await.is_ok();
    let code = r#"{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"ZZ5"}}"#;
    let stay = |status: &str| {
        format!(
            r#"{{"resourceType":"Encounter","id":"stay","status":"{status}","class":{{"code":"IMP"}},
            "subject":{{"reference":"Patient/ann"}},"serviceProvider":{code}}}"#
        )
    };
    let sent = |status: &str| {
        format!(
            r#"{{"resourceType":"ServiceRequest","id":"sent","status":"{status}","intent":"order",
            "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],
            "subject":{{"reference":"Patient/bob"}},"performer":[{code}]}}"#
        )
    };
    let number = Ask::NhsNumber("9990079196".into());
    let found = async || match house.care.find_to_assist(&desk, &number).await.unwrap() {
        Matches::Found(all) => all.len(),
        Matches::TooMany { .. } => panic!("too many"),
    };
    assert!(!may("ann").await && !may("bob").await && found().await == 0);
    house.put(&stay("in-progress")).await;
    house.put(&sent("active")).await;
    assert!(may("ann").await && may("bob").await && !may("cas").await && found().await == 1);

    // They do what the patient does, whose record says by whose hand; and read nothing in their own right.
    house.order(&desk, &called("ann"), "one", "1").await;
    let finished = house.care.finish_assisting(&desk, &called("ann")).await.unwrap();
    assert_eq!(finished.deeds, [Deed::Asked("Medicine one".into())]);
    let letters = house.letters().await;
    assert!(letters.iter().any(|one| one.contains("Dr desk")), "{letters:?}");
    let log = house.care.access_log(&patient("ann"), "ann", None).await.unwrap();
    let log = format!("{:?}", log.looks.items());
    assert!(log.contains("Dr desk") && log.contains("OnBehalf(\"phone\")"), "{log}");
    assert_eq!(house.care.access_log(&desk, "ann", None).await.unwrap_err(), Unseen::NoAccess);

    // Both are over: a desk still finds them as people it had, and does nothing for them.
    house.put(&stay("finished")).await;
    house.put(&sent("completed")).await;
    assert!(!may("ann").await && !may("bob").await && found().await == 0);
    assert_eq!(house.care.to_assist(&desk, "ann").await.unwrap_err(), Unseen::NotFound);
}

#[tokio::test]
async fn a_desk_is_told_who_may_ask_for_a_patient() {
    let house = House::open().await;
    let application = Application {
        name: "Ann".into(),
        nhs_number: "9990079196".into(),
        born: jiff::civil::date(1950, 1, 1),
        kin: Kin::Partner,
        basis: Basis::Agreement,
        categories: vec![Category::Appointments],
    };
    let relationship = house.care.apply_for_family(&patient("bob"), "a", application).await.unwrap();
    let order = Order::Approve(vec![Category::Appointments]);
    house.care.family_order(&GP, (&relationship, "b"), order).await.unwrap();
    let desk = staff("desk", Role::Receptionist, PRACTICE);
    let askers = house.care.to_assist(&desk, "ann").await.unwrap().askers;
    assert_eq!(askers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["bob"]);
    let asked = Started { asked: Asked::Carer(relationship.as_str().into()), ..called("ann") };
    let acting = house.care.assisting(&desk, &asked).await.unwrap();
    assert_eq!(acting.categories, [Category::Appointments]);
}
