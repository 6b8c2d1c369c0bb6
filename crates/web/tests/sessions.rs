//! Signing in and out, forms that are not ours, emergency access, and searches that leave nothing in an address.

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use care::Clock;
use care::view::{Plant, Unseen};
use futures_util::{FutureExt, StreamExt};
use jiff::SignedDuration;
use support::House;
use web::{Verb, Who, routes};

#[tokio::test]
async fn signing_in_changes_the_id_and_signing_out_ends_it() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    let first = house.cookie("bevan").unwrap();
    assert_eq!(first.len(), 64);
    assert_eq!(house.get("/home").await.status, StatusCode::OK);
    house.sign_in("ward-manager").await;
    let second = house.cookie("bevan").unwrap();
    assert_ne!(first, second);
    assert_eq!(house.post_from("/staff/home", "/sign-out", "").await.location(), "/sign-in");
    assert_eq!(house.cookie("bevan"), None);
    for old in [first, second] {
        house.set_cookie("bevan", &old);
        assert_eq!(
            house.get("/staff/home").await.location(),
            "/sign-in?next=%2Fstaff%2Fhome",
            "an ended session opens nothing"
        );
    }
}

#[tokio::test]
async fn cookies_are_for_our_pages_only() {
    let house = House::of(Plant::Full);
    let answer = house.post_from("/sign-in", "/sign-in", "person=patient").await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn secure_cookies_cannot_be_set_by_neighbours() {
    let house = House::behind_https();
    let answer = house.post_from("/sign-in", "/sign-in", "person=patient").await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-bevan=") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    assert_eq!(house.get("/home").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sessions_end_when_idle() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    house.clock.pass(SignedDuration::from_mins(29));
    assert_eq!(house.get("/home").await.status, StatusCode::OK);
    house.clock.pass(SignedDuration::from_mins(29));
    assert_eq!(house.get("/home").await.status, StatusCode::OK, "a request puts the end off");
    house.clock.pass(SignedDuration::from_mins(30));
    assert_eq!(house.get("/home").await.location(), "/session-ended?next=%2Fhome");
    let ended = house.get("/session-ended?next=%2Fhome").await;
    assert!(ended.body.contains("href=\"/sign-in?next=%2Fhome\""), "{}", ended.body);
}

#[tokio::test]
async fn sessions_end_after_half_a_day_however_busy() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    for _ in 0..35 {
        house.clock.pass(SignedDuration::from_mins(20));
        assert_eq!(house.get("/home").await.status, StatusCode::OK);
    }
    house.clock.pass(SignedDuration::from_mins(20));
    assert_eq!(house.get("/home").await.location(), "/session-ended?next=%2Fhome");
}

#[tokio::test]
async fn a_form_sent_too_late_is_given_back_to_its_writer_and_to_nobody_else() {
    let place = "/staff/patients/sample-patient-1/break-glass";
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let token = house.get(place).await.token().unwrap();
    house.clock.pass(SignedDuration::from_mins(31));
    let form = format!("csrf={token}&once=a1&reason=Brought+in+unconscious");
    let late = house.post(place, &form, "http://localhost").await;
    let ended = "/session-ended?next=%2Fstaff%2Fpatients%2Fsample-patient-1%2Fbreak-glass";
    assert_eq!((late.status, late.location()), (StatusCode::SEE_OTHER, ended));
    house.sign_in("operator").await;
    assert!(!house.get(place).await.body.contains("unconscious"), "not to another person");
    house.post_from("/staff/home", "/sign-out", "").await;
    let next = "person=ward-manager&next=%2Fstaff%2Fpatients%2Fsample-patient-1%2Fbreak-glass";
    let back = house.post_from("/sign-in", "/sign-in", next).await;
    assert_eq!(back.location(), place);
    assert!(house.get(place).await.body.contains(">Brought in unconscious</textarea>"));
    assert!(!house.get("/staff/home").await.body.contains("unconscious"));
    house.post_from(place, place, "reason=Brought+in+unconscious").await;
    assert!(!house.get(place).await.body.contains("Brought in"), "once it was sent it is gone");
}

#[tokio::test]
async fn a_late_form_of_another_site_is_not_kept() {
    let place = "/staff/patients/sample-patient-1/break-glass";
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    house.clock.pass(SignedDuration::from_mins(31));
    let planted = house.post(place, "csrf=x&reason=planted+reason", "http://localhost").await;
    assert_eq!(planted.status, StatusCode::FORBIDDEN);
    house.sign_in("ward-manager").await;
    assert!(!house.get(place).await.body.contains("planted"));
}

#[tokio::test]
async fn signing_in_leads_back_but_never_to_another_site() {
    let house = House::of(Plant::Full);
    let cases = [
        ("%2Fresults", "/results"),
        ("%2F%2Fevil.example", "/home"),
        ("https%3A%2F%2Fevil.example", "/home"),
        ("%2F%5Cevil.example", "/home"),
        ("%2Fsign-out", "/home"),
        ("%2Frecord%3Fpage%3Dx", "/home"),
    ];
    for (next, place) in cases {
        let page = house.get(&format!("/sign-in?next={next}")).await;
        assert_eq!(page.body.contains("name=\"next\""), place != "/home", "{next}");
        let answer = house.post_from("/sign-in", "/sign-in", &format!("person=patient&next={next}")).await;
        assert_eq!(answer.location(), place, "{next}");
    }
}

#[tokio::test]
async fn a_patient_who_has_not_proved_who_they_are_sees_how_to_and_no_record() {
    for level in ["P0", "P5"] {
        let house = House::of(Plant::Full);
        house.post_from("/sign-in", "/sign-in", &format!("person=patient&level={level}")).await;
        for route in routes().filter(|route| route.who == Who::Patient && route.verb == Verb::Get) {
            let page = house.get(&address(route.path)).await;
            let (place, next) = page.location().split_once("?next=%2F").unwrap_or_default();
            assert_eq!(place, "/sign-in/prove-who-you-are", "{} at {level}", route.path);
            assert!(!next.is_empty(), "{} at {level} comes back", route.path);
        }
        let step = house.get("/sign-in/prove-who-you-are").await;
        assert!(step.body.contains("<h1>Prove who you are</h1>") && !step.body.contains("Sample Ward"));
        let before = house.cookie("bevan");
        let place = "/sign-in/prove-who-you-are";
        assert_eq!(house.post_from(place, place, "").await.location(), "/home");
        assert_ne!(house.cookie("bevan"), before, "a new id at each step up");
        assert_eq!(house.get("/home").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn whoever_proves_who_they_are_comes_to_where_they_wanted_to_be() {
    let house = House::of(Plant::Full);
    house.post_from("/sign-in", "/sign-in", "person=patient&level=P5").await;
    let place = house.get("/prescriptions").await.location().to_owned();
    assert_eq!(place, "/sign-in/prove-who-you-are?next=%2Fprescriptions");
    let page = house.get(&place).await;
    assert!(page.body.contains("name=\"next\" value=\"/prescriptions\""), "{}", page.body);
    let there = house.post_from(&place, "/sign-in/prove-who-you-are", "next=%2Fprescriptions").await;
    assert_eq!(there.location(), "/prescriptions");
    assert_eq!(house.get("/prescriptions").await.status, StatusCode::OK);
    // And never to another site.
    house.post_from("/sign-in", "/sign-in", "person=patient&level=P5").await;
    let there = house.post_from(&place, "/sign-in/prove-who-you-are", "next=%2F%2Fevil.example").await;
    assert_eq!(there.location(), "/home");
}

#[tokio::test]
async fn signing_out_of_a_session_that_has_ended_signs_out() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    let token = house.get("/home").await.token().unwrap();
    let id = house.cookie("bevan").unwrap();
    house.clock.pass(SignedDuration::from_mins(31));
    let foreign = house.post("/sign-out", "csrf=x", "http://localhost").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "not for another site");
    let answer = house.post("/sign-out", &format!("csrf={token}"), "http://localhost").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(house.cookie("bevan"), None);
    house.set_cookie("bevan", &id);
    assert_eq!(house.get("/home").await.location(), "/sign-in?next=%2Fhome", "it says no more whose it was");
}

#[tokio::test]
async fn signing_out_while_the_record_cannot_be_written_signs_this_browser_out_and_says_so() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    let token = house.get("/home").await.token().unwrap();
    let id = house.cookie("bevan").unwrap();
    house.care.refuse_rows(true);
    let answer = house.post("/sign-out", &format!("csrf={token}"), "http://localhost").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(house.cookie("bevan"), None, "the browser lets go of it");
    assert!(answer.body.contains("We could not write down that you signed out"), "{}", answer.body);
    assert!(!answer.body.contains("action=\"/sign-out\""), "nobody is signed in on that page");
    // Longer than any request takes, and still within the half hour in which the session would be live.
    for minutes in [0, 11, 9, 8] {
        house.clock.pass(SignedDuration::from_mins(minutes));
        house.set_cookie("bevan", &id);
        assert_eq!(house.get("/home").await.location(), "/sign-in?next=%2Fhome", "a copy opens nothing");
    }
    house.care.refuse_rows(false);
    let row = web::session::SessionKey::of(&id).word();
    let kept = async || house.care.kept("session", &row, house.clock.now()).await.unwrap();
    assert!(kept().await.is_some());
    house.sign_in("patient").await;
    assert_eq!(kept().await, None, "it is written down as soon as that is possible");
}

#[tokio::test]
async fn a_live_view_does_not_keep_a_session_alive() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    house.clock.pass(SignedDuration::from_mins(20));
    assert_eq!(house.get("/staff/wards/sample-1/events").await.status, StatusCode::OK);
    house.clock.pass(SignedDuration::from_mins(20));
    assert_eq!(house.get("/staff/home").await.location(), "/session-ended?next=%2Fstaff%2Fhome");
}

#[tokio::test]
async fn a_live_board_begins_with_the_board_and_resumes_where_it_was() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let request = |last: &str| {
        Request::get("/staff/wards/sample-ward/events")
            .header(header::HOST, "localhost")
            .header(header::COOKIE, format!("bevan={}", house.cookie("bevan").unwrap()))
            .header("last-event-id", last)
            .body(Body::empty())
            .unwrap()
    };
    let fresh = tower::ServiceExt::oneshot(house.router.clone(), request("4211")).await.unwrap();
    let first = fresh.into_body().into_data_stream().next().await.unwrap().unwrap();
    let first = String::from_utf8(first.to_vec()).unwrap();
    let id = first.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    assert!(first.contains("event: board\n") && id.len() == 32, "{first}");
    assert!(!first.contains("4211"), "the position of the change feed counts what others do: {first}");
    assert!(first.contains("EXAMPLE, Alex") && !first.contains("<script>"), "{first}");
    let resumed = tower::ServiceExt::oneshot(house.router.clone(), request(&id)).await.unwrap();
    assert_eq!(resumed.status(), StatusCode::OK);
    let next = resumed.into_body().into_data_stream().next().now_or_never();
    assert!(next.is_none(), "nothing changed, so nothing is sent");
}

/// An address of a row, with a number in each open part.
fn address(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "7".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    for route in routes().filter(|route| route.verb == Verb::Post) {
        let house = House::of(Plant::Full);
        let (person, home) = match route.who {
            Who::Operator => ("operator", "/staff/home"),
            Who::Privacy => ("privacy", "/staff/home"),
            Who::Patient => ("patient", "/home"),
            _ => ("ward-manager", "/staff/home"),
        };
        house.sign_in(person).await;
        let path = address(route.path);
        let token = house.get(home).await.token().unwrap();
        let form = format!(
            "csrf={token}&once=a1&person=patient&q=Example&number=999+007+9196&reason=brought+in+unconscious"
        );
        let refused = [
            house.post(&path, &form, "http://evil.example").await,
            house.post(&path, &form, "null").await,
            house.post(&path, "person=patient&q=Example", "http://localhost").await,
            house.post(&path, &form.replace("csrf=", "csrf=0"), "http://localhost").await,
        ];
        for answer in refused {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.body.contains("There is a problem with the form"), "{path}");
        }
        assert_eq!(house.get(home).await.status, StatusCode::OK, "{path}: still signed in as before");
        let own = house.post(&path, &form, "http://localhost").await;
        assert!(!own.body.contains("There is a problem with the form"), "{path}: our own form is taken");
    }
}

#[tokio::test]
async fn a_form_larger_than_any_of_ours_is_refused() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let answer =
        house.post_from("/staff/patients", "/staff/patients", &format!("q={}", "x".repeat(40_000))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_search_leaves_nothing_in_an_address() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let sent = house.post_from("/staff/patients", "/staff/patients", "q=999+007+9196").await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/staff/patients"));
    let found = house.get("/staff/patients").await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("2 patients found") && found.body.contains("EXAMPLE, Alex"));
    let typed = house.get("/staff/patients?q=999%20007%209195").await;
    assert_eq!((typed.status, typed.location()), (StatusCode::SEE_OTHER, "/staff/patients"));
    let wrong = house.get("/staff/patients").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("<title>Error: Find a patient – Bevan</title>"));
    assert!(wrong.body.contains("its last digit does not fit the others"));
}

#[tokio::test]
async fn a_failed_search_leaves_the_form_and_can_be_cleared() {
    let house = House::of(Plant::Refused(Unseen::Unavailable));
    house.sign_in("ward-manager").await;
    house.post_from("/staff/patients", "/staff/patients", "q=Example").await;
    let failed = house.get("/staff/patients").await;
    assert!(failed.body.contains("It does not mean that nobody matches") && failed.body.contains("id=\"q\""));
    assert_eq!(house.get("/staff/patients?q=").await.status, StatusCode::SEE_OTHER);
    let clear = house.get("/staff/patients").await;
    assert!(!clear.body.contains("There is a problem") && !clear.body.contains("value=\"Example\""));
}

#[tokio::test]
async fn emergency_access_needs_a_reason_and_shows_until_it_ends() {
    let house = House::of(Plant::Full);
    house.sign_in("ward-manager").await;
    let place = "/staff/patients/sample-patient-1/break-glass";
    let without = house.post_from(place, place, "reason=+").await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.body.contains("Enter why you need this record now"));
    let given = house.post_from(place, place, "reason=Brought+in+unconscious").await;
    assert_eq!(given.location(), "/staff/patients/sample-patient-1");
    assert!(house.get("/staff/home").await.body.contains("Emergency access to one record until 18:05"));
    for _ in 0..9 {
        house.clock.pass(SignedDuration::from_mins(27));
        house.get("/staff/home").await;
    }
    assert!(!house.get("/staff/home").await.body.contains("Emergency access to one record"));
}

#[tokio::test]
async fn absent_and_forbidden_records_answer_alike_and_offer_emergency_access() {
    let house = House::of(Plant::Refused(Unseen::NotFound));
    house.sign_in("ward-manager").await;
    let page = house.get("/staff/patients/some-one/medicines").await;
    assert!(page.body.contains("href=\"/staff/patients/some-one/break-glass\""), "{}", page.body);
    house.sign_in("reception").await;
    let page = house.get("/staff/patients/some-one").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("break-glass"));
}

#[tokio::test]
async fn a_replay_says_so_once() {
    let house = House::of(Plant::Full);
    house.sign_in("operator").await;
    let sent = house.post_from("/staff/operations", "/staff/operations/7/replay", "").await;
    assert_eq!(sent.location(), "/staff/operations");
    assert!(house.get("/staff/operations").await.body.contains("Message 7 is back in the queue"));
    assert!(!house.get("/staff/operations").await.body.contains("is back in the queue"));
    let none = house.post_from("/staff/operations", "/staff/operations/x/replay", "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_browser_that_names_the_site_is_believed_over_a_missing_origin() {
    let house = House::of(Plant::Full);
    let token = house.get("/sign-in").await.token().unwrap();
    let post = |site: &'static str| {
        Request::post("/sign-in")
            .header(header::HOST, "localhost")
            .header(header::ORIGIN, "null")
            .header("sec-fetch-site", site)
            .body(Body::from(format!("csrf={token}&person=patient")))
            .unwrap()
    };
    assert_eq!(house.send(post("cross-site")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.send(post("same-origin")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_choice_is_checked_kept_and_said_once() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    let place = "/profile/contact";
    let nothing = house.post_from(place, place, "once=a1").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("<title>Error: How to reach you first – Bevan</title>"));
    let unreachable = house.post_from(place, place, "once=a2&choice=email").await;
    assert!(unreachable.body.contains("There is no email address on your record"), "{}", unreachable.body);
    let without_key = house.post_from(place, place, "choice=letter").await;
    assert_eq!(without_key.status, StatusCode::BAD_REQUEST, "a form of ours has a key");
    let kept = house.post_from(place, place, "once=a3&choice=letter").await;
    assert_eq!(kept.location(), "/profile");
    assert!(house.get("/profile").await.body.contains("Your choice is saved"));
    assert!(!house.get("/profile").await.body.contains("Your choice is saved"));
}

#[tokio::test]
async fn answers_typed_before_the_session_ended_stand_in_the_boxes_again() {
    let house = House::of(Plant::Full);
    house.sign_in("patient").await;
    let place = "/profile/language";
    let token = house.get(place).await.token().unwrap();
    house.clock.pass(SignedDuration::from_mins(31));
    let form = format!("csrf={token}&once=a1&language=Tigrinya&interpreter=no");
    let late = house.post(place, &form, "http://localhost").await;
    assert_eq!(late.location(), "/session-ended?next=%2Fprofile%2Flanguage");
    let back = house.post_from("/sign-in", "/sign-in", "person=patient&next=%2Fprofile%2Flanguage").await;
    assert_eq!(back.location(), place);
    assert!(house.get(place).await.body.contains("value=\"Tigrinya\""));
}
