//! Pages for people at work. One screen answers one question; whatever needs somebody now comes first.

mod banner;
mod break_glass;
mod emergency;
pub mod family;
mod home;
pub mod imaging;
mod lists;
mod live;
pub mod messages;
pub mod on_behalf;
mod operations;
mod papers;
mod patients;
pub mod prescriptions;
mod record;
mod results;
pub mod reviews;
mod scans;
mod tile;
mod ward_board;
mod wards;

use crate::route::{Route, Serve, Who, ready};
use care::record::Part;

/// Pages for people at work.
pub const ROUTES: &[Route] = &[
    Route::get("/staff/home", Who::Staff, |_, visit| ready(home::home(visit))),
    Route::get("/staff/wards", Who::Ward, |state, visit| Box::pin(wards::wards(state, visit))),
    Route::get("/staff/wards/events", Who::Ward, |state, visit| Box::pin(live::site_events(state, visit))),
    Route::get("/staff/wards/{id}", Who::Ward, |state, visit| Box::pin(ward_board::ward_board(state, visit))),
    Route::get("/staff/wards/{id}/events", Who::Ward, |state, visit| {
        Box::pin(live::ward_events(state, visit))
    }),
    Route::get("/staff/patients", Who::WardOrReception, |state, visit| {
        Box::pin(patients::patients(state, visit))
    }),
    Route::post("/staff/patients", Who::WardOrReception, |_, visit| ready(patients::patient_search(visit))),
    desk("/staff/patients/{id}", |state, visit| Box::pin(record::record(state, visit, Part::Summary))),
    desk("/staff/patients/{id}/encounters", |state, visit| {
        Box::pin(record::record(state, visit, Part::Encounters))
    }),
    ward("/staff/patients/{id}/problems", |state, visit| {
        Box::pin(record::record(state, visit, Part::Problems))
    }),
    ward("/staff/patients/{id}/medicines", |state, visit| {
        Box::pin(record::record(state, visit, Part::Medicines))
    }),
    ward("/staff/patients/{id}/allergies", |state, visit| {
        Box::pin(record::record(state, visit, Part::Allergies))
    }),
    ward("/staff/patients/{id}/results", |state, visit| {
        Box::pin(record::record(state, visit, Part::Results))
    }),
    ward("/staff/patients/{id}/observations", |state, visit| {
        Box::pin(record::record(state, visit, Part::Observations))
    }),
    ward("/staff/patients/{id}/scans", |state, visit| Box::pin(record::record(state, visit, Part::Scans))),
    ward("/staff/patients/{id}/vaccinations", |state, visit| {
        Box::pin(record::record(state, visit, Part::Vaccinations))
    }),
    ward("/staff/patients/{id}/documents", |state, visit| {
        Box::pin(record::record(state, visit, Part::Documents))
    }),
    ward("/staff/patients/{id}/documents/{document}/{number}", |state, visit| {
        Box::pin(papers::file(state, visit))
    }),
    ward("/staff/patients/{id}/break-glass", |_, visit| ready(break_glass::break_glass(visit))),
    Route::post("/staff/patients/{id}/break-glass", Who::Ward, |state, visit| {
        Box::pin(break_glass::break_glass_ask(state, visit))
    }),
    Route::get("/staff/emergency", Who::Ward, |_, visit| ready(emergency::emergency(visit))),
    Route::post("/staff/emergency", Who::Ward, |state, visit| {
        Box::pin(emergency::emergency_find(state, visit))
    }),
    Route::get("/staff/operations", Who::Operator, |state, visit| {
        Box::pin(operations::operations(state, visit))
    }),
    Route::post("/staff/operations/{id}/replay", Who::Operator, |state, visit| {
        Box::pin(operations::replay(state, visit))
    }),
    Route::post("/staff/operations/matters/{id}/close", Who::Operator, |state, visit| {
        Box::pin(operations::close(state, visit))
    }),
];

const fn ward(path: &'static str, serve: Serve) -> Route {
    Route::get(path, Who::Ward, serve)
}

const fn desk(path: &'static str, serve: Serve) -> Route {
    Route::get(path, Who::WardOrReception, serve)
}
