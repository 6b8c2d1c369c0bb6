//! Seconds a slice takes the network, stage by stage, with random weights of the default shape:
//! `learned_speed PIXELS COILS THREADS`. Weights do not change the time.

use mri::Grid;
use mri::anatomy::stream::Sample;
use mri::anatomy::{Family, Plan, Sampling, Scan};
use mri::learned::{Instructions, Network, Start, Tensor, Tensors};
use mri::random::Random;
use mri::recon::Problem;
use std::process::ExitCode;
use std::time::Instant;

const CASCADES: usize = 5;
const LAYERS: [(&str, [usize; 4]); 13] = [
    ("e0a", [32, 32, 3, 3]),
    ("e0b", [32, 32, 3, 3]),
    ("d1", [48, 32, 2, 2]),
    ("e1a", [48, 48, 3, 3]),
    ("e1b", [48, 48, 3, 3]),
    ("d2", [64, 48, 2, 2]),
    ("e2a", [64, 64, 3, 3]),
    ("e2b", [64, 64, 3, 3]),
    ("u1", [64, 48, 2, 2]),
    ("f1", [48, 48, 3, 3]),
    ("u0", [48, 32, 2, 2]),
    ("f0", [32, 32, 3, 3]),
    ("out", [8, 32, 3, 3]),
];

fn main() -> ExitCode {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [pixels, coils, threads] = numbers.as_slice() else {
        eprintln!("usage: learned_speed PIXELS COILS THREADS");
        return ExitCode::FAILURE;
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(*threads).build();
    match pool.ok().and_then(|pool| pool.install(|| measure(*pixels, *coils))) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn measure(pixels: usize, coils: usize) -> Option<()> {
    let network = Network::new(&random_weights()).ok()?;
    for sampling in [Sampling::RandomLines, Sampling::Poisson] {
        let plan = Plan {
            grid: Grid::new(pixels, pixels),
            coils,
            family: Family::Head,
            sampling,
            acceleration: 4.0,
            noise: 0.01,
        };
        let (scan, drawn) = timed(|| Scan::draw(&plan, 1));
        let (sample, prepared) = timed(|| Sample::of(scan, 1));
        let sample = sample?;
        let problem = Problem::new(&sample.scan.kspace, &sample.scan.mask, vec![sample.maps.clone()]).ok()?;
        let (_, started) = timed(|| Start::of(&problem));
        let times: Vec<f64> = (0..3).map(|_| timed(|| network.reconstruct(&problem)).1).collect();
        let best = times.into_iter().fold(f64::MAX, f64::min);
        println!(
            "{sampling}, {pixels} x {pixels}, {coils} coils, {}: scan {drawn:.3} s, sample {prepared:.3} s, start {started:.3} s, network with start {best:.3} s",
            Instructions::best().name()
        );
    }
    Some(())
}

#[expect(clippy::disallowed_methods, reason = "an example that measures time")]
fn timed<R>(work: impl FnOnce() -> R) -> (R, f64) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed().as_secs_f64())
}

fn random_weights() -> Tensors {
    let mut random = Random::new(1);
    let mut tensors = Tensors::default();
    for (k, (name, shape)) in (0..CASCADES).flat_map(|k| LAYERS.map(|layer| (k, layer))) {
        let [a, b, rows, cols] = shape;
        let size = 0.5 / ((a.max(b) * rows * cols) as f32).sqrt();
        let values = random.normals(a * b * rows * cols).iter().map(|v| v.re * size).collect();
        tensors.tensors.insert(format!("c{k}.{name}"), Tensor { shape: shape.to_vec(), values });
    }
    let steps = Tensor { shape: vec![CASCADES + 1], values: vec![0.9; CASCADES + 1] };
    tensors.tensors.insert("steps".into(), steps);
    tensors
}
