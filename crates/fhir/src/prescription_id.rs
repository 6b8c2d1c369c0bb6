//! Short-form prescription ids, `AAAAAA-BBBBBB-CCCCCD`, with the check character of ISO 7064 MOD 37-2
//! (`+` in place of `*`).
//!
//! Published examples hold ids that fail, so a bad id is a finding about one item: it must never refuse a whole file.

/// A prescription id whose form and check character are right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrescriptionId(String);

const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+";

impl PrescriptionId {
    /// Reads an id in its printed form; `None` when its form or check character is wrong.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::is_valid(id).then(|| Self(id.to_owned()))
    }

    /// Whether the text is an id in its printed form with the right check character.
    #[must_use]
    pub fn is_valid(id: &str) -> bool {
        let Some((body, check)) = id.split_at_checked(id.len().saturating_sub(1)) else { return false };
        is_body(body) && check.len() == 1 && check_character(body).is_some_and(|c| check.starts_with(c))
    }

    /// The id of its parts: six hexadecimal digits, an ODS code (padded with noughts on the left to six
    /// characters), five hexadecimal digits. `None` when a part does not have that form.
    #[must_use]
    pub fn of(first: &str, ods_code: &str, last: &str) -> Option<Self> {
        let body = format!("{first}-{ods_code:0>6}-{last}");
        let check = is_body(&body).then(|| check_character(&body))??;
        Some(Self(format!("{body}{check}")))
    }

    /// A new id for an organisation, made of entropy that the caller drew: 44 of its 48 bits are used.
    /// `None` when the ODS code does not fit into six characters.
    #[must_use]
    pub fn from_entropy(ods_code: &str, entropy: [u8; 6]) -> Option<Self> {
        let bits = entropy.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let (first, last) = (bits >> 24, bits & 0xF_FFFF);
        Self::of(&format!("{first:06X}"), ods_code, &format!("{last:05X}"))
    }

    /// The printed form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether this is `AAAAAA-BBBBBB-CCCCC`.
fn is_body(body: &str) -> bool {
    let hexadecimal = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
    };
    let mut parts = body.split('-');
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let code = b.len() == 6 && b.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    hexadecimal(a, 6) && code && hexadecimal(c, 5)
}

/// The character that makes the whole congruent to one modulo 37. Dashes do not count.
fn check_character(body: &str) -> Option<char> {
    let mut total = 0;
    for byte in body.bytes().filter(|b| *b != b'-') {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        total = (total + value) * 2 % 37;
    }
    ALPHABET.get((38 - total) % 37).map(|letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_published_ids() {
        for (id, valid) in [
            ("24F5DA-A83008-7EFE6Z", true),
            ("7E5416-A99968-42DBAE", true),
            ("62DB25-A83008-5CBA2Z", true),
            ("31AE14-A99968-48FB9Q", true),
            ("998244-A83008-238DCD", true),
            ("24F5DA-A83008-7EFE6Y", false),
            ("269CA9-A99968-4577BP", false),
            ("887228-510420-124913", false),
            ("561479-395879-521272", false),
            ("24F5DAA830087EFE6Z", false),
            ("24f5da-A83008-7EFE6Z", false),
            ("24F5DA-A83008-7EFE6", false),
            ("24F5DA-A83008-7EFEÉ", false),
            ("", false),
        ] {
            assert_eq!(PrescriptionId::is_valid(id), valid, "{id}");
        }
    }

    #[test]
    fn makes_ids() {
        let id = PrescriptionId::of("24F5DA", "A83008", "7EFE6").unwrap();
        assert_eq!(id.as_str(), "24F5DA-A83008-7EFE6Z");
        let padded = PrescriptionId::of("24F5DA", "R0A", "7EFE6").unwrap();
        assert!(
            padded.as_str().starts_with("24F5DA-000R0A-7EFE6") && PrescriptionId::is_valid(padded.as_str())
        );
        assert_eq!(PrescriptionId::of("24F5DG", "A83008", "7EFE6"), None);
    }

    #[test]
    fn entropy_makes_ids_of_every_shape() {
        for (entropy, expected) in [
            ([0; 6], "000000-A83008-00000"),
            ([0xFF; 6], "FFFFFF-A83008-FFFFF"),
            ([0x24, 0xF5, 0xDA, 0x07, 0xEF, 0xE6], "24F5DA-A83008-7EFE6"),
            ([0x24, 0xF5, 0xDA, 0xF7, 0xEF, 0xE6], "24F5DA-A83008-7EFE6"),
        ] {
            let id = PrescriptionId::from_entropy("A83008", entropy).unwrap();
            assert!(
                id.as_str().starts_with(expected) && PrescriptionId::is_valid(id.as_str()),
                "{}",
                id.as_str()
            );
        }
        assert_eq!(PrescriptionId::from_entropy("TOOLONG", [1; 6]), None);
        assert_eq!(PrescriptionId::from_entropy("a83008", [1; 6]), None);
    }

    #[test]
    fn one_changed_character_is_found() {
        let id = "24F5DA-A83008-7EFE6Z";
        for at in (0..id.len()).filter(|at| &id[*at..=*at] != "-") {
            for letter in ALPHABET {
                let mut changed = id.to_owned();
                changed.replace_range(at..=at, &char::from(*letter).to_string());
                assert_eq!(PrescriptionId::is_valid(&changed), changed == id, "{changed}");
            }
        }
    }
}
