//! How long people waited: the 80th percentile and the mean (patient app rules, section 6). Pure.

/// Fewer people than this say nothing, and might be recognised.
pub(super) const FEWEST: usize = 10;

/// Waits of one list, in weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Summary {
    /// The 80th percentile by nearest rank, in begun weeks: so many people in ten waited no longer.
    pub eight_in_ten: u32,
    /// The mean, to the nearest week.
    pub mean: u32,
    /// How many people.
    pub people: usize,
}

/// Sums up waits in days; `None` when there are fewer than [`FEWEST`].
pub(super) fn summary(mut days: Vec<u32>) -> Option<Summary> {
    if days.len() < FEWEST {
        return None;
    }
    days.sort_unstable();
    let rank = (days.len() * 8).div_ceil(10);
    let eighth = *days.get(rank.checked_sub(1)?)?;
    let total: u64 = days.iter().map(|one| u64::from(*one)).sum();
    let people = days.len() as u64;
    let mean = (2 * total + 7 * people) / (14 * people);
    Some(Summary {
        eight_in_ten: eighth.div_ceil(7),
        mean: u32::try_from(mean).unwrap_or(u32::MAX),
        people: days.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries() {
        let ten: Vec<u32> = (1..=10).map(|week| week * 7).collect();
        for (days, eight_in_ten, mean) in [
            (ten.clone(), 8, 6), // mean 5.5 weeks
            (vec![7; 10], 1, 1),
            ([vec![7; 8], vec![700; 2]].concat(), 1, 21), // mean 20.8 weeks
            ([vec![8; 8], vec![700; 2]].concat(), 2, 21),
            (vec![0; 12], 0, 0),
            ((1..=11).map(|week| week * 7).collect(), 9, 6), // rank 9 of 11
            ([vec![70], vec![14; 9]].concat(), 2, 3),        // mean 2.8 weeks
        ] {
            let found = summary(days.clone()).unwrap();
            assert_eq!((found.eight_in_ten, found.mean), (eight_in_ten, mean), "{days:?}");
            // At least 8 in 10 people waited no longer than the figure says, and the week before would not do.
            let within = |weeks: u32| days.iter().filter(|one| **one <= weeks * 7).count() * 10;
            assert!(within(eight_in_ten) >= days.len() * 8);
            assert!(eight_in_ten == 0 || within(eight_in_ten - 1) < days.len() * 8);
        }
    }

    #[test]
    fn few_people_are_not_summed_up() {
        assert_eq!(summary(vec![7; FEWEST - 1]), None);
        assert_eq!(summary(Vec::new()), None);
    }
}
