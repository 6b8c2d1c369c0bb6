//! A view that stays open and is read again whenever the record changes, such as a live ward board.
//!
//! The first read of each patient is audited like any other, and again whenever a quarter of an hour has passed; reads
//! between show the same reader the same patients on the same screen, and add no row. What was audited is remembered only
//! once its rows are durable, so nothing is ever shown that has no row.

use crate::audit::{Action, Draft};
use fhir::json::Text;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long a row stands for what is shown, in microseconds.
const STANDS_US: i64 = 15 * 60 * 1_000_000;

/// What one open view has shown, and when that was audited.
#[derive(Clone, Debug, Default)]
pub struct Viewing(Arc<Mutex<HashMap<Shown, i64>>>);

/// One kind of thing shown: a patient's part of the record, or a query about nobody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shown {
    patient: Option<i64>,
    resource_type: Option<Text>,
    /// For what is about no patient, which resource or query it was.
    other: Option<Text>,
}

impl Shown {
    fn of(draft: &Draft) -> Self {
        let patient = draft.patient.as_ref().map(|subject| subject.key);
        let other = draft.id.clone().or_else(|| draft.query.as_deref().map(Text::from));
        Self {
            patient,
            resource_type: draft.resource_type.clone(),
            other: other.filter(|_| patient.is_none()),
        }
    }
}

impl Viewing {
    fn all(&self) -> MutexGuard<'_, HashMap<Shown, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The drafts that need a row now. Failed attempts and changes always do.
    pub(crate) fn due(&self, drafts: Vec<Draft>, now_us: i64) -> Vec<Draft> {
        let all = self.all();
        let stands = |draft: &Draft| {
            let looks = matches!(draft.action, Action::Read | Action::Query) && draft.outcome == 0;
            looks && all.get(&Shown::of(draft)).is_some_and(|at| now_us.saturating_sub(*at) < STANDS_US)
        };
        drafts.into_iter().filter(|draft| !stands(draft)).collect()
    }

    /// What will be remembered once these drafts are durable.
    pub(crate) fn shown(drafts: &[Draft]) -> Vec<Shown> {
        drafts.iter().map(Shown::of).collect()
    }

    /// Remembers what is durable, and forgets what no longer stands.
    pub(crate) fn remember(&self, shown: Vec<Shown>, now_us: i64) {
        let mut all = self.all();
        all.retain(|_, at| now_us.saturating_sub(*at) < STANDS_US);
        all.extend(shown.into_iter().map(|one| (one, now_us)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Subject;

    fn about(patient: i64) -> Draft {
        let subject = Subject { key: patient, id: Text::from("p") };
        Draft { patient: Some(subject), ..Draft::entity(Action::Read, "read", "Patient", "p") }
    }

    #[test]
    fn each_patient_is_audited_once_a_quarter_of_an_hour() {
        let viewing = Viewing::default();
        let drafts = vec![about(1), about(2)];
        assert_eq!(viewing.due(drafts.clone(), 0).len(), 2);
        viewing.remember(Viewing::shown(&drafts), 0);
        assert_eq!(viewing.due(vec![about(1), about(3)], STANDS_US - 1), [about(3)]);
        assert_eq!(viewing.due(vec![about(1)], STANDS_US).len(), 1);
    }

    #[test]
    fn what_was_not_made_durable_is_due_again() {
        let viewing = Viewing::default();
        assert_eq!(viewing.due(vec![about(1)], 0).len(), 1);
        assert_eq!(viewing.due(vec![about(1)], 1).len(), 1);
    }

    #[test]
    fn another_part_of_the_record_and_a_failure_are_always_due() {
        let viewing = Viewing::default();
        viewing.remember(Viewing::shown(&[about(1)]), 0);
        let other = Draft { resource_type: Some(Text::from("Encounter")), ..about(1) };
        assert_eq!(viewing.due(vec![other, Draft { outcome: 4, ..about(1) }], 1).len(), 2);
    }
}
