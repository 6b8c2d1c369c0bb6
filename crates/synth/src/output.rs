//! Writing records: NDJSON (one resource a line), gzipped or not, or one FHIR transaction bundle per person.
//! Bytes go to the writer given; nothing is kept. <https://hl7.org/fhir/R4/http.html#transaction>.

use fhir::json::{Value, write};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io;

/// Writes each resource on a line of its own.
///
/// # Errors
/// What the writer answers.
pub fn write_ndjson<'a>(
    out: &mut impl io::Write,
    resources: impl IntoIterator<Item = &'a Value>,
) -> io::Result<()> {
    let mut line = Vec::with_capacity(4_096);
    for resource in resources {
        line.clear();
        write(resource, &mut line);
        line.push(b'\n');
        out.write_all(&line)?;
    }
    Ok(())
}

/// A gzip writer whose bytes depend on the content alone (no file name, no time).
pub fn gzip<W: io::Write>(out: W) -> GzEncoder<W> {
    GzEncoder::new(out, Compression::fast())
}

/// A transaction that stores every resource under its own id: repeating it changes nothing.
#[must_use]
pub fn transaction(resources: Vec<Value>) -> Value {
    let entries = resources.into_iter().map(|resource| {
        let kind = resource.text_at(&["resourceType"]).unwrap_or_default();
        let id = resource.text_at(&["id"]).unwrap_or_default();
        let url = format!("{kind}/{id}");
        let request = Value::object([("method", Value::from("PUT")), ("url", Value::from(url))]);
        Value::object([("resource", resource), ("request", request)])
    });
    Value::object([
        ("resourceType", Value::from("Bundle")),
        ("type", Value::from("transaction")),
        ("entry", Value::Array(entries.collect())),
    ])
}
