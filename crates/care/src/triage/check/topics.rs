//! Rules for topics: each age begins somewhere, every arrow leads somewhere, nothing goes round in a circle, so every path
//! ends in an outcome; a red flag leads at once to an outcome that is urgent enough; who is not sure is not sent home.

use super::{Faults, LEAST_RED, end};
use crate::triage::answers::{NONE, UNSURE};
use crate::triage::group::{Age, Group};
use crate::triage::pathways::{Answer, File, Kind, Outcome, Step, Target, Topic};
use std::collections::{HashMap, HashSet};

type Outcomes<'a> = HashMap<&'a str, &'a Outcome>;

/// Parts of addresses under `/check` that are pages of their own.
const RESERVED: &[&str] = &["who", "emergency", "topic", "outcome"];
/// More answers than this are not read by anybody in a hurry.
const ANSWERS_MAX: usize = 12;

pub(super) fn check(file: &File, outcomes: &Outcomes<'_>, faults: &mut Faults) {
    if file.topics.is_empty() {
        faults.add("topics", "there are none");
    }
    faults.unique("topics", file.topics.iter().map(|topic| topic.id.as_str()));
    for topic in &file.topics {
        let place = format!("topic {}", topic.id);
        faults.id(&place, &topic.id);
        if RESERVED.contains(&topic.id.as_str()) {
            faults.add(&place, "is an address of its own: choose another id");
        }
        faults.text(&place, &topic.title);
        if let Some(hint) = &topic.hint {
            faults.text(&format!("{place}, hint"), hint);
        }
        faults.heard(&place, &topic.words);
        starts(topic, &place, faults);
        faults.unique(&place, topic.steps.iter().map(|step| step.id.as_str()));
        for start in &topic.start {
            arrow(topic, outcomes, (&place, &start.then), faults);
        }
        for step in &topic.steps {
            let place = format!("{place}, step {}", step.id);
            self::step(file, step, (&place, outcomes), faults);
            for (name, target) in arrows(step) {
                arrow(topic, outcomes, (&format!("{place}, {name}"), target), faults);
            }
        }
        paths(topic, &place, faults);
    }
}

fn starts(topic: &Topic, place: &str, faults: &mut Faults) {
    for age in Age::ALL {
        match topic.start.iter().flat_map(|start| &start.ages).filter(|one| **one == age).count() {
            0 => faults.add(place, &format!("no start for {}", age.code())),
            1 => {}
            _ => faults.add(place, &format!("two starts for {}", age.code())),
        }
    }
}

/// The arrows of a step with their names.
fn arrows(step: &Step) -> impl Iterator<Item = (String, &Target)> {
    let answers = step.answers.iter().map(|answer| (format!("answer {}", answer.id), &answer.then));
    answers
        .chain(step.none.iter().map(|target| (NONE.to_owned(), target)))
        .chain(std::iter::once((UNSURE.to_owned(), &step.unsure)))
}

fn arrow(topic: &Topic, outcomes: &Outcomes<'_>, (place, target): (&str, &Target), faults: &mut Faults) {
    let (kind, id, there) = match target {
        Target::Step(id) => ("step", id, topic.step(id).is_some()),
        Target::Outcome(id) => ("outcome", id, outcomes.contains_key(id.as_str())),
    };
    if !there {
        faults.add(place, &format!("leads to {kind} {id:?}, which does not exist"));
    }
}

fn step(file: &File, step: &Step, (place, outcomes): (&str, &Outcomes<'_>), faults: &mut Faults) {
    faults.id(place, &step.id);
    faults.text(&format!("{place}, question"), &step.question);
    if let Some(hint) = &step.hint {
        faults.text(&format!("{place}, hint"), hint);
    }
    if step.answers.is_empty() || step.answers.len() > ANSWERS_MAX {
        faults.add(place, &format!("needs 1 to {ANSWERS_MAX} answers"));
    }
    if (step.kind == Kind::Any) != step.none.is_some() {
        faults.add(place, "\"none\" is needed where any may be chosen, and only there");
    }
    faults.unique(place, step.answers.iter().map(|answer| answer.id.as_str()));
    let mut red = false;
    for one in &step.answers {
        red |= answer(file, one, (&format!("{place}, answer {}", one.id), outcomes), faults);
        if step.kind == Kind::Any && matches!(one.then, Target::Step(_)) {
            faults.add(place, "where any may be chosen, each answer leads to an outcome");
        }
    }
    unsure(step, red, (place, outcomes), faults);
}

/// Who is not sure of a red flag reaches at least 111; nobody who is not sure is sent home.
fn unsure(step: &Step, red: bool, (place, outcomes): (&str, &Outcomes<'_>), faults: &mut Faults) {
    let least = if red { Group::ClinicianCallBack } else { Group::Pharmacy };
    let urgent = match &step.unsure {
        Target::Step(_) => !red,
        Target::Outcome(_) => {
            // Maternity units answer at any hour, and know more than 111.
            end(outcomes, &step.unsure).is_none_or(|outcome| {
                outcome.group.urgency() >= least.urgency() || (red && outcome.group == Group::Midwife)
            })
        }
    };
    if !urgent {
        faults.add(place, "who is not sure must reach help that is urgent enough, and is never sent home");
    }
}

/// Whether the answer holds a red flag.
fn answer(
    file: &File,
    answer: &Answer,
    (place, outcomes): (&str, &Outcomes<'_>),
    faults: &mut Faults,
) -> bool {
    faults.id(place, &answer.id);
    if [NONE, UNSURE].contains(&answer.id.as_str()) {
        faults.add(place, "is an id with a meaning of its own: choose another");
    }
    faults.text(place, &answer.text);
    if let Some(hint) = &answer.hint {
        faults.text(&format!("{place}, hint"), hint);
    }
    let mut red = false;
    for id in &answer.findings {
        let Some(finding) = file.findings.iter().find(|finding| finding.id == *id) else {
            faults.add(place, &format!("its finding {id:?} does not exist"));
            continue;
        };
        let Some(least) = finding.red_flag else { continue };
        red = true;
        match (&answer.then, end(outcomes, &answer.then)) {
            (Target::Step(_), _) => {
                faults.add(place, "has a red flag and does not lead to an outcome at once")
            }
            (_, Some(outcome)) if outcome.group.urgency() < least.urgency().max(LEAST_RED) => {
                let words =
                    format!("has a red flag and leads to {}, which is less urgent than it must", outcome.id);
                faults.add(place, &words);
            }
            _ => {}
        }
    }
    red
}

/// Every step can be reached, and no path comes back to a step.
fn paths(topic: &Topic, place: &str, faults: &mut Faults) {
    let mut reached = HashSet::new();
    let mut round = HashSet::new();
    for start in &topic.start {
        follow(topic, &start.then, &mut Vec::new(), (&mut reached, &mut round));
    }
    for step in &topic.steps {
        if !reached.contains(step.id.as_str()) {
            faults.add(&format!("{place}, step {}", step.id), "is reached by nothing");
        }
        if round.contains(step.id.as_str()) {
            faults.add(&format!("{place}, step {}", step.id), "goes round in a circle");
        }
    }
}

type Ids<'a, 'b> = &'b mut HashSet<&'a str>;

fn follow<'a>(
    topic: &'a Topic,
    target: &'a Target,
    on: &mut Vec<&'a str>,
    (reached, round): (Ids<'a, '_>, Ids<'a, '_>),
) {
    let Target::Step(id) = target else { return };
    let Some(step) = topic.step(id) else { return };
    if on.contains(&step.id.as_str()) {
        round.insert(&step.id);
        return;
    }
    // A step that was followed before needs to be followed again only for circles through it, which were then found.
    if !reached.insert(&step.id) {
        return;
    }
    on.push(&step.id);
    for (_, target) in arrows(step) {
        follow(topic, target, on, (reached, round));
    }
    on.pop();
}
