//! The largest eigenvalue of a Hermitian positive semidefinite operator by power iteration.

use crate::grid::{C32, ZERO, norm};
use crate::random::Random;

/// `λ_max`, from below, after `iterations` from a fixed random start of length `length`.
pub fn largest_eigenvalue(matrix: &dyn Fn(&[C32], &mut [C32]), length: usize, iterations: usize) -> f64 {
    let mut x = Random::new(0).normals(length);
    let mut image = vec![ZERO; length];
    let mut top = 0.0;
    for _ in 0..iterations {
        let size = norm(&x);
        if size == 0.0 {
            return 0.0;
        }
        x.iter_mut().for_each(|x| *x /= size as f32);
        matrix(&x, &mut image);
        top = norm(&image);
        std::mem::swap(&mut x, &mut image);
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_top_of_a_diagonal() {
        let matrix = |x: &[C32], out: &mut [C32]| {
            out.iter_mut().zip(x).enumerate().for_each(|(i, (o, x))| *o = x * i as f32);
        };
        assert!((largest_eigenvalue(&matrix, 5, 60) - 4.0).abs() < 1e-4);
    }
}
