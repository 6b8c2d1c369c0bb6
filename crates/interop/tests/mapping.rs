//! Messages to events to resources: our own messages against committed text, and every sample message in place.
//!
//! A changed snapshot is written beside the old one as `*.new`; look at the difference, then rename it.

#![expect(clippy::unwrap_used, reason = "a failing test should stop at once")]

mod shared;

use care::patient_flow::{Change, Event, Kind, Present, decide};
use hl7v2::Message;
use interop::mapping::{Unmappable, events};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Received on 3 June 2026 at noon: nothing later than a day after it is trusted.
const RECEIVED: &str = "2026-06-03T12:00:00Z";

fn mapped(bytes: &[u8]) -> Result<Vec<Event>, Unmappable> {
    let parsed = Message::parse(bytes).unwrap();
    let received = RECEIVED.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let mut events = events(&parsed.message)?;
    for event in &mut events {
        event.times.received_at = Some(received);
    }
    Ok(events)
}

/// One line an event, then one line a resource, as an empty record would get them.
fn told(bytes: &[u8]) -> String {
    let mut text = String::new();
    let events = match mapped(bytes) {
        Ok(events) => events,
        Err(reason) => return format!("unmappable: {reason}\n"),
    };
    for event in &events {
        let kind = match &event.kind {
            Kind::Flow(flow) => format!("{:?} of stay {}", flow.action, flow.stay.visit),
            Kind::Swap(flow, side) => {
                format!("Swap of stays {} and {}", flow.stay.visit, side.flow.stay.visit)
            }
            Kind::Report(report, _) => format!("Report {}", report.key.number),
            Kind::Order(order, _) => format!("Order {}", order.key.number),
            Kind::Merge { prior } => format!("Merge of {} {}", prior.authority, prior.number),
            Kind::Renumber { prior } => format!("Renumber of {} {}", prior.authority, prior.number),
            Kind::MoveVisit { from, to, .. } => format!("MoveVisit {} to {}", from.visit, to.visit),
            other => format!("{other:?}"),
        };
        let (key, when) = (&event.subject.key, event.times.occurred_at().to_fhir());
        writeln!(text, "event: {kind}, patient {} {}, at {when}", key.authority, key.number).unwrap();
        for warning in &event.warnings {
            writeln!(text, "  warning: {warning:?}").unwrap();
        }
    }
    for event in &events {
        for Change { after: resource, .. } in decide(&Present::default(), event).unwrap().resources {
            let kind = resource.text_at(&["resourceType"]).unwrap();
            if !matches!(kind, "Organization" | "Provenance" | "EpisodeOfCare") && !above_a_bed(&resource) {
                writeln!(text, "{}", fhir::json::to_string(&resource)).unwrap();
            }
        }
    }
    text
}

/// Wards, bays and sites say nothing that their beds do not.
fn above_a_bed(resource: &fhir::json::Value) -> bool {
    let level = resource.text_at(&["physicalType", "coding", "code"]);
    level.is_some_and(|level| level != "bd")
}

#[test]
fn our_own_messages_become_what_is_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mapping");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "hl7"))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "the messages are gone");
    let mut changed = Vec::new();
    for path in names {
        let got = told(&std::fs::read(&path).unwrap());
        let wanted = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if got != wanted {
            std::fs::write(path.with_extension("txt.new"), &got).unwrap();
            changed.push(path);
        }
    }
    assert!(changed.is_empty(), "changed, see *.txt.new: {changed:?}");
}

#[test]
fn every_sample_becomes_events_or_a_reason() {
    let Some(samples) = shared::samples("every_sample_becomes_events_or_a_reason") else { return };
    let mut applied: BTreeMap<String, usize> = BTreeMap::new();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in &samples {
        match mapped(bytes) {
            Ok(events) => {
                let kind = name.get(..3).unwrap().to_owned();
                *applied.entry(kind).or_default() += 1;
                let mut present = Present::default();
                for event in &events {
                    for stream in present.missing(event) {
                        present.streams.entry(stream).or_default();
                    }
                    let changes =
                        decide(&present, event).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
                    for Change { after: resource, .. } in &changes.resources {
                        let issues = fhir::validate::structural(resource);
                        let text = fhir::json::to_string(resource);
                        assert!(issues.is_empty(), "{name}: {issues:?}\n{text}");
                    }
                    for stream in changes.streams {
                        present.streams.entry(stream).or_default().push(event.clone());
                    }
                }
            }
            Err(reason) => {
                eprintln!("{name}: {reason}");
                *refused.entry(reason.to_string()).or_default() += 1;
            }
        }
    }
    let count = |map: &BTreeMap<String, usize>| map.values().sum::<usize>();
    eprintln!("{} samples: {} applied {applied:?}, {} not", samples.len(), count(&applied), count(&refused));
    assert_eq!(samples.len(), 70);
    assert_eq!((count(&applied), count(&refused)), (41, 29));
}

#[test]
fn the_same_bytes_give_the_same_events() {
    let Some(samples) = shared::samples("the_same_bytes_give_the_same_events") else { return };
    for (name, bytes) in &samples {
        assert_eq!(mapped(bytes), mapped(bytes), "{name}");
    }
}
