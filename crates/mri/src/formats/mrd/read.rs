//! From an HDF5 file to a scan.

use super::{Acquisition, Extra, Header, Index};
use crate::formats::FormatError;
use crate::formats::hdf5::{self, Dataset, Datatype, File, Kind};
use crate::grid::C32;

/// What a scan may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Readouts.
    pub acquisitions: usize,
    /// Receive channels.
    pub channels: usize,
    /// Complex samples of the whole scan.
    pub samples: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { acquisitions: 1 << 20, channels: 256, samples: 1 << 30 }
    }
}

/// Why a readout was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its number in the file.
    pub acquisition: usize,
    /// What is wrong.
    pub reason: String,
}

/// A raw scan.
#[derive(Debug, Clone)]
pub struct Scan {
    /// The header.
    pub header: Header,
    /// The header as it was written.
    pub xml: String,
    /// The readouts that could be read, in the file's order.
    pub acquisitions: Vec<Acquisition>,
    /// The others.
    pub findings: Vec<Finding>,
}

/// Reads the first group of a file that holds `xml` and `data`.
pub fn read(bytes: &[u8], limits: Limits) -> Result<Scan, FormatError> {
    let file = File::open(bytes, hdf5::Limits::default())?;
    let (header, xml, data) = file
        .names("/")?
        .into_iter()
        .find_map(|group| parts(&file, &group).transpose())
        .ok_or(FormatError::NotThisFormat("MRD"))??;
    if data.elements().len() > limits.acquisitions {
        return Err(FormatError::TooLarge("more readouts than allowed"));
    }
    let layout = Layout::of(&data.datatype)?;
    let mut scan = Scan { header, xml, acquisitions: Vec::new(), findings: Vec::new() };
    let mut samples = 0;
    for (number, element) in data.elements().enumerate() {
        match layout.acquisition(&file, element, limits) {
            Ok(acquisition) => {
                samples += acquisition.values.len();
                if samples > limits.samples {
                    return Err(FormatError::TooLarge("more samples than allowed"));
                }
                scan.acquisitions.push(acquisition);
            }
            Err(error) => scan.findings.push(Finding { acquisition: number, reason: error.to_string() }),
        }
    }
    if scan.acquisitions.is_empty() {
        return Err(FormatError::Malformed("no readable acquisition".into()));
    }
    Ok(scan)
}

fn parts(file: &File, group: &str) -> Result<Option<(Header, String, Dataset)>, FormatError> {
    // Something that is no group has no names; the search goes on.
    if file.names(group).is_err() {
        return Ok(None);
    }
    let xml = file.dataset(&format!("{group}/xml"))?;
    let data = file.dataset(&format!("{group}/data"))?;
    let (Some(xml), Some(data)) = (xml, data) else { return Ok(None) };
    let element = xml.elements().next().ok_or(FormatError::Truncated("an empty XML header"))?;
    let text = match &xml.datatype.kind {
        Kind::Sequence(_) => file.sequence(element, 1)?,
        Kind::Text => element,
        _ => return Err(FormatError::Malformed("an XML header that is not text".into())),
    };
    let text = String::from_utf8_lossy(text).trim_end_matches('\0').to_owned();
    Ok(Some((Header::read(&text)?, text, data)))
}

/// The compound type of a readout, whose members are looked up by name.
struct Layout<'a> {
    datatype: &'a Datatype,
    trajectory: usize,
    data: usize,
}

impl<'a> Layout<'a> {
    fn of(datatype: &'a Datatype) -> Result<Self, FormatError> {
        let floats = |name: &str| {
            let member = datatype.member(&[name]);
            let kind = member.filter(|(_, t)| {
                matches!(&t.kind, Kind::Sequence(item) if item.kind == Kind::Float && item.size == 4)
                    && t.size == 16
            });
            kind.map(|(offset, _)| offset)
                .ok_or_else(|| FormatError::Malformed(format!("data without the float sequence {name}")))
        };
        let layout = Self { datatype, trajectory: floats("traj")?, data: floats("data")? };
        match datatype.member(&["head", "number_of_samples"]) {
            Some(_) => Ok(layout),
            None => Err(FormatError::Malformed("data without head.number_of_samples".into())),
        }
    }

    /// An unsigned member of the head, 0 where the file has none.
    fn head(&self, element: &[u8], path: &[&str]) -> u64 {
        let path: Vec<&str> = std::iter::once("head").chain(path.iter().copied()).collect();
        let Some((offset, datatype)) = self.datatype.member(&path) else { return 0 };
        let bytes = element.get(offset..offset + datatype.size.min(8)).unwrap_or_default();
        bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    /// A count of the head: 16 bits in MRD, whatever the file makes of it.
    fn count(&self, element: &[u8], name: &str) -> Result<usize, FormatError> {
        let told = self.head(element, &[name]);
        let count = u16::try_from(told).map_err(|_| FormatError::Malformed(format!("{name} of {told}")))?;
        Ok(count.into())
    }

    /// A member of `N` items of `B` bytes, or the defaults where the file has none.
    fn items<T: Copy + Default, const N: usize, const B: usize>(
        &self,
        element: &[u8],
        path: &[&str],
        read: impl Fn([u8; B]) -> T,
    ) -> [T; N] {
        let path: Vec<&str> = std::iter::once("head").chain(path.iter().copied()).collect();
        let member = self.datatype.member(&path).filter(|(_, datatype)| datatype.size >= B * N);
        let bytes = member.and_then(|(offset, _)| element.get(offset..offset + B * N)).unwrap_or_default();
        let mut values = [T::default(); N];
        let items = bytes.chunks_exact(B).filter_map(|bytes| bytes.try_into().ok());
        values.iter_mut().zip(items).for_each(|(value, bytes)| *value = read(bytes));
        values
    }

    fn floats<const N: usize>(&self, element: &[u8], name: &str) -> [f32; N] {
        self.items(element, &[name], f32::from_le_bytes)
    }

    fn acquisition(&self, file: &File, element: &[u8], limits: Limits) -> Result<Acquisition, FormatError> {
        let count = |name: &str| self.count(element, name);
        let step = |name: &str| self.head(element, &["idx", name]) as u16;
        let (samples, channels) = (count("number_of_samples")?, count("active_channels")?);
        if channels == 0 || channels > limits.channels || samples == 0 {
            return Err(FormatError::Malformed(format!("{samples} samples of {channels} channels")));
        }
        let values = sequence(file, element, self.data)?;
        if values.len() != 2 * samples * channels {
            return Err(FormatError::Malformed("sample count differs from the head".into()));
        }
        let values: Vec<C32> = pairs(&values);
        if values.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
            return Err(FormatError::Malformed("a sample is not a number".into()));
        }
        let dimensions = count("trajectory_dimensions")?;
        let trajectory = sequence(file, element, self.trajectory)?;
        if trajectory.len() != dimensions * samples {
            return Err(FormatError::Malformed("trajectory length differs from the head".into()));
        }
        Ok(Acquisition {
            flags: self.head(element, &["flags"]),
            index: Index {
                step_1: step("kspace_encode_step_1"),
                step_2: step("kspace_encode_step_2"),
                average: step("average"),
                slice: step("slice"),
                contrast: step("contrast"),
                phase: step("phase"),
                repetition: step("repetition"),
                set: step("set"),
                segment: step("segment"),
            },
            samples,
            channels,
            discard_pre: count("discard_pre")?,
            discard_post: count("discard_post")?,
            centre_sample: count("center_sample")?,
            encoding: count("encoding_space_ref")?,
            sample_time_us: self.floats::<1>(element, "sample_time_us").first().copied().unwrap_or(0.0),
            position: self.floats(element, "position"),
            directions: ["read_dir", "phase_dir", "slice_dir"].map(|name| self.floats(element, name)),
            trajectory_dimensions: dimensions,
            trajectory,
            values,
            extra: self.extra(element),
        })
    }

    fn extra(&self, element: &[u8]) -> Extra {
        let count = |name: &str| self.head(element, &[name]);
        Extra {
            version: count("version") as u16,
            measurement_uid: count("measurement_uid") as u32,
            scan_counter: count("scan_counter") as u32,
            acquisition_time_stamp: count("acquisition_time_stamp") as u32,
            physiology_time_stamp: self.items(element, &["physiology_time_stamp"], u32::from_le_bytes),
            available_channels: count("available_channels") as u16,
            channel_mask: self.items(element, &["channel_mask"], u64::from_le_bytes),
            patient_table_position: self.floats(element, "patient_table_position"),
            user_index: self.items(element, &["idx", "user"], u16::from_le_bytes),
            user_int: self.items(element, &["user_int"], i32::from_le_bytes),
            user_float: self.floats(element, "user_float"),
        }
    }
}

fn float(bytes: &[u8]) -> f32 {
    bytes.try_into().map(f32::from_le_bytes).unwrap_or_default()
}

fn sequence(file: &File, element: &[u8], offset: usize) -> Result<Vec<f32>, FormatError> {
    let place = element.get(offset..offset + 16).ok_or(FormatError::Truncated("a readout"))?;
    Ok(file.sequence(place, 4)?.chunks_exact(4).map(float).collect())
}

fn pairs(values: &[f32]) -> Vec<C32> {
    let pair = |pair: &[f32]| match pair {
        [re, im] => C32::new(*re, *im),
        _ => C32::new(0.0, 0.0),
    };
    values.chunks_exact(2).map(pair).collect()
}
