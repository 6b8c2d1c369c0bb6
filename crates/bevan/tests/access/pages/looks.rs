//! Every address that shows something × everybody × whose record: own, others', nobody's, and ids that are none.

use super::browser::Browser;
use super::expect::{About, ROWS, Row, gaps, to_others};
use super::judge::{Judge, address, masked};
use super::visitors::{House, Post, Visitor};
use crate::door::{Answer, Call};
use crate::expect::{Class, Owner, may_read};
use crate::family;
use crate::files;
use crate::findings::Findings;
use crate::records::{ELSEWHERE, HOSPITAL_A, HOSPITAL_B, NOBODY, canary, id, patient, ward_of};
use crate::scan::Scanner;
use crate::world::{Known, World};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Ids that nothing has, and that must come back neither as a fault nor as a script.
const GARBAGE: [&str; 7] = [
    "..",
    "no such id",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%00",
    "r0001-canary-free/../r0003-canary-free",
    "Ⅷ",
];

/// Everybody, in this process, one task each.
pub async fn walk(world: &Arc<World>, visitors: &[Visitor], findings: &Arc<Findings>) {
    for gap in gaps() {
        findings.add(format!("row | {gap}"));
    }
    let mut tasks = JoinSet::new();
    for visitor in visitors.iter().copied() {
        let (world, findings) = (Arc::clone(world), Arc::clone(findings));
        tasks.spawn(async move {
            let house = House::here(&world);
            visit(&house, &world.known, (visitor, HOSPITAL_A), &findings).await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

/// One visitor at any house. `hospital` is the ODS code of where Ann is.
pub async fn visit(
    house: &House,
    known: &Arc<Known>,
    (visitor, hospital): (Visitor, &str),
    findings: &Arc<Findings>,
) {
    let scanner = Scanner::new(known);
    let judge = Judge { visitor, scanner, findings, secure: false };
    let browser = house.visitor(visitor).await;
    let acts_by = visitor.acts_by();
    let prefix = acts_by.as_ref().map_or_else(String::new, |id| format!("/as/{id}"));
    let mut walker = Walker { visitor, hospital: hospital.to_owned(), known, judge, browser, prefix };
    let stands = |row: &&Row| acts_by.is_none() || row.stands_for(visitor);
    for row in ROWS.iter().filter(|row| row.verb == "GET").filter(stands) {
        match &acts_by {
            Some(_) if visitor == Visitor::PracticeUnasked => walker.unasked(row).await,
            Some(id) if visitor.own().is_none() => walker.closed(row, id).await,
            _ => walker.row(row).await,
        }
        if findings.enough() {
            return;
        }
    }
    match acts_by {
        Some(_) if visitor.in_place_of().is_some() => {}
        Some(_) => walker.list().await,
        None => walker.others().await,
    }
}

/// Whether an answer leads to where one signs in, or shows who one is, and nowhere else.
fn leads_to_sign_in(answer: &Answer, visitor: Visitor) -> bool {
    let place = answer.header("location").unwrap_or_default();
    let known = match visitor {
        Visitor::AnnUnproven | Visitor::AnnP5 => "/sign-in/prove-who-you-are",
        Visitor::Idle => "/session-ended",
        _ => "/sign-in",
    };
    place.split('?').next() == Some(known)
}

struct Walker<'w> {
    visitor: Visitor,
    hospital: String,
    known: &'w Known,
    judge: Judge<'w>,
    browser: Browser,
    /// What stands before every address of somebody who acts for another.
    prefix: String,
}

/// What an address names.
struct Target {
    id: String,
    /// Whether this visitor may know of it.
    reachable: bool,
    /// Whose texts must then be there.
    owner: Option<Owner>,
}

impl Walker<'_> {
    fn targets(&self, about: About) -> Vec<Target> {
        let nobody = |id: &str| Target { id: id.to_owned(), reachable: false, owner: None };
        let mut all = Vec::new();
        match about {
            About::Nothing | About::Own(_) => return vec![Target { reachable: true, ..nobody("") }],
            About::Patient(_) | About::Asked | About::Unsaid => {
                for owner in Owner::ALL {
                    // Of merged Patients each is also in the other's record; their place is taken by their own number alone.
                    let whose = match about {
                        About::Asked => &[owner][..],
                        _ => &self.known.of_owner("Patient", owner).expect("a patient").owners,
                    };
                    let reachable = may_read(self.visitor.who(), ("Patient", Class::Administrative), whose)
                        && (about != About::Asked || self.visitor.may_help(owner));
                    let id = self.patient(owner);
                    all.push(Target { id, reachable, owner: Some(owner) });
                }
                let other = self.known.of_owner("Encounter", Owner::Ann).expect("an encounter");
                all.push(nobody(&other.id()));
            }
            About::File => {
                // A served house has none.
                let there = self.known.canaries.contains_key(&files::OWN);
                for owner in Owner::ALL {
                    // Either number of hers leads to her record.
                    let hers = matches!(owner, Owner::Ann | Owner::AnnBefore);
                    let reachable = there && hers && self.opens("DocumentReference", Owner::Ann);
                    all.push(Target { id: self.patient(owner), reachable, owner: None });
                }
            }
            About::Ward => {
                for of in [self.hospital.as_str(), HOSPITAL_B, ELSEWHERE] {
                    let own = match self.visitor {
                        Visitor::Ward => of == self.hospital,
                        Visitor::WardBefore => of == HOSPITAL_B,
                        Visitor::Elsewhere | Visitor::Glass | Visitor::GlassOver => of == ELSEWHERE,
                        _ => false,
                    };
                    let owner = (of == self.hospital).then_some(Owner::Ann);
                    all.push(Target { id: ward_of(of), reachable: own, owner });
                }
                all.push(nobody(&self.patient(Owner::Ann)));
            }
            About::Part(type_) => {
                let eve = self.visitor.own().filter(|owner| *owner == Owner::Eve);
                let eves = eve.into_iter().flat_map(|eve| [Some(eve), eve.earlier()]).flatten();
                for owner in [Owner::Ann, Owner::Cas, Owner::Dee, Owner::AnnBefore].into_iter().chain(eves) {
                    let id = self.known.of_owner(type_, owner).expect("a record").id();
                    let reachable = self.visitor.owns(owner) && self.opens(type_, owner);
                    all.push(Target { id, reachable, owner: Some(owner) });
                }
            }
            About::Bond => {
                let bonds = [
                    (family::OPEN, Owner::Eve),
                    (family::SUSPENDED, Owner::Fay),
                    (family::OVER, Owner::Gus),
                    (family::WAITING, Owner::Eve),
                    (family::ENDED, Owner::Dee),
                    (family::HIDDEN, Owner::Ben),
                    (family::ANOTHERS, Owner::Dee),
                ];
                for (number, owner) in bonds {
                    let reachable = self.opens("Patient", owner);
                    all.push(Target { id: id(number), reachable, owner: Some(owner) });
                }
            }
            About::Request => {
                for (_, request, owner) in family::ASKED {
                    let reachable = self.opens("MedicationRequest", owner);
                    // What is shown of a request are the medicines of that very request.
                    let target = Target { id: request.to_owned(), reachable, owner: None };
                    all.push(target);
                }
            }
            About::Letter => return Vec::new(),
            About::Listed => {
                // Not an id that stands before every address.
                let ann = self.visitor.in_place_of() == Some(Owner::Ann);
                all.push(nobody(&self.patient(if ann { Owner::Ben } else { Owner::Ann })));
            }
        }
        all.push(nobody(&id(NOBODY)));
        all.extend(GARBAGE.iter().map(|garbage| nobody(garbage)));
        all
    }

    /// Whether the visitor may see things of that type and owner, by the rules written down by hand.
    fn opens(&self, type_: &'static str, owner: Owner) -> bool {
        let class = match type_ {
            "Patient" | "Appointment" | "Encounter" => Class::Administrative,
            _ => Class::Clinical,
        };
        may_read(self.visitor.who(), (type_, class), &[owner])
    }

    fn patient(&self, owner: Owner) -> String {
        self.known.of_owner("Patient", owner).expect("a patient").id()
    }

    async fn ask(&mut self, call: &Call) -> Answer {
        let answer = self.browser.send(call).await;
        self.judge.judge(call, &answer);
        answer
    }

    async fn row(&mut self, row: &Row) {
        let open = row.opens.contains(&self.visitor.post());
        let mut absent: Option<String> = None;
        let mut targets = self.targets(row.about);
        // The answer for nobody first: the others are compared with it.
        targets.sort_by_key(|target| target.id != id(NOBODY));
        for target in &targets {
            self.judge.findings.cell();
            let call = Call::get(format!("{}{}", self.prefix, row.at(&address(&target.id))));
            let answer = self.ask(&call).await;
            let proves = row.path.ends_with("/prove-who-you-are");
            let expected = match (open, row.about) {
                (false, _) if self.visitor.post() == Post::Out => 303,
                (false, _) if self.visitor.post() == Post::Unproven && row.opens == [Post::Patient] => 303,
                (true, _) if self.visitor.post() == Post::Unproven && proves => 200,
                (false, _) => 403,
                (true, About::Nothing | About::Own(_) | About::Unsaid | About::Letter) => row.status,
                (true, About::Listed) => row.status,
                (true, _) if !target.reachable => 404,
                // A record that gave way leads to the one that replaced it.
                (true, About::Patient(type_))
                    if !type_.is_empty() && target.owner == Some(Owner::AnnBefore) =>
                {
                    303
                }
                (true, _) => row.status,
            };
            let expected = match to_others(row, self.visitor) {
                // What is no id at all may be found out before what is closed.
                Some(403) if GARBAGE.contains(&target.id.as_str()) && answer.status == 404 => 404,
                others => others.unwrap_or(expected),
            };
            if answer.status != expected {
                self.judge.complain("status", &call, &format!("{} instead of {expected}", answer.status));
            }
            if expected == 303 && !open && !leads_to_sign_in(&answer, self.visitor) {
                self.judge.complain("status", &call, &format!("leads to {:?}", answer.header("location")));
            }
            self.shows(row, target, (open, &call), &answer);
            let hidden = !open || !target.reachable || row.about == About::Unsaid;
            if target.id.is_empty() || !hidden {
                continue;
            }
            // An empty part of a path, or one that is cut off, is another address.
            let text = masked(&answer, &target.id);
            match &absent {
                None => absent = Some(text),
                Some(absent) if *absent != text && !GARBAGE.contains(&target.id.as_str()) => {
                    let what = format!("hidden: {text}\nabsent: {absent}");
                    self.judge.complain("differs", &call, &what);
                }
                Some(_) => {}
            }
        }
        self.head(row, targets.first()).await;
        if row.mirrored && self.prefix.is_empty() {
            self.mirror(row, open).await;
        }
    }

    /// The matrix must not pass because nothing is ever shown.
    fn shows(&self, row: &Row, target: &Target, (open, call): (bool, &Call), answer: &Answer) {
        let (type_, owner) = match row.about {
            About::Patient(type_) => (type_, target.owner),
            About::Ward => ("Patient", target.owner),
            // A page under the resource's own is about what can be done with it.
            About::Part(type_) if row.path.ends_with("{id}") => (type_, target.owner),
            About::Own(type_) => (type_, self.visitor.own()),
            About::Bond => ("Patient", target.owner),
            _ => return,
        };
        let Some(owner) = owner.filter(|_| open && target.reachable && !type_.is_empty()) else { return };
        // A list holds what lies under either number; the name at its top is that of the later one.
        let listed = matches!(row.about, About::Own(_) | About::Patient(_)) && type_ != "Patient";
        for owner in [Some(owner), owner.earlier().filter(|_| listed)].into_iter().flatten() {
            if answer.status == 303 || !(type_ == "Patient" || self.opens(type_, owner)) {
                continue;
            }
            let record = self.known.of_owner(type_, owner).expect("a record of that type");
            if !answer.body.contains(&canary(record.number)) {
                self.judge.complain("missing", call, &format!("the {type_} of {owner:?} is not shown"));
            }
        }
    }

    /// What does not open, for whatever reason, is as if it had never been: every address of it answers like that of a
    /// relationship that nobody has.
    async fn closed(&mut self, row: &Row, relationship: &str) {
        let target = self.patient(Owner::Ann);
        let nobody = match self.visitor.in_place_of() {
            Some(_) => format!("for-{}", id(NOBODY)),
            None => id(NOBODY),
        };
        let mut texts = Vec::new();
        for relationship in [relationship, &nobody] {
            self.judge.findings.cell();
            let call = Call::get(format!("/as/{relationship}{}", row.at(&target)));
            let answer = self.ask(&call).await;
            if answer.status != 404 {
                self.judge.complain("status", &call, &format!("{} of what is closed", answer.status));
            }
            texts.push((call, masked(&answer, relationship)));
        }
        if texts[0].1 != texts[1].1 {
            self.judge.complain("differs", &texts[0].0, &format!("{}\nabsent: {}", texts[0].1, texts[1].1));
        }
    }

    /// Whoever has not said that a patient asked is led to where they can, from every address alike; for somebody out of reach
    /// there is no such place.
    async fn unasked(&mut self, row: &Row) {
        let target = self.patient(Owner::Ann);
        let confirm = format!("/staff/patients/{target}/on-behalf");
        for (whom, expected) in [(target.clone(), Some(confirm)), (self.patient(Owner::Cas), None)] {
            self.judge.findings.cell();
            let call = Call::get(format!("/as/for-{whom}{}", row.at(&target)));
            let answer = self.ask(&call).await;
            let status = if expected.is_some() { 303 } else { 404 };
            if answer.status != status || answer.header("location") != expected.as_deref() {
                let what = format!("{} to {:?}", answer.status, answer.header("location"));
                self.judge.complain("status", &call, &what);
            }
        }
    }

    /// Hal's own list: those whose pages are open, those who are suspended, and not a word of who ended it or hides.
    async fn list(&mut self) {
        self.judge.findings.cell();
        let call = Call::get("/family");
        let page = self.browser.send(&call).await;
        self.judge.findings.request();
        for (owner, there) in [
            (Owner::Eve, true),
            (Owner::Fay, true),
            (Owner::Gus, true),
            (Owner::Dee, false),
            (Owner::Ben, false),
            (Owner::Ann, false),
        ] {
            let name = canary(owner as u32 + 1);
            if page.status != 200 || page.body.contains(&name) != there {
                self.judge.complain(
                    "list",
                    &call,
                    &format!("{owner:?} is shown: {}", page.body.contains(&name)),
                );
            }
        }
        let links = [family::OPEN, family::SUSPENDED, family::OVER, family::ENDED, family::HIDDEN]
            .map(|number| page.body.contains(&format!("/as/{}/home", id(number))));
        if links != [true, false, false, false, false] {
            self.judge.complain("list", &call, &format!("ways to the pages of others: {links:?}"));
        }
    }

    /// HEAD answers as GET does, without the page; a stream has no end to wait for.
    async fn head(&mut self, row: &Row, target: Option<&Target>) {
        let Some(target) = target.filter(|_| !row.path.ends_with("/events")) else { return };
        let path = row.at(&address(&target.id));
        let get = self.ask(&Call::get(&path)).await;
        let head = self.ask(&Call::new("HEAD", &path)).await;
        if head.status != get.status || !head.body.is_empty() {
            let call = Call::new("HEAD", &path);
            self.judge.complain(
                "status",
                &call,
                &format!("{} where GET answers {}", head.status, get.status),
            );
        }
    }

    /// None of these acts for anybody: whatever relationship an address names, there is none, also when it is another's.
    async fn mirror(&mut self, row: &Row, open: bool) {
        let mut absent: Option<String> = None;
        for relationship in [id(NOBODY), patient(Owner::Cas), self.patient(Owner::Ann), id(family::OPEN)] {
            self.judge.findings.cell();
            let call = Call::get(format!("/as/{relationship}{}", row.path));
            let answer = self.ask(&call).await;
            let expected = match self.visitor.post() {
                Post::Out | Post::Unproven => 303,
                _ if open => 404,
                _ => 403,
            };
            if answer.status != expected {
                self.judge.complain("status", &call, &format!("{} instead of {expected}", answer.status));
            }
            let text = masked(&answer, &relationship);
            if *absent.get_or_insert_with(|| text.clone()) != text {
                self.judge.complain("differs", &call, &text);
            }
        }
    }

    /// Addresses that are none, methods that no address takes, and files.
    async fn others(&mut self) {
        let person = self.patient(Owner::Cas);
        let none = [
            String::from("/nothing"),
            format!("/staff/patients/{person}/nothing"),
            format!("/record/{person}"),
            format!("/home?patient={person}"),
            String::from("/assets/nothing"),
            String::from("/assets/..%2f..%2fCargo.toml"),
            String::from("/.well-known/security.txt"),
            String::from("//staff/home"),
        ];
        for path in none {
            self.judge.findings.cell();
            let call = Call::get(path);
            let answer = self.ask(&call).await;
            let own_home = call.path.starts_with("/home");
            if !own_home && answer.status != 404 {
                self.judge.complain("status", &call, &format!("{} for no address", answer.status));
            }
        }
        for row in ROWS {
            for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
                self.judge.findings.cell();
                let call = Call::new(method, row.at(&person));
                let answer = self.ask(&call).await;
                if answer.status != 405 {
                    self.judge.complain("status", &call, &format!("{} to {method}", answer.status));
                }
            }
            // What only shows takes no form, and what only changes is not opened by a link.
            let other = if row.verb == "GET" { "POST" } else { "GET" };
            if !ROWS.iter().any(|one| one.path == row.path && one.verb == other) {
                self.judge.findings.cell();
                let call = Call::new(other, row.at(&person));
                let answer = self.ask(&call).await;
                if answer.status != 405 {
                    self.judge.complain("status", &call, &format!("{} to {other}", answer.status));
                }
            }
        }
    }
}
