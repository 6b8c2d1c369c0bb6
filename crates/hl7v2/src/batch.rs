//! Files that hold several messages, with or without batch headers (`FHS`, `BHS`, `BTS`, `FTS`; HL7 v2.8 §2.10.3).
//! Cuts bytes into messages and parses nothing.

/// The messages of a file: each begins at a line that starts with `MSH`, and ends before the next one or before a batch
/// header or trailer. A byte-order mark and anything else before the first `MSH` are left out.
pub fn messages(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::iter::from_fn(move || {
        let start = line_starts(rest).find(|&at| is_header(rest, at))?;
        let from = rest.get(start..)?;
        let end = line_starts(from).skip(1).find(|&at| is_header(from, at) || is_envelope(from, at));
        let (message, after) = from.split_at(end.unwrap_or(from.len()));
        rest = after;
        Some(message)
    })
}

fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let after_breaks =
        bytes.iter().enumerate().filter(|(_, b)| matches!(b, b'\r' | b'\n')).map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_breaks)
}

fn is_header(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..), Some([b'M', b'S', b'H', separator, ..]) if separator.is_ascii_punctuation())
}

fn is_envelope(bytes: &[u8], at: usize) -> bool {
    let name = bytes.get(at..at + 3).unwrap_or_default();
    matches!(name, b"FHS" | b"BHS" | b"BTS" | b"FTS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_batch() {
        let file = b"\xef\xbb\xbfFHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A\rPID|1|MSH|\rMSH|^~\\&|B\nPV1|1\n\nBTS|2\rFTS|1\r";
        let cut: Vec<_> = messages(file).collect();
        assert_eq!(cut, [b"MSH|^~\\&|A\rPID|1|MSH|\r".as_slice(), b"MSH|^~\\&|B\nPV1|1\n\n"]);
        assert_eq!(messages(b"PID|1\r").count(), 0);
    }
}
