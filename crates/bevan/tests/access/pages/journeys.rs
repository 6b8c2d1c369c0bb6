//! Forms of several steps, walked to their end by those who may, as a browser walks them: with the fields that the page itself
//! holds. Before each step everybody else tries the same: nobody gets further than their own record, nothing that was typed
//! shows anywhere else, and nothing that they tried changes what the next step finds.

use super::browser::Browser;
use super::expect::{About, ROWS, Row};
use super::judge::Judge;
use super::visitors::{House, Post, Visitor};
use crate::door::Call;
use crate::expect::Owner;
use crate::family;
use crate::findings::Findings;
use crate::records::{canary, id, nhs_number, patient};
use crate::scan::Scanner;
use crate::world::World;
use std::sync::Arc;
use tokio::task::JoinSet;

/// What is done on a page.
#[derive(Clone, Copy)]
enum Do {
    /// Opens an address.
    Open(&'static str),
    /// Follows the first link that begins so.
    Follow(&'static str),
    /// Fills in the form that goes to an address that begins so, and sends it.
    Send(&'static str, &'static str),
}

/// One step, and the page that it leads to.
struct Step {
    by: Visitor,
    act: Do,
    /// How the address begins where it ends.
    at: &'static str,
    /// Words of that page.
    says: &'static str,
    /// Whether everybody may do it but only the first has it, so that the others try when it is taken.
    first: bool,
}

const fn open(by: Visitor, at: &'static str, says: &'static str) -> Step {
    Step { by, act: Do::Open(at), at, says, first: false }
}

const fn follow(by: Visitor, link: &'static str, says: &'static str) -> Step {
    Step { by, act: Do::Follow(link), at: link, says, first: false }
}

const fn send(
    by: Visitor,
    (form, fields): (&'static str, &'static str),
    (at, says): (&'static str, &'static str),
) -> Step {
    Step { by, act: Do::Send(form, fields), at, says, first: false }
}

const fn first(step: Step) -> Step {
    Step { first: true, ..step }
}

/// An address that is no longer there.
const fn gone(by: Visitor, path: &'static str) -> Step {
    Step { by, act: Do::Open(path), at: GONE, says: "", first: false }
}

const GONE: &str = "gone";

/// A way from start to done. In addresses and fields `{word}` is a word of Ann's that nobody else may see, `{repeat}` her
/// repeat, `{eve}` the number of the child Eve, `{fay}` and `{waiting}` relationships, `{cas}` the patient Cas, `{made}` what a
/// step before has made.
struct Journey {
    name: &'static str,
    steps: &'static [Step],
}

use Visitor::{Ann, Carer, CarerSuspended, Elsewhere, Practice, Privacy};

const JOURNEYS: &[Journey] = &[
    Journey {
        name: "repeat medicines, asked for and approved",
        steps: &[
            open(Ann, "/prescriptions/request", "Start now"),
            open(Ann, "/prescriptions/request/medicines", "Continue"),
            send(
                Ann,
                ("/prescriptions/request/medicines", "medicine={repeat}"),
                ("/prescriptions/request/note", "Continue"),
            ),
            send(
                Ann,
                ("/prescriptions/request/note", "note={word}"),
                ("/prescriptions/request/pharmacy", "Continue"),
            ),
            open(Ann, "/prescriptions/request/check", "{word}"),
            send(
                Ann,
                ("/prescriptions/request/check", ""),
                ("/prescriptions/request/done?request=", "Request sent"),
            ),
            open(Practice, "/staff/prescriptions", "{word}"),
            follow(Practice, "/staff/prescriptions/request-of-ann", "{word}"),
            send(
                Practice,
                ("/staff/prescriptions/request-of-ann", "line={asked}&answer=refuse&reason=talk-to-us"),
                ("/staff/prescriptions/request-of-ann", "Answered"),
            ),
        ],
    },
    Journey {
        name: "an appointment, booked, moved and cancelled",
        steps: &[
            open(Ann, "/appointments/book", "Start now"),
            open(Ann, "/appointments/book/type", "Continue"),
            send(
                Ann,
                ("/appointments/book/type", "type=in-person"),
                ("/appointments/book/when?type=in-person", "24 November"),
            ),
            follow(Ann, "/appointments/book/slot?", "10am"),
            follow(Ann, "/appointments/book/details?", "Continue"),
            send(Ann, ("/appointments/book/details", "note={word}"), ("/appointments/book/check?", "{word}")),
            first(send(
                Ann,
                ("/appointments/book/check", ""),
                ("/appointments/book/done?id=", "Appointment booked"),
            )),
            open(Ann, "/appointments", "24 November"),
            open(Ann, "/appointments/{made}", "24 November"),
            open(Ann, "/appointments/{made}/calendar.ics", "BEGIN:VEVENT"),
            open(Ann, "/appointments/{made}/change", "24 November"),
            follow(Ann, "/appointments/{made}/change?", "11am"),
            follow(Ann, "/appointments/{made}/change?", "11am"),
            send(Ann, ("/appointments/{made}/change", ""), ("/appointments/{made}?now=changed", "11am")),
            open(Ann, "/appointments/{made}/cancel", "11am"),
            send(
                Ann,
                ("/appointments/{made}/cancel", ""),
                ("/appointments/{made}?now=cancelled", "ancelled"),
            ),
        ],
    },
    Journey {
        name: "a question to the surgery",
        steps: &[
            open(Ann, "/appointments/ask-gp", "Continue"),
            send(Ann, ("/appointments/ask-gp", "question={word}"), ("/appointments/ask-gp/check", "{word}")),
            send(
                Ann,
                ("/appointments/ask-gp/check", ""),
                ("/appointments/ask-gp/done", "Sent to your GP surgery"),
            ),
        ],
    },
    Journey {
        name: "an application to act for a child, approved and ended",
        steps: &[
            open(Ann, "/family/apply", "Continue"),
            send(
                Ann,
                ("/family/apply", "name={word}&number={eve}&day=20&month=5&year=2018"),
                ("/family/apply/right", "Continue"),
            ),
            send(
                Ann,
                ("/family/apply/right", "kin=relative&basis=parental-responsibility"),
                ("/family/apply/access", "Continue"),
            ),
            send(
                Ann,
                ("/family/apply/access", "access=record"),
                ("/family/apply/check", "Check your answers"),
            ),
            send(Ann, ("/family/apply/check", ""), ("/family/apply/done", "Application sent")),
            open(Ann, "/family", "Waiting for the GP surgery"),
            open(Practice, "/staff/family", "Waiting for the GP surgery"),
            open(Practice, "/staff/family/{waiting}", "Approve for"),
            send(
                Practice,
                ("/staff/family/{waiting}/approve", "access=record"),
                ("/staff/family/{waiting}", "Active"),
            ),
            send(
                Practice,
                ("/staff/family/{waiting}/end", ""),
                ("/staff/family", "People who act for others"),
            ),
        ],
    },
    Journey {
        name: "a young person is asked, hidden and shown, and it ends",
        steps: &[
            open(Practice, "/staff/family", "Suspended"),
            open(Practice, "/staff/family/{fay}", "What the young person wants"),
            send(
                Practice,
                ("/staff/family/{fay}/review", "competent=yes&agrees=yes"),
                ("/staff/family/{fay}", "competent to decide, wants it"),
            ),
            open(CarerSuspended, "/as/{fay}/home", "for"),
            open(Practice, "/staff/family/{fay}", "Safeguarding"),
            send(Practice, ("/staff/family/{fay}/hide", ""), ("/staff/family/{fay}", "hidden from them")),
            gone(CarerSuspended, "/as/{fay}/home"),
            gone(CarerSuspended, "/as/{fay}/record/conditions"),
            open(Practice, "/staff/family/{fay}", "Show the record to them again"),
            send(Practice, ("/staff/family/{fay}/show", ""), ("/staff/family/{fay}", "Active")),
            open(CarerSuspended, "/as/{fay}/record", "for"),
            open(Practice, "/staff/family/{fay}", "End it"),
            send(Practice, ("/staff/family/{fay}/end", ""), ("/staff/family", "People who act for others")),
            gone(CarerSuspended, "/as/{fay}/home"),
        ],
    },
    Journey {
        name: "a carer stops",
        steps: &[
            open(Carer, "/as/{eve-bond}/home", "for"),
            open(Carer, "/family/{eve-bond}", "Stop acting"),
            send(Carer, ("/family/{eve-bond}/stop", ""), ("/family", "Family and carers")),
            gone(Carer, "/as/{eve-bond}/home"),
        ],
    },
    Journey {
        name: "emergency access, and its review",
        steps: &[
            open(Elsewhere, "/staff/patients/{cas}/break-glass", "Emergency access"),
            send(
                Elsewhere,
                ("/staff/patients/{cas}/break-glass", "reason=collapsed+at+the+door"),
                ("/staff/patients/{cas}", "{cas-word}"),
            ),
            open(Privacy, "/staff/reviews", "collapsed at the door"),
            follow(Privacy, "/staff/reviews/", "What came of your review?"),
            send(Privacy, ("/staff/reviews/", "finding=justified&words="), ("/staff/reviews", "Justified")),
        ],
    },
];

/// Those who try each step of others: one of each post, one more of those who have a record or patients, and staff who are in
/// somebody's place. These come to each address as it stands, where they are staff like others; whoever was not asked by the
/// person comes in that person's place as well ([`ways`]). Staff whom Ann asked do there what Ann does: their steps are no
/// tries of others, and journeys::assisted walks them.
const OTHERS: [Visitor; 20] = [
    Visitor::Nobody,
    Visitor::Forged,
    Visitor::AnnEnded,
    Visitor::AnnUnproven,
    Visitor::AnnP5,
    Visitor::Cas,
    Carer,
    Visitor::PracticeForAnn,
    Visitor::WardForAnn,
    Visitor::DeskForAnn,
    Visitor::PracticeForHal,
    Visitor::PracticeUnasked,
    Visitor::PracticeForCas,
    Practice,
    Visitor::OtherPractice,
    Visitor::Ward,
    Elsewhere,
    Visitor::Reception,
    Visitor::Operator,
    Privacy,
];

/// Every journey, one task each.
pub async fn walk(findings: &Arc<Findings>) {
    let mut tasks = JoinSet::new();
    for journey in JOURNEYS {
        let findings = Arc::clone(findings);
        tasks.spawn(async move { walked(journey, &findings).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

/// One person on the way: their browser, and the page before them.
struct Walker {
    visitor: Visitor,
    browser: Browser,
    page: String,
}

async fn walked(journey: &Journey, findings: &Findings) {
    let world = World::with_family();
    let house = House::here(&world);
    let mut walkers: Vec<Walker> = Vec::new();
    let all = journey.steps.iter().map(|step| step.by).chain(OTHERS);
    for visitor in all {
        if !walkers.iter().any(|one| one.visitor == visitor) {
            walkers.push(Walker { visitor, browser: house.visitor(visitor).await, page: String::new() });
        }
    }
    let mut made = String::new();
    for step in journey.steps {
        if findings.enough() {
            return;
        }
        let at = walkers.iter().position(|one| one.visitor == step.by).expect("a walker");
        let Some(call) = call(step, &walkers[at], &made) else {
            let at = filled(step.at, &made);
            findings.add(format!("journey | {} | no such link or form on the way to {at}", journey.name));
            return;
        };
        // Whoever acts for several is one person, and so is the doctor in whosever place.
        let same = |one: &Walker| {
            let carers = |one: Visitor| one.acts_by().is_some() && one.in_place_of().is_none();
            let at_work = step.by.at_work() == one.visitor.at_work();
            one.visitor == step.by
                || (carers(one.visitor) && carers(step.by))
                || (at_work && one.visitor.is_as(step.by) && step.by.at_work() != Post::Patient)
        };
        if !step.first {
            by_others(&mut walkers, (&world, findings), &same, &call).await;
        }
        let walker = &mut walkers[at];
        let judge = Judge { visitor: eyes(step.by), scanner: Scanner::new(&world), findings, secure: false };
        match taken(&judge, walker, (step, &call), &made).await {
            Some(place) => {
                let named = ["done?id=", "done?request="].iter().find_map(|word| place.split(word).nth(1));
                made = named.map_or(made, str::to_owned);
            }
            None => return,
        }
        if step.first {
            by_others(&mut walkers, (&world, findings), &same, &call).await;
        }
    }
}

/// Everybody else does the same.
async fn by_others(
    walkers: &mut [Walker],
    (world, findings): (&World, &Findings),
    same: &impl Fn(&Walker) -> bool,
    call: &Call,
) {
    for walker in walkers.iter_mut().filter(|one| !same(one) && OTHERS.contains(&one.visitor)) {
        for (eyes, call) in ways(walker.visitor, call) {
            let judge = Judge { visitor: eyes, scanner: Scanner::new(world), findings, secure: false };
            tried(&judge, walker, &call).await;
        }
    }
}

/// The addresses at which somebody tries a step, each with whoever's rights say what they may see there: the address as it
/// stands; and for staff whom nobody asked, or whom another asked, the same in the person's place.
fn ways(visitor: Visitor, call: &Call) -> Vec<(Visitor, Call)> {
    let at_work = match visitor.in_place_of().map(|_| visitor.at_work()) {
        Some(Post::Surgery) => Practice,
        Some(Post::Ward) => Visitor::Ward,
        Some(Post::Desk) => Visitor::Reception,
        _ => visitor,
    };
    let mut all = vec![(at_work, call.clone())];
    let own = match visitor {
        Visitor::PracticeUnasked | Visitor::PracticeForHal => Some(Owner::Ann),
        Visitor::PracticeForCas => Some(Owner::Cas),
        _ => None,
    };
    let of_the_person = !["/as/", "/staff/"].iter().any(|area| call.path.starts_with(area));
    if let Some(owner) = own.filter(|_| of_the_person) {
        let path = format!("/as/for-{}{}", patient(owner), call.path);
        all.push((visitor, Call { path, ..call.clone() }));
    }
    all
}

/// Whose rights say what somebody may see on the way, where a step opens more than they had before: the emergency access that
/// was asked for; and of the people whom Hal acts for, as far as the practice sees them.
fn eyes(visitor: Visitor) -> Visitor {
    match visitor {
        Elsewhere => Visitor::Glass,
        Carer | CarerSuspended => Practice,
        other => other,
    }
}

fn filled(text: &str, made: &str) -> String {
    text.replace("{made}", made)
        .replace("{waiting}", &id(family::WAITING))
        .replace("{word}", &canary(Owner::Ann as u32 + 1))
        .replace("{repeat}", &id(family::REPEAT))
        .replace("{asked}", &id(family::ASKED[0].0))
        .replace("{eve-bond}", &id(family::OPEN))
        .replace("{eve}", &nhs_number(Owner::Eve as u32 + 1))
        .replace("{fay}", &id(family::SUSPENDED))
        .replace("{cas-word}", &canary(Owner::Cas as u32 + 1))
        .replace("{cas}", &patient(Owner::Cas))
}

/// What a step sends, made of the page that is open.
fn call(step: &Step, walker: &Walker, made: &str) -> Option<Call> {
    let filled = |text: &str| filled(text, made);
    match step.act {
        Do::Open(path) => Some(Call::get(filled(path))),
        Do::Follow(link) => {
            let link = filled(link);
            let sought = format!("href=\"{link}");
            let mut found = walker.page.match_indices(&sought).map(|(at, _)| attribute(&walker.page[at..]));
            // A beginning stands for what says more than itself.
            let begins = link.ends_with(['/', '?']);
            found.find(|one| !begins || one.len() > link.len()).map(Call::get)
        }
        Do::Send(action, fields) => {
            let action = format!("action=\"{}", filled(action));
            let at = walker.page.find(&action)?;
            let form = &walker.page[at..];
            let form = &form[..form.find("</form>")?];
            let hidden = form.match_indices("type=\"hidden\"").map(|(at, _)| {
                let field = &form[at..];
                let field = &field[..field.find('>').unwrap_or(field.len())];
                let part =
                    |name: &str| field.find(name).map(|at| attribute(&field[at..])).unwrap_or_default();
                format!("{}={}", part("name=\""), super::judge::address(&part("value=\"")))
            });
            let all: Vec<String> = hidden.chain([filled(fields)]).filter(|one| !one.is_empty()).collect();
            Some(walker.browser.form(&attribute(form), &all.join("&")))
        }
    }
}

/// The value of the attribute that a text begins with.
fn attribute(text: &str) -> String {
    let value = text.split('"').nth(1).unwrap_or_default();
    value.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
}

/// The row of an address.
fn row_of(call: &Call) -> Option<&'static Row> {
    let path = call.path.split('?').next().unwrap_or_default();
    let path = match path.strip_prefix("/as/") {
        Some(rest) => rest.find('/').map_or("", |at| &rest[at..]),
        None => path,
    };
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |row: &&Row| {
        let wanted: Vec<&str> = row.path.split('/').collect();
        row.verb == call.method
            && wanted.len() == parts.len()
            && wanted.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
    };
    // A row without an open part says more than one with.
    ROWS.iter().filter(fits).min_by_key(|row| row.path.contains('{'))
}

/// Somebody else does the same, with their own token.
async fn tried(judge: &Judge<'_>, walker: &mut Walker, call: &Call) {
    judge.findings.cell();
    let visitor = walker.visitor;
    let in_place = call.path.starts_with("/as/for-");
    // What they type is theirs: the word that nobody else may see stays with whoever typed it.
    let mut call = call.replacing(&canary(Owner::Ann as u32 + 1), "something-else");
    if call.method == "POST" {
        let rest = call.body.split('&').filter(|pair| !pair.starts_with("csrf="));
        let rest: Vec<&str> = rest.collect();
        let form = format!("csrf={}&{}", walker.browser.token().await, rest.join("&"));
        call = walker.browser.form(&call.path, &form);
    }
    let answer = walker.browser.send(&call).await;
    judge.judge(&call, &answer);
    let Some(row) = row_of(&call) else {
        judge.complain("row", &call, "no row");
        return;
    };
    if in_place {
        // Nobody asked for this: they are led to where they can say that somebody did, or nothing is there.
        let place = answer.header("location").unwrap_or_default();
        if !(answer.status == 404 || answer.status == 303 && place.ends_with("/on-behalf")) {
            judge.complain(
                "status",
                &call,
                &format!("{} to {place:?} in a place that is not theirs", answer.status),
            );
        }
        return;
    }
    let acting = call.path.starts_with("/as/");
    let open = row.opens.contains(&visitor.at_work());
    let post = call.method == "POST";
    let fits = match visitor.at_work() {
        _ if open && (acting || is_of_one(row, visitor)) => answer.status == 404,
        _ if open => matches!(answer.status, 200 | 303 | 400 | 404 | 409 | 422),
        Post::Out => answer.status == if post { 401 } else { 303 },
        Post::Unproven if row.opens == [Post::Patient] => answer.status == 303,
        _ => answer.status == 403,
    };
    if !fits {
        judge.complain("status", &call, &format!("{} to somebody else", answer.status));
    }
}

/// Whether an address names what belongs to one record, so that it is not there for those who cannot see that record.
fn is_of_one(row: &Row, visitor: Visitor) -> bool {
    match row.about {
        About::Part(_) | About::Request => true,
        // Their own practice is the one that decides.
        About::Bond => !(visitor.is_as(Practice) && visitor.at_work() == Post::Surgery),
        About::Patient(_) => matches!(visitor, Visitor::Ward | Visitor::WardForAnn),
        _ => false,
    }
}

/// The step itself; the address where it ends, if that is where it must.
async fn taken(
    judge: &Judge<'_>,
    walker: &mut Walker,
    (step, call): (&Step, &Call),
    made: &str,
) -> Option<String> {
    judge.findings.cell();
    let mut answer = walker.browser.send(call).await;
    judge.judge(call, &answer);
    let mut place = call.path.clone();
    if answer.status == 303 {
        place = answer.header("location").unwrap_or_default().to_owned();
        let next = Call::get(&place);
        answer = walker.browser.send(&next).await;
        judge.judge(&next, &answer);
    }
    if step.at == GONE {
        if answer.status != 404 {
            judge.complain("journey", call, &format!("{} of what is over", answer.status));
        }
        return (answer.status == 404).then_some(place);
    }
    let (wanted, says) = (filled(step.at, made), filled(step.says, made));
    if answer.status != 200 || !place.starts_with(&wanted) || !answer.body.contains(&says) {
        let main = answer.body.find("<main").map_or("", |at| &answer.body[at..]);
        let main: String = main.chars().take(3_000).collect();
        let what = format!("{} at {place}, not {wanted} with {says}: {main}", answer.status);
        judge.complain("journey", call, &what);
        return None;
    }
    walker.page = answer.body;
    Some(place)
}
