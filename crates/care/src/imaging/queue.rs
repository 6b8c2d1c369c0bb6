//! The waiting list played forward, day by day, with scans as long as they are booked now and with shorter ones. Pure, seeded.
//!
//! Problem: people wait in order of arrival; each working day brings the orders of one day of the platform's own history, drawn
//! with replacement; each scanner takes from the front what fits between opening and closing (as in `pack`); some do not
//! come, use their time up and go to the end of the list. Both lists get the same arrivals and the same people stay away, so
//! what differs is the scanner alone (common random numbers).
//!
//! Left out: urgent orders go first in truth; breakdowns, holidays, overtime, more orders because the wait is short.

use super::dice::{pick, roll};
use super::history::rank;
use std::collections::VecDeque;

/// Weeks played forward.
pub const WEEKS: usize = 26;
/// How often.
pub const RUNS: usize = 100;
/// Working days of a week.
const WEEK: i32 = 5;
/// Waits are told of those scanned in the last weeks of all.
const LAST_WEEKS: i32 = 4;
/// Fixes the simulation: the same record and assumptions give the same figures.
const SEED: u64 = 0x6d72_2d71_7565_7565;
/// Nobody is drawn with this attempt, days are.
const DAY: u64 = u64::MAX;

/// Who waits and what comes.
#[derive(Debug, Clone, Default)]
pub(super) struct Supply {
    /// Who waits, first come first: working days since the order, and the protocol.
    pub waiting: Vec<(u32, usize)>,
    /// Orders by protocol of each working day of the history.
    pub arrivals: Vec<Vec<usize>>,
    /// How many scanners.
    pub scanners: usize,
    /// Minutes that each is open on a working day.
    pub open: u32,
    /// Per cent who do not come.
    pub missed: u32,
}

/// Low, middle and high of many runs: one run in ten lies below, half, nine in ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Band {
    /// One run in ten is no higher.
    pub low: u32,
    /// Half of the runs are no higher.
    pub middle: u32,
    /// Nine runs in ten are no higher.
    pub high: u32,
}

impl Band {
    fn of(mut all: Vec<u32>) -> Option<Self> {
        all.sort_unstable();
        Some(Self { low: rank(&all, 10)?, middle: rank(&all, 50)?, high: rank(&all, 90)? })
    }
}

/// How the list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Course {
    /// People on the list now and at the end of each week.
    pub size: Vec<Band>,
    /// Tenths of weeks that half of those scanned in the last four weeks had waited no longer than.
    pub half: Option<Band>,
    /// The same of eight in ten.
    pub eight_in_ten: Option<Band>,
    /// People scanned in a week, tenths, over all weeks.
    pub scanned_tenths: u32,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Trace {
    /// People on the list now and at the end of each week.
    sizes: Vec<u32>,
    /// Working days that those scanned in the last weeks had waited, shortest first.
    waits: Vec<u32>,
    /// People scanned.
    scanned: u32,
}

/// Both courses, and in how many runs the second list ends shorter.
pub(super) fn compare(supply: &Supply, full: &[u32], faster: &[u32]) -> (Course, Course, usize) {
    let play = |minutes: &[u32]| -> Vec<Trace> {
        (0..RUNS as u64).map(|number| run(supply, minutes, number)).collect()
    };
    let (slow, fast) = (play(full), play(faster));
    let ends = |one: &Trace| one.sizes.last().copied().unwrap_or_default();
    let shorter = slow.iter().zip(&fast).filter(|(slow, fast)| ends(fast) < ends(slow)).count();
    (course(&slow), course(&fast), shorter)
}

fn course(runs: &[Trace]) -> Course {
    let size = |week: usize| Band::of(runs.iter().filter_map(|one| one.sizes.get(week).copied()).collect());
    // A working day is a fifth of a week.
    let wait = |percent: usize| {
        Band::of(runs.iter().filter_map(|one| rank(&one.waits, percent)).map(|days| days * 2).collect())
    };
    let scanned: u64 = runs.iter().map(|one| u64::from(one.scanned)).sum();
    let weeks = (runs.len() * WEEKS) as u64;
    Course {
        size: (0..=WEEKS).filter_map(size).collect(),
        half: wait(50),
        eight_in_ten: wait(80),
        scanned_tenths: u32::try_from((scanned * 10).checked_div(weeks).unwrap_or_default())
            .unwrap_or(u32::MAX),
    }
}

#[derive(Debug, Clone, Copy)]
struct Person {
    number: u64,
    protocol: usize,
    /// The working day of the order; before the first it is negative.
    ordered: i32,
    tries: u64,
}

/// Plays the list forward once. `minutes` are those of each protocol.
fn run(supply: &Supply, minutes: &[u32], number: u64) -> Trace {
    let mut list: VecDeque<Person> = VecDeque::with_capacity(supply.waiting.len() * 2);
    let mut next = 0;
    let mut join = |list: &mut VecDeque<Person>, protocol: usize, ordered: i32| {
        list.push_back(Person { number: next, protocol, ordered, tries: 0 });
        next += 1;
    };
    for (days, protocol) in &supply.waiting {
        join(&mut list, *protocol, 0_i32.saturating_sub_unsigned(*days));
    }
    let size = |list: &VecDeque<Person>| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let last = WEEKS as i32 * WEEK;
    let mut trace = Trace { sizes: vec![size(&list)], ..Trace::default() };
    for day in 0..last {
        let drawn = pick([SEED, number, day.unsigned_abs().into(), DAY], supply.arrivals.len());
        for protocol in supply.arrivals.get(drawn).into_iter().flatten() {
            join(&mut list, *protocol, day);
        }
        // Who does not come goes to the end of the list when the day is over.
        let mut missed = Vec::new();
        for _ in 0..supply.scanners {
            for person in scan(&mut list, &mut missed, (supply, minutes), number) {
                trace.scanned += 1;
                if day >= last - LAST_WEEKS * WEEK {
                    trace.waits.push((day - person.ordered).unsigned_abs());
                }
            }
        }
        list.extend(missed);
        if (day + 1) % WEEK == 0 {
            trace.sizes.push(size(&list));
        }
    }
    trace.waits.sort_unstable();
    trace
}

/// One scanner's day: who was scanned, and who did not come.
fn scan(
    list: &mut VecDeque<Person>,
    missed: &mut Vec<Person>,
    (supply, minutes): (&Supply, &[u32]),
    number: u64,
) -> Vec<Person> {
    let mut left = supply.open;
    let mut begun = false;
    let mut done = Vec::new();
    while let Some(person) = list.front().copied() {
        let takes = minutes.get(person.protocol).copied().unwrap_or(1).max(1);
        match left.checked_sub(takes) {
            Some(rest) => left = rest,
            // What is longer than a whole day is scanned all the same, alone.
            None if !begun => left = 0,
            None => break,
        }
        begun = true;
        list.pop_front();
        let luck = roll([SEED, number, person.number, person.tries]) % 100;
        if luck < u64::from(supply.missed) {
            missed.push(Person { tries: person.tries + 1, ..person });
        } else {
            done.push(person);
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by other means: everybody in one plain list with their state, looked through from its beginning for each slot.
    fn plainly(supply: &Supply, minutes: &[u32], run: u64) -> Trace {
        // (place in the queue, number, protocol, ordered, tries, gone)
        let mut people: Vec<(u64, u64, usize, i64, u64, bool)> = Vec::new();
        let mut place = 0;
        for (days, protocol) in &supply.waiting {
            people.push((place, place, *protocol, -i64::from(*days), 0, false));
            place += 1;
        }
        let mut number = place;
        let waiting =
            |people: &[(u64, u64, usize, i64, u64, bool)]| people.iter().filter(|one| !one.5).count() as u32;
        let mut trace = Trace { sizes: vec![waiting(&people)], ..Trace::default() };
        for day in 0..130_i64 {
            if !supply.arrivals.is_empty() {
                let drawn = pick([SEED, run, day as u64, DAY], supply.arrivals.len());
                for protocol in &supply.arrivals[drawn] {
                    people.push((place, number, *protocol, day, 0, false));
                    place += 1;
                    number += 1;
                }
            }
            let before = place;
            for _ in 0..supply.scanners {
                let (mut clock, mut seen) = (0, 0);
                loop {
                    let front =
                        people.iter_mut().filter(|one| !one.5 && one.0 < before).min_by_key(|one| one.0);
                    let Some(one) = front else { break };
                    if seen > 0 && clock + minutes[one.2] > supply.open {
                        break;
                    }
                    clock += minutes[one.2];
                    seen += 1;
                    if roll([SEED, run, one.1, one.4]) % 100 < u64::from(supply.missed) {
                        (one.0, one.4) = (place, one.4 + 1);
                        place += 1;
                    } else {
                        one.5 = true;
                        trace.scanned += 1;
                        if day >= 110 {
                            trace.waits.push((day - one.3) as u32);
                        }
                    }
                }
            }
            if day % 5 == 4 {
                trace.sizes.push(waiting(&people));
            }
        }
        trace.waits.sort_unstable();
        trace
    }

    fn drawn(case: u64) -> (Supply, Vec<u32>) {
        let draw = |n: u64, below: usize| pick([case, n, 3, 3], below);
        let arrivals = (0..draw(0, 6) as u64)
            .map(|day| (0..draw(day + 10, 12) as u64).map(|n| draw(day * 100 + n + 99, 11)).collect())
            .collect();
        let waiting = (0..draw(1, 80) as u64).map(|n| ((80 - n) as u32, draw(n + 5_000, 11))).collect();
        let supply = Supply {
            waiting,
            arrivals,
            scanners: draw(2, 3),
            open: 60 + draw(3, 400) as u32,
            missed: draw(4, 50) as u32,
        };
        (supply, (0..11).map(|n| 5 + draw(n + 9_000, 80) as u32).collect())
    }

    #[test]
    fn the_list_goes_on_as_a_plain_count_says() {
        for case in 0..120 {
            let (supply, minutes) = drawn(case);
            for number in 0..2 {
                let found = run(&supply, &minutes, number);
                assert_eq!(found, plainly(&supply, &minutes, number), "{case} {supply:?} {minutes:?}");
            }
        }
    }

    #[test]
    fn nobody_is_lost() {
        for case in 0..100 {
            let (supply, minutes) = drawn(case);
            let found = run(&supply, &minutes, 1);
            let came: usize = (0..130)
                .map(|day| pick([SEED, 1, day, DAY], supply.arrivals.len()))
                .filter_map(|at| supply.arrivals.get(at))
                .map(Vec::len)
                .sum();
            let left = *found.sizes.last().unwrap() as usize;
            assert_eq!(supply.waiting.len() + came, found.scanned as usize + left, "{case}");
            assert_eq!(found.sizes.len(), WEEKS + 1);
        }
    }

    #[test]
    fn steady_lists_are_worked_out_by_hand() {
        // Ten orders a day, ten scans of 60 minutes in ten hours, one hundred waiting: the list stays, a wait is ten days.
        let supply = Supply {
            waiting: (0..100).map(|n| (10 - n / 10, 0)).collect(),
            arrivals: vec![vec![0; 10]],
            scanners: 1,
            open: 600,
            missed: 0,
        };
        let (slow, fast, shorter) = compare(&supply, &[60], &[50]);
        let steady = Band { low: 100, middle: 100, high: 100 };
        assert_eq!((slow.size[0], slow.size[WEEKS]), (steady, steady));
        assert_eq!(slow.half, Some(Band { low: 20, middle: 20, high: 20 }));
        assert_eq!(slow.scanned_tenths, 500);
        // Twelve a day: two more than come, so the list is gone after fifty days, and who comes is scanned the same day.
        assert_eq!((fast.size[5].middle, fast.size[10].middle, fast.size[WEEKS].middle), (50, 0, 0));
        assert_eq!(fast.eight_in_ten, Some(Band::default()));
        assert_eq!(shorter, RUNS);
    }

    #[test]
    fn the_same_is_the_same_and_nothing_gives_nothing() {
        let (supply, minutes) = drawn(3);
        assert_eq!(compare(&supply, &minutes, &minutes), compare(&supply, &minutes, &minutes));
        let (slow, fast, shorter) = compare(&supply, &minutes, &minutes);
        assert_eq!((slow, shorter), (fast, 0));
        let (none, ..) = compare(&Supply::default(), &[], &[]);
        assert_eq!((none.half, none.size[WEEKS]), (None, Band::default()));
    }
}
