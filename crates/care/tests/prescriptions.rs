//! Repeat prescriptions against a real store: one effect however often and from however many windows something is sent,
//! nobody reaches another's, and what was approved here moves with the pharmacy's messages.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at what it did not expect")]

use care::prescriptions::{
    Answer, Ask, ItemStatus, Message, One, Pharmacy, Reason, Refusal, RequestAnswer, Says, Unanswered,
    Unasked, Why, apply,
};
use care::view::Unseen;
use care::{Actor, Care, Purpose, Role};
use fhir::json::{Limits, Value, parse};
use fhir::search::{Handling, Query};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store, Withheld};

struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        // Sunday 22 November 2026, 10:00 in London, a second later at each look.
        jiff::Timestamp::from_second(1_795_341_600 + self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
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

const PRACTICE: &str = "ZZ4001";
const COURSES: &str = "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy";
const REPEAT: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation";

fn plan(id: &str, patient: &str, issued: u32) -> String {
    format!(
        r#"{{"resourceType":"MedicationRequest","id":"{id}","status":"active","intent":"plan","authoredOn":"2026-01-05",
        "subject":{{"reference":"Patient/{patient}"}},"medicationCodeableConcept":{{"text":"Medicine {id} 5mg tablets"}},
        "courseOfTherapyType":{{"coding":[{{"system":"{COURSES}","code":"continuous"}}]}},
        "extension":[{{"url":"{REPEAT}","extension":[
            {{"url":"numberOfPrescriptionsIssued","valueUnsignedInt":{issued}}},
            {{"url":"authorisationExpiryDate","valueDateTime":"2027-03-01"}}]}}],
        "dispenseRequest":{{"numberOfRepeatsAllowed":6,
            "expectedSupplyDuration":{{"value":28,"unit":"day","system":"http://unitsofmeasure.org","code":"d"}}}}}}"#
    )
}

fn organisation(ods: &str, name: &str, role: &str) -> String {
    let id = fhir::identity::organization(ods);
    format!(
        r#"{{"resourceType":"Organization","id":"{id}","name":"{name}","active":true,
        "identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{ods}"}}],
        "type":[{{"coding":[{{"system":"https://fhir.nhs.uk/CodeSystem/organisation-role","code":"{role}"}}]}}],
        "address":[{{"line":["1 Sample Street"],"city":"Sampleton","postalCode":"QB1 1AA"}}]}}"#
    )
}

fn person(id: &str, practice: &str) -> String {
    let practice = fhir::identity::organization(practice);
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","birthDate":"1950-01-01","name":[{{"family":"Sample","given":["{id}"]}}],
        "generalPractitioner":[{{"reference":"Organization/{practice}"}}]}}"#
    )
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Ticking(AtomicI64::new(0)));
    let environment = Environment { clock, entropy: Arc::new(Counting(AtomicU64::new(7))) };
    let store = Store::open(folder.path(), Options::default(), environment).unwrap();
    let documents = [
        organisation(PRACTICE, "Sample Practice", "76"),
        organisation("ZZ4002", "Other Practice", "76"),
        organisation("ZZ601", "Sample Pharmacy", "182"),
        organisation("ZZ602", "Quay Chemist", "182"),
        organisation("ZZ603", "Quay Closed", "182").replace("\"active\":true", "\"active\":false"),
        person("p1", PRACTICE),
        person("p2", "ZZ4002"),
        plan("last", "p1", 5),
        plan("spare", "p1", 1),
        plan("spent", "p1", 6),
        plan("other", "p2", 1),
    ];
    let put = move |transaction: &mut store::Transaction| {
        for document in &documents {
            let value = parse(document.as_bytes(), &Limits::default()).unwrap();
            transaction.update(&Prepared::new(value).unwrap(), IfMatch::Any)?;
        }
        Ok(())
    };
    store.write(Actor::system("test"), put).await.unwrap();
    House { care: Care::new(store.clone()), store, _folder: folder }
}

fn actor(id: &str, role: Role, organisation: &str) -> Actor {
    Actor {
        id: id.into(),
        name: String::from("Sam Sample"),
        role,
        organisation: organisation.into(),
        purpose: Purpose::PatientRequest,
        trace: "test".into(),
        via: None,
        behalf: None,
    }
}

fn patient(id: &str) -> Actor {
    actor(&format!("Patient/{id}"), Role::Patient { patient: id.into() }, "")
}

fn surgery(ods: &str) -> Actor {
    actor("Practitioner/gp", Role::Surgery { break_glass: None }, ods)
}

fn ask(medicines: &[&str]) -> Ask {
    Ask { medicines: medicines.iter().map(ToString::to_string).collect(), note: String::from("Thank you") }
}

async fn requests(store: &Store, name: &str, word: &str) -> Vec<Value> {
    let pairs = [(name.to_owned(), word.to_owned())];
    let read = move |snapshot: &mut store::Snapshot| {
        let query = Query::parse("MedicationRequest", &pairs, Handling::Strict).unwrap().query;
        snapshot.search(&query)?.entries.iter().map(|entry| entry.resource.value()).collect()
    };
    store.read(Actor::system("test"), read).await.unwrap()
}

async fn request(house: &House, id: &str) -> care::prescriptions::Request {
    match house.care.prescription(&patient("p1"), "p1", id).await.unwrap() {
        One::Request(request) => request,
        One::Prescription(other) => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_race_for_the_last_issue_and_one_request_is_made() {
    let house = house().await;
    let one =
        async |once: &str| house.care.request_repeats(&patient("p1"), ("p1", once), ask(&["last"])).await;
    let (first, second) = tokio::join!(one("window-1"), one("window-2"));
    let (won, lost) =
        if first.is_ok() { (("window-1", first), second) } else { (("window-2", second), first) };
    let Err(Unasked::Refused(Refusal::NothingOrdered(refused))) = lost else { panic!("{lost:?}") };
    assert_eq!(refused[0].1.reason, Reason::AlreadyRequested);
    assert_eq!(requests(&house.store, "intent", "proposal").await.len(), 1);
    // The same form sent again answers the same and does nothing.
    assert_eq!(one(won.0).await, won.1);
    assert_eq!(requests(&house.store, "intent", "proposal").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_partly_refused_answered_once_and_followed_to_the_pharmacy() {
    let house = house().await;
    let care = &house.care;
    care.choose_pharmacy(&patient("p1"), ("p1", "choice"), Some("ZZ601")).await.unwrap();
    let asked = ask(&["last", "spare", "spent"]);
    let id = care.request_repeats(&patient("p1"), ("p1", "a"), asked).await.unwrap();
    let sent = request(&house, &id).await;
    assert_eq!(sent.pharmacy.as_deref(), Some("Sample Pharmacy"));
    let refused: Vec<Reason> = sent
        .lines
        .iter()
        .filter_map(|line| match &line.answer {
            RequestAnswer::Refused(why) => Some(why.reason),
            _ => None,
        })
        .collect();
    assert_eq!((sent.lines.len(), refused), (3, vec![Reason::MaximumReached]));

    // The surgery sees it; another surgery does not.
    assert_eq!(care.prescription_queue(&surgery(PRACTICE)).await.unwrap().requests.items().len(), 1);
    assert_eq!(care.prescription_queue(&surgery("ZZ4002")).await.unwrap().requests.items().len(), 0);
    assert_eq!(care.prescription_case(&surgery("ZZ4002"), &id).await, Err(Unseen::NotFound));
    let case = care.prescription_case(&surgery(PRACTICE), &id).await.unwrap();
    assert_eq!(case.note.as_deref(), Some("Thank you"));
    let waiting =
        |name: &str| case.lines.iter().find(|line| line.line.name.contains(name)).unwrap().line.id.clone();
    let (last, spare) = (waiting("last"), waiting("spare"));

    // Two doctors answer the last issue at once: one prescription.
    let answer = async |once: &str, ods: &str| {
        let lines = (vec![last.clone()], Answer::Approve);
        care.answer_prescriptions(&surgery(ods), (&id, once), lines).await
    };
    assert!(matches!(answer("z", "ZZ4002").await, Err(Unanswered::Answered | Unanswered::Unseen(_))));
    let (first, second) = tokio::join!(answer("x", PRACTICE), answer("y", PRACTICE));
    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!((won, lost), (Ok(()), Err(Unanswered::Answered)));
    assert_eq!(requests(&house.store, "intent", "order").await.len(), 1);

    // The other medicine is refused with words that the patient reads.
    let refuse = async |words: Option<&str>| {
        let why = Why { words: words.map(str::to_owned), ..Why::from(Reason::Other) };
        let lines = (vec![spare.clone()], Answer::Refuse(why));
        care.answer_prescriptions(&surgery(PRACTICE), (&id, "r"), lines).await
    };
    assert_eq!(refuse(None).await, Err(Unanswered::Words));
    refuse(Some("See us first")).await.unwrap();
    let answered = request(&house, &id).await;
    assert!(answered.lines.iter().any(|line| line.answer == RequestAnswer::Approved));
    let told = answered.lines.iter().any(|line| {
        matches!(&line.answer, RequestAnswer::Refused(why) if why.words.as_deref() == Some("See us first"))
    });
    assert!(told && !answered.is_waiting());

    // The prescription has a valid id, and moves with what the pharmacy says.
    let all = care.prescriptions(&patient("p1"), "p1").await.unwrap();
    let number = all.prescriptions.items()[0].id.clone();
    assert!(
        fhir::prescription_id::PrescriptionId::is_valid(&number) && number.contains(PRACTICE),
        "{number}"
    );
    assert_eq!(all.prescriptions.items()[0].items[0].status, ItemStatus::PrescriberApproved);
    let last = all.repeats.items().iter().find(|one| one.id == "last").unwrap();
    assert_eq!(last.not_now.as_ref().unwrap().reason, Reason::MaximumReached, "it was the last issue");
    let pharmacy = Pharmacy { ods: "ZZ601".into(), name: "Sample Pharmacy".into() };
    let occurred_at = house.store.environment().clock.now();
    let taken =
        Message { id: "release-1".into(), occurred_at, says: Says::Release(number.clone(), pharmacy) };
    apply(&house.store, Arc::new(Actor::system("feed")), taken).await.unwrap();
    let One::Prescription(moved) = care.prescription(&patient("p1"), "p1", &number).await.unwrap() else {
        panic!("it is a prescription")
    };
    assert_eq!(moved.items[0].status, ItemStatus::WithPharmacyUntracked);
}

#[tokio::test]
async fn nobody_orders_for_somebody_else() {
    let house = house().await;
    let care = &house.care;
    let carer = |types: &[&str]| {
        let withheld =
            Withheld { types: types.iter().map(|name| (*name).into()).collect(), labels: Vec::new() };
        let (patient, person, relationship) = ("p1".into(), "p2".into(), "r".into());
        actor("Patient/p2", Role::Carer { patient, person, relationship, withheld }, "")
    };
    for (who, about, medicine) in [
        (patient("p2"), "p1", "spare"),
        (patient("p1"), "p2", "other"),
        (actor("x", Role::Unproven, ""), "p1", "spare"),
        (carer(&["MedicationRequest"]), "p1", "spare"),
    ] {
        let asked = care.request_repeats(&who, (about, "k"), ask(&[medicine])).await;
        assert!(asked.is_err(), "{} {medicine}: {asked:?}", who.id);
        if who.role.kind() != "carer" {
            assert!(care.choose_pharmacy(&who, (about, "c"), Some("ZZ601")).await.is_err(), "{}", who.id);
        }
    }
    assert_eq!(requests(&house.store, "intent", "proposal").await, []);
    // A carer from whom nothing is withheld orders, is named as who asked, and is not made part of the record.
    let id = care.request_repeats(&carer(&[]), ("p1", "k"), ask(&["spare"])).await.unwrap();
    let case = care.prescription_case(&surgery(PRACTICE), &id).await.unwrap();
    assert_eq!(case.asked_by.as_deref(), Some("Sam Sample"));
    let unknown = care.request_repeats(&patient("p1"), ("p1", "u"), ask(&["other"])).await;
    assert_eq!(unknown, Err(Unasked::Refused(Refusal::UnknownMedicine)));
}

#[tokio::test]
async fn a_pharmacy_is_found_by_name_town_or_postcode_and_chosen() {
    let house = house().await;
    let found = async |near: &str| {
        let places = house.care.pharmacies(&patient("p1"), near).await.unwrap();
        places.into_iter().map(|place| place.ods).collect::<Vec<_>>()
    };
    assert_eq!(found("").await, ["ZZ602", "ZZ601"], "a practice is no pharmacy");
    assert_eq!(found("quay").await, ["ZZ602"]);
    assert_eq!(found("Sampleton").await.len(), 2);
    assert_eq!(found("QB1").await.len(), 2);
    assert!(found("nowhere, at all").await.is_empty());
    let choose = async |once: &str, ods: Option<&str>| {
        house.care.choose_pharmacy(&patient("p1"), ("p1", once), ods).await
    };
    let chosen = async || house.care.prescriptions(&patient("p1"), "p1").await.unwrap().pharmacy;
    for nowhere in ["NOPE1", PRACTICE, "ZZ603"] {
        assert_eq!(choose("a", Some(nowhere)).await, Err(Unseen::NotFound), "{nowhere} dispenses nothing");
    }
    choose("b", Some("ZZ602")).await.unwrap();
    choose("c", Some("ZZ601")).await.unwrap();
    choose("b", Some("ZZ602")).await.unwrap();
    assert_eq!(chosen().await.unwrap().name, "Sample Pharmacy", "the form sent again did nothing");
    choose("d", None).await.unwrap();
    assert_eq!(chosen().await, None);
}

#[tokio::test]
async fn what_is_written_is_sound_fhir() {
    let house = house().await;
    let id = house.care.request_repeats(&patient("p1"), ("p1", "k"), ask(&["spare", "spent"])).await.unwrap();
    let case = house.care.prescription_case(&surgery(PRACTICE), &id).await.unwrap();
    let open = case.lines.iter().filter(|line| line.line.answer == RequestAnswer::Waiting);
    let lines = open.map(|line| line.line.id.clone()).collect();
    house.care.answer_prescriptions(&surgery(PRACTICE), (&id, "k"), (lines, Answer::Approve)).await.unwrap();
    let documents = requests(&house.store, "patient", "p1").await;
    for document in &documents {
        assert_eq!(fhir::validate::structural(document), [], "{}", fhir::json::to_string(document));
    }
    let order = documents.iter().find(|one| one.text_at(&["intent"]) == Some("order")).unwrap();
    assert!(order.items("basedOn").len() == 2 && order.get("substitution").is_some());
    let plan = documents.iter().find(|one| one.text_at(&["id"]) == Some("spare")).unwrap();
    assert_eq!(fhir::views::MedicationEntry(plan).times_issued(), Some(2));
}

/// Two numbers of one person, of different surgeries: while the link stands, what lies under the earlier one is asked for,
/// approved and seen under the later one.
#[tokio::test]
async fn medicines_under_a_merged_number_are_in_prescriptions_while_the_link_stands() {
    let house = house().await;
    let linked = async |id: &str, practice: &str, link: Option<(&str, &str)>| {
        let mut text = person(id, practice);
        if let Some((type_, other)) = link {
            let link =
                format!(r#""link":[{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}],"name""#);
            text = text.replacen(r#""name""#, &link, 1);
        }
        let value = parse(text.as_bytes(), &Limits::default()).unwrap();
        let resource = Prepared::new(value).unwrap();
        let written = house.store.write(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any));
        written.await.unwrap();
    };
    let p1 = actor("Patient/p1", Role::Patient { patient: "p1".into() }, "");
    let repeats = async |actor: &Actor, id: &str| -> Vec<String> {
        let all = house.care.prescriptions(actor, id).await.unwrap();
        let mut ids: Vec<String> = all.repeats.items().iter().map(|one| one.id.clone()).collect();
        ids.sort();
        ids
    };
    let own = ["last", "spare", "spent"];
    assert_eq!(repeats(&p1, "p1").await, own);
    linked("p1", PRACTICE, Some(("replaces", "p2"))).await;
    assert_eq!(repeats(&p1, "p1").await, own, "one record alone opens nothing of another");
    linked("p2", "ZZ4002", Some(("replaced-by", "p1"))).await;
    assert_eq!(repeats(&p1, "p1").await, ["last", "other", "spare", "spent"]);

    let carer = |types: &[&str]| {
        let withheld = Withheld { types: types.iter().map(|one| (*one).into()).collect(), labels: vec![] };
        let (patient, person, relationship) = ("p1".into(), "p9".into(), "r".into());
        actor("Patient/p9", Role::Carer { patient, person, relationship, withheld }, "")
    };
    assert_eq!(repeats(&carer(&[]), "p1").await.len(), 4);
    assert_eq!(repeats(&carer(&["MedicationRequest"]), "p1").await, [""; 0]);
    let p3 = actor("Patient/p3", Role::Patient { patient: "p3".into() }, "");
    assert_eq!(house.care.prescriptions(&p3, "p1").await, Err(Unseen::NotFound), "and never another's");

    let ask = Ask { medicines: vec!["other".into()], note: String::new() };
    let request = house.care.request_repeats(&p1, ("p1", "merged"), ask).await.unwrap();
    let surgery = actor("Practitioner/gp", Role::Surgery { break_glass: None }, PRACTICE);
    let case = house.care.prescription_case(&surgery, &request).await.unwrap();
    assert_eq!((case.lines.len(), case.lines[0].left.is_some()), (1, true), "{case:?}");
    let line = vec![case.lines[0].line.id.clone()];
    house.care.answer_prescriptions(&surgery, (&request, "a"), (line, Answer::Approve)).await.unwrap();
    let ordered = house.care.prescriptions(&p1, "p1").await.unwrap().prescriptions;
    assert_eq!(ordered.items().len(), 1);

    linked("p1", PRACTICE, None).await;
    assert_eq!(repeats(&p1, "p1").await, own, "the link was taken back");
}
