//! ORU and OUL results to reports: each OBR opens a report, and OBX, NTE, ORC and SPM around it belong to it.

use crate::adt::{person, stay, time};
use crate::fields::{clinician, coded, note, plain, trimmed};
use crate::mapping::{Frame, Unmappable, frame, key_only, mentions};
use care::patient_flow::{Coded, Event, Finding, Kind, OrderKey, Reading, Report};
use hl7v2::{Message, Part, Segment};
use std::collections::HashMap;

/// The events of a result message.
///
/// # Errors
/// [`Unmappable`] with a reason.
pub fn events(message: &Message<'_>) -> Result<Vec<Event>, Unmappable> {
    let frame = frame(message);
    let subject = person::subject(message, &frame)?;
    let reports = reports(message, &frame);
    if reports.is_empty() {
        return Err(Unmappable::Empty);
    }
    let mut events = mentions(&frame, message, &subject);
    let stay = stay::key(message, &frame, &subject)
        .filter(|_| events.iter().any(|event| matches!(event.kind, Kind::Flow(_))));
    events.extend(
        reports
            .into_iter()
            .map(|report| frame.event(key_only(&subject), Kind::Report(Box::new(report), stay.clone()))),
    );
    Ok(events)
}

fn reports(message: &Message<'_>, frame: &Frame) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    let mut order: Option<Segment<'_>> = None;
    let mut notes_of_finding = false;
    for segment in message.segments() {
        match segment.name() {
            b"ORC" => {
                order = Some(segment);
                if let Some(report) = reports.last_mut().filter(|report| report.findings.is_empty()) {
                    numbered(report, &segment, frame);
                }
            }
            b"OBR" => {
                let position = reports.len() + 1;
                let mut report = opened(&segment, frame, position);
                if let Some(order) = order.take() {
                    numbered(&mut report, &order, frame);
                }
                reports.push(report);
                notes_of_finding = false;
            }
            b"OBX" => {
                let Some(report) = reports.last_mut() else { continue };
                if let Some(finding) = finding(&segment) {
                    report.findings.push(finding);
                    notes_of_finding = true;
                }
            }
            b"NTE" => {
                let (Some(report), Some(note)) = (reports.last_mut(), note(&segment)) else { continue };
                match report.findings.last_mut().filter(|_| notes_of_finding) {
                    Some(finding) => finding.notes.push(note),
                    None => report.notes.push(note),
                }
            }
            b"SPM" => {
                if let Some(report) = reports.last_mut() {
                    report.specimen = coded(&segment.field(4));
                }
                notes_of_finding = false;
            }
            _ => {}
        }
    }
    for report in &mut reports {
        tell_apart(&mut report.findings);
    }
    reports
}

/// Takes placer and filler numbers from the ORC where the OBR has none.
fn numbered(report: &mut Report, order: &Segment<'_>, frame: &Frame) {
    let own = |number: usize| plain(&order.field(number).component(1));
    if report.placer.is_empty() {
        report.placer = own(2);
    }
    if report.filler.is_empty() {
        report.filler = own(3);
    }
    if let Some(key) = key_of(report, frame) {
        report.key = key;
    }
}

/// A report's key: the number with what was asked for, because one order number may cover several reports.
fn key_of(report: &Report, frame: &Frame) -> Option<OrderKey> {
    let number = [&report.filler, &report.placer].into_iter().find(|number| !number.is_empty())?;
    let asked = if report.code.code.is_empty() { &report.code.display } else { &report.code.code };
    Some(OrderKey { facility: frame.source.facility.clone(), number: format!("{number}/{asked}") })
}

fn opened(segment: &Segment<'_>, frame: &Frame, position: usize) -> Report {
    let when = |number: usize| time::moment(&segment.field(number), &mut Vec::new());
    let status = match plain(&segment.field(25)).as_str() {
        "O" | "I" | "S" => "registered",
        "P" => "preliminary",
        "A" | "R" | "N" => "partial",
        "C" | "M" => "corrected",
        "X" => "cancelled",
        "F" => "final",
        _ => "unknown",
    };
    let mut report = Report {
        key: OrderKey {
            facility: frame.source.facility.clone(),
            number: format!("message {} {} {position}", frame.message.control_id, frame.message.sha256),
        },
        placer: plain(&segment.field(2).component(1)),
        filler: plain(&segment.field(3).component(1)),
        code: coded(&segment.field(4)),
        status: status.into(),
        section: plain(&segment.field(24)),
        observed_at: when(7),
        issued_at: when(22).or_else(|| frame.times.sent.clone()),
        interpreter: clinician(&segment.field(32)).unwrap_or_default(),
        specimen: Coded::default(),
        findings: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(key) = key_of(&report, frame) {
        report.key = key;
    }
    report
}

/// OBX. An observation that only details the order (status `O`) is none.
fn finding(segment: &Segment<'_>) -> Option<Finding> {
    let code =
        Some(coded(&segment.field(3))).filter(|code| !code.code.is_empty() || !code.display.is_empty())?;
    let status = match plain(&segment.field(11)).as_str() {
        "O" => return None,
        "A" => "amended",
        "C" => "corrected",
        "D" | "W" => "entered-in-error",
        "F" | "B" | "U" | "V" => "final",
        "I" => "registered",
        "P" | "R" | "S" => "preliminary",
        "X" => "cancelled",
        _ => "unknown",
    };
    let kind = plain(&segment.field(2)).to_ascii_uppercase();
    let values = segment.field(5);
    let mut notes = Vec::new();
    if kind == "ED" && !values.is_empty() {
        notes.push("The attachment is kept with the source message".to_owned());
    }
    let readings = values.repetitions().filter_map(|value| reading(&kind, &value)).collect();
    let flags = segment.field(8);
    Some(Finding {
        code,
        sub_id: plain(&segment.field(4)),
        readings,
        unit: coded(&segment.field(6)),
        range: segment.field(7).verbatim().trim().to_owned(),
        flags: flags.repetitions().filter_map(|flag| trimmed(&flag)).collect(),
        status: status.into(),
        observed_at: time::moment(&segment.field(14), &mut Vec::new()),
        method: coded(&segment.field(17)),
        notes,
    })
}

/// OBX-5 by its type in OBX-2. What is not of its type stays text.
fn reading(kind: &str, value: &Part<'_>) -> Option<Reading> {
    if value.is_empty() || value.is_null() {
        return None;
    }
    let component = |number| plain(&value.component(number));
    let text = || Some(value.verbatim().trim().to_owned()).filter(|text| !text.is_empty());
    let number = |text: &str| fhir::json::Number::from_literal(text.trim_start_matches('+')).is_some();
    match kind {
        "NM" if number(&component(1)) => Some(Reading::Number(component(1))),
        "SN" => structured(&component(1), &component(2), &component(3), &component(4))
            .or_else(|| text().map(Reading::Text)),
        "CE" | "CWE" | "CNE" | "CF" | "IS" | "ID" => Some(Reading::Coded(coded(value))).filter(
            |reading| !matches!(reading, Reading::Coded(c) if c.code.is_empty() && c.display.is_empty()),
        ),
        "DT" | "TS" | "DTM" => match time::read(&component(1)) {
            Some(moment) => Some(Reading::When(moment)),
            None => text().map(Reading::Text),
        },
        "TM" => match time_of_day(&component(1)) {
            Some(time) => Some(Reading::TimeOfDay(time)),
            None => text().map(Reading::Text),
        },
        "NR" if number(&component(1)) && number(&component(2)) => {
            Some(Reading::Range(component(1), component(2)))
        }
        "RP" => Some(component(1)).filter(|pointer| !pointer.is_empty()).map(Reading::Pointer),
        "ED" => None,
        _ => text().map(Reading::Text),
    }
}

/// SN: comparator, number, separator, number.
fn structured(comparator: &str, first: &str, separator: &str, second: &str) -> Option<Reading> {
    let number = |text: &str| fhir::json::Number::from_literal(text).is_some();
    match (comparator, separator) {
        ("" | "=", "") if number(first) => Some(Reading::Number(first.into())),
        ("<" | ">" | "<=" | ">=", "") if number(first) => {
            Some(Reading::Bounded { comparator: comparator.into(), number: first.into() })
        }
        ("" | "=", "-") if number(first) && number(second) => {
            Some(Reading::Range(first.into(), second.into()))
        }
        ("" | "=", ":" | "/") if number(first) && number(second) => {
            Some(Reading::Ratio(first.into(), second.into()))
        }
        _ => None,
    }
}

/// `HHMM[SS]` as `HH:MM:SS`.
fn time_of_day(text: &str) -> Option<String> {
    let digits = text.split(['.', '+', '-']).next()?;
    let part = |from: usize, limit: u8| {
        let part = digits.get(from..from + 2)?;
        part.parse::<u8>().ok().filter(|number| *number < limit).map(|_| part)
    };
    let (hour, minute) = (part(0, 24)?, part(2, 60)?);
    Some(format!("{hour}:{minute}:{}", part(4, 60).unwrap_or("00")))
}

/// The same code twice without different sub-ids gets its position among its like.
fn tell_apart(findings: &mut [Finding]) {
    let mut seen: HashMap<(Coded, String), usize> = HashMap::new();
    for finding in findings {
        let count = seen.entry((finding.code.clone(), finding.sub_id.clone())).or_default();
        *count += 1;
        if *count > 1 {
            finding.sub_id = format!("{}#{count}", finding.sub_id);
        }
    }
}
