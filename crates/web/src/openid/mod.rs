//! Signing in with a national login: OpenID Connect's code flow as the relying party, as strict as NHS login asks for.
//!
//! PKCE with S256, `private_key_jwt` and nothing else, id tokens signed with RS512 and nothing else, the vector of trust
//! (RFC 8485) asked for in `vtr` and checked again in `vot`. Tokens are used once, in memory, and never reach the browser
//! or the disk. The protocol's rules are pure (`request`, `assertion`, `token`); `transport` alone speaks to the network.
//!
//! OpenID Connect Core 1.0 §3.1 (<https://openid.net/specs/openid-connect-core-1_0.html>), RFC 7523, RFC 7636, RFC 8485.

mod assertion;
mod party;
mod proof;
mod provider;
mod request;
#[cfg(test)]
mod test_keys;
mod token;
mod transport;
mod vector;

pub use party::{Party, Registration};
pub use proof::Proof;
pub use request::Attempt;
pub use vector::Asked;

/// Why somebody could not sign in with the national login.
#[derive(Debug, thiserror::Error)]
pub enum SignInFault {
    /// The login service does not answer, or not in a form that can be read.
    #[error("the login service cannot be reached: {0}")]
    Unreachable(String),
    /// The login service says no, with its code.
    #[error("the login service refused: {0}")]
    Refused(String),
    /// What the login service sent does not hold: nobody is signed in by it.
    #[error("what the login service sent does not hold: {0}")]
    Untrue(#[from] token::Fault),
    /// The registration with the login service is wrong: its key, or its addresses.
    #[error("the registration with the login service is wrong: {0}")]
    Registration(String),
}
