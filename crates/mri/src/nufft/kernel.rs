//! The Kaiser–Bessel interpolation kernel and its transform.

use std::f64::consts::PI;

/// A kernel `width` cells wide on a grid `oversampling` times finer than the image's.
#[derive(Debug, Clone, Copy)]
pub struct KaiserBessel {
    /// Cells.
    pub width: usize,
    /// Fine grid over image grid.
    pub oversampling: f64,
    beta: f64,
    top: f64,
}

impl KaiserBessel {
    /// With Beatty's shape `β = π √((w/σ)² (σ − ½)² − 0.8)`.
    pub fn new(width: usize, oversampling: f64) -> Self {
        let ratio = width as f64 / oversampling;
        let beta = PI * (ratio.powi(2) * (oversampling - 0.5).powi(2) - 0.8).max(0.0).sqrt();
        Self { width, oversampling, beta, top: bessel_i0(beta) }
    }

    /// Weight at `distance` cells.
    pub fn weight(&self, distance: f64) -> f64 {
        let inside = 1.0 - (2.0 * distance / self.width as f64).powi(2);
        if inside <= 0.0 { 0.0 } else { bessel_i0(self.beta * inside.sqrt()) / self.top }
    }

    /// Fourier transform of the kernel at `frequency` cycles per cell: what interpolation multiplies the image by.
    pub fn rolloff(&self, frequency: f64) -> f64 {
        let width = self.width as f64;
        let square = self.beta.powi(2) - (PI * width * frequency).powi(2);
        let root = square.abs().sqrt();
        let value = if root < 1e-9 {
            1.0
        } else if square > 0.0 {
            root.sinh() / root
        } else {
            root.sin() / root
        };
        width * value / self.top
    }
}

/// The weights of a kernel from a table, to about 1e-7 of its top.
pub struct Table {
    values: Vec<f32>,
    per_cell: f64,
}

impl Table {
    /// Steps from the middle to the end.
    const STEPS: usize = 1 << 13;

    /// Of a kernel.
    pub fn of(kernel: &KaiserBessel) -> Self {
        let per_cell = 2.0 * Self::STEPS as f64 / kernel.width as f64;
        // Two more, so that there is always a next one.
        let values = (0..Self::STEPS + 2).map(|i| kernel.weight(i as f64 / per_cell) as f32).collect();
        Self { values, per_cell }
    }

    /// Weight at `distance` cells: on the line between two entries.
    pub fn weight(&self, distance: f64) -> f32 {
        let at = distance * self.per_cell;
        match self.values.get(at as usize..) {
            Some([low, high, ..]) => low + (high - low) * at.fract() as f32,
            _ => 0.0,
        }
    }
}

/// Modified Bessel function I₀ by its power series (all terms positive, so no digits are lost).
pub fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..200 {
        term *= quarter / f64::from(k * k);
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_and_values_are_the_published_ones() {
        let kernel = KaiserBessel::new(6, 2.0);
        assert!((kernel.beta - 13.8551).abs() < 1e-4);
        assert!((bessel_i0(1.0) - 1.266_065_877_752_008_4).abs() < 1e-14);
        assert_eq!(kernel.weight(3.0), 0.0);
        assert!((kernel.weight(0.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn the_table_is_the_kernel() {
        let kernel = KaiserBessel::new(6, 2.0);
        let table = Table::of(&kernel);
        for i in 0..7001 {
            let distance = f64::from(i) / 2000.0;
            let gap = f64::from(table.weight(distance)) - kernel.weight(distance);
            assert!(gap.abs() < 5e-7, "{distance}: {gap}");
        }
    }

    #[test]
    fn rolloff_is_the_kernels_integral() {
        let kernel = KaiserBessel::new(6, 2.0);
        for frequency in [0.0, 0.1, 0.25, 0.6] {
            let steps = 6000;
            let sum: f64 = (0..steps)
                .map(|i| -3.0 + 6.0 * (f64::from(i) + 0.5) / f64::from(steps))
                .map(|u| kernel.weight(u) * (2.0 * PI * u * frequency).cos() * 6.0 / f64::from(steps))
                .sum();
            assert!((sum - kernel.rolloff(frequency)).abs() < 1e-5, "{frequency}");
        }
    }
}
