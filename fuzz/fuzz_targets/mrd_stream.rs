//! Any bytes as a stream of raw data: refused by name, or a scan that is sent again as it came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mri::formats::mrd::Limits;
use mri::formats::mrd::stream::{read_stream, write_stream};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { acquisitions: 1 << 12, channels: 64, samples: 1 << 18 };
    let Ok(scan) = read_stream(&mut &bytes[..], limits) else { return };
    let mut sent = Vec::new();
    if write_stream(&scan, &mut sent).is_ok() {
        let again = read_stream(&mut &sent[..], limits).expect("what is sent arrives");
        assert_eq!(again.acquisitions.len(), scan.acquisitions.len());
    }
});
