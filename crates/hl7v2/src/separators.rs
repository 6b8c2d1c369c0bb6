//! The delimiters a message declares in MSH-1 and MSH-2 (HL7 v2.8 §2.5.4). Knows nothing of the segments after.

use crate::finding::{Finding, Oddity};

/// The delimiters of one message. A level that MSH-2 leaves out does not exist in that message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Between fields, MSH-1; `|` almost always.
    pub field: u8,
    /// Between components, first character of MSH-2; `^`.
    pub component: Option<u8>,
    /// Between repetitions, second character of MSH-2; `~`.
    pub repetition: Option<u8>,
    /// Around escape sequences, third character of MSH-2; `\`.
    pub escape: Option<u8>,
    /// Between subcomponents, fourth character of MSH-2; `&`.
    pub subcomponent: Option<u8>,
    /// Marks a truncated value, fifth character of MSH-2 since v2.7; `#`.
    pub truncation: Option<u8>,
}

impl Default for Separators {
    /// The recommended set `|^~\&`, without a truncation character.
    fn default() -> Self {
        Self {
            field: b'|',
            component: Some(b'^'),
            repetition: Some(b'~'),
            escape: Some(b'\\'),
            subcomponent: Some(b'&'),
            truncation: None,
        }
    }
}

impl Separators {
    /// Reads the separators from a header segment (`MSH`, `BHS` or `FHS` first) and returns them with the offset of the
    /// separator that ends the encoding characters (or the end of the header). `None` when this is no header.
    pub(crate) fn of_header(header: &[u8], findings: &mut Vec<Finding>) -> Option<(Self, usize)> {
        if !header.starts_with(b"MSH") {
            return None;
        }
        let field = *header.get(3)?;
        if !is_delimiter(field) {
            return None;
        }
        let declared = header.get(4..)?;
        let length =
            declared.iter().position(|&b| b == field || b == b'\r' || b == b'\n').unwrap_or(declared.len());
        let declared = declared.get(..length)?;
        let mut seen = vec![field];
        let mut level = |n: usize| {
            let byte = *declared.get(n)?;
            if !is_delimiter(byte) || seen.contains(&byte) {
                findings.push(Finding::new(Oddity::OddSeparator, 0, 4 + n));
                return None;
            }
            seen.push(byte);
            Some(byte)
        };
        let separators = Self {
            field,
            component: level(0),
            repetition: level(1),
            escape: level(2),
            subcomponent: level(3),
            truncation: level(4),
        };
        if length < 4 {
            findings.push(Finding::new(Oddity::FewSeparators, 0, 4));
        }
        Some((separators, 4 + length))
    }

    /// MSH-2 as it is written: the encoding characters in order, ending at the first one that is absent.
    #[must_use]
    pub fn encoding_characters(&self) -> Vec<u8> {
        [self.component, self.repetition, self.escape, self.subcomponent, self.truncation]
            .into_iter()
            .map_while(|byte| byte)
            .collect()
    }
}

/// Delimiters are printable ASCII and neither letters nor digits.
fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_unusual_separators() {
        let mut findings = Vec::new();
        let (separators, end) = Separators::of_header(b"MSH#*!?%:#A", &mut findings).unwrap();
        assert_eq!(separators.field, b'#');
        assert_eq!(separators.component, Some(b'*'));
        assert_eq!(separators.truncation, Some(b':'));
        assert_eq!((end, findings.len()), (9, 0));
    }

    #[test]
    fn a_level_left_out_does_not_exist() {
        let mut findings = Vec::new();
        let (separators, _) = Separators::of_header(b"MSH|^~|A", &mut findings).unwrap();
        assert_eq!(separators.subcomponent, None);
        assert_eq!(findings[0].oddity, Oddity::FewSeparators);
    }

    #[test]
    fn a_repeated_separator_is_a_finding() {
        let mut findings = Vec::new();
        let (separators, _) = Separators::of_header(b"MSH|^^\\&|A", &mut findings).unwrap();
        assert_eq!(separators.repetition, None);
        assert_eq!(findings[0].oddity, Oddity::OddSeparator);
    }
}
