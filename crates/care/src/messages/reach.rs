//! Where a person can be reached now, from their Patient resource, and the order of the channels. Pure.

use crate::profile::Channel;
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
        let in_force = |one: &&Value| {
            let old = one.text_at(&["use"]) == Some("old");
            let ended =
                one.text_at(&["period", "end"]).is_some_and(|end| end.get(..10).unwrap_or(end) < today);
            !old && !ended
        };
        let first = |fits: &dyn Fn(&Value) -> bool| {
            let found = patient.items("telecom").iter().filter(in_force).find(|one| fits(one));
            found.and_then(|one| one.text_at(&["value"])).map(str::to_owned)
        };
        let is_email = |one: &Value| one.text_at(&["system"]) == Some("email");
        let is_mobile = |one: &Value| {
            let phone = matches!(one.text_at(&["system"]), Some("phone" | "sms"));
            let number: String =
                one.text_at(&["value"]).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
            phone
                && (one.text_at(&["use"]) == Some("mobile")
                    || number.starts_with("07")
                    || number.starts_with("+447"))
        };
        let email = first(&is_email).filter(|one| one.contains('@'));
        let postal = patient.items("address").iter().any(|one| in_force(&one));
        Self { email, mobile: first(&is_mobile), postal }
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
