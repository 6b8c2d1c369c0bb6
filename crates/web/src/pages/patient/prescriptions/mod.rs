//! Prescriptions for the person who takes the medicines: what can be ordered, ordering it, where each item is, and the
//! pharmacy it goes to (patient-app rules, journey P3).

mod attention;
mod check;
mod list;
mod medicines;
mod note;
mod one;
mod pharmacy;
pub mod worded;

use crate::route::{Route, Who};
pub use attention::attention;
pub use list::answer;

/// Prescriptions, ordering repeats, and the choice of a pharmacy.
pub const ROUTES: &[Route] = &[
    Route::get("/prescriptions", Who::Patient, |state, visit| Box::pin(list::list(state, visit))).mirrored(),
    Route::get("/prescriptions/request", Who::Patient, |state, visit| Box::pin(list::start(state, visit)))
        .mirrored(),
    Route::get("/prescriptions/request/medicines", Who::Patient, |state, visit| {
        Box::pin(medicines::ask(state, visit))
    })
    .mirrored(),
    Route::post("/prescriptions/request/medicines", Who::Patient, |state, visit| {
        Box::pin(medicines::take(state, visit))
    })
    .mirrored(),
    Route::get("/prescriptions/request/note", Who::Patient, |state, visit| Box::pin(note::ask(state, visit)))
        .mirrored(),
    Route::post("/prescriptions/request/note", Who::Patient, |state, visit| {
        Box::pin(note::take(state, visit))
    })
    .mirrored(),
    Route::get("/prescriptions/request/pharmacy", Who::Patient, |state, visit| {
        Box::pin(note::pharmacy(state, visit))
    })
    .mirrored(),
    Route::get("/prescriptions/request/check", Who::Patient, |state, visit| {
        Box::pin(check::check(state, visit))
    })
    .mirrored(),
    Route::post("/prescriptions/request/check", Who::Patient, |state, visit| {
        Box::pin(check::send(state, visit))
    })
    .mirrored(),
    Route::get("/prescriptions/request/done", Who::Patient, |state, visit| {
        Box::pin(check::done(state, visit))
    })
    .mirrored(),
    Route::get("/prescriptions/{id}", Who::Patient, |state, visit| Box::pin(one::one(state, visit)))
        .mirrored(),
    Route::get("/pharmacy", Who::Patient, |state, visit| Box::pin(pharmacy::find(state, visit))).mirrored(),
    Route::post("/pharmacy", Who::Patient, |state, visit| Box::pin(pharmacy::choose(state, visit)))
        .mirrored(),
];

/// Under which name the answers so far are kept.
const DRAFT: &str = "prescriptions";
/// The names of the answers.
const MEDICINE: &str = "medicine";
const NOTE: &str = "note";
