//! A department's scan list and its sums, against a real store: who is shown, who is only counted, and what follows from images.
#![expect(clippy::unwrap_used, reason = "tests stop at what they do not expect")]

use care::imaging::{Field, State, Wish};
use care::view::Unseen;
use care::{Actor, Care, Purpose, Role};
use fhir::json::{Limits, parse};
use jiff::civil::{Date, date};
use std::sync::Arc;
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store};

/// Sunday 22 November 2026, 10:00 in London.
struct Sunday;

impl Clock for Sunday {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_795_341_600).unwrap()
    }
}

struct Same;

impl Entropy for Same {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

struct House {
    care: Care,
    store: Store,
    _folder: tempfile::TempDir,
}

const HOSPITAL: &str = "ZZ1";
const FRIDAY: Date = date(2026, 11, 20);

fn organisation(ods: &str) -> String {
    format!("Organization/{}", fhir::identity::organization(ods))
}

fn request(id: &str, patient: &str, (category, code): (&str, &str), more: &str) -> String {
    format!(
        r#"{{"resourceType":"ServiceRequest","id":"{id}","intent":"order",{more}
        "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"{category}"}}]}}],
        "code":{{"coding":[{{"system":"https://bevan.example/CodeSystem/mr-protocol","code":"{code}"}}]}},
        "subject":{{"reference":"Patient/{patient}"}},
        "performer":[{{"reference":"{}","identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{HOSPITAL}"}}}}]}}"#,
        organisation(HOSPITAL)
    )
}

fn booking(id: &str, patient: &str, (day, hour): (i8, u8), status: &str) -> String {
    format!(
        r#"{{"resourceType":"Appointment","id":"{id}","status":"{status}",
        "start":"2026-11-{day:02}T{hour:02}:00:00Z","end":"2026-11-{day:02}T{hour:02}:30:00Z",
        "basedOn":[{{"reference":"ServiceRequest/order-{id}"}}],
        "participant":[{{"actor":{{"reference":"Patient/{patient}"}},"status":"accepted"}},
        {{"actor":{{"reference":"Location/mr-1"}},"status":"accepted"}}]}}"#
    )
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment { clock: Arc::new(Sunday), entropy: Arc::new(Same) };
        let store = Store::open(folder.path(), Options::default(), environment).unwrap();
        let house = Self { care: Care::new(store.clone()), store, _folder: folder };
        house
            .put(&format!(
                r#"{{"resourceType":"Location","id":"mr-1","status":"active","name":"MR scanner 1",
                "type":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"RADDX"}}]}}],
                "managingOrganization":{{"reference":"{}"}}}}"#,
                organisation(HOSPITAL)
            ))
            .await;
        for (id, family) in [("ann", "Open"), ("bob", "Closed")] {
            let name = format!(
                r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}","given":["P"]}}]}}"#
            );
            house.put(&name).await;
        }
        // The hospital cares for Ann; Bob's surgery ordered his scan.
        house.put(&request("referral", "ann", ("3457005", "head"), r#""status":"active","#)).await;
        for day in [13, 16, 17, 18, 19, 20] {
            for (patient, hour, code) in [("ann", 8, "head"), ("bob", 17, "heart")] {
                let id = format!("{patient}-{day}");
                let more = format!(r#""status":"active","authoredOn":"2026-11-{:02}T10:00:00Z","#, day - 7);
                house.put(&request(&format!("order-{id}"), patient, ("363679005", code), &more)).await;
                house.put(&booking(&id, patient, (day, hour), "fulfilled")).await;
            }
        }
        for (id, patient) in [("wait-ann", "ann"), ("wait-bob", "bob")] {
            let more = r#""status":"active","authoredOn":"2026-11-18T10:00:00Z","#;
            house.put(&request(id, patient, ("363679005", "knee"), more)).await;
        }
        house
    }

    async fn put(&self, document: &str) {
        let value = parse(document.as_bytes(), &Limits::default()).unwrap();
        let prepared = Prepared::new(value).unwrap();
        self.store.write(Actor::system("test"), move |t| t.update(&prepared, IfMatch::Any)).await.unwrap();
    }
}

fn staff(role: Role, organisation: &str) -> Actor {
    Actor {
        id: "Practitioner/w".into(),
        role,
        purpose: Purpose::Treat,
        organisation: organisation.into(),
        ..Actor::system("t")
    }
}

fn ward() -> Actor {
    staff(Role::WardStaff { break_glass: None }, HOSPITAL)
}

#[tokio::test]
async fn whoever_is_closed_to_the_reader_is_counted_and_never_named() {
    let house = House::open().await;
    let list = house.care.scan_list(&ward(), Some(FRIDAY), &Wish::default()).await.unwrap();
    assert_eq!((list.booked, list.full, list.scanners), (2, 60, 1));
    let names: Vec<_> = list.rows.iter().map(|row| (row.name.as_str(), row.protocol.as_str())).collect();
    assert_eq!(names, [("OPEN, P", "Head")]);
    assert_eq!((list.rows[0].full, list.rows[0].faster, list.rows[0].state), (30, 25, State::Scanned));
    assert_eq!(list.unbooked_in_all, 2);
    let waiting: Vec<_> =
        list.unbooked.iter().map(|one| (one.name.as_str(), one.protocol.as_str())).collect();
    assert_eq!(waiting, [("OPEN, P", "Knee")]);
    assert!(!format!("{list:?}").contains("bob") && !format!("{list:?}").contains("CLOSED"));
}

#[tokio::test]
async fn another_hospital_has_another_department_and_other_roles_have_no_list() {
    let house = House::open().await;
    let other = staff(Role::WardStaff { break_glass: None }, "ZZ2");
    let list = house.care.scan_list(&other, Some(FRIDAY), &Wish::default()).await.unwrap();
    assert_eq!((list.scanners, list.booked, list.unbooked_in_all, list.rows.len()), (0, 0, 0, 0));
    assert!(!house.care.scans_won(&other, &Wish::default()).await.unwrap().told.is_enough());
    for role in [Role::Operator, Role::Receptionist, Role::Privacy, Role::Surgery { break_glass: None }] {
        let refused = house.care.scan_list(&staff(role.clone(), HOSPITAL), None, &Wish::default()).await;
        assert_eq!(refused, Err(Unseen::NoAccess), "{role:?}");
        let sums = house.care.scans_won(&staff(role.clone(), HOSPITAL), &Wish::default()).await;
        let outlook = house.care.scan_outlook(&staff(role.clone(), HOSPITAL), &Wish::default()).await;
        assert_eq!(
            (sums.is_ok(), outlook.is_ok()),
            (role == Role::Operator, role == Role::Operator),
            "{role:?}"
        );
    }
    let far = house.care.scan_list(&ward(), Some(date(1990, 1, 1)), &Wish::default()).await;
    assert_eq!(far, Err(Unseen::NotFound));
}

#[tokio::test]
async fn an_image_of_an_order_shows_on_its_row() {
    let house = House::open().await;
    let study = |id: &str, status: &str, description: &str| {
        format!(
            r#"{{"resourceType":"ImagingStudy","id":"{id}","status":"{status}","subject":{{"reference":"Patient/ann"}},
            "basedOn":[{{"reference":"ServiceRequest/order-ann-20"}}],
            "series":[{{"uid":"2.25.{}","modality":{{"code":"MR"}},"description":"{description}"}}]}}"#,
            id.len()
        )
    };
    let state = async || {
        let list = house.care.scan_list(&ward(), Some(FRIDAY), &Wish::default()).await.unwrap();
        list.rows[0].state
    };
    house.put(&study("wrong", "entered-in-error", "Head")).await;
    assert_eq!(state().await, State::Scanned);
    house.put(&study("scanner", "available", "Head")).await;
    assert_eq!(state().await, State::Imaged { series: 1, reconstructed: false });
    house.put(&study("ours", "available", "Bevan L1W R4.0")).await;
    assert_eq!(state().await, State::Imaged { series: 2, reconstructed: true });
}

#[tokio::test]
async fn sums_are_the_records_own_and_follow_the_assumptions() {
    let house = House::open().await;
    let gain = house.care.scans_won(&ward(), &Wish::default()).await.unwrap();
    assert_eq!((gain.told.days, gain.told.bookings), (6, 12));
    // Open from eight to half past five; the list of twelve is used up, and fits either way.
    assert_eq!((gain.assumed.opens, gain.assumed.closes, gain.assumed.missed), (480, 1_050, 0));
    assert!(gain.days.iter().all(|day| (day.booked, day.full, day.faster) == (2, 12, 12)), "{:?}", gain.days);
    // One hour a day: two as booked, two of 25 and 30 minutes, and three once hearts are faster too.
    let mut wish = Wish::default();
    for (field, value) in [(Field::Closes, 540), (Field::Share(0), 50), (Field::Share(8), 50)] {
        assert!(wish.take(field, value));
    }
    let gain = house.care.scans_won(&ward(), &wish).await.unwrap();
    assert!(gain.days.iter().all(|day| (day.full, day.faster) == (2, 3)), "{:?}", gain.days);
    let spread = gain.spread.unwrap();
    assert_eq!((spread.least, spread.most, spread.mean_tenths, spread.days), (1, 1, 10, 6));
    // Two wait: those scanned on the days looked at wait for no scan any more, though their orders are open.
    let outlook = house.care.scan_outlook(&ward(), &wish).await.unwrap();
    assert_eq!((outlook.waiting, outlook.scanners), (2, 1));
    assert_eq!(outlook.waited, Some((7, 7)));
}
