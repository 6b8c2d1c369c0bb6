//! Pages for people at work. One screen answers one question; whatever needs somebody now comes first.

mod banner;
mod break_glass;
mod emergency;
mod home;
mod lists;
mod live;
mod operations;
mod patients;
mod record;
mod results;
mod tile;
mod ward_board;
mod wards;

pub use break_glass::{break_glass, break_glass_ask};
pub use emergency::{emergency, emergency_find};
pub use home::home;
pub use live::{site_events, ward_events};
pub use operations::{operations, replay};
pub use patients::{patient_search, patients};
pub use record::record;
pub use ward_board::ward_board;
pub use wards::wards;
