//! Every form × everybody × whose record, sent properly; and every form sent as other sites, other people and yesterday's
//! pages would send it, after which nothing may have changed.

use super::browser::{Browser, token_in};
use super::expect::{ANY, About, ROWS, Row, to_others};
use super::judge::{Judge, address, masked};
use super::visitors::{House, Post, Visitor};
use crate::door::{Answer, Call};
use crate::expect::{Class, Owner, Who, may_read};
use crate::family;
use crate::findings::Findings;
use crate::letters::LETTER;
use crate::records::{NOBODY, canary, id, nhs_number, patient};
use crate::scan::Scanner;
use crate::world::{Known, World};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Every form sent properly by everybody. Each visitor has a world of their own, because some change it.
pub async fn walk(visitors: &[Visitor], findings: &Arc<Findings>) {
    let mut tasks = JoinSet::new();
    for visitor in visitors.iter().copied() {
        let findings = Arc::clone(findings);
        tasks.spawn(async move {
            let world = World::with_family();
            let house = House::here(&world);
            let scanner = Scanner::new(&world);
            let judge = Judge { visitor, scanner, findings: &findings, secure: false };
            let acts = visitor.acts_by().is_some();
            let stands = |row: &&Row| !acts || row.stands_for(visitor);
            for row in ROWS.iter().filter(|row| row.verb == "POST").filter(stands) {
                if findings.enough() {
                    return;
                }
                sent(&house, &world, row, &judge).await;
            }
            finds(&house, &judge).await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

fn targets(about: About, known: &Known) -> Vec<String> {
    match about {
        About::Part(type_) => {
            let people = [Owner::Ann, Owner::Cas, Owner::AnnBefore];
            let ids = people.map(|owner| known.of_owner(type_, owner).expect("a record").id());
            ids.into_iter().chain([id(NOBODY)]).collect()
        }
        About::Bond => [family::OPEN, family::ANOTHERS, NOBODY].map(id).to_vec(),
        About::Request => {
            let requests = family::ASKED.map(|(_, request, _)| request.to_owned());
            requests.into_iter().chain([id(NOBODY)]).collect()
        }
        About::Listed => vec![id(NOBODY), "1".into()],
        About::Letter => vec![LETTER.to_string(), "999".into(), "-1".into(), "x".into()],
        About::Unsaid | About::Asked => {
            let people = Owner::ALL.map(patient);
            people.into_iter().chain([id(NOBODY)]).collect()
        }
        _ => vec![String::new()],
    }
}

fn fields(row: &Row, house: &House) -> String {
    let form = row.form.as_ref().expect("a form");
    let number = |owner: Owner| nhs_number(owner as u32 + 1);
    form.fields
        .replace("{ann}", &number(Owner::Ann))
        .replace("{cas}", &number(Owner::Cas))
        .replace("{word}", &canary(Owner::Ann as u32 + 1))
        .replace("{person}", house.key(Who::Receptionist))
}

/// The call as whoever knows whom it names: an NHS number and a reason open that record, which is what the form is for.
fn knowing(row: &Row, call: &Call) -> Call {
    let named = row.form.as_ref().is_some_and(|form| form.fields.contains("{cas}"));
    if named { call.clone().with("x-names", patient(Owner::Cas)) } else { call.clone() }
}

async fn sent(house: &House, world: &World, row: &Row, judge: &Judge<'_>) {
    let visitor = judge.visitor;
    let mut answers: Vec<(String, Answer)> = Vec::new();
    for target in targets(row.about, &world.known) {
        judge.findings.cell();
        let mut browser = house.visitor(visitor).await;
        let prefix = visitor.acts_by().map_or_else(String::new, |id| format!("/as/{id}"));
        let path = format!("{prefix}{}", row.path.replace("{id}", &target));
        let form = format!("csrf={}&{}", browser.token().await, fields(row, house));
        let call = browser.form(&path, &form);
        let answer = browser.send(&call).await;
        judge.judge(&knowing(row, &call), &answer);
        let expected = match (row.opens.contains(&visitor.post()), row.about) {
            // A form that comes too late is kept for its writer, and not taken.
            (false, _) if visitor == Visitor::Idle => 303,
            (false, _) if visitor.post() == Post::Out => 401,
            (false, _) if visitor.post() == Post::Unproven && row.opens == [Post::Patient] => 303,
            (false, _) => 403,
            (true, _) if visitor == Visitor::PracticeUnasked => 303,
            (true, _) if visitor.acts_by().is_some() && visitor.own().is_none() => 404,
            (true, About::Letter) if target != LETTER.to_string() => 404,
            (true, _) => row.status,
        };
        let page_says = expected == ANY && is_of_the_page(answer.status);
        let closed = to_others(row, visitor) == Some(answer.status);
        if answer.status != expected && !page_says && !closed {
            judge.complain("status", &call, &format!("{} instead of {expected}", answer.status));
        }
        answers.push((target, answer));
    }
    // Whose record was named must not show in the answer to those who may not know of it.
    let unsaid = |id: &str| match row.about {
        About::Unsaid => true,
        About::Asked => !may_help(visitor, id),
        About::Part(type_) => !is_own(visitor, world, type_, id),
        // The practice sees the people who are registered there.
        About::Bond => visitor != Visitor::Practice || *id != crate::records::id(family::OPEN),
        About::Request => visitor != Visitor::Practice || id != family::ASKED[0].1,
        _ => false,
    };
    answers.retain(|(target, _)| unsaid(target));
    if let Some((of, first)) = answers.first() {
        for (target, answer) in &answers {
            if masked(answer, target) != masked(first, of) {
                judge.complain("differs", &Call::new("POST", row.path), &masked(answer, target));
            }
        }
    }
}

/// Whether an id names somebody whose place the visitor may take.
fn may_help(visitor: Visitor, id: &str) -> bool {
    let known = |owner: &Owner| patient(*owner) == id;
    let owner = Owner::ALL.into_iter().find(known);
    let reads = |owner| may_read(visitor.who(), ("Patient", Class::Administrative), &[owner]);
    owner.is_some_and(|owner| visitor.may_help(owner) && reads(owner))
}

/// Whether an id names something in the visitor's own record.
fn is_own(visitor: Visitor, world: &World, type_: &str, id: &str) -> bool {
    let Some(owner) = visitor.own().filter(|owner| *owner != Owner::Eve) else { return false };
    let mut numbers = [Some(owner), owner.earlier()].into_iter().flatten();
    numbers.any(|owner| world.known.of_owner(type_, owner).is_some_and(|record| record.id() == id))
}

/// Done, refused with its reason, or not there: what the page of a form answers to whoever may send it.
fn is_of_the_page(status: u16) -> bool {
    matches!(status, 200 | 303 | 400 | 404 | 409 | 422)
}

/// A search finds whom its reader may see, and nobody else: not even that there is somebody.
async fn finds(house: &House, judge: &Judge<'_>) {
    if !matches!(judge.visitor.post(), Post::Ward | Post::Desk) {
        return;
    }
    let mut browser = house.visitor(judge.visitor).await;
    let nobody = [canary(NOBODY), nhs_number(77)];
    for owner in Owner::ALL {
        let number = owner as u32 + 1;
        for (word, none) in [canary(number), nhs_number(number)].iter().zip(&nobody) {
            judge.findings.cell();
            let mut pages = Vec::new();
            for word in [word, none] {
                browser.send_form("/staff/patients", &format!("q={word}")).await;
                let call = Call::get("/staff/patients").with("x-searched", word.clone());
                let page = browser.send(&call).await;
                judge.judge(&call, &page);
                pages.push(page);
            }
            let whose = &judge.scanner.known.of_owner("Patient", owner).expect("a patient").owners;
            let seen = may_read(judge.visitor.who(), ("Patient", Class::Administrative), whose);
            let shown = pages[0].body.contains(&format!("/staff/patients/{}", patient(owner)));
            let call = Call::new("POST", format!("/staff/patients q={word}"));
            // Emergency access is to one record that was asked for, and opens no search.
            if shown != (seen && judge.visitor != Visitor::Glass) {
                judge.complain("search", &call, &format!("{owner:?} is found: {shown}"));
            }
            if !shown && masked(&pages[0], word) != masked(&pages[1], none) {
                judge.complain("differs", &call, &masked(&pages[0], word));
            }
        }
    }
    if judge.visitor.post() == Post::Ward {
        without_reason(&mut browser, judge).await;
    }
}

/// Whether somebody has an NHS number is said only to those who give a reason.
async fn without_reason(browser: &mut Browser, judge: &Judge<'_>) {
    let mut pages = Vec::new();
    for number in [nhs_number(Owner::Cas as u32 + 1), nhs_number(77)] {
        judge.findings.cell();
        let page = browser.send_form("/staff/emergency", &format!("number={number}&reason=")).await;
        pages.push(masked(&page, &number));
    }
    if pages[0] != pages[1] {
        judge.complain("differs", &Call::new("POST", "/staff/emergency"), &pages[0]);
    }
}

/// Every form as it must never be taken, by somebody who may send it properly.
pub async fn attack(findings: &Arc<Findings>) {
    let mut tasks = JoinSet::new();
    for row in ROWS.iter().filter(|row| row.verb == "POST" && !row.opens.is_empty()) {
        let findings = Arc::clone(findings);
        tasks.spawn(async move {
            let world = World::whole();
            for way in Way::ALL {
                if findings.enough() {
                    return;
                }
                findings.cell();
                attempt(&world, row, way, &findings).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

/// How a form arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    NoToken,
    EmptyToken,
    /// The token of a colleague's session.
    OthersToken,
    /// The token from before signing in.
    EarlierToken,
    /// The token in the address.
    TokenInAddress,
    ForeignOrigin,
    NullOrigin,
    NoOrigin,
    /// A browser says that another site sends it.
    CrossSite,
    /// A browser says that a neighbour under the same domain sends it.
    SameSite,
    /// The page from before signing out, sent again by the Back button.
    AfterSignOut,
    /// Properly: it works, or the others prove nothing.
    Sound,
}

impl Way {
    const ALL: [Self; 12] = [
        Self::NoToken,
        Self::EmptyToken,
        Self::OthersToken,
        Self::EarlierToken,
        Self::TokenInAddress,
        Self::ForeignOrigin,
        Self::NullOrigin,
        Self::NoOrigin,
        Self::CrossSite,
        Self::SameSite,
        Self::AfterSignOut,
        Self::Sound,
    ];
}

async fn attempt(world: &World, row: &Row, way: Way, findings: &Findings) {
    let form = row.form.as_ref().expect("a form");
    let visitor = match form.by {
        Post::Operator => Visitor::Operator,
        Post::Desk => Visitor::Reception,
        Post::Patient => Visitor::Ann,
        Post::Surgery => Visitor::Practice,
        Post::Privacy => Visitor::Privacy,
        Post::Unproven => Visitor::AnnUnproven,
        Post::Out | Post::Ward => Visitor::Ward,
    };
    let judge = Judge { visitor, scanner: Scanner::new(world), findings, secure: false };
    let house = House::here(world);
    let mut browser = house.visitor(Visitor::Nobody).await;
    let earlier = browser.token().await;
    house.sign_in(&mut browser, visitor).await;
    let mut other = house.visitor(visitor).await;
    // What it is about is Cas, whom nobody here may see, or the message.
    let cas = patient(Owner::Cas);
    let target = if row.about == About::Letter { LETTER.to_string() } else { cas.clone() };
    let path = row.path.replace("{id}", &address(&target));
    let effect = if form.effect.is_empty() { "/home".to_owned() } else { form.effect.replace("{id}", &cas) };
    let before = masked(&browser.get(&effect).await, &target);
    let (own, others) = (browser.token().await, other.token().await);
    let fields = fields(row, &house);
    let with = |token: &str| browser.form(&path, &format!("csrf={token}&{fields}"));
    let from = |origin: &str| {
        let mut call = with(&own);
        call.headers.retain(|(name, _)| *name != "origin");
        if origin.is_empty() { call } else { call.with("origin", origin) }
    };
    let call = match way {
        Way::NoToken => browser.form(&path, &fields),
        Way::EmptyToken => with(""),
        Way::OthersToken => with(&others),
        Way::EarlierToken => with(&earlier),
        Way::TokenInAddress => browser.form(&format!("{path}?csrf={own}"), &fields),
        Way::ForeignOrigin => from("http://evil.example"),
        Way::NullOrigin => from("null"),
        Way::NoOrigin => from(""),
        Way::CrossSite => with(&own).with("sec-fetch-site", "cross-site"),
        Way::SameSite => with(&own).with("sec-fetch-site", "same-site"),
        Way::AfterSignOut | Way::Sound => with(&own),
    };
    if way == Way::AfterSignOut {
        let session = browser.session().expect("signed in");
        browser.send_form("/sign-out", "").await;
        browser.keep_session(session);
    }
    let mut sender = browser.clone();
    let answer = sender.send(&call).await;
    judge.judge(&if way == Way::Sound { knowing(row, &call) } else { call.clone() }, &answer);
    let call = call.with("x-way", format!("{way:?}"));
    if way == Way::Sound {
        if row.status == ANY {
            if !is_of_the_page(answer.status) {
                judge.complain("form", &call, &format!("{} for a proper form", answer.status));
            }
            return;
        }
        let after = masked(&sender.get(&effect).await, &target);
        if answer.status != row.status || after == before {
            judge.complain("form", &call, &format!("{} and no effect: {}", answer.status, answer.text()));
        }
        return;
    }
    let cookie =
        answer.headers.iter().find(|(name, value)| name == "set-cookie" && value.starts_with("bevan="));
    if way == Way::AfterSignOut && row.path == "/sign-out" {
        // Whoever signs out of what has ended is signed out: the browser is told to forget the session, and nothing else happens.
        if answer.status != 303 || !cookie.is_some_and(|(_, value)| value.contains("Max-Age=0")) {
            judge.complain("form", &call, &format!("{} is no sign-out", answer.status));
        }
    } else {
        if !matches!(answer.status, 401 | 403) {
            judge.complain("form", &call, &format!("{} is taken", answer.status));
        }
        if cookie.is_some() {
            judge.complain("form", &call, "the session changes");
        }
    }
    let mut witness = if way == Way::AfterSignOut { house.visitor(visitor).await } else { browser };
    let after = witness.get(&effect).await;
    if masked(&after, &target) != before {
        judge.complain("form", &call, "something changed all the same");
    }
}

/// Sessions: a new one at each sign-in, the old one ended, none from outside, and cookies as they must be behind https.
pub async fn sessions(findings: &Findings) {
    let world = World::whole();
    let house = House::behind_https(&world);
    let judge = Judge { visitor: Visitor::Reception, scanner: Scanner::new(&world), findings, secure: true };
    let mut browser = Browser::new(house.door.clone());
    let call = Call::get("/sign-in");
    let page = browser.send(&call).await;
    judge.judge(&call, &page);
    let form = format!("csrf={}&person={}", token_in(&page).expect("a form"), house.key(Who::Ward));
    let call = browser.form("/sign-in", &form);
    let answer = browser.send(&call).await;
    judge.judge(&call, &answer);
    let first = browser.session().expect("a session");
    // Somebody else signs in on the same browser.
    browser.sign_in(house.key(Who::Receptionist), "P9").await;
    let second = browser.session().expect("a session");
    let mut thief = browser.clone();
    for (id, what) in [(first.clone(), "the session before"), ("f".repeat(64), "a session from outside")] {
        findings.cell();
        thief.keep_session(id);
        let call = Call::get("/staff/home");
        let answer = thief.send(&call).await;
        judge.judge(&call, &answer);
        if answer.status != 303 || answer.header("location") != Some("/sign-in?next=%2Fstaff%2Fhome") {
            judge.complain("session", &call, &format!("{what} is good for {}", answer.status));
        }
    }
    // A session id that somebody planted in the browser is not the one that signing in begins.
    findings.cell();
    let planted = "a".repeat(64);
    browser.keep_session(planted.clone());
    browser.sign_in(house.key(Who::Ward), "P9").await;
    let third = browser.session().expect("a session");
    if first == second || third == planted || third.len() != 64 {
        judge.complain("session", &call, "a sign-in that begins no new session");
    }
    leads_elsewhere(&house, &judge).await;
}

/// Signing in leads nowhere but to this site, whatever an address says.
async fn leads_elsewhere(house: &House, judge: &Judge<'_>) {
    let places = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%5Cevil",
        "javascript:alert(1)",
        "/a\r\nb",
    ];
    for place in places {
        judge.findings.cell();
        let mut browser = Browser::new(house.door.clone());
        let page = browser.send(&Call::get(format!("/sign-in?next={}", address(place)))).await;
        let token = token_in(&page).expect("a form");
        let form = format!("csrf={token}&person={}&next={}", house.key(Who::Ward), address(place));
        let call = browser.form("/sign-in", &form);
        let answer = browser.send(&call).await;
        judge.judge(&call, &answer);
        let leads = answer.header("location").unwrap_or_default();
        let inside = leads.starts_with('/') && !leads.starts_with("//") && !leads.contains('\\');
        if !inside || leads.contains("evil.example") || page.body.contains("evil.example") {
            judge.complain("elsewhere", &call, leads);
        }
    }
}
