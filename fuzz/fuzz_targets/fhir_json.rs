//! Any bytes: the document is read or refused with a place, what is read is written and read back equal, and the
//! validator survives it.
#![no_main]

use fhir::json::{Limits, parse, to_vec};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    if let Ok(value) = parse(bytes, &limits) {
        assert_eq!(parse(&to_vec(&value), &limits).as_ref(), Ok(&value), "what is written reads back");
        let _ = fhir::validate::structural(&value);
    }
});
