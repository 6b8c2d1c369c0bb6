//! Views with something in every part, and with nothing, for page tests and the gallery.

use super::assumptions::{Assumptions, Wish};
use super::history::{Became, History, Scan};
use super::pack::{Spread, gains};
use super::queue::{Supply, compare};
use super::view::{Gain, Outlook, Row, ScanList, ScannerGain, State, Told, Unbooked};
use crate::view::{SAMPLE_NOW, minutes_ago};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 20);

/// Ten working days of two scanners.
fn history() -> History {
    let days = [6, 9, 10, 11, 12, 13, 16, 17, 18, 19].map(|day| date(2026, 11, day));
    let mut scans = Vec::new();
    for (nth, day) in days.into_iter().enumerate() {
        for scanner in 0..2 {
            let mut starts = 480;
            for at in 0..16_usize {
                let protocol = (at * 3 + nth + scanner * 5) % 10;
                let minutes = [30, 30, 45, 30, 30, 35, 45, 40, 60, 30].get(protocol).copied().unwrap_or(30);
                let became = if at == 7 && nth % 3 == 0 { Became::Missed } else { Became::Scanned };
                if starts + minutes <= 1_080 {
                    let ordered = Some(date(2026, 10, 1));
                    scans.push(Scan { day, scanner, starts, minutes, protocol, became, ordered });
                    starts += minutes;
                }
            }
        }
    }
    let orders = days.iter().flat_map(|day| (0..34).map(|n| (*day, n % 10))).collect();
    let waiting = (0..400).map(|n| (date(2026, 10, 1 + (n / 14) as i8), n % 10)).collect();
    History { scanners: vec!["MR scanner 1".into(), "MR scanner <b>2</b>".into()], scans, orders, waiting }
}

impl ScanList {
    /// A day with a booking in each state, a hostile name, and two people whose records are closed to the reader.
    pub fn sample(wish: &Wish) -> Self {
        let assumed = Assumptions::of(wish, &history());
        let states = [
            State::Imaged { series: 3, reconstructed: true },
            State::Imaged { series: 1, reconstructed: false },
            State::Scanned,
            State::Missed,
            State::Booked,
        ];
        let row = |(n, state): (usize, State)| Row {
            starts: minutes_ago(240 - 60 * i64::try_from(n).unwrap_or_default()),
            scanner: "MR scanner 1".into(),
            protocol: "Head".into(),
            full: 30,
            faster: assumed.faster(0, 30),
            state,
            patient: format!("sample-patient-{n}"),
            name: if n == 1 { "<script>alert(1)</script>".into() } else { format!("EXAMPLE, Person {n}") },
            accession: (n < 3).then(|| format!("ZZ1-MR-{n}")),
        };
        let unbooked = Unbooked {
            ordered: date(2026, 10, 2),
            protocol: "Lumbar spine".into(),
            full: 30,
            faster: assumed.faster(1, 30),
            patient: "sample-patient-9".into(),
            name: "EXAMPLE, Nine".into(),
        };
        Self {
            organisation: "Example Hospital Trust".into(),
            read_at: SAMPLE_NOW,
            today: TODAY,
            date: TODAY,
            scanners: 2,
            rows: states.into_iter().enumerate().map(row).collect(),
            booked: 7,
            full: 210,
            faster: 175,
            unbooked: vec![unbooked],
            unbooked_in_all: 41,
            assumed,
        }
    }

    /// An organisation without a scanner.
    pub fn sample_empty() -> Self {
        Self {
            scanners: 0,
            rows: Vec::new(),
            booked: 0,
            full: 0,
            faster: 0,
            unbooked: Vec::new(),
            unbooked_in_all: 0,
            ..Self::sample(&Wish::default())
        }
    }
}

impl Gain {
    /// Ten days of two scanners.
    pub fn sample(wish: &Wish) -> Self {
        let history = history();
        let assumed = Assumptions::of(wish, &history);
        let each: Vec<_> = (0..2).map(|at| gains(&history, at, &assumed)).collect();
        let won = |days: &[super::DayGain]| days.iter().map(super::DayGain::gain).collect::<Vec<_>>();
        let all: Vec<u32> = each.iter().flat_map(|days| won(days)).collect();
        let days = history.days().into_iter().map(|day| {
            let of = |value: fn(&super::DayGain) -> u32| {
                each.iter().flatten().filter(|one| one.date == day).map(value).sum()
            };
            super::DayGain {
                date: day,
                booked: of(|one| one.booked),
                full: of(|one| one.full),
                faster: of(|one| one.faster),
            }
        });
        let days = days.collect();
        let named = history.scanners.iter().zip(&each);
        let scanners = named.map(|(name, days)| ScannerGain {
            name: name.clone(),
            days: days.clone(),
            spread: Spread::of(won(days)),
        });
        Self {
            organisation: "Example Hospital Trust".into(),
            told: Told { days: 10, bookings: history.scans.len(), orders: 340 },
            assumed,
            scanners: scanners.collect(),
            days,
            spread: Spread::of(all),
        }
    }

    /// A department that nothing is known of.
    pub fn sample_empty() -> Self {
        Self {
            told: Told::default(),
            scanners: Vec::new(),
            days: Vec::new(),
            spread: None,
            ..Self::sample(&Wish::default())
        }
    }
}

impl Outlook {
    /// A list that grows, and one that does not.
    pub fn sample(wish: &Wish) -> Self {
        let history = history();
        let assumed = Assumptions::of(wish, &history);
        let supply = Supply {
            waiting: (0..400).map(|n| (28 - n / 15, n as usize % 10)).collect(),
            arrivals: history.arrivals(),
            scanners: 2,
            open: assumed.open(),
            missed: assumed.missed,
        };
        let full: Vec<u32> = assumed.protocols.iter().map(|one| one.full).collect();
        let faster: Vec<u32> = assumed.protocols.iter().map(|one| one.faster).collect();
        let (full, faster, shorter) = compare(&supply, &full, &faster);
        Self {
            organisation: "Example Hospital Trust".into(),
            told: Told { days: 10, bookings: history.scans.len(), orders: 340 },
            assumed,
            scanners: 2,
            waiting: 400,
            waited: Some((36, 44)),
            full,
            faster,
            shorter,
            orders_tenths: 1_700,
        }
    }

    /// A department that nothing is known of.
    pub fn sample_empty() -> Self {
        Self {
            told: Told::default(),
            scanners: 0,
            waiting: 0,
            waited: None,
            ..Self::sample(&Wish::default())
        }
    }
}
