//! Acting for others on a real record: apply, approve, look, hide, show, review, stop; and what every side may know.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at what they do not expect")]

#[path = "family/lapse.rs"]
mod lapse;

use care::assisted::{Asked, Started};
use care::family::{Application, Basis, Category, Kin, Order, Refusal, Standing, Undone, Why, tell};
use care::messages::Draft;
use care::prescriptions::{Answer, Ask};
use care::record::Part;
use care::view::Unseen;
use care::{Actor, Care, Clock, Entropy, Purpose, Role};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Environment, IfMatch, Options, Prepared, Store};

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

const NUMBERS: [&str; 3] = ["9990000018", "9990000026", "9990000034"];

struct World {
    care: Care,
    store: Store,
    clock: Arc<Moving>,
    _folder: tempfile::TempDir,
}

fn put(store: &Store, text: &str) {
    let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
    let resource = Prepared::new(value).unwrap();
    store.write_blocking(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

fn person(store: &Store, id: &str, number: &str, (given, born): (&str, &str)) {
    let practice = fhir::identity::organization("Y10001");
    put(
        store,
        &format!(
            r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}],
            "name":[{{"family":"Example","given":["{given}"]}}],"birthDate":"{born}",
            "generalPractitioner":[{{"reference":"Organization/{practice}"}}]}}"#
        ),
    );
}

fn surgery(store: &Store, extension: &str) {
    let practice = fhir::identity::organization("Y10001");
    put(
        store,
        &format!(
            r#"{{"resourceType":"Organization","id":"{practice}",{extension}"name":"Surgery",
            "identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y10001"}}]}}"#
        ),
    );
}

/// A mother, her son of eight and her daughter of twelve, all of one practice.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let clock = Arc::new(Moving(AtomicI64::new(start.as_second())));
    let environment = Environment { clock: clock.clone(), entropy: Arc::new(Counting(AtomicU64::new(1))) };
    let options = Options { readers: 1, reserve_bytes: 1 << 16, ..Options::default() };
    let (path, folder) = (folder.path().to_path_buf(), folder);
    // Blocking writes are not for a runtime's threads.
    let store = std::thread::spawn(move || {
        let store = Store::open(&path, options, environment).unwrap();
        surgery(&store, "");
        person(&store, "mother", NUMBERS[0], ("Mo", "1985-01-02"));
        person(&store, "son", NUMBERS[1], ("Sonny", "2018-05-20"));
        person(&store, "daughter", NUMBERS[2], ("Dot", "2014-05-20"));
        for (id, meta) in [
            ("plain", ""),
            (
                "private",
                r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"SEX"}]},"#,
            ),
        ] {
            put(
                &store,
                &format!(
                    r#"{{"resourceType":"Condition","id":"{id}",{meta}"subject":{{"reference":"Patient/son"}},"code":{{"text":"{id} condition"}},
                    "clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}}]}}}}"#
                ),
            );
        }
        store
    });
    let store = store.join().unwrap();
    World { care: Care::new(store.clone()), store, clock, _folder: folder }
}

fn patient(id: &str) -> Actor {
    Actor {
        id: format!("Patient/{id}").as_str().into(),
        name: format!("The {id}"),
        role: Role::Patient { patient: id.into() },
        purpose: Purpose::PatientRequest,
        ..Actor::system("trace")
    }
}

fn doctor(organisation: &str) -> Actor {
    Actor {
        id: "Practitioner/gp".into(),
        name: String::from("Dr Sample"),
        role: Role::Surgery { break_glass: None },
        organisation: organisation.into(),
        ..Actor::system("trace")
    }
}

fn wanting(number: &str, born: Date) -> Application {
    Application {
        name: String::from("As I call them"),
        nhs_number: number.to_owned(),
        born,
        kin: Kin::Parent,
        basis: Basis::Parental,
        categories: Category::ALL.to_vec(),
    }
}

impl World {
    async fn apply(&self, once: &str, number: &str, born: Date) -> String {
        self.care.apply_for_family(&patient("mother"), once, wanting(number, born)).await.unwrap()
    }

    async fn approve(&self, id: &str) {
        let order = Order::Approve(Category::ALL.to_vec());
        self.care.family_order(&doctor("Y10001"), (id, "approve"), order).await.unwrap();
    }

    fn pass(&self, days: i64) {
        self.clock.0.fetch_add(days * 24 * 3600, Ordering::SeqCst);
    }

    /// How many there are of a type for an actor, and their words.
    async fn found(&self, actor: Actor, type_: &'static str, subject: &str) -> Vec<String> {
        let pairs = vec![(String::from("subject"), format!("Patient/{subject}"))];
        let read = self.store.read(actor, move |snapshot| {
            let query = fhir::search::Query::parse(type_, &pairs, fhir::search::Handling::Strict);
            Ok(snapshot.search(&query.unwrap().query)?.entries)
        });
        let words = |entry: &store::search::Entry| String::from_utf8(entry.resource.json.to_vec()).unwrap();
        read.await.unwrap().iter().map(words).collect()
    }

    /// How many an actor finds of a type; `None` when it is closed to them.
    async fn found_or_closed(&self, actor: Actor, type_: &'static str) -> Option<usize> {
        let read = self.store.read(actor, move |snapshot| {
            let query = fhir::search::Query::parse(type_, &[], fhir::search::Handling::Strict);
            Ok(snapshot.search(&query.unwrap().query)?.entries.len())
        });
        read.await.ok()
    }

    async fn told(&self, whom: &str, words: &str) -> bool {
        let all = self.found(Actor::system("test"), "Communication", whom).await;
        all.iter().any(|one| one.contains(words))
    }
}

const SON: Date = date(2018, 5, 20);
const DAUGHTER: Date = date(2014, 5, 20);
const ABSENT: Unseen = Unseen::NotFound;

#[tokio::test]
async fn a_parent_applies_is_approved_looks_and_is_seen_looking() {
    let world = world();
    let mother = patient("mother");
    let id = world.apply("k1", NUMBERS[1], SON).await;
    assert_eq!(world.apply("k1", NUMBERS[1], SON).await, id, "sent twice is sent once");
    assert_eq!(world.apply("k2", NUMBERS[1], SON).await, id, "another window sends the same application");
    let wrong = world.apply("k3", NUMBERS[1], DAUGHTER).await;
    assert_ne!(wrong, id, "what fits nobody is another application");
    assert_eq!(world.apply("k4", NUMBERS[1], DAUGHTER).await, wrong);
    assert_eq!(world.care.family(&mother).await.unwrap().caring.len(), 2);
    world.pass(91);
    assert_eq!(world.care.standing(&mother, &id).await, Err(ABSENT), "not before the surgery says so");
    let family = world.care.family(&mother).await.unwrap();
    assert_eq!(family.caring.len(), 1);
    assert_eq!(
        (family.caring[0].name.as_str(), family.caring[0].standing),
        ("As I call them", Standing::Waiting)
    );

    assert_eq!(
        world.care.family_queue(&doctor("Y10002")).await.unwrap(),
        [],
        "another practice sees nothing of it"
    );
    let queue = world.care.family_queue(&doctor("Y10001")).await.unwrap();
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].patient_name, "EXAMPLE, Sonny");
    let elsewhere = world.care.family_order(&doctor("Y10002"), (&id, "x"), Order::Refuse).await;
    assert_eq!(elsewhere, Err(Undone::Unseen(ABSENT)));
    world.approve(&id).await;

    let acting = world.care.standing(&mother, &id).await.unwrap();
    assert_eq!((acting.patient.as_str(), acting.name.as_str()), ("son", "Sonny Example"));
    let carer = Actor { role: acting.role, ..mother.clone() };
    let record = world.care.record(&carer, "son", Part::Problems, None).await.unwrap();
    let text = format!("{record:?}");
    assert!(text.contains("plain condition") && !text.contains("private condition"), "{text}");
    let own = world.care.record(&carer, "mother", Part::Problems, None).await;
    assert!(own.is_err(), "as a carer one sees nobody else, not even oneself");

    let log = world.care.access_log(&patient("son"), "son", None).await.unwrap();
    let seen = log.looks.items().iter().find(|look| look.role == "Acting for you").unwrap();
    assert_eq!(seen.who.as_deref(), Some("The mother"));
    assert!(world.told("son", "can now act for you").await);
    assert!(world.told("mother", "You can now act for").await);
}

#[tokio::test]
async fn an_application_tells_nothing_of_whether_there_is_such_a_person() {
    let world = world();
    let mother = patient("mother");
    let right = world.apply("k1", NUMBERS[1], SON).await;
    for (key, number, born) in [("k2", NUMBERS[1], date(2018, 5, 21)), ("k3", "9990000042", SON)] {
        let wrong = world.apply(key, number, born).await;
        assert_eq!(wrong.len(), right.len());
    }
    let family = world.care.family(&mother).await.unwrap();
    assert_eq!(family.caring.len(), 3);
    assert!(family.caring.iter().all(|one| one.standing == Standing::Waiting && one.kin.is_none()));
    assert_eq!(world.care.family_queue(&doctor("Y10001")).await.unwrap().len(), 1);
    let own = Application { basis: Basis::Agreement, ..wanting(NUMBERS[0], date(1985, 1, 2)) };
    let yourself = world.care.apply_for_family(&mother, "k4", own).await;
    assert_eq!(yourself, Err(Undone::Refused(Refusal::Yourself)));
}

#[tokio::test]
async fn another_s_relationship_is_nobody_else_s() {
    let world = world();
    let id = world.apply("k1", NUMBERS[1], SON).await;
    world.approve(&id).await;
    for other in ["daughter", "son"] {
        assert_eq!(world.care.standing(&patient(other), &id).await, Err(ABSENT), "{other}");
        let stopped = world.care.stop_acting(&patient(other), &id).await;
        assert_eq!(stopped, Err(Undone::Unseen(ABSENT)), "{other}");
    }
    for order in [Order::End, Order::Hide] {
        let tried = world.care.family_order(&patient("daughter"), (&id, "x"), order).await;
        assert_eq!(tried, Err(Undone::Unseen(ABSENT)));
    }
    let more = Order::Approve(vec![Category::Record]);
    let mother = world.care.family_order(&patient("mother"), (&id, "x"), more).await;
    assert_eq!(mother, Err(Undone::Unseen(Unseen::NoAccess)));
}

#[tokio::test]
async fn hiding_and_revoking_work_at_the_next_request() {
    let world = world();
    let (mother, son) = (patient("mother"), patient("son"));
    let id = world.apply("k1", NUMBERS[1], SON).await;
    world.approve(&id).await;
    let order = async |key: &str, order| world.care.family_order(&son, (&id, key), order).await.unwrap();
    let told = world.found(Actor::system("test"), "Communication", "mother").await.len();
    order("h1", Order::Hide).await;
    assert_eq!(world.care.standing(&mother, &id).await, Err(ABSENT));
    assert!(world.care.family(&mother).await.unwrap().caring.is_empty(), "as if it had never been");
    assert_eq!(world.care.stop_acting(&mother, &id).await, Err(Undone::Unseen(ABSENT)));
    let now = world.found(Actor::system("test"), "Communication", "mother").await.len();
    assert_eq!(now, told, "and not a word to her");
    assert!(world.care.family(&son).await.unwrap().helpers[0].hidden);
    order("s1", Order::Show).await;
    assert!(world.care.standing(&mother, &id).await.is_ok());
    order("e1", Order::End).await;
    assert_eq!(world.care.standing(&mother, &id).await, Err(ABSENT));
    assert!(world.care.family(&son).await.unwrap().helpers.is_empty());
    assert!(world.told("mother", "no longer act").await);
}

#[tokio::test]
async fn a_carer_stops_and_may_apply_again() {
    let world = world();
    let id = world.apply("k1", NUMBERS[1], SON).await;
    world.approve(&id).await;
    world.apply("k2", NUMBERS[1], SON).await;
    assert!(
        world.care.family_queue(&doctor("Y10001")).await.unwrap().is_empty(),
        "one relationship at a time"
    );
    world.care.stop_acting(&patient("mother"), &id).await.unwrap();
    assert_eq!(world.care.standing(&patient("mother"), &id).await, Err(ABSENT));
    world.apply("k3", NUMBERS[1], SON).await;
    assert_eq!(world.care.family_queue(&doctor("Y10001")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn thirteen_suspends_a_review_opens_and_sixteen_ends() {
    let world = world();
    let mother = patient("mother");
    let id = world.apply("k1", NUMBERS[2], DAUGHTER).await;
    world.approve(&id).await;
    assert!(world.care.standing(&mother, &id).await.is_ok(), "twelve");
    // Towards 20 May 2027, the thirteenth birthday.
    world.pass(150);
    tell(&world.store).await.unwrap();
    assert!(world.told("daughter", "stops seeing your record").await);
    assert!(world.told("mother", "is suspended, unless").await);
    assert_eq!(tell(&world.store).await.unwrap(), 0, "nobody is told twice");
    world.pass(29);
    assert_eq!(world.care.standing(&mother, &id).await, Err(ABSENT));
    let family = world.care.family(&mother).await.unwrap();
    let suspended = Standing::Suspended(Why::ReviewDue);
    assert_eq!((family.caring[0].name.as_str(), family.caring[0].standing), ("Dot Example", suspended));
    assert_eq!(world.care.family_queue(&doctor("Y10001")).await.unwrap()[0].standing, suspended);
    let review = Order::Review { competent: true, agrees: true };
    world.care.family_order(&doctor("Y10001"), (&id, "r1"), review).await.unwrap();
    let acting = world.care.standing(&mother, &id).await.unwrap();
    // The assessment is in the record, and the carer does not see it.
    let carer = Actor { role: acting.role, ..mother.clone() };
    assert_eq!(world.found(carer, "Observation", "daughter").await, Vec::<String>::new());
    assert_eq!(world.found(patient("daughter"), "Observation", "daughter").await.len(), 1);
    world.pass(3 * 366);
    assert_eq!(world.care.standing(&mother, &id).await, Err(ABSENT), "sixteen");
}

#[tokio::test]
async fn a_surgery_that_suspends_at_twelve_is_obeyed() {
    let world = world();
    let id = world.apply("k1", NUMBERS[2], DAUGHTER).await;
    world.approve(&id).await;
    let store = world.store.clone();
    let twelve = r#""extension":[{"url":"https://bevan.example/StructureDefinition/family-access-suspended-from","valueInteger":12}],"#;
    std::thread::spawn(move || surgery(&store, twelve)).join().unwrap();
    assert_eq!(world.care.standing(&patient("mother"), &id).await, Err(ABSENT));
}

/// What a mother of theirs, who may read everything that can be opened, finds in a child's messages.
async fn read_by_mother(world: &World, id: &str, child: &str) -> Vec<String> {
    let mother = patient("mother");
    let role = world.care.standing(&mother, id).await.unwrap().role;
    world.found(Actor { role, ..mother }, "Communication", child).await
}

#[tokio::test]
async fn what_somebody_is_told_about_those_who_act_or_looked_is_theirs_alone() {
    let world = world();
    let id = world.apply("k1", NUMBERS[1], SON).await;
    world.approve(&id).await;
    let letter = r#"{"resourceType":"Communication","id":"ordinary","status":"completed","subject":{"reference":"Patient/son"},
        "recipient":[{"reference":"Patient/son"}],"sent":"2026-11-22T11:00:00Z","payload":[{"contentString":"Your eye test is due."}]}"#;
    let store = world.store.clone();
    std::thread::spawn(move || put(&store, letter)).join().unwrap();
    assert!(world.told("son", "hide your record from them").await, "the son is told how to hide");
    let read = read_by_mother(&world, &id, "son").await;
    assert!(read.len() == 1 && read[0].contains("eye test"), "{read:?}");
    // On the son's word staff hide his record from her and show it again: the letter about it is his.
    let doctor = doctor("Y10001");
    let started = Started { patient: "son".into(), asked: Asked::InPerson, post: false };
    let place = world.care.assisting(&doctor, &started).await.unwrap().in_place.unwrap();
    let own = doctor.asked_by(place.behalf);
    for (once, order) in [("h", Order::Hide), ("s", Order::Show)] {
        world.care.family_order(&own, (&id, once), order).await.unwrap();
    }
    world.care.finish_assisting(&doctor, &started).await.unwrap();
    assert!(world.told("son", "What other people may do for you was changed").await);
    assert_eq!(read_by_mother(&world, &id, "son").await, read);
}

#[tokio::test]
async fn what_is_said_about_something_sensitive_is_as_sensitive() {
    let world = world();
    let id = world.apply("k1", NUMBERS[2], DAUGHTER).await;
    world.approve(&id).await;
    let sensitive = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"SEX"}]},"#;
    let hospital = fhir::identity::organization("Y10009");
    let referral = format!(
        r#"{{"resourceType":"ServiceRequest","id":"clinic",{sensitive}"status":"active","intent":"order",
        "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],"code":{{"text":"Clinic"}},
        "subject":{{"reference":"Patient/daughter"}},"performer":[{{"reference":"Organization/{hospital}","display":"Hospital"}}]}}"#
    );
    let plan = format!(
        r#"{{"resourceType":"MedicationRequest","id":"pill",{sensitive}"status":"active","intent":"plan","authoredOn":"2020-01-05",
        "subject":{{"reference":"Patient/daughter"}},"medicationCodeableConcept":{{"text":"A private medicine"}},
        "courseOfTherapyType":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy","code":"continuous"}}]}}}}"#
    );
    let store = world.store.clone();
    std::thread::spawn(move || [referral, plan].iter().for_each(|one| put(&store, one))).join().unwrap();

    // A conversation on a sensitive referral, begun by the surgery and answered by the daughter.
    let doctor = doctor("Y10001");
    let words = |text: &str| Draft { text: text.into(), sure: true, ..Draft::default() };
    let begun =
        Draft { to: "clinic".into(), subject: Some("The clinic".into()), ..words("They will see you") };
    let thread = world.care.send_message(&doctor, ("daughter", "m1"), begun).await.unwrap();
    world.care.answer_message(&patient("daughter"), (&thread, "m2"), words("Thank you")).await.unwrap();
    assert!(world.told("daughter", "They will see you").await && world.told("daughter", "Thank you").await);
    // A repeat of a sensitive medicine, asked for by the surgery on her behalf, prescribed, and told in a letter.
    let started = Started { patient: "daughter".into(), asked: Asked::Phone, post: false };
    let place = world.care.assisting(&doctor, &started).await.unwrap().in_place.unwrap();
    let wish = Ask { medicines: vec![String::from("pill")], note: String::new() };
    let own = doctor.asked_by(place.behalf);
    let request = world.care.request_repeats(&own, ("daughter", "r1"), wish).await.unwrap();
    let lines = world.care.prescription_case(&doctor, &request).await.unwrap().lines;
    let lines = lines.into_iter().map(|one| one.line.id).collect();
    world.care.answer_prescriptions(&doctor, (&request, "r2"), (lines, Answer::Approve)).await.unwrap();
    world.care.finish_assisting(&doctor, &started).await.unwrap();
    assert!(world.told("daughter", "a repeat of A private medicine").await);

    assert_eq!(read_by_mother(&world, &id, "daughter").await, Vec::<String>::new());
    let mother = patient("mother");
    let role = world.care.standing(&mother, &id).await.unwrap().role;
    let seen = world.found(Actor { role, ..mother }, "MedicationRequest", "daughter").await;
    assert_eq!(seen, Vec::<String>::new());
    assert_eq!(world.found(patient("daughter"), "MedicationRequest", "daughter").await.len(), 3);
}

#[tokio::test]
async fn asking_again_for_somebody_who_hides_is_like_asking_for_nobody() {
    let world = world();
    let mother = patient("mother");
    let id = world.apply("k1", NUMBERS[1], SON).await;
    world.approve(&id).await;
    let order = Order::Hide;
    world.care.family_order(&patient("son"), (&id, "h1"), order).await.unwrap();
    let caring = async || {
        let family = world.care.family(&mother).await.unwrap();
        family.caring.into_iter().map(|one| (one.name, one.standing, one.kin)).collect::<Vec<_>>()
    };
    assert_eq!(caring().await, []);
    let waiting = (String::from("As I call them"), Standing::Waiting, None);
    // Of the son, who hides; of nobody.
    let again = world.apply("k2", NUMBERS[1], SON).await;
    assert_ne!(again, id);
    assert_eq!(caring().await, std::slice::from_ref(&waiting));
    world.apply("k3", NUMBERS[1], date(2018, 5, 21)).await;
    assert_eq!(caring().await, [waiting.clone(), waiting.clone()]);
    for key in ["k4", "k5"] {
        assert_eq!(
            world.apply(key, NUMBERS[1], SON).await,
            again,
            "the same application, whose window it is"
        );
    }
    assert_eq!(caring().await.len(), 2);
    assert_eq!(world.care.standing(&mother, &again).await, Err(ABSENT));
    assert!(world.care.family_queue(&doctor("Y10001")).await.unwrap().is_empty(), "the surgery is not asked");
}

#[tokio::test]
async fn a_number_that_stands_for_unknown_is_nobody_s() {
    let world = world();
    let store = world.store.clone();
    std::thread::spawn(move || person(&store, "son", "9999999999", ("Sonny", "2018-05-20"))).join().unwrap();
    world.apply("k1", "9999999999", SON).await;
    assert!(world.care.family_queue(&doctor("Y10001")).await.unwrap().is_empty());
}

#[tokio::test]
async fn five_applications_a_day_and_no_more_than_twenty_that_wait() {
    let world = world();
    let mother = patient("mother");
    let ask = async |key: u32, day: i8| {
        let wanted = wanting(NUMBERS[1], date(2018, 1, day));
        world.care.apply_for_family(&mother, &format!("k{key}"), wanted).await
    };
    let refused = |refusal| Err(Undone::Refused(refusal));
    for day in 1..=4_u32 {
        for one in 1..=5 {
            let key = day * 10 + one;
            assert!(ask(key, i8::try_from((day - 1) * 5 + one).unwrap()).await.is_ok(), "{key}");
        }
        assert_eq!(ask(day * 10 + 6, 28).await, refused(Refusal::TooManyToday));
        assert!(ask(day * 10 + 7, 1).await.is_ok(), "the same wish again is no other application");
        world.pass(1);
    }
    assert_eq!(ask(60, 28).await, refused(Refusal::TooManyWaiting));
    let own = wanting(NUMBERS[0], date(1985, 1, 2));
    assert!(world.care.apply_for_family(&patient("daughter"), "d", wanting(NUMBERS[1], SON)).await.is_ok());
    assert!(matches!(
        world.care.apply_for_family(&mother, "o", Application { basis: Basis::Agreement, ..own }).await,
        Err(Undone::Refused(Refusal::Yourself))
    ));
    world.pass(87);
    assert!(ask(61, 28).await.is_ok(), "what nothing comes of is not waited for without end");
}

/// A carer who has messages and nothing else answers a conversation of three: surgery and hospital both get it, and of
/// the referral the carer reads no word.
#[tokio::test]
async fn an_answer_reaches_all_who_take_part_though_the_writer_may_not_read_the_referral() {
    let world = world();
    let hospital = fhir::identity::organization("RHH01");
    let referral = |status: &str| {
        format!(
            r#"{{"resourceType":"ServiceRequest","id":"r","status":"{status}","intent":"order",
            "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],"code":{{"text":"Secret clinic"}},
            "subject":{{"reference":"Patient/son"}},"performer":[{{"reference":"Organization/{hospital}","display":"Hospital",
            "identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"RHH01"}}}}]}}"#
        )
    };
    let lay = |text: String| {
        let store = world.store.clone();
        std::thread::spawn(move || put(&store, &text)).join().unwrap();
    };
    lay(format!(r#"{{"resourceType":"Organization","id":"{hospital}","name":"Hospital"}}"#));
    lay(referral("active"));
    let id = world.apply("k1", NUMBERS[1], SON).await;
    let order = Order::Approve(vec![Category::Messages]);
    world.care.family_order(&doctor("Y10001"), (&id, "approve"), order).await.unwrap();
    let draft = |to: &str, subject: Option<&str>, text: &str| Draft {
        to: to.into(),
        subject: subject.map(str::to_owned),
        text: text.into(),
        sure: false,
    };
    let begun = draft("r", Some("The clinic"), "When is it?");
    let thread = world.care.send_message(&patient("son"), ("son", "m1"), begun).await.unwrap();
    let mother = patient("mother");
    let acting = world.care.standing(&mother, &id).await.unwrap();
    let carer = Actor { role: acting.role, ..mother };
    let seen = world.care.thread(&carer, &thread).await.unwrap();
    assert_eq!((seen.referral.as_deref(), seen.readers.len()), (None, 2), "{seen:?}");
    assert!(!format!("{seen:?}").contains("Secret clinic"));
    assert_eq!(world.found_or_closed(carer.clone(), "ServiceRequest").await, None, "it is closed to them");
    let answer = draft("", None, "Mondays are best");
    world.care.answer_message(&carer, (&thread, "m2"), answer.clone()).await.unwrap();
    let to_hospital = async || {
        let all = world.found(Actor::system("test"), "Communication", "son").await;
        let said = all.iter().filter(|one| one.contains("Mondays are best"));
        said.filter(|one| one.contains(&hospital)).count()
    };
    assert_eq!(to_hospital().await, 1);
    // Nobody in the hospital reads on a referral that is closed, whoever may not read it.
    lay(referral("completed"));
    assert_eq!(world.care.thread(&carer, &thread).await.unwrap().readers.len(), 1);
    world.care.answer_message(&carer, (&thread, "m3"), answer).await.unwrap();
    assert_eq!(to_hospital().await, 1);
}
