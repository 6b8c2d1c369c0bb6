//! Who signed in, as the login service proved it.

use crate::session::{Level, hash};
use serde_json::Value;

/// What is known of whoever signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The login service's name for the person.
    pub subject: String,
    /// How well they proved who they are.
    pub level: Level,
    /// Their NHS number, from P5 on.
    pub nhs_number: Option<String>,
    /// Their date of birth, `YYYY-MM-DD`, from P5 on.
    pub birth_date: Option<String>,
}

impl Proof {
    /// Reads what the userinfo endpoint said; `None` when it speaks of somebody else. A level that userinfo states lower
    /// than the token's counts.
    pub fn of(subject: &str, level: Level, said: &Value) -> Option<Self> {
        let text = |name: &str| said.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("sub") != Some(subject) {
            return None;
        }
        let stated = match text("identity_proofing_level") {
            Some("P9") | None => Level::P9,
            Some("P5") => Level::P5,
            Some(_) => Level::P0,
        };
        let level = level.min(stated);
        let proven = |name: &str| text(name).filter(|_| level > Level::P0).map(str::to_owned);
        Some(Self {
            subject: subject.to_owned(),
            level,
            nhs_number: proven("nhs_number"),
            birth_date: proven("birthdate"),
        })
    }

    /// A reference for somebody who is no patient of ours: says nothing of who they are elsewhere.
    pub fn reference(&self) -> String {
        hash(&format!("login\0{}", self.subject)).chars().take(32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn userinfo_of_somebody_else_is_nothing() {
        let said = json!({"sub": "other", "nhs_number": "9990000026"});
        assert_eq!(Proof::of("me", Level::P9, &said), None);
        assert_eq!(Proof::of("me", Level::P9, &json!({})), None);
    }

    #[test]
    fn the_lower_level_counts() {
        let said = json!({"sub": "me", "nhs_number": "9990000026", "identity_proofing_level": "P5"});
        let proof = Proof::of("me", Level::P9, &said).unwrap();
        assert_eq!((proof.level, proof.nhs_number.as_deref()), (Level::P5, Some("9990000026")));
        let proof = Proof::of("me", Level::P0, &said).unwrap();
        assert_eq!((proof.level, proof.nhs_number), (Level::P0, None));
    }
}
