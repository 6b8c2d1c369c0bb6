//! Who is behind a bearer token at the FHIR door. Without demo mode no token is known: real clients come with SMART
//! backend services, which is a slice of its own.

use crate::demo_people::Demo;
use interop::fhir::Authenticate;
use store::{Actor, Purpose, Role, Scopes};

/// The demo tokens, or none.
pub struct Tokens(Option<Demo>);

impl Tokens {
    /// Knows the demo tokens of these people; none without demo mode.
    pub fn new(demo: Option<Demo>) -> Self {
        Self(demo)
    }
}

impl Authenticate for Tokens {
    fn actor(&self, bearer: Option<&str>) -> Option<Actor> {
        let demo = self.0.as_ref()?;
        match bearer? {
            "demo-system" => Some(Actor {
                id: "Device/demo-system".into(),
                name: "Demo backend client".into(),
                role: Role::Backend { scopes: Scopes::everything() },
                organisation: demo.organisation(),
                purpose: Purpose::Treat,
                trace: "".into(),
                via: None,
                behalf: None,
            }),
            "demo-ward" => demo.ward_manager(),
            "demo-patient" => demo.patient(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_demo_mode_every_token_is_unknown() {
        let tokens = Tokens::new(None);
        for token in ["demo-system", "demo-ward", "demo-patient", "", "anything"] {
            assert!(tokens.actor(Some(token)).is_none(), "{token}");
        }
        assert!(tokens.actor(None).is_none());
    }
}
