//! Appointments as patients make them: two race for one time, a form is sent twice, a time is moved and cancelled, limits
//! are told by name; another system's referrals stand in the list, and one that is silent is named; waits are honest.

use crate::browser::{Browser, after};
use crate::support::http::Client;
use crate::support::process::Bevan;
use fhir::json::{Limits, Value, parse, to_string};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

fn document(bytes: &[u8]) -> Value {
    parse(bytes, &Limits::default()).expect("JSON")
}

/// Asks again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} within a minute");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

pub fn search(client: &mut Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).expect("an answer");
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let bundle = document(&answer.body);
    bundle.items("entry").iter().filter_map(|entry| entry.get("resource").cloned()).collect()
}

pub fn put(client: &mut Client, resource: &Value) {
    let part = |name: &str| resource.text_at(&[name]).unwrap().to_owned();
    let path = format!("/fhir/{}/{}", part("resourceType"), part("id"));
    let answer = client.put_fhir(&path, to_string(resource).as_bytes()).expect("an answer");
    assert!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.text());
}

/// The demo patients in the order of the sign-in page, all registered with the surgery of the first.
pub fn neighbours(bevan: &Bevan) -> Vec<Value> {
    let mut client = bevan.system();
    let page = Browser::visitor(bevan).get("/sign-in").text();
    let mut people: Vec<(usize, Value)> = search(&mut client, "/fhir/Patient?_count=50")
        .into_iter()
        .filter_map(|one| {
            let (given, family) = (one.text_at(&["name", "given"])?, one.text_at(&["name", "family"])?);
            Some((page.find(&format!("{given} {family}"))?, one.clone()))
        })
        .collect();
    people.sort_by_key(|(at, _)| *at);
    let mut people: Vec<Value> = people.into_iter().map(|(_, one)| one).collect();
    let surgery = people[0].get("generalPractitioner").unwrap().clone();
    for one in &mut people {
        one.as_object_mut().unwrap().insert("generalPractitioner", surgery.clone());
        put(&mut client, one);
    }
    people
}

/// The first free time of the last day on offer, once the diaries are there: its type and id as they stand in addresses.
/// Not of the first day: a time of today may begin too soon to be changed again.
fn offered(browser: &mut Browser) -> String {
    // The diary fills day by day while the house opens. A time of the first day may begin too soon to be moved.
    let days = until("two days with free times", || {
        let page = browser.get("/appointments/book/when?type=in-person").text();
        (page.matches("/appointments/book/slot?type=in-person&amp;date=").count() > 1).then_some(page)
    });
    let (_, last) = days.rsplit_once("/appointments/book/slot?type=in-person&amp;date=").expect("a day");
    let date = last.split('"').next().unwrap_or_default();
    let times = browser.get(&format!("/appointments/book/slot?type=in-person&date={date}")).text();
    format!("type=in-person&slot={}", after(&times, "/appointments/book/details?type=in-person&amp;slot="))
}

/// Goes from the note to the check page.
fn up_to_check(browser: &mut Browser, slot: &str, note: &str) -> String {
    let details = format!("/appointments/book/details?{slot}");
    let answer = browser.post(&details, &details, &[("note", note), ("once", "note-1")]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let check = format!("/appointments/book/check?{slot}");
    let page = browser.get(&check).text();
    assert!(page.contains(note), "the note stands on the check page");
    check
}

pub fn location(answer: &crate::support::http::Answer) -> String {
    answer.header("location").unwrap_or_default().to_owned()
}

#[test]
fn of_two_people_who_race_for_a_time_one_gets_it_and_the_other_hears_what_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let people = neighbours(&bevan);
    let mut first = Browser::signed_in_at(&bevan, "patient", 1);
    let mut second = Browser::signed_in_at(&bevan, "patient", 2);
    let slot = offered(&mut first);
    let check = up_to_check(&mut first, &slot, "A sore knee");
    up_to_check(&mut second, &slot, "A cough");

    let start = Arc::new(Barrier::new(2));
    let race = |mut browser: Browser, once: &'static str| {
        let (start, check) = (Arc::clone(&start), check.clone());
        std::thread::spawn(move || {
            browser.get(&check);
            start.wait();
            let answer = browser.post(&check, &check, &[("once", once)]);
            (browser, answer)
        })
    };
    let (one, two) = (race(first, "first-1"), race(second, "second-1"));
    let (one, two) = (one.join().unwrap(), two.join().unwrap());
    let mut both = [(one, "first-1", 0), (two, "second-1", 1)];
    both.sort_by_key(|((_, answer), ..)| answer.status);
    let [((mut winner, won), once, place), ((_, lost), ..)] = both;
    assert_eq!((won.status, lost.status), (303, 409), "{} {}", won.text(), lost.text());
    assert!(location(&won).starts_with("/appointments/book/done?id="), "{}", location(&won));
    let page = lost.text();
    assert!(
        page.contains("This time is no longer free") && page.contains("Times that are free now"),
        "{page}"
    );
    assert!(page.matches("/appointments/book/details?&amp;type=").count() >= 2, "{page}");

    // The same form again books nothing more and leads to the same place.
    let again = winner.post("/appointments", &check, &[("once", once)]);
    assert_eq!((again.status, location(&again)), (303, location(&won)));
    let mut client = bevan.system();
    let id = slot.split("slot=").nth(1).unwrap();
    let booked = search(&mut client, &format!("/fhir/Appointment?slot=Slot/{id}"));
    assert_eq!(booked.len(), 1);
    let patient = format!("Patient/{}", people[place].text_at(&["id"]).unwrap());
    assert!(to_string(&booked[0]).contains(&patient), "it is the winner's");
    assert_eq!(
        document(&client.get(&format!("/fhir/Slot/{id}")).unwrap().body).text_at(&["status"]),
        Some("busy")
    );
}

#[test]
fn an_appointment_is_moved_cancelled_and_limits_are_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let mut client = bevan.system();
    let people = neighbours(&bevan);
    let mut browser = Browser::signed_in_at(&bevan, "patient", 1);
    let slot = offered(&mut browser);

    // A note that is too long is named and kept.
    let details = format!("/appointments/book/details?{slot}");
    let long = browser.post(&details, &details, &[("note", &"x".repeat(501)), ("once", "long-1")]);
    assert_eq!(long.status, 422);
    assert!(
        long.text().contains("Remove 1 character") && long.text().contains("<title>Error: "),
        "{}",
        long.text()
    );

    let check = up_to_check(&mut browser, &slot, "A sore knee");
    let booked = browser.post(&check, &check, &[("once", "book-1")]);
    let id = location(&booked).split("id=").nth(1).unwrap().to_owned();
    let done = browser.get(&location(&booked)).text();
    assert!(done.contains("Appointment booked") && done.contains("What happens next"), "{done}");
    let file = browser.get(&format!("/appointments/{id}/calendar.ics"));
    assert_eq!(file.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert!(
        file.text().starts_with("BEGIN:VCALENDAR\r\n") && !file.text().contains("knee"),
        "{}",
        file.text()
    );

    // Moved: the old time is free again.
    let status = |client: &mut Client, slot: &str| {
        let id = slot.split("slot=").nth(1).unwrap();
        document(&client.get(&format!("/fhir/Slot/{id}")).unwrap().body)
            .text_at(&["status"])
            .unwrap()
            .to_owned()
    };
    let other = offered(&mut browser);
    assert_ne!(other, slot);
    let change = format!("/appointments/{id}/change");
    let new = other.split("slot=").nth(1).unwrap();
    let moved = browser.post(&change, &change, &[("slot", new), ("once", "move-1")]);
    assert_eq!((moved.status, location(&moved)), (303, format!("/appointments/{id}?now=changed")));
    assert_eq!((status(&mut client, &slot), status(&mut client, &other)), ("free".into(), "busy".into()));
    assert!(browser.get(&location(&moved)).text().contains("Your appointment was changed"));

    // Two more reach the limit; a third is refused by name.
    for round in 2..=4 {
        let slot = offered(&mut browser);
        let check = up_to_check(&mut browser, &slot, "Again");
        let answer = browser.post(&check, &check, &[("once", &format!("book-{round}"))]);
        let expected = if round < 4 { 303 } else { 409 };
        assert_eq!(answer.status, expected, "{}", answer.text());
        if round == 4 {
            assert!(answer.text().contains("You cannot book another appointment here"), "{}", answer.text());
            assert!(answer.text().contains("tel:"), "the telephone is named");
        }
    }

    // A time that is taken meanwhile moves nothing, and other days are those of moving, not of a second booking.
    let gone = browser.post(&change, &change, &[("slot", new), ("once", "move-2")]);
    assert_eq!(gone.status, 409);
    let page = gone.text();
    assert!(
        page.contains("Your appointment stays as it was") && !page.contains("/appointments/book/"),
        "{page}"
    );
    assert!(page.contains(&format!("href=\"{change}\"")), "{page}");

    // What stands in an address is said only where it is so.
    let place = format!("/appointments/{id}?now=cancelled");
    assert!(!browser.get(&place).text().contains("Your appointment was cancelled"));

    // Cancelled: free again, and a second time says that it is over.
    let cancel = format!("/appointments/{id}/cancel");
    let cancelled = browser.post(&cancel, &cancel, &[("once", "cancel-1")]);
    assert_eq!((cancelled.status, status(&mut client, &other)), (303, "free".into()));
    assert!(browser.get(&place).text().contains("Your appointment was cancelled"));
    let done = browser.get(&format!("/appointments/book/done?id={id}"));
    assert_eq!((done.status, location(&done)), (303, format!("/appointments/{id}")), "it is booked no more");
    let over = browser.post("/appointments", &cancel, &[("once", "cancel-2")]);
    assert_eq!(over.status, 409);
    assert!(over.text().contains("This appointment is over"), "{}", over.text());

    // Half an hour before it is too late.
    let busy = search(&mut client, "/fhir/Slot?status=busy&_count=1").remove(0);
    let schedule =
        search(&mut client, &format!("/fhir/Slot?_id={new}")).remove(0).get("schedule").unwrap().clone();
    let mut soon = busy;
    let at = jiff::Timestamp::now();
    let members = soon.as_object_mut().unwrap();
    members.insert("id", Value::from("soon"));
    members.insert("schedule", schedule);
    members.insert("status", Value::from("free"));
    members.insert("start", Value::from(format!("{:.0}", at + jiff::Span::new().minutes(30))));
    members.insert("end", Value::from(format!("{:.0}", at + jiff::Span::new().minutes(40))));
    put(&mut client, &soon);
    let check = up_to_check(&mut browser, "type=in-person&slot=soon", "Soon");
    let booked = browser.post(&check, &check, &[("once", "book-soon")]);
    assert_eq!(booked.status, 303, "{}", booked.text());
    let id = location(&booked).split("id=").nth(1).unwrap().to_owned();
    let late = browser.get(&format!("/appointments/{id}/cancel")).text();
    assert!(late.contains("It is too late to do this here") && late.contains("tel:"), "{late}");
    let late = browser.post("/appointments", &format!("/appointments/{id}/cancel"), &[("once", "late-1")]);
    assert_eq!(late.status, 409);

    // Somebody else's appointment does not exist for a neighbour.
    let mut neighbour = Browser::signed_in_at(&bevan, "patient", 2);
    assert_eq!(neighbour.get(&format!("/appointments/{id}")).status, 404);
    assert_eq!(
        neighbour.post("/appointments", &format!("/appointments/{id}/cancel"), &[("once", "n-1")]).status,
        404
    );

    // Under 16, one's own referrals are refused politely.
    let mut young = people[0].clone();
    let born = jiff::Zoned::now().date().checked_sub(jiff::Span::new().years(15)).unwrap();
    young.as_object_mut().unwrap().insert("birthDate", Value::from(born.to_string()));
    put(&mut client, &young);
    let refused = browser.get("/referrals/any");
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("You need to be 16 to see this here"), "{}", refused.text());
    assert_eq!(browser.get("/appointments").status, 200);
}

/// Takes every free time of a surgery, as its own system would.
fn fill_the_diary(client: &mut Client) {
    loop {
        let free = search(client, "/fhir/Slot?status=free&_count=200");
        if free.is_empty() {
            return;
        }
        let entry = |mut slot: Value| {
            let url = Value::from(format!("Slot/{}", slot.text_at(&["id"]).unwrap()));
            slot.as_object_mut().unwrap().insert("status", Value::from("busy"));
            let request = Value::object([("method", Value::from("PUT")), ("url", url)]);
            Value::object([("resource", slot), ("request", request)])
        };
        let bundle = Value::object([
            ("resourceType", Value::from("Bundle")),
            ("type", Value::from("transaction")),
            ("entry", Value::Array(free.into_iter().map(entry).collect())),
        ]);
        let answer = client.post_fhir("/fhir", to_string(&bundle).as_bytes()).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

#[test]
fn when_no_time_is_free_the_next_one_and_other_ways_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    neighbours(&bevan);
    let mut browser = Browser::signed_in_at(&bevan, "patient", 1);
    offered(&mut browser);

    // Given a fortnight that the surgery's diary does not reach, the next free times are named and lead to their days.
    let far = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(40)).unwrap();
    let page = browser.get(&format!("/appointments/book/when?type=in-person&from={far}")).text();
    for words in [
        "There are no free times on these days.",
        "You can book up to 8 weeks ahead",
        "The next free times",
        "In person: ",
        "Other ways to get help",
        "/appointments/ask-gp",
        "href=\"/check\"",
        "href=\"/services\"",
        "tel:",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    let from = after(&page, "/appointments/book/when?type=in-person&amp;from=");
    let next = browser.get(&format!("/appointments/book/when?type=in-person&from={from}")).text();
    assert!(next.contains(&format!("&amp;date={from}")), "that day is the first on its page: {next}");

    // When every time is taken, it says so, and still how to get help. The diaries may still be growing: what is added
    // meanwhile is taken as well.
    let page = until("nothing left to book", || {
        fill_the_diary(&mut bevan.system());
        let page = browser.get("/appointments/book/when?type=in-person").text();
        page.contains("No time of any kind is free").then_some(page)
    });
    for words in ["There are no free times on these days.", "/appointments/ask-gp", "tel:"] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(!page.contains("The next free times"), "{page}");
}

#[test]
fn a_question_reaches_the_surgery_once() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let mut browser = Browser::signed_in(&bevan, "patient");
    let empty =
        browser.post("/appointments/ask-gp", "/appointments/ask-gp", &[("question", " "), ("once", "q-1")]);
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("Enter what you need help with"));
    let words = [("question", "May I drive again?"), ("once", "q-2")];
    assert_eq!(browser.post("/appointments/ask-gp", "/appointments/ask-gp", &words).status, 303);
    let check = "/appointments/ask-gp/check";
    assert!(browser.get(check).text().contains("May I drive again?"));
    for _ in 0..2 {
        let sent = browser.post("/appointments", check, &[("once", "send-1")]);
        assert_eq!((sent.status, location(&sent)), (303, "/appointments/ask-gp/done".into()));
    }
    // Where nothing is written any more, nothing is said to be sent.
    let sent = browser.post("/appointments", check, &[("once", "send-2")]);
    assert_eq!((sent.status, location(&sent)), (303, "/appointments/ask-gp".into()));
    let all = search(&mut bevan.system(), "/fhir/Communication?_count=1000");
    let says = |one: &Value| one.text_at(&["payload", "contentString"]) == Some("May I drive again?");
    assert_eq!(all.iter().filter(|one| says(one)).count(), 1);
}

fn configured(folder: &Path, text: &str) -> String {
    let path = folder.join("bevan.toml");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn another_systems_referrals_are_shown_and_a_silent_one_is_named_in_time() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let other = Bevan::start(there.path());
    // Accepts connections into its backlog and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    std::fs::write(here.path().join("token"), "demo-system\n").unwrap();
    let config = configured(
        here.path(),
        &format!(
            "[[referrals.sources]]\nname = \"Coast referrals\"\nbase = \"http://{}/fhir\"\ntoken_file = \"{}\"\nlimit_ms = 8000\n\
             [[referrals.sources]]\nname = \"Moor hospital\"\nbase = \"http://{}/fhir\"\nlimit_ms = 700\n",
            other.http,
            here.path().join("token").display(),
            silent.local_addr().unwrap()
        ),
    );
    let bevan = Bevan::start_with(&here.path().join("data"), &["--demo", "--config", &config], &[]);
    let me = neighbours(&bevan).remove(0);
    // The other system, made from the same seed, knows the same person.
    let mut theirs = me.clone();
    let mut client = other.system();
    put(&mut client, &theirs);
    let id = me.text_at(&["id"]).unwrap().to_owned();
    let referral = |id: &str, subject: &str, code: &str| {
        document(
            format!(
                r#"{{"resourceType":"ServiceRequest","id":"{id}","status":"active","intent":"order","authoredOn":"2026-09-01T09:00:00Z",
                    "category":[{{"coding":[{{"system":"http://snomed.info/sct","code":"3457005"}}]}}],
                    "code":{{"text":"{code}"}},"subject":{{"reference":"Patient/{subject}"}},"performer":[{{"display":"Coast hospital"}}]}}"#
            )
            .as_bytes(),
        )
    };
    put(&mut client, &referral("r1", &id, "Rheumatology"));

    let mut browser = Browser::signed_in_at(&bevan, "patient", 1);
    let began = Instant::now();
    let page = browser.get("/appointments");
    assert!(began.elapsed() < Duration::from_secs(10));
    let text = page.text();
    assert!(text.contains("Rheumatology referral") && text.contains("From Coast referrals"), "{text}");
    assert!(text.contains("We could not get anything from Moor hospital"), "{text}");
    assert!(!text.contains("anything from Coast referrals"), "{text}");
    let detail = browser.get("/referrals/0~r1");
    assert_eq!(detail.status, 200);
    assert!(detail.text().contains("Coast hospital"), "{}", detail.text());

    // With another birthday there, they are somebody else.
    theirs.as_object_mut().unwrap().insert("birthDate", Value::from("1901-01-01"));
    put(&mut client, &theirs);
    assert!(!browser.get("/appointments").text().contains("Rheumatology"));
}

#[test]
fn waits_are_published_from_the_lists_that_ended() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start(folder.path());
    let mut client = bevan.system();
    let me = neighbours(&bevan).remove(0);
    let patient = me.text_at(&["id"]).unwrap().to_owned();
    let trust = search(&mut client, "/fhir/Organization?name=Pellinford%20Hospitals").remove(0);
    let trust = trust.text_at(&["id"]).unwrap().to_owned();
    let now = jiff::Timestamp::now();
    let before = |days: i64| format!("{:.0}", now - jiff::Span::new().hours(24 * days));
    let plan = |id: &str, code: &str, (start, end): (String, Option<String>)| {
        let (status, end) = match end {
            Some(end) => ("completed", format!(r#","end":"{end}""#)),
            None => ("active", String::new()),
        };
        document(
            format!(
                r#"{{"resourceType":"CarePlan","id":"{id}","status":"{status}","intent":"order","title":"List",
                    "category":[{{"coding":[{{"system":"https://bevan.example/CodeSystem/care-plan-category","code":"waiting-list"}}]}},
                                {{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode","code":"{code}","display":"Urology"}}]}}],
                    "subject":{{"reference":"Patient/{patient}"}},"author":{{"reference":"Organization/{trust}"}},
                    "period":{{"start":"{start}"{end}}}}}"#
            )
            .as_bytes(),
        )
    };
    // Ten people waited 1 to 10 weeks: 8 in 10 waited up to 8.
    for week in 1..=10 {
        put(&mut client, &plan(&format!("w{week}"), "101", (before(7 * week + 30), Some(before(30)))));
    }
    put(&mut client, &plan("mine", "101", (before(20), None)));
    put(&mut client, &plan("rare", "104", (before(20), None)));
    assert!(bevan.stop());
    let bevan = Bevan::start(folder.path());
    let mut browser = Browser::signed_in_at(&bevan, "patient", 1);
    let page = until("published waits", || {
        let page = browser.get("/waiting-lists/mine").text();
        page.contains("8 in 10 people wait").then_some(page)
    });
    assert!(page.contains("8 in 10 people wait up to 8 weeks"), "{page}");
    assert!(page.contains("is 6 weeks"), "the mean of 5.5 weeks, to the nearest: {page}");
    assert!(page.contains("2 weeks"), "so long they have waited: {page}");
    let rare = browser.get("/waiting-lists/rare").text();
    assert!(rare.contains("Too few people were seen"), "{rare}");
}
