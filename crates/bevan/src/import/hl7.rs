//! HL7 v2 files, cut into messages.

/// Segments around batches and files of messages (HL7 v2.8 §2.10.3).
const BATCH: [&[u8]; 4] = [b"FHS", b"BHS", b"BTS", b"FTS"];

/// The messages of a file: each begins at a line that starts with `MSH`. MLLP frame characters, a byte-order mark and the
/// lines around a batch are dropped. What stands before the first header is a message of its own, to be refused by name.
pub fn split(content: &[u8]) -> Vec<Vec<u8>> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let mut messages: Vec<Vec<u8>> = Vec::new();
    for line in content.split_inclusive(|byte| matches!(byte, b'\r' | b'\n')) {
        let line: Vec<u8> = line.iter().copied().filter(|byte| !matches!(byte, 0x0B | 0x1C)).collect();
        if BATCH.iter().any(|name| line.starts_with(name)) {
            continue;
        }
        let begins = messages.is_empty() && !line.trim_ascii().is_empty();
        if begins || line.starts_with(b"MSH") {
            messages.push(line);
        } else if let Some(message) = messages.last_mut() {
            message.extend(line);
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_several_messages_is_cut_at_each_header() {
        let file = b"\xEF\xBB\xBF\x0BMSH|^~\\&|A\nPID|1\n\x1C\rMSH|^~\\&|B\r\nPID|2\r\n";
        let messages = split(file);
        assert_eq!(messages.len(), 2);
        assert!(messages[0].starts_with(b"MSH|^~\\&|A\nPID|1\n"));
        assert!(messages[1].starts_with(b"MSH|^~\\&|B"));
    }

    #[test]
    fn a_batch_is_its_messages_and_headless_lines_are_not_lost() {
        let batch = b"FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A\rPID|1\rBTS|1\rFTS|1\r";
        assert_eq!(split(batch), [b"MSH|^~\\&|A\rPID|1\r".to_vec()]);
        assert_eq!(split(b"\r\nPID|1\rPV1|1\rMSH|^~\\&|A\r").len(), 2);
        assert!(split(b"\r\n\r\n").is_empty());
    }
}
