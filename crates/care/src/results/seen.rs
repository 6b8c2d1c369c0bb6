//! Which new results the person has opened themselves: what they have seen is no news to them. Kept beside the record for as
//! long as a result is new, because it says nothing of their care; nobody else reads it, and nobody else's look counts.

use super::matters::{Matter, NEW_DAYS, matter};
use super::view::Outcome;
use crate::Care;
use crate::kept::Kept;
use crate::view::Unseen;
use jiff::{SignedDuration, Timestamp};
use store::{Actor, Role};

const KIND: &str = "seen-result";
/// Somewhat longer than a result is new.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * (NEW_DAYS + 1));

impl Care {
    /// Notes that somebody has opened a report. A result that is issued again, corrected, is new again.
    pub async fn result_seen(
        &self,
        actor: &Actor,
        patient: &str,
        (one, now): (&Outcome, Timestamp),
    ) -> Result<(), Unseen> {
        let Some(matter) = matter(one, now).filter(|_| is_own(actor, patient)) else { return Ok(()) };
        let key = key(patient, &matter);
        // Looked at first, so that opening it again costs no commit.
        if self.kept(KIND, &key, now).await?.is_some() {
            return Ok(());
        }
        let ends_at = now.checked_add(KEPT).map_err(|_| Unseen::Failed)?;
        let owner = format!("Patient/{patient}");
        self.keep(Kept { kind: KIND, key, owner, body: String::new(), ends_at }).await
    }

    /// Those that the person has not opened. One that must not wait stays, seen or not.
    pub(super) async fn not_seen(
        &self,
        actor: &Actor,
        patient: &str,
        (all, now): (Vec<Matter>, Timestamp),
    ) -> Result<Vec<Matter>, Unseen> {
        let mut new = Vec::with_capacity(all.len());
        for one in all {
            let can_be_seen = is_own(actor, patient) && !one.far_out;
            if !can_be_seen || self.kept(KIND, &key(patient, &one), now).await?.is_none() {
                new.push(one);
            }
        }
        Ok(new)
    }
}

/// Whether it is the person who looks: nobody who acts for them, and no staff in their place.
fn is_own(actor: &Actor, patient: &str) -> bool {
    matches!(&actor.role, Role::Patient { patient: own } if own == patient) && !actor.is_on_behalf()
}

fn key(patient: &str, one: &Matter) -> String {
    format!("{patient}/{}/{}", one.id, one.issued_at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Plant, SAMPLE_NOW, minutes_ago};
    use store::{Purpose, Withheld};

    fn actor(role: Role) -> Actor {
        Actor {
            id: "Patient/p".into(),
            name: String::new(),
            role,
            organisation: "".into(),
            purpose: Purpose::PatientRequest,
            trace: "t".into(),
            via: None,
            behalf: None,
        }
    }

    #[test]
    fn the_persons_own_look_ends_the_news_and_nobody_elses_does() {
        let run = tokio::runtime::Builder::new_current_thread().build().unwrap();
        run.block_on(async {
            let care = Care::samples(Plant::Full);
            let own = actor(Role::Patient { patient: "p".into() });
            let carer = actor(Role::Carer {
                patient: "p".into(),
                person: "q".into(),
                relationship: "r".into(),
                withheld: Withheld::default(),
            });
            let one = Outcome::sample();
            let new = async |actor: &Actor| care.result_matters(actor, "p").await.unwrap().len();
            care.result_seen(&carer, "p", (&one, SAMPLE_NOW)).await.unwrap();
            assert_eq!((new(&own).await, new(&carer).await), (1, 1), "a carer's look is not the person's");
            care.result_seen(&own, "other", (&one, SAMPLE_NOW)).await.unwrap();
            assert_eq!(new(&own).await, 1);
            care.result_seen(&own, "p", (&one, SAMPLE_NOW)).await.unwrap();
            assert_eq!((new(&own).await, new(&carer).await), (0, 1), "nor is the person's look the carer's");

            let seen = matter(&one, SAMPLE_NOW).unwrap();
            let urgent = Matter { far_out: true, ..seen.clone() };
            let again = Matter { issued_at: minutes_ago(1), ..seen.clone() };
            let all = vec![seen, urgent.clone(), again.clone()];
            let left = care.not_seen(&own, "p", (all, SAMPLE_NOW)).await.unwrap();
            assert_eq!(left, [urgent, again], "what must not wait stays, and what was corrected is new");
        });
    }
}
