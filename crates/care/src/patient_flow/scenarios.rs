//! Stays told in messages, fed in every order. Each scenario states what a ward sister would expect to see.

use super::event::*;
use super::moment::{HOUR, Moment, Precision};
use super::person::*;
use super::sequence::{ORDERS, Orders};
use super::stay::*;
use super::stays::{Stays, fold, fold_by};
use super::{conflicts, occupancy};

const DAY_ZERO: i64 = 1_772_409_600_000_000; // 2 March 2026, 00:00 UTC, no summer time

/// Minutes after midnight as a moment known to the second.
pub fn at(minutes: i64) -> Moment {
    let from = DAY_ZERO + minutes * 60_000_000;
    Moment {
        text: format!("{minutes}"),
        from,
        until: from + 1_000_000,
        precision: Precision::Second,
        repeated: false,
    }
}

pub fn bed(name: &str) -> Place {
    Place { facility: "ZA101".into(), ward: "W1".into(), bay: "B1".into(), bed: name.into() }
}

pub fn patient(number: &str) -> Subject {
    Subject {
        key: PatientKey { authority: "ZA1".into(), number: number.into() },
        identifiers: vec![Identifier { value: number.into(), authority: "ZA1".into(), kind: "MR".into() }],
        demographics: Demographics::default(),
    }
}

pub fn stay(visit: &str) -> StayKey {
    StayKey { facility: "ZA1".into(), visit: visit.into() }
}

pub fn message(control: &str, occurred: i64, kind: Kind) -> Event {
    Event {
        source: Source { application: "PAS".into(), facility: "ZA1".into() },
        message: MessageKey { control_id: control.into(), sha256: format!("h{control}"), sequence: None },
        part: 0,
        inbox: None,
        times: Times { recorded: Some(at(occurred)), sent: Some(at(occurred)), ..Times::default() },
        subject: patient("1"),
        allergies: Vec::new(),
        kind,
        warnings: Vec::new(),
    }
}

pub fn flow(control: &str, occurred: i64, action: Action, place: Option<&str>) -> Event {
    let visit = Visit { place: place.map(bed), ..Visit::default() };
    message(control, occurred, Kind::Flow(Flow { action, stay: stay("V1"), visit }))
}

impl Event {
    /// The same event, recorded and sent at another time than it occurred.
    pub fn recorded(mut self, minutes: i64) -> Self {
        self.times.occurred = self.times.recorded.take();
        (self.times.recorded, self.times.sent) = (Some(at(minutes)), Some(at(minutes)));
        self
    }

    /// The same event about another patient and stay.
    pub fn of(mut self, number: &str, visit: &str) -> Self {
        self.subject = patient(number);
        if let Kind::Flow(flow) = &mut self.kind {
            flow.stay = stay(visit);
        }
        self
    }

    /// The same event saying more about its stay.
    pub fn visit(mut self, change: impl FnOnce(&mut Visit)) -> Self {
        if let Kind::Flow(flow) = &mut self.kind {
            change(&mut flow.visit);
        }
        self
    }
}

/// Every order of `items`, by Heap's algorithm.
pub fn every_order<T>(items: &mut [T], check: &mut impl FnMut(&[T])) {
    fn go<T>(k: usize, items: &mut [T], check: &mut impl FnMut(&[T])) {
        if k <= 1 {
            check(items);
            return;
        }
        for i in 0..k {
            go(k - 1, items, check);
            if i + 1 < k {
                items.swap(if k.is_multiple_of(2) { i } else { 0 }, k - 1);
            }
        }
    }
    let k = items.len();
    go(k, items, check);
}

/// Feeds every order, and every order with every message doubled; returns the one state.
pub fn one_state(events: &[Event]) -> Stays {
    assert!(events.len() <= 7, "use random orders beyond 7 messages");
    let expected = fold(events);
    let mut orders = 0;
    every_order(&mut events.to_vec(), &mut |order| {
        orders += 1;
        assert_eq!(fold(order), expected);
        let mut doubled = order.to_vec();
        doubled.extend(order.iter().rev().cloned());
        assert_eq!(fold(&doubled), expected);
    });
    assert_eq!(orders, (1..=events.len()).product::<usize>());
    expected
}

/// The timeline as text: `A 600-720, B 720-`.
pub fn told(stay: &Stay) -> String {
    let minute = |moment: &Moment| (moment.from - DAY_ZERO) / 60_000_000;
    let one = |p: &Placement| {
        let to = p.to.as_ref().map(|to| minute(to).to_string()).unwrap_or_default();
        format!("{} {}-{to}", p.place.bed, minute(&p.from))
    };
    stay.placements.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub fn an_order() -> super::Order {
    super::Order {
        key: super::OrderKey { facility: "ZA1".into(), number: "O1".into() },
        placer: "O1".into(),
        filler: String::new(),
        asked: super::Asked::Service,
        code: Coded { code: "26604007".into(), display: "Full blood count".into(), system: "SCT".into() },
        status: "active".into(),
        priority: "routine".into(),
        requester: Clinician::default(),
        authored_at: Some(at(600)),
        wanted_at: None,
        reason: Coded::default(),
        notes: Vec::new(),
    }
}

fn only(state: &Stays) -> &Stay {
    assert_eq!(state.stays.len(), 1);
    state.stays.values().next().unwrap()
}

pub fn simple_moves() -> Vec<Event> {
    vec![
        flow("1", 480, Action::Register, Some("ED")),
        flow("2", 600, Action::Admit, Some("A")),
        flow("3", 720, Action::Transfer, Some("B")),
        flow("4", 800, Action::Update, Some("B")),
        flow("5", 840, Action::Transfer, Some("C")),
        flow("6", 900, Action::PlanDischarge, None),
        flow("7", 960, Action::Discharge, Some("C")).visit(|visit| visit.discharged_at = Some(at(960))),
    ]
}

#[test]
fn simple_moves_leave_a_timeline() {
    let state = one_state(&simple_moves());
    let stay = only(&state);
    assert_eq!(told(stay), "ED 480-600, A 600-720, B 720-840, C 840-960");
    assert_eq!(
        stay.classes.iter().map(|(_, class)| class.clone()).collect::<Vec<_>>(),
        [Class::Emergency, Class::Inpatient]
    );
    assert!(!stay.is_open());
    assert_eq!(stay.plans[0].standing, Standing::Fulfilled);
}

#[test]
fn admitted_twice_with_a_cancelled_discharge_between() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 720, Action::Discharge, Some("A")),
        flow("3", 730, Action::CancelDischarge, Some("A")),
        flow("4", 600, Action::Admit, Some("B")).recorded(740),
    ]);
    let stay = only(&state);
    assert_eq!(told(stay), "B 600-");
    assert!(stay.discharge.is_none());
    assert_eq!(stay.superseded.len(), 2, "the discharge and the first bed are kept as superseded");
}

#[test]
fn a_cancelled_admission_voids_the_stay() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 610, Action::Update, Some("A")),
        flow("3", 620, Action::CancelAdmit, Some("A")),
    ]);
    let stay = only(&state);
    assert!(stay.voided.is_some() && stay.placements.is_empty() && !stay.is_open());
    assert!(stay.superseded.iter().any(|fact| fact.place == Some(bed("A"))));
}

#[test]
fn a_cancelled_transfer_leaves_the_patient_where_the_cancel_says() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Transfer, Some("B")),
        flow("3", 760, Action::CancelTransfer, Some("A")),
    ]);
    assert_eq!(told(only(&state)), "A 600-");
    let elsewhere = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Transfer, Some("B")),
        flow("3", 760, Action::CancelTransfer, Some("D")),
    ]);
    assert_eq!(told(only(&elsewhere)), "A 600-760, D 760-");
}

#[test]
fn a_cancelled_discharge_clears_time_and_disposition() {
    let gone = |visit: &mut Visit| {
        visit.disposition = Some(Coded { code: "1".into(), ..Coded::default() });
    };
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Discharge, Some("A")).visit(gone),
        flow("3", 720, Action::CancelDischarge, Some("A")),
    ]);
    let stay = only(&state);
    assert!(stay.is_open() && stay.discharge.is_none());
    assert_eq!(told(stay), "A 600-");
}

/// The three cancels, each followed by the same fact sent again with the same occurred-at.
#[test]
fn the_cancel_of_a_cancel_restores_the_fact() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Transfer, Some("B")),
        flow("3", 710, Action::CancelTransfer, Some("A")),
        flow("4", 700, Action::Transfer, Some("B")).recorded(720),
        flow("5", 900, Action::Discharge, Some("B")),
        flow("6", 910, Action::CancelDischarge, Some("B")),
        flow("7", 900, Action::Discharge, Some("B")).recorded(930),
    ]);
    let stay = only(&state);
    assert_eq!(stay.discharge.as_ref().map(|departure| departure.at.from), Some(at(900).from));
    assert_eq!(told(stay), "A 600-700, B 700-900");
    let admission = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 610, Action::CancelAdmit, Some("A")),
        flow("3", 600, Action::Admit, Some("A")).recorded(620),
    ]);
    assert!(only(&admission).is_open());
    assert_eq!(told(only(&admission)), "A 600-");
}

#[test]
fn a_late_admission_does_not_put_the_patient_back() {
    let state = one_state(&[
        flow("2", 720, Action::Transfer, Some("B")).visit(|visit| visit.admitted_at = Some(at(600))),
        flow("1", 600, Action::Admit, Some("A")).recorded(900),
    ]);
    assert_eq!(told(only(&state)), "A 600-720, B 720-");
    let without = one_state(&[
        flow("2", 720, Action::Transfer, Some("B")).visit(|visit| visit.admitted_at = Some(at(600)))
    ]);
    assert_eq!(only(&without).opening, Opening::FirstSight);
    assert_eq!(only(&without).opened_at, Some(at(600)));
    assert_eq!(told(only(&without)), "B 720-");
}

#[test]
fn an_update_may_be_the_first_sight() {
    let first = |visit: &mut Visit| visit.admitted_at = Some(at(600));
    let state = one_state(&[
        flow("1", 800, Action::Update, Some("A")).visit(first),
        flow("2", 900, Action::Transfer, Some("B")),
        flow("3", 950, Action::Update, Some("A")),
    ]);
    let stay = only(&state);
    assert_eq!((stay.opening, told(stay).as_str()), (Opening::FirstSight, "A 600-900, B 900-"));
    assert!(
        matches!(stay.concerns[..], [Concern::PlaceDiffers(_)]),
        "no move by an update where transfers exist"
    );
}

#[test]
fn a_swap_is_one_event_for_two_stays() {
    let side = Side {
        subject: patient("2"),
        flow: Flow {
            action: Action::Swap,
            stay: stay("V2"),
            visit: Visit { place: Some(bed("A")), ..Visit::default() },
        },
    };
    let first = Flow {
        action: Action::Swap,
        stay: stay("V1"),
        visit: Visit { place: Some(bed("B")), ..Visit::default() },
    };
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 610, Action::Admit, Some("B")).of("2", "V2"),
        message("3", 700, Kind::Swap(first, Box::new(side))),
        flow("4", 800, Action::Discharge, Some("B")),
    ]);
    assert_eq!(told(&state.stays[&stay("V1")]), "A 600-700, B 700-800");
    assert_eq!(told(&state.stays[&stay("V2")]), "B 610-700, A 700-");
    assert!(conflicts(state.stays.values(), at(750).from).is_empty());
}

pub fn merge(control: &str, occurred: i64, prior: &str, survivor: &str) -> Event {
    let prior = patient(prior).key;
    Event { subject: patient(survivor), ..message(control, occurred, Kind::Merge { prior }) }
}

#[test]
fn a_merge_in_mid_stay_links_and_moves_nothing() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        merge("2", 650, "1", "9"),
        flow("3", 700, Action::Transfer, Some("B")).of("9", "V1"),
        flow("4", 800, Action::Discharge, Some("B")).of("9", "V1"),
    ]);
    let stay = only(&state);
    assert_eq!(stay.patient, patient("1").key);
    assert_eq!(told(stay), "A 600-700, B 700-800");
    assert_eq!(state.people[&patient("1").key].links[0].direction, super::Direction::ReplacedBy);
    assert_eq!(state.people[&patient("9").key].links[0].direction, super::Direction::Replaces);
}

#[test]
fn merge_then_unmerge_restores_the_same_state() {
    let prior = patient("1").key;
    let mut events = vec![
        flow("1", 600, Action::Admit, Some("A")),
        flow("3", 700, Action::Transfer, Some("B")),
        Event { subject: patient("9"), ..message("5", 500, Kind::Person) },
    ];
    let before = fold(&events);
    events.push(merge("2", 650, "1", "9"));
    assert_ne!(fold(&events), before);
    events.push(Event { subject: patient("9"), ..message("4", 900, Kind::Unmerge { prior }) });
    assert_eq!(one_state(&events), before);
}

#[test]
fn verified_people_with_different_nhs_numbers_are_parked() {
    let verified = |control: &str, number: &str, nhs: &str| {
        let mut event = Event { subject: patient(number), ..message(control, 500, Kind::Person) };
        event.subject.demographics.nhs_number_status = Field::Set("01".into());
        event.subject.identifiers.push(Identifier {
            value: nhs.into(),
            authority: "NHS".into(),
            kind: "NH".into(),
        });
        event
    };
    let state = one_state(&[
        verified("1", "1", "9990079196"),
        verified("2", "9", "9990237573"),
        merge("3", 600, "1", "9"),
    ]);
    assert!(state.people.values().all(|person| person.links.iter().all(|link| link.parked)));
}

#[test]
fn a_moved_visit_changes_hands_and_back() {
    let moved = |control: &str, minutes: i64, to: &str| {
        let kind = Kind::MoveVisit { from: stay("V1"), to: stay("V1"), prior: None };
        Event { subject: patient(to), ..message(control, minutes, kind) }
    };
    let state = one_state(&[flow("1", 600, Action::Admit, Some("A")), moved("2", 700, "9")]);
    assert_eq!(only(&state).patient, patient("9").key);
    let back =
        one_state(&[flow("1", 600, Action::Admit, Some("A")), moved("2", 700, "9"), moved("3", 800, "1")]);
    assert_eq!(only(&back).patient, patient("1").key);
    let renumbered = Kind::MoveVisit { from: stay("V1"), to: stay("V7"), prior: None };
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        message("2", 700, renumbered),
        flow("3", 800, Action::Transfer, Some("B")).of("1", "V7"),
    ]);
    assert_eq!(only(&state).key, stay("V7"));
    assert_eq!(told(only(&state)), "A 600-800, B 800-");
}

#[test]
fn pending_then_cancelled_leaves_no_plan_and_no_occupancy() {
    let state = one_state(&[
        flow("0", 500, Action::PreAdmit, Some("A")),
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 650, Action::PlanTransfer, Some("B")),
        flow("3", 660, Action::CancelPlanTransfer, Some("A")),
        flow("4", 670, Action::PlanDischarge, None),
        flow("5", 680, Action::CancelPlanDischarge, None),
    ]);
    let stay = only(&state);
    assert_eq!(told(stay), "A 600-");
    assert!(
        stay.plans.iter().all(|plan| plan.purpose == Purpose::Admit && plan.standing == Standing::Fulfilled)
    );
    let expected = one_state(&[
        flow("1", 500, Action::PlanAdmit, Some("A")),
        flow("2", 550, Action::CancelPlanAdmit, Some("A")),
    ]);
    assert!(only(&expected).voided.is_some() && only(&expected).placements.is_empty());
}

#[test]
fn an_update_corrects_a_wrong_bed() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 660, Action::Update, Some("B")),
        flow("3", 900, Action::Discharge, Some("B")),
    ]);
    let stay = only(&state);
    assert_eq!(told(stay), "B 600-900");
    assert!(stay.superseded.iter().any(|fact| fact.place == Some(bed("A"))));
}

#[test]
fn two_patients_in_one_bed_are_a_conflict() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Discharge, Some("A")),
        flow("3", 710, Action::Admit, Some("A")).of("2", "V2"),
        flow("4", 720, Action::CancelDischarge, Some("A")),
    ]);
    let beds = conflicts(state.stays.values(), at(730).from);
    assert_eq!(beds[&bed("A")].len(), 2);
    assert_eq!(occupancy(state.stays.values(), at(605).from)[&bed("A")].len(), 1);
}

#[test]
fn leave_and_temporary_places_keep_the_bed() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 650, Action::Depart, Some("XRAY")),
        flow("3", 700, Action::Arrive, Some("A")),
        flow("4", 800, Action::LeaveOut, Some("A")),
        flow("5", 900, Action::LeaveBack, Some("A")),
        flow("6", 950, Action::LeaveOut, None),
    ]);
    let stay = only(&state);
    assert_eq!(told(stay), "A 600-");
    assert!(stay.on_leave() && stay.temporary.is_none() && stay.leave.len() == 2);
}

#[test]
fn what_is_implied_gives_way_to_anything_stated() {
    let implied = one_state(&[flow("1", 700, Action::Imply, Some("X"))]);
    assert_eq!((only(&implied).opening, told(only(&implied)).as_str()), (Opening::Implied, "X 700-"));
    let state = one_state(&[
        flow("1", 700, Action::Imply, Some("X")),
        flow("2", 600, Action::Admit, Some("A")).recorded(900),
    ]);
    assert_eq!(told(only(&state)), "A 600-");
}

#[test]
fn a_movement_after_the_discharge_is_kept_and_flagged() {
    let state = one_state(&[
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 700, Action::Discharge, Some("A")),
        flow("3", 800, Action::Transfer, Some("B")),
    ]);
    let stay = only(&state);
    assert!(!stay.is_open());
    assert!(matches!(stay.concerns[..], [Concern::AfterDischarge(_)]));
}

#[test]
fn what_was_known_then_and_what_is_known_now() {
    let received = |mut event: Event, minutes: i64| {
        event.times.received_at = Some(at(minutes).from);
        event
    };
    let events = [
        received(flow("1", 600, Action::Admit, Some("A")), 601),
        received(flow("2", 700, Action::Transfer, Some("B")), 1000),
    ];
    let then = super::as_known_at(&events, at(800).from);
    assert_eq!(told(only(&then)), "A 600-");
    assert_eq!(told(only(&fold(&events))), "A 600-700, B 700-");
}

#[test]
fn the_repeated_autumn_hour_follows_the_senders_order() {
    // 25 October 2026: 01:00 to 02:00 happens twice.
    let midnight = "2026-10-24T23:00:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let local = |control: &str, minutes: i64, action, place| {
        let from = midnight + minutes * 60_000_000;
        let moment = Moment {
            text: control.into(),
            from,
            until: from + 1,
            precision: Precision::Minute,
            repeated: true,
        };
        let mut event = flow(control, 0, action, Some(place));
        event.times = Times { recorded: Some(moment.clone()), sent: Some(moment), ..Times::default() };
        event
    };
    let state = one_state(&[
        local("1", 70, Action::Admit, "A"),
        local("2", 110, Action::Transfer, "B"),
        local("3", 80, Action::Transfer, "C"),
        local("4", 100, Action::Transfer, "D"),
    ]);
    let beds: Vec<(&str, i64)> = only(&state)
        .placements
        .iter()
        .map(|one| (one.place.bed.as_str(), (one.from.from - midnight) / 60_000_000))
        .collect();
    assert_eq!(beds, [("A", 70), ("B", 110), ("C", 80 + HOUR / 60_000_000), ("D", 160)]);
}

/// The control: with tie-breaks taken away the result depends on arrival, and the permutation test sees it.
#[test]
fn a_broken_comparator_is_caught() {
    let broken = Orders {
        valid: |one| (one.valid, 0, (0, 0, 0, 0, Default::default(), String::new())),
        source: |one| (one.recorded_at.from, 0, 0, 0, Default::default(), String::new()),
    };
    let events = [
        flow("1", 600, Action::Admit, Some("A")),
        flow("2", 600, Action::Transfer, Some("B")),
        flow("3", 600, Action::CancelTransfer, Some("A")),
        flow("4", 600, Action::Transfer, Some("C")),
    ];
    let differing = |orders: &Orders| {
        let (first, mut differing) = (fold_by(&events, orders), 0);
        every_order(&mut events.to_vec(), &mut |order| {
            differing += usize::from(fold_by(order, orders) != first);
        });
        differing
    };
    assert_eq!(differing(&ORDERS), 0);
    assert!(differing(&broken) > 0, "a broken comparator went unseen");
}
