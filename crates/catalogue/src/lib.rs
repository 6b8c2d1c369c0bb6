//! All wording that patients and carers read, in one catalogue a language: `en-GB/<area>.ftl`, one file an area of the site,
//! every id beginning with the area's name. A translation is the same files in another folder. Whoever says something to
//! people names a message by its id:
//!
//! - [`say`]: a message as it stands;
//! - [`fill`]: a message with values in it, plurals chosen by the language's rules (Fluent, <https://projectfluent.org/>).
//!
//! It stands below `care`, because letters and notices are written there and kept in the record, and below `web`, because pages
//! are printed there. It knows nothing of health, and decides nothing.

pub mod dates;
mod language;
mod numbers;
mod say;

pub use fluent_bundle::FluentValue;
pub use language::{Language, MARKS, speak};
pub use numbers::grouped;
pub use say::{fill, say};
