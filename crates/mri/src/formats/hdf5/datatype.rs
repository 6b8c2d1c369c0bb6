//! Datatypes, versions 1 to 3 of their message.

use super::cursor::Cursor;
use crate::formats::FormatError;

/// Nesting of types.
const DEEPEST: usize = 8;

/// The type of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datatype {
    /// Bytes per element.
    pub size: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Little-endian integer.
    Integer {
        /// Two's complement.
        signed: bool,
    },
    /// Little-endian IEEE floating point.
    Float,
    /// Text of fixed length.
    Text,
    /// Named members.
    Compound(Vec<Member>),
    /// A length and a place in the file's heap.
    Sequence(Box<Datatype>),
    /// A fixed number of elements.
    Array(usize, Box<Datatype>),
    /// Something raw data have no use for.
    Other(u8),
}

/// A member of a compound type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Bytes from the start of the element.
    pub offset: usize,
    /// Its type.
    pub datatype: Datatype,
}

impl Datatype {
    /// A member by its path, with its offset from the start of the element.
    pub fn member(&self, path: &[&str]) -> Option<(usize, &Self)> {
        let Some((name, rest)) = path.split_first() else { return Some((0, self)) };
        let Kind::Compound(members) = &self.kind else { return None };
        let member = members.iter().find(|member| member.name == *name)?;
        let (offset, datatype) = member.datatype.member(rest)?;
        Some((member.offset + offset, datatype))
    }

    /// Reads a datatype message.
    pub(super) fn read(cursor: &mut Cursor, depth: usize) -> Result<Self, FormatError> {
        if depth > DEEPEST {
            return Err(FormatError::Malformed("types nested too deeply".into()));
        }
        let head = cursor.u8()?;
        let (class, version) = (head & 0x0f, head >> 4);
        let bits = cursor.take(3)?;
        let low = bits.first().copied().unwrap_or(0);
        let size = cursor.u32()? as usize;
        if !(1..=3).contains(&version) {
            return Err(FormatError::Unsupported(format!("HDF5 datatype version {version}")));
        }
        let kind = match class {
            0 | 1 => {
                cursor.skip(if class == 0 { 4 } else { 12 })?;
                if low & 1 != 0 {
                    return Err(FormatError::Unsupported("big-endian numbers".into()));
                }
                if class == 0 { Kind::Integer { signed: low & 8 != 0 } } else { Kind::Float }
            }
            3 => Kind::Text,
            6 => {
                let count = usize::from(low) + 256 * usize::from(bits.get(1).copied().unwrap_or(0));
                Kind::Compound(members(cursor, (version, size, count), depth)?)
            }
            9 => Kind::Sequence(Box::new(Self::read(cursor, depth + 1)?)),
            10 => {
                let count = array_count(cursor, version)?;
                Kind::Array(count, Box::new(Self::read(cursor, depth + 1)?))
            }
            other => Kind::Other(other),
        };
        Ok(Self { size, kind })
    }
}

fn members(
    cursor: &mut Cursor,
    (version, size, count): (u8, usize, usize),
    depth: usize,
) -> Result<Vec<Member>, FormatError> {
    let mut members = Vec::new();
    for _ in 0..count {
        let name = String::from_utf8_lossy(cursor.text()?).into_owned();
        if version < 3 {
            cursor.skip((8 - (name.len() + 1) % 8) % 8)?;
        }
        let offset = if version < 3 { cursor.u32()? as usize } else { short(cursor, size)? };
        let mut array = 1usize;
        if version == 1 {
            let rank = usize::from(cursor.u8()?);
            cursor.skip(11)?;
            for axis in 0..4 {
                let length = cursor.u32()? as usize;
                array = if axis < rank { array.saturating_mul(length) } else { array };
            }
        }
        let mut datatype = Datatype::read(cursor, depth + 1)?;
        if array != 1 {
            let size = datatype.size.saturating_mul(array);
            datatype = Datatype { size, kind: Kind::Array(array, Box::new(datatype)) };
        }
        if offset.saturating_add(datatype.size) > size {
            return Err(FormatError::Malformed(format!("member {name} lies outside its element")));
        }
        members.push(Member { name, offset, datatype });
    }
    Ok(members)
}

/// A number of as few bytes as `largest` needs.
fn short(cursor: &mut Cursor, largest: usize) -> Result<usize, FormatError> {
    let bytes = (1..8).find(|bytes| largest >> (8 * bytes) == 0).unwrap_or(8);
    Ok(cursor.take(bytes)?.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

fn array_count(cursor: &mut Cursor, version: u8) -> Result<usize, FormatError> {
    let rank = usize::from(cursor.u8()?);
    cursor.skip(if version < 3 { 3 } else { 0 })?;
    let mut count = 1usize;
    for _ in 0..rank {
        count = count.saturating_mul(cursor.u32()? as usize);
    }
    cursor.skip(if version < 3 { 4 * rank } else { 0 })?;
    Ok(count)
}
