//! The leading eigenpairs of many small Hermitian matrices, one per pixel of a row, by orthogonal iteration over
//! the whole row at once, starting from the row before.

use crate::grid::{C32, ZERO};

/// Iterations for a row without a predecessor, and with one.
const FIRST: usize = 60;
const NEXT: usize = 8;

/// `sets` leading eigenpairs of each of `cols` matrices. `covariance` holds pairs `(c, d ≤ c)`, `cols` values each.
/// `vectors` (per set: coil after coil, `cols` values each) is both the start and the result; empty starts afresh.
pub fn leading_pairs(
    covariance: &[C32],
    coils: usize,
    cols: usize,
    sets: usize,
    vectors: &mut Vec<Vec<C32>>,
) -> Vec<Vec<f32>> {
    let iterations = if vectors.is_empty() { FIRST } else { NEXT };
    if vectors.is_empty() {
        *vectors = (0..sets).map(|set| start(coils, cols, set)).collect();
    }
    let mut values = vec![vec![0.0; cols]; sets];
    let mut image = vec![ZERO; coils * cols];
    for _ in 0..iterations {
        for set in 0..sets {
            let (before, rest) = vectors.split_at_mut(set);
            let (Some(vector), Some(values)) = (rest.first_mut(), values.get_mut(set)) else { continue };
            multiply(covariance, vector, cols, &mut image);
            for earlier in &*before {
                remove(earlier, &mut image, cols);
            }
            normalise(&mut image, cols, values);
            std::mem::swap(vector, &mut image);
        }
    }
    values
}

/// Starting vectors that no smooth matrix is orthogonal to: a different slope per set.
fn start(coils: usize, cols: usize, set: usize) -> Vec<C32> {
    let size = (coils as f32).sqrt();
    let turn = |coil: usize| (coil * coil) as f32 * 0.7 + (coil * set) as f32 * 2.1;
    (0..coils).flat_map(|coil| std::iter::repeat_n(C32::from_polar(1.0 / size, turn(coil)), cols)).collect()
}

/// `image ← G v` in every pixel.
fn multiply(covariance: &[C32], vector: &[C32], cols: usize, image: &mut [C32]) {
    image.fill(ZERO);
    let mut pairs = covariance.chunks_exact(cols);
    for (c, vector_c) in vector.chunks_exact(cols).enumerate() {
        let (earlier, later) = image.split_at_mut(c * cols);
        let Some(image_c) = later.get_mut(..cols) else { return };
        for (vector_d, image_d) in vector.chunks_exact(cols).zip(earlier.chunks_exact_mut(cols)) {
            let Some(pair) = pairs.next() else { return };
            let pixels = image_c.iter_mut().zip(image_d).zip(vector_c.iter().zip(vector_d)).zip(pair);
            for (((to_c, to_d), (v_c, v_d)), g) in pixels {
                *to_c += g * v_d;
                *to_d += g.conj() * v_c;
            }
        }
        let Some(diagonal) = pairs.next() else { return };
        for ((to, v), g) in image_c.iter_mut().zip(vector_c).zip(diagonal) {
            *to += v * g.re;
        }
    }
}

/// Takes the part along `earlier` out of `image`.
fn remove(earlier: &[C32], image: &mut [C32], cols: usize) {
    let mut along = vec![ZERO; cols];
    for (earlier, image) in earlier.chunks_exact(cols).zip(image.chunks_exact(cols)) {
        along.iter_mut().zip(earlier.iter().zip(image)).for_each(|(sum, (e, v))| *sum += e.conj() * v);
    }
    for (earlier, image) in earlier.chunks_exact(cols).zip(image.chunks_exact_mut(cols)) {
        image.iter_mut().zip(earlier.iter().zip(&along)).for_each(|(v, (e, a))| *v -= e * a);
    }
}

/// Unit length in every pixel; the length, `‖Gv‖`, is the eigenvalue.
fn normalise(image: &mut [C32], cols: usize, lengths: &mut [f32]) {
    lengths.fill(0.0);
    for line in image.chunks_exact(cols) {
        lengths.iter_mut().zip(line).for_each(|(sum, v)| *sum += v.norm_sqr());
    }
    lengths.iter_mut().for_each(|sum| *sum = sum.sqrt());
    for line in image.chunks_exact_mut(cols) {
        line.iter_mut().zip(&*lengths).for_each(|(v, length)| *v /= length.max(1e-30));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::{C64, hermitian_eigen};
    use crate::random::Random;

    #[test]
    fn agrees_with_the_full_eigenproblem() {
        let (coils, cols) = (5, 6);
        let mut random = Random::new(4);
        // G = a aᴴ + ½ b bᴴ + small, so that the gaps are clear.
        let mut pairs = vec![vec![ZERO; cols]; coils * (coils + 1) / 2];
        let mut full = vec![vec![C64::new(0.0, 0.0); coils * coils]; cols];
        for col in 0..cols {
            let (a, b) = (random.normals(coils), random.normals(coils));
            let mut pair = 0;
            for c in 0..coils {
                for d in 0..=c {
                    let g = a[c] * a[d].conj() + b[c] * b[d].conj() * 0.3;
                    pairs[pair][col] = g;
                    let g = C64::new(g.re.into(), g.im.into());
                    full[col][c * coils + d] = g;
                    full[col][d * coils + c] = g.conj();
                    pair += 1;
                }
            }
        }
        let mut vectors = Vec::new();
        let values = leading_pairs(&pairs.concat(), coils, cols, 2, &mut vectors);
        for col in 0..cols {
            let exact = hermitian_eigen(&full[col], coils).unwrap();
            assert!((f64::from(values[0][col]) / exact.values[coils - 1] - 1.0).abs() < 1e-3);
            assert!((f64::from(values[1][col]) / exact.values[coils - 2] - 1.0).abs() < 1e-2);
        }
    }
}
