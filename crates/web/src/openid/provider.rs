//! The login service as it describes itself: its addresses and its keys (OpenID Connect Discovery 1.0). What it says is held
//! against what we were told: the issuer's name, and encrypted connections only.

use super::SignInFault;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use serde_json::Value;

/// Where the login service answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Where a person signs in.
    pub authorization: String,
    /// Where a code becomes tokens.
    pub token: String,
    /// Where it says who signed in.
    pub userinfo: String,
    /// Where its public keys are.
    pub keys: String,
}

/// The login service.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its addresses.
    pub endpoints: Endpoints,
    /// Its public keys.
    pub keys: JwkSet,
}

/// The address of a service's description of itself.
pub fn description(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// Reads the description.
pub fn endpoints(issuer: &str, said: &Value) -> Result<Endpoints, SignInFault> {
    let text = |name: &str| {
        let value = said.get(name).and_then(Value::as_str);
        value
            .map(str::to_owned)
            .ok_or_else(|| SignInFault::Unreachable(format!("it does not say its {name}")))
    };
    if text("issuer")? != issuer {
        return Err(SignInFault::Registration("it calls itself by another name than its issuer".into()));
    }
    let address = |name: &str| {
        let url = text(name)?;
        if is_fit(&url) {
            Ok(url)
        } else {
            Err(SignInFault::Registration(format!("its {name} is not an https address")))
        }
    };
    Ok(Endpoints {
        authorization: address("authorization_endpoint")?,
        token: address("token_endpoint")?,
        userinfo: address("userinfo_endpoint")?,
        keys: address("jwks_uri")?,
    })
}

/// Reads the keys. Those of another kind than RSA can sign nothing for us and are left out.
pub fn keys(said: &Value) -> Result<JwkSet, SignInFault> {
    let listed = said.get("keys").and_then(Value::as_array);
    let listed = listed.ok_or_else(|| SignInFault::Unreachable("it lists no keys".into()))?;
    let read = |key: &Value| serde_json::from_value::<Jwk>(key.clone()).ok();
    let is_rsa = |key: &Jwk| matches!(key.algorithm, AlgorithmParameters::RSA(_));
    Ok(JwkSet { keys: listed.iter().filter_map(read).filter(is_rsa).collect() })
}

/// Whether an address is encrypted, or of this machine.
pub fn is_fit(url: &str) -> bool {
    let loopback = |host: &str| {
        let after = url.strip_prefix(host);
        after.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    };
    url.starts_with("https://") || loopback("http://127.0.0.1") || loopback("http://localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said() -> Value {
        json!({
            "issuer": "https://login.example",
            "authorization_endpoint": "https://login.example/a",
            "token_endpoint": "https://login.example/t",
            "userinfo_endpoint": "https://login.example/u",
            "jwks_uri": "https://login.example/k",
        })
    }

    #[test]
    fn the_description_is_held_against_the_issuer() {
        assert_eq!(endpoints("https://login.example", &said()).unwrap().token, "https://login.example/t");
        assert!(endpoints("https://login.example/", &said()).is_err());
        let mut plain = said();
        plain["token_endpoint"] = json!("http://login.example/t");
        assert!(endpoints("https://login.example", &plain).is_err());
        assert!(endpoints("https://login.example", &json!({"issuer": "https://login.example"})).is_err());
    }

    #[test]
    fn only_this_machine_may_be_unencrypted() {
        for url in ["https://a", "http://127.0.0.1:9000/x", "http://localhost/x"] {
            assert!(is_fit(url), "{url}");
        }
        for url in ["http://a", "http://127.0.0.1.evil/x", "http://localhost.evil", "ftp://a", ""] {
            assert!(!is_fit(url), "{url}");
        }
    }

    #[test]
    fn keys_of_other_kinds_are_left_out() {
        let rsa = json!({"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"});
        let set = keys(&json!({"keys": [{"kty": "new-kind"}, rsa]})).unwrap();
        assert_eq!(set.keys.len(), 1);
        assert!(keys(&json!({})).is_err());
    }
}
