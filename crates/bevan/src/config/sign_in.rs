//! Registration with a national login.

use super::{ConfigError, outside};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The national login that patients use; an empty issuer means none.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// The login service's issuer, exactly as it names itself.
    pub issuer: String,
    /// Our client id there.
    pub client: String,
    /// The name of our public key there.
    pub key_id: String,
    /// File with our RSA private key in PEM.
    pub key: PathBuf,
    /// File with the certificates of the authorities we trust, in PEM.
    pub authorities: PathBuf,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client: String::new(),
            key_id: String::new(),
            key: PathBuf::new(),
            authorities: "/etc/ssl/certs/ca-certificates.crt".into(),
        }
    }
}

impl SignIn {
    /// Whether there is a national login.
    pub fn is_set(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// Checks that nothing is missing.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.is_set() {
            return Ok(());
        }
        let missing = |key: &str| {
            ConfigError::Contradiction(format!("sign_in.issuer is set, so sign_in.{key} must be set too"))
        };
        outside::web_address("sign_in.issuer", &self.issuer)?;
        if self.client.is_empty() {
            return Err(missing("client"));
        }
        if self.key.as_os_str().is_empty() {
            return Err(missing("key"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_whole_or_none() {
        assert!(SignIn::default().check().is_ok());
        let mut some = SignIn { issuer: "https://login.example".into(), ..SignIn::default() };
        assert!(some.check().is_err());
        some.client = "bevan".into();
        assert!(some.check().unwrap_err().to_string().contains("sign_in.key"));
        some.key = "key.pem".into();
        assert!(some.check().is_ok());
    }
}
