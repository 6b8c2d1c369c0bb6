//! Where a person can be reached now, from their Patient resource, and the order of the channels. Pure.

use crate::profile::Channel;
use crate::profile::contacts::{email, in_force, mobile};
use fhir::json::Value;

impl Channel {
    /// Every channel, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::App, Self::Email, Self::Text, Self::Letter];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Email => "email",
            Self::Text => "sms",
            Self::Letter => "letter",
        }
    }

    /// The channel of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Where a person can be reached now: addresses in force, the first of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// An email address.
    pub email: Option<String>,
    /// The number of a mobile phone.
    pub mobile: Option<String>,
    /// Whether there is a postal address.
    pub postal: bool,
}

impl Reach {
    /// What a Patient resource says on a day (`2026-11-22`).
    pub fn of(patient: &Value, today: &str) -> Self {
        Self {
            email: email(patient, today).map(str::to_owned),
            mobile: mobile(patient, today).map(str::to_owned),
            postal: patient.items("address").iter().any(|one| in_force(one, today)),
        }
    }

    /// Whether a channel leads anywhere. The inbox always does.
    pub fn by(&self, channel: Channel) -> bool {
        match channel {
            Channel::App => true,
            Channel::Email => self.email.is_some(),
            Channel::Text => self.mobile.is_some(),
            Channel::Letter => self.postal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_ended_reach_nobody() {
        let patient = fhir::json::parse(
            br#"{"telecom":[{"system":"email","value":"old@example.org","period":{"end":"2022-12-31"}},
                {"system":"phone","value":"01632 960587","use":"home"},{"system":"phone","value":"07700 900123"}],
                "address":[{"use":"old"}]}"#,
            &fhir::json::Limits::default(),
        )
        .unwrap();
        let reach = Reach::of(&patient, "2026-11-22");
        assert_eq!(reach, Reach { email: None, mobile: Some("07700 900123".into()), postal: false });
        assert_eq!(Reach::of(&patient, "2022-12-31").email.as_deref(), Some("old@example.org"));
    }
}
