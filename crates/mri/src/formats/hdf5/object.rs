//! Object headers of version 1 and the links of old-style groups.

use super::cursor::Cursor;
use super::{DEEPEST, MOST_NODES};
use crate::formats::FormatError;

/// Messages one object may have.
const MOST_MESSAGES: usize = 4096;

/// A message of an object header.
pub struct Message<'a> {
    /// Its type number.
    pub kind: u16,
    /// Its contents.
    pub body: &'a [u8],
}

/// All messages of the object at `address`, continuation blocks included.
pub fn messages(bytes: &[u8], address: u64) -> Result<Vec<Message<'_>>, FormatError> {
    let mut cursor = Cursor::at(bytes, address)?;
    if cursor.u8()? != 1 {
        return Err(FormatError::Unsupported(
            "HDF5 object headers of version 2 (written with libver latest)".into(),
        ));
    }
    cursor.skip(1)?;
    let count = usize::from(cursor.u16()?);
    cursor.skip(4)?;
    let size = cursor.u32()? as usize;
    cursor.skip(4)?;
    let mut blocks = vec![cursor.take(size)?];
    let mut found = Vec::new();
    while let Some(block) = blocks.pop() {
        let mut cursor = Cursor::on(block);
        while cursor.left() >= 8 && found.len() < count.min(MOST_MESSAGES) {
            let (kind, size) = (cursor.u16()?, usize::from(cursor.u16()?));
            cursor.skip(4)?;
            let body = cursor.take(size)?;
            if kind == 0x10 {
                let mut to = Cursor::on(body);
                let (address, length) = (to.u64()?, to.size()?);
                blocks.push(Cursor::at(bytes, address)?.take(length)?);
            }
            found.push(Message { kind, body });
        }
    }
    Ok(found)
}

/// Names and header addresses of what the group at `address` holds.
pub fn links(bytes: &[u8], address: u64) -> Result<Vec<(String, u64)>, FormatError> {
    let messages = messages(bytes, address)?;
    let table = messages.iter().find(|message| message.kind == 0x11);
    let table = table.ok_or_else(|| FormatError::Unsupported("a group without a symbol table".into()))?;
    let mut cursor = Cursor::on(table.body);
    let (tree, heap) = (cursor.u64()?, cursor.u64()?);
    let mut heap_cursor = Cursor::at(bytes, heap)?;
    heap_cursor.signature(b"HEAP")?;
    heap_cursor.skip(4)?;
    let size = heap_cursor.size()?;
    heap_cursor.skip(8)?;
    let names = Cursor::at(bytes, heap_cursor.u64()?)?.take(size)?;
    let mut links = Vec::new();
    for node in leaves(bytes, tree, 0, 8)? {
        let mut cursor = Cursor::at(bytes, node.child)?;
        cursor.signature(b"SNOD")?;
        cursor.skip(2)?;
        for _ in 0..cursor.u16()? {
            let (name, address) = (cursor.u64()?, cursor.u64()?);
            cursor.skip(24)?;
            let name = Cursor::at(names, name)?.text()?;
            links.push((String::from_utf8_lossy(name).into_owned(), address));
        }
    }
    Ok(links)
}

/// A child of a leaf of a version 1 tree, with the key before it.
pub struct Leaf<'a> {
    /// The key's bytes.
    pub key: &'a [u8],
    /// Address of the child.
    pub child: u64,
}

/// Children of all leaves of the tree at `address`, in order. `kind` 0 is a group's tree, 1 a dataset's.
pub fn leaves(bytes: &[u8], address: u64, kind: u8, key: usize) -> Result<Vec<Leaf<'_>>, FormatError> {
    let mut found = Vec::new();
    let mut waiting = vec![(address, DEEPEST)];
    let mut visited = 0;
    while let Some((address, depth)) = waiting.pop() {
        visited += 1;
        if visited > MOST_NODES || found.len() > MOST_NODES {
            return Err(FormatError::TooLarge("a tree with more nodes than allowed"));
        }
        let mut cursor = Cursor::at(bytes, address)?;
        cursor.signature(b"TREE")?;
        let (found_kind, level, count) = (cursor.u8()?, cursor.u8()?, cursor.u16()?);
        cursor.skip(16)?;
        if found_kind != kind || usize::from(level) >= depth {
            return Err(FormatError::Malformed("a tree node of the wrong kind or level".into()));
        }
        let mut below = Vec::new();
        for _ in 0..count {
            let leaf = Leaf { key: cursor.take(key)?, child: cursor.u64()? };
            if level == 0 {
                found.push(leaf);
            } else {
                below.push((leaf.child, usize::from(level)));
            }
        }
        waiting.extend(below.into_iter().rev());
    }
    Ok(found)
}
