//! Every address of the site map is opened by each role and in each state of the record, and every page is checked for what
//! holds for all: one heading that the title repeats, nothing inline, nothing of another host, no value that became markup.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at what they do not expect"
)]

mod support;

use axum::http::{StatusCode, header};
use care::view::{Plant, Unseen};
use std::collections::HashSet;
use support::html::{Token, tokens};
use support::{Answered, House};
use web::{Route, Verb, Who, routes};

/// Keys of demo people who may open an address.
fn people_for(who: Who) -> &'static [&'static str] {
    match who {
        Who::Anyone => &[""],
        Who::SignedIn => &["patient", "ward-manager", "surgery", "reception", "operator", "privacy"],
        Who::Patient => &["patient"],
        Who::Staff => &["ward-manager", "surgery", "reception", "operator", "privacy"],
        Who::Ward => &["ward-manager"],
        Who::WardOrSurgery => &["ward-manager", "surgery"],
        Who::Helper => &["ward-manager", "surgery", "reception"],
        Who::Surgery => &["surgery"],
        Who::WardOrReception => &["ward-manager", "reception"],
        Who::Operator => &["operator"],
        Who::WardOrOperator => &["ward-manager", "operator"],
        Who::Privacy => &["privacy"],
    }
}

/// An address of a row, with a sample in each open part.
fn address(path: &str) -> String {
    let part = |part: &str| match part {
        "{number}" => "1".to_owned(),
        open if open.starts_with('{') => "sample-1".to_owned(),
        said => said.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What every page offers, whoever reads it: phone, text relay, sign language, a person.
const WAYS_TO_A_PERSON: [&str; 4] =
    ["tel:03000000000", "18001", "British Sign Language", "reception of your GP surgery"];

/// What holds for every page.
fn check(place: &str, page: &Answered) {
    let all = tokens(&page.body);
    let mut h1 = Vec::new();
    let mut title = String::new();
    for (n, token) in all.iter().enumerate() {
        let Token::Open { name, attributes } = token else { continue };
        let words = match all.get(n + 1) {
            Some(Token::Text(words)) => words.clone(),
            _ => String::new(),
        };
        match name.as_str() {
            // A question that is the page's heading has its words in a label.
            "h1" => {
                let after = all.iter().skip(n + 1);
                h1.extend(
                    after
                        .filter_map(
                            |token| if let Token::Text(words) = token { Some(words.clone()) } else { None },
                        )
                        .next(),
                );
            }
            // The first is the page's own; a picture may have one too.
            "title" if title.is_empty() => title = words,
            "script" => assert!(words.is_empty(), "{place}: an inline script"),
            "style" => panic!("{place}: an inline style sheet"),
            _ => {}
        }
        for (key, value) in attributes {
            assert!(key != "style" && !key.starts_with("on"), "{place}: <{name} {key}>");
            if matches!(key.as_str(), "href" | "src" | "action") {
                let inside = value.starts_with('/') || value.starts_with('#') || value.starts_with('?');
                let dialled = value.starts_with("tel:");
                assert!((inside && !value.starts_with("//")) || dialled, "{place}: leads to {value}");
            }
        }
    }
    assert_eq!(h1.len(), 1, "{place}: {h1:?}");
    for way in WAYS_TO_A_PERSON {
        assert!(page.body.contains(way), "{place} lacks {way}");
    }
    let title = title.strip_prefix("Error: ").unwrap_or(&title);
    let acting = if place.starts_with("/as/") && page.body.contains("bevan-notice--acting") {
        " – for Robin Example"
    } else {
        ""
    };
    assert_eq!(title, format!("{}{acting} – Bevan", h1[0]), "{place}");
    assert!(
        !page.body.contains("<script>alert") && !page.body.contains("<b>"),
        "{place}: a value became markup"
    );
    check_headers(place, page);
}

fn check_headers(place: &str, page: &Answered) {
    let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let policy = header("content-security-policy");
    for part in [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{place}: {policy}");
    }
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{place}");
    assert!(!policy.contains("unsafe"), "{place}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{place}");
    assert_eq!(header("referrer-policy"), "no-referrer", "{place}");
    let kept =
        if place.starts_with("/urgent") { "public, max-age=3600, stale-if-error=604800" } else { "no-store" };
    assert_eq!(header("cache-control"), kept, "{place}");
    assert!(kept == "no-store" || header("set-cookie").is_empty(), "{place}: a kept page sets no cookie");
}

#[tokio::test]
async fn every_route_answers_its_roles_in_every_state_of_the_record() {
    let mut shown = HashSet::new();
    let plants = [Plant::Full, Plant::Empty, Plant::PartsRefused];
    for plant in plants {
        for route in routes().filter(|route| route.verb == Verb::Get) {
            for person in people_for(route.who) {
                let house = House::of(plant.clone());
                if !person.is_empty() {
                    house.sign_in(person).await;
                }
                let page = house.get(&address(route.path)).await;
                let place = format!("{} as {person:?} ({plant:?})", route.path);
                shown.insert(route.path);
                answers(route, &place, &page);
            }
        }
    }
    assert_eq!(shown.len(), routes().filter(|route| route.verb == Verb::Get).count());
}

#[tokio::test]
async fn everything_done_for_another_names_them_and_stays_with_them() {
    for route in routes().filter(|route| route.mirrored && route.verb == Verb::Get) {
        let house = House::of(Plant::Full);
        house.sign_in("patient").await;
        let path = address(&route.mirror().unwrap());
        let page = house.get(&path).await;
        answers(route, &path, &page);
        let kept = page.headers.contains_key(header::CONTENT_DISPOSITION);
        if page.status == StatusCode::OK && page.body.starts_with("<!DOCTYPE") && !kept {
            let banner = "You are acting for <span class=\"bevan-acting__name\">Robin Example</span>.";
            assert!(page.body.contains(banner), "{path}");
            assert!(page.body.contains("href=\"/as/sample-1/home\""), "{path} leads home for them");
            let closed = "href=\"/as/sample-1/profile/who-looked";
            assert!(!page.body.contains(closed), "{path} leads where only the person may look");
        }
        for other in ["/as/sample-2", "/as/none"] {
            let elsewhere = house.get(&path.replacen("/as/sample-1", other, 1)).await;
            assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "{path}: another relationship");
        }
        house.post_from("/home", "/sign-out", "").await;
        assert!(house.get(&path).await.location().starts_with("/sign-in?next="), "{path}");
        house.sign_in("ward-manager").await;
        assert_eq!(house.get(&path).await.status, StatusCode::FORBIDDEN, "{path} as staff");
    }
}

#[tokio::test]
async fn urgent_help_is_there_when_nothing_else_is() {
    let house = House::of(Plant::Refused(Unseen::Unavailable));
    house.set_cookie("bevan", &"0".repeat(64));
    let page = house.get("/urgent").await;
    assert_eq!(page.status, StatusCode::OK);
    check("/urgent", &page);
    assert!(
        page.body.contains("tel:999") && page.body.contains("tel:111") && page.body.contains("tel:116123")
    );
    assert!(house.get("/").await.body.contains("href=\"/urgent\""));
}

#[tokio::test]
async fn every_kind_of_page_leads_to_a_person() {
    let pages = [
        ("", "/"),
        ("", "/urgent"),
        ("", "/sign-in"),
        ("", "/session-ended"),
        ("", "/no/such/page"),
        ("patient", "/home"),
        ("patient", "/as/sample-1/home"),
        ("patient", "/no/such/page"),
        ("patient", "/staff/home"),
        ("ward-manager", "/staff/wards"),
        ("surgery", "/staff/on-behalf"),
        ("surgery", "/staff/patients/sample-1/on-behalf"),
        ("operator", "/staff/home"),
    ];
    for (person, path) in pages {
        let house = House::of(Plant::Full);
        if !person.is_empty() {
            house.sign_in(person).await;
        }
        check(path, &house.get(path).await);
    }
    let house = House::of(Plant::Refused(Unseen::Unavailable));
    let unavailable = house.get("/services").await;
    assert!(WAYS_TO_A_PERSON.iter().all(|way| unavailable.body.contains(way)), "{}", unavailable.body);
}

#[tokio::test]
async fn a_second_failure_says_so_and_offers_no_third_try() {
    let house = House::of(Plant::Refused(Unseen::Failed));
    house.sign_in("patient").await;
    let first = house.get("/record/allergies").await;
    assert!(first.body.contains("href=\"/record/allergies?again=1\""), "{}", first.body);
    let second = house.get("/record/allergies?again=1").await;
    check("second", &second);
    assert!(second.body.contains("<h1>There is still a problem</h1>") && !second.body.contains("again=1"));
}

/// What an address may answer to somebody who may open it: a page, a file, a live view, or the way to where they should be.
fn answers(route: &Route, place: &str, page: &Answered) {
    let kind = page.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
    match (page.status, kind) {
        (StatusCode::SEE_OTHER, _) => {
            let to = page.location();
            assert!(to.starts_with('/') && !to.starts_with("//"), "{place} leads to {to}");
            assert!(
                route.path == "/" || (!to.starts_with("/sign-in") || to == "/sign-in/prove-who-you-are"),
                "{place} asks to sign in again"
            );
        }
        // This house is registered with no login service.
        (StatusCode::NOT_FOUND, _) if matches!(route.path, "/sign-in/start" | "/sign-in/return") => {
            check(place, page);
        }
        (StatusCode::OK, _) if page.headers.contains_key(header::CONTENT_DISPOSITION) => {
            check_headers(place, page)
        }
        (StatusCode::OK, kind) if kind.starts_with("text/html") => check(place, page),
        (StatusCode::OK, _) => check_headers(place, page),
        (status, _) => panic!("{place}: {status} {}", page.body),
    }
}

#[tokio::test]
async fn every_route_is_closed_to_everybody_else() {
    for route in routes() {
        for person in ["", "ward-manager", "reception", "operator", "patient"] {
            let open = route.who == Who::Anyone || people_for(route.who).contains(&person);
            if open {
                continue;
            }
            let house = House::of(Plant::Full);
            if !person.is_empty() {
                house.sign_in(person).await;
            }
            let path = address(route.path);
            let answer = match route.verb {
                Verb::Get => house.get(&path).await,
                Verb::Post => {
                    house
                        .post_from(if person.is_empty() { "/sign-in" } else { home(person) }, &path, "")
                        .await
                }
            };
            let place = format!("{:?} {path} as {person:?}", route.verb);
            match (route.verb, person) {
                (Verb::Get, "") => {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{place}");
                    assert!(answer.location().starts_with("/sign-in?next=%2F"), "{place}");
                }
                (Verb::Post, "") => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{place}"),
                _ => {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
                    check(&place, &answer);
                    assert!(answer.body.contains("You do not have access to this page"), "{place}");
                }
            }
            assert!(!answer.body.contains("EXAMPLE,"), "{place} leaks a name");
        }
    }
}

fn home(person: &str) -> &'static str {
    if person == "patient" { "/home" } else { "/staff/home" }
}

#[tokio::test]
async fn refusals_have_their_own_pages_with_a_reference() {
    let cases = [
        (Unseen::NotFound, StatusCode::NOT_FOUND, "Record not found"),
        (Unseen::NoAccess, StatusCode::FORBIDDEN, "You do not have access to this page"),
        (Unseen::Unavailable, StatusCode::SERVICE_UNAVAILABLE, "There is a problem showing this page"),
        (Unseen::Failed, StatusCode::INTERNAL_SERVER_ERROR, "There is a problem"),
    ];
    for (unseen, status, heading) in cases {
        let house = House::of(Plant::Refused(unseen));
        house.sign_in("ward-manager").await;
        let page = house.get("/staff/patients/sample-1/medicines").await;
        assert_eq!(page.status, status);
        check(heading, &page);
        assert!(page.body.contains(&format!("<h1>{heading}</h1>")), "{}", page.body);
        assert!(page.body.contains("Reference: <strong>") && page.body.contains("tel:111"), "{heading}");
        for banned in ["500", "503", "404", "oops", "Oops", "technical"] {
            assert!(!page.body.split("<main").nth(1).unwrap().contains(banned), "{heading} says {banned}");
        }
    }
}

#[tokio::test]
async fn unknown_addresses_and_wrong_methods_answer_a_page() {
    let house = House::of(Plant::Full);
    let missing = house.get("/no/such/page").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    check("missing", &missing);
    let wrong = house.post("/help", "", "http://localhost").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    check("wrong method", &wrong);
    assert_eq!(house.get("/assets/0-bevan.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_demo_no_names() {
    let house = House::with(Plant::Full, None);
    let page = house.get("/sign-in").await;
    check("/sign-in", &page);
    assert!(page.body.contains("not set up here yet") && !page.body.contains("Sample"));
    assert!(page.token().is_none(), "there is nothing to send");
}

/// A request as a browser with an empty cache sends it.
async fn weigh(house: &House, path: &str) -> usize {
    let mut request = axum::http::Request::get(path)
        .header(header::HOST, "localhost")
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(axum::body::Body::empty())
        .unwrap();
    if let Some(session) = house.cookie("bevan") {
        request.headers_mut().insert(header::COOKIE, format!("bevan={session}").parse().unwrap());
    }
    let response = tower::ServiceExt::oneshot(house.router.clone(), request).await.unwrap();
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().len()
}

/// What a page loads: its style, script, icon and pictures, and the font that the style names.
async fn loaded(house: &House, page: &Answered) -> Vec<String> {
    let mut places = Vec::new();
    for token in tokens(&page.body) {
        let Token::Open { name, attributes } = token else { continue };
        let key = if name == "link" { "href" } else { "src" };
        let loads = matches!(name.as_str(), "link" | "script" | "img");
        places.extend(attributes.into_iter().filter(|(one, _)| loads && one == key).map(|(_, value)| value));
    }
    let style = places.iter().find(|place| place.ends_with(".css")).unwrap();
    let style = house.get(style).await.body;
    let mut urls = style.split("url(").filter_map(|rest| rest.split(')').next());
    places.push(urls.find(|url| url.contains("woff2")).unwrap().trim_matches('"').to_owned());
    places
}

#[tokio::test]
async fn every_page_is_light_at_first_and_lighter_again() {
    let mut heaviest = (0, "");
    for route in routes().filter(|route| route.verb == Verb::Get && !route.path.ends_with("/events")) {
        let Some(person) = people_for(route.who).first() else { continue };
        let house = House::of(Plant::Full);
        if !person.is_empty() {
            house.sign_in(person).await;
        }
        let path = address(route.path);
        let page = house.get(&path).await;
        let kind = page.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap());
        let kept = page.headers.contains_key(header::CONTENT_DISPOSITION);
        if page.status != StatusCode::OK || !kind.starts_with("text/html") || kept {
            continue;
        }
        let again = weigh(&house, &path).await;
        let files = loaded(&house, &page).await;
        let mut first = again;
        for file in &files {
            first += weigh(&house, file).await;
        }
        assert!(files.len() < 6, "{path} asks {} times", files.len() + 1);
        assert!(first <= 75_000, "{path} weighs {first} bytes at first");
        assert!(again <= 15_000, "{path} weighs {again} bytes again");
        heaviest = heaviest.max((first, route.path));
    }
    println!("the heaviest first view is {} with {} bytes", heaviest.1, heaviest.0);
    assert!(heaviest.0 > 0);
}

#[tokio::test]
async fn the_ward_table_sorts_by_score_without_scripts() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let scores = |page: &Answered| -> Vec<u16> {
        let parts = page.body.split("NEWS2 ").skip(2);
        parts.filter_map(|part| part.split('<').next()?.parse().ok()).collect()
    };
    let by_bed = scores(&house.get("/staff/wards/sample-ward?view=table").await);
    let by_score = scores(&house.get("/staff/wards/sample-ward?view=table&sort=news2").await);
    let mut sorted = by_bed.clone();
    sorted.sort_by_key(|score| std::cmp::Reverse(*score));
    assert_ne!(by_bed, sorted, "the sample is not sorted by chance");
    assert_eq!(by_score, sorted);
    assert!(by_score.len() >= 10);
}

/// Parts of a patient's pages, and what each says when nothing is recorded.
const PARTS: &[(&str, &str)] = &[
    ("/prescriptions", "No repeat medicines are recorded"),
    ("/appointments", "You have no appointments coming up"),
    ("/results", "No test results are recorded"),
    ("/record/allergies", "No allergies are recorded"),
    ("/record/conditions", "No health conditions are recorded"),
    ("/record/medicines", "No medicines are recorded"),
    ("/record/vaccinations", "No vaccinations are recorded"),
    ("/record/visits", "No hospital or clinic visits are recorded"),
    ("/record/documents", "No documents are recorded"),
    ("/record/scans", "No scans are recorded"),
    ("/record/timeline", "Nothing is recorded for this time"),
    ("/profile/who-looked", "Nobody has looked at your record yet"),
];

#[tokio::test]
async fn empty_not_allowed_and_failed_are_three_texts_on_every_page_that_has_parts() {
    const CLOSED: &str = "You do not currently have access to this section";
    const FAILED: &str = "An error has occurred and this section could not be shown";
    let (empty, refused) = (House::of(Plant::Empty), House::of(Plant::PartsRefused));
    for house in [&empty, &refused] {
        house.sign_in("patient").await;
    }
    let (mut closed, mut failed) = (0, 0);
    for (path, words) in PARTS {
        let nothing = empty.get(path).await.body;
        assert!(nothing.contains(words), "{path}: no {words:?} in {nothing}");
        assert!(!nothing.contains(CLOSED) && !nothing.contains(FAILED), "{path} has only nothing to say");
        let other = refused.get(path).await.body;
        assert!(!other.contains(words), "{path}: what may not be seen, or could not be read, is not empty");
        assert!(other.contains(CLOSED) || other.contains(FAILED), "{path}: {other}");
        closed += usize::from(other.contains(CLOSED));
        failed += usize::from(other.contains(FAILED));
    }
    assert!(closed > 3 && failed > 3, "{closed} closed, {failed} failed");
}
