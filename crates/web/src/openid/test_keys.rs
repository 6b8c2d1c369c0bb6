//! Keys and tokens that tests make for themselves.

use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key that was never anywhere else.
pub struct TestKey(KeyPair);

impl TestKey {
    /// A new one of 2,048 bits.
    pub fn generate() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// The public key as a login service lists it.
    pub fn public(&self, id: &str) -> Value {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.0.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS512", "kid": id,
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A token whose secret is the public key: what a checker that believes the token's algorithm takes.
    pub fn with_public_key_as_secret(&self, head: &Value, claims: &Value) -> String {
        let unsigned = unsigned(head, claims);
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA512, self.0.public_key().as_ref());
        let tag = aws_lc_rs::hmac::sign(&secret, unsigned.as_bytes());
        format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(tag))
    }
}

fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(head), part(claims))
}

/// A token with any head, signed with RS512 whatever the head says.
pub fn signed(key: &TestKey, head: &Value, claims: &Value) -> String {
    let unsigned = unsigned(head, claims);
    let mut signature = vec![0; key.0.public_modulus_len()];
    let random = aws_lc_rs::rand::SystemRandom::new();
    let how = &aws_lc_rs::signature::RSA_PKCS1_SHA512;
    key.0.sign(how, &random, unsigned.as_bytes(), &mut signature).unwrap();
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))
}
