//! Conjugate gradients for a Hermitian positive semidefinite system. Hestenes, Stiefel, J. Res. NBS 49:409 (1952).

use crate::grid::{C32, ZERO, dot_re, norm_sqr};

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct CgSettings {
    /// At most this many applications of the operator.
    pub iterations: usize,
    /// Relative residual `‖b − Mx‖/‖b‖` to stop at.
    pub tolerance: f64,
    /// `λ` in `(M + λI) x = b`.
    pub ridge: f32,
}

/// The solution and how it was reached.
#[derive(Debug, Clone)]
pub struct CgOutcome {
    /// Solution.
    pub x: Vec<C32>,
    /// Relative residual after each iteration.
    pub residuals: Vec<f64>,
}

/// Solves `(M + λI) x = b` from `x = 0`; `matrix(x, out)` writes `Mx`.
pub fn conjugate_gradient(
    matrix: &dyn Fn(&[C32], &mut [C32]),
    b: &[C32],
    settings: &CgSettings,
) -> CgOutcome {
    let mut x = vec![ZERO; b.len()];
    let mut residual = b.to_vec();
    let mut direction = b.to_vec();
    let mut image = vec![ZERO; b.len()];
    let start = norm_sqr(b);
    let mut rho = start;
    let mut residuals = Vec::with_capacity(settings.iterations);
    while residuals.len() < settings.iterations && rho > settings.tolerance.powi(2) * start {
        matrix(&direction, &mut image);
        image.iter_mut().zip(&direction).for_each(|(m, p)| *m += p * settings.ridge);
        let curvature = dot_re(&direction, &image);
        if curvature <= 0.0 {
            break;
        }
        let step = (rho / curvature) as f32;
        for (((x, r), p), m) in x.iter_mut().zip(residual.iter_mut()).zip(&direction).zip(&image) {
            *x += p * step;
            *r -= m * step;
        }
        let next = norm_sqr(&residual);
        let turn = (next / rho) as f32;
        rho = next;
        direction.iter_mut().zip(&residual).for_each(|(p, r)| *p = r + *p * turn);
        residuals.push((rho / start).sqrt());
    }
    CgOutcome { x, residuals }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn solves_a_diagonal_system_in_as_many_steps_as_it_has_values() {
        let scale = |i: usize| 1.0 + (i % 4) as f32;
        let truth = Random::new(1).normals(40);
        let matrix = move |x: &[C32], out: &mut [C32]| {
            out.iter_mut().zip(x).enumerate().for_each(|(i, (o, x))| *o = x * scale(i));
        };
        let ridge = 0.5;
        let b: Vec<C32> = truth.iter().enumerate().map(|(i, x)| x * (scale(i) + ridge)).collect();
        let settings = CgSettings { iterations: 4, tolerance: 1e-6, ridge };
        let outcome = conjugate_gradient(&matrix, &b, &settings);
        assert_eq!(outcome.residuals.len(), 4);
        assert!(outcome.x.iter().zip(&truth).all(|(x, t)| (x - t).norm() < 1e-4));
        assert!(outcome.residuals.last().is_some_and(|r| *r < 1e-5));
    }

    #[test]
    fn nothing_measured_gives_nothing() {
        let settings = CgSettings { iterations: 5, tolerance: 1e-6, ridge: 0.0 };
        let outcome = conjugate_gradient(&|x, out| out.copy_from_slice(x), &[ZERO; 8], &settings);
        assert_eq!(outcome.x, [ZERO; 8]);
        assert!(outcome.residuals.is_empty());
    }
}
