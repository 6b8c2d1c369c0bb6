//! The header of a readout as 340 bytes, little endian and packed, as files and streams hold it.
//! <https://ismrmrd.readthedocs.io/en/latest/mrd_raw_data.html>.

use super::{Acquisition, Extra, Index};
use crate::formats::FormatError;

/// Bytes of a header.
pub const HEAD_BYTES: usize = 340;

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (first, rest) = self.0.split_first_chunk::<N>().map_or(([0; N], [].as_slice()), |(a, b)| (*a, b));
        self.0 = rest;
        first
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    fn size(&mut self) -> usize {
        usize::from(self.u16())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }

    fn f32(&mut self) -> f32 {
        f32::from_le_bytes(self.take())
    }

    fn many<T: Copy + Default, const N: usize>(&mut self, one: impl Fn(&mut Self) -> T) -> [T; N] {
        let mut values = [T::default(); N];
        values.iter_mut().for_each(|value| *value = one(self));
        values
    }
}

/// A readout without its samples and trajectory.
pub fn decode(bytes: &[u8; HEAD_BYTES]) -> Acquisition {
    let mut r = Reader(bytes);
    let mut extra = Extra { version: r.u16(), ..Extra::default() };
    let flags = r.u64();
    (extra.measurement_uid, extra.scan_counter) = (r.u32(), r.u32());
    (extra.acquisition_time_stamp, extra.physiology_time_stamp) = (r.u32(), r.many(Reader::u32));
    let samples = r.size();
    extra.available_channels = r.u16();
    let channels = r.size();
    extra.channel_mask = r.many(Reader::u64);
    let (discard_pre, discard_post, centre_sample) = (r.size(), r.size(), r.size());
    let (encoding, trajectory_dimensions, sample_time_us) = (r.size(), r.size(), r.f32());
    let position = r.many(Reader::f32);
    let directions = [r.many(Reader::f32), r.many(Reader::f32), r.many(Reader::f32)];
    extra.patient_table_position = r.many(Reader::f32);
    let index = Index {
        step_1: r.u16(),
        step_2: r.u16(),
        average: r.u16(),
        slice: r.u16(),
        contrast: r.u16(),
        phase: r.u16(),
        repetition: r.u16(),
        set: r.u16(),
        segment: r.u16(),
    };
    extra.user_index = r.many(Reader::u16);
    extra.user_int = r.many(|r| r.u32().cast_signed());
    extra.user_float = r.many(Reader::f32);
    Acquisition {
        flags,
        index,
        samples,
        channels,
        discard_pre,
        discard_post,
        centre_sample,
        encoding,
        sample_time_us,
        position,
        directions,
        trajectory_dimensions,
        trajectory: Vec::new(),
        values: Vec::new(),
        extra,
    }
}

/// The bytes of a readout's header; an error where a number is larger than the format holds.
pub fn encode(acquisition: &Acquisition) -> Result<[u8; HEAD_BYTES], FormatError> {
    let (extra, index) = (&acquisition.extra, &acquisition.index);
    let short = |n: usize| {
        u16::try_from(n).map_err(|_| FormatError::TooLarge("a readout with more than 65,535 of something"))
    };
    let mut out = Vec::with_capacity(HEAD_BYTES);
    out.extend(extra.version.max(1).to_le_bytes());
    out.extend(acquisition.flags.to_le_bytes());
    let stamps = [extra.measurement_uid, extra.scan_counter, extra.acquisition_time_stamp];
    out.extend(stamps.iter().chain(&extra.physiology_time_stamp).flat_map(|v| v.to_le_bytes()));
    let channels = short(acquisition.channels)?;
    for size in [short(acquisition.samples)?, extra.available_channels.max(channels), channels] {
        out.extend(size.to_le_bytes());
    }
    out.extend(extra.channel_mask.iter().flat_map(|v| v.to_le_bytes()));
    let Acquisition { discard_pre, discard_post, centre_sample, encoding, trajectory_dimensions, .. } =
        *acquisition;
    for size in [discard_pre, discard_post, centre_sample, encoding, trajectory_dimensions] {
        out.extend(short(size)?.to_le_bytes());
    }
    out.extend(acquisition.sample_time_us.to_le_bytes());
    let places = acquisition.position.iter().chain(acquisition.directions.iter().flatten());
    out.extend(places.chain(&extra.patient_table_position).flat_map(|v| v.to_le_bytes()));
    let counters = [index.step_1, index.step_2, index.average, index.slice, index.contrast, index.phase];
    let rest = [index.repetition, index.set, index.segment];
    out.extend(counters.iter().chain(&rest).chain(&extra.user_index).flat_map(|v| v.to_le_bytes()));
    out.extend(extra.user_int.iter().flat_map(|v| v.to_le_bytes()));
    out.extend(extra.user_float.iter().flat_map(|v| v.to_le_bytes()));
    out.try_into().map_err(|_| FormatError::Malformed("a readout header of the wrong size".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_header_comes_back_as_it_was(bytes in proptest::collection::vec(1u8..127, HEAD_BYTES)) {
            let mut bytes: [u8; HEAD_BYTES] = bytes.try_into().unwrap();
            // Never fewer channels at hand than in use.
            bytes[36..38].copy_from_slice(&[255, 255]);
            prop_assert_eq!(encode(&decode(&bytes)).unwrap(), bytes);
        }
    }
}
