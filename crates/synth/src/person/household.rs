//! Households of a British shape, without keeping any: the place of a person in the sequence says in which
//! household they live and who the others are.
//!
//! A hundred households hold 235 people. Shares of household sizes follow the 2021 census of England and Wales
//! (about 30 % one person, 34 % two, 16 % three, 13 % four, 7 % more); ages inside are drawn so that the whole
//! comes near the census' age structure, which a test holds.

use crate::names::Sex;
use crate::rng::Rng;

const SIZES: &[(usize, usize)] = &[(1, 30), (2, 34), (3, 16), (4, 13), (5, 5), (6, 2)];
/// Households in a block.
const BLOCK: u64 = 100;

/// Where in its block each person's household stands.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Seat>);

/// A person's place in a household.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seat {
    household: u64,
    position: usize,
    size: usize,
}

/// Age in years with a fraction, and sex.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Member {
    pub(crate) age: f64,
    pub(crate) sex: Sex,
    /// Whether this is a child of the household, who takes its family name.
    pub(crate) child: bool,
}

impl Pattern {
    pub(crate) fn new(seed: u64) -> Self {
        let mut sizes: Vec<usize> =
            SIZES.iter().flat_map(|(size, count)| std::iter::repeat_n(*size, *count)).collect();
        Rng::keyed(seed, "households", 0).shuffle(&mut sizes);
        Self(
            sizes
                .iter()
                .enumerate()
                .flat_map(|(household, size)| {
                    (0..*size).map(move |position| Seat {
                        household: household as u64,
                        position,
                        size: *size,
                    })
                })
                .collect(),
        )
    }

    /// The household's number, the person's position in it and its size.
    pub(crate) fn seat(&self, index: u64) -> (u64, usize, usize) {
        let length = self.0.len().max(1) as u64;
        let seat = self.0.get((index % length) as usize).copied().unwrap_or_default();
        (index / length * BLOCK + seat.household, seat.position, seat.size)
    }
}

/// The members of a household of that size.
pub(crate) fn members(size: usize, rng: &mut Rng) -> Vec<Member> {
    match size {
        0 | 1 => vec![single(rng)],
        2 if rng.chance(0.80) => couple(rng),
        2 if rng.chance(0.60) => family(1, 1, rng),
        3 if rng.chance(0.12) => family(1, 2, rng),
        3 if rng.chance(0.20) => grown_child(rng),
        2 | 3 => sharers(size, rng),
        4.. if rng.chance(0.10) => with_grandparent(size, rng),
        _ => family(2, size - 2, rng),
    }
}

fn single(rng: &mut Rng) -> Member {
    const BANDS: &[((i64, i64), u32)] =
        &[((18, 29), 7), ((30, 44), 13), ((45, 64), 29), ((65, 74), 21), ((75, 84), 18), ((85, 99), 12)];
    let age = banded(BANDS, rng);
    let women = if age >= 75.0 {
        0.68
    } else if age >= 60.0 {
        0.56
    } else {
        0.43
    };
    Member { age, sex: sex(women, rng), child: false }
}

fn couple(rng: &mut Rng) -> Vec<Member> {
    const BANDS: &[((i64, i64), u32)] =
        &[((20, 29), 11), ((30, 44), 13), ((45, 64), 34), ((65, 74), 26), ((75, 84), 13), ((85, 95), 3)];
    pair(banded(BANDS, rng), rng)
}

fn pair(age: f64, rng: &mut Rng) -> Vec<Member> {
    let first = sex(0.5, rng);
    let second = match (first, rng.chance(0.96)) {
        (Sex::Female, true) | (Sex::Male, false) => Sex::Male,
        _ => Sex::Female,
    };
    let other = (age + rng.bell(0.0, 3.5)).clamp(18.0, 99.0);
    vec![Member { age, sex: first, child: false }, Member { age: other, sex: second, child: false }]
}

fn family(parents: usize, children: usize, rng: &mut Rng) -> Vec<Member> {
    let eldest = 1.7 * children.saturating_sub(1) as f64 + rng.unit() * 21.0;
    let parent = (eldest + rng.bell(29.5, 4.5)).clamp(eldest + 16.0, eldest + 45.0);
    let mut out = if parents == 2 {
        pair(parent, rng)
    } else {
        vec![Member { age: parent, sex: sex(0.86, rng), child: false }]
    };
    let mut age = eldest;
    for _ in 0..children {
        out.push(Member { age, sex: sex(0.488, rng), child: true });
        age = (age - 1.2 - rng.unit() * 3.0).max(rng.unit());
    }
    out
}

fn grown_child(rng: &mut Rng) -> Vec<Member> {
    let child = 18.0 + rng.unit() * 17.0;
    let mut out = pair(child + rng.bell(30.0, 4.0), rng);
    out.push(Member { age: child, sex: sex(0.42, rng), child: true });
    out
}

fn sharers(size: usize, rng: &mut Rng) -> Vec<Member> {
    if size == 3 && rng.chance(0.85) {
        return family(2, 1, rng);
    }
    (0..size)
        .map(|_| Member { age: 19.0 + rng.skewed(0.0, 45.0, 2), sex: sex(0.47, rng), child: false })
        .collect()
}

fn with_grandparent(size: usize, rng: &mut Rng) -> Vec<Member> {
    let mut out = family(2, size - 3, rng);
    out.push(Member { age: 64.0 + rng.unit() * 24.0, sex: sex(0.65, rng), child: false });
    out
}

fn banded(bands: &[((i64, i64), u32)], rng: &mut Rng) -> f64 {
    let (low, high) = rng.weighted(bands);
    low as f64 + rng.unit() * (high + 1 - low) as f64
}

fn sex(women: f64, rng: &mut Rng) -> Sex {
    if rng.chance(women) { Sex::Female } else { Sex::Male }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_has_as_many_members_as_its_size() {
        let mut rng = Rng::new(2);
        for size in 1..=6 {
            for _ in 0..500 {
                let members = members(size, &mut rng);
                assert_eq!(members.len(), size);
                assert!(members.iter().all(|m| (0.0..=101.0).contains(&m.age)), "{members:?}");
            }
        }
    }

    #[test]
    fn every_seat_belongs_to_one_household() {
        let pattern = Pattern::new(9);
        let (mut last, mut expected) = (u64::MAX, 0);
        for index in 0..2_350 {
            let (household, position, size) = pattern.seat(index);
            if household != last {
                assert_eq!(position, 0);
                expected += 1;
                last = household;
            }
            assert!(position < size);
        }
        assert_eq!(expected, 1_000);
    }
}
