//! Every route of the FHIR door that looks × everybody × every resource of the world.

use super::calls::{looks, twin};
use super::door::{Answer, Call, Door, ask, fhir_door};
use super::expect::{Class, Who, may_read_type};
use super::findings::Findings;
use super::records::{NOBODY, Record, canary, nobody_like};
use super::scan::Scanner;
use super::world::{Known, World};
use interop::fhir::{Access, Interaction, ROUTES, Route};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Walks the matrix, one task for each actor.
pub async fn walk(world: &Arc<World>, actors: &[Who], findings: &Arc<Findings>) {
    walk_at(fhir_door(&world.store), &world.known, actors, findings).await;
}

/// The same at any door.
pub async fn walk_at(door: Door, known: &Arc<Known>, actors: &[Who], findings: &Arc<Findings>) {
    let mut tasks = JoinSet::new();
    for who in actors.iter().copied() {
        let (known, findings, door) = (Arc::clone(known), Arc::clone(findings), door.clone());
        tasks.spawn(async move {
            let walker = Walker { who, scanner: Scanner::new(&known), door, findings: &findings };
            for route in ROUTES {
                walker.route(route, &known).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

struct Walker<'w> {
    who: Who,
    scanner: Scanner<'w>,
    door: Door,
    findings: &'w Findings,
}

impl Walker<'_> {
    async fn route(&self, route: &Route, known: &Known) {
        let of_one = route.path.contains("{id}")
            || matches!(route.interaction, Interaction::SearchType | Interaction::Bundle);
        let mut types: Vec<&str> = Vec::new();
        for target in &known.records {
            if !of_one && types.contains(&target.type_) {
                continue;
            }
            types.push(target.type_);
            self.findings.cell();
            let calls = match looks(route, target) {
                Ok(calls) => calls,
                Err(error) => {
                    self.findings.add(error);
                    continue;
                }
            };
            for call in calls.iter().filter(|_| !self.findings.enough()) {
                self.look(route, target, call).await;
            }
        }
    }

    async fn ask(&self, call: &Call) -> Answer {
        self.findings.request();
        let answer = ask(&self.door, self.who, call).await;
        for leak in self.scanner.leaks(self.who, call, &answer) {
            self.complain("leak", call, &leak);
        }
        if answer.status >= 500 {
            self.complain("fault", call, &answer.body);
        }
        answer
    }

    fn complain(&self, kind: &str, call: &Call, what: &str) {
        self.findings.add(format!("{kind} | {:?} | {} | {what}", self.who, call.text()));
    }

    async fn look(&self, route: &Route, target: &Record, call: &Call) {
        let answer = self.ask(call).await;
        if self.who == Who::Anonymous {
            let expected = if route.access == Access::Everybody { 200 } else { 401 };
            if answer.status != expected {
                self.complain("status", call, &format!("{} to nobody", answer.status));
            }
            return;
        }
        let open = may_read_type(self.who, target.kind());
        let reachable = target.is_open_to(self.who);
        if let Some(expected) = expected(route, target, (open, reachable), call)
            && !expected.contains(&answer.status)
        {
            self.complain("status", call, &format!("{} where {expected:?} is expected", answer.status));
        }
        if reachable {
            self.finds(route, target, call, &answer);
        } else if open {
            // Hidden and absent answer alike, to the last byte. A call that names no target would be compared with itself.
            let absent = twin(call, target);
            if absent.text() == call.text() {
                return;
            }
            let other = self.ask(&absent).await;
            let masked = |answer: &Answer| {
                answer
                    .text()
                    .replace(&target.id(), &nobody_like(target))
                    .replace(&canary(target.number), &canary(NOBODY))
            };
            if masked(&answer) != masked(&other) {
                self.complain(
                    "differs",
                    call,
                    &format!("hidden: {}\nabsent: {}", answer.text(), other.text()),
                );
            }
        }
    }

    /// The matrix must not pass because nothing is ever shown.
    fn finds(&self, route: &Route, target: &Record, call: &Call, answer: &Answer) {
        let by_id = call.text().contains(&format!("_id={}", target.id()));
        let plain = !call.text().contains("_summary") && !call.text().contains("_count=0");
        let found = by_id && plain && answer.status == 200;
        if route.interaction == Interaction::SearchType && found && !target.deleted {
            let address = format!("/fhir/{}/{}", target.type_, target.id());
            if !answer.body.contains(&address) {
                self.complain("missing", call, "what may be seen is not found");
            }
        }
    }
}

/// What may be answered; `None` where the call is about no single resource.
fn expected(
    route: &Route,
    target: &Record,
    (open, reachable): (bool, bool),
    call: &Call,
) -> Option<&'static [u16]> {
    let odd = call.path.contains("_sort") && route.interaction == Interaction::Read;
    match (route.interaction, open, reachable) {
        (Interaction::Capabilities, ..) => Some(&[200]),
        (Interaction::HistorySystem | Interaction::Bundle, ..) => None,
        _ if odd => Some(&[400]),
        (_, false, _) => Some(&[403]),
        // The log is searched by few parameters, and says so.
        (Interaction::SearchType, true, _) if target.class == Class::Audit && !is_plain(call) => {
            Some(&[200, 400])
        }
        // An entry of the log never changes, and has no history.
        (Interaction::HistoryType, true, _) if target.class == Class::Audit => Some(&[400]),
        (Interaction::SearchType | Interaction::HistoryType, true, _) => Some(&[200]),
        (_, true, false) => Some(&[404]),
        (Interaction::Read, true, true) if target.deleted => Some(&[410]),
        (Interaction::Read, true, true) => Some(&[200, 304]),
        (Interaction::HistoryInstance, true, true) if target.class == Class::Audit => Some(&[404]),
        (Interaction::HistoryInstance, true, true) => Some(&[200]),
        (Interaction::Vread, true, true) if call.path.ends_with("/77") => Some(&[404]),
        (Interaction::Vread, true, true) if target.deleted && call.path.ends_with("/2") => Some(&[410]),
        // Versions from before it came to its present owner are hidden, and a first version may be the only one.
        (Interaction::Vread, true, true) => Some(&[200, 304, 404]),
        _ => None,
    }
}

/// Whether a search asks by id and in no special way.
fn is_plain(call: &Call) -> bool {
    let text = call.text();
    !["_tag", "_include", "_sort"].iter().any(|word| text.contains(word))
}

/// How many types and resources stand behind the matrix.
pub fn breadth(world: &World) -> (usize, usize) {
    let mut types: Vec<&str> = world.records.iter().map(|record| record.type_).collect();
    types.sort_unstable();
    types.dedup();
    assert!(world.records.iter().any(|record| record.class == Class::Other));
    (types.len(), world.records.len())
}
