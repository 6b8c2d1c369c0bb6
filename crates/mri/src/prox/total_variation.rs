//! Isotropic total variation of a complex plane: `λ Σ √(|∂_r x|² + |∂_c x|²)`, periodic ends.
//!
//! The prox is solved in the dual by fast gradient projection (Beck, Teboulle, IEEE TIP 18:2419, 2009). The dual
//! variable is kept between calls, so that inside an outer iteration a few steps are enough.

use crate::grid::{C32, Grid, ZERO};
use crate::linop::{Differences, LinearOperator};

/// The prox of `λ TV` with its dual variable.
pub struct TotalVariation {
    gradient: Differences,
    inner: usize,
    dual: Vec<C32>,
    ahead: Vec<C32>,
    slope: Vec<C32>,
    image: Vec<C32>,
}

impl TotalVariation {
    /// For planes of size `grid`, with `inner` dual steps per call.
    pub fn new(grid: Grid, inner: usize) -> Self {
        let (pixels, zeros) = (grid.pixels(), vec![ZERO; 2 * grid.pixels()]);
        let gradient = Differences::new(grid);
        Self {
            gradient,
            inner,
            dual: zeros.clone(),
            ahead: zeros.clone(),
            slope: zeros,
            image: vec![ZERO; pixels],
        }
    }

    /// `Σ |∇x|`.
    pub fn value(&self, x: &[C32]) -> f64 {
        let mut slope = vec![ZERO; self.gradient.range()];
        self.gradient.forward(x, &mut slope);
        let (down, across) = slope.split_at(x.len());
        down.iter().zip(across).map(|(d, a)| f64::from((d.norm_sqr() + a.norm_sqr()).sqrt())).sum()
    }

    /// Replaces `x` by its prox with weight `lambda`.
    pub fn apply(&mut self, x: &mut [C32], lambda: f32) {
        self.ahead.copy_from_slice(&self.dual);
        let mut t = 1.0f64;
        for _ in 0..self.inner {
            self.primal(x);
            self.gradient.forward(&self.image, &mut self.slope);
            let t_next = 0.5 * (1.0 + (1.0 + 4.0 * t * t).sqrt());
            let momentum = ((t - 1.0) / t_next) as f32;
            t = t_next;
            project(&mut self.dual, &mut self.ahead, &self.slope, lambda, momentum);
        }
        self.ahead.copy_from_slice(&self.dual);
        self.primal(x);
        x.copy_from_slice(&self.image);
    }

    /// `image ← x − ∇ᴴ ahead`.
    fn primal(&mut self, x: &[C32]) {
        self.gradient.adjoint(&self.ahead, &mut self.image);
        self.image.iter_mut().zip(x).for_each(|(image, x)| *image = x - *image);
    }
}

/// One dual step of 1/8 along `slope`, projected on the balls of radius `lambda`, and the extrapolated point.
fn project(dual: &mut [C32], ahead: &mut [C32], slope: &[C32], lambda: f32, momentum: f32) {
    let half = dual.len() / 2;
    let (dual_down, dual_across) = dual.split_at_mut(half);
    let (ahead_down, ahead_across) = ahead.split_at_mut(half);
    let (slope_down, slope_across) = slope.split_at(half);
    let duals = dual_down.iter_mut().zip(dual_across);
    let aheads = ahead_down.iter_mut().zip(ahead_across);
    for (((p, q), (u, v)), (d, a)) in duals.zip(aheads).zip(slope_down.iter().zip(slope_across)) {
        let (down, across) = (*u + d * 0.125, *v + a * 0.125);
        let size = (down.norm_sqr() + across.norm_sqr()).sqrt();
        let shrink = lambda / size.max(lambda).max(f32::MIN_POSITIVE);
        let (down, across) = (down * shrink, across * shrink);
        *u = down + (down - *p) * momentum;
        *v = across + (across - *q) * momentum;
        (*p, *q) = (down, across);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn a_step_edge_moves_towards_its_mean_by_the_exact_amount() {
        // 1D periodic two-level signal: each plateau of length n moves by 2λ/n.
        let grid = Grid::new(1, 16);
        let mut x: Vec<C32> = (0..16).map(|i| C32::new(if i < 8 { 1.0 } else { 0.0 }, 0.0)).collect();
        TotalVariation::new(grid, 2000).apply(&mut x, 0.4);
        for (i, value) in x.iter().enumerate() {
            let expected = if i < 8 { 0.9 } else { 0.1 };
            assert!((value.re - expected).abs() < 2e-3 && value.im.abs() < 1e-6, "{i} {value}");
        }
    }

    #[test]
    fn prox_lowers_its_own_objective_and_warm_start_carries_on() {
        let grid = Grid::new(20, 24);
        let x = Random::new(4).normals(grid.pixels());
        let objective = |prox: &TotalVariation, u: &[C32]| {
            let apart: f64 = u.iter().zip(&x).map(|(u, x)| f64::from((u - x).norm_sqr())).sum();
            0.5 * apart + 0.3 * prox.value(u)
        };
        let mut prox = TotalVariation::new(grid, 5);
        let mut values = vec![objective(&prox, &x)];
        for _ in 0..6 {
            let mut u = x.clone();
            prox.apply(&mut u, 0.3);
            values.push(objective(&prox, &u));
        }
        assert!(values.windows(2).all(|pair| pair[1] < pair[0] + 1e-3), "{values:?}");
        let mut best = x.clone();
        TotalVariation::new(grid, 1000).apply(&mut best, 0.3);
        let least = objective(&prox, &best);
        assert!(least < values[6] && values[6] < 1.01 * least, "{values:?} {least}");
    }
}
