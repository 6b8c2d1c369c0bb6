//! All wards of the reader's organisation at one instant: where there is room, who is coming, what contradicts.
//! Implements the site view of the flow rules; occupancy is never capped.

mod read;
mod view;
pub use view::{SiteView, WardLine};

pub(crate) use read::{percent, read};
