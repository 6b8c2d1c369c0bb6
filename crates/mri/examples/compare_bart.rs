//! Side by side with Debian's `bart`: the same files, one thread each, error and CPU time and memory per method.
//!
//! Run from anywhere, with `bart` and `/usr/bin/time` installed and on an idle machine:
//! `cargo run --release -p mri --example compare_bart -- FOLDER`. Data and images go to FOLDER; the table goes to
//! standard output. Each of our runs is a process of its own (this program called again with a method's name), that
//! reads the same `.cfl` files and writes one, so that reading, planning and writing are counted on both sides.

use mri::calibration::{Espirit, espirit};
use mri::formats::cfl::{self, Cfl};
use mri::grid::{Grid, Stack};
use mri::metrics::{Score, ellipse_mask, score};
use mri::nufft::{Nufft, area_density};
use mri::recon::Weighting;
use mri::recon::{self, CgSense, L1Wavelet, Problem, TvFista};
use mri::sampling::{Mask, PoissonDisc, poisson_disc, random_lines};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SIZE: usize = 320;
const READOUT: usize = 640;
const SPOKES: usize = 64;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["score", image, reference] => {
            let (image, reference) = (load(image)?, recon::zero_filled(&load(reference)?));
            println!(
                "{:?}",
                score(image.grid, &image.rss(), &reference, &ellipse_mask(image.grid, 0.92, 0.69))
            );
            Ok(())
        }
        ["work", method, input, maps, output, lambda] => work(method, [input, maps, output], lambda.parse()?),
        [folder] => compare((Path::new(folder), 3), ""),
        [folder, repeats] => compare((Path::new(folder), repeats.parse()?), ""),
        [folder, repeats, sampling] => compare((Path::new(folder), repeats.parse()?), sampling),
        _ => Err("usage: compare_bart FOLDER [REPEATS [SAMPLING]]".into()),
    }
}

fn load(path: &str) -> Outcome<Stack> {
    let header = std::fs::read_to_string(format!("{path}.hdr"))?;
    Ok(cfl::read(&header, File::open(format!("{path}.cfl"))?, 1 << 28)?.into_stack())
}

fn save(path: &str, stack: Stack, axis: usize) -> Outcome<()> {
    let cfl = Cfl::from_stack(stack, axis);
    std::fs::write(format!("{path}.hdr"), cfl.header())?;
    Ok(cfl.write_body(&mut File::create(format!("{path}.cfl"))?)?)
}

/// One of our methods, as a process of its own.
fn work(method: &str, [input, maps, output]: [&str; 3], lambda: f32) -> Outcome<()> {
    let kspace = load(input)?;
    if let Some(method) = method.strip_prefix("radial:") {
        return radial(method, kspace, (maps, output), lambda);
    }
    let mask = Mask::from_kspace(&kspace);
    if method == "maps" {
        let block = mask.calibration_block(Grid::new(24, 24));
        let maps = espirit(&kspace, block, &Espirit::default()).ok_or("no calibration")?;
        drop(kspace);
        return save(output, maps.sets.into_iter().next().ok_or("no maps")?, 3);
    }
    let problem = Problem::new(&kspace, &mask, vec![load(maps)?])?;
    drop(kspace);
    let image = match method {
        "cg" => recon::cg_sense(&problem, &CgSense { lambda, ..CgSense::default() }),
        "l1" => recon::l1_wavelet(&problem, &L1Wavelet { lambda, ..L1Wavelet::default() }),
        "tv" => recon::total_variation(&problem, &TvFista { lambda, ..TvFista::default() }),
        _ => match method.split(':').collect::<Vec<_>>().as_slice() {
            ["l1", iterations] => {
                let iterations = iterations.parse()?;
                recon::l1_wavelet(&problem, &L1Wavelet { lambda, iterations, ..L1Wavelet::default() })
            }
            ["tv", iterations, inner] => {
                let settings = TvFista { iterations: iterations.parse()?, inner: inner.parse()?, lambda };
                recon::total_variation(&problem, &settings)
            }
            _ => return Err(format!("no method {method}").into()),
        },
    };
    save(output, image.sets, 3)
}

/// Samples along a trajectory, weighted by area.
fn radial(method: &str, kspace: Stack, (maps, output): (&str, &str), lambda: f32) -> Outcome<()> {
    // BART: axis 0 of a trajectory holds (x, y, z), axis 0 of its data has length 1.
    let places = load("traj")?;
    let axis = |row: usize| -> Vec<f32> {
        places
            .planes()
            .flat_map(|p| p.chunks_exact(places.grid.cols).nth(row))
            .flatten()
            .map(|v| v.re)
            .collect()
    };
    let points: Vec<(f32, f32)> = axis(0).into_iter().zip(axis(1)).collect();
    // Coil data come as readout × spokes planes; a trajectory runs spoke by spoke.
    let samples = kspace.into_transposed().values;
    let maps = load(maps)?;
    let areas = area_density(&Nufft::new(maps.grid, &points), points.len());
    let problem = Problem::scattered(&samples, (&points, &areas), maps, Weighting::Area)?;
    drop(samples);
    let image = match method {
        "cg" => recon::cg_sense(&problem, &CgSense { lambda, ..CgSense::default() }),
        "l1" => recon::l1_wavelet(&problem, &L1Wavelet { lambda, ..L1Wavelet::default() }),
        "tv" => recon::total_variation(&problem, &TvFista { lambda, ..TvFista::default() }),
        _ => return Err(format!("no method {method}").into()),
    };
    save(output, image.sets, 3)
}

/// Where the files lie, and how often the best weight runs for its CPU time, the median of which counts.
struct Place {
    folder: PathBuf,
    repeats: usize,
}

/// CPU seconds and peak memory (MB) of a command.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu_s: f64,
    memory_mb: f64,
}

/// Runs a command once.
fn run(place: &Place, words: &[String]) -> Outcome<Cost> {
    let output = Command::new("bash")
        .args(["-c", "TIMEFORMAT='%3U %3S'; time /usr/bin/time -f '%M' \"$@\"", "run"])
        .args(words)
        .current_dir(&place.folder)
        .env("OMP_NUM_THREADS", "1")
        .env("RAYON_NUM_THREADS", "1")
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{words:?}: {text}").into());
    }
    let mut lines = text.lines().rev().filter(|line| !line.is_empty());
    let seconds = lines.next().ok_or("no time")?.split(' ').map(str::parse::<f64>);
    let cpu_s = seconds.sum::<Result<f64, _>>()?;
    let memory_mb = lines.next().ok_or("no memory")?.trim().parse::<f64>()? / 1024.0;
    Ok(Cost { cpu_s, memory_mb })
}

/// The medians of several runs.
fn median(place: &Place, run: &dyn Fn() -> Outcome<Cost>) -> Outcome<Cost> {
    let costs = (0..place.repeats.max(1)).map(|_| run()).collect::<Outcome<Vec<Cost>>>()?;
    let middle = |of: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Ok(Cost { cpu_s: middle(|c| c.cpu_s), memory_mb: middle(|c| c.memory_mb) })
}

fn bart(place: &Place, line: &str) -> Outcome<Cost> {
    let words: Vec<String> = std::iter::once("bart").chain(line.split(' ')).map(String::from).collect();
    run(place, &words)
}

fn ours(place: &Place, line: &str) -> Outcome<Cost> {
    let program = std::env::current_exe()?.display().to_string();
    let words: Vec<String> =
        [program, "work".into()].into_iter().chain(line.split(' ').map(String::from)).collect();
    run(place, &words)
}

struct Row {
    name: &'static str,
    ours: &'static str,
    bart: &'static str,
    lambdas: &'static [f32],
}

const METHODS: [Row; 3] = [
    Row {
        name: "CG-SENSE",
        ours: "cg",
        bart: "pics -l2 -r{} -i30 kn maps out",
        lambdas: &[0.0003, 0.001, 0.003, 0.01],
    },
    Row {
        name: "L1-wavelet",
        ours: "l1",
        bart: "pics -S -l1 -r{} -i100 kn maps out",
        lambdas: &[0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008],
    },
    Row {
        name: "TV",
        ours: "tv",
        bart: "pics -S -R T:3:0:{} -u 0.1 -C 10 -i60 kn maps out",
        lambdas: &[0.0003, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008, 0.01, 0.012],
    },
];

const RADIAL: [Row; 3] = [
    Row {
        name: "CG-SENSE",
        ours: "radial:cg",
        bart: "pics -l2 -r{} -i30 -t traj kn maps out",
        lambdas: &[0.000003, 0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03],
    },
    Row {
        name: "L1-wavelet",
        ours: "radial:l1",
        // `-e`: its step from the largest eigenvalue; without, it does not converge on a trajectory.
        bart: "pics -S -e -l1 -r{} -i100 -t traj kn maps out",
        lambdas: &[0.0001, 0.0003, 0.001, 0.003, 0.01],
    },
    Row {
        name: "TV",
        ours: "radial:tv",
        bart: "pics -S -R T:3:0:{} -u 0.1 -C 10 -i60 -t traj kn maps out",
        lambdas: &[0.0001, 0.0003, 0.001, 0.003, 0.01],
    },
];

/// The samplings whose name holds `only`.
fn compare((folder, repeats): (&Path, usize), only: &str) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let place = &Place { folder: folder.canonicalize()?, repeats };
    let path = |name: &str| place.folder.join(name).display().to_string();
    bart(place, &format!("phantom -x {SIZE} -s8 -k kf"))?;
    bart(place, "noise -s 1 -n 4.4064 kf kfn")?;
    let full = load(&path("kf"))?;
    let reference = recon::zero_filled(&full);
    let object = ellipse_mask(full.grid, 0.92, 0.69);
    println!(
        "| sampling | method | λ (ours / bart) | masked NRMSE (ours / bart) | SSIM (ours / bart) | CPU s (ours / bart) | peak MB (ours / bart) |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, mask) in masks()?.into_iter().filter(|(name, _)| name.contains(only)) {
        let mut kspace = load(&path("kfn"))?;
        mask.apply(&mut kspace);
        save(&path("kn"), kspace, 3)?;
        let title = format!("{name}, R {:.2}", mask.acceleration());
        maps_row(place, &title, &object)?;
        for row in &METHODS {
            method_row(place, &title, row, (&reference, &object))?;
        }
    }
    if !"radial".contains(only) {
        return Ok(());
    }
    // Spokes: maps from full sampling, as both sides need the same.
    bart(place, "ecalib -m1 kfn maps")?;
    bart(place, &format!("traj -r -x {READOUT} -y {SPOKES} -o 2 traj"))?;
    bart(place, "phantom -s8 -k -t traj kr")?;
    bart(place, "noise -s 1 -n 4.4064 kr kn")?;
    let title = format!("radial, {SPOKES} spokes");
    RADIAL.iter().try_for_each(|row| method_row(place, &title, row, (&reference, &object)))
}

/// Both sides at their best weight.
fn method_row(place: &Place, title: &str, row: &Row, (reference, object): (&[f32], &[bool])) -> Outcome<()> {
    let judge = || -> Outcome<Score> {
        let image = load(&place.folder.join("out").display().to_string())?;
        Ok(score(image.grid, &image.rss(), reference, object))
    };
    let once = |own: bool, lambda: f32| {
        if own {
            ours(place, &format!("{} kn maps out {lambda}", row.ours))
        } else {
            bart(place, &row.bart.replace("{}", &lambda.to_string()))
        }
    };
    let best = |own: bool| -> Outcome<(f32, Score, Cost)> {
        let mut best: Option<(f32, Score)> = None;
        for lambda in row.lambdas {
            once(own, *lambda)?;
            let score = judge()?;
            if best.as_ref().is_none_or(|(_, s)| score.nrmse < s.nrmse) {
                best = Some((*lambda, score));
            }
        }
        let (lambda, score) = best.ok_or("no λ")?;
        Ok((lambda, score, median(place, &|| once(own, lambda))?))
    };
    let ((l, s, c), (bl, bs, bc)) = (best(true)?, best(false)?);
    println!(
        "| {title} | {} | {l} / {bl} | {:.4} / {:.4} | {:.3} / {:.3} | {:.3} / {:.3} | {:.0} / {:.0} |",
        row.name, s.nrmse, bs.nrmse, s.ssim, bs.ssim, c.cpu_s, bc.cpu_s, c.memory_mb, bc.memory_mb
    );
    Ok(())
}

/// Maps by both, their likeness inside the object; BART's are used for both sides' images.
fn maps_row(place: &Place, title: &str, object: &[bool]) -> Outcome<()> {
    let theirs = median(place, &|| bart(place, "ecalib -m1 kn maps"))?;
    let own = median(place, &|| ours(place, "maps kn - mine 0"))?;
    let stack = |name: &str| load(&place.folder.join(name).display().to_string());
    let (a, b) = (stack("mine")?, stack("maps")?);
    let (norms, other) = (a.rss(), b.rss());
    let agree = norms.iter().zip(&other).filter(|(a, b)| (**a > 0.0) == (**b > 0.0)).count();
    let mut inner = vec![mri::grid::ZERO; norms.len()];
    for (a, b) in a.planes().zip(b.planes()) {
        inner.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a.conj() * b);
    }
    let likeness = |mask: &dyn Fn(usize) -> bool| {
        let chosen: Vec<f32> =
            inner.iter().enumerate().filter(|(i, _)| mask(*i)).map(|(_, v)| v.norm()).collect();
        f64::from(chosen.iter().sum::<f32>()) / chosen.len().max(1) as f64
    };
    let inside = likeness(&|i| object.get(i).copied().unwrap_or(false));
    let both =
        likeness(&|i| norms.get(i).is_some_and(|n| *n > 0.0) && other.get(i).is_some_and(|n| *n > 0.0));
    println!(
        "| {title} | ESPIRiT maps | inner product in the object {inside:.4}, where both kept {both:.4} | crop agrees on {:.2} % | | {:.3} / {:.3} | {:.0} / {:.0} |",
        100.0 * agree as f64 / norms.len() as f64,
        own.cpu_s,
        theirs.cpu_s,
        own.memory_mb,
        theirs.memory_mb
    );
    Ok(())
}

fn masks() -> Outcome<Vec<(&'static str, Mask)>> {
    let disc = |acceleration| {
        let wish = PoissonDisc { acceleration, centre: 24, slope: 2.0, elliptical: true, seed: 11 };
        poisson_disc(Grid::new(SIZE, SIZE), &wish).ok_or("no such disc")
    };
    Ok(vec![
        ("1D random (seed 4)", Mask::from_lines(SIZE, &random_lines(SIZE, 80, 26, 4))),
        ("1D random (seed 8)", Mask::from_lines(SIZE, &random_lines(SIZE, 40, 12, 8))),
        ("Poisson disc", disc(4.0)?),
        ("Poisson disc", disc(8.0)?),
    ])
}
