//! The site map: every address, what it shows and who may open it, as one table. The router is made from it, and so is
//! the access matrix that tests walk. Nothing is served that has no row here, apart from the files under `/assets`.

use crate::door;
use crate::state::State;
use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::http::HeaderMap;
use axum::routing::{MethodFilter, get, on};
use care::Role;
use tower_http::compression::CompressionLayer;

/// GET (and HEAD) or POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads; safe and bookmarkable.
    Get,
    /// Changes something; answers 303.
    Post,
}

/// Who may open an address. What they see there is decided by the store, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Patients.
    Patient,
    /// Whoever is signed in and not as a patient.
    Staff,
    /// Ward staff.
    Ward,
    /// Ward staff and receptionists.
    WardOrReception,
    /// Operators.
    Operator,
}

impl Who {
    /// Whether a role may open the address; `None` is nobody signed in.
    pub fn admits(self, role: Option<&Role>) -> bool {
        match (self, role) {
            (Who::Anyone, _) => true,
            (_, None | Some(Role::Backend { .. } | Role::System)) => false,
            (Who::Patient, Some(role)) => matches!(role, Role::Patient { .. }),
            (Who::Staff, Some(role)) => !matches!(role, Role::Patient { .. }),
            (Who::Ward, Some(role)) => matches!(role, Role::WardStaff { .. }),
            (Who::WardOrReception, Some(role)) => matches!(role, Role::WardStaff { .. } | Role::Receptionist),
            (Who::Operator, Some(role)) => matches!(role, Role::Operator),
        }
    }
}

/// What an address shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the page or action of its name; the table below says where")]
pub enum Page {
    Front,
    SignIn,
    SignInAs,
    SignOut,
    Help,
    Accessibility,
    Privacy,
    Cookies,
    StaffHome,
    Wards,
    SiteEvents,
    WardBoard,
    WardEvents,
    Patients,
    PatientSearch,
    Summary,
    Problems,
    Medicines,
    Allergies,
    Results,
    Observations,
    Encounters,
    Emergency,
    EmergencyFind,
    BreakGlass,
    BreakGlassAsk,
    Operations,
    Replay,
    Home,
    Record,
    OwnAllergies,
    OwnConditions,
    OwnMedicines,
    OwnResults,
    OwnVisits,
    WhoLooked,
}

/// One address.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub verb: Verb,
    /// The path, with its open parts in braces.
    pub path: &'static str,
    /// What it shows or does.
    pub page: Page,
    /// Who may open it.
    pub who: Who,
}

const fn row(verb: Verb, path: &'static str, page: Page, who: Who) -> Route {
    Route { verb, path, page, who }
}

/// Every address.
pub const ROUTES: &[Route] = &[
    row(Verb::Get, "/", Page::Front, Who::Anyone),
    row(Verb::Get, "/sign-in", Page::SignIn, Who::Anyone),
    row(Verb::Post, "/sign-in", Page::SignInAs, Who::Anyone),
    row(Verb::Post, "/sign-out", Page::SignOut, Who::Anyone),
    row(Verb::Get, "/help", Page::Help, Who::Anyone),
    row(Verb::Get, "/accessibility", Page::Accessibility, Who::Anyone),
    row(Verb::Get, "/privacy", Page::Privacy, Who::Anyone),
    row(Verb::Get, "/cookies", Page::Cookies, Who::Anyone),
    row(Verb::Get, "/staff/home", Page::StaffHome, Who::Staff),
    row(Verb::Get, "/staff/wards", Page::Wards, Who::Ward),
    row(Verb::Get, "/staff/wards/events", Page::SiteEvents, Who::Ward),
    row(Verb::Get, "/staff/wards/{id}", Page::WardBoard, Who::Ward),
    row(Verb::Get, "/staff/wards/{id}/events", Page::WardEvents, Who::Ward),
    row(Verb::Get, "/staff/patients", Page::Patients, Who::WardOrReception),
    row(Verb::Post, "/staff/patients", Page::PatientSearch, Who::WardOrReception),
    row(Verb::Get, "/staff/patients/{id}", Page::Summary, Who::WardOrReception),
    row(Verb::Get, "/staff/patients/{id}/problems", Page::Problems, Who::Ward),
    row(Verb::Get, "/staff/patients/{id}/medicines", Page::Medicines, Who::Ward),
    row(Verb::Get, "/staff/patients/{id}/allergies", Page::Allergies, Who::Ward),
    row(Verb::Get, "/staff/patients/{id}/results", Page::Results, Who::Ward),
    row(Verb::Get, "/staff/patients/{id}/observations", Page::Observations, Who::Ward),
    row(Verb::Get, "/staff/patients/{id}/encounters", Page::Encounters, Who::WardOrReception),
    row(Verb::Get, "/staff/patients/{id}/break-glass", Page::BreakGlass, Who::Ward),
    row(Verb::Post, "/staff/patients/{id}/break-glass", Page::BreakGlassAsk, Who::Ward),
    row(Verb::Get, "/staff/emergency", Page::Emergency, Who::Ward),
    row(Verb::Post, "/staff/emergency", Page::EmergencyFind, Who::Ward),
    row(Verb::Get, "/staff/operations", Page::Operations, Who::Operator),
    row(Verb::Post, "/staff/operations/{id}/replay", Page::Replay, Who::Operator),
    row(Verb::Get, "/home", Page::Home, Who::Patient),
    row(Verb::Get, "/record", Page::Record, Who::Patient),
    row(Verb::Get, "/record/allergies", Page::OwnAllergies, Who::Patient),
    row(Verb::Get, "/record/conditions", Page::OwnConditions, Who::Patient),
    row(Verb::Get, "/record/medicines", Page::OwnMedicines, Who::Patient),
    row(Verb::Get, "/record/results", Page::OwnResults, Who::Patient),
    row(Verb::Get, "/record/visits", Page::OwnVisits, Who::Patient),
    row(Verb::Get, "/profile/who-looked", Page::WhoLooked, Who::Patient),
];

/// The people's door. Anything that is no address of ours answers a page that says so.
pub fn router(state: State) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let filter = match route.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let state = state.clone();
        let serve = move |open: RawPathParams, request: Request| async move {
            let open = open.iter().map(|(_, value)| value.to_owned()).collect();
            door::serve(&state, Some(route), open, request).await
        };
        router = router.route(route.path, on(filter, serve));
    }
    let missing = state.clone();
    let method = state.clone();
    router
        .route(
            "/assets/{file}",
            get(move |open: RawPathParams, headers: HeaderMap, request: Request| async move {
                let file = open.iter().next().map(|(_, file)| file.to_owned()).unwrap_or_default();
                match door::asset(&file, &headers) {
                    Some(response) => response,
                    None => door::serve(&state, None, Vec::new(), request).await,
                }
            }),
        )
        .method_not_allowed_fallback(
            move |request: Request| async move { door::wrong_method(&method, request) },
        )
        .fallback(
            move |request: Request| async move { door::serve(&missing, None, Vec::new(), request).await },
        )
        .layer(CompressionLayer::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn addresses_and_pages_are_unique() {
        let addresses: HashSet<_> = ROUTES.iter().map(|route| (route.verb, route.path)).collect();
        let pages: HashSet<_> = ROUTES.iter().map(|route| route.page).collect();
        assert_eq!(addresses.len(), ROUTES.len());
        assert_eq!(pages.len(), ROUTES.len());
    }

    #[test]
    fn only_public_pages_are_open_to_everybody() {
        let open: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.who.admits(None))
            .map(|route| (route.verb, route.path))
            .collect();
        let expected = [
            (Verb::Get, "/"),
            (Verb::Get, "/sign-in"),
            (Verb::Post, "/sign-in"),
            (Verb::Post, "/sign-out"),
            (Verb::Get, "/help"),
            (Verb::Get, "/accessibility"),
            (Verb::Get, "/privacy"),
            (Verb::Get, "/cookies"),
        ];
        assert_eq!(open, expected);
    }

    #[test]
    fn staff_pages_are_closed_to_patients_and_the_other_way() {
        let patient = Role::Patient { patient: "a".into() };
        let ward = Role::WardStaff { break_glass: None };
        for route in ROUTES {
            if route.path.starts_with("/staff") {
                assert!(!route.who.admits(Some(&patient)), "{}", route.path);
            }
            if route.path.starts_with("/home") || route.path.starts_with("/record") {
                assert!(!route.who.admits(Some(&ward)), "{}", route.path);
            }
        }
    }
}
