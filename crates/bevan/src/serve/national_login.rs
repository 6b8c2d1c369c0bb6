//! The national login from its settings: files are read here, once, so that a missing key is found at the start.

use crate::config::Config;
use anyhow::{Context, Result};
use std::path::Path;
use std::sync::Arc;
use web::openid::{Party, Registration};

/// The relying party, where the settings name a login service.
pub fn party(config: &Config) -> Result<Option<Arc<Party>>> {
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
        key_pem: read(&set.key)?,
        redirect: format!("{base}/sign-in/return"),
        authorities_pem: read(&set.authorities)?,
    };
    Ok(Some(Arc::new(Party::new(registration)?)))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
