//! Pages that anybody may open: signing in and out, help, and what the law wants said.

pub mod advice;
pub mod check;
mod front;
mod help;
mod national;
mod notices;
pub mod services;
pub(crate) mod sign_in;
mod urgent;

use crate::route::{Route, Who, ready};

/// What anybody may open.
pub const ROUTES: &[Route] = &[
    Route::get("/", Who::Anyone, |_, visit| ready(front::front(visit))),
    Route::get("/urgent", Who::Anyone, |_, _| ready(urgent::urgent())).still(),
    Route::get("/sign-in", Who::Anyone, |state, visit| ready(sign_in::sign_in(state, visit))),
    Route::post("/sign-in", Who::Anyone, |state, visit| ready(sign_in::sign_in_as(state, visit))),
    Route::get("/sign-in/start", Who::Anyone, |state, visit| Box::pin(national::start(state, visit))),
    Route::get("/sign-in/return", Who::Anyone, |state, visit| Box::pin(national::arrive(state, visit))),
    Route::get("/sign-in/prove-who-you-are", Who::SignedIn, |state, visit| {
        ready(sign_in::prove(state, visit))
    }),
    Route::post("/sign-in/prove-who-you-are", Who::SignedIn, |state, visit| {
        ready(sign_in::prove_in_demo(state, visit))
    }),
    Route::get("/session-ended", Who::Anyone, |_, visit| ready(sign_in::session_ended(visit))),
    Route::post("/sign-out", Who::Anyone, |_, _| ready(sign_in::sign_out())),
    Route::get("/help", Who::Anyone, |state, _| ready(help::help(state))),
    Route::get("/accessibility", Who::Anyone, |_, _| ready(notices::accessibility())),
    Route::get("/privacy", Who::Anyone, |_, _| ready(notices::privacy())),
    Route::get("/cookies", Who::Anyone, |_, _| ready(notices::cookies())),
];
