//! The unrolled network: `x ← x − η_k (AᴴA x − Aᴴy) − D_k(x, AᴴA x − Aᴴy)` for every cascade, and one more step on the
//! data alone, so that the last word is the measurement's.
//!
//! It starts from what the classic methods make of the scan ([`Start`]) and sees how they differ. Cascades and layers are read from a safetensors file (`c0.e0a` …, `steps`), their number
//! and widths with them. Aggarwal, Mani, Jacob, IEEE TMI 38:394 (2019); Hammernik et al., MRM 79:3055 (2018).

use super::conv::{Conv, LANES, Taps};
use super::start::Start;
use super::tensors::{Tensor, Tensors, WeightsError};
use super::unet::{INPUTS, LAYERS, UNet, doubling_place};
use crate::grid::{C32, Grid, ZERO};
use crate::recon::{Image, Problem};

/// Most cascades that a file may have.
const MOST_CASCADES: usize = 32;

/// A trained network.
#[derive(Debug, Clone)]
pub struct Network {
    cascades: Vec<UNet>,
    /// One step length per cascade and one for the end.
    steps: Vec<f32>,
}

impl Network {
    /// From a file's tensors.
    pub fn new(tensors: &Tensors) -> Result<Self, WeightsError> {
        let steps = tensors.get("steps")?.values.clone();
        if steps.len() < 2 || steps.len() > MOST_CASCADES + 1 {
            return Err(WeightsError::Tensor("steps".into(), "one for each of 1 to 32 cascades and the end"));
        }
        let cascades = (0..steps.len() - 1).map(|k| cascade(tensors, k)).collect::<Result<_, _>>()?;
        Ok(Self { cascades, steps })
    }

    /// Number of cascades.
    pub fn cascades(&self) -> usize {
        self.cascades.len()
    }

    /// The image of a problem with one set of sensitivities, and the image it started from; `None` for more sets.
    pub fn reconstruct(&self, problem: &Problem) -> Option<(Image, Image)> {
        if problem.sets() != 1 {
            return None;
        }
        let start = Start::of(problem);
        let normal = |x: &[C32], out: &mut [C32]| problem.normal(x, out);
        let system = System { grid: problem.grid(), normal: &normal, right: problem.right() };
        let x = self.unroll(&system, &start);
        Some((problem.image(x, self.cascades.len()), problem.image(start.image, 0)))
    }

    /// The network's iterations on scaled data.
    pub fn unroll(&self, system: &System, start: &Start) -> Vec<C32> {
        let mut x = start.image.clone();
        let [first, second] = &start.hints;
        let mut gradient = vec![ZERO; x.len()];
        for (cascade, step) in self.cascades.iter().zip(&self.steps) {
            system.gradient(&x, &mut gradient);
            let correction = cascade.apply(system.grid, &[&x, &gradient, first, second]);
            for ((x, g), d) in x.iter_mut().zip(&gradient).zip(&correction) {
                *x -= g * step + d;
            }
        }
        if let Some(step) = self.steps.last() {
            system.gradient(&x, &mut gradient);
            x.iter_mut().zip(&gradient).for_each(|(x, g)| *x -= g * step);
        }
        x
    }
}

/// The normal equations `AᴴA x = Aᴴy` of one plane.
pub struct System<'a> {
    /// Size of the image.
    pub grid: Grid,
    /// Writes `AᴴAx`.
    pub normal: &'a dyn Fn(&[C32], &mut [C32]),
    /// `Aᴴy`.
    pub right: &'a [C32],
}

impl System<'_> {
    /// `AᴴAx − Aᴴy`.
    fn gradient(&self, x: &[C32], gradient: &mut [C32]) {
        (self.normal)(x, gradient);
        gradient.iter_mut().zip(self.right).for_each(|(g, b)| *g -= b);
    }
}

fn cascade(tensors: &Tensors, k: usize) -> Result<UNet, WeightsError> {
    let mut layers = Vec::with_capacity(LAYERS.len());
    let mut widths = vec![INPUTS];
    for (name, taps, rectified) in LAYERS {
        let name = format!("c{k}.{name}");
        let tensor = tensors.get(&name)?;
        let doubling = taps == Taps::Point;
        let (inputs, outputs) =
            widths_of(tensor, taps).map_err(|why| WeightsError::Tensor(name.clone(), why))?;
        // Each layer takes what the one before gives; the two doubling ones give what their skip has.
        let expected = widths.last().copied().unwrap_or(0);
        let skip = match name.rsplit('.').next() {
            Some("u1") => widths.get(5).copied(),
            Some("u0") => widths.get(2).copied(),
            Some("out") => Some(8),
            _ => None,
        };
        if inputs != expected || skip.is_some_and(|skip| skip != outputs) {
            return Err(WeightsError::Tensor(name, "does not fit its neighbours"));
        }
        widths.push(outputs);
        layers.push(if doubling {
            doubling_layer(tensor, (inputs, outputs), rectified)
        } else {
            plain_layer(tensor, (taps, inputs, outputs), rectified)
        });
    }
    let layers = layers.try_into().map_err(|_| WeightsError::Card("its layers"))?;
    Ok(UNet::new(layers))
}

/// Inputs and outputs of a layer: `(out, in, side, side)`, or `(in, out, 2, 2)` where it doubles the size.
fn widths_of(tensor: &Tensor, taps: Taps) -> Result<(usize, usize), &'static str> {
    let side = if taps == Taps::Point { 2 } else { taps.side() };
    match tensor.shape.as_slice() {
        [a, b, rows, cols]
            if *rows == side && *cols == side && (1..=512).contains(a) && (1..=512).contains(b) =>
        {
            Ok(if taps == Taps::Point { (*a, *b) } else { (*b, *a) })
        }
        _ => Err("has another shape"),
    }
}

fn plain_layer(tensor: &Tensor, (taps, inputs, outputs): (Taps, usize, usize), rectified: bool) -> Conv {
    let side = taps.side();
    let weight = |o: usize, i: usize, r: usize, c: usize| {
        tensor.values.get(((o * inputs + i) * side + r) * side + c).copied().unwrap_or(0.0)
    };
    Conv::new(taps, (inputs, outputs), rectified, &weight)
}

fn doubling_layer(tensor: &Tensor, (inputs, outputs): (usize, usize), rectified: bool) -> Conv {
    let weight = |o: usize, i: usize, _: usize, _: usize| {
        let at = |(channel, down, right)| ((i * outputs + channel) * 2 + down) * 2 + right;
        doubling_place(o, outputs).and_then(|place| tensor.values.get(at(place)).copied()).unwrap_or(0.0)
    };
    Conv::new(Taps::Point, (inputs, 4 * outputs.next_multiple_of(LANES)), rectified, &weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Stack, norm};
    use crate::phantom::Phantom;
    use crate::random::Random;
    use crate::sampling::{Mask, random_lines};

    /// A network of random weights, small enough that nothing explodes.
    pub fn random_tensors(cascades: usize, seed: u64) -> Tensors {
        let mut random = Random::new(seed);
        let mut tensors = Tensors::default();
        let mut add = |name: String, shape: Vec<usize>, size: f32| {
            let values = random.normals(shape.iter().product()).iter().map(|v| v.re * size).collect();
            tensors.tensors.insert(name, Tensor { shape, values });
        };
        let widths = [INPUTS, 16, 16, 32, 32, 32, 32, 32, 32, 32, 32, 16, 16, 8];
        for k in 0..cascades {
            for (((name, taps, _), inputs), outputs) in LAYERS.iter().zip(widths).zip(widths.iter().skip(1)) {
                let (shape, side) = match taps {
                    Taps::Point => (vec![inputs, *outputs, 2, 2], 2),
                    taps => (vec![*outputs, inputs, taps.side(), taps.side()], taps.side()),
                };
                add(format!("c{k}.{name}"), shape, 0.7 / (inputs as f32 * (side * side) as f32).sqrt());
            }
        }
        tensors
            .tensors
            .insert("steps".into(), Tensor { shape: vec![cascades + 1], values: vec![0.9; cascades + 1] });
        tensors
    }

    fn problem(factor: f32) -> Problem {
        let phantom = Phantom::head(Grid::new(44, 52), 4, 1);
        let maps = phantom.maps();
        let rss = maps.rss();
        let values = maps.values.iter().zip(rss.iter().cycle()).map(|(s, r)| s / *r).collect();
        let mask = Mask::from_lines(44, &random_lines(52, 20, 10, 1));
        let mut kspace = phantom.kspace();
        kspace.values.iter_mut().for_each(|v| *v *= factor);
        mask.apply(&mut kspace);
        let maps = Stack { grid: phantom.grid, count: 4, values };
        Problem::new(&kspace, &mask, vec![maps]).unwrap()
    }

    #[test]
    fn the_image_follows_the_units_of_the_data() {
        let network = Network::new(&random_tensors(2, 1)).unwrap();
        let (one, _) = network.reconstruct(&problem(1.0)).unwrap();
        let (many, _) = network.reconstruct(&problem(1000.0)).unwrap();
        let apart: Vec<C32> =
            one.sets.values.iter().zip(&many.sets.values).map(|(a, b)| a * 1000.0 - b).collect();
        assert!(norm(&apart) / norm(&many.sets.values) < 1e-5);
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let network = Network::new(&random_tensors(1, 2)).unwrap();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| network.reconstruct(&problem(1.0)).unwrap().0)
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn layers_that_do_not_fit_are_refused_by_name() {
        let mut tensors = random_tensors(1, 1);
        tensors.tensors.insert("c0.f1".into(), Tensor { shape: vec![16, 16, 3, 3], values: vec![0.0; 2304] });
        let refused = Network::new(&tensors).err();
        assert_eq!(refused, Some(WeightsError::Tensor("c0.f1".into(), "does not fit its neighbours")));
        tensors.tensors.remove("c0.e0a");
        assert_eq!(Network::new(&tensors).err(), Some(WeightsError::Tensor("c0.e0a".into(), "not there")));
    }
}
