//! BART's files through `bevan reconstruct`, and a series whose images are made together.

use super::{bevan, err, files};
use mri::formats::cfl::Cfl;
use mri::phantom::Phantom;
use mri::sampling::{Mask, random_lines};
use mri::{Grid, Stack};
use std::path::Path;

const TIMES: usize = 4;

/// Four images of a head, each with other lines; BART's time axis is 10.
fn pair(folder: &Path) {
    let grid = Grid::new(48, 48);
    let head = Phantom::head(grid, 5, 1).kspace();
    let values = (0..TIMES).flat_map(|time| {
        let mut kspace = Stack {
            values: head.values.iter().map(|v| v * (1.0 + 0.1 * time as f32)).collect(),
            ..head.clone()
        };
        Mask::from_lines(48, &random_lines(48, 18, 10, time as u64)).apply(&mut kspace);
        kspace.values
    });
    let stack = Stack { grid, count: 5 * TIMES, values: values.collect() };
    let mut cfl = Cfl::from_stack(stack, 3);
    cfl.sizes.splice(3..4, [5]);
    cfl.sizes.splice(10..11, [TIMES]);
    std::fs::write(folder.join("k.hdr"), cfl.header()).unwrap();
    cfl.write_body(&mut std::fs::File::create(folder.join("k.cfl")).unwrap()).unwrap();
}

#[test]
fn a_pair_becomes_images_and_times_are_made_together() {
    let folder = tempfile::tempdir().unwrap();
    pair(folder.path());
    let run = |name: &str, file: &str, options: &[&str]| {
        let out = folder.path().join(name);
        let scan = folder.path().join(file);
        let words = ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap()];
        bevan(&[&words[..], options].concat())
    };
    let ran = run("together", "k.cfl", &["--method", "llr"]);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(String::from_utf8_lossy(&ran.stdout).starts_with("llr, 4 planes"));
    assert!(err(&ran).contains("a millimetre a pixel is assumed"), "{}", err(&ran));
    let made = files(&folder.path().join("together"));
    assert!(made.contains_key("image-repetition003.nii.gz") && made.contains_key("dicom/image/00004.dcm"));
    let ran = run("threads", "k.hdr", &["--method", "llr", "--threads", "1"]);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert_eq!(
        files(&folder.path().join("threads")),
        made,
        "either file names the pair, threads change nothing"
    );

    let refused = |says: &str| {
        let ran = run("refused", "k.cfl", &[]);
        assert_eq!(ran.status.code(), Some(1), "{}", err(&ran));
        assert!(err(&ran).contains(says), "{}", err(&ran));
        assert!(!folder.path().join("refused").exists());
    };
    let header = std::fs::read_to_string(folder.path().join("k.hdr")).unwrap();
    std::fs::write(folder.path().join("k.hdr"), header.replace("48 48 1 5 1", "48 48 1 1 5")).unwrap();
    refused("BART axis 4 of length 5");
    std::fs::write(folder.path().join("k.hdr"), "no header").unwrap();
    refused("beside each other");
    std::fs::remove_file(folder.path().join("k.hdr")).unwrap();
    refused("cannot read");
}
