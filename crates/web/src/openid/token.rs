//! The id token: what must hold before anybody is signed in by it (OpenID Connect Core §3.1.3.7). Pure: the time and the
//! keys are given. Every reason to refuse has its own name, and none of them quotes the token.

use super::vector::Asked;
use crate::session::Level;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

/// Clocks may differ by this much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// A token is used at once: an older one was kept by somebody.
const AGE: SignedDuration = SignedDuration::from_mins(10);
/// Shorter keys can be broken: bytes of a modulus of 2,048 bits in base64url.
const MODULUS_LETTERS: usize = 342;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is no token.
    #[error("the id token cannot be read")]
    Unreadable,
    /// It is not signed with RS512.
    #[error("the id token is not signed with RS512")]
    Algorithm,
    /// Its key is not among the login service's.
    #[error("the id token's key is unknown")]
    UnknownKey,
    /// Its key is of another kind, for another purpose, or too short.
    #[error("the id token's key is not fit for it")]
    Key,
    /// The signature does not hold.
    #[error("the id token's signature does not hold")]
    Signature,
    /// Another service issued it.
    #[error("the id token is of another issuer")]
    Issuer,
    /// It was issued for somebody else.
    #[error("the id token is for another client")]
    Audience,
    /// It has ended, or was issued too long ago.
    #[error("the id token has ended")]
    Ended,
    /// It is of the future.
    #[error("the id token is not yet valid")]
    Early,
    /// It belongs to another attempt.
    #[error("the id token belongs to another attempt")]
    Nonce,
    /// Less was proved than was asked for.
    #[error("the id token proves less than was asked for")]
    Vector,
    /// Userinfo speaks of somebody else.
    #[error("userinfo speaks of somebody else")]
    Subject,
}

/// What a token is held against.
pub struct Expected<'a> {
    /// The login service.
    pub issuer: &'a str,
    /// Our name there.
    pub client: &'a str,
    /// The attempt's nonce.
    pub nonce: &'a str,
    /// What the attempt asked for.
    pub asked: Asked,
    /// The time.
    pub now: Timestamp,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    vot: Option<String>,
}

/// Who the token says signed in, and how well they proved it.
pub fn check(token: &str, keys: &JwkSet, expected: &Expected<'_>) -> Result<(String, Level), Fault> {
    let header = decode_header(token).map_err(|_| Fault::Unreadable)?;
    // The algorithm is ours to say, never the token's: this is what stops `none` and keys used as secrets.
    if header.alg != Algorithm::RS512 {
        return Err(Fault::Algorithm);
    }
    let id = header.kid.as_deref().ok_or(Fault::UnknownKey)?;
    let key = fit(keys.find(id).ok_or(Fault::UnknownKey)?)?;
    let claims = decode::<Claims>(token, &key, &signature_alone()).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => Fault::Signature,
        _ => Fault::Unreadable,
    })?;
    hold(&claims.claims, expected)
}

/// The signature is checked there, everything else here, against the time that is given.
fn signature_alone() -> Validation {
    let mut validation = Validation::new(Algorithm::RS512);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    validation
}

fn fit(key: &Jwk) -> Result<DecodingKey, Fault> {
    use jsonwebtoken::jwk::PublicKeyUse;
    let AlgorithmParameters::RSA(rsa) = &key.algorithm else { return Err(Fault::Key) };
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let names = key.common.key_algorithm.is_none_or(|named| named.to_string() == "RS512");
    if !signs || !names || rsa.n.trim_end_matches('=').len() < MODULUS_LETTERS {
        return Err(Fault::Key);
    }
    DecodingKey::from_jwk(key).map_err(|_| Fault::Key)
}

fn hold(claims: &Claims, expected: &Expected<'_>) -> Result<(String, Level), Fault> {
    if claims.iss != expected.issuer {
        return Err(Fault::Issuer);
    }
    let ours = match &claims.aud {
        Audience::One(one) => one == expected.client,
        Audience::Many(many) => many.len() == 1 && many.iter().any(|one| one == expected.client),
    };
    if !ours || claims.azp.as_deref().is_some_and(|party| party != expected.client) {
        return Err(Fault::Audience);
    }
    let now = expected.now.as_second();
    let (leeway, age) = (LEEWAY.as_secs(), AGE.as_secs());
    if claims.exp <= now - leeway || claims.iat < now - age {
        return Err(Fault::Ended);
    }
    if claims.iat > now + leeway || claims.nbf.is_some_and(|from| from > now + leeway) {
        return Err(Fault::Early);
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Fault::Nonce);
    }
    let level = claims.vot.as_deref().and_then(|vot| expected.asked.level(vot)).ok_or(Fault::Vector)?;
    if claims.sub.is_empty() {
        return Err(Fault::Unreadable);
    }
    Ok((claims.sub.clone(), level))
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
