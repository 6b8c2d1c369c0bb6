//! Pages for the person whom a record is about: what needs them, their record in plain words, and who looked at it.

pub mod appointments;
mod download;
mod entries;
pub mod family;
mod home;
mod menu;
pub mod messages;
pub mod prescriptions;
pub mod profile;
mod record;
pub mod results;
mod scans;
pub mod sheets;
mod timeline;
mod who_looked;

pub use home::attention;

use crate::route::{Route, Serve, Who, ready};
use crate::visit::Answer;
use care::record::Part;

/// A patient's own pages, and those of somebody they act for.
pub const ROUTES: &[Route] = &[
    Route::get("/home", Who::Patient, |state, visit| Box::pin(home::home(state, visit))).mirrored(),
    Route::get("/record", Who::Patient, |_, visit| ready(menu::menu(visit))).mirrored(),
    part("/record/allergies", |state, visit| Box::pin(record::record(state, visit, Part::Allergies))),
    part("/record/allergies/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Allergies))),
    part("/record/conditions", |state, visit| Box::pin(record::record(state, visit, Part::Problems))),
    part("/record/conditions/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Problems))),
    part("/record/medicines", |state, visit| Box::pin(record::record(state, visit, Part::Medicines))),
    part("/record/medicines/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Medicines))),
    part("/record/results", |_, visit| ready(Answer::see(visit.link("/results")))),
    part("/record/visits", |state, visit| Box::pin(record::record(state, visit, Part::Encounters))),
    part("/record/visits/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Encounters))),
    part("/record/vaccinations", |state, visit| Box::pin(record::record(state, visit, Part::Vaccinations))),
    part("/record/vaccinations/{id}", |state, visit| {
        Box::pin(record::entry(state, visit, Part::Vaccinations))
    }),
    part("/record/documents", |state, visit| Box::pin(record::record(state, visit, Part::Documents))),
    part("/record/documents/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Documents))),
    part("/record/documents/{id}/{number}", |state, visit| Box::pin(sheets::sheet(state, visit))),
    part("/record/scans", |state, visit| Box::pin(record::record(state, visit, Part::Scans))),
    part("/record/scans/{id}", |state, visit| Box::pin(record::entry(state, visit, Part::Scans))),
    part("/record/timeline", |state, visit| Box::pin(timeline::timeline(state, visit))),
    part("/record/download", |_, visit| ready(download::download(visit))),
    part("/record/download/page", |state, visit| Box::pin(download::page(state, visit))),
    part("/record/download/fhir", |state, visit| Box::pin(download::fhir(state, visit))),
    part("/results", |state, visit| Box::pin(results::feed(state, visit))),
    part("/results/{id}", |state, visit| Box::pin(results::report(state, visit))),
    part("/results/trend/{id}", |state, visit| Box::pin(results::trend(state, visit))),
    part("/profile/who-looked", |state, visit| Box::pin(who_looked::who_looked(state, visit))),
];

const fn part(path: &'static str, serve: Serve) -> Route {
    Route::get(path, Who::Patient, serve).mirrored()
}
