//! The pages: one file a page or a family of pages. A page asks `care` once and prints what it was told.
//! Each area keeps the rows of its addresses beside its pages; [`AREAS`] lists the areas.

mod attention;
pub(crate) mod open;
pub(crate) mod patient;
mod section;
mod service;
mod staff;

use crate::route::Route;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The rows of every area of the site. A new area is a folder here, its `ROUTES`, and one line in this list.
pub const AREAS: &[&[Route]] = &[
    open::ROUTES,
    patient::ROUTES,
    patient::family::ROUTES,
    patient::appointments::ROUTES,
    patient::messages::ROUTES,
    patient::prescriptions::ROUTES,
    patient::profile::ROUTES,
    staff::ROUTES,
    staff::family::ROUTES,
    staff::imaging::ROUTES,
    staff::messages::ROUTES,
    staff::on_behalf::ROUTES,
    staff::prescriptions::ROUTES,
    staff::reviews::ROUTES,
    open::check::ROUTES,
    open::services::ROUTES,
    open::advice::ROUTES,
];

/// A value as one part of an address.
pub fn address(value: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(value, KEPT).to_string()
}
