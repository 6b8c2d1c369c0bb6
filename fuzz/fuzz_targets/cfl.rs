//! Any bytes as a BART pair, the header up to the first zero byte: refused, or as many values as the sizes say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mri::formats::cfl::read;

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (header, body) = bytes.split_at(at);
    if let Ok(cfl) = read(&String::from_utf8_lossy(header), body, 1 << 16) {
        let count = cfl.values.len();
        assert_eq!(cfl.into_stack().values.len(), count);
    }
});
