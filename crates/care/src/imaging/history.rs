//! What the platform knows of a department's last weeks: scans, orders, who waits. No patient in it. Pure.

use super::protocol::PROTOCOLS;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What became of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    /// Scanned.
    Scanned,
    /// Nobody came.
    Missed,
    /// Not told, or still to come.
    Open,
}

/// One booking at a scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// The day in London.
    pub day: Date,
    /// Which scanner.
    pub scanner: usize,
    /// Minutes of the day at which it begins.
    pub starts: u32,
    /// How long it is booked for.
    pub minutes: u32,
    /// Where its protocol stands in [`PROTOCOLS`].
    pub protocol: usize,
    /// What became of it.
    pub became: Became,
    /// When it was ordered.
    pub ordered: Option<Date>,
}

/// An order: its day and where its protocol stands.
pub(super) type Ordered = (Date, usize);

/// A department's last weeks.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// The scanners' names.
    pub scanners: Vec<String>,
    /// Bookings of the last days before today, by day, scanner and time.
    pub scans: Vec<Scan>,
    /// Orders that came in the same time.
    pub orders: Vec<Ordered>,
    /// Orders that nobody was scanned for yet, oldest first.
    pub waiting: Vec<Ordered>,
}

impl History {
    /// Keeps the last so many days on which anything was booked, in order.
    pub fn keep_last(&mut self, days: u32) {
        let all: BTreeSet<Date> = self.scans.iter().map(|one| one.day).collect();
        let left_out = all.len().saturating_sub(usize::try_from(days).unwrap_or(usize::MAX));
        let first = all.iter().nth(left_out).copied();
        if let Some(first) = first {
            self.scans.retain(|one| one.day >= first);
            self.orders.retain(|(day, _)| *day >= first);
        }
        self.scans.sort_by_key(|one| (one.day, one.scanner, one.starts));
        self.waiting.sort_unstable();
    }

    /// The days on which anything was booked.
    pub fn days(&self) -> Vec<Date> {
        let all: BTreeSet<Date> = self.scans.iter().map(|one| one.day).collect();
        all.into_iter().collect()
    }

    /// The protocols that were ordered, by working day: what came on a day without scans counts on the next with some.
    pub fn arrivals(&self) -> Vec<Vec<usize>> {
        let days = self.days();
        let mut by_day = vec![Vec::new(); days.len()];
        for (day, protocol) in &self.orders {
            let at = days.partition_point(|one| one < day);
            if let Some(arrived) = by_day.get_mut(at) {
                arrived.push(*protocol);
            }
        }
        by_day
    }

    /// The earliest beginning and the latest end of any booking, in minutes of the day.
    pub fn hours(&self) -> Option<(u32, u32)> {
        let opens = self.scans.iter().map(|one| one.starts).min()?;
        let closes = self.scans.iter().map(|one| one.starts.saturating_add(one.minutes)).max()?;
        Some((opens, closes))
    }

    /// Per cent of those awaited who did not come, to the nearest.
    pub fn missed(&self) -> Option<u32> {
        let count = |became: Became| self.scans.iter().filter(|one| one.became == became).count();
        let (came, missed) = (count(Became::Scanned), count(Became::Missed));
        let all = came + missed;
        u32::try_from((missed * 200 + all).checked_div(2 * all)?).ok()
    }

    /// For each protocol the middle of the minutes that were booked for it, and how often it was booked.
    pub fn usual(&self) -> Vec<(Option<u32>, usize)> {
        let of = |protocol: usize| {
            let mut all: Vec<u32> =
                self.scans.iter().filter(|one| one.protocol == protocol).map(|one| one.minutes).collect();
            all.sort_unstable();
            (all.get(all.len() / 2).copied(), all.len())
        };
        (0..PROTOCOLS.len()).map(of).collect()
    }

    /// Days that those scanned had waited, shortest first.
    pub fn waited(&self) -> Vec<u32> {
        let scanned = self.scans.iter().filter(|one| one.became == Became::Scanned);
        let days = |one: &Scan| u32::try_from(one.ordered?.until(one.day).ok()?.get_days()).ok();
        let mut all: Vec<u32> = scanned.filter_map(days).collect();
        all.sort_unstable();
        all
    }
}

/// The value at a rank: the least that so many per cent do not exceed (nearest rank). The values stand in order.
pub(super) fn rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let at = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(at.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn scan(day: i8, starts: u32, minutes: u32, became: Became) -> Scan {
        let ordered = Some(date(2026, 10, 1));
        Scan { day: date(2026, 11, day), scanner: 0, starts, minutes, protocol: 0, became, ordered }
    }

    #[test]
    fn the_last_days_are_kept_and_orders_of_a_weekend_count_on_monday() {
        let scans = vec![
            scan(13, 500, 30, Became::Scanned),
            scan(6, 480, 30, Became::Scanned),
            scan(16, 480, 45, Became::Missed),
        ];
        let orders = [6, 13, 14, 15, 16, 17].map(|day| (date(2026, 11, day), 0)).to_vec();
        let mut history = History { scans, orders, ..History::default() };
        history.keep_last(2);
        assert_eq!(history.days(), [date(2026, 11, 13), date(2026, 11, 16)]);
        // Saturday and Sunday count on Monday; what came after the last day on none.
        assert_eq!(history.arrivals(), [vec![0], vec![0, 0, 0]]);
        assert_eq!(history.hours(), Some((480, 530)));
        assert_eq!(history.missed(), Some(50));
        assert_eq!(history.usual()[0], (Some(45), 2));
        assert_eq!(history.usual()[1], (None, 0));
        assert_eq!(history.waited(), [43]);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        let history = History::default();
        assert_eq!((history.hours(), history.missed()), (None, None));
        assert!(history.arrivals().is_empty() && history.waited().is_empty());
        assert_eq!(rank::<u32>(&[], 50), None);
        assert_eq!(
            (rank(&[1, 2, 3, 4], 50), rank(&[1, 2, 3, 4], 80), rank(&[1], 1)),
            (Some(2), Some(4), Some(1))
        );
    }
}
