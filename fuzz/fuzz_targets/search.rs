//! Any query string: it is read or refused, and what is read prints to a query that reads back the same.
#![no_main]

use fhir::search::{Handling, Query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let pairs: Vec<(String, String)> =
        text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(n, v)| (n.into(), v.into())).collect();
    for type_ in ["Patient", "Observation", "Encounter"] {
        let _ = Query::parse(type_, &pairs, Handling::Lenient);
        if let Ok(read) = Query::parse(type_, &pairs, Handling::Strict) {
            let printed = read.query.to_pairs();
            let again = Query::parse(type_, &printed, Handling::Strict).expect("what is printed reads back");
            assert_eq!(again.query.to_pairs(), printed, "printing is stable");
        }
    }
});
