//! Training samples on standard output, for a trainer on a machine that has nothing else of Bevan:
//! `samples SEED FIRST STEP COUNT full|medium|small`; or `samples pictures FOLDER SEED`, a picture of every family.

use mri::Grid;
use mri::anatomy::stream::{self, Sample, Size};
use mri::anatomy::{Family, Plan, Sampling, Scan};
use mri::formats::png::{self, Window};
use std::io::BufWriter;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match texts.as_slice() {
        ["pictures", folder, seed] => seed.parse().ok().map(|seed| pictures(folder, seed)),
        [seed, first, step, count, size] => numbers([seed, first, step, count]).map(|n| stream(n, size)),
        _ => None,
    };
    match done {
        Some(Ok(())) => ExitCode::SUCCESS,
        // A trainer that has enough closes the pipe.
        Some(Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("samples: {error}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!(
                "usage: samples SEED FIRST STEP COUNT full|medium|small, or samples pictures FOLDER SEED"
            );
            ExitCode::FAILURE
        }
    }
}

fn numbers(texts: [&str; 4]) -> Option<[u64; 4]> {
    let [seed, first, step, count] = texts.map(|text| text.parse().ok());
    Some([seed?, first?, step?, count?])
}

fn stream([seed, first, step, count]: [u64; 4], size: &str) -> std::io::Result<()> {
    let size = match size {
        "small" => Size::Small,
        "medium" => Size::Medium,
        _ => Size::Full,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for index in (0..count).map(|i| first + i * step) {
        let (shape, samples) = stream::batch(size, seed, index);
        stream::write(&mut out, &shape, &samples)?;
    }
    Ok(())
}

fn pictures(folder: &str, seed: u64) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let samplings = [Sampling::RandomLines, Sampling::Poisson, Sampling::EquispacedLines].into_iter().cycle();
    let families = Family::TRAINING.into_iter().chain(Family::HELD_OUT);
    for (i, (family, sampling)) in families.zip(samplings).enumerate() {
        let grid = Grid::new(256, 240);
        let plan = Plan { grid, coils: 8, family, sampling, acceleration: 4.0, noise: 0.01 };
        let scan = Scan::draw(&plan, seed.wrapping_add(i as u64));
        let mut planes = vec![scan.reference()];
        if let Some(sample) = Sample::of(scan, seed) {
            planes.push(sample.start.image.iter().map(|v| v.norm()).collect());
        }
        for (name, plane) in ["reference", "start"].into_iter().zip(planes) {
            if let Some(png) = png::write(grid, &plane, Window::of(&plane)) {
                std::fs::write(format!("{folder}/{family}-{name}.png"), png)?;
            }
        }
    }
    Ok(())
}
