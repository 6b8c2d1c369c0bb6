//! Staff in a patient's place: every page of the patient's opens to them after they said who asks, names the person, stays with
//! them, and opens to nobody else; the address and the session must name the same person.

mod support;

use axum::http::StatusCode;
use care::view::{Plant, Unseen};
use jiff::SignedDuration;
use support::House;
use web::{Verb, routes};

const CONFIRM: &str = "/staff/patients/sample-1/on-behalf";
const WHO_ASKS: &str = "given=born&given=address&asked=phone&post=yes";

/// A house in which somebody of the surgery has begun to do something for a patient.
async fn begun() -> House {
    let house = House::of(Plant::Full);
    house.sign_in("surgery").await;
    let began = house.post_from(CONFIRM, CONFIRM, WHO_ASKS).await;
    assert_eq!((began.status, began.location()), (StatusCode::SEE_OTHER, "/as/for-sample-1/home"));
    house
}

fn address(path: &str, relationship: &str) -> String {
    let part = |part: &str| match part {
        "{relationship}" => relationship.to_owned(),
        "{number}" => String::from("1"),
        part if part.starts_with('{') => String::from("sample-1"),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_page_of_the_patient_names_them_and_stays_with_them() {
    let house = begun().await;
    for route in routes().filter(|route| route.verb == Verb::Get) {
        let Some(mirror) = route.mirror() else { continue };
        let path = address(&mirror, "for-sample-1");
        let page = house.get(&path).await;
        assert!(matches!(page.status, StatusCode::OK | StatusCode::SEE_OTHER), "{path}: {}", page.status);
        if page.status == StatusCode::SEE_OTHER {
            assert!(page.location().starts_with("/as/for-sample-1/"), "{path} leads to {}", page.location());
            continue;
        }
        if !page.body.starts_with("<!DOCTYPE") || page.headers.contains_key("content-disposition") {
            continue;
        }
        for words in [
            "You are doing this for Robin Example.",
            "Born 7 March 1958",
            "They called.",
            "A letter that says what was done goes to 1 &lt;b&gt;High&lt;/b&gt; Street, Exampleton, ZZ1 1ZZ.",
            "Finish for Robin Example",
            "– for Robin Example – Bevan</title>",
            "href=\"/as/for-sample-1/home\"",
            "18001",
            "British Sign Language",
        ] {
            assert!(page.body.contains(words), "{path} lacks {words}");
        }
        // Whatever leads on from a page of the patient's that stands here leads to the same person's.
        for other in routes().filter(|other| other.mirrored || other.in_place) {
            let place = other.path.split("/{").next().unwrap();
            for mark in [format!("href=\"{place}\""), format!("action=\"{place}\"")] {
                assert!(!page.body.contains(&mark), "{path} leads to {mark} of nobody");
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_helped_before_it_was_said_who_asks() {
    let house = House::of(Plant::Full);
    house.sign_in("surgery").await;
    for route in routes() {
        let Some(mirror) = route.mirror() else { continue };
        let path = address(&mirror, "for-sample-1");
        let answer = match route.verb {
            Verb::Get => house.get(&path).await,
            Verb::Post => house.post_from("/staff/home", &path, "once=a-1").await,
        };
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, CONFIRM), "{path}");
    }
    for (form, wrong) in [
        ("", "Select at least 2 things"),
        ("given=born&asked=phone&post=yes", "Select at least 2 things"),
        ("given=born&given=born&asked=phone&post=yes", "Select at least 2 things"),
        ("given=born&given=address&post=yes", "Select how they asked"),
        ("given=born&given=address&asked=carer-nobody&post=yes", "Select how they asked"),
        ("given=born&given=address&asked=phone", "Select whether a letter"),
    ] {
        let page = house.post_from(CONFIRM, CONFIRM, form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(page.body.contains(wrong) && page.body.contains("<title>Error: "), "{form}");
    }
    assert_eq!(house.get("/as/for-sample-1/home").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_address_and_the_session_must_name_the_same_person() {
    let house = begun().await;
    // Somebody else asks in another tab: the pages of the first are closed, and their forms are not taken.
    let other = "/staff/patients/sample-2/on-behalf";
    house.post_from(other, "/staff/patients/sample-1/on-behalf", WHO_ASKS).await;
    let place = "/as/for-sample-2/prescriptions/request/medicines";
    let sent = house.post_from("/staff/home", place, "once=a-1&medicine=x").await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, other));
    assert_eq!(house.get("/as/for-sample-1/home").await.status, StatusCode::OK);
}

#[tokio::test]
async fn it_ends_when_they_say_so_and_after_an_hour() {
    let house = begun().await;
    let ended = house.post_from("/as/for-sample-1/home", "/staff/on-behalf/end", "").await;
    assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, "/staff/on-behalf"));
    let page = house.get("/staff/on-behalf").await;
    assert!(
        page.body.contains("You have finished for Robin Example. A letter goes to 1 High Street"),
        "{}",
        page.body
    );
    assert_eq!(house.get("/as/for-sample-1/home").await.location(), CONFIRM);

    let house = begun().await;
    for _ in 0..2 {
        house.clock.pass(SignedDuration::from_mins(29));
        assert_eq!(house.get("/as/for-sample-1/home").await.status, StatusCode::OK);
    }
    house.clock.pass(SignedDuration::from_mins(2));
    assert_eq!(house.get("/as/for-sample-1/home").await.location(), CONFIRM);
}

#[tokio::test]
async fn it_opens_to_nobody_else() {
    for (person, status) in [
        ("reception", StatusCode::SEE_OTHER),
        ("privacy", StatusCode::FORBIDDEN),
        ("operator", StatusCode::FORBIDDEN),
        ("patient", StatusCode::NOT_FOUND),
    ] {
        let house = House::of(Plant::Full);
        house.sign_in(person).await;
        for path in ["/as/for-sample-1/home", "/as/for-sample-patient-1/prescriptions"] {
            assert_eq!(house.get(path).await.status, status, "{path} as {person}");
        }
    }
    // What stands there for staff alone is not there for a carer.
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    assert_eq!(house.get("/as/sample-1/home").await.status, StatusCode::OK);
    assert_eq!(house.get("/as/sample-1/family").await.status, StatusCode::NOT_FOUND);
    // Out of reach is not there, before and after it was said who asks.
    let house = House::of(Plant::Refused(Unseen::NotFound));
    house.sign_in("surgery").await;
    for path in ["/as/for-sample-1/home", CONFIRM] {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
