//! Faults in the people's door, planted on purpose: the access matrix must find each of them, or it proves nothing.
//!
//! Only the feature `planted-access-bugs` makes a fault possible, and even then none is there until a test plants one. The
//! feature must never be in a binary that serves anybody: an optimised build with it does not compile, and the access
//! matrix looks for [`MARK`] in the binary of the ordinary build.

/// A place where real faults have been seen in other sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Bug {
    /// Pages of ward staff admit receptionists.
    Role = 1,
    /// Pages about one patient read as the system and not as the reader.
    Actor,
    /// A form is taken without its token.
    Token,
    /// A form is taken from any site.
    Origin,
    /// Pages may be stored, and shown again by the Back button.
    Stored,
    /// Pages carry no content security policy.
    Policy,
    /// Scripts can read the session's cookie.
    Cookie,
    /// Signing out forgets the cookie in the browser and keeps the session.
    SignOut,
    /// A session goes on although nobody is there.
    Idle,
    /// Emergency access does not end.
    Emergency,
    /// Events of a live view are numbered by the change feed of the whole record.
    Position,
    /// Half-filled forms are kept by form and not by person.
    Draft,
    /// Whether somebody may act for another is asked once, and then taken as it was.
    Standing,
    /// Staff take a patient's place without having said that the patient asked.
    Unasked,
    /// What a patient alone may have done is done because somebody else asks.
    ForCarer,
}

impl Bug {
    /// Every fault that can be planted.
    pub const ALL: [Self; 15] = [
        Self::Role,
        Self::Actor,
        Self::Token,
        Self::Origin,
        Self::Stored,
        Self::Policy,
        Self::Cookie,
        Self::SignOut,
        Self::Idle,
        Self::Emergency,
        Self::Position,
        Self::Draft,
        Self::Standing,
        Self::Unasked,
        Self::ForCarer,
    ];
}

/// Words that a binary holds only when it was built with the feature.
#[cfg(feature = "planted-access-bugs")]
pub const MARK: &str = "this build can hold planted access bugs and must serve nobody";

#[cfg(all(feature = "planted-access-bugs", not(debug_assertions)))]
compile_error!("planted access bugs are for tests: this feature cannot be in an optimised build");

#[cfg(feature = "planted-access-bugs")]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// What was open once.
#[cfg(feature = "planted-access-bugs")]
static REMEMBERED: std::sync::Mutex<Vec<care::family::Acting>> = std::sync::Mutex::new(Vec::new());

/// What somebody may do for another: as it was asked, or as it was once.
#[cfg(feature = "planted-access-bugs")]
pub(crate) fn standing(
    relationship: &str,
    asked: Result<care::family::Acting, care::view::Unseen>,
) -> Result<care::family::Acting, care::view::Unseen> {
    let Ok(mut all) = REMEMBERED.lock() else { return asked };
    if let (Ok(open), true) = (&asked, planted(Bug::Standing)) {
        all.push(open.clone());
    }
    asked.or_else(|why| all.iter().find(|one| one.relationship == relationship).cloned().ok_or(why))
}

/// Without the feature it is as it was asked.
#[cfg(not(feature = "planted-access-bugs"))]
pub(crate) fn standing(
    _: &str,
    asked: Result<care::family::Acting, care::view::Unseen>,
) -> Result<care::family::Acting, care::view::Unseen> {
    asked
}

/// Plants one fault, or takes it away again.
#[cfg(feature = "planted-access-bugs")]
pub fn plant(bug: Option<Bug>) {
    tracing::warn!("{MARK}");
    REMEMBERED.lock().map(|mut all| all.clear()).ok();
    PLANTED.store(bug.map_or(0, |bug| bug as u8), std::sync::atomic::Ordering::SeqCst);
}

/// Whether the fault is there.
#[cfg(feature = "planted-access-bugs")]
pub(crate) fn planted(bug: Bug) -> bool {
    let planted = PLANTED.load(std::sync::atomic::Ordering::SeqCst);
    if planted != 0 {
        tracing::trace!("{MARK}");
    }
    planted == bug as u8
}

/// Without the feature there is none.
#[cfg(not(feature = "planted-access-bugs"))]
pub(crate) fn planted(_: Bug) -> bool {
    false
}
