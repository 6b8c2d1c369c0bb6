//! Ids of resources that come from outside systems: UUID version 5 of (kind, source, source's own key).
//!
//! The same key always gives the same id, so replaying a feed changes nothing, and two doors that meet the same
//! bed, organisation, patient or stay agree on its id. This is the one place that derives such ids; nothing else
//! may. An NHS number is never a key. RFC 9562 §5.5, <https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5>.

use uuid::Uuid;

/// The namespace of every derived id: UUID version 5 of `https://bevan.example/identity` in the URL namespace.
pub const NAMESPACE: Uuid = Uuid::from_u128(0xa66d_5d2a_4e64_5b79_93d3_9585_708f_9536);

/// The id of `kind|source|part|part…`. Blanks around a part are not significant; a `|` or `\` inside one is
/// escaped with `\`, so that different parts never run together.
#[must_use]
pub fn resource_id(kind: &str, source: &str, parts: &[&str]) -> String {
    let mut key = String::with_capacity(64);
    key.push_str(kind);
    for part in std::iter::once(&source).chain(parts) {
        key.push('|');
        for letter in part.trim().chars() {
            if matches!(letter, '|' | '\\') {
                key.push('\\');
            }
            key.push(letter);
        }
    }
    Uuid::new_v5(&NAMESPACE, key.as_bytes()).hyphenated().to_string()
}

/// The Organization with that ODS code.
#[must_use]
pub fn organization(ods_code: &str) -> String {
    resource_id("organization", ods_code, &[])
}

/// A Location of HL7's PL type: facility (ODS code), ward, bay, bed. A ward has neither bay nor bed, a bay no
/// bed: give the empty string for what is missing.
#[must_use]
pub fn location(facility: &str, ward: &str, bay: &str, bed: &str) -> String {
    resource_id("location", facility, &[ward, bay, bed])
}

/// The Patient known to `authority` (the assigning authority of PID-3, otherwise the sending facility) by a
/// local number.
#[must_use]
pub fn patient(authority: &str, local_number: &str) -> String {
    resource_id("patient", authority, &[local_number])
}

/// The Encounter known to `facility` by a visit number (PV1-19).
#[must_use]
pub fn encounter(facility: &str, visit_number: &str) -> String {
    resource_id("encounter", facility, &[visit_number])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespace_is_the_documented_one() {
        assert_eq!(NAMESPACE, Uuid::new_v5(&Uuid::NAMESPACE_URL, b"https://bevan.example/identity"));
    }

    /// Expected ids were computed outside this program, with the UUID library of another language.
    #[test]
    fn derives_the_same_ids_everywhere() {
        assert_eq!(organization("ZA1"), "32e99b0c-13be-5219-841d-221e7d55c021");
        assert_eq!(location("ZA101", "W01", "", ""), "94062fe5-393b-53b0-b762-475c7aec6311");
        assert_eq!(location("ZA101", "W01", "B1", "01"), "79a2745b-99d5-5d94-a00a-d955fb9f5e72");
        assert_eq!(location("ZA101", "W|1", "", ""), "56a628f5-5b11-5c5c-8834-73ba110b5559");
        assert_eq!(patient("ZA1", "1000001"), "f9bb278f-bdaa-5fc6-8848-4d788d9f0937");
        assert_eq!(encounter("ZA1", "V1"), "a5544c96-7405-5b12-8768-4538525cb074");
    }

    #[test]
    fn different_parts_never_run_together() {
        assert_ne!(resource_id("a", "b|c", &["d"]), resource_id("a", "b", &["c|d"]));
        assert_ne!(resource_id("a", "b\\", &["d"]), resource_id("a", "b", &["\\d"]));
        assert_eq!(resource_id("a", " b ", &["d "]), resource_id("a", "b", &["d"]));
    }
}
