//! NDJSON cut into units of whole lines.

use super::cut::{Content, Unit};
use anyhow::Result;
use std::io::BufRead;

/// Lines of one commit: enough to share an fsync, few enough to be done again after a stop.
const LINES: usize = 1_000;
/// Bytes of one commit, about.
const BYTES: usize = 4 << 20;

/// The units of an NDJSON stream.
pub struct Lines<R> {
    reader: R,
    next: u64,
    /// Bytes on disk for each byte read.
    ratio: f64,
}

impl<R: BufRead> Lines<R> {
    /// Cuts a stream.
    pub fn new(reader: R, ratio: f64) -> Self {
        Self { reader, next: 1, ratio }
    }

    fn unit(&mut self) -> Result<Option<Unit>> {
        let (first, mut lines, mut bytes) = (self.next, Vec::new(), 0);
        while lines.len() < LINES && bytes < BYTES {
            let Some(line) = line(&mut self.reader)? else { break };
            self.next += 1;
            bytes += line.len() + 1;
            lines.push(line);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a progress bar may be off by a byte"
        )]
        let bytes_read = (bytes as f64 * self.ratio) as u64;
        Ok(Some(Unit { key: format!("line-{first}"), first, content: Content::Lines(lines), bytes_read }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Unit>;

    fn next(&mut self) -> Option<Self::Item> {
        self.unit().transpose()
    }
}

/// Reads one line without its end; `None` at the end of the file.
fn line(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_same_on_every_run() {
        let text = "{\"a\":1}\r\n".repeat(2_400);
        let keys = |text: &str| {
            let units = Lines::new(text.as_bytes(), 1.0).map(Result::unwrap);
            units.map(|unit| (unit.key.clone(), unit.items())).collect::<Vec<_>>()
        };
        assert_eq!(
            keys(&text),
            [("line-1".into(), 1000), ("line-1001".into(), 1000), ("line-2001".into(), 400)]
        );
        assert_eq!(keys(&text), keys(&text));
    }
}
