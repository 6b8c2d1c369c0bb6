//! Any bytes as a raw scan's file: they are refused or read, and what is read assembles and is written again without loss.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mri::formats::mrd::{Limits, Selection, assemble, read, write};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { acquisitions: 1 << 12, channels: 64, samples: 1 << 18 };
    let Ok(scan) = read(bytes, limits) else { return };
    let _ = assemble(&scan, &Selection::default());
    let _ = assemble(&scan, &Selection { with_calibration: true, pooled: true, ..Selection::default() });
    if let Ok(written) = write(&scan) {
        let again = read(&written, limits).expect("what is written reads back");
        assert_eq!(again.acquisitions.len(), scan.acquisitions.len());
    }
});
