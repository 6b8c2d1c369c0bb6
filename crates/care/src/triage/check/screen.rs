//! Rules for the first screen: it asks for all five signs, and each leads at once to 999 or crisis care.

use super::{Faults, LEAST_RED};
use crate::triage::group::{Group, Sign};
use crate::triage::pathways::{File, Outcome};
use std::collections::HashMap;

pub(super) fn check(file: &File, outcomes: &HashMap<&str, &Outcome>, faults: &mut Faults) {
    for sign in Sign::ALL {
        match file.flags.iter().filter(|flag| flag.sign == sign).count() {
            0 => faults.add("flags", &format!("the first screen does not ask for {}", sign.code())),
            1 => {}
            _ => faults.add("flags", &format!("the first screen asks for {} twice", sign.code())),
        }
    }
    for flag in &file.flags {
        let place = format!("flag {}", flag.sign.code());
        faults.text(&place, &flag.text);
        if let Some(hint) = &flag.hint {
            faults.text(&format!("{place}, hint"), hint);
        }
        if flag.words.is_empty() {
            faults.add(&place, "has no words to be heard by");
        }
        faults.heard(&place, &flag.words);
        let least = match file.findings.iter().find(|finding| finding.id == flag.finding) {
            None => {
                faults.add(&place, &format!("its finding {:?} does not exist", flag.finding));
                LEAST_RED
            }
            Some(finding) => finding.red_flag.map_or_else(
                || {
                    faults.add(&place, &format!("its finding {:?} is no red flag", flag.finding));
                    LEAST_RED
                },
                Group::urgency,
            ),
        };
        match outcomes.get(flag.outcome.as_str()) {
            None => faults.add(&place, &format!("leads to {:?}, which does not exist", flag.outcome)),
            Some(outcome) if outcome.group.urgency() < least || !at_once(outcome.group) => {
                faults.add(&place, &format!("leads to {}, which is no 999 or crisis outcome", outcome.id));
            }
            Some(_) => {}
        }
    }
    match outcomes.get(file.set.unsure.as_str()) {
        None => faults.add("set, unsure", &format!("{:?} does not exist", file.set.unsure)),
        Some(outcome) if outcome.group.urgency() < Group::ClinicianCallBack.urgency() => {
            faults.add("set, unsure", "who is not sure on the first screen must reach at least 111");
        }
        Some(_) => {}
    }
}

fn at_once(group: Group) -> bool {
    matches!(group, Group::Emergency999 | Group::MentalHealthCrisis)
}
