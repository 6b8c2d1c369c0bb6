//! FISTA: accelerated proximal gradient for `½‖Ax − y‖² + λR(x)`. Beck, Teboulle, SIAM J. Imaging Sci. 2:183 (2009).

use crate::grid::{C32, ZERO};

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct FistaSettings {
    /// Number of iterations.
    pub iterations: usize,
    /// `1/‖AᴴA‖` or less.
    pub step: f32,
    /// Accelerate; without it the method is ISTA, whose objective never rises.
    pub momentum: bool,
    /// Stop where the momentum begins to carry the iterates past the solution: the angle at which O'Donoghue and Candès
    /// (Found. Comput. Math. 15:715, 2015) begin anew. Not for a proximal map that is drawn anew each time.
    pub stop_at_turn: bool,
    /// Return the mean of so many last iterates (1 for the last alone): a proximal map that is drawn anew each time makes them
    /// wander about the solution.
    pub average: usize,
}

/// The cosine of [`Turn`] that counts as a turn. Far from the solution it is near −1.
const TURN: f64 = -0.25;

/// Minimises from `x`; `normal(x, out)` writes `AᴴAx`, `b` is `Aᴴy`, and `prox(iteration, x)` replaces `x` by
/// `argmin_u ½‖u − x‖² + step·λ·R(u)`. Returns the solution and how many iterations made it.
pub fn fista(
    normal: &dyn Fn(&[C32], &mut [C32]),
    b: &[C32],
    mut x: Vec<C32>,
    prox: &mut dyn FnMut(usize, &mut [C32]),
    settings: &FistaSettings,
) -> (Vec<C32>, usize) {
    let mut ahead = x.clone();
    let mut next = vec![ZERO; x.len()];
    let mut t = 1.0f64;
    let mut turn = Turn::default();
    let averaged = settings.average.clamp(1, settings.iterations.max(1));
    let mut sum = vec![ZERO; if averaged > 1 { x.len() } else { 0 }];
    for iteration in 0..settings.iterations {
        normal(&ahead, &mut next);
        for ((next, ahead), b) in next.iter_mut().zip(&ahead).zip(b) {
            *next = ahead - (*next - b) * settings.step;
        }
        prox(iteration, &mut next);
        if settings.stop_at_turn && turn.reached(&ahead, &next, &x) {
            return (next, iteration + 1);
        }
        let t_next = 0.5 * (1.0 + (1.0 + 4.0 * t * t).sqrt());
        let momentum = if settings.momentum { ((t - 1.0) / t_next) as f32 } else { 0.0 };
        t = t_next;
        for ((ahead, next), x) in ahead.iter_mut().zip(&next).zip(&x) {
            *ahead = next + (next - x) * momentum;
        }
        std::mem::swap(&mut x, &mut next);
        if averaged > 1 && iteration + averaged >= settings.iterations {
            sum.iter_mut().zip(&x).for_each(|(sum, x)| *sum += x);
        }
    }
    if averaged > 1 {
        x.iter_mut().zip(&sum).for_each(|(x, sum)| *x = sum / averaged as f32);
    }
    (x, settings.iterations)
}

/// The cosine between what an iteration took back of the extrapolated point, `z − x⁺`, and its whole move, `x⁺ − x`. Uphill
/// it is positive; it rises as the momentum nears the solution and falls again behind it.
#[derive(Debug, Default)]
struct Turn {
    last: Option<f64>,
}

impl Turn {
    /// Whether the cosine has just begun to fall from above [`TURN`].
    fn reached(&mut self, ahead: &[C32], next: &[C32], x: &[C32]) -> bool {
        let (mut product, mut back, mut moved) = (0f64, 0f64, 0f64);
        for ((ahead, next), x) in ahead.iter().zip(next).zip(x) {
            let (a, m) = (ahead - next, next - x);
            product += f64::from(a.re * m.re + a.im * m.im);
            back += f64::from(a.norm_sqr());
            moved += f64::from(m.norm_sqr());
        }
        let cosine = product / (back * moved).sqrt().max(f64::MIN_POSITIVE);
        let reached = self.last.is_some_and(|last| last > TURN && cosine < last);
        self.last = Some(cosine);
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prox::soft_threshold;

    fn lasso(iterations: usize, momentum: bool) -> f64 {
        // diag(a) with a² the normal operator: the solution of each entry is known by hand.
        let a = [1.0f32, 0.5, 0.25, 0.1];
        let y = [2.0f32, 1.0, 0.1, 3.0];
        let lambda = 0.05;
        let normal = |x: &[C32], out: &mut [C32]| {
            out.iter_mut().zip(x).zip(&a).for_each(|((o, x), a)| *o = x * a * a);
        };
        let b: Vec<C32> = a.iter().zip(&y).map(|(a, y)| C32::new(a * y, 0.0)).collect();
        let settings = FistaSettings { iterations, step: 1.0, momentum, stop_at_turn: false, average: 1 };
        let (x, _) = fista(&normal, &b, vec![ZERO; 4], &mut |_, x| soft_threshold(x, lambda), &settings);
        let exact = a.iter().zip(&y).map(|(a, y)| ((a * y - lambda).max(0.0)) / (a * a));
        x.iter().zip(exact).map(|(x, e)| f64::from((x.re - e).abs())).fold(0.0, f64::max)
    }

    #[test]
    fn the_mean_of_the_last_iterates_is_nearer_where_the_prox_is_drawn() {
        let settings = |average| FistaSettings {
            iterations: 60,
            step: 1.0,
            momentum: true,
            stop_at_turn: false,
            average,
        };
        let error = |average| {
            let mut random = crate::random::Random::new(5);
            let mut drawn = |_: usize, x: &mut [C32]| x.iter_mut().for_each(|x| *x += random.normal() * 0.05);
            let normal = |x: &[C32], out: &mut [C32]| out.copy_from_slice(x);
            let b = vec![C32::new(1.0, 0.0); 400];
            let (x, _) = fista(&normal, &b, vec![ZERO; 400], &mut drawn, &settings(average));
            x.iter().map(|x| (x - 1.0).norm_sqr()).sum::<f32>().sqrt()
        };
        assert!(error(20) < 0.5 * error(1), "{} {}", error(20), error(1));
    }

    #[test]
    fn reaches_the_lasso_solution_and_momentum_is_faster() {
        assert!(lasso(4000, false) < 1e-3);
        assert!(lasso(200, true) < lasso(200, false) / 10.0);
    }

    #[test]
    fn stops_where_the_momentum_would_carry_it_past_the_solution() {
        // Two slow directions; left alone, momentum carries both beyond 1 and back.
        let normal = |x: &[C32], out: &mut [C32]| {
            out.iter_mut().zip(x).zip([0.02f32, 0.03]).for_each(|((o, x), a)| *o = x * a);
        };
        let b = [C32::new(0.02, 0.0), C32::new(0.03, 0.0)];
        let run = |iterations, stop_at_turn| {
            let settings = FistaSettings { iterations, step: 1.0, momentum: true, stop_at_turn, average: 1 };
            fista(&normal, &b, vec![ZERO; 2], &mut |_, _| {}, &settings)
        };
        let (x, iterations) = run(400, true);
        assert!(iterations < 40, "{iterations}");
        let off = |x: &[C32]| x.iter().map(|x| (x - 1.0).norm_sqr()).sum::<f32>().sqrt();
        let later = run(iterations + 4, false).0;
        assert!(off(&x) < 0.15 && off(&later) > off(&x), "{x:?} {later:?}");
    }
}
