//! What stands around every page: skip link, our own header, notices, the page, footer. No logo, no inline script or
//! style, nothing of another host. The title is the heading and the service's name, with `Error: ` first on a refused form.

use crate::asset::assets;
use crate::component::{Crumb, breadcrumb, skip_link};
use crate::form::TOKEN_FIELD;
use crate::session::Session;
use crate::wording;
use crate::words::{fill, say};
use care::Role;
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
        Self { heading: heading.to_owned(), crumbs: Vec::new(), wide: false, refused: false, body }
    }

    /// A page that needs the width of a work screen.
    pub fn wide(heading: &str, body: Markup) -> Self {
        Self { wide: true, ..Self::new(heading, body) }
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
    /// The token for the sign-out form.
    pub token: &'a str,
    /// Whether this is a demo.
    pub demo: bool,
    /// The time, for what ends.
    pub now: Timestamp,
}

/// Prints a whole page.
pub fn page(document: &Document, around: &Surroundings<'_>) -> Markup {
    let assets = assets();
    let error = if document.refused { "Error: " } else { "" };
    let width = if document.wide { "bevan-page bevan-page--wide" } else { "bevan-page" };
    let staff = around
        .session
        .is_some_and(|session| !matches!(session.person.role, Role::Patient { .. } | Role::Unproven));
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="theme-color" content="#0d4a56";
                meta name="robots" content="noindex";
                title { (error) (document.heading) " – " (SERVICE) }
                link rel="icon" href=(assets.icon.url) type="image/svg+xml";
                link rel="stylesheet" href=(assets.style.url);
                script type="module" src=(assets.script.url) {}
            }
            body {
                (skip_link(say("shell-skip"), "#maincontent"))
                (header(around, width))
                (notices(around, width))
                main class={ (width) " bevan-main" @if staff { " bevan-work" } } id="maincontent" {
                    (breadcrumb(&document.crumbs))
                    @if let Some(words) = around.session.and_then(|session| session.notice.as_deref()) {
                        div class="bevan-answer" role="status" { p { (words) } }
                    }
                    (document.body)
                }
                (footer(width))
            }
        }
    }
}

/// The hidden field that shows that a form is ours.
pub fn token_field(token: &str) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(token); }
}

/// The sections of each role, by address.
fn sections(session: &Session) -> &'static [(&'static str, &'static str)] {
    const WORK: (&str, &str) = ("shell-nav-work", "/staff/home");
    const WARDS: (&str, &str) = ("shell-nav-wards", "/staff/wards");
    const PATIENTS: (&str, &str) = ("shell-nav-patients", "/staff/patients");
    match session.person.role {
        Role::Patient { .. } => &[("shell-nav-home", "/home"), ("shell-nav-record", "/record")],
        Role::WardStaff { .. } => &[WORK, WARDS, PATIENTS],
        Role::Receptionist => &[WORK, PATIENTS],
        Role::Operator => &[WORK, ("shell-nav-operations", "/staff/operations")],
        Role::Surgery { .. } => &[WORK, ("shell-nav-prescriptions", "/staff/prescriptions")],
        Role::Unproven => &[("shell-nav-home", "/home")],
        Role::Carer { .. } | Role::Backend { .. } | Role::System => &[],
    }
}

/// Where a person starts.
pub fn home_of(session: Option<&Session>) -> &'static str {
    session.and_then(|session| sections(session).first()).map_or("/sign-in", |(_, href)| href)
}

fn header(around: &Surroundings<'_>, width: &str) -> Markup {
    let sections = around.session.map(sections).unwrap_or_default();
    let here = |href: &str| {
        around.path == href || around.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
    };
    html! {
        header class="bevan-header" {
            div class=(width) {
                a class="bevan-header__name" href=(home_of(around.session)) { (SERVICE) }
                @if !sections.is_empty() {
                    nav class="bevan-header__nav" aria-label=(say("shell-nav")) {
                        ul {
                            @for (text, href) in sections {
                                li { a href=(href) aria-current=[here(href).then_some("page")] { (say(text)) } }
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
            div class="bevan-notice bevan-notice--alarm" role="region" aria-label=(say("shell-emergency")) {
                div class=(width) {
                    p { (fill("shell-emergency-until", &[("time", wording::clock24(access.until).into())])) }
                }
            }
        }
        @if around.demo {
            div class="bevan-notice" role="region" aria-label=(say("shell-about")) {
                div class=(width) { p { (say("shell-demo")) } }
            }
        }
    }
}

fn footer(width: &str) -> Markup {
    html! {
        footer class="bevan-footer" {
            div class=(width) {
                ul {
                    li { a href="/help" { (say("shell-help")) } }
                    li { a href="/accessibility" { (say("shell-accessibility")) } }
                    li { a href="/privacy" { (say("shell-privacy")) } }
                    li { a href="/cookies" { (say("shell-cookies")) } }
                }
                p { (say("shell-colophon")) }
            }
        }
    }
}
