//! The parts that pages are made of, as typed functions whose markup equals what the macros of nhsuk-frontend 10.6.1 print
//! (`tests/fixtures.rs` compares them with its own fixtures). Only the parts and options that pages use; no page wording.

mod breadcrumb;
mod button;
mod card;
mod care_card;
mod choices;
mod content;
mod date_input;
mod details;
mod error;
mod field;
mod fieldset;
mod input;
mod inset_text;
mod links;
mod panel;
mod select;
mod skip_link;
mod summary_list;
mod table;
mod tag;
mod textarea;

pub use breadcrumb::{Crumb, breadcrumb};
pub use button::{Button, Look};
pub use card::{Card, CardHeading, Variant, warning_callout};
pub use care_card::{CareCard, Urgency};
pub use choices::{Choice, ChoiceLine, Choices, Pick};
pub use content::Content;
pub use date_input::{DateBox, DateInput};
pub use details::Details;
pub use error::{ErrorLine, ErrorSummary, error_message};
pub use field::{Label, Size, hint};
pub use fieldset::{Fieldset, Legend};
pub use input::Input;
pub use inset_text::inset_text;
pub use links::{action_link, back_link};
pub use panel::panel;
pub use select::{Select, SelectOption};
pub use skip_link::skip_link;
pub use summary_list::{Action, SummaryList, SummaryRow};
pub use table::{Caption, Cell, Column, Table};
pub use tag::{Colour, Tag};
pub use textarea::Textarea;
