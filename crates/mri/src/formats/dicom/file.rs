//! What a sender needs of a DICOM file: its class and instance, and where its dataset begins. PS3.10 §7.1.

/// Parts of a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileParts<'a> {
    /// SOP class.
    pub class: &'a str,
    /// SOP instance.
    pub instance: &'a str,
    /// The dataset, explicit little endian.
    pub data: &'a [u8],
}

impl<'a> FileParts<'a> {
    /// Reads the header; another encoding than explicit little endian is refused.
    pub fn of(file: &'a [u8]) -> Result<Self, &'static str> {
        let rest = file.get(128..).and_then(|rest| rest.strip_prefix(b"DICM"));
        let rest = rest.ok_or("not a DICOM file")?;
        // (0002,0000) UL holds the length of the other elements of its group.
        let (first, rest) = rest.split_first_chunk::<12>().ok_or("a DICOM file that ends early")?;
        let [0x02, 0, 0, 0, b'U', b'L', 4, 0, a, b, c, d] = *first else {
            return Err("a DICOM file without the length of its header");
        };
        let split = rest.split_at_checked(u32::from_le_bytes([a, b, c, d]) as usize);
        let (meta, data) = split.ok_or("a DICOM file that ends early")?;
        if text(meta, 0x0010) != Some("1.2.840.10008.1.2.1") {
            return Err("a DICOM file of another encoding than explicit little endian");
        }
        let class = text(meta, 0x0002).ok_or("a DICOM file without a class")?;
        let instance = text(meta, 0x0003).ok_or("a DICOM file without an instance")?;
        Ok(Self { class, instance, data })
    }
}

/// A text of group 2.
fn text(mut meta: &[u8], wanted: u16) -> Option<&str> {
    while let Some((head, rest)) = meta.split_first_chunk::<8>() {
        let [_, _, low, high, v, r, short_low, short_high] = *head;
        let (length, rest) = if matches!(&[v, r], b"OB" | b"OW" | b"SQ" | b"UN" | b"UT") {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (u32::from_le_bytes(*length) as usize, rest)
        } else {
            (usize::from(u16::from_le_bytes([short_low, short_high])), rest)
        };
        let (value, after) = rest.split_at_checked(length)?;
        if u16::from_le_bytes([low, high]) == wanted {
            return std::str::from_utf8(value).ok().map(|text| text.trim_end_matches(['\0', ' ']));
        }
        meta = after;
    }
    None
}
