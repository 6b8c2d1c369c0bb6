//! Faults in the access rules, planted on purpose: the access matrix must find each of them, or it proves nothing.
//!
//! Only the feature `planted-access-bugs` makes a fault possible, and even then none is there until a test plants one.
//! The feature must never be in a binary that serves anybody: an optimised build with it does not compile, and the
//! access matrix looks for [`MARK`] in the binary of the ordinary build. Without the feature every function here gives
//! back what it was given.

use super::Predicate;

/// A place where real access faults have been seen in other systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Bug {
    /// `_include` and `_revinclude` follow references without the actor's predicate.
    Includes = 1,
    /// History lists every version of everything.
    History,
    /// `_total` and `_summary=count` count what is hidden.
    Counts,
    /// A version is read by its address alone.
    Vread,
    /// An update looks only at what the resource will be, not at what it is.
    WriteBefore,
    /// An update looks only at what the resource is, not at what it will be.
    WriteAfter,
    /// Chains and `_has` look through resources that are hidden.
    Chains,
    /// Versions from before a resource moved to another patient stay readable.
    Settled,
}

impl Bug {
    /// Every fault that can be planted.
    pub const ALL: [Self; 8] = [
        Self::Includes,
        Self::History,
        Self::Counts,
        Self::Vread,
        Self::WriteBefore,
        Self::WriteAfter,
        Self::Chains,
        Self::Settled,
    ];
}

/// Words that a binary holds only when it was built with the feature.
#[cfg(feature = "planted-access-bugs")]
pub const MARK: &str = "this build can hold planted access bugs and must serve nobody";

#[cfg(all(feature = "planted-access-bugs", not(debug_assertions)))]
compile_error!("planted access bugs are for tests: this feature cannot be in an optimised build");

#[cfg(feature = "planted-access-bugs")]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Plants one fault, or takes it away again.
#[cfg(feature = "planted-access-bugs")]
pub fn plant(bug: Option<Bug>) {
    tracing::warn!("{MARK}");
    PLANTED.store(bug.map_or(0, |bug| bug as u8), std::sync::atomic::Ordering::SeqCst);
}

/// Whether the fault is there.
#[cfg(feature = "planted-access-bugs")]
pub(crate) fn is_planted(bug: Bug) -> bool {
    let planted = PLANTED.load(std::sync::atomic::Ordering::SeqCst);
    if planted != 0 {
        tracing::trace!("{MARK}");
    }
    planted == bug as u8
}

/// Without the feature there is none.
#[cfg(not(feature = "planted-access-bugs"))]
pub(crate) fn is_planted(_: Bug) -> bool {
    false
}

/// The predicate, unless the fault is there: then it holds for every row.
pub(crate) fn unless(bug: Bug, sound: Predicate) -> Predicate {
    if is_planted(bug) { Predicate { sql: String::from("1"), params: Vec::new() } } else { sound }
}
