//! One request from the socket to the answer: session, access row, form token, page, headers. Every page goes through here,
//! so no page can forget one of them. Logs carry ids and paths' shapes, never query strings, names or values.

use crate::asset;
use crate::cookies::Cookies;
use crate::form::{self, Fields};
use crate::headers::{file_to_keep, personal, public, see_other};
use crate::layout::{self, Document, Surroundings};
use crate::pages;
use crate::pages::open::sign_in;
use crate::planted::{Bug, planted};
use crate::problem::{self, Reader};
use crate::route::{Admission, Route, Verb, Who};
use crate::session::{Session, SessionKey, fresh_id};
use crate::state::State;
use crate::unsent;
use crate::visit::{Answer, Problem, SessionChange, Visit};
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use care::Role;
use care::assisted::{self, Started};
use care::family::Acting;
use maud::Markup;
use std::sync::atomic::AtomicU32;

/// Where one signs out.
const SIGN_OUT: &str = "/sign-out";

/// An address of the table as it was asked for.
pub struct Asked {
    /// Its row.
    pub route: &'static Route,
    /// The relationship in which the reader acts for another person, as the address says.
    pub relationship: Option<String>,
    /// The open parts of the path, in order.
    pub open: Vec<String>,
}

/// A request on its way: its cookies, its row and what pages see of it.
struct Call<'a> {
    state: &'a State,
    cookies: Cookies,
    route: Option<&'static Route>,
    visit: Visit,
}

/// Answers a request for an address of the table, or for none.
pub async fn serve(state: &State, asked: Option<Asked>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let (route, relationship, open) = match asked {
        Some(asked) => (Some(asked.route), asked.relationship, asked.open),
        None => (None, None, Vec::new()),
    };
    let mut call = Call::arrive(state, route, open, &head);
    if let Some(route) = route.filter(|route| route.still) {
        return call.still(route).await;
    }
    if let Err(problem) = call.recognise().await {
        // Who asks cannot be told at the moment: pages for everybody are shown, others are not.
        if route.is_none_or(|route| route.who != Who::Anyone) {
            return call.refuse(&problem).await;
        }
    }
    let outcome = match route {
        None => Err(Problem::NotFound),
        Some(route) => match call.enter(route, relationship, (&head.headers, body)).await {
            Ok(()) => (route.serve)(state, &call.visit).await,
            Err(problem) => Err(problem),
        },
    };
    let answered = match outcome {
        Ok(answer) => call.depart(answer).await,
        Err(problem) => Err(problem),
    };
    match answered {
        Ok(response) => response,
        Err(problem) => call.refuse(&problem).await,
    }
}

/// Answers a method that an address does not take.
pub async fn wrong_method(state: &State, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let mut call = Call::arrive(state, None, Vec::new(), &head);
    match call.recognise().await {
        Ok(()) => call.refuse(&Problem::Method).await,
        Err(problem) => call.refuse(&problem).await,
    }
}

/// Answers a file of ours.
pub fn asset(file: &str, headers: &HeaderMap) -> Option<Response> {
    let mut response = asset::answer(file, headers)?;
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}

impl<'a> Call<'a> {
    /// What the request itself says; nothing is asked of anybody.
    fn arrive(state: &'a State, route: Option<&'static Route>, open: Vec<String>, head: &Parts) -> Self {
        let cookies = Cookies::read(state, &head.headers);
        let last_event = head.headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let visit = Visit {
            path: head.uri.path().to_owned(),
            open,
            query: Fields::parse(head.uri.query().unwrap_or_default()),
            form: Fields::default(),
            restored: Fields::default(),
            browser: crate::session::hash(&cookies.visit),
            session: None,
            key: None,
            token: form::token(&cookies.visit),
            trace: fresh_id(state.entropy.as_ref()).chars().take(32).collect(),
            now: state.clock.now(),
            acting: None,
            keyed: AtomicU32::new(0),
            last_event: last_event.map(str::to_owned),
        };
        Self { state, cookies, route, visit }
    }

    /// Finds the session. A live view does not keep one alive: nobody need be there.
    async fn recognise(&mut self) -> Result<(), Problem> {
        let Some(id) = self.cookies.session.as_deref() else { return Ok(()) };
        let key = SessionKey::of(id);
        let live_view = self.route.is_some_and(|route| route.path.ends_with("/events"));
        let sessions = &self.state.sessions;
        let session = match live_view {
            true => sessions.get(&key, self.visit.now).await?,
            false => sessions.touch(&key, self.visit.now).await?,
        };
        let Some(session) = session else { return Ok(()) };
        self.visit.token = form::token(id);
        self.visit.key = Some(key);
        if let Some(unsent) = session.unsent.as_ref().filter(|unsent| unsent.path == self.visit.path) {
            self.visit.restored = unsent.fields.clone();
        }
        self.visit.session = Some(session);
        Ok(())
    }

    /// Decides whether the reader may go on, and for whom.
    async fn enter(
        &mut self,
        route: &Route,
        relationship: Option<String>,
        (headers, body): (&HeaderMap, Body),
    ) -> Result<(), Problem> {
        let place = relationship.as_deref().and_then(assisted::patient_of).filter(|_| self.is_staff());
        self.admit(route, place.map_or(route.who, |_| Who::Helper), (headers, body)).await?;
        if let Some(patient) = place {
            let acting = self.in_place(patient).await?;
            let for_carer =
                acting.in_place.as_ref().is_some_and(|place| place.behalf.asked.relationship().is_some());
            self.visit.acting = Some(acting);
            // What a patient alone may have done is not done because somebody else asks for them.
            if for_carer && route.in_place && !planted(Bug::ForCarer) {
                return Err(Problem::Forbidden);
            }
        } else if let Some(relationship) = relationship {
            if !route.mirrored {
                return Err(Problem::NotFound);
            }
            // Asked at every request, so that what was revoked ends with the next page.
            let acting = self.state.care.standing(&self.visit.actor()?, &relationship).await;
            self.visit.acting = Some(crate::planted::standing(&relationship, acting)?);
        }
        Ok(())
    }

    /// Whether somebody at work asks.
    fn is_staff(&self) -> bool {
        self.visit.session.as_ref().is_some_and(Session::is_staff)
    }

    /// In a patient's place, as that patient asked: both this person at work and their right are asked about at every
    /// request. Whoever has not said that this patient asked is led to where they can; somebody out of reach is not there.
    async fn in_place(&self, patient: &str) -> Result<Acting, Problem> {
        let session = self.visit.session()?;
        let actor = self.visit.actor()?;
        let unsaid = Started { patient: patient.to_owned(), asked: assisted::Asked::Phone, post: false };
        let unsaid = planted(Bug::Unasked).then_some(&unsaid);
        let started = session.assisting(self.visit.now).map(|one| &one.started);
        match started.filter(|one| one.patient == patient).or(unsaid) {
            Some(started) => Ok(self.state.care.assisting(&actor, started).await?),
            None => {
                self.state.care.to_assist(&actor, patient).await?;
                Err(Problem::Confirm(patient.to_owned()))
            }
        }
    }

    /// Decides whether the address may be opened, and reads the form of a POST.
    async fn admit(
        &mut self,
        route: &Route,
        who: Who,
        (headers, body): (&HeaderMap, Body),
    ) -> Result<(), Problem> {
        if route.verb == Verb::Post {
            if !form::is_same_origin(headers) {
                return Err(Problem::ForeignForm);
            }
            let body = axum::body::to_bytes(body, form::LIMIT_BYTES).await;
            let body = body.map_err(|_| Problem::Unreadable)?;
            self.visit.form = Fields::parse(&String::from_utf8_lossy(&body));
            let ours = |held| form::is_ours(&self.visit.form, held);
            let (session, browser) = (self.cookies.session.as_deref(), Some(self.cookies.visit.as_str()));
            let fits = match &self.visit.session {
                Some(_) => ours(session),
                // A form of the session that has just ended is still ours; it is not taken, but it is kept. Whoever signs out
                // of it is signed out.
                None => ours(browser) || ((who != Who::Anyone || route.path == SIGN_OUT) && ours(session)),
            };
            if !fits {
                return Err(Problem::ForeignForm);
            }
        }
        let person = self.visit.session.as_ref().map(|session| (&session.person.role, session.level));
        match who.admits(person) {
            Admission::Open => Ok(()),
            Admission::SignIn => Err(Problem::SignIn),
            Admission::Prove => Err(Problem::Prove),
            Admission::Closed => Err(Problem::Forbidden),
        }
    }

    /// A page that is the same for everybody: nothing is asked of the record, and nothing of the reader.
    async fn still(&self, route: &Route) -> Response {
        match (route.serve)(self.state, &self.visit).await {
            Ok(Answer::Page(document)) => {
                let page = Html(print(self.state, self.seen(), &document).into_string());
                public(self.secure(), page.into_response())
            }
            Ok(_) => self.refuse(&Problem::Failed).await,
            Err(problem) => self.refuse(&problem).await,
        }
    }

    async fn depart(&self, answer: Answer) -> Result<Response, Problem> {
        let taken = !matches!(answer, Answer::Refused(_));
        if taken && self.route.is_some_and(|route| route.verb == Verb::Post) {
            self.sent_at_last().await?;
        }
        Ok(match answer {
            Answer::Page(document) => self.show(&document, StatusCode::OK),
            Answer::Refused(document) => self.show(&document, StatusCode::UNPROCESSABLE_ENTITY),
            Answer::With(status, document) => self.show(&document, status),
            Answer::SeeOther(place) => self.own(see_other(&place)),
            Answer::Session(change, place) => {
                let (cookie, noted) = self.change_session(*change).await?;
                let mut response = match noted {
                    true => self.own(see_other(&place)),
                    false => self.signed_out_unnoted(),
                };
                if let Some(cookie) = cookie {
                    response.headers_mut().append(header::SET_COOKIE, cookie);
                }
                response
            }
            Answer::File(file) => self.own(file_to_keep(file)),
            Answer::Live(response) => self.own(response),
        })
    }

    /// Lets go of a form that was kept, once it has been sent.
    async fn sent_at_last(&self) -> Result<(), Problem> {
        if let (Some(key), Some(session)) = (&self.visit.key, &self.visit.session)
            && !self.visit.restored.is_empty()
        {
            let sent = Session { unsent: None, ..session.clone() };
            self.state.sessions.keep(key, (session, &sent), self.visit.now).await?;
        }
        Ok(())
    }

    /// What the cookie becomes, and whether the change stands in the record.
    async fn change_session(&self, change: SessionChange) -> Result<(Option<HeaderValue>, bool), Problem> {
        let (sessions, now) = (&self.state.sessions, self.visit.now);
        let found = self.visit.session.as_ref();
        match (change, self.visit.key) {
            (SessionChange::Begin(mut session), old) => {
                session.unsent = unsent::give_back(self.state, &session.person, now).await?;
                if let Some(old) = old {
                    let (last, ended) = sessions.end(&old, now).await;
                    ended?;
                    // What another request of the same person changed meanwhile goes with them.
                    if let (Some(last), Some(found)) = (last, found)
                        && last.person == session.person
                    {
                        session.take_over(found, &last);
                    }
                }
                let id = fresh_id(self.state.entropy.as_ref());
                sessions.begin(SessionKey::of(&id), session).await?;
                sessions.sweep(now).await;
                Ok((self.cookies.begin(&id), true))
            }
            (SessionChange::Keep(mut session), Some(key)) => {
                session.unsent = session.unsent.filter(|_| self.visit.restored.is_empty());
                if let Some(found) = found {
                    sessions.keep(&key, (found, &session), now).await?;
                }
                Ok((None, true))
            }
            (SessionChange::Keep(_), None) => Ok((None, true)),
            (SessionChange::End, key) => {
                // One that has ended by itself still says whose it was: not after signing out of it.
                let key = key.or_else(|| self.cookies.session.as_deref().map(SessionKey::of));
                let mut noted = true;
                if let Some(key) = key.filter(|_| !planted(Bug::SignOut)) {
                    let (_, ended) = sessions.end(&key, now).await;
                    if let Err(problem) = &ended {
                        tracing::error!(?problem, trace = %self.visit.trace, "the end of a session was not written");
                    }
                    noted = ended.is_ok();
                }
                // The browser lets go of it whatever the record says.
                Ok((self.cookies.end(), noted))
            }
        }
    }

    /// Says that somebody is signed out here although that could not be written down.
    fn signed_out_unnoted(&self) -> Response {
        let html = print(self.state, (&self.visit, None), &sign_in::signed_out_unnoted_page());
        self.own(Html(html.into_string()).into_response())
    }

    fn show(&self, document: &Document, status: StatusCode) -> Response {
        let html = print(self.state, self.seen(), document);
        if let (Some(key), Some(session)) = (&self.visit.key, &self.visit.session)
            && let Some(notice) = &session.notice
        {
            self.state.sessions.noticed(key, notice);
        }
        self.own((status, Html(html.into_string())).into_response())
    }

    async fn refuse(&self, problem: &Problem) -> Response {
        let reference = problem::reference(&self.visit.trace);
        let shape = self.route.map_or("", |route| route.path);
        tracing::info!(%reference, trace = %self.visit.trace, route = shape, ?problem, "page refused");
        if *problem == Problem::Forbidden {
            self.audit_refusal().await;
        }
        match (problem, self.route) {
            (Problem::SignIn, Some(route)) => {
                if let Some(place) = unsent::way_in(self.state, &self.cookies, &self.visit, route).await {
                    return self.own(see_other(&place));
                }
            }
            (Problem::Confirm(patient), _) => {
                return self
                    .own(see_other(&format!("/staff/patients/{}/on-behalf", pages::address(patient))));
            }
            (Problem::Prove, Some(route)) => {
                let next = pages::address(unsent::place(&self.visit, route));
                return self.own(see_other(&format!("/sign-in/prove-who-you-are?next={next}")));
            }
            _ => {}
        }
        let break_glass = self.break_glass_place();
        let reader = Reader {
            path: &self.visit.path,
            query: &self.visit.query,
            trace: &self.visit.trace,
            staff: self.is_staff(),
            again: self.visit.query.get(problem::AGAIN).is_some(),
            break_glass: break_glass.as_deref(),
            phone: self.state.settings.help_phone.as_deref(),
        };
        let document = problem::document(problem, &reader);
        let html = print(self.state, self.seen(), &document);
        let mut response = (problem::status(problem), Html(html.into_string())).into_response();
        if *problem == Problem::Unavailable {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
        }
        self.own(response)
    }

    /// What a role does not open has a row in the audit log. The page that says so shows nothing of a record, and is shown
    /// when the row cannot be written too.
    async fn audit_refusal(&self) {
        let (Some(route), Ok(actor)) = (self.route, self.visit.actor()) else { return };
        let verb = if route.verb == Verb::Post { "POST" } else { "GET" };
        if let Err(error) = self.state.care.refused(&actor, &format!("{verb} {}", route.path)).await {
            tracing::error!(?error, trace = %self.visit.trace, "a refusal could not be audited");
        }
    }

    /// Where ward staff on a patient's page may ask for emergency access. The same for absent and forbidden records.
    fn break_glass_place(&self) -> Option<String> {
        let ward = self
            .visit
            .session
            .as_ref()
            .is_some_and(|session| matches!(session.person.role, Role::WardStaff { .. }));
        let patient = self.route.is_some_and(|route| {
            route.path.starts_with("/staff/patients/{id}")
                && matches!(route.who, Who::Ward | Who::WardOrReception)
        });
        (ward && patient).then(|| format!("/staff/patients/{}/break-glass", pages::address(self.visit.id())))
    }

    fn seen(&self) -> (&Visit, Option<&Session>) {
        (&self.visit, self.visit.session.as_ref())
    }

    fn secure(&self) -> bool {
        self.state.settings.secure
    }

    fn own(&self, response: Response) -> Response {
        personal(&self.cookies, self.secure(), response)
    }
}

/// Prints a document in its surroundings.
fn print(state: &State, (visit, session): (&Visit, Option<&Session>), document: &Document) -> Markup {
    let around = Surroundings {
        path: &visit.path,
        session,
        acting: visit.acting.as_ref(),
        token: &visit.token,
        phone: state.settings.help_phone.as_deref(),
        demo: state.settings.demo.is_some(),
        now: visit.now,
    };
    layout::page(document, &around)
}
