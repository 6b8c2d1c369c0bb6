//! Tests that any linear operator must pass; public, so that an operator made elsewhere can be held to them.

use super::LinearOperator;
use crate::grid::{C32, ZERO, dot, norm};
use crate::random::Random;

/// `|⟨Ax, y⟩ − ⟨x, Aᴴy⟩| / (‖Ax‖ ‖y‖)` on random vectors.
pub fn adjoint_gap(operator: &dyn LinearOperator, seed: u64) -> f64 {
    let mut random = Random::new(seed);
    let (x, y) = (random.normals(operator.domain()), random.normals(operator.range()));
    let (mut ax, mut ahy) = (vec![ZERO; operator.range()], vec![ZERO; operator.domain()]);
    operator.forward(&x, &mut ax);
    operator.adjoint(&y, &mut ahy);
    (dot(&ax, &y) - dot(&x, &ahy)).norm() / (norm(&ax) * norm(&y)).max(f64::MIN_POSITIVE)
}

/// `‖A(αx + z) − (αAx + Az)‖ / ‖A(αx + z)‖` on random vectors.
pub fn linearity_gap(operator: &dyn LinearOperator, seed: u64) -> f64 {
    let mut random = Random::new(seed);
    let (x, z, alpha) =
        (random.normals(operator.domain()), random.normals(operator.domain()), random.normal());
    let apply = |x: &[C32]| {
        let mut y = vec![ZERO; operator.range()];
        operator.forward(x, &mut y);
        y
    };
    let both = apply(&x.iter().zip(&z).map(|(x, z)| alpha * x + z).collect::<Vec<_>>());
    let apart: Vec<C32> =
        apply(&x).iter().zip(apply(&z)).zip(&both).map(|((ax, az), both)| alpha * ax + az - both).collect();
    norm(&apart) / norm(&both).max(f64::MIN_POSITIVE)
}

/// `‖normal(x) − Aᴴ(Ax)‖ / ‖Aᴴ(Ax)‖`: the short cut must be the product.
pub fn normal_gap(operator: &dyn LinearOperator, seed: u64) -> f64 {
    let x = Random::new(seed).normals(operator.domain());
    let (mut ax, mut direct, mut short) = (vec![ZERO; operator.range()], x.clone(), x.clone());
    operator.forward(&x, &mut ax);
    operator.adjoint(&ax, &mut direct);
    operator.normal(&x, &mut short);
    let apart: Vec<C32> = direct.iter().zip(&short).map(|(a, b)| a - b).collect();
    norm(&apart) / norm(&direct).max(f64::MIN_POSITIVE)
}
