//! The clock of the hospitals: tasks in order of time, and the random choice of who comes.

use super::{Hospital, Place, Stay, StayId};
use crate::calendar::{DAY, HOUR, MINUTE, Seconds, london_hour, london_wall};
use crate::person::Person;
use crate::rng::Rng;
use crate::stream::{Imperfections, Outbox};
use crate::world::{Role, Trust, Ward, WardKind, World};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Something that will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    /// The next hour begins.
    Hour,
    /// Someone comes to the emergency department.
    Arrive,
    /// They are seen and get a cubicle.
    Triage(StayId),
    /// Home or ward?
    Decide(StayId),
    /// A temporary registration turns out to be someone known.
    Identify(StayId),
    /// Two registrations of one person are merged.
    Merge(u64),
    /// Someone is expected tomorrow.
    Book(usize),
    /// They come.
    Admit(u64, usize),
    /// An admission turns out to be a mistake.
    Unadmit(StayId),
    /// From the assessment unit to a ward of the specialty.
    MoveOn(StayId),
    /// A move is told as it should have been.
    Correct(StayId),
    /// Off the ward with permission, and back.
    LeaveOut(StayId),
    LeaveBack(StayId),
    /// The morning of the planned discharge.
    PlanDischarge(StayId),
    Discharge(StayId),
    /// A discharge turns out to be a mistake.
    Undischarge(StayId),
    Observe(StayId),
    Order(StayId),
    /// The results of an order: its number and how many times they have been told.
    Result(StayId, u64, u8),
}

/// Everything that runs.
pub(crate) struct Simulation<'w> {
    pub(crate) world: &'w World,
    pub(crate) rng: Rng,
    pub(crate) clock: Seconds,
    pub(crate) hospitals: Vec<Hospital>,
    pub(crate) outbox: Outbox,
    /// Who is in hospital or expected there.
    pub(crate) present: BTreeSet<u64>,
    tasks: BinaryHeap<Reverse<(Seconds, u64, usize, Task)>>,
    serial: u64,
}

impl<'w> Simulation<'w> {
    pub(crate) fn new(world: &'w World, seed: u64, start: Seconds, rates: Imperfections) -> Self {
        let mut this = Self {
            world,
            rng: Rng::keyed(seed, "hospital", 0),
            clock: start,
            hospitals: (0..world.trusts().len()).map(Hospital::new).collect(),
            outbox: Outbox::new(seed, rates, world.trusts().iter().map(|trust| trust.ods.clone()).collect()),
            present: BTreeSet::new(),
            tasks: BinaryHeap::new(),
            serial: 0,
        };
        for hospital in 0..this.hospitals.len() {
            this.fill(hospital);
            this.at(start + 1, hospital, Task::Hour);
        }
        this.outbox.opened();
        this
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Seconds> {
        self.tasks.peek().map(|Reverse((at, ..))| *at)
    }

    /// Lets the next thing happen.
    pub(crate) fn step(&mut self) {
        let Some(Reverse((at, _, hospital, task))) = self.tasks.pop() else { return };
        self.clock = at;
        match task {
            Task::Hour => self.hour(hospital),
            Task::Arrive => self.arrive(hospital),
            Task::Triage(id) => self.triage(hospital, id),
            Task::Decide(id) => self.decide(hospital, id),
            Task::Identify(id) => self.identify(hospital, id),
            Task::Merge(person) => self.merge(hospital, person),
            Task::Book(ward) => self.book(hospital, ward),
            Task::Admit(person, ward) => self.admit_booked(hospital, person, ward),
            Task::Unadmit(id) => self.unadmit(hospital, id),
            Task::MoveOn(id) => self.move_on(hospital, id),
            Task::Correct(id) => self.correct(hospital, id),
            Task::LeaveOut(id) => self.leave_out(hospital, id),
            Task::LeaveBack(id) => self.leave_back(hospital, id),
            Task::PlanDischarge(id) => self.plan_discharge(hospital, id),
            Task::Discharge(id) => self.discharge(hospital, id),
            Task::Undischarge(id) => self.undischarge(hospital, id),
            Task::Observe(id) => self.observe(hospital, id),
            Task::Order(id) => self.order(hospital, id),
            Task::Result(id, order, told) => self.result(hospital, id, order, told),
        }
    }

    pub(crate) fn at(&mut self, at: Seconds, hospital: usize, task: Task) {
        self.serial += 1;
        self.tasks.push(Reverse((at.max(self.clock), self.serial, hospital, task)));
    }

    pub(crate) fn soon(&mut self, low: Seconds, high: Seconds, hospital: usize, task: Task) {
        let at = self.clock + self.rng.between(low, high);
        self.at(at, hospital, task);
    }

    pub(crate) fn trust(&self, hospital: usize) -> Option<&'w Trust> {
        self.world.trusts().get(self.hospitals.get(hospital)?.trust)
    }

    pub(crate) fn ward(&self, hospital: usize, ward: usize) -> Option<&'w Ward> {
        self.trust(hospital)?.wards.get(ward)
    }

    pub(crate) fn stay(&self, hospital: usize, id: StayId) -> Option<&Stay> {
        self.hospitals.get(hospital)?.stays.get(&id)
    }

    pub(crate) fn stay_mut(&mut self, hospital: usize, id: StayId) -> Option<&mut Stay> {
        self.hospitals.get_mut(hospital)?.stays.get_mut(&id)
    }

    pub(crate) fn occupancy(&self, hospital: usize) -> f64 {
        match (self.hospitals.get(hospital), self.trust(hospital)) {
            (Some(state), Some(trust)) => state.occupancy(trust),
            _ => 0.0,
        }
    }

    /// A free bed on a ward, at random.
    pub(crate) fn free_bed(&mut self, hospital: usize, ward: usize) -> Option<Place> {
        let beds = self.ward(hospital, ward)?.beds.len();
        let free = self.hospitals.get(hospital)?.free(ward, beds);
        let pick = self.rng.below(free.len() as u64) as usize;
        free.get(pick).map(|bed| Place { ward, bed: Some(*bed) })
    }

    /// Positions of the wards of a kind.
    pub(crate) fn wards(&self, hospital: usize, kind: WardKind) -> Vec<usize> {
        let wards = self.trust(hospital).map(|trust| trust.wards.as_slice()).unwrap_or_default();
        wards.iter().enumerate().filter(|(_, ward)| ward.kind == kind).map(|(at, _)| at).collect()
    }

    /// A consultant of the ward: position in [`World::staff`].
    pub(crate) fn consultant(&mut self, hospital: usize, ward: usize) -> usize {
        let (Some(trust), Some(ward)) = (self.trust(hospital), self.ward(hospital, ward)) else { return 0 };
        let staff = self.world.staff().iter().enumerate();
        let doctors: Vec<usize> = staff
            .filter(|(_, one)| {
                one.role == Role::Consultant
                    && one.organisation == trust.organisation
                    && one.ward == ward.code
            })
            .map(|(at, _)| at)
            .collect();
        self.rng.pick(&doctors)
    }

    /// Someone who is not in hospital now and would come to such a ward here.
    pub(crate) fn choose(&mut self, hospital: usize, kind: WardKind) -> Option<Person> {
        let trust = self.trust(hospital)?;
        let home = self.hospitals.get(hospital)?.trust;
        let beds: usize = trust.wards.iter().map(|ward| ward.beds.len()).sum();
        let around = beds as u64 * if trust.mental_health { 700 } else { 8 };
        let catchment = self.world.plan().people.max(around);
        let today = crate::calendar::Day::holding(self.clock);
        for attempt in 0..20_000 {
            let index = self.rng.below(catchment);
            if self.present.contains(&index) {
                continue;
            }
            let person = self.world.person(index);
            if person.trust != home || person.death.is_some() || person.birth >= today {
                continue;
            }
            let likely = likelihood(kind, person.age_on(today));
            if self.rng.chance(if attempt > 2_000 { likely * 4.0 } else { likely }) {
                return Some(person);
            }
        }
        None
    }

    /// What happens every hour: arrivals of the hour, and small changes here and there.
    fn hour(&mut self, hospital: usize) {
        self.at(self.clock + HOUR, hospital, Task::Hour);
        let Some(trust) = self.trust(hospital) else { return };
        let hour = london_hour(self.clock);
        let beds: usize = trust.wards.iter().map(|ward| ward.beds.len()).sum();
        if trust.mental_health {
            self.mental_health_hour(hospital, hour);
        } else {
            let busy = HOURLY.get(hour as usize).copied().unwrap_or(1.0);
            // About half an attendance a day for each bed, spread over the hours of the day.
            let expected = beds as f64 * 0.50 / 24.0 * busy;
            let whole = expected as u64 + u64::from(self.rng.chance(expected - expected.floor()));
            for _ in 0..whole {
                self.soon(0, HOUR - 1, hospital, Task::Arrive);
            }
        }
        if (13..18).contains(&hour) {
            self.bookings(hospital);
        }
        self.place_waiting(hospital);
        self.small_changes(hospital, hour);
    }

    /// When a stay of so many hours ends, at an hour at which people leave.
    pub(crate) fn leaving_time(&mut self, from: Seconds, hours: f64) -> Seconds {
        const HOURS: &[(i64, u32)] = &[
            (9, 5),
            (10, 12),
            (11, 18),
            (12, 9),
            (13, 9),
            (14, 13),
            (15, 13),
            (16, 11),
            (17, 8),
            (18, 5),
            (19, 3),
        ];
        let day = (hours / 24.0) as i64;
        let wall = self.rng.weighted(HOURS) * HOUR + self.rng.between(0, 3_599);
        let at = london_wall(from, day, wall);
        if at < from + 3 * HOUR { at + DAY } else { at }
    }

    /// The usual delay between an event and its being written down.
    pub(crate) fn note_delay(&mut self) -> Seconds {
        self.rng.skewed(5.0, 8.0 * MINUTE as f64, 3) as Seconds
    }
}

/// How busy an emergency department is at each hour of the day, against its mean (shape of national figures).
const HOURLY: [f64; 24] = [
    0.55, 0.45, 0.40, 0.36, 0.35, 0.38, 0.48, 0.70, 1.05, 1.35, 1.52, 1.55, 1.50, 1.45, 1.42, 1.42, 1.45,
    1.48, 1.50, 1.42, 1.25, 1.05, 0.85, 0.67,
];

fn likelihood(kind: WardKind, age: i32) -> f64 {
    let age = age.max(0);
    match kind {
        WardKind::Emergency => match age {
            0..5 => 0.8,
            5..18 => 0.4,
            18..65 => 0.45,
            65..80 => 0.7,
            _ => 1.0,
        },
        WardKind::Children => f64::from(u8::from(age < 16)),
        WardKind::Elderly | WardKind::OlderMentalHealth if age < 65 => 0.0,
        WardKind::Elderly => {
            if age >= 75 {
                1.0
            } else {
                0.3
            }
        }
        WardKind::OlderMentalHealth => 1.0,
        WardKind::AdultMentalHealth => f64::from(u8::from((18..65).contains(&age))),
        _ if age < 16 => 0.0,
        _ => 0.1 + f64::from(age) / 110.0,
    }
}
