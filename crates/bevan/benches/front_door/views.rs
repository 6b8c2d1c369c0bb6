//! What a person does at the front door: signs in, and looks at twenty pages, some of them found on the page before.

use crate::browser::{Browser, Page};
use crate::login::Login;
use crate::times::Times;
use std::io::{Error, Result};
use std::net::SocketAddr;
use std::time::Instant;

/// The pages in order. A name that ends in `*` is the first address of that form on the page before; where there is none, home
/// is opened in its place.
pub const VIEWS: &[&str] = &[
    "/home",
    "/results",
    "/results/*",
    "/results/trend/*",
    "/home",
    "/record",
    "/record/medicines",
    "/record/allergies",
    "/record/conditions",
    "/record/timeline",
    "/prescriptions",
    "/prescriptions/request",
    "/appointments",
    "/appointments/book",
    "/home",
    "/messages",
    "/messages/*",
    "/profile",
    "/profile/who-looked",
    "/family",
];

/// One visit. `due` is when it should begin.
pub fn visit(server: SocketAddr, login: &Login, person: usize, (due, seen): (Instant, &mut Times)) {
    if let Err(error) = whole(server, login, person, (due, seen)) {
        seen.failed(&error.to_string());
    }
}

fn whole(server: SocketAddr, login: &Login, person: usize, (due, seen): (Instant, &mut Times)) -> Result<()> {
    let mut browser = Browser::open(server)?;
    let late = due.elapsed();
    if late.as_millis() > 100 {
        seen.late += 1;
    }
    timed(seen, "sign in: page", due, 200, || browser.get("/sign-in"))?;
    let away =
        timed(seen, "sign in: away", Instant::now(), 303, || browser.get("/sign-in/start?level=proven"))?;
    let back =
        login.signed_in(&away.location.ok_or_else(|| Error::other("no way to the login service"))?, person);
    timed(seen, "sign in: back", Instant::now(), 303, || browser.get(&back))?;
    let mut before = Page { status: 200, location: None, html: String::new() };
    for view in VIEWS {
        let path = match view.strip_suffix('*') {
            None => Some((*view).to_owned()),
            Some(form) => link(&before.html, form),
        };
        let (name, path) = path.map_or(("/home", "/home".to_owned()), |path| (*view, path));
        before = timed(seen, name, Instant::now(), 200, || browser.get(&path))?;
        if !before.html.contains("</html>") || before.html.contains("There is a problem") {
            return Err(Error::other(format!("{name} is not the page it should be")));
        }
    }
    Ok(())
}

fn timed(
    seen: &mut Times,
    name: &'static str,
    from: Instant,
    status: u16,
    get: impl FnOnce() -> Result<Page>,
) -> Result<Page> {
    let page = get()?;
    seen.took(name, from.elapsed());
    if page.status == status {
        Ok(page)
    } else {
        Err(Error::other(format!("{name} answered {}", page.status)))
    }
}

/// The first address on a page that begins so.
fn link(html: &str, form: &str) -> Option<String> {
    let hrefs = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let fits =
        |href: &&str| href.strip_prefix(form).is_some_and(|rest| !rest.is_empty() && !rest.contains('/'));
    hrefs.into_iter().find(|href| fits(href) && *href != "/messages/new").map(str::to_owned)
}
