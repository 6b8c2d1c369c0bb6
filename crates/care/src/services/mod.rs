//! Finding a service: where it is, what it offers and when it is open, for anybody, without signing in.
//!
//! The directory is read from HealthcareService and Location as an actor who can see reference data and nothing else, and is
//! kept in memory for a minute ([`Directory`]). Opening times are computed ([`Hours`]) from weekly hours, bank holidays of
//! England and exceptions, on London's clock. Never says "open" where the record does not know: it says that nobody told.

mod bank_holidays;
mod directory;
mod door;
mod from_fhir;
mod hours;
mod kind;
mod place;
mod read;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

pub use bank_holidays::{BankHoliday, bank_holiday};
pub use directory::{Directory, Found, Hit};
pub use hours::{Closure, Day, Extra, Holidays, Hours, State, Weekly};
pub use kind::Kind;
pub use place::{Near, Point, Settlement, miles};
pub(crate) use read::Shelf;
pub use view::{Address, Centre, Service};
