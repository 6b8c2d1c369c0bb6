//! A stay's location timeline: its active steps, walked in valid order.
//!
//! Occupancy comes only from placements. A temporary place and leave keep the bed held. An update corrects a place
//! only where the feed sends no transfers; what is only implied counts only where nothing is stated.

use super::cancel::{Resolved, Step};
use super::event::{Action, Place};
use super::fold::{is_admission, is_sight, origin};
use super::moment::Moment;
use super::sequence::Orders;
use super::stay::{Absence, Concern, Departure, Placement, Superseded};

/// What the walk found.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Places in valid order.
    pub placements: Vec<Placement>,
    /// Temporary place, now.
    pub temporary: Option<(Place, Moment)>,
    /// Leave in valid order.
    pub leave: Vec<Absence>,
    /// Discharge, when it holds.
    pub discharge: Option<Departure>,
    /// Places and discharges that no longer hold.
    pub superseded: Vec<Superseded>,
    /// Matters for a person.
    pub concerns: Vec<Concern>,
    discharged: bool,
}

impl Timeline {
    /// Walks the active steps. `steps` are all steps of the stay: a cancelled transfer still shows that the feed
    /// sends transfers.
    #[must_use]
    pub fn of(
        steps: &[Step<'_>],
        resolved: &Resolved<'_>,
        opened_at: Option<&Moment>,
        orders: &Orders,
    ) -> Self {
        let mut timeline = Self::default();
        let Some(opened_at) = opened_at else { return timeline };
        let moves = |step: &Step<'_>| {
            matches!(step.flow.action, Action::Transfer | Action::Swap | Action::CancelTransfer)
        };
        let feed_moves = steps.iter().any(moves);
        let stated = resolved.active.iter().any(|step| is_admission(step) || is_sight(step));
        let last_discharge = last_of(Action::Discharge, resolved, orders);
        let ever_discharged = steps.iter().any(|step| step.flow.action == Action::Discharge);
        for step in &resolved.active {
            match step.flow.action {
                Action::Admit | Action::Register => timeline.admit(step, orders),
                Action::Transfer | Action::Swap => timeline.transfer(step),
                Action::CancelTransfer | Action::CancelDischarge => timeline.assert_place(step),
                Action::Update | Action::ToInpatient | Action::ToOutpatient => {
                    timeline.update(step, opened_at, feed_moves);
                }
                Action::Imply if !stated => timeline.update(step, opened_at, false),
                Action::Depart => timeline.depart(step, opened_at),
                Action::Arrive => timeline.arrive(step, opened_at),
                Action::LeaveOut => timeline.leave_out(step, opened_at),
                Action::LeaveBack => timeline.leave_back(step, opened_at),
                Action::Discharge => timeline.discharge(step, opened_at, last_discharge, orders),
                _ => {}
            }
        }
        if !ever_discharged && !resolved.active.iter().any(is_admission) && stated {
            timeline.discharge_at_first_sight(resolved, orders);
        }
        timeline
    }

    fn current(&mut self) -> Option<&mut Placement> {
        self.placements.last_mut().filter(|placement| placement.to.is_none())
    }

    /// Ends the present placement and begins another, unless the patient is there already. A placement that would
    /// have lasted no time was a correction: it is superseded.
    fn go_to(&mut self, place: &Place, at: &Moment, step: &Step<'_>) {
        if let Some(current) = self.current() {
            if current.place == *place {
                return;
            }
            if current.from.from >= at.from {
                self.correct(place, step);
                return;
            }
            current.to = Some(at.clone());
        }
        self.placements.push(Placement {
            place: place.clone(),
            from: at.clone(),
            to: None,
            by: origin(step),
        });
    }

    /// Replaces the present placement's place for its whole time.
    fn correct(&mut self, place: &Place, step: &Step<'_>) {
        let by = origin(step);
        if let Some(current) = self.current() {
            let fact = std::mem::replace(&mut current.by, by.clone());
            let wrong = std::mem::replace(&mut current.place, place.clone());
            self.superseded.push(Superseded { fact, place: Some(wrong), by: Some(by) });
        }
    }

    fn admit(&mut self, step: &Step<'_>, orders: &Orders) {
        if let Some(departure) = &self.discharge {
            let left = departure.by.recorded_at.from;
            if (orders.source)(step.settled).0 < left {
                self.late(step);
                return;
            }
            let fact = departure.by.clone();
            self.superseded.push(Superseded { fact, place: None, by: Some(origin(step)) });
            (self.discharge, self.discharged) = (None, false);
        }
        if let Some(place) = &step.flow.visit.place {
            self.go_to(place, &step.settled.occurred_at, step);
        }
    }

    fn late(&mut self, step: &Step<'_>) {
        let fact = origin(step);
        self.concerns.push(Concern::AfterDischarge(fact.clone()));
        let by = self.discharge.as_ref().map(|departure| departure.by.clone());
        self.superseded.push(Superseded { fact, place: step.flow.visit.place.clone(), by });
    }

    fn transfer(&mut self, step: &Step<'_>) {
        if self.discharged {
            self.late(step);
            return;
        }
        self.temporary = None;
        if let Some(place) = &step.flow.visit.place {
            self.go_to(place, &step.settled.occurred_at, step);
        }
    }

    /// Whether the source stated the present placement after it recorded this step: the step then only echoes
    /// what has since been corrected.
    fn outdated(&mut self, step: &Step<'_>) -> bool {
        let recorded = step.settled.recorded_at.from;
        self.current().is_some_and(|current| current.by.recorded_at.from > recorded)
    }

    /// A cancel names where the patient is now.
    fn assert_place(&mut self, step: &Step<'_>) {
        let place = step.flow.visit.place.as_ref().filter(|_| !self.discharged);
        if let Some(place) = place.filter(|_| !self.outdated(step)) {
            self.go_to(place, &step.settled.occurred_at, step);
        }
    }

    fn update(&mut self, step: &Step<'_>, opened_at: &Moment, feed_moves: bool) {
        let Some(place) = step.flow.visit.place.as_ref().filter(|_| !self.discharged) else { return };
        let corrects = step.flow.action == Action::Update || step.flow.action == Action::Imply;
        let echo = self.outdated(step);
        let first = self.placements.is_empty();
        match self.current() {
            None if first => self.go_to(place, opened_at, step),
            None => self.go_to(place, &step.settled.occurred_at, step),
            Some(current) if current.place == *place => {}
            Some(_) if echo => {}
            Some(_) if corrects && !feed_moves => self.correct(place, step),
            Some(_) => self.concerns.push(Concern::PlaceDiffers(origin(step))),
        }
    }

    fn depart(&mut self, step: &Step<'_>, opened_at: &Moment) {
        if self.discharged {
            return;
        }
        let visit = &step.flow.visit;
        if let Some(place) = visit.prior_place.as_ref().filter(|_| self.placements.is_empty()) {
            self.go_to(place, opened_at, step);
        }
        self.away_at(visit.temporary_place.as_ref().or(visit.place.as_ref()), step);
    }

    fn arrive(&mut self, step: &Step<'_>, opened_at: &Moment) {
        if self.discharged {
            return;
        }
        let visit = &step.flow.visit;
        if let Some(place) = visit.place.as_ref().filter(|_| self.placements.is_empty()) {
            self.go_to(place, opened_at, step);
        }
        let back = self.current().is_some_and(|held| visit.place.as_ref() == Some(&held.place));
        let away = visit.temporary_place.as_ref().or(visit.place.as_ref());
        self.away_at(away.filter(|_| !back), step);
    }

    /// Marks a temporary place; the held bed itself is none.
    fn away_at(&mut self, place: Option<&Place>, step: &Step<'_>) {
        let held = self.current().map(|held| held.place.clone());
        let away = place.filter(|place| Some(*place) != held.as_ref());
        self.temporary = away.map(|place| (place.clone(), step.settled.occurred_at.clone()));
    }

    /// Leave shows the held bed where nothing else has.
    fn held_at_first_sight(&mut self, step: &Step<'_>, opened_at: &Moment) {
        let first = self.placements.is_empty() && !self.discharged;
        if let Some(place) = step.flow.visit.place.as_ref().filter(|_| first) {
            self.go_to(place, opened_at, step);
        }
    }

    fn leave_out(&mut self, step: &Step<'_>, opened_at: &Moment) {
        self.held_at_first_sight(step, opened_at);
        if !self.discharged && self.leave.last().is_none_or(|leave| leave.to.is_some()) {
            let from = step.settled.occurred_at.clone();
            self.leave.push(Absence { from, to: None, by: origin(step) });
        }
    }

    fn leave_back(&mut self, step: &Step<'_>, opened_at: &Moment) {
        self.held_at_first_sight(step, opened_at);
        match self.leave.last_mut().filter(|leave| leave.to.is_none()) {
            Some(leave) => leave.to = Some(step.settled.occurred_at.clone()),
            None => self.concerns.push(Concern::NotOnLeave(origin(step))),
        }
    }

    /// Of several discharges without a new admission between them, that which the source stated last counts.
    fn discharge(&mut self, step: &Step<'_>, opened_at: &Moment, last: Option<&Step<'_>>, orders: &Orders) {
        let newer = self
            .discharge
            .as_ref()
            .is_some_and(|known| known.by.recorded_at.from > (orders.source)(step.settled).0);
        if newer {
            self.superseded.push(Superseded { fact: origin(step), place: None, by: last.map(origin) });
            return;
        }
        let at = step.settled.occurred_at.clone();
        if let Some(place) = step.flow.visit.place.as_ref().filter(|_| self.placements.is_empty()) {
            self.go_to(place, opened_at, step);
        }
        if let Some(earlier) = self.discharge.take() {
            let ended = self.placements.last_mut().filter(|one| one.to.as_ref() == Some(&earlier.at));
            if let Some(placement) = ended {
                placement.to = Some(at.clone());
            }
            self.superseded.push(Superseded { fact: earlier.by, place: None, by: Some(origin(step)) });
        }
        self.close(step, at);
    }

    fn close(&mut self, step: &Step<'_>, at: Moment) {
        if let Some(current) = self.current() {
            current.to = Some(at.clone());
        }
        if let Some(leave) = self.leave.last_mut().filter(|leave| leave.to.is_none()) {
            leave.to = Some(at.clone());
        }
        let visit = &step.flow.visit;
        self.temporary = None;
        self.discharged = true;
        self.discharge = Some(Departure {
            at,
            disposition: visit.disposition.clone(),
            destination: visit.destination.clone(),
            by: origin(step),
        });
    }

    /// A stay first seen in an update that already states its discharge is closed.
    fn discharge_at_first_sight(&mut self, resolved: &Resolved<'_>, orders: &Orders) {
        let Some(update) = last_of(Action::Update, resolved, orders) else { return };
        let Some(at) = update.flow.visit.discharged_at.clone() else { return };
        if update.settled.event.times.trusts(&at) && !self.discharged {
            self.close(update, at);
        }
    }
}

fn last_of<'r, 'a>(action: Action, resolved: &'r Resolved<'a>, orders: &Orders) -> Option<&'r Step<'a>> {
    let same = resolved.active.iter().filter(|step| step.flow.action == action);
    same.max_by_key(|step| (orders.source)(step.settled))
}
