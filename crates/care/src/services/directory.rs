//! Every service and place that is known, in memory: the answer to "what is near me?".

use super::kind::Kind;
use super::place::{Near, Point, Settlement, folded, miles};
use super::view::{Centre, Service};
use jiff::Timestamp;

/// Every service and place that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    /// The services.
    pub services: Vec<Service>,
    /// The places.
    pub settlements: Vec<Settlement>,
    /// When it was read.
    pub read_at: Timestamp,
}

/// A service and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The service.
    pub service: &'a Service,
    /// How far, in miles in a straight line; `None` where the service does not say where it is.
    pub miles: Option<f64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// Services, nearest first, from the middle of the place.
    Near(&'a Settlement, Vec<Hit<'a>>),
    /// Several places have such a name.
    Several(Vec<&'a Settlement>),
    /// No place is known by that name.
    Nowhere,
}

/// More places of one name are not offered.
const PLACES_MAX: usize = 10;

impl Directory {
    /// The services of a kind near a place; `None` is every kind.
    #[must_use]
    pub fn find(&self, near: &Near, kind: Option<Kind>) -> Found<'_> {
        let place = match near {
            Near::Outward(code) => self.outward(code),
            Near::Name(name) => {
                let named = self.named(name);
                match named.as_slice() {
                    [one] => Some(*one),
                    [] => None,
                    several => return Found::Several(several.iter().take(PLACES_MAX).copied().collect()),
                }
            }
        };
        match place {
            Some(place) => Found::Near(place, self.around(place.point, kind)),
            None => Found::Nowhere,
        }
    }

    fn around(&self, point: Point, kind: Option<Kind>) -> Vec<Hit<'_>> {
        let of_kind = self.services.iter().filter(|one| kind.is_none_or(|kind| one.kind == kind));
        let mut hits: Vec<Hit<'_>> =
            of_kind.map(|service| Hit { service, miles: service.point.map(|to| miles(point, to)) }).collect();
        hits.sort_by(|a, b| {
            let far = |hit: &Hit<'_>| hit.miles.unwrap_or(f64::INFINITY);
            far(a).total_cmp(&far(b)).then_with(|| a.service.name.cmp(&b.service.name))
        });
        hits
    }

    /// The area of an outward code; where the very code is not known, the nearest of the same letters by number.
    fn outward(&self, code: &str) -> Option<&Settlement> {
        let areas = || self.settlements.iter().filter(|place| place.is_outward);
        areas().find(|place| place.name == code).or_else(|| {
            let (letters, number) = halves(code);
            areas()
                .filter(|place| halves(&place.name).0 == letters)
                .min_by_key(|place| halves(&place.name).1.abs_diff(number))
        })
    }

    /// Places of that name; otherwise those with a word in the name that begins so.
    fn named(&self, name: &str) -> Vec<&Settlement> {
        let towns = || self.settlements.iter().filter(|place| !place.is_outward);
        let is = |place: &&Settlement| {
            folded(&place.name) == name || place.aliases.iter().any(|alias| folded(alias) == name)
        };
        let whole: Vec<&Settlement> = towns().filter(is).collect();
        if !whole.is_empty() {
            return whole;
        }
        let begins = |place: &&Settlement| {
            let known = format!(" {}", folded(&place.name));
            name.chars().count() >= 3 && known.contains(&format!(" {name}"))
        };
        towns().filter(begins).collect()
    }

    /// A service.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// A neighbourhood health centre with its services.
    #[must_use]
    pub fn centre(&self, id: &str) -> Option<Centre> {
        let here = || self.services.iter().filter(|one| one.location.as_deref() == Some(id));
        let reception = here().find(|one| one.kind == Kind::NeighbourhoodHealthCentre)?;
        let mut services: Vec<Service> = here().filter(|one| one.id != reception.id).cloned().collect();
        services.sort_by(|a, b| a.name.cmp(&b.name));
        Some(Centre {
            id: id.to_owned(),
            name: reception.name.clone(),
            reception: reception.clone(),
            services,
        })
    }

    /// The neighbourhood health centre whose roof a service is under.
    #[must_use]
    pub fn centre_of(&self, service: &Service) -> Option<&Service> {
        let location = service.location.as_deref()?;
        self.services.iter().find(|one| {
            one.kind == Kind::NeighbourhoodHealthCentre
                && one.id != service.id
                && one.location.as_deref() == Some(location)
        })
    }
}

/// The letters and the number of an outward code.
fn halves(code: &str) -> (&str, u32) {
    let at = code.find(|c: char| c.is_ascii_digit()).unwrap_or(code.len());
    let (letters, rest) = code.split_at(at);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (letters, digits.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &Found<'_>) -> Vec<String> {
        match found {
            Found::Near(place, hits) => std::iter::once(&place.name)
                .chain(hits.iter().map(|hit| &hit.service.name))
                .cloned()
                .collect(),
            Found::Several(places) => places.iter().map(|place| format!("? {}", place.name)).collect(),
            Found::Nowhere => Vec::new(),
        }
    }

    #[test]
    fn the_nearest_come_first() {
        let directory = Directory::sample();
        let near = Near::parse("QB7 2AD").unwrap();
        let Found::Near(place, hits) = directory.find(&near, None) else { panic!() };
        assert_eq!(place.name, "QB7");
        let far: Vec<f64> = hits.iter().filter_map(|hit| hit.miles).collect();
        assert!(far.is_sorted() && !far.is_empty(), "{far:?}");
        assert!(hits.last().unwrap().miles.is_none(), "what does not say where it is comes last");
        let pharmacies = directory.find(&near, Some(Kind::Pharmacy));
        assert_eq!(names(&pharmacies), ["QB7", "Sample Pharmacy", "<b>Night</b> & Day Chemist"]);
    }

    #[test]
    fn places_are_found_by_code_and_by_name() {
        let directory = Directory::sample();
        let find = |text: &str| names(&directory.find(&Near::parse(text).unwrap(), Some(Kind::Optician)));
        assert_eq!(find("qb8"), ["QB7"], "the nearest number of the same letters");
        assert_eq!(find("zz1"), Vec::<String>::new());
        assert_eq!(find("sampleton"), ["Sampleton"]);
        assert_eq!(find("samp"), ["? Sampleton", "? Sample Green"]);
        assert_eq!(find("green"), ["Sample Green"]);
        assert_eq!(find("nowhere"), Vec::<String>::new());
    }

    #[test]
    fn a_centre_has_its_services() {
        let directory = Directory::sample();
        let centre = directory.centre("sample-1").unwrap();
        assert_eq!(centre.services.len(), 2);
        assert!(centre.services.iter().all(|one| one.kind != Kind::NeighbourhoodHealthCentre));
        assert_eq!(directory.centre_of(&centre.services[0]).unwrap().name, centre.name);
        assert!(directory.centre("nowhere").is_none());
    }
}
