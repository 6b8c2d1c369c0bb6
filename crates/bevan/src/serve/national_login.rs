//! The national login from its settings: files are read here, once, so that a missing key is found at the start.

use crate::config::{Config, ConfigError, outside};
use std::sync::Arc;
use web::openid::{Party, Registration};

/// The relying party, where the settings name a login service.
///
/// # Errors
/// [`ConfigError`] with the key.
pub fn party(config: &Config) -> Result<Option<Arc<Party>>, ConfigError> {
    let set = &config.sign_in;
    if !set.is_set() {
        return Ok(None);
    }
    let public = config.server.public_url.trim_end_matches('/');
    let base = if public.is_empty() { format!("http://{}", config.server.http) } else { public.to_owned() };
    let registration = Registration {
        issuer: set.issuer.clone(),
        client: set.client.clone(),
        key_id: set.key_id.clone(),
        key_pem: outside::file("sign_in.key", &set.key)?,
        redirect: format!("{base}/sign-in/return"),
        authorities_pem: outside::certificates("sign_in.authorities", &set.authorities)?,
    };
    let party = Party::new(registration);
    let party = party
        .map_err(|fault| ConfigError::Contradiction(format!("sign_in.issuer or sign_in.key: {fault}")))?;
    Ok(Some(Arc::new(party)))
}
