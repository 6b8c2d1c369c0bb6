//! Where the towns of the made-up county lie, and their postcode areas: on a grid in the North Sea.

use crate::compose::{decimal, hl7_coded, list, object, one, resource, text};
use crate::place::{COUNTY, TOWNS, Town};
use crate::rng::Rng;
use fhir::identity;
use fhir::json::Value;

/// The code system of `Location.type` for places that people know by name.
const PLACES: &str = "https://bevan.example/fhir/CodeSystem/place-kind";
/// Districts of a town's postcode area.
const DISTRICTS: i32 = 19;
/// The county's middle, in degrees.
const MIDDLE: (f64, f64) = (54.9, 2.4);
/// A mile in degrees of latitude, and of longitude at this latitude.
const MILE: (f64, f64) = (0.014_49, 0.025_2);
/// Miles north and east of the middle at which the towns stand.
const GRID: &[(f64, f64)] = &[
    (0.0, 0.0),
    (6.5, 9.0),
    (-7.0, 4.0),
    (8.0, -5.5),
    (1.5, 14.0),
    (-4.5, -8.5),
    (-11.0, -2.0),
    (12.5, 2.5),
];

/// Towns, then the districts of their postcode areas.
pub(super) fn all() -> Vec<Value> {
    let towns = TOWNS.iter().enumerate().map(|(at, town)| {
        let middle = GRID.get(at).copied().unwrap_or_default();
        place("town", town.name, &[], middle)
    });
    let districts = TOWNS.iter().flat_map(|town| {
        (1..=DISTRICTS).map(|number| {
            let name = format!("{}{number}", town.area);
            place("outward-code", &name, &[town.name], district(*town, number))
        })
    });
    towns.chain(districts).collect()
}

/// A service's place as latitude and longitude: near the middle of its district, the same for the same key.
pub(super) fn point(postcode: &str, key: &str) -> (String, String) {
    let outward = postcode.split(' ').next().unwrap_or_default();
    let (area, number) = outward.split_at(outward.len().min(2));
    let town = TOWNS.iter().find(|town| town.area == area).copied().unwrap_or_default();
    let (north, east) = district(town, number.parse().unwrap_or(1));
    let mut rng = Rng::keyed(
        0,
        "directory-point",
        key.bytes().fold(7, |sum, byte| (sum * 31 + u64::from(byte)) & 0xFFFF_FFFF),
    );
    degrees((north + rng.unit() * 0.5 - 0.25, east + rng.unit() * 0.5 - 0.25))
}

/// The middle of a district in miles: on a spiral around its town, so that districts do not lie upon each other.
fn district(town: Town, number: i32) -> (f64, f64) {
    // Sixteen directions of the compass; no function of the platform's mathematics library is called.
    const COMPASS: [(f64, f64); 8] = [
        (1.0, 0.0),
        (0.7, 0.7),
        (0.0, 1.0),
        (-0.7, 0.7),
        (-1.0, 0.0),
        (-0.7, -0.7),
        (0.0, -1.0),
        (0.7, -0.7),
    ];
    let at = TOWNS.iter().position(|one| one.area == town.area).unwrap_or_default();
    let (north, east) = GRID.get(at).copied().unwrap_or_default();
    let far = 0.4 + 0.2 * f64::from(number);
    let (up, right) = COMPASS.get((number * 3).rem_euclid(8) as usize).copied().unwrap_or_default();
    (north + far * up, east + far * right)
}

fn degrees((north, east): (f64, f64)) -> (String, String) {
    (format!("{:.5}", MIDDLE.0 + north * MILE.0), format!("{:.5}", MIDDLE.1 + east * MILE.1))
}

fn place(kind: &str, name: &str, aliases: &[&str], miles: (f64, f64)) -> Value {
    let (latitude, longitude) = degrees(miles);
    let position = object([("longitude", Some(decimal(&longitude))), ("latitude", Some(decimal(&latitude)))]);
    let coding = Value::object([("system", Value::from(PLACES)), ("code", Value::from(kind))]);
    let aliases = (!aliases.is_empty()).then(|| list(aliases.iter().map(|alias| Value::from(*alias))));
    resource(
        "Location",
        &identity::resource_id("location", "place", &[kind, name]),
        [
            ("status", text("active")),
            ("name", text(name)),
            ("alias", aliases),
            ("description", text(COUNTY)),
            ("mode", text("instance")),
            ("type", one(Value::object([("coding", list([coding]))]))),
            ("physicalType", Some(hl7_coded("location-physical-type", "area", "Area"))),
            ("position", Some(position)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_district_has_a_place_of_its_own() {
        let all = all();
        assert_eq!(all.len(), 8 + 8 * 19);
        let mut points: Vec<String> =
            all.iter().map(|place| fhir::json::to_string(place.get("position").unwrap())).collect();
        points.sort();
        points.dedup();
        assert_eq!(points.len(), all.len());
    }

    #[test]
    fn a_service_lies_in_its_district() {
        let (latitude, longitude) = point("QB7 2AD", "a");
        assert_eq!((latitude.clone(), longitude.clone()), point("QB7 2AD", "a"));
        assert_ne!((latitude, longitude), point("QB7 2AD", "b"));
        assert_ne!(point("QB7 2AD", "a"), point("XF7 2AD", "a"));
    }
}
