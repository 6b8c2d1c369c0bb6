//! Pages that anybody may open: signing in and out, help, and what the law wants said.

mod help;
mod notices;
mod sign_in;

pub use help::help;
pub use notices::{accessibility, cookies, privacy};
pub use sign_in::{front, sign_in, sign_in_as, sign_out};
