//! The ages, written down from the rules as a table: birthdays a day before and after, leap days, midnight in London.

use super::*;
use crate::family::{EndedBy, Kin, Review};
use jiff::civil::date;
use proptest::prelude::*;

fn relationship(basis: Basis, review: Option<(Date, bool, bool)>) -> Relationship {
    Relationship {
        id: "r".into(),
        patient: "p".into(),
        carer: "c".into(),
        carer_name: String::from("Carer"),
        kin: Kin::Parent,
        basis,
        categories: Vec::new(),
        stage: Stage::Approved,
        applied_at: Timestamp::UNIX_EPOCH,
        decided: None,
        organisation: "Y1".into(),
        review: review.map(|(on, competent, agrees)| Review { on, competent, agrees, by: String::new() }),
        hidden_at: None,
        begins: None,
        lapses: None,
        ended: None,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Open { review: false, .. } => "open",
        Standing::Open { review: true, .. } => "open, review",
        Standing::Suspended(Why::ReviewDue) => "suspended, review",
        Standing::Suspended(Why::Sixteen) => "suspended, sixteen",
        Standing::Suspended(Why::TooYoung) => "suspended, young",
        Standing::Suspended(Why::BirthUnknown) => "suspended, unknown",
        Standing::Suspended(Why::Died) => "suspended, died",
        Standing::Later(_) => "later",
        Standing::Waiting => "waiting",
        Standing::Refused => "refused",
        Standing::Ended => "ended",
        Standing::Hidden => "hidden",
    }
}

fn of(relationship: &Relationship, born: When, now: &str, ages: Ages) -> &'static str {
    word(standing(relationship, Cared { born: Some(born), died: false }, at(now), ages))
}

#[test]
fn a_parent_s_access_by_the_child_s_age() {
    let parent = relationship(Basis::Parental, None);
    let born = When::Day(date(2013, 5, 20));
    // Noon in London on each day.
    let table = [
        ("2013-05-20", "open"),
        ("2024-05-19", "open"),
        ("2024-05-20", "open, review"),
        ("2024-05-21", "open, review"),
        ("2026-05-19", "open, review"),
        ("2026-05-20", "suspended, review"),
        ("2026-05-21", "suspended, review"),
        ("2029-05-19", "suspended, review"),
        ("2029-05-20", "suspended, sixteen"),
        ("2031-05-20", "suspended, sixteen"),
    ];
    for (day, expected) in table {
        assert_eq!(of(&parent, born, &format!("{day}T11:00:00Z"), Ages::default()), expected, "{day}");
    }
}

#[test]
fn a_surgery_may_suspend_earlier_and_never_later() {
    let parent = relationship(Basis::Parental, None);
    let born = When::Day(date(2013, 5, 20));
    for (age, day, expected) in [
        (12, "2025-05-19", "open, review"),
        (12, "2025-05-20", "suspended, review"),
        (11, "2024-05-19", "open"),
        (11, "2024-05-20", "suspended, review"),
        (15, "2026-05-19", "open, review"),
        (15, "2026-05-20", "suspended, review"),
        (3, "2024-05-19", "open"),
    ] {
        let ages = Ages::suspending_from(age);
        assert_eq!(of(&parent, born, &format!("{day}T11:00:00Z"), ages), expected, "{age} {day}");
    }
}

#[test]
fn a_review_lets_it_go_on_to_sixteen_or_ends_it() {
    let born = When::Day(date(2013, 5, 20));
    let reviewed = |on: Date, competent, agrees| relationship(Basis::Parental, Some((on, competent, agrees)));
    let table = [
        (reviewed(date(2026, 6, 1), false, false), "2026-06-02", "open"),
        (reviewed(date(2026, 6, 1), true, true), "2026-06-02", "open"),
        (reviewed(date(2026, 6, 1), true, false), "2026-06-02", "ended"),
        (reviewed(date(2024, 5, 20), true, true), "2026-06-02", "open"),
        // Before eleven is no review.
        (reviewed(date(2024, 5, 19), true, true), "2026-06-02", "suspended, review"),
        (reviewed(date(2026, 6, 1), false, true), "2029-05-19", "open"),
        (reviewed(date(2026, 6, 1), false, true), "2029-05-20", "suspended, sixteen"),
    ];
    for (parent, day, expected) in table {
        assert_eq!(
            of(&parent, born, &format!("{day}T11:00:00Z"), Ages::default()),
            expected,
            "{parent:?} {day}"
        );
    }
}

#[test]
fn a_birthday_begins_at_midnight_in_london() {
    let parent = relationship(Basis::Parental, None);
    // Summer: midnight in London is 23:00 UTC of the day before.
    let summer = When::Day(date(2013, 7, 1));
    assert_eq!(of(&parent, summer, "2026-06-30T22:59:59Z", Ages::default()), "open, review");
    assert_eq!(of(&parent, summer, "2026-06-30T23:00:00Z", Ages::default()), "suspended, review");
    // Winter: they are the same.
    let winter = When::Day(date(2010, 12, 1));
    assert_eq!(of(&parent, winter, "2026-11-30T23:59:59Z", Ages::default()), "suspended, review");
    assert_eq!(of(&parent, winter, "2026-12-01T00:00:00Z", Ages::default()), "suspended, sixteen");
}

#[test]
fn a_leap_day_s_birthday_is_the_first_of_march() {
    let parent = relationship(Basis::Parental, None);
    let born = When::Day(date(2012, 2, 29));
    assert_eq!(of(&parent, born, "2025-02-28T12:00:00Z", Ages::default()), "open, review");
    assert_eq!(of(&parent, born, "2025-03-01T00:00:00Z", Ages::default()), "suspended, review");
    assert_eq!(of(&parent, born, "2028-02-28T12:00:00Z", Ages::default()), "suspended, review");
    assert_eq!(of(&parent, born, "2028-02-29T00:00:00Z", Ages::default()), "suspended, sixteen");
    let agreed = relationship(Basis::Agreement, None);
    assert_eq!(of(&agreed, born, "2028-02-28T23:59:59Z", Ages::default()), "suspended, young");
    assert_eq!(of(&agreed, born, "2028-02-29T00:00:00Z", Ages::default()), "open");
}

#[test]
fn grown_people_give_access_themselves() {
    let born = When::Day(date(2008, 3, 2));
    for (basis, day, expected) in [
        (Basis::Agreement, "2024-03-01", "suspended, young"),
        (Basis::Agreement, "2024-03-02", "open"),
        (Basis::Deputy, "2024-03-02", "open"),
        (Basis::Attorney, "2026-03-01", "suspended, young"),
        (Basis::Attorney, "2026-03-02", "open"),
    ] {
        assert_eq!(
            of(&relationship(basis, None), born, &format!("{day}T12:00:00Z"), Ages::default()),
            expected
        );
    }
}

#[test]
fn of_a_partial_date_the_strictest_day_counts() {
    let parent = relationship(Basis::Parental, None);
    let agreed = relationship(Basis::Agreement, None);
    assert_eq!(of(&parent, When::Year(2013), "2025-12-31T12:00:00Z", Ages::default()), "open, review");
    assert_eq!(of(&parent, When::Year(2013), "2026-01-01T00:00:00Z", Ages::default()), "suspended, review");
    assert_eq!(
        of(&parent, When::Month(2013, 6), "2026-06-01T12:00:00Z", Ages::default()),
        "suspended, review"
    );
    assert_eq!(of(&agreed, When::Year(2010), "2026-12-30T12:00:00Z", Ages::default()), "suspended, young");
    assert_eq!(of(&agreed, When::Year(2010), "2026-12-31T12:00:00Z", Ages::default()), "open");
    let unknown =
        standing(&parent, Cared { born: None, died: false }, at("2026-01-01T00:00:00Z"), Ages::default());
    assert_eq!(word(unknown), "suspended, unknown");
}

#[test]
fn what_is_not_running_opens_nothing() {
    let cared = Cared { born: Some(When::Day(date(1950, 1, 1))), died: false };
    let now = at("2026-11-22T12:00:00Z");
    let with = |stage| Relationship { stage, ..relationship(Basis::Agreement, None) };
    for (stage, expected) in [
        (Stage::Applied, "waiting"),
        (Stage::Refused, "refused"),
        (Stage::Ended, "ended"),
        (Stage::Approved, "open"),
    ] {
        assert_eq!(word(standing(&with(stage), cared, now, Ages::default())), expected);
    }
    let hidden = Relationship { hidden_at: Some(now), ..with(Stage::Approved) };
    assert_eq!(word(standing(&hidden, cared, now, Ages::default())), "hidden");
    let died = Cared { died: true, ..cared };
    assert_eq!(word(standing(&with(Stage::Approved), died, now, Ages::default())), "suspended, died");
    assert!(with(Stage::Ended).ended.is_none() && EndedBy::ALL.len() == 3);
}

#[test]
fn access_holds_from_the_instant_it_begins_to_the_instant_it_ends() {
    let (day, instant) = (|day| When::Day(date(2026, 7, day)), |text| When::Instant(at(text)));
    let noon = "2026-07-10T12:00:00Z";
    // Summer: a day in London ends at 23:00 UTC.
    let table = [
        (None, Some(day(9)), "2026-07-09T22:59:59Z", "open"),
        (None, Some(day(9)), "2026-07-09T23:00:00Z", "ended"),
        (None, Some(When::Month(2026, 6)), "2026-06-30T22:59:59Z", "open"),
        (None, Some(When::Month(2026, 6)), "2026-06-30T23:00:00Z", "ended"),
        (None, Some(When::Year(2026)), "2026-12-31T23:59:59Z", "open"),
        (None, Some(When::Year(2026)), "2027-01-01T00:00:00Z", "ended"),
        (None, Some(instant(noon)), "2026-07-10T11:59:59Z", "open"),
        (None, Some(instant(noon)), noon, "ended"),
        (Some(instant(noon)), None, "2026-07-10T11:59:59Z", "later"),
        (Some(instant(noon)), None, noon, "open"),
        (Some(day(10)), None, "2026-07-09T22:59:59Z", "later"),
        (Some(day(10)), None, "2026-07-09T23:00:00Z", "open"),
        (Some(When::Year(2027)), Some(day(9)), "2026-07-09T12:00:00Z", "later"),
    ];
    for (begins, lapses, now, expected) in table {
        let one = Relationship { begins, lapses, ..relationship(Basis::Agreement, None) };
        assert_eq!(of(&one, When::Year(1950), now, Ages::default()), expected, "{begins:?} {lapses:?} {now}");
    }
}

proptest! {
    #[test]
    fn nobody_acts_by_parental_right_for_somebody_of_sixteen(
        days in 0..16_000_i32, later in 0..10_000_i64, review in proptest::option::of((0..10_000_i32, any::<bool>(), any::<bool>())), age in 0..20_i16
    ) {
        let born = date(1990, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let day = |after: i32| born.checked_add(jiff::Span::new().days(after)).unwrap();
        let parent = relationship(Basis::Parental, review.map(|(on, competent, agrees)| (day(on), competent, agrees)));
        let now = day(i32::try_from(later).unwrap()).to_zoned(default_zone().clone()).unwrap().timestamp();
        let open = matches!(
            standing(&parent, Cared { born: Some(When::Day(born)), died: false }, now, Ages::suspending_from(age)),
            Standing::Open { .. }
        );
        // In plain words, by whole years counted one by one.
        let years = (0..60).take_while(|n| {
            let year = born.year() + n + 1;
            let leap = Date::new(year, 2, 29).is_ok();
            let turns = if (born.month(), born.day()) == (2, 29) && !leap { date(year, 3, 1) } else { date(year, born.month(), born.day()) };
            turns <= today(now)
        }).count();
        let heard = parent.review.as_ref().is_some_and(|review| review.on >= birthday(born, 11).unwrap());
        let wanted = !heard || parent.review.as_ref().is_some_and(Review::goes_on);
        let limit = usize::try_from(age.clamp(11, 13)).unwrap();
        prop_assert_eq!(open, years < 16 && wanted && (heard || years < limit));
    }
}
