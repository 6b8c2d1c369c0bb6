//! One request from the socket to the answer: session, access row, form token, page, headers. Every page goes through here,
//! so no page can forget one of them. Logs carry ids and paths' shapes, never query strings, names or values.

use crate::asset;
use crate::form::{self, Fields};
use crate::layout::{self, Document, Surroundings};
use crate::pages;
use crate::problem::{self, Reader};
use crate::route::{Admission, Route, Verb, Who};
use crate::session::{Session, SessionKey, fresh_id};
use crate::state::State;
use crate::visit::{Answer, File, Problem, SessionChange, Visit};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use care::Role;
use maud::Markup;
use std::sync::atomic::AtomicU32;

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; \
                   form-action 'self'; frame-ancestors 'none'";

/// An address of the table as it was asked for.
pub struct Asked {
    /// Its row.
    pub route: &'static Route,
    /// The relationship in which the reader acts for another person, as the address says.
    pub relationship: Option<String>,
    /// The open parts of the path, in order.
    pub open: Vec<String>,
}

/// Answers a request for an address of the table, or for none.
pub async fn serve(state: &State, asked: Option<Asked>, request: Request) -> Response {
    let cookies = Cookies::read(state, request.headers());
    let (route, relationship, open) = match asked {
        Some(asked) => (Some(asked.route), asked.relationship, asked.open),
        None => (None, None, Vec::new()),
    };
    let mut visit = arrive(state, &cookies, open, &request);
    // A live view does not keep a session alive: nobody need be there.
    let live_view = route.is_some_and(|route| route.path.ends_with("/events"));
    if let (Some(key), false) = (visit.key, live_view) {
        state.sessions.touch(&key, visit.now);
    }
    let outcome = match route {
        None => Err(Problem::NotFound),
        Some(route) => match admit(route, &mut visit, &cookies, request).await {
            // Nobody may act for anybody yet: no relationship is kept.
            Ok(()) if relationship.is_some() => Err(Problem::NotFound),
            Ok(()) => (route.serve)(state, &visit).await,
            Err(problem) => Err(problem),
        },
    };
    let answer = match outcome {
        Ok(answer) => answer,
        Err(problem) => return refuse(state, &cookies, &visit, route, &problem),
    };
    depart(state, &cookies, visit, answer)
}

/// Answers a method that an address does not take.
pub fn wrong_method(state: &State, request: Request) -> Response {
    let cookies = Cookies::read(state, request.headers());
    let visit = arrive(state, &cookies, Vec::new(), &request);
    refuse(state, &cookies, &visit, None, &Problem::Method)
}

/// Answers a file of ours.
pub fn asset(file: &str, headers: &HeaderMap) -> Option<Response> {
    let mut response = asset::answer(file, headers)?;
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}

/// The cookies of a request that are ours.
struct Cookies {
    session_name: &'static str,
    visit_name: &'static str,
    /// The session's id, live or not.
    session: Option<String>,
    /// What ties a form to a browser before anybody is signed in, and whether it must be set.
    visit: String,
    visit_is_new: bool,
    secure: bool,
}

impl Cookies {
    fn read(state: &State, headers: &HeaderMap) -> Self {
        let secure = state.settings.secure;
        let session_name = if secure { "__Host-bevan" } else { "bevan" };
        let visit_name = if secure { "__Host-bevan-visit" } else { "bevan-visit" };
        let find = |name: &str| {
            let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut pairs =
                all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(one, value)| *one == name && value.len() == 64).map(|(_, value)| value.to_owned())
        };
        let visit = find(visit_name);
        Self {
            session_name,
            visit_name,
            session: find(session_name),
            visit_is_new: visit.is_none(),
            visit: visit.unwrap_or_else(|| fresh_id(state.entropy.as_ref())),
            secure,
        }
    }

    fn set(&self, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }
}

fn arrive(state: &State, cookies: &Cookies, open: Vec<String>, request: &Request) -> Visit {
    let now = state.clock.now();
    let key = cookies.session.as_deref().map(SessionKey::of);
    let session = key.as_ref().and_then(|key| state.sessions.get(key, now));
    let held = if session.is_some() { cookies.session.as_deref() } else { None };
    let last_event = request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    Visit {
        path: request.uri().path().to_owned(),
        open,
        query: Fields::parse(request.uri().query().unwrap_or_default()),
        form: Fields::default(),
        key: key.filter(|_| session.is_some()),
        token: form::token(held.unwrap_or(&cookies.visit)),
        session,
        trace: fresh_id(state.entropy.as_ref()).chars().take(32).collect(),
        now,
        acting: None,
        keyed: AtomicU32::new(0),
        last_event: last_event.and_then(|id| id.parse().ok()),
    }
}

/// Decides whether the address may be opened, and reads the form of a POST.
async fn admit(route: &Route, visit: &mut Visit, cookies: &Cookies, request: Request) -> Result<(), Problem> {
    if route.verb == Verb::Post {
        if !form::is_same_origin(request.headers()) {
            return Err(Problem::ForeignForm);
        }
        let body = axum::body::to_bytes(request.into_body(), form::LIMIT_BYTES).await;
        let body = body.map_err(|_| Problem::Unreadable)?;
        visit.form = Fields::parse(&String::from_utf8_lossy(&body));
        let held =
            if visit.session.is_some() { cookies.session.as_deref() } else { Some(cookies.visit.as_str()) };
        if !form::is_ours(&visit.form, held) {
            return Err(Problem::ForeignForm);
        }
    }
    let person = visit.session.as_ref().map(|session| (&session.person.role, session.level));
    match route.who.admits(person) {
        Admission::Open => Ok(()),
        Admission::SignIn => Err(Problem::SignIn),
        Admission::Prove => Err(Problem::Prove),
        Admission::Closed => Err(Problem::Forbidden),
    }
}

fn depart(state: &State, cookies: &Cookies, visit: Visit, answer: Answer) -> Response {
    match answer {
        Answer::Page(document) => show(state, cookies, &visit, &document, StatusCode::OK),
        Answer::Refused(document) => {
            show(state, cookies, &visit, &document, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Answer::SeeOther(place) => with_headers(state, cookies, see_other(&place)),
        Answer::Session(change, place) => {
            let cookie = change_session(state, cookies, &visit, *change);
            let mut response = with_headers(state, cookies, see_other(&place));
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Answer::With(status, document) => show(state, cookies, &visit, &document, status),
        Answer::File(file) => with_headers(state, cookies, file_to_keep(file)),
        Answer::Live(response) => with_headers(state, cookies, response),
    }
}

fn change_session(
    state: &State,
    cookies: &Cookies,
    visit: &Visit,
    change: SessionChange,
) -> Option<HeaderValue> {
    match (change, visit.key) {
        (SessionChange::Begin(session), old) => {
            if let Some(old) = old {
                state.sessions.end(&old);
            }
            state.sessions.sweep(visit.now);
            let id = fresh_id(state.entropy.as_ref());
            state.sessions.begin(SessionKey::of(&id), session);
            cookies.set(cookies.session_name, &id, None)
        }
        (SessionChange::Keep(session), Some(key)) => {
            state.sessions.keep(&key, session);
            None
        }
        (SessionChange::Keep(_), None) => None,
        (SessionChange::End, key) => {
            if let Some(key) = key {
                state.sessions.end(&key);
            }
            cookies.set(cookies.session_name, "", Some(0))
        }
    }
}

fn show(
    state: &State,
    cookies: &Cookies,
    visit: &Visit,
    document: &Document,
    status: StatusCode,
) -> Response {
    let html = print(state, visit, document);
    if let (Some(key), Some(session)) = (&visit.key, &visit.session)
        && session.notice.is_some()
    {
        state.sessions.keep(key, Session { notice: None, ..session.clone() });
    }
    with_headers(state, cookies, (status, Html(html.into_string())).into_response())
}

/// Prints a document in its surroundings.
pub fn print(state: &State, visit: &Visit, document: &Document) -> Markup {
    let around = Surroundings {
        path: &visit.path,
        session: visit.session.as_ref(),
        token: &visit.token,
        demo: state.settings.demo.is_some(),
        now: visit.now,
    };
    layout::page(document, &around)
}

fn refuse(
    state: &State,
    cookies: &Cookies,
    visit: &Visit,
    route: Option<&Route>,
    problem: &Problem,
) -> Response {
    let reference = problem::reference(&visit.trace);
    let shape = route.map_or("", |route| route.path);
    tracing::info!(%reference, trace = %visit.trace, route = shape, ?problem, "page refused");
    if *problem == Problem::SignIn && route.is_some_and(|route| route.verb == Verb::Get) {
        return with_headers(state, cookies, see_other("/sign-in"));
    }
    if *problem == Problem::Prove {
        return with_headers(state, cookies, see_other("/sign-in/prove-who-you-are"));
    }
    let break_glass = break_glass_place(route, visit);
    let reader = Reader {
        path: &visit.path,
        trace: &visit.trace,
        break_glass: break_glass.as_deref(),
        phone: state.settings.help_phone.as_deref(),
    };
    let document = problem::document(problem, &reader);
    let html = print(state, visit, &document);
    let mut response = (problem::status(problem), Html(html.into_string())).into_response();
    if *problem == Problem::Unavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    with_headers(state, cookies, response)
}

/// Where ward staff on a patient's page may ask for emergency access. The same for absent and forbidden records.
fn break_glass_place(route: Option<&Route>, visit: &Visit) -> Option<String> {
    let ward =
        visit.session.as_ref().is_some_and(|session| matches!(session.person.role, Role::WardStaff { .. }));
    let patient = route.is_some_and(|route| {
        route.path.starts_with("/staff/patients/{id}")
            && matches!(route.who, Who::Ward | Who::WardOrReception)
    });
    (ward && patient).then(|| format!("/staff/patients/{}/break-glass", pages::address(visit.id())))
}

fn file_to_keep(file: File) -> Response {
    let mut response = Response::new(Body::from(file.body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name: String = file.name.chars().filter(plain).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn see_other(place: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

fn with_headers(state: &State, cookies: &Cookies, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if state.settings.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if cookies.visit_is_new
        && let Some(cookie) = cookies.set(cookies.visit_name, &cookies.visit, None)
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
