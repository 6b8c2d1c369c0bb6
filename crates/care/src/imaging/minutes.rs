//! How long a scan takes with acceleration. Pure; whole minutes.

/// Minutes of a booking of `full` minutes when `share` per cent of its time in sequence is left. The `setup` minutes do not
/// shrink; bookings are made in steps, so the sum is rounded up to the next, and never beyond what is booked now.
pub(super) fn accelerated(full: u32, setup: u32, share: u32, step: u32) -> u32 {
    let setup = setup.min(full);
    let sequence = full.saturating_sub(setup);
    let left = sequence.saturating_mul(share.min(100)).div_ceil(100);
    let step = step.max(1);
    let minutes = setup.saturating_add(left).div_ceil(step).saturating_mul(step);
    minutes.clamp(1, full.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_up_does_not_shrink_and_nothing_is_rounded_down() {
        for ((full, setup, share, step), expected) in [
            ((30, 10, 70, 1), 24),
            ((30, 10, 70, 5), 25),
            ((30, 10, 50, 5), 20), // head 30 to 20 minutes, as one trust tells
            ((45, 15, 50, 5), 30), // prostate 45 to 30
            ((31, 10, 70, 1), 25), // 14.7 minutes are 15
            ((30, 10, 100, 5), 30),
            ((33, 10, 100, 5), 33), // not longer than booked
            ((30, 40, 20, 5), 30),  // nothing but set-up
            ((30, 0, 0, 1), 1),
            ((0, 10, 70, 5), 1),
            ((30, 10, 70, 0), 24),
            ((30, 10, 400, 5), 30),
        ] {
            assert_eq!(accelerated(full, setup, share, step), expected, "{full} {setup} {share} {step}");
        }
    }

    #[test]
    fn more_acceleration_is_never_longer() {
        for full in 1..90 {
            for share in 0..100 {
                assert!(accelerated(full, 10, share, 5) <= accelerated(full, 10, share + 1, 5));
            }
        }
    }
}
