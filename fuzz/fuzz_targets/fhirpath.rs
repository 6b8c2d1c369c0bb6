//! Any text: it compiles or is refused, and what compiles evaluates on a small document within the step budget.
#![no_main]

use fhir::fhirpath::{Context, compile};
use fhir::json::{Limits, parse};
use libfuzzer_sys::fuzz_target;

const PATIENT: &[u8] = br#"{"resourceType":"Patient","id":"a","active":true,"birthDate":"1970-02-03","multipleBirthInteger":2,
    "name":[{"family":"B","given":["C","D"]}],"contained":[{"resourceType":"Basic","id":"x"}],"extension":[{"url":"u","valueDecimal":1.50}]}"#;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let (Ok(expression), Ok(patient)) = (compile(text), parse(PATIENT, &Limits::default())) {
        let _ = expression.evaluate(&Context::default(), &patient);
    }
});
