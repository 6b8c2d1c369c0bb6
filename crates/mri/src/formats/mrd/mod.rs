//! MRD (ISMRMRD) raw data: the XML header, the acquisitions, and their assembly into k-space.
//!
//! Members are found by name, never by offset. What makes an acquisition unusable is a [`Finding`] beside the scan;
//! only a file that is no scan at all is refused. <https://ismrmrd.readthedocs.io/>, schema `ismrmrd.xsd`.

mod about;
mod acquisition;
mod assemble;
pub mod bart;
mod head;
mod header;
mod read;
mod stack;
pub mod stream;
mod trajectory;
mod write;

pub use about::{About, Measurement, Sequence, Study, Subject, System};
pub use acquisition::{Acquisition, Extra, Index, flag};
pub use assemble::{Selection, assemble, noise_samples};
pub use header::{Header, Space};
pub use read::{Finding, Limits, Scan, read};
pub use stack::unstacked;
pub use trajectory::{Samples, TrajectoryUnit, has_trajectory, samples_along, trajectory_unit};
pub use write::write;
