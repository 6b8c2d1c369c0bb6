//! Small features put into the phantom's k-space: how much of them an undersampled image keeps, and what it shows where
//! nothing was put.
//!
//! Each image is made twice from the same noise, with and without the feature; the difference is the image's response to it.
//! What is kept is the mean response inside the feature over that of the fully sampled, noise-free image, so that the blur
//! of the matrix does not count. A false feature is a response of half the feature's height, five pixels or more away, in
//! pixels. Sensitivities are learnt anew from each scan, so that what a feature does to them counts too.
//! `cargo test -p mri --test lesions -- --nocapture` prints the table of docs/imaging.md.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot set itself up has failed"
)]

use mri::calibration::{Espirit, espirit};
use mri::phantom::{Ellipse, Phantom, add_noise};
use mri::recon::{CgSense, L1Wavelet, Problem, TvFista, cg_sense, l1_wavelet, total_variation, zero_filled};
use mri::sampling::{Mask, random_lines};
use mri::{Grid, Stack};

const SIDE: usize = 128;
/// The head's even inner part is 0.2 bright; contrasts are shares of it.
const GROUND: f64 = 0.2;
/// Places in it, rows and columns from the centre in half fields of view.
const PLACES: [(f64, f64); 3] = [(0.2, 0.0), (0.35, 0.22), (-0.55, -0.15)];
const FALSE_DISTANCE: f64 = 5.0;

type Method = (&'static str, fn(&Problem) -> Vec<f32>);

const METHODS: [Method; 3] = [
    ("CG-SENSE", |problem| cg_sense(problem, &CgSense::default()).magnitude()),
    ("L1-wavelet", |problem| l1_wavelet(problem, &L1Wavelet::default()).magnitude()),
    ("total variation", |problem| total_variation(problem, &TvFista::default()).magnitude()),
];

#[derive(Clone, Copy)]
struct Lesion {
    place: (f64, f64),
    diameter_px: f64,
    contrast: f64,
}

fn kspace(lesion: Option<Lesion>) -> Stack {
    let mut phantom = Phantom::head(Grid::new(SIDE, SIDE), 8, 1);
    phantom.ellipses.extend(lesion.map(|lesion| {
        let radius = lesion.diameter_px / SIDE as f64;
        Ellipse {
            intensity: GROUND * lesion.contrast,
            axes: (radius, radius),
            centre: lesion.place,
            angle: 0.0,
        }
    }));
    phantom.kspace()
}

/// The images of all methods, from the same noise and lines.
fn images(mut kspace: Stack, mask: &Mask) -> Vec<Vec<f32>> {
    let top = mri::fft::centred_inverse(&kspace).values.iter().map(|v| v.norm()).fold(0f32, f32::max);
    // The noise follows the scan without the feature, whose largest value is the skull's.
    add_noise(&mut kspace.values, 0.005 * top, 9);
    mask.apply(&mut kspace);
    let maps = espirit(&kspace, mask.calibration_block(Grid::new(24, 24)), &Espirit::default()).unwrap();
    let problem = Problem::new(&kspace, mask, maps.sets).unwrap();
    METHODS.iter().map(|(_, method)| method(&problem)).collect()
}

struct Response {
    kept: f64,
    false_features: usize,
}

fn response(with: &[f32], without: &[f32], whole: &[f32], lesion: Lesion) -> Response {
    let place = |axis: f64| (axis + 1.0) * SIDE as f64 / 2.0;
    let (row, col) = (place(lesion.place.0), place(lesion.place.1));
    let distance = |at: usize| ((at / SIDE) as f64 - row).hypot((at % SIDE) as f64 - col);
    let inside: Vec<usize> =
        (0..SIDE * SIDE).filter(|at| distance(*at) <= (lesion.diameter_px / 2.0).max(0.8)).collect();
    let mean = |of: &dyn Fn(usize) -> f64| inside.iter().map(|at| of(*at)).sum::<f64>() / inside.len() as f64;
    let height = mean(&|at| f64::from(whole[at]));
    let found = |at: usize| f64::from(with[at] - without[at]);
    // A pixel that the sensitivities crop in one of the two images is no feature.
    let shown = |at: &usize| with[*at] > 0.0 && without[*at] > 0.0;
    let far = |at: &usize| shown(at) && distance(*at) > lesion.diameter_px / 2.0 + FALSE_DISTANCE;
    Response {
        kept: mean(&found) / height,
        false_features: (0..SIDE * SIDE).filter(far).filter(|at| found(*at).abs() > 0.5 * height).count(),
    }
}

#[test]
fn small_features_are_kept_and_none_is_seen_where_none_was_put() {
    let mask = Mask::from_lines(SIDE, &random_lines(SIDE, 48, 20, 4));
    let empty = images(kspace(None), &mask);
    let whole = zero_filled(&kspace(None));
    println!("R {:.2}, {SIDE} × {SIDE}, 8 coils, noise 0.5 %", mask.acceleration());
    println!("| diameter, contrast | {} |", METHODS.map(|(name, _)| name).join(" | "));
    for (diameter_px, contrast) in [(2.0, 0.3), (4.0, 0.05), (4.0, 0.15), (4.0, 0.3), (6.0, 0.15), (6.0, 0.3)]
    {
        let mut kept = [f64::INFINITY; METHODS.len()];
        let mut false_features = [0; METHODS.len()];
        for place in PLACES {
            let lesion = Lesion { place, diameter_px, contrast };
            let kspace = kspace(Some(lesion));
            let alone: Vec<f32> = zero_filled(&kspace).iter().zip(&whole).map(|(a, b)| a - b).collect();
            for (method, image) in images(kspace, &mask).iter().enumerate() {
                let response = response(image, &empty[method], &alone, lesion);
                kept[method] = kept[method].min(response.kept);
                false_features[method] += response.false_features;
            }
        }
        let cells: Vec<String> = kept
            .iter()
            .zip(&false_features)
            .map(|(kept, false_features)| format!("{:.0} %, {false_features}", 100.0 * kept))
            .collect();
        println!("| {diameter_px} px, {:.0} % | {} |", 100.0 * contrast, cells.join(" | "));
        let [cg, ..] = kept;
        assert!(cg > 0.55, "CG-SENSE keeps most of {diameter_px} px at {contrast}: {cg}");
        assert!(kept.iter().all(|kept| *kept > if diameter_px < 6.0 { 0.4 } else { 0.8 }), "{kept:?}");
        let [cg, l1, tv] = false_features;
        assert!(
            cg <= 15 && l1 == 0 && tv == 0,
            "{false_features:?} of {} pixels",
            PLACES.len() * SIDE * SIDE
        );
    }
}

#[test]
fn a_lost_and_an_invented_feature_are_counted() {
    let lesion = Lesion { place: PLACES[0], diameter_px: 4.0, contrast: 0.3 };
    let without = zero_filled(&kspace(None));
    let faithful = zero_filled(&kspace(Some(lesion)));
    let alone: Vec<f32> = faithful.iter().zip(&without).map(|(a, b)| a - b).collect();
    let true_to_it = response(&faithful, &without, &alone, lesion);
    assert!((true_to_it.kept - 1.0).abs() < 1e-3 && true_to_it.false_features == 0);
    assert!(response(&without, &without, &alone, lesion).kept.abs() < 1e-3, "lost");
    // The same feature again, twenty rows further down.
    let mut invented = faithful;
    for at in 0..alone.len() - 20 * SIDE {
        invented[at + 20 * SIDE] += alone[at];
    }
    assert!(response(&invented, &without, &alone, lesion).false_features >= 8, "invented");
}
