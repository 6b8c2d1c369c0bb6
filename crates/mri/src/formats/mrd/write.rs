//! A scan as an MRD file: `/dataset/xml` and `/dataset/data`, laid out as libismrmrd lays them out.

use super::Scan;
use super::head::{HEAD_BYTES, encode};
use super::stream::{sample_bytes, trajectory_bytes};
use crate::formats::FormatError;
use crate::formats::hdf5::write::{Writer, datatype};

/// Readouts whose samples share a heap collection.
const READOUTS_TOGETHER: usize = 8;

/// The file's bytes.
pub fn write(scan: &Scan) -> Result<Vec<u8>, FormatError> {
    let mut file = Writer::default();
    let mut rows = Vec::with_capacity(scan.acquisitions.len() * (HEAD_BYTES + 32));
    for together in scan.acquisitions.chunks(READOUTS_TOGETHER) {
        let bodies: Vec<[Vec<u8>; 2]> =
            together.iter().map(|a| [trajectory_bytes(a), sample_bytes(a)]).collect();
        let elements: Vec<(&[u8], usize)> =
            bodies.iter().flatten().map(|body| (body.as_slice(), body.len() / 4)).collect();
        let references = file.elements(&elements);
        for (acquisition, pair) in together.iter().zip(references.chunks_exact(2)) {
            rows.extend(encode(acquisition)?);
            rows.extend(pair.concat());
        }
    }
    let text = scan.xml.as_bytes();
    let references = file.elements(&[(text, text.len())]).concat();
    let xml = file.dataset(&datatype::text(), 1, &references);
    let data = file.dataset(&readout(), scan.acquisitions.len(), &rows);
    let [dataset, ..] = file.group(&[("data", data), ("xml", xml)]);
    let root = file.group(&[("dataset", dataset)]);
    Ok(file.finish(root))
}

/// The compound type of a readout.
fn readout() -> Vec<u8> {
    let floats = || datatype::sequence(&datatype::float());
    datatype::compound(&[("head", HEAD_BYTES, head()), ("traj", 16, floats()), ("data", 16, floats())])
}

fn head() -> Vec<u8> {
    let unsigned = |name, size| (name, size, datatype::integer(size, false));
    let many = |name, count: usize, size: usize, of: Vec<u8>| {
        (name, count * size, datatype::array(count, size, &of))
    };
    let floats = |name, count| many(name, count, 4, datatype::float());
    let counter = |name| unsigned(name, 2);
    let index = datatype::compound(&[
        counter("kspace_encode_step_1"),
        counter("kspace_encode_step_2"),
        counter("average"),
        counter("slice"),
        counter("contrast"),
        counter("phase"),
        counter("repetition"),
        counter("set"),
        counter("segment"),
        many("user", 8, 2, datatype::integer(2, false)),
    ]);
    datatype::compound(&[
        unsigned("version", 2),
        unsigned("flags", 8),
        unsigned("measurement_uid", 4),
        unsigned("scan_counter", 4),
        unsigned("acquisition_time_stamp", 4),
        many("physiology_time_stamp", 3, 4, datatype::integer(4, false)),
        unsigned("number_of_samples", 2),
        unsigned("available_channels", 2),
        unsigned("active_channels", 2),
        many("channel_mask", 16, 8, datatype::integer(8, false)),
        unsigned("discard_pre", 2),
        unsigned("discard_post", 2),
        unsigned("center_sample", 2),
        unsigned("encoding_space_ref", 2),
        unsigned("trajectory_dimensions", 2),
        ("sample_time_us", 4, datatype::float()),
        floats("position", 3),
        floats("read_dir", 3),
        floats("phase_dir", 3),
        floats("slice_dir", 3),
        floats("patient_table_position", 3),
        ("idx", 34, index),
        many("user_int", 8, 4, datatype::integer(4, true)),
        floats("user_float", 8),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read};
    use super::*;
    use crate::grid::Grid;
    use crate::phantom::{Measurement, measured};

    #[test]
    fn a_scan_reads_back_as_it_was_written() {
        let mut scan = measured(&Measurement {
            grid: Grid::new(8, 6),
            coils: 3,
            slices: 2,
            repetitions: 2,
            lines: vec![true; 6],
            noise: 0.01,
            noise_readouts: 2,
            seed: 1,
        });
        for (number, acquisition) in scan.acquisitions.iter_mut().enumerate() {
            acquisition.extra.scan_counter = number as u32;
            acquisition.extra.channel_mask[1] = 7;
            acquisition.extra.user_int[7] = -3;
            acquisition.extra.user_float[2] = 1.5;
            acquisition.extra.user_index[0] = 9;
            acquisition.trajectory_dimensions = 2;
            acquisition.trajectory = (0..16).map(|i| i as f32).collect();
        }
        let back = read(&write(&scan).unwrap(), Limits::default()).unwrap();
        assert_eq!((back.header, &back.xml), (scan.header, &scan.xml));
        assert!(back.findings.is_empty());
        for (a, b) in back.acquisitions.iter().zip(&scan.acquisitions) {
            assert_eq!(encode(a).unwrap(), encode(b).unwrap());
            assert_eq!((&a.values, &a.trajectory), (&b.values, &b.trajectory));
        }
        assert_eq!(back.acquisitions.len(), scan.acquisitions.len());
    }
}
