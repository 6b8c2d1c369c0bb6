//! What a page about services prints.

use super::hours::Hours;
use super::kind::Kind;
use super::place::Point;
use jiff::Timestamp;

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Address {
    /// House and street.
    pub lines: Vec<String>,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
}

/// One service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Id of its HealthcareService.
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// The kind in the service's own words, where it gives some.
    pub called: Option<String>,
    /// Its name.
    pub name: String,
    /// What it offers.
    pub about: Option<String>,
    /// Its telephone number as it is printed.
    pub phone: Option<String>,
    /// Where it is.
    pub address: Option<Address>,
    /// Where it is on the globe.
    pub point: Option<Point>,
    /// When it is open.
    pub hours: Hours,
    /// What it says about its opening times in words.
    pub exceptions: Option<String>,
    /// Whether one must have an appointment, where it says.
    pub appointment: Option<bool>,
    /// Id of the Location that it stands in.
    pub location: Option<String>,
    /// When the entry was last changed.
    pub changed_at: Option<Timestamp>,
}

/// A neighbourhood health centre: a place with its services.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// Id of its Location.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The centre's own entry: reception, opening times.
    pub reception: Service,
    /// The services under its roof, by name.
    pub services: Vec<Service>,
}
