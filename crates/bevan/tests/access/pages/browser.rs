//! A browser as far as the door can tell: it keeps cookies, and sends forms from our own pages with their token.

use crate::door::{Answer, Call, Door, send};

/// One browser.
#[derive(Clone)]
pub struct Browser {
    pub door: Door,
    cookies: Vec<(String, String)>,
}

impl Browser {
    pub fn new(door: Door) -> Self {
        Self { door, cookies: Vec::new() }
    }

    /// A request with the cookies.
    pub fn signed(&self, call: &Call) -> Call {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { call.clone() } else { call.clone().with("cookie", cookies.join("; ")) }
    }

    /// Sends a request as it is, with the cookies, and keeps those that come back.
    pub async fn send(&mut self, call: &Call) -> Answer {
        let answer = send(&self.door, &self.signed(call)).await;
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
            let (name, value) = pair.unwrap_or_else(|| panic!("a cookie: {line}"));
            self.cookies.retain(|(one, _)| one != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(&Call::get(path)).await
    }

    /// A form as a browser on our own page sends it.
    pub fn form(&self, path: &str, fields: &str) -> Call {
        let origin = format!("http://{}", self.door.host());
        Call::new("POST", path).form(fields).with("origin", origin)
    }

    /// Fetches the token of this browser and sends a form with it.
    pub async fn send_form(&mut self, path: &str, fields: &str) -> Answer {
        let fields = format!("csrf={}&{fields}", self.token().await);
        let call = self.form(path, &fields);
        self.send(&call).await
    }

    /// The token that pages give this browser.
    pub async fn token(&mut self) -> String {
        let page = self.get("/sign-in").await;
        let page = if page.body.contains(TOKEN) { page } else { self.get("/help").await };
        token_in(&page).unwrap_or_else(|| panic!("no form in {}", page.text()))
    }

    pub async fn sign_in(&mut self, key: &str, level: &str) {
        let answer = self.send_form("/sign-in", &format!("person={key}&level={level}")).await;
        assert_eq!(answer.status, 303, "{key} signs in: {}", answer.text());
        assert!(self.session().is_some(), "{key} has a session");
    }

    fn session_cookie(&self) -> Option<&(String, String)> {
        self.cookies.iter().find(|(name, _)| name == "bevan" || name == "__Host-bevan")
    }

    /// The session's id.
    pub fn session(&self) -> Option<String> {
        self.session_cookie().map(|(_, value)| value.clone())
    }

    /// Puts a session's id in place of the one there is.
    pub fn keep_session(&mut self, id: String) {
        let name = self.session_cookie().map_or_else(|| "bevan".to_owned(), |(name, _)| name.clone());
        self.cookies.retain(|(one, _)| *one != name);
        self.cookies.push((name, id));
    }
}

const TOKEN: &str = "name=\"csrf\" value=\"";

/// The form token that a page carries.
pub fn token_in(page: &Answer) -> Option<String> {
    let at = page.body.find(TOKEN)? + TOKEN.len();
    Some(page.body[at..].split('"').next()?.to_owned())
}
