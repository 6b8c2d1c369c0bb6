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
use mri::recon::{self, CgSense, L1Wavelet, Problem, TvFista};
use mri::sampling::{Mask, PoissonDisc, poisson_disc, random_lines};
use std::error::Error;
use std::path::Path;
use std::process::Command;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SIZE: usize = 320;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["work", method, input, maps, output, lambda] => work(method, input, maps, output, lambda.parse()?),
        [folder] => compare(Path::new(folder)),
        _ => Err("usage: compare_bart FOLDER".into()),
    }
}

fn load(path: &str) -> Outcome<Cfl> {
    let header = std::fs::read_to_string(format!("{path}.hdr"))?;
    Ok(cfl::read(&header, &std::fs::read(format!("{path}.cfl"))?, 1 << 28)?)
}

fn save(path: &str, stack: &Stack, axis: usize) -> Outcome<()> {
    let cfl = Cfl::from_stack(stack, axis);
    std::fs::write(format!("{path}.hdr"), cfl.header())?;
    Ok(std::fs::write(format!("{path}.cfl"), cfl.body())?)
}

/// One of our methods, as a process of its own.
fn work(method: &str, input: &str, maps: &str, output: &str, lambda: f32) -> Outcome<()> {
    let kspace = load(input)?.stack();
    let mask = Mask::from_kspace(&kspace);
    if method == "maps" {
        let block = mask.calibration_block(Grid::new(24, 24));
        let maps = espirit(&kspace, block, &Espirit::default()).ok_or("no calibration")?;
        return save(output, maps.sets.first().ok_or("no maps")?, 3);
    }
    let problem = Problem::new(&kspace, &mask, &[load(maps)?.stack()])?;
    drop(kspace);
    let image = match method {
        "cg" => recon::cg_sense(&problem, &CgSense { lambda, ..CgSense::default() }),
        "l1" => recon::l1_wavelet(&problem, &L1Wavelet { lambda, ..L1Wavelet::default() }),
        "tv" => recon::total_variation(&problem, &TvFista { lambda, ..TvFista::default() }),
        _ => return Err(format!("no method {method}").into()),
    };
    save(output, &image.sets, 3)
}

/// CPU seconds and peak memory (MB) of a command.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu_s: f64,
    memory_mb: f64,
}

fn run(folder: &Path, words: &[String]) -> Outcome<Cost> {
    let mut best: Option<Cost> = None;
    for _ in 0..3 {
        let output = Command::new("bash")
            .args(["-c", "TIMEFORMAT='%3U %3S'; time /usr/bin/time -f '%M' \"$@\"", "run"])
            .args(words)
            .current_dir(folder)
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
        if best.is_none_or(|b| cpu_s < b.cpu_s) {
            best = Some(Cost { cpu_s, memory_mb });
        }
    }
    best.ok_or_else(|| "nothing ran".into())
}

fn bart(folder: &Path, line: &str) -> Outcome<Cost> {
    let words: Vec<String> = std::iter::once("bart").chain(line.split(' ')).map(String::from).collect();
    run(folder, &words)
}

fn ours(folder: &Path, line: &str) -> Outcome<Cost> {
    let program = std::env::current_exe()?.display().to_string();
    let words: Vec<String> =
        [program, "work".into()].into_iter().chain(line.split(' ').map(String::from)).collect();
    run(folder, &words)
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
        lambdas: &[0.001, 0.003, 0.01, 0.03],
    },
    Row {
        name: "L1-wavelet",
        ours: "l1",
        bart: "pics -S -l1 -r{} -i100 kn maps out",
        lambdas: &[0.001, 0.002, 0.003, 0.005, 0.01],
    },
    Row {
        name: "TV",
        ours: "tv",
        bart: "pics -S -R T:3:0:{} -u 0.1 -C 10 -i60 kn maps out",
        lambdas: &[0.001, 0.002, 0.004, 0.006, 0.01],
    },
];

fn compare(folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let folder = &folder.canonicalize()?;
    let path = |name: &str| folder.join(name).display().to_string();
    bart(folder, &format!("phantom -x {SIZE} -s8 -k kf"))?;
    bart(folder, "noise -s 1 -n 4.4064 kf kfn")?;
    let full = load(&path("kf"))?.stack();
    let reference = recon::zero_filled(&full);
    let object = ellipse_mask(full.grid, 0.92, 0.69);
    println!(
        "| sampling | method | λ (ours / bart) | masked NRMSE (ours / bart) | SSIM (ours / bart) | CPU s (ours / bart) | peak MB (ours / bart) |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, mask) in masks()? {
        let mut kspace = load(&path("kfn"))?.stack();
        mask.apply(&mut kspace);
        save(&path("kn"), &kspace, 3)?;
        let judge = |out: &str| -> Outcome<Score> {
            let magnitude = load(&path(out))?.stack().rss();
            Ok(score(full.grid, &magnitude, &reference, &object))
        };
        let title = format!("{name}, R {:.2}", mask.acceleration());
        maps_row(folder, &title, &object)?;
        for row in &METHODS {
            let best = |own: bool| -> Outcome<(f32, Score, Cost)> {
                let mut best: Option<(f32, Score, Cost)> = None;
                for lambda in row.lambdas {
                    let cost = if own {
                        ours(folder, &format!("{} kn maps out {lambda}", row.ours))?
                    } else {
                        bart(folder, &row.bart.replace("{}", &lambda.to_string()))?
                    };
                    let score = judge("out")?;
                    if best.as_ref().is_none_or(|(_, s, _)| score.nrmse < s.nrmse) {
                        best = Some((*lambda, score, cost));
                    }
                }
                best.ok_or_else(|| "no λ".into())
            };
            let ((l, s, c), (bl, bs, bc)) = (best(true)?, best(false)?);
            println!(
                "| {title} | {} | {l} / {bl} | {:.4} / {:.4} | {:.3} / {:.3} | {:.3} / {:.3} | {:.0} / {:.0} |",
                row.name, s.nrmse, bs.nrmse, s.ssim, bs.ssim, c.cpu_s, bc.cpu_s, c.memory_mb, bc.memory_mb
            );
        }
    }
    Ok(())
}

/// Maps by both, their likeness inside the object; BART's are used for both sides' images.
fn maps_row(folder: &Path, title: &str, object: &[bool]) -> Outcome<()> {
    let theirs = bart(folder, "ecalib -m1 kn maps")?;
    let own = ours(folder, "maps kn - mine 0")?;
    let load = |name: &str| -> Outcome<Stack> { Ok(load(&folder.join(name).display().to_string())?.stack()) };
    let (a, b) = (load("mine")?, load("maps")?);
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
