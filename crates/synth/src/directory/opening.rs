//! When the made-up services are open, as FHIR writes it, and the two extensions that FHIR needs for it.

use crate::calendar::{DAY, Day, HOUR, fhir_instant};
use crate::compose::{list, period};
use crate::world::World;
use fhir::json::Value;

/// What a service does on bank holidays (valueCode).
const HOLIDAYS: &str = "https://bevan.example/fhir/StructureDefinition/bank-holiday-hours";
/// Extra hours (valuePeriod).
const EXTRA: &str = "https://bevan.example/fhir/StructureDefinition/extra-hours";

const WORKING: &[&str] = &["mon", "tue", "wed", "thu", "fri"];
const DAILY: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

type Times = (&'static [&'static str], &'static str, &'static str);

/// A way of being open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// Day and night.
    Always,
    /// Every day from early to late.
    LongDays,
    /// Working days.
    Office,
    /// Working days, with a lunch break and an afternoon off for training.
    Surgery,
    /// Working days and Saturday morning.
    Shop,
    /// All week, shorter on Sundays and bank holidays.
    Supermarket,
    /// As a shop, and open for some hours on Christmas Day.
    Rota,
    /// Working days; says nothing about bank holidays.
    Silent,
    /// Mornings of working days.
    Mornings,
    /// Two evenings and Saturday.
    Evenings,
}

impl Opening {
    fn times(self) -> &'static [Times] {
        match self {
            Self::Always => &[],
            Self::LongDays => &[(DAILY, "08:00:00", "22:00:00")],
            Self::Office | Self::Silent => &[(WORKING, "09:00:00", "17:00:00")],
            Self::Surgery => &[(WORKING, "08:00:00", "12:30:00"), (WORKING, "13:30:00", "18:30:00")],
            Self::Shop | Self::Rota => {
                &[(WORKING, "09:00:00", "18:00:00"), (&["sat"], "09:00:00", "13:00:00")]
            }
            Self::Supermarket => &[
                (&["mon", "tue", "wed", "thu", "fri", "sat"], "07:00:00", "23:00:00"),
                (&["sun"], "10:00:00", "16:00:00"),
            ],
            Self::Mornings => &[(WORKING, "08:00:00", "12:00:00")],
            Self::Evenings => {
                &[(&["tue", "thu"], "14:00:00", "20:00:00"), (&["sat"], "10:00:00", "14:00:00")]
            }
        }
    }

    pub(super) fn available(self) -> Option<Value> {
        let days = |days: &[&str]| list(days.iter().map(|day| Value::from(*day)));
        if self == Self::Always {
            let whole = Value::object([("daysOfWeek", days(DAILY)), ("allDay", Value::from(true))]);
            return Some(list([whole]));
        }
        let times = self.times().iter().map(|(on, from, until)| {
            Value::object([
                ("daysOfWeek", days(on)),
                ("availableStartTime", Value::from(*from)),
                ("availableEndTime", Value::from(*until)),
            ])
        });
        Some(list(times))
    }

    pub(super) fn extensions(self, world: &World) -> Option<Value> {
        let holidays = match self {
            Self::Always | Self::LongDays => "as-usual",
            Self::Supermarket => "as-sunday",
            Self::Silent => return None,
            _ => "closed",
        };
        let holidays = Value::object([("url", Value::from(HOLIDAYS)), ("valueCode", Value::from(holidays))]);
        let christmas = (self == Self::Rota).then(|| {
            let (year, _, _) = world.today().date();
            let at = |hour| fhir_instant(Day::of(year, 12, 25).at(hour * HOUR));
            Value::object([("url", Value::from(EXTRA)), ("valuePeriod", period(&at(10), Some(&at(13))))])
        });
        Some(list(std::iter::once(holidays).chain(christmas)))
    }

    /// The afternoon of a Wednesday in the weeks to come.
    pub(super) fn not_available(self, world: &World) -> Option<Value> {
        if self != Self::Surgery {
            return None;
        }
        let today = world.today();
        let wednesday = (7..14).map(|ahead| today.plus(ahead)).find(|day| (day.0 + 3).rem_euclid(7) == 2)?;
        let noon = wednesday.at(DAY / 2 + HOUR / 2);
        let during = period(&fhir_instant(noon), Some(&fhir_instant(noon + 6 * HOUR)));
        Some(list([Value::object([("description", Value::from("Staff training")), ("during", during)])]))
    }

    /// What the service says about exceptions in words.
    pub(super) fn words(self) -> Option<&'static str> {
        match self {
            Self::Surgery => Some("When the surgery is closed, call 111."),
            Self::Rota => Some("Open on Christmas Day from 10am to 1pm."),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;

    #[test]
    fn training_is_on_a_wednesday_afternoon() {
        let world = World::new(Plan { seed: 1, people: 10, start: "2026-11-02T08:00:00Z".parse().unwrap() });
        let closed = Opening::Surgery.not_available(&world).unwrap();
        let first = closed.as_array().unwrap().first().unwrap();
        assert_eq!(first.text_at(&["during", "start"]), Some("2026-11-11T12:30:00Z"));
    }
}
