//! Against Debian's `dcmtk` and `dicom3tools`: the files are MR images by their rules, hold the pixels and the place that
//! were given, and no picture is mirrored between the formats. Skipped, with a word, where the tools are not installed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot set itself up has failed"
)]

mod support;

use mri::Grid;
use mri::export::{Kinds, Provenance, export};
use mri::formats::dicom::Software;
use mri::formats::mrd::{About, Scan};
use mri::phantom::{Measurement, measured};
use mri::series::{Method, Request, Series, reconstruct};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Three oblique slices with a patient's part in the header, one line in two and a measured centre.
fn scan() -> Scan {
    let lines = mri::sampling::equispaced_lines(40, 2, 0, 16);
    let plan = Measurement {
        grid: Grid::new(48, 40),
        coils: 4,
        slices: 3,
        repetitions: 1,
        lines,
        noise: 0.001,
        noise_readouts: 4,
        seed: 5,
    };
    let mut scan = measured(&plan);
    let (sin, cos) = 0.3f32.sin_cos();
    for acquisition in &mut scan.acquisitions {
        acquisition.directions = [[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]];
        acquisition.position = [10.0, -20.0, 7.5 * f32::from(acquisition.index.slice) - 30.0];
    }
    scan.xml = scan.xml.replace(
        "<acquisitionSystemInformation>",
        "<subjectInformation><patientName>Phantom^Näme</patientName><patientID>999 000 0000</patientID>\
         <patientBirthdate>1970-01-02</patientBirthdate><patientGender>O</patientGender></subjectInformation>\
         <studyInformation><studyDate>2026-11-01</studyDate><studyTime>09:30:00</studyTime>\
         <studyInstanceUID>1.2.826.0.1.3680043.2.1125.1</studyInstanceUID></studyInformation>\
         <measurementInformation><patientPosition>HFS</patientPosition><seriesInstanceUIDRoot>1.2.3.4.5</seriesInstanceUIDRoot>\
         <frameOfReferenceUID>1.2.826.0.1.3680043.2.1125.2</frameOfReferenceUID><referencedImageSequence>\
         <referencedSOPInstanceUID>1.2.826.0.1.3680043.2.1125.9</referencedSOPInstanceUID>\
         <referencedSOPInstanceUID>no identifier</referencedSOPInstanceUID></referencedImageSequence></measurementInformation>\
         <sequenceParameters><TR>500</TR><TE>12.5</TE><flipAngle_deg>70</flipAngle_deg></sequenceParameters>\
         <acquisitionSystemInformation>",
    );
    scan
}

fn exported(scan: &Scan, request: &Request) -> (Series, BTreeMap<String, Vec<u8>>) {
    let kinds = Kinds { dicom: true, enhanced: false, nifti: true, png: true };
    exported_as(scan, request, kinds)
}

fn exported_as(scan: &Scan, request: &Request, kinds: Kinds) -> (Series, BTreeMap<String, Vec<u8>>) {
    let series = reconstruct(scan, request, &|_, _| {}).unwrap();
    let software = Software { product: "Bevan".into(), version: "0.0".into() };
    // Not the product's identifiers, but unique and a function of the name.
    let uid = |name: &str| {
        let hash =
            name.bytes().fold(7u128, |sum, byte| sum.wrapping_mul(1_000_003).wrapping_add(byte.into()));
        format!("2.25.{hash}")
    };
    let provenance = Provenance {
        about: &About::read(&scan.xml),
        input_sha256: "00ff",
        software: &software,
        request,
        uid: &uid,
    };
    let mut files = BTreeMap::new();
    export(&series, &provenance, kinds, &mut |path, bytes| {
        assert!(files.insert(path.to_owned(), bytes).is_none(), "{path} twice");
        Ok(())
    })
    .unwrap();
    (series, files)
}

fn output(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

fn value(path: &Path, tag: &str) -> String {
    let text = output("dcmdump", &["+L", "+P", tag, path.to_str().unwrap()]);
    let value = text.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    value.map_or_else(|| panic!("{tag}: {text}"), |(value, _)| value.to_owned())
}

fn numbers(path: &Path, tag: &str) -> Vec<f32> {
    value(path, tag).split('\\').map(|word| word.parse().unwrap()).collect()
}

#[test]
fn every_file_is_an_mr_image_by_the_rules_of_dicom3tools() {
    if !support::has("DICOM rules", "dciodvfy", "dicom3tools") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.dcm");
    let bare = Scan { xml: measured(&plain()).xml, ..scan() };
    for scan in [scan(), bare] {
        let (_, files) = exported(&scan, &Request::default());
        let images: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".dcm")).collect();
        assert_eq!(images.len(), 6, "three slices of two images: {:?}", files.keys());
        for (name, bytes) in images {
            std::fs::write(&path, bytes).unwrap();
            let verdict = output("dciodvfy", &[path.to_str().unwrap()]);
            assert!(verdict.contains("MRImage"), "{name}: {verdict}");
            assert!(!verdict.contains("Error"), "{name}: {verdict}");
        }
    }
}

#[test]
fn a_volume_as_one_file_is_an_enhanced_mr_image_with_the_same_places_and_pixels() {
    if !support::has("enhanced DICOM rules", "dciodvfy", "dicom3tools")
        || !support::has("enhanced DICOM contents", "dcmdump", "dcmtk")
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.dcm");
    let bare = Scan { xml: measured(&plain()).xml, ..scan() };
    let mut several = plain();
    several.repetitions = 2;
    for (scan, volumes) in [(scan(), 1), (bare, 1), (measured(&several), 2)] {
        let kinds = Kinds { dicom: true, enhanced: true, nifti: false, png: false };
        let (series, files) = exported_as(&scan, &Request::default(), kinds);
        let images: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".dcm")).collect();
        assert_eq!(images.len(), 2 * volumes, "{:?}", files.keys());
        for (name, bytes) in images {
            std::fs::write(&path, bytes).unwrap();
            let verdict = output("dciodvfy", &[path.to_str().unwrap()]);
            assert!(verdict.contains("EnhancedMRImage"), "{name}: {verdict}");
            assert!(!verdict.contains("Error"), "{name}: {verdict}");
        }
        for (number, volume) in series.volumes.iter().enumerate() {
            std::fs::write(&path, &files[&format!("dicom/image/{:05}.dcm", number + 1)]).unwrap();
            assert_eq!(value(&path, "NumberOfFrames"), "3");
            let places = output("dcmdump", &["+L", "+P", "ImagePositionPatient", path.to_str().unwrap()]);
            let found: Vec<f32> = places
                .lines()
                .filter_map(|line| line.split_once('[')?.1.split_once(']'))
                .flat_map(|(value, _)| value.split('\\'))
                .map(|word| word.parse().unwrap())
                .collect();
            let wanted = volume.origins_mm.concat();
            assert_eq!(found.len(), wanted.len());
            assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} {wanted:?}");
            let (slope, stored) = pixels(&path, folder.path());
            assert_eq!(stored.len(), volume.image.len());
            let near =
                |(stored, value): (&u16, &f32)| (f32::from(*stored) * slope - value).abs() <= 0.51 * slope;
            assert!(stored.iter().zip(&volume.image).all(near));
        }
    }
    // What names the software, the parameters and the raw data stands where the rules want it.
    let kinds = Kinds { dicom: true, enhanced: true, nifti: false, png: false };
    let (_, files) = exported_as(&scan(), &Request::default(), kinds);
    std::fs::write(&path, &files["dicom/image/00001.dcm"]).unwrap();
    let all = output("dcmdump", &["+L", path.to_str().unwrap()]);
    for words in [
        "l1-wavelet by Bevan 0.0 from raw data 00ff; weight 0.002",
        "DERIVED\\PRIMARY\\VOLUME\\NONE",
        "RESEARCH",
    ] {
        assert!(all.contains(words), "{words}: {all}");
    }
    assert_eq!(value(&path, "StudyInstanceUID"), "1.2.826.0.1.3680043.2.1125.1");
    assert_eq!((value(&path, "RepetitionTime"), value(&path, "FlipAngle")), ("500".into(), "70".into()));
    let (_, classic) = exported(&scan(), &Request::default());
    let series = value(&path, "SeriesInstanceUID");
    std::fs::write(&path, &classic["dicom/image/00001.dcm"]).unwrap();
    assert_ne!(value(&path, "SeriesInstanceUID"), series, "both forms may lie in one archive");
}

fn plain() -> Measurement {
    Measurement {
        grid: Grid::new(48, 40),
        coils: 4,
        slices: 3,
        repetitions: 1,
        lines: vec![true; 40],
        noise: 0.0,
        noise_readouts: 0,
        seed: 5,
    }
}

#[test]
fn the_rules_find_a_fault_that_is_planted() {
    if !support::has("planted DICOM fault", "dciodvfy", "dicom3tools") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.dcm");
    let (_, files) = exported(&scan(), &Request::default());
    let mut bytes = files["dicom/image/00001.dcm"].clone();
    let at = bytes.windows(11).position(|w| w == b"MONOCHROME2").unwrap();
    bytes[at..at + 11].copy_from_slice(b"MONOCHROMEX");
    std::fs::write(&path, bytes).unwrap();
    assert!(output("dciodvfy", &[path.to_str().unwrap()]).contains("Error"));
}

#[test]
fn place_pixels_and_origin_are_what_was_given_and_no_format_is_mirrored() {
    if !support::has("DICOM contents", "dcmdump", "dcmtk") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let request = Request { method: Some(Method::CgSense), ..Request::default() };
    let (series, files) = exported(&scan(), &request);
    let volume = &series.volumes[0];
    assert_eq!(volume.geometry.sizes, [48, 40, 3]);
    for slice in 0..3 {
        let path = folder.path().join("slice.dcm");
        std::fs::write(&path, &files[&format!("dicom/image/{:05}.dcm", slice + 1)]).unwrap();
        let near = |tag: &str, wanted: &[f32]| {
            let found = numbers(&path, tag);
            assert_eq!(found.len(), wanted.len(), "{tag}");
            assert!(
                found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-4),
                "{tag} {found:?} {wanted:?}"
            );
        };
        let (sin, cos) = 0.3f32.sin_cos();
        // 240 mm over 48 columns and 40 rows; the centre of the slice is pixel (24, 20).
        let (right, down) = (-24.0 * 5.0, -20.0 * 6.0);
        let origin =
            [10.0 + right * cos - down * sin, -20.0 + right * sin + down * cos, 7.5 * slice as f32 - 30.0];
        near("ImagePositionPatient", &origin);
        near("ImageOrientationPatient", &[cos, sin, 0.0, -sin, cos, 0.0]);
        near("PixelSpacing", &[6.0, 5.0]);
        near("SpacingBetweenSlices", &[7.5]);
        near("SliceThickness", &[5.0]);
        let (slope, stored) = pixels(&path, folder.path());
        let expected = &volume.image[slice * 1920..(slice + 1) * 1920];
        for (stored, value) in stored.iter().zip(expected) {
            let gap = (f32::from(*stored) * slope - value).abs();
            assert!(gap <= 0.51 * slope, "{stored} × {slope} is not {value}");
        }
    }
    nifti_and_png_agree(&series, &files);
}

/// Slope and stored pixels as dcmtk reads them.
fn pixels(path: &Path, folder: &Path) -> (f32, Vec<u16>) {
    let slope = output("dcmdump", &["+P", "0040,9225", path.to_str().unwrap()]);
    let slope = slope.split_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(Command::new("dcmdump").args(["+W"]).arg(folder).arg(path).output().unwrap().status.success());
    let raw = folder.join("slice.dcm.0.raw");
    let bytes = std::fs::read(&raw).unwrap();
    std::fs::remove_file(raw).unwrap();
    (slope, bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
}

fn nifti_and_png_agree(series: &Series, files: &BTreeMap<String, Vec<u8>>) {
    let volume = &series.volumes[0];
    let mut nifti = Vec::new();
    let mut inflate = flate2::read::GzDecoder::new(&files["image.nii.gz"][..]);
    std::io::Read::read_to_end(&mut inflate, &mut nifti).unwrap();
    let values: Vec<f32> =
        nifti[352..].chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    assert_eq!(values, volume.image);
    let window = mri::formats::png::Window::of(&volume.image);
    let picture = &files["png/image-slice002.png"];
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    let mut grey = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut grey).unwrap();
    for (grey, value) in grey.iter().zip(&volume.image[1920..3840]) {
        assert!(
            (f32::from(*grey) / 255.0 * window.high - value.min(window.high)).abs() <= window.high / 500.0
        );
    }
    // The head is no mirror image of itself, so that the comparison above can fail.
    let slice = &volume.image[..1920];
    let mirrored: f32 = slice
        .chunks_exact(48)
        .map(|row| row.iter().zip(row.iter().rev()).map(|(a, b)| (a - b).abs()).sum::<f32>())
        .sum();
    assert!(mirrored > 0.1 * slice.iter().sum::<f32>());
}

#[test]
fn a_series_says_what_it_is_and_never_carries_the_scanners_own_identifiers() {
    if !support::has("DICOM identity", "dcmdump", "dcmtk") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slice.dcm");
    let read = |files: &BTreeMap<String, Vec<u8>>, name: &str| {
        std::fs::write(&path, &files[name]).unwrap();
        let tags = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"];
        tags.map(|tag| value(&path, tag))
    };
    let (_, files) = exported(&scan(), &Request::default());
    let first = read(&files, "dicom/image/00001.dcm");
    assert_eq!(first[0], "1.2.826.0.1.3680043.2.1125.1", "the study is the scan's");
    assert_eq!(first[3], "1.2.826.0.1.3680043.2.1125.2");
    assert_eq!(value(&path, "ImageType"), "DERIVED\\PRIMARY\\OTHER");
    assert_eq!(value(&path, "PatientID"), "999 000 0000");
    assert_eq!(value(&path, "ReferencedSOPInstanceUID"), "1.2.826.0.1.3680043.2.1125.9");
    assert_eq!(value(&path, "SeriesDescription"), "Bevan L1W R1.4");
    assert!(value(&path, "ImageComments").starts_with("Research use, not for diagnosis."));
    assert!(
        value(&path, "DerivationDescription")
            .contains("l1-wavelet by Bevan 0.0 from raw data 00ff; weight 0.002")
    );
    let all = output("dcmdump", &[path.to_str().unwrap()]);
    assert!(!all.contains("1.2.3.4.5"), "the scanner's series is not ours");
    let second = read(&files, "dicom/image/00002.dcm");
    let zero_filled = read(&files, "dicom/zero-filled/00001.dcm");
    assert!(first[1] == second[1] && first[2] != second[2]);
    assert!(first[1] != zero_filled[1] && first[2] != zero_filled[2]);
    let (_, again) = exported(&scan(), &Request::default());
    assert_eq!(files, again, "the same scan and settings give the same bytes");
    let (_, other) = exported(&scan(), &Request { seed: 1, ..Request::default() });
    assert_ne!(read(&other, "dicom/image/00001.dcm")[2], first[2], "other settings are another image");
}
