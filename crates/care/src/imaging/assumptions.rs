//! What a simulation assumes: what its reader chose, else what the platform's own bookings tell, else a start that says so.

use super::history::History;
use super::minutes::accelerated;
use super::protocol::{PROTOCOLS, Protocol};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Working days looked back over.
const DAYS: u32 = 20;
/// Minutes of a booking in which nothing is measured: getting on and off the table, coils, planning, changeover.
const SETUP: u32 = 10;
/// Bookings begin on multiples of so many minutes.
const STEP: u32 = 5;
/// Where no booking tells: eight to six.
const HOURS: (u32, u32) = (8 * 60, 18 * 60);
/// Where no booking tells, the minutes of one.
const BOOKED: u32 = 30;

/// One assumption that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Working days looked back over.
    Days,
    /// Minutes that do not shrink.
    Setup,
    /// Minutes between possible beginnings.
    Step,
    /// Per cent who do not come.
    Missed,
    /// Minute of the day at which scanning begins.
    Opens,
    /// Minute of the day by which it ends.
    Closes,
    /// Per cent of the time in sequence that is left, of the protocol at that place in [`PROTOCOLS`].
    Share(usize),
}

impl Field {
    /// The values it may have.
    pub fn range(self) -> RangeInclusive<u32> {
        match self {
            Self::Days => 5..=60,
            Self::Setup => 0..=30,
            Self::Step => 1..=15,
            Self::Missed => 0..=50,
            Self::Opens => 0..=23 * 60,
            Self::Closes => 60..=24 * 60,
            Self::Share(_) => 20..=100,
        }
    }

    /// Every field.
    pub fn all() -> impl Iterator<Item = Self> {
        let fixed = [Self::Days, Self::Setup, Self::Step, Self::Missed, Self::Opens, Self::Closes];
        fixed.into_iter().chain((0..PROTOCOLS.len()).map(Self::Share))
    }
}

/// What a reader wishes to assume. A value out of range is not taken, nor hours that leave less than one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish(BTreeMap<Field, u32>);

impl Wish {
    /// Takes a wish; whether it fits.
    pub fn take(&mut self, field: Field, value: u32) -> bool {
        let fits = field.range().contains(&value);
        if fits {
            self.0.insert(field, value);
        }
        fits
    }

    /// What was wished for a field.
    pub fn of(&self, field: Field) -> Option<u32> {
        self.0.get(&field).copied()
    }

    /// The days to look back over.
    pub(super) fn days(&self) -> u32 {
        self.of(Field::Days).unwrap_or(DAYS)
    }
}

/// What is assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumptions {
    /// Working days looked back over.
    pub days: u32,
    /// Minutes of each booking that do not shrink.
    pub setup: u32,
    /// Bookings begin on multiples of so many minutes.
    pub step: u32,
    /// Per cent of those awaited who do not come.
    pub missed: u32,
    /// Minute of the day at which scanning begins.
    pub opens: u32,
    /// Minute of the day by which it ends.
    pub closes: u32,
    /// The protocols.
    pub protocols: Vec<ProtocolLine>,
}

/// What is assumed of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolLine {
    /// Which.
    pub protocol: Protocol,
    /// Per cent of its time in sequence that is left.
    pub share: u32,
    /// Minutes usually booked: the middle of the bookings looked at, or a start where there are none.
    pub full: u32,
    /// The same with acceleration.
    pub faster: u32,
    /// How many bookings were looked at.
    pub booked: usize,
}

impl Assumptions {
    /// The assumptions for a department.
    pub(super) fn of(wish: &Wish, history: &History) -> Self {
        let (first, last) = history.hours().unwrap_or(HOURS);
        let opens = wish.of(Field::Opens).unwrap_or(first);
        let closes = wish.of(Field::Closes).unwrap_or(last);
        // Hours that end before they begin are not taken; the page says so before it asks.
        let (opens, closes) = if opens + 60 <= closes { (opens, closes) } else { HOURS };
        let setup = wish.of(Field::Setup).unwrap_or(SETUP);
        let step = wish.of(Field::Step).unwrap_or(STEP);
        let lines = PROTOCOLS.iter().zip(history.usual()).enumerate();
        let protocols = lines.map(|(at, (protocol, (usual, booked)))| {
            let share = wish.of(Field::Share(at)).unwrap_or(protocol.share);
            let full = usual.unwrap_or(BOOKED).max(1);
            let faster = accelerated(full, setup, share, step);
            ProtocolLine { protocol: *protocol, share, full, faster, booked }
        });
        Self {
            days: wish.days(),
            setup,
            step,
            missed: wish.of(Field::Missed).or_else(|| history.missed()).unwrap_or_default().min(50),
            opens,
            closes,
            protocols: protocols.collect(),
        }
    }

    /// Minutes of a booking of that protocol with acceleration.
    pub(super) fn faster(&self, protocol: usize, full: u32) -> u32 {
        let share = self.protocols.get(protocol).map_or(100, |one| one.share);
        accelerated(full, self.setup, share, self.step)
    }

    /// Minutes that a scanner is open on a day.
    pub fn open(&self) -> u32 {
        self.closes.saturating_sub(self.opens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::history::{Became, Scan};
    use jiff::civil::date;

    #[test]
    fn a_wish_goes_before_what_bookings_tell_and_that_before_a_start() {
        let scan = |starts, minutes, became| Scan {
            day: date(2026, 11, 2),
            scanner: 0,
            starts,
            minutes,
            protocol: 0,
            became,
            ordered: None,
        };
        let scans = vec![scan(420, 40, Became::Scanned), scan(1_100, 40, Became::Missed)];
        let history = History { scans, ..History::default() };
        let own = Assumptions::of(&Wish::default(), &history);
        assert_eq!((own.opens, own.closes, own.missed, own.days), (420, 1_140, 50, 20));
        assert_eq!((own.protocols[0].full, own.protocols[0].faster), (40, 35)); // 10 + 21, in steps of 5
        assert_eq!((own.protocols[1].full, own.protocols[1].booked), (30, 0));
        let mut wish = Wish::default();
        for (field, value) in
            [(Field::Opens, 480), (Field::Missed, 3), (Field::Share(0), 50), (Field::Days, 10)]
        {
            assert!(wish.take(field, value));
        }
        for (field, value) in
            [(Field::Setup, 31), (Field::Share(0), 19), (Field::Share(0), 101), (Field::Step, 0)]
        {
            assert!(!wish.take(field, value), "{field:?} {value}");
        }
        let wished = Assumptions::of(&wish, &history);
        assert_eq!((wished.opens, wished.missed, wished.days, wished.setup), (480, 3, 10, 10));
        assert_eq!(wished.protocols[0].faster, 25);
        let none = Assumptions::of(&Wish::default(), &History::default());
        assert_eq!((none.opens, none.closes, none.missed), (480, 1_080, 0));
    }

    #[test]
    fn hours_that_end_before_they_begin_are_not_taken() {
        let mut wish = Wish::default();
        assert!(wish.take(Field::Opens, 1_000) && wish.take(Field::Closes, 1_030));
        let found = Assumptions::of(&wish, &History::default());
        assert_eq!((found.opens, found.closes, found.open()), (480, 1_080, 600));
    }
}
