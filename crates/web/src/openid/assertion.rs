//! How we show the login service who we are: a token signed with our private key (`private_key_jwt`, RFC 7523 §2.2). There
//! is no client secret.

use super::SignInFault;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

/// An assertion holds this long: a clock may be a little off, a copy is soon worthless.
const HOLDS: SignedDuration = SignedDuration::from_mins(3);

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: &'a str,
    iat: i64,
    exp: i64,
}

/// The key that signs assertions.
pub struct SigningKey {
    /// The key.
    pub key: EncodingKey,
    /// Its name at the login service.
    pub id: String,
}

/// An assertion for one call. `jti` is new for each.
pub fn sign(
    key: &SigningKey,
    client: &str,
    audience: &str,
    jti: &str,
    now: Timestamp,
) -> Result<String, SignInFault> {
    let header =
        Header { kid: Some(key.id.clone()).filter(|id| !id.is_empty()), ..Header::new(Algorithm::RS512) };
    let at = now.as_second();
    let claims = Claims { iss: client, sub: client, aud: audience, jti, iat: at, exp: at + HOLDS.as_secs() };
    encode(&header, &claims, &key.key).map_err(|error| SignInFault::Registration(error.to_string()))
}
