//! Any bytes: the frame decoder and the tokeniser survive them, every part can be reached, and an acknowledgement is made.
#![no_main]

use hl7v2::Message;
use hl7v2::mllp::Decoder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut decoder = Decoder::new(1 << 16);
    let mut input = bytes;
    while decoder.decode(&mut input).is_some() {}
    if let Ok(parsed) = Message::parse(bytes) {
        let leaves = parsed.message.leaves().count();
        let encoded = parsed.message.encode();
        let again = Message::parse(&encoded).expect("what is encoded reads back").message.leaves().count();
        assert_eq!(leaves, again, "nothing is lost between reading and writing");
        let _ = (parsed.message.trigger(), parsed.message.text("PID-3[1].4.2"));
    }
});
