//! Faults in what these slices let through, planted on purpose: the access matrix must find each of them, or it proves
//! nothing.
//!
//! Only the feature `planted-access-bugs` makes a fault possible, and even then none is there until a test plants one. The
//! feature must never be in a binary that serves anybody: an optimised build with it does not compile.

/// A place where rules about whose record it is are easily forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Bug {
    /// A carer who is suspended is served all the same.
    Suspended = 1,
    /// A record that its person hides is served to the carer.
    Hidden,
    /// A carer is served by somebody else's relationship.
    Another,
    /// A surgery's list holds every surgery's people.
    Practice,
    /// A privacy officer is told of every organisation's accesses.
    Organisation,
    /// A document opens whatever file it names.
    File,
}

impl Bug {
    /// Every fault that can be planted.
    pub const ALL: [Self; 6] =
        [Self::Suspended, Self::Hidden, Self::Another, Self::Practice, Self::Organisation, Self::File];
}

#[cfg(all(feature = "planted-access-bugs", not(debug_assertions)))]
compile_error!("planted access bugs are for tests: this feature cannot be in an optimised build");

#[cfg(feature = "planted-access-bugs")]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Plants one fault, or takes it away again.
#[cfg(feature = "planted-access-bugs")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.store(bug.map_or(0, |bug| bug as u8), std::sync::atomic::Ordering::SeqCst);
}

/// Whether the fault is there.
#[cfg(feature = "planted-access-bugs")]
pub(crate) fn planted(bug: Bug) -> bool {
    PLANTED.load(std::sync::atomic::Ordering::SeqCst) == bug as u8
}

/// Without the feature there is none.
#[cfg(not(feature = "planted-access-bugs"))]
pub(crate) fn planted(_: Bug) -> bool {
    false
}
