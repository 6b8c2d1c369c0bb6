//! What must hold for every answer of the people's door, whoever asked for what: nothing of others in it, nothing personal
//! in an address, and the headers that keep pages out of caches, frames and other people's scripts (security rules,
//! section 6).

use super::visitors::Visitor;
use crate::door::{Answer, Call};
use crate::findings::Findings;
use crate::records::{NOBODY, id};
use crate::scan::{Scanner, canaries};

/// Judges answers to one visitor.
pub struct Judge<'w> {
    pub visitor: Visitor,
    pub scanner: Scanner<'w>,
    pub findings: &'w Findings,
    /// Whether browsers come by https.
    pub secure: bool,
}

impl Judge<'_> {
    pub fn complain(&self, kind: &str, call: &Call, what: &str) {
        self.findings.add(format!("{kind} | {:?} | {} | {what}", self.visitor, call.text()));
    }

    /// What holds for every answer.
    pub fn judge(&self, call: &Call, answer: &Answer) {
        self.findings.request();
        let who = self.visitor.who();
        let mut leaks = self.scanner.leaks(who, call, answer);
        // A copy as FHIR holds what several people share as it stands, references included, as the FHIR door does.
        if !call.path.ends_with("/record/download/fhir") {
            leaks.extend(self.scanner.ids(who, call, answer));
        }
        for leak in leaks.iter().filter(|leak| !self.is_of_the_carer(call, leak)) {
            self.complain("leak", call, leak);
        }
        if answer.status >= 500 {
            self.complain("fault", call, &answer.body);
        }
        if answer.body.contains("<script>") || answer.body.contains("onerror=") {
            self.complain("script", call, "a script of somebody else's, or one in the page");
        }
        let asked = canaries(&call.text());
        for address in addresses(answer) {
            if canaries(&address).iter().any(|number| !asked.contains(number)) {
                self.complain("address", call, &format!("a value of the record in {address}"));
            }
        }
        if !call.path.starts_with("/assets/") || answer.status != 200 {
            self.headers(call, answer);
        }
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.cookie(call, cookie);
        }
    }

    /// Whoever acts for others has pages of their own, and there the names of those whom they act for, or did until a
    /// birthday; not of whoever ended it or hides.
    fn is_of_the_carer(&self, call: &Call, leak: &str) -> bool {
        let named = ["[Hal]", "[Fay]", "[Gus]"].iter().any(|owner| leak.ends_with(owner));
        let own = self.visitor == Visitor::Carer && !call.path.starts_with("/as/");
        own && named && leak.starts_with("canary of Patient ")
    }

    fn headers(&self, call: &Call, answer: &Answer) {
        // Urgent help is the same for everybody, and a browser may show what it has when nothing can be reached.
        let kept = match call.path.as_str() {
            "/urgent" if answer.status == 200 => "public, max-age=3600, stale-if-error=604800",
            _ => "no-store",
        };
        let wanted = [
            ("cache-control", kept),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ];
        for (name, value) in wanted {
            if answer.header(name) != Some(value) {
                self.complain("header", call, &format!("{name}: {:?}", answer.header(name)));
            }
        }
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let rules: Vec<&str> = policy.split(';').map(str::trim).collect();
        let all = [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ];
        let weak = ["unsafe-inline", "unsafe-eval", "http:", "https:", "data:", "*"];
        if !all.iter().all(|rule| rules.contains(rule)) || weak.iter().any(|word| policy.contains(word)) {
            self.complain("policy", call, policy);
        }
        if self.secure && answer.header("strict-transport-security").is_none() {
            self.complain("header", call, "no strict-transport-security");
        }
    }

    fn cookie(&self, call: &Call, cookie: &str) {
        let parts: Vec<&str> = cookie.split(';').map(str::trim).collect();
        let mut wanted = vec!["HttpOnly", "SameSite=Lax", "Path=/"];
        if self.secure {
            wanted.push("Secure");
        }
        let all = wanted.iter().all(|one| parts.contains(one));
        let named = !self.secure || cookie.starts_with("__Host-");
        let wide = parts.iter().any(|part| part.to_ascii_lowercase().starts_with("domain="));
        if !all || !named || wide {
            self.complain("cookie", call, cookie);
        }
    }
}

/// Every address that an answer leads to.
fn addresses(answer: &Answer) -> Vec<String> {
    let mut found: Vec<String> = answer.header("location").map(str::to_owned).into_iter().collect();
    for name in [" href=\"", " src=\"", " action=\"", " data-events=\""] {
        for (at, _) in answer.body.match_indices(name) {
            let rest = &answer.body[at + name.len()..];
            found.push(rest.split('"').next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// An answer without what differs between two requests for the same: the reference, keys and tokens of forms, and the id
/// asked for.
pub fn masked(answer: &Answer, target: &str) -> String {
    let mut text = answer.text().replace(&address(target), &id(NOBODY)).replace(target, &id(NOBODY));
    for (before, after) in [
        ("Reference: <strong>", "</strong>"),
        ("name=\"once\" value=\"", "\""),
        ("name=\"csrf\" value=\"", "\""),
    ] {
        text = cut(&text, before, after);
    }
    text
}

fn cut(text: &str, before: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (kept, found) = rest.split_at(at + before.len());
        out.push_str(kept);
        rest = found.find(after).map_or("", |end| &found[end..]);
    }
    out + rest
}

/// A value as one part of an address.
pub fn address(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
