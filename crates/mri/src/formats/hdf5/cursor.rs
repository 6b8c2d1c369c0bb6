//! Little-endian reading with bounds.

use crate::formats::FormatError;

/// A place in the file.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Starts at `address`.
    pub fn at(bytes: &'a [u8], address: u64) -> Result<Self, FormatError> {
        let start = usize::try_from(address).ok();
        let rest = start.and_then(|start| bytes.get(start..));
        rest.map(Self::on).ok_or(FormatError::Truncated("an address points beyond the end"))
    }

    /// Starts at the first of `bytes`.
    pub fn on(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What is left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], FormatError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(FormatError::Truncated("a structure runs beyond the end"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// Leaves out `count` bytes.
    pub fn skip(&mut self, count: usize) -> Result<(), FormatError> {
        self.take(count).map(|_| ())
    }

    /// Checks four letters.
    pub fn signature(&mut self, letters: &[u8; 4]) -> Result<(), FormatError> {
        if self.take(4)? == letters {
            return Ok(());
        }
        Err(FormatError::Malformed(format!("no {} where one should be", String::from_utf8_lossy(letters))))
    }

    /// Text up to a zero byte.
    pub fn text(&mut self) -> Result<&'a [u8], FormatError> {
        let end = self.rest.iter().position(|byte| *byte == 0);
        let end = end.ok_or(FormatError::Truncated("a name without an end"))?;
        let name = self.take(end)?;
        self.skip(1)?;
        Ok(name)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let bytes = self.take(N)?;
        bytes.try_into().map_err(|_| FormatError::Truncated("a number"))
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, FormatError> {
        self.number().map(u8::from_le_bytes)
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16, FormatError> {
        self.number().map(u16::from_le_bytes)
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32, FormatError> {
        self.number().map(u32::from_le_bytes)
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Result<u64, FormatError> {
        self.number().map(u64::from_le_bytes)
    }

    /// Eight bytes that count things in memory.
    pub fn size(&mut self) -> Result<usize, FormatError> {
        usize::try_from(self.u64()?).map_err(|_| FormatError::TooLarge("a size beyond memory"))
    }
}
