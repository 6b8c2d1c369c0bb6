//! What is written about a person: a discharge summary for each past stay (UKCore-Composition), letters of clinics and of the
//! practice (DocumentReference with the text in place).

use super::Chart;
use super::illness::Problem;
use crate::calendar::{Day, fhir_instant};
use crate::compose::{LOINC, concept, list, named_reference, object, one, reference, resource, text};
use fhir::json::Value;

pub(super) fn letters(chart: &mut Chart<'_>, problems: &[Problem]) {
    let stays: Vec<Value> = chart.out.iter().filter(|one| is_past_stay(one)).cloned().collect();
    for stay in &stays {
        let summary = discharge_summary(chart, stay);
        chart.out.extend(summary);
    }
    let mut rng = chart.rng("letter");
    let followed =
        problems.iter().filter(|problem| problem.illness.lasting && !problem.illness.treatment.is_empty());
    for problem in followed {
        let day = chart.last.plus(-(rng.between(20, 700) as i32));
        if !rng.chance(0.35) || day <= problem.onset || chart.age_on(day) < 16 {
            continue;
        }
        let Some(letter) = clinic_letter(chart, problem, day) else { continue };
        let word = word_of(chart, &letter, day);
        chart.out.push(letter);
        chart.out.extend(word);
    }
}

/// Word of a letter in the person's inbox, new when the letter is.
fn word_of(chart: &Chart<'_>, letter: &Value, day: Day) -> Option<Value> {
    let id = letter.text_at(&["id"])?;
    let hospital = letter.get("custodian")?.clone();
    let sent = letter.text_at(&["date"])?;
    let title = letter.items("content").first()?.text_at(&["attachment", "title"])?;
    let seen = day.plus(30) < chart.world.today();
    let words = "The clinic has written a letter about your visit. Your GP surgery has it as well.";
    let paper = object([("contentReference", Some(named_reference("DocumentReference", id, title)))]);
    Some(object([
        ("resourceType", text("Communication")),
        (
            "id",
            text(&fhir::identity::resource_id("communication", &chart.person.patient_id, &["letter", id])),
        ),
        ("status", text("completed")),
        ("category", one(concept(fhir::systems::COMMUNICATION_KIND, "letter", "Letter"))),
        ("subject", Some(chart.subject())),
        ("topic", Some(object([("text", text(title))]))),
        ("sent", text(sent)),
        ("received", if seen { text(sent) } else { None }),
        ("recipient", one(chart.subject())),
        ("sender", Some(hospital)),
        ("payload", Some(list([object([("contentString", text(words))]), paper]))),
    ]))
}

fn is_past_stay(one: &Value) -> bool {
    one.text_at(&["resourceType"]) == Some("Encounter")
        && one.text_at(&["status"]) == Some("finished")
        && one.text_at(&["class", "code"]) == Some("IMP")
}

fn discharge_summary(chart: &mut Chart<'_>, stay: &Value) -> Option<Value> {
    let id = stay.text_at(&["id"])?;
    let end = stay.text_at(&["period", "end"])?.to_owned();
    let reason = stay.text_at(&["reasonCode", "coding", "display"]).unwrap_or("an illness");
    let hospital = stay.get("serviceProvider")?.clone();
    let procedures = chart.out.iter().filter(|one| {
        one.text_at(&["resourceType"]) == Some("Procedure")
            && one.text_at(&["encounter", "reference"]) == Some(format!("Encounter/{id}").as_str())
    });
    let done: Vec<&str> = procedures.filter_map(|one| one.text_at(&["code", "text"])).collect();
    let done = match done.as_slice() {
        [] => String::from("You were examined and treated on the ward. No operation was needed."),
        some => format!("This was done: {}.", some.join(", ")),
    };
    let sections = [
        section("Why you were in hospital", &format!("You were admitted with {}.", reason.to_lowercase())),
        section("What was done", &done),
        section(
            "Medicines",
            "Your medicines were checked before you went home. Your GP surgery has the list.",
        ),
        section(
            "What happens next",
            "Your GP surgery was told about this stay. Call the surgery if you feel worse, or 111 when it is closed.",
        ),
    ];
    let stay = reference("Encounter", id);
    let id = chart.id("document");
    Some(resource(
        "Composition",
        &id,
        [
            ("status", text("final")),
            ("type", Some(concept(LOINC, "18842-5", "Discharge summary"))),
            ("subject", Some(chart.subject())),
            ("encounter", Some(stay)),
            ("date", text(&end)),
            ("author", one(hospital.clone())),
            ("title", text("Discharge summary")),
            ("custodian", Some(hospital)),
            ("section", Some(list(sections))),
        ],
    ))
}

fn section(title: &str, words: &str) -> Value {
    let narrative = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{words}</p></div>");
    object([
        ("title", text(title)),
        ("text", Some(object([("status", text("generated")), ("div", text(&narrative))]))),
    ])
}

fn clinic_letter(chart: &mut Chart<'_>, problem: &Problem, day: Day) -> Option<Value> {
    let trust = chart.world.trusts().get(chart.person.trust % 2)?;
    let hospital = named_reference("Organization", &trust.id, &trust.name);
    let name = problem.illness.name.to_lowercase();
    let written = fhir_instant(day.at(50_400));
    let letter = format!(
        "Dear {} {},\n\nThank you for coming to the clinic at {}. We talked about {name} and how you have been.\n\n\
         Your treatment stays as it is. Please go on with your medicines and have your blood tests as planned at your \
         GP surgery.\n\nWe would like to see you again in a year. If things get worse before that, ask your surgery to \
         write to us.\n\nThe clinic team, {}",
        chart.person.given, chart.person.family, trust.name, trust.name
    );
    let attachment = object([
        ("contentType", text("text/plain; charset=utf-8")),
        ("language", text("en-GB")),
        ("data", text(&base64(letter.as_bytes()))),
        ("title", text(&format!("Clinic letter: {name}"))),
        ("creation", text(&written)),
    ]);
    let id = chart.id("document");
    // UK Core STU2 has no profile of DocumentReference.
    Some(object([
        ("resourceType", text("DocumentReference")),
        ("id", text(&id)),
        ("status", text("current")),
        ("type", Some(concept(LOINC, "11488-4", "Clinic letter"))),
        ("subject", Some(chart.subject())),
        ("date", text(&written)),
        ("author", one(hospital.clone())),
        ("custodian", Some(hospital)),
        ("content", one(object([("attachment", Some(attachment))]))),
    ]))
}

/// Base64 (RFC 4648 section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or_default());
        let held = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let letter = LETTERS.get((held >> (18 - 6 * place)) as usize & 63).copied().unwrap_or_default();
            out.push(if place as usize > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_base64() {
        for (text, expected) in
            [("Man", "TWFu"), ("Ma", "TWE="), ("M", "TQ=="), ("", ""), ("Dear Ann", "RGVhciBBbm4=")]
        {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
