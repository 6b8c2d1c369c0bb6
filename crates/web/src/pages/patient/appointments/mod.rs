//! Appointments, referrals and waits: one list, booking in small steps, and the pages of one appointment, referral or place
//! on a waiting list (patient-app rules, P4 and P5). Steps carry what was chosen in their address, so that Back works and a
//! step can be bookmarked; only the note, which is personal, is kept in a draft on the server.

mod ask;
mod attention;
mod calendar;
mod choose;
mod details;
mod list;
mod moving;
mod one;
mod refused;
mod waiting;
mod worded;

use crate::layout::Document;
use crate::route::{Route, Who, ready};
use crate::visit::Visit;
use crate::words::say;
pub use attention::attention;

/// The addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/appointments", Who::Patient, |state, visit| Box::pin(list::list(state, visit))).mirrored(),
    Route::get("/appointments/book", Who::Patient, |_, visit| ready(choose::start(visit))).mirrored(),
    Route::get("/appointments/book/type", Who::Patient, |_, visit| ready(choose::kind(visit))).mirrored(),
    Route::post("/appointments/book/type", Who::Patient, |_, visit| ready(choose::kind_chosen(visit)))
        .mirrored(),
    Route::get("/appointments/book/when", Who::Patient, |state, visit| Box::pin(choose::when(state, visit)))
        .mirrored(),
    Route::get("/appointments/book/slot", Who::Patient, |state, visit| Box::pin(choose::slot(state, visit)))
        .mirrored(),
    Route::get("/appointments/book/details", Who::Patient, |state, visit| {
        Box::pin(details::details(state, visit))
    })
    .mirrored(),
    Route::post("/appointments/book/details", Who::Patient, |state, visit| {
        Box::pin(details::details_sent(state, visit))
    })
    .mirrored(),
    Route::get("/appointments/book/check", Who::Patient, |state, visit| {
        Box::pin(details::check(state, visit))
    })
    .mirrored(),
    Route::post("/appointments/book/check", Who::Patient, |state, visit| {
        Box::pin(details::book(state, visit))
    })
    .mirrored(),
    Route::get("/appointments/book/done", Who::Patient, |state, visit| Box::pin(details::done(state, visit)))
        .mirrored(),
    Route::get("/appointments/ask-gp", Who::Patient, |state, visit| Box::pin(ask::question(state, visit)))
        .mirrored(),
    Route::post("/appointments/ask-gp", Who::Patient, |state, visit| {
        Box::pin(ask::question_sent(state, visit))
    })
    .mirrored(),
    Route::get("/appointments/ask-gp/check", Who::Patient, |state, visit| Box::pin(ask::check(state, visit)))
        .mirrored(),
    Route::post("/appointments/ask-gp/check", Who::Patient, |state, visit| Box::pin(ask::send(state, visit)))
        .mirrored(),
    Route::get("/appointments/ask-gp/done", Who::Patient, |_, visit| ready(ask::done(visit))).mirrored(),
    Route::get("/appointments/{id}", Who::Patient, |state, visit| Box::pin(one::one(state, visit)))
        .mirrored(),
    Route::get("/appointments/{id}/calendar.ics", Who::Patient, |state, visit| {
        Box::pin(one::calendar(state, visit))
    })
    .mirrored(),
    Route::get("/appointments/{id}/change", Who::Patient, |state, visit| {
        Box::pin(moving::change(state, visit))
    })
    .mirrored(),
    Route::post("/appointments/{id}/change", Who::Patient, |state, visit| {
        Box::pin(moving::move_it(state, visit))
    })
    .mirrored(),
    Route::get("/appointments/{id}/cancel", Who::Patient, |state, visit| {
        Box::pin(moving::cancel(state, visit))
    })
    .mirrored(),
    Route::post("/appointments/{id}/cancel", Who::Patient, |state, visit| {
        Box::pin(moving::cancel_it(state, visit))
    })
    .mirrored(),
    Route::get("/referrals/{id}", Who::Patient, |state, visit| Box::pin(waiting::referral(state, visit)))
        .mirrored(),
    Route::get("/waiting-lists/{id}", Who::Patient, |state, visit| Box::pin(waiting::place(state, visit)))
        .mirrored(),
];

/// A page of this area, under the list.
fn under_list(visit: &Visit, document: Document) -> Document {
    let (home, list) = (visit.link("/home"), visit.link("/appointments"));
    document.under(&[(say("appointments-home"), &home), (say("appointments-heading"), &list)])
}
