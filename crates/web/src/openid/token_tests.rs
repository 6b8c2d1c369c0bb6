//! Tokens that must be refused, each for its reason, beside the one that holds.

use super::*;
use crate::openid::test_keys::{TestKey, signed};
use serde_json::{Value, json};
use std::sync::OnceLock;

const NOW: i64 = 1_790_000_000;

struct Keys {
    ours: TestKey,
    other: TestKey,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys { ours: TestKey::generate(), other: TestKey::generate() })
}

fn good() -> Value {
    json!({
        "iss": "https://login.example", "sub": "person", "aud": "bevan", "exp": NOW + 300, "iat": NOW - 1,
        "nonce": "n-1", "vot": "P9.Cp.Cd", "vtm": "https://login.example/trustmark",
    })
}

fn set(changes: Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn head() -> Value {
    json!({"alg": "RS512", "typ": "JWT", "kid": "k1"})
}

fn checked(token: &str) -> Result<(String, Level), Fault> {
    let listed = json!({"keys": [keys().ours.public("k1"), keys().other.public("k2")]});
    let keys = crate::openid::provider::keys(&listed).unwrap();
    let expected = Expected {
        issuer: "https://login.example",
        client: "bevan",
        nonce: "n-1",
        asked: Asked::Proven,
        now: Timestamp::from_second(NOW).unwrap(),
    };
    check(token, &keys, &expected)
}

#[test]
fn the_true_token_holds() {
    let token = signed(&keys().ours, &head(), &good());
    assert_eq!(checked(&token), Ok(("person".to_owned(), Level::P9)));
    let one = signed(&keys().ours, &head(), &set(json!({"aud": ["bevan"], "azp": "bevan"})));
    assert!(checked(&one).is_ok());
}

#[test]
fn false_claims_are_refused_each_for_its_reason() {
    let cases = [
        (json!({"iss": "https://login.example.evil"}), Fault::Issuer),
        (json!({"iss": "https://login.example/"}), Fault::Issuer),
        (json!({"iss": null}), Fault::Unreadable),
        (json!({"iss": 7}), Fault::Unreadable),
        (json!({"aud": "other"}), Fault::Audience),
        (json!({"aud": ["bevan", "other"]}), Fault::Audience),
        (json!({"aud": []}), Fault::Audience),
        (json!({"aud": null}), Fault::Unreadable),
        (json!({"azp": "other"}), Fault::Audience),
        (json!({"exp": NOW - 61}), Fault::Ended),
        (json!({"exp": null}), Fault::Unreadable),
        (json!({"exp": "tomorrow"}), Fault::Unreadable),
        (json!({"iat": NOW - 601}), Fault::Ended),
        (json!({"iat": null}), Fault::Unreadable),
        (json!({"iat": NOW + 61}), Fault::Early),
        (json!({"nbf": NOW + 61}), Fault::Early),
        (json!({"nonce": "n-2"}), Fault::Nonce),
        (json!({"nonce": ""}), Fault::Nonce),
        (json!({"nonce": null}), Fault::Nonce),
        (json!({"vot": null}), Fault::Vector),
        (json!({"vot": "P5.Cp.Cd"}), Fault::Vector),
        (json!({"vot": "P0.Cp"}), Fault::Vector),
        (json!({"vot": "P9.Cp"}), Fault::Vector),
        (json!({"vot": "P9.Cp.Cd.Cx"}), Fault::Vector),
        (json!({"vot": ["P9.Cp.Cd"]}), Fault::Unreadable),
        (json!({"sub": ""}), Fault::Unreadable),
        (json!({"sub": null}), Fault::Unreadable),
    ];
    for (change, fault) in cases {
        let token = signed(&keys().ours, &head(), &set(change.clone()));
        assert_eq!(checked(&token), Err(fault), "{change}");
    }
}

#[test]
fn false_signatures_are_refused() {
    let (ours, other) = (&keys().ours, &keys().other);
    let swap = |name: &str, value: Value| {
        let mut head = head();
        head[name] = value;
        head
    };
    let token = signed(ours, &head(), &good());
    let parts: Vec<&str> = token.split('.').collect();
    let elsewhere = signed(ours, &head(), &set(json!({"sub": "somebody-else"})));
    let other_claims = elsewhere.split('.').nth(1).unwrap();
    let cases = [
        (signed(other, &head(), &good()), Fault::Signature, "another key under our key's name"),
        (signed(ours, &swap("kid", json!("k2")), &good()), Fault::Signature, "our key under another's name"),
        (signed(ours, &swap("kid", json!("k3")), &good()), Fault::UnknownKey, "a key that is not listed"),
        (signed(ours, &json!({"alg": "RS512"}), &good()), Fault::UnknownKey, "no key named"),
        (signed(ours, &swap("alg", json!("none")), &good()), Fault::Unreadable, "alg none"),
        (signed(ours, &swap("alg", json!("RS256")), &good()), Fault::Algorithm, "RS256"),
        (signed(ours, &swap("alg", json!("PS512")), &good()), Fault::Algorithm, "PS512"),
        (ours.with_public_key_as_secret(&swap("alg", json!("HS512")), &good()), Fault::Algorithm, "HS512"),
        (format!("{}.{}.", parts[0], parts[1]), Fault::Signature, "no signature"),
        (format!("{}.{other_claims}.{}", parts[0], parts[2]), Fault::Signature, "other claims"),
        (format!("{}.{}", parts[0], parts[1]), Fault::Unreadable, "two parts"),
        (format!("{token}.x"), Fault::Unreadable, "five parts"),
        (String::new(), Fault::Unreadable, "nothing"),
        ("a.b.c".to_owned(), Fault::Unreadable, "letters"),
    ];
    for (token, fault, what) in cases {
        assert_eq!(checked(&token), Err(fault), "{what}");
    }
}

#[test]
fn keys_that_are_not_fit_are_refused() {
    let token = signed(&keys().ours, &head(), &good());
    let fault = |key: Value| {
        let keys = crate::openid::provider::keys(&json!({"keys": [key]})).unwrap();
        let expected = Expected {
            issuer: "https://login.example",
            client: "bevan",
            nonce: "n-1",
            asked: Asked::Proven,
            now: Timestamp::from_second(NOW).unwrap(),
        };
        check(&token, &keys, &expected).err()
    };
    let public = || keys().ours.public("k1");
    let with = |name: &str, value: Value| {
        let mut key = public();
        key[name] = value;
        key
    };
    assert_eq!(fault(public()), None);
    assert_eq!(fault(with("use", json!("enc"))), Some(Fault::Key));
    assert_eq!(fault(with("alg", json!("RS256"))), Some(Fault::Key));
    assert_eq!(fault(with("n", json!("AQAB"))), Some(Fault::Key), "a short modulus");
    assert_eq!(fault(json!({"kty": "oct", "kid": "k1", "k": "c2VjcmV0"})), Some(Fault::UnknownKey));
    assert_eq!(fault(json!({"kty": "new", "kid": "k1"})), Some(Fault::UnknownKey));
}
