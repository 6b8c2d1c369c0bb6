//! The lines that stand on each page about a person, so that nobody reads the wrong record, and the pages about them as tabs.

use super::tile::record;
use crate::wording;
use care::Role;
use care::profile::{Format, Preferences};
use care::record::{Banner, Part};
use care::view::Section;
use maud::{Markup, html};

/// Prints the banner.
pub fn banner(banner: &Banner) -> Markup {
    let fact = |name: &str, value: Markup| html! { div { dt { (name) } dd { (value) } } };
    let born = banner.born.map_or_else(|| "not recorded".to_owned(), wording::when_day);
    let age = banner.age.map(|age| format!(" ({age})")).unwrap_or_default();
    html! {
        section class="bevan-banner" aria-label="Patient" {
            p class="bevan-banner__name" { (banner.name) }
            dl {
                (fact("Born", html! { (born) (age) }))
                (fact("Sex", html! { (wording::sex(banner.sex)) }))
                (fact("NHS number", match &banner.nhs_number {
                    Some(digits) => wording::nhs_number(digits),
                    None => html! { "not recorded" },
                }))
                @if let Some(died) = banner.died {
                    div class="bevan-banner__alarm" { dt { "Died" } dd { (wording::when_day(died)) } }
                }
                (allergies(banner))
                @if let Some(place) = &banner.location { (fact("Now in", html! { (place) })) }
                @if let Some(words) = needs(&banner.wishes) { (fact("Communication", html! { (words) })) }
            }
            @if let Some(id) = &banner.replaced_by {
                @if *id == banner.patient_id {
                    p class="nhsuk-u-margin-bottom-0" { "The record you opened was merged into this one." }
                } @else {
                p class="nhsuk-u-margin-bottom-0" {
                    "This record was replaced by another after a merge. " a href=(record(id)) { "Open the other record" }
                }
                }
            }
        }
    }
}

/// What the person chose that whoever talks or writes to them must know.
fn needs(wishes: &Preferences) -> Option<String> {
    let spoken = match (wishes.interpreter, &wishes.language) {
        (true, Some(language)) => Some(format!("needs an interpreter for {language}")),
        (true, None) => Some("needs an interpreter".to_owned()),
        (false, Some(language)) => Some(format!("speaks {language} best")),
        (false, None) => None,
    };
    let written = match wishes.format {
        Format::Standard => None,
        Format::LargePrint => Some("letters in large print"),
        Format::Braille => Some("letters in braille"),
        Format::Audio => Some("letters as audio"),
        Format::EasyRead => Some("letters in Easy Read"),
    };
    let all: Vec<String> = spoken.into_iter().chain(written.map(str::to_owned)).collect();
    (!all.is_empty()).then(|| wording::capital(&all.join(", ")))
}

fn allergies(banner: &Banner) -> Markup {
    let (alarm, words) = match &banner.allergies {
        Section::Shown(listed) if !listed.items.is_empty() => {
            let more = if listed.next.is_some() { " and more" } else { "" };
            (true, format!("{}{more}", listed.items.join(", ")))
        }
        Section::Shown(_) if banner.no_known_allergies => (false, "none known".to_owned()),
        Section::Shown(_) => (true, "not recorded".to_owned()),
        Section::NoAccess => (false, "not in your role".to_owned()),
        Section::Failed => (true, "could not be read, do not take as none".to_owned()),
    };
    html! { div class=[alarm.then_some("bevan-banner__alarm")] { dt { "Allergies" } dd { (words) } } }
}

/// The pages about a person, in the order staff read them.
pub const TABS: &[(Part, &str, &str)] = &[
    (Part::Summary, "Summary", ""),
    (Part::Problems, "Problems", "/problems"),
    (Part::Medicines, "Medicines", "/medicines"),
    (Part::Allergies, "Allergies", "/allergies"),
    (Part::Results, "Results", "/results"),
    (Part::Scans, "Scans and images", "/scans"),
    (Part::Observations, "Observations", "/observations"),
    (Part::Vaccinations, "Vaccinations", "/vaccinations"),
    (Part::Documents, "Documents", "/documents"),
    (Part::Encounters, "Stays and visits", "/encounters"),
];

/// The heading of a page about a person: the same words as its tab.
pub fn heading(part: Part) -> &'static str {
    TABS.iter().find(|(one, ..)| *one == part).map_or("Summary", |(_, words, _)| words)
}

/// Prints the tabs that a role may open.
pub fn tabs(patient: &str, here: Part, role: &Role) -> Markup {
    let desk = matches!(role, Role::Receptionist);
    let open = TABS.iter().filter(|(part, ..)| !desk || matches!(part, Part::Summary | Part::Encounters));
    html! {
        nav class="bevan-tabs" aria-label="Record" {
            ul {
                @for (part, words, path) in open {
                    li {
                        a href={ (record(patient)) (path) } aria-current=[(*part == here).then_some("page")] { (words) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_are_told_what_they_need_to_talk_and_write() {
        let of = |format, language: Option<&str>, interpreter| {
            let language = language.map(str::to_owned);
            needs(&Preferences { channel: None, format, language, interpreter })
        };
        assert_eq!(of(Format::Standard, None, false), None);
        for (format, language, interpreter, expected) in [
            (Format::Standard, Some("Polish"), true, "Needs an interpreter for Polish"),
            (Format::Standard, None, true, "Needs an interpreter"),
            (Format::Standard, Some("Welsh"), false, "Speaks Welsh best"),
            (Format::Braille, None, false, "Letters in braille"),
            (Format::EasyRead, Some("Urdu"), true, "Needs an interpreter for Urdu, letters in Easy Read"),
        ] {
            assert_eq!(of(format, language, interpreter).as_deref(), Some(expected));
        }
    }
}
