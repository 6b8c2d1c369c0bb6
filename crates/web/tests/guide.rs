//! Where to go now, and finding a service, as a browser without scripts goes through them: over addresses and forms.

mod support;

use axum::http::StatusCode;
use care::triage::{Card, Pathways, Place};
use care::view::{Plant, Unseen};
use support::{Answered, House};

fn down() -> House {
    House::of(Plant::Refused(Unseen::Unavailable))
}

/// Follows one address that answers 303.
async fn follow(house: &House, path: &str) -> (String, Answered) {
    let sent = house.get(path).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{path}: {}", sent.body);
    let to = sent.location().to_owned();
    let page = house.get(&to).await;
    assert_eq!(page.status, StatusCode::OK, "{path} leads to {to}");
    (to, page)
}

#[tokio::test]
async fn every_red_flag_reaches_its_card_on_the_second_page_with_the_record_down() {
    let house = down();
    let first = house.get("/check").await;
    assert_eq!(first.status, StatusCode::OK);
    for sign in ["chest-pain", "breathing", "stroke", "bleeding", "suicide"] {
        assert!(first.body.contains(&format!("value=\"{sign}\"")), "{sign} is asked");
        let (to, card) = follow(&house, &format!("/check?asked=1&urgent={sign}")).await;
        assert_eq!(to, format!("/check/emergency?urgent={sign}"));
        assert!(card.body.contains("nhsuk-card--care--emergency") && card.body.contains("href=\"tel:999\""));
        for part in ["How soon", "Where", "If it gets worse", "Other ways to get help"] {
            assert!(card.body.contains(part), "{sign} lacks {part}");
        }
    }
    let bare = house.get("/check/emergency").await;
    assert!(bare.status == StatusCode::OK && bare.body.contains("tel:999"));
}

#[tokio::test]
async fn nothing_gets_past_the_first_screen() {
    let house = down();
    for path in [
        "/check/who",
        "/check/topic",
        "/check/fever/signs",
        "/check/topic?who=me&age=16-to-64",
        "/check/fever/days?who=me&age=16-to-64&q-signs=none&q-ill=none",
    ] {
        let (to, _) = follow(&house, path).await;
        assert!(to.starts_with("/check?") || to == "/check", "{path} leads to {to}");
    }
    let (to, page) = follow(&house, "/check/fever/days?urgent=unsure&who=me&age=16-to-64&q-days=short").await;
    assert!(to.starts_with("/check/outcome/call-111-now"), "{to}");
    assert!(page.body.contains("tel:111"));
}

#[tokio::test]
async fn questions_are_answered_step_by_step_and_kept_in_the_address() {
    let house = down();
    let (to, _) = follow(&house, "/check?asked=1&urgent=none").await;
    assert_eq!(to, "/check/who?urgent=none");
    let (to, _) = follow(&house, "/check/who?asked=1&urgent=none&who=me&age=16-to-64").await;
    assert_eq!(to, "/check/topic?urgent=none&who=me&age=16-to-64");
    let start = "urgent=none&who=me&age=16-to-64&topic=fever";
    let (to, _) = follow(&house, &format!("/check/topic?asked=1&{start}")).await;
    assert_eq!(to, format!("/check/fever/signs?{start}"));
    let (to, _) = follow(&house, &format!("/check/fever/signs?asked=1&{start}&q-signs=none")).await;
    let (to, _) = follow(&house, &format!("{to}&asked=1&q-ill=none")).await;
    assert!(to.starts_with("/check/fever/days?"), "{to}");
    let (to, page) = follow(&house, &format!("{to}&asked=1&q-days=short")).await;
    assert!(to.starts_with("/check/outcome/self-care-fever?"), "{to}");
    for words in ["Up to 3 days", "None of these", "High temperature", "Call 111 if you are worried"] {
        assert!(page.body.contains(words), "{words}");
    }
    // The link back leads to the question with its answer chosen.
    let back = page.body.split("nhsuk-back-link\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let before = house.get(&back.replace("&amp;", "&")).await;
    assert!(before.body.contains("value=\"short\" checked"), "{}", before.body);
}

#[tokio::test]
async fn an_altered_address_leads_to_what_its_answers_say() {
    let house = down();
    let answers = "urgent=none&who=me&age=16-to-64&topic=fever&q-signs=neck&q-ill=none&q-days=short";
    let (to, page) = follow(&house, &format!("/check/outcome/self-care-fever?{answers}")).await;
    assert!(to.starts_with("/check/outcome/a-and-e?"), "{to}");
    assert!(page.body.contains("nhsuk-card--care--emergency"));
    let (to, _) = follow(
        &house,
        &format!("/check/outcome/no-action?{}", answers.replace("urgent=none", "urgent=breathing")),
    )
    .await;
    assert!(to.starts_with("/check/emergency?"), "{to}");
    // Without answers an outcome says that it may not be right.
    let bare = house.get("/check/outcome/self-care-fever").await;
    assert!(bare.body.contains("You have not answered the questions"));
    assert_eq!(follow(&house, "/check/outcome/gone").await.0, "/check");
}

#[tokio::test]
async fn a_form_without_an_answer_says_what_is_missing() {
    let house = down();
    let started = "urgent=none&who=me&age=16-to-64";
    let cases = [
        ("/check?asked=1".to_owned(), "Select what is happening"),
        ("/check/who?asked=1&urgent=none".to_owned(), "Select who you are asking for"),
        (format!("/check/topic?asked=1&{started}"), "Select the main problem"),
        (format!("/check/fever/signs?asked=1&{started}"), "Select all that apply"),
        (format!("/check/tooth/signs?asked=1&{started}"), "Select an answer"),
        ("/services/results?near=&type=".to_owned(), "Enter a postcode, a town or a village"),
    ];
    for (path, words) in cases {
        let page = if path.starts_with("/services") {
            House::of(Plant::Full).get(&path).await
        } else {
            house.get(&path).await
        };
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.body.contains("<title>Error: "), "{path}");
        let summary = page.body.split("nhsuk-error-summary__list").nth(1).unwrap();
        assert!(summary.contains(words), "{path}");
        let field = summary.split("href=\"#").nth(1).unwrap().split('"').next().unwrap();
        assert!(page.body.contains(&format!("id=\"{field}\"")), "{path}: the summary leads to {field}");
    }
}

#[tokio::test]
async fn own_words_raise_or_suggest_and_are_nowhere_kept() {
    let house = down();
    let from = "/check/topic?urgent=none&who=me&age=16-to-64";
    let form = |words: &str| format!("urgent=none&who=me&age=16-to-64&words={words}");
    let sent = house.post_from(from, "/check/topic", &form("Ann+Example+has+crushing+chest+pain")).await;
    assert_eq!(sent.location(), "/check/emergency?urgent=chest-pain&who=me&age=16-to-64&said=1");
    let card = house.get(sent.location()).await;
    assert!(card.body.contains("tel:999") && card.body.contains("What you wrote may mean: Chest pain"));
    let sent = house.post_from(from, "/check/topic", &form("sore+throat+xyzzy")).await;
    assert_eq!(sent.location(), "/check/topic?urgent=none&who=me&age=16-to-64&about=cough");
    let list = house.get(sent.location()).await;
    assert!(!list.body.contains("xyzzy"), "the words are not repeated");
    let cough = list.body.find("value=\"cough\"").unwrap();
    assert!(cough < list.body.find("value=\"fever\"").unwrap(), "what was heard stands first");
    assert!(!list.body.contains("value=\"cough\" checked"), "and is not chosen for anybody");
    let sent = house.post_from(from, "/check/topic", &form("xyzzy")).await;
    assert!(house.get(sent.location()).await.body.contains("We could not match"), "nobody is turned away");
    assert_eq!(
        house.post("/check/topic", &form("x"), "https://elsewhere.example").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn answers_to_another_topic_are_dropped() {
    let house = down();
    let answers = "urgent=none&who=me&age=16-to-64&q-signs=none&q-days=few";
    let (to, _) = follow(&house, &format!("/check/topic?asked=1&was=cough&topic=fever&{answers}")).await;
    assert_eq!(to, "/check/fever/signs?urgent=none&who=me&age=16-to-64&topic=fever");
    let (to, _) = follow(&house, &format!("/check/topic?asked=1&was=cough&topic=cough&{answers}")).await;
    assert!(to.starts_with("/check/outcome/self-care-cough?"), "{to}");
}

#[tokio::test]
async fn every_outcome_has_its_page_and_card() {
    let house = down();
    let set = Pathways::demonstration().unwrap();
    for outcome in set.outcomes() {
        let page = house.get(&format!("/check/outcome/{}", outcome.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", outcome.id);
        let card = match outcome.group.card() {
            Card::Emergency => "care--emergency",
            Card::Urgent => "care--urgent",
            Card::NonUrgent => "care--non-urgent",
        };
        assert!(page.body.contains(card), "{}", outcome.id);
        let words = [&outcome.what, &outcome.soon, &outcome.place];
        for text in words.into_iter().chain(&outcome.worse).chain(&outcome.other_ways) {
            let escaped = text.replace('&', "&amp;");
            assert!(page.body.contains(&escaped), "{}: {text}", outcome.id);
        }
        assert!(page.body.contains("must not be used for care"), "{}: labelled", outcome.id);
    }
    let unsure = set.walk(&care::triage::Answers {
        urgent: Some(care::triage::Urgent::Unsure),
        ..care::triage::Answers::default()
    });
    assert!(matches!(unsure.place, Place::Outcome(_)));
}

#[tokio::test]
async fn services_are_found_by_postcode_and_by_name() {
    let house = House::of(Plant::Full);
    let page = house.get("/services/results?near=qb7+2ad&type=pharmacy").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<h1>Pharmacies near QB7</h1>"), "{}", page.body);
    assert!(page.body.find("Sample Pharmacy").unwrap() < page.body.find("Day Chemist").unwrap());
    assert!(page.body.contains("Open now") && page.body.contains("Closes at 6pm"));
    house.clock.pass(jiff::SignedDuration::from_hours(6));
    let open = house.get("/services/results?near=qb7&type=pharmacy&open=now").await;
    assert!(open.body.contains("Day Chemist") && !open.body.contains("Sample Pharmacy"), "only what is open");
    let page = house.get("/services/results?near=sampleton&type=").await;
    assert!(page.body.contains("<h1>All services near Sampleton</h1>"));
    assert!(page.body.contains("href=\"/neighbourhood/sample-1\""), "a centre leads to its own page");
    let page = house.get("/services/results?near=sam&type=gp").await;
    assert!(page.body.contains("near=Sample%20Green&amp;type=gp"), "{}", page.body);
    let page = house.get("/services/results?near=Atlantis&type=gp").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("We do not know that place") && page.body.contains("call 111"));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_says_so_and_offers_another_way() {
    let page = down().get("/services/results?near=QB7&type=gp").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("tel:111"));
    assert_eq!(down().get("/services").await.status, StatusCode::OK, "the form needs no record");
    for path in ["/self-care", "/self-care/back-pain", "/conditions", "/conditions/asthma"] {
        assert_eq!(down().get(path).await.status, StatusCode::OK, "{path}");
    }
    let old = House::of(Plant::Full);
    old.clock.pass(jiff::SignedDuration::from_mins(11));
    assert!(old.get("/services/sample-1").await.body.contains("could not be read again lately"));
}
