//! The protocols that scans are told apart by, and how much of their time in sequence software is assumed to leave.
//!
//! The shares are a start and no measurement. 70 % follows the only general figure at hand: "up to 30 % shorter for some scans"
//! (House of Lords, written answer HL10079). Where breath, heartbeat or contrast sets the time, nothing is assumed to be won.

use fhir::json::Value;

/// The code system of protocols.
pub const SYSTEM: &str = "https://bevan.example/CodeSystem/mr-protocol";

/// One protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Per cent of the time in sequence that is left with acceleration, until somebody says otherwise; 100 is not accelerated.
    pub share: u32,
    /// Why it is not accelerated, where it is not.
    pub why: Option<&'static str>,
}

const fn faster(code: &'static str, name: &'static str) -> Protocol {
    Protocol { code, name, share: 70, why: None }
}

const fn same(code: &'static str, name: &'static str, why: &'static str) -> Protocol {
    Protocol { code, name, share: 100, why: Some(why) }
}

/// Every protocol; the last stands for all that are not known.
pub const PROTOCOLS: &[Protocol] = &[
    faster("head", "Head"),
    faster("lumbar-spine", "Lumbar spine"),
    faster("whole-spine", "Whole spine"),
    faster("knee", "Knee"),
    faster("shoulder", "Shoulder"),
    faster("hip-and-pelvis", "Hip and pelvis"),
    faster("prostate", "Prostate"),
    same("liver", "Liver", "breath-holds and contrast set its time"),
    same("heart", "Heart", "the heartbeat sets its time"),
    same("vessels", "Blood vessels", "the passage of contrast sets its time"),
    same("other", "Other or not stated", "nothing is known of its sequences"),
];

/// Where the protocol of an order stands in [`PROTOCOLS`].
pub(super) fn of_order(order: &Value) -> usize {
    let codings = order.get("code").into_iter().flat_map(|code| code.items("coding"));
    let own = codings.filter(|coding| coding.text_at(&["system"]) == Some(SYSTEM));
    let known = own.filter_map(|coding| coding.text_at(&["code"])).find_map(of_code);
    known.unwrap_or(PROTOCOLS.len().saturating_sub(1))
}

/// Where a code stands.
pub(super) fn of_code(code: &str) -> Option<usize> {
    PROTOCOLS.iter().position(|one| one.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_other_and_is_not_accelerated() {
        let order = |code: &str| {
            let text = format!(r#"{{"code":{{"coding":[{code}]}}}}"#);
            of_order(&fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap())
        };
        let ours = |code: &str| format!(r#"{{"system":"{SYSTEM}","code":"{code}"}}"#);
        assert_eq!(PROTOCOLS[order(&ours("knee"))].code, "knee");
        for other in [ours("elbow"), r#"{"system":"urn:else","code":"knee"}"#.into(), String::new()] {
            let found = PROTOCOLS[order(&other)];
            assert_eq!((found.code, found.share), ("other", 100), "{other}");
        }
        assert!(PROTOCOLS.iter().all(|one| (one.share == 100) == one.why.is_some()));
    }
}
