//! One made-up person, computed from the seed and their place in the sequence alone, so that a population of any
//! size needs no memory and the message stream meets the same people as the records.

mod household;

pub use crate::names::Sex;
pub use household::Pattern;

use crate::calendar::Day;
use crate::names::{self, Tradition};
use crate::number;
use crate::place::{self, Address, TOWNS};
use crate::rng::Rng;
use crate::world::World;
use household::Member;

/// Who someone is.
#[derive(Clone, Debug)]
pub struct Person {
    /// Place in the sequence.
    pub index: u64,
    /// Sex at birth.
    pub sex: Sex,
    /// Day of birth.
    pub birth: Day,
    /// Day of death.
    pub death: Option<Day>,
    /// Ethnic category: code of the NHS Data Dictionary and its meaning.
    pub ethnicity: (&'static str, &'static str),
    /// Title.
    pub title: &'static str,
    /// First given name.
    pub given: &'static str,
    /// Second given name.
    pub middle: Option<&'static str>,
    /// Family name.
    pub family: &'static str,
    /// Ten digits; absent for a few (see [`crate::number`]).
    pub nhs_number: Option<String>,
    /// Home.
    pub address: Address,
    /// Landline.
    pub landline: Option<String>,
    /// Mobile telephone.
    pub mobile: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Language other than English that they need: BCP 47 code and name.
    pub language: Option<(&'static str, &'static str)>,
    /// Marital status: code of the NHS Data Dictionary and its meaning.
    pub marital: (&'static str, &'static str),
    /// Index of the practice where they are registered.
    pub practice: usize,
    /// Index of the care home they live in.
    pub care_home: Option<usize>,
    /// Index of the trust that knows them (their home trust).
    pub trust: usize,
    /// Their number at that trust.
    pub mrn: String,
    /// The FHIR id of their Patient: the one their home trust's messages lead to.
    pub patient_id: String,
    /// Whether they live with a serious mental illness.
    pub serious_mental_illness: bool,
}

/// Ethnic categories, meanings, naming tradition and share per thousand (census 2021, England, rounded).
const ETHNICITIES: &[((&str, &str, Tradition), u32)] = &[
    (("A", "White - British", Tradition::British), 735),
    (("B", "White - Irish", Tradition::British), 9),
    (("C", "White - Any other White background", Tradition::EasternEuropean), 63),
    (("D", "Mixed - White and Black Caribbean", Tradition::Caribbean), 9),
    (("E", "Mixed - White and Black African", Tradition::African), 4),
    (("F", "Mixed - White and Asian", Tradition::Indian), 8),
    (("G", "Mixed - Any other mixed background", Tradition::British), 8),
    (("H", "Asian or Asian British - Indian", Tradition::Indian), 33),
    (("J", "Asian or Asian British - Pakistani", Tradition::SouthAsianMuslim), 28),
    (("K", "Asian or Asian British - Bangladeshi", Tradition::SouthAsianMuslim), 11),
    (("L", "Asian or Asian British - Any other Asian background", Tradition::Indian), 17),
    (("M", "Black or Black British - Caribbean", Tradition::Caribbean), 11),
    (("N", "Black or Black British - African", Tradition::African), 26),
    (("P", "Black or Black British - Any other Black background", Tradition::African), 5),
    (("R", "Other Ethnic Groups - Chinese", Tradition::Chinese), 8),
    (("S", "Other Ethnic Groups - Any other ethnic group", Tradition::Arabic), 16),
    (("Z", "Not stated", Tradition::British), 9),
];

impl Person {
    pub(crate) fn new(world: &World, index: u64) -> Self {
        let seed = world.plan().seed;
        let (house, position, size) = world.pattern.seat(index);
        // Drawn per household: the same for everyone who lives there, and in the same order.
        let mut shared = Rng::keyed(seed, "household", house);
        let members = household::members(size, &mut shared);
        let (code, meaning, tradition) = shared.weighted(ETHNICITIES);
        let family = names::family(tradition, &mut shared);
        let practice = world.practices.start + shared.below(world.practices.len().max(1) as u64) as usize;
        let town = world.organisations().get(practice).map_or(0, |practice| practice.town);
        let address = place::address(TOWNS.get(town).copied().unwrap_or_default(), &mut shared);
        let landline = shared.chance(0.55).then(|| place::landline(&mut shared));

        let member = members.get(position).copied().unwrap_or_default();
        let mut own = Rng::keyed(seed, "person", index);
        let birth = world.today().plus(-((member.age * 365.25) as i32) - 1);
        let death = death(member, birth, world.today(), &mut own);
        let year = birth.date().0;
        let given = names::given(tradition, member.sex, year, &mut own);
        let middle = own.chance(0.6).then(|| names::given(tradition, member.sex, year, &mut own));
        let keeps_name = position == 0 || member.child || own.chance(0.7);
        let family = if keeps_name { family } else { names::family(tradition, &mut own) };
        let serious_mental_illness = member.age >= 18.0 && own.chance(0.011);
        let trust = if serious_mental_illness { 2 } else { town % 2 };
        let mrn = mrn(seed, index);
        let ods = world.trusts().get(trust).map_or("", |trust| trust.ods.as_str());
        let care_home = care_home(world, size, member.age, &mut own);
        let address = care_home
            .and_then(|home| world.organisations().get(home))
            .map_or(address, |home| home.address.clone());
        let teen = member.age >= 12.0;
        Self {
            index,
            sex: member.sex,
            birth,
            death,
            ethnicity: (code, meaning),
            title: title(member, size, &mut own),
            given,
            middle: middle.filter(|middle| *middle != given),
            family,
            nhs_number: nhs_number(seed, index),
            address,
            landline: landline.filter(|_| member.age >= 18.0),
            mobile: (teen && own.chance(0.9)).then(|| place::mobile(&mut own)),
            email: (teen && own.chance(if member.age > 75.0 { 0.4 } else { 0.85 }))
                .then(|| email(given, family, index)),
            language: language(code, tradition, member.age, &mut own),
            marital: marital(member, size, position),
            practice,
            care_home,
            trust,
            patient_id: fhir::identity::patient(ods, &mrn),
            mrn,
            serious_mental_illness,
        }
    }

    /// Age in whole years on a day.
    #[must_use]
    pub fn age_on(&self, day: Day) -> i32 {
        self.birth.years_until(day)
    }

    /// The last day on which something can happen to them.
    #[must_use]
    pub fn last_day(&self, today: Day) -> Day {
        self.death.unwrap_or(today)
    }
}

fn nhs_number(seed: u64, index: u64) -> Option<String> {
    if index >= number::CAPACITY {
        return None;
    }
    let offset = Rng::keyed(seed, "nhs-number", 0).below(number::CAPACITY);
    number::nhs_number((index * 524_287 + offset) % number::CAPACITY)
}

/// Seven digits. The multiplier has no factor in common with nine million, so no two people share one.
fn mrn(seed: u64, index: u64) -> String {
    let offset = Rng::keyed(seed, "mrn", 0).below(9_000_000);
    format!("{}", 1_000_000 + (index % 9_000_000 * 6_700_417 + offset) % 9_000_000)
}

/// Some of the people who had a record have died, in the five years before the world's day.
fn death(member: Member, birth: Day, today: Day, rng: &mut Rng) -> Option<Day> {
    let share = match member.age as u32 {
        0..50 => 0.002,
        50..65 => 0.012,
        65..80 => 0.045,
        _ => 0.17,
    };
    let day = today.plus(-(rng.between(2, 5 * 365) as i32));
    (rng.chance(share) && day > birth).then_some(day)
}

fn care_home(world: &World, size: usize, age: f64, rng: &mut Rng) -> Option<usize> {
    let lives_there = size == 1 && age >= 78.0 && rng.chance(0.16);
    lives_there.then(|| world.care_homes.start + rng.below(world.care_homes.len().max(1) as u64) as usize)
}

fn title(member: Member, size: usize, rng: &mut Rng) -> &'static str {
    match (member.sex, member.age < 16.0) {
        (Sex::Male, true) => "Master",
        (Sex::Male, false) => "Mr",
        (Sex::Female, true) => "Miss",
        (Sex::Female, false) if size > 1 && !member.child && rng.chance(0.6) => "Mrs",
        (Sex::Female, false) => rng.pick(&["Ms", "Miss", "Mrs"]),
    }
}

fn email(given: &str, family: &str, index: u64) -> String {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    format!("{}.{}.{index}@example.org", plain(given), plain(family))
}

fn language(
    code: &str,
    tradition: Tradition,
    age: f64,
    rng: &mut Rng,
) -> Option<(&'static str, &'static str)> {
    let share = if age > 60.0 { 0.3 } else { 0.07 };
    let (language, share) = match (tradition, code) {
        (Tradition::SouthAsianMuslim, "K") => (("bn", "Bengali"), share),
        (Tradition::SouthAsianMuslim, _) => (("ur", "Urdu"), share),
        (Tradition::Indian, "H") => (("pa", "Panjabi"), share),
        (Tradition::EasternEuropean, _) => (("pl", "Polish"), share),
        (Tradition::Arabic, _) => (("ar", "Arabic"), share),
        (Tradition::Chinese, _) => (("zh", "Chinese"), share),
        _ => (("bfi", "British Sign Language"), 0.001),
    };
    rng.chance(share).then_some(language)
}

fn marital(member: Member, size: usize, position: usize) -> (&'static str, &'static str) {
    match (member.child || member.age < 18.0, size, member.age) {
        (true, _, _) => ("S", "Single"),
        (false, 1, age) if age >= 70.0 => ("W", "Widowed/Surviving Civil Partner"),
        (false, 1, age) if age >= 45.0 => ("D", "Divorced/Person whose Civil Partnership has been dissolved"),
        (false, 1, _) => ("S", "Single"),
        _ if position < 2 && member.age >= 27.0 => ("M", "Married/Civil Partner"),
        _ => ("S", "Single"),
    }
}
