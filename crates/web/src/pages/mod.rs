//! The pages: one file a page or a family of pages. A page asks `care` once and prints what it was told.

mod open;
mod patient;
mod section;
mod staff;

use crate::routes::Page;
use crate::state::State;
use crate::visit::{Outcome, Visit};
use care::record::Part;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Opens a page of the table.
pub async fn open(state: &State, page: Page, visit: &Visit) -> Outcome {
    match page {
        Page::Front => open::front(visit),
        Page::SignIn => open::sign_in(state, visit),
        Page::SignInAs => open::sign_in_as(state, visit),
        Page::SignOut => open::sign_out(),
        Page::Help => open::help(state),
        Page::Accessibility => open::accessibility(),
        Page::Privacy => open::privacy(),
        Page::Cookies => open::cookies(),
        Page::StaffHome => staff::home(visit),
        Page::Wards => staff::wards(state, visit).await,
        Page::SiteEvents => staff::site_events(state, visit).await,
        Page::WardBoard => staff::ward_board(state, visit).await,
        Page::WardEvents => staff::ward_events(state, visit).await,
        Page::Patients => staff::patients(state, visit).await,
        Page::PatientSearch => staff::patient_search(visit),
        Page::Summary => staff::record(state, visit, Part::Summary).await,
        Page::Problems => staff::record(state, visit, Part::Problems).await,
        Page::Medicines => staff::record(state, visit, Part::Medicines).await,
        Page::Allergies => staff::record(state, visit, Part::Allergies).await,
        Page::Results => staff::record(state, visit, Part::Results).await,
        Page::Observations => staff::record(state, visit, Part::Observations).await,
        Page::Encounters => staff::record(state, visit, Part::Encounters).await,
        Page::Emergency => staff::emergency(visit),
        Page::EmergencyFind => staff::emergency_find(state, visit).await,
        Page::BreakGlass => staff::break_glass(visit),
        Page::BreakGlassAsk => staff::break_glass_ask(visit),
        Page::Operations => staff::operations(state, visit).await,
        Page::Replay => staff::replay(state, visit).await,
        Page::Home => patient::home(state, visit).await,
        Page::Record => patient::menu(),
        Page::OwnAllergies => patient::record(state, visit, Part::Allergies).await,
        Page::OwnConditions => patient::record(state, visit, Part::Problems).await,
        Page::OwnMedicines => patient::record(state, visit, Part::Medicines).await,
        Page::OwnResults => patient::record(state, visit, Part::Results).await,
        Page::OwnVisits => patient::record(state, visit, Part::Encounters).await,
        Page::WhoLooked => patient::who_looked(state, visit).await,
    }
}

/// A value as one part of an address.
pub fn address(value: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(value, KEPT).to_string()
}
