//! Reader of safetensors files: an 8-byte length, a JSON header, then the tensors' bytes. F32 and F16, little endian.
//! <https://huggingface.co/docs/safetensors>. A file that contradicts itself is refused, never read past its end.

use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// Longest header that is read, bytes.
const HEADER_LIMIT: usize = 1 << 20;
/// Most values of one tensor.
const VALUE_LIMIT: usize = 1 << 26;

/// Why a file of weights cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WeightsError {
    /// Not a safetensors file, or cut.
    #[error("not a whole safetensors file: {0}")]
    File(&'static str),
    /// A tensor that the network needs is not there, or has another shape.
    #[error("tensor {0}: {1}")]
    Tensor(String, &'static str),
    /// The card does not say what it must.
    #[error("the card of the weights lacks {0}")]
    Card(&'static str),
}

/// A tensor in single precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Sizes, slowest first.
    pub shape: Vec<usize>,
    /// Values, last axis fastest.
    pub values: Vec<f32>,
}

/// All tensors of a file and its texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tensors {
    /// `__metadata__`.
    pub metadata: BTreeMap<String, String>,
    /// By name.
    pub tensors: BTreeMap<String, Tensor>,
}

impl Tensors {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or(WeightsError::File("no header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > HEADER_LIMIT {
            return Err(WeightsError::File("the header is too long"));
        }
        let (header, data) = rest.split_at_checked(length).ok_or(WeightsError::File("cut in the header"))?;
        let header: Value =
            serde_json::from_slice(header).map_err(|_| WeightsError::File("the header is not JSON"))?;
        let members = header.as_object().ok_or(WeightsError::File("the header is no object"))?;
        let mut found = Self::default();
        // Tensors that share bytes would make a short file large in memory.
        let mut left = data.len();
        for (name, member) in members {
            if name == "__metadata__" {
                let texts = member.as_object().into_iter().flatten();
                let texts = texts.filter_map(|(key, text)| Some((key.clone(), text.as_str()?.to_owned())));
                found.metadata = texts.collect();
            } else {
                let tensor =
                    tensor(member, data, &mut left).map_err(|why| WeightsError::Tensor(name.clone(), why))?;
                found.tensors.insert(name.clone(), tensor);
            }
        }
        Ok(found)
    }

    /// A tensor by name.
    pub fn get(&self, name: &str) -> Result<&Tensor, WeightsError> {
        self.tensors.get(name).ok_or_else(|| WeightsError::Tensor(name.to_owned(), "not there"))
    }
}

fn tensor(member: &Value, data: &[u8], left: &mut usize) -> Result<Tensor, &'static str> {
    let sizes = |key: &str| -> Option<Vec<usize>> {
        let list = member.get(key)?.as_array()?;
        list.iter().map(|size| usize::try_from(size.as_u64()?).ok()).collect()
    };
    let shape = sizes("shape").ok_or("no shape")?;
    let offsets = sizes("data_offsets").ok_or("no offsets")?;
    let [start, end] = offsets.as_slice() else { return Err("no offsets") };
    let count = shape.iter().try_fold(1usize, |count, size| count.checked_mul(*size));
    let count = count.filter(|count| *count <= VALUE_LIMIT).ok_or("too large")?;
    let bytes = data.get(*start..*end).ok_or("beyond the end of the file")?;
    *left = left.checked_sub(bytes.len()).ok_or("it shares bytes with another")?;
    let values: Vec<f32> = match member.get("dtype").and_then(Value::as_str) {
        Some("F32") => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Some("F16") => bytes.as_chunks::<2>().0.iter().map(|b| from_half(u16::from_le_bytes(*b))).collect(),
        _ => return Err("not of type F32 or F16"),
    };
    if values.len() != count || values.iter().any(|value| !value.is_finite()) {
        return Err("values are missing or not finite");
    }
    Ok(Tensor { shape, values })
}

/// IEEE 754 half precision, exactly.
fn from_half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
    }

    #[test]
    fn reads_both_types_and_the_texts() {
        let header = r#"{"__metadata__":{"name":"a"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
            "h":{"dtype":"F16","shape":[3],"data_offsets":[8,14]}}"#;
        let data = [1.5f32.to_le_bytes(), (-2f32).to_le_bytes()].concat();
        let halves = [0x3c00u16, 0xc500, 0x0001].map(u16::to_le_bytes).concat();
        let read = Tensors::read(&file(header, &[data, halves].concat())).unwrap();
        assert_eq!(read.metadata["name"], "a");
        assert_eq!(read.get("w").unwrap(), &Tensor { shape: vec![1, 2], values: vec![1.5, -2.0] });
        assert_eq!(read.get("h").unwrap().values, [1.0, -5.0, 2f32.powi(-24)]);
        assert!(read.get("x").is_err());
    }

    #[test]
    fn cut_and_contradicting_files_are_refused() {
        let header = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        let whole = file(header, &[0; 8]);
        for length in 0..whole.len() {
            assert!(Tensors::read(&whole[..length]).is_err(), "{length}");
        }
        let other = header.replace("[2]", "[3]");
        assert!(Tensors::read(&file(&other, &[0; 8])).is_err());
        let huge = header.replace("[2]", "[4294967296,4294967296]");
        assert!(Tensors::read(&file(&huge, &[0; 8])).is_err());
        assert!(Tensors::read(&file(header, &f32::NAN.to_le_bytes().repeat(2))).is_err());
        assert!(Tensors::read(&u64::MAX.to_le_bytes()).is_err());
        let shared = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        assert!(Tensors::read(&file(shared, &[0; 8])).is_err());
    }
}
