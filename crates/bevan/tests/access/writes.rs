//! Every route of the FHIR door that changes something × everybody × every resource of the world. Nobody may change what
//! is not theirs, take it over, put anything into another person's record, or learn from a refusal that it is there.

use super::calls::{Attempt, attempts, twin};
use super::door::{Answer, Call, Door, ask, fhir_door};
use super::expect::{Class, Owner, Who, may_delete, may_write, may_write_type};
use super::findings::Findings;
use super::records::{NOBODY, Record, canary, nobody_like, patient};
use super::scan::Scanner;
use super::world::World;
use interop::fhir::{ROUTES, Route};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Walks the matrix. Each actor has a world of their own, because some may change it.
pub async fn walk(actors: &[Who], findings: &Arc<Findings>) {
    let mut tasks = JoinSet::new();
    for who in actors.iter().copied() {
        let findings = Arc::clone(findings);
        tasks.spawn(async move {
            let world = World::whole();
            let (door, scanner) = (fhir_door(&world.store), Scanner::new(&world));
            let walker = Walker { who, world: &world, scanner, door, findings: &findings };
            // What deletes comes last, because the others need what it takes away.
            for deleting in [false, true] {
                for route in ROUTES {
                    walker.route(route, deleting).await;
                }
            }
            walker.nothing_arrived().await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("a task ends");
    }
}

struct Walker<'w> {
    who: Who,
    world: &'w World,
    scanner: Scanner<'w>,
    door: Door,
    findings: &'w Findings,
}

impl Walker<'_> {
    async fn route(&self, route: &Route, deleting: bool) {
        for target in &self.world.records {
            let attempts = match attempts(route, target, self.world) {
                Ok(attempts) => attempts,
                Err(error) => {
                    self.findings.add(error);
                    continue;
                }
            };
            let attempts = attempts.iter().filter(|attempt| attempt.deletes == deleting);
            for attempt in attempts.filter(|_| !self.findings.enough()) {
                self.findings.cell();
                self.attempt(target, attempt).await;
            }
        }
    }

    fn complain(&self, kind: &str, call: &Call, what: &str) {
        self.findings.add(format!("{kind} | {:?} | {} | {what}", self.who, call.text()));
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

    async fn attempt(&self, target: &Record, attempt: &Attempt) {
        let (who, call) = (self.who, &attempt.call);
        if who == Who::Anonymous {
            let answer = self.ask(call).await;
            if answer.status != 401 {
                self.complain("status", call, &format!("{} to nobody", answer.status));
            }
            return;
        }
        let mut owners = target.owners.clone();
        owners.extend(&attempt.after);
        let may = if attempt.deletes {
            may_delete(who, target.type_)
        } else {
            may_write(who, target.kind(), &owners) && may_write(who, target.kind(), &target.owners)
        };
        if who == Who::Full || who == Who::Writer {
            return self.program(target, attempt, may).await;
        }
        let before = self.stored(target).await;
        let answer = self.ask(call).await;
        let outcome = Outcome::of(call, &answer);
        let open = may_write_type(who, target.kind()) && !attempt.deletes;
        // No current version that the reader knows of: the same for hidden and absent.
        let visible = target.is_open_to(who);
        let unknown = outcome.status == 412 && (visible || call.text().contains("if-match: *"));
        let right = match (may, attempt.direct, open) {
            _ if attempt.refers || unknown && !may => true,
            (_, _, false) => outcome.status == 403,
            (true, true, true) => outcome.done() || outcome.status == 412,
            (false, true, true) => matches!(outcome.status, 403 | 404),
            // What a condition decides depends on what it matches; the marks below still hold.
            (_, false, true) => true,
        };
        if !right {
            self.complain("status", call, &format!("{} {}", outcome.status, outcome.body));
        }
        if !may && self.stored(target).await != before {
            self.complain("changed", call, "somebody else's record is another one now");
        }
        let found = call.method == "POST" && outcome.status == 200;
        if outcome.done() && !found {
            for owner in Owner::ALL {
                let names = answer.body.contains(&format!("Patient/{}\"", patient(owner)));
                let theirs = target.owners.contains(&owner) && may;
                if names && !theirs && !may_write(who, target.kind(), &[owner]) {
                    self.complain("arrived", call, &format!("in {owner:?}'s record: {}", answer.body));
                }
            }
        }
        if !visible {
            let other = Outcome::of(&twin(call, target), &self.ask(&twin(call, target)).await);
            let masked = |text: &str| {
                text.replace(&target.id(), &nobody_like(target))
                    .replace(&canary(target.number), &canary(NOBODY))
            };
            let same = outcome.status == other.status
                && (outcome.done() || masked(&outcome.body) == masked(&other.body));
            if !same {
                let what = format!(
                    "hidden: {} {}\nabsent: {} {}",
                    outcome.status, outcome.body, other.status, other.body
                );
                self.complain("differs", call, &what);
            }
        }
    }

    /// Programs with scopes: what they may do works, so that the matrix does not pass because nothing does.
    async fn program(&self, target: &Record, attempt: &Attempt, may: bool) {
        let first = attempt.direct && attempt.after.is_empty();
        let last = attempt.deletes && target.number.is_multiple_of(5);
        if !last && (attempt.deletes || !first) {
            return;
        }
        let outcome = Outcome::of(&attempt.call, &self.ask(&attempt.call).await);
        // A condition is a search, which takes a scope of its own.
        let may = may && !(attempt.conditional && self.who == Who::Writer);
        let right =
            if may { outcome.done() || matches!(outcome.status, 409 | 412) } else { outcome.status == 403 };
        if !right {
            self.complain("status", &attempt.call, &format!("{} {}", outcome.status, outcome.body));
        }
    }

    /// The target as the store has it, whoever asks.
    async fn stored(&self, target: &Record) -> String {
        let call = Call::get(format!("/{}/{}", target.type_, target.id()));
        ask(&self.door, Who::Full, &call).await.text()
    }

    /// At the end no record of somebody out of reach has a resource more than at the beginning.
    async fn nothing_arrived(&self) {
        let fresh = World::whole();
        let untouched = fhir_door(&fresh.store);
        for owner in Owner::ALL {
            // The log has a row more for each request, whoever made it.
            let of_owner = |record: &&Record| record.owners == [owner] && record.class != Class::Audit;
            for record in self.world.records.iter().filter(of_owner) {
                if may_write(self.who, record.kind(), &[owner]) || may_delete(self.who, record.type_) {
                    continue;
                }
                let code = if record.type_ == "Patient" { "_id" } else { "patient" };
                let call = Call::get(format!("/{}?{code}={}&_total=accurate", record.type_, patient(owner)));
                let [now, before] =
                    [&self.door, &untouched].map(|door| async { ask(door, Who::Full, &call).await });
                let (now, before) = (now.await.json(), before.await.json());
                if now["total"] != before["total"] {
                    self.complain(
                        "arrived",
                        &call,
                        &format!("{} instead of {}", now["total"], before["total"]),
                    );
                }
            }
        }
    }
}

/// What became of an attempt: of the one entry, when it was in a batch.
struct Outcome {
    status: u16,
    body: String,
}

impl Outcome {
    fn of(call: &Call, answer: &Answer) -> Self {
        let json = answer.json();
        let inner = &json["entry"][0]["response"];
        if call.path == "/" && json["type"] == "batch-response" {
            let status = inner["status"].as_str().and_then(|status| status.get(..3)?.parse().ok());
            return Self { status: status.unwrap_or_default(), body: inner["outcome"].to_string() };
        }
        Self { status: answer.status, body: answer.body.clone() }
    }

    fn done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
