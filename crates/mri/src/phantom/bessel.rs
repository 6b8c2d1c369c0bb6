//! The Bessel function J₁: power series to 12, Hankel's asymptotic series beyond (Abramowitz, Stegun 9.1.10, 9.2.5).

use std::f64::consts::PI;

/// `J₁(x)`, absolute error below 1e-10.
pub fn bessel_j1(x: f64) -> f64 {
    if x < 0.0 {
        return -bessel_j1(-x);
    }
    if x < 12.0 { series(x) } else { asymptotic(x) }
}

fn series(x: f64) -> f64 {
    let square = -0.25 * x * x;
    let (mut term, mut sum) = (0.5 * x, 0.5 * x);
    for k in 1..60 {
        term *= square / (k * (k + 1)) as f64;
        sum += term;
        if term.abs() < 1e-17 {
            break;
        }
    }
    sum
}

fn asymptotic(x: f64) -> f64 {
    let (mut p, mut q, mut term) = (1.0, 0.0, 1.0);
    for k in 1..=16i32 {
        let odd = f64::from(2 * k - 1);
        let next = term * (4.0 - odd * odd) / (f64::from(8 * k) * x);
        if next.abs() > f64::abs(term) {
            break;
        }
        term = next;
        match k % 4 {
            1 => q += term,
            2 => p -= term,
            3 => q -= term,
            _ => p += term,
        }
    }
    let (sin, cos) = (x - 0.75 * PI).sin_cos();
    (2.0 / (PI * x)).sqrt() * (p * cos - q * sin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_tables_and_is_continuous() {
        // Abramowitz, Stegun, table 9.1.
        for (x, value) in [(1.0, 0.440_050_585_7), (5.0, -0.327_579_137_6), (10.0, 0.043_472_746_2)] {
            assert!((bessel_j1(x) - value).abs() < 1e-10, "{x}");
        }
        assert!(bessel_j1(3.831_705_970_2).abs() < 1e-10);
        assert!((series(12.0) - asymptotic(12.0)).abs() < 1e-9, "{}", series(12.0) - asymptotic(12.0));
        assert!((bessel_j1(20.0) - 0.066_833_124_2).abs() < 1e-10);
        assert_eq!(bessel_j1(-2.0), -bessel_j1(2.0));
    }
}
