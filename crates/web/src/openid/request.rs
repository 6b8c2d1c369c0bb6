//! The way to the login service: one attempt to sign in, and the address that begins it. Pure.

use super::provider::Endpoints;
use super::vector::Asked;
use crate::pages::address;
use crate::session::fresh_id;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use care::Entropy;

/// One attempt, kept on the server while the person is at the login service. Only `state` and `nonce` travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Ties the answer to this attempt.
    pub state: String,
    /// Ties the id token to this attempt.
    pub nonce: String,
    /// Shows to the token endpoint that we began it (PKCE, RFC 7636).
    pub verifier: String,
    /// What was asked for.
    pub asked: Asked,
    /// What ties the attempt to the browser it began in.
    pub browser: String,
    /// The address to come back to; empty for the person's first page.
    pub next: String,
}

impl Attempt {
    /// A new attempt.
    pub fn new(entropy: &dyn Entropy, asked: Asked, browser: &str, next: &str) -> Self {
        Self {
            state: fresh_id(entropy),
            nonce: fresh_id(entropy),
            verifier: fresh_id(entropy),
            asked,
            browser: browser.to_owned(),
            next: next.to_owned(),
        }
    }

    /// As lines, for the row that keeps it. None of them holds a line break.
    pub fn lines(&self) -> String {
        [&self.nonce, &self.verifier, self.asked.word(), &self.browser, &self.next].join("\n")
    }

    /// From its lines.
    pub fn of_lines(state: &str, lines: &str) -> Option<Self> {
        let mut parts = lines.split('\n').map(str::to_owned);
        Some(Self {
            state: state.to_owned(),
            nonce: parts.next()?,
            verifier: parts.next()?,
            asked: Asked::of_word(&parts.next()?)?,
            browser: parts.next()?,
            next: parts.next()?,
        })
    }
}

/// The address that begins an attempt at the login service.
pub fn address_of(endpoints: &Endpoints, client: &str, redirect: &str, attempt: &Attempt) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, attempt.verifier.as_bytes()));
    let vtr = attempt.asked.vtr();
    let pairs = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect),
        ("scope", "openid profile"),
        ("state", &attempt.state),
        ("nonce", &attempt.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("vtr", &vtr),
    ];
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", address(value))).collect();
    let joint = if endpoints.authorization.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", endpoints.authorization, query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt {
            state: "s".into(),
            nonce: "n".into(),
            // The example of RFC 7636, appendix B.
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            asked: Asked::Proven,
            browser: "b".into(),
            next: String::new(),
        }
    }

    #[test]
    fn the_address_asks_for_what_it_should() {
        let endpoints =
            Endpoints { authorization: "https://login.example/authorize".into(), ..Endpoints::default() };
        let url = address_of(&endpoints, "bevan", "https://here.example/sign-in/return", &attempt());
        assert_eq!(
            url,
            "https://login.example/authorize?response_type=code&client_id=bevan\
             &redirect_uri=https%3A%2F%2Fhere.example%2Fsign-in%2Freturn&scope=openid%20profile&state=s&nonce=n\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &vtr=%5B%22P9.Cp.Cd%22%2C%22P9.Cp.Ck%22%2C%22P9.Cm%22%5D"
        );
        assert!(!url.contains("dBjft"), "the verifier does not travel");
    }

    #[test]
    fn an_attempt_survives_its_row() {
        let attempt = attempt();
        assert_eq!(Attempt::of_lines("s", &attempt.lines()), Some(attempt));
        assert_eq!(Attempt::of_lines("s", "only\nthree\nlines"), None);
    }
}
