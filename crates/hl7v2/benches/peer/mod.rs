//! The crate `hl7-parser`, side by side: the same messages, parsed and walked to every leaf.

use hl7_parser::parse_message_with_lenient_newlines;
use std::hint::black_box;

/// Whether it parses the message at all; it takes UTF-8 only.
pub fn takes(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| parse_message_with_lenient_newlines(text).is_ok())
}

/// Parses, and counts the leaves.
pub fn leaves(bytes: &[u8]) -> usize {
    let Ok(text) = std::str::from_utf8(bytes) else { return 0 };
    let Ok(message) = parse_message_with_lenient_newlines(text) else { return 0 };
    let mut count = 0;
    for segment in message.segments() {
        for field in segment.fields() {
            for repeat in field.repeats() {
                for component in repeat.components() {
                    for subcomponent in component.subcomponents() {
                        black_box(subcomponent.raw_value());
                        count += 1;
                    }
                }
            }
        }
    }
    count
}
