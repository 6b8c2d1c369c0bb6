//! What settings name outside of the configuration: addresses of others, and files with keys, secrets and certificates. A
//! refusal names the key, so that whoever wrote the file knows which line is meant; it never shows what a file holds, nor what
//! of an address may be a secret.

use super::ConfigError;
use axum::http::Uri;
use std::path::Path;
use ureq::tls::{PemItem, parse_pem};

/// What a file holds; it must be there and hold something.
///
/// # Errors
/// [`ConfigError::File`] with the key.
pub fn file(key: &str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    let refuse = |reason: String| ConfigError::File { key: key.to_owned(), path: path.to_path_buf(), reason };
    let bytes = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
    if bytes.trim_ascii().is_empty() { Err(refuse(String::from("it is empty"))) } else { Ok(bytes) }
}

/// A secret of one line, without the line's end.
///
/// # Errors
/// [`ConfigError::File`] with the key.
pub fn secret(key: &str, path: &Path) -> Result<String, ConfigError> {
    let refuse = || ConfigError::File {
        key: key.to_owned(),
        path: path.to_path_buf(),
        reason: String::from("it is not one line of text"),
    };
    let text = String::from_utf8(file(key, path)?).map_err(|_| refuse())?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.contains(['\r', '\n']) { Err(refuse()) } else { Ok(text.to_owned()) }
}

/// A file with certificates in PEM, of which there is one at least: with none, nobody would ever be trusted.
///
/// # Errors
/// [`ConfigError::File`] with the key.
pub fn certificates(key: &str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    let bytes = file(key, path)?;
    if parse_pem(&bytes).any(|item| matches!(item, Ok(PemItem::Certificate(_)))) {
        return Ok(bytes);
    }
    let reason = String::from("it holds no certificate in PEM");
    Err(ConfigError::File { key: key.to_owned(), path: path.to_path_buf(), reason })
}

/// The address of a site or a service: `https://health.example`, with a path or without.
///
/// # Errors
/// [`ConfigError::Contradiction`] with the key.
pub fn web_address(key: &str, address: &str) -> Result<Uri, ConfigError> {
    let uri = address.parse::<Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.authority().is_some_and(|authority| {
                let port = authority.as_str().strip_prefix(authority.host());
                port == Some("") || (port.is_some() && uri.port_u16().is_some())
            })
            && uri.query().is_none()
            && !address.contains('#')
    });
    uri.ok_or_else(|| {
        let is = match address.contains('@') {
            true => String::from("holds a name or a password"),
            false => format!("is {:?}", shown(address)),
        };
        ConfigError::Contradiction(format!("{key} {is}: https://… or http://…"))
    })
}

/// An address as it may be printed: without what follows its path.
fn shown(address: &str) -> String {
    let path = address.find(['?', '#']).and_then(|end| address.get(..=end));
    path.map_or(address.to_owned(), |path| format!("{path}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web() {
        for right in
            ["https://health.example", "http://10.0.0.1:8080/", "https://h.example/fhir", "http://[::1]:80"]
        {
            assert!(web_address("key", right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "health.example",
            "javascript:alert(1)",
            "ftp://h.example",
            "https://",
            "https://h.example:99999",
            "https://a b",
            "https://h.example/?x=1",
            "https://h.example/#x",
            "https://u:p@h.example",
            "file:///etc/passwd",
        ] {
            let error = web_address("server.public_url", wrong).unwrap_err().to_string();
            assert!(error.contains("server.public_url"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_refused_address_is_shown_without_what_may_be_secret() {
        for (address, shown) in [
            ("https://u:Canary@h.example", "holds a name or a password"),
            ("https://u:Canary?Canary/@h.example/fhir", "holds a name or a password"),
            ("https://h.example/?token=Canary", "is \"https://h.example/?…\""),
            ("https://h.example/#Canary", "is \"https://h.example/#…\""),
            ("health.example", "is \"health.example\""),
        ] {
            let error = web_address("server.public_url", address).unwrap_err().to_string();
            assert!(!error.contains("Canary") && error.contains(shown), "{error}");
        }
    }

    #[test]
    fn a_file_must_be_there_and_hold_what_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let said = |error: ConfigError| error.to_string();
        assert!(said(file("a.key", &path).unwrap_err()).starts_with("a.key: cannot read "));
        assert!(said(file("a.key", folder.path()).unwrap_err()).contains("a.key"));
        for (holds, secret_fits) in
            [("", false), (" \n", false), ("token\n", true), ("token", true), ("two\nlines\n", false)]
        {
            std::fs::write(&path, holds).unwrap();
            assert_eq!(
                secret("a.token_file", &path).ok().as_deref(),
                secret_fits.then_some("token"),
                "{holds:?}"
            );
            assert!(
                said(certificates("a.authorities", &path).unwrap_err()).contains("a.authorities"),
                "{holds:?}"
            );
        }
        std::fs::write(&path, [b'x', 0xff]).unwrap();
        assert!(secret("a.token_file", &path).is_err());
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&path, pem).unwrap();
        assert_eq!(certificates("a.authorities", &path).unwrap(), pem.as_bytes());
    }
}
