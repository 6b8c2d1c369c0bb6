//! Every third-party sample message is read, and its known quirks are seen.

mod shared;

use hl7v2::Message;
use hl7v2::ack::{Answers, Code, Mode, Outcome};
use hl7v2::admission::Admission;
use std::collections::BTreeMap;

#[test]
fn all_seventy_samples_parse() {
    let Some(samples) = shared::samples("all_seventy_samples_parse") else { return };
    assert_eq!(samples.len(), 70);
    let mut oddities = BTreeMap::new();
    let mut modes = BTreeMap::new();
    let mut control_ids = BTreeMap::new();
    let mut trigger_differs = 0;
    for (name, bytes) in &samples {
        let parsed = Message::parse(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let message = &parsed.message;
        let mut kinds: Vec<_> = parsed.findings.iter().map(|finding| finding.oddity).collect();
        kinds.dedup();
        for kind in kinds {
            *oddities.entry(format!("{kind:?}")).or_insert(0) += 1;
        }
        Admission::any().check(message).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        let asked = format!(
            "{}|{}",
            message.text("MSH-15").unwrap_or_default().trim(),
            message.text("MSH-16").unwrap_or_default().trim()
        );
        *modes.entry(asked).or_insert(0) += 1;
        *control_ids.entry(message.control_id().unwrap().into_owned()).or_insert(0) += 1;
        if message.code().as_deref() == Some("ADT") {
            let event = message.text("EVN-1");
            trigger_differs += usize::from(event.is_some() && event != message.trigger());
        }
        let canonical = message.encode();
        assert_eq!(Message::parse(&canonical).unwrap().message.encode(), canonical, "{name}");
    }
    assert_eq!(oddities.get("ByteOrderMark"), Some(&14));
    assert_eq!(oddities.get("LineFeed"), Some(&70));
    assert_eq!(oddities.get("UnknownCharset"), None);
    assert_eq!(oddities.get("InvalidText"), None);
    let wanted = [("AL|", 1), ("AL|AL", 1), ("ER|AL", 1), ("NE|AL", 3), ("NE|NE", 1), ("|", 63)];
    assert_eq!(modes, wanted.map(|(ask, count)| (ask.to_owned(), count)).into());
    assert_eq!(control_ids.get("MSG00001"), Some(&29));
    assert_eq!(trigger_differs, 23);
}

#[test]
fn the_merge_sample_wants_no_answer() {
    let Some(samples) = shared::samples("the_merge_sample_wants_no_answer") else { return };
    let (_, bytes) = samples.iter().find(|(name, _)| name == "ADT-A40-01.hl7").unwrap();
    let message = Message::parse(bytes).unwrap().message;
    assert_eq!(Mode::of(&message).answers(Outcome::Safe), Answers::default());
    assert!(message.text("MRG-1").is_some());
}

#[test]
fn original_mode_is_answered_aa() {
    let Some(samples) = shared::samples("original_mode_is_answered_aa") else { return };
    let (_, bytes) = samples.iter().find(|(name, _)| name == "ADT-A01-01.hl7").unwrap();
    let message = Message::parse(bytes).unwrap().message;
    assert_eq!(Mode::of(&message).answers(Outcome::Safe).application, Some(Code::AA));
}
