//! A department's MR scans, as the platform's own orders and bookings tell them: the list of a day, and what shorter scans
//! would win. Docs: `docs/time-won.md`.
//!
//! An order is a ServiceRequest of category imaging that names the organisation as performer; its protocol is a code of
//! [`protocol::SYSTEM`]. A scanner is a Location of type `RADDX` that the organisation runs. A booking is an Appointment at such a
//! Location, based on the order; an image is an ImagingStudy based on it.
//!
//! What is won is simulated, never measured: no figure here says that a faster scan's image is good enough. Patients are shown
//! only to whom the store shows them; sums are counted by the system, as on the site view, and name nobody.

mod assumptions;
mod department;
mod dice;
mod door;
mod history;
mod minutes;
mod pack;
mod protocol;
mod queue;
mod read;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

pub use assumptions::{Assumptions, Field, ProtocolLine, Wish};
pub use pack::{DayGain, Spread};
pub use protocol::{PROTOCOLS, Protocol};
pub use queue::{Band, Course, RUNS, WEEKS};
pub use view::{Gain, Outlook, Row, ScanList, ScannerGain, State, Told, Unbooked};
