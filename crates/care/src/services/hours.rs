//! When a service is open: weekly hours on London's clock, bank holidays, closures and extra hours. Pure: the time is given.
//!
//! A time that the clocks skip in March is the moment after the gap; one that comes twice in October is the first of the
//! two, so that nobody is told "open" for an hour in which it may be closed. Where a service does not say what it does on
//! bank holidays, nothing is promised for such a day.

use super::bank_holidays::{BankHoliday, bank_holiday};
use fhir::time::default_zone;
use jiff::civil::{Date, Time, Weekday};
use jiff::{Timestamp, ToSpan};

/// Hours that come back each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekly {
    /// The day on which they begin.
    pub day: Weekday,
    /// When.
    pub from: Time,
    /// Until when; not after `from` means on the next day, so that midnight to midnight is the whole day.
    pub until: Time,
}

/// What a service does on bank holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Holidays {
    /// It does not say.
    #[default]
    Unknown,
    /// It is closed, also on a Christmas Day that is no bank holiday.
    Closed,
    /// It is open as on any other day.
    AsUsual,
    /// It is open as on a Sunday.
    AsSunday,
}

/// A time in which it is closed, whatever the week says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why, as the service says it.
    pub reason: String,
}

/// A time in which it is open in addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extra {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Everything that is known about when a service is open.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Hours {
    /// Each week.
    pub weekly: Vec<Weekly>,
    /// On bank holidays.
    pub holidays: Holidays,
    /// Closures.
    pub closed: Vec<Closure>,
    /// Extra hours.
    pub extra: Vec<Extra>,
}

/// Whether it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No hours are recorded.
    NotTold,
    /// Day and night, for as far ahead as is looked.
    Always,
    /// Now.
    Open {
        /// Until when.
        until: Timestamp,
    },
    /// Not now.
    Closed {
        /// When it opens next, where that is within two weeks.
        opens: Option<Timestamp>,
    },
    /// Today is a bank holiday, and it does not say whether it is open.
    Holiday(BankHoliday),
}

/// One day as a table shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// The bank holiday on it.
    pub holiday: Option<BankHoliday>,
    /// Whether nobody told what it does on that bank holiday.
    pub unknown: bool,
    /// From and until on London's clock, in order; hours that go on after midnight stand on the day on which they begin.
    pub open: Vec<(Timestamp, Timestamp)>,
}

/// How far ahead is looked, in days.
const AHEAD: i32 = 15;

type Span = (Timestamp, Timestamp);

impl Hours {
    /// Whether it is open at a moment.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> State {
        if self.weekly.is_empty() && self.extra.is_empty() {
            return State::NotTold;
        }
        let today = local(now);
        let spans = self.spans(today);
        if let Some((_, until)) = spans.iter().find(|(from, until)| *from <= now && now < *until) {
            let far = today.checked_add((AHEAD - 1).days()).ok().and_then(midnight);
            return if far.is_some_and(|far| *until >= far) {
                State::Always
            } else {
                State::Open { until: *until }
            };
        }
        if let (Holidays::Unknown, Some(holiday)) = (self.holidays, holiday(today)) {
            return State::Holiday(holiday);
        }
        State::Closed { opens: spans.iter().map(|(from, _)| *from).find(|from| *from > now) }
    }

    /// The seven days from a day on.
    #[must_use]
    pub fn week(&self, from: Date) -> Vec<Day> {
        let spans = |date: Date| {
            let mut all: Vec<Span> = self.on(date);
            let (start, end) = (midnight(date), date.tomorrow().ok().and_then(midnight));
            if let (Some(start), Some(end)) = (start, end) {
                all.extend(
                    self.extra
                        .iter()
                        .map(|one| (one.from, one.until))
                        .filter(|(from, _)| *from >= start && *from < end),
                );
            }
            without(merged(all), &self.closed)
        };
        from.series(1.day())
            .take(7)
            .map(|date| {
                let holiday = holiday(date);
                let unknown = holiday.is_some() && self.holidays == Holidays::Unknown;
                Day { date, holiday, unknown, open: spans(date) }
            })
            .collect()
    }

    /// Every open span from yesterday on, merged and in order.
    fn spans(&self, today: Date) -> Vec<Span> {
        let first = today.yesterday().unwrap_or(today);
        let mut all: Vec<Span> =
            first.series(1.day()).take(AHEAD as usize + 1).flat_map(|date| self.on(date)).collect();
        all.extend(self.extra.iter().map(|one| (one.from, one.until)));
        without(merged(all), &self.closed)
    }

    /// The weekly hours that begin on a day, as moments.
    fn on(&self, date: Date) -> Vec<Span> {
        let day = match (holiday(date).is_some(), self.holidays) {
            (true, Holidays::Closed | Holidays::Unknown) => return Vec::new(),
            (true, Holidays::AsSunday) => Weekday::Sunday,
            _ => date.weekday(),
        };
        let begins = self.weekly.iter().filter(|weekly| weekly.day == day);
        begins
            .filter_map(|weekly| {
                let last = if weekly.until > weekly.from { date } else { date.tomorrow().ok()? };
                Some((moment(date, weekly.from)?, moment(last, weekly.until)?))
            })
            .filter(|(from, until)| from < until)
            .collect()
    }
}

/// The holiday on a day: a bank holiday, or Christmas Day itself when another day stands in for it.
fn holiday(date: Date) -> Option<BankHoliday> {
    let christmas = (date.month(), date.day()) == (12, 25);
    bank_holiday(date)
        .or(christmas.then_some(BankHoliday { name: "services-holiday-christmas", substitute: false }))
}

/// The day in London.
fn local(at: Timestamp) -> Date {
    at.to_zoned(default_zone().clone()).date()
}

fn midnight(date: Date) -> Option<Timestamp> {
    moment(date, Time::midnight())
}

/// A time of a day in London: after a gap, and the first of two.
fn moment(date: Date, time: Time) -> Option<Timestamp> {
    date.to_datetime(time).to_zoned(default_zone().clone()).ok().map(|zoned| zoned.timestamp())
}

/// The same spans with those that touch or overlap made one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, until) in spans {
        match out.last_mut() {
            Some((_, last)) if from <= *last => *last = (*last).max(until),
            _ => out.push((from, until)),
        }
    }
    out
}

/// The spans less the closures.
fn without(mut spans: Vec<Span>, closures: &[Closure]) -> Vec<Span> {
    for closure in closures {
        spans = spans
            .into_iter()
            .flat_map(|(from, until)| [(from, until.min(closure.from)), (from.max(closure.until), until)])
            .filter(|(from, until)| from < until)
            .collect();
    }
    spans.sort_unstable();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    fn daily(days: &[Weekday], from: Time, until: Time) -> Hours {
        let weekly = days.iter().map(|day| Weekly { day: *day, from, until }).collect();
        Hours { weekly, holidays: Holidays::Closed, ..Hours::default() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn opens(text: &str) -> State {
        State::Closed { opens: Some(at(text)) }
    }

    fn until(text: &str) -> State {
        State::Open { until: at(text) }
    }

    #[test]
    fn a_shop_opens_and_closes_to_the_minute() {
        let hours = daily(&WEEK[..6], time(9, 0, 0, 0), time(17, 30, 0, 0));
        let cases = [
            ("2026-11-20T08:59:59Z", opens("2026-11-20T09:00:00Z")),
            ("2026-11-20T09:00:00Z", until("2026-11-20T17:30:00Z")),
            ("2026-11-20T17:29:59Z", until("2026-11-20T17:30:00Z")),
            ("2026-11-20T17:30:00Z", opens("2026-11-21T09:00:00Z")),
            ("2026-11-21T18:00:00Z", opens("2026-11-23T09:00:00Z")),
        ];
        for (now, expected) in cases {
            assert_eq!(hours.at(at(now)), expected, "{now}");
        }
    }

    #[test]
    fn the_wall_clock_counts_across_both_clock_changes() {
        let hours = daily(&WEEK, time(9, 0, 0, 0), time(17, 0, 0, 0));
        // Clocks go forward at 01:00 UTC on 29 March 2026: nine o'clock is then 08:00 UTC.
        assert_eq!(hours.at(at("2026-03-28T20:00:00Z")), opens("2026-03-29T08:00:00Z"));
        assert_eq!(hours.at(at("2026-03-29T08:00:00Z")), until("2026-03-29T16:00:00Z"));
        // And back at 01:00 UTC on 25 October 2026.
        assert_eq!(hours.at(at("2026-10-24T20:00:00Z")), opens("2026-10-25T09:00:00Z"));
        assert_eq!(hours.at(at("2026-10-25T08:30:00Z")), opens("2026-10-25T09:00:00Z"));
        // A night shift is an hour shorter in March and an hour longer in October.
        let night = daily(&WEEK, time(22, 0, 0, 0), time(6, 0, 0, 0));
        assert_eq!(night.at(at("2026-03-29T00:30:00Z")), until("2026-03-29T05:00:00Z"));
        assert_eq!(night.at(at("2026-10-25T00:30:00Z")), until("2026-10-25T06:00:00Z"));
        // 01:30 comes twice: it counts as closed from the first on.
        let late = daily(&WEEK, time(18, 0, 0, 0), time(1, 30, 0, 0));
        assert_eq!(late.at(at("2026-10-25T00:29:00Z")), until("2026-10-25T00:30:00Z"));
        assert_eq!(late.at(at("2026-10-25T00:45:00Z")), opens("2026-10-25T18:00:00Z"));
        // 01:30 does not come at all: the moment after the gap.
        let early = daily(&WEEK, time(1, 30, 0, 0), time(6, 0, 0, 0));
        assert_eq!(early.at(at("2026-03-29T00:30:00Z")), opens("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn day_and_night_has_no_end() {
        let hours = Hours { holidays: Holidays::AsUsual, ..daily(&WEEK, Time::midnight(), Time::midnight()) };
        for now in ["2026-03-29T00:59:00Z", "2026-10-25T00:30:00Z", "2026-12-25T12:00:00Z"] {
            assert_eq!(hours.at(at(now)), State::Always, "{now}");
        }
        let closed = Hours { holidays: Holidays::Closed, ..hours };
        assert_eq!(closed.at(at("2026-12-20T12:00:00Z")), until("2026-12-25T00:00:00Z"));
    }

    #[test]
    fn bank_holidays_are_as_the_service_says() {
        let week = daily(&WEEK, time(10, 0, 0, 0), time(16, 0, 0, 0));
        let monday = at("2026-08-31T10:00:00Z");
        assert_eq!(week.at(monday), opens("2026-09-01T09:00:00Z"));
        let usual = Hours { holidays: Holidays::AsUsual, ..week.clone() };
        assert_eq!(usual.at(monday), until("2026-08-31T15:00:00Z"));
        let mut sunday = Hours { holidays: Holidays::AsSunday, ..week.clone() };
        sunday.weekly.retain(|weekly| weekly.day != Weekday::Sunday);
        sunday.weekly.push(Weekly {
            day: Weekday::Sunday,
            from: time(12, 0, 0, 0),
            until: time(14, 0, 0, 0),
        });
        assert_eq!(sunday.at(monday), opens("2026-08-31T11:00:00Z"));
        let silent = Hours { holidays: Holidays::Unknown, ..week };
        assert!(
            matches!(silent.at(monday), State::Holiday(holiday) if holiday.name == "services-holiday-summer")
        );
        assert_eq!(
            silent.at(at("2026-08-30T18:00:00Z")),
            opens("2026-09-01T09:00:00Z"),
            "nothing is promised"
        );
        // Christmas Day of 2027 is a Saturday, and no bank holiday.
        assert_eq!(
            silent.at(at("2027-12-25T12:00:00Z")),
            State::Holiday(BankHoliday { name: "services-holiday-christmas", substitute: false })
        );
    }

    #[test]
    fn closures_and_extra_hours_win_over_the_week() {
        let mut hours = daily(&WEEK[..5], time(8, 0, 0, 0), time(18, 0, 0, 0));
        hours.closed.push(Closure {
            from: at("2026-11-24T12:00:00Z"),
            until: at("2026-11-24T14:00:00Z"),
            reason: String::from("staff training"),
        });
        assert_eq!(hours.at(at("2026-11-24T11:00:00Z")), until("2026-11-24T12:00:00Z"));
        assert_eq!(hours.at(at("2026-11-24T13:00:00Z")), opens("2026-11-24T14:00:00Z"));
        hours.extra.push(Extra { from: at("2026-12-25T10:00:00Z"), until: at("2026-12-25T12:00:00Z") });
        assert_eq!(hours.at(at("2026-12-25T11:00:00Z")), until("2026-12-25T12:00:00Z"));
        let week = hours.week(date(2026, 12, 21));
        assert_eq!(week[4].open, [(at("2026-12-25T10:00:00Z"), at("2026-12-25T12:00:00Z"))]);
        assert_eq!(week[4].holiday.unwrap().name, "services-holiday-christmas");
        assert!(week[5].open.is_empty() && week[6].open.is_empty());
    }

    #[test]
    fn nothing_told_is_not_closed() {
        assert_eq!(Hours::default().at(at("2026-11-20T12:00:00Z")), State::NotTold);
        let never = Hours {
            extra: vec![Extra { from: at("2020-01-01T10:00:00Z"), until: at("2020-01-01T11:00:00Z") }],
            ..Hours::default()
        };
        assert_eq!(never.at(at("2026-11-20T12:00:00Z")), State::Closed { opens: None });
    }

    proptest! {
        /// Against the plain rule on London's wall clock, away from hours that are skipped or come twice.
        #[test]
        fn open_now_is_what_the_wall_clock_says(
            minute in 0..(366 * 24 * 60_i64),
            shifts in proptest::collection::vec((0..7_usize, 3..24_i8, 0..60_i8, 3..24_i8, 0..60_i8), 0..6),
        ) {
            let now = at("2026-01-01T00:00:00Z").checked_add((minute * 60).seconds()).unwrap();
            let weekly: Vec<Weekly> = shifts
                .iter()
                .filter(|(_, h1, m1, h2, m2)| (h1, m1) < (h2, m2))
                .map(|(day, h1, m1, h2, m2)| Weekly { day: WEEK[*day], from: time(*h1, *m1, 0, 0), until: time(*h2, *m2, 0, 0) })
                .collect();
            let hours = Hours { weekly: weekly.clone(), holidays: Holidays::Closed, ..Hours::default() };
            let wall = now.to_zoned(default_zone().clone());
            let naive = holiday(wall.date()).is_none()
                && weekly.iter().any(|one| one.day == wall.weekday() && one.from <= wall.time() && wall.time() < one.until);
            let state = hours.at(now);
            prop_assert_eq!(matches!(state, State::Open { .. }), naive);
            if let State::Open { until } = state {
                prop_assert!(until > now);
                let still = matches!(hours.at(until), State::Open { .. });
                prop_assert!(!still, "{}", until);
            }
            if let State::Closed { opens: Some(opens) } = state {
                prop_assert!(opens > now);
                let open = matches!(hours.at(opens), State::Open { .. });
                prop_assert!(open, "{}", opens);
            }
        }
    }
}
