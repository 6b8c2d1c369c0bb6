//! A scan as messages on a byte stream, as scanners and Gadgetron speak it: an identifier of 16 bits, then a body of
//! known length, little endian. <https://ismrmrd.readthedocs.io/en/latest/mrd_streaming_protocol.html>.
//!
//! Lengths are checked against [`Limits`] before anything is allocated; a stream that ends inside a message, or that
//! holds a message nobody knows, is refused by name.

use super::head::{HEAD_BYTES, decode, encode};
use super::{Acquisition, Finding, Header, Limits, Scan};
use crate::formats::FormatError;
use crate::grid::C32;
use crate::series::{Series, Volume};
use std::io::{Read, Write};

/// The port that the protocol's programs use.
pub const PORT: u16 = 9002;

const CONFIG_FILE: u16 = 1;
const CONFIG_TEXT: u16 = 2;
const HEADER: u16 = 3;
const CLOSE: u16 = 4;
const TEXT: u16 = 5;
const ACQUISITION: u16 = 1008;
const IMAGE: u16 = 1022;
const WAVEFORM: u16 = 1026;

/// Longest text or XML, bytes.
const LONGEST_TEXT: usize = 1 << 22;
/// Waveform header, bytes; samples follow.
const WAVEFORM_HEAD: usize = 40;

/// Why a stream gave no scan.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The peer or the network.
    #[error("the connection broke: {0}")]
    Connection(#[from] std::io::Error),
    /// What was sent.
    #[error("{0}")]
    Format(#[from] FormatError),
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// How the peer wants it done: the name of a configuration, or its text. Passed over here.
    Configuration(String),
    /// The XML header.
    Header(String),
    /// A readout.
    Acquisition(Box<Acquisition>),
    /// Something said.
    Text(String),
    /// Physiology or another waveform; passed over here.
    Waveform,
    /// Nothing more comes.
    Close,
}

/// The next message; `None` where the stream ends between two.
pub fn read_message(from: &mut dyn Read, limits: Limits) -> Result<Option<Message>, StreamError> {
    let mut first = [0; 2];
    match from.read(&mut first)? {
        0 => return Ok(None),
        1 => from.read_exact(first.split_at_mut(1).1)?,
        _ => {}
    }
    Ok(Some(match u16::from_le_bytes(first) {
        CONFIG_FILE => Message::Configuration(text(bytes(from, 1024)?)),
        CONFIG_TEXT => Message::Configuration(long_text(from)?),
        HEADER => Message::Header(long_text(from)?),
        CLOSE => Message::Close,
        TEXT => Message::Text(long_text(from)?),
        ACQUISITION => Message::Acquisition(Box::new(acquisition(from, limits)?)),
        WAVEFORM => {
            let head = bytes(from, WAVEFORM_HEAD)?;
            let at = |place: usize| head.get(place..place + 2).and_then(|b| b.try_into().ok());
            let size = |place: usize| at(place).map_or(0, |b| usize::from(u16::from_le_bytes(b)));
            // Channels and samples of 32 bits each.
            let (channels, samples) = (size(30), size(28));
            bytes(from, 4 * (channels * samples).min(limits.samples))?;
            Message::Waveform
        }
        other => return Err(FormatError::Unsupported(format!("MRD message {other}")).into()),
    }))
}

/// Reads up to the close, or to the end of the stream after at least one readout.
pub fn read_stream(from: &mut dyn Read, limits: Limits) -> Result<Scan, StreamError> {
    let mut header = None;
    let (mut acquisitions, mut findings, mut samples) = (Vec::new(), Vec::new(), 0);
    let mut count = 0;
    while let Some(message) = read_message(from, limits)? {
        match message {
            Message::Close => break,
            Message::Header(xml) if header.is_none() => header = Some((Header::read(&xml)?, xml)),
            Message::Acquisition(acquisition) => {
                count += 1;
                samples += acquisition.values.len();
                if samples > limits.samples || count > limits.acquisitions {
                    return Err(FormatError::TooLarge("more readouts than allowed").into());
                }
                if acquisition.values.iter().all(|v| v.re.is_finite() && v.im.is_finite()) {
                    acquisitions.push(*acquisition);
                } else {
                    let reason = "a sample is not a number".into();
                    findings.push(Finding { acquisition: count - 1, reason });
                }
            }
            _ => {}
        }
    }
    let (header, xml) = header.ok_or(FormatError::Malformed("a stream without an XML header".into()))?;
    if acquisitions.is_empty() {
        return Err(FormatError::Malformed("a stream without a readable readout".into()).into());
    }
    Ok(Scan { header, xml, acquisitions, findings })
}

/// Sends a scan: header, readouts, close.
pub fn write_stream(scan: &Scan, to: &mut dyn Write) -> Result<(), StreamError> {
    let length = u32::try_from(scan.xml.len()).map_err(|_| FormatError::TooLarge("the XML header"))?;
    to.write_all(&HEADER.to_le_bytes())?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(scan.xml.as_bytes())?;
    for acquisition in &scan.acquisitions {
        to.write_all(&ACQUISITION.to_le_bytes())?;
        to.write_all(&encode(acquisition)?)?;
        to.write_all(&trajectory_bytes(acquisition))?;
        to.write_all(&sample_bytes(acquisition))?;
    }
    to.write_all(&CLOSE.to_le_bytes())?;
    Ok(())
}

/// Sends the slices of a series as magnitude images, and the close.
pub fn write_images(series: &Series, to: &mut dyn Write) -> Result<(), StreamError> {
    let mut number = 0u16;
    for volume in &series.volumes {
        let slices = volume.image.chunks_exact(volume.slice_pixels().max(1));
        for (slice, pixels) in slices.enumerate() {
            number = number.saturating_add(1);
            let mut message = IMAGE.to_le_bytes().to_vec();
            message.extend(image_head(volume, slice, number)?);
            message.extend(0u64.to_le_bytes());
            message.extend(pixels.iter().flat_map(|v| v.to_le_bytes()));
            to.write_all(&message)?;
        }
    }
    to.write_all(&CLOSE.to_le_bytes())?;
    Ok(())
}

/// 198 bytes: single precision, magnitude, one channel, no attributes.
fn image_head(volume: &Volume, slice: usize, number: u16) -> Result<Vec<u8>, FormatError> {
    let geometry = &volume.geometry;
    let [columns, rows, _] = geometry.sizes;
    let [across, down, _] = geometry.spacing_mm;
    let [read, phase, normal] = geometry.directions;
    let short =
        |n: usize| u16::try_from(n).map_err(|_| FormatError::TooLarge("an image of 65,536 pixels a side"));
    let origin = volume.origins_mm.get(slice).copied().unwrap_or_default();
    let (half_x, half_y) = ((columns / 2) as f32 * across, (rows / 2) as f32 * down);
    let middle = origin.iter().zip(read.iter().zip(&phase)).map(|(o, (u, v))| o + half_x * u + half_y * v);
    let field = [columns as f32 * across, rows as f32 * down, volume.thickness_mm];
    let mut out = [1u16, 5].iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    out.extend([0; 12]); // flags and measurement
    out.extend([short(columns)?, short(rows)?, 1].iter().flat_map(|v| v.to_le_bytes()));
    out.extend(field.iter().flat_map(|v| v.to_le_bytes()));
    out.extend(1u16.to_le_bytes());
    out.extend(middle.chain([read, phase, normal].concat()).flat_map(f32::to_le_bytes));
    out.extend([0; 12]); // table
    let frame = volume.frame;
    let counters = [0, short(slice)?, frame.contrast, frame.phase, frame.repetition, frame.set];
    out.extend(counters.iter().flat_map(|v| v.to_le_bytes()));
    out.extend([0; 16]); // time stamps
    out.extend([1, number, 1].iter().flat_map(|v: &u16| v.to_le_bytes()));
    out.extend([0; 64 + 4]); // free numbers, length of the attributes
    Ok(out)
}

/// A readout's trajectory as a file or stream holds it.
pub fn trajectory_bytes(acquisition: &Acquisition) -> Vec<u8> {
    acquisition.trajectory.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A readout's samples as a file or stream holds them.
pub fn sample_bytes(acquisition: &Acquisition) -> Vec<u8> {
    acquisition.values.iter().flat_map(|v| [v.re.to_le_bytes(), v.im.to_le_bytes()]).flatten().collect()
}

fn acquisition(from: &mut dyn Read, limits: Limits) -> Result<Acquisition, StreamError> {
    let mut head = [0; HEAD_BYTES];
    from.read_exact(&mut head)?;
    let mut acquisition = decode(&head);
    let Acquisition { samples, channels, trajectory_dimensions, .. } = acquisition;
    if channels == 0 || channels > limits.channels || samples == 0 || trajectory_dimensions > 8 {
        let what = format!(
            "a readout of {samples} samples, {channels} channels, {trajectory_dimensions} dimensions"
        );
        return Err(FormatError::Malformed(what).into());
    }
    let trajectory = bytes(from, 4 * samples * trajectory_dimensions)?;
    acquisition.trajectory = floats(&trajectory).collect();
    let values = bytes(from, 8 * samples * channels)?;
    let mut values = floats(&values);
    while let (Some(re), Some(im)) = (values.next(), values.next()) {
        acquisition.values.push(C32::new(re, im));
    }
    Ok(acquisition)
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.chunks_exact(4).map(|b| b.try_into().map(f32::from_le_bytes).unwrap_or_default())
}

/// Grows with what arrives, so that a length alone allocates nothing.
fn bytes(from: &mut dyn Read, length: usize) -> Result<Vec<u8>, StreamError> {
    let mut body = Vec::new();
    from.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(FormatError::Truncated("a message that ends early").into());
    }
    Ok(body)
}

fn long_text(from: &mut dyn Read) -> Result<String, StreamError> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_TEXT {
        return Err(FormatError::TooLarge("a text").into());
    }
    Ok(text(bytes(from, length)?))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::phantom::{Measurement, measured};
    use crate::random::Random;

    fn scan() -> Scan {
        measured(&Measurement {
            grid: Grid::new(8, 6),
            coils: 2,
            slices: 2,
            repetitions: 1,
            lines: vec![true; 6],
            noise: 0.01,
            noise_readouts: 1,
            seed: 1,
        })
    }

    fn sent(scan: &Scan) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_stream(scan, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_scan_arrives_as_it_was_sent() {
        let scan = scan();
        let arrived = read_stream(&mut &sent(&scan)[..], Limits::default()).unwrap();
        assert_eq!((arrived.header, arrived.xml), (scan.header, scan.xml));
        assert_eq!(arrived.acquisitions.len(), scan.acquisitions.len());
        for (a, b) in arrived.acquisitions.iter().zip(&scan.acquisitions) {
            assert_eq!((a.index, a.flags, &a.values, a.position), (b.index, b.flags, &b.values, b.position));
        }
    }

    #[test]
    fn images_go_back_with_their_place_and_pixels() {
        let scan = scan();
        let request = crate::series::Request::default();
        let series = crate::series::reconstruct(&scan, &request, &|_, _| {}).unwrap();
        let mut bytes = Vec::new();
        write_images(&series, &mut bytes).unwrap();
        assert_eq!(bytes.len(), 2 * (2 + 198 + 8 + 4 * 48) + 2);
        let f32_at = |at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let second = 2 + 198 + 8 + 4 * 48;
        assert_eq!(bytes[second..second + 2], IMAGE.to_le_bytes());
        // The centre of the second slice, and its first pixel.
        let position = second + 2 + 36;
        assert_eq!([0, 4, 8].map(|o| f32_at(position + o)), [0.0, 0.0, 5.0]);
        assert_eq!(f32_at(second + 2 + 198 + 8), series.volumes[0].image[48]);
    }

    #[test]
    fn configuration_text_and_waveforms_are_passed_over() {
        let mut bytes = vec![1, 0];
        bytes.extend([b'x'; 1024]);
        bytes.extend([5, 0, 2, 0, 0, 0, b'h', b'i']);
        bytes.extend(WAVEFORM.to_le_bytes());
        let mut head = [0u8; WAVEFORM_HEAD];
        (head[28], head[30]) = (3, 2);
        bytes.extend(head);
        bytes.extend([0; 24]);
        bytes.extend(sent(&scan()));
        assert_eq!(read_stream(&mut &bytes[..], Limits::default()).unwrap().acquisitions.len(), 13);
    }

    #[test]
    fn cut_and_changed_streams_are_errors_or_findings_and_never_panics() {
        let whole = sent(&scan());
        let mut random = Random::new(3);
        let mut refused = 0;
        for _ in 0..300 {
            let cut = random.below(whole.len());
            refused += usize::from(read_stream(&mut &whole[..cut], Limits::default()).is_err());
            let mut changed = whole.clone();
            let at = random.below(changed.len());
            changed[at] = random.bits() as u8;
            let _ = read_stream(&mut &changed[..], Limits::default());
        }
        assert!(refused > 100, "{refused}");
        let unknown = read_stream(&mut &[9u8, 9][..], Limits::default()).unwrap_err();
        assert!(unknown.to_string().contains("MRD message 2313"));
    }
}
