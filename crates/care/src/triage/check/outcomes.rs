//! Rules for outcomes: each says what, how soon, where, what would make it worse and which other ways there are; a 999
//! outcome has its category and its number; each is reached by something.

use super::Faults;
use crate::triage::group::Group;
use crate::triage::pathways::{File, Outcome, Target};

pub(super) fn check(file: &File, faults: &mut Faults) {
    faults.unique("outcomes", file.outcomes.iter().map(|outcome| outcome.id.as_str()));
    for outcome in &file.outcomes {
        let place = format!("outcome {}", outcome.id);
        faults.id(&place, &outcome.id);
        texts(outcome, &place, faults);
        category(outcome, &place, faults);
        calls(outcome, &place, faults);
        if !is_reached(file, &outcome.id) {
            faults.add(&place, "is reached by nothing");
        }
    }
}

fn texts(outcome: &Outcome, place: &str, faults: &mut Faults) {
    let single = [
        ("title", &outcome.title),
        ("what", &outcome.what),
        ("how soon", &outcome.soon),
        ("where", &outcome.place),
    ];
    for (name, text) in single {
        faults.text(&format!("{place}, {name}"), text);
    }
    let lists = [
        ("meanwhile", &outcome.meanwhile, false),
        ("what would make it worse", &outcome.worse, true),
        ("other ways", &outcome.other_ways, true),
    ];
    for (name, list, needed) in lists {
        if needed && list.is_empty() {
            faults.add(&format!("{place}, {name}"), "is missing");
        }
        for text in list {
            faults.text(&format!("{place}, {name}"), text);
        }
    }
}

fn category(outcome: &Outcome, place: &str, faults: &mut Faults) {
    match (outcome.group == Group::Emergency999, outcome.category) {
        (true, Some(1..=4)) | (false, None) => {}
        (true, _) => faults.add(place, "needs a category from 1 to 4"),
        (false, Some(_)) => faults.add(place, "only 999 has a category"),
    }
}

fn calls(outcome: &Outcome, place: &str, faults: &mut Faults) {
    for call in &outcome.calls {
        faults.text(&format!("{place}, calls"), &call.words);
        if call.number.is_empty() || !call.number.bytes().all(|b| b.is_ascii_digit()) {
            faults.add(place, &format!("{:?} is no number to dial: digits only", call.number));
        }
    }
    let offers = |number: &str| outcome.calls.iter().any(|call| call.number == number);
    match outcome.group {
        Group::Emergency999 if !offers("999") => faults.add(place, "must offer a call to 999"),
        Group::MentalHealthCrisis if !offers("111") && !offers("999") => {
            faults.add(place, "must offer a call to 111 or 999");
        }
        _ => {}
    }
}

fn is_reached(file: &File, id: &str) -> bool {
    let leads = |target: &Target| matches!(target, Target::Outcome(one) if one == id);
    let steps = || file.topics.iter().flat_map(|topic| &topic.steps);
    file.set.unsure == id
        || file.flags.iter().any(|flag| flag.outcome == id)
        || file.topics.iter().flat_map(|topic| &topic.start).any(|start| leads(&start.then))
        || steps().any(|step| leads(&step.unsure) || step.none.as_ref().is_some_and(leads))
        || steps().flat_map(|step| &step.answers).any(|answer| leads(&answer.then))
}
