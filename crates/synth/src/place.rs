//! Places that do not exist: towns, streets, postcodes and telephone numbers.
//!
//! Town names are made up. Postcodes use areas that begin with Q, V or X, letters that never begin a postcode area
//! in the United Kingdom (Royal Mail, PAF Programmers Guide); the rest follows the national pattern, the last two
//! letters avoid C I K M O V. Telephone numbers lie in the ranges that Ofcom keeps for drama: 01632 960000 to
//! 960999 and 07700 900000 to 900999. Mail goes to `example.org` (RFC 2606).

use crate::rng::Rng;

/// A town and the postcode area that it lies in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Town {
    /// Its name.
    pub name: &'static str,
    /// The two letters its postcodes begin with.
    pub area: &'static str,
}

/// The towns of the made-up county; the first has the largest hospital.
pub const TOWNS: &[Town] = &[
    Town { name: "Pellinford", area: "QB" },
    Town { name: "Ostrelhythe", area: "VD" },
    Town { name: "Marlingate", area: "XF" },
    Town { name: "Corvenholt", area: "QD" },
    Town { name: "Wyndlesea", area: "VH" },
    Town { name: "Tavenbeck", area: "QP" },
    Town { name: "Quillmarsh", area: "XL" },
    Town { name: "Harrowmede St Ann", area: "VS" },
];

/// The made-up county.
pub const COUNTY: &str = "Ostrelshire";

const STREET_NAMES: &[&str] = &[
    "Station",
    "Church",
    "Mill",
    "Orchard",
    "Victoria",
    "Meadow",
    "Park",
    "Albert",
    "Quarry",
    "Chapel",
    "Heron",
    "Cotton",
    "Larch",
    "Beech",
    "Juniper",
    "Windmill",
    "Bobbin",
    "Canal",
    "Foundry",
    "Lapwing",
    "Kestrel",
    "Tannery",
    "Primrose",
    "Sycamore",
    "Weavers",
    "Market",
    "Priory",
    "Bramble",
    "Observatory",
    "Lock Keeper's",
];
const STREET_KINDS: &[(&str, u32)] = &[
    ("Road", 30),
    ("Street", 24),
    ("Avenue", 12),
    ("Close", 12),
    ("Lane", 8),
    ("Drive", 6),
    ("Terrace", 4),
    ("Crescent", 4),
];

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// House and street.
    pub line: String,
    /// Town.
    pub town: &'static str,
    /// Postcode with its space.
    pub postcode: String,
}

/// A house in the town.
#[must_use]
pub fn address(town: Town, rng: &mut Rng) -> Address {
    let number = rng.skewed(1.0, 180.0, 2) as u32;
    let street = rng.pick(STREET_NAMES);
    let kind = rng.weighted(STREET_KINDS);
    Address { line: format!("{number} {street} {kind}"), town: town.name, postcode: postcode(town, rng) }
}

/// A postcode of the town.
#[must_use]
pub fn postcode(town: Town, rng: &mut Rng) -> String {
    const LAST: &[&str] =
        &["A", "B", "D", "E", "F", "G", "H", "J", "L", "N", "P", "Q", "R", "S", "T", "U", "W", "X", "Y", "Z"];
    let (district, sector) = (rng.between(1, 19), rng.between(1, 9));
    format!("{}{district} {sector}{}{}", town.area, rng.pick(LAST), rng.pick(LAST))
}

/// A landline number.
#[must_use]
pub fn landline(rng: &mut Rng) -> String {
    format!("01632 960{:03}", rng.below(1_000))
}

/// A mobile number.
#[must_use]
pub fn mobile(rng: &mut Rng) -> String {
    format!("07700 900{:03}", rng.below(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_lie_in_areas_nobody_has() {
        let mut rng = Rng::new(5);
        for town in TOWNS {
            assert!(matches!(town.area.as_bytes(), [b'Q' | b'V' | b'X', b'A'..=b'Z']), "{}", town.area);
            let code = postcode(*town, &mut rng);
            let (outward, inward) = code.split_once(' ').unwrap();
            assert!((3..=4).contains(&outward.len()) && inward.len() == 3, "{code}");
            assert!(!inward[1..].contains(['C', 'I', 'K', 'M', 'O', 'V']), "{code}");
        }
    }
}
