//! The learned method on whole series: with weights that nobody trained, what the gate lets through and what it stops, what is
//! said of it, and that the last word is the measurement's.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set itself up has failed")]

#[path = "support/weights.rs"]
mod weights;

use mri::export::{Kinds, Provenance, export};
use mri::fft::centred;
use mri::formats::dicom::Software;
use mri::formats::mrd::{About, Scan};
use mri::learned::{Learned, Weights};
use mri::phantom::{Measurement, Phantom, measured};
use mri::random::Random;
use mri::sampling::random_lines;
use mri::series::{Gate, Method, Request, Series, reconstruct};
use mri::{C32, Grid, Stack};
use std::collections::BTreeMap;

const SIDE: usize = 64;
const SHA: &str = "00aa";
const EVERYTHING: &str = r#"{"name":"sketch","version":"3","acceleration":[1,99],"coils":[1,99],"matrix":[1,999],
    "noise":[0,9],"residual":[0,999],
    "figures":{"unexplained_by_start":[0,9],"unexplained":[0,9],"changed":[0,9],"edge_spread":[0,9],"roughness":[0,9]}}"#;

fn plan(seed: u64) -> Measurement {
    Measurement {
        grid: Grid::new(SIDE, SIDE),
        coils: 6,
        slices: 2,
        repetitions: 1,
        lines: random_lines(SIDE, 26, 16, seed),
        noise: 0.004,
        noise_readouts: 16,
        seed,
    }
}

fn made(scan: &Scan, learned: &Learned) -> Series {
    reconstruct(scan, &request(learned), &|_, _| {}).unwrap()
}

fn request(learned: &Learned) -> Request<'_> {
    let weights = Some(Weights { learned, sha256: SHA });
    Request { method: Some(Method::Learned), weights, ..Request::default() }
}

fn network(card: &str) -> Learned {
    Learned::read(&weights::file(&card.replace('\n', " "), 1)).unwrap()
}

/// The ranges of scans that are as they should be, as `training/card.py` measures them.
fn measured_card() -> String {
    let network = network(EVERYTHING);
    let mut seen: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for seed in 1..=8 {
        for facts in made(&measured(&plan(seed)), &network).facts() {
            let Some(Gate::Inside(figures)) = &facts.gate else { panic!("{:?}", facts.gate) };
            for (name, value) in figures.figures.named() {
                seen.entry(name.into()).or_default().push(value);
            }
            seen.entry("residual".into()).or_default().push(figures.over_noise.unwrap());
        }
    }
    let range = |values: &Vec<f64>| {
        let low = values.iter().copied().fold(f64::MAX, f64::min);
        let high = values.iter().copied().fold(0.0, f64::max);
        format!("[{},{}]", low - 0.3 * (high - low), high + 0.3 * (high - low))
    };
    let residual = range(&seen.remove("residual").unwrap());
    let figures: Vec<String> =
        seen.iter().map(|(name, values)| format!("\"{name}\":{}", range(values))).collect();
    format!(
        "{{\"name\":\"sketch\",\"version\":\"3\",\"acceleration\":[2,3],\"coils\":[4,12],\"matrix\":[48,96],\
         \"noise\":[0,0.05],\"residual\":{residual},\"figures\":{{{}}}}}",
        figures.join(",")
    )
}

/// Each image readout with its number.
fn each_line(scan: &mut Scan, change: &dyn Fn(usize, &mut [C32])) {
    let lines = scan.acquisitions.iter_mut().filter(|a| a.is_image()).enumerate();
    lines.for_each(|(number, readout)| change(number, &mut readout.values));
}

/// The head's receivers around a picture that is rough everywhere.
fn gravel(scan: &mut Scan, seed: u64) {
    let grid = Grid::new(SIDE, SIDE);
    let maps = Phantom::head(grid, 6, seed).maps();
    let picture = Random::new(seed).normals(grid.pixels());
    let values = maps.planes().flat_map(|map| map.iter().zip(&picture).map(|(s, x)| s * x)).collect();
    let kspace = centred(&Stack { grid, count: 6, values });
    for readout in scan.acquisitions.iter_mut().filter(|a| a.is_image()) {
        let step = usize::from(readout.index.step_1);
        let line = kspace.values.iter().skip(step).step_by(SIDE);
        readout.values.iter_mut().zip(line).for_each(|(value, rough)| *value = *value * 0.05 + rough * 5.0);
    }
}

#[test]
fn what_the_network_knows_is_shown_and_what_it_does_not_is_cg_sense_with_a_reason() {
    let network = network(&measured_card());
    for seed in 21..24 {
        let series = made(&measured(&plan(seed)), &network);
        assert!(series.fallbacks().is_empty(), "{:?}", series.fallbacks());
        assert_eq!(series.summary().unwrap().0, Method::Learned);
    }
    let refused = |name: &str, scan: &Scan, word: &str| {
        let series = made(scan, &network);
        let said = series.fallbacks().join("; ");
        assert_eq!(series.summary().unwrap().0, Method::CgSense, "{name}: {said}");
        assert!(said.contains("learned") && said.contains(word), "{name}: {said}");
        assert!(series.facts().all(|facts| facts.method != Method::Learned), "{name}: {said}");
    };
    let changed = |change: &dyn Fn(&mut Scan)| {
        let mut scan = measured(&plan(21));
        change(&mut scan);
        scan
    };
    refused("receivers", &measured(&Measurement { coils: 3, ..plan(21) }), "number of receivers");
    let fast = Measurement { lines: random_lines(SIDE, 18, 14, 2), ..plan(21) };
    refused("acceleration", &measured(&fast), "acceleration");
    refused("noise", &measured(&Measurement { noise: 0.12, ..plan(21) }), "noise");
    refused("another kind", &changed(&|scan| gravel(scan, 3)), "");
    let spike = |number: usize, line: &mut [C32]| {
        let top = line.iter().map(|v| v.norm()).fold(0f32, f32::max);
        if number.is_multiple_of(9) {
            line[40] += top * 20.0;
        }
    };
    refused("spikes", &changed(&|scan| each_line(scan, &spike)), "");
    let moved = |number: usize, line: &mut [C32]| {
        if number.is_multiple_of(2) {
            for (at, value) in line.iter_mut().enumerate() {
                let place = (at % SIDE) as f32 - SIDE as f32 / 2.0;
                *value *= C32::from_polar(1.0, std::f32::consts::TAU * 6.0 * place / SIDE as f32);
            }
        }
    };
    refused("motion", &changed(&|scan| each_line(scan, &moved)), "");
    let lost = |number: usize, line: &mut [C32]| {
        if number.is_multiple_of(2) {
            line[..2 * SIDE].fill(C32::new(0.0, 0.0));
        }
    };
    refused("receivers lost on the way", &changed(&|scan| each_line(scan, &lost)), "");
}

#[test]
fn the_image_explains_the_data_about_as_well_as_least_squares_and_threads_change_nothing() {
    let network = network(EVERYTHING);
    let scan = measured(&plan(3));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made(&scan, &network))
    };
    let series = with(1);
    assert_eq!(series, with(3));
    let classic = Request { method: Some(Method::CgSense), ..Request::default() };
    let classic = reconstruct(&scan, &classic, &|_, _| {}).unwrap();
    for (learned, classic) in series.facts().zip(classic.facts()) {
        let (learned, classic) = (learned.residual.unwrap(), classic.residual.unwrap());
        assert!(learned < 2.0 * classic, "{learned} {classic}");
    }
    assert!(series.volumes[0].image != classic.volumes[0].image, "the network did something");
}

#[test]
fn a_series_that_is_mostly_outside_is_of_one_method_and_a_plane_of_air_is_no_reason() {
    let mut scan = measured(&Measurement { slices: 4, ..plan(21) });
    for readout in scan.acquisitions.iter_mut().filter(|a| a.is_image() && a.index.slice == 3) {
        readout.values.fill(C32::new(0.0, 0.0));
    }
    let over_noise = |series: &Series| -> f64 {
        let each = series.facts().filter_map(|facts| match &facts.gate {
            Some(Gate::Inside(seen)) => seen.over_noise,
            _ => None,
        });
        each.fold(0.0, f64::max)
    };
    let most = 1.3 * over_noise(&made(&scan, &network(EVERYTHING)));
    let network = network(&EVERYTHING.replace("[0,999]", &format!("[0,{most}]")));
    let series = made(&scan, &network);
    let methods: Vec<Method> = series.facts().map(|facts| facts.method).collect();
    assert_eq!(methods, [Method::Learned, Method::Learned, Method::Learned, Method::ZeroFilled]);
    // One of three planes that show something moves: all are made alike.
    for (number, readout) in scan.acquisitions.iter_mut().filter(|a| a.is_image()).enumerate() {
        if number.is_multiple_of(2) && readout.index.slice == 1 {
            readout.values.iter_mut().step_by(2).for_each(|value| *value = -*value);
        }
    }
    let series = made(&scan, &network);
    let methods: Vec<Method> = series.facts().map(|facts| facts.method).collect();
    assert_eq!(methods, [Method::CgSense, Method::CgSense, Method::CgSense, Method::ZeroFilled]);
    let said = series.fallbacks().join("; ");
    assert!(said.contains("1 of 3 planes are outside what the network knows"), "{said}");
    let gates: Vec<bool> = series.facts().map(|f| matches!(f.gate, Some(Gate::Outside(_)))).collect();
    assert_eq!(gates, [false, true, false, false]);
}

#[test]
fn every_file_names_the_network_and_what_it_was_not_shown_for() {
    let scan = measured(&plan(3));
    let exported = |learned: &Learned| {
        let series = made(&scan, learned);
        let software = Software { product: "Bevan".into(), version: "0.0".into() };
        let request = request(learned);
        let provenance = Provenance {
            about: &About::read(&scan.xml),
            input_sha256: "00ff",
            software: &software,
            request: &request,
            uid: &|name| {
                format!("2.25.{}", name.bytes().fold(7u64, |h, b| h.wrapping_mul(31) ^ u64::from(b)))
            },
        };
        let mut files = BTreeMap::new();
        let kinds = Kinds { dicom: true, enhanced: false, nifti: false, png: false };
        export(&series, &provenance, kinds, &mut |path, bytes| {
            files.insert(path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
            Ok(())
        })
        .unwrap();
        ["dicom/image/00001.dcm", "report.html", "series.json"].map(|name| files[name].clone())
    };
    let [image, report, account] = exported(&network(EVERYTHING));
    assert!(image.contains("learned by Bevan 0.0 from raw data 00ff") && image.contains("Bevan AI R2.5"));
    assert!(image.contains("network sketch 3, SHA-256 00aa"));
    assert!(report.contains("sketch 3, SHA-256 00aa"));
    assert!(account.contains(r#""weights":{"name":"sketch","version":"3","sha256":"00aa"}"#), "{account}");
    assert!(account.contains(r#""gate":{"unexplained_by_start":0."#), "{account}");
    let none = EVERYTHING.replace(r#""coils":[1,99]"#, r#""coils":[7,99]"#);
    let [image, report, account] = exported(&network(&none));
    assert!(image.contains("in place of network sketch 3, SHA-256 00aa"));
    assert!(image.contains("Bevan SENSE R2.5 fallback"));
    for text in [&image, &report, &account] {
        assert!(text.contains("learned was not shown, 2 of 2 planes are outside"), "{text}");
        assert!(text.contains("the number of receivers is 6.0000, and the network knows 7.0000 to 99.0000"));
    }
}

#[test]
fn more_receivers_than_the_network_knows_are_compressed() {
    let few = EVERYTHING.replace(r#""coils":[1,99]"#, r#""coils":[2,4]"#);
    let series = made(&measured(&plan(3)), &network(&few));
    assert!(series.facts().all(|facts| facts.method == Method::Learned && facts.coils == 4));
}
