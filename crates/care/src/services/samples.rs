//! A made-up directory for tests and for looking at pages.

use super::directory::Directory;
use super::hours::{Closure, Holidays, Hours, Weekly};
use super::kind::Kind;
use super::place::{Point, Settlement};
use super::view::{Address, Service};
use crate::view::{SAMPLE_NOW, minutes_ago};
use jiff::civil::{Time, Weekday};

const WORKING: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

/// `hours` on working days.
fn working(from: i8, until: i8) -> Hours {
    let time = |hour| Time::new(hour, 0, 0, 0).unwrap_or_else(|_| Time::midnight());
    let weekly = WORKING.iter().map(|day| Weekly { day: *day, from: time(from), until: time(until) });
    Hours { weekly: weekly.collect(), holidays: Holidays::Closed, ..Hours::default() }
}

fn always() -> Hours {
    let every = WORKING.iter().chain(&[Weekday::Saturday, Weekday::Sunday]);
    let weekly = every.map(|day| Weekly { day: *day, from: Time::midnight(), until: Time::midnight() });
    Hours { weekly: weekly.collect(), holidays: Holidays::AsUsual, ..Hours::default() }
}

fn one(id: &str, kind: Kind, name: &str, north: f64, hours: Hours) -> Service {
    Service {
        id: id.into(),
        kind,
        called: None,
        name: name.into(),
        about: Some("What it offers stands here.".into()),
        phone: Some("01632 960001".into()),
        address: Some(Address {
            lines: vec!["1 Mill Road".into()],
            town: "Sampleton".into(),
            postcode: "QB7 2AD".into(),
        }),
        point: Some(Point { latitude: 54.9 + north, longitude: 2.4 }),
        hours,
        exceptions: None,
        appointment: Some(false),
        location: Some(format!("place-{id}")),
        changed_at: Some(minutes_ago(60 * 24 * 30)),
    }
}

impl Directory {
    /// Services of several kinds, one with a hostile name, one that says nothing about itself.
    pub fn sample() -> Self {
        let here = |service: Service| Service { location: Some("sample-1".into()), ..service };
        let mut training = working(8, 18);
        training.closed.push(Closure {
            from: SAMPLE_NOW,
            until: minutes_ago(-120),
            reason: String::from("Staff training"),
        });
        let mut silent = working(9, 17);
        silent.holidays = Holidays::Unknown;
        let services = vec![
            one("sample-1", Kind::Pharmacy, "Sample Pharmacy", 0.01, working(9, 18)),
            one("s2", Kind::Pharmacy, "<b>Night</b> & Day Chemist", 0.05, always()),
            one("s3", Kind::Gp, "Example Surgery", 0.02, training),
            one("s4", Kind::UrgentTreatmentCentre, "Example Urgent Treatment Centre", 0.03, always()),
            here(one(
                "s5",
                Kind::NeighbourhoodHealthCentre,
                "Sample Neighbourhood Health Centre",
                0.015,
                working(8, 20),
            )),
            here(one("s6", Kind::BloodTests, "Blood tests", 0.015, working(8, 12))),
            here(one("s7", Kind::Physiotherapy, "Physiotherapy", 0.015, silent)),
            Service {
                about: None,
                phone: None,
                address: None,
                point: None,
                hours: Hours::default(),
                appointment: None,
                location: None,
                changed_at: None,
                ..one("s8", Kind::Other, "A service that says little", 0.0, Hours::default())
            },
        ];
        let place = |name: &str, is_outward, north| Settlement {
            name: name.into(),
            aliases: Vec::new(),
            is_outward,
            point: Point { latitude: 54.9 + north, longitude: 2.4 },
        };
        let settlements =
            vec![place("QB7", true, 0.0), place("Sampleton", false, 0.0), place("Sample Green", false, 0.1)];
        Self { services, settlements, read_at: SAMPLE_NOW }
    }

    /// A service and a centre that say nothing but their names, and no place.
    pub fn sample_empty() -> Self {
        let bare = |id: &str, kind| Service {
            about: None,
            phone: None,
            address: None,
            point: None,
            appointment: None,
            location: None,
            changed_at: None,
            ..one(id, kind, "A service that says little", 0.0, Hours::default())
        };
        let centre = bare("s1", Kind::NeighbourhoodHealthCentre);
        let services =
            vec![bare("sample-1", Kind::Other), Service { location: Some("sample-1".into()), ..centre }];
        Self { services, settlements: Vec::new(), read_at: SAMPLE_NOW }
    }
}
