//! What stands around every page: skip link, our own header, notices, the page, footer. No logo, no inline script or
//! style, nothing of another host. The title is the heading and the service's name, with `Error: ` first on a refused form.

use crate::asset::assets;
use crate::component::{Crumb, back_link, breadcrumb, skip_link};
use crate::form::TOKEN_FIELD;
use crate::routes::exists;
use crate::session::Session;
use crate::visit::link_for;
use crate::wording;
use crate::words::{fill, say, weave};
use care::Role;
use care::assisted::{Asked, InPlace};
use care::family::Acting;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

/// The service's name, in titles and in the header.
pub const SERVICE: &str = "Bevan";

/// A page without what stands around it.
#[derive(Debug, Clone)]
pub struct Document {
    /// The heading, which the title repeats. The body prints it as its only `h1`.
    pub heading: String,
    /// The pages above this one.
    pub crumbs: Vec<Crumb>,
    /// The question before this one, on a page of a form of several steps; stands in place of the pages above.
    pub back: Option<String>,
    /// Whether it needs the width of a work screen.
    pub wide: bool,
    /// Whether it is the answer to a refused form.
    pub refused: bool,
    /// What the page says, with one `h1`.
    pub body: Markup,
}

impl Document {
    /// A page for reading.
    pub fn new(heading: &str, body: Markup) -> Self {
        Self {
            heading: heading.to_owned(),
            crumbs: Vec::new(),
            back: None,
            wide: false,
            refused: false,
            body,
        }
    }

    /// A page that needs the width of a work screen.
    pub fn wide(heading: &str, body: Markup) -> Self {
        Self { wide: true, ..Self::new(heading, body) }
    }

    /// The same with a link back to the question before.
    pub fn after(self, back: &str) -> Self {
        Self { back: Some(back.to_owned()), ..self }
    }

    /// The same under other pages.
    pub fn under(mut self, crumbs: &[(&str, &str)]) -> Self {
        self.crumbs = crumbs.iter().map(|(text, href)| Crumb::new(text, href)).collect();
        self
    }
}

/// What the page's surroundings need to know of a request.
pub struct Surroundings<'a> {
    /// The path as asked, to mark the section.
    pub path: &'a str,
    /// Who is signed in.
    pub session: Option<&'a Session>,
    /// For whom, when not for themselves.
    pub acting: Option<&'a Acting>,
    /// The token for the sign-out form.
    pub token: &'a str,
    /// The help line's number.
    pub phone: Option<&'a str>,
    /// Whether this is a demo.
    pub demo: bool,
    /// The time, for what ends.
    pub now: Timestamp,
}

impl Surroundings<'_> {
    /// Whether the reader is at work.
    fn staff(&self) -> bool {
        self.session.is_some_and(|session| session.is_staff())
    }

    /// Whether the page is one of staff's own, and not a patient's that they use in the patient's place.
    fn work(&self) -> bool {
        self.staff() && self.acting.is_none()
    }
}

/// Prints a whole page.
pub fn page(document: &Document, around: &Surroundings<'_>) -> Markup {
    let assets = assets();
    let heading = match document.refused {
        true => fill("shell-title-error", &[("title", document.heading.as_str().into())]),
        false => document.heading.clone(),
    };
    let acting = around
        .acting
        .map(|acting| format!(" – {}", fill("shell-title-acting", &[("name", acting.name.as_str().into())])));
    let width = if document.wide { "bevan-page bevan-page--wide" } else { "bevan-page" };
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="theme-color" content="#0d4a56";
                meta name="robots" content="noindex";
                title { (heading) @if let Some(acting) = acting { (acting) } " – " (SERVICE) }
                link rel="icon" href=(assets.icon.url) type="image/svg+xml";
                link rel="stylesheet" href=(assets.style.url);
                script type="module" src=(assets.script.url) {}
            }
            body {
                (skip_link(say("shell-skip"), "#maincontent"))
                (header(around, width))
                (notices(around, width))
                @if let Some(back) = &document.back {
                    div class={ (width) " bevan-back" } { (back_link(say("shell-back"), back)) }
                }
                main class={ (width) " bevan-main" @if around.work() { " bevan-work" } } id="maincontent" {
                    @if document.back.is_none() { (breadcrumb(&document.crumbs)) }
                    @if let Some(words) = around.session.and_then(|session| session.notice.as_deref()) {
                        div class="bevan-answer" role="status" { p { (words) } }
                    }
                    (document.body)
                }
                @if !around.work() { (help(around.phone, width)) }
                (footer(around, width))
            }
        }
    }
}

/// The hidden field that shows that a form is ours.
pub fn token_field(token: &str) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(token); }
}

/// A section: the message that names it, and its address.
type Section = (&'static str, &'static str);

/// The sections of each role that are there.
fn sections(session: &Session, in_place: bool) -> impl Iterator<Item = Section> {
    const WORK: Section = ("shell-nav-work", "/staff/home");
    const WARDS: Section = ("shell-nav-wards", "/staff/wards");
    const PATIENTS: Section = ("shell-nav-patients", "/staff/patients");
    const MESSAGES: Section = ("shell-nav-messages", "/staff/messages");
    const ON_BEHALF: Section = ("shell-nav-on-behalf", "/staff/on-behalf");
    const OPERATIONS: Section = ("shell-nav-operations", "/staff/operations");
    const HOME: Section = ("shell-nav-home", "/home");
    const OWN: &[Section] = &[
        HOME,
        ("shell-nav-record", "/record"),
        ("shell-nav-messages", "/messages"),
        ("shell-nav-profile", "/profile"),
    ];
    let all: &[Section] = match session.person.role {
        _ if in_place => OWN,
        Role::Patient { .. } => OWN,
        Role::WardStaff { .. } => &[WORK, WARDS, PATIENTS, MESSAGES],
        Role::Receptionist => &[WORK, PATIENTS, ON_BEHALF],
        Role::Operator => &[WORK, OPERATIONS],
        Role::Surgery { .. } => {
            &[WORK, ("shell-nav-prescriptions", "/staff/prescriptions"), MESSAGES, ON_BEHALF]
        }
        Role::Privacy => &[WORK, ("shell-nav-reviews", "/staff/reviews")],
        Role::Unproven => &[HOME],
        Role::Carer { .. } | Role::Backend { .. } | Role::System => &[],
    };
    all.iter().copied().filter(|(_, href)| exists(href))
}

/// Where a person starts.
pub fn home_of(session: Option<&Session>) -> &'static str {
    session.and_then(|session| sections(session, false).next()).map_or("/", |(_, href)| href)
}

/// A phone number that can be dialled.
pub fn phone_link(phone: &str) -> Markup {
    html! { a class="bevan-nowrap" href={ "tel:" (phone.replace(' ', "")) } { (phone) } }
}

fn header(around: &Surroundings<'_>, width: &str) -> Markup {
    let place = |href: &str| match around.acting {
        Some(acting) => link_for(acting, href),
        None => href.to_owned(),
    };
    let in_place = around.staff() && around.acting.is_some();
    let home = if in_place { "/home" } else { home_of(around.session) };
    let sections: Vec<(&str, String)> = around
        .session
        .map(|session| sections(session, in_place).map(|(name, href)| (say(name), place(href))).collect())
        .unwrap_or_default();
    let here = |href: &str| {
        around.path == href || around.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
    };
    html! {
        header class="bevan-header" {
            div class=(width) {
                a class="bevan-header__name" href=(place(home)) { (SERVICE) }
                @if !sections.is_empty() {
                    nav class="bevan-header__nav" aria-label=(say("shell-nav")) {
                        ul {
                            @for (text, href) in &sections {
                                li { a href=(href) aria-current=[here(href).then_some("page")] { (text) } }
                            }
                        }
                    }
                }
                @if let Some(session) = around.session {
                    div class="bevan-header__who" {
                        span {
                            (session.person.name)
                            @if !session.person.organisation.is_empty() {
                                " · " (session.person.title) " · " (session.person.organisation)
                            }
                        }
                        form method="post" action="/sign-out" {
                            (token_field(around.token))
                            button type="submit" { (say("shell-sign-out")) }
                        }
                    }
                }
            }
        }
    }
}

fn notices(around: &Surroundings<'_>, width: &str) -> Markup {
    let emergency = around.session.and_then(|session| session.emergency(around.now));
    html! {
        @if let Some(access) = emergency {
            section class="bevan-notice bevan-notice--alarm" aria-label=(say("shell-emergency")) {
                div class=(width) {
                    p { (fill("shell-emergency-until", &[("time", wording::clock24(access.until).into())])) }
                }
            }
        }
        @if let Some(acting) = around.acting {
            section class="bevan-notice bevan-notice--acting" aria-label=(say("shell-acting")) {
                div class=(width) {
                    @if let Some(place) = &acting.in_place {
                        (in_place(acting, place, around.token))
                    } @else {
                        p {
                            @let name = html! { span class="bevan-acting__name" { (acting.name) } };
                            strong { (weave("shell-acting-for", &[("name", name)])) }
                            " "
                            a href="/home" { (say("shell-acting-stop")) }
                        }
                    }
                }
            }
        }
        @if around.demo {
            section class="bevan-notice" aria-label=(say("shell-about")) {
                div class=(width) { p { (say("shell-demo")) } }
            }
        }
    }
}

/// For whom somebody at work does this, how they asked, where the letter goes, and the way out.
fn in_place(acting: &Acting, place: &InPlace, token: &str) -> Markup {
    let name = || acting.name.as_str().into();
    let born = place.born.map_or_else(
        || say("shell-place-unborn").to_owned(),
        |born| fill("shell-place-born", &[("day", wording::when_day(born).into())]),
    );
    let asked = match (&place.behalf.asked, &place.asker) {
        (Asked::Phone, _) => say("shell-place-phone").to_owned(),
        (Asked::InPerson, _) => say("shell-place-here").to_owned(),
        (Asked::Writing, _) => say("shell-place-writing").to_owned(),
        (Asked::Carer(_), asker) => {
            let who = asker.as_deref().unwrap_or_default();
            fill("shell-place-carer", &[("who", who.into())])
        }
    };
    let letter = match (place.behalf.post, &place.address) {
        (true, Some(address)) => fill("shell-place-letter", &[("address", address.as_str().into())]),
        _ => say("shell-place-kept").to_owned(),
    };
    html! {
        p {
            strong { (fill("shell-place-for", &[("name", name())])) }
            " " (born)
            @if let Some(number) = &place.nhs_number {
                " · " (say("shell-place-number")) " " (wording::nhs_number(number))
            }
        }
        p { (asked) " " (letter) }
        form method="post" action="/staff/on-behalf/end" {
            (token_field(token))
            button class="bevan-notice__do" type="submit" { (fill("shell-place-end", &[("name", name())])) }
        }
    }
}

/// Ways to a person, in the same place on every page that patients read.
fn help(phone: Option<&str>, width: &str) -> Markup {
    let phone = match phone {
        Some(phone) => weave("shell-help-phone-line", &[("phone", phone_link(phone))]),
        None => html! { (say("shell-help-phone-none")) },
    };
    let way = |name: &str, how: Markup| html! { div { dt { (name) } dd { (how) } } };
    html! {
        aside class="bevan-help" aria-labelledby="help-from-a-person" {
            div class=(width) {
                h2 class="nhsuk-heading-s" id="help-from-a-person" { (say("shell-help-heading")) }
                dl {
                    (way(say("shell-help-phone"), phone))
                    (way(say("shell-help-relay"), html! { (say("shell-help-relay-how")) }))
                    (way(say("shell-help-bsl"), html! { (say("shell-help-bsl-how")) }))
                    (way(say("shell-help-person"), html! { (say("shell-help-person-how")) }))
                }
            }
        }
    }
}

fn footer(around: &Surroundings<'_>, width: &str) -> Markup {
    let help = say("shell-help");
    html! {
        footer class="bevan-footer" {
            div class=(width) {
                ul {
                    li { a href="/help" { (help) } }
                    li { a href="/accessibility" { (say("shell-accessibility")) } }
                    li { a href="/privacy" { (say("shell-privacy")) } }
                    li { a href="/cookies" { (say("shell-cookies")) } }
                }
                @if around.work() {
                    p {
                        @match around.phone {
                            Some(phone) => (weave("shell-help-brief", &[("phone", phone_link(phone))])),
                            None => (say("shell-help-brief-none")),
                        }
                    }
                }
                p { (say("shell-colophon")) }
            }
        }
    }
}
