//! When somebody signs in and opens pages, as a browser does: cookies kept, forms sent with their token and origin.

use crate::support::http::{Answer, Client};
use crate::support::process::Bevan;
use std::collections::BTreeMap;

/// A browser without JavaScript.
pub struct Browser {
    client: Client,
    origin: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// Nobody is signed in.
    pub fn visitor(bevan: &Bevan) -> Self {
        let origin = format!("http://{}", bevan.http);
        Self { client: bevan.client(), origin, cookies: BTreeMap::new() }
    }

    /// Somebody of the demo with that role signs in.
    pub fn signed_in(bevan: &Bevan, role: &str) -> Self {
        Self::signed_in_at(bevan, role, 1)
    }

    /// The `number`th of the demo people with that role signs in, from 1.
    pub fn signed_in_at(bevan: &Bevan, role: &str, number: usize) -> Self {
        let mut browser = Self::visitor(bevan);
        let page = browser.get("/sign-in").text();
        let mark = format!("name=\"person\" value=\"{role}-");
        let places: Vec<usize> = page.match_indices(&mark).map(|(at, _)| at).collect();
        let from = *places.get(number - 1).expect("so many people with that role");
        let key = after(&page[from..], &mark);
        let person = format!("{role}-{key}");
        let answer = browser.post("/sign-in", "/sign-in", &[("person", &person)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// What it sends as `Cookie`.
    pub fn cookies(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Opens an address.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    /// Sends the form of a page.
    pub fn post(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = after(&self.get(page).text(), "name=\"csrf\" value=\"");
        let mut form = format!("csrf={token}");
        for (name, value) in fields {
            form.push_str(&format!("&{name}={}", encoded(value)));
        }
        self.send("POST", path, &form)
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> Answer {
        let cookies = self.cookies();
        let mut headers = vec![("Cookie", cookies.as_str()), ("Origin", &self.origin)];
        if method == "POST" {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let answer = self.client.send(method, path, &headers, form.as_bytes()).expect("an answer");
        for (_, value) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// What follows a mark, up to the next quote.
pub fn after(page: &str, mark: &str) -> String {
    let rest = page.split(mark).nth(1).unwrap_or_else(|| panic!("no {mark} in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Percent-encodes everything but letters and digits.
pub fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
