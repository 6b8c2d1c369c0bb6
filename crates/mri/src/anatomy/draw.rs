//! Random numbers in the ranges that a generator asks for.

use crate::random::Random;

/// Uniform in `[low, high)`.
pub fn range(random: &mut Random, low: f32, high: f32) -> f32 {
    low + (high - low) * random.uniform() as f32
}

/// Uniform in the logarithm.
pub fn log_range(random: &mut Random, low: f32, high: f32) -> f32 {
    range(random, low.ln(), high.ln()).exp()
}

/// True with probability `share`.
pub fn chance(random: &mut Random, share: f64) -> bool {
    random.uniform() < share
}

/// A whole number from `low` to `high`, both included.
pub fn whole(random: &mut Random, low: usize, high: usize) -> usize {
    low + random.below(high.saturating_sub(low) + 1)
}

/// An angle.
pub fn angle(random: &mut Random) -> f32 {
    range(random, 0.0, std::f32::consts::TAU)
}

/// A place at a random distance up to `reach` from the middle.
pub fn place(random: &mut Random, reach: f32) -> (f32, f32) {
    let (radius, turn) = (reach * (random.uniform() as f32).sqrt(), angle(random));
    (radius * turn.cos(), radius * turn.sin())
}
