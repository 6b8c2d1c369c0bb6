//! Exit codes: other people's scripts rely on them, so they are listed in `docs/running.md` and never reused.

use std::process::ExitCode;

/// How a command ended, for the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Done = 0,
    /// It failed; the reason is on stderr.
    Failed = 1,
    // 2 is clap's: the command line could not be understood.
    /// The configuration is wrong.
    Configuration = 3,
    /// It went through, and some of the input was refused or a simpler method was used; the report says what and why.
    Refused = 4,
    /// A check found a fault: the audit trail, the database or a backup is not what it should be.
    Fault = 5,
    /// Another process uses the data directory.
    Busy = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
