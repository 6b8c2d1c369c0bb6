//! The headers of every answer, and the few bodies that are no page (security rules, section 6).

use crate::cookies::Cookies;
use crate::planted::{Bug, planted};
use crate::visit::File;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; \
                   form-action 'self'; frame-ancestors 'none'";

/// Puts the headers on an answer to one reader: nobody keeps it.
pub fn personal(cookies: &Cookies, secure: bool, mut response: Response) -> Response {
    if !planted(Bug::Stored) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(cookie) = cookies.tie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    guarded(secure, response)
}

/// Puts the headers on an answer that is the same for everybody and may be kept for an hour.
pub fn public(secure: bool, mut response: Response) -> Response {
    let hour = HeaderValue::from_static("public, max-age=3600, stale-if-error=604800");
    response.headers_mut().insert(header::CACHE_CONTROL, hour);
    guarded(secure, response)
}

fn guarded(secure: bool, mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !planted(Bug::Policy) {
        let policy = HeaderValue::from_static(CSP);
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Look there (303).
pub fn see_other(place: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// A file to keep, or a picture to look at. Nothing in it runs: it stands in an origin of its own, without scripts.
pub fn file_to_keep(file: File) -> Response {
    let mut response = Response::new(Body::from(file.body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name: String = file.name.chars().filter(plain).collect();
    let place = if file.shown { "inline" } else { "attachment" };
    if let Ok(value) = HeaderValue::from_str(&format!("{place}; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    if !planted(Bug::Policy)
        && let Ok(value) = HeaderValue::from_str(&format!("{CSP}; sandbox"))
    {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}
