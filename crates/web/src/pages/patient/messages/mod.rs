//! Messages: one inbox, one thread, an answer, a new message, a letter to print. Every answer is checked before it is sent,
//! and whoever writes of a sign of an emergency sees first where to go with it.

mod compose;
mod inbox;
mod letter;
mod reply;
mod thread;
pub mod worded;

pub use inbox::news;
pub use reply::wrong;

use crate::route::{Route, Serve, Who};

/// Messages, for oneself and for somebody one acts for.
pub const ROUTES: &[Route] = &[
    get("/messages", |state, visit| Box::pin(inbox::inbox(state, visit))),
    get("/messages/new", |state, visit| Box::pin(compose::whom(state, visit))),
    post("/messages/new", |state, visit| Box::pin(compose::whom_sent(state, visit))),
    get("/messages/new/write", |state, visit| Box::pin(compose::words(state, visit))),
    post("/messages/new/write", |state, visit| Box::pin(compose::words_sent(state, visit))),
    get("/messages/new/check", |state, visit| Box::pin(compose::check(state, visit))),
    post("/messages/new/check", |state, visit| Box::pin(compose::send(state, visit))),
    get("/messages/{id}", |state, visit| Box::pin(thread::thread(state, visit))),
    post("/messages/{id}", |state, visit| Box::pin(reply::written(state, visit))),
    get("/messages/{id}/check", |state, visit| Box::pin(reply::check(state, visit))),
    post("/messages/{id}/check", |state, visit| Box::pin(reply::send(state, visit))),
    get("/messages/{id}/sent", |state, visit| Box::pin(reply::sent(state, visit))),
    get("/messages/{id}/letter", |state, visit| Box::pin(letter::letter(state, visit))),
];

const fn get(path: &'static str, serve: Serve) -> Route {
    Route::get(path, Who::Patient, serve).mirrored()
}

const fn post(path: &'static str, serve: Serve) -> Route {
    Route::post(path, Who::Patient, serve).mirrored()
}
