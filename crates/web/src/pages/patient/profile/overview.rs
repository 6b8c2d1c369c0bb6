//! What is recorded about somebody, what they chose, and the way to change it.

use crate::component::{Action, SummaryList, SummaryRow};
use crate::layout::Document;
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::say;
use care::profile::{Channel, Format, Preferences, Profile};
use maud::{Markup, html};

/// The page.
pub async fn overview(state: &State, visit: &Visit) -> Outcome {
    let profile = state.care.profile(&visit.actor()?, visit.patient_id()?).await?;
    Answer::page(overview_page(&profile, visit))
}

/// Prints the page.
pub fn overview_page(profile: &Profile, visit: &Visit) -> Document {
    let own = visit.acting.is_none();
    let in_place = visit.is_in_place();
    let (details_of, choices_of) = match own {
        true => (say("profile-details"), say("profile-choices")),
        false => (say("profile-details-other"), say("profile-choices-other")),
    };
    let body = html! {
        h1 { (say("profile-heading")) }
        h2 class="nhsuk-heading-m" { (details_of) }
        (details(profile))
        @if own { p { (say("profile-details-wrong")) } }
        h2 class="nhsuk-heading-m" { (choices_of) }
        (choices(&profile.preferences, (own || in_place).then_some(visit)))
        h2 class="nhsuk-heading-m" { (say("profile-trust")) }
        ul class="bevan-links" {
            @if own { li { a href=(visit.link("/profile/who-looked")) { (say("profile-who-looked")) } } }
            @if (own || in_place) && exists("/family") { li { a href=(visit.link("/family")) { (say("family-heading")) } } }
        }
        @if own { p { (say("profile-sign-out")) } }
    };
    Document::new(say("profile-heading"), body).under(&[(say("profile-home"), &visit.link("/home"))])
}

fn details(profile: &Profile) -> SummaryList {
    let none = || html! { (say("profile-none")) };
    let lines = |all: &[String]| match all {
        [] => none(),
        some => html! { @for (n, line) in some.iter().enumerate() { @if n > 0 { br; } (line) } },
    };
    SummaryList::new(vec![
        SummaryRow::new(say("profile-name"), html! { (profile.name) }),
        SummaryRow::new(
            say("profile-born"),
            match profile.born {
                Some(born) => html! { (wording::when_day(born)) },
                None => none(),
            },
        ),
        SummaryRow::new(
            say("profile-nhs-number"),
            match &profile.nhs_number {
                Some(number) => wording::nhs_number(number),
                None => none(),
            },
        ),
        SummaryRow::new(say("profile-address"), lines(&profile.address)),
        SummaryRow::new(say("profile-phones"), lines(&profile.phones)),
        SummaryRow::new(say("profile-emails"), lines(&profile.emails)),
    ])
}

fn choices(chosen: &Preferences, changes: Option<&Visit>) -> SummaryList {
    let row = |name: &'static str, value: Markup, path: &str| {
        let change = |visit: &Visit| Action {
            text: say("profile-change").to_owned(),
            href: visit.link(path),
            hidden: Some(name.to_lowercase()),
        };
        SummaryRow { actions: changes.map(change).into_iter().collect(), ..SummaryRow::new(name, value) }
    };
    let interpreter =
        if chosen.interpreter { say("profile-interpreter-yes") } else { say("profile-interpreter-no") };
    let language = chosen.language.as_deref().unwrap_or(say("profile-language-english"));
    SummaryList::new(vec![
        row(say("profile-channel"), html! { (channel(chosen.channel)) }, "/profile/contact"),
        row(say("profile-format"), html! { (format(chosen.format)) }, "/profile/format"),
        row(say("profile-language"), html! { (language) }, "/profile/language"),
        SummaryRow::new(say("profile-interpreter"), html! { (interpreter) }),
    ])
}

/// A channel in words.
pub fn channel(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::App) => say("profile-channel-app"),
        Some(Channel::Email) => say("profile-channel-email"),
        Some(Channel::Text) => say("profile-channel-text"),
        Some(Channel::Letter) => say("profile-channel-letter"),
        None => say("profile-channel-none"),
    }
}

/// A format in words.
pub fn format(format: Format) -> &'static str {
    match format {
        Format::Standard => say("profile-format-standard"),
        Format::LargePrint => say("profile-format-large-print"),
        Format::Braille => say("profile-format-braille"),
        Format::Audio => say("profile-format-audio"),
        Format::EasyRead => say("profile-format-easy-read"),
    }
}
