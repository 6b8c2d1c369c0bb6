//! Writes the part of HDF5 that this crate reads: groups by symbol table, contiguous datasets, variable-length elements in
//! global heap collections. HDF5 File Format Specification 3.0, versions 0 and 1 of everything.

/// An address that means "none".
const NOWHERE: u64 = u64::MAX;
/// Entries of a group's node: twice the leaf rank of the superblock.
const NODE_ENTRIES: usize = 8;
/// Children of a tree node: twice the internal rank.
const TREE_CHILDREN: usize = 32;
/// The least that a heap collection may be.
const LEAST_COLLECTION: usize = 4096;

/// A file being written.
#[derive(Debug, Clone)]
pub struct Writer {
    bytes: Vec<u8>,
}

/// A reference to a variable-length element: its count of items, and where they lie.
pub type Reference = [u8; 16];

impl Default for Writer {
    fn default() -> Self {
        // The superblock is filled in at the end.
        Self { bytes: vec![0; 96] }
    }
}

impl Writer {
    fn place(&mut self, body: &[u8]) -> u64 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let at = self.bytes.len() as u64;
        self.bytes.extend_from_slice(body);
        at
    }

    /// One heap collection with some elements: items as bytes, and how many they are. An empty one needs no place.
    pub fn elements(&mut self, elements: &[(&[u8], usize)]) -> Vec<Reference> {
        let mut body = Vec::new();
        let mut places = Vec::new();
        for (index, (bytes, _)) in elements.iter().enumerate() {
            let number = if bytes.is_empty() { 0 } else { index as u16 + 1 };
            places.push(number);
            if number > 0 {
                body.extend(number.to_le_bytes());
                body.extend([1, 0, 0, 0, 0, 0]);
                body.extend((bytes.len() as u64).to_le_bytes());
                body.extend_from_slice(bytes);
                body.resize(body.len().next_multiple_of(8), 0);
            }
        }
        let size = (16 + body.len() + 16).max(LEAST_COLLECTION);
        // What is left is one free object, its own header included.
        let left = (size - 16 - body.len()) as u64;
        body.extend([0; 8]);
        body.extend(left.to_le_bytes());
        body.resize(size - 16, 0);
        let mut collection = b"GCOL\x01\0\0\0".to_vec();
        collection.extend((size as u64).to_le_bytes());
        collection.extend(body);
        let at = self.place(&collection);
        let reference = |(place, (_, count)): (&u16, &(&[u8], usize))| {
            let mut reference = [0; 16];
            let (first, rest) = reference.split_at_mut(4);
            first.copy_from_slice(&(*count as u32).to_le_bytes());
            let (middle, last) = rest.split_at_mut(8);
            if *place > 0 {
                middle.copy_from_slice(&at.to_le_bytes());
                last.copy_from_slice(&u32::from(*place).to_le_bytes());
            }
            reference
        };
        places.iter().zip(elements).map(reference).collect()
    }

    /// A dataset of `count` elements; its address.
    pub fn dataset(&mut self, datatype: &[u8], count: usize, elements: &[u8]) -> u64 {
        let data = self.place(elements);
        let mut space = vec![1, 1, 0, 0, 0, 0, 0, 0];
        space.extend((count as u64).to_le_bytes());
        let mut layout = vec![3, 1];
        layout.extend(data.to_le_bytes());
        layout.extend((elements.len() as u64).to_le_bytes());
        self.object(&[(1, &space), (3, datatype), (5, &[2, 1, 0, 0]), (8, &layout)])
    }

    fn object(&mut self, messages: &[(u16, &[u8])]) -> u64 {
        let mut body = Vec::new();
        for (kind, message) in messages {
            let size = message.len().next_multiple_of(8);
            body.extend(kind.to_le_bytes());
            body.extend((size as u16).to_le_bytes());
            body.extend([0; 4]);
            body.extend_from_slice(message);
            body.resize(body.len() + size - message.len(), 0);
        }
        let mut header = vec![1, 0];
        header.extend((messages.len() as u16).to_le_bytes());
        header.extend(1u32.to_le_bytes());
        header.extend((body.len() as u32).to_le_bytes());
        header.extend([0; 4]);
        header.extend(body);
        self.place(&header)
    }

    /// A group of at most eight members in the order of their names; addresses of its header, tree and heap.
    pub fn group(&mut self, members: &[(&str, u64)]) -> [u64; 3] {
        let mut names = vec![0; 8];
        let mut entries = Vec::new();
        let mut last = 0;
        for (name, address) in members.iter().take(NODE_ENTRIES) {
            last = names.len() as u64;
            names.extend(name.as_bytes());
            names.push(0);
            names.resize(names.len().next_multiple_of(8), 0);
            entries.extend(last.to_le_bytes());
            entries.extend(address.to_le_bytes());
            entries.extend([0; 24]);
        }
        entries.resize(40 * NODE_ENTRIES, 0);
        let segment = self.place(&names);
        let mut heap = b"HEAP\0\0\0\0".to_vec();
        // 1 says that nothing of the heap is free.
        for value in [names.len() as u64, 1, segment] {
            heap.extend(value.to_le_bytes());
        }
        let heap = self.place(&heap);
        let mut node = b"SNOD\x01\0".to_vec();
        node.extend((members.len().min(NODE_ENTRIES) as u16).to_le_bytes());
        node.extend(entries);
        let node = self.place(&node);
        let mut tree = b"TREE\0\0".to_vec();
        tree.extend(1u16.to_le_bytes());
        for value in [NOWHERE, NOWHERE, 0, node, last] {
            tree.extend(value.to_le_bytes());
        }
        tree.resize(24 + 8 * (2 * TREE_CHILDREN + 1), 0);
        let tree = self.place(&tree);
        let mut table = tree.to_le_bytes().to_vec();
        table.extend(heap.to_le_bytes());
        [self.object(&[(0x11, &table)]), tree, heap]
    }

    /// The file, with `root` from [`Writer::group`].
    pub fn finish(mut self, [root, tree, heap]: [u64; 3]) -> Vec<u8> {
        let mut head = b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0".to_vec();
        head.extend((NODE_ENTRIES as u16 / 2).to_le_bytes());
        head.extend((TREE_CHILDREN as u16 / 2).to_le_bytes());
        head.extend([0; 4]);
        for value in [0, NOWHERE, self.bytes.len() as u64, NOWHERE, 0, root] {
            head.extend(value.to_le_bytes());
        }
        head.extend(1u32.to_le_bytes());
        head.extend([0; 4]);
        head.extend(tree.to_le_bytes());
        head.extend(heap.to_le_bytes());
        self.bytes.splice(..head.len(), head);
        self.bytes
    }
}

/// Datatype messages.
pub mod datatype {
    fn typed(class: u8, bits: [u8; 3], size: usize, properties: &[u8]) -> Vec<u8> {
        let mut out = vec![class];
        out.extend(bits);
        out.extend((size as u32).to_le_bytes());
        out.extend_from_slice(properties);
        out
    }

    /// A little-endian integer.
    pub fn integer(size: usize, signed: bool) -> Vec<u8> {
        let [low, high] = (8 * size as u16).to_le_bytes();
        typed(0x10, [if signed { 8 } else { 0 }, 0, 0], size, &[0, 0, low, high])
    }

    /// IEEE single precision, little endian.
    pub fn float() -> Vec<u8> {
        typed(0x11, [0x20, 31, 0], 4, &[0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0])
    }

    /// A variable-length sequence.
    pub fn sequence(of: &[u8]) -> Vec<u8> {
        typed(0x19, [0; 3], 16, of)
    }

    /// A variable-length text that ends with a zero, of the bytes that libhdf5 reads as characters.
    pub fn text() -> Vec<u8> {
        typed(0x19, [1, 0, 0], 16, &integer(1, false))
    }

    /// A fixed number of elements of `size` bytes each.
    pub fn array(count: usize, size: usize, of: &[u8]) -> Vec<u8> {
        let mut properties = vec![1, 0, 0, 0];
        properties.extend((count as u32).to_le_bytes());
        properties.extend([0; 4]);
        properties.extend_from_slice(of);
        typed(0x2a, [0; 3], count * size, &properties)
    }

    /// Members one after the other without gaps: name, bytes, type.
    pub fn compound(members: &[(&str, usize, Vec<u8>)]) -> Vec<u8> {
        let (mut properties, mut offset) = (Vec::new(), 0);
        for (name, size, datatype) in members {
            let start = properties.len();
            properties.extend(name.as_bytes());
            properties.push(0);
            properties.resize(start + (properties.len() - start).next_multiple_of(8), 0);
            properties.extend((offset as u32).to_le_bytes());
            properties.extend_from_slice(datatype);
            offset += size;
        }
        let [low, high] = (members.len() as u16).to_le_bytes();
        typed(0x26, [low, high, 0], offset, &properties)
    }
}
