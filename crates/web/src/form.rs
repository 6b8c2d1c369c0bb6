//! Forms: reading what was sent, the token that shows that a form came from our own page, and the key that makes sending
//! it twice have one effect.
//!
//! The token is derived from a cookie that other sites cannot read, so nothing needs to be kept for it. A POST must
//! carry it and must come from our own origin (security rules, section 6).

use crate::planted::{Bug, planted};
use crate::session::hash;
use crate::visit::Visit;
use axum::http::{HeaderMap, header};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::sync::atomic::Ordering;

/// The field that carries the token.
pub const TOKEN_FIELD: &str = "csrf";
/// The field that carries the key of one form on one page.
pub const ONCE_FIELD: &str = "once";
/// The largest form that is read: a message of 2,000 characters of any script fits.
pub const LIMIT_BYTES: usize = 32 * 1024;

/// What a form or a query string holds; the first value counts when a name is sent twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`. Broken percent signs stay as they are; invalid UTF-8 is replaced.
    pub fn parse(encoded: &str) -> Self {
        let word = |raw: &str| {
            let spaced = raw.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (word(name), word(value))
        };
        Self(encoded.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a name, in order, as ticked boxes send them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Puts values in place of those that a name had.
    pub fn put<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a str>) {
        self.0.retain(|(one, _)| one != name);
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Puts every name of `over` in place of the same name here.
    pub fn lay_over(&mut self, over: &Fields) {
        self.0.retain(|(one, _)| !over.0.iter().any(|(name, _)| name == one));
        self.0.extend(over.0.iter().cloned());
    }

    /// Every name and value, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As `application/x-www-form-urlencoded`.
    pub fn encoded(&self) -> String {
        let word = |word: &str| utf8_percent_encode(word, NON_ALPHANUMERIC).to_string();
        let pairs = self.0.iter().map(|(name, value)| format!("{}={}", word(name), word(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The first value of a name without spaces around it; empty when missing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }
}

/// The hidden fields of a form that changes something: the token, and a key that makes sending it twice have one effect.
pub fn fields(visit: &Visit) -> Markup {
    let form = visit.keyed.fetch_add(1, Ordering::Relaxed);
    html! {
        input type="hidden" name=(TOKEN_FIELD) value=(visit.token);
        input type="hidden" name=(ONCE_FIELD) value={ (visit.trace) "-" (form) };
    }
}

/// The token of the browser that holds this cookie.
pub fn token(cookie: &str) -> String {
    hash(&format!("bevan form token 1\0{cookie}"))
}

/// Whether a form carries the token of its browser. Takes the same time for every wrong token.
pub fn is_ours(fields: &Fields, cookie: Option<&str>) -> bool {
    if planted(Bug::Token) {
        return true;
    }
    let (Some(sent), Some(cookie)) = (fields.get(TOKEN_FIELD), cookie) else { return false };
    let want = token(cookie);
    sent.len() == want.len() && sent.bytes().zip(want.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// Whether a POST comes from a page of our own origin. Browsers that send `Sec-Fetch-Site` say it themselves; from
/// others the origin must be the host that was asked.
pub fn is_same_origin(headers: &HeaderMap) -> bool {
    if planted(Bug::Origin) {
        return true;
    }
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = value("sec-fetch-site") {
        return site == "same-origin";
    }
    let (Some(origin), Some(host)) = (value(header::ORIGIN.as_str()), value(header::HOST.as_str())) else {
        return false;
    };
    let origin = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_once() {
        let fields = Fields::parse("q=O%27Neil+Ann&q=second&empty&bad=%zz&plus=%2B&nul=%00%ff");
        assert_eq!(fields.get("q"), Some("O'Neil Ann"));
        assert_eq!(fields.get("empty"), Some(""));
        assert_eq!(fields.get("bad"), Some("%zz"));
        assert_eq!(fields.get("plus"), Some("+"));
        assert_eq!(fields.get("nul"), Some("\0\u{fffd}"));
        assert_eq!(fields.get("none"), None);
        assert_eq!(Fields::parse(&fields.encoded()), fields);
    }

    #[test]
    fn answers_replace_those_of_the_same_name() {
        let mut fields = Fields::parse("a=1&a=2&b=3");
        fields.put("a", ["4", "5"]);
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["4", "5"]);
        fields.lay_over(&Fields::parse("b=6&c=7"));
        assert_eq!((fields.text("b"), fields.text("c"), fields.text("a")), ("6", "7", "4"));
    }

    #[test]
    fn a_token_belongs_to_one_cookie() {
        let fields = Fields::parse(&format!("csrf={}", token("mine")));
        assert!(is_ours(&fields, Some("mine")));
        assert!(!is_ours(&fields, Some("yours")));
        assert!(!is_ours(&fields, None));
        assert!(!is_ours(&Fields::default(), Some("mine")));
    }

    #[test]
    fn other_origins_are_refused() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            is_same_origin(&headers)
        };
        assert!(from(&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")]));
        assert!(from(&[("host", "a"), ("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("host", "a"), ("origin", "http://a"), ("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("host", "a"), ("origin", "null")]));
        assert!(!from(&[("host", "a"), ("origin", "http://a.evil")]));
        assert!(!from(&[("host", "a")]), "a POST that does not say where it comes from");
    }
}
