//! A person's own details and choices: one page that shows them, and one question a page to change them. Changes are a
//! person's own: nobody makes them for another, but for staff whom the person asked.

mod overview;
mod question;

use crate::route::{Route, Who};
use question::Question;

/// The addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/profile", Who::Patient, |state, visit| Box::pin(overview::overview(state, visit)))
        .mirrored(),
    Route::get("/profile/contact", Who::Patient, |state, visit| {
        Box::pin(question::ask(state, visit, Question::Channel))
    })
    .in_place(),
    Route::post("/profile/contact", Who::Patient, |state, visit| {
        Box::pin(question::answer(state, visit, Question::Channel))
    })
    .in_place(),
    Route::get("/profile/format", Who::Patient, |state, visit| {
        Box::pin(question::ask(state, visit, Question::Format))
    })
    .in_place(),
    Route::post("/profile/format", Who::Patient, |state, visit| {
        Box::pin(question::answer(state, visit, Question::Format))
    })
    .in_place(),
    Route::get("/profile/language", Who::Patient, |state, visit| {
        Box::pin(question::ask(state, visit, Question::Language))
    })
    .in_place(),
    Route::post("/profile/language", Who::Patient, |state, visit| {
        Box::pin(question::answer(state, visit, Question::Language))
    })
    .in_place(),
];
