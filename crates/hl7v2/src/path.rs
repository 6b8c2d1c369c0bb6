//! Paths such as `PID-3[2].4.1`: segment, field, repetition, component, subcomponent, all numbered from 1.
//! `OBX[2]-5` names the second OBX of the message. Levels left out mean the first.

use std::str::FromStr;

/// A parsed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Segment name.
    pub segment: Vec<u8>,
    /// Which segment of that name, from 1.
    pub occurrence: usize,
    /// Field number, from 1.
    pub field: usize,
    /// Repetition number, from 1.
    pub repetition: Option<usize>,
    /// Component number, from 1.
    pub component: Option<usize>,
    /// Subcomponent number, from 1.
    pub subcomponent: Option<usize>,
}

/// The path is not of the form `SEG[n]-F[r].C.S`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path is not of the form SEG[n]-field[repetition].component.subcomponent")]
pub struct PathError;

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let (segment, place) = text.split_once('-').ok_or(PathError)?;
        let (segment, occurrence) = bracketed(segment)?;
        if segment.is_empty() || !segment.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(PathError);
        }
        let mut steps = place.split('.');
        let (field, repetition) = bracketed(steps.next().ok_or(PathError)?)?;
        let path = Self {
            segment: segment.as_bytes().to_vec(),
            occurrence: occurrence.unwrap_or(1),
            field: number(field)?,
            repetition,
            component: steps.next().map(number).transpose()?,
            subcomponent: steps.next().map(number).transpose()?,
        };
        if steps.next().is_some() { Err(PathError) } else { Ok(path) }
    }
}

/// Splits `name[n]`; the number is optional.
fn bracketed(text: &str) -> Result<(&str, Option<usize>), PathError> {
    match text.split_once('[') {
        None => Ok((text, None)),
        Some((name, rest)) => Ok((name, Some(number(rest.strip_suffix(']').ok_or(PathError)?)?))),
    }
}

fn number(text: &str) -> Result<usize, PathError> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PathError);
    }
    text.parse().ok().filter(|&n| n > 0).ok_or(PathError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_level() {
        let path: Path = "OBX[2]-5[3].4.1".parse().unwrap();
        assert_eq!((path.segment.as_slice(), path.occurrence, path.field), (b"OBX".as_slice(), 2, 5));
        assert_eq!((path.repetition, path.component, path.subcomponent), (Some(3), Some(4), Some(1)));
    }

    #[test]
    fn refuses_what_is_not_a_path() {
        for text in ["PID", "PID-", "PID-0", "PID-3[", "PID-3[x]", "PID-3.1.2.3", "-3", "PID-+3"] {
            assert_eq!(text.parse::<Path>(), Err(PathError), "{text}");
        }
    }
}
