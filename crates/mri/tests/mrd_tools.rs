//! Against Debian's `ismrmrd-tools`: files it writes are read exactly, our image of a full sampling is its image, and
//! no cut or changed file makes the reader panic. Skipped, with a word, where the tools are not installed.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod support;

use mri::fft::centred_inverse;
use mri::formats::hdf5::{self, File};
use mri::formats::mrd::{self, Limits, Selection};
use mri::metrics::nrmse;
use mri::prepare::remove_oversampling;
use mri::random::Random;
use mri::{Grid, Stack};
use std::process::Command;

/// A scan written by the generator with the given options, or `None` without the tools.
fn generated(test: &str, options: &[&str], reconstruct: bool) -> Option<Vec<u8>> {
    if !support::has(test, "ismrmrd_generate_cartesian_shepp_logan", "ismrmrd-tools") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.h5");
    Command::new("ismrmrd_generate_cartesian_shepp_logan")
        .args(options)
        .arg("-o")
        .arg(&path)
        .output()
        .unwrap();
    if reconstruct {
        assert!(Command::new("ismrmrd_recon_cartesian_2d").arg(&path).output().unwrap().status.success());
    }
    Some(std::fs::read(path).unwrap())
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

#[test]
fn our_image_of_full_sampling_is_the_tools_image() {
    let Some(bytes) = generated("full sampling", &["-m", "64", "-c", "4"], true) else { return };
    let scan = mrd::read(&bytes, Limits::default()).unwrap();
    assert_eq!((scan.acquisitions.len(), scan.findings.len()), (64, 0));
    assert_eq!((scan.header.encoded.matrix, scan.header.recon.matrix), ([128, 64, 1], [64, 64, 1]));
    let (stacks, findings) = mrd::assemble(&scan, &Selection::default()).unwrap();
    assert!(findings.is_empty() && stacks.len() == 1);
    let kspace = remove_oversampling(&stacks[0], 64);
    let image = centred_inverse(&kspace).into_transposed().rss();

    let file = File::open(&bytes, hdf5::Limits::default()).unwrap();
    let theirs = file.dataset("dataset/cpp/data").unwrap().unwrap();
    assert_eq!(theirs.sizes, [1, 1, 1, 64, 64]);
    let theirs = floats(&theirs.bytes);
    // The tool's transform is not unitary: one scalar.
    let everything = vec![true; theirs.len()];
    let scaled = mri::metrics::rescaled(&image, &theirs, &everything);
    assert!(nrmse(&scaled, &theirs, &everything) < 1e-5, "{}", nrmse(&scaled, &theirs, &everything));
}

#[test]
fn stored_coil_images_are_the_transform_of_the_stored_samples() {
    let Some(bytes) = generated("coil images", &["-m", "48", "-c", "3", "-n", "0"], false) else { return };
    let scan = mrd::read(&bytes, Limits::default()).unwrap();
    let (stacks, _) = mrd::assemble(&scan, &Selection::default()).unwrap();
    let images = centred_inverse(&stacks[0]).into_transposed();
    let file = File::open(&bytes, hdf5::Limits::default()).unwrap();
    let stored = file.dataset("dataset/coil_images").unwrap().unwrap();
    assert_eq!(stored.sizes, [1, 3, 48, 96]);
    let values = floats(&stored.bytes).chunks_exact(2).map(|v| mri::C32::new(v[0], v[1])).collect();
    let stored = Stack::from_values(Grid::new(48, 96), values).unwrap();
    let (a, b) = (images.rss(), stored.rss());
    let everything = vec![true; a.len()];
    let scaled = mri::metrics::rescaled(&a, &b, &everything);
    assert!(nrmse(&scaled, &b, &everything) < 1e-5, "{}", nrmse(&scaled, &b, &everything));
}

#[test]
fn repetitions_acceleration_and_calibration_lines_keep_their_places() {
    let options = ["-m", "32", "-c", "2", "-r", "3", "-a", "4", "-w", "8"];
    let Some(bytes) = generated("repetitions", &options, false) else { return };
    let scan = mrd::read(&bytes, Limits::default()).unwrap();
    let repetitions: std::collections::BTreeSet<u16> =
        scan.acquisitions.iter().map(|a| a.index.repetition).collect();
    assert!(repetitions.len() >= 3, "{repetitions:?}");
    for repetition in repetitions {
        let lines = |with_calibration| {
            let selection = Selection { repetition, with_calibration, ..Selection::default() };
            let (stacks, findings) = mrd::assemble(&scan, &selection).unwrap();
            assert!(findings.is_empty());
            mri::sampling::Mask::from_kspace(&stacks[0]).lines().unwrap()
        };
        let (image, all) = (lines(false), lines(true));
        let first = image.iter().position(|on| *on).unwrap();
        assert!(
            image.iter().enumerate().all(|(i, on)| *on == (i % 4 == first)),
            "every fourth line: {image:?}"
        );
        assert!(all[12..20].iter().all(|on| *on), "the calibration lines: {all:?}");
        assert_eq!(all.iter().filter(|on| **on).count(), 14);
    }
}

#[test]
fn cut_and_changed_files_are_findings_or_errors_and_never_panics() {
    let Some(bytes) = generated("broken files", &["-m", "16", "-c", "2"], false) else { return };
    let mut random = Random::new(42);
    let (mut refused, mut read) = (0, 0);
    let mut attempt = |bytes: &[u8]| match mrd::read(bytes, Limits::default()) {
        Ok(scan) => {
            let _ = mrd::assemble(&scan, &Selection::default());
            read += 1;
        }
        Err(_) => refused += 1,
    };
    for _ in 0..150 {
        attempt(&bytes[..random.below(bytes.len())]);
        let mut changed = bytes.clone();
        for _ in 0..1 + random.below(12) {
            // Half of the changes go to the first kilobytes and the last, where the structure lies.
            let at = if random.uniform() < 0.5 { random.below(4096) } else { random.below(changed.len()) };
            changed[at] = random.bits() as u8;
        }
        attempt(&changed);
    }
    assert!(refused > 100 && read > 10, "{refused} {read}");
}

#[test]
fn a_file_we_write_is_a_file_of_the_tools() {
    let options = ["-m", "48", "-c", "3", "-n", "0.1"];
    let Some(bytes) = generated("interchange", &options, false) else { return };
    let scan = mrd::read(&bytes, Limits::default()).unwrap();
    let ours = mrd::write(&scan).unwrap();
    let back = mrd::read(&ours, Limits::default()).unwrap();
    assert_eq!((&back.acquisitions, &back.xml), (&scan.acquisitions, &scan.xml), "nothing is lost");

    let folder = tempfile::tempdir().unwrap();
    let image = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let ran = Command::new("ismrmrd_recon_cartesian_2d").arg(&path).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let bytes = std::fs::read(path).unwrap();
        let file = File::open(&bytes, hdf5::Limits::default()).unwrap();
        floats(&file.dataset("dataset/cpp/data").unwrap().unwrap().bytes)
    };
    let theirs = image("theirs.h5", &bytes);
    assert!(theirs.iter().any(|v| *v > 0.0));
    assert_eq!(image("ours.h5", &ours), theirs, "the tool makes the same image of both files");
}
