//! Observations every few hours with an early warning score, blood tests with their results, now and then a
//! preliminary or a corrected one.

use super::StayId;
use super::simulation::{Simulation, Task};
use crate::calendar::{HOUR, MINUTE, Seconds};
use crate::record::laboratory::{BLOOD_COUNT, INFLAMMATION, KIDNEY, Panel, value};
use crate::rng::Rng;

/// One set of bedside observations.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Observations {
    pub(crate) respiration: i64,
    pub(crate) saturation: i64,
    pub(crate) oxygen: bool,
    pub(crate) systolic: i64,
    pub(crate) diastolic: i64,
    pub(crate) pulse: i64,
    pub(crate) alert: bool,
    /// Tenths of a degree Celsius.
    pub(crate) temperature: i64,
}

impl Observations {
    /// Observations of someone as ill as `severity`, 0 to 1.
    pub(crate) fn of(severity: f64, rng: &mut Rng) -> Self {
        let ill = (severity * severity + rng.bell(0.0, 0.05)).clamp(0.0, 1.0);
        let systolic = rng.bell(128.0, 13.0) - ill * 32.0;
        Self {
            respiration: (rng.bell(16.0, 1.6) + ill * 11.0) as i64,
            saturation: (rng.bell(97.2, 1.0) - ill * 7.0).clamp(82.0, 100.0) as i64,
            oxygen: rng.chance(ill * 0.8),
            systolic: systolic as i64,
            diastolic: (systolic * 0.58 + rng.bell(0.0, 4.0)) as i64,
            pulse: (rng.bell(76.0, 8.0) + ill * 42.0) as i64,
            alert: !rng.chance(ill * ill * 0.4),
            temperature: (rng.bell(368.0, 3.0) + ill * 14.0) as i64,
        }
    }

    /// NEWS2 on oxygen scale 1 (Royal College of Physicians, 2017).
    pub(crate) fn news2(&self) -> i64 {
        let respiration = match self.respiration {
            ..=8 | 25.. => 3,
            9..=11 => 1,
            12..=20 => 0,
            21..=24 => 2,
        };
        let saturation = match self.saturation {
            ..=91 => 3,
            92..=93 => 2,
            94..=95 => 1,
            96.. => 0,
        };
        let systolic = match self.systolic {
            ..=90 | 220.. => 3,
            91..=100 => 2,
            101..=110 => 1,
            111..=219 => 0,
        };
        let pulse = match self.pulse {
            ..=40 | 131.. => 3,
            111..=130 => 2,
            41..=50 | 91..=110 => 1,
            51..=90 => 0,
        };
        let temperature = match self.temperature {
            ..=350 => 3,
            391.. => 2,
            351..=360 | 381..=390 => 1,
            361..=380 => 0,
        };
        let oxygen = if self.oxygen { 2 } else { 0 };
        let alert = if self.alert { 0 } else { 3 };
        respiration + saturation + systolic + pulse + temperature + oxygen + alert
    }
}

impl Simulation<'_> {
    pub(super) fn observe(&mut self, hospital: usize, id: StayId) {
        let Some(stay) = self.stay_mut(hospital, id) else { return };
        let (away, ill) = (stay.on_leave || stay.gone, stay.severity > 0.6);
        if !away {
            self.tell_observations(hospital, id, self.clock);
            let drift = self.rng.bell(-0.012, 0.03);
            if let Some(stay) = self.stay_mut(hospital, id) {
                stay.severity = (stay.severity + drift).clamp(0.01, 0.98);
            }
        }
        let hours = if ill { 2 } else { 5 };
        self.soon(hours * HOUR - 30 * MINUTE, hours * HOUR + 90 * MINUTE, hospital, Task::Observe(id));
    }

    pub(super) fn order(&mut self, hospital: usize, id: StayId) {
        let Some(stay) = self.stay(hospital, id) else { return };
        if !stay.gone && !stay.on_leave {
            let Some(state) = self.hospitals.get_mut(hospital) else { return };
            state.orders += 1;
            let number = state.orders;
            self.tell_order(hospital, id, number, self.clock);
            self.soon(50 * MINUTE, 200 * MINUTE, hospital, Task::Result(id, number, 0));
        }
        self.soon(18 * HOUR, 50 * HOUR, hospital, Task::Order(id));
    }

    /// Tells results: preliminary first for a few, final, and a few again as corrected.
    pub(super) fn result(&mut self, hospital: usize, id: StayId, order: u64, told: u8) {
        if self.stay(hospital, id).is_none() {
            return;
        }
        let preliminary = told == 0 && self.rng.chance(0.04);
        let status = match (told, preliminary) {
            (0, true) => "P",
            (0 | 1, _) => "F",
            _ => "C",
        };
        self.tell_results(hospital, id, (order, status), self.clock);
        if preliminary {
            self.soon(20 * MINUTE, 90 * MINUTE, hospital, Task::Result(id, order, 1));
        } else if told < 2 && self.rng.chance(0.02) {
            self.soon(30 * MINUTE, 6 * HOUR, hospital, Task::Result(id, order, 2));
        }
    }
}

/// The panel of an order and its values: the same for every telling but the corrected one.
pub(crate) fn panel(order: u64) -> Panel {
    match order % 5 {
        0 | 1 => KIDNEY,
        2 | 3 => BLOOD_COUNT,
        _ => INFLAMMATION,
    }
}

/// The values of an order for someone as ill as `severity`.
pub(crate) fn values(seed: u64, order: u64, corrected: bool, stay: &super::Stay) -> Vec<f64> {
    let mut rng = Rng::keyed(seed, "results", order * 31 + stay.person.index);
    let (_, _, tests) = panel(order);
    let shift = (stay.severity - 0.25).max(0.0) * 0.7;
    let mut values: Vec<f64> = tests
        .iter()
        .map(|test| value(test, if test.low > 0.0 { shift } else { shift * 12.0 }, stay.person.sex, &mut rng))
        .collect();
    if let (true, Some(first)) = (corrected, values.first_mut()) {
        *first *= 1.04;
    }
    values
}

/// The moment at which a specimen was taken, before its results.
pub(crate) fn taken_at(resulted_at: Seconds) -> Seconds {
    resulted_at - 50 * MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news2_follows_the_published_chart() {
        let well = Observations {
            respiration: 16,
            saturation: 98,
            oxygen: false,
            systolic: 120,
            diastolic: 70,
            pulse: 70,
            alert: true,
            temperature: 370,
        };
        assert_eq!(well.news2(), 0);
        let ill = Observations { respiration: 25, saturation: 91, oxygen: true, systolic: 90, ..well };
        assert_eq!(ill.news2(), 11);
        let worst = Observations { pulse: 131, alert: false, temperature: 350, ..ill };
        assert_eq!(worst.news2(), 20);
        assert_eq!(Observations { pulse: 111, temperature: 391, respiration: 21, ..well }.news2(), 6);
    }
}
