//! Dense complex linear algebra in double precision, as much of it as calibration needs: the Hermitian eigenproblem
//! and Cholesky solves. Matrices are row-major slices; sizes up to a few hundred.
//!
//! Golub, Van Loan, "Matrix Computations", 4th ed., §8.3 (Householder tridiagonalisation, implicit QL).
#![expect(
    clippy::indexing_slicing,
    reason = "loops over square matrices whose bounds are the size checked on entry"
)]

use num_complex::Complex;

/// Double-precision complex number.
pub type C64 = Complex<f64>;

const ZERO: C64 = C64::new(0.0, 0.0);

/// Eigenvalues, ascending, and their eigenvectors.
#[derive(Debug, Clone)]
pub struct Eigen {
    /// Ascending.
    pub values: Vec<f64>,
    /// Row `i` is the unit eigenvector of `values[i]`.
    pub vectors: Vec<C64>,
}

impl Eigen {
    /// The eigenvectors, in the order of the values.
    pub fn vectors(&self) -> std::slice::ChunksExact<'_, C64> {
        self.vectors.chunks_exact(self.values.len().max(1))
    }
}

/// All eigenpairs of a Hermitian matrix of size `n`; `None` when `matrix` is not n × n or not finite.
pub fn hermitian_eigen(matrix: &[C64], n: usize) -> Option<Eigen> {
    if matrix.len() != n * n || matrix.iter().any(|v| !v.re.is_finite() || !v.im.is_finite()) {
        return None;
    }
    if n == 0 {
        return Some(Eigen { values: Vec::new(), vectors: Vec::new() });
    }
    let mut a = matrix.to_vec();
    let Tridiagonal { mut diagonal, mut beside, phases, reflectors } = tridiagonalise(&mut a, n);
    let mut rows = vec![0.0; n * n];
    rows.iter_mut().step_by(n + 1).for_each(|v| *v = 1.0);
    implicit_ql(&mut diagonal, &mut beside, &mut rows)?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[i].total_cmp(&diagonal[j]));
    let mut vectors = Vec::with_capacity(n * n);
    for &i in &order {
        let mut vector: Vec<C64> =
            rows[i * n..][..n].iter().zip(&phases).map(|(z, phase)| phase * z).collect();
        for (k, reflector) in reflectors.iter().enumerate().rev() {
            reflect(&mut vector[k + 1..], reflector);
        }
        vectors.extend(vector);
    }
    Some(Eigen { values: order.iter().map(|&i| diagonal[i]).collect(), vectors })
}

struct Tridiagonal {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    phases: Vec<C64>,
    reflectors: Vec<Vec<C64>>,
}

/// `Hᴴ A H` tridiagonal by reflections `I − 2vvᴴ`; a diagonal of phases then makes it real.
fn tridiagonalise(a: &mut [C64], n: usize) -> Tridiagonal {
    let mut reflectors = Vec::with_capacity(n.saturating_sub(2));
    let mut corner = vec![ZERO; n];
    for k in 0..n.saturating_sub(1) {
        let mut v: Vec<C64> = (k + 1..n).map(|i| a[i * n + k]).collect();
        let length = v.iter().map(C64::norm_sqr).sum::<f64>().sqrt();
        if k + 2 >= n || length == 0.0 {
            corner[k + 1] = v[0];
            if k + 2 < n {
                reflectors.push(vec![ZERO; n - k - 1]);
            }
            continue;
        }
        let phase = if v[0].norm() > 0.0 { v[0] / v[0].norm() } else { C64::new(1.0, 0.0) };
        v[0] += phase * length;
        corner[k + 1] = -phase * length;
        let size = v.iter().map(C64::norm_sqr).sum::<f64>().sqrt();
        v.iter_mut().for_each(|x| *x /= size);
        two_sided(a, n, k + 1, &v);
        reflectors.push(v);
    }
    let diagonal = (0..n).map(|i| a[i * n + i].re).collect();
    let mut phases = vec![C64::new(1.0, 0.0); n];
    let mut beside = vec![0.0; n];
    for i in 1..n {
        let size = corner[i].norm();
        beside[i] = size;
        phases[i] = if size > 0.0 { phases[i - 1] * (corner[i] / size) } else { phases[i - 1] };
    }
    Tridiagonal { diagonal, beside, phases, reflectors }
}

/// `A ← H A H` on the trailing block from `start`, with `H = I − 2vvᴴ`.
fn two_sided(a: &mut [C64], n: usize, start: usize, v: &[C64]) {
    let mut p: Vec<C64> = (start..n)
        .map(|i| a[i * n + start..(i + 1) * n].iter().zip(v).map(|(a, v)| a * v).sum::<C64>() * 2.0)
        .collect();
    let middle: C64 = v.iter().zip(&p).map(|(v, p)| v.conj() * p).sum();
    p.iter_mut().zip(v).for_each(|(p, v)| *p -= middle * v);
    for (i, (&vi, &pi)) in v.iter().zip(&p).enumerate() {
        let row = &mut a[(start + i) * n + start..(start + i + 1) * n];
        for ((a, v), p) in row.iter_mut().zip(v).zip(&p) {
            *a -= vi * p.conj() + pi * v.conj();
        }
    }
}

fn reflect(vector: &mut [C64], v: &[C64]) {
    let along: C64 = v.iter().zip(vector.iter()).map(|(v, x)| v.conj() * x).sum::<C64>() * 2.0;
    vector.iter_mut().zip(v).for_each(|(x, v)| *x -= along * v);
}

/// Implicit QL with Wilkinson shifts on a real symmetric tridiagonal matrix; row `i` of `rows` follows value `i`.
fn implicit_ql(d: &mut [f64], e: &mut [f64], rows: &mut [f64]) -> Option<()> {
    let n = d.len();
    e.rotate_left(1); // e[i] now couples i and i+1
    e[n - 1] = 0.0;
    for l in 0..n {
        for sweep in 0.. {
            let m = (l..n - 1)
                .find(|&m| e[m].abs() <= f64::EPSILON * (d[m].abs() + d[m + 1].abs()))
                .unwrap_or(n - 1);
            if m == l {
                break;
            }
            if sweep == 60 {
                return None;
            }
            let mut g = (d[l + 1] - d[l]) / (2.0 * e[l]);
            let r = g.hypot(1.0);
            g = d[m] - d[l] + e[l] / (g + r.copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut split = false;
            for i in (l..m).rev() {
                let (f, b) = (s * e[i], c * e[i]);
                let r = f.hypot(g);
                e[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    e[m] = 0.0;
                    split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let r = (d[i] - g) * s + 2.0 * c * b;
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                let (low, high) = rows[i * n..(i + 2) * n].split_at_mut(n);
                for (low, high) in low.iter_mut().zip(high) {
                    let f = *high;
                    *high = s * *low + c * f;
                    *low = c * *low - s * f;
                }
            }
            if split {
                continue;
            }
            d[l] -= p;
            e[l] = g;
            e[m] = 0.0;
        }
    }
    Some(())
}

/// Lower Cholesky factor of a Hermitian positive definite matrix; `None` when it is not.
pub fn cholesky(matrix: &[C64], n: usize) -> Option<Vec<C64>> {
    if matrix.len() != n * n {
        return None;
    }
    let mut l = vec![ZERO; n * n];
    for i in 0..n {
        for j in 0..=i {
            let done: C64 = l[i * n..][..j].iter().zip(&l[j * n..][..j]).map(|(a, b)| a * b.conj()).sum();
            let rest = matrix[i * n + j] - done;
            if i == j {
                if !(rest.re > 0.0 && rest.re.is_finite()) {
                    return None;
                }
                l[i * n + i] = C64::new(rest.re.sqrt(), 0.0);
            } else {
                l[i * n + j] = rest / l[j * n + j].re;
            }
        }
    }
    Some(l)
}

/// `L⁻¹ b` for a lower triangular factor.
pub fn solve_lower(l: &[C64], b: &mut [C64]) {
    let n = b.len();
    for i in 0..n {
        let done: C64 = l[i * n..][..i].iter().zip(&b[..i]).map(|(l, x)| l * x).sum();
        b[i] = (b[i] - done) / l[i * n + i];
    }
}

/// `(L Lᴴ)⁻¹ b`.
pub fn solve_cholesky(l: &[C64], b: &mut [C64]) {
    solve_lower(l, b);
    let n = b.len();
    for i in (0..n).rev() {
        let done: C64 = (i + 1..n).map(|j| l[j * n + i].conj() * b[j]).sum();
        b[i] = (b[i] - done) / l[i * n + i].conj();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn hermitian(n: usize, seed: u64) -> Vec<C64> {
        let mut random = Random::new(seed);
        let g: Vec<C64> = random.normals(n * n).iter().map(|v| C64::new(v.re.into(), v.im.into())).collect();
        let mut a = vec![ZERO; n * n];
        for i in 0..n {
            for j in 0..n {
                a[i * n + j] = (0..n).map(|k| g[i * n + k] * g[j * n + k].conj()).sum();
            }
        }
        a
    }

    #[test]
    fn eigenpairs_solve_their_equation_and_are_orthonormal() {
        for n in [1, 2, 3, 8, 40] {
            let a = hermitian(n, n as u64);
            let eigen = hermitian_eigen(&a, n).unwrap();
            let top = eigen.values[n - 1];
            for (i, v) in eigen.vectors().enumerate() {
                for row in 0..n {
                    let av: C64 = (0..n).map(|k| a[row * n + k] * v[k]).sum();
                    assert!((av - v[row] * eigen.values[i]).norm() < 1e-12 * top * n as f64, "{n} {i}");
                }
                for (j, w) in eigen.vectors().enumerate() {
                    let inner: C64 = v.iter().zip(w).map(|(v, w)| v.conj() * w).sum();
                    assert!((inner.norm() - f64::from(u8::from(i == j))).abs() < 1e-12, "{n} {i} {j}");
                }
            }
        }
    }

    #[test]
    fn eigenpairs_of_a_diagonal_and_of_zero() {
        let mut a = vec![ZERO; 9];
        (a[0], a[4], a[8]) = (C64::new(3.0, 0.0), C64::new(-1.0, 0.0), C64::new(2.0, 0.0));
        assert_eq!(hermitian_eigen(&a, 3).unwrap().values, [-1.0, 2.0, 3.0]);
        assert_eq!(hermitian_eigen(&[ZERO; 16], 4).unwrap().values, [0.0; 4]);
        assert!(hermitian_eigen(&[C64::new(f64::NAN, 0.0)], 1).is_none());
    }

    #[test]
    fn cholesky_solves() {
        let n = 12;
        let a = hermitian(n, 9);
        let l = cholesky(&a, n).unwrap();
        let x: Vec<C64> = (0..n).map(|i| C64::new(i as f64, 1.0)).collect();
        let mut b: Vec<C64> = (0..n).map(|i| (0..n).map(|k| a[i * n + k] * x[k]).sum()).collect();
        solve_cholesky(&l, &mut b);
        for (b, x) in b.iter().zip(&x) {
            assert!((b - x).norm() < 1e-8);
        }
        assert!(cholesky(&[C64::new(-1.0, 0.0)], 1).is_none());
    }
}
