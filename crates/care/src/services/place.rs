//! Where somebody is, as they say it: a postcode or the name of a place. No location of a device is ever asked for.
//!
//! A postcode is used by its first half only (the outward code, BS 7666), and nothing of it is kept.

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

/// A place that people know by name: a town, or the area of an outward code.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// Its name, `Pellinford` or `QB7`.
    pub name: String,
    /// Other names, such as the outward codes of a town.
    pub aliases: Vec<String>,
    /// Whether the name is an outward code.
    pub is_outward: bool,
    /// Its middle.
    pub point: Point,
}

/// What somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Near {
    /// A postcode or its first half: the outward code in capitals.
    Outward(String),
    /// A name, in plain letters.
    Name(String),
}

/// Longer texts are no place.
const LIMIT_CHARS: usize = 80;

impl Near {
    /// Reads what somebody wrote; `None` when there is nothing to look for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LIMIT_CHARS {
            return None;
        }
        if let Some(outward) = outward(text) {
            return Some(Self::Outward(outward));
        }
        let name = folded(text);
        (!name.is_empty()).then_some(Self::Name(name))
    }
}

/// The outward code of a postcode, whole or by halves, with or without the space.
fn outward(text: &str) -> Option<String> {
    let letters: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if !letters.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let shape: String = letters.bytes().map(|b| if b.is_ascii_digit() { '9' } else { 'A' }).collect();
    const OUTWARD: [&str; 6] = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"];
    if OUTWARD.contains(&shape.as_str()) {
        return Some(letters);
    }
    let first = shape.strip_suffix("9AA")?;
    OUTWARD.contains(&first).then(|| letters.get(..first.len()).unwrap_or_default().to_owned())
}

/// Small letters and single blanks, so that names compare as people write them.
pub(super) fn folded(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    kept.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The distance in miles along the globe (haversine on a sphere of 3,958.8 miles; the error is below 0.6 %).
#[must_use]
pub fn miles(from: Point, to: Point) -> f64 {
    let (lat1, lat2) = (from.latitude.to_radians(), to.latitude.to_radians());
    let (dlat, dlon) = (lat2 - lat1, (to.longitude - from.longitude).to_radians());
    let a = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 3_958.8 * a.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_read_as_people_write_them() {
        let cases = [
            ("QB7 2AD", "QB7"),
            (" qb72ad ", "QB7"),
            ("xf14 9zz", "XF14"),
            ("Q1A 1AA", "Q1A"),
            ("vd2", "VD2"),
        ];
        for (text, code) in cases {
            assert_eq!(Near::parse(text), Some(Near::Outward(code.into())), "{text}");
        }
    }

    #[test]
    fn other_words_are_names() {
        assert_eq!(Near::parse("  Harrowmede  St. Ann "), Some(Near::Name("harrowmede st ann".into())));
        assert_eq!(Near::parse("QB7 2A"), Some(Near::Name("qb7 2a".into())));
        assert_eq!(Near::parse("  "), None);
        assert_eq!(Near::parse("!!"), None);
        assert_eq!(Near::parse(&"a".repeat(81)), None);
    }

    #[test]
    fn distances_are_right() {
        let (london, bristol) = (
            Point { latitude: 51.5074, longitude: -0.1278 },
            Point { latitude: 51.4545, longitude: -2.5879 },
        );
        assert!((miles(london, bristol) - 106.0).abs() < 1.0, "{}", miles(london, bristol));
        assert!(miles(london, london).abs() < 1e-9);
    }
}
