//! Messages as a reader of them meets them: views, text, round trips, hostile bytes.

#![expect(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use hl7v2::build::{MessageBuilder, Place};
use hl7v2::{Charset, Limits, Message, Oddity, ParseError, Slot};
use proptest::prelude::*;

const ADMIT: &[u8] = b"MSH|^~\\&|PAS|RX1|BEVAN|RX1|20240501101500||ADT^A01^ADT_A01|42|P|2.4\r\
PID|1||943 476 5919^^^NHS^NH~7788^^^RX1&2.16&ISO^MR||O\\T\\Brien^Zo\xc3\xab||\"\"|F\r\
PV1|1|I|W1^B2^3\rOBX|1|NM|a\rOBX|2|NM|b\r";

#[test]
fn reads_every_level() {
    let parsed = Message::parse(ADMIT).unwrap();
    assert!(parsed.findings.is_empty(), "{:?}", parsed.findings);
    let message = parsed.message;
    assert_eq!(message.text("MSH-1").as_deref(), Some("|"));
    assert_eq!(message.header(2).raw(), b"^~\\&");
    assert_eq!(message.text("MSH-9.2").as_deref(), Some("A01"));
    assert_eq!(message.control_id().as_deref(), Some("42"));
    assert_eq!(message.text("PID-3").as_deref(), Some("943 476 5919"));
    assert_eq!(message.text("PID-3[2].4.2").as_deref(), Some("2.16"));
    assert_eq!(message.text("PID-3[2].1.1").as_deref(), Some("7788"));
    assert_eq!(message.text("PID-5.1").as_deref(), Some("O&Brien"));
    assert_eq!(message.text("PID-5.2").as_deref(), Some("Zoë"));
    assert_eq!(message.text("OBX[2]-3").as_deref(), Some("b"));
    assert_eq!(message.segments_named(b"OBX").count(), 2);
    for absent in ["PID-3[3]", "PID-99", "PID-3.9", "PID-3.1.2", "ZZZ-1", "nonsense"] {
        assert_eq!(message.text(absent), None, "{absent}");
    }
    let pid = message.segment(b"PID").unwrap();
    assert_eq!(pid.fields().count(), 8);
    assert_eq!(pid.field(3).repetitions().count(), 2);
    assert_eq!(pid.field(3).repetition(2).component(4).subcomponents().count(), 3);
    assert_eq!(pid.field(3).raw(), b"943 476 5919^^^NHS^NH~7788^^^RX1&2.16&ISO^MR");
}

#[test]
fn empty_and_null_stay_apart() {
    let message = Message::parse(ADMIT).unwrap().message;
    assert_eq!(message.slot("PID-7"), Slot::Null);
    assert_eq!(message.text("PID-7"), None);
    assert_eq!(message.slot("PID-6"), Slot::Empty);
    assert_eq!(message.slot("PID-70"), Slot::Empty);
    assert_eq!(message.slot("PID-8").value().as_deref(), Some("F"));
}

#[test]
fn charset_follows_msh_18_or_the_bytes() {
    let of = |charset: &str, name: &[u8]| {
        let mut bytes = format!("MSH|^~\\&||||||||||||||||{charset}\rPID|||||").into_bytes();
        bytes.extend_from_slice(name);
        let parsed = Message::parse(&bytes).unwrap();
        let text = parsed.message.text("PID-5").unwrap().into_owned();
        (text, parsed.message.charset(), parsed.findings.first().map(|finding| finding.oddity))
    };
    assert_eq!(of("", "Zoë".as_bytes()), ("Zoë".into(), Charset::Utf8, None));
    assert_eq!(of("", b"Zo\xeb"), ("Zoë".into(), Charset::WINDOWS_1252, None));
    assert_eq!(of("8859/1", b"Zo\xeb"), ("Zoë".into(), Charset::WINDOWS_1252, None));
    assert_eq!(of("UNICODE UTF-8", b"Zo\xeb"), ("Zoë".into(), Charset::Utf8, Some(Oddity::InvalidText)));
    assert_eq!(of("ASCII", b"Zo\xeb").2, Some(Oddity::InvalidText));
    assert_eq!(of("KLINGON", b"Zoe").2, Some(Oddity::UnknownCharset));
}

#[test]
fn tolerates_what_feeds_send() {
    let odd = b"\xef\xbb\xbf\r\nMSH|^~\\&|A\r\n\r\nPID|1\nxx\nMSH|^~\\&|B";
    let parsed = Message::parse(odd).unwrap();
    let oddities: Vec<_> = parsed.findings.iter().map(|finding| finding.oddity).collect();
    for oddity in [
        Oddity::ByteOrderMark,
        Oddity::LeadingSpace,
        Oddity::LineFeed,
        Oddity::SegmentName,
        Oddity::SecondHeader,
    ] {
        assert!(oddities.contains(&oddity), "{oddity:?} in {oddities:?}");
    }
    let names: Vec<_> = parsed.message.segments().map(|segment| segment.name()).collect();
    assert_eq!(names, [b"MSH".as_slice(), b"PID", b"xx", b"MSH"]);
}

#[test]
fn refuses_what_is_no_message() {
    let error = |bytes| Message::parse(bytes).err();
    assert_eq!(error(b""), Some(ParseError::Empty));
    assert_eq!(error(b" \r\n"), Some(ParseError::Empty));
    assert_eq!(error(b"PID|1"), Some(ParseError::NoHeader));
    assert_eq!(error(b"MSH"), Some(ParseError::NoHeader));
    assert_eq!(error(b"MSHA^~\\&A"), Some(ParseError::NoHeader));
    let limits = Limits { bytes: 60, segments: 3, repetitions: 2 };
    let within = |bytes| Message::parse_within(bytes, &limits).err();
    assert_eq!(within(&[b'x'; 61]), Some(ParseError::TooLong { limit: 60 }));
    assert_eq!(within(b"MSH|^~\\&\rA|\rB|\rC|\r"), Some(ParseError::TooManySegments { limit: 3 }));
    assert_eq!(within(b"MSH|^~\\&\rPID|a~b|c~d~e"), Some(ParseError::TooManyRepetitions { limit: 2 }));
    assert_eq!(within(b"MSH|^~\\&\rPID|a~b|c~d\rPV1|\r"), None);
}

#[test]
fn other_separators() {
    let message = Message::parse(b"MSH#*!?%#A\rPID#a*b!c#x?F?y?S?z|\r").unwrap().message;
    assert_eq!(message.text("PID-1.2").as_deref(), Some("b"));
    assert_eq!(message.text("PID-1[2]").as_deref(), Some("c"));
    assert_eq!(message.text("PID-2").as_deref(), Some("x#y*z|"));
}

#[test]
fn canonical_bytes_survive() {
    let message = Message::parse(ADMIT).unwrap().message;
    assert_eq!(message.encode(), ADMIT);
    assert_eq!(MessageBuilder::of(&message).encode(), ADMIT);
}

#[test]
fn the_builder_escapes() {
    let mut built = MessageBuilder::new();
    built.segment("MSH").set(3, "PAS").components(9, 1, &["ADT", "A01"]).set(10, "1");
    built
        .segment("PID")
        .set(Place::new(3).repetition(2).component(4).subcomponent(2), "a|b&c\r\n")
        .null(7)
        .set((5, 1), "\"\"");
    assert_eq!(
        String::from_utf8(built.encode()).unwrap(),
        "MSH|^~\\&|PAS||||||ADT^A01|1\rPID|||~^^^&a\\F\\b\\T\\c\\X0D\\\\.br\\||\\X2222\\||\"\"\r"
    );
    let bytes = built.encode();
    assert_eq!(MessageBuilder::of(&Message::parse(&bytes).unwrap().message).encode(), bytes);
}

#[test]
fn leaves_agree_with_the_nested_walk() {
    let message = Message::parse(ADMIT).unwrap().message;
    for leaf in message.leaves().filter(|leaf| leaf.field() > 0) {
        let segment = message.segments().nth(leaf.segment).unwrap();
        let part = segment
            .field(leaf.field())
            .repetition(leaf.repetition())
            .component(leaf.component())
            .subcomponent(leaf.subcomponent());
        assert_eq!(part.raw(), leaf.raw, "{leaf:?}");
    }
    let stepped: Vec<_> = message.leaves().collect();
    let mut folded = Vec::new();
    message.leaves().for_each(|leaf| folded.push(leaf));
    assert_eq!(stepped, folded);
    let nested: usize = message
        .segments()
        .flat_map(|segment| {
            segment.fields().skip(if segment.index() == 0 { 1 } else { 0 }).collect::<Vec<_>>()
        })
        .flat_map(|field| field.repetitions().collect::<Vec<_>>())
        .flat_map(|repetition| repetition.components().collect::<Vec<_>>())
        .map(|component| component.subcomponents().count())
        .sum();
    assert_eq!(message.leaves().filter(|leaf| leaf.field() > 0).count(), nested);
}

/// Any text a leaf may hold: separators, escapes, quotation marks, controls, letters beyond ASCII.
fn leaf_text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-z|^~\\\\&#\"\\r\\n\\x00\\x0b\\x1cé€]{1,6}").unwrap()
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut headed = b"MSH|^~\\&|".to_vec();
        headed.extend_from_slice(&bytes);
        for input in [&bytes, &headed] {
            if let Ok(parsed) = Message::parse(input) {
                let message = parsed.message;
                message.leaves().count();
                for segment in message.segments() {
                    for field in segment.fields() {
                        for repetition in field.repetitions() {
                            repetition.components().flat_map(|c| c.subcomponents()).for_each(|leaf| {
                                let _ = leaf.verbatim();
                            });
                        }
                    }
                }
                let canonical = message.encode();
                let again = Message::parse(&canonical).unwrap().message.encode();
                prop_assert_eq!(again, canonical);
            }
        }
    }

    #[test]
    fn delimiter_soup_never_panics(text in "[MSH|^~&\\\\\\r\\n\"A]{0,300}") {
        let bytes = format!("MSH|^~\\&{text}");
        let message = Message::parse(bytes.as_bytes()).unwrap().message;
        prop_assert!(message.segments().all(|segment| segment.fields().count() < 400));
        message.leaves().count();
    }

    #[test]
    fn parse_gives_back_what_was_built(
        leaves in proptest::collection::vec(((1usize..5, 1usize..6), (1usize..3, 1usize..4, 1usize..3), leaf_text()), 0..12),
    ) {
        let mut built = MessageBuilder::new();
        built.segment("MSH").set(10, "1").set(18, "UNICODE UTF-8");
        for name in ["ZA1", "ZA2", "ZA3", "ZA4"] {
            let wanted = leaves.iter().filter(|((segment, _), _, _)| name.ends_with(&segment.to_string()));
            let segment = built.segment(name);
            for ((_, field), (repetition, component, subcomponent), text) in wanted {
                let place = Place::new(*field).repetition(*repetition).component(*component).subcomponent(*subcomponent);
                segment.set(place, text);
            }
        }
        let bytes = built.encode();
        let message = Message::parse(&bytes).unwrap().message;
        let mut last = std::collections::HashMap::new();
        for (segment, place, text) in &leaves {
            last.insert((segment, place), text);
        }
        for (((segment, field), (repetition, component, subcomponent)), text) in last {
            let path = format!("ZA{segment}-{field}[{repetition}].{component}.{subcomponent}");
            prop_assert_eq!(message.part(&path).unwrap().verbatim(), text.as_str(), "{}", path);
        }
        prop_assert_eq!(MessageBuilder::of(&message).encode(), bytes);
    }
}
