//! The router, made from the rows of every area. Nothing is served that has no row, apart from the files under `/assets`.

use crate::door::{self, Asked};
use crate::pages::AREAS;
use crate::route::{Route, Verb};
use crate::state::State;
use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::http::HeaderMap;
use axum::routing::{MethodFilter, get, on};
use tower_http::compression::CompressionLayer;

/// Every address, for the router, the access matrix and the tests that walk it.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    AREAS.iter().copied().flatten()
}

/// Whether an address shows something: links to what is not built are never printed.
pub fn exists(path: &str) -> bool {
    routes().any(|route| route.verb == Verb::Get && route.path == path)
}

/// The people's door. Anything that is no address of ours answers a page that says so.
pub fn router(state: State) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let filter = match route.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let own = state.clone();
        let serve = move |open: RawPathParams, request: Request| async move {
            let open = open.iter().map(|(_, value)| value.to_owned()).collect();
            door::serve(&own, Some(Asked { route, relationship: None, open }), request).await
        };
        router = router.route(route.path, on(filter, serve));
        let Some(mirror) = route.mirror() else { continue };
        let own = state.clone();
        let serve = move |open: RawPathParams, request: Request| async move {
            let mut open = open.iter().map(|(_, value)| value.to_owned());
            let relationship = open.next();
            door::serve(&own, Some(Asked { route, relationship, open: open.collect() }), request).await
        };
        router = router.route(&mirror, on(filter, serve));
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
                    None => door::serve(&state, None, request).await,
                }
            }),
        )
        .method_not_allowed_fallback(move |request: Request| async move {
            door::wrong_method(&method, request).await
        })
        .fallback(move |request: Request| async move { door::serve(&missing, None, request).await })
        .layer(CompressionLayer::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::{Admission, Who};
    use crate::session::Level;
    use care::Role;
    use std::collections::HashSet;

    #[test]
    fn addresses_are_unique() {
        let addresses: HashSet<_> = routes().map(|route| (route.verb, route.path)).collect();
        assert_eq!(addresses.len(), routes().count());
    }

    #[test]
    fn only_public_pages_are_open_to_everybody() {
        const OPEN: &[&str] = &[
            "/",
            "/accessibility",
            "/check",
            "/check/emergency",
            "/check/outcome/{id}",
            "/check/topic",
            "/check/who",
            "/check/{topic}/{step}",
            "/conditions",
            "/conditions/{id}",
            "/cookies",
            "/help",
            "/neighbourhood/{id}",
            "/privacy",
            "/self-care",
            "/self-care/{id}",
            "/services",
            "/services/results",
            "/services/{id}",
            "/session-ended",
            "/sign-in",
            "/sign-in/return",
            "/sign-in/start",
            "/sign-out",
            "/urgent",
        ];
        for route in routes().filter(|route| route.who == Who::Anyone) {
            assert!(
                OPEN.contains(&route.path),
                "{} is open to everybody: is that meant? Then name it here",
                route.path
            );
        }
    }

    #[test]
    fn staff_pages_are_closed_to_patients_and_the_other_way() {
        let patient = Role::Patient { patient: "a".into() };
        let ward = Role::WardStaff { break_glass: None };
        for route in routes() {
            if route.path.starts_with("/staff") {
                assert_eq!(
                    route.who.admits(Some((&patient, Level::P9))),
                    Admission::Closed,
                    "{}",
                    route.path
                );
            }
            if route.path.starts_with("/home") || route.path.starts_with("/record") || route.mirrored {
                assert_eq!(route.who.admits(Some((&ward, Level::P9))), Admission::Closed, "{}", route.path);
            }
        }
    }
}
