//! Absolute addresses of this server: the base, resources, and queries for `self` and `next`.

use axum::http::{HeaderMap, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Where the door is mounted.
pub const MOUNT: &str = "/fhir";

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

/// The decoded pairs of a query string or form; or the name, as it was sent, of one that is not UTF-8 underneath or has a
/// percent sign without two hexadecimal digits.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            decoded(name).zip(decoded(value)).ok_or_else(|| name.to_owned())
        })
        .collect()
}

fn decoded(text: &str) -> Option<String> {
    let whole =
        |after: &str| after.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if !text.split('%').skip(1).all(whole) || text.contains('\u{FFFD}') {
        return None;
    }
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).ok()
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
        assert_eq!(pairs(link.trim_start_matches('?')), Ok(given));
        assert_eq!(query(&[]), "");
        assert_eq!(pairs("a&b=1+2&"), Ok(vec![("a".into(), "".into()), ("b".into(), "1 2".into())]));
        assert_eq!(pairs("a=%25zz"), Ok(vec![("a".into(), "%zz".into())]));
    }

    #[test]
    fn what_is_not_percent_encoded_is_named() {
        for (query, name) in [
            ("a=%ff", "a"),
            ("a=1&family=%zz", "family"),
            ("a=1&b=%4", "b"),
            ("a=%", "a"),
            ("%g0=1", "%g0"),
            ("a=%+1", "a"),
        ] {
            assert_eq!(pairs(query), Err(name.to_owned()), "{query}");
        }
    }

    #[test]
    fn base_comes_from_host_or_configuration() {
        let host = |value: &str| HeaderMap::from_iter([(header::HOST, value.parse().unwrap())]);
        assert_eq!(base(None, &host("bevan.example:8080")), "http://bevan.example:8080/fhir");
        assert_eq!(base(None, &host("evil/\"><script>")), "http://localhost/fhir");
        assert_eq!(base(Some("https://x.example/fhir/"), &host("y")), "https://x.example/fhir");
    }
}
