//! How fast simulated time is played: quicker than the clock while it lies behind, never ahead of it.
//!
//! A receiver does not trust times far in its future, so a stream that is played at more than the speed of the
//! clock begins in the past and slows to the clock's own speed when it has caught up.

use jiff::{SignedDuration, Timestamp};

/// A playing of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Simulated time at which the stream begins.
    pub starts_at: Timestamp,
    /// What the clock shows when playing begins.
    pub began_at: Timestamp,
    /// Simulated seconds for each second of the clock, while behind it.
    pub speed: f64,
}

impl Pace {
    /// What the clock shows when a message of that simulated time is due.
    #[must_use]
    pub fn due(&self, at: Timestamp) -> Timestamp {
        let simulated = at.duration_since(self.starts_at).as_millis() as f64;
        let played = SignedDuration::from_millis((simulated / self.speed.max(1e-6)) as i64);
        let due = self.began_at.checked_add(played).unwrap_or(self.began_at);
        if self.speed > 1.0 { due.max(at) } else { due }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_fast_until_it_has_caught_up() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let pace =
            Pace { starts_at: at("2026-11-01T12:00:00Z"), began_at: at("2026-11-01T22:00:00Z"), speed: 60.0 };
        assert_eq!(pace.due(at("2026-11-01T12:00:00Z")), at("2026-11-01T22:00:00Z"));
        assert_eq!(pace.due(at("2026-11-01T18:00:00Z")), at("2026-11-01T22:06:00Z"));
        assert_eq!(pace.due(at("2026-11-02T03:00:00Z")), at("2026-11-02T03:00:00Z"));
    }

    #[test]
    fn at_the_speed_of_the_clock_nothing_is_held_back() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let pace =
            Pace { starts_at: at("2026-11-05T12:00:00Z"), began_at: at("2026-11-01T22:00:00Z"), speed: 1.0 };
        assert_eq!(pace.due(at("2026-11-05T12:10:00Z")), at("2026-11-01T22:10:00Z"));
    }
}
