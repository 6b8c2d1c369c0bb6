//! Bundles of type `searchset` and `history`, written around the stored bytes of their resources, which are not parsed
//! again (<https://hl7.org/fhir/R4/bundle.html>).

use super::precondition::tag;
use fhir::json::{Value, to_vec};

/// A bundle being written.
pub(super) struct Bundle {
    out: Vec<u8>,
    entries: usize,
}

impl Bundle {
    /// Begins a bundle of that type. Links are relation and address.
    pub fn new(bundle_type: &str, total: Option<u64>, links: &[(&str, String)]) -> Self {
        let mut out = Vec::with_capacity(4096);
        out.extend_from_slice(br#"{"resourceType":"Bundle","type":"#);
        string(bundle_type, &mut out);
        if let Some(total) = total {
            out.extend_from_slice(br#","total":"#);
            out.extend_from_slice(total.to_string().as_bytes());
        }
        out.extend_from_slice(br#","link":["#);
        for (at, (relation, url)) in links.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            member(b"{", "relation", relation, &mut out);
            member(b",", "url", url, &mut out);
            out.push(b'}');
        }
        out.push(b']');
        Self { out, entries: 0 }
    }

    /// An entry of a searchset: a resource's bytes and why it is there.
    pub fn found(&mut self, full_url: &str, resource: &[u8], mode: &str) {
        self.begin(Some(full_url), Some(resource));
        self.out.extend_from_slice(br#","search":"#);
        member(b"{", "mode", mode, &mut self.out);
        self.out.extend_from_slice(b"}}");
    }

    /// An entry of a searchset that is about the search itself.
    pub fn outcome(&mut self, outcome: &Value) {
        self.begin(None, Some(&to_vec(outcome)));
        self.out.extend_from_slice(br#","search":{"mode":"outcome"}}"#);
    }

    /// An entry of a history; a deletion has no resource.
    pub fn version(&mut self, full_url: &str, resource: Option<&[u8]>, version: &Version<'_>) {
        self.begin(Some(full_url), resource);
        self.out.extend_from_slice(br#","request":"#);
        member(b"{", "method", version.method, &mut self.out);
        member(b",", "url", version.url, &mut self.out);
        self.out.extend_from_slice(br#"},"response":"#);
        member(b"{", "status", version.status, &mut self.out);
        member(b",", "etag", &tag(version.number), &mut self.out);
        member(b",", "lastModified", &format!("{:.6}", version.recorded_at), &mut self.out);
        self.out.extend_from_slice(b"}}");
    }

    /// The bundle's bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(if self.entries > 0 { b"]}" } else { b"}" });
        self.out
    }

    fn begin(&mut self, full_url: Option<&str>, resource: Option<&[u8]>) {
        self.out.extend_from_slice(if self.entries == 0 { br#","entry":[{"# } else { b",{" });
        self.entries += 1;
        if let Some(full_url) = full_url {
            member(b"", "fullUrl", full_url, &mut self.out);
        }
        if let Some(resource) = resource {
            if full_url.is_some() {
                self.out.push(b',');
            }
            self.out.extend_from_slice(br#""resource":"#);
            self.out.extend_from_slice(resource);
        }
    }
}

/// How a version came to be.
pub(super) struct Version<'v> {
    pub method: &'v str,
    pub url: &'v str,
    pub status: &'v str,
    pub number: u64,
    pub recorded_at: jiff::Timestamp,
}

fn member(before: &[u8], name: &str, value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(before);
    string(name, out);
    out.push(b':');
    string(value, out);
}

fn string(text: &str, out: &mut Vec<u8>) {
    fhir::json::write(&Value::from(text), out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    #[test]
    fn writes_sound_bundles() {
        let links = [("self", "http://x/fhir/Patient?name=\"a\"".to_owned()), ("next", "n".to_owned())];
        let mut bundle = Bundle::new("searchset", Some(2), &links);
        let basic = br#"{"resourceType":"Basic","id":"1","extension":[{"url":"http://x","valueDecimal":1.00}],"code":{"text":"x"}}"#;
        bundle.found("http://x/fhir/Basic/1", basic, "match");
        bundle.outcome(&fhir::issue::outcome(&[]));
        let bytes = bundle.finish();
        assert!(String::from_utf8_lossy(&bytes).contains("1.00"));
        let value = parse(&bytes, &Limits::default()).unwrap();
        assert_eq!(value.items("entry").len(), 2);
        assert_eq!(fhir::validate::structural(&value), []);

        let mut history = Bundle::new("history", None, &links);
        let recorded_at = jiff::Timestamp::UNIX_EPOCH;
        let version = Version { method: "DELETE", url: "Patient/1", status: "204", number: 2, recorded_at };
        history.version("http://x/fhir/Patient/1", None, &version);
        let value = parse(&history.finish(), &Limits::default()).unwrap();
        assert_eq!(value.text_at(&["entry", "response", "etag"]), Some("W/\"2\""));
        assert_eq!(fhir::validate::structural(&value), []);
        let empty = parse(&Bundle::new("history", Some(0), &[]).finish(), &Limits::default()).unwrap();
        assert_eq!(empty.get("entry"), None);
    }
}
