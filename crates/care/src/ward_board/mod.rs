//! One ward, bed by bed, as a view of a snapshot: never a second truth beside the stays it is folded from.
//! Implements the ward board of `patient-flow` (what each bed shows) and staff journey S3.

mod assemble;
mod read;
mod told;
mod view;

pub(crate) use assemble::{Census, natural, place_name};
pub(crate) use read::{read, touched};
pub use view::{BedState, Coming, Figures, Occupant, Score, Tile, Ward, WardBoard};
