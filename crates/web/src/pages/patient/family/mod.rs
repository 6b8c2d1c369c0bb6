//! Family and carers: whom the reader acts for, who acts for the reader, and applying to act for somebody. The pages of
//! somebody who is acted for stand under `/as/{relationship}`; these here stand there only for staff whom the patient asked.

mod apply;
mod attention;
mod list;
mod one;
pub mod say;
mod steps;

use crate::route::{Route, Who, ready};
pub use attention::attention;

/// The rows of the area.
pub const ROUTES: &[Route] = &[
    Route::get("/family", Who::Patient, |state, visit| Box::pin(list::family(state, visit))).in_place(),
    Route::get("/family/apply", Who::Patient, |state, visit| {
        Box::pin(apply::ask(state, visit, apply::Step::Who))
    })
    .in_place(),
    Route::post("/family/apply", Who::Patient, |state, visit| {
        Box::pin(apply::take(state, visit, apply::Step::Who))
    })
    .in_place(),
    Route::get("/family/apply/right", Who::Patient, |state, visit| {
        Box::pin(apply::ask(state, visit, apply::Step::Right))
    })
    .in_place(),
    Route::post("/family/apply/right", Who::Patient, |state, visit| {
        Box::pin(apply::take(state, visit, apply::Step::Right))
    })
    .in_place(),
    Route::get("/family/apply/access", Who::Patient, |state, visit| {
        Box::pin(apply::ask(state, visit, apply::Step::Access))
    })
    .in_place(),
    Route::post("/family/apply/access", Who::Patient, |state, visit| {
        Box::pin(apply::take(state, visit, apply::Step::Access))
    })
    .in_place(),
    Route::get("/family/apply/check", Who::Patient, |state, visit| Box::pin(apply::check(state, visit)))
        .in_place(),
    Route::post("/family/apply/check", Who::Patient, |state, visit| Box::pin(apply::send(state, visit)))
        .in_place(),
    Route::get("/family/apply/done", Who::Patient, |_, visit| ready(apply::done(visit))).in_place(),
    Route::get("/family/{id}", Who::Patient, |state, visit| Box::pin(one::one(state, visit))).in_place(),
    Route::post("/family/{id}/hide", Who::Patient, |state, visit| {
        Box::pin(one::order(state, visit, care::family::Order::Hide))
    })
    .in_place(),
    Route::post("/family/{id}/show", Who::Patient, |state, visit| {
        Box::pin(one::order(state, visit, care::family::Order::Show))
    })
    .in_place(),
    Route::post("/family/{id}/end", Who::Patient, |state, visit| {
        Box::pin(one::order(state, visit, care::family::Order::End))
    })
    .in_place(),
    Route::post("/family/{id}/stop", Who::Patient, |state, visit| Box::pin(one::stop(state, visit)))
        .in_place(),
];
