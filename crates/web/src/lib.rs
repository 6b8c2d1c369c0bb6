//! The people's door: patient and staff pages. Speaks the words of `care` and holds no rules.
//!
//! - [`routes`] is the site map: every address, who may open it and what answers. [`router`] is made from it. Each area
//!   keeps its rows beside its pages.
//! - `door` takes every request through session, access row, form token, page and headers, in that order.
//! - `pages` asks [`care::Care`] once a page and prints the view it gets. Each page has a function from a view to a
//!   `Document`, so that samples render it without a record.
//! - [`component`] holds the parts that pages are made of; `asset` the style, script and font, from memory.
//!
//! The façade `care::Care` is a concrete type over the store. Tests and the gallery give pages a `Care` that answers
//! from the views' own samples (feature `samples` of `care`, which no built binary carries).

mod asset;
pub mod component;
mod cookies;
mod door;
mod draft;
mod form;
mod headers;
mod layout;
pub mod letters;
pub mod openid;
mod pages;
pub mod planted;
mod problem;
mod route;
mod routes;
pub mod session;
mod session_row;
mod sessions;
mod state;
mod unsent;
mod visit;
mod wording;
mod words;

pub use route::{Admission, MIRROR, Route, Verb, Who};
pub use routes::{router, routes};
pub use sessions::Sessions;
pub use state::{Settings, State};
