//! Data elements and their bytes: explicit value representations, little endian, sequences of defined length.

use std::collections::BTreeMap;

/// A tag: group and element.
pub type Tag = (u16, u16);

/// Elements in the order of their tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dataset(BTreeMap<Tag, (&'static str, Vec<u8>)>);

impl Dataset {
    /// Text of one value, cut to what its representation holds; characters that would end the value become spaces.
    pub fn text(&mut self, tag: Tag, vr: &'static str, value: &str) -> &mut Self {
        let plain = value.chars().map(|c| if c == '\\' || c.is_control() { ' ' } else { c });
        let value: String = plain.take(longest(vr)).collect();
        self.put(tag, vr, value.trim().as_bytes().to_vec())
    }

    /// [`Dataset::text`] where there is one.
    pub fn optional(&mut self, tag: Tag, vr: &'static str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(tag, vr, value),
            None => self,
        }
    }

    /// Coded values, as they are.
    pub fn codes(&mut self, tag: Tag, values: &[&str]) -> &mut Self {
        self.put(tag, "CS", values.join("\\").into_bytes())
    }

    /// An identifier; callers check it with [`is_uid`].
    pub fn uid(&mut self, tag: Tag, value: &str) -> &mut Self {
        self.put(tag, "UI", value.as_bytes().to_vec())
    }

    /// Decimal numbers as text.
    pub fn decimals(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        let words: Vec<String> = values.iter().map(|value| decimal(*value)).collect();
        self.put(tag, "DS", words.join("\\").into_bytes())
    }

    /// A whole number as text.
    pub fn whole(&mut self, tag: Tag, value: u32) -> &mut Self {
        self.put(tag, "IS", value.to_string().into_bytes())
    }

    /// Binary numbers of 16 bits.
    pub fn shorts(&mut self, tag: Tag, values: &[u16]) -> &mut Self {
        self.put(tag, "US", values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Binary numbers of 64 bits.
    pub fn doubles(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        self.put(tag, "FD", values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Words of 16 bits.
    pub fn words(&mut self, tag: Tag, values: &[u16]) -> &mut Self {
        self.put(tag, "OW", values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Binary numbers of 32 bits.
    pub fn longs(&mut self, tag: Tag, values: &[u32]) -> &mut Self {
        self.put(tag, "UL", values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// The name of another element.
    pub fn pointer(&mut self, tag: Tag, (group, element): Tag) -> &mut Self {
        self.put(tag, "AT", [group.to_le_bytes(), element.to_le_bytes()].concat())
    }

    /// A sequence of one item.
    pub fn item(&mut self, tag: Tag, item: &Self) -> &mut Self {
        self.items(tag, std::slice::from_ref(item))
    }

    /// A sequence.
    pub fn items(&mut self, tag: Tag, items: &[Self]) -> &mut Self {
        let mut bytes = Vec::new();
        for item in items {
            let body = item.bytes();
            bytes.extend([0xfe, 0xff, 0x00, 0xe0]);
            bytes.extend(length(body.len()).to_le_bytes());
            bytes.extend(body);
        }
        self.put(tag, "SQ", bytes)
    }

    /// A sequence of one coded concept.
    pub fn concept(&mut self, tag: Tag, [code, scheme, meaning]: [&str; 3]) -> &mut Self {
        let mut item = Self::default();
        item.text((0x0008, 0x0100), "SH", code);
        item.text((0x0008, 0x0102), "SH", scheme);
        item.text((0x0008, 0x0104), "LO", meaning);
        self.item(tag, &item)
    }

    fn put(&mut self, tag: Tag, vr: &'static str, mut bytes: Vec<u8>) -> &mut Self {
        if !bytes.len().is_multiple_of(2) {
            bytes.push(if matches!(vr, "UI" | "OB") { 0 } else { b' ' });
        }
        self.0.insert(tag, (vr, bytes));
        self
    }

    /// All elements.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for ((group, element), (vr, value)) in &self.0 {
            out.extend(group.to_le_bytes());
            out.extend(element.to_le_bytes());
            out.extend(vr.as_bytes());
            if matches!(*vr, "OB" | "OW" | "SQ" | "UT") {
                out.extend([0, 0]);
                out.extend(length(value.len()).to_le_bytes());
            } else {
                out.extend((value.len().min(0xfffe) as u16).to_le_bytes());
            }
            out.extend(value);
        }
        out
    }
}

/// Nothing here reaches 4 GiB: a picture has at most 65,535 × 65,535 pixels and is refused before.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Characters that a value may have. PS3.5 table 6.2-1.
fn longest(vr: &str) -> usize {
    match vr {
        "SH" | "CS" | "DS" | "AE" | "TM" => 16,
        "IS" => 12,
        "DA" => 8,
        "ST" => 1024,
        "LT" => 10240,
        _ => 64,
    }
}

/// At most 16 characters, as exact as they allow.
fn decimal(value: f64) -> String {
    let shortest = format!("{value}");
    if shortest.len() <= 16 {
        return shortest;
    }
    let tries = (0..=14).rev().map(|digits| format!("{value:.digits$e}"));
    let plain = (0..=14).rev().map(|digits| format!("{value:.digits$}"));
    let small = value.abs() < 1e-4 || value.abs() >= 1e14;
    let mut candidates: Box<dyn Iterator<Item = String>> =
        if small { Box::new(tries) } else { Box::new(plain) };
    candidates.find(|text| text.len() <= 16).unwrap_or_else(|| "0".into())
}

/// Whether a text is an identifier: digits and dots, no leading zeros, at most 64 characters.
pub fn is_uid(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    text.len() <= 64 && text.contains('.') && text.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_fit_and_stay_exact_enough() {
        for value in
            [0.0, 1.5, -1.0 / 3.0, 1e-9 / 3.0, -123_456.789_012_345, 0.000_123_456_789_012, -1e300 / 3.0]
        {
            let text = decimal(value);
            assert!(text.len() <= 16, "{text}");
            let back: f64 = text.parse().unwrap();
            assert!((back - value).abs() <= 1e-7 * value.abs(), "{value} {text}");
        }
    }

    #[test]
    fn identifiers_are_checked() {
        assert!(is_uid("2.25.123") && is_uid("1.0.2"));
        for text in ["", "1", "1..2", "1.02", "a.b", "1.2 ", &"1.".repeat(40)] {
            assert!(!is_uid(text), "{text}");
        }
    }

    #[test]
    fn elements_are_sorted_even_and_cannot_be_split_by_their_text() {
        let mut data = Dataset::default();
        data.text((0x0010, 0x0010), "PN", "A\\B\nC").codes((0x0008, 0x0008), &["X", "Y"]);
        assert_eq!(data.bytes(), b"\x08\x00\x08\x00CS\x04\x00X\\Y \x10\x00\x10\x00PN\x06\x00A B C ");
    }
}
