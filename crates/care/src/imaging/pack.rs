//! How many scans fit into a day: bookings one after the other, without gaps, from opening to closing. Pure.
//!
//! Symbols: a day's list of bookings m₁, m₂, … in minutes, `open` minutes. The count is the largest n with m₁ + … + mₙ ≤ open, and 1
//! when even the first does not fit. What is won is the count of the accelerated list less that of the same list as it is
//! booked now: gaps that a diary has already are no gain of acceleration. A list that is used up goes on with what was booked
//! next on the same scanner, from its first day again after the last.

use super::assumptions::Assumptions;
use super::history::{History, Scan, rank};
use jiff::civil::Date;

/// How many of these fit into a day.
pub(super) fn fit(list: impl IntoIterator<Item = u32>, open: u32) -> u32 {
    let mut left = open;
    let mut count = 0;
    for minutes in list {
        match left.checked_sub(minutes) {
            Some(rest) => left = rest,
            None if count == 0 => return 1,
            None => return count,
        }
        count += 1;
        if count >= open {
            return count;
        }
    }
    count
}

/// One scanner on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayGain {
    /// The day.
    pub date: Date,
    /// Scans that were booked.
    pub booked: u32,
    /// How many would fit at the minutes that are booked now.
    pub full: u32,
    /// How many would fit with acceleration.
    pub faster: u32,
}

impl DayGain {
    /// Scans won.
    pub fn gain(&self) -> u32 {
        self.faster.saturating_sub(self.full)
    }
}

/// What each day would have won on one scanner.
pub(super) fn gains(history: &History, scanner: usize, assumed: &Assumptions) -> Vec<DayGain> {
    let list: Vec<&Scan> = history.scans.iter().filter(|one| one.scanner == scanner).collect();
    let mut days: Vec<Date> = list.iter().map(|one| one.day).collect();
    days.dedup();
    let day = |date: Date| {
        let from = list.partition_point(|one| one.day < date);
        // Round once at most: a list shorter than a day is not scanned twice on it.
        let ahead = || list.iter().cycle().skip(from).take(list.len());
        DayGain {
            date,
            booked: u32::try_from(list.iter().filter(|one| one.day == date).count()).unwrap_or(u32::MAX),
            full: fit(ahead().map(|one| one.minutes.max(1)), assumed.open()),
            faster: fit(ahead().map(|one| assumed.faster(one.protocol, one.minutes)), assumed.open()),
        }
    };
    days.into_iter().map(day).collect()
}

/// How a number of scans a day is spread over days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Days.
    pub days: usize,
    /// The least.
    pub least: u32,
    /// One day in ten has no more.
    pub low: u32,
    /// Half of the days have no more.
    pub middle: u32,
    /// Nine days in ten have no more.
    pub high: u32,
    /// The most.
    pub most: u32,
    /// Ten times the mean, to the nearest.
    pub mean_tenths: u32,
}

impl Spread {
    /// The spread of these; `None` of nothing.
    pub(super) fn of(mut all: Vec<u32>) -> Option<Self> {
        all.sort_unstable();
        let days = u32::try_from(all.len()).ok()?;
        let sum: u32 = all.iter().sum();
        Some(Self {
            days: all.len(),
            least: *all.first()?,
            low: rank(&all, 10)?,
            middle: rank(&all, 50)?,
            high: rank(&all, 90)?,
            most: *all.last()?,
            mean_tenths: (sum * 20 + days).checked_div(2 * days)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::assumptions::Wish;
    use crate::imaging::dice::pick;
    use crate::imaging::history::Became;
    use jiff::civil::date;

    /// The same, minute by minute: the scanner is busy until a scan ends, then takes the next that ends by closing.
    fn by_the_minute(list: &[u32], open: u32) -> u32 {
        let (mut next, mut busy_until, mut done) = (0, 0, 0);
        for minute in 0..=open {
            if minute < busy_until {
                continue;
            }
            match list.get(next) {
                Some(minutes) if minute + minutes <= open || (done == 0 && minute == 0) => {
                    busy_until = minute + minutes;
                    next += 1;
                    done += 1;
                }
                _ => return done,
            }
        }
        done
    }

    #[test]
    fn counting_agrees_with_a_clock_that_ticks_every_minute() {
        for case in 0..2_000 {
            let draw = |n: u64, below: usize| pick([case, n, 0, 0], below);
            let list: Vec<u32> = (0..draw(0, 60)).map(|n| 1 + draw(n as u64 + 2, 70) as u32).collect();
            let open = draw(1, 800) as u32 + 60;
            assert_eq!(fit(list.iter().copied(), open), by_the_minute(&list, open), "{list:?} in {open}");
        }
        assert_eq!((fit([90], 60), fit([], 60), fit([30, 30], 60), fit([30, 31], 60)), (1, 0, 2, 1));
    }

    fn history(days: i8, minutes: u32, a_day: u32, protocol: usize) -> History {
        let scans = (1..=days).flat_map(|day| {
            (0..a_day).map(move |n| Scan {
                day: date(2026, 11, day),
                scanner: 0,
                starts: 480 + n * minutes,
                minutes,
                protocol,
                became: Became::Scanned,
                ordered: None,
            })
        });
        History { scans: scans.collect(), scanners: vec!["MR 1".into()], ..History::default() }
    }

    #[test]
    fn a_list_of_one_kind_is_a_division() {
        // Ten hours of 30 minutes are 20 scans; of 25 minutes 24.
        let history = history(5, 30, 20, 0);
        let assumed = Assumptions::of(&Wish::default(), &history);
        assert_eq!((assumed.open(), assumed.protocols[0].faster), (600, 25));
        let days = gains(&history, 0, &assumed);
        assert!(days.iter().all(|day| (day.booked, day.full, day.faster, day.gain()) == (20, 20, 24, 4)));
        let heart = gains(&self::history(5, 30, 20, 8), 0, &assumed);
        assert!(heart.iter().all(|day| day.gain() == 0), "what is not accelerated wins nothing");
    }

    #[test]
    fn gaps_are_no_gain() {
        // Five scans a day where twenty fit.
        let history = history(20, 30, 5, 8);
        let mut wish = Wish::default();
        wish.take(crate::imaging::Field::Opens, 480);
        wish.take(crate::imaging::Field::Closes, 1_080);
        let days = gains(&history, 0, &Assumptions::of(&wish, &history));
        assert!(days.iter().all(|day| (day.booked, day.full, day.gain()) == (5, 20, 0)));
        assert!(gains(&history, 1, &Assumptions::of(&wish, &history)).is_empty());
    }

    #[test]
    fn shorter_scans_never_lose() {
        for case in 0..300 {
            let draw = |n: u64, below: usize| pick([case, n, 9, 9], below);
            let scans = (0..200).map(|n: u64| Scan {
                day: date(2026, 11, 1 + (n / 20) as i8),
                scanner: 0,
                starts: 480,
                minutes: 5 + draw(n, 60) as u32,
                protocol: draw(n + 500, 11),
                became: Became::Scanned,
                ordered: None,
            });
            let history = History { scans: scans.collect(), ..History::default() };
            for day in gains(&history, 0, &Assumptions::of(&Wish::default(), &history)) {
                assert!(day.faster >= day.full, "{day:?}");
            }
        }
    }

    #[test]
    fn a_spread_names_the_bad_days_too() {
        let spread = Spread::of(vec![4, 0, 3, 3, 3, 3, 3, 3, 3, 9]).unwrap();
        assert_eq!((spread.least, spread.low, spread.middle, spread.high, spread.most), (0, 0, 3, 4, 9));
        assert_eq!((spread.mean_tenths, spread.days), (34, 10));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
