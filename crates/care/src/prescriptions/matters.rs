//! What of somebody's prescriptions needs them: to collect, to ask about, to book a review for. Pure.

use super::authorisation::Reason;
use super::status::ItemStatus;
use super::view::{Prescription, Prescriptions, Repeat, Request, RequestAnswer};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// What happened longer ago than this was seen, or is no news any more.
const NEWS_DAYS: i64 = 14;
/// What was not collected for so long is back on the pharmacy's shelf.
const WAITS_DAYS: i64 = 28;

/// One thing that needs the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// Medicines wait at the pharmacy.
    Ready {
        /// The prescription.
        prescription: Prescription,
        /// How many of its items.
        items: usize,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// The surgery did not prescribe what was asked for.
    Refused {
        /// The request.
        request: Request,
        /// The medicines.
        medicines: Vec<String>,
    },
    /// Items of a prescription will not be handed out.
    Stopped {
        /// The prescription.
        prescription: Prescription,
        /// The medicines.
        medicines: Vec<String>,
        /// Since when.
        since: Option<Timestamp>,
    },
    /// Medicines must be reviewed before they can be ordered again.
    Review {
        /// The first day on which one must have been.
        on: Date,
        /// Whether that day is over, so that it cannot be ordered.
        overdue: bool,
        /// How many medicines.
        medicines: usize,
    },
}

impl Prescriptions {
    /// What needs the person.
    #[must_use]
    pub fn matters(&self) -> Vec<Matter> {
        let after =
            |days: i64| self.read_at.checked_sub(Span::new().hours(24 * days)).unwrap_or(self.read_at);
        let (news, waits) = (after(NEWS_DAYS), after(WAITS_DAYS));
        let mut matters: Vec<Matter> =
            self.requests.items().iter().filter_map(|one| refused(one, news)).collect();
        for one in self.prescriptions.items() {
            matters.extend(stopped(one, news));
            matters.extend(ready(one, waits));
        }
        matters.extend(review(self.repeats.items()));
        matters
    }
}

fn refused(request: &Request, news: Timestamp) -> Option<Matter> {
    if request.asked_at.is_some_and(|at| at < news) {
        return None;
    }
    let refused = request.lines.iter().filter(|line| matches!(line.answer, RequestAnswer::Refused(_)));
    let medicines: Vec<String> = refused.map(|line| line.name.clone()).collect();
    (!medicines.is_empty()).then(|| Matter::Refused { request: request.clone(), medicines })
}

/// The items of a prescription whose status is one of these since an instant at the earliest; one without a time is recent.
fn items<'a>(
    one: &'a Prescription,
    wanted: &'a [ItemStatus],
    after: Timestamp,
) -> impl Iterator<Item = &'a super::view::Item> {
    one.items
        .iter()
        .filter(move |item| wanted.contains(&item.status) && item.since.is_none_or(|since| since >= after))
}

fn stopped(one: &Prescription, news: Timestamp) -> Option<Matter> {
    const OVER: [ItemStatus; 2] = [ItemStatus::NotDispensed, ItemStatus::PrescriberCancelled];
    let medicines: Vec<String> = items(one, &OVER, news).map(|item| item.name.clone()).collect();
    let since = items(one, &OVER, news).filter_map(|item| item.since).max();
    (!medicines.is_empty()).then(|| Matter::Stopped { prescription: one.clone(), medicines, since })
}

fn ready(one: &Prescription, waits: Timestamp) -> Option<Matter> {
    const READY: [ItemStatus; 2] = [ItemStatus::ReadyToCollect, ItemStatus::ReadyToCollectPartial];
    let count = items(one, &READY, waits).count();
    (count > 0).then(|| Matter::Ready {
        prescription: one.clone(),
        items: count,
        since: items(one, &READY, waits).filter_map(|item| item.since).max(),
    })
}

/// One line for all reviews: they are one visit.
fn review(repeats: &[Repeat]) -> Option<Matter> {
    let late = |one: &Repeat| one.not_now.as_ref().is_some_and(|why| why.reason == Reason::ReviewDue);
    let wanted = || repeats.iter().filter(|one| late(one) || one.review_is_near);
    let on = wanted().filter_map(|one| one.review_on).min()?;
    Some(Matter::Review { on, overdue: wanted().any(late), medicines: wanted().count() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prescriptions::authorisation::Why;
    use crate::view::{Section, minutes_ago};
    use jiff::civil::date;

    const DAY: i64 = 24 * 60;

    fn with(status: ItemStatus, days: i64) -> Prescriptions {
        let mut all = Prescriptions::sample();
        let mut one = all.prescriptions.items()[0].clone();
        one.items.truncate(1);
        one.items[0].status = status;
        one.items[0].since = Some(minutes_ago(days * DAY));
        all.repeats = Section::whole(Vec::new());
        all.requests = Section::whole(Vec::new());
        all.prescriptions = Section::whole(vec![one]);
        all
    }

    #[test]
    fn only_what_can_be_collected_or_was_stopped_lately_needs_somebody() {
        use ItemStatus::{NotDispensed, PrescriberCancelled, ReadyToCollect, ReadyToCollectPartial};
        for status in ItemStatus::ALL {
            let (ready, over) = (
                matches!(status, ReadyToCollect | ReadyToCollectPartial),
                matches!(status, NotDispensed | PrescriberCancelled),
            );
            for (days, wanted) in
                [(1, ready || over), (13, ready || over), (15, ready), (27, ready), (29, false)]
            {
                let found = with(status, days).matters();
                assert_eq!(found.len(), usize::from(wanted), "{status:?} for {days} days: {found:?}");
                assert!(found.iter().all(|one| matches!(one, Matter::Ready { .. }) == ready));
            }
        }
    }

    #[test]
    fn a_refusal_is_told_for_a_fortnight_with_the_medicines_it_is_about() {
        let mut all = Prescriptions::sample();
        all.prescriptions = Section::whole(Vec::new());
        all.repeats = Section::whole(Vec::new());
        let found = all.matters();
        let [Matter::Refused { request, medicines, .. }] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (request.id.as_str(), medicines.as_slice()),
            ("sample-1", &["Ramipril 5mg capsules".into()][..])
        );
        let mut old = all.requests.items()[0].clone();
        old.asked_at = Some(minutes_ago(15 * DAY));
        all.requests = Section::whole(vec![old]);
        assert_eq!(all.matters(), []);
    }

    #[test]
    fn all_reviews_are_one_matter_with_the_first_day() {
        let sample = Prescriptions::sample();
        let repeat = |on: Date, near: bool, not_now: Option<Reason>| Repeat {
            review_on: Some(on),
            review_is_near: near,
            not_now: not_now.map(Why::from),
            ..sample.repeats.items()[0].clone()
        };
        let of = |repeats: Vec<Repeat>| Prescriptions {
            repeats: Section::whole(repeats),
            ..Prescriptions::sample_empty()
        };
        let (soon, later, gone) = (date(2026, 12, 1), date(2026, 12, 9), date(2026, 11, 2));
        let far = repeat(date(2027, 5, 1), false, None);
        assert_eq!(of(vec![far.clone()]).matters(), []);
        assert_eq!(
            of(vec![repeat(later, true, None), repeat(soon, true, Some(Reason::TooEarly)), far.clone()])
                .matters(),
            [Matter::Review { on: soon, overdue: false, medicines: 2 }]
        );
        assert_eq!(
            of(vec![repeat(later, true, None), repeat(gone, false, Some(Reason::ReviewDue))]).matters(),
            [Matter::Review { on: gone, overdue: true, medicines: 2 }]
        );
        assert_eq!(Prescriptions::sample_empty().matters(), []);
    }
}
