//! Which senders are bound to which facility. Without TLS client certificates this is a guard against mix-ups, not
//! against an attacker inside the network.

use hl7v2::Message;
use std::net::IpAddr;

/// Who may send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Senders {
    /// Anybody who can connect.
    Any,
    /// The listed senders.
    Only(Vec<Sender>),
}

/// One allowed sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Sending facility, MSH-4.1: an ODS code.
    pub facility: String,
    /// Sending application, MSH-3.1; any when absent.
    pub application: Option<String>,
    /// Address it must connect from; any when absent.
    pub address: Option<IpAddr>,
}

impl Senders {
    /// Whether this message may come from that address.
    #[must_use]
    pub fn allow(&self, message: &Message<'_>, from: IpAddr) -> bool {
        let Self::Only(senders) = self else { return true };
        let (application, facility) = (message.header(3).text(), message.header(4).text());
        senders.iter().any(|sender| {
            facility.as_deref() == Some(sender.facility.as_str())
                && sender.application.as_deref().is_none_or(|name| application.as_deref() == Some(name))
                && sender.address.is_none_or(|address| address == from.to_canonical())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binds_sender_to_facility_and_address() {
        let bytes = b"MSH|^~\\&|PAS|RX1^2.16^ISO|B|B|1||ADT^A01|1|P|2.4";
        let message = Message::parse(bytes).unwrap().message;
        let here = IpAddr::from([127, 0, 0, 1]);
        let only = |facility: &str, application: Option<&str>, address| {
            let sender =
                Sender { facility: facility.into(), application: application.map(Into::into), address };
            Senders::Only(vec![sender]).allow(&message, here)
        };
        assert!(Senders::Any.allow(&message, here));
        assert!(only("RX1", None, None));
        assert!(only("RX1", Some("PAS"), Some(here)));
        assert!(!only("RX2", None, None));
        assert!(!only("RX1", Some("LAB"), None));
        assert!(!only("RX1", None, Some(IpAddr::from([10, 0, 0, 1]))));
    }
}
