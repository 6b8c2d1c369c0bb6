//! The elements of a dataset: sizes, type, layout, filters, and what variable-length elements point to.

use super::Limits;
use super::cursor::Cursor;
use super::datatype::Datatype;
use super::object::{self, Message};
use crate::formats::FormatError;
use std::io::Read;

/// A dataset in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Sizes, slowest first.
    pub sizes: Vec<usize>,
    /// Type of an element.
    pub datatype: Datatype,
    /// Elements, one after the other.
    pub bytes: Vec<u8>,
}

impl Dataset {
    /// The elements.
    pub fn elements(&self) -> std::slice::ChunksExact<'_, u8> {
        self.bytes.chunks_exact(self.datatype.size.max(1))
    }
}

/// Reads the dataset whose header is at `address`.
pub fn read(file: &[u8], address: u64, limits: Limits) -> Result<Dataset, FormatError> {
    let messages = object::messages(file, address)?;
    let body = |kind: u16, what: &'static str| {
        let found = messages.iter().find(|message| message.kind == kind);
        found
            .map(|message| message.body)
            .ok_or_else(|| FormatError::Malformed(format!("a dataset without {what}")))
    };
    let sizes = sizes(body(1, "sizes")?)?;
    let datatype = Datatype::read(&mut Cursor::on(body(3, "a type")?), 0)?;
    let count = sizes.iter().try_fold(datatype.size, |product, size| product.checked_mul(*size));
    let total = count.filter(|total| *total <= limits.dataset_bytes);
    let total = total.ok_or(FormatError::TooLarge("a dataset beyond the limit"))?;
    let filters = filters(&messages)?;
    let mut layout = Cursor::on(body(8, "a layout")?);
    let version = layout.u8()?;
    if version != 3 {
        return Err(FormatError::Unsupported(format!("HDF5 layout version {version}")));
    }
    let bytes = match layout.u8()? {
        0 => {
            let size = usize::from(layout.u16()?);
            layout.take(size.min(total))?.to_vec()
        }
        1 => {
            let address = layout.u64()?;
            if address == u64::MAX {
                vec![0; stored(file, total)?]
            } else {
                Cursor::at(file, address)?.take(total)?.to_vec()
            }
        }
        2 => chunked(
            file,
            &mut layout,
            &Shape { sizes: &sizes, element: datatype.size, total, filters: &filters },
        )?,
        class => return Err(FormatError::Unsupported(format!("HDF5 layout class {class}"))),
    };
    if bytes.len() != total {
        return Err(FormatError::Truncated("fewer elements stored than the dataset has"));
    }
    Ok(Dataset { sizes, datatype, bytes })
}

/// A dataset that was never written, or is made of chunks, may not be larger than a file could compress to.
fn stored(file: &[u8], total: usize) -> Result<usize, FormatError> {
    if total / 1100 > file.len() {
        return Err(FormatError::TooLarge("a dataset far larger than its file"));
    }
    Ok(total)
}

fn sizes(body: &[u8]) -> Result<Vec<usize>, FormatError> {
    let mut cursor = Cursor::on(body);
    let (version, rank, _flags) = (cursor.u8()?, cursor.u8()?, cursor.u8()?);
    cursor.skip(match version {
        1 => 5,
        2 => 1,
        _ => return Err(FormatError::Unsupported(format!("HDF5 dataspace version {version}"))),
    })?;
    (0..rank).map(|_| cursor.size()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    Deflate,
    Shuffle,
}

fn filters(messages: &[Message]) -> Result<Vec<Filter>, FormatError> {
    let Some(message) = messages.iter().find(|message| message.kind == 0x0b) else { return Ok(Vec::new()) };
    let mut cursor = Cursor::on(message.body);
    let (version, count) = (cursor.u8()?, cursor.u8()?);
    cursor.skip(if version == 1 { 6 } else { 0 })?;
    let mut filters = Vec::new();
    for _ in 0..count {
        let id = cursor.u16()?;
        let name = if version == 1 || id >= 256 { usize::from(cursor.u16()?) } else { 0 };
        cursor.skip(2)?;
        let values = usize::from(cursor.u16()?);
        cursor.skip(if version == 1 { name.next_multiple_of(8) } else { name })?;
        cursor.skip(4 * values + if version == 1 { 4 * (values % 2) } else { 0 })?;
        filters.push(match id {
            1 => Filter::Deflate,
            2 => Filter::Shuffle,
            other => return Err(FormatError::Unsupported(format!("HDF5 filter {other}"))),
        });
    }
    Ok(filters)
}

struct Shape<'a> {
    sizes: &'a [usize],
    element: usize,
    total: usize,
    filters: &'a [Filter],
}

fn chunked(file: &[u8], layout: &mut Cursor, shape: &Shape) -> Result<Vec<u8>, FormatError> {
    let rank = shape.sizes.len();
    if usize::from(layout.u8()?) != rank + 1 {
        return Err(FormatError::Malformed("chunks of another rank than their dataset".into()));
    }
    let tree = layout.u64()?;
    let chunk: Vec<usize> = (0..rank).map(|_| layout.u32().map(|n| n as usize)).collect::<Result<_, _>>()?;
    let size = chunk.iter().try_fold(shape.element, |product, n| product.checked_mul(*n));
    let size = size.filter(|size| *size > 0 && *size <= stored(file, *size).unwrap_or(0));
    let size = size.ok_or(FormatError::TooLarge("a chunk far larger than its file"))?;
    let mut bytes = vec![0; stored(file, shape.total)?];
    if tree == u64::MAX {
        return Ok(bytes);
    }
    for leaf in object::leaves(file, tree, 1, 8 + 8 * (rank + 1))? {
        let mut key = Cursor::on(leaf.key);
        let (length, skipped) = (key.u32()? as usize, key.u32()?);
        let start: Vec<usize> = (0..rank).map(|_| key.size()).collect::<Result<_, _>>()?;
        let raw = Cursor::at(file, leaf.child)?.take(length)?;
        let plain = unfilter(raw, (shape.filters, skipped), shape.element, size)?;
        if plain.len() != size {
            return Err(FormatError::Malformed("a chunk of the wrong size".into()));
        }
        place(&plain, &mut bytes, (&chunk, &start), shape);
    }
    Ok(bytes)
}

/// Undoes the filters, last first; `skipped` has a bit for each that was not applied.
fn unfilter(
    raw: &[u8],
    (filters, skipped): (&[Filter], u32),
    element: usize,
    size: usize,
) -> Result<Vec<u8>, FormatError> {
    let mut bytes = raw.to_vec();
    for (index, filter) in filters.iter().enumerate().rev() {
        if skipped >> index.min(31) & 1 == 1 {
            continue;
        }
        bytes = match filter {
            Filter::Deflate => {
                let mut plain = Vec::new();
                let inflate = flate2::read::ZlibDecoder::new(&bytes[..]);
                let limit = size as u64 + 1;
                inflate
                    .take(limit)
                    .read_to_end(&mut plain)
                    .map_err(|_| FormatError::Malformed("a chunk does not inflate".into()))?;
                plain
            }
            Filter::Shuffle => {
                let count = bytes.len() / element.max(1);
                (0..count).flat_map(|i| bytes.iter().skip(i).step_by(count).take(element)).copied().collect()
            }
        };
    }
    Ok(bytes)
}

/// Copies a chunk's rows to where they belong, leaving out what lies beyond the dataset.
fn place(chunk: &[u8], bytes: &mut [u8], (extent, start): (&[usize], &[usize]), shape: &Shape) {
    let row = extent.last().copied().unwrap_or(1);
    let inside = |axis: usize, at: usize| shape.sizes.get(axis).is_some_and(|size| at < *size);
    let last = extent.len().saturating_sub(1);
    for (index, line) in chunk.chunks_exact(row.max(1) * shape.element).enumerate() {
        // Position of the row's first element, axis by axis, from the slowest.
        let mut rest = index;
        let mut position = vec![0; extent.len()];
        for axis in (0..last).rev() {
            let size = extent.get(axis).copied().unwrap_or(1).max(1);
            if let Some(place) = position.get_mut(axis) {
                *place = rest % size;
            }
            rest /= size;
        }
        let at: Vec<usize> = position.iter().zip(start).map(|(p, s)| p.saturating_add(*s)).collect();
        if !at.iter().enumerate().all(|(axis, at)| inside(axis, *at)) {
            continue;
        }
        let first = at.iter().zip(shape.sizes).fold(0, |sum, (at, size)| sum * size + at);
        let room = shape.sizes.last().copied().unwrap_or(1) - at.last().copied().unwrap_or(0);
        let length = row.min(room) * shape.element;
        let target = bytes.get_mut(first * shape.element..).unwrap_or_default();
        target.iter_mut().zip(line.iter().take(length)).for_each(|(to, from)| *to = *from);
    }
}

/// The heap object a variable-length element points to.
pub fn sequence<'a>(file: &'a [u8], element: &[u8], size: usize) -> Result<&'a [u8], FormatError> {
    let mut cursor = Cursor::on(element);
    let (count, address, index) = (cursor.u32()? as usize, cursor.u64()?, cursor.u32()?);
    if count == 0 {
        return Ok(&[]);
    }
    let wanted = count.checked_mul(size).ok_or(FormatError::TooLarge("a sequence beyond memory"))?;
    let mut heap = Cursor::at(file, address)?;
    heap.signature(b"GCOL")?;
    heap.skip(4)?;
    let mut objects = Cursor::on(heap.size().and_then(|size| heap.take(size.saturating_sub(16)))?);
    while objects.left() >= 16 {
        let found = u32::from(objects.u16()?);
        objects.skip(6)?;
        let length = objects.size()?;
        if found == 0 {
            break;
        }
        let body = objects.take(length)?;
        if found == index {
            return body
                .get(..wanted)
                .ok_or(FormatError::Truncated("a sequence longer than its heap object"));
        }
        objects.skip(((8 - length % 8) % 8).min(objects.left()))?;
    }
    Err(FormatError::Malformed("a sequence without its heap object".into()))
}
