//! AL1 and IAM to allergies. AL1 states; IAM-6 adds, updates or deletes.

use super::time::moment;
use crate::fields::{coded, plain, trimmed};
use care::patient_flow::{Allergy, AllergyAction, Moment};
use hl7v2::{Message, Part, Segment};

/// Every allergy that the message states or withdraws.
pub fn stated(message: &Message<'_>) -> Vec<Allergy> {
    let simple = message.segments_named(b"AL1").filter_map(|one| {
        let onset = moment(&one.field(6), &mut Vec::new());
        allergy(&one, AllergyAction::State, onset, String::new())
    });
    let detailed = message.segments_named(b"IAM").filter_map(|one| {
        let withdrawn = trimmed(&one.field(6).component(1)).as_deref() == Some("D");
        let action = if withdrawn { AllergyAction::Withdraw } else { AllergyAction::State };
        let onset = moment(&one.field(11), &mut Vec::new());
        allergy(&one, action, onset, verification(&one.field(17)))
    });
    simple.chain(detailed).collect()
}

fn allergy(
    segment: &Segment<'_>,
    action: AllergyAction,
    onset: Option<Moment>,
    verification: String,
) -> Option<Allergy> {
    let substance = coded(&segment.field(3));
    if substance.code.is_empty() && substance.display.is_empty() {
        return None;
    }
    let category = match plain(&segment.field(2).component(1)).as_str() {
        "DA" => "medication",
        "FA" => "food",
        "EA" | "PA" | "LA" => "environment",
        "AA" => "biologic",
        _ => "",
    };
    let (severity, criticality) = match plain(&segment.field(4).component(1)).as_str() {
        "SV" => ("severe", "high"),
        "MO" => ("moderate", ""),
        "MI" => ("mild", "low"),
        _ => ("", ""),
    };
    let reaction = |one: Part<'_>| {
        let coded = coded(&one);
        Some(if coded.display.is_empty() { coded.code } else { coded.display })
            .filter(|words| !words.is_empty())
    };
    Some(Allergy {
        action,
        substance,
        category: category.into(),
        criticality: criticality.into(),
        reactions: segment.field(5).repetitions().filter_map(reaction).collect(),
        severity: severity.into(),
        onset,
        verification,
    })
}

/// IAM-17, table 0438.
fn verification(part: &Part<'_>) -> String {
    let status = match plain(&part.component(1)).as_str() {
        "C" => "confirmed",
        "E" | "R" => "refuted",
        "D" => "entered-in-error",
        "U" | "P" | "S" => "unconfirmed",
        _ => "",
    };
    status.into()
}
