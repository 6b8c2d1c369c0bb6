//! Pages for the person whom a record is about: what needs them, their record in plain words, and who looked at it.

mod entries;
mod home;
mod record;
mod results;
mod who_looked;

pub use home::{home, menu};
pub use record::record;
pub use who_looked::who_looked;
