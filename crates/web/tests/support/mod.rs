//! What page tests and the gallery stand on: a state that answers from samples, demo people, and requests.
#![expect(dead_code, reason = "each test file uses a part of it")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at what they do not expect"
)]

pub mod html;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use care::advice::Library;
use care::triage::Pathways;
use care::view::{Plant, SAMPLE_NOW};
use care::{Care, Clock, Entropy, Role};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use web::session::Person;
use web::{Sessions, Settings, State};

/// A clock that stands until it is moved.
#[derive(Default)]
pub struct StandingClock(AtomicI64);

impl StandingClock {
    /// Moves it on.
    pub fn pass(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        SAMPLE_NOW + SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that differ each time and are the same in each run.
#[derive(Default)]
pub struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
            let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
    }
}

fn person(key: &str, name: &str, title: &str, role: Role) -> Person {
    let staff = !matches!(role, Role::Patient { .. });
    Person {
        key: key.into(),
        name: name.into(),
        title: title.into(),
        organisation: if staff { "Example Hospital Trust".into() } else { String::new() },
        ods_code: if staff { "XEX01".into() } else { "".into() },
        id: match &role {
            Role::Patient { patient } => format!("Patient/{patient}").into(),
            _ => format!("Practitioner/{key}").into(),
        },
        role,
    }
}

/// One person of each role.
pub fn people() -> Vec<Person> {
    vec![
        person("ward-manager", "Sam Sample", "Ward manager", Role::WardStaff { break_glass: None }),
        person("reception", "Robin Sample", "Receptionist", Role::Receptionist),
        person("surgery", "Kit Sample", "GP", Role::Surgery { break_glass: None }),
        person("operator", "Olu Sample", "Operator", Role::Operator),
        person("privacy", "Pat Sample", "Privacy officer", Role::Privacy),
        person("patient", "Alex Example", "Patient", Role::Patient { patient: "sample-patient-1".into() }),
    ]
}

/// A house that answers from samples.
pub struct House {
    pub router: Router,
    pub care: Care,
    pub clock: Arc<StandingClock>,
    cookies: Mutex<Vec<(String, String)>>,
}

impl House {
    pub fn of(plant: Plant) -> Self {
        Self::with(plant, Some(people()))
    }

    pub fn with(plant: Plant, demo: Option<Vec<Person>>) -> Self {
        Self::built(plant, demo, false)
    }

    pub fn behind_https() -> Self {
        Self::built(Plant::Full, Some(people()), true)
    }

    fn built(plant: Plant, demo: Option<Vec<Person>>, secure: bool) -> Self {
        let clock = Arc::new(StandingClock::default());
        let care = Care::samples(plant);
        let state = State {
            care: care.clone(),
            clock: clock.clone(),
            entropy: Arc::new(Counted::default()),
            sessions: Arc::new(Sessions::new(care.clone())),
            openid: None,
            settings: Arc::new(Settings { secure, demo, help_phone: Some("0300 000 0000".into()) }),
            pathways: Arc::new(Pathways::demonstration().unwrap()),
            advice: Arc::new(Library::demonstration().unwrap()),
        };
        Self { router: web::router(state), care, clock, cookies: Mutex::default() }
    }

    /// Sends a request with the cookies that were set before, and keeps those that the answer sets.
    pub async fn send(&self, request: Request<Body>) -> Answered {
        let (mut parts, body) = request.into_parts();
        let jar = self.cookies.lock().unwrap().clone();
        let cookies =
            jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() && !parts.headers.contains_key(header::COOKIE) {
            parts.headers.insert(header::COOKIE, cookies.parse().unwrap());
        }
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut jar = self.cookies.lock().unwrap();
            jar.retain(|(one, _)| one != name);
            if !value.is_empty() {
                jar.push((name.to_owned(), value.to_owned()));
            }
        }
        Answered::read(response).await
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).header(header::HOST, "localhost").body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser on our own page would, with the token of the page at `from`.
    pub async fn post_from(&self, from: &str, path: &str, form: &str) -> Answered {
        let page = self.get(from).await;
        let token = page.token().unwrap_or_else(|| panic!("{from} has a form"));
        self.post(path, &format!("csrf={token}&{form}"), "http://localhost").await
    }

    pub async fn post(&self, path: &str, form: &str, origin: &str) -> Answered {
        let request = Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.send(request.unwrap()).await
    }

    pub async fn sign_in(&self, key: &str) {
        let answer = self.post_from("/sign-in", "/sign-in", &format!("person={key}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{key} signs in");
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().iter().find(|(one, _)| one == name).map(|(_, value)| value.clone())
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut jar = self.cookies.lock().unwrap();
        jar.retain(|(one, _)| one != name);
        jar.push((name.to_owned(), value.to_owned()));
    }
}

/// An answer, read to its end.
pub struct Answered {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answered {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let live = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body =
            if live { Vec::new() } else { axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec() };
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |place| place.to_str().unwrap())
    }

    /// The form token that the page carries.
    pub fn token(&self) -> Option<String> {
        let at = self.body.find("name=\"csrf\" value=\"")?;
        Some(self.body[at + 19..].split('"').next()?.to_owned())
    }
}
