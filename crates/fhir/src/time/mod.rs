//! FHIR `date`, `dateTime`, `instant` and `time` as they were written (<https://hl7.org/fhir/R4/datatypes.html>).
//!
//! A value keeps its text and its precision: `2024` is a year, never the first of January. Values become
//! instants only as half-open ranges of UTC microseconds. Nothing here reads a clock; a value without an
//! offset is read in the zone it is given ([`default_zone`] is Europe/London, from the bundled database).

mod arithmetic;
mod boundary;
mod calendar;
mod compare;
mod date_time;
mod period;
mod time_of_day;
mod zone;

pub use arithmetic::Unit;
pub use date_time::{DateTime, Kind};
pub use period::Period;
pub use time_of_day::Time;
pub use zone::default_zone;

/// How much of a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `YYYY`
    Year,
    /// `YYYY-MM`
    Month,
    /// `YYYY-MM-DD`
    Day,
    /// `hh`; in FHIRPath literals and search values only
    Hour,
    /// `hh:mm`; in FHIRPath literals and search values only
    Minute,
    /// `hh:mm:ss`
    Second,
    /// `hh:mm:ss.f…`
    Fraction,
}
