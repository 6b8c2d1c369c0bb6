//! The imaging pages from samples: what is simulated says so, what is assumed is named, what does not fit is refused.

mod support;

use axum::http::StatusCode;
use care::view::Plant;
use support::House;

async fn page(plant: Plant, person: &str, address: &str) -> (StatusCode, String) {
    let house = House::of(plant);
    house.sign_in(person).await;
    let page = house.get(address).await;
    (page.status, page.body)
}

#[tokio::test]
async fn what_is_simulated_says_so_and_names_its_assumptions() {
    for person in ["ward-manager", "operator"] {
        for address in ["/staff/imaging/slots", "/staff/imaging/waiting"] {
            let (status, body) = page(Plant::Full, person, address).await;
            assert_eq!(status, StatusCode::OK, "{address}");
            for words in [
                "Simulated",
                "What is assumed",
                "HL10079",
                "The department accepts the image quality first",
                "name=\"left-head\"",
                "name=\"setup\"",
                "Not accelerated: the heartbeat sets its time",
                "<svg",
            ] {
                assert!(body.contains(words), "{address} as {person} lacks {words}");
            }
        }
    }
    let (_, list) = page(Plant::Full, "ward-manager", "/staff/imaging").await;
    for words in [
        "Simulated",
        "Scanned, no image yet",
        "Did not come",
        "reconstructed by Bevan",
        "2 more scans of this day",
    ] {
        assert!(list.contains(words), "the list lacks {words}");
    }
}

#[tokio::test]
async fn an_assumption_changes_the_page_and_stays_in_its_address() {
    let address = "/staff/imaging/slots?left-head=40&left-knee=100";
    let (status, body) = page(Plant::Full, "ward-manager", address).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("/staff/imaging/waiting?left%2Dhead=40&amp;left%2Dknee=100"), "tabs keep it");
    let (_, start) = page(Plant::Full, "ward-manager", "/staff/imaging/slots").await;
    let figures = |body: &str| body.split("bevan-figures").nth(1).map(|rest| rest[..600].to_owned());
    assert_ne!(figures(&body), figures(&start));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_beside_its_field() {
    for (query, words) in [
        ("setup=31", "Set-up must be 0 to 30 minutes"),
        ("left-head=5", "Head: enter 20 to 100 per cent"),
        ("opens=12%3A00&closes=11%3A00", "an hour or more after it begins"),
        ("days=x", "Look back 5 to 60 working days"),
    ] {
        let (status, body) = page(Plant::Full, "operator", &format!("/staff/imaging/waiting?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(body.contains("There is a problem") && body.matches(words).count() >= 2, "{query}");
    }
    assert_eq!(page(Plant::Full, "ward-manager", "/staff/imaging?date=soon").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn too_little_is_not_simulated() {
    for address in ["/staff/imaging/slots", "/staff/imaging/waiting"] {
        let (_, body) = page(Plant::Empty, "operator", address).await;
        assert!(body.contains("The record tells too little") && !body.contains("<svg"), "{address}");
        assert!(!body.contains("bevan-figures"), "{address}");
    }
    let (_, list) = page(Plant::Empty, "ward-manager", "/staff/imaging").await;
    assert!(list.contains("No MR scanner of Example Hospital Trust is in the record"));
}
