//! Absolute addresses of this server: the base, resources, and queries for `self` and `next`.

use axum::http::{HeaderMap, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where the door is mounted.
pub(super) const MOUNT: &str = "/fhir";

/// Stays readable in a query: what RFC 3986 leaves free there and no one splits on.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b',')
    .remove(b'$')
    .remove(b'*');

/// The base address: the configured one, or from `Host`. A malformed `Host` is not echoed.
pub(super) fn base(configured: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(configured) = configured {
        return configured.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let plain = |host: &&str| {
        !host.is_empty()
            && host.len() <= 255
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    format!("http://{}{MOUNT}", host.filter(plain).unwrap_or("localhost"))
}

/// A query string of the pairs, with its question mark; empty without pairs.
pub(super) fn query(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The decoded pairs of a query string or form. `None` when it is not UTF-8 underneath.
pub(super) fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).ok()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_survive_a_link() {
        let given = vec![
            ("name:exact".to_owned(), "O'Brien & Söhne+1|x".to_owned()),
            ("_id".to_owned(), String::new()),
        ];
        let link = query(&given);
        assert!(!link.contains('|') && !link.contains(' '), "{link}");
        assert_eq!(pairs(link.trim_start_matches('?')), Some(given));
        assert_eq!(query(&[]), "");
        assert_eq!(pairs("a=%ff"), None);
        assert_eq!(pairs("a&b=1+2&"), Some(vec![("a".into(), "".into()), ("b".into(), "1 2".into())]));
    }

    #[test]
    fn base_comes_from_host_or_configuration() {
        let host = |value: &str| HeaderMap::from_iter([(header::HOST, value.parse().unwrap())]);
        assert_eq!(base(None, &host("bevan.example:8080")), "http://bevan.example:8080/fhir");
        assert_eq!(base(None, &host("evil/\"><script>")), "http://localhost/fhir");
        assert_eq!(base(Some("https://x.example/fhir/"), &host("y")), "https://x.example/fhir");
    }
}
